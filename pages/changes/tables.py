"""Changes as the columns of `st.dataframe` and of the download."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config as columns

from dashboard.change_text import figure_text
from dashboard.text import deadline_text, status_text, t
from pages.changes import parts

WIDTHS = {"source": 200, "scope": 120}
"""Pixels; the other columns take what their text needs."""


def flips(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """One row per target whose status differs."""
    records = rows.to_dict("records")
    return _table({
        "region": [r["region"] for r in records],
        "target": [r["name"] for r in records],
        "scope": [r["scope"] for r in records],
        "deadline": [deadline_text(r["deadline"]) for r in records],
        "old": [status_text(r["status_before"]) for r in records],
        "new": [status_text(r["status_after"]) for r in records],
        "cause": [t("changes.cause." + r["cause"]) for r in records],
        "rests_on": [figure_text(r, "") for r in records],
        "period": [r["period_text"] for r in records],
        "source": [parts.source_words(r) for r in records],
        "url": [r["url"] for r in records],
    })


def figures(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """One row per figure that is new, changed or withdrawn."""
    records = rows.to_dict("records")
    sides = ["_before" if r["change"] == "withdrawn" else "" for r in records]
    return _table({
        "change": [t("changes.word." + r["change"]) for r in records],
        "region": [r["region"] for r in records],
        "indicator": [r["indicator"] for r in records],
        "scope": [r["scope" + side] for r, side in zip(records, sides)],
        "period": [r["period_text" + side] for r, side in zip(records, sides)],
        "old": [figure_text(r, "_before") for r in records],
        "new": [figure_text(r, "") for r in records],
        "difference": [parts.difference(r) for r in records],
        "source": [parts.source_words(r, side) for r, side in zip(records, sides)],
        "url": [r["url" + side] for r, side in zip(records, sides)],
    })


def _table(cells: dict[str, list]) -> tuple[pd.DataFrame, dict]:
    settings = {key: columns.TextColumn(t(f"changes.head.{key}"), width=WIDTHS.get(key)) for key in cells}
    settings["url"] = columns.LinkColumn(t("changes.head.url"), display_text=t("column.link.open"))
    return pd.DataFrame(cells), settings
