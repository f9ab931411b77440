"""Where the product's files are. The only module that knows the folder tree."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("QINGLIU_DATA", ROOT / "data")).resolve()
PACKAGE = DATA / "datapackage.json"
JUDGEMENT_CONFIG = DATA / "standards" / "judgement.toml"
SOURCES = DATA / "sources"
BUILD = DATA / "build"
POINTER = BUILD / "current.json"
SCHEMA = Path(__file__).resolve().parent / "schema.sql"
CONSTRAINTS = Path(__file__).resolve().parent / "checks" / "constraints"
RULES = Path(__file__).resolve().parent / "rules"
FINDINGS = Path(__file__).resolve().parent / "checks" / "findings"
