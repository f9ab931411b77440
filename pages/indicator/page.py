"""指标: one indicator in all regions: bars against targets, the line over time, judgements, sources."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.tables import all_targets
from dashboard.text import deadline_text, t
from dashboard.timeline import timeline
from pages.indicator import parts
from pages.shared.grid import grid
from pages.shared.judgements import judgements
from pages.shared.notes import notes_block
from pages.shared.show import show

PLAIN_CHART = {"displayModeBar": False}

selection = st.session_state["selection"]
chosen = selection.parameters()


def show_notes(rows: pd.DataFrame) -> None:
    """What people said of these targets, each under its region and deadline."""
    names = {row["target_id"]: f"{row['region']} {deadline_text(row['deadline'])}" for row in rows.to_dict("records")}
    show(notes_block(store.ask("notes", target_ids=list(names), as_of=selection.as_of), selection, names))


selected = store.ask("targets", **chosen)
catalogue = store.ask("indicators", as_of=selection.as_of)
catalogue = catalogue[catalogue["indicator_id"].isin(selected["indicator_id"])]
if catalogue.empty:
    show(f'<div class="q"><h1>{t("indicator.none")}</h1></div>')
    st.stop()

name = st.selectbox(t("indicator.pick"), catalogue["name"].tolist(), key="indicator", bind="query-params",
                    label_visibility="collapsed", width=420)
indicator = catalogue[catalogue["name"] == name].iloc[0]
targets = selected[selected["indicator_id"] == indicator["indicator_id"]]
figures = store.ask("figures", indicator_id=indicator["indicator_id"], as_of=selection.as_of)

show(parts.heading(targets))
show(parts.definition(indicator))
show(parts.bullets(targets, figures, store.ask("documents"), selection))

pairs = parts.lines(targets, figures)
if pairs:
    left, right = st.columns([700, 444], gap="large")
    with left:
        labels = {f"{region} · {scope}": (region, scope) for region, scope in pairs}
        label = next(iter(labels))
        if len(labels) > 1:
            label = st.segmented_control(t("indicator.line.pick"), list(labels), default=label, required=True, key="line",
                                         bind="query-params", label_visibility="collapsed")
        region, scope = labels[label]
        line_targets = targets[(targets["region"] == region) & (targets["scope"] == scope)]
        line_figures = figures[figures["region_id"] == line_targets.iloc[0]["region_id"]]
        chart, axis = timeline(line_targets, line_figures, scope)
        show(parts.line_heading(line_targets, line_figures, scope, axis))
        st.plotly_chart(chart, theme=None, config=PLAIN_CHART, key="timeline")
        show(f'<div class="q"><div class="note">{t("indicator.line.legend")}</div></div>')
    with right:
        show(judgements(line_targets.sort_values("deadline").iloc[-1].to_dict()))
        show_notes(line_targets)
else:
    show(f'<div class="q gap"><div class="warn">{t("indicator.line.text")}</div></div>')
    show_notes(targets)

show(f'<div class="q gap"><h2>{t("indicator.table", n=len(targets))}</h2></div>')
frame, columns = all_targets(targets, selection)
grid(frame, columns, t("grid.indicator", name=name), selection)
if len(figures):
    show(f'<div class="q gap"><h2>{t("indicator.figures", n=len(figures))}</h2>'
         f'<div class="note">{t("indicator.figures.note")}</div></div>')
    frame, columns = parts.figure_table(figures, targets["region_id"])
    grid(frame, columns, t("grid.figures", name=name), selection, height=min(38 + 27 * len(frame), 360))

others = store.ask("charted_neighbours", indicator_id=indicator["indicator_id"], limit=3, **chosen)
if len(others):
    show(f'<div class="q gap"><h2>{t("indicator.small")}</h2></div>')
    for column, row in zip(st.columns(3, gap="medium"), others.to_dict("records")):
        with column:
            show(parts.small_heading(row))
            near = store.ask("figures", indicator_id=row["indicator_id"], as_of=selection.as_of)
            same = selected[(selected["indicator_id"] == row["indicator_id"]) & (selected["region_id"] == row["region_id"])
                            & (selected["scope"] == row["scope"])]
            chart, _ = timeline(same, near[near["region_id"] == row["region_id"]], row["scope"], 140, is_small=True)
            st.plotly_chart(chart, theme=None, config=PLAIN_CHART, key=f"small_{row['target_id']}")
            show(parts.small_foot(row))
