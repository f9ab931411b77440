"""地图: the regions side by side with their waters and sections; map, list and table choose the same place."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboard import map_fills, map_shapes, maps, store
from dashboard.map_panel import Panel
from dashboard.map_words import in_region
from dashboard.text import t
from etl.settings import load_settings
from pages.map import controls, detail, parts, view
from pages.map.drawn import drawn_map
from pages.map.picture import picture_button
from pages.shared.addressed import addressed
from pages.shared.grid import grid
from pages.shared.panels import attempt, drawing, panel_of, sections_at
from pages.shared.show import show

selection = st.session_state["selection"]


def choose(place: str) -> None:
    """A place on a map: choose it, or let go of it when it was the choice."""
    st.session_state["place_choice"] = None if st.session_state.get("place_choice") == place else place


def clicked(region_id: str) -> None:
    """A shape of the map that can be moved."""
    for layer, objects in st.session_state[f"map_{region_id}"].selection.objects.items():
        kind, thing = layer.split("|")[0], objects[0]
        if kind in view.KINDS:
            choose(f"{kind}:{thing.get('key') or thing['properties']['key']}")


def draw() -> None:
    head, bar = st.container(), st.container(horizontal=True, gap="small", vertical_alignment="center")
    with bar:
        indicators = store.ask("indicators", as_of=selection.as_of)
        metric, indicator, fill_title = controls.colouring(indicators[indicators["unit"].notna()])
        shown = controls.layers()
    shapes = attempt(t("map.layer.areas"), store.ask, "map_shapes_of_regions", instead=map_shapes.NONE)
    regions = view.panel_regions(store.ask("map_regions"), shapes, selection)
    left, right = st.columns([800, 304], gap="medium")
    with left:
        latest = sections_at(selection.as_of, selection.regions, selection.text)
        day = controls.moment(view.moments(latest, selection.as_of))
    is_latest = day == selection.as_of.isoformat()
    rows = latest if is_latest else sections_at(date.fromisoformat(day), selection.regions, selection.text)
    with head:
        show(parts.heading(rows, day, is_latest))
    options = view.places(shapes, rows, regions)
    place = addressed("place", options, None, lambda key: right.selectbox(
        t("map.pick"), list(options), index=None, format_func=lambda one: options.get(one, one), key=key,
        placeholder=t("map.pick.hint", n=len(options)), label_visibility="collapsed"))
    fill = attempt(t("map.colour"), view.fill, metric, indicator, rows, selection, instead=map_fills.Fill())
    with left.container(key="map_maps"):
        show(parts.legend(fill, int(rows["is_exact"].sum())))
        for spots, row in view.rows(regions):
            for spot, (region, size) in zip(st.columns(spots, gap="small"), row):
                with spot, st.container(border=True, key=f"panel_{region['region_id']}"):
                    attempt(region["name"], draw_panel, region, size, shapes, rows, fill, shown, place, len(regions) == 1)
        show(parts.credits(load_settings().map.approval_number, shapes, len(regions)))
    with right:
        show(detail.card(place, rows, shapes, selection))
        show(parts.unplaced(rows, selection))
    if regions:
        picture_button(bar, regions, shapes, rows, store.ask("map_reservoirs"), date.fromisoformat(day), is_latest, fill, fill_title,
                       shown, place)
    table(rows, place)


def draw_panel(region: dict, size: tuple[int, int], shapes: pd.DataFrame, rows: pd.DataFrame, fill: map_fills.Fill, shown: list[str],
               place: str | None, is_alone: bool) -> None:
    """A region alone can be moved and zoomed; side by side they are drawn, which is quicker and needs no graphics card."""
    panel = panel_of(region, size, shapes, rows, fill, place)
    show(parts.panel_head(region, len(panel.of("county")), in_region(rows, region, shapes), fill, selection, is_alone))
    if is_alone:
        movable_map(region, panel, shown)
        show(parts.panel_foot(panel.view))
    else:
        drawn_map(drawing(panel, shown, t("map.alt", name=region["name"])), key=f"drawn_{region['region_id']}", choose=choose)


def movable_map(region: dict, panel: Panel, shown: list[str]) -> None:
    st.pydeck_chart(maps.Map(view.layers(panel, shown), panel.view), height=panel.view.height, key=f"map_{region['region_id']}",
                    on_select=lambda: clicked(region["region_id"]), alt=t("map.alt", name=region["name"]))


def table(rows: pd.DataFrame, place: str | None) -> None:
    """The sections, those of the choice first; another table for every choice, so that its mark is never on a wrong row."""
    rows, of_choice = view.with_choice_first(rows, place)
    frame, settings = parts.table(rows, of_choice)
    section_ids, key = rows["section_id"].tolist(), f"map_table_{place}"

    def picked() -> None:
        for row in st.session_state[key].selection.rows:
            st.session_state["place_choice"] = f"section:{section_ids[row]}"

    show(f'<div class="q gap"><h2>{t("map.table", n=len(rows))}</h2></div>')
    grid(frame, settings, t("grid.places"), selection, height=min(38 + 27 * len(rows), 460), key=key, on_select=picked,
         selection_mode="single-row")


st.html(parts.STYLE)
st.fragment(draw, run_every=controls.STEP_SECONDS if st.session_state.get("map_playing") else None)()
