"""年均值达标形势: what the rest of the year may still bring, so that the yearly mean keeps its target class.

The yearly mean is the arithmetic mean of the monthly means. Months that have passed without a value are not in it;
they are counted and shown, never filled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.rules.water_quality import Limit, Standard, WaterRules, parameter_rank, without_noise

MONTHS = 12


@dataclass(frozen=True)
class ParameterOutlook:
    """Means and limit in the unit of the parameter."""

    parameter: str
    bound: str  # max min range
    limit: float  # of the target class; of a range the upper end
    mean_to_date: float | None
    months_with_values: int
    months_missing: int  # past months without a value
    months_left: int
    allowed_mean: float | None  # of the months left: highest, for dissolved oxygen lowest; None: see reason
    room: float | None  # from the mean to date to the allowed one, in limits; negative: it has to get better
    standing: str  # key of [words.outlook]: missed out_of_reach must_improve on_course met insufficient no_values
    word: str
    reason: str | None = None  # why no mean is given


@dataclass(frozen=True)
class SectionOutlook:
    """The worst standing of all parameters that count, and which of them leaves the least room."""

    standing: str
    word: str
    tightest: ParameterOutlook | None
    parameters: tuple[ParameterOutlook, ...]  # least room first
    unmeasured: tuple[str, ...]  # names of parameters without any value this year


def is_sufficient(period_kind: str, months: int, rules: WaterRules) -> bool:
    """Whether means of so many months speak for a month, quarter or year; raises KeyError for another period."""
    return months >= rules.months_needed[period_kind]


def parameter_outlook(monthly_means: pd.Series, through_month: int, limit: Limit, target_rank: int,
                      rules: WaterRules) -> ParameterOutlook:
    """Outlook of one parameter after `through_month` (1 to 12) of a year.

    `monthly_means`: by month number, NaN or absent where missing; `target_rank`: 1 (Ⅰ) to 5 (Ⅴ). Raises ValueError
    for a month outside the year to date and for a target no limit belongs to.
    """
    if not 1 <= through_month <= MONTHS or not monthly_means.index.isin(range(1, through_month + 1)).all():
        raise ValueError(f"{limit.parameter}：月份不在 1 至 {through_month} 月之内")
    if not 1 <= target_rank <= len(limit.classes):
        raise ValueError(f"{limit.parameter}：目标类别没有限值：{target_rank}")
    means = monthly_means.dropna()
    months, left = len(means), MONTHS - through_month
    goal = limit.classes[target_rank - 1]
    mean = float(without_noise(means.mean())) if months else None
    allowed = None
    if left and limit.bound != "range":
        allowed = float(without_noise((goal * (months + left) - means.sum()) / left))
    room = None
    if allowed is not None and mean is not None:
        room = (mean - allowed if limit.bound == "min" else allowed - mean) / goal
    standing = _standing(limit, target_rank, mean, allowed, left, enough=is_sufficient("year", months + left, rules))
    reason = _reason(limit, allowed, left)
    return ParameterOutlook(
        parameter=limit.parameter, bound=limit.bound, limit=goal, mean_to_date=mean, months_with_values=months,
        months_missing=through_month - months, months_left=left, allowed_mean=None if reason else allowed, room=room,
        standing=standing, word=rules.outlook[standing], reason=rules.outlook_reasons[reason] if reason else None)


def section_outlook(monthly_means: pd.DataFrame, through_month: int, water_body_type: str | None, target_rank: int,
                    standard: Standard, rules: WaterRules) -> SectionOutlook:
    """Outlook of a section: a row per month (index 1 to 12), a column per parameter; others as for one parameter.

    Only parameters that count for the class are looked at. The least room is the worst standing, then the smallest
    distance to the allowed mean; one without such a figure (pH) comes last among its like.
    """
    outlooks, unmeasured = [], []
    for name in monthly_means:
        parameter, limit = standard.parameters[name], standard.limit(name, water_body_type)
        if not parameter.counts_for_class or limit is None:
            continue
        found = parameter_outlook(monthly_means[name], through_month, limit, target_rank, rules)
        if found.months_with_values:
            outlooks.append(found)
        else:
            unmeasured.append(parameter.name)
    from_bad_to_good = list(rules.outlook)
    outlooks.sort(key=lambda o: (from_bad_to_good.index(o.standing), o.room is None, o.room or 0.0))
    standing = outlooks[0].standing if outlooks else "no_values"
    return SectionOutlook(standing, rules.outlook[standing], outlooks[0] if outlooks else None, tuple(outlooks),
                          tuple(unmeasured))


def _standing(limit: Limit, target_rank: int, mean: float | None, allowed: float | None, left: int,
              enough: bool) -> str:
    """The year's end decides; before it, only what no remaining month can change is certain."""
    if mean is None:
        return "no_values"
    if not enough:
        return "insufficient"
    keeps = bool(parameter_rank(np.array(mean), limit) <= target_rank)
    if not left:
        return "met" if keeps else "missed"
    if limit.bound == "max" and allowed < 0:
        return "out_of_reach"
    if limit.bound == "min" and allowed <= 0:
        return "met"
    return "on_course" if keeps else "must_improve"


def _reason(limit: Limit, allowed: float | None, left: int) -> str | None:
    if not left:
        return "year_over"
    if limit.bound == "range":
        return "range"
    if limit.bound == "max" and allowed < 0:
        return "nothing_left"
    if limit.bound == "min" and allowed <= 0:
        return "nothing_needed"
    return None
