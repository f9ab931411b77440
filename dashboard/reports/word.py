"""A report as a Word file in the layout of an official paper; opens without repair, every word of it can be edited."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

import pandas as pd
from docx.document import Document as Sheet

from dashboard.reports import sentences
from dashboard.reports.content import RegionPart, Report
from dashboard.reports.picture import unit_plot
from dashboard.reports.word_layout import new_sheet, page_numbers, picture, saved, table, write
from dashboard.text import (
    STATUS_GLYPH,
    day_text,
    deadline_text,
    issued_text,
    listed,
    short_period,
    status_label,
    status_text,
    t,
    value_text,
)

ORDER = {"dispatch": ("todo", "notes", "targets", "sections", "changes"),
         "bulletin": ("changes", "todo", "notes", "targets", "sections"),
         "assessment": ("targets", "todo", "notes", "sections", "changes")}
"""What stands first in each kind: what is to be done, what has changed, what was reached."""

CHINESE = "零一二三四五六七八九十"


def document(report: Report) -> bytes:
    """The .docx file."""
    sheet = new_sheet(report.title, report.built_at)
    write(sheet, "Title", report.title)
    write(sheet, "Subtitle", _period_line(report))
    _heading(sheet, 1, t("report.word.summary"))
    _body(sheet, report.summary)
    _overview(sheet, report)
    for number, part in enumerate(report.regions, start=2):
        _heading(sheet, number, part.name)
        _region(sheet, report, part)
    _heading(sheet, len(report.regions) + 2, t("report.word.sources"))
    _sources(sheet, report)
    page_numbers(sheet, t("report.word.footer", day=report.as_of, version=report.version))
    return saved(sheet)


def _period_line(report: Report) -> str:
    period = report.period
    running = t("report.word.running") if period.last > report.as_of else ""
    return t("report.word.period", first=period.first, last=period.last, running=running, day=report.as_of)


def _overview(sheet: Sheet, report: Report) -> None:
    """How many targets of which status, per region and together; repealed ones out of the sum."""
    statuses = [status for status in STATUS_GLYPH if (report.targets["status"] == status).any() or status in sentences.ALWAYS_SAID]
    heads = [t("column.region"), *(status_label(status) for status in statuses), t("report.word.total")]
    rows = [[part.name, *(_count(part.targets, status) for status in statuses), str(len(part.targets))] for part in report.regions]
    counted = report.targets[report.targets["status"] != "已废止"]
    if len(report.regions) > 1:
        rows.append([t("report.word.sum"), *(_count(counted, status) for status in statuses), str(len(counted))])
    write(sheet, "Caption", t("report.word.overview", day=report.as_of))
    table(sheet, heads, rows, [2, *(1.2 for _ in statuses), 1], right=tuple(range(1, len(heads))))
    picture(sheet, unit_plot(report.regions), t("report.word.picture", counts=sentences.status_counts(counted)))
    write(sheet, "Caption", t("report.word.picture.note"))


def _count(targets: pd.DataFrame, status: str) -> str:
    return str(int((targets["status"] == status).sum()))


def _region(sheet: Sheet, report: Report, part: RegionPart) -> None:
    _body(sheet, report.sentences_of(part))
    number = 0
    for block in ORDER[report.kind]:
        made = BLOCKS[block](report, part)
        if made is None:
            continue
        number += 1
        write(sheet, "Heading 2", f"（{_chinese(number)}）{made.title}")
        if made.note:
            _body(sheet, [made.note])
        if made.rows:
            table(sheet, made.heads, made.rows, made.widths, made.right)


@dataclass(frozen=True)
class Block:
    """A table under a heading; `note` stands above it, or alone where there are no rows."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    widths: list[float]
    right: tuple[int, ...] = ()
    note: str = ""


def _todo(_: Report, part: RegionPart) -> Block | None:
    """What is missed, then what is due and not reported, with who is responsible."""
    if part.is_repealed:
        return None
    rows = pd.concat([part.with_status("未达标"), part.with_status("到期未报")]).to_dict("records")
    return Block(
        t("report.word.todo", n=len(rows)),
        [t("column.status"), t("report.word.subject"), t("column.target"), t("column.deadline"), t("report.word.latest"),
         t("column.units")],
        [[status_text(row["status"]), sentences.subject(row), sentences.promise(row), deadline_text(row["deadline"]), _latest(row),
          _units(row)] for row in rows],
        [23.5, 35, 24.5, 15.5, 27, 30.5], note="" if rows else t("report.word.todo.none"))


def _notes(report: Report, part: RegionPart) -> Block | None:
    """What people said of its targets: reasons and promised days; they take no part in any judgement."""
    targets = {row["target_id"]: row for row in part.targets.to_dict("records")}
    rows = [row for row in report.notes.to_dict("records") if row["target_id"] in targets]
    if not rows:
        return None
    return Block(
        t("report.word.notes", n=len(rows)),
        [t("report.word.subject"), t("report.word.note"), t("report.word.promised"), t("report.word.author"), t("report.word.day")],
        [[sentences.subject(targets[row["target_id"]]), row["text"], day_text(row["promised_on"]), row["author"], day_text(row["day"])]
         for row in rows],
        [38, 60, 21, 16, 21])


def _targets(_: Report, part: RegionPart) -> Block | None:
    if part.targets.empty:
        return None
    rows = part.targets.to_dict("records")
    return Block(
        t("report.word.targets", n=len(rows)),
        [t("report.word.subject"), t("column.target"), t("column.deadline"), t("report.word.latest"), t("column.status"),
         t("column.clause")],
        [[sentences.subject(row), sentences.promise(row), deadline_text(row["deadline"]), _latest(row), status_text(row["status"]),
          str(row["clause"])] for row in rows],
        [39, 26, 15.5, 32, 23.5, 20], note=t("report.word.repealed") if part.is_repealed else "")


def _sections(_: Report, part: RegionPart) -> Block | None:
    if part.sections.empty:
        return None
    rows = part.sections.to_dict("records")
    return Block(
        t("report.word.sections", n=len(rows)),
        [t("map.column.name"), t("map.column.river"), t("report.word.target_class"), t("report.word.class"), t("report.word.prior"),
         t("report.word.verdict")],
        [[row["name"], row["river"] if isinstance(row["river"], str) else "—", _class(row["target_class"]), _latest_class(row),
          _class(row["prior_class"]), _verdict(row)] for row in rows],
        [31, 27, 18, 33, 25, 22])


def _changes(report: Report, part: RegionPart) -> Block | None:
    """Statuses and figures that changed; a report without a kept version to compare with says so once, in its summary."""
    if report.changes is None or report.figure_changes is None:
        return None
    targets = report.changes[report.changes["region"] == part.name].dropna(subset=["status_before", "status_after"])
    flips = targets[targets["status_before"] != targets["status_after"]].to_dict("records")
    figures = report.figure_changes[report.figure_changes["region"] == part.name].to_dict("records")
    rows = [[t("report.word.flip"), f"{row['name']}（{row['scope']}）", status_label(row["status_before"]),
             status_label(row["status_after"]), t("changes.cause." + row["cause"])] for row in flips]
    rows += [[t("changes.word." + row["change"]), _figure_subject(row), _figure(row, "_before"), _figure(row, ""), _publisher(row)]
             for row in figures]
    return Block(
        t("report.word.changes", since=report.since, n=len(rows)),
        [t("changes.head.change"), t("report.word.subject"), t("changes.head.old"), t("changes.head.new"), t("report.word.why")],
        rows, [20, 50, 26, 26, 34], note="" if rows else t("report.changes.none") + "。")


BLOCKS = {"todo": _todo, "notes": _notes, "targets": _targets, "sections": _sections, "changes": _changes}


def _sources(sheet: Sheet, report: Report) -> None:
    """Each plan with the clauses of its targets, then each publication with the figures and classes taken from it."""
    write(sheet, "Caption", t("report.word.link", link=unquote(report.link)))
    write(sheet, "Caption", t("report.word.plans"))
    rows = []
    for part in report.regions:
        clauses = part.targets["clause"].dropna().unique()
        rows.append([part.name, _plan(part.document), t("report.word.clauses", n=len(part.targets), clauses=listed(list(clauses)))])
    table(sheet, [t("column.region"), t("report.word.document"), t("column.clause")], rows, [18, 58, 80])
    taken = report.sources[report.sources["kind"] != "target"]
    if taken.empty:
        return
    write(sheet, "Caption", t("report.word.published"))
    groups = taken.astype(object).fillna("").groupby(["title", "publisher", "published", "url"], sort=False)
    table(sheet, [t("report.word.source"), t("report.word.taken")],
          [[_source(names), _taken(group)] for names, group in groups], [78, 78])


def _plan(row: dict) -> str:
    """Title, number, issuer and day as far as the document states them."""
    said = [f"《{row['title']}》", *(row[key] for key in ("document_number", "issuer") if isinstance(row[key], str))]
    if not pd.isna(row["issued_on"]):
        said.append(t("sources.document.issued", day=issued_text(row["issued_on"], row["issued_precision"])))
    if not pd.isna(row["repealed_on"]):
        said.append(t("sources.document.repealed", day=day_text(row["repealed_on"])))
    return "，".join(said)


def _source(names: tuple[str, ...]) -> str:
    title, publisher, published, url = names
    return "，".join(part for part in (title, publisher, published, url) if part) or t("word.undated")


def _taken(group: pd.DataFrame) -> str:
    return "；".join(f"{row['region']}{row['subject']} {row['words']}{'，' + row['clause'] if row['clause'] else ''}"
                    for row in group.to_dict("records"))


def _latest(row: dict) -> str:
    """The last comparable figure and its gap: 65.21%（2023，转载），差 7.79 个百分点."""
    gap = sentences.gap(row)
    return sentences.latest(row) + ("" if gap == "—" else f"，{gap}")


def _units(row: dict) -> str:
    """All responsible units by role; — where the document names none."""
    said = [t("report.word.role", role=t(f"sources.role.{role}"), names=row[f"{role}_units"]) for role in ("lead", "implement", "support")
            if isinstance(row[f"{role}_units"], str)]
    return "；".join(said) or t("word.no_unit")


def _class(name: object) -> str:
    return t("picture.class", name=name) if isinstance(name, str) else "—"


def _latest_class(row: dict) -> str:
    """With its period; of a section without a class what a bulletin said of it."""
    if isinstance(row["latest_class"], str) or pd.isna(row["said_meets"]):
        return sentences.class_words(row)
    return t(f"report.word.said.{'meets' if row['said_meets'] else 'fails'}", period=short_period(row["said_period"]))


def _verdict(row: dict) -> str:
    if not (isinstance(row["latest_class"], str) and isinstance(row["target_class"], str)):
        return "—"
    return t("report.word.worse" if sentences.is_worse_than_target(row) else "report.word.not_worse")


def _figure_subject(row: dict) -> str:
    side = "_before" if row["change"] == "withdrawn" else ""
    return f"{row['indicator']}（{row['scope' + side]}，{row['period_text' + side]}）"


def _figure(row: dict, side: str) -> str:
    comparator = row["comparator" + side]
    return value_text(row["value" + side], row["unit" + side], row["value_text" + side],
                      comparator=comparator if isinstance(comparator, str) else "=")


def _publisher(row: dict) -> str:
    side = "_before" if row["change"] == "withdrawn" else ""
    name = row["publisher" + side] if isinstance(row["publisher" + side], str) else row["title" + side]
    return f"{name} {day_text(row['published_on' + side]).replace('—', '')}".strip()


def _heading(sheet: Sheet, number: int, words: str) -> None:
    write(sheet, "Heading 1", f"{_chinese(number)}、{words}")


def _body(sheet: Sheet, said: list[str]) -> None:
    for sentence in said:
        write(sheet, "Body Text", sentence)


def _chinese(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{CHINESE[tens]}十") + (CHINESE[ones] if ones or not tens else "")
