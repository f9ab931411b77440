"""A report as a workbook: every figure a number with its unit, clause and source, ready to filter and to print on A4."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard import theme
from dashboard.judgement_text import period_words
from dashboard.queries import STATUS_ORDER
from dashboard.reports import sentences
from dashboard.reports.content import Report
from dashboard.reports.findings import figure_words
from dashboard.text import SIGN, WATER_CLASSES, day_text, status_label, t, target_text, units_text
from etl.spreadsheets import CELL_LIMIT, FIRST_EXCEL_YEAR, safe_text

HEAD = 3
"""Rows above the head of a table: title, version and day, link."""
A4, LINK_LIMIT = 9, 2000
FEWEST_ROWS = 1
"""A filter needs a row, also where a table has none."""

Cell = str | float | date | None


@dataclass(frozen=True)
class Column:
    """One column: its head, its width in characters, the cell for a row, its kind (text number day link status class).

    Columns that are not printed come last; on paper the sheet of sources has what they say.
    """

    head: str
    width: int
    cell: Callable[[dict], Any]
    kind: str = "text"
    is_printed: bool = True


def workbook(report: Report) -> bytes:
    """The file, XLSX, with the sheets 概况, 目标, 待办, 断面, 变更, 来源."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False, "nan_inf_to_errors": True}) as book:
        book.set_properties({"title": safe_text(report.title), "created": report.built_at.replace(tzinfo=None)})
        book.set_size(2400, 1400)
        writer = _Writer(book, report)
        targets = report.targets
        notes = _Notes(report.notes)
        writer.summary(t("workbook.overview"))
        writer.table(t("workbook.targets"), targets, _target_columns(notes))
        writer.table(t("workbook.open"), _open_targets(targets), _open_columns(notes))
        writer.table(t("workbook.sections"), pd.concat([part.sections for part in report.regions], ignore_index=True), _section_columns())
        writer.table(t("workbook.changes"), _changes(report), _change_columns(),
                     report.since if report.changes is not None else t("report.changes.unknown", since=report.since))
        writer.table(t("workbook.sources"), report.sources, _source_columns())
    return buffer.getvalue()


class _Writer:
    """Sheets of one book that look alike and print alike."""

    def __init__(self, book: xlsxwriter.Workbook, report: Report) -> None:
        self.book, self.report = book, report
        face = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}
        self.formats = {
            "title": book.add_format({**face, "font_size": 16, "bold": True, "font_color": theme.BLUE}),
            "lead": book.add_format({**face, "font_color": theme.INK2}),
            "head": book.add_format({**face, "bold": True, "text_wrap": True, "bottom": 1, "font_color": theme.INK2,
                                     "bg_color": theme.PANEL}),
            "text": book.add_format({**face, "text_wrap": True}),
            "number": book.add_format({**face, "num_format": "General", "align": "right"}),
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
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 7, 11)
        at = HEAD
        for sentence in report.summary:
            sheet.merge_range(at, 0, at, 7, "", self.formats["text"])
            sheet.write_string(at, 0, safe_text(sentence), self.formats["text"])
            sheet.set_row(at, 15 * (1 + len(sentence) // 48))
            at += 1
        counts = report.targets.pivot_table(index="region", columns="status", values="target_id", aggfunc="count", fill_value=0, sort=False)
        counts = counts.reindex(index=report.names, columns=STATUS_ORDER, fill_value=0)
        counts.loc[t("column.total")] = counts.sum()
        rows = [{"region": name, **row, "total": int(row.sum())} for name, row in counts.iterrows()]
        columns = [Column(t("column.region"), 22, lambda row: row["region"]),
                   *(Column(status_label(status), 11, _of(status), "number") for status in STATUS_ORDER),
                   Column(t("column.total"), 11, lambda row: row["total"], "number")]
        self._write(sheet, rows, columns, at + 1, filtered=len(rows) - 1)
        sheet.freeze_panes(HEAD, 1)

    def table(self, name: str, frame: pd.DataFrame, columns: list[Column], remark: str = "") -> None:
        sheet = self._sheet(name, " · ".join([t("workbook.title", sheet=name, n=len(frame)), *([remark] if remark else [])]))
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        self._write(sheet, frame.astype(object).to_dict("records"), columns, HEAD)
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
        sheet.set_footer(f"&L&9 {standing.replace('&', '&&')}&R&9 &P / &N")  # & begins a code; the space ends the type size
        return sheet

    def _write(self, sheet: Any, rows: list[dict], columns: list[Column], top: int, filtered: int | None = None) -> None:
        """Head at row `top`, the rows below it, the filter over the first `filtered` of them (all), colours by word."""
        for place, column in enumerate(columns):
            sheet.write_string(top, place, column.head, self.formats["head"])
        for at, row in enumerate(rows, start=top + 1):
            for place, column in enumerate(columns):
                self._write_cell(sheet, at, place, column.kind, column.cell(row))
        last = top + max(len(rows) if filtered is None else filtered, FEWEST_ROWS)
        sheet.autofilter(top, 0, last, len(columns) - 1)
        for place, column in enumerate(columns):
            for word, form in {"status": self.statuses, "class": self.classes}.get(column.kind, {}).items():
                sheet.conditional_format(top + 1, place, last, place,
                                         {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form})

    def _write_cell(self, sheet: Any, at: int, place: int, kind: str, value: Cell) -> None:
        if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
            sheet.write_blank(at, place, None, self.formats["text"])
        elif kind == "number" and not isinstance(value, str | date):
            sheet.write_number(at, place, float(value), self.formats["number"])
        elif kind == "day" and isinstance(value, date) and value.year >= FIRST_EXCEL_YEAR:
            sheet.write_datetime(at, place, pd.Timestamp(value).to_pydatetime(), self.formats["day"])
        elif kind == "link":
            self._write_link(sheet, at, place, str(value))
        else:
            sheet.write_string(at, place, safe_text(str(value))[:CELL_LIMIT], self.formats["text"])

    def _write_link(self, sheet: Any, at: int, place: int, url: str) -> None:
        """A link to a web page; anything else that stands where an address should is text."""
        if url.startswith(("http://", "https://")) and len(url) <= LINK_LIMIT and safe_text(url) == url:
            sheet.write_url(at, place, url, self.formats["link"], string=url[:255])
        else:
            sheet.write_string(at, place, safe_text(url)[:CELL_LIMIT], self.formats["text"])


class _Notes:
    """What people wrote of a target, and the last day they promised; `rows` as in `content.NOTE_COLUMNS`."""

    def __init__(self, rows: pd.DataFrame) -> None:
        said = [t("workbook.note.said", text=row["text"], author=row["author"], day=day_text(row["day"]))
                for row in rows.to_dict("records")]
        self.said = rows.assign(said=said).groupby("target_id")["said"].agg("\n".join).to_dict()
        self.promised = rows.dropna(subset=["promised_on"]).drop_duplicates("target_id").set_index("target_id")["promised_on"].to_dict()

    def columns(self, is_printed: bool) -> list[Column]:
        return [Column(t("workbook.note"), 22, lambda row: self.said.get(row["target_id"]), is_printed=is_printed),
                Column(t("workbook.promised"), 11, lambda row: self.promised.get(row["target_id"]), "day", is_printed)]


def _target_columns(notes: _Notes) -> list[Column]:
    return [
        Column(t("column.region"), 8, _of("region")), Column(t("column.indicator"), 22, _of("name_in_plan")),
        Column(t("column.scope"), 14, _of("scope")), Column(t("column.target"), 14, target_text),
        Column(t("workbook.sign"), 5, lambda row: SIGN[row["comparator"]]),
        Column(t("workbook.target_value"), 9, lambda row: _figure(row, "target_value"), "number"),
        Column(t("workbook.unit"), 8, _of("unit")), Column(t("column.deadline"), 11, _day("deadline"), "day"),
        Column(t("column.status"), 9, _status, "status"), Column(t("column.latest"), 16, sentences.latest),
        Column(t("workbook.latest_value"), 9, lambda row: _figure(row, "latest_value"), "number"),
        Column(t("workbook.gap"), 8, _of("gap_to_target"), "number"), Column(t("workbook.gap.words"), 14, _gap),
        Column(t("column.schedule"), 9, _of("schedule")), Column(t("column.units"), 16, units_text),
        Column(t("column.clause"), 12, _of("clause")),
        *(Column(head, width, cell, kind, is_printed=False) for head, width, cell, kind in (
            (t("workbook.theme"), 11, _of("theme"), "text"), (t("column.period"), 11, _period, "text"),
            (t("judgement.confidence"), 8, _of("confidence"), "text"), (t("workbook.document"), 30, _of("document_title"), "text"),
            (t("column.source"), 30, _of("source_title"), "text"), (t("column.publisher"), 16, _of("publisher"), "text"),
            (t("column.published"), 11, _day("published_on"), "day"), (t("column.link"), 24, _of("url"), "link"),
            (t("workbook.id"), 14, _of("target_id"), "text"))),
        *notes.columns(is_printed=False),
    ]


def _open_targets(targets: pd.DataFrame) -> pd.DataFrame:
    """Missed first, then overdue by deadline."""
    rows = targets[targets["status"].isin(["未达标", "到期未报"])]
    return rows.assign(later=rows["status"] != "未达标").sort_values(["later", "deadline"], kind="stable").drop(columns="later")


def _open_columns(notes: _Notes) -> list[Column]:
    return [
        Column(t("column.status"), 9, _status, "status"), Column(t("column.region"), 8, _of("region")),
        Column(t("column.units"), 20, units_text), Column(t("column.indicator"), 22, _of("name_in_plan")),
        Column(t("column.scope"), 14, _of("scope")), Column(t("column.target"), 14, target_text),
        Column(t("column.deadline"), 11, _day("deadline"), "day"), Column(t("column.days"), 8, _of("days_past_deadline"), "number"),
        Column(t("workbook.latest_value"), 8, lambda row: _figure(row, "latest_value"), "number"),
        Column(t("workbook.unit"), 8, _of("unit")), Column(t("column.period"), 10, _period),
        Column(t("workbook.gap"), 8, _of("gap_to_target"), "number"), Column(t("workbook.gap.words"), 14, _gap),
        *notes.columns(is_printed=True), Column(t("column.clause"), 12, _of("clause")),
        Column(t("workbook.id"), 14, _of("target_id"), is_printed=False),
    ]


def _section_columns() -> list[Column]:
    return [
        Column(t("map.column.region"), 9, _of("region")), Column(t("map.column.name"), 16, _of("name")),
        Column(t("map.column.county"), 10, _of("county")), Column(t("map.column.river"), 14, _of("river")),
        Column(t("overview.waters.basin"), 12, _of("basin")), Column(t("workbook.level"), 9, _of("level")),
        Column(t("workbook.class"), 8, _of("latest_class"), "class"), Column(t("map.column.target"), 8, _of("target_class"), "class"),
        Column(t("map.column.period"), 14, lambda row: sentences.class_period(row) if isinstance(row["latest_class"], str) else None),
        Column(t("workbook.class.day"), 11, _day("latest_day"), "day"),
        Column(t("workbook.class.basis"), 12, lambda row: _word("section.basis", row["latest_basis"])),
        Column(t("workbook.class.prior"), 9, _of("prior_class"), "class"), Column(t("workbook.id"), 20, _of("section_id")),
    ]


def _changes(report: Report) -> pd.DataFrame:
    """Statuses and terms that changed, then figures; columns what, region, name, before, after, cause, period, title, clause, url."""
    rows = []
    if report.changes is not None:
        rows += [{**row, "what": t(f"changes.cause.{row['cause']}"), "name": sentences.subject({**row, "name_in_plan": row["name"]}),
                  "before": _side(row, "before"), "after": _side(row, "after"), "period": row["period_text"]}
                 for row in report.changes.to_dict("records")]
    if report.figure_changes is not None:
        for row in report.figure_changes.to_dict("records"):
            side = "_before" if row["change"] == "withdrawn" else ""
            rows.append({"what": t(f"workbook.change.{row['change']}"), "region": row["region"], "name": row["indicator"],
                         "before": figure_words(row, "_before"), "after": figure_words(row, ""), "period": row[f"period_text{side}"],
                         "title": row[f"title{side}"], "clause": row[f"clause{side}"], "url": row[f"url{side}"]})
    return pd.DataFrame(rows, columns=["what", "region", "name", "before", "after", "period", "title", "clause", "url"])


def _change_columns() -> list[Column]:
    return [Column(t("changes.head.change"), 12, _of("what")), Column(t("changes.head.region"), 9, _of("region")),
            Column(t("changes.head.target"), 32, _of("name")), Column(t("changes.head.old"), 22, _of("before")),
            Column(t("changes.head.new"), 22, _of("after")), Column(t("changes.head.period"), 11, _of("period")),
            Column(t("changes.head.source"), 30, _of("title")), Column(t("column.clause"), 14, _of("clause")),
            Column(t("changes.head.url"), 20, _of("url"), "link")]


def _source_columns() -> list[Column]:
    return [Column(t("workbook.source.kind"), 10, lambda row: _word("workbook.source", row["kind"])),
            Column(t("column.region"), 9, _of("region")),
            Column(t("workbook.source.of"), 32, _of("subject")), Column(t("workbook.source.words"), 20, _of("words")),
            Column(t("column.clause"), 14, _of("clause")), Column(t("column.title"), 34, _of("title")),
            Column(t("workbook.number"), 18, _of("document_number")), Column(t("column.publisher"), 18, _of("publisher")),
            Column(t("column.published"), 12, _of("published")), Column(t("column.link"), 24, _of("url"), "link"),
            Column(t("workbook.id"), 16, _of("key"))]


def _of(name: str) -> Callable[[dict], Any]:
    return lambda row: row[name]


def _day(name: str) -> Callable[[dict], Any]:
    return lambda row: None if pd.isna(row[name]) else row[name]


def _figure(row: dict, name: str) -> Cell:
    """The number, in the unit beside it; a water class as its name, and the words of a class target."""
    value = row[name]
    return None if pd.isna(value) else WATER_CLASSES[int(value) - 1] if row["unit"] == "类" else value


def _status(row: dict) -> str:
    return status_label(row["status"])


def _period(row: dict) -> str:
    return period_words(row["latest_period"])


def _gap(row: dict) -> str | None:
    words = sentences.gap(row)
    return None if words == "—" else words


def _side(row: dict, side: str) -> str:
    """Status, and the terms where they differ."""
    status, terms = row[f"status_{side}"], row[f"terms_{side}"]
    words = status_label(status) if isinstance(status, str) else "—"
    return words if row["terms_before"] == row["terms_after"] else f"{words}：{terms if isinstance(terms, str) else '—'}"


def _word(group: str, key: Any) -> str | None:
    return t(f"{group}.{key}") if isinstance(key, str) else None

