"""A plan on the calendar as inline SVG: when it was in force, the as-of day, and what falls due each year."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard import theme
from dashboard.text import day_text, issued_text, t

WIDTH, HEIGHT, MARGIN = 740, 150, 14
BAR_TOP, BAR_HEIGHT = 54, 16
TICKS, YEARS, COUNTS, WORDS = 70, 87, 115, 134  # heights of the rows under the bar
NEVER_BEFORE, NEVER_AFTER = 2, 6  # years the calendar stretches beyond the plan to reach the as-of day


class Calendar:
    """Days to horizontal positions."""

    def __init__(self, first_year: int, last_year: int) -> None:
        self.years = range(first_year, last_year + 1)
        self._first = date(first_year, 1, 1)
        self._days = (date(last_year + 1, 1, 1) - self._first).days

    def x(self, day: date) -> float:
        share = (day - self._first).days / self._days
        return MARGIN + min(max(share, 0.0), 1.0) * (WIDTH - 2 * MARGIN)

    def holds(self, day: date) -> bool:
        return day.year in self.years


def lifeline(document: dict, deadlines: pd.Series, as_of: date, is_ahead: bool) -> str:
    """`document`: a row of queries.document_of_region; `deadlines`: of the targets shown."""
    begin = _day(document["issued_on"]) or _day(document["period_start"])
    repeal, end = _day(document["repealed_on"]), _day(document["period_end"])
    due = [day for day in map(_day, deadlines) if day]
    first = min(day.year for day in [begin, *due])
    last = max(day.year for day in [end, *due])
    calendar = Calendar(min(first, max(as_of.year, first - NEVER_BEFORE)),
                        max(last, min(as_of.year, last + NEVER_AFTER)))
    parts = [_years(calendar), _bar(calendar, begin, repeal or end, end, repeal is not None, is_ahead),
             _begin_label(calendar, document, begin), _counts(calendar, due, repeal, as_of), _as_of(calendar, as_of)]
    if repeal:
        parts.append(_repeal(calendar, repeal))
    return (f'<svg width="100%" viewBox="0 0 {WIDTH} {HEIGHT}" style="display:block;max-width:860px" role="img">'
            f'{"".join(parts)}</svg>')


def _day(value) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def _text(x: float, y: float, words: str, colour: str = theme.INK2, anchor: str = "start", size: float = 13,
          weight: int = 400) -> str:
    return (f'<text x="{x:.1f}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{colour}" '
            f'text-anchor="{anchor}">{words}</text>')


def _width(words: str) -> float:
    """Drawn width at the size of labels: a Chinese character is as wide as high, a digit about half."""
    return sum(13 if ord(letter) > 0x2000 else 7.5 for letter in words)


def _years(calendar: Calendar) -> str:
    edges = [calendar.x(date(year, 1, 1)) for year in calendar.years] + [WIDTH - MARGIN]
    ticks = "".join(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TICKS}" y2="{TICKS + 6}" stroke="{theme.INK3}"/>'
                    for x in edges)
    every = 1 + len(calendar.years) // 16
    names = "".join(_text((a + b) / 2, YEARS, str(year), theme.INK3, "middle")
                    for year, a, b in zip(calendar.years, edges, edges[1:]) if year % every == 0)
    return ticks + names


def _bar(calendar: Calendar, begin: date, stop: date, end: date, is_repealed: bool, is_ahead: bool) -> str:
    """Solid while in force (hollow while still ahead), grey from the repeal to the end of the plan period."""
    x0, x1, x2 = calendar.x(begin), calendar.x(stop), calendar.x(end)
    look = (f'fill="#fff" stroke="{theme.BLUE}" stroke-width="1.5"' if is_ahead else f'fill="{theme.BLUE}"')
    drawn = f'<rect x="{x0:.1f}" y="{BAR_TOP}" width="{x1 - x0:.1f}" height="{BAR_HEIGHT}" {look}/>'
    words = t("region.line.in_force") if is_repealed else t("region.line.period", day=day_text(end))
    if _width(words) + 16 < x1 - x0:
        drawn += _text(x0 + 8, BAR_TOP + 12.5, words, theme.BLUE if is_ahead else "#fff")
    if is_repealed and x2 > x1:
        drawn += (f'<rect x="{x1:.1f}" y="{BAR_TOP}" width="{x2 - x1:.1f}" height="{BAR_HEIGHT}" '
                  f'fill="{theme.HAIR}"/>{_text(x1 + 8, BAR_TOP + 12.5, t("region.line.over"))}')
    return drawn


def _begin_label(calendar: Calendar, document: dict, begin: date) -> str:
    if _day(document["issued_on"]):
        words = t("region.line.begin.issued", day=issued_text(begin, document["issued_precision"]))
    else:
        words = t("region.line.begin.period", day=day_text(begin))
    return _text(calendar.x(begin), BAR_TOP - 6, words)


def _counts(calendar: Calendar, due: list[date], repeal: date | None, as_of: date) -> str:
    """How many targets fall due, at the end of each year; in the year of the repeal on its own side of the line."""
    groups: dict[tuple[int, bool], list[date]] = {}
    for day in sorted(due):
        groups.setdefault((day.year, repeal is not None and day >= repeal), []).append(day)
    drawn = []
    for (year, is_late), days in groups.items():
        x, anchor = calendar.x(date(year, 12, 31)) - 4, "end"
        if repeal and year == repeal.year:
            x, anchor = (calendar.x(repeal) + 8, "start") if is_late else (calendar.x(repeal) - 8, "end")
        colour = theme.REPEALED if is_late else theme.INK if days[-1] < as_of else theme.GREY
        drawn += [_text(x, COUNTS, str(len(days)), colour, anchor, 23, 700),
                  _text(x, WORDS, t("region.line.due"), theme.INK2, anchor)]
    return "".join(drawn)


def _as_of(calendar: Calendar, as_of: date) -> str:
    """A dashed line on the day; an arrow at the edge when the day lies too far off to be drawn."""
    x = calendar.x(as_of)
    words = t("region.line.as_of", day=day_text(as_of))
    anchor = "end" if x > WIDTH - 70 else "start" if x < 70 else "middle"
    if not calendar.holds(as_of):
        return _text(x, 14, f"{words} →" if anchor == "end" else f"← {words}", theme.INK2, anchor)
    return (f'{_text(x, 14, words, theme.INK2, anchor)}<line x1="{x:.1f}" x2="{x:.1f}" y1="19" y2="{TICKS + 6}" '
            f'stroke="{theme.INK2}" stroke-dasharray="3 3"/>')


def _repeal(calendar: Calendar, repeal: date) -> str:
    x = calendar.x(repeal)
    anchor, label_x = ("end", x - 8) if x > 140 else ("start", x + 8)
    return (_text(label_x, 33, t("region.line.repeal", day=day_text(repeal)), theme.INK, anchor, 13, 700)
            + f'<line x1="{x:.1f}" x2="{x:.1f}" y1="22" y2="{HEIGHT - 8}" stroke="{theme.INK}" stroke-width="2"/>')
