"""The drawn map in the page: an SVG that says which place was clicked."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

_SCRIPT = """
export default function ({ parentElement, data, setTriggerValue }) {
  const frame = parentElement.querySelector(".map");
  if (frame.drawn !== data) {
    frame.drawn = data;
    frame.innerHTML = data;
  }
  frame.onclick = (event) => {
    const hit = event.target.closest("[data-place]");
    if (hit) setTriggerValue("place", hit.dataset.place);
  };
}
"""
_STYLE = """
.map svg { display: block; width: 100%; height: auto; font-family: var(--st-font); }
.map [data-place] { cursor: pointer; }
.map [data-place]:hover > path { stroke: #0E4D71; stroke-width: 1.6; }
.map [data-place]:hover > circle:first-of-type { stroke: #0E4D71; }
"""
_component = st.components.v2.component("qingliu_map", html='<div class="map"></div>', css=_STYLE, js=_SCRIPT)


def drawn_map(svg: str, key: str, choose: Callable[[str], None]) -> None:
    """Show a drawing of `dashboard.map_drawing` (which has escaped every name); a click hands "kind:key" to `choose`."""
    def clicked() -> None:
        place = st.session_state[key].place
        if place:
            choose(place)

    _component(data=svg, key=key, on_place_change=clicked)
