"""The office's own file with every finding marked on its cell, to be corrected and uploaded again."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable

import openpyxl
from openpyxl.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from etl.entries import ERROR, Finding
from etl.entry_workbook import LINE_HEIGHT_POINTS, lines_in
from etl.readers.entry_file import FINDINGS_SHEET, HEADING_WITHIN, MAX_COLUMNS, MAX_ROWS, read_text_table
from etl.readers.office_file import Sheet, read_sheets
from etl.readers.sheet_scan import scan_workbook
from etl.spreadsheets import CELL_LIMIT, safe_text

AUTHOR = "清流"
WORDS = {"error": "须改", "warning": "请核对"}
BRICK, OCHRE = "B5351C", "8A6D1B"
FILLS = {"error": PatternFill("solid", "FBE9E6"), "warning": PatternFill("solid", "FFF6DD")}
EDGES = {"error": Side("medium", BRICK), "warning": Side("dashed", OCHRE)}
COLUMNS = {"文件": 26, "工作表": 12, "单元格": 9, "级别": 9, "指标 · 列": 34, "填的是": 24, "为什么": 50, "怎么改": 50}
WRAPPED, LINK = Alignment(wrap_text=True, vertical="top"), Font(color="1F6A94", underline="single")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")


def marked_copy(content: bytes, findings: list[Finding]) -> bytes:
    """The workbook, else one made of a CSV file's lines, with marked cells and a sheet 问题清单.

    Macros and pictures are lost; everything else stays. `content` has been read by read_entry_file before; findings on
    cells that are not in it are listed only. Raises DataProblems when it is no table at all.
    """
    if content[:2] != b"PK":
        return _marked(_rebuilt([read_text_table("", content)]), findings)
    scan_workbook("", content, MAX_ROWS + HEADING_WITHIN, MAX_COLUMNS)
    try:
        return _marked(openpyxl.load_workbook(io.BytesIO(content)), findings)
    except Exception:  # what other programs write is not always what openpyxl expects; the lines can still be had
        return _marked(_rebuilt(sheet for sheet in read_sheets("", content) if sheet.is_visible), findings)


def _marked(book: Workbook, findings: list[Finding]) -> bytes:
    if FINDINGS_SHEET in book.sheetnames:  # of an earlier round
        book.remove(book[FINDINGS_SHEET])
    by_cell = defaultdict(list)
    for finding in findings:
        sheet = finding.sheet or book.sheetnames[0]
        if finding.address and sheet in book.sheetnames:
            by_cell[sheet, finding.address].append(finding)
    for (sheet, address), own in by_cell.items():
        _mark(_first_of_merged(book[sheet], address), own)
    _list_findings(book, findings)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rebuilt(sheets: Iterable[Sheet]) -> Workbook:
    """A plain workbook of the same lines, every cell at its old address."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        target = book.create_sheet(sheet.name or "填报")
        for line, texts in sheet.lines:
            for column, text in enumerate(texts, 1):
                if text:
                    target.cell(line, column, text if _NUMBER.fullmatch(text) else safe_text(text)[:CELL_LIMIT])
        for column in range(1, target.max_column + 1):
            target.column_dimensions[get_column_letter(column)].width = 16
    return book


def _first_of_merged(sheet: Worksheet, address: str) -> SheetCell:
    """The cell itself, or the one that shows what a merged range holds."""
    merged = next((cells for cells in sheet.merged_cells.ranges if address in cells), None)
    return sheet.cell(merged.min_row, merged.min_col) if merged else sheet[address]


def _mark(cell: SheetCell, findings: list[Finding]) -> None:
    level = ERROR if any(finding.level == ERROR for finding in findings) else "warning"
    edge = EDGES[level]
    cell.fill, cell.border, cell.protection = FILLS[level], Border(edge, edge, edge, edge), Protection(locked=False)
    sentences = [f"{WORDS[finding.level]}：{finding.why}\n怎么改：{finding.remedy}" for finding in findings]
    if cell.comment and cell.comment.author != AUTHOR:
        sentences.append(cell.comment.text)
    text = safe_text("\n".join(sentences))
    cell.comment = Comment(text, AUTHOR, height=40 + 22 * (text.count("\n") + len(text) // 20 + 1), width=300)


def _list_findings(book: Workbook, findings: list[Finding]) -> None:
    sheet = book.create_sheet(FINDINGS_SHEET)
    sheet.append(list(COLUMNS))
    for column, width in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(1, column).font = Font(bold=True)
    for line, finding in enumerate(findings, 2):
        name = finding.sheet or book.sheetnames[0]
        texts = (finding.file, name, finding.address, WORDS[finding.level], finding.title, finding.found, finding.why, finding.remedy)
        for column, text in enumerate(texts, 1):
            cell = sheet.cell(line, column, safe_text(text)[:CELL_LIMIT])
            cell.alignment = WRAPPED
        sheet.row_dimensions[line].height = LINE_HEIGHT_POINTS * max(map(lines_in, texts, COLUMNS.values()))
        if finding.address and name in book.sheetnames:
            link = sheet.cell(line, 3)
            quoted = name.replace("'", "''")
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{finding.address}", display=finding.address)
            link.font = LINK
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
