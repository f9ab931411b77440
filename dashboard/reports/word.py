"""A report as a Word file in the layout of an official paper: what is read in the meeting first, every target and source behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import pandas as pd
from docx.document import Document as Sheet

from dashboard.change_text import figure_text, flips
from dashboard.queries import STATUS_ORDER
from dashboard.reports import sentences
from dashboard.reports.content import RegionPart, Report
from dashboard.reports.findings import comparable_shares
from dashboard.reports.native_charts import Bars, share_bars, status_bars
from dashboard.reports.word_annex import annexes
from dashboard.reports.word_cells import (
    answering_units,
    class_counts,
    class_name,
    latest_and_gap,
    other_units,
    shared_units,
    verdict,
    without_class,
)
from dashboard.reports.word_chart import add_bars
from dashboard.reports.word_layout import Table, add_table, fits_title_line, new_sheet, page_numbers, saved, write
from dashboard.reports.word_numbers import level_1, level_2, level_3
from dashboard.text import WATER_CLASSES, day_text, deadline_text, status_label, status_text, t

ORDER = {"dispatch": ("themes", "todo", "notes", "shares", "sections", "changes"),
         "bulletin": ("changes", "themes", "todo", "notes", "shares", "sections"),
         "assessment": ("themes", "shares", "todo", "notes", "sections", "changes")}
"""What stands first in each kind: what is to be done, what has changed, what was reached."""

@dataclass(frozen=True)
class Sub:
    """A heading of the third level."""

    title: str


@dataclass(frozen=True)
class Chart:
    """`words` stand below it."""

    bars: Bars
    words: str


@dataclass(frozen=True)
class Block:
    """What stands under a heading of the second level: sentences, captions, tables, charts and headings of the third level."""

    title: str
    parts: list[str | Sub | Table | Chart] = field(default_factory=list)


def document(report: Report) -> bytes:
    """The .docx file."""
    sheet = new_sheet(report.title, report.built_at)
    write(sheet, "Title", _title(report))
    write(sheet, "Subtitle", _period_line(report))
    write(sheet, "Heading 1", level_1(1, t("report.word.summary")))
    _body(sheet, [*report.summary, t("report.word.annexes")])
    _blocks(sheet, [_overview(report), _classes(report)])
    for number, part in enumerate(report.regions, start=2):
        write(sheet, "Heading 1", level_1(number, part.name))
        _body(sheet, report.sentences_of(part))
        _blocks(sheet, [BLOCKS[name](report, part) for name in ORDER[report.kind]])
    annexes(sheet, report)
    page_numbers(sheet, [t("report.word.footer", day=report.as_of, version=report.version), unquote(report.link)])
    return saved(sheet)


def _title(report: Report) -> str:
    """Whose and of when on a line of its own where one line does not hold it all, so that no single letter stands on the second."""
    subject = t(f"report.title.{report.kind}", regions="", period="")
    if fits_title_line(report.title) or not report.title.endswith(subject):
        return report.title
    return f"{report.title.removesuffix(subject)}\n{subject}"


def _period_line(report: Report) -> str:
    period = report.period
    running = t("report.word.running") if period.last > report.as_of else ""
    return t("report.word.period", first=period.first, last=period.last, running=running, day=report.as_of)


def _body(sheet: Sheet, said: list[str]) -> None:
    for sentence in said:
        write(sheet, "Body Text", sentence)


def _blocks(sheet: Sheet, blocks: list[Block | None]) -> None:
    for number, block in enumerate(filter(None, blocks), start=1):
        write(sheet, "Heading 2", level_2(number, block.title))
        third = 0
        for part in block.parts:
            match part:
                case Table():
                    add_table(sheet, part)
                case Chart():
                    add_bars(sheet, part.bars, part.words)
                    write(sheet, "Caption", part.words).paragraph_format.keep_with_next = False  # it belongs to what is above
                case Sub():
                    third += 1
                    write(sheet, "Heading 3", level_3(third, part.title))
                case _:
                    write(sheet, "Body Text", part)


def _overview(report: Report) -> Block:
    """How many targets of which status, per region and together, repealed ones out of the sum."""
    statuses = [status for status in STATUS_ORDER if (report.targets["status"] == status).any() or status in sentences.ALWAYS_SAID]
    groups = {part.name: part.targets for part in report.regions}
    counted = report.targets[report.targets["status"] != "已废止"]
    table = replace(_status_table(t("column.region"), groups, statuses, counted), caption=t("report.word.overview.caption"))
    chart = [_status_chart(groups, t("report.word.chart.regions", day=report.as_of))] if len(groups) > 1 else []
    return Block(t("report.word.overview"), [table, *chart])


def _status_table(head: str, groups: dict[str, pd.DataFrame], statuses: list[str], together: pd.DataFrame) -> Table:
    """A line for each group and, of several, one for all."""
    lines = [*groups.items(), *([(t("report.word.sum"), together)] if len(groups) > 1 else [])]
    rows = [[name, *(str(int((rows["status"] == status).sum())) for status in statuses), str(len(rows))] for name, rows in lines]
    return Table([head, *map(status_label, statuses), t("report.word.total")], rows,
                 [1.2, *(1.5 for _ in statuses), 0.75], tuple(range(1, len(statuses) + 2)))


def _status_chart(groups: dict[str, pd.DataFrame], words: str) -> Chart:
    """With the statuses there are."""
    found = {status for rows in groups.values() for status in rows["status"]}
    return Chart(status_bars(groups, tuple(found), for_print=True), words)


def _classes(report: Report) -> Block | None:
    """How many sections of which class in each region."""
    parts = [part for part in report.regions if len(part.sections)]
    if not parts:
        return None
    counts = {part.name: class_counts(part.sections) for part in parts}
    if len(parts) > 1:
        counts[t("report.word.sum")] = [sum(column) for column in zip(*counts.values())]
    heads = [t("column.region"), t("report.word.known_sections"), *map(class_name, WATER_CLASSES), t("report.word.no_class")]
    return Block(t("report.word.classes"),
                 [Table(heads, [[name, *map(str, numbers)] for name, numbers in counts.items()],
                        [1.4, 1.2, *(1 for _ in WATER_CLASSES), 1.2], tuple(range(1, len(heads))), t("report.word.classes.caption"))])


def _themes(report: Report, part: RegionPart) -> Block | None:
    """How many targets of which status in each theme; drawn where the overview has no regions to compare."""
    if part.targets.empty:
        return None
    groups = {str(name): rows for name, rows in part.targets.groupby("theme", sort=False)}
    found = [status for status in STATUS_ORDER if len(part.with_status(status))]
    chart = [_status_chart(groups, t("report.word.chart.themes", day=report.as_of))] if len(report.regions) == 1 else []
    return Block(t("report.word.themes", n=len(part.targets)), [_status_table(t("report.word.theme"), groups, found, part.targets), *chart])


def _todo(_: Report, part: RegionPart) -> Block | None:
    """Missed targets, then unreported ones with an earlier figure, then those without any; each by who answers for them."""
    if part.is_repealed:
        return None
    overdue = part.with_status("到期未报")
    missed, known, blank = (rows.to_dict("records") for rows in (
        part.with_status("未达标"), overdue[overdue["latest_value"].notna()], overdue[overdue["latest_value"].isna()]))
    everything = [*missed, *known, *blank]
    if not everything:
        return Block(t("report.word.todo", n=0), [t("report.word.todo.none")])
    shared = shared_units(everything)
    block = Block(t("report.word.todo", n=len(everything)), [t("report.word.shared", names=shared)] if shared else [])
    for key, rows in (("missed", missed), ("known", known), ("blank", blank)):
        if rows:
            status = status_text("未达标" if key == "missed" else "到期未报")
            block.parts.extend([Sub(t(f"report.word.todo.{key}", status=status, n=len(rows))), _todo_table(rows, shared)])
    return block


def _todo_table(rows: list[dict], shared: str | None) -> Table:
    """Those with most to report first, targets whose document names no unit last; columns without anything are left out."""
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(answering_units(row), []).append(row)
    columns = [(t("report.word.subject"), 62, sentences.subject), (t("column.target"), 27, sentences.promise),
               (t("column.deadline"), 16, lambda row: deadline_text(row["deadline"])), (t("report.word.latest"), 45, latest_and_gap),
               (t("report.word.others"), 24, lambda row: other_units(row, shared))]
    columns = [column for column in columns if any(column[2](row) not in ("", "—") for row in rows)]
    lines = []
    for units, own in sorted(groups.items(), key=lambda group: (group[0] == t("word.no_unit"), -len(group[1]))):
        lines.append([t("report.word.todo.group", units=units, n=len(own))])
        lines += [[words(row) for _, _, words in columns] for row in own]
    return Table([head for head, _, _ in columns], lines, [width for _, width, _ in columns])


def _notes(report: Report, part: RegionPart) -> Block | None:
    """What people said of its targets: reasons and promised days; they take no part in any judgement."""
    targets = {row["target_id"]: row for row in part.targets.to_dict("records")}
    rows = [row for row in report.notes.to_dict("records") if row["target_id"] in targets]
    if not rows:
        return None
    return Block(t("report.word.notes", n=len(rows)), [Table(
        [t("report.word.subject"), t("report.word.note"), t("report.word.promised"), t("report.word.author"), t("report.word.day")],
        [[sentences.subject(targets[row["target_id"]]), row["text"], day_text(row["promised_on"]), row["author"], day_text(row["day"])]
         for row in rows],
        [36, 56, 25, 14, 25])])


def _shares(_: Report, part: RegionPart) -> Block | None:
    """Target against last figure of shares that can be set side by side; hollow where the figure is of an earlier year."""
    rows = comparable_shares(part)
    if rows.empty:
        return None
    return Block(t("report.word.shares", n=len(rows)), [Chart(share_bars(rows), t("report.word.chart.shares"))])


def _sections(_: Report, part: RegionPart) -> Block | None:
    """Those with a class, worse than their target first; the others are only named."""
    if part.sections.empty:
        return None
    known = part.sections.dropna(subset=["latest_class"]).to_dict("records")
    known.sort(key=lambda row: not sentences.is_worse_than_target(row))
    rest = without_class(part.sections)
    block = Block(t("report.word.sections", n=len(part.sections), known=len(known)))
    if known:
        block.parts.append(Table(
            [t("map.column.name"), t("map.column.river"), t("report.word.target_class"), t("report.word.class"), t("report.word.prior"),
             t("report.word.verdict")],
            [[row["name"], row["river"] if isinstance(row["river"], str) else "—", class_name(row["target_class"]),
              sentences.class_words(row), class_name(row["prior_class"]), verdict(row)] for row in known],
            [32, 25, 17, 37, 24, 21]))
    if rest:
        block.parts.append(t("report.word.sections.rest", named=rest))
    return block


def _changes(report: Report, part: RegionPart) -> Block | None:
    """Statuses and figures that changed; where none did, or nothing is kept to compare with, the sentences say so."""
    if report.changes is None or report.figure_changes is None:
        return None
    flipped = flips(report.changes[report.changes["region"] == part.name]).to_dict("records")
    figures = report.figure_changes[report.figure_changes["region"] == part.name].to_dict("records")
    rows = [[t("report.word.flip"), f"{row['name']}（{row['scope']}）", status_label(row["status_before"]),
             status_label(row["status_after"]), t("changes.cause." + row["cause"])] for row in flipped]
    rows += [[t("changes.word." + row["change"]), _figure_subject(row), figure_text(row, "_before"), figure_text(row, ""),
              _publisher(row)] for row in figures]
    if not rows:
        return None
    return Block(t("report.word.changes", since=report.since, n=len(rows)), [Table(
        [t("changes.head.change"), t("report.word.subject"), t("changes.head.old"), t("changes.head.new"), t("report.word.why")],
        rows, [20, 50, 26, 26, 34])])


BLOCKS = {"themes": _themes, "todo": _todo, "notes": _notes, "shares": _shares, "sections": _sections, "changes": _changes}


def _figure_subject(row: dict) -> str:
    side = "_before" if row["change"] == "withdrawn" else ""
    return f"{row['indicator']}（{row['scope' + side]}，{row['period_text' + side]}）"


def _publisher(row: dict) -> str:
    side = "_before" if row["change"] == "withdrawn" else ""
    name = row["publisher" + side] if isinstance(row["publisher" + side], str) else row["title" + side]
    return f"{name} {day_text(row['published_on' + side]).replace('—', '')}".strip()
