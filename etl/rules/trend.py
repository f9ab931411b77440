"""Field 3, 走势（估算）: what the last years suggest. Never changes attainment or schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from etl.rules.attainment import is_full_figure
from etl.rules.model import Observation, Rules, Target, years


@dataclass(frozen=True)
class Trend:
    """Word and inputs; slopes are units per year, the speed-up is required over recent change."""

    word: str
    points: int
    slope: Decimal | None = None
    required_slope: Decimal | None = None
    forecast: Decimal | None = None
    speed_up: Decimal | None = None


def judge_trend(target: Target, known: list[Observation], as_of: date, rules: Rules) -> Trend:
    """Least-squares change of the last three to five yearly figures, carried to the deadline."""
    words = rules.trend
    series = yearly_series(target, known)
    if target.deadline is not None and as_of > target.deadline:
        return Trend(words["frozen"], len(series))
    if target.comparator in ("text", "class_at_least", "between", "=") or target.is_cumulative:
        return Trend(words["too_few"], len(series))
    if len(series) < rules.minimum_points or target.deadline is None:
        return Trend(words["too_few"], len(series))
    recent = series[-rules.maximum_points:]
    slope = _least_squares_slope(recent)
    t, y = recent[-1]
    left = years(target.deadline) - t
    if left <= 0:
        return Trend(words["frozen"], len(series), slope)
    required = (target.value - y) / left
    forecast = y + slope * left
    if target.is_met_by(forecast):
        return Trend(words["will_meet"], len(series), slope, required, forecast)
    good = -1 if target.lower_is_better else 1
    if slope * good <= 0:
        return Trend(words["turn_around"], len(series), slope, required, forecast)
    return Trend(words["accelerate"], len(series), slope, required, forecast, required / slope)


def yearly_series(target: Target, known: list[Observation]) -> list[tuple[Decimal, Decimal]]:
    """(time in years, value) of exact comparable yearly figures, one a year, the less favourable of two."""
    by_year: dict[int, Observation] = {}
    for o in known:
        if not is_full_figure(target, o) or o.period_kind != "year" or o.comparator != "=":
            continue
        held = by_year.get(o.period_end.year)
        if held is None or _rank(target, o) < _rank(target, held):
            by_year[o.period_end.year] = o
    return [(o.year_end(), o.value) for _, o in sorted(by_year.items())]


def _rank(target: Target, observation: Observation) -> tuple[bool, Decimal]:
    return observation.is_provisional, target.merit(observation.value)


def _least_squares_slope(points: list[tuple[Decimal, Decimal]]) -> Decimal:
    n, zero = len(points), Decimal(0)
    mean_t = sum((t for t, _ in points), zero) / n
    mean_y = sum((y for _, y in points), zero) / n
    together = sum(((t - mean_t) * (y - mean_y) for t, y in points), zero)
    return together / sum(((t - mean_t) ** 2 for t, _ in points), zero)
