"""Classes and main pollutants by GB 3838-2002."""

from __future__ import annotations

import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.rules.water_quality import (
    CLASSES,
    Standard,
    assess,
    exceedance_multiple,
    is_lake,
    load_water_rules,
    parameter_rank,
    parameter_ranks,
    quality_word,
)

from .build_water import CLASS_LIMITS, PARAMETERS, RULES, STANDARD, STANDARDS, assessed, text

# Table 1 of GB 3838-2002, typed a second time: what the data file says is held against it.
UPPER_LIMITS = {
    ("permanganate_index", "any"): (2, 4, 6, 10, 15),
    ("chemical_oxygen_demand", "any"): (15, 15, 20, 30, 40),
    ("five_day_biochemical_oxygen_demand", "any"): (3, 3, 4, 6, 10),
    ("ammonia_nitrogen", "any"): (0.15, 0.5, 1, 1.5, 2),
    ("total_phosphorus", "river"): (0.02, 0.1, 0.2, 0.3, 0.4),
    ("total_phosphorus", "lake_reservoir"): (0.01, 0.025, 0.05, 0.1, 0.2),
    ("total_nitrogen", "lake_reservoir"): (0.2, 0.5, 1, 1.5, 2),
    ("copper", "any"): (0.01, 1, 1, 1, 1),
    ("zinc", "any"): (0.05, 1, 1, 2, 2),
    ("fluoride", "any"): (1, 1, 1, 1.5, 1.5),
    ("selenium", "any"): (0.01, 0.01, 0.01, 0.02, 0.02),
    ("arsenic", "any"): (0.05, 0.05, 0.05, 0.1, 0.1),
    ("mercury", "any"): (5e-5, 5e-5, 1e-4, 1e-3, 1e-3),
    ("cadmium", "any"): (0.001, 0.005, 0.005, 0.005, 0.01),
    ("hexavalent_chromium", "any"): (0.01, 0.05, 0.05, 0.05, 0.1),
    ("lead", "any"): (0.01, 0.01, 0.05, 0.05, 0.1),
    ("cyanide", "any"): (0.005, 0.05, 0.2, 0.2, 0.2),
    ("volatile_phenol", "any"): (0.002, 0.002, 0.005, 0.01, 0.1),
    ("petroleum", "any"): (0.05, 0.05, 0.05, 0.5, 1),
    ("anionic_surfactant", "any"): (0.2, 0.2, 0.2, 0.3, 0.3),
    ("sulfide", "any"): (0.05, 0.1, 0.2, 0.5, 1),
    ("faecal_coliform", "any"): (200, 2000, 10000, 20000, 40000),
}
# The best class of every limit: the first that has it. 1, 1, 3 means that class Ⅱ is no stricter than Ⅰ.
BEST_CLASS = {
    "chemical_oxygen_demand": (1, 1, 3, 4, 5), "five_day_biochemical_oxygen_demand": (1, 1, 3, 4, 5),
    "copper": (1, 2, 2, 2, 2), "zinc": (1, 2, 2, 4, 4), "fluoride": (1, 1, 1, 4, 4), "selenium": (1, 1, 1, 4, 4),
    "arsenic": (1, 1, 1, 4, 4), "mercury": (1, 1, 3, 4, 4), "cadmium": (1, 2, 2, 2, 5),
    "hexavalent_chromium": (1, 2, 2, 2, 5), "lead": (1, 1, 3, 3, 5), "cyanide": (1, 2, 3, 3, 3),
    "volatile_phenol": (1, 1, 3, 4, 5), "petroleum": (1, 1, 1, 4, 5), "anionic_surfactant": (1, 1, 1, 4, 4),
}
# The next class after it, for a value just over the limit.
NEXT_CLASS = {
    "chemical_oxygen_demand": (3, 3, 4, 5, 6), "five_day_biochemical_oxygen_demand": (3, 3, 4, 5, 6),
    "copper": (2, 6, 6, 6, 6), "zinc": (2, 4, 4, 6, 6), "fluoride": (4, 4, 4, 6, 6), "selenium": (4, 4, 4, 6, 6),
    "arsenic": (4, 4, 4, 6, 6), "mercury": (3, 3, 4, 6, 6), "cadmium": (2, 5, 5, 5, 6),
    "hexavalent_chromium": (2, 5, 5, 5, 6), "lead": (3, 3, 5, 5, 6), "cyanide": (2, 3, 6, 6, 6),
    "volatile_phenol": (3, 3, 4, 5, 6), "petroleum": (4, 4, 4, 5, 6), "anionic_surfactant": (4, 4, 4, 6, 6),
}
OUT_OF_CLASS = {"water_temperature", "total_nitrogen", "faecal_coliform", "conductivity", "turbidity", "chlorophyll_a",
                "algal_density"}
many = settings(max_examples=200, deadline=None)


def rank(parameter: str, value: float, kind: str = "river") -> float:
    return float(parameter_rank(np.array([value]), STANDARD.limit(parameter, kind))[0])


# ── the standard as data ────────────────────────────────────────────────────────────────────────────────

def test_the_table_is_complete_and_nothing_else():
    assert len(PARAMETERS) == 28
    assert sorted(PARAMETERS["gb3838_number"].dropna()) == list(range(1, 25))
    bounds = {key: limit.bound for key, limit in STANDARD.limits.items()}
    expected = dict.fromkeys(UPPER_LIMITS, "max") | {("ph", "any"): "range", ("dissolved_oxygen", "any"): "min"}
    assert bounds == expected


def test_what_does_not_count():
    assert {key for key, p in STANDARD.parameters.items() if not p.counts_for_class} == OUT_OF_CLASS
    assert sum(p.counts_for_class for p in STANDARD.parameters.values()) == 21


def test_what_has_no_multiple():
    with_upper_limit = {parameter for parameter, _ in UPPER_LIMITS}
    assert {key for key, p in STANDARD.parameters.items() if p.has_exceedance_multiple} == with_upper_limit


def test_what_comes_first():
    assert {key for key, p in STANDARD.parameters.items() if p.comes_first} == {
        "cyanide", "lead", "hexavalent_chromium", "mercury", "cadmium", "arsenic"}


@pytest.mark.parametrize(("key", "classes"), UPPER_LIMITS.items())
def test_limits_as_printed(key, classes):
    assert STANDARD.limits[key].classes == classes


def test_limits_of_acidity_and_oxygen_as_printed():
    ph, oxygen = STANDARD.limits["ph", "any"], STANDARD.limits["dissolved_oxygen", "any"]
    assert (ph.low, ph.classes) == (6, (9, 9, 9, 9, 9))
    assert oxygen.classes == (7.5, 6, 5, 3, 2)


def test_the_same_from_text_and_from_typed_cells():
    as_text = (pd.read_csv(STANDARDS / name, dtype=str, keep_default_na=False)
               for name in ("parameters.csv", "gb3838_2002.csv"))
    assert Standard.from_frames(*as_text) == STANDARD
    assert Standard.from_frames(PARAMETERS.convert_dtypes(), CLASS_LIMITS.convert_dtypes()) == STANDARD


def test_rules_name_only_keys_that_exist():
    raw = tomllib.loads((STANDARDS / "water_quality.toml").read_text(encoding="utf-8"))
    raw["outlook"] = raw["words"]["outlook"]
    for key in RULES.unconfirmed | RULES.own_choices:
        found = raw
        for part in key.split("."):
            found = found[part]
    assert not RULES.unconfirmed & RULES.own_choices


def test_missing_key_of_the_rules_is_an_error(tmp_path):
    broken = tmp_path / "water_quality.toml"
    whole = (STANDARDS / "water_quality.toml").read_text(encoding="utf-8")
    broken.write_text(whole.replace("jump_factor = 5.0", ""), encoding="utf-8")
    with pytest.raises(KeyError, match="jump_factor"):
        load_water_rules(broken)


# ── one value ───────────────────────────────────────────────────────────────────────────────────────────

@pytest.mark.parametrize(("parameter", "kind"), UPPER_LIMITS)
def test_on_under_and_over_every_upper_limit(parameter, kind):
    best, after = BEST_CLASS.get(parameter, (1, 2, 3, 4, 5)), NEXT_CLASS.get(parameter, (2, 3, 4, 5, 6))
    for place, limit in enumerate(UPPER_LIMITS[parameter, kind]):
        values = np.array([limit * 0.9999, limit, limit * 1.0001])
        ranks = parameter_rank(values, STANDARD.limits[parameter, kind])
        assert list(ranks) == [best[place], best[place], after[place]]


@pytest.mark.parametrize(("value", "expected"), [
    (20, 1), (7.5, 1), (7.4999, 2), (6, 2), (5.9999, 3), (5, 3), (4.9999, 4), (3, 4), (2.9999, 5), (2, 5), (1.9999, 6),
    (0, 6),
])
def test_oxygen(value, expected):
    assert rank("dissolved_oxygen", value) == expected


@pytest.mark.parametrize(("value", "expected"), [(5.9999, 6), (6, 1), (7, 1), (9, 1), (9.0001, 6), (0, 6), (14, 6)])
def test_acidity_is_good_or_worst(value, expected):
    assert rank("ph", value) == expected


def test_binary_noise_does_not_decide_but_a_real_excess_does():
    mean = (0.1 + 0.2 + 0.3) / 3
    assert mean > 0.2  # the noise is there
    assert rank("total_phosphorus", mean) == 3
    assert rank("total_phosphorus", 0.2001) == 4
    assert rank("mercury", 0.0001000001) == 4
    assert rank("dissolved_oxygen", (4.9 + 5.0 + 5.1) / 3) == 3
    assert rank("dissolved_oxygen", 4.99999) == 4


def test_many_values_with_gaps():
    values = np.tile([0.1, np.nan, 0.5, 3.0], 12_500)
    ranks = parameter_rank(values, STANDARD.limit("ammonia_nitrogen", "river"))
    assert ranks.dtype == float and ranks.shape == values.shape
    np.testing.assert_array_equal(ranks, np.tile([1, np.nan, 2, 6], 12_500))


@many
@given(st.sampled_from(list(UPPER_LIMITS)), st.floats(0, 3), st.floats(0, 3))
def test_more_of_it_is_never_a_better_class(key, a, b):
    limit = STANDARD.limits[key]
    less, more = (limit.class_3 * share for share in sorted((a, b)))
    low, high = parameter_rank(np.array([less, more]), limit)
    assert 1 <= low <= high <= 6


@many
@given(st.floats(0, 20), st.floats(0, 20))
def test_less_oxygen_is_never_a_better_class(a, b):
    assert rank("dissolved_oxygen", min(a, b)) >= rank("dissolved_oxygen", max(a, b))


@many
@given(st.dictionaries(st.sampled_from(["permanganate_index", "ammonia_nitrogen", "total_phosphorus", "cyanide"]),
                       st.floats(0, 20), min_size=1), st.floats(0, 20), st.sampled_from(["river", "lake_reservoir"]))
def test_a_further_parameter_never_makes_the_class_better(values, oxygen, kind):
    assert assessed(kind, **values, dissolved_oxygen=oxygen)["class_rank"] >= assessed(kind, **values)["class_rank"]


@pytest.mark.parametrize(("parameter", "value", "multiple"), [
    ("ammonia_nitrogen", 2.2, 1.2), ("ammonia_nitrogen", 1.0, 0), ("ammonia_nitrogen", 0.5, -0.5),
    ("total_phosphorus", 0.3, 0.5), ("permanganate_index", 6.06, 0.01), ("mercury", 0.001, 9),
])
def test_exceedance_multiple(parameter, value, multiple):
    limit = STANDARD.limit(parameter, "river")
    assert exceedance_multiple(value, limit) == multiple
    np.testing.assert_array_equal(exceedance_multiple(np.array([value, np.nan]), limit), [multiple, np.nan])


@pytest.mark.parametrize("parameter", ["ph", "dissolved_oxygen"])
def test_no_multiple_of_acidity_and_oxygen(parameter):
    with pytest.raises(ValueError, match="超标倍数"):
        exceedance_multiple(1.0, STANDARD.limit(parameter, "river"))


def test_quality_words():
    assert [quality_word(r, RULES) for r in (1, 2, 3.0, 4, 5, 6, np.nan)] == [
        "优", "优", "良好", "轻度污染", "中度污染", "重度污染", None]


# ── a section ───────────────────────────────────────────────────────────────────────────────────────────

def test_lakes_have_stricter_phosphorus():
    by_kind = {kind: assessed(kind, total_phosphorus=0.15)["class_rank"] for kind in ("river", "lake_reservoir", None)}
    assert by_kind == {"river": 3, "lake_reservoir": 5, None: 3}


def test_rivers_and_lakes_in_one_frame():
    values = pd.DataFrame({"total_phosphorus": [0.15, 0.15, np.nan], "total_nitrogen": [1.2, 1.2, 1.2]},
                          index=["a", "b", "a"])
    kinds = np.array(["lake_reservoir", "river", "lake_reservoir"], dtype=object)
    found = assess(values, kinds, STANDARD, RULES)
    assert list(found.index) == ["a", "b", "a"]
    np.testing.assert_array_equal(found["total_phosphorus"], [5, 3, np.nan])
    np.testing.assert_array_equal(found["total_nitrogen"], [4, np.nan, 4])
    np.testing.assert_array_equal(found["class_rank"], [5, 3, np.nan])
    assert [text(t) for t in found["exceeding"]] == ["总磷(2.0)", None, None]


@pytest.mark.parametrize("kind", ["river", "lake_reservoir"])
@pytest.mark.parametrize("parameter", sorted(OUT_OF_CLASS))
def test_what_does_not_count_changes_no_class(parameter, kind):
    found = assessed(kind, ammonia_nitrogen=0.1, **{parameter: 1e9})
    assert found["class_rank"] == 1
    assert [text(found[c]) for c in ("worst_parameters", "exceeding", "main_pollutants")] == [None] * 3
    assert np.isnan(assessed(kind, **{parameter: 1e9})["class_rank"])


def test_ranks_of_what_does_not_count_are_still_given():
    assert assessed("lake_reservoir", total_nitrogen=1.2)["total_nitrogen"] == 4
    assert assessed("river", faecal_coliform=10001)["faecal_coliform"] == 4


def test_missing_values_are_left_out():
    assert assessed(ammonia_nitrogen=np.nan, total_phosphorus=0.05)["class_rank"] == 2
    nothing = assessed(ammonia_nitrogen=np.nan, total_phosphorus=np.nan)
    assert np.isnan(nothing["class_rank"]) and text(nothing["worst_parameters"]) is None


@pytest.mark.parametrize("values", [
    pd.DataFrame({"ammonia_nitrogen": []}, dtype=float), pd.DataFrame(index=[1, 2]),
    pd.DataFrame({"conductivity": [1.0]}),
])
def test_nothing_to_assess(values):
    found = assess(values, np.full(len(values), "river", dtype=object), STANDARD, RULES)
    assert len(found) == len(values) and found["class_rank"].isna().all() and found["exceeding"].isna().all()


def test_unknown_columns_and_waters_are_errors():
    with pytest.raises(KeyError, match="chloride"):
        assessed(chloride=1.0)
    with pytest.raises(ValueError, match="水体类型不明：pond"):
        assessed("pond", ph=7.0)
    np.testing.assert_array_equal(is_lake(["river", None, np.nan, "lake_reservoir"]), [False, False, False, True])


@pytest.mark.parametrize(("values", "worst", "exceeding"), [
    (dict(ammonia_nitrogen=0.5, total_phosphorus=0.1), None, None),  # Ⅱ
    (dict(ammonia_nitrogen=0.9, total_phosphorus=0.1), "氨氮", None),  # Ⅲ: limiting, not exceeding
    (dict(ammonia_nitrogen=0.6, total_phosphorus=0.19), "总磷、氨氮", None),  # nearer to its limit first
    (dict(lead=0.04, ammonia_nitrogen=1.0), "氨氮、铅", None),  # a metal within Ⅲ has no precedence
    (dict(ammonia_nitrogen=2.2, dissolved_oxygen=4.0), "氨氮", "氨氮(1.2)、溶解氧"),
    (dict(ammonia_nitrogen=1.2, permanganate_index=12.0), "高锰酸盐指数", "高锰酸盐指数(1.0)、氨氮(0.2)"),
    # class before multiple: COD is Ⅴ at 0.6, BOD5 劣Ⅴ at 1.6, NH3-N Ⅳ at 0.5
    (dict(ammonia_nitrogen=1.5, chemical_oxygen_demand=32.0, five_day_biochemical_oxygen_demand=10.4),
     "五日生化需氧量", "五日生化需氧量(1.6)、化学需氧量(0.6)、氨氮(0.5)"),
    # the same class: the larger multiple first, whatever the order of the table
    (dict(permanganate_index=8.0, ammonia_nitrogen=1.4, total_phosphorus=0.3),
     "总磷、氨氮、高锰酸盐指数", "总磷(0.5)、氨氮(0.4)、高锰酸盐指数(0.3)"),
    # equal in class and multiple: the order of the table
    (dict(total_phosphorus=0.3, ammonia_nitrogen=1.5), "氨氮、总磷", "氨氮(0.5)、总磷(0.5)"),
    # without a multiple: after those with one, but before a better class
    (dict(dissolved_oxygen=4.0, ammonia_nitrogen=1.1), "氨氮、溶解氧", "氨氮(0.1)、溶解氧"),
    (dict(dissolved_oxygen=2.5, ammonia_nitrogen=1.1), "溶解氧", "溶解氧、氨氮(0.1)"),
    (dict(ph=9.4, dissolved_oxygen=1.0, total_phosphorus=0.41), "总磷、pH、溶解氧", "总磷(1.0)、pH、溶解氧"),
    (dict(permanganate_index=6.1), "高锰酸盐指数", "高锰酸盐指数(不足0.1)"),
    # heavy metals and cyanide lead, although their class is better
    (dict(ammonia_nitrogen=4.0, lead=0.08), "氨氮", "铅(0.6)、氨氮(3.0)"),
    (dict(ammonia_nitrogen=4.0, cyanide=0.3, lead=0.2), "铅、氰化物、氨氮", "铅(3.0)、氰化物(0.5)、氨氮(3.0)"),
    (dict(ammonia_nitrogen=4.0, lead=0.05), "氨氮", "氨氮(3.0)"),  # not over Ⅲ: does not lead
    (dict(ammonia_nitrogen=4.0, copper=8.0), "铜、氨氮", "铜(7.0)、氨氮(3.0)"),  # by the multiple only
])
def test_order_of_pollutants(values, worst, exceeding):
    for columns in (values, dict(reversed(values.items()))):
        found = assessed(**columns)
        assert (text(found["worst_parameters"]), text(found["exceeding"])) == (worst, exceeding)


def test_main_pollutants_are_the_first_three():
    found = assessed(permanganate_index=7.0, ammonia_nitrogen=1.8, total_phosphorus=0.5, dissolved_oxygen=2.0, ph=7.0)
    assert found["exceeding"] == "总磷(1.5)、氨氮(0.8)、溶解氧、高锰酸盐指数(0.2)"
    assert found["main_pollutants"] == "总磷(1.5)、氨氮(0.8)、溶解氧"


def test_rows_do_not_depend_on_their_neighbours():
    rng = np.random.default_rng(7)
    values = pd.DataFrame(rng.lognormal(0, 1.2, (60, 5)), columns=[
        "dissolved_oxygen", "permanganate_index", "ammonia_nitrogen", "total_phosphorus", "lead"])
    values = values.mask(rng.random(values.shape) < 0.2)
    kinds = np.where(rng.random(60) < 0.5, "river", "lake_reservoir")
    together = assess(values, kinds, STANDARD, RULES)
    apart = pd.concat([assess(values.iloc[[i]], kinds[[i]], STANDARD, RULES) for i in range(60)])
    pd.testing.assert_frame_equal(together, apart)
    pd.testing.assert_frame_equal(together[values.columns], parameter_ranks(values, kinds, STANDARD))
    assert together["exceeding"].nunique() > 20


def test_classes_are_those_of_the_standard():
    assert CLASSES == ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
