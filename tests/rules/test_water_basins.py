"""Rivers and basins: means of few sections, shares of many."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from etl.rules.water_basins import judge_waters, word_of_shares

from .build_water import RULES, STANDARD


def waters(**columns):
    return judge_waters(pd.DataFrame(columns), STANDARD, RULES)


def of_ranks(*ranks):
    return waters(class_rank=list(ranks))


@pytest.mark.parametrize(("good", "worst", "word"), [
    (1, 0, "优"), (0.90, 0, "优"), (0.8999, 0, "良好"), (0.75, 0, "良好"), (0.75, 0.25, "良好"),
    (0.7499, 0, "轻度污染"), (0.7499, 0.1999, "轻度污染"), (0.7499, 0.20, "中度污染"), (0.5, 0.3999, "中度污染"),
    (0.5, 0.40, "重度污染"), (0, 1, "重度污染"),
])
def test_words_at_the_limits(good, worst, word):
    assert word_of_shares(good, worst, RULES) == word


@pytest.mark.parametrize(("ranks", "word"), [
    ([3] * 9 + [4], "优"),  # 90 %
    ([3] * 8 + [4] * 2, "良好"),
    ([3] * 15 + [4] * 5, "良好"),  # 75 %
    ([3] * 14 + [4] * 6, "轻度污染"),
    ([3] * 3 + [4] + [6], "中度污染"),  # 20 %
    ([3] * 3 + [6] * 2, "重度污染"),  # 40 %
    ([3] * 14 + [4] * 3 + [6] * 3, "轻度污染"),  # 15 %
])
def test_exact_shares_of_counted_sections(ranks, word):
    found = of_ranks(*ranks)
    assert (found.word, found.method, found.class_rank) == (word, "class_shares", None)
    assert found.good_share == sum(r <= 3 for r in ranks) / len(ranks)
    assert found.worst_share == ranks.count(6) / len(ranks)


def test_counts_and_sections_without_a_class():
    found = of_ranks(1, 2, 2, 3, 4, 5, 6, np.nan, np.nan)
    assert (found.sections, found.without_class, found.counts) == (7, 2, (1, 2, 1, 1, 1, 1))
    assert found.good_share == 4 / 7


def test_five_sections_are_many_and_four_are_few():
    concentrations = dict(ammonia_nitrogen=[0.1, 0.1, 0.1, 0.1, 2.4])
    five = waters(**concentrations)
    assert (five.method, five.word, five.class_rank) == ("class_shares", "良好", None)  # 80 % are good
    assert five.main_pollutants == "氨氮(20.0%)"
    four = waters(ammonia_nitrogen=concentrations["ammonia_nitrogen"][1:])
    # 2.7 / 4 = 0.675 is Ⅲ although one section is 劣Ⅴ
    assert (four.method, four.word, four.class_rank) == ("mean_concentrations", "良好", 3)
    assert four.main_pollutants is None
    assert four.counts == (3, 0, 0, 0, 0, 1)


def test_a_fifth_section_without_a_class_does_not_make_it_many():
    found = waters(ammonia_nitrogen=[0.1, 0.1, 0.1, 2.4, np.nan])
    assert (found.method, found.sections, found.without_class) == ("mean_concentrations", 4, 1)


def test_mean_of_each_parameter_over_the_sections_that_have_it():
    found = waters(ammonia_nitrogen=[1.0, 3.0, np.nan], total_phosphorus=[0.1, 0.2, 0.3], dissolved_oxygen=[8, 4, 1.5])
    # means 2.0 (Ⅴ), 0.2 (Ⅲ), 4.5 (Ⅳ)
    assert (found.class_rank, found.word, found.main_pollutants) == (5, "中度污染", "氨氮(1.0)、溶解氧")


def test_mean_on_the_limit_belongs_to_its_class():
    assert waters(total_phosphorus=[0.1, 0.2, 0.3]).class_rank == 3


def test_published_classes_alone():
    few = of_ranks(2, 2, 4)
    assert (few.word, few.method, few.class_rank, few.counts) == (None, None, None, (0, 2, 0, 1, 0, 0))
    assert few.reason == RULES.waters["no_concentrations"] and few.good_share == 2 / 3
    many = of_ranks(2, 2, 4, 2, 2)
    assert (many.word, many.main_pollutants, many.reason) == ("良好", None, None)


def test_one_section_without_concentrations_spoils_the_mean():
    found = waters(class_rank=[2, 2, np.nan], ammonia_nitrogen=[0.3, np.nan, 1.2])
    assert (found.counts, found.word) == ((0, 2, 0, 1, 0, 0), None)
    assert found.reason == RULES.waters["no_concentrations"]


def test_a_published_class_stands_before_a_computed_one():
    found = waters(class_rank=[4.0, np.nan], ammonia_nitrogen=[0.3, 0.3])
    assert found.counts == (0, 1, 0, 1, 0, 0)


def test_total_nitrogen_alone_is_no_concentration_to_judge_by():
    assert waters(class_rank=[2], total_nitrogen=[5.0]).reason == RULES.waters["no_concentrations"]


def test_rivers_and_lakes_have_no_common_mean():
    found = waters(total_phosphorus=[0.04, 0.04], water_body_type=["river", "lake_reservoir"])
    assert (found.word, found.reason) == (None, RULES.waters["mixed_water_bodies"])
    lakes = waters(total_phosphorus=[0.04, 0.08], water_body_type=["lake_reservoir"] * 2)
    assert (lakes.class_rank, lakes.main_pollutants) == (4, "总磷(0.2)")  # 0.06 against 0.05


def test_main_pollutants_by_share_of_sections():
    found = waters(
        ammonia_nitrogen=[1.1, 1.1, 1.1, 0.1, 0.1, 0.1],  # 3 of 6
        total_phosphorus=[9.0, 0.1, 0.1, 0.1, 0.1, 0.1],  # 1, however high
        permanganate_index=[7.0, 7.0, np.nan, 2.0, 2.0, 2.0],  # 2; the denominator stays 6
        dissolved_oxygen=[4.0, 8.0, 8.0, 8.0, 8.0, 8.0],  # 1, stands before phosphorus in the table
        total_nitrogen=[9.0] * 6,
    )
    assert found.main_pollutants == "氨氮(50.0%)、高锰酸盐指数(33.3%)、溶解氧(16.7%)"


@pytest.mark.parametrize("columns", [dict(class_rank=[]), dict(class_rank=[np.nan, np.nan]), dict(conductivity=[100.0])])
def test_no_sections(columns):
    found = waters(**columns)
    assert (found.sections, found.counts, found.word) == (0, (0,) * 6, None)
    assert found.reason == RULES.waters["no_sections"] and found.good_share is None
