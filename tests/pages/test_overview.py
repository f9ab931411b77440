"""总览 through Streamlit's own test runner."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import open_page


def open_overview(**address: str | list[str]) -> AppTest:
    return open_page("overview", **address)


def heading(app: AppTest) -> str:
    return next(m.value for m in app.markdown if "<h1>" in m.value)


@pytest.mark.parametrize("day", ["2026-11-22", "2021-06-30", "2020-11-26"])
def test_title_counts_agree_with_the_database(connection, day):
    met, overdue, due = connection.execute("""
        SELECT count(*) FILTER (status = '达标'), count(*) FILTER (status = '到期未报'),
               count(*) FILTER (is_due AND status <> '已废止')
        FROM attainment(?) WHERE duplicate_of IS NULL""", [day]).fetchone()
    title = heading(open_overview(asof=day))
    assert f"{due} 项目标已到期" in title
    assert f"{met} 项达标" in title
    assert f"{overdue} 项还没有报数" in title


def test_every_region_has_a_row_and_repealed_comes_last():
    table = next(m.value for m in open_overview(asof="2026-11-22").markdown if 'class="big"' in m.value)
    places = [table.index(name) for name in ("丽水市", "永嘉县", "重庆市", "随州市", "方案 2020-11-27 废止")]
    assert places == sorted(places)


def test_one_mark_per_target(connection):
    table = next(m.value for m in open_overview(asof="2026-11-22", region="莲都区").markdown if 'class="big"' in m.value)
    count, = connection.execute("SELECT count(*) FROM targets WHERE region_id = '331102' AND duplicate_of IS NULL").fetchone()
    marks = table.split("<svg width=")[1]
    assert marks.count("<path") == count


def test_filters_narrow_every_block():
    app = open_overview(region=["重庆市", "随州市"], theme="污水垃圾", status="到期未报")
    assert "两个区域、两份文件" in heading(app)
    shown = app.dataframe[0].value
    assert set(shown["region"]) == {"重庆市", "随州市"}
    assert set(shown["status"]) == {"○ 到期未报"}


def test_search_that_finds_nothing_says_so_and_offers_the_way_back():
    app = open_overview(q="没有这个词")
    assert "没有符合筛选的目标" in heading(app)
    assert "清除全部筛选" in heading(app)


def test_text_of_a_file_cannot_become_markup():
    app = open_overview(q="<script>alert(1)</script>")
    assert not any("<script>" in m.value for m in app.markdown)
