"""A report as slides: one finding a slide, charts and tables that PowerPoint can edit, the sources in the notes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import pandas as pd

from dashboard import theme
from dashboard.queries import STATUS_ORDER
from dashboard.reports import sentences
from dashboard.reports.content import RegionPart, Report
from dashboard.reports.findings import attention, biggest_gaps, comparable_shares, figure_words, finding
from dashboard.reports.slide_parts import (
    BODY,
    BODY_PT,
    EDGE,
    LEAD_PT,
    SMALL_PT,
    WIDTH,
    Box,
    Column,
    Deck,
    Series,
    add_bars,
    add_picture,
    add_table,
    add_text,
    fitted,
    table_rows,
    type_size,
)
from dashboard.text import (
    WATER_CLASSES,
    day_text,
    deadline_words,
    short_period,
    status_label,
    t,
    target_text,
    units_text,
)
from etl.settings import load_settings
from etl.versions import database_file, open_read_only

CATEGORY_IN = 2
"""Room for a line of an indicator's name beside its bars, the year left out."""

PICTURE_TITLE = 88 / 1080
"""Share of the map picture that its own title takes; here the slide has one."""

BARS = {"达标": (theme.BLUE, theme.BLUE, "#FFFFFF"), "未达标": (theme.BRICK, theme.BRICK, "#FFFFFF"),
        "到期未报": (theme.WARM_FILL, theme.WARM, theme.WARM), "定性待评": (None, theme.SLATE, theme.SLATE),
        "数据未出": (theme.HAIR, theme.GREY, theme.INK2), "已废止": (theme.LINE, theme.REPEALED, theme.INK2)}
"""Fill, outline and label of each status: filled where it is judged, as on the pages."""

CLASS_GROUPS = (("Ⅰ–Ⅱ", ("Ⅰ", "Ⅱ")), *((name, (name,)) for name in WATER_CLASSES[2:]))
"""Ⅰ and Ⅱ share their colour."""


def deck(report: Report) -> bytes:
    """The file, PPTX. The map is drawn from the version of the database the report was made of; once that is removed, there is none."""
    made = Deck(t("slides.footer", day=report.as_of, version=report.version), report.link)
    _opening(made, report)
    _overview(made, report)
    _attention(made, report)
    for part in report.regions:
        _region(made, report, part)
    _map(made, report)
    _sections(made, report)
    _changes(made, report)
    _next_due(made, report)
    _sources(made, report)
    return made.save()


def _opening(made: Deck, report: Report) -> None:
    lead = t("slides.opening", regions="、".join(report.names), period=report.period.words, day=report.as_of)
    slide = made.slide(report.title, lead, [t("slides.notes.method"), *_by_title(report.sources)])
    add_text(slide, BODY, report.summary, type_size(report.summary, BODY, LEAD_PT))


def _overview(made: Deck, report: Report) -> None:
    rows = report.targets
    counts = {name: group["status"].value_counts() for name, group in rows.groupby("region", sort=False)}
    names = [name for name in report.names if name in counts]
    slide = made.slide(finding(rows), t("slides.overview.lead", n=len(rows), day=report.as_of),
                       [t("slides.notes.method"), *_by_title(report.sources[report.sources["kind"] == "target"])])
    series = [Series(status_label(status), [int(counts[name].get(status, 0)) for name in names], *BARS[status])
              for status in STATUS_ORDER]
    height = 0.55 + 0.45 * len(names)
    largest = max((int(group.sum()) for group in counts.values()), default=1)
    add_bars(slide, Box(*BODY[:3], height), names, series, is_stacked=True, labels=_unless_narrow(largest), most=largest)
    heads = [Column(t("column.region"), 1.3), *(Column(status_label(status), 1, True) for status in STATUS_ORDER),
             Column(t("column.total"), 1, True)]
    table = [[name, *(str(counts[name].get(status, 0)) for status in STATUS_ORDER), str(int(counts[name].sum()))] for name in names]
    top = BODY.top + height + 0.15
    add_table(slide, Box(BODY.left, top, BODY.width, BODY.top + BODY.height - top), heads, table, lines=1)


def _attention(made: Deck, report: Report) -> None:
    gaps, rows = biggest_gaps(report.regions), attention(report.regions)
    missed = int((gaps["status"] == "未达标").sum())
    if missed:
        title = t("slides.attention.missed", missed=missed, short=len(gaps) - missed)
    elif len(gaps):
        title = t("slides.attention.short", n=len(gaps))
    else:
        title = t("slides.attention.overdue" if len(rows) else "slides.attention.none", n=len(rows))
    shown = rows.head(table_rows(BODY))
    lead = t("slides.attention.lead") + (t("slides.more", n=len(rows) - len(shown)) if len(rows) > len(shown) else "")
    slide = made.slide(title, lead, _of_keys(report, shown["target_id"]))
    if rows.empty:
        add_text(slide, BODY, report.summary[:1], LEAD_PT)
        return
    heads = [Column(t("column.region"), 0.75), Column(t("column.indicator"), 3.2), Column(t("column.target"), 1.1, True),
             Column(t("column.latest"), 1.75, True), Column(t("column.gap"), 1.45), Column(t("column.units"), 2),
             Column(t("column.status"), 1)]
    cells = [[row["region"], sentences.subject(row), target_text(row), sentences.latest(row),
              t("overview.attention.late", days=row["days_past_deadline"]) if pd.isna(row["latest_value"]) else sentences.gap(row),
              units_text(row), status_label(row["status"])] for row in shown.to_dict("records")]
    add_table(slide, BODY, heads, cells, inks={status_label(status): colour for status, colour in theme.STATUS_COLOUR.items()})


def _region(made: Deck, report: Report, part: RegionPart) -> None:
    rows = comparable_shares(part)
    records = rows.to_dict("records")
    own = report.sources[report.sources["region"] == part.name]
    lead = t("slides.region.lead" if records else "slides.region.lead.none", document=part.document["title"])
    slide = made.slide(finding(part.targets, part.name), fitted(lead, SMALL_PT, WIDTH - 2 * EDGE - 0.2, 1),
                       [*part.sentences, *_of_keys(report, rows["target_id"]), *_by_title(own)])
    said = Box(BODY.left, BODY.top, BODY.width, BODY.height)
    if records:
        said = Box(BODY.left + 7.9, BODY.top, BODY.width - 7.9, BODY.height)
        names = [fitted(row["name_in_plan"], SMALL_PT, CATEGORY_IN, 2) + f"（{short_period(row['latest_period'])}）" for row in records]
        earlier = tuple(at for at, row in enumerate(records) if pd.isna(row["actual_value"]))
        series = [Series(t("column.target"), rows["target_value"].tolist(), theme.LINE, theme.INK, theme.INK),
                  Series(t("column.latest"), rows["latest_value"].tolist(), theme.BLUE, theme.BLUE, theme.BLUE, earlier)]
        largest = float(rows[["target_value", "latest_value"]].max().max())
        height = min(BODY.height, 0.8 + 0.62 * len(records))
        add_bars(slide, Box(BODY.left, BODY.top, 7.7, height), names, series, is_stacked=False, labels='General"%"', most=1.2 * largest)
    add_text(slide, said, part.sentences, type_size(part.sentences, said, BODY_PT if records else LEAD_PT))


def _map(made: Deck, report: Report) -> None:
    from dashboard.map_picture import map_picture  # matplotlib is slow to import
    from dashboard.map_words import finding as map_finding
    from dashboard.map_words import in_region
    from dashboard.picture_queries import shown_on_map

    file = database_file(report.version)
    if not file.is_file():
        return
    with contextlib.closing(open_read_only(file)) as connection:
        shown = shown_on_map(connection.cursor(), report.as_of)
    drawn = set(shown.shapes["panel"])
    regions = [part for part in report.regions if part.region_id in drawn]
    if not regions:
        return
    sections = pd.concat([in_region(shown.sections, {"region_id": part.region_id, "name": part.name}, shown.shapes) for part in regions])
    png = map_picture(shown, [part.region_id for part in regions], report.as_of, load_settings().map.approval_number)
    slide = made.slide(map_finding(sections.drop_duplicates("section_id")), "",
                       [t("slides.map.notes"), *_by_title(report.sources[report.sources["kind"] == "section"])])
    add_picture(slide, Box(BODY.left, 1.15, BODY.width, 5.7), png, PICTURE_TITLE)


def _sections(made: Deck, report: Report) -> None:
    rows = pd.concat([part.sections for part in report.regions], ignore_index=True)
    known = rows.dropna(subset=["latest_class"])
    sources = _by_title(report.sources[report.sources["kind"] == "section"])
    if known.empty:
        slide = made.slide(t("slides.sections.none"), "", [t("slides.nothing")])
        add_text(slide, BODY, [t("slides.sections.count", n=len(rows))], LEAD_PT)
        return
    good = int(known["latest_class"].isin(WATER_CLASSES[:3]).sum())
    first, last = known["latest_day"].min(), known["latest_day"].max()
    slide = made.slide(t("slides.sections", n=len(known), good=good), t("slides.sections.lead", first=day_text(first), last=day_text(last)),
                       [*sources, t("slides.sections.computed")])
    names = [part.name for part in report.regions if len(part.sections)]
    by_region = {name: group["latest_class"] for name, group in rows.groupby("region")}
    series = [Series(t("slides.class", name=label), [int(by_region[name].isin(classes).sum()) for name in names],
                     theme.CLASS_COLOUR[classes[-1]], theme.CLASS_COLOUR[classes[-1]], theme.CLASS_INK[classes[-1]])
              for label, classes in CLASS_GROUPS]
    series.append(Series(t("slides.class.none"), [int(by_region[name].isna().sum()) for name in names], None, theme.GREY, theme.INK2))
    largest = max(len(by_region[name]) for name in names)
    height = min(BODY.height - 1.5, 1 + 0.7 * len(names))
    add_bars(slide, Box(*BODY[:3], height), names, series, is_stacked=True, labels=_unless_narrow(largest), most=largest)
    worse = [t("slides.sections.worse.one", region=row["region"], name=row["name"], found=sentences.class_words(row),
               target=row["target_class"]) for row in known.to_dict("records") if sentences.is_worse_than_target(row)]
    judged = int(known["target_class"].notna().sum())
    said = [t("slides.sections.worse", judged=judged, n=len(worse)), *worse] if worse else [t("slides.sections.none_worse", judged=judged)]
    top = BODY.top + height + 0.15
    add_text(slide, Box(BODY.left, top, BODY.width, BODY.top + BODY.height - top), said, BODY_PT)


def _changes(made: Deck, report: Report) -> None:
    if report.changes is None or report.figure_changes is None:
        slide = made.slide(t("slides.changes.unknown"), report.since, [t("slides.nothing")])
        add_text(slide, BODY, [t("report.changes.unknown", since=report.since)], LEAD_PT)
        return
    known = report.changes.dropna(subset=["status_before", "status_after"])
    flips, figures = known[known["status_before"] != known["status_after"]], report.figure_changes
    if flips.empty and figures.empty:
        slide = made.slide(t("slides.changes.none"), report.since, [t("slides.nothing")])
        add_text(slide, BODY, [t("report.changes", since=report.since, what=t("report.changes.none"))], LEAD_PT)
        return
    cells = [[row["region"], sentences.subject({**row, "name_in_plan": row["name"]}),
              f"{status_label(row['status_before'])} → {status_label(row['status_after'])}", t(f"changes.cause.{row['cause']}"),
              figure_words(row, "")] for row in flips.to_dict("records")]
    cells += [[row["region"], row["indicator"], t(f"changes.word.{row['change']}"), "",
               f"{figure_words(row, '_before')} → {figure_words(row, '')}"] for row in figures.to_dict("records")]
    shown = cells[:table_rows(BODY)]
    lead = report.since + (t("slides.more", n=len(cells) - len(shown)) if len(cells) > len(shown) else "")
    notes = [t("slides.notes.change", region=row["region"], name=row["name"], title=_known(row["title"]), clause=_known(row["clause"]))
             for row in flips.to_dict("records")]
    notes += [t("slides.notes.change", region=row["region"], name=row["indicator"], title=_known(row["title"], row["title_before"]),
                clause=_known(row["clause"], row["clause_before"])) for row in figures.to_dict("records")]
    slide = made.slide(t("slides.changes", flips=len(flips), figures=len(figures)), lead, notes)
    heads = [Column(t("changes.head.region"), 0.75), Column(t("changes.head.target"), 4), Column(t("changes.head.change"), 2),
             Column(t("changes.head.cause"), 1.3), Column(t("changes.head.rests_on"), 3)]
    add_table(slide, BODY, heads, shown)


def _next_due(made: Deck, report: Report) -> None:
    rows = report.targets
    rows = rows[rows["status"] == "数据未出"].sort_values("deadline", kind="stable")
    dated = rows.dropna(subset=["deadline"])
    if dated.empty:
        slide = made.slide(t("slides.next.none"), t("overview.as_of", day=report.as_of), [t("slides.nothing")])
        add_text(slide, BODY, [sentences.status_counts(report.targets)], LEAD_PT)
        return
    first = dated["deadline"].iloc[0]
    shown = rows.head(table_rows(BODY))
    lead = t("overview.as_of", day=report.as_of) + (t("slides.more", n=len(rows) - len(shown)) if len(rows) > len(shown) else "")
    slide = made.slide(t("slides.next", day=deadline_words(first), n=int((dated["deadline"] == first).sum())), lead,
                       _of_keys(report, rows["target_id"]))
    heads = [Column(t("column.deadline"), 1.1), Column(t("column.region"), 0.75), Column(t("column.indicator"), 3.6),
             Column(t("column.target"), 1.6, True), Column(t("column.latest"), 1.8, True), Column(t("column.units"), 2.4)]
    add_table(slide, BODY, heads, [[deadline_words(row["deadline"]), row["region"], sentences.subject(row), target_text(row),
                                    sentences.latest(row), units_text(row)] for row in shown.to_dict("records")])


def _sources(made: Deck, report: Report) -> None:
    rows = report.sources
    groups = [(group.iloc[0], group["kind"].value_counts()) for _, group in rows.groupby("title", sort=False)]
    groups.sort(key=lambda group: (-group[1].get("target", 0), -group[1].sum()))
    counts, shown = rows["kind"].value_counts(), groups[:table_rows(BODY)]
    lead = t("slides.sources.lead") + (t("slides.more", n=len(groups) - len(shown)) if len(groups) > len(shown) else "")
    slide = made.slide(t("slides.sources", targets=counts.get("target", 0), figures=counts.get("figure", 0), n=len(groups)), lead,
                       _by_title(rows))
    heads = [Column(t("column.title"), 5), Column(t("slides.sources.by"), 3), Column(t("column.published"), 1.2),
             Column(t("slides.sources.for"), 2.4)]
    add_table(slide, BODY, heads, [[str(first["title"]), _known(first["publisher"], first["document_number"]), _known(first["published"]),
                                    "，".join(t(f"slides.sources.{kind}", n=n) for kind, n in kinds.items())] for first, kinds in shown])


def _of_keys(report: Report, keys: Iterable[str]) -> list[str]:
    """Clause and source of these targets and of their figures, and what people wrote of them, a line each."""
    rows = report.sources[report.sources["key"].isin(list(keys))].to_dict("records")
    said = [t(f"slides.notes.{row['kind']}", subject=row["subject"], words=row["words"], title=row["title"], clause=_known(row["clause"]),
              publisher=_known(row["publisher"]), published=_known(row["published"]), url=_known(row["url"])) for row in rows]
    names = {row["key"]: row["subject"] for row in rows}
    said += [t("slides.notes.said", subject=names[note["target_id"]], text=note["text"], author=note["author"], day=day_text(note["day"]))
             for note in report.notes.to_dict("records") if note["target_id"] in names]
    return said or [t("slides.nothing")]


def _by_title(sources: pd.DataFrame) -> list[str]:
    """Each document and publication once, with all its clauses that are used."""
    return [t("slides.notes.title", title=title, by=_known(group.iloc[0]["document_number"], group.iloc[0]["publisher"]),
              n=len(group), clauses="、".join(group["clause"].dropna().unique()) or "—", url=_known(group.iloc[0]["url"]))
            for title, group in sources.groupby("title", sort=False)] or [t("slides.nothing")]


def _unless_narrow(largest: int) -> str:
    """Number format that leaves out labels of bars too narrow for them; the table below has all counts."""
    return f'[<{max(1, round(0.022 * largest + 0.5))}]"";General'


def _known(*values) -> str:
    """The first that is there; — without any."""
    return next((str(value) for value in values if isinstance(value, str) and value), "—")
