"""HTML of one section: title, latest reading, classes by month."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import theme
from dashboard.filters import Selection
from dashboard.section_charts import figure_text, over_target, worst_row
from dashboard.text import esc, number, published_text, t
from etl.rules.water_quality import Limit, parameter_rank
from pages.sections import listing
from pages.sections.strips import class_cell
from pages.shared.classes import class_badge, is_known, latest_period, period_label

STYLE = f"""<style>
.q .cal th{{text-align:center;padding:0 1px 3px;border-bottom:0;color:{theme.INK3};font-weight:400}}
.q .cal td{{border:0;padding:1px}} .q .cal .strip{{gap:0}} .q .cal .strip i{{width:26px}}
.q .cal th:first-child,.q .cal td:first-child{{text-align:left;width:52px}}
.q .facts{{display:grid;grid-template-columns:64px 1fr;margin:8px 0 0;font-size:13px;row-gap:4px}}
.q .facts dt{{color:{theme.INK3};font-weight:400}} .q .facts dd{{margin:0}}
.q .src a{{word-break:break-all}}
</style>"""

PARAMETER_ALWAYS_LAST = ("water_temperature", "conductivity", "turbidity")


@dataclass(frozen=True)
class Focus:
    """The parameter looked at in the span, against the limit of the target class (Ⅲ without a target)."""

    parameter: str
    name: str
    unit: str
    limit: Limit | None
    target_rank: int
    target_class: str
    rows: pd.DataFrame  # when, value, counts, flag, hover
    span: str
    is_mean: bool

    @property
    def counted(self) -> pd.DataFrame:
        return self.rows[self.rows["counts"] & self.rows["value"].notna()]

    @property
    def over(self) -> int:
        return int(over_target(self.counted["value"], self.limit, self.target_rank).sum())

    @property
    def worst_rank(self) -> int:
        """Worst class of a value that counts; 0 without limits or values."""
        if self.limit is None or self.counted.empty:
            return 0
        return int(parameter_rank(self.counted["value"].to_numpy(dtype=float), self.limit).max())

    @property
    def extent(self) -> str:
        """From the lowest to the highest value."""
        low, high = figure_text(self.counted["value"].min()), figure_text(self.counted["value"].max())
        return low if low == high else f"{low}–{high}"

    @property
    def limit_label(self) -> str:
        """Ⅲ类限值 1.0, or 6–9 for a range."""
        if self.limit is None:
            return ""
        if self.limit.bound == "range":
            return f"{number(self.limit.low)}–{number(self.limit.class_3)}"
        return t("section.limit", name=self.target_class, value=f"{self.limit.classes[self.target_rank - 1]:g}")


def focus_title(focus: Focus) -> str:
    """氨氮：23 个有效读数，10 个超过Ⅲ类限值 1."""
    counted = focus.counted
    if counted.empty:
        return t("section.focus.none", name=focus.name)
    things = t("section.focus.means" if focus.is_mean else "section.focus.readings", n=len(counted))
    if focus.limit is None:
        return t("section.focus.plain", name=focus.name, things=things, extent=focus.extent, unit=_unit(focus))
    key = ("over" if focus.over else "within") + (".range" if focus.limit.bound == "range" else "")
    return t(f"section.focus.{key}", name=focus.name, things=things, over=focus.over, verb=t(f"section.verb.{focus.limit.bound}"),
             limit=focus.limit_label)


def focus_note(focus: Focus) -> str:
    """Unit, standard, and the marks that occur."""
    rows = focus.rows
    parts = [focus.unit if focus.unit == "无量纲" else t("section.chart.unit", unit=focus.unit),
             t("section.chart.bands") if focus.limit is not None else t("section.chart.no_limits")]
    if focus.limit is not None and focus.limit.bound == "range":
        parts.append(t("section.chart.cut"))
    if (~rows["counts"] & rows["value"].notna()).any():
        parts.append(t("section.chart.shelved"))
    flags = rows.loc[rows["counts"], "flag"].value_counts()
    parts += [t("section.chart.flag", word=t(f"flag.{flag}"), n=n) for flag, n in flags.items() if f"{flag}" in FLAGS]
    if flags.reindex(["jump", "implausible"]).sum():
        parts.append(t("section.chart.ring"))
    return "；".join(parts)


FLAGS = ("no_value", "extreme_filtered", "quality_control_failed", "implausible", "jump", "half_detection_limit")


def _unit(focus: Focus) -> str:
    return "" if focus.unit == "无量纲" else f" {focus.unit}"


def heading(row: dict, focus: Focus | None, reading: dict | None, selection: Selection, back: str) -> str:
    """What the section shows, in one sentence with numbers; then what it is and how it is known."""
    where = [row["region"], row["river"], row["level"], t(f"section.body.{row['water_body_type'] or 'river'}")]
    parts = [" · ".join(str(w) for w in where if isinstance(w, str)), t("overview.as_of", day=selection.as_of.isoformat())]
    if reading:
        parts.append(t("section.sub.reading", when=f"{reading['sampled_at']:%Y-%m-%d %H:%M}"))
    else:
        parts.append(t("section.sub.no_reading"))
    return (f'<div class="q"><a href="{esc(back)}" target="_self" style="font-size:13px">{t("section.back")}</a>'
            f'<h1>{esc(title(row, focus))}</h1><div class="sub">{esc(" · ".join(parts))}</div></div>')


def title(row: dict, focus: Focus | None) -> str:
    """The parameter in its span against the target, else the latest class, else what a bulletin said, else nothing."""
    name = t("section.name", name=row["name"])
    if focus is not None and len(focus.counted):
        return _focus_sentence(name, focus)
    if is_known(row["latest_class"]):
        said = t("section.title.class", name=name, period=_period_words(row), water_class=row["latest_class"])
        found = listing.verdict(row)
        return said + t(f"section.title.{found}", target=row["target_class"])
    found = listing.verdict(row)
    if found.startswith("said"):
        return t(f"section.title.{found}", name=name, period=row["said_period"])
    return t("section.title.nothing", name=name)


def _focus_sentence(name: str, focus: Focus) -> str:
    parameter = f" {focus.name}" if focus.name.isascii() else focus.name
    said = {"name": name, "span": focus.span, "parameter": parameter, "extent": focus.extent,
            "limit": focus.limit_label, "over": focus.over, "water_class": focus.target_class}
    if focus.limit is None:
        return t("section.title.plain", **said, unit=_unit(focus))
    if focus.limit.bound == "range":
        return t("section.title.over.range" if focus.over else "section.title.within.range", **said)
    worst = worst_row(focus.counted, focus.limit)
    end = t(f"section.worst.{focus.limit.bound}", figure=f"{figure_text(worst['value'])}{_unit(focus)}")
    return t("section.title.over" if focus.over else "section.title.within", **said, end=end, verb=t(f"section.verb.{focus.limit.bound}"))


def _period_words(row: dict) -> str:
    """2019 年, 2023 年 9 月, else as in the list."""
    start = row["latest_start"]
    if row["latest_kind"] == "year":
        return t("section.title.year", year=start.year)
    if row["latest_kind"] == "month":
        return t("section.title.month", year=start.year, month=start.month)
    return latest_period(row)


def reading_block(row: dict, registered: dict, readings: pd.DataFrame, values: pd.DataFrame) -> str:
    """The latest reading parameter by parameter, then target, reading before, place and sources."""
    facts = [("target", _target(row, registered))]
    if len(readings):
        now = readings.iloc[0].to_dict()
        head = (t("section.reading.title", water_class=now["class"]) if is_known(now["class"])
                else t("section.reading.title.none"))
        worst = t("section.reading.by", names=now["worst_parameters"]) if isinstance(now["worst_parameters"], str) else ""
        note = t("section.reading.note", when=f"{now['sampled_at']:%Y-%m-%d %H:%M}", worst=worst)
        body = "".join(_value_row(v) for v in values.to_dict("records"))
        if isinstance(now["exceeding"], str):
            facts.append(("exceeding", esc(now["exceeding"])))
        if is_known(now["published_class"]) and now["published_class"] != now["class"]:
            facts.append(("published", t("section.reading.differs", name=now["published_class"])))
        if len(readings) > 1:
            before = readings.iloc[1]
            facts.append(("before", f'{class_badge(before["class"])} {before["sampled_at"]:%Y-%m-%d %H:%M} '
                                    f'{esc(before["exceeding"])}'))
        facts.append(("source", t("section.reading.source", publisher=esc(now["publisher"]), file=esc(now["file_name"]),
                                  row=now["source_row"], day=f"{now['fetched_at']:%Y-%m-%d}")))
        table = (f'<table class="dense"><tr><th>{t("section.head.parameter")}</th><th class="r">{t("section.head.value")}</th>'
                 f'<th>{t("section.head.unit")}</th><th class="r">{t("section.head.class")}</th></tr>{body}</table>')
    else:
        head, note, table = t("section.reading.nothing"), t("section.reading.nothing.note"), ""
    facts += [("place", _place(registered)), ("register", source_text(registered)), ("id", f'<span>{esc(row["section_id"])}</span>')]
    if isinstance(registered["note"], str):
        facts.append(("note", esc(registered["note"])))
    listed = "".join(f"<dt>{t(f'section.fact.{key}')}</dt><dd>{value}</dd>" for key, value in facts)
    return (f'<div class="q"><h2>{esc(head)}</h2><div class="note">{esc(note)}</div>{table}'
            f'<dl class="facts src">{listed}</dl></div>')


def _value_row(v: dict) -> str:
    shown = f"<b>{number(v['value'])}</b>" if not pd.isna(v["value"]) else '<span class="z">—</span>'
    if not pd.isna(v["raw_value"]) and v["raw_value"] != v["value"]:
        shown += f' <span class="note">{t("section.raw", value=number(v["raw_value"]))}</span>'
    flag = f'<br><span class="note">{t("flag." + v["flag"])}</span>' if v["flag"] in FLAGS else ""
    unit = "" if v["unit"] == "无量纲" else esc(v["unit"])
    badge = f'<span class="note">{esc(v["remark"])}</span>'
    if is_known(v["value_class"]):
        badge += f' {class_badge(v["value_class"])}'
    return f'<tr><td>{esc(v["name"])}{flag}</td><td class="r nw">{shown}</td><td class="note">{unit}</td><td class="r">{badge}</td></tr>'


def _target(row: dict, registered: dict) -> str:
    if is_known(registered["target_class"]):
        basis = "" if pd.isna(registered["published_on"]) else published_text(registered["published_on"], registered["published_precision"])
        return t("section.target.text", name=registered["target_class"], publisher=esc(registered["publisher"]), day=basis)
    if is_known(row["target_class"]):
        return t("section.target.bulletin", name=row["target_class"], period=esc(latest_period(row)))
    return t("section.target.none")


def _place(registered: dict) -> str:
    if pd.isna(registered["longitude"]):
        return t("section.place.none")
    basis = registered["coordinate_basis"]
    where = t(f"section.place.{basis}" if basis in ("surveyed", "office_list", "town", "county") else "section.place.unknown")
    at = t("section.place.at", x=f"{registered['longitude']:.4f}", y=f"{registered['latitude']:.4f}")
    return f'{where} <span class="note">{at}</span>'


def source_text(source: dict) -> str:
    """Title linked where an address is known; publisher, day and clause."""
    name = esc(source["source_title"])
    url = source["url"]
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        name = f'<a href="{esc(url)}" target="_blank" rel="noopener">{name}</a>'
    repost = f"，{t('word.repost')}" if source["source_kind"] == "repost" else ""
    clause = f"，{esc(source['source_clause'])}" if isinstance(source["source_clause"], str) else ""
    return f"{name}（{esc(source['publisher'])}，{published_text(source['published_on'], source['published_precision'])}{repost}{clause}）"


def calendar(periods: pd.DataFrame, target: str | None) -> str:
    """Years by months with the year's own class; published months outlined, computed ones plain."""
    known = periods[periods["class"].notna() & periods["period_start"].notna()]
    shown = known[known["period_kind"].isin(["month", "year"])].sort_values("class_basis")
    latest = shown.drop_duplicates(["period_kind", "period_start"], keep="last")  # published after computed
    if latest.empty:
        return f'<div class="q"><h2>{t("section.calendar.none")}</h2></div>'
    cells = {(row["period_kind"], row["period_start"].year, row["period_start"].month if row["period_kind"] == "month" else 0): row
             for row in latest.to_dict("records")}
    years = sorted({year for _, year, _ in cells}, reverse=True)
    head = "".join(f"<th>{month}</th>" for month in range(1, 13))
    lines = []
    for year in years:
        line = [_calendar_cell(cells.get(("month", year, month)), target) for month in range(1, 13)]
        lines.append(f'<tr><td>{year}</td>{"".join(line)}<td></td>{_calendar_cell(cells.get(("year", year, 0)), target)}</tr>')
    months = int((latest["period_kind"] == "month").sum())
    counts = [t(f"section.calendar.{key}", n=n) for key, n in (("months", months), ("years", len(latest) - months)) if n]
    return (f'<div class="q"><h2>{t("section.calendar", counts="，".join(counts))}</h2>'
            f'<div class="note">{t("section.calendar.note")}</div><table class="cal" style="width:auto"><tr><th></th>{head}'
            f'<th></th><th>{t("section.calendar.year")}</th></tr>{"".join(lines)}</table></div>')


def _calendar_cell(row: dict | None, target: str | None) -> str:
    if row is None or not is_known(row["class"]):
        return '<td><div class="strip"><i>—</i></div></td>'
    tip = [period_label(row["period_kind"], row["period_start"], row["period_end"], row["period_text"]), row["class"],
           t(f"section.basis.{row['class_basis']}")]
    if not pd.isna(row["readings"]):
        tip.append(t("section.samplings", n=int(row["readings"])))
    if isinstance(row["worst_parameters"], str):
        tip.append(row["worst_parameters"])
    mark = " p" if row["class_basis"] == "published_class" else ""
    return f'<td><div class="strip">{class_cell(row["class"], target, " ".join(tip), mark)}</div></td>'
