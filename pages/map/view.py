"""From answers of the store to panels: which regions, how large, what lies in each, and what can be chosen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import map_fills, maps, store
from dashboard.filters import Selection
from dashboard.map_fills import Fill
from dashboard.map_labels import fit
from dashboard.maps import Panel
from dashboard.text import t
from pages.sections.listing import latest_period
from pages.shared.classes import is_known

MOST_PANELS = 6
"""WebGL views in one page; a browser gives up a little above."""

MAPS_WIDTH, GAP = 776, 16
KINDS = ("section", "county", "basin")


def attempt(name: str, make: Callable, *arguments, instead=None):
    """What `make` gives; when it fails, a warning that names the layer, and `instead`, so that the rest lives on."""
    try:
        return make(*arguments)
    except Exception:
        logging.getLogger("qingliu.map").exception("地图图层画不出：%s", name)
        st.warning(t("map.broken", name=name))
        return instead


def sizes(n: int) -> list[tuple[int, int]]:
    """Width and height of the pictures, the widest first."""
    few = {1: [(MAPS_WIDTH, 600)], 2: [((MAPS_WIDTH - GAP) // 2, 400)] * 2}
    return few.get(n, [(512, 284), (248, 284), *[(248, 224)] * (n - 2)])


def panel_regions(regions: pd.DataFrame, shapes: pd.DataFrame, selection: Selection) -> list[dict]:
    """The widest region first, the others in document order."""
    drawn = regions[regions["region_id"].isin(shapes["panel"]) & (regions["name"].isin(selection.regions) | (not selection.regions))]
    found = drawn.head(MOST_PANELS).to_dict("records")
    if not found:
        return []
    widest = max(found, key=lambda region: bounds(shapes, region["region_id"])[2] - bounds(shapes, region["region_id"])[0])
    return [widest, *(region for region in found if region is not widest)]


def bounds(shapes: pd.DataFrame, region_id: str) -> tuple[float, float, float, float]:
    """West, south, east and north of the outline."""
    outline = shapes[(shapes["panel"] == region_id) & (shapes["kind"] == "outline")].iloc[0]
    return outline["west"], outline["south"], outline["east"], outline["north"]


def sections_at(day: date, selection: Selection) -> pd.DataFrame:
    """The sections of the selection with their latest class on a day, and where they lie."""
    rows = store.ask("sections", as_of=day, regions=selection.regions, text=selection.text, nationwide=False)
    places = store.ask("section_places").drop(columns="region_id")
    rows = rows.merge(places, on="section_id", how="left").rename(columns={"latest_class": "class"})
    rows["latest_class"] = rows["class"]
    rows["is_exact"] = rows["coordinate_basis"].isin(maps.EXACT)
    rows["tip"] = [_tip(row) for row in rows.to_dict("records")]
    return rows


def _tip(row: dict) -> str:
    state = t("map.tip.class", name=row["class"], period=latest_period(row)) if is_known(row["class"]) else t("map.tip.no_class")
    return f"{row['name']}\n{state}"


def in_region(rows: pd.DataFrame, region: dict, shapes: pd.DataFrame) -> pd.DataFrame:
    """Sections of a region, and those of another that lie in its counties."""
    counties = shapes.loc[(shapes["panel"] == region["region_id"]) & (shapes["kind"] == "county"), "key"]
    return rows[(rows["region"] == region["name"]) | rows["county_id"].isin(counties)]


def panel(region: dict, size: tuple[int, int], shapes: pd.DataFrame, rows: pd.DataFrame, fill: Fill, place: str | None) -> Panel:
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
    return Panel(fit(bounds(shapes, region_id), *size, maps.MARGIN), own, sections,
                 reservoirs[(reservoirs["region_id"] == region_id) | reservoirs["county_id"].isin(counties["key"])],
                 fill.regions.get(region_id), fill.counties, tips, (kind, key) if lies_here else ("", ""))


def layers(drawn: Panel, shown: list[str]) -> list[dict]:
    """All layers from the land up to the names, each on its own."""
    makers = (("areas", maps.area_layers), ("basins", maps.basin_layers), ("rivers", maps.river_layers),
              ("frame", lambda panel, _: maps.frame_layers(panel)),
              ("reservoirs", maps.reservoir_layers), ("sections", maps.section_layers), ("names", maps.label_layers))
    return [layer for name, make in makers for layer in attempt(t(f"map.layer.{name}"), make, drawn, shown, instead=[])]


def fill(metric: str, indicator: str | None, rows: pd.DataFrame, selection: Selection) -> Fill:
    """What colours the land, with its words."""
    if metric in ("met", "overdue"):
        return map_fills.by_status(store.ask("counts_by_region", **selection.parameters()), metric)
    if metric in ("value", "gap") and indicator:
        targets = store.ask("targets", **selection.parameters())
        counties = store.ask("county_values", indicator_id=indicator, as_of=selection.as_of)
        return map_fills.by_indicator(targets[targets["indicator_id"] == indicator], counties, metric)
    if metric == "good":
        return map_fills.by_class(rows)
    return Fill()


def places(shapes: pd.DataFrame, rows: pd.DataFrame, regions: list[dict]) -> dict[str, str]:
    """What can be chosen: sections with a place, counties and basins of the regions shown."""
    names = {region["region_id"]: region["name"] for region in regions}
    found = {f"section:{row['section_id']}": " · ".join(part for part in (t("map.kind.section"), row["name"], row["river"], row["region"])
                                                        if isinstance(part, str))
             for row in rows.dropna(subset=["longitude"]).to_dict("records")}
    for kind in ("county", "basin"):
        own = shapes[(shapes["kind"] == kind) & shapes["panel"].isin(list(names))]
        for row in own.to_dict("records"):
            found.setdefault(f"{kind}:{row['key']}", f"{t(f'map.kind.{kind}')} · {row['name']} · {names[row['panel']]}")
    return found


def moments(rows: pd.DataFrame, as_of: date) -> list[str]:
    """Days the classes can be looked back at, oldest first; the last is the as-of date."""
    placed = rows.dropna(subset=["longitude"])["section_id"].tolist()
    days = store.ask("class_moments", as_of=as_of, section_ids=placed)["day"]
    return [*(f"{day:%Y-%m-%d}" for day in days if day.date() < as_of), as_of.isoformat()]
