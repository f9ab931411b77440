"""Screens about sections: their classes by region, and where they lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from dashboard import map_shapes, map_words, store, theme
from dashboard.filters import Selection
from dashboard.map_fills import Fill
from dashboard.map_labels import Box, View, fit
from dashboard.map_panel import MARGIN, NO_CLASS, Panel
from dashboard.map_words import in_region
from dashboard.text import WATER_CLASSES, esc, t
from etl.settings import load_settings
from pages.meeting.screens import WIDTH, Screen, finding, more
from pages.shared.classes import class_badge, is_worse, latest_period, share_bar
from pages.shared.panels import attempt, bounds, drawing, panel_of, sections_at

SHOWN_REGIONS, SHOWN_WORSE, SHOWN_MAPS = 5, 4, 5
GOOD, BAD = WATER_CLASSES[:3], WATER_CLASSES[3:]
MAGNIFIED = 2.3
"""How much larger than drawn a map is shown, so that its letters (11.5) can be read from the back row."""

HEAD, GAP = 44, 24
"""Of each panel its line of words, and the space between panels."""
FIELD = (WIDTH, 722)
"""Width and height of all maps together."""
REACH, SCALE = 8, 20
"""Pixels as drawn: a ring from its middle to its rim, and the line of the scale bar, which no ring may touch."""


def sections(selection: Selection) -> Screen | None:
    """Latest classes by region, and the sections worse than their target; None where there are no sections."""
    rows = store.ask("sections", as_of=selection.as_of, regions=selection.regions, text="", nationwide=False)
    if rows.empty:
        return None
    known = rows[rows["latest_class"].isin(WATER_CLASSES)]
    worse = known[[is_worse(*pair) for pair in zip(known["latest_class"], known["target_class"])]]
    if known.empty:
        title = t("meeting.sections.none", n=len(rows))
    else:
        good = int(known["latest_class"].isin(GOOD).sum())
        short = int(worse["target_class"].isin(WATER_CLASSES).sum())
        title = finding(t("meeting.sections.title", n=len(known)),
                        [t("meeting.sections.good", n=good), t("meeting.sections.worse", n=short)])
    groups = list(rows.groupby("region", sort=False))
    lines = "".join(_shares(str(name), group) for name, group in groups[:SHOWN_REGIONS])
    body = f'<p class="sub">{t("meeting.sections.sub")}</p><div class="waters">{lines}</div>'
    return Screen("sections", t("meeting.screen.sections"), title, body + more(len(groups) - SHOWN_REGIONS, "regions") + _worse(worse))


def _shares(name: str, rows: pd.DataFrame) -> str:
    known = rows[rows["latest_class"].isin(WATER_CLASSES)]
    bar = share_bar(known["latest_class"].value_counts().to_dict()) if len(known) else f"<span>{t('overview.waters.none')}</span>"
    first, last = known["latest_day"].min(), known["latest_day"].max()
    span = "—" if known.empty else f"{first:%Y-%m}" if f"{first:%Y-%m}" == f"{last:%Y-%m}" else f"{first:%Y-%m} – {last:%Y-%m}"
    return f'<b>{esc(name)}</b>{bar}<span>{t("meeting.sections.of", known=len(known), n=len(rows))}</span><span>{span}</span>'


def _worse(rows: pd.DataFrame) -> str:
    """Sections worse than their target class, or than Ⅲ where none is set."""
    if rows.empty:
        return ""
    named = [f'{esc(row["region"])} {esc(row["name"])} {class_badge(row["latest_class"])}（{esc(latest_period(row))}，{_target(row)}）'
             for row in rows.head(SHOWN_WORSE).to_dict("records")]
    rest = t("meeting.more.sections", n=len(rows) - SHOWN_WORSE) if len(rows) > SHOWN_WORSE else ""
    return (f'<div class="below"><b>{t("meeting.sections.list", n=len(rows))}</b>'
            + "".join(f'<p class="cut">{line}</p>' for line in named) + f'<p class="more">{rest}</p></div>')


def _target(row: dict) -> str:
    known = row["target_class"] in WATER_CLASSES
    return t("meeting.sections.target", name=row["target_class"]) if known else t("meeting.sections.plain")


def maps(selection: Selection) -> Screen | None:
    """The regions side by side, drawn as on the map page; None where nothing can be drawn or no section lies."""
    shapes = attempt(t("map.layer.areas"), store.ask, "map_shapes_of_regions", instead=map_shapes.NONE)
    found = store.ask("map_regions")
    found = found[found["region_id"].isin(shapes["panel"]) & (found["name"].isin(selection.regions) | (not selection.regions))]
    rows = sections_at(selection.as_of, selection.regions, "")
    placed = rows.dropna(subset=["longitude", "latitude"])
    if found.empty or placed.empty:
        return None
    known, worse = (int(placed["latest_class"].isin(names).sum()) for names in (WATER_CLASSES, BAD))
    title = finding(t("meeting.map.title", n=len(placed)),
                    [t("meeting.map.known", n=known), *([t("meeting.map.worse", n=worse)] if known else [])])
    regions = sorted(found.to_dict("records"), key=lambda region: -_breadth(shapes, region["region_id"]))[:SHOWN_MAPS]
    panels = [_panel(region, size, shapes, rows, selection.as_of) for region, size in zip(regions, _sizes(len(regions)))]
    wide = f'<div class="rest" style="grid-template-columns:repeat({_places(len(regions))[0]},auto)">{"".join(panels[1:])}</div>'
    words = [*map_words.credits(load_settings().map.approval_number, shapes), *([t("meeting.map.scales")] if len(regions) > 1 else [])]
    body = (f'{_key()}<div class="maps">{panels[0]}{wide}</div>{more(len(found) - SHOWN_MAPS, "regions")}'
            f'<p class="note">{esc("。".join(words))}。</p>')
    return Screen("map", t("meeting.screen.map"), title, body)


def _breadth(shapes: pd.DataFrame, region_id: str) -> float:
    outline = shapes[(shapes["panel"] == region_id) & (shapes["kind"] == "outline")].iloc[0]
    return outline["east"] - outline["west"]


def _places(n: int) -> tuple[int, int]:
    """Columns and rows beside the first map."""
    return (1, max(n - 1, 1)) if n <= 3 else (2, 2)


def _sizes(n: int) -> list[tuple[int, int]]:
    """Width and height of each drawing in a field 1920 wide: one alone, else the widest region at the left."""
    width, height = FIELD
    if n == 1:
        return [(width, height - HEAD)]
    across, down = _places(n)
    first = (width - GAP) // 2 if across == 1 else round(width * 0.44)
    small = ((width - first - GAP * across) // across, (height - GAP * (down - 1)) // down - HEAD)
    return [(first, height - HEAD), *[small] * (n - 1)]


def _panel(region: dict, size: tuple[int, int], shapes: pd.DataFrame, rows: pd.DataFrame, as_of: date) -> str:
    """Name, counts and the drawing; of a region alone also the names of its counties and waters."""
    own = in_region(rows, region, shapes)
    drawn_size = (round(size[0] / MAGNIFIED), round(size[1] / MAGNIFIED))
    panel = attempt(region["name"], panel_of, region, drawn_size, shapes, rows, Fill(), None)
    panel = panel and _with_room(panel, bounds(shapes, region["region_id"]))
    shown = ["counties", "rivers", "sections", *(["names"] if size[0] == FIELD[0] else [])]
    svg = drawing(panel, shown, t("map.alt", name=region["name"])) if panel else ""
    is_old = not pd.isna(region["repealed_on"]) and region["repealed_on"] <= pd.Timestamp(as_of)
    known = int(own["latest_class"].isin(WATER_CLASSES).sum())
    words = t("meeting.map.repealed" if is_old else "meeting.map.counts", n=len(own), known=known)
    return (f'<div class="panel" style="--w:{size[0]};--h:{size[1]};width:calc(var(--w) * var(--u))"><div class="cut">'
            f'<b>{esc(region["name"])}</b>{words}</div>{svg}</div>')


def _with_room(panel: Panel, box: Box) -> Panel:
    """The same map, smaller until its rings, moved apart at the edge too, have room above the scale bar."""
    width, height = panel.view.width, panel.view.height
    for high in range(height, height // 2, -2):
        view = fit(box, width, high, MARGIN)
        rims = [mark.y for mark in replace(panel, view=view).marks]
        top, bottom = min([0, *(y - REACH for y in rims)]), max([high - MARGIN, *(y + REACH for y in rims)]) + SCALE
        if bottom - top <= height:
            break
    longitude, latitude = view.place(width / 2, top + height / 2)
    return replace(panel, view=View(longitude, latitude, view.zoom, width, height))


def _key() -> str:
    """What the colours of the rings mean."""
    colours = [(theme.CLASS_COLOUR["Ⅰ"], "Ⅰ–Ⅱ"), *((theme.CLASS_COLOUR[name], name) for name in WATER_CLASSES[2:]),
               (NO_CLASS, t("map.key.no_class"))]
    rings = "".join(f'<span><i style="background:{colour}"></i>{words}</span>' for colour, words in colours)
    return f'<div class="key">{rings}<span>{t("map.key.near")}</span></div>'
