"""Meetings that people have marked, so that "since the last meeting" means something. Truth: data/meetings.csv, one line each.

A meeting has a day; two on one day are one. Its moment is when it was marked, or the end of its day if it was marked later.
"""

from __future__ import annotations

import csv
import io
import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from filelock import FileLock

from etl import versions
from etl.files import replace_files
from etl.paths import MEETINGS
from etl.readers.decoding import decoded

logger = logging.getLogger(__name__)

COLUMNS = ("date", "name", "marked_at", "marked_by")
LONGEST_NAME = 60
WAIT_SECONDS = 5


class MeetingRefused(ValueError):
    """A meeting that cannot be marked; the message says why."""


@dataclass(frozen=True)
class Meeting:
    """`marked_at` is an aware time."""

    day: date
    name: str
    marked_at: datetime
    marked_by: str

    @property
    def moment(self) -> datetime:
        """The time up to which data count as known to the meeting."""
        if self.marked_at.astimezone().date() <= self.day:
            return self.marked_at
        return datetime.combine(self.day, time.max).astimezone()


def meetings() -> list[Meeting]:
    """Newest first; a line or file that cannot be read is passed over with a word in the log."""
    found: dict[date, Meeting] = {}
    try:
        rows = _rows()
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("会议清单 %s 读不出（%s）", MEETINGS.name, error)
        return []
    for row in rows:
        try:
            day, name, marked_at, marked_by = row
            moment = datetime.fromisoformat(marked_at)
            meeting = Meeting(date.fromisoformat(day), name, moment.replace(tzinfo=moment.tzinfo or UTC), marked_by)
            found.setdefault(meeting.day, meeting)
        except ValueError:
            logger.warning("会议清单 %s 有一行读不懂，已跳过：%s", MEETINGS.name, row)
    return sorted(found.values(), key=lambda meeting: meeting.day, reverse=True)


def mark(day: date, name: str, marked_by: str) -> None:
    """Write a meeting down. Raises MeetingRefused (no name, a day to come, a day already marked), OSError and UnicodeDecodeError."""
    name, marked_by = " ".join(name.split()), " ".join(marked_by.split())
    if not name:
        raise MeetingRefused("请填会议名称")
    if max(len(name), len(marked_by)) > LONGEST_NAME:
        raise MeetingRefused(f"名称最多 {LONGEST_NAME} 个字")
    if day > date.today():
        raise MeetingRefused("会议日期还没有到")
    with _one_writer():
        if same := [meeting for meeting in meetings() if meeting.day == day]:
            raise MeetingRefused(f"{day} 已标记“{same[0].name}”，要改先取消它")
        _write([*_rows(), [day.isoformat(), name, datetime.now(UTC).isoformat(), marked_by]])


def unmark(day: date) -> None:
    """Take the mark of a day away, if there is one. Raises OSError and UnicodeDecodeError."""
    with _one_writer():
        _write([row for row in _rows() if row[0] != day.isoformat()])


def _one_writer() -> FileLock:
    versions.BUILD.mkdir(parents=True, exist_ok=True)
    return FileLock(versions.BUILD / "meetings.lock", timeout=WAIT_SECONDS)


def _rows() -> list[list[str]]:
    """The lines below the heading, also those nobody understands: writing must not lose them."""
    try:
        text = decoded(MEETINGS.read_bytes())
    except FileNotFoundError:
        return []
    return [row for row in csv.reader(io.StringIO(text)) if row][1:]


def _write(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    replace_files({MEETINGS: text.getvalue().encode()})
