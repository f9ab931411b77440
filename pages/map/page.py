"""地图: the regions side by side with their waters and sections; map, list and table choose the same place."""

from __future__ import annotations

import time
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import map_fills, map_shapes, maps, store
from dashboard.text import t
from etl.settings import load_settings
from pages.map import detail, parts, view
from pages.shared.addressed import addressed

selection = st.session_state["selection"]
STEP_SECONDS = 1.6


def show(html: str) -> None:
    if html:
        st.markdown(html, unsafe_allow_html=True)


def clicked(region_id: str) -> None:
    """A shape on a map: choose it, or let go of it when it was the choice."""
    for layer, objects in st.session_state[f"map_{region_id}"].selection.objects.items():
        kind, thing = layer.split("|")[0], objects[0]
        place = f"{kind}:{thing.get('key') or thing['properties']['key']}"
        st.session_state["place_choice"] = None if st.session_state.get("place_choice") == place else place


def picked(section_ids: list[str]) -> None:
    """A row of the table."""
    for row in st.session_state["map_table"].selection.rows:
        st.session_state["place_choice"] = f"section:{section_ids[row]}"


def controls(indicators: pd.DataFrame) -> tuple[str, str | None, list[str]]:
    """What colours the land, by which indicator, and which layers are on; the address keeps all three."""
    row = st.container(horizontal=True, gap="small", vertical_alignment="center")
    what, which, on = row.container(width=236), row.container(width=220), row.container(width=460)
    metric = addressed("colour", map_fills.METRICS, "none", lambda key: what.selectbox(
        t("map.colour"), map_fills.METRICS, format_func=lambda name: t("map.colour.is", name=t(f"map.colour.{name}")), key=key,
        label_visibility="collapsed"))
    names = dict(zip(indicators["indicator_id"], indicators["name"]))
    indicator = None
    if metric in ("value", "gap") and names:
        indicator = addressed("figure", names, next(iter(names)), lambda key: which.selectbox(
            t("map.indicator"), list(names), format_func=lambda one: names.get(one, one), key=key, label_visibility="collapsed"))
    if "layers_choice" not in st.session_state:
        hidden = st.query_params.get("hide", "").split(",")
        st.session_state["layers_choice"] = [name for name in maps.LAYERS if name not in hidden]
    shown = on.pills(t("map.layers"), maps.LAYERS, selection_mode="multi", key="layers_choice",
                     format_func=lambda name: t(f"map.layer.{name}"), label_visibility="collapsed")
    hidden = [name for name in maps.LAYERS if name not in shown]
    if hidden:
        st.query_params["hide"] = ",".join(hidden)
    else:
        st.query_params.pop("hide", None)
    return metric, indicator, shown


def moment(rows: pd.DataFrame) -> str:
    """The day whose classes are shown; while it plays, each run of the fragment goes one step on."""
    days = view.moments(rows, selection.as_of)
    if len(days) < 2:
        return days[-1]
    box, playing = "at_choice", st.session_state.get("map_playing", False)
    if playing and time.monotonic() - st.session_state.get("map_stepped", 0.0) > STEP_SECONDS * 0.6:
        now = st.session_state.get(box)
        step = days.index(now) + 1 if now in days and now != days[-1] else 0
        st.session_state[box], st.session_state["map_stepped"] = days[step], time.monotonic()
        if step == len(days) - 1:
            st.session_state["map_playing"] = False
            st.rerun()
    slide, press = st.columns([680, 96], vertical_alignment="center")
    chosen = addressed("at", days, days[-1], lambda key: slide.select_slider(
        t("map.time"), days, key=key, label_visibility="collapsed", format_func=lambda day: (
            t("map.time.latest") if day == days[-1] else t("map.time.until", day=parts.day_words(day)))))
    if press.button(t("map.pause" if playing else "map.play"), key="map_play", width="stretch"):
        st.session_state["map_playing"], st.session_state["map_stepped"] = not playing, 0.0
        st.rerun()
    return chosen


def draw() -> None:
    head = st.container()
    indicators = store.ask("indicators", as_of=selection.as_of)
    metric, indicator, shown = controls(indicators[indicators["unit"].notna()])
    shapes = view.attempt(t("map.layer.areas"), store.ask, "map_shapes_of_regions", instead=map_shapes.NONE)
    regions = view.panel_regions(store.ask("map_regions"), shapes, selection)
    body = st.container(horizontal=True, gap="small")
    left, right = body.container(width=view.MAPS_WIDTH), body.container(width=310, key="map_side")
    with left:
        day = moment(view.sections_at(selection.as_of, selection))
    rows = view.sections_at(date.fromisoformat(day), selection)
    is_latest = day == selection.as_of.isoformat()
    with head:
        show(parts.heading(rows, day, is_latest))
    options = view.places(shapes, rows, regions)
    place = addressed("place", options, None, lambda key: right.selectbox(
        t("map.pick"), list(options), index=None, format_func=lambda one: options.get(one, one), key=key,
        placeholder=t("map.pick.hint", n=len(options)), label_visibility="collapsed"))
    fill = view.attempt(t("map.colour"), view.fill, metric, indicator, rows, selection, instead=map_fills.Fill())
    with left, st.container(horizontal=True, gap="small"):
        for region, size in zip(regions, view.sizes(len(regions))):
            one = st.container(border=True, width=size[0], key=f"panel_{region['region_id']}")
            with one:
                view.attempt(region["name"], draw_panel, region, size, shapes, rows, fill, shown, place, len(regions) == 1)
    with left:
        show(parts.credits(load_settings().map.approval_number, shapes, len(regions)))
    with right:
        show(detail.card(place, rows, shapes, selection))
        show(parts.legend(fill, int(rows["is_exact"].sum())))
        show(parts.unplaced(rows, selection))
    section_ids = rows["section_id"].tolist()
    with body.container(width="stretch", key="map_list"):
        frame, settings = parts.table(rows, place)
        show(f'<div class="q"><h2>{t("map.table", n=len(rows))}</h2></div>')
        st.dataframe(frame, column_config=settings, hide_index=True, row_height=27, placeholder="—", height=min(38 + 27 * len(rows), 640),
                     key="map_table", on_select=lambda: picked(section_ids), selection_mode="single-row")


def draw_panel(region: dict, size: tuple[int, int], shapes: pd.DataFrame, rows: pd.DataFrame, fill: map_fills.Fill, shown: list[str],
               place: str | None, is_alone: bool) -> None:
    drawn = view.panel(region, (size[0] - 2, size[1]), shapes, rows, fill, place)
    show(parts.panel_head(region, len(drawn.of("county")), view.in_region(rows, region, shapes), fill, selection, is_alone))
    st.pydeck_chart(maps.Map(view.layers(drawn, shown), drawn.view), height=size[1], key=f"map_{region['region_id']}",
                    on_select=lambda: clicked(region["region_id"]), alt=t("map.alt", name=region["name"]))
    show(parts.panel_foot(drawn.view))


st.html(parts.STYLE)
st.fragment(draw, run_every=STEP_SECONDS if st.session_state.get("map_playing") else None)()
