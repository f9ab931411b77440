"""Which targets still want a figure or a verdict, with all the entry workbook prints about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import duckdb
import pandas as pd

from etl.rules.entry_values import running_total
from etl.rules.numbers import WATER_CLASSES

SIGNS = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜"}

_ROWS = """
    WITH wanted AS (
        SELECT a.*, t.rowid AS position, i.name AS indicator, i.kind, i.period_basis, r.name AS region, d.short_title,
               d.rowid AS document_order, coalesce(t.period_start, d.period_start) AS count_from,
               s.publisher, o.comparator AS latest_comparator,
               row_number() OVER (PARTITION BY a.indicator_id, a.region_id, a.scope, a.comparator = 'text'
                                  ORDER BY a.status = '已废止', a.deadline, t.rowid) AS turn
        FROM attainment($as_of) a
        JOIN targets t USING (target_id)
        JOIN indicators i ON i.indicator_id = a.indicator_id
        JOIN regions r ON r.region_id = a.region_id
        JOIN documents d ON d.document_id = a.document_id
        LEFT JOIN sources s ON s.source_id = a.source_id
        LEFT JOIN observations o ON o.observation_id = coalesce(a.observation_id, a.latest_observation_id)
        WHERE a.duplicate_of IS NULL AND a.is_issued AND list_contains(CAST($region_ids AS VARCHAR[]), a.region_id)
          AND ($year IS NULL OR CASE
                   WHEN a.deadline IS NULL THEN true
                   WHEN a.comparator = 'text' THEN year(a.deadline) = $year
                   ELSE $year BETWEEN year(coalesce(t.period_start, d.period_start)) AND year(a.deadline) END)
    )
    SELECT * FROM wanted w
    WHERE ($year IS NULL OR comparator = 'text' OR turn = 1)
      AND (NOT $only_lacking OR status <> '已废止' AND CASE
               WHEN comparator = 'text' THEN status IN ('定性待评', '数据未出')
               WHEN $year IS NULL THEN observation_id IS NULL
               ELSE NOT EXISTS (
                   SELECT 1 FROM observations o JOIN sources s USING (source_id)
                   WHERE o.indicator_id = w.indicator_id AND o.region_id = w.region_id AND o.scope = w.scope
                     AND o.status <> 'context' AND o.value IS NOT NULL AND year(o.period_end) = $year
                     AND coalesce(s.published_on, o.period_end) <= CAST($as_of AS DATE)
                     AND CASE WHEN w.is_cumulative THEN o.period_kind = 'cumulative' AND o.period_start = w.count_from
                              ELSE o.period_kind IN ('year', 'cumulative')
                                   OR (w.period_basis = 'point' AND o.period_kind IN ('date', 'month')) END) END)
    ORDER BY document_order, position"""


def entry_rows(connection: duckdb.DuckDBPyConnection, region_ids: Collection[str], year: int | None, as_of: date,
               only_lacking: bool = True) -> pd.DataFrame:
    """One row per target of the regions, in the order of the documents; numeric and qualitative ones (comparator text).

    `year`: the year figures are wanted for; a target that runs over it then stands once for its indicator and scope. Without
    it every target is asked for its own deadline, those not due yet for the last full year. `only_lacking` leaves out what
    has a figure for that time (or a verdict), and targets of repealed documents. Columns: those of attainment(), indicator,
    kind, region, short_title, publisher, and ready-made words `target`, `latest`, `deadline_words`, `period` (numeric ones).
    """
    rows = connection.execute(_ROWS, {"region_ids": list(region_ids), "year": year, "as_of": as_of,
                                      "only_lacking": only_lacking}).df()
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return rows.assign(target=[_target(row) for row in records], latest=[_latest(row) for row in records],
                       deadline_words=[_deadline(row["deadline"]) for row in records],
                       period=[_period(row, year, as_of) for row in records])


def publishers(connection: duckdb.DuckDBPyConnection, region_ids: Collection[str]) -> list[str]:
    """Who has published figures about these regions so far, most frequent first; choices of the drop-down 发布单位.

    Without the remark in brackets through which paper or site.
    """
    return [publisher for publisher, in connection.execute("""
        SELECT regexp_replace(s.publisher, '（.*$', '') AS publisher FROM observations o JOIN sources s USING (source_id)
        WHERE list_contains(CAST($region_ids AS VARCHAR[]), o.region_id) AND s.kind IN ('bulletin', 'upload', 'manual')
        GROUP BY publisher ORDER BY count(*) DESC, publisher""", {"region_ids": list(region_ids)}).fetchall()]


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────
def _target(row: dict) -> str:
    """≥97.3%, 不低于Ⅱ类, or the words of the plan."""
    if row["target_value"] is None:
        return row["target_text"] or ""
    if row["comparator"] == "class_at_least":
        return f"不低于{row['target_text']}类"
    figure = f"{row['target_value']:.{int(row['decimals'] or 0)}f}"
    if row["comparator"] == "between":
        figure += f"–{row['target_value_high']:.{int(row['decimals'] or 0)}f}"
    return f"{'约 ' if row['is_approximate'] else ''}{SIGNS.get(row['comparator'], '')}{figure}{row['unit'] or ''}"


def _latest(row: dict) -> str:
    """65.21%（2023，转载）; empty without a figure."""
    if row["latest_value"] is None:
        return ""
    value = row["latest_value"]
    figure = f"{WATER_CLASSES[int(value) - 1]}类" if row["unit"] == "类" else f"{value:.10g}{row['unit'] or ''}"
    period = (row["latest_period"] or "").split("（")[0].split("(")[0]
    return f"{SIGNS.get(row['latest_comparator'], '')}{figure}（{period}{'，转载' if row['source_kind'] == 'repost' else ''}）"


def _deadline(deadline) -> str:
    """2025 for a year's end, 2021-06 for another month's; empty without a deadline."""
    if deadline is None:
        return ""
    return f"{deadline:%Y}" if (deadline.month, deadline.day) == (12, 31) else f"{deadline:%Y-%m}"


def _period(row: dict, year: int | None, as_of: date) -> str:
    """The time a figure is wanted for, as etl/rules/entry_values.read_period reads it back."""
    deadline, count_from = row["deadline"] and row["deadline"].date(), row["count_from"].date()
    last_year = date(as_of.year - 1, 12, 31)
    if year is not None and not (deadline and deadline.year == year):
        end = date(year, 12, 31)
    else:
        end = deadline if deadline and (deadline <= as_of or deadline.year == year or count_from > last_year) else last_year
    if row["is_cumulative"]:
        return running_total(count_from, end)
    is_state = row["period_basis"] == "point"
    return f"{end:%Y-%m}" if is_state and end.month != 12 else f"{end:%Y}"
