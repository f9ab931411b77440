"""断面: every monitoring section with its class and target, one section in full, and waters as a whole."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.text import esc, t
from pages.sections import bringing, detail, listing, one, parts, strips
from pages.shared.addressed import addressed
from pages.shared.grid import grid
from pages.shared.show import show

selection = st.session_state["selection"]
LIST_HEIGHT, SHORT_LIST_HEIGHT = 500, 214


def scope(nationwide: bool) -> pd.DataFrame:
    return store.ask("sections", as_of=selection.as_of, regions=selection.regions, text=selection.text, nationwide=nationwide)


def wanted_section(rows: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """The rows with the section of the address among them, wherever it lies; and the address where there is none."""
    wanted = st.query_params.get("section")
    if not wanted or wanted in set(rows["section_id"]):
        return rows, None
    found = store.ask("sections", as_of=selection.as_of, regions=[], text=wanted, nationwide=True)
    found = found[found["section_id"] == wanted]
    return (pd.concat([found, rows]), None) if len(found) else (rows, wanted)


def class_strip(rows: pd.DataFrame, span: str, spans: pd.DataFrame) -> strips.Strip:
    """Cells of the rows shown; readings of the span, or the classes by month and year."""
    section_ids, targets = rows["section_id"].tolist(), dict(zip(rows["section_id"], rows["target_class"]))
    if span == parts.CLASSES:
        return strips.of_periods(store.ask("class_periods", as_of=selection.as_of, section_ids=section_ids), targets)
    last = spans.loc[spans["first_day"] == pd.Timestamp(span), "last_day"].iloc[0].date()
    first = date.fromisoformat(span)
    found = store.ask("samplings", as_of=selection.as_of, first=first, last=last, section_ids=section_ids)
    return strips.of_samplings(found, first, last, targets)


st.html(listing.STYLE + one.STYLE)
head = st.container()
pick, when, where = st.columns([430, 330, 416], vertical_alignment="center")
nationwide = where.toggle(t("section.nationwide"), key="nation", bind="query-params")
rows, unknown = wanted_section(scope(nationwide))
names = parts.labels(rows)
chosen = addressed("section", names, None, lambda key: pick.selectbox(
    t("section.pick"), list(names), index=None, format_func=lambda one: names.get(one, one), key=key,
    placeholder=t("section.pick.hint", n=len(rows)), label_visibility="collapsed"))
spans = store.ask("spans", as_of=selection.as_of, section_ids=[chosen] if chosen else rows["section_id"].tolist())
choices, usual = parts.span_choices(spans)
span = addressed("span", choices, usual, lambda key: when.selectbox(
    t("section.span.pick"), list(choices), format_func=lambda one: choices.get(one, one), key=key, label_visibility="collapsed"))

if chosen:
    region = rows.loc[rows["section_id"] == chosen, "region"].iloc[0]
    listed = rows[rows["region"] == region]
else:
    listed = rows
with_class = listed["latest_class"].notna() | listed["said_meets"].notna() | (listed["section_id"] == chosen)
strip = class_strip(pd.concat([listed[with_class], listed[~with_class]]).head(2 * listing.SHOWN_ROWS), span, spans)
has_readings = bool(store.ask("imported_files").iloc[0]["files"])
if unknown:
    show(f'<div class="q"><div class="warn">{esc(t("section.unknown", section=unknown))}</div></div>')

kept = {"span": st.query_params.get("span"), "nation": st.query_params.get("nation")}
if len(listed):
    show(listing.table(listed, strip, selection, chosen, SHORT_LIST_HEIGHT if chosen else LIST_HEIGHT, **kept))
    show(listing.legend(strip, listed["target_is_of_bulletin"].any()))

if chosen:
    row = rows[rows["section_id"] == chosen].iloc[0].to_dict()
    detail.show_section(row, span, spans, selection, head, selection.address("section", **kept))
else:
    with head:
        show(parts.heading(rows, spans, selection))
    if rows.empty:
        cleared = selection.address("section", region=None, q=None)
        show(f'<div class="q"><div class="lead">{t("section.empty")}</div>'
             f'<a href="{esc(cleared)}" target="_self">{t("empty.clear")}</a></div>')
    if not has_readings:
        bringing.fetch_button(has_readings)
    if len(rows):
        frame, settings = parts.list_table(rows)
        with st.expander(t("section.grid", n=len(rows))):
            grid(frame, settings, t("grid.sections"), selection, height=min(38 + 27 * len(frame), 420))
        detail.show_waters(rows, selection)
    if has_readings:
        bringing.fetch_button(has_readings)
    show(bringing.doubts(store.ask("doubtful_matches", regions=selection.regions)))
