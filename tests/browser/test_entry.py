"""Bringing figures in, in a real browser: from the downloaded workbook to the changed figure on a page, and back again."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
REGION, INDICATOR = "随州市", "畜禽粪污综合利用率"
FIGURES = {INDICATOR: 88.8, "规模养殖场粪污处理设施配套率": 99.1, "病虫害绿色防控覆盖率": 57}
WAIT_MS = 60_000


def fill(file: Path, **mistakes: tuple[str, object]) -> dict[str, str]:
    """Write the figures into the workbook, then the mistakes (heading, value) by indicator; where each of these stands."""
    book = openpyxl.load_workbook(file)
    sheet = book["填报"]
    columns = {cell.value: cell.column for cell in sheet[4]}
    lines = {row[columns["指标"] - 1].value: row[0].row for row in sheet.iter_rows(min_row=5)}
    for indicator, value in FIGURES.items():
        for heading, text in {"实绩": value, "数据状态": "正式", "发布单位": "随州市农业农村局", "单位": "%"}.items():
            sheet.cell(lines[indicator], columns[heading], text)
    for indicator, (heading, text) in mistakes.items():
        sheet.cell(lines[indicator], columns[heading], text)
    book.save(file)
    return {indicator: sheet.cell(lines[indicator], columns[heading]).coordinate for indicator, (heading, _) in mistakes.items()}


def upload(one, file: Path, said: str) -> None:
    one.page.locator('[data-testid="stFileUploaderDropzoneInput"]').set_input_files(file)
    one.page.get_by_role("heading", name=re.compile(said)).wait_for(timeout=WAIT_MS)
    one.settle()


def test_figures_come_in_by_the_workbook_and_can_be_taken_back(visitor, tmp_path):
    one = visitor()
    page = one.visit(f"entry?region={quote(REGION)}")
    assert not re.search(r"Browse|Drag and drop|Upload|per file", one.text())
    with page.expect_download(timeout=WAIT_MS) as waiting:
        page.get_by_role("button", name=re.compile("下载填报表")).click()
    assert waiting.value.suggested_filename == f"{REGION}填报表.xlsx"
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)

    cells = fill(file, **{INDICATOR: ("实绩", "88.8l"), "规模养殖场粪污处理设施配套率": ("单位", "公顷"),
                          "病虫害绿色防控覆盖率": ("实绩", 570)})
    upload(one, file, "3 行里有 3 处须改")
    assert sorted(page.locator(".problem .cell").all_inner_texts()) == sorted(cells.values())
    assert page.get_by_role("button", name="入库（还差 3 处）").is_disabled()
    page.get_by_role("button", name="重新上传").click()
    one.settle()

    fill(file)
    upload(one, file, "3 行")
    assert page.get_by_text("新增 3 个").count()
    page.get_by_placeholder("确认人姓名").fill("王芳")
    if page.get_by_text("处已核对").count():
        page.get_by_text("处已核对").click()
    page.get_by_role("button", name="入库 3 条").click()
    page.get_by_text("入库编号").wait_for(timeout=WAIT_MS)
    one.settle()
    assert one.errors == [] and one.outside == []

    other = visitor()
    other.visit(f"indicator?indicator={quote(INDICATOR)}&region={quote(REGION)}")
    assert "88.8%" in other.text()

    page.get_by_role("button", name="撤回").first.click()
    page.get_by_label("撤回的理由").fill("试填")
    page.get_by_role("button", name="确认撤回").click()
    page.get_by_text("撤回 3 条").first.wait_for(timeout=WAIT_MS)
    other.visit(f"indicator?indicator={quote(INDICATOR)}&region={quote(REGION)}")
    assert "88.8%" not in other.text()
