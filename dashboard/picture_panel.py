"""One region on the slide: land, counties, divides, rivers, reservoirs, sections, names, scale bar."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle

from dashboard import theme
from dashboard.map_labels import Box, Label, place_labels, scale_bar
from dashboard.map_panel import (
    BASIN,
    COUNTY,
    EXACT,
    HALO,
    LAND,
    NAME_STYLES,
    OUTLINE,
    RESERVOIR,
    RIVER,
    Panel,
    basin_name,
    river_width,
)
from dashboard.picture_geometry import apart, path_of
from dashboard.picture_sheet import LEAST_LETTER_RADIUS, POINTS, Sheet
from dashboard.text import t

WORST_FIRST = list(reversed(theme.CLASS_COLOUR))
FULLEST = 0.2
"""Share of the land that discs may cover; with more sections they become smaller."""
RIVERS_NAMED, NARROW = 10, 700
"""Of each panel at most; and slide pixels up to which a panel has no room for basins beside counties."""
SIDES = {"start": "left", "middle": "center", "end": "right"}


def worst_first(sections: pd.DataFrame) -> pd.DataFrame:
    """Those without a class last."""
    rank = {name: number for number, name in enumerate(WORST_FIRST)}
    return sections.assign(rank=sections["latest_class"].map(rank).fillna(len(rank))).sort_values("rank", kind="stable")


class PanelDrawing:
    """A panel of the map (see maps.Panel) drawn with its upper left corner at (left, top) in slide pixels.

    `size` is that of the names of sections, `scale_size` that of the scale bar.
    """

    def __init__(self, sheet: Sheet, panel: Panel, layers: tuple[str, ...], left: float, top: float, size: float, scale_size: float = 15.0):
        self.sheet, self.panel, self.layers, self.left, self.top, self.size = sheet, panel, layers, left, top, size
        self.view, self.scale_size = panel.view, scale_size
        self.sections = worst_first(panel.sections) if "sections" in layers else panel.sections.head(0)
        self.reservoirs = panel.reservoirs if "reservoirs" in layers else panel.reservoirs.head(0)
        land = shapely.area(self._drawn(panel.of("outline"))).sum()
        room = math.sqrt(FULLEST * land / (math.pi * max(len(self.sections), 1)))
        self.radius = min(0.6 * size, max(room, 3.0))
        self.is_crowded = self.radius < LEAST_LETTER_RADIUS

    def draw(self) -> bool:
        """Whether there was room for the names of all sections."""
        panel, counties = self.panel, self.panel.of("county")
        self._areas(panel.of("outline"), [panel.region_fill or LAND], "none", 0, 1)
        if "counties" in self.layers:
            self._areas(counties, [panel.county_fills.get(key, "none") for key in counties["key"]], COUNTY, 1.1, 2)
        if "basins" in self.layers:
            self._lines(self._drawn(panel.of("divide")), BASIN, 1.8, 2.1, "butt")  # already dashes: round ends would close them
        if "rivers" in self.layers:
            self._rivers()
        self._areas(panel.of("outline"), ["none"], OUTLINE, 1.8, 3)
        kind, key = panel.chosen
        if kind in ("county", "basin"):
            self._areas(panel.of(kind)[panel.of(kind)["key"] == key], ["none"], theme.INK, 3.2, 3.5)
        for x, y in self._pixels(self.reservoirs):
            self.sheet.box(x, y, 10, 10, RESERVOIR, theme.LINK)
        all_named = self._names(self._discs())
        self._scale_bar()
        return all_named

    def _rivers(self) -> None:
        """With a pale edge where the land is coloured, else they drown in its blue."""
        rows = self.panel.of("river")
        lines, widths = self._drawn(rows), [1.5 * river_width(upa, name) for upa, name in zip(rows["upa_km2"], rows["name"])]
        if self.panel.region_fill or self.panel.county_fills:
            self._lines(lines, HALO, [width + 2 for width in widths], 2.4)
        self._lines(lines, RIVER, widths, 2.5)

    def _scale_bar(self) -> None:
        kilometres, long = scale_bar(self.view, 130)
        x, y = self.left + 4, self.top + self.view.height - 6
        self.sheet.line([(x, y - 6), (x, y), (x + long, y), (x + long, y - 6)], theme.INK2, 1.6)
        self.sheet.write(x + long + 8, y - 4, t("map.scale", n=kilometres), self.scale_size, theme.INK2)

    def _to_sheet(self, points: np.ndarray) -> np.ndarray:
        return self.view.pixels(points) + np.array([self.left, self.top])

    def _pixels(self, rows: pd.DataFrame) -> np.ndarray:
        return self._to_sheet(rows[["longitude", "latitude"]].to_numpy(dtype=float))

    def _drawn(self, rows: pd.DataFrame) -> np.ndarray:
        return shapely.transform(shapely.from_geojson(rows["geometry"].to_numpy(dtype=object)), self._to_sheet)

    def _areas(self, rows: pd.DataFrame, fills: list[str], edge: str, width: float, order: float) -> None:
        outlines = [path_of(shape) for shape in self._drawn(rows)]
        self.sheet.axes.add_collection(PathCollection(outlines, facecolors=fills, edgecolors=edge, linewidths=width * POINTS,
                                                      joinstyle="round", zorder=order), autolim=False)

    def _lines(self, shapes, colour: str, widths: float | list[float], order: float,
               ends: Literal["round", "butt"] = "round") -> None:
        """Lines with one width, or one for each shape."""
        parts, of_shape = shapely.get_parts(shapes, return_index=True)
        drawn = LineCollection([shapely.get_coordinates(part) for part in parts], colors=colour, zorder=order, capstyle=ends,
                               linewidths=POINTS * (np.take(widths, of_shape) if isinstance(widths, list) else widths))
        self.sheet.axes.add_collection(drawn, autolim=False)
        drawn.set_clip_path(Rectangle((self.left, self.top), self.view.width, self.view.height, transform=self.sheet.axes.transData))

    def _discs(self) -> np.ndarray:
        """Draws the sections, those of one place apart, each tied to its place where it moved far; where they stand (n, 2)."""
        true = self._pixels(self.sections)
        reach = self.radius + 1
        places = apart(true, 2 * reach)
        if not self.is_crowded:
            for place, (x, y) in zip(true, places):
                if math.dist(place, (x, y)) > 3 * reach:
                    self.sheet.line([tuple(place), (x, y)], theme.INK3, 0.9, 4.5)
        self.sheet.marks(places, self.radius, self.sections["latest_class"], self.sections["coordinate_basis"].isin(EXACT))
        return places

    def _names(self, discs: np.ndarray) -> bool:
        """Names there is room for."""
        corner, reach, chosen = np.array([self.left, self.top]), self.radius + 1, "|".join(self.panel.chosen)
        sections = self._labels("section", self.sections.assign(key=self.sections["section_id"]), discs - corner, reach + 3)
        for label in sections:
            if label.key == chosen:
                self.sheet.ring(self.left + label.x, self.top + label.y, self.radius + 5)
        scale = (0, self.view.height - 26, 220, self.view.height)
        taken = [] if self.is_crowded else _around(discs - corner, reach) + _around(self._pixels(self.reservoirs) - corner, 6)
        labels = self._in_order(sections)
        found = place_labels(labels, [scale, *taken], self.view.width, self.view.height)
        for label in labels:
            if label.key in found:
                spot, (colour, weight) = found[label.key], NAME_STYLES[label.key.partition("|")[0]]
                if label.key == chosen or self.is_crowded:
                    colour, weight = theme.INK, 700
                self.sheet.write(self.left + label.x + spot.dx, self.top + label.y + spot.dy, label.text, label.size, colour,
                                 SIDES[spot.anchor], weight, halo=True, order=6)
        return all(label.key in found for label in sections)

    def _in_order(self, sections: list[Label]) -> list[Label]:
        """What is to be named: the choice, coloured counties, sections, other counties, waters, in a wide panel basins.

        Among crowded discs only the choice and the counties, above the discs.
        """
        counties, areas = self._labels("county", self.panel.of("county")), self.panel.of("basin")
        basins = self._labels("basin", areas.assign(name=areas["name"].map(basin_name)))
        labels = [label for label in [*sections, *counties, *basins] if label.must_stay]
        with_names = self.layers if "names" in self.layers else ()
        if "counties" not in with_names or len(counties) == 1:
            counties = []
        labels += [label for label in counties if label.key.partition("|")[2] in self.panel.county_fills]
        if self.is_crowded:
            labels += counties
        else:
            labels += [*sections, *counties, *(self._waters() if with_names else [])]
            if "basins" in with_names and (self.view.width > NARROW or not counties):
                labels += basins
        return list({label.key: label for label in labels}.values())

    def _waters(self) -> list[Label]:
        """Reservoirs, and the largest rivers."""
        reservoirs = self.reservoirs.assign(key=self.reservoirs["name"])
        labels = self._labels("reservoir", reservoirs, gap=8)
        if "rivers" in self.layers:
            rivers = self.panel.of("river").dropna(subset=["name"]).sort_values("upa_km2", ascending=False, na_position="first")
            labels += self._labels("river", rivers.head(RIVERS_NAMED))
        return labels

    def _labels(self, kind: str, rows: pd.DataFrame, spots: np.ndarray | None = None, gap: float = 0.0) -> list[Label]:
        """Names at their points, or at `spots` from the corner of the panel; areas with the room there is around the point."""
        if spots is None:
            spots = self._pixels(rows) - np.array([self.left, self.top])
        size = self.size if kind == "section" else self.size - 1
        rooms = rows["room"].fillna(0).astype(float) * self.view.pixels_per_degree if "room" in rows else np.zeros(len(rows))
        labels = []
        for key, name, (x, y), room in zip(rows["key"], rows["name"], spots, rooms):
            is_chosen = (kind, key) == self.panel.chosen
            labels.append(Label(f"{kind}|{key}", name, x, y, size, gap + 6 if gap and is_chosen else gap, room=room, must_stay=is_chosen))
        return labels


def _around(spots: np.ndarray, reach: float) -> list[Box]:
    return [(x - reach, y - reach, x + reach, y + reach) for x, y in spots]
