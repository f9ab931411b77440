"""Plain sentences of a report: counts, gaps in units, what moved. Never more than the data hold; no ranking, no blame.

Targets are rows of `queries.targets`, sections of `section_queries.sections`. Nothing here is escaped.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.judgement_text import gap_words, period_words
from dashboard.queries import STATUS_ORDER
from dashboard.reports.comparison import Comparison
from dashboard.reports.periods import Period
from dashboard.text import (
    WATER_CLASSES,
    day_text,
    deadline_words,
    latest_text,
    listed,
    short_period,
    status_label,
    t,
    target_text,
    value_text,
)

NAMED = 3
"""Targets, units or sections named in one sentence; the tables have all."""

ALWAYS_SAID = STATUS_ORDER[:3]
"""Statuses whose 0 is told too."""


def summary(period: Period, as_of: date, targets: pd.DataFrame, sections: pd.DataFrame, changes: Comparison) -> list[str]:
    """Of all regions together."""
    counted, repealed = _split(targets)
    said = []
    if len(counted):
        said.append(t("report.summary.counts", day=as_of, n=len(counted), counts=status_counts(counted)))
    for name, rows in repealed.groupby("region", sort=False):
        said.append(t("report.repealed.region", region=name, day=day_text(rows["repealed_on"].iloc[0]), n=len(rows)))
    if len(counted):
        said += [*_due(period, counted), *_missed(counted), *_next_due(counted), *_how_units_count(counted)]
    return [*said, *_classes(sections), *_changes(changes)]


def of_region(document: dict, period: Period, targets: pd.DataFrame, short: pd.DataFrame, sections: pd.DataFrame,
              changes: Comparison) -> list[str]:
    """Of one region; `short` are the rows of `queries.attention` whose last figure is short of the target."""
    counted, repealed = _split(targets)
    said = []
    if len(targets) and not targets["is_issued"].all():
        said.append(t("report.not_issued", document=document["title"]))
    if len(repealed):
        said.append(t("report.repealed", day=day_text(document["repealed_on"]), n=len(repealed)))
    if len(counted):
        said.append(t("report.counts", n=len(counted), counts=status_counts(counted)))
        said += [*_due(period, counted), *_missed(counted), *_short(short), *_unreported_units(counted), *_next_due(counted)]
    said += [*_classes(sections), *_worse_than_target(sections), *_class_moves(sections)]
    return [*said, *_changes(changes)] if changes.has_any else said


def status_counts(targets: pd.DataFrame) -> str:
    """达标 23 项，未达标 0 项，到期未报 135 项，定性待评 86 项，未到期 5 项"""
    counts = targets["status"].value_counts()
    return "，".join(t("report.count", status=status_label(status), n=counts.get(status, 0)) for status in STATUS_ORDER
                    if counts.get(status, 0) or status in ALWAYS_SAID)


def subject(row) -> str:
    """What is promised, with its scope."""
    scope = row["scope"]
    return f"{row['name_in_plan']}（{scope}）" if isinstance(scope, str) and scope else str(row["name_in_plan"])


def promise(row) -> str:
    return target_text(row)


def latest(row) -> str:
    """The last comparable figure or words with year and basis: 65.21%（2023，转载）; who judged a qualitative target; else —."""
    if isinstance(row["verdict_id"], str):
        return t("judgement.judged", who=row["judged_by"], day=day_text(row["judged_on"]))
    if pd.isna(row["latest_value"]) and isinstance(row["actual_text"], str):
        return f"{row['actual_text']}（{short_period(row['actual_period'])}）"
    return latest_text(row)


def gap(row) -> str:
    """Of that figure from the target, in units; — where the two cannot be set against each other."""
    if pd.isna(row["latest_value"]) or pd.isna(row["target_value"]):
        return "—"
    return gap_words(row, row["latest_value"])


def class_words(section) -> str:
    """Ⅲ类（2019）; — without a class."""
    if not isinstance(section["latest_class"], str):
        return "—"
    return t("report.class", name=section["latest_class"], period=class_period(section))


def class_period(section) -> str:
    """The time a section's latest class is of: a published period, a month's mean, or the day of one sampling."""
    if isinstance(section["latest_text"], str):
        return short_period(section["latest_text"])
    return f"{section['latest_day']:%Y-%m}" if section["latest_kind"] == "month" else day_text(section["latest_day"])


def is_worse_than_target(section) -> bool:
    """False also where class or target are unknown."""
    both = (section["latest_class"], section["target_class"])
    return all(isinstance(name, str) for name in both) and _rank(both[0]) > _rank(both[1])


def _split(targets: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    is_repealed = targets["status"] == "已废止"
    return targets[~is_repealed], targets[is_repealed]


def _due(period: Period, counted: pd.DataFrame) -> list[str]:
    """Targets whose deadline lies in the period; said only when there are some."""
    due = counted[counted["deadline"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]
    return [t("report.due", period=period.words, n=len(due), counts=status_counts(due))] if len(due) else []


def _missed(counted: pd.DataFrame) -> list[str]:
    rows = counted[counted["status"] == "未达标"]
    if rows.empty:
        return []
    return [t("report.missed", n=len(rows), named=_named([_with_gap(row) for row in rows.head(NAMED).to_dict("records")], len(rows)))]


def _short(short: pd.DataFrame) -> list[str]:
    """Unreported targets whose last figure, of an earlier year, does not reach the target."""
    rows = short[short["status"] == "到期未报"].sort_values("target_id")
    if rows.empty:
        return []
    return [t("report.short", n=len(rows), named=_named([_with_gap(row) for row in rows.head(NAMED).to_dict("records")], len(rows)))]


def _with_gap(row: dict) -> str:
    if pd.isna(row["latest_value"]):  # judged by people
        return t("report.judged", subject=subject(row), target=promise(row))
    return t("report.with_gap", subject=subject(row), period=period_words(row["latest_period"]),
             figure=value_text(row["latest_value"], row["unit"], row["latest_text"],
                               comparator=row["latest_comparator"] if isinstance(row["latest_comparator"], str) else "="),
             target=promise(row), gap=gap(row))


def _unreported_units(counted: pd.DataFrame) -> list[str]:
    """Who has figures to report: each lead unit of a target, else each implementing one, counts once."""
    rows = counted[counted["status"] == "到期未报"]
    units = [names for names in map(_answering, rows.to_dict("records")) if names]
    if not units:
        return []
    counts = pd.Series([name for names in units for name in names]).value_counts(sort=False).sort_values(ascending=False, kind="stable")
    named = listed([t("report.unit", name=name, n=n) for name, n in counts.head(NAMED).items()])
    unnamed = t("report.units.none", n=len(rows) - len(units)) if len(units) < len(rows) else ""
    return [t("report.units", n=len(rows), units=len(counts), named=named, unnamed=unnamed)]


def _how_units_count(counted: pd.DataFrame) -> list[str]:
    """Said once, for `_unreported_units` of all regions."""
    return [t("report.units.how")] if any(map(_answering, counted[counted["status"] == "到期未报"].to_dict("records"))) else []


def _answering(row: dict) -> list[str]:
    """Lead units of a target, else its implementing ones; a name may hold a 、 itself, as 水利、农业部门 does."""
    of_role = row["lead_units"] if isinstance(row["lead_units"], str) else row["implement_units"]
    return [name for name in row["unit_names"] if f"、{name}、" in f"、{of_role}、"] if isinstance(of_role, str) else []


def _next_due(counted: pd.DataFrame) -> list[str]:
    rows = counted[counted["status"] == "数据未出"].dropna(subset=["deadline"])
    if rows.empty:
        return []
    first = rows["deadline"].min()
    return [t("report.next", day=deadline_words(first), n=int((rows["deadline"] == first).sum()))]


def _classes(sections: pd.DataFrame) -> list[str]:
    """How many sections of which class, and how old the classes are."""
    if sections.empty:
        return []
    known = sections.dropna(subset=["latest_class"])
    if known.empty:
        return [t("report.sections.none", n=len(sections))]
    counts = known["latest_class"].value_counts()
    first, last = (f"{day:%Y}" for day in (known["latest_day"].min(), known["latest_day"].max()))
    return [t("report.sections", n=len(sections), known=len(known), years=first if first == last else f"{first}–{last}",
              counts="，".join(t("report.sections.class", name=name, n=counts[name]) for name in WATER_CLASSES if name in counts))]


def _worse_than_target(sections: pd.DataFrame) -> list[str]:
    judged = [row for row in sections.to_dict("records") if isinstance(row["latest_class"], str) and isinstance(row["target_class"], str)]
    if not judged:
        return []
    worse = [row for row in judged if is_worse_than_target(row)]
    if not worse:
        return [t("report.sections.all_meet", n=len(judged))]
    named = [t("report.sections.worse.one", name=row["name"], found=row["latest_class"], target=row["target_class"],
               period=class_period(row)) for row in worse[:NAMED]]
    return [t("report.sections.worse", judged=len(judged), n=len(worse), named=_named(named, len(worse)))]


def _class_moves(sections: pd.DataFrame) -> list[str]:
    """Against the period before of the same kind and basis."""
    rows = [row for row in sections.to_dict("records") if isinstance(row["prior_class"], str) and isinstance(row["latest_class"], str)]
    moves = []
    for key, sign in (("better", -1), ("worse_moved", 1)):
        moved = [row for row in rows if (_rank(row["latest_class"]) - _rank(row["prior_class"])) * sign > 0]
        if moved:
            named = [t("report.sections.move", name=row["name"], before=row["prior_class"], after=row["latest_class"])
                     for row in moved[:NAMED]]
            moves.append(t(f"report.sections.{key}", n=len(moved), named=_named(named, len(moved))))
    return [t("report.sections.moves", n=len(rows), moves="；".join(moves))] if moves else []


def _changes(changes: Comparison) -> list[str]:
    if changes.targets is None:
        return [t("report.changes.unknown", since=changes.since)]
    parts = [t("report.changes.flips", n=len(changes.flips))] if len(changes.flips) else []
    by_change = changes.figures["change"].value_counts()
    parts += [t(f"report.changes.{key}", n=by_change[key]) for key in ("added", "changed", "withdrawn") if key in by_change]
    return [t("report.changes", since=changes.since, what="，".join(parts) or t("report.changes.none"))]


def _named(named: list[str], n: int) -> str:
    """The named ones, and how many more there are."""
    return "；".join(named) + (t("report.more", n=n - len(named)) if n > len(named) else "")


def _rank(name: str) -> int:
    return WATER_CLASSES.index(name)
