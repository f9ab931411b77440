"""read → check → assess → load → publish.

A new database file is built beside the old ones; only when everything holds does the pointer move to it. Readers
keep the file they have open. Whatever goes wrong before the pointer moves leaves the version in use untouched.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from etl.assess import find_document_issues, judgements
from etl.checks.schema import check_tables
from etl.checks.sql import check_constraints
from etl.load import create_tables, fill_register, insert_frame, record_changes, stage
from etl.paths import CONSTRAINTS, FINDINGS, JUDGEMENT_CONFIG, PACKAGE, RULES, SCHEMA
from etl.problems import DataProblems, Problem
from etl.readers.tables import read_package, resource_paths
from etl.rules.model import Rules, load_rules
from etl.versions import current_file, database_file, drop_old_versions, one_writer, publish

STEPS = ("读取", "检查", "评判", "装载", "发布")


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


def build_if_missing(unusable: Path | None, progress: Progress, wait_seconds: float = 30) -> None:
    """Build when there is no database, or only the `unusable` one; if another process was quicker, use its work."""
    with one_writer(wait_seconds):
        if current_file() in (None, unusable):
            _build_and_publish(progress)


def _build_and_publish(progress: Progress) -> Refreshed:
    began = time.perf_counter()
    progress(STEPS[0], 1, len(STEPS))
    descriptor, strings = read_package(PACKAGE)
    data_sha256 = _fingerprint(descriptor)
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{data_sha256[:8]}"
    file = database_file(version)
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
            rules = _rules_or_problem()
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
    drop_old_versions(keep=file)
    return Refreshed(version, file, time.perf_counter() - began, targets, observations, changes)


def _rules_or_problem() -> Rules:
    try:
        return load_rules(JUDGEMENT_CONFIG)
    except (ValueError, KeyError, TypeError) as error:
        raise DataProblems([Problem(JUDGEMENT_CONFIG.name, f"判定口径读不懂（{error}）",
                                    "对照版本库中的 data/standards/judgement.toml 改正")]) from None


def _fingerprint(descriptor: dict) -> str:
    """SHA-256 over everything that decides the content of the database."""
    digest = hashlib.sha256()
    data = [PACKAGE.parent / path for r in descriptor["resources"] for path in resource_paths(r)]
    code = [SCHEMA, *CONSTRAINTS.glob("*.sql"), *FINDINGS.glob("*.sql"), *RULES.glob("*.py")]
    for path in [PACKAGE, JUDGEMENT_CONFIG, *sorted(data), *sorted(code)]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
