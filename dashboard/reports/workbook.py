"""A report as a workbook: every figure a number with its unit, clause and source, ready to filter and to print on A4."""

from __future__ import annotations

import io
import math
from datetime import date
from typing import Any
from urllib.parse import unquote

import pandas as pd
import xlsxwriter

from dashboard import theme
from dashboard.queries import STATUS_ORDER
from dashboard.reports.content import Report
from dashboard.reports.workbook_columns import (
    Cell,
    Column,
    Notes,
    change_columns,
    changes,
    of,
    open_columns,
    open_targets,
    section_columns,
    source_columns,
    target_columns,
)
from dashboard.text import status_label, t
from etl.spreadsheets import CELL_LIMIT, FIRST_EXCEL_YEAR, safe_text

HEAD = 3
"""Rows above the head of a table: title, version and day, link."""
A4, LINK_LIMIT, FOOTER_LIMIT = 9, 2000, 255
LINE_PT, TALLEST_PT = 15, 405
CHINESE, LATIN = 1.95, 1.05
"""Widths of characters of the type of the cells, in those that columns are measured in."""
SUMMARY_COLUMNS, SUMMARY_WIDTH, COUNT_WIDTH = 8, 24, 11
FEWEST_ROWS = 1
"""A filter needs a row, also where a table has none."""

def workbook(report: Report) -> bytes:
    """The file, XLSX, with the sheets 概况, 目标, 待办, 断面, 变更, 来源."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False, "nan_inf_to_errors": True}) as book:
        book.set_properties({"title": safe_text(report.title), "created": report.built_at.replace(tzinfo=None)})
        book.set_size(2400, 1400)
        writer = _Writer(book, report)
        targets = report.targets
        notes = Notes(report.notes)
        writer.summary(t("workbook.overview"))
        writer.table(t("workbook.targets"), targets, target_columns(notes))
        writer.table(t("workbook.open"), open_targets(targets), open_columns(notes))
        writer.table(t("workbook.sections"), pd.concat([part.sections for part in report.regions], ignore_index=True), section_columns())
        changed = changes(report)
        writer.table(t("workbook.changes"), changed, change_columns(), report.since, t("report.changes.unknown", since=report.since)
                     if report.changes is None else t("report.changes", since=report.since, what=t("report.changes.none")))
        writer.table(t("workbook.sources"), report.sources, source_columns())
    return buffer.getvalue()


class _Writer:
    """Sheets of one book that look alike and print alike."""

    def __init__(self, book: xlsxwriter.Workbook, report: Report) -> None:
        self.book, self.report = book, report
        head = {"bold": True, "text_wrap": True, "bottom": 1, "font_color": theme.INK2, "bg_color": theme.PANEL}
        face = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}
        self.formats = {
            "title": book.add_format({**face, "font_size": 16, "bold": True, "font_color": theme.BLUE}),
            "lead": book.add_format({**face, "font_color": theme.INK2}),
            "head": book.add_format({**face, **head}), "number head": book.add_format({**face, **head, "align": "right", "indent": 1}),
            "text": book.add_format({**face, "text_wrap": True}),
            "aside": book.add_format(face),
            "class": book.add_format({**face, "align": "center"}),
            "number": book.add_format({**face, "num_format": "General", "align": "right", "indent": 1}),
            "day": book.add_format({**face, "num_format": "yyyy-mm-dd", "align": "left"}),
            "link": book.add_format({**face, "font_color": theme.LINK, "underline": 1}),
        }
        self.statuses = {status_label(status): book.add_format({"font_color": colour, "bold": True})
                         for status, colour in theme.STATUS_COLOUR.items()}
        self.classes = {name: book.add_format({"bg_color": fill, "font_color": theme.CLASS_INK[name].replace("#fff", "#FFFFFF")})
                        for name, fill in theme.CLASS_COLOUR.items()}

    def summary(self, name: str) -> None:
        """The sentences, then the counts by region and status."""
        report, sheet = self.report, self._sheet(name, self.report.title)
        sheet.set_column(0, 0, SUMMARY_WIDTH)
        sheet.set_column(1, SUMMARY_COLUMNS - 1, COUNT_WIDTH)
        at = HEAD
        for sentence in report.summary:
            sheet.merge_range(at, 0, at, SUMMARY_COLUMNS - 1, "", self.formats["text"])
            sheet.write_string(at, 0, safe_text(sentence), self.formats["text"])
            sheet.set_row(at, LINE_PT * _lines(sentence, SUMMARY_WIDTH + COUNT_WIDTH * (SUMMARY_COLUMNS - 1)))
            at += 1
        counts = report.targets.pivot_table(index="region", columns="status", values="target_id", aggfunc="count", fill_value=0, sort=False)
        counts = counts.reindex(index=report.names, columns=STATUS_ORDER, fill_value=0)
        counts.loc[t("workbook.sum")] = counts.sum().where(counts.columns != "已废止", 0)
        rows = [{"region": name, **row, "total": int(row.sum())} for name, row in counts.iterrows()]
        columns = [Column(t("column.region"), SUMMARY_WIDTH, lambda row: row["region"]),
                   *(Column(status_label(status), COUNT_WIDTH, of(status), "number") for status in STATUS_ORDER),
                   Column(t("column.total"), COUNT_WIDTH, lambda row: row["total"], "number")]
        self._write(sheet, rows, columns, at + 1, filtered=len(rows) - 1)
        sheet.freeze_panes(HEAD, 1)

    def table(self, name: str, frame: pd.DataFrame, columns: list[Column], remark: str = "", none: str = "") -> None:
        """One row per row of the frame; without any, `none` says why."""
        sheet = self._sheet(name, " · ".join([t("workbook.title", sheet=name, n=len(frame)), *([remark] if remark else [])]))
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        self._write(sheet, frame.astype(object).to_dict("records"), columns, HEAD)
        if frame.empty:
            sheet.write_string(HEAD + 1, 0, safe_text(none or t("workbook.none")), self.formats["aside"])
        sheet.freeze_panes(HEAD + 1, 2)
        sheet.repeat_rows(HEAD)
        sheet.print_area(0, 0, HEAD + max(len(frame), FEWEST_ROWS), sum(column.is_printed for column in columns) - 1)

    def _sheet(self, name: str, title: str) -> Any:
        """An empty sheet with title, version, day and link, set for A4 across."""
        report, sheet = self.report, self.book.add_worksheet(name)
        standing = t("workbook.standing", day=report.as_of, version=report.version, period=report.period.words)
        sheet.write_string(0, 0, safe_text(title), self.formats["title"])
        sheet.set_row(0, 24)
        sheet.write_string(1, 0, safe_text(standing), self.formats["lead"])
        self._write_link(sheet, 2, 0, report.link)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer(_footer(standing, unquote(report.link)))
        return sheet

    def _write(self, sheet: Any, rows: list[dict], columns: list[Column], top: int, filtered: int | None = None) -> None:
        """Head at row `top`, the rows below it, the filter over the first `filtered` of them (all), colours by word."""
        for place, column in enumerate(columns):
            sheet.write_string(top, place, column.head, self.formats["number head" if column.kind == "number" else "head"])
        sheet.set_row(top, LINE_PT * max(_lines(column.head, column.width) for column in columns))
        for at, row in enumerate(rows, start=top + 1):
            for place, column in enumerate(columns):
                self._write_cell(sheet, at, place, column, column.cell(row))
            lines = max(_lines(column.cell(row), column.width) for column in columns if column.is_printed)
            sheet.set_row(at, min(TALLEST_PT, LINE_PT * lines))
        last = top + max(len(rows) if filtered is None else filtered, FEWEST_ROWS)
        sheet.autofilter(top, 0, last, len(columns) - 1)
        for place, column in enumerate(columns):
            for word, form in {"status": self.statuses, "class": self.classes}.get(column.kind, {}).items():
                sheet.conditional_format(top + 1, place, last, place,
                                         {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form})

    def _write_cell(self, sheet: Any, at: int, place: int, column: Column, value: Cell) -> None:
        kind = column.kind
        if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
            sheet.write_blank(at, place, None, self.formats["text"])
        elif kind == "number" and not isinstance(value, str | date):
            sheet.write_number(at, place, float(value), self.formats["number"])
        elif kind == "day" and isinstance(value, date) and value.year >= FIRST_EXCEL_YEAR:
            sheet.write_datetime(at, place, pd.Timestamp(value).to_pydatetime(), self.formats["day"])
        elif kind == "link":
            self._write_link(sheet, at, place, str(value))
        else:
            form = self.formats["class" if kind == "class" else "text" if column.is_printed else "aside"]
            sheet.write_string(at, place, safe_text(str(value))[:CELL_LIMIT], form)

    def _write_link(self, sheet: Any, at: int, place: int, url: str) -> None:
        """A link to a web page; anything else that stands where an address should is text."""
        if url.startswith(("http://", "https://")) and len(url) <= LINK_LIMIT and safe_text(url) == url:
            sheet.write_url(at, place, url, self.formats["link"], string=url[:255])
        else:
            sheet.write_string(at, place, safe_text(url)[:CELL_LIMIT], self.formats["text"])


def _footer(standing: str, link: str) -> str:
    """Of every printed page: day and version, the link where there is room for it, the page."""
    lines = [line.replace("&", "&&") for line in (standing, link)]  # & begins a code
    footers = [f"&L&9 {said}&R&9 &P / &N" for said in ("\n".join(lines), lines[0])]  # the space ends the type size
    return next(footer for footer in footers if len(footer) <= FOOTER_LIMIT)


def _lines(value: Any, width: float) -> int:
    """Of a cell of this width, in which words break where the room ends."""
    said = value if isinstance(value, str) else ""
    return sum(max(1, math.ceil(sum(CHINESE if ord(letter) > 0x2000 else LATIN for letter in line) / (width - 1)))
               for line in said.split("\n"))
