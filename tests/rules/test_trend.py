"""Field 3, 走势（估算）."""

from __future__ import annotations

from datetime import date

import pytest

from .build import decimal, figure, judged, target, total, works, year_end

IN_2024 = date(2024, 6, 1)


def series(first_year: int, *values: str):
    return [figure(value, first_year + n) for n, value in enumerate(values)]


def trend(to_judge, *figures, on=IN_2024):
    return judged(to_judge, *figures, on=on).trend


@pytest.mark.parametrize(("comparator", "goal", "values", "word", "slope", "required", "forecast", "speed_up"), [
    # figures of 2021 to 2023, target year 2025: two years left
    (">=", "92", ["88", "89", "90"], "可望按期完成", 1, 1, 92, None),
    (">=", "92", ["88", "88.5", "89"], "需提速", 0.5, 1.5, 90, 3),
    (">=", "92", ["88", "89", "89.8"], "可望按期完成", 0.9, 1.1, 91.6, None),  # printed 92
    (">=", "92", ["88", "89", "89.6"], "需提速", 0.8, 1.2, 91.2, 1.5),  # printed 91
    (">=", "92", ["90", "89", "88"], "需扭转", -1, 2, 86, None),
    (">=", "92", ["88", "88", "88"], "需扭转", 0, 2, 88, None),  # standing still: no factor would do
    (">=", "90", ["96", "94", "92"], "需扭转", -2, -1, 88, None),  # met today, not for long
    (">=", "90", ["93", "92.5", "92"], "可望按期完成", -0.5, -1, 91, None),
    ("<=", "30", ["40", "38", "36"], "需提速", -2, -3, 32, 1.5),
    ("<=", "32", ["40", "38", "36"], "可望按期完成", -2, -2, 32, None),
    ("<=", "30", ["36", "38", "40"], "需扭转", 2, -5, 44, None),
    ("<=", "0", ["10", "7", "4"], "可望按期完成", -3, -2, -2, None),
    (">=", "-10", ["-40", "-35", "-30"], "需提速", 5, 10, -20, 2),
])
def test_forecast(comparator, goal, values, word, slope, required, forecast, speed_up):
    found = trend(target(comparator, goal), *series(2021, *values))
    assert (found.word, found.points) == (word, 3)
    assert [found.slope, found.required_slope, found.forecast] == [
        pytest.approx(decimal(number)) for number in (slope, required, forecast)]
    assert found.speed_up == (None if speed_up is None else pytest.approx(decimal(speed_up)))


def test_least_squares_over_uneven_years():
    """(0, 80) (2, 84) (3, 83): slope 48/42; two years on from 83."""
    found = trend(target(value="90"), figure("80", 2020), figure("84", 2022), figure("83", 2023))
    assert found.slope == pytest.approx(decimal(48) / 42)
    assert found.forecast == pytest.approx(83 + 2 * decimal(48) / 42)


def test_only_the_last_five_points_count():
    """50 and 60 before five years of +1; all seven would say +5.6 a year."""
    found = trend(target(value="92"), *series(2017, "50", "60", "84", "85", "86", "87", "88"))
    assert (found.points, found.word) == (7, "需提速")
    assert (found.slope, found.speed_up) == (pytest.approx(decimal(1)), pytest.approx(decimal(2)))


@pytest.mark.parametrize(("extra", "points"), [
    ([], 2),
    ([figure("91", 2023)], 3),
    ([figure("91", 2022)], 2),  # twice the same year
    ([figure("91", 2023, same_scope=False)], 2),
    ([figure("91", 2023, "inferred_year")], 2),
    ([figure("91", 2023, "unstated")], 2),
    ([figure("91", date(2023, 12, 31), "month")], 2),
    ([figure("91", date(2023, 12, 31), "date")], 2),
    ([figure("91", 2023, "cumulative")], 2),
    ([figure("91", 2023, comparator=">=")], 2),
    ([figure(None, 2023)], 2),
    ([figure("91", 2023, known_on=date(2024, 6, 2))], 2),  # tomorrow's news
])
def test_needs_three_comparable_points(extra, points):
    found = trend(target(value="92"), *series(2021, "88", "89"), *extra)
    assert found.points == points
    assert (found.word == "数据不足") == (points == 2)
    assert (found.slope is None) == (points == 2)


@pytest.mark.parametrize(("comparator", "twice", "slope"), [
    (">=", [figure("92", 2023), figure("90", 2023)], 1),  # the less favourable
    ("<=", [figure("92", 2023), figure("90", 2023)], 2),
    (">=", [figure("92", 2023), figure("90", 2023, is_provisional=True)], 2),  # the final
    (">=", [figure("90", 2023), figure("92", 2023, is_provisional=True)], 1),
])
def test_one_point_a_year(comparator, twice, slope):
    for order in (twice, twice[::-1]):
        found = trend(target(comparator, "99"), *series(2021, "88", "89"), *order)
        assert (found.points, found.slope) == (3, pytest.approx(decimal(slope)))


@pytest.mark.parametrize(("day", "word"), [(date(2025, 12, 31), "可望按期完成"), (date(2026, 1, 1), "不再估算")])
def test_is_not_estimated_past_the_deadline(day, word):
    found = trend(target(value="92"), *series(2021, "88", "89", "90"), on=day)
    assert found.word == word
    assert (found.forecast is None) == (word == "不再估算")


def test_is_not_estimated_from_the_year_of_the_deadline():
    found = trend(target(value="92"), *series(2023, "88", "89", "90"), on=year_end(2025))
    assert (found.word, found.forecast) == ("不再估算", None)


@pytest.mark.parametrize("to_judge", [
    target("text", None), target("class_at_least", "3"), target("between", "6.0", value_high="9.0"), target("=", "9"),
    target(deadline=None),
], ids=lambda t: f"{t.comparator} {t.deadline}")
def test_kinds_without_a_forecast(to_judge):
    found = trend(to_judge, *series(2021, "4", "5", "6"))
    assert (found.word, found.forecast, found.points) == ("数据不足", None, 3)


def test_running_totals_have_no_forecast():
    assert trend(works(), total("100", 2021), total("200", 2022), total("250", 2023)).word == "数据不足"


@pytest.mark.parametrize("history", [["95", "90"], ["60", "70"]])
def test_never_changes_attainment_or_schedule(history):
    """One wants a turn, one is fast enough; both stand at 85 of 80 → 90."""
    case = target(baseline_value="80")
    alone, longer = (judged(case, figure("85", 2023), *more, on=IN_2024) for more in ([], series(2021, *history)))
    assert longer.trend.word == {"95": "需扭转", "60": "可望按期完成"}[history[0]]
    assert (longer.attainment, longer.schedule) == (alone.attainment, alone.schedule)
    assert alone.schedule.word == "略有滞后"
