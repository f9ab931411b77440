"""Field 1, 达标: is the target of its own period met?

A figure judges a target when it speaks of the same indicator, region and scope and covers the period the
target is due for. A month never stands for a year, a year inferred by a reader never judges, an earlier or
later year is shown but not judged. Missing stays missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from etl.rules.model import Observation, Rules, Target, Verdict


@dataclass(frozen=True)
class Attainment:
    """The word, the figure or the person's verdict it rests on (if any), and whether equally good figures contradict each other."""

    word: str
    observation: Observation | None
    figures_disagree: bool = False
    verdict: Verdict | None = None


def judge_attainment(target: Target, known: list[Observation], as_of: date, rules: Rules) -> Attainment:
    """Judge on a day, from the figures known on that day."""
    words = rules.attainment
    if target.repealed_on and target.repealed_on <= as_of:
        return Attainment(words["repealed"], None)
    overdue = target.deadline is not None and as_of > target.deadline
    if target.comparator == "text":
        given = [verdict for verdict in target.verdicts if verdict.judged_on <= as_of]
        if given:
            return Attainment(words["met" if given[-1].is_met else "missed"], None, verdict=given[-1])
        return Attainment(words["qualitative"] if overdue else words["not_due"], None)
    decided = [(o, verdict) for o in known if (verdict := verdict_of(target, o)) is not None]
    if not decided:
        return Attainment(words["overdue"] if overdue else words["not_due"], None)
    chosen, met = min(decided, key=lambda pair: (pair[0].is_provisional, -pair[0].period_end.toordinal(), pair[1],
                                                 pair[0].comparator != "=", target.merit(pair[0].value)))
    rivals = [(o, verdict) for o, verdict in decided
              if o.is_provisional == chosen.is_provisional and o.period_end == chosen.period_end]
    return Attainment(words["met"] if met else words["missed"], chosen, figures_disagree=(
        len({verdict for _, verdict in rivals}) > 1
        or len({o.value for o, _ in rivals if o.comparator == chosen.comparator}) > 1))


def verdict_of(target: Target, observation: Observation) -> bool | None:
    """Met, missed, or None when this figure cannot decide."""
    if not observation.is_comparable:
        return None
    met = target.is_met_by(observation.value)
    if target.is_cumulative:
        # A total only grows: before the end it can show a floor reached or a ceiling broken, nothing else.
        decides = _within_period(target, observation) and (
            (not target.is_two_sided and met != target.lower_is_better)
            or (is_running_total(target, observation) and observation.period_end == target.deadline))
    else:
        decides = covers_deadline(target, observation)
    return met if decides and proves(target, observation, met) else None


def covers_deadline(target: Target, observation: Observation) -> bool:
    """Whether the figure's period is the one the target is due for."""
    if target.deadline is None or not observation.is_comparable:
        return False
    end, deadline = observation.period_end, target.deadline
    if observation.period_kind in ("year", "cumulative"):
        return end.year == deadline.year and (observation.period_kind == "year" or end >= deadline)
    return target.period_basis == "point" and (end.year, end.month) == (deadline.year, deadline.month)


def is_full_figure(target: Target, observation: Observation) -> bool:
    """Whether the figure may stand on the target's time line: full years, or states at a date for stocks."""
    if not observation.is_comparable:
        return False
    if observation.period_kind in ("year", "cumulative"):
        return True
    return target.period_basis in ("point", "cumulative") and observation.period_kind in ("date", "month")


def is_running_total(target: Target, observation: Observation) -> bool:
    """Whether a figure adds up the works of a cumulative target since its start, not only those of a later year."""
    if not observation.is_comparable or not _within_period(target, observation):
        return False
    start = target.period_start or target.plan_start
    return observation.period_start == start if start else observation.period_kind == "cumulative"


def proves(target: Target, observation: Observation, met: bool) -> bool:
    """Whether a figure is enough for the verdict: "at least 80" cannot show that 90 was missed."""
    if observation.comparator == "=":
        return True
    is_upper_bound = observation.comparator in ("<", "<=")
    if target.is_two_sided:
        return not met and is_upper_bound == (observation.value < target.value)
    return met == (is_upper_bound == target.lower_is_better)


def _within_period(target: Target, observation: Observation) -> bool:
    """Works count from the start of the target's (else the plan's) period up to its deadline."""
    if observation.period_start is None:
        return False
    start = target.period_start or target.plan_start
    return ((start is None or observation.period_start >= start)
            and (target.deadline is None or observation.period_end <= target.deadline))
