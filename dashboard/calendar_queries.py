"""The question of the calendar that no other page asks: how often a plan wants to be reported on."""

from __future__ import annotations

import duckdb
import pandas as pd

Cursor = duckdb.DuckDBPyConnection


def rhythms(cursor: Cursor, regions: list[str]) -> pd.DataFrame:
    """One row per plan in force and kind of report; `regions` are names, none means all.

    Columns: measure_id, kind, region, clause, document, document_number, issued_on, period_end (of the plan).
    """
    return cursor.execute("""
        SELECT m.measure_id, unnest(string_split(m.reporting, ';')) AS kind, r.name AS region, m.clause, d.title AS document,
               d.document_number, d.issued_on, d.period_end
        FROM measures m JOIN documents d USING (document_id) JOIN regions r ON r.region_id = m.region_id
        WHERE m.reporting IS NOT NULL AND d.repealed_on IS NULL
          AND (len(CAST($regions AS VARCHAR[])) = 0 OR list_contains(CAST($regions AS VARCHAR[]), r.name))
        ORDER BY d.rowid, m.measure_id, generate_subscripts(string_split(m.reporting, ';'), 1)""", {"regions": regions}).df()
