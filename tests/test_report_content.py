"""What reports say: periods, counts, sentences and sources, against the database asked directly."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboard.reports import sentences
from dashboard.reports.content import Report, file_name, gather
from dashboard.reports.periods import KINDS, Period, periods, short_name, usual_period
from etl import history
from etl.versions import current_file, open_read_only

DAY = date(2026, 11, 22)
MEETING_LINE = "date,name,marked_at,marked_by\n2025-10-15,调度会,2025-10-15T03:00:00Z,王敏\n"
OLD = "20251014T080000000000-00000000"


pytestmark = pytest.mark.usefixtures("nothing_kept")


@pytest.fixture(scope="module")
def everywhere(connection: duckdb.DuckDBPyConnection, nothing_kept: None) -> Report:
    return gather(connection.cursor(), "assessment", usual_period("assessment", DAY), [], DAY)


@pytest.mark.parametrize(("kind", "first", "words", "short"), [
    ("dispatch", date(2026, 10, 1), "2026 年四季度", "2026Q4"),
    ("bulletin", date(2026, 7, 1), "2026 年下半年", "2026H2"),
    ("assessment", date(2026, 1, 1), "2026 年", "2026"),
])
def test_the_newest_period_is_the_running_one(kind, first, words, short):
    newest = periods(kind, DAY)[0]
    assert newest == Period(kind, first, date(2026, 12, 31), words)
    assert short_name(newest) == short


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 31), date(2026, 7, 1)])
def test_periods_follow_each_other_without_a_gap(kind, day):
    offered = periods(kind, day)
    assert offered[0].first <= day <= offered[0].last
    assert all((later.first - earlier.last).days == 1 for later, earlier in zip(offered, offered[1:]))
    assert usual_period(kind, day) == offered[1]
    assert len({short_name(period) for period in offered}) == len(offered)


def test_counts_are_those_of_the_database(everywhere, connection):
    counted = dict(connection.execute("""
        SELECT status, count(*) FROM attainment(DATE '2026-11-22')
        WHERE duplicate_of IS NULL AND status <> '已废止' GROUP BY ALL""").fetchall())
    said = everywhere.summary[0]
    assert f"共 {sum(counted.values())} 项目标" in said
    for status in ("达标", "未达标", "到期未报", "定性待评"):
        assert re.search(rf"[：，]{status} {counted.get(status, 0)} 项", said)
    assert f"未到期 {counted['数据未出']} 项" in said


def test_a_repealed_plan_comes_last_and_is_out_of_the_counts(everywhere):
    assert everywhere.names == ["丽水市", "永嘉县", "重庆市", "随州市", "莲都区"]
    last = everywhere.regions[-1]
    assert last.is_repealed and "2020-11-27 废止" in last.sentences[0]
    assert not any(line.startswith("共") for line in last.sentences)
    assert str(len(last.targets)) in everywhere.summary[1]


def test_before_it_was_repealed_a_plan_counted(connection):
    report = gather(connection.cursor(), "assessment", usual_period("assessment", date(2020, 1, 1)), ["331102"], date(2020, 1, 1))
    assert not report.regions[0].is_repealed
    assert report.summary[0].startswith("截至 2020-01-01，共")


def test_sentences_of_a_region_add_up(everywhere):
    for part in everywhere.regions[:-1]:
        line = next(said for said in part.sentences if said.startswith("共"))
        numbers = [int(n) for n in re.findall(r"(\d+) 项", line)]
        assert numbers[0] == sum(numbers[1:]) == len(part.targets)


def test_a_missing_figure_is_to_be_reported_and_nobody_is_blamed(everywhere):
    said = "\n".join(line for part in everywhere.regions for line in [*part.sentences, *everywhere.summary])
    assert "到期未报" in said and "只作提示，不作判定" in said
    assert not re.search("完美|圆满|严重|告警|排名|落后|不力|约为零", said)


def test_a_missed_target_is_told_with_figure_target_and_gap(everywhere):
    row = {"name_in_plan": "污水集中收集率", "scope": "全市", "comparator": ">=", "target_value": 73.0, "target_value_high": None,
           "target_text": None, "unit": "%", "decimals": 0, "is_cumulative": False, "is_approximate": False, "direction": "higher",
           "latest_value": 65.21, "latest_text": None, "latest_comparator": "=", "latest_period": "2023", "status": "未达标"}
    rows = pd.DataFrame([row] * 5)
    said = sentences._missed(rows)[0]
    assert said.startswith("未达标 5 项：污水集中收集率（全市）2023 年为 65.21%，目标 ≥73%，差 7.79 个百分点；")
    assert said.endswith("；另有 2 项见表。")


def test_a_target_judged_by_people_says_so():
    row = {"name_in_plan": "岸线保护", "scope": "", "comparator": "text", "target_text": "全面落实", "target_value": None,
           "latest_value": None, "status": "未达标", "verdict_id": "v1", "judged_by": "王敏", "judged_on": pd.Timestamp("2026-11-01")}
    assert sentences._missed(pd.DataFrame([row])) == ["未达标 1 项：岸线保护，目标 全面落实，由人评定。"]
    assert sentences.latest(row) == "由 王敏 评定（2026-11-01），不是计算得出"


def test_a_unit_with_a_comma_in_brackets_is_one_unit():
    row = {"status": "到期未报", "lead_units": None, "implement_units": "各县（市、区）政府、水利、农业部门、水利、农业部门",
           "unit_names": ["各县（市、区）政府", "水利、农业部门", "市水利局"]}
    said = sentences._unreported_units(pd.DataFrame([row] * 2))[0]
    assert "涉及 2 个责任单位，待报较多的是各县（市、区）政府（2 项）、水利、农业部门（2 项）。" in said


def test_every_target_has_its_clause_and_every_figure_its_source(everywhere, connection):
    sources = everywhere.sources
    promised = sources[sources["kind"] == "target"].set_index("key")
    clauses = dict(connection.execute("SELECT target_id, clause FROM targets WHERE duplicate_of IS NULL").fetchall())
    assert promised["clause"].to_dict() == clauses
    figures = sources[sources["kind"] == "figure"]
    known = connection.execute("""
        SELECT count(*) FROM attainment(DATE '2026-11-22') WHERE duplicate_of IS NULL AND source_id IS NOT NULL""").fetchone()[0]
    assert len(figures) == known and figures["title"].notna().all()


def test_sections_are_counted_by_class_as_in_the_database(everywhere):
    for part in everywhere.regions:
        known = part.sections["latest_class"].dropna()
        for line in part.sentences:
            if line.startswith("登记断面"):
                assert f"登记断面 {len(part.sections)} 个" in line
                assert sum(int(n) for n in re.findall(r"类 (\d+) 个", line)) == len(known)


def test_an_unknown_region_is_refused_by_name(connection):
    with pytest.raises(ValueError, match=r"999999.*331100"):
        gather(connection.cursor(), "dispatch", usual_period("dispatch", DAY), ["999999"], DAY)


def test_title_file_name_and_link(connection):
    report = gather(connection.cursor(), "dispatch", usual_period("dispatch", DAY), ["421300"], DAY, "http://192.168.1.5:8501/")
    assert report.title == "随州市2026年三季度生态环境目标调度情况"
    assert file_name(report, "docx") == "清流-季调度-随州市-2026-11-22.docx"
    assert report.link.startswith("http://192.168.1.5:8501/?region=%E9%9A%8F%E5%B7%9E%E5%B8%82")


def test_without_a_kept_version_changes_are_not_invented(everywhere):
    assert everywhere.changes is None and everywhere.figure_changes is None
    assert everywhere.summary[-1] == "自 2025-01-01 以来的变化没有可比的留存版本，不作说明。"


def test_a_version_is_not_compared_with_itself(database, connection, monkeypatch):
    monkeypatch.setattr("etl.versions.BUILD", database.parent)  # the only extract is that of the open version
    report = gather(connection.cursor(), "bulletin", usual_period("bulletin", date.today()), ["421300"], date.today())
    assert report.changes is None and "没有可比的留存版本" in report.summary[-1]


def test_of_one_region_nothing_is_said_twice(connection):
    report = gather(connection.cursor(), "assessment", usual_period("assessment", DAY), ["500000"], DAY)
    own = report.sentences_of(report.regions[0])
    assert own and not any(line.startswith("共") for line in own) and not {*own} & {*report.summary}


def test_of_several_regions_each_says_its_own_also_where_the_sum_is_the_same(everywhere):
    for part in everywhere.regions:
        assert everywhere.sentences_of(part) == part.sentences


def test_changes_are_counted_since_the_last_meeting(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    build = tmp_path / "build"
    shutil.copytree(database.parent, build)
    monkeypatch.setattr("etl.versions.BUILD", build)
    monkeypatch.setattr("etl.versions.POINTER", build / "current.json")
    monkeypatch.setattr("etl.meetings.MEETINGS", build / "meetings.csv")
    (build / "meetings.csv").write_text(MEETING_LINE, encoding="utf-8")
    with open_read_only(current_file()) as connection:
        history.make_extract(connection, "extract", date(2025, 10, 15))
        connection.execute("UPDATE temp.extract SET key = ?, built_at = '2025-10-14 08:00' WHERE part = 'version'", [OLD])
        gone = connection.execute("SELECT min(key) FROM temp.extract WHERE part = 'figure' AND region = '重庆市'").fetchone()
        connection.execute("DELETE FROM temp.extract WHERE key = ?", gone)
        connection.table("extract").write_parquet(str(history.extract_file(OLD)))
        both = {region: gather(connection.cursor(), "bulletin", usual_period("bulletin", date.today()), [region], date.today())
                for region in ("500000", "421300")}
    assert both["500000"].since == "自 2025-10-15 调度会以来"
    assert "新增 1 个数" in both["500000"].summary[-1]
    assert list(both["500000"].figure_changes["change"]) == ["added"] and both["421300"].figure_changes.empty
