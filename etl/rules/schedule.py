"""Field 2, 进度: where the latest figure stands on the path to the target.

The path is the plan's own milestones where it has them, else a straight line from the baseline (our
interpolation, and said so), else the elapsed share of the period for cumulative works. Growth rates are not
used: they punish reductions to zero, flatter steep rises and break on zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from etl.rules.attainment import covers_deadline, is_full_figure, is_running_total, proves, verdict_of
from etl.rules.model import Observation, Rules, Target, years
from etl.rules.numbers import round_to


@dataclass(frozen=True)
class Schedule:
    """Word and all inputs; shares and ratio are fractions, gaps are in the target's unit (classes for a class)."""

    word: str | None
    observation: Observation | None = None
    path: str | None = None  # milestones straight_line elapsed_share
    baseline_value: Decimal | None = None
    baseline_on: date | None = None
    baseline_is_nearest: bool = False
    expected_value: Decimal | None = None
    completed_share: Decimal | None = None
    expected_share: Decimal | None = None
    ratio: Decimal | None = None
    gap_to_path: Decimal | None = None
    gap_to_target: Decimal | None = None
    level_ratio: Decimal | None = None


def judge_schedule(target: Target, known: list[Observation], rules: Rules) -> Schedule:
    """Judge from the figures known; once the deadline is past later figures no longer count."""
    words = rules.schedule
    if target.comparator == "text":
        return Schedule(None)
    latest = latest_figure(target, known)
    if latest is None:
        return Schedule(None)
    met = target.is_met_by(latest.value)
    if not proves(target, latest, met):
        return Schedule(None, observation=latest)
    baseline_value, baseline_on, nearest = _baseline(target, known, latest)
    shared = dict(observation=latest, baseline_value=baseline_value, baseline_on=baseline_on,
                  baseline_is_nearest=nearest, gap_to_target=gap_to_target(target, latest.value))
    if _is_before_the_plan(target, latest):
        return Schedule(None, **shared)
    if target.is_maintain or (baseline_value is not None and not target.is_cumulative
                              and target.is_met_by(baseline_value)):
        return Schedule(words["kept"] if met else words["broken"], **shared)
    if met:
        return Schedule(words["reached"], **shared)
    if target.comparator == "class_at_least" or latest.comparator != "=" or target.deadline is None:
        return Schedule(None, **shared)
    if target.is_cumulative:
        return _by_elapsed_share(target, latest, rules, shared)
    if baseline_value is None or baseline_on is None:
        return Schedule(words["no_baseline"], **shared, level_ratio=level_ratio(target, latest.value))
    return _by_path(target, latest, baseline_value, baseline_on, rules, shared)


def _is_before_the_plan(target: Target, latest: Observation) -> bool:
    """A figure from before the plan can be its baseline, but says nothing about its progress."""
    return (target.plan_start is not None and latest.period_end < target.plan_start
            and (target.deadline is None or target.deadline >= target.plan_start))


def latest_figure(target: Target, known: list[Observation]) -> Observation | None:
    """Latest comparable figure up to the deadline; of two for one date the final, then the less favourable."""
    usable = [o for o in known if _stands_on_path(target, o)]
    return min(usable, default=None, key=lambda o: (-o.period_end.toordinal(), o.is_provisional, o.comparator != "=",
                                                    target.merit(o.value)))


def _stands_on_path(target: Target, observation: Observation) -> bool:
    if target.is_cumulative:
        return is_running_total(target, observation) or verdict_of(target, observation) is True
    return covers_deadline(target, observation) or (
        is_full_figure(target, observation) and (target.deadline is None or observation.period_end <= target.deadline))


def gap_to_target(target: Target, value: Decimal) -> Decimal:
    """Figure minus target; for a range the signed distance to the nearer end, 0 inside."""
    if target.comparator == "between":
        if value < target.value:
            return value - target.value
        return max(value - target.value_high, Decimal(0))
    return value - target.value


def level_ratio(target: Target, value: Decimal) -> Decimal | None:
    """水平完成率 without a baseline: y/yT, or yT/y where less is better. Never mixed with the schedule ratio."""
    top, bottom = (target.value, value) if target.lower_is_better else (value, target.value)
    return None if target.is_two_sided or top < 0 or bottom <= 0 else top / bottom


def _baseline(target: Target, known: list[Observation], latest: Observation):
    """The plan's own baseline, else the nearest earlier figure, flagged."""
    if target.is_cumulative:
        return Decimal(0), target.period_start, False
    if target.baseline_value is not None:
        return target.baseline_value, target.baseline_on, False
    earlier = [o for o in known if is_full_figure(target, o) and o.period_kind == "year" and o.comparator == "="
               and o.period_end < latest.period_end]
    if not earlier or target.plan_start is None:
        return None, None, False
    wanted = target.plan_start.year - 1
    nearest = min(earlier, key=lambda o: (abs(o.period_end.year - wanted), o.period_end, o.is_provisional))
    return nearest.value, nearest.period_end, True


def _by_elapsed_share(target: Target, latest: Observation, rules: Rules, shared: dict) -> Schedule:
    completed = latest.value / target.value if target.value else None
    if target.period_start is None or completed is None:
        return Schedule(rules.schedule["no_baseline"], **shared, completed_share=completed)
    whole = (target.deadline - target.period_start).days + 1
    expected = Decimal((latest.period_end - target.period_start).days + 1) / whole
    return _word_by_ratio(rules, completed, expected, path="elapsed_share",
                          expected_value=expected * target.value,
                          gap_to_path=latest.value - expected * target.value, **shared)


def _by_path(target: Target, latest: Observation, y0: Decimal, t0: date, rules: Rules, shared: dict) -> Schedule:
    goal = Decimal(0) if target.comparator == "between" else target.value
    start, now = target.distance(y0), target.distance(latest.value)
    points = [(years(t0), start)]
    points += [(years(day), target.distance(value)) for day, value in target.milestones if t0 < day < target.deadline]
    points.append((years(target.deadline), goal))
    expected_value = _on_path(points, latest.year_end())
    resolution = Decimal(1).scaleb(-target.decimals)
    if target.population:
        resolution = max(resolution, Decimal(100) / target.population)
    gaps = dict(path="milestones" if len(points) > 2 else "straight_line", expected_value=expected_value,
                gap_to_path=now - expected_value, **shared)
    span = goal - start
    if abs(span) < resolution:
        return Schedule(None, **gaps)
    return _word_by_ratio(rules, (now - start) / span, (expected_value - start) / span, **gaps)


def _on_path(points: list[tuple[Decimal, Decimal]], t: Decimal) -> Decimal:
    if t <= points[0][0]:
        return points[0][1]
    for (ta, a), (tb, b) in zip(points, points[1:]):
        if t <= tb:
            return a + (b - a) * (t - ta) / (tb - ta)
    return points[-1][1]


def _word_by_ratio(rules: Rules, completed: Decimal, expected: Decimal, **fields) -> Schedule:
    if expected < rules.minimum_expected_share:
        return Schedule(None, completed_share=completed, expected_share=expected, **fields)
    ratio = round_to(completed / expected, 9)  # without the last digits' noise, so that 0.95 is 0.95
    if ratio >= rules.on_schedule:
        key = "on_schedule"
    elif ratio >= rules.slightly_behind:
        key = "slightly_behind"
    elif ratio >= rules.far_behind:
        key = "far_behind"
    else:
        key = "reversed"
    return Schedule(rules.schedule[key], completed_share=completed, expected_share=expected, ratio=ratio, **fields)
