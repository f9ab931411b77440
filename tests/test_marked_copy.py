"""The marked copy: the office's own file, wrong cells outlined, commented and listed, and good to be uploaded again."""

from __future__ import annotations

import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from etl import marked_copy as module
from etl.entries import Finding
from etl.entry_checks import check_rows
from etl.marked_copy import marked_copy
from etl.problems import DataProblems
from etl.readers.entry_file import FINDINGS_SHEET, read_entry_file
from tests.entry_files import TODAY, opened, saved, workbook, world

HEAD = ["编号", "指标", "单位", "数据年份", "实绩", "数据状态", "发布单位", "备注"]
ROWS = [HEAD, ["jia-001", "优良比例", "%", 2025, "96.l", "正式", "甲局", "=A1"],
        ["jia-002", "PM2.5 浓度", "微克/立方米", 2025, 260, "正式", "甲局", ""], ["jia-007", "站数", "座", 2025, 13, "正式", "甲局", ""]]


def rich(book) -> None:
    sheet = book["填报"]
    sheet.column_dimensions["B"].width = 33
    sheet.freeze_panes = "A2"
    rule = DataValidation("list", '"正式,初步"')
    rule.add("F2:F4")
    sheet.add_data_validation(rule)
    sheet.protection.enable()
    sheet["E2"].comment = Comment("昨天改过", "老王")
    sheet.merge_cells("G3:H3")


def finding(address: str, level: str = "error", sheet: str = "填报", **words: str) -> Finding:
    texts = {"title": "指标 · 实绩", "found": "=1+1", "why": "不是数字", "remedy": "改成数字", **words}
    return Finding(level, "rule", "甲市.xlsx", sheet, address, **texts)


@pytest.fixture
def content() -> bytes:
    return workbook(("填报", ROWS), change=rich)


def test_wrong_cells_are_outlined_commented_and_listed(content):
    findings = check_rows(read_entry_file("甲市.xlsx", content), world(), TODAY).findings
    assert [(f.level, f.rule, f.address) for f in findings] == [
        ("error", "formula_without_value", "H2"), ("warning", "factor", "E3"), ("warning", "worse_than_baseline", "E3")]
    book = opened(marked_copy(content, findings))
    sheet = book["填报"]
    edge = sheet["H2"].border.left
    assert (sheet["H2"].fill.fgColor.rgb, edge.style, edge.color.rgb) == ("00FBE9E6", "medium", "00B5351C")
    assert (sheet["E3"].fill.fgColor.rgb, sheet["E3"].border.top.style) == ("00FFF6DD", "dashed")
    assert not sheet["E3"].protection.locked and sheet["E4"].protection.locked
    assert sheet["E3"].comment.text.count("请核对：") == 2
    listed = book[FINDINGS_SHEET]
    assert [cell.value for cell in listed[1]] == ["文件", "工作表", "单元格", "级别", "指标 · 列", "填的是", "为什么", "怎么改"]
    assert [cell.value for cell in listed[2]] == [
        "甲市.xlsx", "填报", "H2", "须改", "优良比例 · 备注", "（空着）", findings[0].why, findings[0].remedy]
    assert listed["C2"].hyperlink.location == "'填报'!H2"


def test_the_rest_of_the_workbook_stays(content):
    book = opened(marked_copy(content, [finding("E2"), finding("H3", "warning")]))
    sheet = book["填报"]
    assert [[cell.value for cell in line] for line in sheet] == [[cell.value for cell in line] for line in opened(content)["填报"]]
    assert (sheet.column_dimensions["B"].width, sheet.freeze_panes, sheet.protection.sheet) == (33, "A2", True)
    assert [(rule.formula1, str(rule.sqref)) for rule in sheet.data_validations.dataValidation] == [('"正式,初步"', "F2:F4")]
    assert "昨天改过" in sheet["E2"].comment.text
    assert sheet["G3"].comment is not None  # the merged range shows its first cell


def test_what_we_write_is_never_a_formula(content):
    book = opened(marked_copy(content, [finding("E2", title="=T", why="@SUM(1)", remedy="+1", found="\x00=HYPERLINK(1)")]))
    cells = list(book[FINDINGS_SHEET][2])
    assert all(cell.data_type == "s" for cell in cells)
    assert [cell.value for cell in cells[4:]] == ["'=T", "'=HYPERLINK(1)", "'@SUM(1)", "'+1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_becomes_a_workbook_with_the_same_addresses(encoding):
    content = "编号;实绩;数据年份;发布单位;数据状态\njia-001;96.l;2025;=cmd|x;正式\njia-002;-5;2025;局;正式\n".encode(encoding)
    findings = check_rows(read_entry_file("甲市.csv", content), world(), TODAY).findings
    book = opened(marked_copy(content, findings))
    sheet = book.worksheets[0]
    assert (sheet["B2"].value, sheet["B3"].value, sheet["D2"].value) == ("96.l", "-5", "'=cmd|x")
    assert sheet["B2"].comment and sheet["B3"].comment
    assert book[FINDINGS_SHEET]["C2"].hyperlink.location == f"'{sheet.title}'!B2"
    again = read_entry_file("改.xlsx", saved(book))
    assert [(row.text("value"), row.text("publisher")) for row in again.rows] == [("96.l", "=cmd|x"), ("-5", "局")]


def test_corrected_and_uploaded_again(content):
    findings = check_rows(read_entry_file("甲市.xlsx", content), world(), TODAY).findings
    book = opened(marked_copy(content, findings))
    book["填报"]["E2"], book["填报"]["E3"], book["填报"]["H2"] = 96.1, 26, None
    read = read_entry_file("甲市.xlsx", saved(book))
    assert read.ignored == []
    checked = check_rows(read, world(), TODAY)
    assert checked.findings == [] and len(checked.figures) == 3
    twice = opened(marked_copy(marked_copy(content, findings), findings[:1]))
    assert twice.sheetnames == ["填报", FINDINGS_SHEET]
    assert twice[FINDINGS_SHEET].max_row == 2


def test_findings_without_a_cell_are_listed_only(content):
    book = opened(marked_copy(content, [finding(""), finding("B2", sheet="没有")]))
    assert book[FINDINGS_SHEET].max_row == 3
    assert book["填报"]["B2"].comment is None


def test_a_workbook_that_cannot_be_kept_is_built_again(content, monkeypatch):
    def fail(_):
        raise TypeError("styles of another program")
    monkeypatch.setattr(module.openpyxl, "load_workbook", fail)
    copy = marked_copy(content, [finding("E2")])
    monkeypatch.undo()
    sheet = opened(copy)["填报"]
    assert (sheet["A2"].value, sheet["E2"].value, sheet["E2"].border.left.style) == ("jia-001", "96.l", "medium")


def test_no_table_at_all():
    with pytest.raises(DataProblems):
        marked_copy(b"PK\x03\x04 nothing", [])
