"""Opens a table file from an office, CSV or XLSX, as lines of text cells; nothing is understood here."""

from __future__ import annotations

import contextlib
import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from etl.problems import refused
from etl.readers.decoding import decoded

MAX_UNPACKED_BYTES = 200_000_000
MAX_CELLS = 20_000_000
"""From the first to the last used row and column of a sheet; a stray cell far away would cost gigabytes."""
CELL = re.compile("([A-Z]{1,3})([0-9]{1,7})")
SAVE_AGAIN = "在 Excel 或 WPS 里打开，另存为新的 .xlsx 或“CSV UTF-8”再导入"


class Cells(NamedTuple):
    """One line: its number in the file (from 1) and the texts of its cells."""

    line: int
    texts: list[str]


class Sheet(NamedTuple):
    """One worksheet. `merged`: first and last row and column of every merged range, all counted from 1."""

    name: str
    is_visible: bool
    lines: list[Cells]
    merged: list[tuple[int, int, int, int]]


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The file's bytes. Raises DataProblems for unreadable, too large and old Excel files."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= max_bytes else b""
    except OSError:
        raise refused(path.name, "文件不存在，或打不开", "核对路径；关掉正在使用它的程序（如 Excel、WPS）再试") from None
    if size > max_bytes:
        raise refused(path.name, f"文件超过 {max_bytes // 1_000_000} MB", "只留要导入的一张表，另存为新文件再导入")
    refuse_old_excel(path.name, content)
    return content


def refuse_old_excel(name: str, content: bytes) -> None:
    """Raises DataProblems for the container of .xls files and of encrypted ones."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(name, "是旧式 Excel（.xls），或加了打开密码", f"去掉密码；{SAVE_AGAIN}")


def read_cells(name: str, content: bytes, is_wanted: Callable[[list[Cells]], bool]) -> tuple[str, list[Cells]]:
    """Where the table stands (file, and sheet of a workbook) and its lines; the content decides, not the ending.

    Of a workbook the one visible sheet that `is_wanted`, no lines when there is none. CSV may be UTF-8 with or without
    BOM, or GB18030. Raises DataProblems.
    """
    if content[:2] != b"PK":
        return name, read_csv(name, content)
    wanted = [(f"{name}〔{sheet.name}〕", sheet.lines) for sheet in read_sheets(name, content)
              if sheet.is_visible and is_wanted(sheet.lines)]
    if len(wanted) > 1:
        raise refused(name, "有几张工作表都像要导入的表", "只留一张，或把别的隐藏起来", found="、".join(place for place, _ in wanted))
    return wanted[0] if wanted else (name, [])


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """All worksheets of a workbook, hidden ones without their lines. Raises DataProblems."""
    try:
        _check_extent(name, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_read_sheet(book, sheet.name, sheet.visible == SheetVisibleEnum.Visible) for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet]
    except (CalamineError, expat.ExpatError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError):
        raise refused(name, "不是完好的 XLSX 文件", SAVE_AGAIN) from None


def read_csv(name: str, content: bytes, delimiter: str = ",") -> list[Cells]:
    """The lines of a CSV file in UTF-8, with or without BOM, or GB18030. Raises DataProblems."""
    reader, cells, line = csv.reader(io.StringIO(_decode(name, content), newline=""), delimiter=delimiter, strict=True), [], 1
    try:
        for record in reader:
            cells.append(Cells(line, record))
            line = reader.line_num + 1
    except csv.Error:
        raise refused(name, "引号不成对，或引号前后还有文字", "从该行起检查引号；文字里的引号要写成两个", row=line) from None
    return cells


def _decode(name: str, content: bytes) -> str:
    if b"\0" not in content:
        with contextlib.suppress(UnicodeDecodeError):
            return decoded(content)
    raise refused(name, "不是 UTF-8 或 GB18030 编码的文本", SAVE_AGAIN)


def _check_extent(name: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise refused(name, "解开后太大，不像一张清单", "只留要导入的一张表，另存为新文件再导入")
        if archive.testzip() is not None:  # a byte that changed on the way could change a figure
            raise zipfile.BadZipFile
        for entry in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry):
                with archive.open(entry) as sheet:
                    _check_reach(name, sheet)


def _check_reach(name: str, sheet: IO[bytes]) -> None:
    """Look at the place of every cell: what a sheet says of its own size may be missing or wrong."""
    columns: set[str] = set()
    last_row = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal last_row
        found = CELL.fullmatch(attributes.get("r", "")) if tag.endswith("c") else None
        if found and (found[1] not in columns or int(found[2]) > last_row):
            columns.add(found[1])
            last_row = max(last_row, int(found[2]))
            if last_row * max(map(_column_number, columns)) > MAX_CELLS:
                raise refused(name, "工作表里离表很远的地方还有内容", "删去表右边、下边的空列空行，再保存", found=f"最远到 {found[0]}")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.ParseFile(sheet)


def _column_number(letters: str) -> int:
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0)


def _read_sheet(book: CalamineWorkbook, sheet: str, is_visible: bool) -> Sheet:
    """All lines of a visible sheet; the blanks of merged cells get what stands in the first one."""
    if not is_visible:
        return Sheet(sheet, False, [], [])
    table = book.get_sheet_by_name(sheet)
    values, merged = table.to_python(skip_empty_area=False), table.merged_cell_ranges or []
    for (top, left), (bottom, right) in merged:
        for row in values[top:bottom + 1]:
            row[left:right + 1] = values[top][left:left + 1] * len(row[left:right + 1])
    return Sheet(sheet, True, [Cells(number, [_cell_text(value) for value in row]) for number, row in enumerate(values, 1)],
                 [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merged])


def _cell_text(value: object) -> str:
    """Fifteen digits of a number, as spreadsheets show it: 97.3, not 97.30000000000001."""
    if isinstance(value, float) and math.isfinite(value):
        return format(Decimal(f"{value:.15g}"), "f")
    return str(value)
