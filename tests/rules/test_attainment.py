"""Field 1, 达标."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from .build import LATER, figure, judged, status, target, total, works, year_end

EVE, DEADLINE, DAY_AFTER = date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)


@pytest.mark.parametrize(("comparator", "limit", "value", "word"), [
    (">=", "97.3", "97.3", "达标"),
    (">=", "97.3", "97.25", "未达标"),  # half to even: 97.2
    (">=", "97.3", "97.35", "达标"),  # 97.4
    (">=", "97.3", "97.251", "达标"),  # more than half: 97.3
    (">=", "97.2", "97.25", "达标"),
    (">=", "90", "89.5", "达标"),  # 90
    (">=", "91", "90.5", "未达标"),  # 90
    (">=", "90", "89.4", "未达标"),
    (">=", "36.10", "36.095", "达标"),  # two decimals as printed: 36.10
    (">=", "36.10", "36.085", "未达标"),  # 36.08
    (">=", "36.1", "36.085", "达标"),  # one decimal: 36.1
    (">", "50", "50.4", "未达标"),  # 50 is not above 50
    (">", "50", "50.5", "未达标"),  # 50
    (">", "50", "50.6", "达标"),
    ("<=", "35", "35.4", "达标"),
    ("<=", "35", "35.5", "未达标"),  # 36
    ("<=", "34", "34.5", "达标"),  # 34
    ("<", "55", "55", "未达标"),
    ("<", "55", "54.5", "达标"),  # 54
    ("<", "55", "54.6", "未达标"),  # 55
    ("<=", "-5", "-5.4", "达标"),
    ("<=", "-5", "-4.5", "未达标"),  # -4
    (">=", "-2", "-2.5", "达标"),  # -2
    (">=", "-2", "-2.6", "未达标"),
    ("<=", "0", "0", "达标"),
    ("<=", "0", "0.5", "达标"),  # 0
    ("<=", "0", "0.6", "未达标"),
    ("=", "9", "9", "达标"),
    ("=", "9", "10", "未达标"),  # not cumulative: exact
    ("=", "9", "8", "未达标"),
    ("class_at_least", "3", "3", "达标"),
    ("class_at_least", "3", "2", "达标"),
    ("class_at_least", "3", "4", "未达标"),
    ("class_at_least", "5", "6", "未达标"),  # 劣Ⅴ
])
def test_compares_at_the_printed_precision(comparator, limit, value, word):
    assert status(target(comparator, limit), figure(value, 2025)) == word


@pytest.mark.parametrize(("value", "word"), [
    ("6.0", "达标"), ("9.0", "达标"), ("7.4", "达标"),
    ("5.95", "达标"),  # 6.0
    ("5.94", "未达标"),
    ("9.05", "达标"),  # 9.0
    ("9.06", "未达标"),
])
def test_range_is_two_sided(value, word):
    assert status(target("between", "6.0", value_high="9.0"), figure(value, 2025)) == word


@pytest.mark.parametrize(("comparator", "day", "word"), [
    (">=", EVE, "数据未出"), (">=", DEADLINE, "数据未出"), (">=", DAY_AFTER, "到期未报"),
    ("text", EVE, "数据未出"), ("text", DEADLINE, "数据未出"), ("text", DAY_AFTER, "定性待评"),
])
def test_is_overdue_from_the_day_after_the_deadline(comparator, day, word):
    assert status(target(comparator, None if comparator == "text" else "90"), on=day) == word


@pytest.mark.parametrize("comparator", [">=", "text"])
def test_is_never_overdue_without_a_deadline(comparator):
    assert status(target(comparator, None if comparator == "text" else "90", deadline=None), figure("95", 2025),
                  on=LATER) == "数据未出"


def test_qualitative_target_is_never_judged_by_a_figure():
    assert status(target("text", None), figure("100", 2025)) == "定性待评"


@pytest.mark.parametrize(("comparator", "figures", "before", "after"), [
    (">=", [figure("95", 2019)], "达标", "已废止"),
    (">=", [figure("85", 2019)], "未达标", "已废止"),
    (">=", [], "到期未报", "已废止"),
    ("text", [], "定性待评", "已废止"),
])
def test_repealed_from_that_very_day(comparator, figures, before, after):
    repealed = target(comparator, None if comparator == "text" else "90", year_end(2019),
                      repealed_on=date(2020, 11, 27))
    assert status(repealed, *figures, on=date(2020, 11, 26)) == before
    assert status(repealed, *figures, on=date(2020, 11, 27)) == after


def test_figure_of_a_repealed_target_stays_visible():
    judgement = judged(target(deadline=year_end(2019), repealed_on=date(2020, 11, 27)), figure("95", 2019))
    assert judgement.attainment.word == "已废止"
    assert judgement.schedule.observation.value == 95


@pytest.mark.parametrize(("day", "word"), [
    (date(2026, 2, 11), "到期未报"), (date(2026, 2, 12), "达标"), (date(2026, 2, 13), "达标"),
])
def test_counts_from_its_publication_day(day, word):
    assert status(target(), figure("95", 2025, known_on=date(2026, 2, 12)), on=day) == word


def test_does_not_count_before_its_period_ends():
    """A figure printed ahead of its own year is a promise."""
    early = figure("95", 2025, known_on=date(2025, 3, 1))
    assert status(target(), early, on=EVE) == "数据未出"
    assert status(target(), early, on=DEADLINE) == "达标"


@pytest.mark.parametrize("observation", [
    figure("95", DEADLINE, "month"),
    figure("95", DEADLINE, "quarter"),
    figure("95", DEADLINE, "half_year"),
    figure("95", DEADLINE, "year_to_date"),
    figure("95", DEADLINE, "date"),
    figure("95", 2025, "inferred_year"),
    figure("95", 2025, "unstated"),
    figure("95", 2024),
    figure("95", 2026),
    figure("95", date(2025, 6, 30), "cumulative"),
    figure("95", 2025, same_scope=False),
    figure(None, 2025),
    figure("95", 2025, known_on=None),
], ids=lambda o: f"{o.period_kind} {o.period_end} {o.value} {o.same_scope} {o.known_on}")
def test_never_judges_an_annual_target(observation):
    assert status(target(), observation) == "到期未报"


@pytest.mark.parametrize(("end", "word"), [(DEADLINE, "达标"), (date(2025, 11, 30), "到期未报")])
def test_figure_over_several_years_judges_once_they_are_over(end, word):
    assert status(target(), figure("95", end, "cumulative", start=date(2021, 1, 1))) == word


def test_year_judges_a_target_due_in_its_middle():
    due_in_june = target(deadline=date(2021, 6, 30))
    assert status(due_in_june, figure("95", 2021), on=date(2021, 12, 30)) == "到期未报"
    assert status(due_in_june, figure("95", 2021), on=date(2021, 12, 31)) == "达标"


def test_nothing_known_is_no_contradiction():
    attainment = judged(target()).attainment
    assert (attainment.observation, attainment.figures_disagree) == (None, False)


def test_figure_without_a_period_never_judges():
    unstated = figure("95", 2025, "unstated")
    nowhere = type(unstated)("o", Decimal(95), None, None, "unstated", DEADLINE)
    assert status(target(period_basis="point"), nowhere) == "到期未报"


@pytest.mark.parametrize(("observation", "word"), [
    (figure("95", 2025), "达标"),
    (figure("95", DEADLINE, "date"), "达标"),
    (figure("95", date(2025, 12, 5), "date"), "达标"),
    (figure("95", DEADLINE, "month"), "达标"),
    (figure("85", DEADLINE, "month"), "未达标"),
    (figure("95", date(2025, 11, 30), "month"), "到期未报"),
    (figure("95", date(2026, 12, 31), "date"), "到期未报"),
    (figure("95", DEADLINE, "inferred_year"), "到期未报"),
], ids=lambda o: f"{o.period_kind} {o.period_end}" if hasattr(o, "period_kind") else o)
def test_state_at_a_date_is_judged_in_the_month_of_the_deadline(observation, word):
    assert status(target(period_basis="point"), observation) == word


@pytest.mark.parametrize(("comparator", "limit", "bound", "value", "word"), [
    (">=", "90", ">=", "90", "达标"),
    (">=", "90", ">", "92", "达标"),
    (">=", "90", ">=", "85", "到期未报"),  # may be 95
    (">=", "90", "<", "90", "到期未报"),  # 89.9 would be printed 90
    (">=", "90", "<", "85", "未达标"),
    (">=", "90", "<=", "95", "到期未报"),
    (">", "90", ">=", "90", "到期未报"),
    ("<=", "35", "<=", "35", "达标"),
    ("<=", "35", "<", "30", "达标"),
    ("<=", "35", "<=", "40", "到期未报"),
    ("<=", "35", ">", "40", "未达标"),
    ("<=", "35", ">=", "30", "到期未报"),
    ("class_at_least", "3", "<=", "3", "达标"),  # Ⅲ or better
    ("class_at_least", "2", "<=", "3", "到期未报"),
    ("class_at_least", "3", ">", "4", "未达标"),
    ("=", "9", ">=", "9", "到期未报"),  # exact: may be 10
    ("=", "9", "<=", "12", "到期未报"),  # may be 9
    ("=", "9", ">=", "12", "未达标"),
    ("=", "9", "<", "5", "未达标"),
])
def test_bound_judges_only_what_it_proves(comparator, limit, bound, value, word):
    assert status(target(comparator, limit), figure(value, 2025, comparator=bound)) == word


@pytest.mark.parametrize(("bound", "value", "word"), [
    ("<=", "9.5", "到期未报"), (">=", "9.5", "未达标"), ("<", "5.0", "未达标"), (">=", "5.0", "到期未报"),
    (">=", "7.0", "到期未报"), ("<=", "8.0", "到期未报"),
])
def test_bound_on_a_range(bound, value, word):
    assert status(target("between", "6.0", value_high="9.0"), figure(value, 2025, comparator=bound)) == word


@pytest.mark.parametrize(("comparator", "figures", "word", "value", "disagree"), [
    # the final figure, however unfavourable or old the other is
    (">=", [figure("95", 2025, is_provisional=True), figure("85", 2025)], "未达标", 85, False),
    (">=", [figure("85", 2025, is_provisional=True), figure("95", 2025)], "达标", 95, False),
    (">=", [figure("95", 2025, is_provisional=True)], "达标", 95, False),
    # equally good: the less favourable judges, flagged
    (">=", [figure("95", 2025), figure("85", 2025)], "未达标", 85, True),
    (">=", [figure("95", 2025), figure("91", 2025)], "达标", 91, True),
    (">=", [figure("95", 2025, is_provisional=True), figure("91", 2025, is_provisional=True)], "达标", 91, True),
    ("<=", [figure("80", 2025), figure("85", 2025)], "达标", 85, True),
    ("<=", [figure("80", 2025), figure("95", 2025)], "未达标", 95, True),
    ("=", [figure("90", 2025), figure("93", 2025)], "未达标", 93, True),
    ("=", [figure("93", 2025), figure("85", 2025)], "未达标", 85, True),  # the farther
    (">=", [figure("95", 2025), figure("95.0", 2025)], "达标", 95, False),
    # a bound that agrees is no contradiction, one that does not is
    (">=", [figure("91", 2025, comparator=">="), figure("95", 2025)], "达标", 95, False),
    (">=", [figure("91", 2025, comparator=">="), figure("85", 2025)], "未达标", 85, True),
    # other scopes and years do not contradict
    (">=", [figure("95", 2025), figure("85", 2024), figure("85", 2025, same_scope=False)], "达标", 95, False),
])
def test_choice_between_figures(comparator, figures, word, value, disagree):
    for order in (figures, figures[::-1]):
        attainment = judged(target(comparator), *order).attainment
        assert (attainment.word, attainment.observation.value, attainment.figures_disagree) == (word, value, disagree)


def test_of_two_figures_outside_a_range_the_farther_judges():
    attainment = judged(target("between", "6.0", value_high="9.0"), figure("9.2", 2025), figure("5.5", 2025)).attainment
    assert (attainment.word, attainment.observation.value, attainment.figures_disagree) == ("未达标", Decimal("5.5"), True)


@pytest.mark.parametrize(("figures", "day", "word"), [
    ([total("300", 2025)], LATER, "达标"),
    ([total("320", 2025)], LATER, "达标"),  # "=" and cumulative: exceeded is met
    ([total("290", 2025)], LATER, "未达标"),
    ([total("290", 2025, comparator=">")], LATER, "到期未报"),
    ([total("300", 2025, comparator=">=")], LATER, "达标"),
    ([total("300", 2023)], date(2024, 1, 1), "达标"),  # early
    ([total("290", 2023)], date(2024, 1, 1), "数据未出"),
    ([total("290", 2024)], LATER, "到期未报"),  # short, but one year is not counted yet
    ([total("290", date(2025, 6, 30))], LATER, "到期未报"),  # short, but half a year is not counted yet
    ([figure("120", 2025)], LATER, "到期未报"),  # the last year alone
    ([total("290", 2025, start=date(2022, 1, 1))], LATER, "到期未报"),  # without the first year
    ([figure("310", 2024)], LATER, "达标"),  # one year alone does it
    ([total("310", 2025, start=date(2019, 1, 1))], LATER, "到期未报"),  # includes works before the period
    ([total("310", 2026)], LATER, "到期未报"),  # includes works after the deadline
    ([figure("310", 2025, start=None)], LATER, "到期未报"),
    ([figure("310", 2024, "inferred_year")], LATER, "到期未报"),
    ([figure("310", 2024, "unstated")], LATER, "到期未报"),
    ([total("300", 2023), total("290", 2025)], LATER, "未达标"),  # the later figure corrects
    ([total("310", 2023), total("290", 2025, is_provisional=True)], LATER, "达标"),  # a final one first
])
@pytest.mark.parametrize("comparator", ["=", ">="])
def test_cumulative(comparator, figures, day, word):
    assert status(works(comparator=comparator), *figures, on=day) == word


@pytest.mark.parametrize(("observation", "word"), [
    (total("290", 2023), "到期未报"),  # below the ceiling so far
    (total("290", 2025), "达标"),
    (total("310", 2023), "未达标"),  # a total does not shrink
])
def test_cumulative_ceiling(observation, word):
    assert status(works(comparator="<="), observation) == word


@pytest.mark.parametrize(("observation", "word"), [
    (total("290", 2025), "未达标"),
    (total("290", 2025, start=date(2023, 1, 1)), "未达标"),
    (figure("290", 2025), "到期未报"),
])
def test_cumulative_without_a_stated_start(observation, word):
    assert status(works(period_start=None), observation) == word


@pytest.mark.parametrize(("observation", "word"), [
    (figure("8", 2025), "达标"),
    (figure("9", date(2025, 10, 31), "year_to_date"), "达标"),
    (figure("7", date(2025, 10, 31), "year_to_date"), "到期未报"),
    (figure("7", 2025), "未达标"),
    (figure("8", 2024), "到期未报"),  # last year's task
    (total("40", 2025), "到期未报"),  # all years together
])
def test_yearly_task_starts_from_zero(observation, word):
    assert status(works("8", period_start=date(2025, 1, 1)), observation) == word


def test_past_target_is_not_judged_by_a_later_year():
    past = target(deadline=year_end(2020))
    assert status(past, figure("95", 2022)) == "到期未报"
    assert status(past, figure("88", 2020), figure("95", 2022)) == "未达标"
