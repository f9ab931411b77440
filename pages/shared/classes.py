"""Water classes as the pages show them: one class, and the shares of several as one bar."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from dashboard.text import WATER_CLASSES, esc, t

Rank = {name: rank for rank, name in enumerate(WATER_CLASSES, start=1)}


def is_known(water_class) -> bool:
    """Whether this is one of the six classes; nothing else may become markup."""
    return isinstance(water_class, str) and water_class in Rank


def class_badge(water_class, tip: str = "") -> str:
    """The class in its colour, or — when there is none."""
    if not is_known(water_class):
        return '<span class="z">—</span>'
    title = f' title="{esc(tip)}"' if tip else ""
    return f'<span class="wc c{Rank[water_class]}"{title}>{water_class}</span>'


def share_bar(counts: Mapping[str, int]) -> str:
    """One bar of class shares, best class first; class and number of sections in every part."""
    parts = [f'<span class="c{Rank[name]}" style="flex:{counts[name]} 1 0" title="{t("class.share", name=name, n=counts[name])}">'
             f'{name} {counts[name]}</span>' for name in WATER_CLASSES if counts.get(name)]
    return f'<div class="shares">{"".join(parts)}</div>'


def is_worse(water_class, target) -> bool:
    """Worse than the target class, or than Ⅲ where there is no target."""
    return is_known(water_class) and Rank[water_class] > (Rank[target] if is_known(target) else Rank["Ⅲ"])


def period_label(kind: str, start, end, text=None) -> str:
    """2023, 2023-09, 2022 年三季度, else the words of the bulletin."""
    if start is None or pd.isna(start):
        return str(text) if isinstance(text, str) else t("period.unstated")
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if kind == "year":
        return f"{first:%Y}"
    if kind == "month":
        return f"{first:%Y-%m}"
    if kind == "quarter":
        return t(f"period.quarter.{first.quarter}", year=first.year)
    if kind == "reading":
        return f"{last:%Y-%m-%d}"
    return str(text) if isinstance(text, str) else f"{first:%Y-%m-%d}–{last:%Y-%m-%d}"


def latest_period(row: dict) -> str:
    return period_label(row["latest_kind"], row["latest_start"], row["latest_day"], row["latest_text"])
