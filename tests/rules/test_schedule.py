"""Field 2, 进度."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from etl.rules.model import years

from .build import figure, judged, target, total, works, year_end


def schedule(to_judge, *figures, **fields):
    return judged(to_judge, *figures, **fields).schedule


@pytest.mark.parametrize(("comparator", "base", "goal", "year", "value", "ratio", "printed", "word"), [
    # The worked cases of the method: base year 2020, target year 2025.
    (">=", "88", "92", 2023, "90.4", "1", "1.00", "按期"),  # 优良比例
    (">=", "88", "100", 2023, "95.2", "1", "1.00", "按期"),
    ("<=", "5", "0", 2023, "2", "1", "1.00", "按期"),  # 劣Ⅴ类
    ("<=", "5", "0", 2024, "0.5", "1.125", "1.13", "按期"),  # 90 % done of 80 %
    ("<=", "40", "0", 2023, "10", "1.25", "1.25", "按期"),  # 黑臭水体, 75 % of 60 %
    (">=", "20", "70", 2023, "50", "1", "1.00", "按期"),  # 污水收集率
    ("<=", "100", "84", 2023, "90.4", "1", "1.00", "按期"),  # 用水强度
])
def test_worked_cases(comparator, base, goal, year, value, ratio, printed, word):
    case = target(comparator, goal, baseline_value=base, decimals=1)  # at no decimals 0.5 would round to 0 and be met
    found = schedule(case, figure(value, year))
    assert (found.word, found.ratio, found.path) == (word, Decimal(ratio), "straight_line")
    assert found.ratio.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) == Decimal(printed)


def test_worked_case_keep_100():
    found = schedule(target(value="100", baseline_value="100"), figure("100", 2023))
    assert (found.word, found.ratio, found.gap_to_target) == ("保持", None, 0)


def test_shares_and_gaps_in_units():
    """88 → 92, 90 after three of five years: expected 90.4, half of 60 % done."""
    found = schedule(target(value="92", baseline_value="88"), figure("90", 2023))
    assert (found.expected_value, found.gap_to_path, found.gap_to_target) == (Decimal("90.4"), Decimal("-0.4"), -2)
    assert (found.completed_share, found.expected_share) == (Decimal("0.5"), Decimal("0.6"))
    assert (found.ratio, found.word) == (Decimal("0.833333333"), "略有滞后")
    assert (found.baseline_value, found.baseline_on, found.baseline_is_nearest) == (88, year_end(2020), False)


@pytest.mark.parametrize(("comparator", "base", "goal", "value", "word"), [
    # five of ten years from 2015: half of the way is expected
    (">=", "0", "100", "100", "已达目标"),
    (">=", "0", "100", "99.4", "按期"),
    (">=", "0", "100", "47.5", "按期"),  # 0.95
    (">=", "0", "100", "47.4", "略有滞后"),
    (">=", "0", "100", "30", "略有滞后"),  # 0.60
    (">=", "0", "100", "29.9", "明显滞后"),
    (">=", "0", "100", "0", "明显滞后"),  # 0
    (">=", "0", "100", "-0.1", "倒退"),
    ("<=", "100", "0", "52.5", "按期"),
    ("<=", "100", "0", "52.6", "略有滞后"),
    ("<=", "100", "0", "70", "略有滞后"),
    ("<=", "100", "0", "70.1", "明显滞后"),
    ("<=", "100", "0", "100", "明显滞后"),
    ("<=", "100", "0", "100.1", "倒退"),
    # below zero all the way
    (">=", "-30", "-10", "-20.5", "按期"),
    (">=", "-30", "-10", "-20.6", "略有滞后"),
    ("<=", "10", "-10", "0.5", "按期"),
    ("<=", "10", "-10", "11", "倒退"),
])
def test_limits_of_the_words(comparator, base, goal, value, word):
    case = target(comparator, goal, baseline_value=base, baseline_on=year_end(2015))
    assert schedule(case, figure(value, 2020)).word == word


def test_limit_survives_division():
    """1.9 of 3 done, 2 of 3 expected: 0.95 exactly, though neither third ends."""
    found = schedule(target(value="91.3", deadline=year_end(2023), baseline_value="88.3"), figure("90.2", 2022))
    assert (found.ratio, found.word) == (Decimal("0.95"), "按期")


@pytest.mark.parametrize(("base_year", "year", "expected", "has_ratio"), [
    (2015, 2016, Decimal(1) / 10, True),
    (2014, 2015, Decimal(1) / 11, False),
    (2020, 2020, Decimal(0), False),  # t = t0
])
def test_no_ratio_while_the_path_has_hardly_begun(base_year, year, expected, has_ratio):
    found = schedule(target(value="91", baseline_value="80", baseline_on=year_end(base_year)), figure("80.5", year))
    assert abs(found.expected_share - expected) < Decimal("1e-20")
    assert (found.ratio is not None, found.word) == ((True, "明显滞后") if has_ratio else (False, None))
    assert abs(found.gap_to_path - (Decimal("0.5") - 11 * expected)) < Decimal("1e-20")
    assert found.gap_to_target == Decimal("-10.5")


@pytest.mark.parametrize("year", [2019, 2020])
def test_at_or_before_the_base_nothing_is_expected(year):
    found = schedule(target(baseline_value="80"), figure("78", year))
    assert (found.word, found.expected_share, found.expected_value) == (None, 0, 80)


def test_but_a_target_met_at_the_base_year_is_reached():
    assert schedule(target(baseline_value="80"), figure("91", 2020)).word == "已达目标"


@pytest.mark.parametrize(("base", "goal", "decimals", "population", "has_ratio"), [
    ("95", "99", 0, None, True),
    ("95", "99", 0, 20, False),  # one section of 20 is 5 points
    ("90", "95", 0, 20, True),  # exactly one section
    ("89.4", "90", 0, None, False),  # 0.6 under a resolution of 1
    ("89", "90", 0, None, True),
    ("89.4", "90.0", 1, None, True),
])
def test_small_step_guard(base, goal, decimals, population, has_ratio):
    case = target(value=goal, baseline_value=base, decimals=decimals, population=population)
    found = schedule(case, figure(base, 2023))
    assert (found.ratio is not None, found.word) == ((True, "明显滞后") if has_ratio else (False, None))
    assert found.gap_to_path == (Decimal(base) - Decimal(goal)) * 3 / 5


@pytest.mark.parametrize(("comparator", "goal", "value", "word"), [
    (">=", "90", "90", "保持"), (">=", "90", "89.5", "保持"), (">=", "90", "89.4", "跌破"),
    ("<=", "35", "35", "保持"), ("<=", "35", "36", "跌破"),
    ("class_at_least", "3", "3", "保持"), ("class_at_least", "3", "4", "跌破"),
])
@pytest.mark.parametrize("how", ["said by the plan", "base meets the target", "base is the target"])
def test_maintain(comparator, goal, value, word, how):
    better = {">=": "95", "<=": "30", "class_at_least": "2"}[comparator]
    said = {"said by the plan": {"is_maintain": True}, "base meets the target": {"baseline_value": better},
            "base is the target": {"baseline_value": goal}}[how]
    found = schedule(target(comparator, goal, **said), figure(value, 2023))
    assert (found.word, found.ratio) == (word, None)
    assert found.gap_to_target == Decimal(value) - Decimal(goal)


def test_base_on_a_strict_limit_has_no_way_to_go():
    """y0 = yT under ">": not met, and nothing to divide by."""
    found = schedule(target(">", "50", baseline_value="50"), figure("50", 2023))
    assert (found.word, found.ratio, found.gap_to_path) == (None, None, 0)


@pytest.mark.parametrize(("value", "word", "ratio", "gap_to_target"), [
    # pH 6–9 from 9.8: 0.8 outside, 0.32 expected in 2023
    ("9.32", "按期", "1", "0.32"),
    ("5.68", "按期", "1", "-0.32"),  # as far on the other side
    ("9.8", "明显滞后", "0", "0.8"),
    ("10.2", "倒退", "-0.833333333", "1.2"),
    ("9.0", "已达目标", None, "0"),
    ("7.0", "已达目标", None, "0"),
])
def test_range_uses_the_distance_to_it(value, word, ratio, gap_to_target):
    found = schedule(target("between", "6.0", value_high="9.0", baseline_value="9.8"), figure(value, 2023))
    assert (found.word, found.gap_to_target) == (word, Decimal(gap_to_target))
    assert found.ratio == (None if ratio is None else Decimal(ratio))


@pytest.mark.parametrize(("value", "word"), [("6.5", "保持"), ("9.3", "跌破")])
def test_range_met_at_the_base_is_kept_or_broken(value, word):
    assert schedule(target("between", "6.0", value_high="9.0", baseline_value="7"), figure(value, 2023)).word == word


def test_milestone_of_a_range_is_a_distance_too():
    """From 4.0 (2 outside) over 5.5 in 2022 (0.5 outside): at 5.5 three quarters are done and expected."""
    case = target("between", "6.0", value_high="9.0", baseline_value="4.0",
                  milestones=((year_end(2022), Decimal("5.5")),))
    found = schedule(case, figure("5.5", 2022))
    assert (found.completed_share, found.expected_share, found.ratio) == (Decimal("0.75"), Decimal("0.75"), 1)


@pytest.mark.parametrize(("rank", "classes_to_go", "word"), [(5, 2, None), (6, 3, None), (3, 0, "已达目标"), (2, -1, "已达目标")])
def test_class_has_classes_to_go_and_no_ratio(rank, classes_to_go, word):
    found = schedule(target("class_at_least", "3", baseline_value="6"), figure(rank, 2023))
    assert (found.gap_to_target, found.word, found.ratio, found.path) == (classes_to_go, word, None, None)


MILESTONES = ((year_end(2022), Decimal(91)), (year_end(2024), Decimal(93)))


@pytest.mark.parametrize(("year", "value", "expected", "ratio", "word"), [
    # 88 in 2020, officially 91 in 2022 and 93 in 2024, 94 in 2025
    (2021, "89.5", "89.5", "1", "按期"),
    (2022, "91", "91", "1", "按期"),
    (2022, "90.4", "91", "0.8", "略有滞后"),  # on the straight line it would be 1
    (2023, "91", "92", "0.75", "略有滞后"),
    (2024, "93", "93", "1", "按期"),
    (2025, "93", "94", "0.833333333", "略有滞后"),
])
def test_official_milestones_are_the_path(year, value, expected, ratio, word):
    found = schedule(target(value="94", baseline_value="88", milestones=MILESTONES), figure(value, year))
    assert (found.path, found.expected_value) == ("milestones", Decimal(expected))
    assert (found.ratio, found.word) == (Decimal(ratio), word)


def test_milestone_outside_the_period_is_no_milestone():
    outside = tuple((year_end(year), Decimal(10)) for year in (2019, 2020, 2025, 2026))
    found = schedule(target(value="92", baseline_value="88", milestones=outside), figure("90.4", 2023))
    assert (found.path, found.ratio) == ("straight_line", 1)


def test_path_runs_by_the_date_of_the_figure():
    """Middle of 2023, 181 of 365 days: 2 + 181/365 of five years."""
    found = schedule(target(value="100", baseline_value="50", period_basis="point"),
                     figure("60", date(2023, 6, 30), "date"))
    assert abs(found.expected_share - (2 + Decimal(181) / 365) / 5) < Decimal("1e-20")


@pytest.mark.parametrize(("comparator", "goal", "value", "level"), [
    (">=", "90", "81", "0.9"), (">=", "90", "0", "0"),
    ("<=", "40", "50", "0.8"), ("<=", "0", "5", "0"),
    (">=", "90", "-9", None), (">=", "-2", "-4", None), ("<=", "-5", "-3", None),  # no share of a negative
    ("=", "8", "10", None),
])
def test_no_base_gives_the_level_instead(comparator, goal, value, level):
    found = schedule(target(comparator, goal), figure(value, 2023))
    assert (found.word, found.ratio, found.completed_share) == ("缺基期", None, None)
    assert found.level_ratio == (None if level is None else Decimal(level))


def test_range_has_no_level():
    found = schedule(target("between", "6.0", value_high="9.0"), figure("9.6", 2023))
    assert (found.word, found.level_ratio, found.gap_to_target) == ("缺基期", None, Decimal("0.6"))


def test_level_is_not_mixed_with_a_path():
    assert schedule(target(baseline_value="80"), figure("81", 2023)).level_ratio is None


def test_base_without_a_date_starts_no_path():
    found = schedule(target(baseline_value="80", baseline_on=None), figure("81", 2023))
    assert (found.word, found.level_ratio) == ("缺基期", Decimal("0.9"))


@pytest.mark.parametrize(("earlier", "base", "base_year", "ratio"), [
    # plan from 2021, so 2020 is wanted; target 90 in 2025, 86 in 2023
    ([figure("80", 2019), figure("70", 2016)], "80", 2019, "0.9"),  # 6/10 done, 4/6 expected
    ([figure("80", 2019), figure("81", 2020)], "81", 2020, "0.925925926"),  # 5/9, 3/5
    ([figure("82", 2022)], "82", 2022, "1.5"),  # 4/8, 1/3
    ([figure("80", 2019), figure("82", 2021)], "80", 2019, "0.9"),  # as near: the earlier
    ([figure("80", 2019), figure("79", 2019, is_provisional=True)], "80", 2019, "0.9"),
    ([figure("80", 2019), figure("81", 2020, comparator=">=")], "80", 2019, "0.9"),
    ([figure("80", 2019), figure("81", 2020, same_scope=False)], "80", 2019, "0.9"),
    ([figure("80", 2019), figure("81", 2020, "inferred_year")], "80", 2019, "0.9"),
    ([figure("80", 2019), figure("81", date(2020, 12, 31), "month")], "80", 2019, "0.9"),
])
def test_missing_base_year_takes_the_nearest_and_says_so(earlier, base, base_year, ratio):
    found = schedule(target(plan_start=date(2021, 1, 1)), figure("86", 2023), *earlier)
    assert (found.baseline_value, found.baseline_on, found.baseline_is_nearest) == (
        Decimal(base), year_end(base_year), True)
    assert found.ratio == Decimal(ratio)


@pytest.mark.parametrize("plan_start", [None, date(2021, 1, 1)])
def test_no_base_to_be_found(plan_start):
    """Nothing before the latest figure, or no plan period to be near to."""
    others = [] if plan_start else [figure("80", 2019)]
    found = schedule(target(plan_start=plan_start), figure("86", 2023), *others)
    assert (found.word, found.baseline_value, found.baseline_is_nearest) == ("缺基期", None, False)


def test_past_target_is_frozen_at_its_year():
    past = target(deadline=year_end(2020), baseline_value="80", baseline_on=year_end(2015))
    found = schedule(past, figure("88", 2020), figure("95", 2022))
    assert (found.observation.value, found.word, found.ratio) == (88, "略有滞后", Decimal("0.8"))


def test_state_after_the_deadline_does_not_count():
    past = target(deadline=date(2021, 6, 30), period_basis="point", baseline_value="80")
    found = schedule(past, figure("84", date(2021, 6, 30), "date"), figure("95", date(2021, 11, 30), "date"))
    assert (found.observation.value, found.word) == (84, "明显滞后")


@pytest.mark.parametrize(("figures", "value"), [
    ([figure("85", 2022), figure("86", 2023)], 86),
    ([figure("85", 2023), figure("86", 2023, is_provisional=True)], 85),
    ([figure("87", 2023), figure("86", 2023, is_provisional=True)], 87),
    ([figure("86", 2023), figure("87", 2023)], 86),
    ([figure("86", 2023), figure("85", 2023, comparator=">=")], 86),
    ([figure("86", 2023), figure("89", date(2024, 1, 31), "month")], 86),
    ([figure("86", 2023), figure("89", 2024, "inferred_year")], 86),
    ([figure("86", 2023), figure("89", 2024, same_scope=False)], 86),
    ([figure("86", 2023), figure(None, 2024)], 86),
])
def test_latest_figure(figures, value):
    for order in (figures, figures[::-1]):
        assert schedule(target(baseline_value="80"), *order).observation.value == value


def test_schedule_and_attainment_rest_on_the_same_of_two_figures():
    """Exactly 9 wanted, 9 and 10 reported."""
    judgement = judged(target("=", "9"), figure("9", 2025), figure("10", 2025))
    assert judgement.attainment.observation.value == judgement.schedule.observation.value == 10


@pytest.mark.parametrize(("bound", "value", "maintain", "on_a_path"), [
    (">=", "96", "保持", "已达目标"),
    ("<", "94", "跌破", None),  # missed for sure, but how far on the way?
    (">=", "90", None, None),  # may be 95 or not
    ("<=", "97", None, None),
])
def test_bound_is_not_taken_for_the_figure(bound, value, maintain, on_a_path):
    observation = figure(value, 2023, comparator=bound)
    assert schedule(target(value="95", is_maintain=True), observation).word == maintain
    found = schedule(target(value="95", baseline_value="80"), observation)
    assert (found.word, found.ratio, found.observation.value) == (on_a_path, None, Decimal(value))


@pytest.mark.parametrize(("case", "figures"), [(target("text", None), [figure("1", 2023)]), (target(), [])],
                         ids=["qualitative", "no figure"])
def test_nothing_to_say(case, figures):
    found = schedule(case, *figures)
    assert (found.word, found.observation, found.gap_to_target) == (None, None, None)


def test_without_a_deadline_only_the_gap():
    found = schedule(target(deadline=None, baseline_value="80"), figure("86", 2023))
    assert (found.word, found.gap_to_target) == (None, -4)


@pytest.mark.parametrize(("km", "word"), [
    # 300 km in the 1826 days of 2021–2025, 1095 of them by the end of 2023: 179.9 km
    ("300", "已达目标"), ("310", "已达目标"), ("179.9", "按期"), ("171", "按期"), ("170", "略有滞后"),
    ("108", "略有滞后"), ("107", "明显滞后"), ("0", "明显滞后"), ("-1", "倒退"),
])
def test_cumulative_works_follow_the_elapsed_share(km, word):
    assert schedule(works(), total(km, 2023)).word == word


def test_cumulative_inputs():
    found = schedule(works(), total("150", 2023))
    share = Decimal(1095) / 1826
    assert (found.path, found.completed_share, found.expected_share) == ("elapsed_share", Decimal("0.5"), share)
    assert (found.expected_value, found.gap_to_path) == (share * 300, 150 - share * 300)
    assert (found.baseline_value, found.baseline_on, found.baseline_is_nearest) == (0, date(2021, 1, 1), False)
    assert found.ratio == Decimal("0.833789954")  # 0.5 × 1826 / 1095


def test_works_start_from_zero_whatever_stood_before():
    found = schedule(works(baseline_value="400"), total("150", 2023))
    assert (found.baseline_value, found.completed_share) == (0, Decimal("0.5"))


@pytest.mark.parametrize("part", [
    figure("100", 2023),  # one later year alone
    total("200", 2023, start=date(2022, 1, 1)),
    total("200", 2023, start=date(2019, 1, 1)),
    figure("200", 2023, start=None),
    total("200", 2026),
], ids=lambda o: f"{o.period_start}–{o.period_end}")
def test_part_of_the_works_is_not_their_total(part):
    assert schedule(works(), part).observation is None
    assert schedule(works(), part, total("60", 2021)).observation.value == 60


def test_part_that_does_it_alone_counts():
    assert schedule(works(), figure("300", 2023)).word == "已达目标"


@pytest.mark.parametrize("plan_start", [None, date(2021, 1, 1)])
def test_works_without_a_stated_start_have_no_elapsed_share(plan_start):
    found = schedule(works(period_start=None, plan_start=plan_start), total("180", 2023))
    assert (found.word, found.completed_share, found.ratio) == ("缺基期", Decimal("0.6"), None)


@pytest.mark.parametrize(("end", "done", "word"), [
    # 100 in 2025 alone: 181 of 365 days by the end of June
    (date(2025, 6, 30), "47.2", "按期"), (date(2025, 6, 30), "47", "略有滞后"),
    (date(2025, 1, 31), "0", None),  # 31/365 = 0.085: hardly begun
    (date(2025, 12, 31), "100", "已达目标"), (date(2025, 12, 31), "95", "按期"), (date(2025, 12, 31), "94", "略有滞后"),
])
def test_yearly_task_starts_from_zero(end, done, word):
    task = works("100", period_start=date(2025, 1, 1))
    found = schedule(task, figure(done, end, "year_to_date"), figure("100", 2024))
    assert (found.word, found.observation.value) == (word, Decimal(done))


@pytest.mark.parametrize(("a", "b", "span"), [
    (date(2020, 12, 31), date(2025, 12, 31), 5), (date(2023, 12, 31), date(2024, 12, 31), 1),
    (date(2020, 2, 29), date(2020, 12, 31), Decimal(306) / 366),
])
def test_years_between_year_ends_are_whole(a, b, span):
    assert abs(years(b) - years(a) - span) < Decimal("1e-20")
