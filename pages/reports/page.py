"""报告: kind and period of a report, what it will say, and the files. Regions and day are those of the filter bar."""

from __future__ import annotations

import streamlit as st

from dashboard import store
from dashboard.reports.content import KINDS, file_name
from dashboard.reports.formats import FORMATS
from dashboard.reports.periods import periods, short_name, usual_period
from dashboard.text import t
from pages.reports import parts
from pages.shared.addressed import addressed
from pages.shared.show import show

selection = st.session_state["selection"]


heading = st.container()
left, middle, _ = st.columns([320, 320, 480])
with left:
    kind = addressed("report", KINDS, KINDS[0], lambda box: st.segmented_control(
        t("reports.kind"), KINDS, format_func=lambda key: t(f"report.kind.{key}"), required=True, key=box))
offered = {short_name(period): period for period in periods(kind, selection.as_of)}
with middle:
    chosen = addressed("of", offered, short_name(usual_period(kind, selection.as_of)), lambda box: st.selectbox(
        t("reports.period"), list(offered), format_func=lambda name: offered[name].words, key=box))

plans = store.ask("map_regions")
region_ids = plans.loc[plans["name"].isin(selection.regions), "region_id"].tolist()
report = store.report(kind, offered[chosen], region_ids, selection.as_of)

with heading:
    show(parts.heading(report))
with st.container(horizontal=True, gap="small"):
    for key, form in FORMATS.items():
        st.download_button(t(f"reports.{key}"), data=lambda make=form.make: make(report), file_name=file_name(report, form.suffix),
                           mime=form.mime, on_click="ignore", key=f"report_{key}", type="primary" if key == "word" else "secondary")
show(parts.counts(report))
show(parts.said(report))
