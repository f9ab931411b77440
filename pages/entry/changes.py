"""HTML of what a confirmation would do: figures added and changed, and the statuses that flip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.text import esc, t
from dashboard.theme import STATUS_SHAPE, badge
from etl.entries import Verdict
from pages.entry.parts import difference, figure

if TYPE_CHECKING:
    from etl.review import Flip, Line

MOST_LISTED = 12


def lines_table(lines: list[Line], names: pd.DataFrame, is_done: bool = False) -> str:
    """Old → new and by how much, changed figures first; what is the same is only counted.

    `names` as entry_queries.target_names(); `is_done`: it has happened.
    """
    if not lines:
        return ""
    known = names.set_index("target_id")
    writing = sorted((line for line in lines if line.change != "same"), key=lambda line: line.change == "added")
    rows = [_line(line, known.loc[line.entry.target_id]) for line in writing]
    heads = "".join(f'<th{" class=r" if key in ("old", "new") else ""}>{t(f"entry.head.{key}")}</th>'
                    for key in ("subject", "period", "old", "new", "by"))
    title = t("entry.changes.done" if is_done else "entry.changes", what=summary(lines))
    return f'<div class="q gap"><h2>{title}</h2>{_folded(f"<tr>{heads}</tr>", rows) if rows else ""}</div>'


def summary(lines: list[Line]) -> str:
    """新增 18 个，改动 2 个，相同 1 个"""
    counts = {change: sum(line.change == change for line in lines) for change in ("added", "changed", "same")}
    return "，".join(t(f"entry.changes.{change}", n=n) for change, n in counts.items() if n)


def _line(line: Line, about: pd.Series) -> str:
    subject = f'{esc(about["indicator"])}<div class="note">{esc(about["region"])} · {esc(about["scope"])}</div>'
    entry = line.entry
    if isinstance(entry, Verdict):
        cells = ("", "—", esc(entry.verdict), t(f"entry.by.{line.change}"))
    else:
        old = line.replaces[0] if line.replaces else None
        by = difference(old.value, entry.value, entry.unit) if old and line.change == "changed" else t(f"entry.by.{line.change}")
        cells = (esc(entry.period_text), esc(figure(old.value, entry.unit)) if old else "—",
                 esc(figure(entry.value, entry.unit, entry.comparator)), esc(by))
    period, before, after, by = cells
    return (f'<tr><td style="padding:5px 8px 5px 0">{subject}</td><td class="nw">{period}</td><td class="r nw old">{before}</td>'
            f'<td class="r nw new">{after}</td><td class="nw">{by}</td></tr>')


def flips_table(flips: list[Flip], is_done: bool = False) -> str:
    """Targets whose status would be another, those that miss theirs first."""
    if not flips:
        return f'<div class="q gap"><h2>{t("entry.flips.none.done" if is_done else "entry.flips.none")}</h2></div>'
    rows = [f'<tr><td style="padding:5px 8px 5px 0">{esc(flip.indicator)}<div class="note">{esc(flip.region)}</div></td>'
            f'<td class="nw">{_status(flip.before)}</td><td>→</td><td class="nw">{_status(flip.after)}</td></tr>'
            for flip in sorted(flips, key=lambda flip: flip.after != "未达标")]
    return f'<div class="q gap"><h2>{t("entry.flips.done" if is_done else "entry.flips", n=len(flips))}</h2>{_folded("", rows)}</div>'


def _status(status: str) -> str:
    return badge(status) if status in STATUS_SHAPE else esc(status)


def _folded(head: str, rows: list[str]) -> str:
    """A table; what goes beyond the first rows is to be unfolded."""
    table = f'<table>{head}{"".join(rows[:MOST_LISTED])}</table>'
    if len(rows) > MOST_LISTED:
        table += (f'<details><summary>{t("entry.changes.more", n=len(rows) - MOST_LISTED)}</summary>'
                  f'<table>{"".join(rows[MOST_LISTED:])}</table></details>')
    return table
