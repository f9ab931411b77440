"""区域: one region's plan, from the document in force to every target, measure and project in it."""

from __future__ import annotations

import streamlit as st

from dashboard import store
from dashboard.text import t
from pages.region import parts, rows
from pages.shared.grid import grid
from pages.shared.panels import small_map
from pages.shared.show import show

selection = st.session_state["selection"]


def pick_region(options: list[str]) -> str:
    """The one region of the filter, else the one picked here; the address keeps it as `plan`."""
    if len(options) == 1:
        return options[0]
    return st.segmented_control(t("region.pick"), options, key="plan", bind="query-params", required=True,
                                default=options[0], label_visibility="collapsed")


options = store.ask("filter_options")
names = {name: group["value"].tolist() for name, group in options.groupby("name")}
head = st.container()
region = pick_region([name for name in names["region"] if not selection.regions or name in selection.regions])
chosen = selection.parameters() | {"regions": [region]}

document = store.ask("document_of_region", region=region).iloc[0].to_dict()
targets = store.ask("targets", **chosen)
state = parts.plan_state(document, selection.as_of)

st.html(parts.STYLE)
with head:
    show(parts.heading(document, targets, selection, state))
left, right = st.columns([740, 404], gap="medium")
with left:
    show(parts.life_block(document, targets, selection, state))
    if len(targets):
        show(parts.missing_block(targets, store.ask("counts_by_unit", **chosen), selection, state))
with right:
    show(parts.document_card(document, selection, state))

narrowed = {"region": region, "units": selection.units, "text": selection.text}
measures, projects = store.ask("measures_of_region", **narrowed), store.ask("projects_of_region", **narrowed)
in_targets, in_measures, in_projects, in_map = st.tabs([
    t("region.tab.targets", n=len(targets)), t("region.tab.measures", n=len(measures)),
    t("region.tab.projects", n=len(projects)), t("region.tab.map")])
with in_targets:
    if len(targets):
        show(rows.targets_table(targets, names["theme"], selection, state == "repealed"))
    else:
        show(parts.nothing(region, selection))
with in_measures:
    if len(measures):
        show(f'<div class="q"><div class="note">{t("region.measures.note")}</div></div>')
        frame, columns = rows.measures_table(measures)
        grid(frame, columns, t("grid.measures", region=region), selection)
    else:
        show(f'<div class="q"><div class="note">{t("region.measures.none")}</div></div>')
with in_projects:
    if len(projects):
        priced = projects["total_investment_10k_cny"].notna().any()
        show(f'<div class="q"><div class="note">{t("region.projects.note" if priced else "region.projects.note.plain")}'
             '</div></div>')
        frame, columns = rows.projects_table(projects)
        grid(frame, columns, t("grid.projects", region=region), selection)
    else:
        show(f'<div class="q"><div class="note">{t("region.projects.none")}</div></div>')
with in_map:
    show(f'<div class="q regionmap">{small_map(region, (760, 460), selection)}</div>')
