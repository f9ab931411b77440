"""Every question the map asks: shapes ready to draw, where sections lie, what is known of one place.

Geometry is prepared once per data version (dashboard/map_shapes.py); the store keeps the answer.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from dashboard import map_shapes

Cursor = duckdb.DuckDBPyConnection


def map_regions(cursor: Cursor) -> pd.DataFrame:
    """Regions with a plan in document order, repealed last; `parent` is the plan region a county lies in."""
    return cursor.execute("""
        SELECT r.region_id, r.name, any_value(p.name) AS parent, max(d.repealed_on) AS repealed_on
        FROM documents d JOIN regions r USING (region_id)
        LEFT JOIN regions p ON p.region_id = r.parent_id AND p.region_id IN (SELECT region_id FROM documents)
        GROUP BY r.region_id, r.name ORDER BY bool_and(d.repealed_on IS NOT NULL), min(d.rowid)""").df()


def map_shapes_of_regions(cursor: Cursor) -> pd.DataFrame:
    """Outline, counties, basins and rivers of every plan region, simplified for the screen (see `map_shapes.prepared`)."""
    def layer(table: str) -> pd.DataFrame:
        found = cursor.execute(f"SELECT * REPLACE (ST_AsWKB(geometry) AS geometry) FROM {table}").df()
        return found.assign(geometry=[bytes(wkb) for wkb in found["geometry"]])

    return map_shapes.prepared(map_regions(cursor), layer("county_shapes"), layer("basins"), layer("rivers"))


def map_reservoirs(cursor: Cursor) -> pd.DataFrame:
    """Points of reservoirs and lakes."""
    return cursor.execute("SELECT * FROM reservoirs ORDER BY region_id, name").df()


def section_places(cursor: Cursor) -> pd.DataFrame:
    """Where every section lies: point, its basis, county (by its point, else as stated) and basin."""
    return cursor.execute("""
        SELECT section_id, region_id, longitude, latitude, coordinate_basis,
               coalesce(placed_county_id, county_id) AS county_id, basin_id
        FROM sections""").df()


def class_moments(cursor: Cursor, as_of: date, section_ids: list[str]) -> pd.DataFrame:
    """Days on which a class of one of these sections became the latest: ends of periods, and days with readings."""
    return cursor.execute("""
        WITH wanted AS (SELECT unnest(CAST($section_ids AS VARCHAR[])) AS section_id)
        SELECT DISTINCT CAST(period_end AS DATE) AS day FROM section_classes SEMI JOIN wanted USING (section_id)
        WHERE class IS NOT NULL AND period_end <= $as_of
        UNION
        SELECT DISTINCT CAST(sampled_at AS DATE) FROM readings SEMI JOIN wanted USING (section_id)
        WHERE class IS NOT NULL AND is_counted(station_status) AND sampled_at < CAST($as_of AS DATE) + INTERVAL 1 DAY
        ORDER BY day""", {"as_of": as_of, "section_ids": section_ids}).df()


def plan_counts(cursor: Cursor) -> pd.DataFrame:
    """Of every plan region: how many targets, responsible units, measures and projects its plan has."""
    return cursor.execute("""
        SELECT r.region_id, r.name,
               (SELECT count(*) FROM targets t WHERE t.region_id = r.region_id AND t.duplicate_of IS NULL) AS targets,
               (SELECT count(DISTINCT organization_id) FROM responsibilities
                JOIN organizations o USING (organization_id) WHERE o.region_id = r.region_id) AS units,
               (SELECT count(*) FROM measures m WHERE m.region_id = r.region_id) AS measures,
               (SELECT count(*) FROM projects p WHERE p.region_id = r.region_id
                AND p.record_kind IN ('annex', 'named')) AS projects
        FROM regions r WHERE r.region_id IN (SELECT region_id FROM documents)""").df()


def works_at_place(cursor: Cursor, name: str, region_ids: list[str], county_id: str | None, basin_id: str | None) -> pd.DataFrame:
    """Measures and projects of these regions' plans that name a place or lie in it: kind, name, units, region.

    `name` is looked for as it is; units are those that lead a measure, or are named for a project.
    """
    return cursor.execute("""
        WITH units AS (
            SELECT e.measure_id, e.project_id, string_agg(DISTINCT o.name, '、') AS names
            FROM responsibilities e JOIN organizations o USING (organization_id)
            WHERE e.project_id IS NOT NULL OR (e.measure_id IS NOT NULL AND e.role = 'lead') GROUP BY ALL
        )
        SELECT 'measure' AS kind, m.title AS name, u.names AS units, r.name AS region
        FROM measures m JOIN regions r USING (region_id) LEFT JOIN units u ON u.measure_id = m.measure_id
        WHERE list_contains(CAST($region_ids AS VARCHAR[]), m.region_id) AND contains(concat_ws(' ', m.title, m.section_title), $name)
        UNION ALL
        SELECT 'project', p.name, u.names, r.name
        FROM projects p JOIN regions r USING (region_id) LEFT JOIN units u ON u.project_id = p.project_id
        WHERE p.record_kind IN ('annex', 'named') AND list_contains(CAST($region_ids AS VARCHAR[]), p.region_id)
          AND (contains(p.name, $name) OR p.placed_county_id = $county_id OR p.basin_id = $basin_id)
        ORDER BY ALL""", {"name": name, "region_ids": region_ids, "county_id": county_id, "basin_id": basin_id}).df()


def figures_of_county(cursor: Cursor, region_id: str, as_of: date) -> pd.DataFrame:
    """Figures published about one county, newest first."""
    return cursor.execute("""
        SELECT i.name AS indicator, i.indicator_id, o.scope, o.value, o.value_text, o.unit, o.comparator, o.period_text,
               s.publisher, s.kind AS source_kind
        FROM observations o JOIN indicators i USING (indicator_id) JOIN sources s USING (source_id)
        WHERE o.region_id = $region_id AND coalesce(o.period_end, o.entered_at) <= $as_of AND stands(o.superseded_on, $as_of)
        ORDER BY o.period_end DESC NULLS LAST, o.observation_id""", {"region_id": region_id, "as_of": as_of}).df()


def county_values(cursor: Cursor, indicator_id: str, as_of: date) -> pd.DataFrame:
    """The newest figure of an indicator for every county that has one of its own."""
    return cursor.execute("""
        SELECT o.region_id, o.value, o.unit, o.comparator, o.period_text, o.scope FROM observations o
        JOIN county_shapes USING (region_id)
        WHERE o.indicator_id = $indicator_id AND o.value IS NOT NULL AND coalesce(o.period_end, o.entered_at) <= $as_of
          AND stands(o.superseded_on, $as_of)
        QUALIFY row_number() OVER (PARTITION BY o.region_id ORDER BY o.period_end DESC NULLS LAST, o.observation_id) = 1""",
        {"indicator_id": indicator_id, "as_of": as_of}).df()
