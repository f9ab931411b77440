"""Figures as printed, and rounding by GB/T 8170-2008."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.rules.numbers import WATER_CLASSES, decimals_of, parse_figure, round_to, water_class_rank

FULL_WIDTH = str.maketrans("0123456789.,%-", "０１２３４５６７８９．，％－")
plain_decimals = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(("printed", "value"), [
    ("12.5", "12.5"), ("１２．５", "12.5"), (" 19.5 ", "19.5"), ("19.5 %", "19.5"), ("40%", "40"), ("４０％", "40"),
    ("3,000", "3000"), ("3，000", "3000"), ("1,234,567.8", "1234567.8"), ("0", "0"), ("-4.6", "-4.6"),
    ("百分之九十五", "95"), ("百分之三点五", "3.5"), ("百分之４０", "40"), ("百分之百", "100"),
    ("三", "3"), ("十", "10"), ("十五", "15"), ("一百二十", "120"), ("一百零五", "105"), ("两", "2"), ("两千五百", "2500"),
    ("三万", "30000"), ("一万二千", "12000"), ("两亿", "200000000"), ("九十七点三", "97.3"), ("〇", "0"),
    ("二〇二五", "2025"),
])
def test_a_printed_figure_is_its_number(printed, value):
    assert parse_figure(printed) == Decimal(value)


@pytest.mark.parametrize("printed", [
    "", "%", "百分之", "全覆盖", "12.", ".5", "3,00", "12,34", "1 000", "1_000", "1e5", "nan", "Infinity", "2020-2025",
    "12.5.1", "5+9", "Ⅱ", "二、四", "三点", "点五", "万", "百十", "约三", "12万",
])
def test_what_is_not_one_figure_is_refused(printed):
    with pytest.raises(ValueError):
        parse_figure(printed)


def test_printed_decimals_are_kept():
    assert str(parse_figure("36.10")) == "36.10"
    assert str(parse_figure("３６．１０％")) == "36.10"


@given(plain_decimals)
def test_every_way_of_printing_is_the_same_number(value):
    ascii_print, grouped = f"{value:f}", f"{value:,f}"
    for printed in (ascii_print, grouped):
        assert parse_figure(printed) == value
        assert parse_figure(printed.translate(FULL_WIDTH)) == value
        assert parse_figure(f"百分之{printed}") == value
        assert parse_figure(f"{printed}%") == value


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals_are_read_back(number):
    assert parse_figure(cn2an.an2cn(str(number), "low")) == number


@given(st.text(alphabet="零〇一二两三九十百千万亿点之分0123456789.,，%－ Ⅱ类"))
def test_any_text_is_a_number_or_refused(text):
    with suppress(ValueError):
        assert parse_figure(text).is_finite()


@pytest.mark.parametrize(("text", "rank"), [
    ("Ⅰ", 1), ("II", 2), ("Ⅱ类", 2), ("ⅲ", 3), ("ＩＶ类", 4), ("V", 5), ("劣Ⅴ", 6), ("劣V类", 6), (" Ⅲ ", 3),
])
def test_rank_of_a_water_class(text, rank):
    assert water_class_rank(text) == rank


@pytest.mark.parametrize("text", ["", "类", "2", "VI", "劣", "劣Ⅳ", "Ⅱ、Ⅲ", "良好"])
def test_what_is_not_a_water_class_is_refused(text):
    with pytest.raises(ValueError):
        water_class_rank(text)


def test_ranks_run_from_best_to_worst():
    assert [water_class_rank(name) for name in WATER_CLASSES] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("printed", "decimals"), [
    ("97.3", 1), ("36.10", 2), ("100", 0), ("0.612", 3), ("1059.2046", 4), ("0", 0), ("-2.60", 2), ("1E+2", 0),
])
def test_decimals_as_printed(printed, decimals):
    assert decimals_of(printed) == decimals


@pytest.mark.parametrize(("value", "decimals", "rounded"), [
    # 3.3 of GB/T 8170-2008: below 5 down, above 5 up, at exactly 5 to the even digit, negative figures by their size
    ("12.1498", 1, "12.1"), ("12.1498", 0, "12"), ("10.502", 0, "11"), ("1.050", 1, "1.0"), ("0.35", 1, "0.4"),
    ("2.5", 0, "2"), ("3.5", 0, "4"), ("-0.35", 1, "-0.4"), ("-36.5", 0, "-36"), ("97.25", 1, "97.2"), ("97.35", 1, "97.4"),
    ("97.2500001", 1, "97.3"), ("100", 2, "100.00"),
])
def test_rounding_half_to_even(value, decimals, rounded):
    assert str(round_to(Decimal(value), decimals)) == rounded


@given(plain_decimals, st.integers(min_value=0, max_value=4))
def test_rounding_is_near_and_final(value, decimals):
    rounded = round_to(value, decimals)
    assert abs(rounded - value) * 2 <= Decimal(1).scaleb(-decimals)
    assert round_to(rounded, decimals) == rounded
    assert decimals_of(str(rounded)) == decimals
