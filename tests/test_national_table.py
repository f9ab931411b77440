"""The national table in all the forms in which it comes: sixteen traits of real files, and what offices make of them."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.import_report import write_reports
from etl.national_import import import_national_tables
from etl.problems import DataProblems
from etl.readers.named_moment import last_moment_in_name
from etl.readers.national_table import cell_text, read_cells
from etl.readers.national_values import clean_name, sampling_time, understand
from etl.versions import current_file
from tests.conftest import use_data
from tests.national import HEADINGS, PLAIN, Desk, as_csv, as_reply, as_xlsx, row, shown

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "cnemc"
SPRING = datetime(2021, 4, 30, 23, 59, 59)


@pytest.fixture
def desk(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Everything happens in an own copy of the data with a published version."""
    shutil.copytree(database.parent.parent, tmp_path / "data")
    use_data(monkeypatch, tmp_path / "data")
    return Desk(tmp_path, tmp_path / "data")


def read(path: Path, columns: str, fetched_at: datetime | None = None) -> list[tuple]:
    """Columns of the understood rows of a file, without any database."""
    with duckdb.connect() as connection:
        understand(connection, read_cells(connection, path, fetched_at))
        return connection.execute(f"SELECT {columns} FROM typed ORDER BY row").fetchall()


# ── the sixteen traits ──────────────────────────────────────────────────────────────────────────────────

def made_of(desk: Desk) -> tuple[list, list]:
    """Samples, without the file they came from, and their means."""
    return (desk.ask("SELECT * EXCLUDE (source_id) FROM samples ORDER BY ALL"), desk.ask("SELECT * FROM section_means ORDER BY ALL"))


def test_trait_01_two_carriers_mean_the_same(desk):
    """The reply with HTML in headings and cells, the flattened CSV and the workbook."""
    rows = [row(), row(断面名称="测柳渡", 水温="19.8", 叶绿素α="0.012", 藻密度="258750000")]
    html = [[*cells[:5], *(f"<span>{cell}</span>" if cell != "*" else cell for cell in cells[5:16]), cells[16]] for cells in rows]
    numbers = [[float(cell) if cell.replace(".", "").isdigit() else cell for cell in cells] for cells in rows]
    desk.take_in(as_csv(rows))
    expected = made_of(desk)
    assert len(expected[0]) == 20 and ("algal_density", 258750000.0) in [(sample[2], sample[3]) for sample in expected[0]]
    for content, name in ((as_reply(html), "reply_2021-04.json"), (as_xlsx(numbers), "sheet_2021-04.xlsx")):
        shutil.rmtree(desk.data / "readings")
        done = desk.take_in(content, name=name)
        assert [one.carrier.kind for one in done.new] == [name.rpartition(".")[2]]
        assert made_of(desk) == expected


@pytest.mark.parametrize("cell, text, note", [
    ("19.8", "19.8", ""), (" 19.8 ", "19.8", ""), ("<span title='原始值：19.81'>19.8</span>", "19.8", "原始值：19.81"),
    (shown("0.00", "原始值：4E-05"), "0.00", "原始值：4E-05"), ("<span title='极值过滤'>--</span>", "--", "极值过滤"),
    ("<span title='当天质控不合格'>--</span>", "--", "当天质控不合格"), ("水温<br/><span class='unit'>(℃)</span>", "水温 (℃)", ""),
    ("<0.025", "<0.025", ""), ("a &lt; b", "a < b", ""), ("", "", ""), ("<b>甲</b>乙", "甲乙", ""),
])
def test_trait_02_html_cells(cell, text, note):
    assert cell_text(cell) == (text, note)


def test_trait_02_why_a_figure_is_missing(desk):
    """极值过滤, 当天质控不合格 and a bare -- are told apart; * is a parameter that the station does not measure."""
    desk.take_in(as_reply([row(水温=shown("--", "极值过滤"), pH=shown("--", "当天质控不合格"), 溶解氧="--", 电导率="*",
                               浊度=shown("3.6", "原始值：3.557"), 氨氮="很低")]), name="reply_2021-04.json")
    assert desk.ask("SELECT parameter, value, raw_value, flag FROM samples WHERE parameter NOT LIKE '%total%' ORDER BY parameter") == [
        ("ammonia_nitrogen", None, None, "unreadable"), ("dissolved_oxygen", None, None, "no_value"),
        ("permanganate_index", 2.81, None, None), ("ph", None, None, "quality_control_failed"), ("turbidity", 3.6, 3.557, None),
        ("water_temperature", None, None, "extreme_filtered")]


@pytest.mark.parametrize("tooltip", ["原始值：5.3", "极值过滤 原始值：5.3"])
def test_trait_02_a_withheld_value_is_not_taken_from_the_tooltip(desk, tooltip):
    desk.take_in(as_reply([row(溶解氧=shown("--", tooltip))]), name="reply_2021-04.json")
    assert [sample[:2] for sample in desk.values("dissolved_oxygen")] == [(None, None)]
    assert desk.ask("SELECT count(*) FROM section_means WHERE parameter = 'dissolved_oxygen'") == [(0,)]


def test_trait_02_other_figures_in_a_tooltip_are_no_raw_value(tmp_path):
    path = tmp_path / "a_2021-04.json"
    path.write_bytes(as_reply([row(水温=shown("7.0", "检出限0.025")), row(水温=shown("7.0", "7.04")),
                                row(水温=shown("7.0", "原始值: -7.04"))]))
    assert read(path, "water_temperature, water_temperature_raw") == [(7.0, None), (7.0, 7.04), (7.0, -7.04)]


def test_trait_03_city_and_river_stand_in_the_tooltip_of_the_name(desk):
    name = "<span title='所在地市:丽水市&#10;所属河流:测试溪'>测石桥</span>"
    desk.take_in(as_reply([row(断面名称=name), row(断面名称="<span title='所在地市:--&#10;所属河流:'>测柳渡</span>")]),
                 name="reply_2021-04.json")
    assert desk.ask("SELECT name, region_id, river FROM sections WHERE origin = 'national_table' ORDER BY name DESC") == [
        ("测石桥", "331100", "测试溪"), ("测柳渡", "330000", None)]


def test_trait_04_display_is_rounded_half_to_even_and_the_class_rests_on_the_raw_value(desk):
    """29.25 is displayed as 29.2; 6.002 as 6.00, which would be a class better."""
    desk.take_in(as_reply([
        row(水温=shown("29.2", "原始值：29.25"), 高锰酸盐指数=shown("6.00", "原始值：6.002"), 水质类别="Ⅳ",
            藻密度=shown("14916440", "原始值：1.491644E+07"), 叶绿素α=shown("0.00004", "原始值：4E-05")),
        row(断面名称="测柳渡", 高锰酸盐指数="6.00", 水质类别="Ⅲ")]), name="reply_2021-04.json")
    assert (29.2, 29.25, None) in desk.values("water_temperature")
    assert desk.values("algal_density") == [(14916440.0, 1.491644e7, None)] and desk.values("chlorophyll_a") == [(4e-5, 4e-5, None)]
    assert desk.ask("SELECT s.name, r.class FROM readings r JOIN sections s USING (section_id) ORDER BY 1 DESC") == [
        ("测石桥", "Ⅳ"), ("测柳渡", "Ⅲ")]
    assert desk.ask("SELECT mean FROM section_means WHERE parameter = 'water_temperature' AND period_kind = 'month' ORDER BY 1 DESC") == [
        (29.25,), (17.3,)]


def test_trait_05_fewer_rows_than_stated(desk):
    done = desk.take_in(as_reply([row()], records=1903), name="reply_2021-04.json")
    assert desk.ask("SELECT stated_rows, file_rows, dropped_rows, kept_rows FROM imports") == [(1903, 1, 0, 1)]
    assert write_reports(done)[0].one.carrier.stated_rows == 1903


def test_trait_06_times_without_a_year(desk):
    """A stale row of September in a table of May lies in the year before; minutes are kept; no time, no reading."""
    rows = [row(断面名称=f"测{number}桥", 监测时间=time) for number, time in enumerate(
        ["05-08 15:00", "09-09 09:00", "05-08 12:05", "02-04 11:33", "05-09 00:00", None, "*", "--", "", "13-40 00:00"])]
    done = desk.take_in(as_reply(rows), name="reply_2020-05-08.json")
    assert desk.ask("SELECT strftime(sampled_at, '%Y-%m-%d %H:%M') FROM readings ORDER BY 1") == [
        ("2019-05-09 00:00",), ("2019-09-09 09:00",), ("2020-02-04 11:33",), ("2020-05-08 12:05",), ("2020-05-08 15:00",)]
    told = Counter((line["事项"], line["说明"]) for line in desk.report(done) if line["事项"] in ("未入库", "时间在取数之前的年份"))
    assert [(key[0], number) for key, number in told.items()] == [("未入库", 4), ("未入库", 1), ("时间在取数之前的年份", 2)]
    assert told["未入库", "没有监测时间"] == 4


@pytest.mark.parametrize("fetched, text, moment", [
    ("2021-01-01 00:30", "12-31 20:00", "2020-12-31 20:00"), ("2021-01-01 00:30", "01-01 00:00", "2021-01-01 00:00"),
    ("2020-12-31 23:59", "01-01 00:00", "2020-01-01 00:00"), ("2021-04-30 23:59", "02-29 04:00", "2020-02-29 04:00"),
    ("2023-02-28 12:00", "02-29 04:00", "2020-02-29 04:00"), ("2104-02-28 12:00", "02-29 04:00", None),
])
def test_trait_06_new_year_and_leap_days(fetched, text, moment):
    """2100 was no leap year: nothing is guessed over more than four years."""
    expected = datetime.fromisoformat(moment) if moment else None
    assert sampling_time(text, datetime.fromisoformat(fetched))[0] == expected


CLASS_WORDS = {
    "Ⅰ": "Ⅰ", "Ⅱ": "Ⅱ", "Ⅲ": "Ⅲ", "Ⅳ": "Ⅳ", "Ⅴ": "Ⅴ", "劣Ⅴ": "劣Ⅴ", "1": "Ⅰ", "2": "Ⅱ", "3": "Ⅲ", "4": "Ⅳ", "5": "Ⅴ", "6": "劣Ⅴ", "": None,
    "*": None, "-": None, "--": None, "-1": None, "0": None, "7": None,
    "III类": "Ⅲ", "Ⅲ类": "Ⅲ", "iv": "Ⅳ", "ＩＩ": "Ⅱ", "劣V类": "劣Ⅴ", "3.0": "Ⅲ",
    "-1.0": None, "良好": None}


def test_trait_07_words_and_digits_for_classes(tmp_path):
    path = tmp_path / "a_2021-04.csv"
    path.write_bytes(as_csv([row(水质类别=word) for word in CLASS_WORDS]))
    understood = dict(zip(CLASS_WORDS, read(path, "published_class, is_class_unknown")))
    assert {word: found for word, (found, _) in understood.items()} == CLASS_WORDS
    assert [word for word, (_, unknown) in understood.items() if unknown] == ["良好"]


def test_trait_08_station_status_and_its_absence(desk):
    """Maintenance is kept and not averaged, nor judged unless the table does; without the column all count;
    archives put a year in front."""
    months = [row(监测时间="04-01 04:00", 溶解氧="8"), row(监测时间="04-01 08:00", 溶解氧="2", 站点情况="维护"),
              row(监测时间="04-01 12:00", 溶解氧="2", 站点情况="停站", 水质类别="*"),
              row(监测时间="04-01 16:00", 溶解氧="6", 站点情况="不具备运行条件", 水质类别="*")]
    desk.take_in(as_csv(months))
    assert desk.ask("SELECT class, station_status FROM readings ORDER BY sampled_at") == [
        ("Ⅱ", "正常"), ("Ⅴ", "维护"), (None, "停站"), (None, "不具备运行条件")]
    means = "SELECT mean, samplings FROM section_means WHERE parameter = 'dissolved_oxygen' AND period_kind = 'month'"
    assert desk.ask(means) == [(8.0, 1)]
    shutil.rmtree(desk.data / "readings")
    desk.take_in(as_csv([cells[:-1] for cells in months], HEADINGS[:-1]))
    assert desk.ask(means) == [(4.5, 4)]
    assert desk.ask("SELECT DISTINCT station_status FROM readings") == [(None,)]
    shutil.rmtree(desk.data / "readings")
    desk.take_in(as_csv([["2019", *cells[:-1]] for cells in months], ["抓取年份", *HEADINGS[:-1]]))
    assert desk.ask(means) == [(4.5, 4)]
    assert desk.ask("SELECT DISTINCT year(sampled_at) FROM readings") == [(2019,)]


def test_trait_09_the_last_row_of_a_sampling_counts_and_the_earlier_stays_as_history(desk):
    withdrawn = {name: "--" for name in ("水温", "pH", "溶解氧", "电导率", "浊度", "高锰酸盐指数", "氨氮", "总磷", "总氮")}
    done = desk.take_in(as_csv([row(), row(**withdrawn, 水质类别="*", 站点情况="维护"), row(断面名称="测柳渡"), row(断面名称="测柳渡")]))
    assert desk.ask("""SELECT s.name, class, station_status, source_row FROM readings JOIN sections s USING (section_id)
                       ORDER BY source_row""") == [
        ("测石桥", None, "维护", 3), ("测柳渡", "Ⅱ", "正常", 4)]
    assert desk.ask("SELECT kind, source_row, by_row, published_class, station_status FROM superseded_readings ORDER BY source_row") == [
        ("revised", 2, 3, "Ⅱ", "正常"), ("identical", 5, 4, "Ⅱ", "正常")]
    assert desk.ask("SELECT parameter, value FROM superseded_samples ORDER BY parameter LIMIT 3") == [
        ("ammonia_nitrogen", 0.097), ("conductivity", 161.9), ("dissolved_oxygen", 8.64)]
    assert desk.ask("SELECT count(*) FROM superseded_samples") == [(9,)]
    assert {(line["行"], line["事项"], line["说明"]) for line in desk.report(done) if line["事项"].startswith("重复")} == {
        ("5", "重复（内容相同）", "以第 4 行为准"), ("2", "重复（有修订，旧值留作历史）", "以第 3 行为准")}


def test_trait_10_homonyms_stay_apart(desk):
    """The same name in two provinces, and in two basins of one province at the same time."""
    done = desk.take_in(as_csv([
        row(断面名称="测江口", 省份="四川省", 流域="长江流域"), row(断面名称="测江口", 省份="重庆市", 流域="长江流域"),
        row(断面名称="测临江", 流域="长江流域"), row(断面名称="测临江", 流域="太湖流域")]))
    assert desk.ask("SELECT name, basin, region_id FROM sections WHERE origin = 'national_table' ORDER BY ALL") == [
        ("测临江", "太湖流域", "330000"), ("测临江", "长江流域", "330000"),
        ("测江口", "长江流域", "500000"), ("测江口", "长江流域", "510000")]
    assert desk.ask("SELECT count(*), count(DISTINCT section_id) FROM readings") == [(4, 4)]
    assert [line["说明"] for line in desk.report(done) if line["值"] == "测江口" and line["事项"].startswith("同名")] == [
        "另见：重庆市", "另见：四川省"]


def test_trait_11_renamed_stations_are_one_and_look_alikes_two(desk):
    """Renames come from data/register/national_renames.csv; brackets of either width are one; every reading is kept."""
    desk.take_in(as_csv([
        row(断面名称="两河口", 省份="重庆市", 监测时间="04-01 04:00"), row(断面名称="璧南河两河口", 省份="重庆市", 监测时间="04-01 08:00"),
        row(断面名称="隔卜桥", 省份="湖北省", 监测时间="04-01 08:00"),
        row(断面名称="测官铺", 监测时间="04-01 04:00"), row(断面名称="测官浦", 监测时间="04-01 04:00"),
        row(断面名称="测口(水厂)", 监测时间="04-01 04:00"), row(断面名称="测口（水厂）", 监测时间="04-01 08:00"),
        row(断面名称="测口 （水厂）", 监测时间="04-01 12:00"), row(断面名称="测口", 监测时间="04-01 04:00")]))
    assert desk.ask("""SELECT s.name, s.national_names, count(*) FROM readings JOIN sections s USING (section_id)
                       WHERE s.origin = 'national_table' GROUP BY ALL ORDER BY 1""") == [
        ("测口", "浙江省|测口", 1), ("测口（水厂）", "浙江省|测口（水厂）", 3),
        ("测官浦", "浙江省|测官浦", 1), ("测官铺", "浙江省|测官铺", 1),
        ("璧南河两河口", "重庆市|璧南河两河口", 2), ("隔蒲桥", "湖北省|隔蒲桥", 1)]


def test_trait_12_another_basin_label_is_no_other_section(desk):
    desk.take_in(as_csv([row(流域="淮河流域")]))
    before = desk.ask("SELECT section_id FROM sections WHERE origin = 'national_table'")
    desk.take_in(as_csv([row(流域="海河流域", 监测时间="05-01 04:00")]), name="table_2021-05.csv")
    assert desk.ask("SELECT section_id FROM sections WHERE origin = 'national_table'") == before
    assert desk.ask("SELECT basin FROM sections WHERE origin = 'national_table'") == [("海河流域",)]  # the latest label
    assert desk.ask("SELECT count(*) FROM readings") == [(2,)]


ODD_VALUES = {"水温": ("0.1", "38.7"), "pH": ("4.45", "10.06"), "溶解氧": ("0.003", "29.22"), "电导率": ("0.0001", "59360.6"),
              "浊度": ("0.01", "5099.2"), "氨氮": ("0.0001",), "藻密度": ("258750000",)}


def test_trait_13_odd_values_are_flagged_and_kept(desk):
    rows = [row(断面名称=f"测{name}{number}", **{name: value}) for name, values in ODD_VALUES.items()
            for number, value in enumerate(values)]
    done = desk.take_in(as_csv(rows))
    flagged = desk.ask("SELECT value FROM samples WHERE flag = 'implausible' ORDER BY value")
    assert [value for value, in flagged] == sorted(float(value) for values in ODD_VALUES.values() for value in values)
    assert desk.ask("SELECT count(*) FROM readings") == [(len(rows),)]
    told = [line for line in desk.report(done) if line["事项"] == "数值可疑（照录，只作提示）"]
    assert len(told) == 12 and "超出通常范围 0.2～35" in {line["说明"] for line in told}


def test_trait_13_a_jump_is_flagged_and_the_tide_is_none(desk):
    desk.take_in(as_csv([row(监测时间="04-01 04:00", 氨氮="0.120", 电导率="51.5"),
                         row(监测时间="04-01 08:00", 氨氮="3.692", 电导率="2495.7"),
                         row(监测时间="04-01 12:00", 氨氮="0.130", 电导率="51.5")]))
    assert [flag for _, _, flag in desk.values("ammonia_nitrogen")] == [None, "jump", None]
    assert {flag for _, _, flag in desk.values("conductivity")} == {None}


def test_trait_14_half_detection_limits_are_a_hint_and_tiny_values_are_values(desk):
    desk.take_in(as_csv([row(高锰酸盐指数="0.25", 氨氮="0.025", 总磷="0.005", 总氮="0.05"),
                         row(监测时间="04-01 16:00", 高锰酸盐指数="0.24", 氨氮="0.003", 总磷="0.002", 总氮="0.04")]))
    assert desk.ask("SELECT sampled_at::TIME::VARCHAR, count(*) FROM samples WHERE flag = 'half_detection_limit' GROUP BY ALL") == [
        ("12:00:00", 4)]
    assert desk.ask("SELECT class FROM readings ORDER BY sampled_at") == [("Ⅰ",), ("Ⅰ",)]
    assert [value for value, _, _ in desk.values("ammonia_nitrogen")] == [0.025, 0.003]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_trait_15_encodings(desk, encoding):
    """GBK has no α-safe form in some exports; archives in it write years and slashes."""
    rows = [row(监测时间="2021/4/1 4:00"), row(监测时间="2021/4/2 16:00"), row(监测时间="*", 水质类别="*")]
    desk.take_in(as_csv(rows, encoding=encoding))
    assert desk.ask("SELECT s.name, strftime(sampled_at, '%d %H') FROM readings JOIN sections s USING (section_id) ORDER BY 2") == [
        ("测石桥", "01 04"), ("测石桥", "02 16")]


def test_trait_15_workbook_with_numbers_and_text_mixed(tmp_path):
    path = tmp_path / "a_2021-04.xlsx"
    path.write_bytes(as_xlsx([row(监测时间=datetime(2021, 4, 1, 4), 水质类别=3, 水温=17.3, pH="7.99", 溶解氧=8, 氨氮="--", 总磷=None),
                              row(监测时间="04-01 08:00", 水温="*", 断面名称=101)], above=2))
    assert read(path, "row, name, sampled_at, published_class, water_temperature, ph, dissolved_oxygen, ammonia_nitrogen_flag") == [
        (4, "测石桥", datetime(2021, 4, 1, 4), "Ⅲ", 17.3, 7.99, 8.0, "no_value"),
        (5, "101", datetime(2021, 4, 1, 8), "Ⅱ", None, 7.99, 8.64, None)]


def test_trait_16_columns_that_are_no_longer_published(desk):
    kept = [heading for heading in HEADINGS if not heading.startswith(("叶绿素", "藻密度", "站点情况"))]
    desk.take_in(as_reply([row()[:14]], kept), name="reply_2021-04.json")
    assert desk.ask("SELECT count(*) FROM samples") == [(9,)]


def test_trait_16_a_cold_answer_is_refused(tmp_path):
    for name in ("reply.json", "reply.csv"):
        (tmp_path / name).write_text("-1", encoding="utf-8")
        with pytest.raises(DataProblems) as raised:
            read(tmp_path / name, "*")
        problem, = raised.value.problems
        assert problem.found == "-1" and problem.rule.startswith("不是国家水质自动监测表")


# ── when it was fetched ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stem, moment", [
    ("measurements_2021-04", "2021-04-30 23:59:59"), ("raw_2020-05-08", "2020-05-08 23:59:59"),
    ("cnemc-20260827T232004", "2026-08-27 23:20:04"), ("cnemc-20260827T201105-2", "2026-08-27 20:11:05"),
    ("2020-12-31", "2020-12-31 23:59:59"), ("2021-12", "2021-12-31 23:59:59"), ("202110", "2021-10-31 23:59:59"),
    ("2021年11月份水质", "2021-11-30 23:59:59"), ("2021年4月1日", "2021-04-01 23:59:59"), ("2021-04-20_0800", "2021-04-20 08:00:59"),
    ("2021年1-6月", "2021-06-30 23:59:59"), ("2021年1月至12月", "2021-12-31 23:59:59"), ("2021年4月28日-5月3日", "2021-05-03 23:59:59"),
    ("2021.4.1-2021.4.30", "2021-04-30 23:59:59"), ("2021-01_2021-06", "2021-06-30 23:59:59"), ("202101-202106", "2021-06-30 23:59:59"),
    ("20210401-20210430", "2021-04-30 23:59:59"), ("2020年11月-2021年2月", "2021-02-28 23:59:59"), ("2021-04 (2)", "2021-04-30 23:59:59"),
    ("2021", None), ("2020-2021", None), ("2021-13", None), ("2021-02-30", None), ("12021-04", None),
    ("水质数据", None), ("2021年第1季度", None),
])
def test_the_moment_a_file_name_speaks_of(stem, moment):
    """Ranges count to their end: rows of later months must not land in the year before."""
    assert last_moment_in_name(stem) == (datetime.fromisoformat(moment) if moment else None)


@given(st.dates(datetime(1990, 1, 1).date(), datetime(2099, 12, 31).date()), st.sampled_from(
    ["%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d", "%Y年%m月%d日", "table_%Y-%m-%d", "%Y-%m-%d 表", "表%Y%m%d(1)"]))
def test_every_day_is_read_in_every_form(day, form):
    assert last_moment_in_name(day.strftime(form)) == datetime(day.year, day.month, day.day, 23, 59, 59)


@pytest.mark.parametrize("inside, given_at, name, moment, basis", [
    ("2021-04-02T04:30:00", datetime(2022, 1, 1, 5), "a_2020-01.json", "2022-01-01 05:00:00", "option"),
    ("2021-04-02T04:30:00", datetime(2022, 1, 1), "a_2020-01.json", "2022-01-01 23:59:59", "option"),
    ("2021-04-02T04:30:00", None, "a_2020-01.json", "2021-04-02 04:30:00", "content"),
    ("2021-04-02T04:30:00Z", None, "a_2020-01.json", "2021-04-02 12:30:00", "content"),
    ("2021-04-02", None, "a_2020-01.json", "2021-04-02 23:59:59", "content"),
    ("昨天", None, "a_2020-01.json", "2020-01-31 23:59:59", "file_name"),
    (None, None, "a_2020-01.json", "2020-01-31 23:59:59", "file_name"),
])
def test_the_moment_of_fetching(tmp_path, inside, given_at, name, moment, basis):
    """As told, as the reply says (its time zone heeded), as the name says; a day counts to its end."""
    path = tmp_path / name
    path.write_bytes(as_reply([row()], fetched_at=inside))
    with duckdb.connect() as connection:
        carrier = read_cells(connection, path, given_at)
    assert (str(carrier.fetched_at), carrier.fetched_basis) == (moment, basis)


def test_the_file_date_is_the_last_resort_and_the_running_month_ends_now(tmp_path):
    now = datetime.now().astimezone()
    china = now.replace(tzinfo=None) - now.utcoffset() + timedelta(hours=8)
    plain, running = tmp_path / "表.csv", tmp_path / f"{china:%Y-%m}.csv"
    for path in (plain, running):
        path.write_bytes(as_csv([row()]))
        with duckdb.connect() as connection:
            carrier = read_cells(connection, path, None)
        assert carrier.fetched_basis == ("modified" if path == plain else "file_name")
        assert abs(carrier.fetched_at - china) < timedelta(minutes=5)


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2098, 12, 31))


@given(MOMENTS, MOMENTS)
def test_the_year_is_the_latest_that_is_not_in_the_future(fetched, sampled):
    moment, is_previous = sampling_time(f"{sampled:%m-%d %H:%M}", fetched)
    assert moment is not None and moment <= fetched
    assert (moment.month, moment.day, moment.hour, moment.minute) == (sampled.month, sampled.day, sampled.hour, sampled.minute)
    assert is_previous == (moment.year < fetched.year)
    if (sampled.month, sampled.day) == (2, 29):
        assert fetched.year - moment.year <= 4
    else:
        assert fetched.year - moment.year <= 1 and moment.replace(year=moment.year + 1) > fetched


@given(MOMENTS, st.integers(2000, 2098))
def test_the_year_of_fetching_in_the_row_counts_unless_it_is_later(fetched, year):
    moment, _ = sampling_time("01-01 00:00", fetched, str(year))
    assert moment == datetime(min(year, fetched.year), 1, 1)


@pytest.mark.parametrize("text, moment", [
    ("04-01 04:00", "2021-04-01 04:00"), ("4-1 4:00", "2021-04-01 04:00"), ("04-01 04:00:30", "2021-04-01 04:00"),
    ("2021/4/1 4:00", "2021-04-01 04:00"), ("2021-04-01 04:00:00.000", "2021-04-01 04:00"), ("2021-04-01T04:00:00", "2021-04-01 04:00"),
    ("2021-04-01T04:00:00+08:00", "2021-04-01 04:00"), ("2021年4月1日 4:00", "2021-04-01 04:00"), ("2021年4月1日4时", "2021-04-01 04:00"),
    ("4月1日4时05分", "2021-04-01 04:05"), ("04/01 12:00", "2021-04-01 12:00"), ("2021-04-01", "2021-04-01 00:00"),
    ("０４－０１　１２：００", "2021-04-01 12:00"), ("2019-04-01 04:00", "2019-04-01 04:00"), ("2021-05-01 00:00", None), ("04-01", None),
    ("04-01 24:00", None), ("04-31 00:00", None), ("昨天", None), ("44287.5", None), ("*", None),
])
def test_times_as_archives_write_them(text, moment):
    assert sampling_time(text, SPRING)[0] == (datetime.fromisoformat(moment) if moment else None)


# ── what offices make of the table ──────────────────────────────────────────────────────────────────────

TWO = [row(), row(断面名称="测柳渡", 水温="９.５", 站点情况="维护")]
UNDERSTOOD = [("浙江省", "测石桥", "Ⅱ", 17.3, 7.99, 8.64, "正常"), ("浙江省", "测柳渡", "Ⅱ", 9.5, 7.99, 8.64, "维护")]


def reordered(order: list[int]) -> bytes:
    return as_csv([[cells[at] for at in order] for cells in TWO], [HEADINGS[at] for at in order])


ODD_FORMS = {
    "semicolons": as_csv(TWO, delimiter=";"),
    "tabs": as_csv(TWO, delimiter="\t"),
    "LF": as_csv(TWO, end="\n"),
    "CR": as_csv(TWO, end="\r"),
    "mixed line ends": as_csv(TWO).replace(b"\r\n", b"\n", 1),
    "no line end at the end": as_csv(TWO).rstrip(),
    "blank lines": as_csv(TWO).replace(b"\r\n", b"\r\n\r\n"),
    "blank lines in front": b"\xef\xbb\xbf\r\n\r\n" + as_csv(TWO),
    "everything in quotes": "\r\n".join(",".join(f'"{cell}"' for cell in cells) for cells in [HEADINGS, *TWO]).encode(),
    "line breaks in headings": as_csv(TWO, [heading.replace("(", "\n(") for heading in HEADINGS]),
    "line breaks in headings, LF": as_csv(TWO, [heading.replace("(", "\n(") for heading in HEADINGS], end="\n"),
    "line break in a name": as_csv([row(断面名称="测石\n桥"), TWO[1]]),
    "empty columns at the end": as_csv([[*cells, "", ""] for cells in TWO], [*HEADINGS, "", ""]),
    "commas at the end of rows": as_csv(TWO).replace("正常".encode(), "正常,".encode()),
    "unknown columns": as_csv([["1", *cells, "120.1"] for cells in TWO], ["序号", *HEADINGS, "经度"]),
    "columns in another order": reordered([16, 3, 2, 0, 7, 6, 5, 4, 1]),
    "upper case": as_csv(TWO, [heading.replace("pH", "PH") for heading in HEADINGS]),
    "pH值": as_csv(TWO, [heading.replace("pH(无量纲)", "ph值") for heading in HEADINGS]),
    "no units": as_csv(TWO, [heading.partition("(")[0] for heading in HEADINGS]),
    "units without brackets": as_csv(TWO, [heading.replace("(", "").replace(")", "") for heading in HEADINGS[:5]]
                                     + [heading.replace("(", "").replace(")", "").replace("无量纲", "") for heading in HEADINGS[5:]]),
    "units after a slash": as_csv(TWO, [heading.replace("(", "/(") for heading in HEADINGS]),
    "full-width brackets": as_csv(TWO, [heading.replace("(", "（").replace(")", "）") for heading in HEADINGS]),
    "spaces around cells": as_csv([[f" {cell} " for cell in cells] for cells in TWO]),
    "HTML cells in a CSV": as_csv([row(水温=shown("17.3", "原始值：17.34")), TWO[1]]),
    "HTML cells in a CSV, blank lines": as_csv([row(水温=shown("17.3", "原始值：17.34")), TWO[1]]).replace(b"\r\n", b"\r\n\r\n"),
    "zero-width space in a name": as_csv([row(断面名称="测\u200b石桥\ufeff"), TWO[1]]),
    "workbook with a title": as_xlsx(TWO, above=3),
    "reply with null, numbers and booleans": as_reply([row(水温=17.3, 总氮=None, 叶绿素α=True, 藻密度=[]), TWO[1]]),
}


@pytest.mark.parametrize("form", ODD_FORMS)
def test_odd_forms_of_the_same_table(tmp_path, form):
    path = tmp_path / "a_2021-04.dat"
    path.write_bytes(ODD_FORMS[form])
    assert read(path, "province, name, published_class, water_temperature, ph, dissolved_oxygen, station_status") == UNDERSTOOD


@pytest.mark.parametrize("name", ["a[1]_2021-04.csv", "a*_2021-04.csv", "a'b_2021-04.csv", "国家表 2021-04 (2).csv"])
def test_a_file_name_is_no_pattern(tmp_path, name):
    """DuckDB reads a*.csv as all files that begin with a."""
    (tmp_path / "a1_2021-04.csv").write_bytes(as_csv([row(断面名称="别的表")]))
    (tmp_path / name).write_bytes(as_csv(TWO))
    assert [found for found, in read(tmp_path / name, "name")] == ["测石桥", "测柳渡"]


def test_columns_nobody_knows_are_named(tmp_path):
    path = tmp_path / "a_2021-04.csv"
    path.write_bytes(as_csv([[*cells, "1", "2", ""] for cells in TWO], [*HEADINGS, "经度", "化学需氧量(mg/L)", ""]))
    with duckdb.connect() as connection:
        assert read_cells(connection, path, None).ignored_columns == ["经度", "化学需氧量(mg/L)"]


def test_raw_values_in_columns_of_their_own(tmp_path):
    path = tmp_path / "a_2021-04.csv"
    path.write_bytes(as_csv([[*row(水温="29.2"), "29.25"]], [*HEADINGS, "水温_原始值(℃)"]))
    assert read(path, "water_temperature, water_temperature_raw") == [(29.2, 29.25)]


@pytest.mark.parametrize("value, number, flag", [
    ("17.3", 17.3, None), ("1.5e3", 1500.0, None), ("-0.5", -0.5, None), ("０．５", 0.5, None), ("", None, None), ("*", None, None),
    ("--", None, "no_value"), ("-", None, "no_value"), ("—", None, "no_value"), ("<0.025", None, "unreadable"),
    ("0.025L", None, "unreadable"),
    ("未检出", None, "unreadable"), ("nan", None, "unreadable"), ("inf", None, "unreadable"), ("1,234.5", None, "unreadable"),
    ("17.3℃", None, "unreadable"), ("true", None, "unreadable"),
])
def test_figures(tmp_path, value, number, flag):
    """What is no figure is never guessed; it is listed in the report."""
    path = tmp_path / "a_2021-04.csv"
    path.write_bytes(as_csv([row(水温=value)]))
    assert read(path, "water_temperature, water_temperature_flag") == [(number, flag)]


@pytest.mark.parametrize("text, clean", [
    ("测口(水厂)", "测口（水厂）"), ("测 口　水\u00a0厂", "测口水厂"), ("\u200b测口\x00", "测口"), ("--", None), ("*", None),
    ("  ", None), ("null", None)])
def test_names_in_one_spelling(text, clean):
    assert clean_name(text) == clean


def test_rows_without_a_name_or_province_are_listed_not_taken(desk):
    done = desk.take_in(as_csv([row(), row(断面名称="--"), row(省份=""), row(断面名称="测柳渡", 监测时间="明天")]))
    assert desk.ask("SELECT file_rows, dropped_rows, kept_rows FROM imports") == [(4, 3, 1)]
    assert [(line["行"], line["说明"]) for line in desk.report(done) if line["事项"] == "未入库"] == [
        ("3", "没有断面名称"), ("4", "没有省份"), ("5", "监测时间看不懂，或晚于取数时间")]


# ── the real files ──────────────────────────────────────────────────────────────────────────────────────

needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="国家表不在旁边")


@pytest.fixture(scope="module")
def real(database: Path, tmp_path_factory: pytest.TempPathFactory):
    """An own copy of the data in which real files are imported, one after the other."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(database.parent.parent, folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        use_data(patch, folder / "data")
        yield Desk(folder, folder / "data")


@pytest.fixture(scope="module")
def april(real):
    """The month of 2021 as CSV; nothing else is imported yet."""
    done = import_national_tables([REAL / "measurements_2021-04.csv"])
    shutil.copy(done.refreshed.file, real.folder / "april.duckdb")
    return write_reports(done)[0], heard(real)


def heard(desk: Desk) -> dict[str, list[tuple]]:
    return {table: desk.ask(f"SELECT * FROM {table}") for table in ("readings", "sections", "superseded_readings")}


@needs_real
def test_april_2021(april):
    report, results = april
    assert (report.one.file_rows, report.one.kept_rows) == (46_183, 46_183 - 1_390)
    assert report.matters["未入库"] == 1_390
    assert Counter(repeat[6] for repeat in results["superseded_readings"]) == {"identical": 3_624, "revised": 1_049}
    assert len(results["readings"]) == report.standing == 46_183 - 1_390 - 4_673  # no row is lost on the way
    rows = list(csv.DictReader((REAL / "measurements_2021-04.csv").open(encoding="utf-8", newline="")))
    named = {(cells["省份"], cells["断面名称"]) for cells in rows if cells["监测时间"] not in ("*", "--", "")}
    assert report.sections == len({reading[0] for reading in results["readings"]}) == len(named) == 1_661
    assert len({(cells["省份"], cells["断面名称"]) for cells in rows}) == 1_698
    assert {reading[1].year for reading in results["readings"]} == {2021}


@needs_real
def test_april_2021_homonyms(april, real):
    """14 names stand for two sections or more; each keeps its own readings."""
    rows = list(csv.DictReader((REAL / "measurements_2021-04.csv").open(encoding="utf-8", newline="")))
    provinces: dict[str, set[str]] = {}
    for cells in rows:
        provinces.setdefault(cells["断面名称"], set()).add(cells["省份"])
    homonyms = {name: found for name, found in provinces.items() if len(found) > 1}
    assert len(homonyms) == 14
    sections = {}
    for section in april[1]["sections"]:
        for national in (section[3] or "").split(";"):
            sections.setdefault(national, set()).add(section[0])
    assert all(len(found) == 1 for national, found in sections.items() if national)
    renamed = {("重庆市", "码头"), ("重庆市", "两河口")}
    kept = [(name, province) for name, found in homonyms.items() for province in found if (province, name) not in renamed]
    with_readings = {(cells["断面名称"], cells["省份"]) for cells in rows if cells["监测时间"] not in ("*", "--", "")}
    assert all(f"{province}|{name}" in sections for name, province in kept if (name, province) in with_readings)


@needs_real
@pytest.mark.parametrize("carrier", ["gb18030", "utf-8-sig", "xlsx"])
def test_april_2021_in_other_carriers(april, real, tmp_path, carrier):
    """The same rows give the same readings and samples."""
    rows = list(csv.reader((REAL / "measurements_2021-04.csv").open(encoding="utf-8", newline="")))
    path = tmp_path / f"other_2021-04.{'xlsx' if carrier == 'xlsx' else 'csv'}"
    if carrier == "xlsx":
        path.write_bytes(as_xlsx(([number(cell) for cell in cells] for cells in rows[1:]), rows[0]))
    else:
        path.write_bytes(as_csv(rows[1:], rows[0], carrier))
    stored = real.data / "readings"
    shutil.move(stored, tmp_path / "aside")
    try:
        import_national_tables([path])
        with duckdb.connect(current_file(), read_only=True) as connection:
            connection.execute(f"ATTACH '{real.folder / 'april.duckdb'}' AS april (READ_ONLY)")
            for table, aside in (("readings", "source_id, source_row"), ("samples", "source_id"), ("section_means", "months"),
                                 ("superseded_readings", "source_id, source_row, by_source_id, by_row")):
                mine, theirs = (f"SELECT * EXCLUDE ({aside}) FROM {place}{table}" for place in ("", "april."))
                assert connection.execute(f"({mine} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL {mine}) LIMIT 3").fetchall() == []
                assert connection.execute(f"SELECT count(*) > 4000 FROM {table}").fetchone() == (True,)
    finally:
        shutil.rmtree(stored)
        shutil.move(tmp_path / "aside", stored)


def number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


@needs_real
def test_april_2021_a_report_of_every_difference(april):
    report, _ = april
    lines = list(csv.DictReader(io.StringIO(report.path.read_text(encoding="utf-8-sig"), newline="")))
    differing = [line for line in lines if line["事项"] == "类别与发布的不同"]
    assert len(differing) == int((~report.compared["agrees"]).sum()) > 0
    assert all(line["说明"] and line["行"] and line["断面名称"] for line in differing)
    assert report.compared["agrees"].mean() > 0.97


@pytest.fixture(scope="module")
def may(real, april):
    """The reply of 2020 beside April 2021."""
    return write_reports(import_national_tables([REAL / "raw_2020-05-08.json"]))[0], heard(real)


@needs_real
def test_may_2020(may, real):
    report, results = may
    assert (report.one.carrier.stated_rows, report.one.file_rows, report.one.kept_rows) == (1_903, 1_901, 1_901)
    assert report.matters["时间在取数之前的年份"] == 50
    mine = [reading for reading in results["readings"] if reading[7].startswith("national-8327")]
    history = [repeat for repeat in results["superseded_readings"] if repeat[4].startswith("national-8327")]
    assert len(mine) + len(history) == 1_901
    assert Counter(reading[1].year for reading in mine) == {2020: 1_850, 2019: 50}
    assert all(reading[1] <= datetime(2020, 5, 8, 23, 59, 59) for reading in mine)


@needs_real
def test_may_2020_recomputed_and_published_class(may):
    report, _ = may
    rivers = report.compared[report.compared["is_river"] & report.compared["has_raw"]]
    assert len(rivers) > 1_200 and rivers["agrees"].mean() >= 0.99
    lines = list(csv.DictReader(io.StringIO(report.path.read_text(encoding="utf-8-sig"), newline="")))
    differing = [line for line in lines if line["事项"] == "类别与发布的不同"]
    assert len(differing) == int((~report.compared["agrees"]).sum())
    assert all(line["说明"] for line in differing)


@needs_real
def test_renamed_stations_keep_their_readings(may):
    """They stand in both files with the old name, in the register with the new one."""
    sections = {section[3]: section[0] for section in may[1]["sections"] if section[3]}
    counts = Counter(reading[0] for reading in may[1]["readings"])
    for name in ("重庆市|渠江码头", "重庆市|璧南河两河口", "湖北省|隔蒲桥", "浙江省|长潭水库坝口"):
        assert counts[sections[name]] > 1


@needs_real
def test_summer_2026(may, real):
    """Digits for classes, 16 columns, values withheld for failed quality control."""
    reply = json.loads((REAL / "raw_2026-08-27_excerpt.json").read_text(encoding="utf-8"))
    assert len(reply["thead"]) == 16
    report, = write_reports(import_national_tables([REAL / "raw_2026-08-27_excerpt.json"]))
    assert (report.one.carrier.stated_rows, report.one.file_rows, report.one.kept_rows) == (1_609, len(reply["tbody"]), len(reply["tbody"]))
    assert (report.one.carrier.fetched_at, report.one.carrier.fetched_basis) == (datetime(2026, 8, 27, 23, 20, 4), "content")
    mine = [reading for reading in heard(real)["readings"] if reading[7].startswith("national-5ef1")]
    names = dict(zip("123456", ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]))
    assert [reading[3] for reading in sorted(mine, key=lambda reading: reading[8])] == [names.get(cells[4]) for cells in reply["tbody"]]
    assert {reading[6] for reading in mine} == {None}
    withheld = sum("质控" in str(cell) for cells in reply["tbody"] for cell in cells)
    assert withheld == report.matters["发布时隐去"] > 0
    assert real.ask("""SELECT count(*) FROM samples WHERE flag = 'quality_control_failed' AND value IS NULL
                       AND source_id LIKE 'national-5ef1%'""") == [(withheld,)]


@needs_real
def test_an_excerpt_of_any_size_is_all_or_nothing(tmp_path):
    """The reply cut anywhere is refused; the month cut anywhere inside a row but its last cell is refused."""
    reply, month = (REAL / "raw_2020-05-08.json").read_bytes()[:40_000], (REAL / "measurements_2021-04.csv").read_bytes()[:30_000]
    dice = random.Random(20210401)
    for _ in range(15):
        path = tmp_path / "a_2020-05.json"
        path.write_bytes(reply[: dice.randrange(2, len(reply))])
        with pytest.raises(DataProblems):
            read(path, "*")
    text = month.decode(errors="ignore")
    for _ in range(15):
        end = dice.randrange(300, len(text))
        cut = text[:end]
        last = cut.rpartition("\n")[2]
        if last.count(",") in (0, len(PLAIN) - 1) and (not last or last.count(",")):
            continue
        path = tmp_path / "a_2021-04.csv"
        path.write_text(cut, encoding="utf-8", newline="")
        with pytest.raises(DataProblems) as raised:
            read(path, "*")
        assert raised.value.problems[0].row == cut.count("\n") + 1
