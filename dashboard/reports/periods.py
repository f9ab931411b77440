"""The three kinds of report and the periods they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.text import t

MONTHS = {"dispatch": 3, "bulletin": 6, "assessment": 12}
"""Length of the period of each kind: 季调度, 半年通报, 年评估."""

KINDS = tuple(MONTHS)
OFFERED = {"dispatch": 8, "bulletin": 6, "assessment": 6}


@dataclass(frozen=True)
class Period:
    """First and last day, both within; `words` as officials write them: 2026 年三季度, 2026 年上半年, 2025 年."""

    kind: str
    first: date
    last: date
    words: str


def periods(kind: str, as_of: date) -> list[Period]:
    """Those begun by the day, newest first; the newest may still be running. Raises KeyError for another kind."""
    found = [_period(kind, as_of)]
    while len(found) < OFFERED[kind]:
        found.append(_period(kind, found[-1].first - timedelta(days=1)))
    return found


def usual_period(kind: str, as_of: date) -> Period:
    """The newest that is over."""
    return next(period for period in periods(kind, as_of) if period.last < as_of)


def short_name(period: Period) -> str:
    """2026Q3, 2026H1, 2025: for commands and addresses."""
    letter = {"dispatch": "Q", "bulletin": "H", "assessment": ""}[period.kind]
    return f"{period.first.year}{letter}{(period.first.month - 1) // MONTHS[period.kind] + 1 if letter else ''}"


def _period(kind: str, day: date) -> Period:
    """The one a day lies in."""
    months = MONTHS[kind]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    after = date(day.year + 1, 1, 1) if first.month + months > 12 else date(day.year, first.month + months, 1)
    return Period(kind, first, after - timedelta(days=1), t(f"report.period.{kind}.{number + 1}", year=day.year))
