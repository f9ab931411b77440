"""From answers of the store to panels: which regions, how large, what lies in each, and what can be chosen."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard import map_fills, maps, store
from dashboard.filters import Selection
from dashboard.map_fills import Fill
from dashboard.map_panel import Panel
from dashboard.text import t
from pages.shared.panels import attempt, bounds

KINDS = ("section", "county", "basin")
ALONE = (760, 600)
"""Pixels a region alone is fitted into; the map of it may be wider."""


def rows(regions: list[dict]) -> list[tuple[list[int], list[tuple[dict, tuple[int, int]]]]]:
    """Lines of panels: the widths of its places, and the regions with the size of their pictures, the widest first.

    Drawings grow with the page; these are the pixels they are drawn in.
    """
    n = len(regions)
    if n == 1:
        return [([1], [(regions[0], ALONE)])]
    if n == 5:
        lines = [([520, 264], 284), ([256, 256, 256], 224)]
    else:
        lines = [([392, 392], 300)] * ((n + 1) // 2) if n < 5 else [([256, 256, 256], 240)] * ((n + 2) // 3)
    left = iter(regions)
    return [(widths, [(region, (width, height)) for width, region in zip(widths, left)]) for widths, height in lines]


def panel_regions(regions: pd.DataFrame, shapes: pd.DataFrame, selection: Selection) -> list[dict]:
    """The widest region first, the others in document order."""
    drawn = regions[regions["region_id"].isin(shapes["panel"]) & (regions["name"].isin(selection.regions) | (not selection.regions))]
    found = drawn.to_dict("records")
    if not found:
        return []
    widest = max(found, key=lambda region: bounds(shapes, region["region_id"])[2] - bounds(shapes, region["region_id"])[0])
    return [widest, *(region for region in found if region is not widest)]


def with_choice_first(rows: pd.DataFrame, place: str | None) -> tuple[pd.DataFrame, list[bool]]:
    """The sections with the chosen one, or those of the chosen county or basin, on top; and which ones those are."""
    kind, _, key = (place or "").partition(":")
    column = {"section": "section_id", "county": "county_id", "basin": "basin_id"}.get(kind)
    if column is None:
        return rows, [False] * len(rows)
    of_choice = rows[column] == key
    ordered = pd.concat([rows[of_choice], rows[~of_choice]], ignore_index=True)
    return ordered, (ordered[column] == key).tolist()


def layers(drawn: Panel, shown: list[str]) -> list[dict]:
    """All layers of the movable map from the land up to the names, each on its own."""
    makers = (("areas", maps.area_layers), ("basins", maps.basin_layers), ("rivers", maps.river_layers), ("frame", maps.frame_layers),
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
             for row in rows.loc[rows["longitude"].notna(), ["section_id", "name", "river", "region"]].to_dict("records")}
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
