"""What stands around the panels of the picture: legend, list of sections, credits."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from dashboard import theme
from dashboard.map_fills import Fill
from dashboard.map_panel import BASIN, COUNTY, EXACT, LAND, OUTLINE, RESERVOIR, RIVER
from dashboard.map_words import credits
from dashboard.picture_panel import worst_first
from dashboard.picture_sheet import POINTS, WIDTH, Sheet, shortened
from dashboard.text import t

EDGE, ROW = 48, 29.0
"""Slide pixels: of the margin, and of a line of the legend or list."""


class _Row:
    """Marks and words from left to right."""

    def __init__(self, sheet: Sheet, y: float):
        self.sheet, self.x, self.y = sheet, float(EDGE), y

    def word(self, text: str) -> None:
        self.x += self.sheet.write(self.x, self.y, text, 18, theme.INK2) + 26

    def swatch(self, colour: str, text: str) -> None:
        self.sheet.box(self.x + 15, self.y, 30, 18, colour, OUTLINE)
        self.x += 38
        self.word(text)

    def disc(self, water_class: str | None, is_exact: bool, text: str) -> None:
        self.sheet.mark(self.x + 11, self.y, 11, water_class, is_exact)
        self.x += 29
        self.word(text)

    def stroke(self, colour: str, width: float, text: str, dashes: str | tuple = "solid") -> None:
        self.sheet.axes.plot([self.x, self.x + 34], [self.y, self.y], color=colour, linewidth=width * POINTS, linestyle=dashes)
        self.x += 41
        self.word(text)


def land_legend(sheet: Sheet, fill: Fill, title: str, y: float) -> None:
    """What colours the land, and how."""
    row = _Row(sheet, y)
    if title:
        row.word(title)
    for colour, words in fill.legend:
        row.swatch(colour, words)
    row.swatch(LAND, t("map.fill.no_data"))
    sheet.write(row.x, y, shortened(fill.note, 17, WIDTH - EDGE - row.x), 17, theme.INK2)


def legend(sheet: Sheet, sections: pd.DataFrame, layers: tuple[str, ...], has_divides: bool, has_reservoirs: bool, y: float) -> None:
    """What marks and lines mean, of those that are drawn."""
    row = _Row(sheet, y)
    if len(sections):
        for known in theme.CLASS_COLOUR:
            row.disc(known, True, t("picture.class", name=known))
        row.disc(None, True, t("map.key.no_class"))
        if not sections["coordinate_basis"].isin(EXACT).all():
            row.disc(None, False, t("map.key.near"))
    if "rivers" in layers:
        row.stroke(RIVER, 3.0, t("map.key.river"))
    if has_divides:
        row.stroke(BASIN, 1.8, t("map.key.basin"), (0, (3, 2.4)))
    if "counties" in layers:
        row.stroke(COUNTY, 1.6, t("map.key.county"))
    if has_reservoirs:
        sheet.box(row.x + 5, y, 10, 10, RESERVOIR, theme.LINK)
        row.x += 20
        row.word(t("picture.reservoir"))


def listing(sheet: Sheet, sections: pd.DataFrame, left: float, top: float, bottom: float, chosen: tuple[str, str]) -> None:
    """Every section by name beside its class, the worst first: on the map there is not room for all names."""
    rows = math.floor((bottom - top - 40) / ROW) + 1
    columns = 1 if len(sections) <= rows else 2
    width = (WIDTH - EDGE - left) / columns
    name_width = width - 44 if columns == 2 else width * 0.42
    sheet.write(left + 30, top + 8, t("picture.list.name"), 16, theme.INK3)
    if columns == 1:
        sheet.write(left + name_width + 30, top + 8, t("picture.list.place"), 16, theme.INK3)
    shown = worst_first(sections).head(rows * columns - (len(sections) > rows * columns))
    spots = np.array([(left + at // rows * width, top + 40 + at % rows * ROW) for at in range(len(shown))])
    sheet.marks(spots + np.array([10, 0]), 10, shown["latest_class"], shown["coordinate_basis"].isin(EXACT))
    for (x, y), record in zip(spots, shown.to_dict("records")):
        is_chosen = ("section", record["section_id"]) == chosen
        sheet.write(x + 30, y, shortened(record["name"], 18, name_width - 8), 18, weight=700 if is_chosen else 400)
        if columns == 1:
            known = [record["county"], f"{record['latest_day']:%Y-%m}" if record["latest_class"] in theme.CLASS_COLOUR else None]
            sheet.write(x + name_width + 30, y, " · ".join(word for word in known if isinstance(word, str)), 16, theme.INK2)
    if len(shown) < len(sections):
        sheet.write(left + (columns - 1) * width + 30, top + 40 + (rows - 1) * ROW, t("picture.more", n=len(sections) - len(shown)), 18,
                    theme.INK2)


def write_credits(sheet: Sheet, shapes: pd.DataFrame, approval_number: str, notes: list[str]) -> None:
    """Whose borders these are on one line, how to read the picture on the next."""
    for y, words in ((1012, credits(approval_number, shapes)), (1040, notes)):
        sheet.write(EDGE, y, "  ·  ".join(words), 17, theme.INK2)
