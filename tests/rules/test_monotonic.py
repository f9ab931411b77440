"""A better figure never lowers a word or worsens a gap."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from .build import figure, judged, target, total, works, year_end

RANK = {None: 0, "缺基期": 0, "倒退": 0, "跌破": 0, "明显滞后": 1, "略有滞后": 2, "按期": 3, "已达目标": 4, "保持": 4}
ATTAINED = {"未达标": 0, "到期未报": 1, "达标": 2}

values = st.decimals(-20, 120, places=2)
bases = st.none() | st.decimals(-20, 120, places=1)
goals = st.decimals(-10, 110, places=1)
years = st.integers(2021, 2025)
many = settings(max_examples=200, deadline=None)


def assert_not_lower(case, better, worse, gap, gap_to_path=None):
    """`gap` and `gap_to_path` turn a stored gap into a number that must not grow."""
    better, worse = judged(case, better), judged(case, worse)
    assert ATTAINED[better.attainment.word] >= ATTAINED[worse.attainment.word]
    assert RANK[better.schedule.word] >= RANK[worse.schedule.word]
    if worse.schedule.word in ("跌破", "保持"):
        assert better.schedule.word in ("跌破", "保持")
    assert gap(better.schedule.gap_to_target) <= gap(worse.schedule.gap_to_target)
    if None not in (better.schedule.gap_to_path, worse.schedule.gap_to_path):
        size = gap_to_path or gap
        assert size(better.schedule.gap_to_path) <= size(worse.schedule.gap_to_path)
    if None not in (better.sections_short, worse.sections_short):
        assert better.sections_short <= worse.sections_short


@many
@given(st.sampled_from([">=", ">"]), goals, bases, values, values, years, st.booleans(), st.sampled_from([None, 20]))
def test_higher_is_better(comparator, goal, base, a, b, year, maintain, population):
    case = target(comparator, str(goal), baseline_value=base, is_maintain=maintain, population=population)
    assert_not_lower(case, figure(max(a, b), year), figure(min(a, b), year), gap=lambda g: -g)


@many
@given(st.sampled_from(["<=", "<"]), goals, bases, values, values, years, st.booleans())
def test_lower_is_better(comparator, goal, base, a, b, year, maintain):
    case = target(comparator, str(goal), baseline_value=base, is_maintain=maintain)
    assert_not_lower(case, figure(min(a, b), year), figure(max(a, b), year), gap=lambda g: g)


@many
@given(bases, values, values, years, st.booleans())
def test_nearer_to_the_range_is_better(base, a, b, year, maintain):
    case = target("between", "40.0", value_high="60.0", baseline_value=base, is_maintain=maintain)
    nearer, farther = sorted((a, b), key=case.distance)
    assert_not_lower(case, figure(nearer, year), figure(farther, year), gap=abs, gap_to_path=lambda g: g)


@many
@given(st.sampled_from(["=", ">="]), st.sampled_from([date(2021, 1, 1), None]), values, values,
       st.dates(date(2021, 1, 1), year_end(2025)))
def test_more_works_are_better(comparator, start, a, b, end):
    case = works("100", comparator, period_start=start)
    assert_not_lower(case, total(max(a, b), end), total(min(a, b), end), gap=lambda g: -g)


@many
@given(st.integers(1, 6), st.none() | st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), years, st.booleans())
def test_better_class_is_better(goal, base, a, b, year, maintain):
    case = target("class_at_least", str(goal), baseline_value=base, is_maintain=maintain)
    assert_not_lower(case, figure(min(a, b), year), figure(max(a, b), year), gap=lambda g: g)


def test_order_is_not_vacuous():
    """The search above passes through every word: one figure for each."""
    rising = [judged(target(value="100", baseline_value="0"), figure(y, 2023)).schedule.word
              for y in (-1, 0, 36, 57, 100)]
    assert rising == ["倒退", "明显滞后", "略有滞后", "按期", "已达目标"]
    kept = [judged(target(is_maintain=True), figure(y, 2023)).schedule.word for y in (89, 90)]
    assert kept == ["跌破", "保持"]
