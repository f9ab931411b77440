"""read → check → assess → load → readings → publish.

The register part (everything that people curate) is built into a file of its own, `register-<fingerprint>.duckdb`; a
version is a copy of it plus the imported readings. An import of readings therefore need not check the register again.
Only when everything holds does the pointer move to the new version. Readers keep the file they have open. Whatever goes
wrong before the pointer moves leaves the version in use untouched.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from etl.history import extract_file, keep_extract, thin_out
from etl.layers import layer_files
from etl.ledger import into_register, is_published
from etl.paths import CODE, JUDGEMENT_CONFIG, PACKAGE, READINGS, WATER_QUALITY_CONFIG
from etl.problems import DataProblems, Problem
from etl.versions import (
    RefreshBusy,
    current_file,
    database_file,
    drop_old_versions,
    one_writer,
    open_read_only,
    publish,
    register_file,
    schema_sha256,
)

if TYPE_CHECKING:
    from etl.rules.model import Rules

STEPS = ("读取", "检查", "评判", "装载", "读数", "发布")


@dataclass(frozen=True)
class Refreshed:
    """What a successful refresh made."""

    version: str
    file: Path
    seconds: float
    targets: int
    observations: int
    changes: int


Progress = Callable[[str, int, int], None]
"""Called as each step begins, with its name, number and the number of steps."""


def refresh(progress: Progress = lambda step, number, total: None, wait_seconds: float = 30) -> Refreshed:
    """Build and publish a version from the files in `data/`.

    Raises DataProblems when a check fails and versions.RefreshBusy when another refresh holds the lock for longer than
    `wait_seconds`.
    """
    with one_writer(wait_seconds):
        return _build_and_publish(progress)


def publish_after(change: Callable[[], Callable[[], None] | None], progress: Progress = lambda step, number, total: None,
                  may_reuse_register: bool = False, wait_seconds: float = 30) -> Refreshed | None:
    """Make a `change` to the files in `data/` and publish a version with it; all or nothing.

    `change` returns the function that takes it back, called when the version cannot be built, or None when there was
    nothing to change: then nothing is published. With `may_reuse_register` the register part is built anew only if it
    changed. Raises as `refresh`, and whatever `change` raises.
    """
    with one_writer(wait_seconds):
        take_back = change()
        if take_back is None:
            return None
        try:
            return _build_and_publish(progress, may_reuse_register)
        except BaseException:
            take_back()
            raise


def readings_are_published() -> bool:
    """Whether the current version holds the reading files as they are."""
    file = current_file()
    if file is None:
        return False
    with contextlib.closing(open_read_only(file)) as connection:
        published = connection.execute("SELECT readings_sha256 FROM loads ORDER BY built_at DESC LIMIT 1").fetchone()
    return published == (_fingerprint(_reading_files()),)


def build_if_missing(unusable: Path | None, progress: Progress, wait_seconds: float = 30) -> None:
    """Build when there is no database, or only the `unusable` one; if another process was quicker, use its work."""
    with one_writer(wait_seconds):
        if current_file() in (None, unusable):
            _build_and_publish(progress)


def finish_interrupted(progress: Progress = lambda step, number, total: None) -> bool:
    """Publish what a killed writer had confirmed but not published; whether there was such a thing.

    While somebody is writing there is nothing to do: they will publish it themselves.
    """
    try:
        with one_writer(wait_seconds=0):
            file = current_file()
            if file is None:
                return False
            with contextlib.closing(open_read_only(file)) as connection:
                if is_published(connection):
                    return False
            _build_and_publish(progress)
            return True
    except RefreshBusy:
        return False


@contextlib.contextmanager
def _disk_failures() -> Iterator[None]:
    """What DuckDB says of a disk that is full or cannot be written, as the OSError it is."""
    try:
        yield
    except duckdb.IOException as failure:
        reason = errno.ENOSPC if "No space left" in str(failure) else errno.EIO
        raise OSError(reason, f"数据库写不进去（{failure}）") from failure


@_disk_failures()
def _build_and_publish(progress: Progress, may_reuse_register: bool = False) -> Refreshed:
    began = time.perf_counter()
    data_sha256 = _fingerprint(_register_files())
    register = register_file(data_sha256)
    if not (may_reuse_register and _is_usable(register)):
        _build_register(register, data_sha256, progress)
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{data_sha256[:8]}"
    file = database_file(version)
    building = file.with_suffix(".building")
    try:
        from etl.load import record_changes

        progress(STEPS[4], 5, len(STEPS))
        shutil.copyfile(register, building)
        files = _reading_files()
        with contextlib.closing(duckdb.connect(building)) as connection:
            if files:
                _load_readings(connection, files)
            targets, observations = connection.execute(
                "SELECT (SELECT count(*) FROM targets), (SELECT count(*) FROM observations)").fetchone()
            connection.execute("""
                UPDATE loads SET version = ?, built_at = ?, seconds = ?, readings_sha256 = ?""", [
                version, datetime.now(UTC).replace(tzinfo=None), round(time.perf_counter() - began, 3), _fingerprint(files)])
            changes = record_changes(connection, current_file(), version)
            progress(STEPS[5], 6, len(STEPS))
            keep_extract(connection, version)
            connection.execute("CHECKPOINT")  # closing would keep silent about a full disk
        os.replace(building, file)
        publish(version, file)
    except BaseException:
        with contextlib.suppress(OSError):
            extract_file(version).unlink()  # what was never published is no moment to compare with
        raise
    finally:
        building.unlink(missing_ok=True)
        building.with_suffix(".building.wal").unlink(missing_ok=True)
    drop_old_versions(keep=[file, register])
    thin_out()
    return Refreshed(version, file, time.perf_counter() - began, targets, observations, changes)


def _build_register(register: Path, data_sha256: str, progress: Progress) -> None:
    """Everything except readings, into `register`. Raises DataProblems; the file appears only when all checks pass."""
    # the checks are heavy to import, and an import of readings can do without them
    from etl.assess import find_document_issues, judgements
    from etl.checks.schema import check_tables
    from etl.checks.sql import check_constraints
    from etl.corrections import corrected
    from etl.geography import load_layers, read_layers
    from etl.load import create_tables, fill_register, insert_frame, stage
    from etl.readers.tables import read_package

    progress(STEPS[0], 1, len(STEPS))
    descriptor, strings = read_package(PACKAGE)
    strings = into_register(corrected(strings, descriptor))
    building = register.with_suffix(".building")
    try:
        with contextlib.closing(duckdb.connect(building)) as connection:
            progress(STEPS[1], 2, len(STEPS))
            typed, problems = check_tables(descriptor, strings)
            if not problems:
                stage(connection, typed)
                problems = check_constraints(connection)
            if problems:
                raise DataProblems(problems)
            progress(STEPS[2], 3, len(STEPS))
            rules = _rules_or_problem()
            judged = judgements(strings, rules)
            progress(STEPS[3], 4, len(STEPS))
            create_tables(connection, descriptor)
            fill_register(connection, strings)
            load_layers(connection, read_layers())
            insert_frame(connection, "judgements", judged)
            issues, passages = find_document_issues(connection)
            insert_frame(connection, "document_issues", issues)
            insert_frame(connection, "document_issue_passages", passages)
            connection.execute("INSERT INTO loads VALUES ('register', ?, ?, ?, ?, ?, 0, '', ?)", [
                datetime.now(UTC).replace(tzinfo=None), data_sha256, rules.version, len(strings["targets"]),
                len(strings["observations"]), schema_sha256()])
            connection.execute("CHECKPOINT")
        os.replace(building, register)
    finally:
        building.unlink(missing_ok=True)
        building.with_suffix(".building.wal").unlink(missing_ok=True)


def _load_readings(connection: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    from etl.readings import load_readings
    from etl.rules.water_quality import Standard, load_water_rules

    standard = Standard.from_frames(connection.table("parameters").df(), connection.table("class_limits").df())
    load_readings(connection, files, standard, load_water_rules(WATER_QUALITY_CONFIG))


def _is_usable(register: Path) -> bool:
    """Whether the register part of a former refresh is there and opens."""
    if not register.is_file():
        return False
    try:
        with contextlib.closing(duckdb.connect(register, read_only=True)) as connection:
            connection.execute("SELECT version FROM loads").fetchone()
    except duckdb.Error:
        return False
    return True


def _rules_or_problem() -> Rules:
    from etl.rules.model import load_rules

    try:
        return load_rules(JUDGEMENT_CONFIG)
    except (ValueError, KeyError, TypeError) as error:
        raise DataProblems([Problem(JUDGEMENT_CONFIG.name, f"判定口径读不懂（{error}）",
                                    "对照版本库中的 data/standards/judgement.toml 改正")]) from None


def _register_files() -> list[Path]:
    """Everything that decides the register part: tables, standards and the code that reads and judges them."""
    data = PACKAGE.parent
    tables = [file for folder in ("register", "observations", "observations/entries", "standards")
              for file in sorted((data / folder).glob("*.*"))]
    code = [*sorted(CODE.rglob("*.py")), *sorted(CODE.rglob("*.sql"))]
    return [PACKAGE, data / "corrections.csv", *tables, *layer_files().values(), *code]


def _reading_files() -> list[Path]:
    return sorted(READINGS.glob("*.parquet"))


def _fingerprint(files: list[Path]) -> str:
    """SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode())
        with contextlib.suppress(OSError):  # a missing file is the reader's to complain about
            digest.update(path.read_bytes())
    return digest.hexdigest()
