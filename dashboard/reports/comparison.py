"""What changed since the last meeting before the report, or since its period began where none was marked."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, time

import duckdb
import pandas as pd

from dashboard import change_queries
from dashboard.change_text import flips
from dashboard.reports.periods import Period
from dashboard.text import t
from etl.history import Kept, kept_extracts
from etl.meetings import meetings

Cursor = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Comparison:
    """Rows of `change_queries.target_changes` and `figure_changes`, both None when nothing is kept; `since` says since when."""

    since: str
    targets: pd.DataFrame | None = None
    figures: pd.DataFrame | None = None

    def of_region(self, name: str) -> Comparison:
        if self.targets is None:
            return self
        return Comparison(self.since, self.targets[self.targets["region"] == name], self.figures[self.figures["region"] == name])

    @property
    def has_any(self) -> bool:
        """A target turned, or a figure was added, changed or withdrawn."""
        return self.targets is not None and not (self.flips.empty and self.figures.empty)

    @property
    def flips(self) -> pd.DataFrame:
        """Targets of both moments whose status differs; none without a comparison."""
        if self.targets is None:
            return pd.DataFrame()
        return flips(self.targets)


def compared(cursor: Cursor, version: str, period: Period, as_of: date, names: list[str]) -> Comparison:
    """Of these regions, up to the open database, which is of this version; on a past day up to what was published by its end."""
    start, words = _start(period, as_of)
    extracts = kept_extracts()
    before = _at(start, extracts)
    after = None if as_of >= date.today() else _at(datetime.combine(as_of, time.max).astimezone(), extracts)
    is_later = before is not None and before.built_at > start
    if before is None or (as_of < date.today() and after in (None, before)) or (is_later and before.version == version):
        return Comparison(words)  # nothing, or only the version itself
    if is_later:
        words = t("report.since.kept", day=f"{before.built_at.astimezone():%Y-%m-%d %H:%M}")
    earlier, later = str(before.file), str(after.file) if after else None
    try:
        targets = change_queries.target_changes(cursor, earlier, later, as_of)
        figures = change_queries.figure_changes(cursor, earlier, later, as_of)
    except duckdb.Error:
        logging.getLogger("qingliu.reports").exception("摘要比较不了")
        return Comparison(words)
    return Comparison(words, targets[targets["region"].isin(names)], figures[figures["region"].isin(names)])


def _start(period: Period, as_of: date) -> tuple[datetime, str]:
    """The last meeting of a day before, else the first day of the period."""
    for meeting in meetings():
        if meeting.day < as_of:
            return meeting.moment, t("report.since.meeting", day=meeting.day, name=meeting.name)
    return datetime.combine(period.first, time.min).astimezone(), t("report.since.period", day=period.first)


def _at(moment: datetime, extracts: list[Kept]) -> Kept | None:
    """The last extract up to the moment, else the first after it; `extracts` newest first."""
    return next((kept for kept in extracts if kept.built_at <= moment), extracts[-1] if extracts else None)
