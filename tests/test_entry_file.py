"""Reading what clerks send back: saved by Excel or WPS, rearranged, as CSV, damaged, or meant to do harm."""

from __future__ import annotations

import io
import random
import re
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.entries import FIGURE_FIELDS, EntryFile
from etl.entry_checks import check_rows
from etl.marked_copy import marked_copy
from etl.problems import DataProblems, Problem
from etl.readers.entry_file import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, SYNONYMS, read_entry_file
from tests.entry_files import TODAY, opened, saved, with_parts, workbook, world

HEAD = ["编号", "区域", "指标", "口径", "单位", "数据年份", "实绩", "数据状态", "发布单位", "发布日期", "来源名称或网址", "备注"]
ROW = ["jia-001", "甲市", "优良比例", "12个断面", "%", "2025", "96.5", "正式", "甲局", "2026-03-01", "公报", ""]
SHEET1 = "xl__worksheets__sheet1_dot_xml"


def read(content: bytes, name: str = "甲市.xlsx") -> EntryFile:
    return read_entry_file(name, content)


def refusal(content: bytes) -> Problem:
    with pytest.raises(DataProblems) as raised:
        read(content)
    problem, = raised.value.problems
    assert problem.remedy
    assert "甲市.xlsx" in str(problem)
    return problem


def values(file: EntryFile, field: str = "value") -> list[str]:
    return [row.text(field) for row in file.rows]


# ── headings and rows ───────────────────────────────────────────────────────────────────────────────────────
def test_every_cell_has_its_text_and_address():
    row, = read(workbook(("填报", [["甲市 2025 年"], [], HEAD, ROW]))).rows
    assert (row.sheet, row.line) == ("填报", 4)
    assert {field: (cell.text, cell.address) for field, cell in row.cells.items()} == {
        field: (text, f"{letter}4") for field, text, letter in zip(
            [next(f for f, words in SYNONYMS.items() if heading in words) for heading in HEAD], ROW, "ABCDEFGHIJKL")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_encoding_and_delimiter(encoding, delimiter):
    text = "\r\n".join(delimiter.join(line) for line in (["甲市填报表"], HEAD, ROW))
    row, = read(text.encode(encoding), "甲市.csv").rows
    assert (row.sheet, row.line, row.cells["value"].address, row.text("indicator"), row.text("value")) == ("", 3, "G3", "优良比例", "96.5")


def test_columns_in_any_order_with_synonyms_and_strangers():
    file = read(workbook(("表", [["序号", " 完成值（必填）* ", "核算人", "目标编号", "年 份", "目标", "指标"],
                                [1, 96.5, "王", "jia-001", 2025, "≥95%", "优良比例"]])))
    row, = file.rows
    assert [(field, cell.text) for field, cell in sorted(row.cells.items())] == [
        ("indicator", "优良比例"), ("period", "2025"), ("target_id", "jia-001"), ("value", "96.5")]
    assert file.ignored == ["“表”“核算人”列不认识，没有读"]


def test_year_in_the_heading_of_the_figures():
    row, = read(workbook(("表", [["序号", "指标", "单位", "2020 年实绩", "口径"], [1, "优良比例", "%", 96.5, "12个断面"]]))).rows
    assert (row.text("period"), row.cells["period"].address, row.text("value")) == ("2020", "D1", "96.5")


def test_rows_without_a_figure_fall_away():
    rows = [HEAD, ROW, [*ROW[:6], "", *ROW[7:]], [*ROW[:6], "  ", *ROW[7:]], [*ROW[:6], "暂无数据", *ROW[7:]], ["合计"], ["注：2026年3月"]]
    assert values(read(workbook(("填报", rows)))) == ["96.5", "暂无数据"]


def test_two_tables_and_sheets_of_no_concern():
    def hide(book: openpyxl.Workbook) -> None:
        book["旧表"].sheet_state = "hidden"
        book["更旧"].sheet_state = "veryHidden"
    verdicts = [["编号", "指标", "评定", "理由", "依据", "评定人", "评定日期", "备注"],
                ["jia-006", "河长制", "达标", "有", "文", "王", date(2026, 1, 5), "x"], ["jia-006", "河长制", None, "", "", "", None, ""]]
    file = read(workbook(
        ("定性评定", verdicts), ("草稿", [["随手记"]]), ("填报", [HEAD, ROW]), ("乙", [HEAD, ROW]), ("旧表", [HEAD, ROW]),
        ("更旧", [HEAD, ROW]), ("填写说明", [["怎么填"]]), ("问题清单", [["文件", "工作表"], ["a", "b"]]), ("空", []), change=hide))
    assert [(row.sheet, row.line) for row in file.rows] == [("填报", 2), ("乙", 2)]
    verdict, = file.verdicts
    assert (verdict.text("verdict"), verdict.text("judged_on"), verdict.cells["verdict"].address) == ("达标", "2026-01-05", "C2")
    assert file.ignored == ["隐藏的工作表“旧表”没有读", "隐藏的工作表“更旧”没有读", "工作表“草稿”没有填报的表头，没有读"]


def test_merged_cells():
    def merge(book: openpyxl.Workbook) -> None:
        book["填报"].merge_cells("B2:B3")
        book["填报"].merge_cells("G2:G3")
        book["填报"].merge_cells("G4:H4")
    first, second, third = read(workbook(("填报", [HEAD, ROW, ROW, ROW]), change=merge)).rows
    assert [row.text("region") for row in (first, second)] == ["甲市", "甲市"]
    assert [row.cells["value"].mark for row in (first, second, third)] == ["merged", "merged", ""]


def test_numbers_as_spreadsheets_show_them():
    def percent(book: openpyxl.Workbook) -> None:
        for cell, shown in (("G2", "0.00%"), ("G3", "0%"), ("G4", '0.0"%"'), ("G5", "General")):
            book["填报"][cell].number_format = shown
    numbers = (0.973, 1, 97.3, 0.1 + 0.2, 100000000000000000, 1e-7, date(2025, 3, 1))
    content = workbook(("填报", [HEAD, *([*ROW[:6], value] for value in numbers)]), change=percent)
    assert values(read(content))[:2] == ["97.3%", "100%"]
    assert values(read(content))[3:] == ["0.3", "100000000000000000", "0.0000001", "2025-03-01"]


def test_a_text_kept_from_being_a_formula_is_itself_again():
    assert values(read(workbook(("填报", [HEAD, [*ROW[:6], "'-3.5"]])))) == ["-3.5"]


def test_formulas_errors_and_what_stands_behind_them():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("填报")
        sheet.write_row(0, 0, HEAD)
        for line, formula in enumerate(("=48.25*2", "=1/0", "=NOW()"), 1):
            sheet.write_row(line, 0, ROW)
            sheet.write_formula(line, 6, formula, None, {1: 96.5, 2: "#DIV/0!"}.get(line, ""))
    file = read(buffer.getvalue())
    assert [(row.text("value"), row.cells["value"].mark) for row in file.rows] == [
        ("96.5", "formula"), ("#DIV/0!", "excel_error"), ("", "formula_without_value")]
    assert file.ignored == ["1 格是公式，读的是上次算出的结果"]
    by_openpyxl = workbook(("填报", [HEAD, [*ROW[:6], "=1+1"]]))  # no result is stored
    assert read(by_openpyxl).rows[0].cells["value"].mark == "formula_without_value"
    assert values(read("编号,实绩\njia-001,=1+1\n".encode())) == ["=1+1"]


def test_macros_and_links_are_named_and_left_alone():
    content = with_parts(workbook(("填报", [HEAD, ROW])), xl__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0",
                         xl__externalLinks__externalLink1_dot_xml=b"<externalLink/>")
    file = read(content, "甲市.xlsm")
    assert file.ignored == ["文件带有宏，没有运行，也没有读", "文件引用了别的工作簿，没有去打开，读的是上次算出的结果"]
    assert len(file.rows) == 1


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────
def test_refusals():
    good = workbook(("填报", [HEAD, ROW]))
    assert "旧式 Excel" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600).rule
    assert "空文件" in refusal(b" \r\n").rule
    assert "10 MB" in refusal(b"0" * (MAX_BYTES + 1)).rule
    assert "找不到表头" in refusal(workbook(("表", [["名称", "数"], ["a", 1]]))).rule
    assert "找不到表头" in refusal("名称,数\na,1\n".encode()).rule
    assert "同一个意思" in refusal(workbook(("表", [["编号", "2024年实绩", "2025年实绩"], ["jia-001", 1, 2]]))).rule
    assert "完好" in refusal(good[:-40]).rule
    inside = good.index(b"xl/worksheets/sheet1.xml") + 60
    assert "完好" in refusal(good[:inside] + bytes([good[inside] ^ 1]) + good[inside + 1:]).rule
    assert "完好" in refusal(with_parts(good, xl__workbook_dot_xml=None)).rule
    assert "编码" in refusal("编号,实绩\n".encode("utf-16")).rule
    assert "引号" in refusal('编号,实绩\njia-001,"1\n'.encode()).rule
    assert "行" in refusal(("编号,实绩\n" + "jia-001,1\n" * (MAX_ROWS + 20)).encode()).rule
    assert "列" in refusal(("编号,实绩" + "," * MAX_COLUMNS + "\n").encode()).rule


@pytest.mark.parametrize("cell", ["A1048576", "XFD1", "XFD1048576"])
def test_a_stray_cell_far_away_is_found_before_it_costs_memory(cell):
    content = workbook(("填报", [HEAD, ROW]))
    stray = re.sub(rb"[A-Z]+", b"", cell.encode())
    row = b'<row r="%s"><c r="%s"><v>1</v></c></row></sheetData>' % (stray, cell.encode())
    problem = refusal(with_parts(content, **{SHEET1: lambda old: re.sub(rb"<dimension[^>]*/>", b"", old).replace(b"</sheetData>", row)}))
    assert cell in problem.found


def test_archives_that_unpack_too_large():
    bomb = with_parts(workbook(("填报", [HEAD, ROW])), xl__media__image1_dot_png=b"\0" * 101_000_000)
    assert len(bomb) < MAX_BYTES
    assert "太大" in refusal(bomb).rule


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused_and_entities_never_expanded(encoding):
    laughs = (f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>"
              "<!ENTITY x SYSTEM 'file:///etc/passwd'>]><worksheet>&b;&x;</worksheet>").encode(encoding)
    assert "完好" in refusal(with_parts(workbook(("填报", [HEAD, ROW])), **{SHEET1: laughs})).rule


def test_other_parts_may_hold_what_they_like():
    content = with_parts(workbook(("填报", [HEAD, ROW])), customXml__item1_dot_xml=b'<rows><row r="x"><c r="?"/></row></rows>')
    assert len(read(content).rows) == 1


def test_merged_range_over_the_whole_sheet_is_refused():
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'
    content = with_parts(workbook(("填报", [HEAD, ROW])), **{SHEET1: lambda old: old.replace(b"</sheetData>", merged)})
    assert "很远" in refusal(content).rule


def test_many_rows_at_the_limit():
    assert len(read(workbook(("填报", [HEAD, *[ROW] * MAX_ROWS]))).rows) == MAX_ROWS


# ── whatever comes ──────────────────────────────────────────────────────────────────────────────────────────
GOOD = workbook(("填报", [["甲市"], HEAD, ROW, [*ROW[:6], "=1+1"], [*ROW[:6], 0.97]]),
                ("定性评定", [["编号", "评定"], ["jia-006", "达标"]]))
PARTS = {part: zipfile.ZipFile(io.BytesIO(GOOD)).read(part) for part in zipfile.ZipFile(io.BytesIO(GOOD)).namelist()}
TOKENS = [b"-1", b"99999999999999999999", b"NaN", b"A0", b"XFD1048577", b"", b'"', b"<", b"&#0;", b"1e400", b"s", b"e",
          b"inlineStr", b"A1:B"]
KNOWN = world()


def survives(content: bytes) -> None:
    """Read, check and mark; nothing but DataProblems may come of it."""
    try:
        file = read(content)
    except DataProblems:
        return
    checked = check_rows(file, KNOWN, TODAY)
    marked_copy(content, checked.findings)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(position=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.integers(0, len(GOOD)))
def test_any_damaged_bytes(position, byte, cut):
    survives(GOOD[:position] + bytes([byte]) + GOOD[position + 1:])
    survives(GOOD[:cut])


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_any_damaged_xml_in_a_sound_archive(seed):
    chance = random.Random(seed)
    parts = dict(PARTS)
    for _ in range(chance.choice([1, 1, 3])):
        part = chance.choice(sorted(parts))
        places = list(re.finditer(rb'="[^"]*"|>[^<]+<', parts[part]))
        if places and chance.random() < 0.8:
            place = chance.choice(places)
            start = place.start() + (2 if place[0].startswith(b"=") else 1)
            parts[part] = parts[part][:start] + chance.choice(TOKENS) + parts[part][place.end() - 1:]
        else:
            del parts[part]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    survives(buffer.getvalue())


CELL = st.one_of(st.text(max_size=12), st.sampled_from([
    "54.l", "９７．３", "≥95", "三类", "百分之九十", "零亿零", "1,2,3", "2025-02-30", "十四五", "#REF!", "-0", "1e9", "九千", "=1+1", "'@x",
    "\x00", "\ud800", "0" * 400, "二〇二五年"]))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.dictionaries(st.sampled_from(sorted(FIGURE_FIELDS)), CELL), max_size=4),
       encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), known_id=st.sampled_from(sorted(KNOWN.targets)))
def test_any_cells(rows, encoding, known_id):
    lines = [",".join(FIGURE_FIELDS.values())]
    for row in rows:
        cells = {"target_id": known_id, "value": "1", **row}
        quoted = (cells.get(field, "").replace('"', '""') for field in FIGURE_FIELDS)
        lines.append(",".join(f'"{text}"' for text in quoted))
    survives("\n".join(lines).encode(encoding, errors="replace"))


def test_saved_again_by_another_program():
    book = opened(GOOD)
    assert [row.text("value") for row in read(saved(book)).rows] == ["96.5", "", "0.97"]
