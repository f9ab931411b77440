"""断面水质 on the overview: sections by their latest class, one bar per region, or per basin of a single region."""

from __future__ import annotations

import pandas as pd

from dashboard.filters import Selection
from dashboard.text import WATER_CLASSES, esc, t
from pages.shared.classes import share_bar


def block(sections: pd.DataFrame, selection: Selection) -> str:
    """`sections`: `section_queries.sections`. The classes are each section's latest, so of different periods, and say so."""
    known = sections[sections["latest_class"].notna()]
    if known.empty:
        return ""
    by = "region" if sections["region"].nunique() > 1 else "basin"
    named = sections.assign(group=sections[by].fillna(t(f"section.waters.none.{by}")))
    rows = "".join(_row(str(name), group, by, selection) for name, group in named.groupby("group", sort=False))
    good = int(known["latest_class"].isin(WATER_CLASSES[:3]).sum())
    first, last = known["latest_day"].min(), known["latest_day"].max()
    heads = "".join(f"<th{' class=r' if key == 'count' else ''}>{t(f'overview.waters.{key}')}</th>"
                    for key in (by, "shares", "count", "period"))
    link = selection.address("section", q=None)
    return (f'<div class="q gap"><h2>{t("overview.waters", n=len(known), good=good)}</h2>'
            f'<div class="note">{t("overview.waters.note", first=f"{first:%Y}", last=f"{last:%Y}")}'
            f'<a href="{esc(link)}" target="_self">{t("overview.waters.link")}</a></div>'
            f'<table><tr>{heads}</tr>{rows}</table></div>')


def _row(name: str, group: pd.DataFrame, by: str, selection: Selection) -> str:
    known = group[group["latest_class"].notna()]
    label = esc(name)
    if by == "region":
        label = f'<a href="{esc(selection.address("section", region=[name], q=None))}" target="_self">{label}</a>'
    counts = known["latest_class"].value_counts().to_dict()
    bar = share_bar(counts) if counts else f'<span class="note">{t("overview.waters.none")}</span>'
    first, last = known["latest_day"].min(), known["latest_day"].max()
    span = "—" if known.empty else f"{first:%Y-%m}" if f"{first:%Y-%m}" == f"{last:%Y-%m}" else f"{first:%Y-%m} – {last:%Y-%m}"
    return (f'<tr><td class="nw" style="height:36px"><b>{label}</b></td><td style="width:56%">{bar}</td>'
            f'<td class="r nw">{t("overview.waters.of", known=len(known), n=len(group))}</td><td class="nw note">{span}</td></tr>')
