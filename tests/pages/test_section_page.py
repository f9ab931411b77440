"""The section page, run headless: with the published classes alone, and with readings of a small national table."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard import section_charts, section_queries, source_queries, theme
from dashboard.filters import Selection
from dashboard.text import t
from etl import fetch
from etl.national_import import Imported
from etl.paths import WATER_QUALITY_CONFIG
from etl.problems import DataProblems, Problem
from etl.rules.water_quality import Standard, load_water_rules
from etl.versions import RefreshBusy, current_file, open_read_only
from pages.sections import bringing, listing, one, parts, strips, waters
from pages.shared.classes import period_label, share_bar
from tests.conftest import DATA
from tests.pages.opened import markup, open_page

ROOT = Path(__file__).resolve().parents[2]
TODAY = date.today()
HEADINGS = ("省份,流域,断面名称,监测时间,水质类别,水温(℃),pH(无量纲),溶解氧(mg/L),电导率(μS/cm),浊度(NTU),高锰酸盐指数(mg/L),"
            "氨氮(mg/L),总磷(mg/L),总氮(mg/L),站点情况")
AMMONIA = {4: 0.62, 8: 1.344, 12: 1.21, 16: 0.8}
"""mg/L by hour of 2026-03-02 at 平林, target Ⅲ: two of the four over the limit of 1.0."""


def line(province: str, name: str, when: str, ammonia: float, status: str = "正常", oxygen: float = 8.1) -> str:
    water_class = "Ⅳ" if ammonia > 1 else "Ⅲ"
    return f"{province},长江流域,{name},{when},{water_class},12.1,7.6,{oxygen},300,5,2.1,{ammonia},0.05,1.5,{status}"


def national_table() -> str:
    rows = [line("湖北省", "平林", f"03-02 {hour:02d}:00", value) for hour, value in AMMONIA.items()]
    rows.append(line("湖北省", "平林", "03-02 20:00", 3.3, "维护"))
    rows += [line("湖北省", name, "03-02 08:00", 0.4) for name in ("厉山", "孝昌王店", "涢水大桥")]
    rows += [line("湖北省", "厉山", "03-02 12:00", 0.5), line("重庆市", "寸滩", "03-02 08:00", 0.1)]
    rows += [line(province, "白沙", "03-02 08:00", 0.2) for province in ("福建省", "海南省")]
    return "\n".join([HEADINGS, *rows]) + "\n"


@pytest.fixture(scope="module")
def with_readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build folder of a copy of the data into which the national table above was imported."""
    data = tmp_path_factory.mktemp("readings") / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("build", "sources", "inbox", "readings"))
    file = data.parent / "table.csv"
    file.write_text(national_table(), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "etl", "import", "cnemc", str(file), "--fetched-at", "2026-03-03T00:00:00"],
                   cwd=ROOT, env=os.environ | {"QINGLIU_DATA": str(data)}, check=True, capture_output=True)
    return data / "build"


@pytest.fixture
def readings(with_readings: Path, monkeypatch: pytest.MonkeyPatch):
    """The pages of this test read the database with readings."""
    monkeypatch.setattr("etl.versions.BUILD", with_readings)
    monkeypatch.setattr("etl.versions.POINTER", with_readings / "current.json")
    with open_read_only(current_file()) as connection:
        yield connection.cursor()


def title(app) -> str:
    return re.search(r"<h1>(.*?)</h1>", markup(app)).group(1)


def listed(app) -> list[str]:
    """Names in the rows of the list."""
    return re.findall(r'<td class="cut"><b><a [^>]*>(.*?)</a>', markup(app))


def options(**changed) -> dict:
    return {"as_of": TODAY, "regions": [], "text": "", "nationwide": False} | changed


# ── without readings: what is shipped ───────────────────────────────────────────────────────────────────

def test_shipped_state_shows_published_classes_and_how_to_bring_readings(published):
    with open_read_only(current_file()) as connection:
        rows = section_queries.sections(connection.cursor(), **options())
    verdicts = pd.Series([listing.verdict(row) for row in rows.to_dict("records")]).value_counts()
    app = open_page("sections")
    page = markup(app)
    assert title(app) == t("section.title", n=len(rows), known=rows["latest_class"].notna().sum(), met=verdicts["met"],
                           missed=verdicts["missed"])
    assert "python -m etl import cnemc 文件" in page
    assert app.button(key="fetch").label == "联网取一次数"
    assert set(rows["latest_basis"].dropna()) == {"published_class"}
    assert "公报公布" in page and "维护，不计" not in page


def test_every_section_of_the_scope_is_a_row_or_named_in_a_line(published):
    with open_read_only(current_file()) as connection:
        rows = section_queries.sections(connection.cursor(), **options())
    page = markup(open_page("sections"))
    assert {name for name in rows["name"] if f">{name}</a>" not in page} == set()
    assert len(listed(open_page("sections"))) < listing.SHOWN_ROWS


def test_section_without_anything_says_so():
    app = open_page("sections", section="330324-wuniu")
    assert title(app).startswith("乌牛断面：")
    assert "没有读数" in markup(app) and not re.search(r"\bnan\b", markup(app).lower())


def test_every_section_has_a_page(published):
    with open_read_only(current_file()) as connection:
        ids = section_queries.sections(connection.cursor(), **options())["section_id"]
    app = open_page("sections")
    for section_id in ids[::7]:
        app.query_params.clear()
        app.selectbox(key="section_choice").set_value(section_id).run()
        assert not app.exception, section_id
        assert "断面" in title(app)
        assert not re.search(r"\bnan\b|NaT|None", markup(app)), section_id


def test_unknown_section_in_the_address_is_named():
    app = open_page("sections", section="<script>alert(1)</script>")
    assert "没有这个断面：&lt;script&gt;" in markup(app)
    assert "<script" not in markup(app)
    assert len(listed(app)) > 10


def test_day_before_any_data():
    assert "截至 2020-12-31" in markup(open_page("sections", asof="2020-12-31"))
    with open_read_only(current_file()) as connection:
        early = section_queries.sections(connection.cursor(), **options(as_of=date(2010, 1, 1)))
    assert early["latest_class"].isna().all() and len(early) > 50
    assert "都没有公布类别或读数" in parts.heading(early, pd.DataFrame(), Selection(date(2010, 1, 1)))


def test_nothing_is_seen_of_periods_that_end_later():
    with open_read_only(current_file()) as connection:
        for day in (date(2019, 12, 31), date(2023, 6, 30)):
            rows = section_queries.sections(connection.cursor(), **options(as_of=day))
            assert (rows["latest_day"].dropna() <= pd.Timestamp(day)).all()
            assert (section_queries.class_periods(connection.cursor(), day, rows["section_id"].tolist())["period_end"].dropna()
                    <= pd.Timestamp(day)).all()


def test_regions_take_in_their_counties():
    with open_read_only(current_file()) as connection:
        cursor = connection.cursor()
        everything = section_queries.sections(cursor, **options())
        each = [section_queries.sections(cursor, **options(regions=[name])) for name in ("丽水市", "永嘉县", "重庆市", "随州市")]
    assert sum(len(part) for part in each) == len(everything)
    assert set(each[0]["county"].dropna()) >= {"缙云县", "庆元县"}


def test_search_finds_name_alias_and_river():
    with open_read_only(current_file()) as connection:
        for word, name in (("平林", "平林"), ("厉山镇", "厉山"), ("府河", "平林"), ("421300-pinglin", "平林")):
            assert name in set(section_queries.sections(connection.cursor(), **options(text=word))["name"])
    assert title(open_page("sections", q="没有这个词")) == "没有符合筛选的断面"


@pytest.mark.parametrize(("failure", "said"), [
    (fetch.FetchFailed("找不到主机：没有网络。"), "找不到主机：没有网络。"),
    (RefreshBusy("另一个更新正在进行"), "另一个更新正在进行"),
    (DataProblems([Problem("a.json", 3, "值", "x", "应当是数字", "改成数字")]), "应当是数字"),
])
def test_failed_fetch_is_told_plainly(monkeypatch, failure, said):
    def fail(url, progress):
        raise failure

    monkeypatch.setattr(fetch, "fetch_and_import", fail)
    app = open_page("sections")
    app.button(key="fetch").click().run()
    assert not app.exception
    assert said in "".join(text.value for text in app.text)
    assert app.status[0].label == "没有取到数，库里的数据没有变"


def test_fetch_that_brings_nothing_new_says_so(monkeypatch):
    monkeypatch.setattr(fetch, "fetch_and_import", lambda url, progress: Imported([], ["cnemc-1.json"], [], None))
    app = open_page("sections")
    app.button(key="fetch").click().run()
    assert not app.exception
    assert app.status[0].label == "取数完成"
    assert "cnemc-1.json：与已导入的相同" in "".join(text.value for text in app.text)


# ── with readings ───────────────────────────────────────────────────────────────────────────────────────

def test_section_with_readings(readings):
    app = open_page("sections", section="421300-pinglin")
    page = markup(app)
    assert title(app) == "平林断面 2026 年 3 月 2 日氨氮超过Ⅲ类限值，最高 1.344 mg/L"
    assert "氨氮：4 个有效读数，2 个超过Ⅲ类限值 1" in page
    assert "2026-03-02 16:00" in page and "table.csv 第" in page
    assert "近似：所在乡镇的位置" in page
    assert page.count('<i class="m">维</i>') >= 1
    spec = app.get("plotly_chart")[0].proto.spec
    assert theme.CLASS_BAND["Ⅳ"] in spec and "1.344" in spec


def test_readings_in_maintenance_do_not_count(readings):
    rows = section_queries.samplings(readings, TODAY, date(2026, 3, 1), date(2026, 3, 5), ["421300-pinglin"])
    strip = strips.of_samplings(rows, date(2026, 3, 1), date(2026, 3, 5), {"421300-pinglin": "Ⅲ"})
    assert strip.worse == {"421300-pinglin": (2, 4)}
    assert strip.cells["421300-pinglin"].count(" u\"") == 2


def test_readings_after_the_day_are_not_seen(readings):
    assert section_queries.spans(readings, date(2026, 3, 1), ["421300-pinglin"]).empty
    assert section_queries.last_readings(readings, "421300-pinglin", date(2026, 3, 1)).empty
    assert title(open_page("sections", section="421300-pinglin", asof="2025-12-31")).startswith("平林断面：2019 年")


def test_sections_elsewhere_come_only_when_asked_for(readings):
    near = section_queries.sections(readings, **options())
    far = section_queries.sections(readings, **options(nationwide=True))
    assert not near["is_elsewhere"].any() and far["is_elsewhere"].sum() == 2
    homonyms = far[far["name"] == "白沙"]
    assert homonyms["section_id"].is_unique and len(homonyms) >= 2
    app = open_page("sections", section=homonyms[homonyms["is_elsewhere"]].iloc[0]["section_id"])
    assert title(app).startswith("白沙断面 2026 年 3 月 2 日")


def test_parameter_and_span_of_the_address_are_taken_and_kept(readings):
    app = open_page("sections", section="421300-pinglin", parameter="dissolved_oxygen")
    assert "溶解氧都符合Ⅲ类限值，最低 8.1 mg/L" in title(app)
    assert "dissolved_oxygen" in app.query_params["parameter"]
    assert "月均" in title(open_page("sections", section="421300-pinglin", span="classes"))


def test_outlook_needs_a_target_and_monthly_means(readings):
    assert "还剩" in markup(open_page("sections", section="421300-pinglin"))
    assert "没有登记目标类别，不算全年形势" in markup(open_page("sections", section="421300-yunshuidaqiao"))


def test_doubtful_match_is_asked(readings):
    rows = pd.DataFrame([{"national_name": "白沙<b>", "name": "白沙", "section_id": "500000-baisha", "reason": "同名"}])
    assert "国家网的“白沙&lt;b&gt;”是否就是登记的“白沙”？" in bringing.doubts(rows)
    assert bringing.doubts(rows.iloc[:0]) == ""


# ── rules of the drawing ────────────────────────────────────────────────────────────────────────────────

@pytest.fixture(scope="module")
def standard(published) -> Standard:
    with open_read_only(current_file()) as connection:
        return Standard.from_frames(section_queries.parameters(connection.cursor()), section_queries.class_limits(connection.cursor()))


@pytest.mark.parametrize(("parameter", "body", "expected"), [
    ("ammonia_nitrogen", "river", [("Ⅰ–Ⅱ类", 0, 0.5), ("Ⅲ类", 0.5, 1), ("Ⅳ类", 1, 1.5), ("Ⅴ类", 1.5, 2), ("劣Ⅴ", 2, 10)]),
    ("total_phosphorus", "lake_reservoir", [("Ⅰ–Ⅱ类", 0, 0.025), ("Ⅲ类", 0.025, 0.05), ("Ⅳ类", 0.05, 0.1), ("Ⅴ类", 0.1, 0.2),
                                            ("劣Ⅴ", 0.2, 10)]),
    ("dissolved_oxygen", "river", [("劣Ⅴ", 0, 2), ("Ⅴ类", 2, 3), ("Ⅳ类", 3, 5), ("Ⅲ类", 5, 6), ("Ⅰ–Ⅱ类", 6, 10)]),
    ("ph", "river", [("劣Ⅴ", 0, 6), ("Ⅰ–Ⅴ类", 6, 9), ("劣Ⅴ", 9, 10)]),
])
def test_bands_follow_the_standard(standard, parameter, body, expected):
    made = section_charts.bands(standard.limit(parameter, body), 0, 10)
    assert [(band.label, band.low, band.high) for band in made] == expected


def test_line_breaks_at_gaps(standard):
    when = pd.to_datetime(["2026-03-02 00:00", "2026-03-02 04:00", "2026-03-02 08:00", "2026-03-02 20:00"])
    rows = pd.DataFrame({"when": when, "value": [1.0, 1.1, 1.2, 1.3], "counts": True, "flag": None, "hover": ""})
    figure = section_charts.limit_chart(rows, standard.limit("ammonia_nitrogen", "river"), 3, "Ⅲ类限值 1", pd.Timedelta(hours=4))
    assert None in figure.data[0].y
    assert not figure.data[0].connectgaps


def test_worst_oxygen_is_the_lowest(standard):
    rows = pd.DataFrame({"value": [8.0, 3.0, 9.0]})
    assert section_charts.worst_row(rows, standard.limit("dissolved_oxygen", "river"))["value"] == 3.0
    assert section_charts.over_target(rows["value"], standard.limit("dissolved_oxygen", "river"), 3).tolist() == [False, True, False]


@pytest.mark.parametrize(("sections", "method"), [(4, "mean_concentrations"), (5, "class_shares")])
def test_few_sections_are_judged_by_means_many_by_shares(standard, sections, method):
    ids = [f"s{n}" for n in range(sections)]
    known = pd.DataFrame({"section_id": [*ids, "silent"], "basin": "某河", "river": None, "region": "某市", "water_body_type": "river"})
    start, end = pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-31")
    classes = pd.DataFrame({"section_id": ids, "class": ["Ⅱ"] * (sections - 1) + ["劣Ⅴ"], "class_basis": "computed", "period_kind": "month",
                            "period_start": start, "period_end": end, "readings": 20})
    means = pd.DataFrame({"section_id": ids, "parameter": "ammonia_nitrogen", "mean": [0.3] * (sections - 1) + [2.5]})
    period = {"period_kind": "month", "period_start": start, "period_end": end}
    rules = load_water_rules(WATER_QUALITY_CONFIG)
    found = waters.judged(known, classes, means, period, "basin", standard, rules)
    assert [(w.name, w.judgement.method, w.judgement.sections, w.judgement.without_class) for w in found] == [
        ("某河", method, sections, 1)]
    drawn = waters.table(found, rules)
    assert "待核" in drawn and f"Ⅱ {sections - 1}" in drawn and "劣Ⅴ 1" in drawn
    unnamed = waters.judged(known, classes, means, period, "river", standard, rules)
    assert "不是一个水体" in waters.table(unnamed, rules)


def test_published_class_stands_before_the_computed_one(standard):
    start, end = pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-31")
    rows = pd.DataFrame({"section_id": "a", "class": ["Ⅳ", "Ⅱ"], "class_basis": ["computed", "published_class"], "period_kind": "month",
                         "period_start": start, "period_end": end, "period_text": "", "readings": [30, np.nan], "worst_parameters": None})
    assert '<i class="c2 p"' in strips.of_periods(rows, {"a": "Ⅲ"}).cells["a"]
    assert '<i class="c2 p"' in one.calendar(rows, "Ⅲ")


def test_share_bar_writes_every_class_and_count():
    drawn = share_bar({"Ⅰ": 3, "劣Ⅴ": 1, "<b>": 2})
    assert "Ⅰ 3" in drawn and "劣Ⅴ 1" in drawn and "<b>" not in drawn


@pytest.mark.parametrize(("row", "verdict"), [
    ({"latest_class": "Ⅲ", "target_class": "Ⅲ", "said_meets": None}, "met"),
    ({"latest_class": "Ⅳ", "target_class": "Ⅲ", "said_meets": None}, "missed"),
    ({"latest_class": "Ⅳ", "target_class": None, "said_meets": None}, "no_target"),
    ({"latest_class": None, "target_class": "Ⅲ", "said_meets": False}, "said_missed"),
    ({"latest_class": None, "target_class": "Ⅲ", "said_meets": pd.NA}, "no_class"),
])
def test_verdict(row, verdict):
    assert listing.verdict(row) == verdict


def test_period_labels():
    day = pd.Timestamp
    assert period_label("month", day("2023-09-01"), day("2023-09-30")) == "2023-09"
    assert period_label("quarter", day("2022-07-01"), day("2022-09-30")) == "2022 年三季度"
    assert period_label("unknown", None, None, "未注明") == "未注明"


def test_overview_counts_sections_by_class():
    page = markup(open_page("overview"))
    assert "断面水质：" in page and "时段不同" in page and 'class="shares"' in page


def test_large_tables_are_offered_without_a_workbook(readings, monkeypatch):
    monkeypatch.setattr("pages.sources.exports.MOST_SHEET_ROWS", 20)
    buttons = open_page("sources", tab="下载").get("download_button")
    small = int((source_queries.table_sizes(readings)["rows"] <= 20).sum())
    assert len(buttons) == len(source_queries.DOWNLOADS) + small + 1
