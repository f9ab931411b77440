"""Imports an office's list of sections against the published version and publishes the next one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from etl.paths import OFFICE_SECTIONS
from etl.refresh import Progress, build_if_missing, publish_after
from etl.section_list import ImportedSections, Register, import_section_list
from etl.versions import current_file, open_read_only


def import_and_publish(path: Path, coordinate_system: str | None, progress: Progress) -> ImportedSections:
    """All lines of the list or none; the very same file again publishes nothing.

    Raises DataProblems for whatever is wrong or has to be asked, versions.RefreshBusy.
    """
    if current_file() is None:
        build_if_missing(None, progress)
    done: list[ImportedSections] = []

    def change() -> Callable[[], None] | None:
        with contextlib.closing(open_read_only(current_file())) as connection:
            register = read_register(connection)
        done.append(import_section_list(path, register, coordinate_system, date.today(), OFFICE_SECTIONS))
        return done[0].take_back

    publish_after(change, progress)
    return done[0]


def read_register(connection: duckdb.DuckDBPyConnection) -> Register:
    """What the version knows of sections (points only, no reaches or networks) and regions."""
    return Register(
        connection.execute("""
            SELECT section_id, name, aliases, national_names, region_id, county_id, river, origin FROM sections
            WHERE site_kind NOT IN ('reach', 'river_network')""").df(),
        connection.execute("SELECT region_id, name, level, parent_id FROM regions").df(),
        {region for (region,) in connection.execute("SELECT region_id FROM documents").fetchall()})

