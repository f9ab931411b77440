"""The panel beside the maps: what is known of the chosen section, county or basin."""

from __future__ import annotations

import re

import pandas as pd

from dashboard import store
from dashboard.filters import Selection
from dashboard.text import esc, short_period, t, value_text
from etl.rules.section_identity import division_stem
from pages.sections import listing, one
from pages.shared.classes import class_badge, is_known, latest_period

MOST_SECTIONS, MOST_FIGURES, MOST_WORKS = 12, 6, 8
_RIVER = re.compile(r"[^（]+?(?=（|干流|区间|流域|$)")
"""The river a basin is named after: 涢水 in 涢水（府河）干流区间."""


def card(place: str | None, rows: pd.DataFrame, shapes: pd.DataFrame, selection: Selection) -> str:
    """Facts of the choice; how to choose where there is none."""
    kind, _, key = (place or "").partition(":")
    if kind == "section":
        return _section(rows[rows["section_id"] == key].iloc[0].to_dict(), selection)
    if kind in ("county", "basin"):
        shape = shapes[(shapes["kind"] == kind) & (shapes["key"] == key)].iloc[0].to_dict()
        return (_county if kind == "county" else _basin)(shape, rows, selection)
    return f'<div class="q"><h2>{t("map.detail.none")}</h2><div class="note">{t("map.detail.how")}</div></div>'


def _frame(kind: str, name: str, facts: list[tuple[str, str]], links: list[tuple[str, str]], below: str = "") -> str:
    listed = "".join(f"<dt>{t(f'map.fact.{label}')}</dt><dd>{value}</dd>" for label, value in facts if value)
    buttons = "".join(f'<a href="{esc(link)}" target="_self">{words}</a>' for link, words in links)
    return (f'<div class="q mapcard"><div class="note">{t(f"map.chosen.{kind}")}</div><div class="name">{esc(name)}</div>'
            f'<dl class="facts">{listed}</dl>{below}<div class="links">{buttons}</div></div>')


def _section(row: dict, selection: Selection) -> str:
    registered = store.ask("section", section_id=row["section_id"]).iloc[0].to_dict()
    latest = class_badge(row["latest_class"])
    if is_known(row["latest_class"]):
        latest += f' {esc(latest_period(row))} <span class="note">{t("section.basis." + row["latest_basis"])}</span>'
    basis = row["coordinate_basis"]
    known = basis if basis in ("surveyed", "office_list", "town", "county") else "unknown"
    at = t("section.place.at", x=f"{row['longitude']:.4f}", y=f"{row['latitude']:.4f}")
    place = t("section.place.none") if pd.isna(row["longitude"]) else f'{t(f"section.place.{known}")} <span class="note">{at}</span>'
    facts = [("region", esc("，".join(part for part in (row["region"], row["county"]) if isinstance(part, str)))),
             ("river", esc(row["river"]) or esc(row["basin"])), ("level", esc(row["level"])), ("latest", latest),
             ("target", listing.class_target(row)), ("verdict", listing.verdict_badge(row)), ("place", place),
             ("source", one.source_text(registered))]
    works = _works(row["river"], [row["region_id"]]) if isinstance(row["river"], str) and len(row["river"]) > 1 else ""
    return _frame("section", row["name"], facts, [
        (selection.address("section", section=row["section_id"]), t("map.link.section")),
        (selection.address("region", region=row["region"]), t("map.link.region", name=esc(row["region"])))], works)


def _county(shape: dict, rows: pd.DataFrame, selection: Selection) -> str:
    plans = store.ask("plan_counts")
    own = plans[plans["region_id"].isin([shape["panel"], shape["key"]])]
    figures = store.ask("figures_of_county", region_id=shape["key"], as_of=selection.as_of)
    sections = rows[rows["county_id"] == shape["key"]]
    facts = [("plan", "<br>".join(
        f'<a href="{esc(selection.address("region", region=row["name"]))}" target="_self">'
        f'{t("map.plan", name=esc(row["name"]), targets=row["targets"], units=row["units"])}</a>'
        f'<br><span class="note">{t("map.plan.more", measures=row["measures"], projects=row["projects"])}</span>'
        for row in own.to_dict("records")))]
    lines = [f'<div class="ln"><span>{esc(row["indicator"])}</span><b>'
             f'{esc(value_text(row["value"], row["unit"], row["value_text"], comparator=row["comparator"]))}</b>'
             f'<span class="note">{esc(short_period(row["period_text"]))}，{esc(row["publisher"])}</span></div>'
             for row in figures.head(MOST_FIGURES).to_dict("records")]
    title = t("map.figures", n=len(figures)) if len(figures) else t("map.figures.none")
    works = _works(division_stem(shape["name"]), [shape["panel"], shape["key"]], county_id=shape["key"])
    return _frame("county", shape["name"], facts, [], f'{_list(sections, selection)}<h2 class="gap">{title}</h2>{"".join(lines)}{works}')


def _basin(shape: dict, rows: pd.DataFrame, selection: Selection) -> str:
    facts = [("system", esc(shape["system"])),
             ("area", "" if pd.isna(shape["area_km2"]) else t("map.area", area=f"{shape['area_km2']:.0f}")),
             ("basis", t("map.basis.own" if shape["is_own_layer"] else "map.basis.derived"))]
    works = _works(_RIVER.match(shape["name"])[0], [shape["panel"]], basin_id=shape["key"])
    return _frame("basin", shape["name"], facts, [], _list(rows[rows["basin_id"] == shape["key"]], selection) + works)


def _works(name: str, region_ids: list[str], county_id: str | None = None, basin_id: str | None = None) -> str:
    """Measures and projects of the region's plan that name the place or lie in it, with the units responsible."""
    found = store.ask("works_at_place", name=name, region_ids=region_ids, county_id=county_id, basin_id=basin_id)
    if found.empty:
        return f'<h2 class="gap">{t("map.works.none", name=esc(name))}</h2>'
    lines = [f'<div class="ln"><span>{t("map.works." + row["kind"])} {esc(row["name"])}</span>'
             f'<span class="note">{esc(row["units"]) or t("map.works.no_unit")}</span></div>'
             for row in found.head(MOST_WORKS).to_dict("records")]
    if len(found) > MOST_WORKS:
        lines.append(f'<div class="note">{t("map.works.more", n=len(found) - MOST_WORKS)}</div>')
    return f'<h2 class="gap">{t("map.works", name=esc(name), n=len(found))}</h2>{"".join(lines)}'


def _list(sections: pd.DataFrame, selection: Selection) -> str:
    """Sections with their class, those with one first."""
    if sections.empty:
        return f'<h2 class="gap">{t("map.sections.none")}</h2>'
    known = sections["latest_class"].notna()
    ordered = pd.concat([sections[known], sections[~known]]).head(MOST_SECTIONS)
    lines = [f'<div class="ln"><span>{class_badge(row["latest_class"])} '
             f'<a href="{esc(selection.address("map", place="section:" + row["section_id"]))}" target="_self">{esc(row["name"])}</a></span>'
             f'<span class="note">{esc(latest_period(row)) if is_known(row["latest_class"]) else t("map.tip.no_class")}</span></div>'
             for row in ordered.to_dict("records")]
    if len(sections) > MOST_SECTIONS:
        lines.append(f'<div class="note">{t("map.sections.more", n=len(sections) - MOST_SECTIONS)}</div>')
    return f'<h2 class="gap">{t("map.sections", n=len(sections), known=int(known.sum()))}</h2>{"".join(lines)}'
