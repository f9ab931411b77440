"""Every question about monitoring sections, their classes and readings: one function each, a DataFrame back.

Nothing sampled, or published for a period that ends, after the as-of date is seen. `regions` are names of plan
regions, empty for all of them; sections elsewhere come in only with `nationwide`.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

Cursor = duckdb.DuckDBPyConnection

_CHOSEN = """
    WITH plan AS (
        SELECT r.region_id, r.name, min(d.rowid) AS position FROM documents d JOIN regions r USING (region_id) GROUP BY ALL
    ), chosen AS (
        SELECT s.* REPLACE (CASE WHEN s.basin = '' THEN NULL ELSE s.basin END AS basin), s.rowid AS place,
               coalesce(p.name, pc.name, r.name, '区域不详') AS region, coalesce(p.position, pc.position, 1000) AS position,
               c.name AS county, p.name IS NULL AND pc.name IS NULL AS is_elsewhere
        FROM sections s
        LEFT JOIN plan p ON p.region_id = s.region_id LEFT JOIN plan pc ON pc.region_id = s.county_id
        LEFT JOIN regions r ON r.region_id = s.region_id LEFT JOIN regions c ON c.region_id = s.county_id
        WHERE (CASE WHEN p.name IS NULL AND pc.name IS NULL THEN $nationwide
                    ELSE len(CAST($regions AS VARCHAR[])) = 0
                         OR list_has_any(CAST($regions AS VARCHAR[]), [p.name, pc.name]) END)
          AND ($text = '' OR contains(lower(concat_ws(' ', s.name, s.aliases, s.national_names, s.river, s.basin, r.name,
                                                      c.name, s.section_id)), lower($text)))
    )
"""

def sections(cursor: Cursor, as_of: date, regions: list[str], text: str, nationwide: bool) -> pd.DataFrame:
    """One row per section in document order: what the register says and the latest class known.

    `latest_basis` is published_class, computed (a month's mean of at least two samplings) or reading (one sampling);
    of those that end last the first in this order counts. `prior_class` is that of the period before of the same kind
    and basis, at most a year earlier. `said_meets` is a bulletin's word where it gave no class.
    """
    return cursor.execute(_CHOSEN + """
        , periods AS (
            SELECT c.*, src.publisher, lag(c.class) OVER w AS prior, lag(c.period_end) OVER w AS prior_end
            FROM section_classes c SEMI JOIN chosen USING (section_id) LEFT JOIN sources src USING (source_id)
            WHERE c.class IS NOT NULL AND c.period_end <= $as_of
              AND (c.class_basis <> 'computed' OR (c.period_kind = 'month' AND c.readings > 1))
            WINDOW w AS (PARTITION BY c.section_id, c.period_kind, c.class_basis ORDER BY c.period_start)
        ), last_reading AS (
            SELECT section_id, max(sampled_at) AS sampled_at, max_by(class, sampled_at) AS class
            FROM readings SEMI JOIN chosen USING (section_id)
            WHERE class IS NOT NULL AND is_counted(station_status) AND sampled_at < CAST($as_of AS DATE) + INTERVAL 1 DAY
            GROUP BY section_id
        ), candidates AS (
            SELECT section_id, class, period_start, period_end AS day, period_kind, period_text, class_basis AS basis,
                   target_class, prior_end,
                   CASE WHEN prior_end < period_start AND prior_end >= period_start - INTERVAL 366 DAY THEN prior END AS prior_class
            FROM periods
            UNION ALL
            SELECT section_id, class, CAST(sampled_at AS DATE), CAST(sampled_at AS DATE), 'reading', NULL, 'reading', NULL, NULL, NULL
            FROM last_reading
        ), latest AS (
            SELECT * FROM candidates
            QUALIFY row_number() OVER (PARTITION BY section_id ORDER BY day DESC,
                                       list_position(['published_class', 'computed', 'reading'], basis)) = 1
        ), said AS (
            SELECT section_id, max_by(meets_function, coalesce(period_end, DATE '1900-01-01')) AS meets,
                   max_by(period_text, coalesce(period_end, DATE '1900-01-01')) AS period_text
            FROM section_classes c SEMI JOIN chosen USING (section_id) LEFT JOIN sources src USING (source_id)
            WHERE c.class IS NULL AND meets_function IS NOT NULL AND coalesce(c.period_end, src.published_on) <= $as_of
            GROUP BY section_id
        )
        SELECT s.section_id, s.name, s.aliases, s.region, s.county, s.river, s.basin, s.level, s.water_body_type, s.origin,
               s.is_elsewhere, coalesce(s.target_class, l.target_class) AS target_class,
               s.target_class IS NULL AND l.target_class IS NOT NULL AS target_is_of_bulletin,
               l.class AS latest_class, l.basis AS latest_basis, l.period_kind AS latest_kind, l.day AS latest_day,
               l.period_start AS latest_start, l.period_text AS latest_text, l.prior_class, l.prior_end,
               CASE WHEN l.class IS NULL THEN d.meets END AS said_meets, d.period_text AS said_period
        FROM chosen s LEFT JOIN latest l USING (section_id) LEFT JOIN said d USING (section_id)
        ORDER BY s.position, s.region, s.place""",
        {"as_of": as_of, "regions": regions, "text": text, "nationwide": nationwide}).df()


def spans(cursor: Cursor, as_of: date, section_ids: list[str]) -> pd.DataFrame:
    """Five-day spans that have readings of these sections, newest first: first and last day, readings, sections, last one.

    A month has six of them; the last takes what is left of the month.
    """
    return cursor.execute("""
        WITH days AS (
            SELECT section_id, sampled_at, CAST(sampled_at AS DATE) AS day FROM readings
            WHERE section_id IN (SELECT unnest(CAST($section_ids AS VARCHAR[])))
              AND sampled_at < CAST($as_of AS DATE) + INTERVAL 1 DAY
        ), placed AS (
            SELECT *, CAST(date_trunc('month', day) AS DATE) + 5 * least((day(day) - 1) // 5, 5)::INTEGER AS first_day FROM days
        )
        SELECT first_day, CASE WHEN day(first_day) = 26 THEN last_day(first_day) ELSE first_day + 4 END AS last_day,
               count(*) AS readings, count(DISTINCT section_id) AS sections, max(sampled_at) AS last
        FROM placed GROUP BY first_day ORDER BY first_day DESC""", {"as_of": as_of, "section_ids": section_ids}).df()


def samplings(cursor: Cursor, as_of: date, first: date, last: date, section_ids: list[str]) -> pd.DataFrame:
    """Readings of these sections from the first day to the last: class, station status, whether they count."""
    return cursor.execute("""
        SELECT section_id, sampled_at, class, station_status, exceeding, is_counted(station_status) AS counts FROM readings
        WHERE section_id IN (SELECT unnest(CAST($section_ids AS VARCHAR[])))
          AND sampled_at >= $first AND sampled_at < CAST(least($last, $as_of) AS DATE) + INTERVAL 1 DAY
        ORDER BY section_id, sampled_at""",
        {"as_of": as_of, "first": first, "last": last, "section_ids": section_ids}).df()


def class_periods(cursor: Cursor, as_of: date, section_ids: list[str]) -> pd.DataFrame:
    """All published and computed classes of these sections, and what bulletins only stated, with their source."""
    return cursor.execute("""
        SELECT c.*, src.title AS source_title, src.publisher, src.published_on, src.published_precision, src.url,
               src.kind AS source_kind, coalesce(c.clause, src.clause) AS source_clause
        FROM section_classes c LEFT JOIN sources src USING (source_id)
        WHERE section_id IN (SELECT unnest(CAST($section_ids AS VARCHAR[])))
          AND coalesce(c.period_end, src.published_on) <= $as_of
        ORDER BY c.period_start NULLS FIRST, c.period_end, c.class_basis""",
        {"as_of": as_of, "section_ids": section_ids}).df()


def section(cursor: Cursor, section_id: str) -> pd.DataFrame:
    """What is registered about a section, with its source; no row when there is none."""
    return cursor.execute(_CHOSEN + """
        SELECT s.*, src.title AS source_title, src.publisher, src.published_on, src.published_precision, src.url,
               src.kind AS source_kind, coalesce(s.clause, src.clause) AS source_clause
        FROM chosen s LEFT JOIN sources src USING (source_id) WHERE section_id = $section_id""",
        {"regions": [], "text": "", "nationwide": True, "section_id": section_id}).df()


def samples_of_section(cursor: Cursor, section_id: str, as_of: date, first: date, last: date) -> pd.DataFrame:
    """Values of all parameters from the first day to the last, with flag, station status, file and row."""
    return cursor.execute("""
        SELECT x.*, p.name, p.unit, p.decimals, p.gb3838_number, r.class, r.published_class, r.exceeding,
               r.station_status, r.source_row, i.file_name, is_counted(station_status) AS counts
        FROM samples x JOIN parameters p USING (parameter) JOIN readings r USING (section_id, sampled_at)
        LEFT JOIN imports i ON i.source_id = x.source_id
        WHERE x.section_id = $section_id AND x.sampled_at >= $first
          AND x.sampled_at < CAST(least($last, $as_of) AS DATE) + INTERVAL 1 DAY
        ORDER BY p.gb3838_number NULLS LAST, x.parameter, x.sampled_at""",
        {"section_id": section_id, "as_of": as_of, "first": first, "last": last}).df()


def last_readings(cursor: Cursor, section_id: str, as_of: date) -> pd.DataFrame:
    """The last two readings of a section that count, the newest first, with file, row and fetching time."""
    return cursor.execute("""
        SELECT r.*, i.file_name, i.fetched_at, src.publisher, src.url
        FROM readings r LEFT JOIN imports i USING (source_id) LEFT JOIN sources src USING (source_id)
        WHERE r.section_id = $section_id AND is_counted(station_status) AND r.sampled_at < CAST($as_of AS DATE) + INTERVAL 1 DAY
        ORDER BY r.sampled_at DESC LIMIT 2""", {"section_id": section_id, "as_of": as_of}).df()


def monthly_means(cursor: Cursor, as_of: date, section_ids: list[str], first: date, last: date,
                  period_kind: str = "month") -> pd.DataFrame:
    """Means of the months (or of another kind of period) that lie between the two days."""
    return cursor.execute("""
        SELECT m.*, p.name, p.unit, p.decimals FROM section_means m JOIN parameters p USING (parameter)
        WHERE section_id IN (SELECT unnest(CAST($section_ids AS VARCHAR[]))) AND m.period_kind = $period_kind
          AND m.period_start >= $first AND m.period_end <= least($last, $as_of)
        ORDER BY p.gb3838_number NULLS LAST, m.parameter, m.section_id, m.period_start""",
        {"as_of": as_of, "section_ids": section_ids, "first": first, "last": last, "period_kind": period_kind}).df()


def revisions_of_section(cursor: Cursor, section_id: str, as_of: date) -> pd.DataFrame:
    """Rows a later one replaced, newest first: old and standing class, changed values in words, both places."""
    return cursor.execute("""
        WITH changed AS (
            SELECT o.sampled_at, o.source_id, o.source_row,
                   string_agg(p.name || ' ' || coalesce(figure_text(o.value), '—') || ' → ' || coalesce(figure_text(n.value), '—'),
                              '；' ORDER BY p.gb3838_number) AS values
            FROM superseded_samples o JOIN parameters p USING (parameter)
            LEFT JOIN samples n USING (section_id, sampled_at, parameter)
            WHERE section_id = $section_id AND o.value IS DISTINCT FROM n.value GROUP BY ALL
        )
        SELECT s.sampled_at, s.kind, s.published_class AS old_class, r.published_class AS new_class, s.station_status AS old_status,
               c.values, a.file_name AS old_file, s.source_row AS old_row, b.file_name AS new_file, s.by_row AS new_row
        FROM superseded_readings s LEFT JOIN readings r USING (section_id, sampled_at)
        LEFT JOIN changed c
               ON c.sampled_at = s.sampled_at AND c.source_id = s.source_id AND c.source_row = s.source_row
        LEFT JOIN imports a ON a.source_id = s.source_id LEFT JOIN imports b ON b.source_id = s.by_source_id
        WHERE s.section_id = $section_id AND s.sampled_at < CAST($as_of AS DATE) + INTERVAL 1 DAY
        ORDER BY s.sampled_at DESC, s.source_row DESC""", {"section_id": section_id, "as_of": as_of}).df()


def parameters(cursor: Cursor) -> pd.DataFrame:
    """The parameters with names, units and what the standard says of them."""
    return cursor.execute("SELECT * FROM parameters").df()


def class_limits(cursor: Cursor) -> pd.DataFrame:
    """The limits of GB 3838-2002."""
    return cursor.execute("SELECT * FROM class_limits").df()


def imported_files(cursor: Cursor) -> pd.DataFrame:
    """One row: how many files of readings were imported, whatever their days."""
    return cursor.execute("SELECT count(*) AS files FROM imports").df()


def doubtful_matches(cursor: Cursor, regions: list[str]) -> pd.DataFrame:
    """Names of the national table that may mean a registered section of these regions, with the reason."""
    return cursor.execute(_CHOSEN + """
        SELECT n.name AS national_name, n.section_id AS national_section_id, s.section_id, s.name, s.region, d.reason
        FROM doubtful_matches d JOIN chosen s USING (section_id) JOIN sections n ON n.section_id = d.national_section_id
        ORDER BY s.position, s.place, n.name""", {"regions": regions, "text": "", "nationwide": False}).df()
