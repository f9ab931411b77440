"""The two moments the page compares: now, marked meetings, and every version that left an extract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.text import t
from etl.history import Kept
from etl.meetings import Meeting

NOW = "now"


@dataclass(frozen=True)
class Moment:
    """`key` stands in the address, `label` in the list, `words` in sentences; `at` is an aware time."""

    key: str
    label: str
    words: str
    at: datetime
    is_meeting: bool = False


def moments(now: datetime, meetings: list[Meeting], extracts: list[Kept]) -> dict[str, Moment]:
    """By key: now, then meetings, then versions, each newest first."""
    found = [Moment(NOW, t("changes.now"), t("changes.now.words"), now)]
    found += [Moment(m.day.isoformat(), t("changes.meeting", day=m.day.isoformat(), name=m.name),
                     t("changes.meeting.words", day=_day_words(m.day, now)), m.moment, True) for m in meetings]
    for kept in extracts:
        at = kept.built_at.astimezone()
        found.append(Moment(kept.version, t("changes.version", time=f"{at:%Y-%m-%d %H:%M:%S}"),
                            t("changes.version.words", day=_day_words(at, now), time=f"{at:%H:%M}"), kept.built_at))
    return {moment.key: moment for moment in found}


def usual_start(earlier: list[Moment], end: Moment, version: str) -> str | None:
    """The last meeting of a day before, else the version before `version`, else the oldest there is."""
    day = end.at.astimezone().date()
    last = [m for m in earlier if m.is_meeting and m.at.astimezone().date() < day]
    before = [m for m in earlier if not m.is_meeting and m.key < version]
    usual = last or before or earlier[-1:]
    return usual[0].key if usual else None


def extract_at(moment: Moment, extracts: list[Kept], is_readable: Callable[[Kept], bool]) -> tuple[Kept | None, int]:
    """The last readable extract up to the moment, else the first after it; and how many were passed over as unreadable."""
    up_to = [kept for kept in extracts if kept.built_at <= moment.at]
    after = [kept for kept in reversed(extracts) if kept not in up_to]
    skipped = 0
    for kept in [*up_to, *after]:
        if is_readable(kept):
            return kept, skipped
        skipped += 1
    return None, skipped


def _day_words(day: date, now: datetime) -> str:
    return t("changes.day" if day.year == now.astimezone().year else "changes.day.year", year=day.year, month=day.month, day=day.day)
