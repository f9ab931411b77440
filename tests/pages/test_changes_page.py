"""变更 through Streamlit's own test runner: two moments, what differs, and the marking of meetings."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.text import t
from etl import history, meetings
from etl.versions import current_file, open_read_only
from tests.pages.opened import markup, open_page

MEETING = date(2025, 10, 15)
OLD, UNREADABLE = "20251014T080000000000-00000000", "20251015T010000000000-00000000"


@pytest.fixture(scope="module", autouse=True)
def published(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An own copy of the build, with the extract of a version of 2025 that lacks a figure, has another value, and one more issue."""
    build = tmp_path_factory.mktemp("changes") / "build"
    shutil.copytree(database.parent, build)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.versions.BUILD", build)
        patch.setattr("etl.versions.POINTER", build / "current.json")
        patch.setattr("etl.users.USERS", build / "users.toml")
        patch.setattr("etl.audit.AUDIT", build / "audit.jsonl")
        patch.setattr("etl.meetings.MEETINGS", build / "meetings.csv")
        _leave_old_extract(current_file())
        history.extract_file(UNREADABLE).write_bytes(b"PAR1")
        listed = "date,name,marked_at,marked_by\n2025-10-15,调度会,2025-10-15T03:00:00Z,王敏\n"
        (build / "meetings.csv").write_text(listed, encoding="utf-8")
        yield


def _leave_old_extract(file: Path) -> None:
    with open_read_only(file) as connection:
        history.make_extract(connection, "extract", MEETING)
        connection.execute("UPDATE temp.extract SET key = ?, built_at = '2025-10-14 08:00' WHERE part = 'version'", [OLD])
        first, second = connection.execute("""
            SELECT key FROM temp.extract WHERE part = 'figure' AND key LIKE 'pub-%' AND region = '重庆市' AND unit = '%'
            ORDER BY key LIMIT 2""").fetchall()
        connection.execute("UPDATE temp.extract SET value = value - 2.5 WHERE key = ?", first)
        connection.execute("DELETE FROM temp.extract WHERE key = ?", second)
        connection.execute("""
            INSERT INTO temp.extract (part, key, name, severity, kind, region)
            VALUES ('issue', 'gone', '<b>已经改正的问题</b>', '高', '口径', '丽水市')""")
        connection.table("extract").write_parquet(str(history.extract_file(OLD)))


def heading(app: AppTest) -> str:
    return next(block.value for block in app.markdown if "<h1>" in block.value)


def test_starts_from_the_last_meeting():
    app = open_page("changes")
    assert "自 2025 年 10 月 15 日会议以来：新增 1 个数，改动 1 个，" in heading(app)
    page = markup(app)
    assert "+2.5 个百分点" in page
    assert t("changes.cause.deadline") in page
    assert "&lt;b&gt;已经改正的问题&lt;/b&gt;" in page
    assert t("changes.issue.withdrawn") in page
    assert "有 1 个版本的摘要读不出" in page
    assert not {"from", "to"} & set(app.query_params)


def test_counts_agree_with_the_title():
    app = open_page("changes")
    with duckdb.connect() as connection:
        before = dict(connection.execute("SELECT key, status FROM read_parquet(?) WHERE part = 'target'",
                                         [str(history.extract_file(OLD))]).fetchall())
    with open_read_only(current_file()) as connection:
        now = dict(connection.execute("SELECT target_id, status FROM attainment(?)", [date.today()]).fetchall())
    flips = sum(now[target] != status for target, status in before.items())
    assert f"{flips} 项状态变化" in heading(app)


def test_two_moments_from_the_address():
    version = current_file().stem.removeprefix("qingliu-")
    app = open_page("changes", **{"from": OLD, "to": version})
    assert "自" not in heading(app) and "2025 年 10 月 14 日" in heading(app)
    assert app.selectbox(key="from_choice").value == OLD and app.selectbox(key="to_choice").value == version
    assert {"from", "to"} <= set(app.query_params)


def test_unknown_moments_are_dropped():
    app = open_page("changes", **{"from": "<script>", "to": "1999"})
    assert "自 2025 年 10 月 15 日会议以来" in heading(app)
    assert not {"from", "to"} & set(app.query_params)


def test_says_so_when_nothing_changed():
    app = open_page("changes", **{"from": current_file().stem.removeprefix("qingliu-")})
    assert "以来没有变化" in heading(app)
    assert not app.dataframe


def test_only_the_chosen_region():
    page = markup(open_page("changes", region="丽水市"))
    assert "已经改正的问题" in page
    assert "<b>重庆市</b>" not in page and "<b>丽水市</b>" in page


def test_a_meeting_is_marked_once_and_taken_back():
    app = open_page("changes")
    app.text_input(key="meeting_name").set_value("第四季度调度会")
    app.date_input(key="meeting_day").set_value(date.today() - timedelta(days=1))
    app.text_input(key="meeting_by").set_value("李强")
    app.button(key="meeting_mark").click().run()
    assert not app.exception
    assert [(m.name, m.marked_by) for m in meetings.meetings()] == [("第四季度调度会", "李强"), ("调度会", "王敏")]
    assert "自 2025 年 10 月 15 日会议以来" not in heading(app)
    app.button(key="meeting_mark").click().run()
    assert app.warning[0].value == "请填会议名称"
    app.button(key=f"unmark_{date.today() - timedelta(days=1)}").click().run()
    assert [m.name for m in meetings.meetings()] == ["调度会"]
    assert "自 2025 年 10 月 15 日会议以来" in heading(app)


def test_who_may_not_confirm_may_not_mark(monkeypatch):
    monkeypatch.setattr(access, "person", lambda: access.Person("李强", False))
    app = open_page("changes")
    keys = {button.key for button in app.button}
    assert "meeting_mark" not in keys and not any(str(key).startswith("unmark_") for key in keys)


def test_nothing_to_compare_with_is_said_plainly(monkeypatch, tmp_path):
    monkeypatch.setattr(history, "extract_file", lambda version: tmp_path / f"{version}.parquet")
    kept = history.kept_extracts()
    monkeypatch.setattr("etl.history.kept_extracts", lambda: [])
    assert t("changes.nothing") in markup(open_page("changes"))
    monkeypatch.setattr("etl.history.kept_extracts", lambda: [extract for extract in kept if extract.version == UNREADABLE])
    assert "有 1 份摘要读不出" in markup(open_page("changes"))
