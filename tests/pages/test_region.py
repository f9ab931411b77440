"""The region page, run headless: titles, figures and filters against the database."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import queries, theme
from dashboard.filters import Selection
from etl.versions import current_file, open_read_only
from pages.region import parts
from pages.region.lifeline import lifeline
from tests.pages.opened import markup, open_page

ROOT = Path(__file__).resolve().parents[2]
TODAY = date.today()
REGIONS = ["丽水市", "永嘉县", "重庆市", "随州市", "莲都区"]


def title(app: AppTest) -> str:
    return re.search(r"<h1>(.*?)</h1>", markup(app)).group(1)


def row_count(app: AppTest) -> int:
    """Rows of the table of targets, without its heading and its theme rows."""
    table = markup(app).split('<table class="plan')[1].split("</table>")[0]
    return len(re.findall(r'<tr(?! class="grp")', table)) - 1


@pytest.fixture(scope="module")
def cursor(published):
    with open_read_only(current_file()) as connection:
        yield connection.cursor()


@pytest.fixture(scope="module")
def ask(cursor):
    """The rows of a region on a day under some filters."""
    empty = {"themes": [], "statuses": [], "years": [], "units": [], "text": ""}
    return lambda region, day, **filters: queries.targets(cursor, as_of=day, regions=[region], **(empty | filters))


@pytest.fixture(scope="module")
def document(cursor):
    return lambda region: queries.document_of_region(cursor, region).iloc[0].to_dict()


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_opens_with_all_its_targets(ask, region):
    rows = ask(region, TODAY)
    app = open_page("region", region=region)
    assert title(app).startswith(f"{region}：")
    assert row_count(app) == len(rows) > 0


@pytest.mark.parametrize("region", ["丽水市", "永嘉县", "重庆市", "随州市"])
def test_title_counts_what_is_due_met_and_unreported(ask, region):
    rows = ask(region, TODAY)
    met, overdue = (int((rows["status"] == status).sum()) for status in ("达标", "到期未报"))
    assert title(open_page("region", region=region)) == (
        f"{region}：{rows['is_due'].sum()} 项已到期，{met} 项达标，{overdue} 项还没有报数")


def test_repealed_plan_says_so_and_keeps_its_figures(ask):
    rows = ask("莲都区", TODAY)
    later = int((rows["deadline"] >= rows["repealed_on"]).sum())
    app = open_page("region", region="莲都区")
    assert title(app) == f"莲都区：{len(rows)} 项目标中，{later} 项还没到期，文件就已废止"
    page = markup(app)
    assert "2020-11-27 已废止" in page and "本库没有" in page
    assert page.count("<tr class=old>") == len(rows)
    assert page.count("<small>（2020）</small>") == (rows["latest_period"] == "2020").sum() > 0


def test_day_before_the_repeal_it_still_counts(ask, document):
    day, plan = date(2020, 11, 26), document("莲都区")
    rows = ask("莲都区", day)
    assert parts.plan_state(plan, day) == "running"
    assert parts.plan_state(plan, day + timedelta(days=1)) == "repealed"
    assert f"<h1>莲都区：{rows['is_due'].sum()} 项已到期" in parts.heading(plan, rows, Selection(day), "running")
    assert "截至日有效；2020-11-27 废止" in parts.document_card(plan, Selection(day), "running")


def test_lifeline_counts_every_deadline_on_its_side_of_the_repeal(ask, document):
    drawn = lifeline(document("莲都区"), ask("莲都区", TODAY)["deadline"], TODAY, is_ahead=False)
    assert re.findall(r'font-size="23"[^>]*fill="(#\w+)"[^>]*>(\d+)<', drawn) == [
        (theme.INK, "20"), (theme.INK, "1"), (theme.REPEALED, "54"), (theme.REPEALED, "34")]
    assert "2020-11-27 废止" in drawn and "有效" in drawn


def test_lifeline_points_to_a_day_too_far_to_draw(document):
    nothing_due = pd.Series([], dtype="datetime64[s]")
    assert "截至 2060-01-01 →" in lifeline(document("随州市"), nothing_due, date(2060, 1, 1), is_ahead=False)
    assert "← 截至 1999-01-01" in lifeline(document("随州市"), nothing_due, date(1999, 1, 1), is_ahead=True)


@pytest.mark.parametrize(("region", "words"), [("重庆市", "文件当时尚未印发"), ("丽水市", "规划期当时还没有开始")])
def test_before_the_document(region, words):
    app = open_page("region", region=region, asof="2021-12-31")
    assert title(app) == f"{region}：{words}"
    assert "到期未报</span>" not in markup(app)


@pytest.mark.parametrize(("address", "filters"), [
    ({"status": "达标"}, {"statuses": ["达标"]}),
    ({"theme": "污水垃圾"}, {"themes": ["污水垃圾"]}),
    ({"unit": "市水利局"}, {"units": ["市水利局"]}),
    ({"year": "2023"}, {"years": [2023]}),
    ({"q": "农膜"}, {"text": "农膜"}),
])
def test_filters_narrow_the_rows(ask, address, filters):
    rows, everything = ask("重庆市", TODAY, **filters), ask("重庆市", TODAY)
    app = open_page("region", region="重庆市", **address)
    assert row_count(app) == len(rows)
    assert 0 < len(rows) < len(everything)
    assert f"筛选出 {len(rows)} 项（全文 {len(everything)} 项）" in markup(app)


def test_nothing_left_by_the_filters():
    app = open_page("region", region="重庆市", q="没有这个词")
    assert title(app) == "重庆市：没有符合筛选的目标"
    assert "清除全部筛选" in markup(app) and "文件未载明" in markup(app)


def test_plan_in_the_address_picks_among_several_regions():
    assert title(open_page("region")).startswith(REGIONS[0])
    assert title(open_page("region", plan="莲都区")).startswith("莲都区")
    assert title(open_page("region", region=["随州市", "重庆市"])).startswith("重庆市")
    assert title(open_page("region", region=["随州市", "重庆市"], plan="随州市")).startswith("随州市")


def test_measures_and_projects_carry_chinese_headings_and_print_the_totals(document):
    measures, projects = open_page("region", region="永嘉县").dataframe
    assert len(measures.value) == document("永嘉县")["measures"]
    total = projects.value[projects.value["kind"] == "总计"].iloc[0]
    assert (total["total"], total["plan_period"]) == (397100, 361000)
    for table in (measures, projects):
        assert set(table.value.columns) <= set(re.findall(r'"(\w+)": ?\{"label', table.proto.columns))


def test_what_the_documents_say_is_escaped():
    assert "<script" not in markup(open_page("region", q="<script>alert(1)</script>"))
