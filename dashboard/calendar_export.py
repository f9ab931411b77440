"""Rows of the agenda as a calendar file (RFC 5545) that Outlook and phones take in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pandas as pd
from icalendar import Calendar, Event

from dashboard.text import listed, status_label, t
from etl.spreadsheets import file_name

ICS_MIME = "text/calendar"
NAMED_REGIONS = 3
"""More are counted rather than named in a file name."""


def linked(rows: pd.DataFrame, address: str) -> pd.DataFrame:
    """Rows of `agenda.agenda` with `link`: to the evidence of the target, else to the region; `address` ends with a slash."""
    return rows.assign(link=[
        address + (f"sources?{urlencode({'target': row['target_id']})}" if isinstance(row["target_id"], str)
                   else f"region?{urlencode({'region': row['region']})}") for row in rows.to_dict("records")])


def ics(rows: pd.DataFrame) -> bytes:
    """A calendar with one whole-day event per row of `linked`; brought in again it updates the events it made before."""
    calendar = Calendar()
    calendar.add("prodid", "-//Qingliu//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", t("calendar.file"))
    made_at = datetime.now(UTC).replace(microsecond=0)
    for row in rows.to_dict("records"):
        calendar.add_component(_event(row, made_at))
    return calendar.to_ical()


def ics_name(regions: list[str], as_of: date) -> str:
    """清流-日程-随州市-2026-11-22.ics"""
    where = t("calendar.file.all") if not regions else (
        listed(regions) if len(regions) <= NAMED_REGIONS else t("count.regions", n=len(regions)))
    return file_name(f"{t('nav.calendar')}-{where}", as_of, "ics")


def _event(row: dict, made_at: datetime) -> Event:
    event = Event()
    day = row["day"].date()
    event.add("uid", f"{row['uid']}@qingliu")
    event.add("dtstamp", made_at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", t("calendar.event", kind=t(f"calendar.kind.{row['kind']}"), region=row["region"], title=row["title"]))
    event.add("description", "\n".join(_lines(row)))
    event.add("url", row["link"])
    event.add("categories", [t(f"calendar.kind.{row['kind']}")])
    event.add("transp", "TRANSPARENT")
    return event


def _lines(row: dict) -> list[str]:
    """What it is about, status, units, clause of which document, and where to see it."""
    known = [("status", status_label(row["status"]) if isinstance(row["status"], str) else None), ("units", row["units"])]
    return [row["about"], *(t(f"calendar.event.{key}", words=words) for key, words in known if isinstance(words, str) and words != "—"),
            t("calendar.event.clause", document=row["document"], clause=row["clause"]), row["link"]]
