"""The pages of these tests read the database built for the test run, never the one in data/."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module", autouse=True)
def published(database: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.versions.BUILD", database.parent)
        patch.setattr("etl.versions.POINTER", database.parent / "current.json")
        patch.setattr("etl.users.USERS", database.parent / "users.toml")
        patch.setattr("etl.audit.AUDIT", database.parent / "audit.jsonl")
        patch.setattr("etl.meetings.MEETINGS", database.parent / "meetings.csv")
        yield
