"""报告 through Streamlit's own test runner: what it says before a file is made, and the files."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.reports.content import gather
from dashboard.reports.formats import FORMATS
from dashboard.reports.periods import usual_period
from dashboard.text import status_label, t
from tests.pages.opened import markup, open_page


def test_the_page_shows_title_counts_and_sentences():
    page = open_page("reports", asof="2026-11-22")
    said = markup(page)
    assert "<h1>5个区域2026年三季度生态环境目标调度情况</h1>" in said
    assert "截至 2026-11-22，共" in said and "莲都区" in said
    assert [button.label for button in page.get("download_button")][:3] == [t("reports.word"), t("reports.slides"), t("reports.workbook")]


def test_regions_come_from_the_filter_bar_and_kind_and_period_from_the_address():
    page = open_page("reports", region="随州市", report="assessment", of="2024", asof="2026-11-22")
    said = markup(page)
    assert "<h1>随州市2024年生态环境目标评估</h1>" in said and "重庆市" not in said


def test_another_kind_offers_its_own_periods():
    page = open_page("reports", region="随州市", of="2026Q2", asof="2026-11-22")
    assert "2026年二季度" in markup(page)
    page.segmented_control(key="report_choice").set_value("bulletin").run()
    assert not page.exception
    assert page.selectbox(key="of_choice").options[0] == "2026 年下半年" and "2026年上半年" in markup(page)


def test_the_counts_are_those_of_the_database(connection):
    said = markup(open_page("reports", region="重庆市", asof="2026-11-22"))
    for status, n in connection.execute("""
            SELECT status, count(*) FROM attainment(DATE '2026-11-22')
            WHERE duplicate_of IS NULL AND region_id = '500000' GROUP BY ALL""").fetchall():
        assert t("report.count", status=status_label(status), n=n) in said and f">{n}</td>" in said


@pytest.mark.parametrize("key", FORMATS)
def test_each_file_is_made_when_asked_for(connection, key):
    day = date(2026, 11, 22)
    made = FORMATS[key].make(gather(connection.cursor(), "dispatch", usual_period("dispatch", day), ["421300"], day))
    assert made[:2] == b"PK"
