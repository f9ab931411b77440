"""One panel of the map before it is drawn: what lies in it, in which colours, and where its names have room.

Drawn by `maps` (a map that can be moved) and by `map_drawing` (a picture of shapes inside the page).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from dashboard import theme
from dashboard.map_labels import Box, Label, Placed, View, place_labels, spread
from dashboard.text import t

LAND, COUNTY, OUTLINE, RIVER, BASIN, HALO = "#F7F8F6", "#CCD2D5", "#5F6B74", "#6FA6C6", "#A9A08F", "#FFFFFF"
NO_CLASS, RESERVOIR = "#A39A8C", "#D6E7F1"
MARGIN, RING, PITCH, LETTER = 10, 4.3, 11.5, 11.5
EXACT = ("surveyed", "office_list")
"""Bases of a coordinate that are a point; all others are about where the section lies, and drawn as a ring."""

LAYERS = ("counties", "basins", "rivers", "sections", "reservoirs", "names")
NAME_STYLES = {"river": (theme.LINK, 400), "reservoir": (theme.LINK, 400), "basin": (theme.INK3, 400), "county": (theme.INK2, 400),
               "section": (theme.INK, 700)}
"""Colour and weight of the letters, from the lowest to the uppermost."""
RIVERS_NAMED = 8
"""In a narrow panel; a wide one names all rivers there is room for."""
SCALE_PIXELS = 80
"""The longest the scale bar in the lower left corner may be; its words need as much again."""
NARROW = 600
"""Pixels; a panel up to this width has no room for names of basins beside those of counties."""
MANY, DOT = 400, 2.2
"""From so many sections in a panel on they are small dots at their own place, without names: rings would be a carpet."""


@dataclass(frozen=True)
class Panel:
    """What one map shows. `shapes`, `sections` and `reservoirs` are the rows of this region only."""

    view: View
    shapes: pd.DataFrame
    sections: pd.DataFrame  # section_id name longitude latitude is_exact latest_class tip
    reservoirs: pd.DataFrame
    region_fill: str | None = None
    county_fills: dict[str, str] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    chosen: tuple[str, str] = ("", "")  # kind and key

    def of(self, kind: str) -> pd.DataFrame:
        return self.shapes[self.shapes["kind"] == kind]

    @property
    def is_crowded(self) -> bool:
        return len(self.sections) > MANY

    @cached_property
    def marks(self) -> list[Mark]:
        """The sections; those that share a place are moved apart, unless they are too many for it."""
        records = self.sections[["section_id", "name", "longitude", "latitude", "is_exact", "latest_class", "tip"]].to_dict("records")
        pixels = [self.view.pixel(row["longitude"], row["latitude"]) for row in records]
        if not self.is_crowded:
            pixels = spread(pixels, PITCH)
        marks = []
        for row, (x, y) in zip(records, pixels):
            known = row["latest_class"] if row["latest_class"] in theme.CLASS_COLOUR else None
            marks.append(Mark(row["section_id"], row["name"], row["tip"], x, y, known,
                              theme.CLASS_COLOUR[known] if known else NO_CLASS, bool(row["is_exact"])))
        return marks


@dataclass(frozen=True)
class Mark:
    """One section: where it is drawn, in pixels, and how."""

    key: str
    name: str
    tip: str
    x: float
    y: float
    known: str | None  # its class, if it is one of the standard's
    colour: str
    is_exact: bool


@dataclass(frozen=True)
class Name:
    """A text that has found its place."""

    kind: str  # section county basin river reservoir
    key: str
    text: str
    x: float
    y: float
    spot: Placed


def names(panel: Panel, shown: list[str]) -> list[Name]:
    """Names that do not cover each other: the chosen one, sections with a class, other sections, counties, waters, basins."""
    view, chosen, is_wide = panel.view, panel.chosen, panel.view.width > NARROW
    labels: list[tuple[str, Label]] = []
    taken: list[Box] = [(0, view.height - 16, SCALE_PIXELS + 70, view.height)]
    if "sections" in shown:
        marks = panel.marks
        reach = DOT if panel.is_crowded else 7
        taken += [(mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach) for mark in marks]
        named = [mark for mark in marks if not panel.is_crowded or chosen == ("section", mark.key)]
        named.sort(key=lambda mark: (chosen != ("section", mark.key), mark.known is None))
        labels = [("section", Label(f"section|{mark.key}", f"{mark.name} {mark.known or ''}".strip(), mark.x, mark.y, LETTER, 9.0,
                                    chosen == ("section", mark.key))) for mark in named]
    if "basins" in shown and chosen[0] == "basin":  # chosen means seen
        labels += _areas(panel, "basin", only=chosen[1])
    if "names" in shown:
        if "counties" in shown:
            labels += sorted(_areas(panel, "county"), key=lambda one: not one[1].must_stay)
        if "rivers" in shown:
            rivers = panel.of("river").dropna(subset=["name"]).sort_values("upa_km2", ascending=False, na_position="first")
            rivers = rivers if is_wide else rivers.head(RIVERS_NAMED)
            labels += [("river", _named(view, "river", row, chosen)) for row in rivers.to_dict("records")]
        if "reservoirs" in shown:
            labels += [("reservoir", Label(f"reservoir|{row['name']}", row["name"], *view.pixel(row["longitude"], row["latitude"]),
                                           LETTER, 6.0)) for row in panel.reservoirs.to_dict("records")]
        if "basins" in shown and (is_wide or "counties" not in shown):
            labels += [one for one in _areas(panel, "basin") if chosen != ("basin", one[1].key.partition("|")[2])]
    found = place_labels([label for _, label in labels], taken, view.width, view.height)
    return [Name(kind, label.key.split("|", 1)[1], label.text, label.x, label.y, found[label.key])
            for kind, label in labels if label.key in found]


def river_width(upstream_km2: float | None, name: str | None) -> float:
    """Pixels by catchment; the great rivers whose catchment is not known are the widest."""
    if upstream_km2 is None or pd.isna(upstream_km2):
        return 2.4 if isinstance(name, str) else 0.8
    return min(0.7 + (max(upstream_km2, 0) / 4000) ** 0.5, 2.4)


def _areas(panel: Panel, kind: str, only: str | None = None) -> list[tuple[str, Label]]:
    return [(kind, _named(panel.view, kind, row, panel.chosen)) for row in panel.of(kind).to_dict("records") if only in (None, row["key"])]


def _named(view: View, kind: str, row: dict, chosen: tuple[str, str]) -> Label:
    room = 0.0 if pd.isna(row["room"]) else row["room"] * view.pixels_per_degree
    return Label(f"{kind}|{row['key']}", basin_name(row["name"]) if kind == "basin" else row["name"],
                 *view.pixel(row["longitude"], row["latitude"]), LETTER, room=room, must_stay=(kind, row["key"]) == chosen)


def basin_name(name: str) -> str:
    """A basin is named after its river; on a map the two must not be taken for each other."""
    return name if name.endswith(("区间", "流域")) else t("map.tip.basin", name=name)
