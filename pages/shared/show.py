"""Markup on a page, and its tables to take along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.filters import Selection
from dashboard.page_tables import tables_of
from dashboard.text import t
from etl.spreadsheets import CSV_MIME, file_name, to_csv

SHOWN = "shown_tables"
"""Markup with tables and headings, in the order of the page."""


def show(html: str) -> None:
    """Draw markup; on one line, because after an empty one Markdown would begin to read what came from a file."""
    if not html:
        return
    st.markdown(" ".join(html.split("\n")), unsafe_allow_html=True)
    if any(tag in html for tag in ("<table", "<h1", "<h2")):
        st.session_state.setdefault(SHOWN, []).append(html)


@contextmanager
def with_tables(name: str, selection: Selection) -> Iterator[None]:
    """What is shown within can be taken along as CSV, a file for each table; a fragment has its own."""
    before, st.session_state[SHOWN] = st.session_state.get(SHOWN), []
    try:
        yield
        _offer(st.session_state[SHOWN], name, selection)
    finally:
        st.session_state[SHOWN] = before or []


def _offer(shown: list[str], name: str, selection: Selection) -> None:
    found = tables_of(shown)
    if not found:
        return
    with st.container(key=f"tables_{name}"), st.popover(t("tables.take", name=name, n=len(found)), type="tertiary"):
        for number, (heading, frame) in enumerate(found, start=1):
            words = heading or t("tables.nth", n=number)
            st.download_button(words, data=lambda frame=frame: to_csv(frame), mime=CSV_MIME, on_click="ignore",
                               file_name=file_name(f"{name}-{number}", selection.as_of, "csv"), key=f"table_{name}_{number}")
