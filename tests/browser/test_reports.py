"""The three files of a report, taken from the page as a visitor takes them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.text import t

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_deep_link_leads_to_the_three_files(visitor, tmp_path: Path):
    one = visitor()
    page = one.visit(f"reports?region={quote('重庆市')}&report=assessment&of=2025")
    assert page.locator("h1").first.inner_text() == "重庆市2025年生态环境目标评估"
    for key, suffix in (("word", "docx"), ("slides", "pptx"), ("workbook", "xlsx")):
        with page.expect_download(timeout=60_000) as download:
            page.get_by_role("button", name=t(f"reports.{key}")).click()
        name = download.value.suggested_filename
        assert name.startswith("清流-年评估-重庆市-") and name.endswith(f".{suffix}")
        download.value.save_as(tmp_path / name)
        assert zipfile.ZipFile(tmp_path / name).testzip() is None
    assert one.outside == [] and one.errors == []
