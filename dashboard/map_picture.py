"""The map as it is set, as a picture for slides: a PNG of 16:9, drawn by matplotlib without browser, network or pyplot.

Everything is placed in slide pixels (1920 by 1080, y downwards) and rendered at twice that. Each region is a panel with
its own scale; shapes come in the form of `map_shapes.prepared`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard import theme
from dashboard.map_fills import Fill
from dashboard.map_labels import fit
from dashboard.map_panel import LAYERS, Panel
from dashboard.map_words import figure, finding, in_region, standing
from dashboard.picture_legend import EDGE, ROW, land_legend, legend, listing, write_credits
from dashboard.picture_panel import PanelDrawing
from dashboard.picture_sheet import WIDTH, Sheet, wrapped
from dashboard.text import day_text, t

TOP, BOTTOM, GAP, MARGIN = 138, 936, 20, 22
NAME, LINE = 40, 24
"""Heights of what stands above a panel: the region's name, and each line of its figure."""
LIST_FROM = 0.6
"""Share of the width that a single panel has beside its list."""


@dataclass(frozen=True)
class Shown:
    """What there is to draw. `regions`: region_id, name in order; `shapes`: see map_shapes.prepared; `sections`:
    section_id, name, region, county, latest_class, latest_day, longitude, latitude (missing where there is no place),
    coordinate_basis, county_id; `reservoirs`: name, longitude, latitude, region_id, county_id. Degrees WGS84.
    """

    regions: pd.DataFrame
    shapes: pd.DataFrame
    sections: pd.DataFrame
    reservoirs: pd.DataFrame


def map_picture(shown: Shown, region_ids: list[str], as_of: date, approval_number: str = "", *, fill: Fill | None = None,
                fill_title: str = "", layers: tuple[str, ...] = LAYERS, chosen: tuple[str, str] = ("", ""),
                is_latest: bool = True) -> bytes:
    """PNG of 3840 by 2160 pixels: one large panel, or one for each region (all that have shapes when none is named).

    `as_of` is the day of the classes, `is_latest` whether it is the last there is. `fill` colours the land, `fill_title`
    says by what (see map_words.colour_title). `layers` are those of map_panel.LAYERS that are on, `chosen` is kind and key
    of the choice. Raises ValueError when none of the regions has shapes.
    """
    regions = _with_shapes(shown, region_ids)
    if fill is None or ("counties" not in layers and fill.counties and not fill.regions):
        fill = Fill()  # colours of counties go with the counties
    sections = pd.concat([in_region(shown.sections, region, shown.shapes) for region in regions]).drop_duplicates("section_id")
    placed = sections.dropna(subset=["longitude", "latitude"]) if "sections" in layers else sections.head(0)
    sheet, is_alone = Sheet(), len(regions) == 1
    title = finding(sections)
    sheet.write(EDGE, 62, t("picture.title", name=regions[0]["name"], finding=title) if is_alone else title, 40, weight=700)
    sheet.write(EDGE, 110, standing(sections, day_text(as_of), is_latest), 22, theme.INK2)

    bottom = BOTTOM - ROW * bool(fill.legend)
    slots = _slots(len(regions), bottom)
    if is_alone and len(placed):
        slots = [(EDGE, TOP, LIST_FROM * WIDTH, bottom - TOP)]
        listing(sheet, placed, EDGE + LIST_FROM * WIDTH + 2 * GAP, TOP, bottom, chosen)
    words = [wrapped(figure(fill, region["region_id"]), 17, slot[2] - 8, 2) for region, slot in zip(regions, slots)]
    head = NAME * (not is_alone) + LINE * max(map(len, words))
    drawings = []
    for region, slot, lines in zip(regions, slots, words):
        _head(sheet, "" if is_alone else region["name"], lines, slot)
        drawings.append(_drawing(sheet, shown, region, slot, head, fill, layers, chosen, len(regions)))
    all_named = all([drawing.draw() for drawing in drawings])

    if fill.legend:
        land_legend(sheet, fill, fill_title, bottom + 30)
    shapes = shown.shapes[shown.shapes["panel"].isin([region["region_id"] for region in regions])]
    has_divides = "basins" in layers and (shapes["kind"] == "basin").sum() > len(regions)
    legend(sheet, placed, layers, has_divides, any(len(drawing.reservoirs) for drawing in drawings), BOTTOM + 34)
    notes = {"map.key.spread": len(placed), "picture.scales": not is_alone, "picture.unnamed": not is_alone and not all_named}
    waters = [kind for kind, layer in (("basin", "basins"), ("river", "rivers")) if layer in layers]
    write_credits(sheet, shapes[shapes["kind"].isin(waters)], approval_number, [t(key) for key, holds in notes.items() if holds])
    return sheet.png()


def panels_picture(shown: Shown, region_ids: list[str], width: int, height: int, size: float) -> tuple[bytes, bool]:
    """PNG of the panels only, side by side under their names, for a slide with its own title, legend and credits; whether all is named.

    Width, height and the size of all type in slide pixels. Raises ValueError when none of the regions has shapes.
    """
    regions, sheet = _with_shapes(shown, region_ids), Sheet(width, height)
    own = (width - GAP * (len(regions) - 1)) / len(regions)
    head, drawings = 2 * size, []
    for at, region in enumerate(sorted(regions, key=lambda region: region_ids.index(region["region_id"]))):
        left = at * (own + GAP)
        sheet.write(left, head / 2, region["name"], 1.3 * size, theme.BLUE, weight=700)
        panel = _panel(shown, region, own, height - head, Fill(), ("", ""))
        drawings.append(PanelDrawing(sheet, panel, LAYERS, left, head, size, size))
    all_named = all([drawing.draw() for drawing in drawings])
    return sheet.png(), all_named


def _with_shapes(shown: Shown, region_ids: list[str]) -> list[dict]:
    """The regions to draw; of several the one of most counties first, because the first panel is never the smallest."""
    areas = shown.shapes.groupby("panel").size()
    found = [region for region in shown.regions.to_dict("records")
             if region["region_id"] in areas and (not region_ids or region["region_id"] in region_ids)]
    if not found:
        raise ValueError(t("picture.nothing"))
    counties = shown.shapes[shown.shapes["kind"] == "county"].groupby("panel").size()
    widest = max(found, key=lambda region: counties.get(region["region_id"], 0))
    return [widest, *(region for region in found if region is not widest)]


def _slots(count: int, bottom: float) -> list[tuple[float, float, float, float]]:
    """Left, top, width, height of each panel: one, a row of up to three, one large beside four, else a grid."""
    left, wide, high = EDGE, WIDTH - 2 * EDGE, bottom - TOP
    if count == 5:
        large = wide * 0.42
        small, low = (wide - large - 2 * GAP) / 2, (high - GAP) / 2
        return [(left, TOP, large, high)] + [
            (left + large + GAP + column * (small + GAP), TOP + row * (low + GAP), small, low) for row in range(2) for column in range(2)]
    columns = count if count <= 3 else math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    width, height = (wide - GAP * (columns - 1)) / columns, (high - GAP * (rows - 1)) / rows
    return [(left + at % columns * (width + GAP), TOP + at // columns * (height + GAP), width, height) for at in range(count)]


def _head(sheet: Sheet, name: str, lines: list[str], slot: tuple[float, float, float, float]) -> None:
    """The region's name, and below it the figure that colours it."""
    left, top = slot[:2]
    if name:
        sheet.write(left, top + NAME / 2, name, 24, theme.BLUE, weight=700)
    for at, line in enumerate(lines):
        sheet.write(left, top + NAME * bool(name) + LINE * (at + 0.4), line, 17, theme.INK2)


def _drawing(sheet: Sheet, shown: Shown, region: dict, slot: tuple[float, float, float, float], head: float, fill: Fill,
             layers: tuple[str, ...], chosen: tuple[str, str], panels: int) -> PanelDrawing:
    panel = _panel(shown, region, slot[2], slot[3] - head, fill, chosen)
    return PanelDrawing(sheet, panel, layers, slot[0], slot[1] + head, 18.0 if panels < 3 else 15.0)


def _panel(shown: Shown, region: dict, width: float, height: float, fill: Fill, chosen: tuple[str, str]) -> Panel:
    """What of a region is drawn, in the view that shows all of it."""
    region_id = region["region_id"]
    shapes = shown.shapes[shown.shapes["panel"] == region_id]
    outline = shapes[shapes["kind"] == "outline"].iloc[0]
    view = fit(tuple(outline[["west", "south", "east", "north"]].astype(float)), int(width), int(height), MARGIN)
    water, counties = shown.reservoirs, shapes.loc[shapes["kind"] == "county", "key"]
    return Panel(view, shapes, in_region(shown.sections, region, shapes).dropna(subset=["longitude", "latitude"]),
                 water[(water["region_id"] == region_id) | water["county_id"].isin(counties)],
                 fill.regions.get(region_id), fill.counties, {}, chosen)
