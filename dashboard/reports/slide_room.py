"""Room on a slide: places in inches, type in points, and how much text a place holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT, EDGE = 13.333, 7.5, 0.6
TITLE_PT, NUMBER_PT, LEAD_PT, BODY_PT, SMALL_PT = 28, 44, 18, 16, 14
TEXT_SIZES = (24, 20, LEAD_PT, BODY_PT, SMALL_PT)
TABLE_SIZES = (20, LEAD_PT, BODY_PT, SMALL_PT)
LINE = 1.33
"""Height of a line in type sizes, as 微软雅黑 has it."""
PARAGRAPH_GAP = 0.4
"""Between two paragraphs, in type sizes."""
POINTS = 72
CELL_SIDE = 0.08
"""Room left and right of the text in a cell, and of text in its box."""
LATIN, BETWEEN = 0.64, 0.25
"""Width of a figure or Latin letter in type sizes, of the widest face that may stand in for the one asked for, and of the space
that some programs put between it and a Chinese one."""
WIDEST = 3.1
"""Inches of a column that is as wide as its words."""
FEWEST_LARGE = 6
"""Rows below which a table that does not fit takes smaller type rather than fewer rows."""


class Box(NamedTuple):
    """A place on the slide, inches."""

    left: float
    top: float
    width: float
    height: float

    def below(self, height: float) -> Box:
        """What is left under so much of it."""
        return Box(self.left, self.top + height, self.width, self.height - height)

    def split(self, width: float, gap: float = 0.3) -> tuple[Box, Box]:
        """The left part of this width, and what remains beside it."""
        beside = width + gap
        return Box(self.left, self.top, width, self.height), Box(self.left + beside, self.top, self.width - beside, self.height)


BODY = Box(EDGE, 1.75, WIDTH - 2 * EDGE, 5.0)
"""Between the line under the title and the footer."""


@dataclass(frozen=True)
class Column:
    """Of a table: its head, its share of the room that is left (0: as wide as its words), whether it holds figures, its lines at most."""

    head: str
    share: float = 0
    is_figure: bool = False
    lines: int = 2


class Plan(NamedTuple):
    """A table as it fits: type, inches of each column and row (the head first), and the cells, cut to their room."""

    size_pt: float
    widths: list[float]
    heights: list[float]
    rows: list[list[str]]


def wide(text: str, size_pt: float) -> float:
    """Points that a line takes."""
    is_wide = [ord(letter) > 0x2000 or letter == "%" for letter in text]
    is_chinese = [ord(letter) > 0x2E00 for letter in text]  # Ⅲ is wide, but set apart like a figure
    meetings = sum(one != other for one, other in zip(is_chinese, is_chinese[1:]))
    return size_pt * (sum(is_wide) + LATIN * (len(text) - sum(is_wide)) + BETWEEN * meetings)


def fitted(text: str, size_pt: float, width_in: float, lines: int) -> str:
    """As much of a text as so many lines hold; of several, each may lose a character to a word that does not break."""
    room = width_in * POINTS * lines - size_pt * (lines if lines > 1 else 0)
    if wide(text, size_pt) <= room:
        return text
    while text and wide(text + "…", size_pt) > room:
        text = text[:-1]
    return text + "…"


def fitting(paragraphs: list[str], size_pt: float, box: Box) -> list[str]:
    """The paragraphs a box holds, from the first one that does not fit on none; the first one is cut rather than left out."""
    kept: list[str] = []
    left = box.height * POINTS / size_pt
    width = box.width - 2 * CELL_SIDE
    for paragraph in paragraphs[:1] and [fitted(paragraphs[0], size_pt, width, max(1, int(left / LINE))), *paragraphs[1:]]:
        left -= _lines(paragraph, size_pt, width) * LINE
        if left < 0 and kept:
            break
        kept.append(paragraph)
        left -= PARAGRAPH_GAP
    return kept


def type_size(paragraphs: list[str], box: Box, largest_pt: float = TEXT_SIZES[0]) -> float:
    """The largest size up to this at which all paragraphs fit, else the smallest there is on slides."""
    return next((size for size in TEXT_SIZES if size <= largest_pt and fitting(paragraphs, size, box) == paragraphs), SMALL_PT)


def planned(box: Box, columns: list[Column], rows: list[list[str]], largest_pt: float = LEAD_PT) -> Plan:
    """The table in the largest type that leaves nothing out, else with as many of its first rows as there is room for.

    A line break in a cell stays; no other falls into a column that is as wide as its words, unless they are wider than WIDEST.
    """
    plans = [_plan(box, columns, rows, size) for size in TABLE_SIZES if size <= largest_pt]
    uncut = [plan for plan in plans if plan.rows == rows[:len(plan.rows)]]
    whole = [plan for plan in uncut if len(plan.rows) == len(rows)]
    large = [plan for plan in uncut if len(plan.rows) >= FEWEST_LARGE]
    return (whole or large or plans[-1:])[0]


def _plan(box: Box, columns: list[Column], rows: list[list[str]], size_pt: float) -> Plan:
    widths = _widths(box, columns, rows, size_pt)
    heights, kept = [row_height(1, size_pt)], []
    for row in rows:
        cells = ["\n".join(fitted(line, size_pt, width - 2 * CELL_SIDE, column.lines) for line in text.split("\n"))
                 for width, column, text in zip(widths, columns, row)]
        lines = [sum(_lines(line, size_pt, width - 2 * CELL_SIDE) for line in text.split("\n")) for width, text in zip(widths, cells)]
        height = row_height(max(lines), size_pt)
        if sum(heights) + height > box.height:
            break
        heights.append(height)
        kept.append(cells)
    return Plan(size_pt, widths, heights, kept)


def _widths(box: Box, columns: list[Column], rows: list[list[str]], size_pt: float) -> list[float]:
    own = []
    for at, column in enumerate(columns):
        lines = [line for text in (column.head, *(row[at] for row in rows)) for line in text.split("\n")]
        own.append(0 if column.share else min(WIDEST, 2 * CELL_SIDE + 0.05 + max(wide(line, size_pt) for line in lines) / POINTS))
    shares = sum(column.share for column in columns)
    rest = box.width - sum(own)
    if not shares:
        return [width * box.width / sum(own) for width in own] if rest < 0 else own
    return [width or rest * column.share / shares for width, column in zip(own, columns)]


def _lines(text: str, size_pt: float, width_in: float) -> int:
    """A full line may lose a character to the next one."""
    width = wide(text, size_pt)
    return 1 if width <= width_in * POINTS else math.ceil(width / (width_in * POINTS - size_pt))


def row_height(lines: int, size_pt: float) -> float:
    """Inches of a row of a table."""
    return (lines * size_pt * LINE + 7) / POINTS
