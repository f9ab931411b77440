"""Puts typed frames into a new database file and compares it with the version before."""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb
import pandas as pd

from etl.ledger import superseded
from etl.paths import SCHEMA
from etl.rules.numbers import decimals_of

logger = logging.getLogger(__name__)

NOT_IN_DATABASE = {"units", "corrections"}
"""Resources that only reading and checks need."""

NOT_COMPARED = {"loads", "changes", "readings", "section_means"}
"""Tables without a line in `changes`: the history itself, and readings, whose imports are listed instead."""

TOUCHED_BY_READINGS = {"sources", "sections", "section_classes", "imports", "doubtful_matches"}


def stage(connection: duckdb.DuckDBPyConnection, typed: dict[str, pd.DataFrame]) -> None:
    """Temporary tables `raw_<resource>` with `_file` and `_row`, for the checks written in SQL."""
    for name, frame in typed.items():
        connection.register("incoming", frame)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE raw_{name} AS SELECT * FROM incoming")
        connection.unregister("incoming")


def create_tables(connection: duckdb.DuckDBPyConnection, descriptor: dict) -> None:
    """Tables, macro and the Chinese comment of every described column."""
    connection.begin()  # one commit instead of one for each of some hundred statements
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        if resource["name"] in NOT_IN_DATABASE:
            continue
        connection.execute(f"COMMENT ON TABLE {resource['name']} IS {_quoted(resource['description'])}")
        for field in resource["schema"]["fields"]:
            connection.execute(
                f"COMMENT ON COLUMN {resource['name']}.{field['name']} IS {_quoted(field['description'])}")
    connection.commit()


def fill_register(connection: duckdb.DuckDBPyConnection, strings: dict[str, pd.DataFrame]) -> None:
    """Copy the staged register into its tables; baselines come from the observation they name."""
    decimals = pd.DataFrame({
        "target_id": strings["targets"]["target_id"],
        "decimals": [None if pd.isna(v) else decimals_of(v) for v in strings["targets"]["value"]],
    }).astype({"decimals": "Int64"})
    connection.register("printed_decimals", decimals)
    for table in ("regions", "documents", "organizations", "indicators", "sources", "parameters", "class_limits", "national_renames",
                  "national_lake_points", "office_sections", "entries"):
        _copy(connection, table, f"SELECT * FROM raw_{table}")
    replaced = superseded(strings["entries"])
    connection.register("replaced", replaced.assign(superseded_on=pd.to_datetime(replaced["superseded_on"])))
    _copy(connection, "observations", "SELECT * FROM raw_observations LEFT JOIN replaced USING (observation_id)")
    connection.unregister("replaced")
    _copy(connection, "targets", """
        SELECT t.*, p.decimals, b.value AS baseline_value, b.period_text AS baseline_period
        FROM raw_targets t
        JOIN printed_decimals p USING (target_id)
        LEFT JOIN raw_observations b ON b.observation_id = t.baseline_observation_id""")
    for table in ("measures", "measure_targets", "projects", "responsibilities"):
        _copy(connection, table, f"SELECT * FROM raw_{table}")
    _fill_sections(connection)
    _copy(connection, "section_classes", "SELECT * FROM raw_section_classes")
    _copy(connection, "document_issues", "SELECT *, 'curated' AS origin FROM raw_document_issues")
    _copy(connection, "document_issue_passages", "SELECT * FROM raw_document_issue_passages")
    connection.unregister("printed_decimals")


def _fill_sections(connection: duckdb.DuckDBPyConnection) -> None:
    """Sections of the register, completed and corrected by the offices' own lists: what a list states counts, the latest first."""
    _copy(connection, "sources", """
        SELECT 'office-' || file_sha256[:12] AS source_id, 'upload' AS kind, '断面清单（' || any_value(file_name) || '）' AS title,
               '本单位提供' AS publisher, max(imported_at) AS published_on, 'day' AS published_precision, 'high' AS confidence
        FROM raw_office_sections GROUP BY file_sha256""")
    stated = ", ".join(f"max_by({column}, turn) FILTER ({column} IS NOT NULL) AS {column}" for column in (
        "region_id", "county_id", "river", "level", "water_body_type", "target_class", "national_name", "province"))
    _copy(connection, "sections", f"""
        WITH listed AS (SELECT *, row_number() OVER (ORDER BY imported_at, _row) AS turn FROM raw_office_sections),
        office AS (
            SELECT section_id, max_by(name, turn) AS name, {stated}, max_by(file_sha256, turn) AS file_sha256,
                   max_by(longitude, turn) FILTER (latitude IS NOT NULL) AS longitude,
                   max_by(latitude, turn) FILTER (longitude IS NOT NULL) AS latitude
            FROM listed GROUP BY section_id
        )
        SELECT section_id, coalesce(s.name, o.name) AS name,
               nullif(concat_ws(';', s.aliases, CASE WHEN o.name <> s.name THEN o.name END), '') AS aliases,
               nullif(concat_ws(';', s.national_names, o.province || '|' || o.national_name), '') AS national_names,
               coalesce(o.region_id, s.region_id) AS region_id, coalesce(o.county_id, s.county_id) AS county_id,
               coalesce(o.river, s.river) AS river, s.basin, s.basin_id, coalesce(o.level, s.level) AS level,
               coalesce(o.water_body_type, s.water_body_type, 'river') AS water_body_type,
               coalesce(o.longitude, s.longitude) AS longitude, coalesce(o.latitude, s.latitude) AS latitude,
               CASE WHEN o.longitude IS NOT NULL THEN 'office_list' ELSE s.coordinate_basis END AS coordinate_basis,
               coalesce(o.target_class, s.target_class) AS target_class,
               coalesce(s.source_id, 'office-' || o.file_sha256[:12]) AS source_id, coalesce(s.site_kind, 'section') AS site_kind,
               s.note, s.clause, s.span_start, s.span_end,
               CASE WHEN s.section_id IS NULL THEN 'office_list' ELSE 'register' END AS origin
        FROM raw_sections s FULL JOIN office o USING (section_id)
        ORDER BY s._row NULLS LAST, section_id""")


def insert_frame(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    connection.register("incoming", frame)
    _copy(connection, table, "SELECT * FROM incoming")
    connection.unregister("incoming")


def record_changes(connection: duckdb.DuckDBPyConnection, previous: Path | None, version: str) -> int:
    """Fill `changes` with keys added, changed or removed since the previous version; keep its load history."""
    if previous is None or not previous.exists():
        return 0
    try:
        connection.execute(f"ATTACH {_quoted(str(previous))} AS previous (TYPE duckdb, READ_ONLY)")  # never guess, never download
    except duckdb.Error as error:  # damaged or foreign: the new build stands alone
        logger.warning("上一版本 %s 打不开，本次不列变更（%s）", previous.name, error)
        return 0
    try:
        same_register, = connection.execute("""
            SELECT (SELECT data_sha256 FROM loads)
                   = (SELECT data_sha256 FROM previous.loads ORDER BY built_at DESC LIMIT 1)""").fetchone()
        connection.execute("INSERT OR IGNORE INTO loads BY NAME SELECT * FROM previous.loads")
        for table, key in _keyed_tables(connection):
            if same_register and table not in TOUCHED_BY_READINGS:
                continue
            key_text = " || '|' || ".join(f"CAST({column} AS VARCHAR)" for column in key)
            connection.execute(f"""
                INSERT INTO changes
                SELECT ?, ?, key, CASE WHEN o.row IS NULL THEN 'added' WHEN n.row IS NULL THEN 'removed'
                                       ELSE 'changed' END
                FROM (SELECT {key_text} AS key, CAST(to_json(t) AS VARCHAR) AS row FROM {table} t) n
                FULL JOIN (SELECT {key_text} AS key, CAST(to_json(t) AS VARCHAR) AS row FROM previous.{table} t) o
                    USING (key)
                WHERE o.row IS DISTINCT FROM n.row ORDER BY key""", [version, table])
    except duckdb.Error as error:  # damaged inside, or an older schema: nothing to compare row by row
        logger.warning("上一版本 %s 读不全，或表结构不同，本次不列变更", previous.name)
        logger.info("%s", error)
        connection.execute("DELETE FROM changes")
    finally:
        connection.execute("DETACH previous")
    return connection.execute("SELECT count(*) FROM changes").fetchone()[0]


def _keyed_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str]]]:
    rows = connection.execute("""
        SELECT table_name, constraint_column_names FROM duckdb_constraints()
        WHERE constraint_type = 'PRIMARY KEY' AND database_name = current_database()
        ORDER BY table_name""").fetchall()
    return [(name, columns) for name, columns in rows if name not in NOT_COMPARED]


def _copy(connection: duckdb.DuckDBPyConnection, table: str, select: str) -> None:
    columns = [row[0] for row in connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND database_name = current_database() "
        "ORDER BY column_index", [table]).fetchall()]
    given = {row[0] for row in connection.execute(f"DESCRIBE {select}").fetchall()}
    names = ", ".join(f'"{c}"' for c in columns if c in given)
    connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM ({select})")


def _quoted(text: str) -> str:
    """A string literal for the few statements that take no parameters (COMMENT, ATTACH)."""
    return "'" + text.replace("'", "''") + "'"
