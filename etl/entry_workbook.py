"""Makes the entry workbook: what is to be filled in, beside everything one needs to know to fill it in.

What the office fills in is tinted and unlocked; the rest is locked without a password, against slips only. What comes
back is read by etl/readers/entry_file.py.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from etl.readers.entry_file import HELP_SHEET
from etl.rules.numbers import WATER_CLASSES
from etl.spreadsheets import safe_text

FIGURE_SHEET, VERDICT_SHEET = "填报", "定性评定"
HEADING_ROW = 3
"""From 0; above it the title, how to fill in, and a blank line."""
FONT = "微软雅黑"
INK, BLUE, LINE, PANEL, TINT = "#1B2730", "#0E4D71", "#C9D3D9", "#E9EFF3", "#EAF4FA"
LINE_HEIGHT_POINTS = 16
A4 = 9


class Column(NamedTuple):
    """A column of a sheet: heading, width in characters, column of the rows it prints ("" for nothing), and its kind."""

    heading: str
    width: int
    source: str = ""
    kind: str = "given"  # given: locked; text, number, date: to be filled in


FIGURE_COLUMNS = (
    Column("编号", 14, "target_id"), Column("区域", 9, "region"), Column("指标", 26, "indicator"), Column("口径", 20, "scope"),
    Column("单位", 10, "unit"), Column("目标", 14, "target"), Column("期限", 9, "deadline_words"), Column("上一个数", 16, "latest"),
    Column("数据年份", 18, "period", "text"), Column("实绩", 12, kind="number"), Column("数据状态", 10, kind="text"),
    Column("发布单位", 18, kind="text"), Column("发布日期", 13, kind="date"), Column("来源名称或网址", 24, kind="text"),
    Column("备注", 16, kind="text"))
VERDICT_COLUMNS = (
    Column("编号", 14, "target_id"), Column("区域", 9, "region"), Column("指标", 28, "indicator"),
    Column("目标原意／口径", 36, "promise"), Column("期限", 9, "deadline_words"), Column("评定", 10, kind="text"),
    Column("理由", 34, kind="text"), Column("依据", 34, kind="text"), Column("评定人", 12, kind="text"),
    Column("评定日期", 13, kind="date"))

HOW_TO_FIGURES = "只填浅蓝色的格。还没有数的行空着，或在“实绩”里写“暂无数据”。填好后存盘，到“数据填报”页上传。"
HOW_TO_VERDICTS = "没有数值的目标由人评定：选“达标”或“未达标”，写明理由和依据。定不了的行空着。"
HELP = (
    ("怎么填", ""),
    ("实绩", "按“单位”一列的单位，只写数字，如 97.3；公布的是“95%以上”，写 ≥95。水质类别写 Ⅰ 至 劣Ⅴ。"),
    ("没有数", "空着，这一行就不算；写“暂无数据”，记为未报。不要写 0，也不要推算。"),
    ("数据年份", "全年写 2025；月份写 2025-06；某一天写 2025-06-30；累计写 2021-2025累计。累计的指标只要当年数时写 2025当年。"),
    ("数据状态", "公报、年报里的数选“正式”；快报、预计数选“初步”，正式数出来后再报一次。"),
    ("发布单位", "谁公布的这个数。下拉里没有的，直接写名称。"),
    ("来源", "公报名称或网址，日后有人问起能查到原文。"),
    ("百分数", "写 97.3，不写 0.973。在表格里写成 97.3% 也可以。"),
    ("改动表格", "可以调列宽、筛选、另存为 CSV。要加行、挪列、排序，先撤销工作表保护（没有密码）。不要合并单元格，不要改编号。"),
    ("上传以后", "系统逐格核对，有须改的地方会标出来，改好再传；全部通过、有人确认后才入库。"),
    ("", ""),
    ("发布单位（下拉里的）", ""),
)


def write_entry_workbook(rows: pd.DataFrame, title: str, year: int | None, publishers: Sequence[str] = (),
                         made_on: date | None = None) -> bytes:
    """The workbook as bytes. `rows` as from etl/entry_rows.entry_rows; numeric targets go to 填报, the others to 定性评定.

    `title` stands on top, with `year` if given and the day `made_on`; `publishers` are the choices of 发布单位, the first
    of them prefilled where it is the only one.
    """
    is_text = rows["comparator"] == "text"
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False}) as book:
        book.set_properties({"title": title, "comments": "清流 填报表"})
        formats = _formats(book)
        heading = "　".join(filter(None, (title, f"{year} 年" if year else "", f"{made_on} 制表" if made_on else "")))
        figures = book.add_worksheet(FIGURE_SHEET)
        numeric = rows[~is_text]
        _write_table(figures, FIGURE_COLUMNS, numeric, f"{heading}　共 {len(numeric)} 行", HOW_TO_FIGURES, formats)
        _guide_figures(figures, numeric, publishers, formats)
        if is_text.any():
            verdicts = book.add_worksheet(VERDICT_SHEET)
            qualitative = rows[is_text].assign(promise=rows["target"] + "（" + rows["scope"] + "）")
            _write_table(verdicts, VERDICT_COLUMNS, qualitative, f"{heading}　定性目标 {len(qualitative)} 行", HOW_TO_VERDICTS, formats)
            _guide_verdicts(verdicts, len(qualitative))
        _write_help(book.add_worksheet(HELP_SHEET), publishers, formats)
    return buffer.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
    boxed = {**base, "border": 1, "border_color": LINE, "text_wrap": True, "align": "left"}
    filled_in = {**boxed, "bg_color": TINT, "locked": False}
    return {name: book.add_format(properties) for name, properties in {
        "title": {**base, "font_size": 16, "bold": True, "font_color": BLUE}, "how": base,
        "word": {**base, "bold": True, "valign": "top"}, "sentence": {**base, "text_wrap": True, "valign": "top"},
        "given_head": {**boxed, "bold": True, "bg_color": PANEL},
        "own_head": {**boxed, "bold": True, "bg_color": BLUE, "font_color": "white"},
        "given": boxed, "text": filled_in, "number": {**filled_in, "align": "right", "bold": True, "num_format": "General"},
        "date": {**filled_in, "num_format": "yyyy-mm-dd"}}.items()}


def _write_table(sheet: Worksheet, columns: Sequence[Column], rows: pd.DataFrame, title: str, how_to: str,
                 formats: dict[str, Format]) -> None:
    sheet.write_string(0, 0, safe_text(title), formats["title"])
    sheet.set_row(0, 26)
    sheet.write_string(1, 0, how_to, formats["how"])
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(HEADING_ROW, at, column.heading, formats["given_head" if column.kind == "given" else "own_head"])
    sheet.set_row(HEADING_ROW, 22)
    given = rows.astype(object).where(rows.notna(), "")
    for line, record in enumerate(given.to_dict("records"), HEADING_ROW + 1):
        texts = [safe_text(str(record[column.source])) if column.source else "" for column in columns]
        for at, (column, text) in enumerate(zip(columns, texts)):
            if text.isdecimal() and column.source in ("period", "deadline_words"):  # a year, without a mark that it is no number
                sheet.write_number(line, at, int(text), formats[column.kind])
            elif text:
                sheet.write_string(line, at, text, formats[column.kind])
            else:
                sheet.write_blank(line, at, None, formats[column.kind])
        printed_lines = max(lines_in(text, column.width) for column, text in zip(columns, texts))
        sheet.set_row(line, LINE_HEIGHT_POINTS * printed_lines + 4)
    last = max(HEADING_ROW + len(given), HEADING_ROW + 1)
    sheet.autofilter(HEADING_ROW, 0, last, len(columns) - 1)
    sheet.freeze_panes(HEADING_ROW + 1, 3)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(HEADING_ROW)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _guide_figures(sheet: Worksheet, rows: pd.DataFrame, publishers: Sequence[str], formats: dict[str, Format]) -> None:
    """Drop-downs and limits. Words such as 暂无数据 must get through, so most of them ask rather than forbid."""
    at = {column.heading: position for position, column in enumerate(FIGURE_COLUMNS)}
    first, last = HEADING_ROW + 1, max(HEADING_ROW + len(rows), HEADING_ROW + 1)
    for line, (kind, unit) in enumerate(zip(rows["kind"], rows["unit"]), first):
        rule: dict[str, object]
        if kind == "class":
            rule = {"validate": "list", "source": [*WATER_CLASSES, "暂无数据"], "error_message": "请从下拉里选水质类别。"}
        elif kind == "share" and unit == "%":
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
                    "error_message": "这里填 0 到 100 的百分数，如 97.3。没有数可写“暂无数据”。就这样填吗？"}
        else:
            rule = {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12,
                    "error_message": "这里只填数字，单位见左边。没有数可写“暂无数据”。就这样填吗？"}
        sheet.data_validation(line, at["实绩"], line, at["实绩"], {**rule, "error_title": "实绩", "error_type": "warning"})
    sheet.data_validation(first, at["数据状态"], last, at["数据状态"], {
        "validate": "list", "source": ["正式", "初步"], "error_title": "数据状态", "error_message": "请选“正式”或“初步”。"})
    if publishers:
        start = len(HELP) + 1
        sheet.data_validation(first, at["发布单位"], last, at["发布单位"], {
            "validate": "list", "source": f"={HELP_SHEET}!$A${start}:$A${start + len(publishers) - 1}", "show_error": False})
    if len(publishers) == 1:
        for line in range(first, first + len(rows)):
            sheet.write_string(line, at["发布单位"], safe_text(publishers[0]), formats["text"])
    _guide_dates(sheet, first, last, at["发布日期"])


def _guide_verdicts(sheet: Worksheet, count: int) -> None:
    at = {column.heading: position for position, column in enumerate(VERDICT_COLUMNS)}
    first, last = HEADING_ROW + 1, HEADING_ROW + count
    sheet.data_validation(first, at["评定"], last, at["评定"], {
        "validate": "list", "source": ["达标", "未达标"], "error_title": "评定", "error_message": "请选“达标”或“未达标”，定不了就空着。"})
    _guide_dates(sheet, first, last, at["评定日期"])


def _guide_dates(sheet: Worksheet, first: int, last: int, column: int) -> None:
    sheet.data_validation(first, column, last, column, {
        "validate": "date", "criteria": "between", "minimum": date(1990, 1, 1), "maximum": date(2100, 12, 31),
        "error_type": "warning", "error_title": "日期", "error_message": "写成 2026-03-01 这样的日期。就这样填吗？"})


def _write_help(sheet: Worksheet, publishers: Sequence[str], formats: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    for line, (word, sentence) in enumerate(HELP):
        sheet.write_string(line, 0, word, formats["word"])
        sheet.write_string(line, 1, sentence, formats["sentence"])
        sheet.set_row(line, LINE_HEIGHT_POINTS * lines_in(sentence, 90) + 4)
    for line, publisher in enumerate(publishers, len(HELP)):
        sheet.write_string(line, 0, safe_text(publisher), formats["sentence"])
        sheet.set_row(line, LINE_HEIGHT_POINTS * lines_in(publisher, 34) + 4)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def lines_in(text: str, width: int) -> int:
    """Lines a wrapped text takes in a column; Chinese characters are two wide, and a line does not fill to the last place."""
    taken = sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
    return max(1, -(-taken // (width - 2)))
