"""A table on a page, with a download that keeps Chinese readable and formulas harmless."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.filters import Selection
from dashboard.text import t
from etl.spreadsheets import CSV_MIME, file_name, to_csv


def grid(frame: pd.DataFrame, columns: dict, name: str, selection: Selection, height: int | None = None, **choice: Any) -> None:
    """Draw `frame` with its column settings; the button gives the same rows as CSV under the same headings.

    `choice` is what `st.dataframe` wants to know of rows that can be chosen.
    """
    st.dataframe(frame, column_config=columns, hide_index=True, row_height=27, placeholder="—", height=height or "auto", **choice)
    st.download_button(t("grid.download"), data=lambda: to_csv(_as_shown(frame, columns)), mime=CSV_MIME,
                       file_name=file_name(name, selection.as_of, "csv"), on_click="ignore", key=f"csv_{name}")


def _as_shown(frame: pd.DataFrame, columns: dict) -> pd.DataFrame:
    """Headings as on the page; a clause link becomes the clause."""
    plain = frame.copy()
    if "clause" in plain:
        plain["clause"] = plain["clause"].str.replace(r"^.*#", "", regex=True)
    return plain.rename(columns={key: settings["label"] or key for key, settings in columns.items()})
