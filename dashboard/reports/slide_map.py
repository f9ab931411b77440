"""The maps of the slides: two regions beside each other, or one beside the list of its sections."""

from __future__ import annotations

import contextlib

import pandas as pd

from dashboard import theme
from dashboard.map_panel import RESERVOIR, RIVER
from dashboard.map_words import credits, in_region, standing
from dashboard.reports import sentences
from dashboard.reports.content import RegionPart, Report
from dashboard.reports.slide_notes import by_title
from dashboard.reports.slide_parts import Deck, add_key, add_picture, add_table, add_text
from dashboard.reports.slide_room import BODY, SMALL_PT, Box, Column, planned
from dashboard.text import WATER_CLASSES, day_text, listed, t
from etl.settings import load_settings
from etl.versions import database_file, open_read_only

PER_SLIDE = 2
MAP = Box(BODY.left, 1.62, BODY.width, 4.36)
KEY, CREDITS = Box(BODY.left, 6.05, BODY.width, 0.26), Box(BODY.left, 6.33, BODY.width, 0.52)
LIST_IN = 4.6
"""Width of the list beside a single map."""
PIXELS = 100
"""Slide pixels per inch; letters of 20 of them are 14 points."""
LETTERS = 20.0

CLASS_GROUPS = (("Ⅰ–Ⅱ", ("Ⅰ", "Ⅱ")), *((name, (name,)) for name in WATER_CLASSES[2:]))
"""Ⅰ and Ⅱ share their colour."""


def add_maps(made: Deck, report: Report) -> None:
    """Of the regions that have sections, from the version of the database the report was made of; nothing once that is removed."""
    from dashboard.picture_queries import shown_on_map  # matplotlib is slow to import

    file = database_file(report.version)
    if not file.is_file():
        return
    with contextlib.closing(open_read_only(file)) as connection:
        shown = shown_on_map(connection.cursor(), report.as_of)
    drawn = set(shown.shapes["panel"])
    regions = [part for part in report.regions if part.region_id in drawn and (len(part.sections) or len(report.regions) == 1)]
    for at in range(0, len(regions), PER_SLIDE):
        _add_map(made, report, shown, regions[at:at + PER_SLIDE])


def _add_map(made: Deck, report: Report, shown, regions: list[RegionPart]) -> None:
    from dashboard.map_picture import panels_picture
    from dashboard.picture_panel import worst_first

    sections = pd.concat([in_region(shown.sections, {"region_id": part.region_id, "name": part.name}, shown.shapes)
                          for part in regions]).drop_duplicates("section_id")
    placed = sections.dropna(subset=["longitude", "latitude"])
    sources = report.sources[(report.sources["kind"] == "section") & report.sources["region"].isin([part.name for part in regions])]
    slide = made.slide(_title(regions, placed), standing(sections, day_text(report.as_of), True),
                       [t("slides.map.notes"), *by_title(sources)])
    box, beside = MAP, None
    if len(regions) == 1 and len(placed):
        box, beside = MAP.split(MAP.width - LIST_IN - 0.3)
    region_ids, size = [part.region_id for part in regions], (round(box.width * PIXELS), round(box.height * PIXELS))
    png, all_named = panels_picture(shown, region_ids, *size, LETTERS)
    add_picture(slide, box, png)
    if beside:
        _add_list(slide, beside, worst_first(placed))
    add_key(slide, KEY, [*(("●", theme.CLASS_COLOUR[classes[-1]], t("slides.class", name=label)) for label, classes in CLASS_GROUPS),
                         ("○", theme.INK2, t("map.key.no_class")), ("◎", theme.INK2, t("map.key.near")),
                         ("━", RIVER, t("map.key.river")), ("■", RESERVOIR, t("picture.reservoir"))])
    shapes = shown.shapes[shown.shapes["panel"].isin(region_ids)]
    said = credits(load_settings().map.approval_number, shapes[shapes["kind"].isin(["basin", "river"])])
    said += [t(key) for key, holds in (("picture.scales", len(regions) > 1), ("picture.unnamed", not all_named)) if holds]
    add_text(slide, CREDITS, [" · ".join(said)], SMALL_PT, theme.INK2)


def _title(regions: list[RegionPart], placed: pd.DataFrame) -> str:
    known = placed["latest_class"].isin(WATER_CLASSES).sum()
    worse = placed["latest_class"].isin(WATER_CLASSES[3:]).sum()
    key = "none" if placed.empty else "no_class" if not known else "worse" if worse else "good"
    return t(f"slides.map.{key}", names=listed([part.name for part in regions]), n=len(placed), known=known, worse=worse)


def _add_list(slide, box: Box, sections: pd.DataFrame) -> None:
    """Every section with its class, the worst first, as many as there is room for."""
    heads = [Column(t("picture.list.name"), 1), Column(t("slides.map.class"))]
    rows = [[row["name"], sentences.class_words(row)] for row in sections.to_dict("records")]
    room = Box(*box[:3], box.height - 0.3)
    shown = len(planned(room, heads, rows, SMALL_PT).rows)
    table = add_table(slide, room, heads, rows, SMALL_PT)
    if shown < len(rows):
        add_text(slide, Box(box.left, table.top + table.height + 0.03, box.width, 0.27), [t("picture.more", n=len(rows) - shown)],
                 SMALL_PT, theme.INK2)
