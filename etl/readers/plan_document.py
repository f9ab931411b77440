"""A plan document as its file holds it, and what a passage of it says.

A passage is read as a person reads it: full width as half width, Traditional characters as Simplified ones, Chinese
numerals as numbers. Nothing else is forgiven.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from opencc import OpenCC

from etl.rules.numbers import decimals_of, parse_figure, water_class_rank

PARAGRAPH_END = "\n\n"
"""Ends paragraphs and table rows in the documents."""

NEIGHBOURHOOD = 12
"""Characters on either side of a figure that tell whether it is whole, and its unit or month."""


@dataclass(frozen=True)
class PlanDocument:
    """The text of a document, every character in its place, and the fingerprint of its file."""

    text: str
    sha256: str
    is_traditional: bool

    def plain(self, start: int, end: int) -> str:
        """A stretch of the text in half width and Simplified characters."""
        text = half_width(self.text[start:end])
        return _simplified(text) if self.is_traditional else text


@dataclass(frozen=True)
class Passage:
    """The characters `start` to `end` (not included) of a document."""

    document: PlanDocument
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.document.plain(self.start, self.end)

    @property
    def before(self) -> str:
        """The few characters in front."""
        return self.document.plain(max(0, self.start - NEIGHBOURHOOD), self.start)

    @property
    def after(self) -> str:
        """The few characters behind."""
        return self.document.plain(self.end, self.end + NEIGHBOURHOOD)

    @property
    def rest_of_paragraph(self) -> str:
        """What follows in the same paragraph or table row."""
        end = self.document.text.find(PARAGRAPH_END, self.end)
        return self.document.plain(self.end, end if end >= 0 else len(self.document.text))


def read_document(file: Path, *, is_traditional: bool) -> PlanDocument:
    """Raises FileNotFoundError when there is no such file, UnicodeDecodeError when it is not UTF-8."""
    content = file.read_bytes()
    return PlanDocument(content.decode("utf-8"), hashlib.sha256(content).hexdigest(), is_traditional)


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def says_number(passage: Passage, figure: str) -> bool:
    """The passage is this figure, whole, with the same decimals: they decide how a result is rounded."""
    return same_figure(passage.text, figure) and not _is_fragment(passage)


def says_bound(passage: Passage, figure: str, position: int) -> bool:
    """The passage is a range (40%～50%) with this figure as its first (0) or second (1) bound."""
    bounds = re.split(r"[-—–~至到]+", passage.text)
    return len(bounds) == 2 and same_figure(bounds[position], figure) and not _is_fragment(passage)


def same_figure(printed: str, figure: str) -> bool:
    """Equal as numbers and, unless the figure is spelled out in Chinese numerals, with the same decimals."""
    try:
        found, wanted = parse_figure(printed), parse_figure(figure)
    except ValueError:
        return False
    is_spelled_out = not re.search(r"[0-9]", half_width(printed))
    return found == wanted and (is_spelled_out or decimals_of(str(found)) == decimals_of(str(wanted)))


def says_class_rank(passage: Passage, rank: str) -> bool:
    """The passage is the water-quality class of this rank (Ⅲ for 3), whole."""
    found = _class_rank(passage.text)
    return found is not None and same_figure(str(found), rank) and not _is_fragment(passage)


def says_class(passage: Passage, name: str) -> bool:
    """The passage is this water-quality class."""
    found = _class_rank(passage.text)
    return found is not None and found == _class_rank(name) and not _is_fragment(passage)


def says_words(passage: Passage, words: str) -> bool:
    """The passage is these words."""
    return _without_blanks(passage.text) == _without_blanks(words)


def mentions_words(passage: Passage, words: str) -> bool:
    """The words stand in the passage."""
    return words != "" and _without_blanks(words) in _without_blanks(passage.text)


def says_deadline(passage: Passage, day: str) -> bool:
    """The passage begins with one year (or five-year plan), and the period named there ends on this day.

    The month may follow behind the passage: the passage may be the year of 2021年6月 alone.
    """
    first = next(_dates(passage.text + passage.after), None)
    return len(years_in(passage.text)) == 1 and first is not None and first.last_day == day


def says_date(passage: Passage, day: str, precision: str) -> bool:
    """The passage is a date printed to this precision (day or month) and ends on this day."""
    return [(found.last_day, found.precision) for found in _dates(passage.text)] == [(day, precision)]


def mentions_date(passage: Passage, day: str) -> bool:
    """The day stands in the passage, printed in full."""
    return PrintedDate(day, "day") in _dates(passage.text)


def mentions_years(passage: Passage, days: str) -> bool:
    """The years of all days (divided by semicolons) stand in the passage or behind it in its paragraph or table row."""
    years = years_in(passage.text + passage.rest_of_paragraph)
    return all(day[:4] in years for day in days.split(";"))


def says_year(passage: Passage, year: str, position: int) -> bool:
    """The passage names years, and the one at this position is this one."""
    years = years_in(passage.text)
    return years != [] and years[position] == year


def unit_beside(passage: Passage, units: Iterable[str]) -> str | None:
    """The longest of these units (given in half width) that stands right behind the figure, None when none does."""
    if passage.text.endswith("%") or passage.text.startswith("百分之") or passage.before.endswith("百分之"):
        return "%"
    behind = passage.after.lstrip(" ")
    return max((unit for unit in units if behind.startswith(unit)), key=len, default=None)


@dataclass(frozen=True)
class PrintedDate:
    """The last day of a printed year, month or day (ISO 8601), and which of them was printed."""

    last_day: str
    precision: str


_NUMERALS = "零〇一二三四五六七八九十百千"
_FIGURE = re.compile(rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?"
                     rf"|[{_NUMERALS}]+(?:点[{_NUMERALS}]+)?|劣?[IV]+")
_FOUR_DIGITS = r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])"
_FOUR_NUMERALS = r"[一二][九〇零○][〇零○一二三四五六七八九]{2}"
_FIVE_YEAR_PLAN = r"十[一二三四五六七八九]五"
_YEAR = rf"{_FOUR_DIGITS}|{_FOUR_NUMERALS}|{_FIVE_YEAR_PLAN}"
_COUNT = r"(?:[0-9]{1,2}(?![0-9])|[一二三四五六七八九十]{1,3})"
_DATE = re.compile(rf"""(?P<year>{_YEAR})
    (?: \s*年\s* (?: (?P<month>{_COUNT})\s*月 (?:\s*(?P<day>{_COUNT})\s*日)? | (?P<half>上半年) )
      | (?P<separator>[-./]) (?P<month_number>[0-9]{{1,2}}) (?P=separator) (?P<day_number>[0-9]{{1,2}}) (?![0-9])
    )?""", re.VERBOSE)


def years_in(text: str) -> list[str]:
    """All years in order; a five-year plan stands for its last year (十四五 → 2025)."""
    return [_year(year) for year in re.findall(_YEAR, text)]


def _dates(text: str) -> Iterator[PrintedDate]:
    for match in _DATE.finditer(text):
        year, half_year = int(_year(match["year"])), 6 if match["half"] else None
        printed_month, printed_day = match["month"] or match["month_number"], match["day"] or match["day_number"]
        month = int(parse_figure(printed_month)) if printed_month else half_year or 12
        if not 1 <= month <= 12:
            continue
        last_day = monthrange(year, month)[1]
        day = int(parse_figure(printed_day)) if printed_day else last_day
        if 1 <= day <= last_day:
            precision = "day" if printed_day else "month" if printed_month else "year"
            yield PrintedDate(date(year, month, day).isoformat(), precision)


def _year(printed: str) -> str:
    if re.fullmatch(_FIVE_YEAR_PLAN, printed):
        return str(1955 + 5 * int(parse_figure(printed[:2])))  # the tenth plan (十五) ended in 2005
    return str(parse_figure(printed.replace("○", "〇")))


def _is_fragment(passage: Passage) -> bool:
    """A figure crosses the border of the passage: 12 in 12.5, 五 in 十五, Ⅴ in 劣Ⅴ."""
    before, text = passage.before, passage.text
    borders = len(before), len(before) + len(text)
    return any(figure.start() < border < figure.end()
               for figure in _FIGURE.finditer(before + text + passage.after) for border in borders)


def _class_rank(text: str) -> int | None:
    try:
        return water_class_rank(text)
    except ValueError:
        return None


def _without_blanks(text: str) -> str:
    return "".join(half_width(text).split())


@lru_cache(maxsize=10_000)  # the converter is slow, and every passage is looked at from several sides
def _simplified(text: str) -> str:
    return _converter().convert(text)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
