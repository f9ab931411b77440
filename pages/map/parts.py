"""HTML around the maps: heading, head and foot of a panel, legend, sections without a place, credits."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config as columns

from dashboard import map_words, theme
from dashboard.filters import Selection
from dashboard.map_fills import Fill
from dashboard.map_labels import View, scale_bar
from dashboard.map_panel import BASIN, COUNTY, LAND, NO_CLASS, RIVER
from dashboard.map_words import figure, finding, standing
from dashboard.text import esc, t
from pages.shared.classes import is_known, latest_period

STYLE = f"""<style>
.st-key-map_maps{{max-width:1060px}}
[class*="st-key-panel_"]{{border-radius:4px;padding:8px 0 6px!important;gap:2px!important;overflow:hidden}}
.q .mhead,.q .mfoot{{padding:0 12px;line-height:1.35}} .q .mhead b{{font-size:15px}}
.q .mhead .note{{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;min-height:17px}}
.q .mfoot{{font-size:12px;color:{theme.INK2};display:flex;align-items:end;gap:6px}}
.q .mfoot i{{display:inline-block;height:5px;border:1px solid {theme.INK2};border-top:0;margin-bottom:5px}}
.q.mapcard{{border:1px solid {theme.LINE};border-radius:4px;padding:12px 16px}} .q.mapcard .name{{font-size:20px;font-weight:700}}
.q.mapcard h2.gap{{margin-top:14px}} .q .facts{{display:grid;grid-template-columns:64px 1fr;margin:8px 0 0;font-size:13px;row-gap:5px}}
.q .facts dt{{color:{theme.INK3};font-weight:400}} .q .facts dd{{margin:0}} .q .facts a{{word-break:break-all}}
.q .ln{{display:flex;gap:8px;justify-content:space-between;align-items:baseline;padding:4px 0;border-bottom:1px solid {theme.HAIR};
 font-size:13px}} .q .ln .note{{text-align:right}}
.q .links{{display:flex;gap:14px;font-size:13px;margin-top:8px}}
.q .mkey{{display:flex;flex-wrap:wrap;gap:4px 12px;font-size:12px;color:{theme.INK2};align-items:center;margin-top:4px}}
.q .mkey svg{{vertical-align:-2px;margin-right:4px;display:inline}} .q .mkey i{{display:inline-block;width:18px;height:12px;
 border:1px solid {theme.LINE};margin-right:4px;vertical-align:-1px}}
.q details{{font-size:13px;border-bottom:1px solid {theme.HAIR};padding:3px 0}} .q summary{{cursor:pointer}}
</style>"""

CLASS_KEYS = ((("Ⅰ", "Ⅱ"), "Ⅰ–Ⅱ"), (("Ⅲ",), "Ⅲ"), (("Ⅳ",), "Ⅳ"), (("Ⅴ",), "Ⅴ"), (("劣Ⅴ",), "劣Ⅴ"))
TABLE_WIDTHS = {"chosen": 40, "name": 110, "region": 64, "county": 70, "river": 90, "class": 56, "period": 76, "target": 64, "place": 150}


def day_words(day: str) -> str:
    """2025-12 for a month's end, else the day."""
    return day[:7] if pd.Timestamp(day).is_month_end else day


def heading(rows: pd.DataFrame, day: str, is_latest: bool) -> str:
    """What the map says, and of which day."""
    return (f'<div class="q"><h1>{esc(finding(rows))}</h1><div class="sub">{esc(standing(rows, day, is_latest))}</div></div>')


def panel_head(region: dict, counties: int, sections: pd.DataFrame, fill: Fill, selection: Selection, is_alone: bool) -> str:
    """Name, counts, and the figure that colours the region."""
    name = esc(region["name"])
    if not is_alone:
        name = f'<a href="{esc(selection.address("map", region=region["name"]))}" target="_self">{name}</a>'
    words = [t("map.counts", placed=int(sections["longitude"].notna().sum()), sections=len(sections))]
    if counties > 1:
        words.insert(0, t("map.counties", n=counties))
    if isinstance(region["parent"], str):
        words.insert(0, t("map.parent", name=esc(region["parent"])))
    words_of_fill = figure(fill, region["region_id"])
    note = f'<div class="note" title="{esc(words_of_fill)}">{esc(words_of_fill)}</div>' if fill.legend else ""
    return (f'<div class="q"><div class="mhead"><b>{name}</b><div class="note">{" · ".join(words)}</div>'
            f"{note}</div></div>")


def panel_foot(view: View) -> str:
    kilometres, pixels = scale_bar(view, 80)
    return f'<div class="q"><div class="mfoot"><i style="width:{pixels}px"></i>{t("map.scale.first", n=kilometres)}</div></div>'


def _dot(colour: str, filled: bool = False) -> str:
    inner = (f'<circle cx="7" cy="7" r="4.5" fill="{colour}" stroke="{theme.INK}" stroke-width="1.2"/>' if filled else
             f'<circle cx="7" cy="7" r="4.5" fill="#fff" stroke="{theme.INK}" stroke-width="4.4"/>'
             f'<circle cx="7" cy="7" r="4.5" fill="none" stroke="{colour}" stroke-width="2.4"/>')
    return f'<svg width="14" height="14" viewBox="0 0 14 14">{inner}</svg>'


def _stroke(colour: str, width: float, dashes: str = "none") -> str:
    return (f'<svg width="18" height="10" viewBox="0 0 18 10"><line x1="0" y1="5" x2="18" y2="5" stroke="{colour}" '
            f'stroke-width="{width}" stroke-dasharray="{dashes}"/></svg>')


def legend(fill: Fill, exact: int) -> str:
    """What the colours of sections, land and lines mean."""
    classes = "".join(f"<span>{_dot(theme.CLASS_COLOUR[names[0]])}{word}</span>" for names, word in CLASS_KEYS)
    classes += f'<span>{_dot(NO_CLASS)}{t("map.key.no_class")}</span>'
    marks = f'<span>{_dot(theme.INK3)}{t("map.key.near")}</span><span>{t("map.key.spread")}</span>'
    if exact:
        marks = f'<span>{_dot(theme.INK3, True)}{t("map.key.exact", n=exact)}</span>{marks}'
    strokes = ((_stroke(RIVER, 2.2), "river"), (_stroke(BASIN, 1.6, "5 3"), "basin"), (_stroke(COUNTY, 1.4), "county"))
    lines = "".join(f'<span>{stroke}{t(f"map.key.{name}")}</span>' for stroke, name in strokes)
    land = ""
    if fill.legend:
        swatches = "".join(f'<span><i style="background:{colour}"></i>{esc(words)}</span>' for colour, words in fill.legend)
        land = (f'<div class="mkey">{swatches}<span><i style="background:{LAND}"></i>{t("map.fill.no_data")}</span></div>'
                f'<div class="note">{fill.note}</div>')
    return f'<div class="q"><div class="mkey">{classes}{marks}{lines}</div>{land}</div>'


def unplaced(rows: pd.DataFrame, selection: Selection) -> str:
    """Sections without a place, counted by region; their names unfold."""
    lost = rows[rows["longitude"].isna()]
    if lost.empty:
        return ""
    blocks = []
    for region, group in lost.groupby("region", sort=False):
        links = "、".join(f'<a href="{esc(selection.address("section", section=row["section_id"]))}" target="_self">{esc(row["name"])}</a>'
                         for row in group.to_dict("records"))
        blocks.append(f"<details><summary>{esc(region)} {t('map.unplaced.n', n=len(group))}</summary>{links}</details>")
    return f'<div class="q gap"><h2>{t("map.unplaced", n=len(lost))}</h2>{"".join(blocks)}</div>'


def credits(approval_number: str, shapes: pd.DataFrame, panels: int) -> str:
    """The line under the maps."""
    words = map_words.credits(approval_number, shapes) + ([t("map.credit.scales")] if panels > 1 else [])
    return f'<div class="q"><div class="note">{"".join(f"{esc(word)}。" for word in words)}</div></div>'


def table(rows: pd.DataFrame, of_choice: list[bool]) -> tuple[pd.DataFrame, dict]:
    """The sections as rows, with a mark before those of the choice."""
    records = rows.to_dict("records")
    bases = [row["coordinate_basis"] if row["coordinate_basis"] in ("surveyed", "office_list", "town", "county") else "unknown"
             for row in records]
    frame = pd.DataFrame({
        "chosen": ["●" if is_chosen else "" for is_chosen in of_choice],
        "name": rows["name"].tolist(), "region": rows["region"].tolist(), "county": rows["county"].tolist(),
        "river": rows["river"].tolist(),
        "class": rows["latest_class"].tolist(),
        "period": [latest_period(row) if is_known(row["latest_class"]) else None for row in records],
        "target": rows["target_class"].tolist(),
        "place": [t("section.place.none") if pd.isna(row["longitude"]) else t(f"section.place.{basis}")
                  for row, basis in zip(records, bases)]}, columns=list(TABLE_WIDTHS))
    if not any(of_choice):
        frame = frame.drop(columns="chosen")
    return frame, {name: columns.TextColumn(t(f"map.column.{name}"), width=width) for name, width in TABLE_WIDTHS.items()}
