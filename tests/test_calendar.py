"""The agenda, and its calendar file as a calendar program reads it."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from icalendar import Calendar

from dashboard import calendar_queries, queries
from dashboard.agenda import COLUMNS, RHYTHM_DAYS, SOON_DAYS, UNSETTLED, agenda
from dashboard.calendar_export import ics, ics_name, linked
from dashboard.filters import Selection

DAY = date(2026, 11, 22)
ADDRESS = "http://192.168.1.5:8501/"
NASTY = "一、" + "监测数据须经省里核定；" * 20 + "\r\nBEGIN:VEVENT\\,;“甲” 🜄"


def note(target_id: str, promised_on: date | None, text: str = "年底前补报", number: int = 1) -> dict:
    return {"entry_id": f"load-{number:04d}", "target_id": target_id, "text": text, "author": "王芳", "day": pd.Timestamp(DAY),
            "promised_on": pd.NaT if promised_on is None else pd.Timestamp(promised_on)}


@pytest.fixture
def listed(connection):
    """The agenda of a selection, with these notes."""
    def of(as_of: date = DAY, notes: tuple[dict, ...] = (), **chosen) -> pd.DataFrame:
        selection = Selection(as_of=as_of, **chosen)
        targets = queries.targets(connection.cursor(), **selection.parameters())
        rhythms = calendar_queries.rhythms(connection.cursor(), selection.regions)
        found = agenda(targets, pd.DataFrame(list(notes), columns=list(note("", None))), rhythms, selection)
        assert list(found.columns) == COLUMNS and found["uid"].is_unique and found["day"].is_monotonic_increasing
        return found
    return of


def events(rows: pd.DataFrame) -> list:
    return list(Calendar.from_ical(ics(linked(rows, ADDRESS))).walk("VEVENT"))


@pytest.mark.parametrize("as_of", [date(2021, 6, 1), date(2025, 10, 31), date(2025, 12, 31), DAY, date(2030, 1, 1)])
def test_deadlines_are_those_of_the_database(connection, listed, as_of):
    expected = dict(connection.execute("""
        SELECT CASE WHEN deadline < $day THEN 'past' WHEN deadline <= $day + CAST($soon AS INTEGER) THEN 'soon' ELSE 'later' END AS part,
               count(*)
        FROM attainment(CAST($day AS DATE)) WHERE duplicate_of IS NULL AND deadline IS NOT NULL AND status <> '已废止'
          AND (deadline >= $day OR list_contains(CAST($unsettled AS VARCHAR[]), status)) GROUP BY part
        """, {"day": as_of, "soon": SOON_DAYS, "unsettled": list(UNSETTLED)}).fetchall())
    found = listed(as_of)
    assert found[found["kind"] == "due"]["part"].value_counts().to_dict() == expected
    made = events(found)
    assert sum(str(event["uid"]).startswith("due-") for event in made) == sum(expected.values())
    assert len(made) == len(found)


def test_the_rhythm_is_the_clause_of_one_plan_and_says_what_the_plan_leaves_open(listed):
    found = listed()
    rhythm = found[~found["kind"].isin(["due", "promise"])]
    assert rhythm["kind"].value_counts().to_dict() == {"dispatch": 4, "bulletin": 2, "assessment": 1}
    assert set(rhythm["region"]) == {"随州市"} and set(rhythm["clause"]) == {"二（二）"}
    assert {"2026 年四季度调度", "2026 年下半年通报", "2026 年评估", "2027 年上半年通报"} <= set(rhythm["title"])
    assert rhythm["about"].str.contains("没有写日子").all() and rhythm["about"].str.contains("2025-12-31").all()
    assert rhythm["day"].max() <= pd.Timestamp(DAY + timedelta(days=RHYTHM_DAYS))
    inside = listed(date(2025, 2, 1), regions=["随州市"])
    assert not inside[inside["kind"] == "dispatch"]["about"].str.contains("之后").any()
    before = listed(date(2023, 1, 1), regions=["随州市"])
    assert not before["kind"].isin(["dispatch", "bulletin", "assessment"]).any()


def test_filters_apply(listed):
    assert set(listed(regions=["随州市"])["region"]) == {"随州市"}
    assert "dispatch" not in set(listed(regions=["永嘉县"])["kind"])
    assert set(listed(themes=["水环境"])["kind"]) == {"due"}
    assert set(listed(years=[2027])["day"].dt.year) == {2027}
    assert listed(text="没有这样的指标").empty and len(listed(text="没有这样的指标").columns) == len(COLUMNS)


def test_promises_stand_beside_the_deadline(listed):
    soon, over = date(2026, 12, 31), date(2026, 10, 1)
    found = listed(notes=(note("lishui-001", soon, number=1), note("lishui-001", soon, number=2), note("lishui-001", over, number=3),
                          note("lishui-001", None, number=4)))
    promised = found[found["kind"] == "promise"]
    assert promised["part"].tolist() == ["past", "soon", "soon"]
    assert promised["about"].str.contains("年底前补报（王芳，2026-11-22）", regex=False).all()
    assert promised["target_id"].tolist() == ["lishui-001"] * 3


def test_the_file_is_one_that_other_programs_read(listed):
    made_of = linked(listed(notes=(note("lishui-001", date(2026, 12, 31), NASTY),)), ADDRESS)
    content = ics(made_of)
    assert content.count(b"\r\n") == content.count(b"\n") and content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    content.decode("utf-8")
    assert content.count(b"DTSTART;VALUE=DATE:") == len(made_of) == content.count(b"\r\nBEGIN:VEVENT\r\n")
    read = Calendar.from_ical(content)
    assert not any(event.errors for event in read.walk("VEVENT"))
    by_uid = {str(event["uid"]): event for event in read.walk("VEVENT")}
    promise = by_uid["promise-load-0001@qingliu"]
    assert promise["dtstart"].dt == date(2026, 12, 31) and promise["dtend"].dt == date(2027, 1, 1)
    assert "承诺：丽水市" in promise["summary"]
    assert "监测数据须经省里核定；" * 20 in promise["description"] and "🜄" in promise["description"]
    due = by_uid["due-lishui-001@qingliu"]
    assert f"{ADDRESS}sources?target=lishui-001" in due["description"] and due["url"] == f"{ADDRESS}sources?target=lishui-001"
    rows = made_of.set_index("uid")
    assert rows.at["due-lishui-001", "clause"] in due["description"] and "状态：到期未报" in due["description"]
    assert any("region?region=%E9%9A%8F%E5%B7%9E%E5%B8%82" in event["url"] for event in by_uid.values())


def test_identifiers_outlive_a_day_and_a_new_file(listed):
    first, second = listed(), listed(DAY + timedelta(days=1))
    assert set(second.loc[second["kind"] == "due", "uid"]) == set(first.loc[first["kind"] == "due", "uid"])
    assert {event["uid"] for event in events(first)} == {event["uid"] for event in events(first)}


def test_the_file_is_named_after_region_and_day():
    assert ics_name([], DAY) == "清流-日程-全部区域-2026-11-22.ics"
    assert ics_name(["随州市"], DAY) == "清流-日程-随州市-2026-11-22.ics"
    assert ics_name(["甲", "乙", "丙", "丁"], DAY) == "清流-日程-4个区域-2026-11-22.ics"
