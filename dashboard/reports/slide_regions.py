"""One slide for each region: its shares as bars or what needs attention first, and what is said of it; a repealed plan as what it was."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dashboard import theme
from dashboard.reports import sentences
from dashboard.reports.content import RegionPart, Report
from dashboard.reports.findings import attention, comparable_shares, finding
from dashboard.reports.native_charts import share_bars
from dashboard.reports.slide_notes import by_title, known, of_keys
from dashboard.reports.slide_parts import Deck, add_bars, add_key, add_table, add_text
from dashboard.reports.slide_room import BODY, LEAD_PT, SMALL_PT, TEXT_SIZES, Box, Column, fitted, planned, type_size
from dashboard.text import (
    day_text,
    deadline_words,
    issued_text,
    short_period,
    status_label,
    t,
    target_text,
    units_text,
)

EVIDENCE_IN, CATEGORY_IN = 7.9, 2.6
"""Width of bars and table beside the sentences, and of an indicator's name beside its bars."""
KEY_IN, BAR_IN, PAIR_IN = 0.35, 0.3, 0.68
"""Heights of the key above the bars, of the space around all bars, and of the two bars of a target."""
TABLE_FROM_IN = 1.4
"""A table of fewer inches is not worth its head."""
STATUS_INKS = {status_label(status): colour for status, colour in theme.STATUS_COLOUR.items()}


def add_region(made: Deck, report: Report, part: RegionPart) -> None:
    if part.is_repealed:
        _add_repealed(made, report, part)
        return
    shares, urgent = comparable_shares(part), attention([part])
    said = report.sentences_of(part)
    evidence, words = BODY.split(EVIDENCE_IN)
    key = "shares" if len(shares) else "attention" if len(urgent) else "none"
    shown: list[str] = shares["target_id"].tolist()
    slide_lead = t(f"slides.region.lead.{key}", document=part.document["short_title"])
    height = KEY_IN + BAR_IN + PAIR_IN * len(shares) if len(shares) else 0
    room = evidence.below(height + 0.15 if height else 0)
    held = _held(room, urgent) if len(urgent) and room.height >= TABLE_FROM_IN else 0
    shown += urgent["target_id"].head(held).tolist()
    more = t("slides.more", n=len(urgent) - held) if 0 < held < len(urgent) else ""
    own = report.sources[report.sources["region"] == part.name]
    slide = made.slide(finding(part.targets, part.name), fitted(slide_lead + more, SMALL_PT, BODY.width - 0.2, 1),
                       [*part.sentences, *of_keys(report, shown), *by_title(own)])
    if len(shares):
        _add_shares(slide, Box(*evidence[:3], min(height, evidence.height)), shares)
    if held:
        heads, rows = _urgent(urgent)
        add_table(slide, room, heads, rows[:held])
    place = words if shown else BODY
    add_text(slide, place, said, type_size(said, place, LEAD_PT if shown else TEXT_SIZES[0]))


def urgent_cells(row: dict) -> list[str]:
    """Indicator, target, the last figure with its gap or how long it is overdue, units; as cells of a table."""
    late = t("overview.attention.late", days=row["days_past_deadline"])
    last = late if pd.isna(row["latest_value"]) else f"{sentences.latest(row)}\n{sentences.gap(row)}"
    return [sentences.subject(row), target_text(row), last, units_text(row)]


def urgent_columns(names: float, units: float) -> list[Column]:
    """Heads of `urgent_cells`, with the shares of the two columns of names."""
    return [Column(t("column.indicator"), names), Column(t("column.target"), is_figure=True),
            Column(t("slides.attention.last"), is_figure=True), Column(t("column.units"), units)]


def _urgent(rows: pd.DataFrame) -> tuple[list[Column], list[list[str]]]:
    return urgent_columns(3, 2), [urgent_cells(row) for row in rows.to_dict("records")]


def _held(room: Box, rows: pd.DataFrame) -> int:
    return len(planned(room, *_urgent(rows)).rows)


def _add_shares(slide, box: Box, rows: pd.DataFrame) -> None:
    """Targets as outlines, figures as bars, hollow where they are of an earlier year."""
    bars = share_bars(rows)
    earlier = bars.series[1].hollow
    names = [fitted(row["name_in_plan"], SMALL_PT, CATEGORY_IN, 2) + f"（{short_period(row['latest_period'])}）"
             for row in rows.to_dict("records")]
    marks = [("□", theme.INK, t("column.target"))]
    marks += [("■", theme.BLUE, t("slides.key.due"))] if len(earlier) < len(rows) else []
    marks += [("□", theme.BLUE, t("slides.key.earlier"))] if earlier else []
    add_key(slide, Box(*box[:3], KEY_IN), marks)
    add_bars(slide, box.below(KEY_IN), replace(bars, categories=names))


def _add_repealed(made: Deck, report: Report, part: RegionPart) -> None:
    """What the document was, and which of its targets were not yet due when it ended."""
    plan, rows = part.document, part.targets
    ended = plan["repealed_on"]
    was_due = rows["deadline"] < ended
    own = report.sources[report.sources["region"] == part.name]
    slide = made.slide(finding(rows, part.name), t("slides.repealed.lead", document=plan["title"]), [*part.sentences, *by_title(own)])
    said = [t("slides.repealed.said", day=day_text(ended), n=len(rows), late=int((rows["deadline"] >= ended).sum())),
            t("slides.repealed.figures", n=int(rows["latest_value"].notna().sum()))]
    add_text(slide, Box(*BODY[:3], 1.35), said, type_size(said, Box(*BODY[:3], 1.35), 20))
    left, right = BODY.below(1.5).split(EVIDENCE_IN - 0.7)
    facts = [("document", plan["title"]), ("number", known(plan["document_number"])), ("issuer", known(plan["issuer"])),
             ("issued", issued_text(plan["issued_on"], plan["issued_precision"])), ("ended", day_text(ended)),
             ("held", t("slides.repealed.counts", targets=len(rows), measures=plan["measures"], projects=plan["projects"]))]
    add_table(slide, left, [Column(t("slides.repealed.what")), Column(t("slides.repealed.is"), 1)],
              [[t(f"slides.repealed.{key}"), words] for key, words in facts])
    counts = rows.assign(was_due=was_due).groupby(["deadline", "was_due"], dropna=False).size()
    heads = [Column(t("column.deadline"), 1), Column(t("slides.repealed.n"), 0, True), Column(t("slides.repealed.then"), 1)]
    add_table(slide, right, heads, [[deadline_words(day), str(n), t(f"slides.repealed.{'due' if due else 'not_due'}")]
                                    for (day, due), n in counts.items()])
