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

import etl.fetch
import etl.geography
import etl.layer_import
import etl.national_import
import etl.review
import etl.section_import  # noqa: F401  (patched by use_data)
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
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("build", "sources", "inbox", "readings", "users.toml*", "audit.jsonl*",
                                                              "meetings.csv"))
    with pytest.MonkeyPatch.context() as patch:
        use_data(patch, data)
        return refresh().file


@pytest.fixture
def data(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own copy of the data with a published version; everything in the test happens there."""
    folder = tmp_path / "data"
    shutil.copytree(database.parent.parent, folder)
    use_data(monkeypatch, folder)
    return folder


@pytest.fixture(scope="module")
def published(database: Path) -> Iterator[None]:
    """Pages and commands read the database built for the test run, never the one in data/."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.versions.BUILD", database.parent)
        patch.setattr("etl.versions.POINTER", database.parent / "current.json")
        patch.setattr("etl.users.USERS", database.parent / "users.toml")
        patch.setattr("etl.audit.AUDIT", database.parent / "audit.jsonl")
        patch.setattr("etl.meetings.MEETINGS", database.parent / "meetings.csv")
        yield


@pytest.fixture(scope="module")
def nothing_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No meeting and no extract to compare with, whatever the machine has."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("nothing")
        patch.setattr("etl.versions.BUILD", folder)
        patch.setattr("etl.meetings.MEETINGS", folder / "meetings.csv")
        yield


def use_data(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let everything happen in `folder` instead of data/."""
    patch.setattr("etl.refresh.PACKAGE", folder / "datapackage.json")
    patch.setattr("etl.refresh.READINGS", folder / "readings")
    patch.setattr("etl.national_import.READINGS", folder / "readings")
    patch.setattr("etl.fetch.INBOX", folder / "inbox")
    patch.setattr("etl.section_import.OFFICE_SECTIONS", folder / "register" / "office_sections.csv")
    for module in ("layers", "geography", "layer_import", "status"):
        patch.setattr(f"etl.{module}.LAYERS", folder / "layers")
    patch.setattr("etl.ledger.ENTRIES", folder / "observations" / "entries")
    patch.setattr("etl.review.PACKAGE", folder / "datapackage.json")
    patch.setattr("etl.users.USERS", folder / "users.toml")
    patch.setattr("etl.audit.AUDIT", folder / "audit.jsonl")
    patch.setattr("etl.meetings.MEETINGS", folder / "meetings.csv")
    patch.setattr("etl.versions.BUILD", folder / "build")
    patch.setattr("etl.versions.POINTER", folder / "build" / "current.json")


@pytest.fixture(scope="session")
def connection(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_read_only(database) as opened:
        yield opened
