"""Short ways to write a target, a figure and a judgement in the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from etl.rules.judge import Judgement, judge
from etl.rules.model import Observation, Target, load_rules
from etl.rules.numbers import decimals_of

RULES = load_rules()
END_OF_2025 = date(2025, 12, 31)
LATER = date(2030, 1, 1)
"""A day on which every figure of the tests is known and every deadline is past."""

_STARTS = {"half_year": 6, "quarter": 3, "month": 1}


def decimal(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def year_end(year: int) -> date:
    return date(year, 12, 31)


def target(comparator: str = ">=", value: str | None = "90", deadline: date | None = END_OF_2025, **fields) -> Target:
    """A target due at the end of 2025; its precision is that of `value` as printed."""
    for name in ("value_high", "baseline_value"):
        fields[name] = decimal(fields.get(name))
    if fields["baseline_value"] is not None:
        fields.setdefault("baseline_on", year_end(2020))
    fields.setdefault("decimals", decimals_of(value) if value else 0)
    return Target(target_id="t", comparator=comparator, value=decimal(value), deadline=deadline, **fields)


def works(value: str = "300", comparator: str = "=", **fields) -> Target:
    """A cumulative target, 300 km from the start of 2021 to the end of 2025."""
    fields.setdefault("period_start", date(2021, 1, 1))
    return target(comparator, value, is_cumulative=True, period_basis="cumulative", **fields)


def figure(value, end: date | int, kind: str = "year", **fields) -> Observation:
    """A figure known from the last day of its period unless said otherwise; an int is a whole year."""
    end = year_end(end) if isinstance(end, int) else end
    if "start" in fields:
        start = fields.pop("start")
    elif kind == "date":
        start = end
    else:
        start = date(end.year, max(1, end.month - _STARTS.get(kind, 12) + 1), 1)
    fields.setdefault("known_on", end)
    fields.setdefault("observation_id", f"{value} {end}")
    return Observation(value=decimal(value), period_start=start, period_end=end, period_kind=kind, **fields)


def total(value, end: date | int, start: date = date(2021, 1, 1), **fields) -> Observation:
    """A running total since the start of 2021."""
    return figure(value, end, "cumulative", start=start, **fields)


def judged(to_judge: Target, *figures: Observation, on: date = LATER) -> Judgement:
    return judge(to_judge, list(figures), on, RULES)


def status(to_judge: Target, *figures: Observation, on: date = LATER) -> str:
    return judged(to_judge, *figures, on=on).attainment.word
