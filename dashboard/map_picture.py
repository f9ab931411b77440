"""The map as a picture for slides: a PNG of 16:9, drawn by matplotlib without browser, network or pyplot.

Everything is placed in slide pixels (1920 by 1080, y downwards) and rendered at twice that. Each region is a panel with
its own scale; shapes come in the form of `map_shapes.prepared`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle
from matplotlib.path import Path as Outline

from dashboard import theme
from dashboard.map_labels import Label, View, fit, place_labels, scale_bar, spread
from dashboard.picture_sheet import POINTS, WIDTH, Sheet
from dashboard.text import day_text, t

EDGE, TOP, BOTTOM, GAP, HEAD = 48, 138, 930, 20, 40
LAND, COUNTY, OUTLINE, RIVER, BASIN, WATER = "#F4F6F3", "#BFC8CC", "#5F6B74", "#6FA6C6", "#B3A48C", "#D6E7F1"
EXACT = ("surveyed", "office_list")
"""Bases of a coordinate that are a point; of all others the section lies about there."""
RIVERS_NAMED = 10
ROW = 29.0
"""Slide pixels of a line of the list beside a single region."""


@dataclass(frozen=True)
class Shown:
    """What there is to draw. `regions`: region_id, name in order; `shapes`: see map_shapes.prepared; `sections`:
    section_id, name, county, latest_class, latest_day, longitude, latitude, coordinate_basis, region_id, county_id;
    `reservoirs`: name, longitude, latitude. Degrees WGS84.
    """

    regions: pd.DataFrame
    shapes: pd.DataFrame
    sections: pd.DataFrame
    reservoirs: pd.DataFrame


def map_picture(shown: Shown, region_ids: list[str], as_of: date, approval_number: str = "", title: str | None = None) -> bytes:
    """PNG of 3840 by 2160 pixels: one large panel, or one for each region (all that have shapes when none is named).

    Raises ValueError when none of the regions has shapes.
    """
    drawn = [region for region in shown.regions.to_dict("records")
             if (not region_ids or region["region_id"] in region_ids) and (shown.shapes["panel"] == region["region_id"]).any()]
    if not drawn:
        raise ValueError(t("picture.nothing"))
    slots = _slots(len(drawn))
    if len(drawn) > 2:
        drawn.sort(key=lambda region: -_counties(shown, region["region_id"]) if slots[0][3] > slots[-1][3] else 0)
        drawn[1:] = [region for region in shown.regions.to_dict("records") if region in drawn[1:]]
    sheet = Sheet()
    placed = pd.concat([_in_region(shown.sections, shown.shapes, region["region_id"]) for region in drawn])
    sheet.write(EDGE, 62, title or t("picture.title", names="、".join(region["name"] for region in drawn)), 40, weight=700)
    sheet.write(EDGE, 110, _subtitle(placed.drop_duplicates("section_id"), as_of), 22, theme.INK2)
    if len(drawn) == 1 and len(placed):
        slots = [(EDGE, TOP, 0.6 * WIDTH, BOTTOM - TOP)]
        _listing(sheet, placed, EDGE + 0.6 * WIDTH + 2 * GAP)
    is_full = [_Panel(sheet, shown, region, slot, len(drawn)).draw() for region, slot in zip(drawn, slots)]
    _legend(sheet, placed)
    _credits(sheet, shown, approval_number, len(drawn), len(drawn) > 1 and not all(is_full))
    return sheet.png()


def _subtitle(sections: pd.DataFrame, as_of: date) -> str:
    classes = sections["latest_class"].dropna()
    if classes.empty:
        return t("picture.sub.none", day=day_text(as_of), n=len(sections))
    good = int(classes.isin(["Ⅰ", "Ⅱ", "Ⅲ"]).sum())
    return t("picture.sub", day=day_text(as_of), n=len(sections), known=len(classes), good=good)


def _counties(shown: Shown, region_id: str) -> int:
    return int(((shown.shapes["panel"] == region_id) & (shown.shapes["kind"] == "county")).sum())


def _in_region(sections: pd.DataFrame, shapes: pd.DataFrame, region_id: str) -> pd.DataFrame:
    counties = shapes.loc[(shapes["panel"] == region_id) & (shapes["kind"] == "county"), "key"]
    return sections[(sections["region_id"] == region_id) | sections["county_id"].isin(counties)]


def _slots(count: int) -> list[tuple[float, float, float, float]]:
    """Left, top, width, height of each panel: one, a row of up to three, one large beside four, else a grid."""
    left, wide, high = EDGE, WIDTH - 2 * EDGE, BOTTOM - TOP
    if count == 5:
        large = wide * 0.42
        small, low = (wide - large - 2 * GAP) / 2, (high - GAP) / 2
        return [(left, TOP, large, high)] + [
            (left + large + GAP + column * (small + GAP), TOP + row * (low + GAP), small, low) for row in range(2) for column in range(2)]
    columns = count if count <= 3 else math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    width, height = (wide - GAP * (columns - 1)) / columns, (high - GAP * (rows - 1)) / rows
    return [(left + at % columns * (width + GAP), TOP + at // columns * (height + GAP), width, height) for at in range(count)]


class _Panel:
    """One region: land, counties, basins, rivers, reservoirs, sections, names, scale bar."""

    def __init__(self, sheet: Sheet, shown: Shown, region: dict, slot: tuple[float, float, float, float], panels: int):
        self.sheet, self.region, self.is_one_of_many = sheet, region, panels > 1
        self.left, self.top, self.width, self.height = slot[0], slot[1] + HEAD, int(slot[2]), int(slot[3] - HEAD)
        self.size = 18.0 if panels < 3 else 15.0
        self.radius = 11.0 if panels < 3 else 9.0
        self.shapes = shown.shapes[shown.shapes["panel"] == region["region_id"]]
        outline = self.shapes[self.shapes["kind"] == "outline"].iloc[0]
        west, south, east, north = (float(outline[side]) for side in ("west", "south", "east", "north"))
        self.view: View = fit((west, south, east, north), self.width, self.height, 22)
        self.sections = _in_region(shown.sections, shown.shapes, region["region_id"])
        self.whole = shapely.from_geojson(outline["geometry"])
        water = shown.reservoirs
        self.reservoirs = water[shapely.contains_xy(self.whole, water["longitude"].to_numpy(), water["latitude"].to_numpy())]
        self.clip = Rectangle((self.left, self.top), self.width, self.height, transform=sheet.axes.transData)

    def draw(self) -> bool:
        """Whether there was room for the names of all sections."""
        if self.is_one_of_many:
            self.sheet.write(self.left, self.top - HEAD / 2, self.region["name"], 24, theme.BLUE, weight=700)
        self._areas("outline", LAND, "none", 0, 1)
        self._areas("county", "none", COUNTY, 1.1, 2)
        self._areas("basin", "none", BASIN, 1.3, 2.1, (0, (4, 3)))
        self._rivers()
        self._areas("outline", "none", OUTLINE, 1.8, 3)
        for x, y in self._pixels(self.reservoirs):
            self.sheet.axes.add_patch(Rectangle((x - 5, y - 5), 10, 10, facecolor=WATER, edgecolor=theme.LINK, linewidth=1.2, zorder=4))
        all_named = self._sections_and_names()
        kilometres, long = scale_bar(self.view, 130)
        x, y = self.left + 4, self.top + self.height - 6
        self.sheet.line([(x, y - 6), (x, y), (x + long, y), (x + long, y - 6)], theme.INK2, 1.6)
        self.sheet.write(x + long + 8, y - 4, t("map.scale", n=kilometres), 15, theme.INK2)
        return all_named

    def _pixels(self, rows: pd.DataFrame) -> list[tuple[float, float]]:
        return [(self.left + x, self.top + y) for x, y in (
            self.view.pixel(longitude, latitude) for longitude, latitude in zip(rows["longitude"], rows["latitude"]))]

    def _on_sheet(self, points: np.ndarray) -> np.ndarray:
        """Longitudes and latitudes (n, 2) in slide pixels, as `View.pixel` does one by one."""
        x0, y0 = self.view.pixel(0, 0)
        scale = self.view.pixel(1, 0)[0] - x0
        north = np.degrees(np.arcsinh(np.tan(np.radians(points[:, 1]))))
        return np.column_stack([self.left + x0 + scale * points[:, 0], self.top + y0 - scale * north])

    def _drawn(self, kind: str) -> tuple[pd.DataFrame, np.ndarray]:
        rows = self.shapes[self.shapes["kind"] == kind]
        return rows, shapely.transform(shapely.from_geojson(rows["geometry"].to_numpy(dtype=object)), self._on_sheet)

    def _areas(self, kind: str, fill: str, edge: str, width: float, order: float, dashes: str | tuple = "solid") -> None:
        _, shapes = self._drawn(kind)
        outlines = [_outline(shape) for shape in shapes]
        if outlines:
            drawn = PathCollection(outlines, facecolor=fill, edgecolor=edge, linewidth=width * POINTS, linestyle=[dashes], zorder=order)
            self.sheet.axes.add_collection(drawn, autolim=False)

    def _rivers(self) -> None:
        rows, shapes = self._drawn("river")
        lines, widths = [], []
        for shape, upa, name in zip(shapes, rows["upa_km2"], rows["name"]):
            for part in shapely.get_parts(shape):
                lines.append(shapely.get_coordinates(part))
                widths.append(POINTS * _river_width(upa, name))
        drawn = LineCollection(lines, colors=RIVER, linewidths=widths, zorder=2.5, capstyle="round")
        self.sheet.axes.add_collection(drawn, autolim=False)
        drawn.set_clip_path(self.clip)

    def _sections_and_names(self) -> bool:
        """Sections first, then the names there is room for: sections, counties, reservoirs, rivers."""
        records = self.sections.sort_values("latest_class", na_position="last").to_dict("records")
        reach = self.radius + 1
        true = self._pixels(pd.DataFrame(records, columns=self.sections.columns))
        labels, taken = [], []
        for record, place, (x, y) in zip(records, true, _apart(spread(true, 2 * reach), 2 * reach)):
            if math.dist(place, (x, y)) > 3 * reach:
                self.sheet.line([place, (x, y)], theme.INK3, 0.9, 4.5)
            self.sheet.mark(x, y, self.radius, record["latest_class"], record["coordinate_basis"] in EXACT)
            taken.append((x - reach - self.left, y - reach - self.top, x + reach - self.left, y + reach - self.top))
            labels.append(Label(f"s|{record['section_id']}", record["name"], x - self.left, y - self.top, self.size, reach + 3))
        taken += [(x - 6 - self.left, y - 6 - self.top, x + 6 - self.left, y + 6 - self.top) for x, y in self._pixels(self.reservoirs)]
        taken.append((0, self.height - 26, 220, self.height))  # the scale bar
        colours = {"s": (theme.INK, 700), "c": (theme.INK2, 400), "w": (theme.LINK, 400)}
        counties = self.shapes[self.shapes["kind"] == "county"]
        if len(counties) > 1:
            labels += self._labels("c", counties, 0)
        labels += self._labels("w", self.reservoirs.assign(key=self.reservoirs["name"]), 8)
        rivers = self.shapes[(self.shapes["kind"] == "river") & self.shapes["name"].notna()]
        labels += self._labels("w", rivers.sort_values("upa_km2", ascending=False, na_position="first").head(RIVERS_NAMED), 0)
        found = place_labels(labels, taken, self.width, self.height)
        for label in labels:
            if label.key in found:
                spot, (colour, weight) = found[label.key], colours[label.key[0]]
                self.sheet.write(self.left + label.x + spot.dx, self.top + label.y + spot.dy, label.text, label.size, colour,
                                 {"start": "left", "middle": "center", "end": "right"}[spot.anchor], weight, halo=True, order=6)
        return all(label.key in found for label in labels if label.key[0] == "s")

    def _labels(self, kind: str, rows: pd.DataFrame, gap: float) -> list[Label]:
        return [Label(f"{kind}|{key}", name, x - self.left, y - self.top, self.size - 1, gap)
                for key, name, (x, y) in zip(rows["key"], rows["name"], self._pixels(rows))]


def _apart(points: list[tuple[float, float]], pitch: float) -> list[tuple[float, float]]:
    """Points pushed away from each other until none are closer than `pitch`; a few rounds are enough for the eye."""
    if len(points) < 2:
        return points
    at = np.array(points)
    for _ in range(60):
        step = at[:, None] - at[None, :]
        distance = np.hypot(*step.transpose(2, 0, 1))
        np.fill_diagonal(distance, np.inf)
        short = np.clip(pitch - distance, 0, None)
        if not short.any():
            break
        at += 0.5 * (step / np.maximum(distance, 1e-6)[..., None] * short[..., None]).sum(axis=1)
    return [tuple(point) for point in at]


def _outline(shape) -> Outline:
    """A path of all rings of an area."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return Outline.make_compound_path(*(Outline(shapely.get_coordinates(ring), closed=True) for ring in rings))


def _river_width(upstream_km2: float | None, name: str | None) -> float:
    """Slide pixels by catchment; the great rivers whose catchment is not known are the widest."""
    if pd.isna(upstream_km2):
        return 3.6 if isinstance(name, str) else 1.2
    return min(1.0 + (max(upstream_km2, 0) / 4000) ** 0.5, 3.6)


def _legend(sheet: Sheet, sections: pd.DataFrame) -> None:
    x, y = float(EDGE), 962.0

    def word(text: str) -> None:
        nonlocal x
        x += sheet.write(x, y, text, 18, theme.INK2) + 30

    for known in [*theme.CLASS_COLOUR, None]:
        sheet.mark(x + 11, y, 11, known, True)
        x += 30
        word(t("picture.class", name=known) if known else t("map.key.no_class"))
    if not sections["coordinate_basis"].isin(EXACT).all():
        sheet.mark(x + 11, y, 11, None, False)
        x += 30
        word(t("map.key.near"))
    for key, colour, width in (("map.key.river", RIVER, 3.0), ("map.key.basin", BASIN, 1.6), ("map.layer.counties", COUNTY, 1.6)):
        sheet.axes.plot([x, x + 34], [y, y], color=colour, linewidth=width * POINTS, linestyle=(0, (4, 3)) if colour == BASIN else "solid")
        x += 42
        word(t(key))
    sheet.axes.add_patch(Rectangle((x, y - 5), 10, 10, facecolor=WATER, edgecolor=theme.LINK, linewidth=1.2))
    x += 20
    word(t("picture.reservoir"))


def _listing(sheet: Sheet, sections: pd.DataFrame, left: float) -> None:
    """Every section by name beside its class, the worst first: on the map there is not room for all names."""
    order = {known: rank for rank, known in enumerate(reversed(list(theme.CLASS_COLOUR)))}
    records = sections.assign(rank=sections["latest_class"].map(order).fillna(len(order))).sort_values("rank", kind="stable")
    rows = math.floor((BOTTOM - TOP) / ROW) - 1
    columns = 1 if len(records) <= rows else 2
    width = (WIDTH - EDGE - left) / columns
    name_width = width - 44 if columns == 2 else width * 0.42
    most = int(name_width / 18)
    sheet.write(left + 30, TOP + 8, t("picture.list.name"), 16, theme.INK3)
    if columns == 1:
        sheet.write(left + name_width + 30, TOP + 8, t("picture.list.place"), 16, theme.INK3)
    shown = records if len(records) <= rows * columns else records.head(rows * columns - 1)
    for at, record in enumerate(shown.to_dict("records")):
        x, y = left + at // rows * width, TOP + HEAD + at % rows * ROW
        sheet.mark(x + 10, y, 10, record["latest_class"], record["coordinate_basis"] in EXACT)
        name = record["name"] if len(record["name"]) <= most else record["name"][:most - 1] + "…"
        sheet.write(x + 30, y, name, 18)
        if columns == 1:
            known = [record["county"], f"{record['latest_day']:%Y-%m}" if record["latest_class"] in order else None]
            sheet.write(x + name_width + 30, y, " · ".join(word for word in known if isinstance(word, str)), 16, theme.INK2)
    if len(shown) < len(records):
        sheet.write(left + (columns - 1) * width + 30, TOP + HEAD + (rows - 1) * ROW,
                    t("picture.more", n=len(records) - len(shown)), 18, theme.INK2)


def _credits(sheet: Sheet, shown: Shown, approval_number: str, panels: int, some_unnamed: bool) -> None:
    number = t("map.credit.number", number=approval_number) if approval_number else t("map.credit.unchecked")
    own = shown.shapes.loc[shown.shapes["kind"].isin(["river", "basin"]), "is_own_layer"].astype(bool)
    notes = [t("map.credit.borders"), number, *([] if own.all() else [t("map.credit.sketch")])]
    sheet.write(EDGE, 1006, "  ·  ".join(notes), 17, theme.INK2)
    more = ["map.key.spread", *(["picture.scales"] if panels > 1 else []), *(["picture.unnamed"] if some_unnamed else []),
            "picture.not_yearly"]
    sheet.write(EDGE, 1036, "  ·  ".join(map(t, more)), 17, theme.INK2)


