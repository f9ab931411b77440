"""The moment that the name of a file speaks of: 2021-04, 2021年1-6月, 2020-05-08, 20260827T232004, 20210401-20210430."""

from __future__ import annotations

import calendar
import re
from datetime import datetime

_MOMENT = re.compile(r"""
    (?<!\d) (?P<year>(?:19|20)\d\d)
    (?: (?P<compact_month>0[1-9]|1[0-2]) (?P<compact_day>0[1-9]|[12]\d|3[01])?
      | [-_.年] (?P<month>1[0-2]|0?[1-9]) (?!\d) (?: [-_.月] (?P<day>[12]\d|3[01]|0?[1-9]) (?![\d月]) 日? )? )
    (?: (?:[T ]|[_-](?!(?:19|20)\d\d[-_.年]))? (?P<hour>[01]\d|2[0-3]) [-_:]? (?P<minute>[0-5]\d)
        (?: [-_:]? (?P<second>[0-5]\d) )? (?!\d) )?
    (?!\d)""", re.VERBOSE)
_RANGE_END = re.compile(r"月?份?\s*[-~～—–至到]+\s*(?:(1[0-2]|0?[1-9])(?:月(?:(\d{1,2})日?)?|\.(\d{1,2}))|(\d{1,2})日)(?!\d)")


def last_moment_in_name(stem: str) -> datetime | None:
    """The latest moment named; days, months and ranges count to their end. None when the name holds no date."""
    moments, at = [], 0
    while match := _MOMENT.search(stem, at):
        with_day = match["compact_day"] or match["day"]
        at = match.end() if with_day or not match["hour"] else match.start("hour")  # 202101-202106: no time without a day
        moments.append(_end(match, stem))
    return max(filter(None, moments), default=None)


def named_period_holds(moment: datetime, named: datetime) -> bool:
    """Whether `moment` lies in the month that ends a name's period: the file may then have been written before its end."""
    return (moment.year, moment.month) == (named.year, named.month) and moment < named


def _end(match: re.Match[str], stem: str) -> datetime | None:
    year = int(match["year"])
    month, day = int(match["compact_month"] or match["month"]), match["compact_day"] or match["day"]
    if later := _RANGE_END.match(stem, match.end()):
        month = int(later[1] or month)
        day = later[2] or later[3] or later[4]
    last = calendar.monthrange(year, month)[1]
    if day is not None and not 1 <= int(day) <= last:
        return None
    if day and match["hour"] and not later:
        return datetime(year, month, int(day), int(match["hour"]), int(match["minute"]), int(match["second"] or 59))
    return datetime(year, month, int(day or last), 23, 59, 59)
