"""Entry files as clerks send them, for the tests of reading, checking and marking."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from etl.entries import Cell, EntryFile, EntryRow
from etl.entry_known import Known, KnownFigure, KnownTarget
from etl.rules.model import Target

TODAY = date(2026, 11, 22)


def workbook(*sheets: tuple[str, Iterable[Iterable]], change: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    """A plain workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def headings(sheet: Worksheet, line: int = 4) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[line] if cell.value}


def with_parts(content: bytes, **changes: bytes | Callable[[bytes], bytes] | None) -> bytes:
    """The same archive with parts replaced, changed, added or (None) left out; names with __ for / and _dot_ for the point."""
    wanted = {name.replace("__", "/").replace("_dot_", "."): change for name, change in changes.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in [*old.namelist(), *(part for part in wanted if part not in old.namelist())]:
            change = wanted.get(part, lambda same: same)
            if change is not None:
                new.writestr(part, change(old.read(part)) if callable(change) else change)
    return buffer.getvalue()


# ── a small world to check against ──────────────────────────────────────────────────────────────────────────
def target(target_id: str, indicator: str, scope: str = "全市", region: str = "甲市", *, kind: str = "share", unit: str | None = "%",
           comparator: str = ">=", value: str | None = "90", deadline: date = date(2025, 12, 31), is_cumulative: bool = False,
           baseline: str | None = None, repealed_on: date | None = None, decimals: int = 1) -> KnownTarget:
    promise = Target(target_id, comparator, deadline, None if value is None else Decimal(value), is_cumulative=is_cumulative,
                     baseline_value=None if baseline is None else Decimal(baseline), repealed_on=repealed_on)
    return KnownTarget(promise, (f"i-{indicator}", f"r-{region}", scope), indicator, f"{indicator}（规划）", region, kind, unit, decimals,
                       date(2021, 1, 1), "甲市规划", False)


def last_figure(value: str, year: int = 2024, *, kind: str = "year", is_repost: bool = False) -> KnownFigure:
    start = date(2021 if kind == "cumulative" else year, 1, 1)
    return KnownFigure(f"o-{value}-{year}", Decimal(value), kind, start, date(year, 12, 31), str(year), is_repost, "甲市生态环境局")


def world() -> Known:
    targets = [
        target("jia-001", "优良比例", "12个断面", value="95", baseline="88"),
        target("jia-002", "PM2.5 浓度", kind="concentration", unit="微克/立方米", comparator="<=", value="25", baseline="30"),
        target("jia-003", "污水管网长度", kind="cumulative", unit="公里", comparator="=", value="100", is_cumulative=True),
        target("jia-004", "出境水质", kind="class", unit="类", comparator="class_at_least", value="2"),
        target("jia-005", "削减率", kind="reduction", value="10"),
        target("jia-006", "河长制", kind="text", unit=None, comparator="text", value=None),
        target("jia-007", "站数", kind="count", unit="座", value="20", decimals=0),
        target("jia-008", "旧指标", repealed_on=date(2024, 1, 1)), target("jia-009", "处理能力", kind="level", unit="万吨/日", value="20"),
        target("jia-010", "用水总量", kind="flow", unit="亿立方米", comparator="<=", value="30"),
        target("yi-001", "优良比例", "8个断面", "乙县", value="90"),
        target("yi-002", "河长制", region="乙县", kind="text", unit=None, comparator="text", value=None, deadline=date(2027, 12, 31)),
    ]
    figures = {
        ("i-优良比例", "r-甲市", "12个断面"): [last_figure("94.2", 2023), last_figure("96.1", 2024, is_repost=True)],
        ("i-PM2.5 浓度", "r-甲市", "全市"): [last_figure("26")], ("i-站数", "r-甲市", "全市"): [last_figure("12")],
        ("i-污水管网长度", "r-甲市", "全市"): [last_figure("60", kind="cumulative")],
        ("i-处理能力", "r-甲市", "全市"): [last_figure("15.5", 2025)],
    }
    units = {("千米", "公里"): Decimal(1), ("立方米/日", "万吨/日"): Decimal("0.0001"), ("万立方米", "亿立方米"): Decimal("0.0001"),
             ("个", "座"): Decimal(1)}
    return Known(TODAY, {one.target_id: one for one in targets}, figures, units)


def filled(target_id: str = "jia-001", value: str = "96.5", mark: str = "", **cells: str) -> EntryRow:
    """A row filled in without a fault, but for what is given."""
    texts = {"target_id": target_id, "region": "", "indicator": "", "scope": "", "unit": "", "period": "2025", "value": value,
             "status": "正式", "publisher": "甲市生态环境局", "published_on": "2026-03-01", "url": "", "note": "", **cells}
    return EntryRow("填报", 6, {field: Cell(text, f"{'ABCDEFGHIJKLM'[at]}6", mark if field == "value" else "")
                              for at, (field, text) in enumerate(texts.items())})


def judged(target_id: str = "jia-006", verdict: str = "达标", **cells: str) -> EntryRow:
    texts = {"target_id": target_id, "verdict": verdict, "reason": "已全面建立", "evidence": "甲市河长办总结", "judged_by": "王某",
             "judged_on": "2026-01-20", **cells}
    return EntryRow("定性评定", 6, {field: Cell(text, f"{'ABCDEFGH'[at]}6") for at, (field, text) in enumerate(texts.items())})


def file_of(*rows: EntryRow, verdicts: tuple[EntryRow, ...] = ()) -> EntryFile:
    return EntryFile("甲市.xlsx", "0" * 64, list(rows), list(verdicts), [])
