"""Downloads: read back what a spreadsheet would read, with hostile text in the cells."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from etl import spreadsheets

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\x00=1", "＝1"]
HARMLESS = ["≥97.3%", "—", "到 2025 年底", "", "a=b", "http://example.cn/?a=1", "'引号"]


def sheet(frame: pd.DataFrame, name: str = "目标"):
    return openpyxl.load_workbook(io.BytesIO(spreadsheets.to_xlsx({name: frame})))[name]


@pytest.mark.parametrize("text", HOSTILE)
def test_formula_becomes_text(text):
    plain = spreadsheets.safe_text(text)
    assert plain.startswith("'")
    cell = sheet(pd.DataFrame({"a": [text]})).cell(2, 1)
    assert cell.data_type == "s"
    assert cell.value == plain
    rows = pd.read_csv(io.BytesIO(spreadsheets.to_csv(pd.DataFrame({"a": [text]}))), encoding="utf-8-sig")
    assert rows["a"][0].startswith("'")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert spreadsheets.safe_text(text) == text


def test_control_characters_are_removed():
    assert spreadsheets.safe_text("水\x00质\x1f\x0b\x7f\ud800") == "水质"
    assert sheet(pd.DataFrame({"a": ["水\x00质\ufffe"]})).cell(2, 1).value == "水质"


def test_hostile_column_and_sheet_names():
    frame = pd.DataFrame({"=HYPERLINK(1)": [1]})
    book = openpyxl.load_workbook(io.BytesIO(spreadsheets.to_xlsx({"a/b:*?" + "长" * 40: frame, "x": frame, "X": frame})))
    assert len(book.sheetnames) == 3
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert book["x"].cell(1, 1).value == "'=HYPERLINK(1)"
    assert spreadsheets.to_csv(frame).decode("utf-8-sig").startswith("'=HYPERLINK")


def test_csv_has_a_byte_order_mark_and_plain_figures():
    frame = pd.DataFrame({"值": [73.0, 97.3, None], "期限": pd.to_datetime(["2025-12-31", "2021-06-30", None]),
                          "何时": pd.to_datetime(["2026-11-22 04:23:10", None, None]), "单位": [["甲", "乙"], None, []]})
    content = spreadsheets.to_csv(frame)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        "值,期限,何时,单位", "73,2025-12-31,2026-11-22 04:23:10,甲、乙", "97.3,2021-06-30,,", ",,,"]


def test_xlsx_keeps_types_header_and_filter():
    frame = pd.DataFrame({"值": [97.3, None], "个数": pd.array([3, None], dtype="Int64"), "是否": [True, False],
                          "期限": [date(2025, 12, 31), date(1899, 1, 1)],
                          "何时": pd.to_datetime(["2026-11-22 04:23:10", None]), "网址": ["https://a.cn/x", None]})
    read = sheet(frame)
    assert [cell.value for cell in read[2]] == [97.3, 3, True, datetime(2025, 12, 31), datetime(2026, 11, 22, 4, 23, 10),
                                                "https://a.cn/x"]
    assert [cell.value for cell in read[3]] == [None, None, False, "1899-01-01", None, None]
    assert read.cell(2, 4).number_format == "yyyy-mm-dd"
    assert read.cell(2, 6).hyperlink is None
    assert read.freeze_panes == "A2"
    assert read.auto_filter.ref == "A1:F3"


def test_empty_table_and_overlong_cell():
    assert spreadsheets.to_csv(pd.DataFrame({"a": []})).decode("utf-8-sig").strip() == "a"
    assert sheet(pd.DataFrame({"a": []})).max_row == 1
    long = sheet(pd.DataFrame({"a": ["水" * 40_000]})).cell(2, 1).value
    assert len(long) == spreadsheets.CELL_LIMIT
    assert long.endswith("…")


def test_column_widths_fit_chinese_within_bounds():
    read = sheet(pd.DataFrame({"a": ["地表水断面"], "b": ["水" * 500]}))
    assert 12 <= read.column_dimensions["A"].width < 14
    assert read.column_dimensions["B"].width < 62


def test_file_name_says_table_and_day():
    assert spreadsheets.file_name("目标", date(2026, 11, 22), "csv") == "清流-目标-2026-11-22.csv"
