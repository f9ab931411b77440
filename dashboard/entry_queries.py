"""Questions of the page that brings figures in: what is lacking, what was entered, by whom, and what became of it."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from etl.entry_rows import entry_rows, publishers

Cursor = duckdb.DuckDBPyConnection

_KNOWN = """
    known AS (
        SELECT entry_id AS id, value, comparator, unit, period_text FROM entries WHERE kind = 'figure'
        UNION ALL
        SELECT observation_id, value, comparator, unit, period_text FROM observations
        WHERE observation_id NOT IN (SELECT entry_id FROM entries)
    )"""
"""Every figure there ever was, standing or not."""


def entry_regions(cursor: Cursor) -> pd.DataFrame:
    """Regions with targets: region_id, name, and the years their documents run over (first_year, last_year); repealed last."""
    return cursor.execute("""
        SELECT r.region_id, r.name, min(year(coalesce(t.period_start, d.period_start))) AS first_year, max(year(t.deadline)) AS last_year
        FROM targets t JOIN documents d USING (document_id) JOIN regions r ON r.region_id = t.region_id
        GROUP BY r.region_id, r.name ORDER BY bool_and(d.repealed_on IS NOT NULL), min(d.rowid)""").df()


def lacking_rows(cursor: Cursor, region_ids: list[str], year: int | None, as_of: date, only_lacking: bool) -> pd.DataFrame:
    """Targets that want a figure or a verdict, as the entry workbook lists them; see etl/entry_rows.py."""
    return entry_rows(cursor, region_ids, year, as_of, only_lacking)


def known_publishers(cursor: Cursor, region_ids: list[str]) -> pd.DataFrame:
    """Column `publisher`, most frequent first."""
    return pd.DataFrame({"publisher": publishers(cursor, region_ids)}, dtype="string")


def target_names(cursor: Cursor) -> pd.DataFrame:
    """One row per target: target_id, indicator, region, scope, unit."""
    return cursor.execute("""
        SELECT t.target_id, i.name AS indicator, r.name AS region, t.scope, t.unit
        FROM targets t JOIN indicators i USING (indicator_id) JOIN regions r ON r.region_id = t.region_id""").df()


def recent_loads(cursor: Cursor, limit: int) -> pd.DataFrame:
    """The newest loads: who, when (UTC text), file, note, how many entries of each kind, and how many of them were taken back."""
    return cursor.execute("""
        SELECT load_id, any_value(confirmed_by) AS confirmed_by, any_value(confirmed_at) AS confirmed_at,
               any_value(load_note) AS load_note, any_value(file_name) AS file_name,
               count(*) FILTER (kind = 'figure') AS figures, count(*) FILTER (kind = 'verdict') AS verdicts,
               count(*) FILTER (kind = 'stage') AS stages, count(*) FILTER (kind = 'note') AS notes,
               count(*) FILTER (kind = 'withdrawal') AS withdrawals,
               count(*) FILTER (state = 'withdrawn') AS withdrawn
        FROM entries GROUP BY load_id ORDER BY load_id DESC LIMIT $limit""", {"limit": limit}).df()


def entries_of_load(cursor: Cursor, load_id: str) -> pd.DataFrame:
    """The entries of a load in its order, each with what it speaks of; for a figure the one it replaced (`old_…`).

    `said` is the text of a note, also of one that is taken back.
    """
    return cursor.execute(f"""
        WITH {_KNOWN}
        SELECT e.entry_id, e.kind, e.state, coalesce(i.name, m.title, p.name) AS subject, r.name AS region,
               coalesce(e.scope, w.scope, t.scope) AS scope, coalesce(e.value, w.value) AS value,
               coalesce(e.comparator, w.comparator) AS comparator,
               coalesce(e.unit, w.unit) AS unit, coalesce(e.period_text, w.period_text) AS period_text,
               coalesce(e.verdict, w.verdict) AS verdict, coalesce(e.stage, w.stage) AS stage, e.status, e.reason, e.evidence, e.note,
               CASE WHEN coalesce(w.kind, e.kind) = 'note' THEN coalesce(w.reason, e.reason) END AS said,
               e.file_row, coalesce(e.indicator_id, w.indicator_id) AS indicator_id, coalesce(e.target_id, w.target_id) AS target_id,
               old.value AS old_value, old.comparator AS old_comparator
        FROM entries e LEFT JOIN entries w ON w.entry_id = e.withdraws
        LEFT JOIN targets t ON t.target_id = coalesce(e.target_id, w.target_id)
        LEFT JOIN indicators i ON i.indicator_id = coalesce(e.indicator_id, w.indicator_id, t.indicator_id)
        LEFT JOIN measures m ON m.measure_id = coalesce(e.measure_id, w.measure_id)
        LEFT JOIN projects p ON p.project_id = coalesce(e.project_id, w.project_id)
        LEFT JOIN regions r ON r.region_id = coalesce(e.region_id, w.region_id, t.region_id, m.region_id, p.region_id)
        LEFT JOIN known old ON old.id = string_split(e.supersedes, ';')[1]
        WHERE e.load_id = $load_id ORDER BY e.entry_id""", {"load_id": load_id}).df()


def figure_history(cursor: Cursor, figure_id: str) -> pd.DataFrame:
    """All that was ever published or entered about the same thing as `figure_id` (an observation or an entry), oldest first.

    Figures share indicator, region, scope and period; verdicts and notes the target; stages the measure or project. Columns:
    what (published figure verdict stage note withdrawal), on_day, confirmed_at (UTC text, of entries), who, value, comparator, unit,
    verdict, stage, said (text of a note), status, state, words (source, publisher, reason, note, promise), file_name, subject,
    region, scope, period_text; no rows for an unknown id.
    """
    return cursor.execute("""
        WITH asked AS (
            SELECT kind, target_id, indicator_id, region_id, scope, coalesce(measure_id, project_id) AS work, period_start, period_end
            FROM entries WHERE entry_id = $figure_id AND kind <> 'withdrawal'
            UNION ALL
            SELECT 'figure', NULL, indicator_id, region_id, scope, NULL, period_start, period_end FROM observations
            WHERE observation_id = $figure_id AND observation_id NOT IN (SELECT entry_id FROM entries)
        ), entered AS (
            SELECT e.*, coalesce(e.measure_id, e.project_id) AS work
            FROM entries e JOIN asked a ON e.kind = a.kind AND CASE e.kind
                WHEN 'figure' THEN e.indicator_id = a.indicator_id AND e.region_id = a.region_id AND e.scope = a.scope
                    AND e.period_start IS NOT DISTINCT FROM a.period_start AND e.period_end = a.period_end
                WHEN 'stage' THEN coalesce(e.measure_id, e.project_id) = a.work
                ELSE e.target_id = a.target_id END
        ), told AS (
            SELECT 'published' AS what, o.observation_id AS id, coalesce(s.published_on, o.entered_at) AS on_day, s.publisher AS who,
                   o.value, o.comparator, o.unit, CASE s.kind WHEN 'repost' THEN 'repost' ELSE o.status END AS status,
                   CASE WHEN o.superseded_by IS NULL THEN 'current' ELSE 'superseded' END AS state, s.title AS words,
                   o.indicator_id, o.region_id, o.scope, o.period_text
            FROM observations o JOIN sources s USING (source_id) JOIN asked a ON a.kind = 'figure' AND o.indicator_id = a.indicator_id
                AND o.region_id = a.region_id AND o.scope = a.scope AND o.period_start IS NOT DISTINCT FROM a.period_start
                AND o.period_end = a.period_end
            WHERE o.observation_id NOT IN (SELECT entry_id FROM entries)
            UNION ALL BY NAME
            SELECT kind AS what, entry_id AS id, confirmed_at, confirmed_by AS who, value, comparator, unit, verdict, stage, status, state,
                   concat_ws('；', publisher, reason, note, CASE kind WHEN 'note' THEN period_text END) AS words, file_name, indicator_id,
                   region_id, scope, CASE WHEN kind <> 'note' THEN period_text END AS period_text, work, target_id,
                   CASE kind WHEN 'note' THEN reason END AS said
            FROM entered
            UNION ALL BY NAME
            SELECT 'withdrawal' AS what, w.entry_id AS id, w.confirmed_at, w.confirmed_by AS who, e.value, e.comparator, e.unit, e.verdict,
                   e.stage, w.state, w.reason AS words, e.indicator_id, e.region_id, e.scope,
                   CASE WHEN e.kind <> 'note' THEN e.period_text END AS period_text, e.work, e.target_id,
                   CASE e.kind WHEN 'note' THEN e.reason END AS said
            FROM entries w JOIN entered e ON w.withdraws = e.entry_id
        )
        SELECT told.* REPLACE (coalesce(told.scope, t.scope) AS scope), coalesce(i.name, m.title, p.name) AS subject, r.name AS region
        FROM told LEFT JOIN targets t USING (target_id)
        LEFT JOIN indicators i ON i.indicator_id = coalesce(told.indicator_id, t.indicator_id)
        LEFT JOIN measures m ON m.measure_id = told.work LEFT JOIN projects p ON p.project_id = told.work
        LEFT JOIN regions r ON r.region_id = coalesce(told.region_id, t.region_id, m.region_id, p.region_id)
        ORDER BY what <> 'published', on_day, id""", {"figure_id": figure_id}).df()


def notes(cursor: Cursor, target_ids: list[str], as_of: date) -> pd.DataFrame:
    """Notes on these targets that stand and were known on a day, newest first within a target.

    Columns: entry_id, load_id, target_id, text, author, day, confirmed_at (UTC text), promised_on (missing where nothing is promised).
    """
    return cursor.execute("""
        SELECT entry_id, load_id, target_id, reason AS text, confirmed_by AS author, known_on AS day, confirmed_at,
               period_end AS promised_on
        FROM entries
        WHERE kind = 'note' AND state <> 'withdrawn' AND known_on <= $as_of
          AND list_contains(CAST($target_ids AS VARCHAR[]), target_id)
        ORDER BY target_id, entry_id DESC""", {"target_ids": target_ids, "as_of": as_of}).df()


def works(cursor: Cursor, region_ids: list[str]) -> pd.DataFrame:
    """Measures and projects of the regions: kind, id, region, title, and the stage last recorded with who and when."""
    return cursor.execute("""
        WITH works AS (
            SELECT 'project' AS kind, project_id AS id, region_id, name AS title, rowid AS position FROM projects
            WHERE record_kind IN ('annex', 'named')
            UNION ALL
            SELECT 'measure', measure_id, region_id, title, rowid FROM measures
        )
        SELECT w.kind, w.id, r.name AS region, w.title, e.entry_id, e.stage, e.confirmed_by, e.confirmed_at
        FROM works w JOIN regions r USING (region_id)
        LEFT JOIN entries e ON e.kind = 'stage' AND e.state = 'current' AND coalesce(e.measure_id, e.project_id) = w.id
        WHERE list_contains(CAST($region_ids AS VARCHAR[]), w.region_id)
        ORDER BY w.kind DESC, w.region_id, w.position""", {"region_ids": region_ids}).df()
