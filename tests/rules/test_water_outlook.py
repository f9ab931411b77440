"""The rest of the year. The figures of these cases are worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.rules.water_outlook import is_sufficient, parameter_outlook, section_outlook

from .build_water import RULES, STANDARD


def outlook(parameter, means, through=None, target=3, kind="river"):
    """`means` from January on, None for a missing month."""
    series = pd.Series(means, index=range(1, len(means) + 1), dtype=float)
    return parameter_outlook(series, through or len(means), STANDARD.limit(parameter, kind), target, RULES)


def section(through, target=3, kind="river", **means):
    frame = pd.DataFrame(means, index=range(1, through + 1), dtype=float)
    return section_outlook(frame, through, kind, target, STANDARD, RULES)


@pytest.mark.parametrize(("kind", "months", "expected"), [
    ("month", 0, False), ("month", 1, True), ("quarter", 1, False), ("quarter", 2, True), ("year", 7, False),
    ("year", 8, True),
])
def test_months_needed(kind, months, expected):
    assert is_sufficient(kind, months, RULES) is expected


def test_no_rule_for_other_periods():
    with pytest.raises(KeyError):
        is_sufficient("half_year", 6, RULES)


def test_ammonia_with_room():
    """Eight months of 0.8 and Ⅲ = 1.0: 12.0 − 6.4 = 5.6 for four months, 1.4 each."""
    found = outlook("ammonia_nitrogen", [0.8] * 8)
    assert (found.mean_to_date, found.months_left, found.allowed_mean, found.limit) == (0.8, 4, 1.4, 1.0)
    assert found.room == pytest.approx(0.6)
    assert (found.standing, found.reason) == ("on_course", None)
    assert found.word == RULES.outlook["on_course"]


def test_ammonia_that_must_improve():
    """Nine months of 1.2: 12.0 − 10.8 = 1.2 for three months, 0.4 each."""
    found = outlook("ammonia_nitrogen", [1.2] * 9)
    assert (found.mean_to_date, found.allowed_mean, found.standing) == (1.2, 0.4, "must_improve")
    assert found.room == pytest.approx(-0.8)


def test_missing_months_are_not_counted_but_said():
    """January to June with three values, sum 0.6: (9 × 0.2 − 0.6) / 6 = 0.2."""
    found = outlook("total_phosphorus", [0.1, None, 0.2, None, 0.3, None])
    assert (found.months_with_values, found.months_missing, found.months_left) == (3, 3, 6)
    assert (found.mean_to_date, found.allowed_mean, found.standing) == (0.2, 0.2, "on_course")
    absent = parameter_outlook(pd.Series({1: 0.1, 3: 0.2, 5: 0.3}), 6, STANDARD.limit("total_phosphorus", "river"), 3,
                               RULES)
    assert absent == found


def test_oxygen_gives_the_lowest_mean():
    """Ten months of 4.8 and Ⅲ = 5: 60 − 48 = 12 for two months, 6 each."""
    found = outlook("dissolved_oxygen", [4.8] * 10)
    assert (found.allowed_mean, found.standing, found.bound) == (6.0, "must_improve", "min")
    assert found.room == pytest.approx(-0.24)
    # 4.9, 5.1 … mean 5: on the limit
    assert outlook("dissolved_oxygen", [4.9, 5.1] * 5).standing == "on_course"


def test_oxygen_that_is_already_safe():
    """Eleven months of 6 are 66, Ⅲ needs 60: even nothing in December is enough."""
    found = outlook("dissolved_oxygen", [6.0] * 11)
    assert (found.standing, found.allowed_mean) == ("met", None)
    assert found.reason == RULES.outlook_reasons["nothing_needed"]


def test_out_of_reach():
    """Eleven months of 1.1 are 12.1, more than the 12.0 of the whole year."""
    found = outlook("ammonia_nitrogen", [1.1] * 11)
    assert (found.standing, found.allowed_mean) == ("out_of_reach", None)
    assert found.reason == RULES.outlook_reasons["nothing_left"]
    assert found.room == pytest.approx(-1.2)  # from 1.1 to −0.1
    only_just = outlook("ammonia_nitrogen", [12 / 11] * 11)
    assert (only_just.standing, only_just.allowed_mean) == ("must_improve", 0.0)


@pytest.mark.parametrize(("parameter", "mean", "standing"), [
    ("ammonia_nitrogen", 1.0, "met"), ("ammonia_nitrogen", 1.0001, "missed"), ("dissolved_oxygen", 5.0, "met"),
    ("dissolved_oxygen", 4.9999, "missed"), ("ph", 9.0, "met"), ("ph", 9.1, "missed"), ("ph", 5.9, "missed"),
])
def test_the_year_is_over(parameter, mean, standing):
    found = outlook(parameter, [mean] * 12)
    assert (found.standing, found.months_left, found.allowed_mean, found.room) == (standing, 0, None, None)
    assert found.reason == RULES.outlook_reasons["year_over"]


def test_acidity_has_no_such_figure():
    found = outlook("ph", [8.0] * 6)
    assert (found.allowed_mean, found.room, found.standing) == (None, None, "on_course")
    assert found.reason == RULES.outlook_reasons["range"]
    assert outlook("ph", [9.2] * 6).standing == "must_improve"


def test_too_few_months_to_speak_of_a_year():
    seven = outlook("ammonia_nitrogen", [0.5] * 3 + [None] * 5)  # 3 + 4 left
    assert (seven.standing, seven.months_missing) == ("insufficient", 5)
    eight = outlook("ammonia_nitrogen", [0.5] * 4 + [None] * 4)
    assert eight.standing == "on_course"


def test_nothing_measured_yet():
    found = outlook("ammonia_nitrogen", [None, None])
    assert (found.standing, found.mean_to_date, found.room, found.allowed_mean) == ("no_values", None, None, 1.0)


def test_target_class_and_water_decide_the_limit():
    assert outlook("total_phosphorus", [0.05] * 6, target=2).limit == 0.1
    lake = outlook("total_phosphorus", [0.05] * 6, target=2, kind="lake_reservoir")
    assert (lake.limit, lake.standing, lake.allowed_mean) == (0.025, "must_improve", 0.0)


@pytest.mark.parametrize(("means", "through", "target"), [
    ([1.0] * 7, 6, 3), ([1.0], 13, 3), ([1.0], 1, 6), ([1.0], 1, 0),
])
def test_months_and_targets_out_of_range(means, through, target):
    with pytest.raises(ValueError, match="ammonia_nitrogen"):
        outlook("ammonia_nitrogen", means, through, target)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["ammonia_nitrogen", "permanganate_index", "total_phosphorus", "dissolved_oxygen"]),
       st.lists(st.floats(0.01, 2), min_size=1, max_size=11), st.integers(1, 5))
def test_the_allowed_mean_brings_the_year_to_the_limit(parameter, shares, target):
    limit = STANDARD.limit(parameter, "river")
    found = outlook(parameter, [limit.class_3 * share for share in shares], target=target)
    if found.allowed_mean is not None:
        year = [limit.class_3 * share for share in shares] + [found.allowed_mean] * found.months_left
        assert np.mean(year) == pytest.approx(found.limit)


def test_section_names_the_parameter_with_the_least_room():
    found = section(6, permanganate_index=[5.0] * 6, ammonia_nitrogen=[0.2] * 6, dissolved_oxygen=[8.0] * 6,
                    ph=[7.5] * 6, total_nitrogen=[9.0] * 6)
    # in limits: (7 − 5) / 6, (1.8 − 0.2) / 1, (8 − 2) / 5
    assert [o.parameter for o in found.parameters] == [
        "permanganate_index", "dissolved_oxygen", "ammonia_nitrogen", "ph"]
    assert found.tightest == found.parameters[0]
    assert (found.standing, found.unmeasured) == ("on_course", ())


def test_section_stands_as_its_worst_parameter():
    found = section(11, permanganate_index=[6.5] * 11, ammonia_nitrogen=[1.1] * 11, total_phosphorus=[0.1] * 11)
    assert (found.standing, found.word) == ("out_of_reach", RULES.outlook["out_of_reach"])
    assert found.tightest.parameter == "ammonia_nitrogen"  # both are lost, ammonia by more
    assert found.parameters[1].parameter == "permanganate_index"
    acid = section(6, ph=[5.5] * 6, permanganate_index=[5.9] * 6)
    assert (acid.standing, acid.tightest.parameter) == ("must_improve", "ph")


def test_section_counts_what_is_not_measured():
    found = section(3, ammonia_nitrogen=[0.2] * 3, total_phosphorus=[np.nan] * 3, total_nitrogen=[np.nan] * 3)
    assert (found.unmeasured, len(found.parameters)) == (("总磷",), 1)
    nothing = section(3, total_phosphorus=[np.nan] * 3)
    assert (nothing.standing, nothing.tightest, nothing.parameters) == ("no_values", None, ())


def test_standings_run_from_bad_to_good():
    assert list(RULES.outlook) == ["missed", "out_of_reach", "must_improve", "on_course", "met", "insufficient",
                                   "no_values"]
