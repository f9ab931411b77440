"""Figures as Chinese documents print them, and rounding as Chinese standards prescribe it."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal

WATER_CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
"""GB 3838-2002 classes from best to worst; the rank used in comparisons is the position plus one."""

_ASCII_CLASSES = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ", "劣V": "劣Ⅴ"}
_CHINESE_DIGITS = re.compile(r"^[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?$")
_ARABIC_DIGITS = re.compile(r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?$")
_PERCENT = re.compile(r"^百分之(.+)$")


def water_class_rank(text: str) -> int:
    """Rank of a water-quality class, 1 (Ⅰ) to 6 (劣Ⅴ), from Roman letters of any width.

    Raises ValueError for anything else.
    """
    name = unicodedata.normalize("NFKC", text).upper().replace("类", "").strip()
    name = _ASCII_CLASSES.get(name, name)
    if name not in WATER_CLASSES:
        raise ValueError(f"不是水质类别：{text}")
    return WATER_CLASSES.index(name) + 1


def parse_figure(text: str) -> Decimal:
    """The number a printed figure stands for: full width, thousands commas, Chinese numerals, 百分之.

    Raises ValueError when the text is not one figure.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    percent = _PERCENT.match(plain)
    if percent:
        plain = "100" if percent.group(1) == "百" else percent.group(1)
    plain = plain.removesuffix("%").rstrip()
    if _CHINESE_DIGITS.match(plain):
        try:
            import cn2an  # takes a tenth of a second and few figures need it

            return Decimal(str(cn2an.cn2an(plain.replace("〇", "零"), "smart")))
        except KeyError:  # the library stumbles over malformed numerals such as 零亿零
            raise ValueError(f"不是数字：{text}") from None
    if not _ARABIC_DIGITS.match(plain):
        raise ValueError(f"不是数字：{text}")
    return Decimal(plain.replace(",", ""))


def decimals_of(printed: str) -> int:
    """Decimals of a figure as printed: '97.3' → 1, '36.10' → 2, '100' → 0."""
    return max(0, -int(Decimal(printed).as_tuple().exponent))


def round_to(value: Decimal, decimals: int) -> Decimal:
    """Round half to even, the rule of GB/T 8170-2008 for limits and measured values."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
