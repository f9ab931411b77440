"""Reads a filled-in entry workbook, or any table with the same headings: XLSX as saved by Excel or WPS, or CSV.

Columns are found by their headings, in any order; what is not understood is named in `ignored` and left alone. Whether
the values make sense is asked in etl/entry_checks.py; here nothing is judged, only the whole file refused if need be.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from xlsxwriter.utility import xl_rowcol_to_cell

from etl.entries import FIGURE_FIELDS, VERDICT_FIELDS, Cell, EntryFile, EntryRow
from etl.problems import DataProblems, refused
from etl.readers.office_file import Cells, Sheet, read_csv, read_sheets, refuse_old_excel
from etl.readers.sheet_scan import SheetMarks, scan_workbook

MAX_BYTES = 10_000_000
MAX_ROWS, MAX_COLUMNS, MAX_CELL_CHARACTERS = 5_000, 200, 2_000
HEADING_WITHIN = 15
"""Lines from the top in which the heading must stand."""

HELP_SHEET, FINDINGS_SHEET = "填写说明", "问题清单"
"""Sheets of our own that hold no entries."""

SYNONYMS = {
    "target_id": ("编号", "目标编号", "指标编号", "target_id"),
    "region": ("区域", "地区", "行政区", "行政区域", "所属区域", "region"),
    "indicator": ("指标", "指标名称", "目标", "目标名称", "indicator"),
    "scope": ("口径", "统计口径", "统计范围", "范围", "scope"),
    "promise": ("目标原意/口径", "目标原意"),
    "unit": ("单位", "计量单位", "unit"),
    "deadline": ("期限", "目标年份", "目标年", "完成时限", "deadline"),
    "period": ("数据年份", "年份", "数据期", "数据时期", "统计时期", "统计期", "时期", "period"),
    "value": ("实绩", "实绩值", "实际值", "完成值", "完成情况", "数值", "实际完成", "value"),
    "status": ("数据状态", "状态", "数据性质", "status"),
    "publisher": ("发布单位", "发布机构", "数据来源单位", "填报单位", "publisher"),
    "published_on": ("发布日期", "发布时间", "公布日期", "published_on"),
    "url": ("来源名称或网址", "来源", "数据来源", "网址", "出处", "来源网址", "来源名称", "url"),
    "note": ("备注", "说明", "note"),
    "verdict": ("评定", "评定结果", "评定结论", "是否达标", "verdict"),
    "reason": ("理由", "评定理由", "reason"),
    "evidence": ("依据", "评定依据", "佐证", "佐证材料", "evidence"),
    "judged_by": ("评定人", "评定单位", "judged_by"),
    "judged_on": ("评定日期", "评定时间", "judged_on"),
}
FIELD_OF = {heading: field for field, headings in SYNONYMS.items() for heading in headings}
KNOWN_LABELS = {"目标值", "上一个数", "序号", "#"}
"""Columns of our own workbook that are for reading only; they are not worth a word."""
_YEAR_VALUE = re.compile(r"(\d{4})年?度?(?:实绩|实绩值|实际值|完成值|数值|实际完成)")


@dataclass(frozen=True)
class Table:
    """A sheet that looks like entries: field by column (from 1), and the year that stands in the heading of 实绩."""

    sheet: str
    heading_line: int
    columns: dict[int, str]
    year: Cell | None
    unknown: list[str]


def read_entry_file(name: str, content: bytes) -> EntryFile:
    """The rows that somebody filled in something for. Raises DataProblems when the file as a whole cannot be used."""
    if len(content) > MAX_BYTES:
        raise refused(name, f"文件超过 {MAX_BYTES // 1_000_000} MB", "只留填报的工作表，另存为新文件")
    if not content.strip():
        raise refused(name, "是空文件", "选填好的那一份")
    refuse_old_excel(name, content)
    ignored: list[str] = []
    sheets, marks = _read_workbook(name, content, ignored) if content[:2] == b"PK" else ([read_text_table(name, content)], {})
    rows: list[EntryRow] = []
    verdicts: list[EntryRow] = []
    found = False
    for sheet in sheets:
        table = _table(name, sheet)
        if table is None:
            if any(any(line.texts) for line in sheet.lines) and sheet.name not in (HELP_SHEET, FINDINGS_SHEET) and sheet.name:
                ignored.append(f"工作表“{sheet.name}”没有填报的表头，没有读")
            continue
        found = True
        ignored += [f"{f'“{sheet.name}”' if sheet.name else ''}“{heading}”列不认识，没有读" for heading in table.unknown]
        own = _rows(sheet, table, marks.get(sheet.name, SheetMarks()))
        (verdicts if "verdict" in table.columns.values() else rows).extend(own)
    if not found:
        raise refused(name, f"前 {HEADING_WITHIN} 行里找不到表头",
                      "表头一行要有“实绩”和“编号”（或“指标”）；请用本系统的填报表，或补上表头")
    formulas = sum(cell.mark == "formula" for row in rows + verdicts for cell in row.cells.values())
    if formulas:
        ignored.append(f"{formulas} 格是公式，读的是上次算出的结果")
    return EntryFile(name, hashlib.sha256(content).hexdigest(), rows, verdicts, ignored)


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────
def _read_workbook(name: str, content: bytes, ignored: list[str]) -> tuple[list[Sheet], dict[str, SheetMarks]]:
    scan = scan_workbook(name, content, MAX_ROWS + HEADING_WITHIN, MAX_COLUMNS)
    sheets = read_sheets(name, content)
    ignored += [f"隐藏的工作表“{sheet.name}”没有读" for sheet in sheets if not sheet.is_visible]
    if scan.has_macros:
        ignored.append("文件带有宏，没有运行，也没有读")
    if scan.has_links:
        ignored.append("文件引用了别的工作簿，没有去打开，读的是上次算出的结果")
    return [sheet for sheet in sheets if sheet.is_visible], scan.sheets


def read_text_table(name: str, content: bytes) -> Sheet:
    """A CSV file as a sheet without a name; commas, tabs or semicolons, whichever yields the most headings."""
    readings: list[Sheet] = []
    failure: DataProblems | None = None
    for delimiter in ",\t;":
        try:
            readings.append(Sheet("", True, read_csv(name, content, delimiter), []))
        except DataProblems as problems:
            failure = failure or problems
    recognised = [max(map(_recognised, sheet.lines[:HEADING_WITHIN]), default=0) for sheet in readings]
    if failure and max(recognised, default=0) < 2:  # no heading by any delimiter: what broke the reading is to be said
        raise failure
    sheet = readings[recognised.index(max(recognised))]
    if len(sheet.lines) > MAX_ROWS + HEADING_WITHIN or any(len(line.texts) > MAX_COLUMNS for line in sheet.lines):
        raise refused(name, f"超过 {MAX_ROWS} 行，或 {MAX_COLUMNS} 列", "拆成几个文件，一份一份地填报")
    return sheet


# ── the headings ────────────────────────────────────────────────────────────────────────────────────────────
def _heading(text: str) -> str:
    """A heading without blanks, required marks and remarks: ' 实 绩（必填）* ' → '实绩'."""
    plain = re.sub(r"[\s*:“”\"']", "", unicodedata.normalize("NFKC", text)).lower()
    return plain if plain in FIELD_OF else re.sub(r"\([^)]*\)$", "", plain)


def _field(text: str) -> str | None:
    heading = _heading(text)
    return "value" if _YEAR_VALUE.fullmatch(heading) else FIELD_OF.get(heading)


def _recognised(line: Cells) -> int:
    return sum(_field(text) is not None for text in line.texts)


def _table(name: str, sheet: Sheet) -> Table | None:
    """Where the heading stands and what its columns are, or None; 实绩 or 评定, and 编号 or 指标 must be there."""
    for line, texts in sheet.lines[:HEADING_WITHIN]:
        columns = {at: field for at, text in enumerate(texts, 1) if (field := _field(text))}
        given = set(columns.values())
        if not (given & {"value", "verdict"} and given & {"target_id", "indicator"}):
            continue
        columns = _settled(columns, texts)
        twice = sorted({FIGURE_FIELDS.get(f) or VERDICT_FIELDS[f] for f in columns.values() if list(columns.values()).count(f) > 1})
        if twice:
            raise refused(f"{name}〔{sheet.name}〕" if sheet.name else name, "有两列是同一个意思", "只留一列，另一列改名或删去",
                          row=line, found="、".join(twice))
        year = next((Cell(found[1], _address(line, at)) for at, field in columns.items()
                     if field == "value" and (found := _YEAR_VALUE.fullmatch(_heading(texts[at - 1])))), None)
        unknown = [_heading(text) for at, text in enumerate(texts, 1) if _heading(text) and at not in columns
                   and _heading(text) not in FIELD_OF and _heading(text) not in KNOWN_LABELS]
        return Table(sheet.name, line, columns, year, unknown)
    return None


def _settled(columns: dict[int, str], texts: list[str]) -> dict[int, str]:
    """Headings that mean one thing alone and another beside a better one: 目标 beside 指标 is the value promised."""
    given = [_heading(text) for text in texts]
    if any(heading in ("指标", "指标名称", "indicator") for heading in given):
        columns = {at: field for at, field in columns.items() if _heading(texts[at - 1]) not in ("目标", "目标名称")}
    wanted = VERDICT_FIELDS if "verdict" in columns.values() and "value" not in columns.values() else FIGURE_FIELDS
    return {at: field for at, field in columns.items() if field in wanted}


# ── the rows ────────────────────────────────────────────────────────────────────────────────────────────────
def _rows(sheet: Sheet, table: Table, marks: SheetMarks) -> list[EntryRow]:
    """Rows whose 实绩 or 评定 is not empty; totals, remarks and rows not filled in fall away by that."""
    key = "verdict" if "verdict" in table.columns.values() else "value"
    key_column = next(at for at, field in table.columns.items() if field == key)
    joined = {line for top, left, bottom, right in sheet.merged if left <= key_column <= right and bottom > top
              for line in range(top, min(bottom, len(sheet.lines)) + 1)}
    rows = []
    for line, texts in sheet.lines:
        if line <= table.heading_line:
            continue
        cells = {field: _cell(texts[at - 1] if at <= len(texts) else "", _address(line, at), marks, field == key and line in joined)
                 for at, field in table.columns.items()}
        if table.year and "period" not in cells:
            cells["period"] = table.year
        if cells[key].text or cells[key].mark not in ("", "merged"):
            rows.append(EntryRow(table.sheet, line, cells))
    return rows


def _cell(text: str, address: str, marks: SheetMarks, is_merged: bool) -> Cell:
    if address in marks.errors:
        return Cell(marks.errors[address], address, "excel_error")
    if address in marks.unvalued_formulas:
        return Cell("", address, "formula_without_value")
    if address in marks.percents:
        text = _as_percent(text)
    return Cell(_clean(text), address, "merged" if is_merged else "formula" if address in marks.formulas else "")


def _as_percent(text: str) -> str:
    """What a percent-formatted cell shows: the number 0.973 → 97.3%."""
    try:
        return f"{(Decimal(text) * 100).normalize():f}%"
    except InvalidOperation:
        return text


def _clean(text: str) -> str:
    """Control characters and runs of blanks become one blank; the apostrophe that keeps a text from being a formula goes."""
    plain = re.sub(r"[\s\x00-\x1f\x7f\u200b\ufeff]+", " ", text).strip()[:MAX_CELL_CHARACTERS]
    return plain[1:] if re.match(r"'\s*[=+\-@＝＋－＠]", plain) else plain


def _address(line: int, column: int) -> str:
    return xl_rowcol_to_cell(line - 1, column - 1)

