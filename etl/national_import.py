"""Takes files of the national table in: read, understand, store as readings, publish, report. All files or none.

What is stored is one Parquet file per imported file, with its name, SHA-256 and times in the file's own metadata; the
database is made from these. The same file (same SHA-256) is never stored twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Thread

import duckdb

from etl.paths import READINGS
from etl.problems import DataProblems, Problem
from etl.readers.national_table import PARAMETERS, Carrier, read_cells
from etl.readers.national_values import understand
from etl.refresh import Progress, Refreshed, publish_after, readings_are_published

KEPT = ["row", "province", "basin", "name", "city", "river", "sampled_at", "published_class", "station_status",
        *(f"{parameter}{suffix}" for parameter in PARAMETERS.values() for suffix in ("", "_raw", "_flag"))]


@dataclass(frozen=True)
class Understood:
    """One file, read. `connection` holds its `typed` rows; `stored` is where its readings go."""

    carrier: Carrier
    connection: duckdb.DuckDBPyConnection
    file_rows: int
    kept_rows: int
    stored: Path
    url: str


@dataclass(frozen=True)
class Imported:
    """What became of the files: `new` ones were published with `refreshed`; the others hold nothing new."""

    new: list[Understood]
    known: list[str]
    empty: list[str]
    refreshed: Refreshed | None


def import_national_tables(paths: Sequence[Path], fetched_at: datetime | None = None, url: str = "",
                           progress: Progress = lambda step, number, total: None) -> Imported:
    """Import files of the national table. `fetched_at` (UTC+8) overrides what the files say; `url`: where it was fetched.

    Raises DataProblems when any file is damaged or not this table, versions.RefreshBusy when another writer is at work;
    then nothing has changed.
    """
    Thread(target=import_module, args=("etl.readings",), daemon=True).start()  # pandas takes half a second; the files are read meanwhile
    problems: list[Problem] = []
    new: list[Understood] = []
    known, empty = [], []
    memory = duckdb.connect()
    for path in paths:
        try:
            one = _read(memory.cursor(), path, fetched_at, url)  # temporary tables are the cursor's own
        except DataProblems as failure:
            problems += failure.problems
            continue
        if one.stored.exists() or any(one.stored == other.stored for other in new):
            known.append(path.name)
        elif one.kept_rows == 0:
            empty.append(path.name)
        else:
            new.append(one)
    if problems:
        raise DataProblems(problems)
    refreshed = None
    if new or (known and not readings_are_published()):  # known, yet a killed import never published them
        refreshed = publish_after(lambda: _store_all(new), progress, may_reuse_register=True)
    return Imported(new, known, empty, refreshed)


def _read(connection: duckdb.DuckDBPyConnection, path: Path, fetched_at: datetime | None, url: str) -> Understood:
    carrier = read_cells(connection, path, fetched_at)
    understand(connection, carrier)
    file_rows, kept_rows = connection.execute(
        "SELECT count(*), count(*) FILTER (sampled_at IS NOT NULL AND name IS NOT NULL AND province IS NOT NULL) FROM typed").fetchone()
    return Understood(carrier, connection, file_rows, kept_rows, READINGS / f"{carrier.sha256[:16]}.parquet", url)


def _store_all(new: list[Understood]) -> Callable[[], None]:
    """Store every file, or none; the function that takes them back."""
    stored: list[Path] = []

    def take_back() -> None:
        for file in stored:
            file.unlink(missing_ok=True)

    try:
        for one in new:
            if not one.stored.exists():  # another window may have been quicker; its file is not ours to take back
                stored.append(_store(one))
    except BaseException:
        take_back()
        raise
    return take_back


def _store(one: Understood) -> Path:
    """Write the readings beside their final name first: a killed import leaves nothing that a refresh would read."""
    READINGS.mkdir(parents=True, exist_ok=True)
    carrier = one.carrier
    unfinished = one.stored.with_suffix(".unfinished")
    metadata = {
        "file_name": carrier.file_name, "sha256": carrier.sha256, "carrier": carrier.kind,
        "fetched_at": carrier.fetched_at.isoformat(), "fetched_basis": carrier.fetched_basis,
        "imported_at": datetime.now(UTC).replace(tzinfo=None).isoformat(),
        "stated_rows": "" if carrier.stated_rows is None else str(carrier.stated_rows),
        "file_rows": str(one.file_rows), "dropped_rows": str(one.file_rows - one.kept_rows), "url": one.url}
    keys = ", ".join(f"{key}: ${key}" for key in metadata)
    try:
        one.connection.execute(f"""
            COPY (SELECT {', '.join(KEPT)} FROM typed
                  WHERE sampled_at IS NOT NULL AND name IS NOT NULL AND province IS NOT NULL ORDER BY row)
            TO $target (FORMAT parquet, KV_METADATA {{{keys}}})""", {"target": str(unfinished), **metadata})
        os.replace(unfinished, one.stored)
    finally:
        unfinished.unlink(missing_ok=True)
    return one.stored

