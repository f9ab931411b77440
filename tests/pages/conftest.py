"""Every test of pages reads the database built for the test run."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def published(published: None) -> None:
    """Without being asked for."""
