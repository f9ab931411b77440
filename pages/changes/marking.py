"""Marking the meeting that later comparisons start from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard import access
from dashboard.text import t
from etl.meetings import LONGEST_NAME, Meeting, MeetingRefused, mark, unmark

LIST_HEIGHT = 220
"""Pixels; more meetings scroll."""


def marking(known: list[Meeting]) -> None:
    """A small window: name today's meeting, or one of an earlier day; below, the marked ones and how to take one back."""
    who = access.person()
    with st.popover(t("changes.mark"), width="stretch"):
        if told := st.session_state.pop("meeting_told", None):
            st.warning(told)
        if who.may_confirm:
            st.caption(t("changes.mark.note"))
            st.text_input(t("changes.mark.name"), key="meeting_name", max_chars=LONGEST_NAME, placeholder=t("changes.mark.hint"))
            st.date_input(t("changes.mark.day"), value=date.today(), max_value=date.today(), key="meeting_day", format="YYYY-MM-DD")
            if not who.name:
                st.text_input(t("changes.mark.by"), key="meeting_by", max_chars=LONGEST_NAME)
            st.button(t("changes.mark.do"), key="meeting_mark", type="primary", on_click=_try, args=(_mark,))
        elif not known:
            st.caption(t("changes.mark.none"))
        listed = st.container(height=LIST_HEIGHT if len(known) > 4 else "content", border=False)
        for meeting in known:
            words, button = listed.columns([3, 1], vertical_alignment="center")
            by = t("changes.mark.by_whom", name=meeting.marked_by) if meeting.marked_by else ""
            words.text(f"{meeting.day} {meeting.name}{by}")
            if who.may_confirm:
                button.button(t("changes.unmark"), key=f"unmark_{meeting.day}", on_click=_try, args=(_unmark, meeting.day))


def _mark(name: str) -> None:
    state = st.session_state
    mark(state["meeting_day"] or date.today(), state["meeting_name"], name or state["meeting_by"])
    state["meeting_name"] = ""


def _unmark(name: str, day: date) -> None:
    unmark(day)


def _try(change: Callable[..., None], *arguments: object) -> None:
    """Do what a confirmer of this name asked for, or keep what to tell them."""
    try:
        change(access.confirmer().name, *arguments)
    except (MeetingRefused, access.NotAllowed) as refused:
        st.session_state["meeting_told"] = str(refused)
    except (OSError, UnicodeDecodeError) as error:
        st.session_state["meeting_told"] = t("changes.mark.failed", error=error)
