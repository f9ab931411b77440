"""Tables as files for other programs: CSV that Excel reads as UTF-8, and workbooks.

Text cells that a spreadsheet would take for a formula get a leading apostrophe, control characters are removed.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import pandas as pd
import xlsxwriter

CSV_MIME = "text/csv"
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_LIMIT = 32_767
"""Characters an Excel cell can hold."""
FIRST_EXCEL_YEAR = 1900

_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_SHOWN_ROWS, _NARROWEST, _WIDEST = 200, 8, 60


def to_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with byte order mark, so that Excel shows Chinese when the file is opened by a double click."""
    plain = pd.DataFrame(dict(enumerate(_csv_column(frame.iloc[:, at]) for at in range(frame.shape[1]))), dtype=object)
    plain.columns = [safe_text(str(name)) for name in frame.columns]
    return plain.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def to_xlsx(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """One sheet a table: bold frozen header, filter, dates as dates, text never as formula or link."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False, "nan_inf_to_errors": True}) as book:
        formats = {"head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
                   "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
                   "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})}
        taken: set[str] = set()
        for name, frame in tables.items():
            _write_sheet(book.add_worksheet(_sheet_name(name, taken)), frame, formats)
    return buffer.getvalue()


def file_name(table: str, day: date, suffix: str) -> str:
    """清流-目标-2026-11-22.csv"""
    return f"清流-{table}-{day:%Y-%m-%d}.{suffix}"


def safe_text(text: str) -> str:
    """Without control characters, and never a formula."""
    plain = _CONTROL.sub("", text)
    return f"'{plain}" if _FORMULA.match(text) or _FORMULA.match(plain) else plain


def _cell(value):
    """None, bool, number, date, datetime or safe text."""
    if isinstance(value, list | tuple | set):
        return safe_text("、".join(str(part) for part in value))
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime):  # pandas timestamps too
        value = value.replace(tzinfo=None)
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value
    if isinstance(value, bool | int | float | date):
        return value
    return value.item() if hasattr(value, "item") else safe_text(str(value))


def _csv_cell(value):
    cell = _cell(value)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)  # 73, not 73.0
    return cell


def _csv_column(column: pd.Series) -> list | np.ndarray:
    """Cells of a column; texts and numbers repeat, so each different one is made safe once."""
    try:
        codes, different = pd.factorize(column)
    except TypeError:  # lists
        return [_csv_cell(value) for value in column]
    return np.array([*(_csv_cell(value) for value in different), None], dtype=object)[codes]


def _write_sheet(sheet: xlsxwriter.workbook.Worksheet, frame: pd.DataFrame, formats: dict) -> None:
    columns = [safe_text(str(name)) for name in frame.columns]
    widths = [_width(name) for name in columns]
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, formats["head"])
    for number, row in enumerate(frame.astype(object).to_numpy(), start=1):
        for column, value in enumerate(row):
            shown = _write_cell(sheet, number, column, _cell(value), formats)
            if number <= _SHOWN_ROWS:
                widths[column] = max(widths[column], _width(shown))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)


def _write_cell(sheet, row: int, column: int, cell, formats: dict) -> str:
    """Write a cell and return what it shows, for the width of its column."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
        return str(cell)
    if isinstance(cell, date) and cell.year >= FIRST_EXCEL_YEAR:
        with_time = isinstance(cell, datetime)
        sheet.write_datetime(row, column, cell, formats["time" if with_time else "day"])
        return "2026-11-22 00:00:00" if with_time else "2026-11-22"
    if isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
        return f"{cell:g}"
    shown = str(cell)
    sheet.write_string(row, column, shown if len(shown) <= CELL_LIMIT else shown[:CELL_LIMIT - 1] + "…")
    return shown


def _width(text: str) -> int:
    """Columns a text takes; Chinese characters are two wide."""
    return max((sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n")),
               default=0)


def _sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 characters, none of those Excel forbids, not used before."""
    plain = _SHEET_NAME.sub(" ", _CONTROL.sub("", name)).strip()[:31] or "Sheet"
    unique, number = plain, 2
    while unique.lower() in taken:
        unique, number = f"{plain[:28]} {number}", number + 1
    taken.add(unique.lower())
    return unique
