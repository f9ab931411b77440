"""清流 Qingliu: page config, navigation and the shared filter bar; nothing else."""

from __future__ import annotations

import streamlit as st

from dashboard import access, store, theme
from dashboard.filters import filter_bar
from dashboard.text import t
from pages.meeting.mode import enter_button, hold, is_on
from pages.shared.copy_link import copy_link
from pages.shared.show import with_tables

st.set_page_config(page_title=t("app.title"), layout="wide", initial_sidebar_state=208)
st.html(theme.CSS)

PAGES = [
    st.Page("pages/overview/page.py", title=t("nav.overview"), url_path="overview", default=True),
    st.Page("pages/indicator/page.py", title=t("nav.indicator"), url_path="indicator"),
    st.Page("pages/region/page.py", title=t("nav.region"), url_path="region"),
    st.Page("pages/sections/page.py", title=t("nav.section"), url_path="section"),
    st.Page("pages/map/page.py", title=t("nav.map"), url_path="map"),
    st.Page("pages/entry/page.py", title=t("nav.entry"), url_path="entry"),
    st.Page("pages/changes/page.py", title=t("nav.changes"), url_path="changes"),
    st.Page("pages/calendar/page.py", title=t("nav.calendar"), url_path="calendar"),
    st.Page("pages/reports/page.py", title=t("nav.reports"), url_path="reports"),
    st.Page("pages/sources/page.py", title=t("nav.sources"), url_path="sources"),
]

page = st.navigation(PAGES)
access.gate()
store.ensure_database()
st.session_state["selection"] = filter_bar()
with st.sidebar:
    with st.container(key="actions", horizontal=True, gap="xsmall"):
        copy_link()
        enter_button()
    access.sign_out_button()
    store.watch_for_refresh()
if is_on():
    hold(st.session_state["selection"])
else:
    with with_tables(page.title, st.session_state["selection"]):
        page.run()
