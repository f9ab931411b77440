"""Rows of `queries.targets` as the columns the pages show in `st.dataframe`."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config as columns

from dashboard import text
from dashboard.filters import Selection
from dashboard.text import t


def open_targets(rows: pd.DataFrame, selection: Selection) -> tuple[pd.DataFrame, dict]:
    """Who owes which figure since when; the clause cell links to the evidence."""
    shown = pd.DataFrame({
        "region": rows["region"],
        "indicator": rows["name_in_plan"],
        "scope": rows["scope"],
        "target": [text.target_text(r) for r in rows.to_dict("records")],
        "deadline": rows["deadline"].map(text.deadline_text),
        "days": rows["days_past_deadline"].astype("Int64"),
        "latest": [text.latest_text(r) for r in rows.to_dict("records")],
        "status": rows["status"].map(text.status_text),
        "units": rows.apply(text.units_text, axis=1),
        "clause": [selection.address("sources", target=r["target_id"]) + "#" + r["clause"]
                   for r in rows.to_dict("records")],
    })
    configured = {
        "region": columns.TextColumn(t("column.region"), width=64),
        "indicator": columns.TextColumn(t("column.indicator")),
        "scope": columns.TextColumn(t("column.scope"), width=140),
        "target": columns.TextColumn(t("column.target"), width=104),
        "deadline": columns.TextColumn(t("column.deadline"), width=60),
        "days": columns.NumberColumn(t("column.days"), width=82),
        "latest": columns.TextColumn(t("column.latest"), width=128),
        "status": columns.TextColumn(t("column.status"), width=88),
        "units": columns.TextColumn(t("column.units"), width=150),
        "clause": columns.LinkColumn(t("column.clause"), display_text=r"#(.*)$", width=110),
    }
    return shown, configured


def all_targets(rows: pd.DataFrame, selection: Selection) -> tuple[pd.DataFrame, dict]:
    """Promise, last figure, gap, judgements, clause and source of every target."""
    records = rows.to_dict("records")
    shown = pd.DataFrame({
        "region": rows["region"],
        "scope": rows["scope"],
        "target": [text.target_text(r) for r in records],
        "deadline": rows["deadline"].map(text.deadline_text),
        "latest": [text.latest_text(r) for r in records],
        "gap": [text.gap_text(r["gap_to_target"], r["unit"], text.lower_is_better(r)) or "—" for r in records],
        "status": rows["status"].map(text.status_text),
        "schedule": rows["schedule"].fillna("—"),
        "units": rows.apply(text.units_text, axis=1),
        "clause": [selection.address("sources", target=r["target_id"]) + "#" + r["clause"] for r in records],
        "source": rows["publisher"].fillna("—"),
    })
    return shown, {
        "region": columns.TextColumn(t("column.region"), width=64),
        "scope": columns.TextColumn(t("column.scope")),
        "target": columns.TextColumn(t("column.target"), width=104),
        "deadline": columns.TextColumn(t("column.deadline"), width=60),
        "latest": columns.TextColumn(t("column.latest"), width=140),
        "gap": columns.TextColumn(t("column.gap"), width=112),
        "status": columns.TextColumn(t("column.status"), width=88),
        "schedule": columns.TextColumn(t("column.schedule"), width=76),
        "units": columns.TextColumn(t("column.units"), width=120),
        "clause": columns.LinkColumn(t("column.clause"), display_text=r"#(.*)$", width=110),
        "source": columns.TextColumn(t("column.source"), width=110),
    }
