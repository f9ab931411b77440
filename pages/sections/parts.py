"""Heading, choices and tables for download of the section page."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config as columns

from dashboard.filters import Selection
from dashboard.text import esc, t
from pages.sections import listing
from pages.shared.classes import is_known, latest_period

CLASSES = "classes"
"""The span that shows classes of months and years instead of samplings."""

MOST_NAMED = 2
"""Regions named in the heading; with more, the list says it."""

LIST_WIDTHS = {"region": 70, "name": 120, "aliases": 120, "river": 110, "basin": 90, "level": 60, "class": 70, "period": 100,
               "basis": 80, "target": 70, "verdict": 90, "change": 70, "section_id": 200}
VALUE_WIDTHS = {"when": 130, "parameter": 110, "value": 80, "raw": 80, "unit": 70, "class": 60, "flag": 120, "station": 70,
                "file": 220, "row": 70}


def heading(rows: pd.DataFrame, spans: pd.DataFrame, selection: Selection) -> str:
    """How many sections, how many with a class, how many of those keep their target."""
    records = rows.to_dict("records")
    found = pd.Series([listing.verdict(row) for row in records], dtype=object).value_counts()
    known, judged = rows["latest_class"].notna(), bool(found.get("met", 0) + found.get("missed", 0))
    sub = [t("overview.as_of", day=selection.as_of.isoformat())]
    if rows["region"].nunique() <= MOST_NAMED:
        sub.append("、".join(rows["region"].unique()))
    if known.any():
        days = rows.loc[known, "latest_day"]
        years = f"{days.min():%Y}" if days.min().year == days.max().year else f"{days.min():%Y}–{days.max():%Y}"
        sub.append(t("section.sub.mixed" if days.nunique() > 1 else "section.sub.one", years=years))
        if found.get("no_target", 0) and judged:
            sub.append(t("section.sub.no_target", n=found["no_target"]))
    if len(spans):
        sub.append(t("section.sub.last", when=f"{spans.iloc[0]['last']:%Y-%m-%d %H:%M}"))
    elif len(rows):
        sub.append(t("section.sub.no_readings"))
    said = found.get("said_met", 0) + found.get("said_missed", 0)
    if said:
        sub.append(t("section.sub.said", n=said))
    if rows.empty:
        title = t("section.title.empty")
    elif not known.any():
        title = t("section.title.no_class", n=len(rows))
    elif not judged:
        title = t("section.title.no_targets", n=len(rows), known=int(known.sum()))
    else:
        title = t("section.title", n=len(rows), known=int(known.sum()), met=found.get("met", 0), missed=found.get("missed", 0))
    return f'<div class="q"><h1>{title}</h1><div class="sub">{esc(" · ".join(part for part in sub if part))}</div></div>'


def labels(rows: pd.DataFrame) -> dict[str, str]:
    """What the select box calls a section: name, river and region, so that homonyms differ."""
    return {row["section_id"]: " · ".join(str(row[key]) for key in ("name", "river", "county", "region")
                                          if isinstance(row[key], str) and not (key == "county" and row["county"] == row["region"]))
            for row in rows.to_dict("records")}


def span_choices(spans: pd.DataFrame) -> tuple[dict[str, str], str]:
    """Spans of readings and the classes by month, with the newest span that has at least half as many as the fullest."""
    choices = {f"{row['first_day']:%Y-%m-%d}": t("section.span", first=f"{row['first_day']:%Y-%m-%d}", last=f"{row['last_day']:%m-%d}",
                                                 n=row["readings"]) for row in spans.to_dict("records")}
    choices[CLASSES] = t("section.span.classes")
    if spans.empty:
        return choices, CLASSES
    full = spans[spans["readings"] * 2 >= spans["readings"].max()].iloc[0]
    return choices, f"{full['first_day']:%Y-%m-%d}"


def list_table(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """The list as plain columns, all rows of it."""
    records = rows.to_dict("records")
    frame = pd.DataFrame({
        "region": rows["region"], "name": rows["name"], "aliases": rows["aliases"], "river": rows["river"], "basin": rows["basin"],
        "level": rows["level"], "class": rows["latest_class"],
        "period": [latest_period(r) if is_known(r["latest_class"]) else None for r in records],
        "basis": [t(f"section.basis.{r['latest_basis']}") if is_known(r["latest_class"]) else None for r in records],
        "target": rows["target_class"], "verdict": [t(f"section.verdict.{listing.verdict(r)}") for r in records],
        "change": [listing.change_words(r)[0] or None for r in records], "section_id": rows["section_id"]})
    return frame, {name: columns.TextColumn(t(f"section.column.{name}"), width=width) for name, width in LIST_WIDTHS.items()}


def value_table(values: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """The readings of a section, one row per value, with file and row they come from."""
    frame = pd.DataFrame({
        "when": values["sampled_at"].dt.strftime("%Y-%m-%d %H:%M"), "parameter": values["name"], "value": values["value"],
        "raw": values["raw_value"], "unit": values["unit"], "class": values["value_class"],
        "flag": values["flag"].map(lambda flag: t(f"flag.{flag}") if isinstance(flag, str) else None),
        "station": values["station_status"], "file": values["file_name"], "row": values["source_row"]})
    return frame, {name: columns.TextColumn(t(f"section.column.{name}"), width=width) for name, width in VALUE_WIDTHS.items()}
