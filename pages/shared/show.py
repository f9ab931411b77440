"""Markup on a page, and its tables to take along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from dashboard.filters import Selection
from dashboard.page_tables import tables_of
from dashboard.text import t
from etl.spreadsheets import CSV_MIME, file_name, to_csv

_gathered: ContextVar[list[str] | None] = ContextVar("gathered", default=None)
"""Markup with tables and headings, in the order of the page; None while nobody gathers it."""


def show(html: str) -> None:
    """Draw markup; on one line, because after an empty one Markdown would begin to read what came from a file."""
    if not html:
        return
    st.markdown(" ".join(html.split("\n")), unsafe_allow_html=True)
    gathered = _gathered.get()
    if gathered is not None and any(tag in html for tag in ("<table", "<h1", "<h2")):
        gathered.append(html)


@contextmanager
def with_tables(name: str, selection: Selection) -> Iterator[None]:
    """What is shown within can be taken along as CSV, a file for each table; a fragment has its own."""
    shown: list[str] = []
    token = _gathered.set(shown)
    try:
        yield
        _offer(shown, name, selection)
    finally:
        _gathered.reset(token)


def _offer(shown: list[str], name: str, selection: Selection) -> None:
    found = tables_of(shown)
    if not found:
        return
    with st.container(key=f"tables_{name}"), st.popover(t("tables.take", name=name, n=len(found)), type="tertiary"):
        for number, (heading, frame) in enumerate(found, start=1):
            words = heading or t("tables.nth", n=number)
            st.download_button(words, data=lambda frame=frame: to_csv(frame), mime=CSV_MIME, on_click="ignore",
                               file_name=file_name(f"{name}-{number}", selection.as_of, "csv"), key=f"table_{name}_{number}")
