"""Opens a table file from an office, CSV or XLSX, as lines of text cells; nothing is understood here."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from etl.problems import DataProblems, Problem
from etl.readers.decoding import decoded

MAX_UNPACKED_BYTES = 200_000_000
MAX_CELLS = 20_000_000
"""From the first to the last used row and column of a sheet; a stray cell far away would cost gigabytes."""
DIMENSION = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')
SAVE_AGAIN = "在 Excel 或 WPS 里打开，另存为新的 .xlsx 或“CSV UTF-8”再导入"


class Cells(NamedTuple):
    """One line: its number in the file (from 1) and the texts of its cells."""

    line: int
    texts: list[str]


def refused(place: str, rule: str, remedy: str, row: int | None = None, found: str | None = None) -> DataProblems:
    """The whole file is of no use, for this one reason."""
    return DataProblems([Problem(place, rule, remedy, row, None, found)])


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The file's bytes. Raises DataProblems for unreadable, too large and old Excel files."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= max_bytes else b""
    except OSError:
        raise refused(path.name, "文件不存在，或打不开", "核对路径；关掉正在使用它的程序（如 Excel、WPS）再试") from None
    if size > max_bytes:
        raise refused(path.name, f"文件超过 {max_bytes // 1_000_000} MB", "只留要导入的一张表，另存为新文件再导入")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(path.name, "是旧式 Excel（.xls），或加了打开密码", f"去掉密码；{SAVE_AGAIN}")
    return content


def read_cells(name: str, content: bytes, is_wanted: Callable[[list[Cells]], bool]) -> tuple[str, list[Cells]]:
    """Where the table stands (file, and sheet of a workbook) and its lines; the content decides, not the ending.

    Of a workbook the one visible sheet that `is_wanted`, no lines when there is none. CSV may be UTF-8 with or without
    BOM, or GB18030. Raises DataProblems.
    """
    if content[:2] != b"PK":
        return name, _read_csv(name, content)
    try:
        _check_extent(name, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(f"{name}〔{sheet.name}〕", _read_sheet(book, sheet.name)) for sheet in book.sheets_metadata
                  if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet]
    except (CalamineError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError):
        raise refused(name, "不是完好的 XLSX 文件", SAVE_AGAIN) from None
    wanted = [(place, cells) for place, cells in sheets if is_wanted(cells)]
    if len(wanted) > 1:
        raise refused(name, "有几张工作表都像要导入的表", "只留一张，或把别的隐藏起来", found="、".join(place for place, _ in wanted))
    return wanted[0] if wanted else (name, [])


def _read_csv(name: str, content: bytes) -> list[Cells]:
    reader, cells, line = csv.reader(io.StringIO(_decode(name, content), newline=""), strict=True), [], 1
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
                    extent = DIMENSION.search(sheet.read(4096))
                if extent and int(extent[2]) * reduce(lambda number, letter: number * 26 + letter - 64, extent[1], 0) > MAX_CELLS:
                    raise refused(name, "工作表里离表很远的地方还有内容", "删去表右边、下边的空列空行，再保存",
                                  found=f"最远到 {(extent[1] + extent[2]).decode()}")


def _read_sheet(book: CalamineWorkbook, sheet: str) -> list[Cells]:
    """All lines of a sheet; the blanks of merged cells get what stands in the first one."""
    table = book.get_sheet_by_name(sheet)
    values = table.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in table.merged_cell_ranges or []:
        for row in values[top:bottom + 1]:
            row[left:right + 1] = values[top][left:left + 1] * len(row[left:right + 1])
    return [Cells(number, [_cell_text(value) for value in row]) for number, row in enumerate(values, 1)]


def _cell_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
