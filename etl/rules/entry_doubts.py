"""What makes a figure that can be read impossible or doubtful: its size, its change, its time. Pure.

Each function returns None, or rule, why and remedy in the words of the review page.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from etl.rules.entry_values import Period
from etl.rules.model import Target
from etl.rules.numbers import WATER_CLASSES

JUMP_SHARE = Decimal("0.5")
"""A change against the last figure by more than this share of it is asked about."""
FACTORS = {10: "十", 100: "百", 1_000: "千", 10_000: "万"}
FACTOR_TOLERANCE = Decimal("0.15")
"""How near, as a share, the ratio of two figures must be to a factor to look like a slip of the unit or the point."""
FIRST_YEAR = 1990
PERCENT_LIMIT = Decimal(100)

NEVER_NEGATIVE = {"share", "count", "concentration", "cumulative", "flow"}
"""Kinds of indicators that cannot fall below zero; levels can (a change in points), reductions can (a rise)."""

Doubt = tuple[str, str, str]


def impossible_size(value: Decimal, kind: str, unit: str | None) -> Doubt | None:
    """A share outside 0 to 100 %, or less than nothing."""
    if kind == "share" and unit == "%" and not 0 <= value <= PERCENT_LIMIT:
        return "over_100", "百分数须在 0 到 100 之间", "请核对小数点"
    if value < 0 and kind in NEVER_NEGATIVE:
        return "negative", "这个指标不会是负数", "请核对正负号"
    return None


def odd_size(value: Decimal, kind: str, unit: str | None, decimals: int) -> Doubt | None:
    """Rates beyond 100 %, and halves of things that are counted."""
    if unit == "%" and abs(value) > PERCENT_LIMIT:
        return "over_100", "百分数超过了 100", "请核对小数点；确是如此就通过"
    if value < 0:
        return "negative", "是负数，表示方向相反", "请核对正负号；确是如此就通过"
    if kind in ("count", "cumulative") and decimals == 0 and value != value.to_integral_value():
        return "not_whole", "按个数统计的指标一般是整数", "请核对小数点；确是如此就通过"
    return None


def factor_between(value: Decimal, reference: Decimal | None) -> int | None:
    """10, 100, 1,000 or 10,000 when one of the two is about that many times the other, positive for the value; else None."""
    if not reference or not value or (value > 0) != (reference > 0):
        return None
    for factor in FACTORS:
        if abs(value / reference / factor - 1) <= FACTOR_TOLERANCE:
            return factor
        if abs(reference / value / factor - 1) <= FACTOR_TOLERANCE:
            return -factor
    return None


def wrong_factor(value: Decimal, unit: str | None, reference: Decimal | None, called: str) -> Doubt | None:
    """A figure about ten, a hundred … times the one it is held against."""
    factor = factor_between(value, reference)
    if factor is None:
        return None
    if unit == "%" and factor == -100:
        return "factor", f"约是{called}的百分之一", f"若想写 {number(value * 100)}%，请写 {number(value * 100)}，不写小数；确是如此就通过"
    size = f"约是{called}的 {factor} 倍" if factor > 0 else f"约是{called}的{FACTORS[-factor]}分之一"
    return "factor", size, f"请核对单位和小数点；若是 {number(value / factor if factor > 0 else value * -factor)}，请改正"


def jump(value: Decimal, last: Decimal, called: str) -> Doubt | None:
    """A change by more than half."""
    if not last or abs(value - last) <= JUMP_SHARE * abs(last):
        return None
    percent = (abs(value - last) / abs(last) * 100).quantize(Decimal(1))
    return "jump", f"比{called}{'高' if value > last else '低'} {percent}%，变化超过一半", "请核对数字和单位；确是如此就通过"


def shrinking_total(value: Decimal, last: Decimal, is_later: bool, called: str) -> Doubt | None:
    """A running total that falls."""
    if (value >= last) if is_later else (value <= last):
        return None
    return "shrinking_total", f"累计数比{called}{'小' if is_later else '大'}", "请核对是不是累计数；只是当年的，数据年份写成“2025当年”"


def worse_than_baseline(value: Decimal, promise: Target, unit: str | None) -> Doubt | None:
    """A figure on the wrong side of where the plan started from."""
    if promise.baseline_value is None or promise.value is None or promise.is_two_sided:
        return None
    if promise.merit(value) >= promise.merit(promise.baseline_value):
        return None
    return "worse_than_baseline", f"比基期的 {printed(promise.baseline_value, unit)} 还差", "请核对；确是如此就通过"


def impossible_time(period: Period, today: date) -> Doubt | None:
    """A period wholly in the future, or before there were such figures."""
    if period.start > today:
        return "future_period", f"{period.text} 还没有到（今天是 {today}）", "核对年份"
    if period.start.year < FIRST_YEAR:
        return "impossible_period", f"早于 {FIRST_YEAR} 年", "核对年份"
    return None


def odd_time(period: Period, promise: Target, today: date) -> Doubt | None:
    """A period that has not ended yet, or that is not the one the target is due for."""
    if period.end > today:
        return "unfinished_period", f"{period.text} 还没有过完（今天是 {today}）", "核对年份；若是到目前为止的数，写明月份，如 2026-06"
    if promise.deadline and period.end.year != promise.deadline.year:
        return ("other_period", f"目标是 {promise.deadline.year} 年的，这个数是 {period.text} 的，不用来判定达标",
                "核对年份；就是这一年的数就通过")
    return None


def odd_publication(published_on: date, period: Period, today: date) -> Doubt | None:
    """A figure published tomorrow, or before what it speaks of was over."""
    if published_on > today:
        return "published_in_future", f"发布日期在今天（{today}）之后", "核对年、月、日"
    if published_on < period.end:
        return "published_early", f"发布时 {period.text} 还没有过完", "核对数据年份和发布日期；若是快报，数据状态写“初步”"
    return None


def number(value: Decimal) -> str:
    """Without trailing zeros and exponent: 24, 0.612."""
    return f"{value.normalize():f}"


def printed(value: Decimal, unit: str | None) -> str:
    """A figure with its unit; a class by its name."""
    if unit == "类" and value in range(1, len(WATER_CLASSES) + 1):
        return f"{WATER_CLASSES[int(value) - 1]}类"
    return f"{number(value)}{unit or ''}"


def difference(change: Decimal, unit: str | None) -> str:
    """高 2.6 个百分点, 低 1 个类别."""
    size = f"{number(abs(change))}{' 个类别' if unit == '类' else ' 个百分点' if unit == '%' else unit or ''}"
    return f"{'高' if change > 0 else '低'} {size}"
