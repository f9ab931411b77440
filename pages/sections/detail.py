"""One section in full and the waters as a whole: what is asked of the store, and where it stands on the page."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import section_charts, store
from dashboard.filters import Selection
from dashboard.text import WATER_CLASSES, number, t
from etl.paths import WATER_QUALITY_CONFIG
from etl.rules.water_outlook import section_outlook
from etl.rules.water_quality import Standard, load_water_rules, parameter_rank
from pages.sections import one, parts, records, waters
from pages.shared.addressed import addressed
from pages.shared.classes import Rank, is_known
from pages.shared.grid import grid
from pages.shared.panels import small_map
from pages.shared.show import show, with_tables

FIRST_DAY = date(1990, 1, 1)
INTERVAL = {False: pd.Timedelta(hours=4), True: pd.Timedelta(days=31)}
"""Between samplings, and between monthly means."""


def standard() -> Standard:
    return Standard.from_frames(store.ask("parameters"), store.ask("class_limits"))


def show_section(row: dict, span: str, spans: pd.DataFrame, selection: Selection, head: DeltaGenerator, back: str) -> None:
    """Chart and latest reading, classes by month, outlook, sources and revisions."""
    section_id, limits = row["section_id"], standard()
    registered = store.ask("section", section_id=section_id).iloc[0].to_dict()
    periods = store.ask("class_periods", as_of=selection.as_of, section_ids=[section_id])
    readings = store.ask("last_readings", section_id=section_id, as_of=selection.as_of)
    values = _values(row, span, spans, selection, limits)
    focus = None
    left, right = st.columns([740, 408], gap="medium")
    with left:
        if len(values):
            focus = _chart(row, values, span, limits)
        show(one.calendar(periods, row["target_class"]))
        show(_outlook(row, selection, limits))
    with right:
        latest = _latest(section_id, readings, selection, row, limits)
        show(one.reading_block(row, registered, readings, latest))
        if pd.notna(registered["longitude"]):
            show(small_map(row["region"], (408, 250), selection, f"section:{section_id}"))
    with head:
        show(one.heading(row, focus, readings.iloc[0].to_dict() if len(readings) else None, selection, back))
    published = periods[periods["class_basis"] != "computed"]
    if len(published):
        with st.expander(t("section.published", n=len(published))):
            show(records.published_table(published))
    revised = store.ask("revisions_of_section", section_id=section_id, as_of=selection.as_of)
    if len(revised):
        with st.expander(t("section.revisions", n=len(revised), changed=int((revised["kind"] != "identical").sum()))):
            show(records.revisions_table(revised))
    if len(values) and span != parts.CLASSES:
        with st.expander(t("section.values", n=len(values))):
            frame, settings = parts.value_table(values)
            grid(frame, settings, t("grid.section", name=row["name"]), selection, height=min(38 + 27 * len(frame), 420))


def _values(row: dict, span: str, spans: pd.DataFrame, selection: Selection, limits: Standard) -> pd.DataFrame:
    """Samples of the span, or the monthly means, with the class of each value."""
    if span == parts.CLASSES:
        found = store.ask("monthly_means", as_of=selection.as_of, section_ids=[row["section_id"]], first=FIRST_DAY, last=selection.as_of)
        found = found.assign(when=found["period_start"], value=found["mean"], counts=True, flag=None)
    else:
        first = date.fromisoformat(span)
        last = spans.loc[spans["first_day"] == pd.Timestamp(span), "last_day"].iloc[0].date()
        found = store.ask("samples_of_section", section_id=row["section_id"], as_of=selection.as_of, first=first, last=last)
        found = found.assign(when=found["sampled_at"])
    return _with_classes(found, row["water_body_type"], limits)


def _with_classes(values: pd.DataFrame, water_body_type: str | None, limits: Standard) -> pd.DataFrame:
    """Adds `value_class` and, where there is none, `remark`: why."""
    classes, remarks = pd.Series(None, index=values.index, dtype=object), pd.Series("", index=values.index, dtype=object)
    for parameter, group in values.groupby("parameter"):
        limit, known = limits.limit(parameter, water_body_type), limits.parameters[parameter]
        if limit is None:
            remarks[group.index] = t("section.remark.no_limit")
        elif limit.bound == "range":
            ranks = parameter_rank(group["value"].to_numpy(dtype=float), limit)
            words = t("section.remark.range", low=number(limit.low), high=number(limit.class_3))
            remarks[group.index] = words
            classes[group.index] = [WATER_CLASSES[-1] if rank == 6 else None for rank in ranks]
        else:
            ranks = parameter_rank(group["value"].to_numpy(dtype=float), limit)
            classes[group.index] = [None if pd.isna(rank) else WATER_CLASSES[int(rank) - 1] for rank in ranks]
            if not known.counts_for_class:
                remarks[group.index] = t("section.remark.not_counted")
    return values.assign(value_class=classes, remark=remarks)


def _chart(row: dict, values: pd.DataFrame, span: str, limits: Standard) -> one.Focus | None:
    """Heading, parameter chooser and chart; usual is the one with most values over the limit, else of the worst class."""
    target = row["target_class"] if is_known(row["target_class"]) and Rank[row["target_class"]] < 6 else "Ⅲ"
    found = {name: _focus(row, group, target, span, limits) for name, group in values.groupby("parameter", sort=False)
             if group["value"].notna().any()}
    if not found:
        return None
    heads = st.container()
    usual = max(found, key=lambda name: (found[name].over, limits.parameters[name].counts_for_class, found[name].worst_rank,
                                         -limits.parameters[name].number))
    parameter = addressed("parameter", found, usual, lambda key: st.segmented_control(
        t("section.parameter"), list(found), format_func=lambda name: found[name].name, key=key, required=True,
        label_visibility="collapsed"))
    focus = found[parameter]
    with heads:
        show(f'<div class="q"><h2>{one.focus_title(focus)}</h2><div class="note">{one.focus_note(focus)}</div></div>')
    if len(focus.counted):
        drawn = section_charts.limit_chart(focus.rows, focus.limit, focus.target_rank, focus.limit_label, INTERVAL[focus.is_mean])
        st.plotly_chart(drawn, theme=None, config={"displayModeBar": False}, key="limits")
    return focus


def _focus(row: dict, values: pd.DataFrame, target: str, span: str, limits: Standard) -> one.Focus:
    first = values.iloc[0]
    values = values.assign(hover=[_hover(value, span) for value in values.to_dict("records")])
    days = values.loc[values["value"].notna(), "when"]
    return one.Focus(
        parameter=first["parameter"], name=first["name"], unit=first["unit"],
        limit=limits.limit(first["parameter"], row["water_body_type"]), target_rank=Rank[target], target_class=target,
        rows=values[["when", "value", "counts", "flag", "hover"]], span=_span_words(days, span), is_mean=span == parts.CLASSES)


def _hover(value: dict, span: str) -> str:
    when = f"{value['when']:%Y-%m}" if span == parts.CLASSES else f"{value['when']:%m-%d %H:%M}"
    flag = f"，{t('flag.' + value['flag'])}" if isinstance(value["flag"], str) else ""
    shelved = "" if value["counts"] else f"，{t('section.shelved')}"
    return f"{when}　{section_charts.figure_text(value['value'])}{flag}{shelved}"


def _span_words(days: pd.Series, span: str) -> str:
    """2021 年 4 月 1–5 日, or the months of the means."""
    first, last = days.min(), days.max()
    if span == parts.CLASSES:
        key = "section.span.months" if first < last else "section.span.month"
        return t(key, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")
    if first.date() == last.date():
        return t("section.span.day", year=first.year, month=first.month, day=first.day)
    return t("section.span.days", year=first.year, month=first.month, first=first.day, last=last.day)


def _latest(section_id: str, readings: pd.DataFrame, selection: Selection, row: dict, limits: Standard) -> pd.DataFrame:
    """Values of the latest reading that counts."""
    if readings.empty:
        return pd.DataFrame()
    at = readings.iloc[0]["sampled_at"]
    found = store.ask("samples_of_section", section_id=section_id, as_of=selection.as_of, first=at.date(), last=at.date())
    return _with_classes(found[found["sampled_at"] == at], row["water_body_type"], limits)


def _outlook(row: dict, selection: Selection, limits: Standard) -> str:
    """The year of the as-of date: what the months left may still bring."""
    year = selection.as_of.year
    tomorrow = selection.as_of + timedelta(days=1)
    through = 12 if tomorrow.year > year else tomorrow.month - 1
    if not is_known(row["target_class"]) or Rank[row["target_class"]] > 5:
        return records.outlook_block(None, year, None, {}, t("section.outlook.no_target"))
    means = store.ask("monthly_means", as_of=selection.as_of, section_ids=[row["section_id"]], first=date(year, 1, 1), last=selection.as_of)
    if means.empty or not through:
        return records.outlook_block(None, year, None, {}, t("section.outlook.no_means", year=year))
    wide = means.pivot_table(index=means["period_start"].dt.month, columns="parameter", values="mean")
    rules = load_water_rules(WATER_QUALITY_CONFIG)
    found = section_outlook(wide, through, row["water_body_type"], Rank[row["target_class"]], limits, rules)
    names = {name: parameter.name for name, parameter in limits.parameters.items()}
    return records.outlook_block(found, year, row["target_class"], names, t("section.outlook.no_means", year=year))


@st.fragment
def show_waters(sections: pd.DataFrame, selection: Selection) -> None:
    """Basins, rivers or regions of one period as a whole."""
    classes = store.ask("class_periods", as_of=selection.as_of, section_ids=sections["section_id"].tolist())
    periods = waters.periods_with_classes(classes)
    if periods.empty:
        show(f'<div class="q gap"><h2>{t("section.waters.nothing")}</h2></div>')
        return
    rules = load_water_rules(WATER_QUALITY_CONFIG)
    head = st.container()
    by, when, _ = st.columns([250, 420, 506], vertical_alignment="center")
    grouping = addressed("by", waters.GROUPINGS, "basin", lambda key: by.segmented_control(
        t("section.waters.by"), list(waters.GROUPINGS), required=True, key=key, label_visibility="collapsed",
        format_func=lambda name: t(f"section.waters.by.{name}")))
    labels = {f"{row['period_kind']}-{row['period_start']:%Y-%m}": row for row in periods.to_dict("records")}
    usual = waters.default_period(periods)
    chosen = addressed("period", labels, list(labels)[usual], lambda key: when.selectbox(
        t("section.waters.when"), list(labels), format_func=lambda name: waters.period_words(labels[name]), key=key,
        label_visibility="collapsed"))
    period = labels[chosen]
    means = store.ask("monthly_means", as_of=selection.as_of, section_ids=sections["section_id"].tolist(),
                      first=period["period_start"].date(), last=period["period_end"].date(), period_kind=period["period_kind"])
    found = waters.judged(sections, classes, means, period, grouping, standard(), rules)
    with with_tables(t("tables.waters"), selection):
        with head:
            show(f'<div class="q gap"><h2>{waters.title(found, period)}</h2></div>')
        show(waters.table(found, rules))
