"""The time line of one indicator in one region: figures, targets, and the year that is missing.

A line joins only yearly figures of the target's own scope; other scopes, months and inferred years stand apart;
a missing year is a band with a ring on the axis, never a point at a guessed value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard import text, theme
from dashboard.charts import house_figure
from dashboard.text import t

JOINED_KINDS = ("year",)
LOOSE_KINDS = ("month", "half_year", "quarter", "year_to_date", "date")
BAND_HALF_WIDTH = 0.27
OF_TARGETS = ["target_value", "target_value_high", "target_text", "comparator", "unit", "decimals", "is_cumulative",
              "is_approximate", "deadline", "plan_start", "issued_on", "status"]
OF_FIGURES = ["value", "unit", "comparator", "scope", "period_kind", "period_end", "period_text", "source_kind", "publisher",
              "published_on"]
"""What is drawn; the wide rows of the queries would make every step slower."""


@dataclass(frozen=True)
class Axis:
    """Where the value axis starts and ends, and whether its foot is cut off."""

    low: float
    high: float
    is_cut: bool


def timeline(targets: pd.DataFrame, figures: pd.DataFrame, scope: str, height: int = 270,
             is_small: bool = False) -> tuple[go.Figure, Axis]:
    """`targets`: rows of one region and scope; `figures`: all figures of the region for the indicator."""
    targets = targets[OF_TARGETS]
    dated = figures.loc[figures["period_end"].notna() & figures["value"].notna(), OF_FIGURES].copy()
    dated["x"] = [_position(row) for row in dated.to_dict("records")]
    dated["is_repost"] = dated["source_kind"] == "repost"  # of equal figures the original is drawn
    own = dated[dated["scope"] == scope].sort_values(["x", "is_repost"])
    joined = own[own["period_kind"].isin(JOINED_KINDS)].drop_duplicates(["x", "value"])
    totals = own[own["period_kind"] == "cumulative"]
    loose = own[own["period_kind"].isin(LOOSE_KINDS)]
    inferred = own[own["period_kind"] == "inferred_year"]
    other = dated[(dated["scope"] != scope) & dated["period_kind"].isin(["year", "cumulative"])]
    if is_small:
        loose, other = loose.iloc[0:0], other.iloc[0:0]

    figure = house_figure(height)
    shown = pd.concat([joined, totals, loose, inferred, other])
    axis = _axis(targets, shown)
    years = _years(targets, shown)
    _missing_years(figure, targets, axis, is_small)
    _loose_points(figure, loose)
    _other_scopes(figure, other, joined, axis)
    _inferred_points(figure, inferred)
    _joined_line(figure, joined, is_small)
    _totals(figure, totals)
    _targets(figure, targets, is_small)
    _axes(figure, axis, years, targets.iloc[0]["unit"], is_small)
    return figure, axis


def _position(row: dict) -> float:
    """A full year stands at its number, a month or a day inside the year around it."""
    end = row["period_end"]
    if row["period_kind"] in ("year", "cumulative", "inferred_year"):
        return float(end.year)
    return end.year - 0.5 + (end.day_of_year - 0.5) / 365


def _axis(targets: pd.DataFrame, shown: pd.DataFrame) -> Axis:
    if targets.iloc[0]["unit"] == "类":
        return Axis(0.5, 6.5, False)
    values = [*shown["value"], *targets["target_value"].dropna()]
    low, high = min(values), max(values)
    pad = (high - low) * 0.22 or abs(high) * 0.05 or 1
    top = high + pad * 1.6
    if (low >= 0 and low - pad < (high - low)) or low <= 0:
        return Axis(min(0.0, low - pad if low < 0 else 0.0), top, False)
    step = 10 ** math.floor(math.log10(high - low or pad))
    return Axis(math.floor((low - pad) / step) * step, top, True)


def _years(targets: pd.DataFrame, shown: pd.DataFrame) -> tuple[int, int]:
    ends = [*shown["x"], *targets["deadline"].dropna().dt.year]
    starts = [*shown["x"], *(row["start"].year for row in _spans(targets))]
    return int(min(starts or ends)), int(max(ends))


def _spans(targets: pd.DataFrame) -> list[dict]:
    """Targets with the day from which they hold: the issue of the plan, else the start of its period."""
    rows = []
    for row in targets[targets["target_value"].notna() & targets["deadline"].notna()].to_dict("records"):
        start = row["plan_start"] if pd.isna(row["issued_on"]) else row["issued_on"]
        if start > row["deadline"]:  # a plan that restates the targets of the period before
            start = row["deadline"] - pd.DateOffset(years=1)
        rows.append({**row, "start": start})
    return rows


def _missing_years(figure: go.Figure, targets: pd.DataFrame, axis: Axis, is_small: bool) -> None:
    for row in targets[targets["status"] == "到期未报"].to_dict("records"):
        year = row["deadline"].year
        figure.add_vrect(x0=year - BAND_HALF_WIDTH, x1=year + BAND_HALF_WIDTH, fillcolor=theme.WARM_FILL, line_width=0,
                         layer="below")
        label = t("chart.missing.small") if is_small else t("chart.missing", year=year)
        is_high = (row["target_value"] - axis.low) / (axis.high - axis.low) > 0.5
        figure.add_annotation(x=year, y=0.28 if is_high else 0.9, yref="paper", text=label, showarrow=False,
                              font=dict(color=theme.WARM, size=12 if is_small else 13, weight=500))
        bottom = axis.high if row["unit"] == "类" else axis.low
        figure.add_scatter(x=[year], y=[bottom], mode="markers", cliponaxis=False, hoverinfo="skip",
                           marker=dict(symbol="circle-open", size=10, color=theme.WARM, line=dict(width=2)))


def _joined_line(figure: go.Figure, rows: pd.DataFrame, is_small: bool) -> None:
    if rows.empty:
        return
    line = rows.drop_duplicates("x")  # two figures for one year: both points, one line
    figure.add_scatter(x=list(line["x"]), y=list(line["value"]), mode="lines", hoverinfo="skip", connectgaps=False,
                       line=dict(color=theme.BLUE, width=2))
    for is_repost, group in rows.groupby(rows["source_kind"] == "repost"):
        figure.add_scatter(x=list(group["x"]), y=list(group["value"]), mode="markers", hovertext=_hover(group), hoverinfo="text",
                           marker=dict(size=9, color="#fff" if is_repost else theme.BLUE,
                                       line=dict(color=theme.BLUE, width=2)))
    for row in rows.drop_duplicates("x", keep="last").to_dict("records"):
        label = text.figure_label(row)
        if row["source_kind"] == "repost" and not is_small:
            label += f'<br><span style="font-size:12px;color:{theme.INK2}">{t("word.repost")}</span>'
        figure.add_annotation(x=row["x"], y=row["value"], text=f"<b>{label}</b>", showarrow=False,
                              yshift=22 if "<br>" in label else 15, font=dict(color=theme.BLUE, size=12 if is_small else 14))


def _totals(figure: go.Figure, rows: pd.DataFrame) -> None:
    for row in rows.to_dict("records"):
        figure.add_scatter(x=[row["x"]], y=[row["value"]], mode="markers", hovertext=[_hover_text(row)], hoverinfo="text",
                           marker=dict(size=9, symbol="square", color=theme.BLUE))
        figure.add_annotation(x=row["x"], y=row["value"], text=f"<b>{text.figure_label(row)}</b>", showarrow=False,
                              yshift=15, font=dict(color=theme.BLUE, size=13))


def _loose_points(figure: go.Figure, rows: pd.DataFrame) -> None:
    if len(rows):
        figure.add_scatter(x=list(rows["x"]), y=list(rows["value"]), mode="markers", hovertext=_hover(rows), hoverinfo="text",
                           marker=dict(size=6, symbol="circle-open", color=theme.ZERO, line=dict(width=1.4)))


def _inferred_points(figure: go.Figure, rows: pd.DataFrame) -> None:
    for row in rows.to_dict("records"):
        figure.add_scatter(x=[row["x"]], y=[row["value"]], mode="markers", hovertext=[_hover_text(row)], hoverinfo="text",
                           marker=dict(size=10, symbol="diamond-open", color=theme.INK3, line=dict(width=1.6)))
        figure.add_annotation(x=row["x"], y=row["value"], text=f"{text.figure_label(row)} {t('chart.inferred')}",
                              showarrow=False, yshift=14, font=dict(color=theme.INK3, size=12))


def _other_scopes(figure: go.Figure, rows: pd.DataFrame, joined: pd.DataFrame, axis: Axis) -> None:
    if rows.empty:
        return
    figure.add_scatter(x=list(rows["x"]), y=list(rows["value"]), mode="markers", hovertext=_hover(rows), hoverinfo="text",
                       marker=dict(size=9, symbol="triangle-up-open", color=theme.ZERO, line=dict(width=1.6)))
    free = [row for row in rows.to_dict("records") if _is_free(row, joined, axis)]
    if free:
        figure.add_annotation(x=free[0]["x"], y=free[0]["value"], showarrow=False, yshift=14,
                              text=t("chart.other_scope", figure=text.figure_label(free[0])),
                              font=dict(color=theme.INK3, size=12))


def _is_free(row: dict, joined: pd.DataFrame, axis: Axis) -> bool:
    """Whether a label above this point would not run into a figure of the line."""
    near = joined[(joined["x"] - row["x"]).abs() <= 1]
    return row["unit"] != "类" and ((near["value"] - row["value"]).abs() > 0.15 * (axis.high - axis.low)).all()


def _targets(figure: go.Figure, targets: pd.DataFrame, is_small: bool) -> None:
    for row in _spans(targets):
        x0, x1 = _year_of(row["start"]), float(row["deadline"].year)
        x0 = min(x0, x1 - 0.3)
        figure.add_scatter(x=[x0, x1], y=[row["target_value"]] * 2, mode="lines+markers", hoverinfo="text",
                           hovertext=text.target_text(row), line=dict(color=theme.INK, width=2, shape="hv"),
                           marker=dict(symbol="line-ns", size=10, color=theme.INK, line=dict(width=2, color=theme.INK)))
        label = t("chart.target", target=text.target_label(row))
        if not is_small:
            label = f"<b>{label}</b><br>{t('chart.deadline', day=text.deadline_text(row['deadline']))}"
        figure.add_annotation(x=x1, y=row["target_value"], xanchor="left", xshift=14 if is_small else 34, showarrow=False,
                              align="left", text=label, font=dict(color=theme.INK, size=12 if is_small else 13))


def _axes(figure: go.Figure, axis: Axis, years: tuple[int, int], unit: str | None, is_small: bool) -> None:
    first, last = years
    room = 0.42 if is_small else 0.24
    span = max(last - first, 1)
    step = 1 if span <= 10 else 2
    ticks = [first, last] if is_small else sorted(range(last, first - 1, -step))
    figure.update_xaxes(range=[first - 0.45, last + 0.35 + room * max(span, 3)], tickmode="array",
                        tickvals=ticks, tickangle=0, tickfont=dict(size=12, color=theme.INK2))
    if unit == "类":
        figure.update_yaxes(range=[axis.high, axis.low], tickmode="array", tickvals=[1, 2, 3, 4, 5, 6],
                            ticktext=text.WATER_CLASSES)
        return
    suffix = unit if unit == "%" else ""
    figure.update_yaxes(range=[axis.low, axis.high], ticksuffix=suffix, nticks=6, visible=not is_small,
                        tickfont=dict(size=12, color=theme.INK2))


def _year_of(day: pd.Timestamp) -> float:
    return day.year - 0.5 + (day.day_of_year - 0.5) / 365


def _hover(rows: pd.DataFrame) -> list[str]:
    return [_hover_text(row) for row in rows.to_dict("records")]


def _hover_text(row: dict) -> str:
    lines = [f"<b>{text.value_text(row['value'], row['unit'], comparator=row['comparator'])}</b>　{row['period_text']}",
             text.esc(row["scope"]), f"{text.esc(row['publisher'])}　{text.day_text(row['published_on'])}"]
    return "<br>".join(lines)
