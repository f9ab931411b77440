"""Rows of `queries.targets` as the columns the pages show in `st.dataframe`."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config as columns

from dashboard import text
from dashboard.filters import Selection
from dashboard.text import t

OPEN_WIDTHS = {"region": 64, "indicator": None, "scope": 140, "target": 104, "deadline": 60, "days": 82, "latest": 128,
               "status": 88, "units": 150, "clause": 110}
ALL_WIDTHS = {"region": 64, "scope": None, "target": 104, "deadline": 60, "latest": 140, "gap": 112, "status": 88,
              "schedule": 76, "units": 120, "clause": 110, "source": 110}
"""Columns of the two tables in order, with pixels; None takes what the text needs."""


def open_targets(rows: pd.DataFrame, selection: Selection) -> tuple[pd.DataFrame, dict]:
    """Who owes which figure since when; the clause cell links to the evidence."""
    return _table(rows, selection, OPEN_WIDTHS)


def all_targets(rows: pd.DataFrame, selection: Selection) -> tuple[pd.DataFrame, dict]:
    """Promise, last figure, gap, judgements, clause and source of every target."""
    return _table(rows, selection, ALL_WIDTHS)


def _table(rows: pd.DataFrame, selection: Selection, widths: dict[str, int | None]) -> tuple[pd.DataFrame, dict]:
    records = rows.to_dict("records")
    shown = pd.DataFrame({
        "region": rows["region"],
        "indicator": rows["name_in_plan"],
        "scope": rows["scope"],
        "target": [text.target_text(r) for r in records],
        "deadline": rows["deadline"].map(text.deadline_text),
        "days": rows["days_past_deadline"].astype("Int64"),
        "latest": [text.latest_text(r) for r in records],
        "gap": [text.gap_text(r["gap_to_target"], r["unit"], text.lower_is_better(r)) or "—" for r in records],
        "status": rows["status"].map(text.status_text),
        "schedule": rows["schedule"].fillna("—"),
        "units": [text.units_text(r) for r in records],
        "clause": [selection.address("sources", target=r["target_id"]) + "#" + r["clause"] for r in records],
        "source": rows["publisher"].fillna("—"),
    })
    return shown[list(widths)], {name: _column(name, width) for name, width in widths.items()}


def _column(name: str, width: int | None):
    label = t(f"column.{name}")
    if name == "days":
        return columns.NumberColumn(label, width=width)
    if name == "clause":
        return columns.LinkColumn(label, display_text=r"#(.*)$", width=width)
    return columns.TextColumn(label, width=width)
