"""Field 1, 达标: is the target of its own period met?

A figure judges a target when it speaks of the same indicator, region and scope and covers the period the
target is due for. A month never stands for a year, a year inferred by a reader never judges, an earlier or
later year is shown but not judged. Missing stays missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from etl.rules.model import Observation, Rules, Target

_SUPPORTS = {">=": ("=", ">=", ">"), ">": ("=", ">=", ">"), "<=": ("=", "<=", "<"), "<": ("=", "<=", "<"),
             "class_at_least": ("=", "<=", "<"), "=": ("=",), "between": ("=",)}


@dataclass(frozen=True)
class Attainment:
    """The word, the figure it rests on (if any) and whether equally good figures contradict each other."""

    word: str
    observation: Observation | None
    figures_disagree: bool = False


def judge_attainment(target: Target, known: list[Observation], as_of: date, rules: Rules) -> Attainment:
    """Judge on a day, from the figures known on that day."""
    words = rules.attainment
    if target.repealed_on and target.repealed_on <= as_of:
        return Attainment(words["repealed"], None)
    overdue = target.deadline is not None and as_of > target.deadline
    if target.comparator == "text":
        return Attainment(words["qualitative"] if overdue else words["not_due"], None)
    decided = [(o, verdict) for o in known if (verdict := verdict_of(target, o)) is not None]
    if not decided:
        return Attainment(words["overdue"] if overdue else words["not_due"], None)
    decided.sort(key=lambda pair: (pair[0].is_provisional, -pair[0].period_end.toordinal(), pair[1],
                                   _unfavourable_first(target, pair[0])))
    chosen, met = decided[0]
    rivals = [o for o, _ in decided if o.is_provisional == chosen.is_provisional
              and o.period_end == chosen.period_end and o.comparator == chosen.comparator]
    return Attainment(words["met"] if met else words["missed"], chosen,
                      figures_disagree=len({o.value for o in rivals}) > 1)


def verdict_of(target: Target, observation: Observation) -> bool | None:
    """Met, missed, or None when this figure cannot decide."""
    if observation.value is None or not observation.same_scope or observation.period_end is None:
        return None
    met = target.is_met_by(observation.value)
    if target.is_cumulative:
        if not _within_period(target, observation):
            return None
        if met and _supports_met(target, observation):
            return True
        if not met and _covers_whole_period(target, observation) and _supports_missed(target, observation):
            return False
        return None
    if not covers_deadline(target, observation):
        return None
    if met:
        return True if _supports_met(target, observation) else None
    return False if _supports_missed(target, observation) else None


def covers_deadline(target: Target, observation: Observation) -> bool:
    """Whether the figure's period is the one the target is due for."""
    if target.deadline is None or observation.period_kind in ("unstated", "inferred_year"):
        return False
    end = observation.period_end
    if end.year != target.deadline.year:
        return False
    if observation.period_kind in ("year", "cumulative"):
        return True
    return target.period_basis == "point" and (end.year, end.month) == (target.deadline.year, target.deadline.month)


def is_full_figure(target: Target, observation: Observation) -> bool:
    """Whether the figure may stand on the target's time line: full years, or states at a date for stocks."""
    if observation.value is None or not observation.same_scope or observation.period_end is None:
        return False
    if observation.period_kind in ("year", "cumulative"):
        return True
    return target.period_basis in ("point", "cumulative") and observation.period_kind in ("date", "month")


def _within_period(target: Target, observation: Observation) -> bool:
    """Running totals count from the start of the target's (else the plan's) period up to its deadline."""
    if observation.period_kind in ("unstated", "inferred_year") or observation.period_start is None:
        return False
    start = target.period_start or target.plan_start
    return ((start is None or observation.period_start >= start)
            and (target.deadline is None or observation.period_end <= target.deadline))


def _covers_whole_period(target: Target, observation: Observation) -> bool:
    if target.deadline is None or observation.period_end.year != target.deadline.year:
        return False
    start = target.period_start or target.plan_start
    return observation.period_kind == "cumulative" or (start is not None and observation.period_start <= start)


def _supports_met(target: Target, observation: Observation) -> bool:
    allowed = _SUPPORTS[">="] if target.comparator == "=" and target.is_cumulative else _SUPPORTS[target.comparator]
    return observation.comparator in allowed


def _supports_missed(target: Target, observation: Observation) -> bool:
    """ "At least 80" cannot prove that 90 was missed; only an exact figure or a bound on the bad side can."""
    if observation.comparator == "=":
        return True
    return observation.comparator in ((">", ">=") if target.lower_is_better else ("<", "<="))


def _unfavourable_first(target: Target, observation: Observation):
    value = target.distance(observation.value)
    return -value if target.lower_is_better or target.comparator == "between" else value
