"""The question of the calendar that no other page asks: how often a plan wants to be reported on."""

from __future__ import annotations

import duckdb
import pandas as pd

Cursor = duckdb.DuckDBPyConnection

RHYTHMS = {"suizhou-m010": ("dispatch", "bulletin", "assessment")}
"""Measures that name a rhythm, and the kinds of report they name (as in `dashboard.reports.periods`): every quarter, half-year, year."""


def rhythms(cursor: Cursor, regions: list[str]) -> pd.DataFrame:
    """One row per plan in force and kind of report; `regions` are names, none means all.

    Columns: measure_id, kind, region, clause, document, document_number, issued_on, period_end (of the plan).
    """
    found = cursor.execute("""
        SELECT m.measure_id, r.name AS region, m.clause, d.title AS document, d.document_number, d.issued_on, d.period_end
        FROM measures m JOIN documents d USING (document_id) JOIN regions r ON r.region_id = m.region_id
        WHERE list_contains(CAST($measures AS VARCHAR[]), m.measure_id) AND d.repealed_on IS NULL
          AND (len(CAST($regions AS VARCHAR[])) = 0 OR list_contains(CAST($regions AS VARCHAR[]), r.name))
        ORDER BY d.rowid""", {"measures": list(RHYTHMS), "regions": regions}).df()
    return found.assign(kind=found["measure_id"].map(RHYTHMS).astype(object)).explode("kind", ignore_index=True)
