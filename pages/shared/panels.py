"""A region as a panel of a map, with the latest classes of its sections: for the map page and the small maps of other pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import map_drawing, map_shapes, store
from dashboard.filters import Selection
from dashboard.map_fills import Fill
from dashboard.map_labels import fit
from dashboard.map_panel import EXACT, MARGIN, Panel
from dashboard.map_words import in_region
from dashboard.text import esc, t
from pages.shared.classes import is_known, latest_period

SMALL_LAYERS = ["counties", "rivers", "sections", "names"]


def attempt(name: str, make: Callable, *arguments, instead=None):
    """What `make` gives; when it fails, a warning that names the layer, and `instead`, so that the rest lives on."""
    try:
        return make(*arguments)
    except Exception:
        logging.getLogger("qingliu.map").exception("地图图层画不出：%s", name)
        st.warning(t("map.broken", name=name))
        return instead


def bounds(shapes: pd.DataFrame, region_id: str) -> tuple[float, float, float, float]:
    """West, south, east and north of the outline."""
    outline = shapes[(shapes["panel"] == region_id) & (shapes["kind"] == "outline")].iloc[0]
    return outline["west"], outline["south"], outline["east"], outline["north"]


def sections_at(day: date, regions: list[str], text: str) -> pd.DataFrame:
    """The sections of the selection with their latest class on a day, and where they lie."""
    rows = store.ask("sections", as_of=day, regions=regions, text=text, nationwide=False)
    places = store.ask("section_places")
    rows = rows.merge(places, on="section_id", how="left")
    rows["is_exact"] = rows["coordinate_basis"].isin(EXACT)
    rows["tip"] = [_tip(row) for row in rows.to_dict("records")]
    return rows


def _tip(row: dict) -> str:
    known = row["latest_class"]
    return f"{row['name']}\n" + (t("map.tip.class", name=known, period=latest_period(row)) if is_known(known) else t("map.tip.no_class"))


def panel_of(region: dict, size: tuple[int, int], shapes: pd.DataFrame, rows: pd.DataFrame, fill: Fill, place: str | None) -> Panel:
    """Everything one map shows; the choice only where it lies in this region, so that the other maps stay as they are."""
    region_id = region["region_id"]
    own = shapes[shapes["panel"] == region_id]
    sections = in_region(rows, region, shapes).dropna(subset=["longitude", "latitude"])
    reservoirs = store.ask("map_reservoirs")
    counties = own[own["kind"] == "county"]
    kind, _, key = (place or "").partition(":")
    lies_here = key in set(sections["section_id"]) if kind == "section" else ((own["kind"] == kind) & (own["key"] == key)).any()
    tips = {row["key"]: f"{row['name']}\n{fill.words[row['key']]}" for row in counties.to_dict("records")
            if row["key"] in fill.words and row["key"] in fill.counties}
    return Panel(fit(bounds(shapes, region_id), *size, MARGIN), own, sections,
                 reservoirs[(reservoirs["region_id"] == region_id) | reservoirs["county_id"].isin(counties["key"])],
                 fill.regions.get(region_id), fill.counties, tips, (kind, key) if lies_here else ("", ""))


def drawing(drawn: Panel, shown: list[str], words: str) -> str:
    """The same layers as a drawing."""
    makers = (("areas", map_drawing.areas), ("basins", map_drawing.basins), ("rivers", map_drawing.rivers), ("frame", map_drawing.frame),
              ("reservoirs", map_drawing.reservoirs), ("sections", map_drawing.sections), ("names", map_drawing.labels),
              ("frame", map_drawing.scale))
    return map_drawing.svg(drawn, [attempt(t(f"map.layer.{name}"), make, drawn, shown, instead="") for name, make in makers], words)


def small_map(region_name: str, size: tuple[int, int], selection: Selection, place: str | None = None) -> str:
    """A drawing of a region with counties, rivers and sections that leads to the map page; nothing where it has no shapes."""
    shapes = attempt(t("map.layer.areas"), store.ask, "map_shapes_of_regions", instead=map_shapes.NONE)
    regions = store.ask("map_regions")
    found = regions[(regions["name"] == region_name) & regions["region_id"].isin(shapes["panel"])].to_dict("records")
    if not found:
        return ""
    rows = sections_at(selection.as_of, [region_name], "")
    drawn = attempt(region_name, panel_of, found[0], size, shapes, rows, Fill(), place)
    svg = drawing(drawn, SMALL_LAYERS, t("map.alt", name=region_name)) if drawn else ""
    link = selection.address("map", region=region_name, place=place)
    return (f'<div class="q"><a class="smallmap" href="{esc(link)}" target="_self">{svg}</a>'
            f'<div class="note">{t("map.small.note")} <a href="{esc(link)}" target="_self">{t("map.small.link")}</a></div></div>')
