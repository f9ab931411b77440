"""read → check → assess → load → publish.

A new database file is built beside the old ones; only when everything holds does the pointer move to it. Readers
keep the file they have open. Whatever goes wrong before the pointer moves leaves the version in use untouched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from etl.assess import find_document_issues, judgements
from etl.checks.schema import check_tables
from etl.checks.sql import check_constraints
from etl.load import create_tables, fill_register, insert_frame, record_changes, stage
from etl.paths import BUILD, CONSTRAINTS, FINDINGS, JUDGEMENT_CONFIG, PACKAGE, POINTER, SCHEMA
from etl.problems import DataProblems
from etl.readers.tables import read_package, resource_paths
from etl.rules.model import load_rules

logger = logging.getLogger(__name__)

KEEP_VERSIONS = 5
STEPS = ("读取", "检查", "评判", "装载", "发布")


class RefreshBusy(Exception):
    """Another process is building; nothing was done."""


@dataclass(frozen=True)
class Refreshed:
    """What a successful refresh made."""

    version: str
    file: Path
    seconds: float
    targets: int
    observations: int
    changes: int


def refresh(progress: Callable[[str, int, int], None] = lambda step, number, total: None,
            wait_seconds: float = 30) -> Refreshed:
    """Build and publish a version from the files in `data/`.

    `progress(step, number, total)` is called as each step begins. Raises DataProblems when a check fails and
    RefreshBusy when another refresh holds the lock for longer than `wait_seconds`.
    """
    began = time.perf_counter()
    BUILD.mkdir(parents=True, exist_ok=True)
    with _one_writer(wait_seconds):
        progress(STEPS[0], 1, len(STEPS))
        descriptor, strings = read_package(PACKAGE)
        data_sha256 = _fingerprint(descriptor)
        version = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{data_sha256[:8]}"
        file = BUILD / f"qingliu-{version}.duckdb"
        building = file.with_suffix(".building")
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
                rules = load_rules(JUDGEMENT_CONFIG)
                judged = judgements(strings, rules)
                progress(STEPS[3], 4, len(STEPS))
                create_tables(connection, descriptor)
                fill_register(connection, strings)
                insert_frame(connection, "judgements", judged)
                issues, passages = find_document_issues(connection)
                insert_frame(connection, "document_issues", issues)
                insert_frame(connection, "document_issue_passages", passages)
                targets, observations = len(strings["targets"]), len(strings["observations"])
                connection.execute("INSERT INTO loads VALUES (?, ?, ?, ?, ?, ?, ?)", [
                    version, datetime.now(UTC).replace(tzinfo=None), data_sha256, rules.version, targets,
                    observations, round(time.perf_counter() - began, 3)])
                changes = record_changes(connection, current_file(), version)
            progress(STEPS[4], 5, len(STEPS))
            os.replace(building, file)
            publish(version, file)
        finally:
            building.unlink(missing_ok=True)
            building.with_suffix(".building.wal").unlink(missing_ok=True)
        _drop_old_versions(keep=file)
    return Refreshed(version, file, time.perf_counter() - began, targets, observations, changes)


def current_file() -> Path | None:
    """The published database file, or None while there is no usable one."""
    try:
        name = json.loads(POINTER.read_text(encoding="utf-8"))["file"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    file = BUILD / Path(str(name)).name
    return file if file.is_file() else None


def publish(version: str, file: Path) -> None:
    """Replace the pointer in one step; Windows may need a moment while a reader looks at it."""
    fresh = POINTER.with_suffix(".new")
    fresh.write_text(json.dumps({"version": version, "file": file.name}), encoding="utf-8")
    for attempt in range(20):
        try:
            os.replace(fresh, POINTER)
            return
        except PermissionError:
            if attempt == 19:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def _one_writer(wait_seconds: float) -> Iterator[None]:
    try:
        with FileLock(BUILD / "refresh.lock", timeout=wait_seconds):
            yield
    except Timeout:
        raise RefreshBusy("另一个窗口正在更新数据，请稍后再试") from None


def _fingerprint(descriptor: dict) -> str:
    """SHA-256 over everything that decides the content of the database."""
    digest = hashlib.sha256()
    data = [PACKAGE.parent / path for r in descriptor["resources"] for path in resource_paths(r)]
    code = [SCHEMA, *CONSTRAINTS.glob("*.sql"), *FINDINGS.glob("*.sql")]
    for path in [PACKAGE, JUDGEMENT_CONFIG, *sorted(data), *sorted(code)]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _drop_old_versions(keep: Path) -> None:
    """Keep the newest five; a file that a reader on Windows still holds is left for next time."""
    for old in sorted(BUILD.glob("qingliu-*.duckdb"), reverse=True)[KEEP_VERSIONS:]:
        if old == keep:
            continue
        try:
            old.unlink()
        except OSError as error:
            logger.info("旧版本 %s 仍被占用，下次再清理（%s）", old.name, error)
