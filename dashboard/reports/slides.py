"""A report as slides: one finding a slide, charts and tables that PowerPoint can edit, the sources in the notes."""

from __future__ import annotations

import pandas as pd

from dashboard import theme
from dashboard.change_text import figure_text, flips
from dashboard.queries import STATUS_ORDER
from dashboard.reports import sentences
from dashboard.reports.content import Report
from dashboard.reports.findings import attention, biggest_gaps, finding
from dashboard.reports.native_charts import Bars, Series, status_bars, unless_narrow
from dashboard.reports.slide_map import CLASS_GROUPS, add_maps
from dashboard.reports.slide_notes import by_title, known, of_keys
from dashboard.reports.slide_parts import Deck, add_bars, add_numbers, add_table, add_text
from dashboard.reports.slide_regions import STATUS_INKS, add_region, urgent_cells, urgent_columns
from dashboard.reports.slide_room import (
    BODY,
    BODY_PT,
    SMALL_PT,
    TEXT_SIZES,
    Box,
    Column,
    planned,
    row_height,
    type_size,
)
from dashboard.text import WATER_CLASSES, day_text, deadline_words, status_label, t, target_text, units_text

MOST_THEMES = 8
"""Of one region; the smaller ones together."""
MOST_COUNTED = 6
"""Regions that leave room for a table below their bars."""


def deck(report: Report) -> bytes:
    """The file, PPTX. The maps are drawn from the version of the database the report was made of; once that is removed, there are none."""
    is_over = all(part.is_repealed for part in report.regions)
    made = Deck(t("slides.footer", day=report.as_of, version=report.version), report.link)
    _opening(made, report)
    _overview(made, report)
    if not is_over:
        _attention(made, report)
    _said_by_people(made, report)
    for part in report.regions:
        add_region(made, report, part)
    add_maps(made, report)
    if any(len(part.sections) for part in report.regions):
        _sections(made, report)
    _changes(made, report)
    if not is_over:
        _next_due(made, report)
    _sources(made, report)
    return made.save()


def _opening(made: Deck, report: Report) -> None:
    lead = t("slides.opening", regions="、".join(report.names), period=report.period.words, day=report.as_of)
    slide = made.slide(report.title, lead, [t("slides.notes.method"), *by_title(report.sources)])
    every = report.targets["status"]
    counted = every[every != "已废止"]
    numbers = [(t("slides.opening.all"), len(counted), theme.INK)] if len(counted) else []
    numbers += [(status_label(status), n, theme.STATUS_COLOUR[status] if n else theme.ZERO) for status in STATUS_ORDER
                if (n := int((every == status).sum())) or (len(counted) and status in sentences.ALWAYS_SAID)]
    add_numbers(slide, Box(*BODY[:3], 1.25), numbers)
    words = BODY.below(1.6)
    add_text(slide, words, report.summary, type_size(report.summary, words))


def _overview(made: Deck, report: Report) -> None:
    """By region, with a table of the counts; of one region by theme, the largest first."""
    rows, by = report.targets, "theme" if len(report.regions) == 1 else "region"
    if by == "theme":
        sizes = rows["theme"].value_counts()
        rest = sizes.index[MOST_THEMES - 1:] if len(sizes) > MOST_THEMES else []
        rows = rows.assign(theme=rows["theme"].where(~rows["theme"].isin(rest), t("slides.overview.rest", n=len(rest))),
                           size=rows["theme"].map(sizes)).sort_values("size", ascending=False, kind="stable")
    groups = dict(iter(rows.groupby(by, sort=False)))
    n = int((rows["status"] != "已废止").sum())
    slide = made.slide(finding(rows), t(f"slides.overview.lead.{by if n else 'repealed'}", n=n, day=report.as_of),
                       [t("slides.notes.method"), *by_title(report.sources[report.sources["kind"] == "target"])])
    drawn = {str(name) if by == "region" else t("slides.overview.theme", name=name, n=len(group)): group for name, group in groups.items()}
    statuses = STATUS_ORDER if by == "region" else rows["status"].unique()
    has_table = by == "region" and len(groups) <= MOST_COUNTED
    table_in = (1 + len(groups)) * row_height(1, SMALL_PT) + 0.15 if has_table else 0
    height = min(BODY.height - table_in, 0.55 + (0.45 if by == "region" else 0.7) * len(groups))
    add_bars(slide, Box(*BODY[:3], height), status_bars(drawn, statuses))
    if not has_table:
        return
    heads = [Column(t("column.region"), 1.3), *(Column(status_label(status), 1, True) for status in STATUS_ORDER),
             Column(t("column.total"), 1, True)]
    table = [[name, *(str(int((group["status"] == status).sum())) for status in STATUS_ORDER), str(len(group))]
             for name, group in groups.items()]
    add_table(slide, BODY.below(height + 0.1), heads, table)


def _attention(made: Deck, report: Report) -> None:
    gaps, rows = biggest_gaps(report.regions), attention(report.regions)
    missed = int((gaps["status"] == "未达标").sum())
    if missed:
        title = t("slides.attention.missed", missed=missed, short=len(gaps) - missed)
    elif len(gaps):
        title = t("slides.attention.short", n=len(gaps))
    else:
        title = t("slides.attention.overdue" if len(rows) else "slides.attention.none", n=len(rows))
    heads = [Column(t("column.region")), *urgent_columns(3, 2), Column(t("column.status"))][_first(report):]
    cells = [[row["region"], *urgent_cells(row), status_label(row["status"])][_first(report):] for row in rows.to_dict("records")]
    held = len(planned(BODY, heads, cells).rows)
    slide = made.slide(title, t("slides.attention.lead") + _more(len(rows) - held), of_keys(report, rows["target_id"].head(held)))
    if rows.empty:
        add_text(slide, BODY, report.summary[:1], TEXT_SIZES[0])
        return
    add_table(slide, BODY, heads, cells[:held], inks=STATUS_INKS)


def _said_by_people(made: Deck, report: Report) -> None:
    """What people wrote of targets, those that need attention first, in the order of the attention slide."""
    if report.notes.empty:
        return
    order = [*attention(report.regions)["target_id"], *report.targets["target_id"]]
    targets = report.targets.set_index("target_id")
    notes = sorted((note for note in report.notes.to_dict("records") if note["target_id"] in targets.index),
                   key=lambda note: order.index(note["target_id"]))
    heads = [Column(t("column.region")), Column(t("column.indicator"), 2.4), Column(t("column.status")),
             Column(t("slides.said.words"), 4, lines=4), Column(t("slides.said.by")), Column(t("slides.said.promised"))][_first(report):]
    cells = []
    for note in notes:
        row = targets.loc[note["target_id"]]
        cells.append([row["region"], sentences.subject(row), status_label(row["status"]), note["text"],
                      f"{note['author']}\n{day_text(note['day'])}", day_text(note["promised_on"])][_first(report):])
    held = len(planned(BODY, heads, cells).rows)
    promised = int(report.notes["promised_on"].notna().sum())
    slide = made.slide(t("slides.said", n=len({note["target_id"] for note in notes}), promised=promised),
                       t("slides.said.lead") + _more(len(cells) - held), of_keys(report, {note["target_id"] for note in notes}))
    add_table(slide, BODY, heads, cells[:held], inks=STATUS_INKS)


def _sections(made: Deck, report: Report) -> None:
    rows = pd.concat([part.sections for part in report.regions], ignore_index=True)
    classed = rows.dropna(subset=["latest_class"])
    sources = by_title(report.sources[report.sources["kind"] == "section"])
    if classed.empty:
        slide = made.slide(t("slides.sections.none"), "", [t("slides.nothing")])
        _without_class(slide, report, rows)
        return
    good = int(classed["latest_class"].isin(WATER_CLASSES[:3]).sum())
    first, last = classed["latest_day"].min(), classed["latest_day"].max()
    slide = made.slide(t("slides.sections", n=len(classed), good=good),
                       t("slides.sections.lead", first=day_text(first), last=day_text(last)), [*sources, t("slides.sections.computed")])
    names = [part.name for part in report.regions if len(part.sections)]
    by_region = {name: group["latest_class"] for name, group in rows.groupby("region")}
    largest = max(len(by_region[name]) for name in names)
    series = [Series(t("slides.class", name=label), [int(by_region[name].isin(classes).sum()) for name in names],
                     theme.CLASS_COLOUR[classes[-1]], theme.CLASS_COLOUR[classes[-1]], theme.CLASS_INK[classes[-1]],
                     labels=unless_narrow(largest))
              for label, classes in CLASS_GROUPS]
    series.append(Series(t("slides.class.none"), [int(by_region[name].isna().sum()) for name in names], None, theme.GREY, theme.INK2))
    height = min(BODY.height - 1.5, 1 + 0.7 * len(names))
    add_bars(slide, Box(*BODY[:3], height), Bars(names, series, True, largest))
    worse = [t("slides.sections.worse.one", region=row["region"], name=row["name"], found=sentences.class_words(row),
               target=row["target_class"]) for row in classed.to_dict("records") if sentences.is_worse_than_target(row)]
    judged = int(classed["target_class"].notna().sum())
    said = [t("slides.sections.worse", judged=judged, n=len(worse)), *worse] if worse else [t("slides.sections.none_worse", judged=judged)]
    below = BODY.below(height + 0.15)
    if len(report.regions) > 1:
        add_text(slide, below, said, type_size(said, below, TEXT_SIZES[1]))
        return
    _targets_of_sections(slide, below, said[0].replace("：", "。"), classed.dropna(subset=["target_class"]))


def _without_class(slide, report: Report, rows: pd.DataFrame) -> None:
    """Sections of which no class is published."""
    heads = [Column(t("column.region")), Column(t("picture.list.name"), 1), Column(t("map.column.county"), 1),
             Column(t("map.column.river"), 1), Column(t("slides.sections.target"))][_first(report):]
    cells = [[row["region"], row["name"], known(row["county"]), known(row["river"]), known(row["target_class"])][_first(report):]
             for row in rows.to_dict("records")]
    _add_counted_table(slide, BODY, t("slides.sections.count", n=len(rows)), heads, cells)


def _targets_of_sections(slide, box: Box, said: str, rows: pd.DataFrame) -> None:
    """Class beside target class, the worse ones first."""
    records = sorted(rows.to_dict("records"), key=lambda row: not sentences.is_worse_than_target(row))
    heads = [Column(t("picture.list.name"), 1), Column(t("map.column.river"), 1), Column(t("slides.sections.target")),
             Column(t("slides.map.class")), Column(t("slides.sections.verdict"))]
    cells = [[row["name"], known(row["river"]), t("slides.class", name=row["target_class"]), sentences.class_words(row),
              t(f"slides.sections.{'worse_than' if sentences.is_worse_than_target(row) else 'not_worse'}")] for row in records]
    _add_counted_table(slide, box, said, heads, cells)


def _add_counted_table(slide, box: Box, said: str, heads: list[Column], cells: list[list[str]]) -> None:
    """A sentence above a table, with how many rows there is no room for."""
    below = box.below(0.5)
    held = len(planned(below, heads, cells).rows)
    add_text(slide, Box(*box[:3], 0.4), [said + (t("slides.sections.more", n=len(cells) - held) if held < len(cells) else "")], BODY_PT)
    if held:
        add_table(slide, below, heads, cells[:held])


def _changes(made: Deck, report: Report) -> None:
    if report.changes is None or report.figure_changes is None:
        slide = made.slide(t("slides.changes.unknown"), report.since, [t("slides.nothing")])
        add_text(slide, BODY, [t("report.changes.unknown", since=report.since)], TEXT_SIZES[0])
        return
    flipped, figures = flips(report.changes), report.figure_changes
    if flipped.empty and figures.empty:
        slide = made.slide(t("slides.changes.none"), report.since, [t("slides.nothing")])
        add_text(slide, BODY, [t("report.changes", since=report.since, what=t("report.changes.none"))], TEXT_SIZES[0])
        return
    cells = [[row["region"], sentences.subject({**row, "name_in_plan": row["name"]}),
              f"{status_label(row['status_before'])} → {status_label(row['status_after'])}", t(f"changes.cause.{row['cause']}"),
              figure_text(row, "")] for row in flipped.to_dict("records")]
    cells += [[row["region"], row["indicator"], t(f"changes.word.{row['change']}"), "—",
               f"{figure_text(row, '_before')} → {figure_text(row, '')}"] for row in figures.to_dict("records")]
    heads = [Column(t("changes.head.region")), Column(t("changes.head.target"), 4), Column(t("changes.head.change")),
             Column(t("changes.head.cause")), Column(t("changes.head.rests_on"), 2)]
    held = len(planned(BODY, heads, cells).rows)
    notes = [t("slides.notes.change", region=row["region"], name=row["name"], title=known(row["title"]), clause=known(row["clause"]))
             for row in flipped.to_dict("records")]
    notes += [t("slides.notes.change", region=row["region"], name=row["indicator"], title=known(row["title"], row["title_before"]),
                clause=known(row["clause"], row["clause_before"])) for row in figures.to_dict("records")]
    slide = made.slide(t("slides.changes", flips=len(flipped), figures=len(figures)),
                       report.since + _more(len(cells) - held), notes)
    add_table(slide, BODY, heads, cells[:held])


def _next_due(made: Deck, report: Report) -> None:
    rows = report.targets
    rows = rows[rows["status"] == "数据未出"].sort_values("deadline", kind="stable")
    dated = rows.dropna(subset=["deadline"])
    if dated.empty:
        slide = made.slide(t("slides.next.none"), t("overview.as_of", day=report.as_of), [t("slides.nothing")])
        _by_deadline(slide, report)
        return
    first = dated["deadline"].iloc[0]
    heads = [Column(t("column.region")), Column(t("column.deadline")), Column(t("column.indicator"), 3.6),
             Column(t("column.target"), is_figure=True), Column(t("column.latest"), is_figure=True),
             Column(t("column.units"), 2.4)][_first(report):]
    cells = [[row["region"], deadline_words(row["deadline"]), sentences.subject(row), target_text(row), sentences.latest(row),
              units_text(row)][_first(report):] for row in rows.to_dict("records")]
    held = len(planned(BODY, heads, cells).rows)
    slide = made.slide(t("slides.next", day=deadline_words(first), n=int((dated["deadline"] == first).sum())),
                       t("overview.as_of", day=report.as_of) + _more(len(rows) - held), of_keys(report, rows["target_id"]))
    add_table(slide, BODY, heads, cells[:held])


def _by_deadline(slide, report: Report) -> None:
    """How many targets were due when, and their statuses."""
    rows = report.targets[report.targets["status"] != "已废止"]
    statuses = [status for status in STATUS_ORDER if (rows["status"] == status).any() or status in sentences.ALWAYS_SAID]
    heads = [Column(t("column.deadline"), 1.5), *(Column(status_label(status), 1, True) for status in statuses),
             Column(t("column.total"), 1, True)]
    cells = [[deadline_words(day), *(str(int((group["status"] == status).sum())) for status in statuses), str(len(group))]
             for day, group in rows.groupby("deadline", dropna=False)]
    add_table(slide, BODY, heads, cells, TEXT_SIZES[1])


def _sources(made: Deck, report: Report) -> None:
    rows = report.sources
    groups = [(group.iloc[0], group["kind"].value_counts()) for _, group in rows.groupby("title", sort=False)]
    groups.sort(key=lambda group: (-group[1].get("target", 0), -group[1].sum()))
    counts = rows["kind"].value_counts()
    heads = [Column(t("column.title"), 5), Column(t("slides.sources.by"), 3), Column(t("column.published")),
             Column(t("slides.sources.for"))]
    cells = [[str(first["title"]), known(first["publisher"], first["document_number"]), known(first["published"]),
              "\n".join(t(f"slides.sources.{kind}", n=n) for kind, n in kinds.items())] for first, kinds in groups]
    held = len(planned(BODY, heads, cells).rows)
    slide = made.slide(t("slides.sources", targets=counts.get("target", 0), figures=counts.get("figure", 0), n=len(groups)),
                       t("slides.sources.lead") + _more(len(groups) - held), by_title(rows))
    add_table(slide, BODY, heads, cells[:held])


def _first(report: Report) -> int:
    """The first column of a table that begins with the region: of one region alone the next one."""
    return 1 if len(report.regions) == 1 else 0


def _more(n: int) -> str:
    return t("slides.more", n=n) if n else ""
