"""The annexes of a Word report: every target with its judgement, units and clause, and where everything comes from."""

from __future__ import annotations

from urllib.parse import unquote

import pandas as pd
from docx.document import Document as Sheet

from dashboard.reports import sentences
from dashboard.reports.content import RegionPart, Report
from dashboard.reports.word_cells import all_units, latest_and_gap, shared_units
from dashboard.reports.word_layout import Table, add_table, lay_sideways, write
from dashboard.reports.word_numbers import level_2
from dashboard.text import day_text, deadline_text, issued_text, listed, status_text, t

TITLES = ("report.word.annex.targets", "report.word.annex.sources")


def annexes(sheet: Sheet, report: Report) -> None:
    """On pages of their own, after the text."""
    lay_sideways(sheet)
    _heading(sheet, 1)
    for number, part in enumerate(report.regions, start=1):
        write(sheet, "Heading 2", level_2(number, t("report.word.annex.region", region=part.name, n=len(part.targets))))
        add_table(sheet, _targets(part), is_annex=True)
    _heading(sheet, 2)
    write(sheet, "Caption", t("report.word.link", link=unquote(report.link)))
    write(sheet, "Heading 2", level_2(1, t("report.word.plans")))
    add_table(sheet, _plans(report), is_annex=True)
    taken = report.sources[report.sources["kind"] != "target"]
    if len(taken):
        write(sheet, "Heading 2", level_2(2, t("report.word.published")))
        add_table(sheet, _published(taken), is_annex=True)


def _heading(sheet: Sheet, number: int) -> None:
    write(sheet, "Heading 1", t("report.word.annex.heading", number=number, title=t(TITLES[number - 1])))


def _targets(part: RegionPart) -> Table:
    rows = part.targets.to_dict("records")
    shared = shared_units(rows)
    caption = t("report.word.repealed") if part.is_repealed else t("report.word.shared", names=shared) if shared else ""
    return Table(
        [t("report.word.subject"), t("column.target"), t("column.deadline"), t("report.word.latest"), t("column.status"),
         t("column.units"), t("column.clause")],
        [[sentences.subject(row), sentences.promise(row), deadline_text(row["deadline"]), latest_and_gap(row), status_text(row["status"]),
          all_units(row, shared), str(row["clause"])] for row in rows],
        [58, 29, 12, 44, 17, 60, 37], caption=caption)


def _plans(report: Report) -> Table:
    """Each plan with the clauses of its targets."""
    rows = []
    for part in report.regions:
        clauses = listed(part.targets["clause"].dropna().unique().tolist())
        rows.append([part.name, _plan(part.document), t("report.word.clauses", n=len(part.targets), clauses=clauses)])
    return Table([t("column.region"), t("report.word.document"), t("column.clause")], rows, [15, 72, 170])


def _plan(row: dict) -> str:
    """Title, number, issuer and day as far as the document states them."""
    said = [f"《{row['title']}》", *(row[key] for key in ("document_number", "issuer") if isinstance(row[key], str))]
    if not pd.isna(row["issued_on"]):
        said.append(t("sources.document.issued", day=issued_text(row["issued_on"], row["issued_precision"])))
    if not pd.isna(row["repealed_on"]):
        said.append(t("sources.document.repealed", day=day_text(row["repealed_on"])))
    return "，".join(said)


def _published(taken: pd.DataFrame) -> Table:
    """Each publication with the figures and classes taken from it."""
    groups = taken.astype(object).fillna("").groupby(["title", "publisher", "published", "url"], sort=False)
    return Table([t("report.word.source"), t("report.word.taken")],
                 [[_source(names), _taken(group)] for names, group in groups], [110, 147])


def _source(names: tuple[str, ...]) -> str:
    title, publisher, published, url = names
    return "，".join(part for part in (title, publisher, published, url) if part) or t("word.undated")


def _taken(group: pd.DataFrame) -> str:
    return "；".join(f"{row['region']}{row['subject']} {row['words']}{'，' + row['clause'] if row['clause'] else ''}"
                    for row in group.to_dict("records"))
