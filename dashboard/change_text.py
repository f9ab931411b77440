"""What page, meeting and reports say of changes between two moments. Rows are those of `change_queries`."""

from __future__ import annotations

import pandas as pd

from dashboard.text import value_text


def flips(targets: pd.DataFrame) -> pd.DataFrame:
    """Targets of both moments whose status differs, of `change_queries.target_changes`."""
    known = targets.dropna(subset=["status_before", "status_after"])
    return known[known["status_before"] != known["status_after"]]


def figure_text(row: dict, side: str) -> str:
    """The figure of one side (`_before`, or "" for after) with its unit, — where there is none."""
    comparator = row[f"comparator{side}"]
    return value_text(row[f"value{side}"], row[f"unit{side}"], row[f"value_text{side}"],
                      comparator=comparator if isinstance(comparator, str) else "=")
