"""The class strip of the list: one cell per sampling, or per month and year of classes; one line of markup a section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from dashboard.text import esc, t
from pages.shared.classes import Rank, is_known, is_worse, period_label

SLOTS, SLOT_HOURS = 6, 4
"""The stations sample every four hours."""

SHOWN_PERIODS = 30
PERIOD_KINDS = {"month": None, "quarter": "季", "half_year": "半", "year": "年"}
NONE = "<i>—</i>"
PITCH = 17
"""Pixels from cell to cell; the style of the list gives a cell one less."""


@dataclass(frozen=True)
class Strip:
    """Heading and cells by section, and how many of its classes are worse than Ⅲ among how many."""

    head: str
    cells: Mapping[str, str]
    worse: Mapping[str, tuple[int, int]]
    empty: str
    legend: list[str] = field(default_factory=list)  # keys of the marks in use
    note: str = ""


def _words(key: str) -> str:
    return f'<span class="note">{t(key)}</span>'


def of_samplings(rows: pd.DataFrame, first: date, last: date, targets: Mapping[str, str | None]) -> Strip:
    """`rows`: `section_queries.samplings`; one cell for every four hours from the first day to the last."""
    days = pd.date_range(first, last)
    places = (rows["sampled_at"] - pd.Timestamp(first)) // pd.Timedelta(hours=SLOT_HOURS)
    lines: dict[str, dict[int, str]] = {}
    worse: dict[str, tuple[int, int]] = {}
    for section_id, place, name, counts in zip(rows["section_id"], places, rows["class"], rows["counts"], strict=True):
        lines.setdefault(section_id, {})[place] = _sampling(name, counts, targets.get(section_id))
        if counts and is_known(name):
            bad, valid = worse.get(section_id, (0, 0))
            worse[section_id] = (bad + (Rank[name] > Rank["Ⅲ"]), valid + 1)
    cells = {section_id: _days([line.get(place, NONE) for place in range(len(days) * SLOTS)]) for section_id, line in lines.items()}
    width = SLOTS * PITCH
    head = "".join(f'<b style="width:{width}px">{t("section.day", month=d.month, day=d.day)}</b>' for d in days)
    return Strip(f'<div class="strip head">{head}</div>', cells, worse, _words("section.strip.no_readings"), ["maintenance"])


def _sampling(name: str | None, counts: bool, target: str | None) -> str:
    if not counts:
        return f'<i class="m">{t("section.cell.maintenance")}</i>'
    return class_cell(name, target) if is_known(name) else f'<i class="m">{t("section.cell.no_value")}</i>'


def class_cell(name: str, target: str | None, tip: str = "", mark: str = "") -> str:
    """A cell of the strip: 劣 stands for 劣Ⅴ; underlined when worse than the target, or than Ⅲ without one."""
    underline = " u" if is_worse(name, target) else ""
    title = f' title="{esc(tip)}"' if tip else ""
    return f'<i class="c{Rank[name]}{underline}{mark}"{title}>{name[0]}</i>'


def _days(cells: list[str]) -> str:
    groups = ["".join(cells[place:place + SLOTS]) for place in range(0, len(cells), SLOTS)]
    return f'<div class="strip"><div>{"</div><div>".join(groups)}</div></div>'


def of_periods(rows: pd.DataFrame, targets: Mapping[str, str | None]) -> Strip:
    """`rows`: `section_queries.class_periods`; one cell for every month, quarter and year some section has a class of.

    A published class is outlined and stands before a computed one.
    """
    rows = rows[rows["class"].notna() & rows["period_kind"].isin(list(PERIOD_KINDS)) & rows["period_start"].notna()]
    rows = rows[(rows["class_basis"] != "computed") | (rows["period_kind"] == "month")]
    if rows.empty:
        return Strip("", {}, {}, "")
    periods = rows.drop_duplicates(["period_kind", "period_start"])
    periods = periods.assign(year=periods["period_start"].dt.year, is_year=periods["period_kind"] == "year")
    periods = periods.sort_values(["year", "is_year", "period_end", "period_start"])
    hidden = max(len(periods) - SHOWN_PERIODS, 0)
    periods = periods.tail(SHOWN_PERIODS)
    keys = list(zip(periods["period_kind"], periods["period_start"], strict=True))
    cells, worse = {}, {}
    for section_id, group in rows.sort_values("class_basis").groupby("section_id", sort=False):
        group = group.drop_duplicates(["period_kind", "period_start"], keep="last")  # published after computed
        line = {(row["period_kind"], row["period_start"]): _period(row, targets.get(section_id))
                for row in group.to_dict("records")}
        cells[section_id] = _years(keys, [line.get(key, NONE) for key in keys])
        ranks = [Rank[c] for c in group["class"] if is_known(c)]
        worse[section_id] = (sum(rank > Rank["Ⅲ"] for rank in ranks), len(ranks))
    labels = [f"<em>{PERIOD_KINDS[kind] or start.month}</em>" for kind, start in keys]
    counts = pd.Series([start.year for _, start in keys]).value_counts().sort_index()
    years = "".join(f'<b style="width:{PITCH * n}px">{_year(year, n)}</b>' for year, n in counts.items())
    head = f'<div class="strip head">{years}</div>{_years(keys, labels)}'
    published = "published_class" in set(rows["class_basis"])
    return Strip(head, cells, worse, _words("section.strip.no_class"), ["published"] if published else [],
                 t("section.strip.hidden", n=hidden) if hidden else "")


def _year(year: int, cells: int) -> str:
    return str(year) if cells > 1 else f"{year % 100:02d}"


def _period(row: dict, target: str | None) -> str:
    is_published = row["class_basis"] == "published_class"
    label = period_label(row["period_kind"], row["period_start"], row["period_end"], row["period_text"])
    basis = t(f"section.basis.{row['class_basis']}")
    if not is_known(row["class"]):
        return NONE
    return class_cell(row["class"], target, f"{label} {row['class']} {basis}", " p" if is_published else "")


def _years(keys: list[tuple], cells: list[str]) -> str:
    groups: dict[int, list[str]] = {}
    for (_, start), cell in zip(keys, cells, strict=True):
        groups.setdefault(start.year, []).append(cell)
    return f'<div class="strip"><div>{"</div><div>".join("".join(group) for group in groups.values())}</div></div>'
