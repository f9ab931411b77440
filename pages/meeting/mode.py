"""会议: what the pages say, one screen after the other, in letters for the back row. Any page becomes it with mode=meeting.

The address keeps what is shown: mode, screens (by name, in their order; all without any), screen, region, seconds; and back,
what it said of the page before.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from dashboard import access, store
from dashboard.filters import Selection
from dashboard.text import t
from pages.meeting import said, since, targets, waters
from pages.meeting.remote import remote
from pages.meeting.screens import Screen, source
from pages.meeting.style import PAGE
from pages.shared.addressed import addressed
from pages.shared.copy_link import copy_link

KINDS = ("overview", "attention", "notes", "region", "map", "sections", "changes")
SECONDS = ("0", "10", "15", "30", "60", "120")
OWN_KEYS = {"mode", "screens", "screen", "seconds", "back"}
FILTER_KEYS = {"region", "theme", "status", "year", "unit", "q", "asof"}
STAGE = "meeting_stage"


def is_on() -> bool:
    return st.query_params.get("mode") == "meeting"


def enter_button() -> None:
    """The way in, from the page one looks at."""
    st.button(t("meeting.enter"), key="meeting_enter", on_click=_enter)


def hold(selection: Selection) -> None:
    """The meeting instead of the page."""
    st.html(PAGE)
    with st.container(key="meeting_setup"), st.popover(t("meeting.setup")):
        kinds, seconds = _setup(selection)
    screens = sequence(kinds, selection)
    keys = [screen.key for screen in screens]
    start = st.query_params.get("screen")
    if start not in keys:
        _turn(keys, keys[0])
        start = keys[0]
    stage(screens, source(selection), start, seconds, _way_back(selection))


def sequence(chosen: list[str], selection: Selection) -> list[Screen]:
    """The screens of the chosen kinds; without a choice, of all that have something to say. One says so when no target is selected."""
    if store.ask("targets", **selection.parameters()).empty:
        return [Screen("empty", t("meeting.enter"), t("meeting.empty"), f'<p class="plain">{t("meeting.empty.why")}</p>')]
    makers = {"overview": targets.overview, "attention": targets.attention, "notes": said.notes, "region": targets.regions,
              "map": waters.maps, "sections": waters.sections, "changes": since.changes}
    screens: list[Screen] = []
    for kind in chosen or KINDS:
        made = makers[kind](selection)
        if made is None and chosen:
            made = Screen(kind, t(f"meeting.screen.{kind}"), t(f"meeting.nothing.{kind}"),
                          f'<p class="plain">{t(f"meeting.nothing.{kind}.why")}</p>')
        screens += made if isinstance(made, list) else [made] if made else []
    return screens


@st.fragment
def stage(screens: list[Screen], foot: str, start: str, seconds: int, back: str) -> None:
    """Turning to another screen runs this alone."""
    access.recheck()
    keys = [screen.key for screen in screens]
    remote(screens, foot, start, seconds, back, STAGE, lambda key: _turn(keys, key))


def _setup(selection: Selection) -> tuple[list[str], int]:
    """Which screens, of which regions, whether they change by themselves, and the address that says so."""
    kinds = st.multiselect(t("meeting.screens"), KINDS, format_func=lambda kind: t(f"meeting.screen.{kind}"), key="screens",
                           bind="query-params", select_all=False, placeholder=t("meeting.screens.all"))
    options = store.ask("filter_options")
    st.session_state["meeting_regions"] = selection.regions
    st.multiselect(t("filter.region"), options.loc[options["name"] == "region", "value"].tolist(), key="meeting_regions",
                   on_change=_choose_regions, select_all=False, placeholder=t("meeting.regions.all"))
    words = {n: t("meeting.seconds.each", n=n) for n in SECONDS} | {SECONDS[0]: t("meeting.seconds.none")}
    seconds = addressed("seconds", SECONDS, SECONDS[0],
                        lambda box: st.selectbox(t("meeting.seconds"), SECONDS, key=box, format_func=words.get))
    copy_link("meeting_link")
    return kinds, int(seconds)


def _choose_regions() -> None:
    st.session_state["region"] = st.session_state["meeting_regions"]


def _turn(keys: list[str], key: str) -> None:
    """Write the screen into the address; the first is not written."""
    if key in keys[1:]:
        st.query_params["screen"] = key
    else:
        st.query_params.pop("screen", None)


def _enter() -> None:
    st.query_params["mode"] = "meeting"


def _way_back(selection: Selection) -> str:
    """The query of the page one came from, with the filters as they are now.

    What the address said of that page is kept as one key of its own: the keys themselves go with the widgets of the page.
    """
    of_page = {key: st.query_params.get_all(key) for key in st.query_params if key not in OWN_KEYS | FILTER_KEYS}
    if of_page and "back" not in st.query_params:
        st.query_params["back"] = urlencode(of_page, doseq=True)
    parts = (selection.address("").removeprefix(".").removeprefix("?"), st.query_params.get("back", ""))
    query = "&".join(part for part in parts if part)
    return f"?{query}" if query else ""
