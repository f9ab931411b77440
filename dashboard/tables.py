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
        "indicator": columns.TextColumn(t("column.indicator"), width=230),
        "scope": columns.TextColumn(t("column.scope"), width=150),
        "target": columns.TextColumn(t("column.target"), width=120),
        "deadline": columns.TextColumn(t("column.deadline"), width=64),
        "days": columns.NumberColumn(t("column.days"), width=84),
        "latest": columns.TextColumn(t("column.latest"), width=130),
        "status": columns.TextColumn(t("column.status"), width=90),
        "units": columns.TextColumn(t("column.units"), width=190),
        "clause": columns.LinkColumn(t("column.clause"), display_text=r"#(.*)$", width=130),
    }
    return shown, configured
