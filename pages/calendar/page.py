"""日程: what falls due when, what was promised for when, and when a plan wants to be reported on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.agenda import agenda
from dashboard.calendar_export import ICS_MIME, ics, ics_name, linked
from dashboard.tables import open_targets
from dashboard.text import t
from pages.calendar import parts
from pages.shared.grid import grid
from pages.shared.show import show

selection = st.session_state["selection"]


def calendar_file(past: pd.DataFrame, ahead: pd.DataFrame) -> None:
    """What is ahead as a calendar file, and on demand what is past too."""
    with_past = st.checkbox(t("calendar.file.past", n=len(past)), key="calendar_past", disabled=past.empty)
    rows = linked(pd.concat([past, ahead]) if with_past else ahead, parts.address(st.context.url))
    st.download_button(t("calendar.file.download", n=len(rows)), data=lambda: ics(rows), mime=ICS_MIME, on_click="ignore",
                       file_name=ics_name(selection.regions, selection.as_of), disabled=rows.empty, key="calendar_ics")


def targets_of(events: pd.DataFrame, is_newest_first: bool) -> pd.DataFrame:
    """Rows of `targets` whose deadlines are among the events."""
    due = targets[targets["target_id"].isin(events.loc[events["kind"] == "due", "target_id"])]
    return due.sort_values("deadline", ascending=not is_newest_first, kind="stable")


def fold(rows: pd.DataFrame, key: str) -> None:
    """All of the targets as a table, one click away."""
    with st.expander(t(f"calendar.{key}.all", n=len(rows))):
        frame, columns = open_targets(rows, selection)
        grid(frame, columns, t(f"calendar.{key}.file"), selection, height=min(38 + 27 * len(frame), 420))


targets = store.ask("targets", **selection.parameters())
notes = store.ask("notes", target_ids=targets["target_id"].tolist(), as_of=selection.as_of)
events = agenda(targets, notes, store.ask("rhythms", regions=selection.regions), selection)
past, ahead = events[events["part"] == "past"], events[events["part"] != "past"]
owed, expected = targets_of(past, is_newest_first=True), targets_of(ahead, is_newest_first=False)

st.html(parts.STYLE)
show(parts.heading(events, targets, selection))
with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    calendar_file(past, ahead)
for part in ("soon", "later"):
    show(parts.months(events[events["part"] == part], part, selection))
if len(expected) > parts.SHOWN:
    fold(expected, "ahead")
show(parts.past_promises(past[past["kind"] == "promise"], selection))
if len(owed):
    show(parts.past_months(owed))
    fold(owed, "past")
