"""What a confirmation did, with the way to the figures and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import store
from dashboard.text import esc, t
from pages.entry import changes, history
from pages.entry.parts import heading, local_time
from pages.shared.show import show

if TYPE_CHECKING:
    from etl.review import Flip, Line, Review

KEY = "entry_receipt"
MOST_LINKS = 8


@dataclass(frozen=True)
class Receipt:
    """The load just confirmed, and what its review had announced."""

    load_id: str
    lines: list[Line]
    flips: list[Flip]


def keep(load_id: str, review: Review) -> None:
    st.session_state[KEY] = Receipt(load_id, review.lines, review.flips)


def current() -> Receipt | None:
    return st.session_state.get(KEY)


def drop() -> None:
    st.session_state.pop(KEY, None)


def page(receipt: Receipt) -> None:
    names = store.ask("target_names")
    show(heading(t("entry.receipt", what=changes.summary(receipt.lines)), t("entry.receipt.sub"), "confirm"))
    load = history.load_of(receipt.load_id)
    facts = "".join(f"<dt>{t(f'entry.receipt.{key}')}</dt><dd>{esc(text)}</dd>" for key, text in (
        ("id", receipt.load_id), ("who", load["confirmed_by"]), ("when", local_time(load["confirmed_at"])),
        ("file", load["file_name"] or t("entry.history.typed")), ("note", load["load_note"] or "—")))
    show(f'<div class="q"><dl class="facts">{facts}</dl></div>')
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if st.button(t("entry.receipt.next"), type="primary", key="entry_next"):
            drop()
            st.rerun()
        history.withdraw_button("receipt", history.entries(receipt.load_id))
    left, right = st.columns([772, 376], gap="medium")
    with left:
        show(changes.lines_table(receipt.lines, names, is_done=True))
        _links(receipt, names)
    with right:
        show(changes.flips_table(receipt.flips, is_done=True))


def _links(receipt: Receipt, names) -> None:
    """To the figures themselves; these links keep the session."""
    about = names.set_index("target_id")
    indicators = list(dict.fromkeys(about.at[line.entry.target_id, "indicator"] for line in receipt.lines))
    show(f'<div class="q gap"><h2>{t("entry.receipt.see")}</h2></div>')
    with st.container(horizontal=True, gap="small"):
        for name in indicators[:MOST_LINKS]:
            st.page_link("pages/indicator/page.py", label=name, query_params={"indicator": name})
