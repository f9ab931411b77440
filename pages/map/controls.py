"""What is set above the maps: what colours the land, which layers are on, the day that is shown."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from dashboard import map_fills, map_words
from dashboard.map_panel import LAYERS
from dashboard.text import t
from pages.map import parts
from pages.shared.addressed import addressed

STEP_SECONDS = 1.6
"""How long a day stays while the maps play."""


def colouring(indicators: pd.DataFrame) -> tuple[str, str | None, str]:
    """What colours the land, by which indicator, and how that is called."""
    row = st.container(horizontal=True, gap="small", vertical_alignment="center")
    what, which = row.container(width=236), row.container(width=220)
    metric = addressed("colour", map_fills.METRICS, "none", lambda key: what.selectbox(
        t("map.colour"), map_fills.METRICS, format_func=lambda name: t("map.colour.is", name=t(f"map.colour.{name}")), key=key,
        label_visibility="collapsed"))
    names = dict(zip(indicators["indicator_id"], indicators["name"]))
    if metric not in ("value", "gap") or not names:
        return metric, None, map_words.colour_title(metric, None)
    indicator = addressed("figure", names, next(iter(names)), lambda key: which.selectbox(
        t("map.indicator"), list(names), format_func=lambda one: names.get(one, one), key=key, label_visibility="collapsed"))
    return metric, indicator, map_words.colour_title(metric, names[indicator])


def layers() -> list[str]:
    """The layers that are on; the address names those that are off."""
    if "layers_choice" not in st.session_state:
        hidden = st.query_params.get("hide", "").split(",")
        st.session_state["layers_choice"] = [name for name in LAYERS if name not in hidden]
    shown = st.pills(t("map.layers"), LAYERS, selection_mode="multi", key="layers_choice",
                     format_func=lambda name: t(f"map.layer.{name}"), label_visibility="collapsed")
    hidden = [name for name in LAYERS if name not in shown]
    if hidden:
        st.query_params["hide"] = ",".join(hidden)
    else:
        st.query_params.pop("hide", None)
    return shown


def moment(days: list[str]) -> str:
    """The day whose classes are shown; while it plays, each run of the fragment goes one step on.

    While it plays the server alone knows the day: a browser that is slow to hear of a step still tells the one before. It stops
    once the browser shows the last day.
    """
    if len(days) < 2:
        return days[-1]
    state, box, last = st.session_state, "at_choice", len(days) - 1
    playing = state.get("map_playing", False)
    if playing and time.monotonic() - state["map_stepped"] > STEP_SECONDS * 0.6:
        if state["map_step"] >= last and state.get(box) == days[last]:
            state["map_playing"] = False
            st.rerun()
        state["map_step"], state["map_stepped"] = min(state["map_step"] + 1, last), time.monotonic()
    if playing:
        state[box] = days[min(state["map_step"], last)]
    slide, press = st.columns([680, 96], vertical_alignment="center")
    chosen = addressed("at", days, days[-1], lambda key: slide.select_slider(
        t("map.time"), days, key=key, label_visibility="collapsed", format_func=lambda day: (
            t("map.time.latest") if day == days[-1] else t("map.time.until", day=parts.day_words(day)))))
    if press.button(t("map.pause" if playing else "map.play"), key="map_play", width="stretch"):
        shown = days.index(chosen)
        state["map_playing"], state["map_stepped"] = not playing, 0.0
        state["map_step"] = shown if shown < last else -1  # from the last day it begins anew
        st.rerun()
    return chosen
