"""What colours the land: one figure per region, or one per county, as colour with words and legend."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from dashboard import theme
from dashboard.text import gap_text, latest_text, lower_is_better, number, short_period, t, target_text, value_text

METRICS = ("none", "met", "overdue", "value", "gap", "good")
GOOD = ("Ⅰ", "Ⅱ", "Ⅲ")
LIGHTEST, DARKEST = 0.1, 0.52
MISSING = "#8C6A3F"
"""The warm of what is missing, stronger than in text: an area is paler than a letter."""


@dataclass(frozen=True)
class Fill:
    """Colours by region and county with the words beside them, and swatches for the legend."""

    regions: dict[str, str] = field(default_factory=dict)
    counties: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # by region_id, of a region or county
    legend: list[tuple[str, str]] = field(default_factory=list)  # colour and its words
    note: str = ""


def shade(share: float, hue: str = theme.BLUE) -> str:
    """From a breath of the hue at 0 to a depth at 1 on which ink can still be read."""
    part = LIGHTEST + (DARKEST - LIGHTEST) * min(max(share, 0.0), 1.0)
    mixed = (round(255 + (int(hue[n:n + 2], 16) - 255) * part) for n in (1, 3, 5))
    return "#" + "".join(f"{value:02X}" for value in mixed)


def by_status(counts: pd.DataFrame, metric: str) -> Fill:
    """Share of the due targets that are met, or how many are overdue; once for the region, never for each county."""
    wide = counts.pivot_table(index="region_id", columns="status", values="n", aggfunc="sum", fill_value=0)
    due = counts.groupby("region_id")["due"].sum()
    live = wide.drop(columns="已废止", errors="ignore").sum(axis=1) > 0
    colours, words = {}, {region: t("map.fill.repealed") for region in wide.index[~live]}
    if metric == "met":
        for region in wide.index[live]:
            met = int(wide["达标"].get(region, 0)) if "达标" in wide else 0
            if due[region]:
                colours[region] = shade(met / due[region])
                words[region] = t("map.fill.met", due=due[region], met=met, share=round(100 * met / due[region]))
            else:
                words[region] = t("map.fill.none_due")
        return Fill(colours, {}, words, [(shade(share), f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)], t("map.note.met"))
    overdue = {region: int(wide["到期未报"].get(region, 0)) if "到期未报" in wide else 0 for region in wide.index[live]}
    most = max([*overdue.values(), 1])
    colours = {region: shade(n / most, MISSING) for region, n in overdue.items()}
    words |= {region: t("map.fill.overdue", n=n) for region, n in overdue.items()}
    steps = sorted({0, round(most / 2), most})
    return Fill(colours, {}, words, [(shade(n / most, MISSING), t("map.fill.items", n=n)) for n in steps], t("map.note.overdue"))


def by_indicator(targets: pd.DataFrame, counties: pd.DataFrame, metric: str) -> Fill:
    """Latest figure of one indicator, or how far it is from the target; counties only where they have their own."""
    rows = {region: _representative(group) for region, group in targets.groupby("region_id", sort=False)}
    words, values = {}, {}
    for region, row in rows.items():
        if pd.isna(row["latest_value"]):
            words[region] = t("map.fill.no_value", target=target_text(row))
            continue
        if metric == "value":
            values[region] = float(row["latest_value"])
            words[region] = t("map.fill.value", figure=latest_text(row), target=target_text(row), scope=row["scope"])
        elif pd.isna(row["gap_to_target"]):
            words[region] = t("map.fill.no_gap", figure=latest_text(row))
        else:
            short = row["gap_to_target"] if lower_is_better(row) else -row["gap_to_target"]
            values[region] = max(float(short), 0.0)
            gap = gap_text(row["gap_to_target"], row["unit"], lower_is_better(row))
            words[region] = t("map.fill.gap", gap=gap, figure=latest_text(row), target=target_text(row))
    unit = next((row["unit"] for row in rows.values()), None)
    if metric == "gap":
        most = max([*values.values(), 0.0])
        reached = shade(0.45)
        colours = {region: shade(short / most, MISSING) if short > 0 else reached for region, short in values.items()}
        legend = [(reached, t("map.fill.reached"))]
        if most > 0:
            legend.append((shade(1, MISSING), t("map.fill.short", gap=gap_text(most, unit, True))))
        return Fill(colours, {}, words, legend, t("map.note.gap"))
    own = {row["region_id"]: row for row in counties.to_dict("records") if row["region_id"] not in rows}
    every = [*values.values(), *(row["value"] for row in own.values())]
    low, high = (min(every), max(every)) if every else (0.0, 0.0)

    def colour(value: float) -> str:
        return shade((value - low) / (high - low) if high > low else 0.5)

    words |= {county: t("map.fill.own", figure=value_text(row["value"], row["unit"], comparator=row["comparator"]),
                        period=short_period(row["period_text"]), scope=row["scope"]) for county, row in own.items()}
    steps = sorted({low, (low + high) / 2, high}) if every and unit != "类" else sorted(set(every))
    legend = [(colour(step), value_text(float(number(step, 2)), unit)) for step in steps]
    return Fill({region: colour(value) for region, value in values.items()},
                {county: colour(row["value"]) for county, row in own.items()}, words, legend, t("map.note.value"))


def by_class(sections: pd.DataFrame) -> Fill:
    """Share of Ⅰ to Ⅲ among the sections of each county that have a class."""
    known = sections[sections["latest_class"].isin(list(theme.CLASS_COLOUR)) & sections["county_id"].notna()]
    colours, words = {}, {}
    for county, group in known.groupby("county_id"):
        good = int(group["latest_class"].isin(GOOD).sum())
        colours[county] = shade(good / len(group))
        words[county] = t("map.fill.good", n=len(group), good=good, share=round(100 * good / len(group)))
    return Fill({}, colours, words, [(shade(share), f"{share:.0%}") for share in (0, 0.5, 1)], t("map.note.good"))


def _representative(group: pd.DataFrame) -> dict:
    """The row that stands for a region: one with a figure, of the latest deadline."""
    ranked = group.assign(known=group["latest_value"].notna()).sort_values(
        ["known", "deadline"], ascending=False, na_position="last", kind="stable")
    return ranked.iloc[0].to_dict()
