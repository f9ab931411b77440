"""The form that adds a note to a target."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.text import esc, parse_day, t
from etl.ledger import LONGEST_NOTE
from pages.entry.parts import warning
from pages.entry.people import may_confirm, name_box
from pages.entry.publishing import publish
from pages.shared.show import show

TOLD = "note_told"
YEARS = range(2000, 2101)
"""Of a promised day."""


def note_form(target_id: str, known: int) -> None:
    """Text, promised day, name. `known`, the number of notes there are, empties the boxes after each one that is added."""
    told = st.session_state.pop(TOLD, None)
    if told:
        show(f'<div class="q"><div class="note">{esc(told)}</div></div>')
    with st.expander(t("note.add")):
        with st.form("note_form", border=False, enter_to_submit=False):
            text = st.text_area(t("note.text"), max_chars=LONGEST_NOTE, height=90, key=f"note_text_{target_id}_{known}",
                                placeholder=t("note.text.hint"))
            left, right = st.columns(2, gap="medium")
            typed = left.text_input(t("note.promised"), max_chars=20, key=f"note_promised_{target_id}_{known}",
                                    placeholder=t("note.promised.hint"))
            with right:
                name = name_box("note")
            pressed = st.form_submit_button(t("note.record"), type="primary", disabled=not may_confirm(),
                                            help=None if may_confirm() else t("entry.confirm.forbidden"))
        if pressed:
            _record(target_id, (text or "").strip(), (typed or "").strip(), name)


def _record(target_id: str, text: str, typed: str, name: str) -> None:
    lacking = [t(key) for key, words in (("note.text", text), ("entry.name", name)) if not words]
    day = _day(typed)
    if lacking:
        show(warning(t("entry.lacks", what="、".join(lacking))))
    elif typed and day is None:
        show(warning(t("note.promised.wrong", typed=typed)))
    else:
        from etl.confirm import record_note

        if publish("said", name, lambda who, progress: record_note(target_id, text, day, who, progress)):
            st.session_state[TOLD] = t("note.recorded")
            st.rerun()


def _day(typed: str) -> date | None:
    found = parse_day(typed)
    return found if found and found.year in YEARS else None
