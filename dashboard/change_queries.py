"""Every question the 变更 page asks: what differs between two moments.

`before` and `after` are files of kept extracts (etl/history.py); without an `after` the open database as it stands on `today` is
compared. Asked with the same names the answer is the same, so it is cached by them.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from etl.history import make_extract, open_extract

Cursor = duckdb.DuckDBPyConnection


def moment(cursor: Cursor, file: str | None, today: date) -> pd.DataFrame:
    """Version, time and day of an extract, or of the open database; no row when the extract cannot be read."""
    try:
        _open(cursor, "moment", file, today)
    except duckdb.Error:
        return pd.DataFrame(columns=["version", "built_at", "day"])
    return cursor.execute("SELECT key AS version, built_at, day FROM moment WHERE part = 'version'").df()


def target_changes(cursor: Cursor, before: str, after: str | None, today: date) -> pd.DataFrame:
    """Targets whose status or terms differ, or that are in one of the two only; with the figure the later judgement rests on.

    `cause` of a changed status: deadline repealed (time alone did it), withdrawn terms rules verdict figure; else added or removed,
    or terms. Columns region theme indicator name scope target_id, status_before status_after, terms_before terms_after,
    has_earlier, and of the figure as `figure_changes` gives the later one.
    """
    _open_both(cursor, before, after, today)
    return cursor.execute("""
        WITH b AS (FROM before WHERE part = 'target'), a AS (FROM after WHERE part = 'target'),
        f AS (FROM after WHERE part = 'figure'),
        moments AS (
            SELECT b.day AS day_before, a.day AS day_after, a.rules_version <> b.rules_version AS other_rules
            FROM before b, after a WHERE b.part = 'version' AND a.part = 'version'
        ),
        foreseen AS (
            SELECT key, max_by(span.status, span.valid_from) AS status
            FROM (SELECT key, unnest(later) AS span FROM b), moments WHERE span.valid_from <= day_after GROUP BY key
        )
        SELECT coalesce(a.region, b.region) AS region, coalesce(a.theme, b.theme) AS theme,
               coalesce(a.indicator, b.indicator) AS indicator, coalesce(a.name, b.name) AS name,
               coalesce(a.scope, b.scope) AS scope, key AS target_id,
               b.status AS status_before, a.status AS status_after, b.terms AS terms_before, a.terms AS terms_after,
               coalesce(b.has_earlier, false) AS had_earlier, coalesce(a.has_earlier, false) AS has_earlier, a.deadline,
               CASE WHEN b.key IS NULL THEN 'added' WHEN a.key IS NULL THEN 'removed'
                    WHEN a.status = b.status THEN 'terms'
                    WHEN a.status = foreseen.status AND a.status = '已废止' THEN 'repealed'
                    WHEN a.status = foreseen.status AND a.deadline >= day_before AND a.deadline < day_after THEN 'deadline'
                    WHEN b.judged_by IS NOT NULL AND a.judged_by IS NULL THEN 'withdrawn'
                    WHEN a.terms <> b.terms THEN 'terms'
                    WHEN a.judged_by IS NOT DISTINCT FROM b.judged_by AND other_rules THEN 'rules'
                    WHEN a.comparator = 'text' THEN 'verdict'
                    ELSE 'figure' END AS cause,
               f.key AS observation_id, f.comparator, f.value, f.value_text, f.unit, f.period_text, f.period_end, f.clause, f.source_kind,
               f.title, f.publisher, f.published_on, f.url
        FROM b FULL JOIN a USING (key) LEFT JOIN foreseen USING (key) LEFT JOIN f ON f.key = a.rests_on, moments
        WHERE a.status IS DISTINCT FROM b.status OR a.terms IS DISTINCT FROM b.terms
        ORDER BY cause IN ('deadline', 'repealed'), region, deadline, name, scope""").df()


def figure_changes(cursor: Cursor, before: str, after: str | None, today: date) -> pd.DataFrame:
    """Figures added, changed or withdrawn. A figure that replaces another, or stands where another stood, is a change of it.

    Columns region theme indicator, change (changed withdrawn added), and of both figures, empty where there is none:
    observation_id scope status comparator value value_text unit period_text period_end clause source_kind title publisher
    published_on url, with `_before` for the earlier one.
    """
    _open_both(cursor, before, after, today)
    content = ("scope", "status", "comparator", "value", "value_text", "unit", "period_text", "period_end", "clause", "source_kind",
               "title", "publisher", "published_on", "url")
    earlier = ", ".join(f"b.{column} AS {column}_before" for column in content)
    later = ", ".join(f"a.{column}" for column in content)
    return cursor.execute(f"""
        WITH known_before AS (FROM before WHERE part = 'figure'), known_after AS (FROM after WHERE part = 'figure'),
        b AS (FROM known_before WHERE superseded_by IS NULL), a AS (FROM known_after WHERE superseded_by IS NULL),
        stays AS (SELECT key FROM b JOIN a USING (key)),
        gone AS (   -- paired by what replaced it, several by one; else by what it is about, one by one
            SELECT b.key, coalesce(heir.subject, b.subject) AS place,
                   if(heir.key IS NULL, row_number() OVER (PARTITION BY place ORDER BY heir.key IS NULL, b.key), 1) AS turn
            FROM b LEFT JOIN known_after k ON k.key = b.key LEFT JOIN known_after heir ON heir.key = k.superseded_by
            WHERE b.key NOT IN (FROM stays)
        ),
        come AS (   -- one that stands again was replaced before
            SELECT a.key, coalesce(heir.subject, a.subject) AS place,
                   if(heir.key IS NULL, row_number() OVER (PARTITION BY place ORDER BY heir.key IS NULL, a.key), 1) AS turn
            FROM a LEFT JOIN known_before k ON k.key = a.key LEFT JOIN known_before heir ON heir.key = k.superseded_by
            WHERE a.key NOT IN (FROM stays)
        ),
        pairs AS (
            SELECT key AS key_before, key AS key_after, key AS pair FROM stays
            UNION ALL
            SELECT gone.key, come.key, if(gone.key IS NULL OR come.key IS NULL, coalesce(gone.key, come.key), place)
            FROM gone FULL JOIN come USING (place, turn)
        )
        SELECT CASE WHEN a.key IS NULL THEN 'withdrawn' WHEN b.key IS NULL THEN 'added' ELSE 'changed' END AS change,
               coalesce(a.region, b.region) AS region, coalesce(a.theme, b.theme) AS theme,
               coalesce(a.indicator, b.indicator) AS indicator,
               b.key AS observation_id_before, a.key AS observation_id, {earlier}, {later}
        FROM pairs LEFT JOIN b ON b.key = key_before LEFT JOIN a ON a.key = key_after
        WHERE (b.key, b.value, b.value_text, b.comparator, b.unit, b.subject, b.period_text, b.status, b.source_id)
              IS DISTINCT FROM (a.key, a.value, a.value_text, a.comparator, a.unit, a.subject, a.period_text, a.status, a.source_id)
        -- one figure published twice and replaced once is one change
        QUALIFY row_number() OVER (PARTITION BY pair, b.comparator, b.value, b.value_text, a.comparator, a.value, a.value_text
                                   ORDER BY b.key, a.key) = 1
        ORDER BY list_position(['changed', 'withdrawn', 'added'], change), region, indicator, coalesce(a.period_end, b.period_end),
                 coalesce(a.key, b.key), b.key""").df()


def issue_changes(cursor: Cursor, before: str, after: str | None, today: date) -> pd.DataFrame:
    """Document issues new, gone or changed: issue_id change severity kind region (names, 、 between) description description_before."""
    _open_both(cursor, before, after, today)
    return cursor.execute("""
        WITH b AS (FROM before WHERE part = 'issue'), a AS (FROM after WHERE part = 'issue')
        SELECT key AS issue_id, CASE WHEN a.key IS NULL THEN 'withdrawn' WHEN b.key IS NULL THEN 'added' ELSE 'changed' END AS change,
               coalesce(a.severity, b.severity) AS severity, coalesce(a.kind, b.kind) AS kind, coalesce(a.region, b.region) AS region,
               a.name AS description, b.name AS description_before
        FROM b FULL JOIN a USING (key)
        WHERE (a.severity, a.kind, a.name) IS DISTINCT FROM (b.severity, b.kind, b.name)
        ORDER BY list_position(['高', '中', '低'], coalesce(a.severity, b.severity)), key""").df()


def import_changes(cursor: Cursor, before: str, after: str | None, today: date) -> pd.DataFrame:
    """Imported files new or gone: change, kind (readings sections), name of the file, rows, sections, fetched_at (UTC+8)."""
    _open_both(cursor, before, after, today)
    return cursor.execute("""
        WITH b AS (FROM before WHERE part = 'import'), a AS (FROM after WHERE part = 'import')
        SELECT CASE WHEN a.key IS NULL THEN 'withdrawn' ELSE 'added' END AS change, coalesce(a.kind, b.kind) AS kind,
               coalesce(a.name, b.name) AS name, coalesce(a.rows, b.rows) AS rows, coalesce(a.sections, b.sections, 0) AS sections,
               coalesce(a.fetched_at, b.fetched_at) AS fetched_at
        FROM b FULL JOIN a USING (key) WHERE a.key IS NULL OR b.key IS NULL ORDER BY change, kind, fetched_at, name""").df()


def count_changes(cursor: Cursor, before: str, after: str | None, today: date) -> pd.DataFrame:
    """Tables whose number of rows differs: name, rows_before, rows_after."""
    _open_both(cursor, before, after, today)
    return cursor.execute("""
        SELECT key AS name, b.rows AS rows_before, a.rows AS rows_after
        FROM (FROM before WHERE part = 'count') b JOIN (FROM after WHERE part = 'count') a USING (key)
        WHERE b.rows <> a.rows ORDER BY key""").df()


def _open_both(cursor: Cursor, before: str, after: str | None, today: date) -> None:
    _open(cursor, "before", before, today)
    _open(cursor, "after", after, today)


def _open(cursor: Cursor, name: str, file: str | None, today: date) -> None:
    """Temporary tables of this cursor alone."""
    if file is None:
        make_extract(cursor, name, today)
    else:
        open_extract(cursor, name, file)
