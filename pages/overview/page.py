"""总览: how many targets are met, missed or unreported, where, and what to do first."""

from __future__ import annotations

import streamlit as st

from dashboard import store
from dashboard.tables import open_targets
from dashboard.text import t
from pages.overview import parts, waters
from pages.shared.grid import grid
from pages.shared.show import show

selection = st.session_state["selection"]
chosen = selection.parameters()


targets = store.ask("targets", **chosen)
if targets.empty:
    show(f'<div class="q"><h1>{t("empty")}</h1><a href="." target="_self">{t("empty.clear")}</a></div>')
    st.stop()

by_region = store.ask("counts_by_region", **chosen)
show(parts.heading(by_region, selection, targets["document_id"].nunique(), targets["region"].nunique()))
show(parts.main_table(by_region, targets, selection))

left, right = st.columns([620, 556], gap="medium")
with left:
    show(parts.attention_block(store.ask("attention", limit=3, **chosen), selection))
    show(parts.side_notes(store.ask("next_due", **chosen), store.ask("severe_issues", regions=selection.regions),
                          selection))
with right:
    by_theme = store.ask("counts_by_theme", **chosen)
    if len(by_theme):
        repealed = int((targets["status"] == "已废止").sum())
        show(parts.subject_table(by_theme, parts.theme_title(by_theme),
                                 t("overview.by_theme.note", n=repealed, total=len(targets) - repealed),
                                 t("column.subject.theme")))

show(waters.block(store.ask("sections", as_of=selection.as_of, regions=selection.regions, text="", nationwide=False), selection))

left, right = st.columns([620, 556], gap="medium")
by_unit = store.ask("counts_by_unit", **chosen)
if len(by_unit):
    with left:
        show(parts.subject_table(by_unit, parts.unit_title(by_unit), t("overview.by_unit.note"),
                                 t("column.subject.unit"), parts.SHOWN_UNITS))
    with right:
        by_year = store.ask("counts_by_year", **chosen)
        show(parts.subject_table(by_year, parts.year_title(by_year), t("overview.by_year.note"),
                                 t("column.subject.year"), parts.SHOWN_UNITS))

open_rows = targets[targets["status"].isin(["未达标", "到期未报"])].sort_values(["status_order", "deadline"])
if len(open_rows):
    show(f'<div class="q gap"><h2>{t("overview.all", n=len(open_rows))}</h2>'
         f'<div class="note">{t("overview.all.note")}</div></div>')
    frame, columns = open_targets(open_rows, selection)
    grid(frame, columns, t("grid.open"), selection, height=min(38 + 27 * len(frame), 420))
