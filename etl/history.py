"""A small extract of every published version, kept after the version itself is gone: what two moments are compared by.

`data/build/history/<version>.parquet`, one table of several parts (column `part`): version target figure issue import count.
`dashboard/change_queries.py` compares them. Old extracts are thinned out: all of the last 30 days, then the last of each day,
and always the one a marked meeting goes by.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from etl import versions
from etl.meetings import meetings

logger = logging.getLogger(__name__)

KEEP_ALL_DAYS = 30
STAMP = "%Y%m%dT%H%M%S%f"
STAMP_LENGTH = 21

COUNTED = ("documents", "indicators", "targets", "observations", "sources", "measures", "projects", "responsibilities", "sections",
           "section_classes", "imports", "readings", "document_issues")
"""Tables whose rows are counted."""

COLUMNS = """
    part VARCHAR, key VARCHAR, region VARCHAR, theme VARCHAR, indicator VARCHAR, name VARCHAR, scope VARCHAR, status VARCHAR,
    built_at TIMESTAMP, day DATE, rules_version VARCHAR,
    deadline DATE, judged_by VARCHAR, rests_on VARCHAR, has_earlier BOOLEAN, terms VARCHAR,
    later STRUCT(valid_from DATE, status VARCHAR)[],
    subject VARCHAR, comparator VARCHAR, value DOUBLE, value_text VARCHAR, unit VARCHAR, period_text VARCHAR, period_end DATE,
    superseded_by VARCHAR, clause VARCHAR, source_id VARCHAR, source_kind VARCHAR, title VARCHAR, publisher VARCHAR,
    published_on DATE, url VARCHAR,
    severity VARCHAR, kind VARCHAR, rows BIGINT, sections BIGINT, fetched_at TIMESTAMP"""
"""Of all parts; a column an older extract lacks is empty, so more may be added."""

EXTRACT = """
    SELECT 'version' AS part, version AS key, built_at, CAST($day AS DATE) AS day, rules_version
    FROM (FROM loads ORDER BY built_at DESC LIMIT 1)
    UNION ALL BY NAME
    SELECT 'target' AS part, a.target_id AS key, r.name AS region, i.theme, i.name AS indicator, a.name_in_plan AS name,
           a.scope, a.deadline, a.status, a.observation_id AS judged_by,
           coalesce(a.observation_id, a.latest_observation_id, a.earlier_observation_id) AS rests_on,
           a.earlier_observation_id IS NOT NULL AS has_earlier, a.comparator,
           concat_ws(' ', nullif(a.comparator, 'text'), CASE WHEN a.comparator <> 'class_at_least' THEN figure_text(a.target_value) END,
                     figure_text(a.target_value_high), a.target_text, a.unit, a.deadline) AS terms,
           -- what it will be on later days if nothing is added: tells a passed deadline from new figures
           (SELECT list({'valid_from': j.valid_from, 'status': j.status} ORDER BY j.valid_from)
            FROM judgements j WHERE j.target_id = a.target_id AND j.valid_to >= CAST($day AS DATE)) AS later
    FROM attainment(CAST($day AS DATE)) a JOIN regions r USING (region_id) JOIN indicators i USING (indicator_id)
    WHERE a.duplicate_of IS NULL
    UNION ALL BY NAME
    SELECT 'figure' AS part, o.observation_id AS key, r.name AS region, i.theme, i.name AS indicator, o.scope, o.status,
           concat_ws('|', o.indicator_id, o.region_id, o.scope, o.period_start, o.period_end) AS subject,
           o.comparator, o.value, o.value_text, o.unit, o.period_text, o.period_end,
           o.superseded_by,
           o.clause, s.source_id, s.kind AS source_kind, s.title, s.publisher, s.published_on, s.url
    FROM observations o JOIN regions r USING (region_id) JOIN indicators i USING (indicator_id) JOIN sources s USING (source_id)
    UNION ALL BY NAME
    SELECT 'issue' AS part, issue_id AS key, severity, kind, description AS name,
           (SELECT string_agg(DISTINCT r.name, '、' ORDER BY r.name)
            FROM document_issue_passages p LEFT JOIN documents d USING (document_id) LEFT JOIN observations o USING (observation_id)
            JOIN regions r ON r.region_id = coalesce(d.region_id, o.region_id) WHERE p.issue_id = i.issue_id) AS region
    FROM document_issues i WHERE same_as_issue_id IS NULL
    UNION ALL BY NAME
    SELECT 'import' AS part, source_id AS key, 'readings' AS kind, file_name AS name, kept_rows AS rows, sections, fetched_at
    FROM imports LEFT JOIN (SELECT source_id, count(DISTINCT section_id) AS sections FROM readings GROUP BY source_id) USING (source_id)
    UNION ALL BY NAME
    SELECT 'import' AS part, 'office-' || file_sha256[:12] AS key, 'sections' AS kind, any_value(file_name) AS name, count(*) AS rows,
           count(DISTINCT section_id) AS sections, max(imported_at) AS fetched_at
    FROM office_sections GROUP BY file_sha256
""" + "".join(f"    UNION ALL BY NAME SELECT 'count' AS part, '{table}' AS key, count(*) AS rows FROM {table}\n" for table in COUNTED)
"""What is compared, as a database stands on `$day`: statuses, figures, document issues, imports, and rows per table."""


@dataclass(frozen=True)
class Kept:
    """The extract of a version; `built_at` is an aware time."""

    version: str
    built_at: datetime
    file: Path


def keep_extract(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Write the extract of the version about to be published; without one the version is published all the same."""
    file = extract_file(version)
    building = file.with_suffix(".building")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        make_extract(connection, "extract", date.today())
        connection.table("extract").write_parquet(str(building), compression="zstd")
        os.replace(building, file)
    except (OSError, duckdb.Error) as error:
        logger.warning("版本 %s 没有留下摘要，以后不能与它比较（%s）", version, error)
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.extract")
        with contextlib.suppress(OSError):
            building.unlink(missing_ok=True)


def make_extract(connection: duckdb.DuckDBPyConnection, name: str, day: date) -> None:
    """The extract of the open database on a day, as temporary table `name`."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS})")
    connection.execute(f"INSERT INTO {name} BY NAME {EXTRACT}", {"day": day})


def open_extract(connection: duckdb.DuckDBPyConnection, name: str, file: str) -> None:
    """A kept extract as temporary table `name`; raises duckdb.Error when it cannot be read."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS})")
    connection.execute(f"INSERT INTO {name} BY NAME FROM read_parquet($file)", {"file": file})


def extract_file(version: str) -> Path:
    return versions.BUILD / "history" / f"{version}.parquet"


def kept_extracts() -> list[Kept]:
    """All extracts, newest first, unopened; files that are not named like one are passed over."""
    found = []
    for file in (versions.BUILD / "history").glob("*.parquet"):
        with contextlib.suppress(ValueError):
            found.append(Kept(file.stem, built_at(file.stem), file))
    return sorted(found, key=lambda kept: kept.version, reverse=True)


def built_at(version: str) -> datetime:
    """The time in the name of a version. Raises ValueError when it is no such name."""
    return datetime.strptime(version[:STAMP_LENGTH], STAMP).replace(tzinfo=UTC)


def thin_out() -> None:
    """Remove the extracts that are no longer needed; one that is held open is left for the next time."""
    for kept in superfluous(kept_extracts(), [meeting.moment for meeting in meetings()], date.today()):
        with contextlib.suppress(OSError):
            kept.file.unlink()


def superfluous(extracts: Iterable[Kept], moments: Iterable[datetime], today: date) -> list[Kept]:
    """Older than 30 days, not the last of their day, and not what a meeting at one of `moments` goes by."""
    newest_first = sorted(extracts, key=lambda kept: kept.version, reverse=True)
    needed = {next((kept for kept in newest_first if kept.built_at <= moment), None) for moment in moments}
    days: set[date] = set()
    gone = []
    for kept in newest_first:
        day = kept.built_at.astimezone().date()
        if day in days and today - day > timedelta(days=KEEP_ALL_DAYS) and kept not in needed:
            gone.append(kept)
        days.add(day)
    return gone
