"""What the sheets of the workbook hold: for each its columns, and the rows that are not those of the report as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.change_text import figure_text
from dashboard.judgement_text import period_words
from dashboard.reports import sentences
from dashboard.reports.content import Report
from dashboard.text import SIGN, WATER_CLASSES, day_text, status_label, t, target_text, units_text

Cell = str | float | date | None


@dataclass(frozen=True)
class Column:
    """One column: its head, its width in characters, the cell for a row, its kind (text number day link status class).

    Columns that are not printed come last. Those that are have 150 characters at most, so that the type stays readable on A4.
    """

    head: str
    width: int
    cell: Callable[[dict], Any]
    kind: str = "text"
    is_printed: bool = True


class Notes:
    """What people wrote of a target, and the last day they promised; `rows` as in `content.NOTE_COLUMNS`."""

    def __init__(self, rows: pd.DataFrame) -> None:
        said = [t("workbook.note.said", text=row["text"], author=row["author"], day=day_text(row["day"]))
                for row in rows.to_dict("records")]
        self.said = rows.assign(said=said).groupby("target_id")["said"].agg("\n".join).to_dict()
        self.promised = rows.dropna(subset=["promised_on"]).drop_duplicates("target_id").set_index("target_id")["promised_on"].to_dict()

    def columns(self, is_printed: bool) -> list[Column]:
        return [Column(t("workbook.note"), 20, lambda row: self.said.get(row["target_id"]), is_printed=is_printed),
                Column(t("workbook.promised"), 11, lambda row: self.promised.get(row["target_id"]), "day", is_printed)]


def target_columns(notes: Notes) -> list[Column]:
    return [
        Column(t("column.region"), 7, of("region")), Column(t("column.indicator"), 26, of("name_in_plan")),
        Column(t("column.scope"), 14, of("scope")), Column(t("column.target"), 15, target_text),
        Column(t("column.deadline"), 11, _day("deadline"), "day"), Column(t("column.status"), 9, _status, "status"),
        Column(t("column.latest"), 18, sentences.latest), Column(t("workbook.gap.words"), 16, _gap),
        Column(t("column.units"), 20, units_text), Column(t("column.clause"), 14, of("clause")),
        *(Column(head, width, cell, kind, is_printed=False) for head, width, cell, kind in (
            (t("workbook.sign"), 5, lambda row: SIGN[row["comparator"]], "text"),
            (t("workbook.target_value"), 9, lambda row: _figure(row, "target_value"), "number"),
            (t("workbook.latest_value"), 9, lambda row: _figure(row, "latest_value"), "number"),
            (t("workbook.gap"), 9, of("gap_to_target"), "number"), (t("workbook.unit"), 9, of("unit"), "text"),
            (t("column.schedule"), 9, of("schedule"), "text"),
            (t("workbook.theme"), 11, of("theme"), "text"), (t("column.period"), 13, _period, "text"),
            (t("judgement.confidence"), 8, of("confidence"), "text"), (t("workbook.document"), 44, of("document_title"), "text"),
            (t("column.source"), 44, of("source_title"), "text"), (t("column.publisher"), 24, of("publisher"), "text"),
            (t("column.published"), 11, _day("published_on"), "day"), (t("column.link"), 30, of("url"), "link"),
            (t("workbook.id"), 20, of("target_id"), "text"))),
        *notes.columns(is_printed=False),
    ]


def open_targets(targets: pd.DataFrame) -> pd.DataFrame:
    """Missed first, then overdue by deadline."""
    rows = targets[targets["status"].isin(["未达标", "到期未报"])]
    return rows.assign(later=rows["status"] != "未达标").sort_values(["later", "deadline"], kind="stable").drop(columns="later")


def open_columns(notes: Notes) -> list[Column]:
    return [
        Column(t("column.status"), 9, _status, "status"), Column(t("column.region"), 7, of("region")),
        Column(t("column.units"), 16, units_text), Column(t("column.indicator"), 20, of("name_in_plan")),
        Column(t("column.scope"), 10, of("scope")), Column(t("column.target"), 12, target_text),
        Column(t("column.deadline"), 11, _day("deadline"), "day"), Column(t("column.days"), 7, of("days_past_deadline"), "number"),
        Column(t("column.latest"), 15, sentences.latest), Column(t("workbook.gap.words"), 12, _gap),
        *notes.columns(is_printed=True),
        *(Column(head, width, cell, kind, is_printed=False) for head, width, cell, kind in (
            (t("workbook.latest_value"), 9, lambda row: _figure(row, "latest_value"), "number"),
            (t("workbook.gap"), 9, of("gap_to_target"), "number"), (t("workbook.unit"), 9, of("unit"), "text"),
            (t("column.period"), 13, _period, "text"), (t("column.clause"), 20, of("clause"), "text"),
            (t("workbook.id"), 20, of("target_id"), "text"))),
    ]


def section_columns() -> list[Column]:
    return [
        Column(t("map.column.region"), 9, of("region")), Column(t("map.column.name"), 20, of("name")),
        Column(t("map.column.county"), 12, of("county")), Column(t("map.column.river"), 16, of("river")),
        Column(t("overview.waters.basin"), 14, of("basin")), Column(t("workbook.level"), 9, of("level")),
        Column(t("workbook.class"), 8, of("latest_class"), "class"), Column(t("map.column.target"), 8, of("target_class"), "class"),
        Column(t("map.column.period"), 14, lambda row: sentences.class_period(row) if isinstance(row["latest_class"], str) else None),
        Column(t("workbook.class.day"), 11, _day("latest_day"), "day"),
        Column(t("workbook.class.basis"), 14, lambda row: _word("section.basis", row["latest_basis"])),
        Column(t("workbook.class.prior"), 11, of("prior_class"), "class"),
        Column(t("workbook.id"), 30, of("section_id"), is_printed=False),
    ]


def changes(report: Report) -> pd.DataFrame:
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
                         "before": figure_text(row, "_before"), "after": figure_text(row, ""), "period": row[f"period_text{side}"],
                         "title": row[f"title{side}"], "clause": row[f"clause{side}"], "url": row[f"url{side}"]})
    return pd.DataFrame(rows, columns=["what", "region", "name", "before", "after", "period", "title", "clause", "url"])


def change_columns() -> list[Column]:
    return [Column(t("changes.head.change"), 12, of("what")), Column(t("changes.head.region"), 8, of("region")),
            Column(t("changes.head.target"), 30, of("name")), Column(t("changes.head.old"), 22, of("before")),
            Column(t("changes.head.new"), 22, of("after")), Column(t("changes.head.period"), 11, of("period")),
            Column(t("changes.head.source"), 30, of("title")), Column(t("column.clause"), 14, of("clause")),
            Column(t("changes.head.url"), 30, of("url"), "link", is_printed=False)]


def source_columns() -> list[Column]:
    return [Column(t("workbook.source.kind"), 9, lambda row: _word("workbook.source", row["kind"])),
            Column(t("column.region"), 7, of("region")),
            Column(t("workbook.source.of"), 30, of("subject")), Column(t("workbook.source.words"), 16, of("words")),
            Column(t("column.clause"), 13, of("clause")), Column(t("column.title"), 42, of("title")),
            Column(t("column.publisher"), 17, of("publisher")), Column(t("column.published"), 12, of("published")),
            *(Column(head, 30, of(name), kind, is_printed=False) for head, name, kind in (
                (t("workbook.number"), "document_number", "text"), (t("column.link"), "url", "link"), (t("workbook.id"), "key", "text")))]


def of(name: str) -> Callable[[dict], Any]:
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

