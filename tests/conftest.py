"""What several test files share: the data as read, and a database built from them. No test writes into data/."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import settings

from etl.readers.tables import read_package
from etl.refresh import refresh
from etl.versions import open_read_only

settings.register_profile("ci", derandomize=True)  # the same examples every time, so that a failure is the change's
if os.environ.get("CI") == "true":
    settings.load_profile("ci")

DATA = Path(__file__).resolve().parent.parent / "data"


@pytest.fixture(scope="session")
def package() -> tuple[dict, dict[str, pd.DataFrame]]:
    """The data package and its tables as text; copy a table before changing it."""
    return read_package(DATA / "datapackage.json")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly built database file, beside a copy of the data it was built from."""
    data = tmp_path_factory.mktemp("built") / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("build", "sources", "inbox"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.refresh.PACKAGE", data / "datapackage.json")
        patch.setattr("etl.versions.BUILD", data / "build")
        patch.setattr("etl.versions.POINTER", data / "build" / "current.json")
        return refresh().file


@pytest.fixture(scope="session")
def connection(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_read_only(database) as opened:
        yield opened
