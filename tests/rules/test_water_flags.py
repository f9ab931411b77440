"""Hints on doubtful readings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from etl.rules.water_flags import flag_half_detection_limit, flag_implausible, flag_jumps

from .build_water import RULES, STANDARD

NOON = np.datetime64("2021-04-01T12:00")


def hours(*after):
    return np.array([NOON + np.timedelta64(round(60 * h), "m") for h in after])


def jumps(parameter, values, after=None, section_ids=None, kind="river"):
    frame = pd.DataFrame({parameter: values}, dtype=float)
    after = range(0, 4 * len(values), 4) if after is None else after
    kinds = np.full(len(values), kind, dtype=object)
    found = flag_jumps(frame, section_ids or ["a"] * len(values), hours(*after), kinds, STANDARD, RULES)
    return found[parameter].tolist()


@pytest.mark.parametrize(("parameter", "odd", "usual"), [
    ("water_temperature", [38.7, 0.1, -1], [0.8, 33.0]), ("ph", [4.45, 10.06], [6.0, 9.5]),
    ("dissolved_oxygen", [0.003, 29.22], [1.0, 20.0]), ("conductivity", [0.0001, 59360.6], [51.5, 37688.8]),
    ("turbidity", [5099.2, 0.01], [0.3, 2500.0]), ("ammonia_nitrogen", [0.0001], [0.0024, 11.8]),
    ("algal_density", [258_750_000], [10_000, 90_000_000]), ("cyanide", [-0.001], [0, 100.0]),
])
def test_implausible_values(parameter, odd, usual):
    values = pd.DataFrame({parameter: [*odd, *usual, np.nan]}, dtype=float)
    assert flag_implausible(values, STANDARD)[parameter].tolist() == [True] * len(odd) + [False] * (len(usual) + 1)


def test_half_detection_limit_is_exact():
    values = pd.DataFrame({"permanganate_index": [0.25, 0.2501, np.nan], "total_nitrogen": [0.05, 0.25, 0.025],
                           "conductivity": [0.25, 0.05, 0.005]})
    found = flag_half_detection_limit(values, RULES)
    assert found.to_numpy().tolist() == [[True, True, False], [False, False, False], [False, False, False]]


@pytest.mark.parametrize(("values", "expected"), [
    ([0.3, 1.5], [False, True]),  # five times and over Ⅲ
    ([0.3, 1.49], [False, False]),
    ([0.2, 1.0], [False, False]),  # five times, but Ⅲ
    ([0.12, 3.692, 0.12], [False, True, False]),  # getting better is no jump
    ([0.12, np.nan, 3.692], [False, False, True]),  # the one before is the last with a value
    ([3.0], [False]),
])
def test_jumps(values, expected):
    assert jumps("ammonia_nitrogen", values) == expected


def test_a_jump_needs_a_near_reading_of_the_same_section():
    assert jumps("ammonia_nitrogen", [0.1, 3.0], after=[0, 24]) == [False, True]
    assert jumps("ammonia_nitrogen", [0.1, 3.0], after=[0, 24.1]) == [False, False]
    assert jumps("ammonia_nitrogen", [0.1, 3.0], section_ids=["a", "b"]) == [False, False]
    assert jumps("ammonia_nitrogen", [3.0, 0.1, 3.0, 2.9], after=[8, 4, 4, 0],
                 section_ids=["a", "a", "b", "b"]) == [True, False, False, False]  # any order of rows


def test_jumps_of_oxygen_go_down_and_acidity_has_none():
    assert jumps("dissolved_oxygen", [9.0, 1.8, 9.0]) == [False, True, False]
    assert jumps("dissolved_oxygen", [9.0, 1.9]) == [False, False]
    assert jumps("ph", [1.0, 9.5]) == [False, False]


def test_jumps_use_the_limits_of_the_water():
    assert jumps("total_phosphorus", [0.02, 0.1]) == [False, False]
    assert jumps("total_phosphorus", [0.02, 0.1], kind="lake_reservoir") == [False, True]
    assert jumps("total_nitrogen", [0.1, 5.0]) == [False, False]
    assert jumps("conductivity", [51.5, 2495.7]) == [False, False]  # tide


def test_flags_leave_values_and_index_alone():
    values = pd.DataFrame({"ammonia_nitrogen": [0.1, 3.0], "ph": [7.0, 4.0]}, index=["x", "y"])
    before = values.copy()
    for found in (flag_implausible(values, STANDARD), flag_half_detection_limit(values, RULES),
                  flag_jumps(values, ["a", "a"], hours(0, 4), ["river"] * 2, STANDARD, RULES)):
        assert list(found.index) == ["x", "y"] and list(found) == list(values)
    pd.testing.assert_frame_equal(values, before)
