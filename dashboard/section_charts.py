"""The parameter of a section over time, before the class limits of GB 3838-2002. Nothing here knows Streamlit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts import house_figure
from dashboard.text import WATER_CLASSES, number, t
from etl.rules.water_quality import Limit, parameter_rank

GAP_FACTOR = 1.6
"""A pause longer than so many intervals breaks the line."""

SHOWN_DECIMALS = 3

MARKED_FLAGS = ("jump", "implausible")


@dataclass(frozen=True)
class Band:
    """A span of values of one class; Ⅰ and Ⅱ share colour and band."""

    low: float
    high: float
    water_class: str
    label: str


def bands(limit: Limit, low: float, high: float) -> list[Band]:
    """The class bands between two values, from the lowest value up."""
    if limit.bound == "range":
        spans = [(-np.inf, limit.low, "劣Ⅴ", "劣Ⅴ"), (limit.low, limit.class_3, "Ⅱ", t("section.band.range")),
                 (limit.class_3, np.inf, "劣Ⅴ", "劣Ⅴ")]
    else:
        limits = limit.classes[1:]  # Ⅰ and Ⅱ in one band
        names = [(c, t("section.band.good") if c == "Ⅱ" else c if c == "劣Ⅴ" else t("section.band", name=c))
                 for c in WATER_CLASSES[1:]]
        if limit.bound == "min":
            edges, names = [-np.inf, *reversed(limits), np.inf], names[::-1]
        else:
            edges = [-np.inf, *limits, np.inf]
        spans = [(a, b, *name) for a, b, name in zip(edges[:-1], edges[1:], names)]
    cut = [Band(max(a, low), min(b, high), c, label) for a, b, c, label in spans]
    return [band for band in cut if band.high > band.low]


def value_axis(values: pd.Series, limit: Limit | None, target_rank: int) -> tuple[float, float]:
    """From zero to above the largest value and the target limit; a range starts below what it needs."""
    known = values.dropna()
    high, low = (known.max(), known.min()) if len(known) else (0.0, 0.0)
    if limit is None:
        return (min(0.0, low), high * 1.18 or 1.0)
    goal = limit.classes[target_rank - 1]
    if limit.bound == "range":
        return np.floor(min(low, limit.low) - 0.6), max(high, limit.class_3) + 0.7
    top = max(high * 1.16, goal * 1.4)
    return 0.0, top


def limit_chart(rows: pd.DataFrame, limit: Limit | None, target_rank: int, target_label: str, interval: pd.Timedelta,
                height: int = 320) -> go.Figure:
    """`rows`: when, value, counts, flag, hover in the order of time; the line joins what counts and breaks at gaps.

    `interval`: how far apart the values usually are.
    """
    figure = house_figure(height)
    low, high = value_axis(rows["value"], limit, target_rank)
    if limit is not None:
        _bands(figure, limit, low, high)
        _target(figure, limit, target_rank, target_label, low, high)
    counted = rows[rows["counts"] & rows["value"].notna()]
    shelved = rows[~rows["counts"] & rows["value"].notna()]
    _line(figure, counted, interval)
    if len(shelved):
        figure.add_scatter(x=shelved["when"], y=shelved["value"], mode="markers", hovertext=shelved["hover"], hoverinfo="text",
                           marker=dict(symbol="circle-open", size=8, color=theme.WARM, line=dict(width=2)))
    marked = counted[counted["flag"].isin(MARKED_FLAGS)]
    if len(marked):
        figure.add_scatter(x=marked["when"], y=marked["value"], mode="markers", hoverinfo="skip",
                           marker=dict(symbol="circle-open", size=15, color=theme.INK2, line=dict(width=1.4)))
    _labels(figure, counted, limit, high)
    figure.update_yaxes(range=[low, high], showgrid=limit is None, tickfont=dict(size=12))
    figure.update_layout(margin=dict(l=8, r=70 if limit is not None else 16, t=8, b=8))
    _time_axis(figure, rows["when"])
    return figure


def _bands(figure: go.Figure, limit: Limit, low: float, high: float) -> None:
    shown, last = bands(limit, low, high), None
    for band in shown:
        figure.add_shape(type="rect", xref="paper", x0=0, x1=1, y0=band.low, y1=band.high, line_width=0, layer="below",
                         fillcolor=theme.CLASS_BAND[band.water_class])
        figure.add_shape(type="rect", xref="paper", x0=1.0, x1=1.01, y0=band.low, y1=band.high, line_width=0,
                         fillcolor=theme.CLASS_COLOUR[band.water_class])
        middle = (band.low + band.high) / 2
        if last is None or (middle - last) / (high - low) > 0.06:
            figure.add_annotation(xref="paper", x=1.02, y=middle, text=f"<b>{band.label}</b>", showarrow=False, xanchor="left",
                                  font=dict(size=12, color=theme.INK))
            last = middle


def _target(figure: go.Figure, limit: Limit, target_rank: int, label: str, low: float, high: float) -> None:
    """The limit of the target class as an ink line with its number; of a range both ends."""
    ends = [limit.low, limit.class_3] if limit.bound == "range" else [limit.classes[target_rank - 1]]
    for value in ends:
        figure.add_shape(type="line", xref="paper", x0=0, x1=1, y0=value, y1=value, line=dict(color=theme.INK, width=2),
                         layer="below")
    figure.add_annotation(xref="paper", x=0.008, y=ends[-1], xanchor="left", yanchor="bottom", showarrow=False,
                          text=f"<b>{label}</b>", font=dict(size=12, color=theme.INK))


def figure_text(value: float) -> str:
    """A value as labels and titles show it; means have more digits than anyone measured."""
    return number(round(value, SHOWN_DECIMALS))


def _line(figure: go.Figure, rows: pd.DataFrame, interval: pd.Timedelta) -> None:
    xs: list = []
    ys: list = []
    for when, value, step in zip(rows["when"], rows["value"], rows["when"].diff()):
        if step > interval * GAP_FACTOR:
            xs.append(when - step / 2)
            ys.append(None)
        xs.append(when)
        ys.append(value)
    figure.add_scatter(x=xs, y=ys, mode="lines", hoverinfo="skip", connectgaps=False, line=dict(color=theme.BLUE, width=2))
    figure.add_scatter(x=rows["when"], y=rows["value"], mode="markers", hovertext=rows["hover"], hoverinfo="text",
                       marker=dict(size=7 if len(rows) < 60 else 4, color=theme.BLUE))


def _labels(figure: go.Figure, rows: pd.DataFrame, limit: Limit | None, high: float) -> None:
    """The worst value in bold, the first and the last small."""
    if rows.empty:
        return
    worst = worst_row(rows, limit)
    below = limit is not None and limit.bound == "min"
    for place, row in ((rows.index[0], rows.iloc[0]), (rows.index[-1], rows.iloc[-1])):
        if place != worst.name and abs((row["when"] - worst["when"]).total_seconds()) > 0.08 * max(
                (rows["when"].iloc[-1] - rows["when"].iloc[0]).total_seconds(), 1):
            up = below or row["value"] < 0.1 * high
            figure.add_annotation(x=row["when"], y=row["value"], text=figure_text(row["value"]), showarrow=False,
                                  yshift=14 if up else -14, font=dict(size=12, color=theme.BLUE))
    figure.add_annotation(x=worst["when"], y=worst["value"], text=f"<b>{figure_text(worst['value'])}</b>", showarrow=False,
                          yshift=-16 if below else 15, font=dict(size=14, color=theme.BLUE))


def worst_row(rows: pd.DataFrame, limit: Limit | None) -> pd.Series:
    """The row furthest towards the bad side; without limits the highest, of a range the one furthest out."""
    if limit is not None and limit.bound == "min":
        return rows.loc[rows["value"].idxmin()]
    if limit is not None and limit.bound == "range":
        return rows.loc[(rows["value"] - (limit.low + limit.class_3) / 2).abs().idxmax()]
    return rows.loc[rows["value"].idxmax()]


def over_target(values: pd.Series, limit: Limit | None, target_rank: int) -> pd.Series:
    """True where a value is worse than the target class."""
    if limit is None:
        return pd.Series(False, index=values.index)
    return pd.Series(parameter_rank(values.to_numpy(dtype=float), limit) > target_rank, index=values.index)


def _time_axis(figure: go.Figure, when: pd.Series) -> None:
    """Days for a few days, months for years."""
    first, last = when.min(), when.max()
    if (last - first).days <= 7:
        days = pd.date_range(first.normalize(), last.normalize())
        figure.update_xaxes(range=[first.normalize(), last.normalize() + pd.Timedelta(days=1)],
                            tickvals=[day + pd.Timedelta(hours=12) for day in days],
                            ticktext=[t("section.day", month=day.month, day=day.day) for day in days], tickfont=dict(size=12))
        for day in days:
            figure.add_shape(type="line", yref="paper", y0=0, y1=-0.015, x0=day, x1=day, line=dict(color=theme.INK3, width=1))
    else:
        pad = (last - first) * 0.03
        figure.update_xaxes(range=[first - pad, last + pad], tickformat="%Y-%m", tickfont=dict(size=12), nticks=10)
