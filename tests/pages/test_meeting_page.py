"""会议 through Streamlit's own test runner: the sequence of the address, and what the screens say."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboard import queries
from dashboard.map_labels import text_width
from dashboard.text import esc, status_label, t
from etl import history
from etl.confirm import record_note
from etl.versions import current_file, open_read_only
from pages.meeting.mode import STAGE
from pages.meeting.screens import TITLE_SIZE, WIDTH, finding, fitting
from tests.pages.opened import open_page

DAY = "2026-11-22"


def meeting(**address: str | list[str]) -> AppTest:
    return open_page("overview", mode="meeting", **address)


def stage(app: AppTest) -> dict:
    """What the browser was given: screens, start, seconds, back."""
    one, = (found for found in app.get("bidi_component") if found.proto.id.endswith(STAGE))
    return json.loads(one.proto.json)


def screens(app: AppTest) -> dict[str, dict]:
    return {screen["key"]: screen for screen in stage(app)["screens"]}


def words(markup: str) -> str:
    return re.sub(r"<[^>]*>", " ", markup)


@pytest.fixture(scope="module")
def whole(published) -> dict[str, dict]:
    return screens(meeting(asof=DAY))


def test_usual_sequence(whole):
    assert list(whole) == ["overview", "attention", "region-331100", "region-330324", "region-500000", "region-421300", "region-331102",
                           "map", "sections"]


def test_sequence_of_the_address():
    app = meeting(screens=["断面", "总览", "各区域"], region=["随州市", "重庆市"], screen="region-421300", seconds="30")
    shown = stage(app)
    assert [one["key"] for one in shown["screens"]] == ["sections", "overview", "region-500000", "region-421300"]
    assert (shown["start"], shown["seconds"]) == ("region-421300", 30)
    assert app.query_params["screen"] == "region-421300"


def test_a_chosen_screen_with_nothing_to_say_says_so():
    app = meeting(screens=["上次会议以来", "说明与承诺"], region=["随州市"])
    assert [(one["key"], one["title"]) for one in stage(app)["screens"]] == [
        (kind, t(f"meeting.nothing.{kind}")) for kind in ("changes", "notes")]


def test_unknown_screens_are_dropped():
    app = meeting(screens=["没有这一屏", "地图"], screen="<b>", seconds="3")
    assert list(screens(app)) == ["map"]
    assert stage(app)["start"] == "map" and stage(app)["seconds"] == 0
    assert not {"screen", "seconds"} & set(app.query_params)


def test_nothing_selected_is_one_screen_that_says_so():
    shown = stage(meeting(q="没有这个词"))
    assert [one["title"] for one in shown["screens"]] == [t("meeting.empty")]
    assert "q=" in shown["back"] and "mode" not in shown["back"]


def test_the_way_back_keeps_the_page_and_drops_the_meeting():
    back = stage(open_page("region", mode="meeting", plan="永嘉县", page="1", region="永嘉县", screens="总览", seconds="10"))["back"]
    assert set(re.findall(r"[?&](\w+)=", back)) == {"plan", "page", "region"}


def test_titles_are_findings_that_can_be_read_from_the_back_row(whole):
    for screen in whole.values():
        assert text_width(screen["title"], TITLE_SIZE) <= WIDTH and re.search(r"\d", screen["title"]), screen["title"]
    assert re.search(r"55 项未报，\d+ 项待评", whole["region-330324"]["title"])


def test_a_title_takes_no_more_than_it_has_room_for():
    assert finding("甲：", ["一", "二" * 40, "三"]) == "甲：一"
    assert finding("甲：", ["二" * 40]) == "甲"


def test_a_list_takes_no_more_than_it_has_room_for():
    assert [fitting([100, 140, 100], room) for room in (50, 239, 240, 400)] == [1, 1, 2, 3]


def test_counts_equal_the_database(connection, whole):
    counts = {region: dict(connection.execute("""
        SELECT status, count(*) FROM attainment(?) WHERE duplicate_of IS NULL AND region_id = ? GROUP BY status""",
        [DAY, region]).fetchall()) for region in ("331100", "330324", "500000", "421300", "331102")}
    total = {status: sum(one.get(status, 0) for one in counts.values()) for status in ("达标", "到期未报", "定性待评", "已废止")}
    assert f"{total['达标']} 项达标，" in whole["overview"]["title"] and f"{total['到期未报']} 项未报" in whole["overview"]["title"]
    for status, n in total.items():
        assert f">{status} {n}<" in whole["overview"]["body"]
    for region, one in counts.items():
        body = words(whole[f"region-{region}"]["body"])
        for status, n in one.items():
            assert re.search(rf"\b{n}\s+{status_label(status)}", body), (region, status)


def test_sections_and_map_count_the_same_sections(connection, whole):
    known = int(re.match(r"(\d+) 个断面有类别", whole["sections"]["title"]).group(1))
    assert sum(int(n) for n in re.findall(r"(\d+) / \d+ 个有类别", whole["sections"]["body"])) == known
    assert whole["map"]["body"].count("<svg viewBox") == 5
    assert t("map.credit.borders") in whole["map"]["body"]


def test_repealed_plan_says_so_and_asks_for_nothing(whole):
    old = whole["region-331102"]
    assert "2020-11-27 废止" in old["title"] and t("meeting.region.first") not in old["body"]
    assert "2020-11-27 废止，不计入" in whole["overview"]["body"]
    assert list(screens(meeting(asof=DAY, region="莲都区"))) == ["overview", "attention", "region-331102"]  # no section is its own


def test_what_is_left_out_is_counted(connection, whole):
    total, = connection.execute("""SELECT count(*) FROM attainment(?) WHERE duplicate_of IS NULL AND (status IN ('未达标', '到期未报')
        OR (status = '数据未出' AND schedule IN ('明显滞后', '倒退', '跌破')))""", [DAY]).fetchone()
    shown = whole["attention"]["body"].count('class="what')
    assert t("meeting.more.items", n=total - shown) in whole["attention"]["body"]


def test_notes_stand_under_their_targets_and_on_a_screen_of_their_own(connection, data: Path):
    first = queries.attention(connection.cursor(), as_of=date.today(), regions=["重庆市"], themes=[], statuses=[], years=[], units=[],
                              text="", limit=1).iloc[0]["target_id"]
    met, = connection.execute("SELECT min(target_id) FROM attainment(?) WHERE status = '达标' AND region_id = '330324'", [DAY]).fetchone()
    assert "notes" not in screens(meeting())
    record_note(first, "早先说的", date(2020, 1, 31), "王芳")
    record_note(first, "正在核对\n<b>口径</b>", date.today() - timedelta(days=9), "李强")
    record_note(met, "下一步还要做的", date.today() + timedelta(days=9), "赵敏")
    found = screens(meeting())
    assert found["notes"]["title"] == "3 条情况说明：3 条写了承诺的日子，2 条已过"
    said = words(found["notes"]["body"])
    assert said.index("早先说的") < said.index("正在核对") < said.index("下一步还要做的")
    assert said.count("已过 9 天") == 1 and len(re.findall(r"已过 \d+ 天", said)) == 2
    for screen in ("attention", "region-500000"):
        body = found[screen]["body"]
        assert esc("正在核对 <b>口径</b>") in body and "<b>口径" not in body and "早先说的" not in body
        assert "李强" in body and "，已过 9 天" in body
    assert "notes" not in screens(meeting(region="随州市")) and "notes" not in screens(meeting(asof="2020-06-30"))


def test_who_is_not_let_in_sees_no_meeting(published):
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        app = meeting()
    finally:
        config.set_option("server.address", before)
    assert not [found for found in app.get("bidi_component") if found.proto.id.endswith(STAGE)]


def test_changes_come_after_a_marked_meeting(monkeypatch, tmp_path: Path):
    build = tmp_path / "build"
    shutil.copytree(current_file().parent, build)
    monkeypatch.setattr("etl.versions.BUILD", build)
    monkeypatch.setattr("etl.versions.POINTER", build / "current.json")
    monkeypatch.setattr("etl.meetings.MEETINGS", build / "meetings.csv")
    held = date.today() - timedelta(days=400)
    old = f"{held:%Y%m%d}T080000000000-00000000"
    with open_read_only(current_file()) as opened:
        history.make_extract(opened, "extract", held)
        opened.execute("UPDATE temp.extract SET key = ?, built_at = ? WHERE part = 'version'", [old, f"{held} 08:00"])
        opened.execute("""DELETE FROM temp.extract
            WHERE key = (SELECT min(key) FROM temp.extract WHERE part = 'figure' AND key LIKE 'pub-%')""")
        opened.table("extract").write_parquet(str(history.extract_file(old)))
    assert "changes" not in screens(meeting())
    (build / "meetings.csv").write_text(f"date,name,marked_at,marked_by\n{held},调度会,{held}T15:00:00Z,王敏\n", encoding="utf-8")
    found = screens(meeting())["changes"]
    assert re.search(r"会议以来：\d+ 项状态变化", found["title"]) and "新增 1 个数" in found["body"]
    assert t("changes.cause.deadline") in found["body"]
    assert "changes" not in screens(meeting(asof="2025-12-31"))
