"""Where the product's files are. The only module that knows the folder tree."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("QINGLIU_DATA", ROOT / "data")).resolve()
PACKAGE = DATA / "datapackage.json"
JUDGEMENT_CONFIG = DATA / "standards" / "judgement.toml"
WATER_QUALITY_CONFIG = DATA / "standards" / "water_quality.toml"
SETTINGS = DATA / "settings.toml"
USERS = DATA / "users.toml"
AUDIT = DATA / "audit.jsonl"
MEETINGS = DATA / "meetings.csv"
GEO_LAYERS = ROOT / "geo" / "layers"
LAYERS = DATA / "layers"
READINGS = DATA / "readings"
INBOX = DATA / "inbox"
ENTRIES = DATA / "observations" / "entries"
OFFICE_SECTIONS = DATA / "register" / "office_sections.csv"
SOURCES = DATA / "sources"
BUILD = DATA / "build"
POINTER = BUILD / "current.json"
CODE = Path(__file__).resolve().parent
SCHEMA = CODE / "schema.sql"
CONSTRAINTS = CODE / "checks" / "constraints"
FINDINGS = CODE / "checks" / "findings"
