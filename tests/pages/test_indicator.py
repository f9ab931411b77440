"""指标 through Streamlit's own test runner."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import markup, open_page


def open_indicator(**address: str) -> AppTest:
    return open_page("indicator", **{"asof": "2026-11-22", **address})


def spec(app: AppTest, number: int = 0) -> dict:
    return json.loads(app.get("plotly_chart")[number].proto.spec)


def test_opens_on_an_indicator_with_figures():
    app = open_indicator()
    assert "重庆市达标" in markup(app)
    assert len(app.get("plotly_chart")) >= 1


def test_line_joins_only_yearly_figures_of_the_targets_scope():
    line = next(trace for trace in spec(open_indicator())["data"] if trace.get("mode") == "lines")
    assert line["x"] == [2021, 2022, 2023, 2024, 2025]
    assert line["y"] == [98.6, 98.6, 100, 100, 100]


def test_missing_year_is_a_ring_on_the_axis_not_a_value():
    app = open_indicator(indicator="城市生活污水集中收集率")
    chart = spec(app)
    ring = next(trace for trace in chart["data"] if trace.get("marker", {}).get("symbol") == "circle-open" and trace["x"] == [2025])
    assert ring["y"] == [chart["layout"]["yaxis"]["range"][0]]
    assert "2025 年值未报" in markup(app)


def test_months_stand_apart_from_years():
    traces = spec(open_indicator(indicator="PM2.5年均浓度"))["data"]
    joined = next(trace for trace in traces if trace.get("mode") == "lines")
    assert joined["x"] == [2015, 2020]
    months = next(trace for trace in traces if trace.get("marker", {}).get("size") == 6)
    assert all(x != int(x) for x in months["x"])


def test_scope_differences_are_printed():
    assert "统计口径不同，并列不作比较" in markup(open_indicator())
    assert "统计口径不同" not in markup(open_indicator(indicator="城市生活污水集中收集率"))


def test_regions_without_this_target_get_a_line_of_text():
    assert "没有设这项目标" in markup(open_indicator(region=""))


@pytest.mark.parametrize("kind", ["share", "level", "count", "concentration", "class", "cumulative", "reduction", "flow", "text"])
def test_every_kind_of_indicator_opens(connection, kind):
    names = [name for name, in connection.execute("""
        SELECT name FROM indicators WHERE kind = ? AND indicator_id IN (SELECT indicator_id FROM targets)
        ORDER BY hash(indicator_id) LIMIT 4""", [kind]).fetchall()]
    assert names
    for name in names:
        assert name in markup(open_indicator(indicator=name))


def test_before_any_figure_was_known_the_page_still_opens():
    assert "没有公开数" in markup(open_indicator(asof="2020-12-31"))
