"""Every page in a real browser with the network cable out."""

from __future__ import annotations

import re
import subprocess
import sys
from urllib.parse import quote

import pytest

from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = ["", "indicator", "region", f"region?region={quote('莲都区')}", "sources", f"sources?tab={quote('文件问题')}",
         "sources?target=chongqing-003", "section", "section?section=421300-pinglin", "changes", "calendar", "reports",
         f"section?region={quote('重庆市')}&by=region", "map", f"map?region={quote('随州市')}&place=county:421381&colour=good",
         "entry"]
SIZES = [(1366, 768), (1440, 900), (1920, 1080)]
LATIN_THAT_BELONGS = {"COD", "BOD", "VOCs", "GDP", "CSV", "XLSX", "SHA", "UTF", "NOX", "NOx", "EQI", "DNA", "AQI", "BOM", "Open",
                      "Word", "SDG", "python", "etl", "import", "cnemc"}
"""Abbreviations of the field, names of formats and methods, and the command that imports readings."""

CODE = re.compile(r"https?://\S+|\.xlsx\b|[A-Za-z0-9_./-]+\.(?:txt|csv|toml|json|com|cn|org|net|cc)(?![A-Za-z0-9])|data/sources"
                  r"|[0-9a-f]{8,}…?|[a-z]+-\d+|\d{6}-[a-z]+|keyboard_arrow_\w+|expand_(?:more|less)")
"""Addresses, file names, hashes, identifiers and icons of the icon font, which are the same in any language."""


def test_first_deep_link_on_a_fresh_server_builds_and_shows_its_page(visitor):
    """No database yet, and the very first request is not the start page."""
    one = visitor()
    one.visit(f"region?region={quote('重庆市')}")
    assert "重庆市" in one.page.locator("h1").first.inner_text()
    assert one.page.locator('[role="dialog"]').count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole_in_chinese_and_asks_nothing_outside(visitor, path):
    one = visitor(*SIZES[0])
    page = one.visit(path)
    assert page.locator('[data-testid="stException"]').count() == 0
    assert one.outside == []
    assert one.errors == []
    assert len(one.text()) > 200
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        one.settle()
        too_wide = page.evaluate("""() => { const m = document.querySelector('[data-testid="stMain"]');
                                            return m.scrollWidth - m.clientWidth }""")
        assert too_wide <= 1, f"{width} 像素宽的窗口里，页面宽出 {too_wide} 像素"
    strangers = set(re.findall(r"[A-Za-z]{3,}", CODE.sub(" ", one.text()))) - LATIN_THAT_BELONGS
    assert strangers == set()


def test_copied_link_shows_the_same_view_in_another_browser(visitor):
    first = visitor()
    first.visit(f"?region={quote('重庆市')}&region={quote('随州市')}&theme={quote('水环境')}&asof=2025-12-31")
    second = visitor()
    second.visit(first.page.url.removeprefix(first.address + "/"))
    assert "2025-12-31" in first.text()
    assert first.text() == second.text()


def test_filters_survive_a_change_of_page(visitor):
    one = visitor()
    one.visit(f"?region={quote('随州市')}&asof=2024-12-31")
    one.page.get_by_role("link", name="区域").first.click()
    one.page.wait_for_url("**/region**")
    one.settle()
    assert "随州市" in one.page.locator("h1").first.inner_text()
    assert "asof=2024-12-31" in one.page.url


def test_as_of_date_changes_the_counts(visitor):
    one = visitor()
    one.visit("?asof=2021-06-30")
    early = one.page.locator("h1").first.inner_text()
    one.visit("?asof=2026-11-22")
    late = one.page.locator("h1").first.inner_text()
    assert early != late
    assert early.startswith("25 项目标已到期：21 项达标")


def test_wrong_date_is_named_and_replaced_by_today(visitor):
    one = visitor()
    one.visit(f"?asof={quote('昨天')}")
    assert "看不懂日期“昨天”" in one.page.locator('[data-testid="stSidebar"]').inner_text()


def test_clause_link_leads_to_the_evidence(visitor):
    one = visitor()
    page = one.visit("")
    page.locator('[data-testid="stMain"] a[href*="target="]').first.click()
    page.wait_for_url("**/sources**target=**")
    one.settle()
    assert "条款" in one.text()
    assert "SHA-256" in one.text()


def test_refresh_elsewhere_appears_in_an_open_page(visitor, environment):
    one = visitor()
    page = one.visit("")
    foot = page.locator(".foot").first
    before = foot.inner_text()
    subprocess.run([sys.executable, "-m", "etl", "refresh"], cwd=ROOT, env=environment, check=True, capture_output=True)
    page.wait_for_function("before => document.querySelector('.foot')?.innerText !== before", arg=before, timeout=30_000)
    assert foot.inner_text() != before
