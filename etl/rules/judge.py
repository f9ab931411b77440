"""The four judgements of one target, and the days on which they change.

Between two events (a figure becomes known, a deadline passes, a document is repealed) nothing changes, so the
judgements of a target are a short list of spans of days. The database keeps these spans; `attainment(as_of)`
picks one per target.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from etl.rules.attainment import Attainment, covers_deadline, judge_attainment
from etl.rules.model import Observation, Rules, Target
from etl.rules.schedule import Schedule, judge_schedule
from etl.rules.trend import Trend, judge_trend

BEGINNING = date(1900, 1, 1)
END = date(9999, 12, 31)


@dataclass(frozen=True)
class Judgement:
    """Four fields that are never mixed, and the inputs a reader needs to follow them."""

    valid_from: date
    valid_to: date
    attainment: Attainment
    schedule: Schedule
    trend: Trend
    earlier_figure: Observation | None  # inside the plan period, before the year the target is due for
    known_figures: int
    sections_short: int | None  # sections still missing for a share of sections; negative is a margin


def judge(target: Target, observations: list[Observation], as_of: date, rules: Rules) -> Judgement:
    """Judge one target on one day."""
    known = [o for o in observations if o.is_known_on(as_of)]
    attainment = judge_attainment(target, known, as_of, rules)
    schedule = judge_schedule(target, known, rules)
    figure = attainment.observation or schedule.observation
    return Judgement(
        valid_from=as_of, valid_to=as_of, attainment=attainment, schedule=schedule,
        trend=judge_trend(target, known, as_of, rules),
        earlier_figure=_earlier_figure(target, schedule.observation, attainment),
        known_figures=sum(o.value is not None and o.same_scope for o in known),
        sections_short=sections_short(target, figure.value) if figure else None,
    )


def judgement_spans(target: Target, observations: list[Observation], rules: Rules) -> list[Judgement]:
    """All judgements of a target through time, as spans that leave no day out."""
    events = {BEGINNING}
    events |= {day for o in observations if o.known_on is not None
               for day in (o.known_on, max(o.known_on, o.period_end or o.known_on), o.superseded_on or o.known_on)}
    events |= {verdict.judged_on for verdict in target.verdicts}
    if target.deadline:
        events.add(target.deadline + timedelta(days=1))
    if target.repealed_on:
        events.add(target.repealed_on)
    starts = sorted(events)
    ends = [later - timedelta(days=1) for later in starts[1:]] + [END]
    spans: list[Judgement] = []
    for start, end in zip(starts, ends):
        made = judge(target, observations, start, rules)
        spans.append(Judgement(start, end, made.attainment, made.schedule, made.trend, made.earlier_figure,
                               made.known_figures, made.sections_short))
    return spans


def sections_short(target: Target, value: Decimal) -> int | None:
    """How many sections are missing to the target share; rounding at the printed precision is honoured."""
    if not target.population or target.comparator not in (">=", ">"):
        return None
    n = target.population
    have = int((value * n / 100).to_integral_value())
    need = next((count for count in range(n + 1) if target.is_met_by(Decimal(count) * 100 / n)), None)
    return None if need is None else need - have


def _earlier_figure(target: Target, latest: Observation | None, attainment: Attainment) -> Observation | None:
    if attainment.observation is not None or latest is None or covers_deadline(target, latest):
        return None
    if target.plan_start is not None and latest.period_end < target.plan_start:
        return None
    return latest
