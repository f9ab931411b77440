"""What the cells of an entry say: figures, water classes, units, periods, days. Pure; nothing is guessed.

Whatever cannot be read for certain raises Misread with the reason and the way out.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from etl.rules.numbers import WATER_CLASSES, parse_figure, water_class_rank

MAX_FIGURE_CHARACTERS = 24

NOT_REPORTED = {"-", "--", "—", "——", "–", "/", "暂无", "暂无数据", "无数据", "暂缺", "缺", "未统计", "尚未统计", "未报", "未上报",
                "未公布", "尚未公布", "未发布", "未监测", "无", "na", "n/a", "null"}
"""What people write where there is no figure (yet)."""

LOOK_ALIKES: dict[str, str | int] = {
    "l": "1", "I": "1", "|": "1", "丨": "1", "o": "0", "O": "0", "S": "5", "B": "8", "Z": "2", "。": ".", "·": "."}
BOUNDS = {"≥": ">=", "≧": ">=", "⩾": ">=", ">=": ">=", "不低于": ">=", "不少于": ">=", "至少": ">=", "超过": ">", ">": ">",
          "≤": "<=", "≦": "<=", "⩽": "<=", "<=": "<=", "不高于": "<=", "不超过": "<=", "低于": "<", "<": "<", "=": "="}
SUFFIX_BOUNDS = {"及以上": ">=", "以上": ">=", "及以下": "<=", "以下": "<="}
_BOUND = re.compile("|".join(sorted(map(re.escape, BOUNDS), key=len, reverse=True)))
_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_LEADING = re.compile(rf"([+-]?{_NUMBER})\s*(.*)")
_RANGE = re.compile(rf"[+-]?{_NUMBER}\s*%?\s*(?:[-~～—–至到]|--)\s*{_NUMBER}.*")
_SEVERAL = re.compile(rf"{_NUMBER}\s*%?\s*[/、;；和,]\s*{_NUMBER}.*")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?: \d\d:\d\d:\d\d)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?|(\d{4})(\d{2})(\d{2})")
_YEAR = r"(\d{4})年?度?"
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "一": 1, "二": 2, "三": 3, "四": 4}
_FIVE_YEARS = {"十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}


class Misread(ValueError):
    """A cell that cannot be read for certain. `rule`: its short name; `why` and `remedy` are for the person who filled it in.

    `field`: the column at fault, where the caller cannot know it.
    """

    def __init__(self, rule: str, why: str, remedy: str, field: str = ""):
        super().__init__(why)
        self.rule, self.why, self.remedy, self.field = rule, why, remedy, field


@dataclass(frozen=True)
class PrintedFigure:
    """One figure as written: "≥95.5%" → ">=", 95.5, "%"."""

    comparator: str
    value: Decimal
    printed_value: str
    unit: str | None


@dataclass(frozen=True)
class Period:
    """The time a figure speaks of; `kind` as in observations, `text` as written."""

    kind: str
    start: date
    end: date
    text: str


def plain(text: str) -> str:
    """For comparing words: one width, no blanks, no quotation marks, lower case."""
    return re.sub(r"[\s“”\"'‘’]", "", unicodedata.normalize("NFKC", text)).lower()


def is_not_reported(text: str) -> bool:
    return plain(text) in NOT_REPORTED


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────────
def read_figure(text: str) -> PrintedFigure:
    """One figure with its bound and its unit, if any stand beside it. Raises Misread."""
    wide = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if len(wide) > MAX_FIGURE_CHARACTERS:
        raise Misread("not_a_number", "不是数字：这一格写了一段话", "实绩只写数字，说明写到“备注”")
    bound = _BOUND.match(wide)
    comparator, rest = (BOUNDS[bound[0]], wide[bound.end():].strip()) if bound else ("=", wide)
    for suffix, meaning in SUFFIX_BOUNDS.items():
        if comparator == "=" and rest.endswith(suffix):
            comparator, rest = meaning, rest.removesuffix(suffix).strip()
    try:
        whole = parse_figure(rest)
        return PrintedFigure(comparator, whole, rest.removesuffix("%").strip(), "%" if "%" in rest or "百分之" in rest else None)
    except ValueError:  # with a unit behind, or no figure at all
        number = _LEADING.fullmatch(rest)
        if number and _is_unit(number[2]):
            return PrintedFigure(comparator, Decimal(number[1].replace(",", "")), number[1], number[2])
        raise _misread_figure(wide, rest) from None


def _is_unit(text: str) -> bool:
    return bool(re.fullmatch(r"[^\d\s~～—–,;、。·.|丨+-]{1,12}[23³²]?", text)) and text not in LOOK_ALIKES


def _misread_figure(wide: str, rest: str) -> Misread:
    if _DATE.fullmatch(rest):
        return Misread("not_a_number", "不是数字：表格软件把它当成了日期", "把这一格的格式改成“常规”，再写数字")
    if _RANGE.fullmatch(rest):
        return Misread("range", "写了一个范围，不是一个数", "写公布的那一个数；只公布范围的，写到“备注”，实绩写“暂无数据”")
    doubtful = [letter for letter in rest if letter in LOOK_ALIKES]
    mended = rest.translate(str.maketrans(LOOK_ALIKES))
    if doubtful and re.fullmatch(rf"[+-]?{_NUMBER}%?", mended):
        letters = "、".join(dict.fromkeys(doubtful))
        position = "最后一位" if len(doubtful) == 1 and rest.removesuffix("%").endswith(letters) else "里面"
        kind = "字母" if letters.isascii() and letters.isalpha() else "符号"
        meant = "小数点" if set(doubtful) <= {"。", "·"} else f"数字 {LOOK_ALIKES[letters]}" if letters in LOOK_ALIKES else "数字"
        return Misread("not_a_number", f"不是数字：{position}是{kind} {letters}", f"若是 {mended}，请把{kind} {letters} 改成{meant}")
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]{1,2}", rest):
        return Misread("not_a_number", "不是数字：小数点写成了逗号", f"若是 {rest.replace(',', '.')}，请把逗号改成小数点")
    if _SEVERAL.fullmatch(rest):
        return Misread("range", "写了不止一个数", "一行只写一个数；另一个数另起一行")
    if re.fullmatch(r"[+-]?[0-9.]+e[+-]?[0-9]+", rest, re.IGNORECASE):
        return Misread("not_a_number", "不是平常的写法：科学记数", "写成平常的数字，如 0.0012")
    return Misread("not_a_number", "不是数字", "写一个数字；没有数就写“暂无数据”" if wide else "补上数字")


def read_class(text: str) -> int:
    """Rank of a water class: Ⅲ, III, 三类, 第三类, Ⅲ类水质, 3 → 3. Raises Misread."""
    word = re.sub(r"^第|类?(?:水质|水)?(?:标准)?$", "", plain(text))
    is_inferior, digit = word.startswith("劣"), word.removeprefix("劣")
    if digit in "12345一二三四五" and len(digit) == 1:
        rank = int(digit) if digit.isascii() else "一二三四五".index(digit) + 1
        word = ("劣" if is_inferior else "") + WATER_CLASSES[rank - 1]
    try:
        return water_class_rank(word)
    except ValueError:
        raise Misread("not_a_class", "不是水质类别", "写 Ⅰ、Ⅱ、Ⅲ、Ⅳ、Ⅴ 或 劣Ⅴ，一格一个") from None


# ── units ───────────────────────────────────────────────────────────────────────────────────────────────────
SYNONYMS = {"百分数": "%", "百分比": "%", "百分率": "%", "db": "分贝", "db(a)": "分贝", "分贝(a)": "分贝", "km": "公里", "m": "米",
            "t": "吨", "毫克/升": "mg/l", "毫克/立方米": "mg/m3", "mg/立方米": "mg/m3", "km2": "平方公里", "平方千米": "平方公里",
            "立方": "立方米"}
PREFIXES = {"亿": 8, "百万": 6, "万": 4, "千": 3}
SMALLER = {("mg/m3", "微克/立方米"): Decimal(1000)}


def unit_factor(printed: str, unit: str, table: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    """What a figure in `printed` is multiplied by to be one in `unit`; None when they do not convert. 1: the same unit.

    `table`: factor by (printed, unit), as in data/standards/units.csv, the names made plain.
    """
    here, there = (SYNONYMS.get(plain(name), plain(name)) for name in (printed, unit))
    if here == there:
        return Decimal(1)
    for known, factor in ((table.get((here, there)), 1), (SMALLER.get((here, there)), 1), (table.get((there, here)), -1)):
        if known is not None:
            return known if factor == 1 else 1 / known
    (here_power, here_base), (there_power, there_base) = _powers(here), _powers(there)
    return Decimal(10) ** (here_power - there_power) if here_base == there_base else None


def _powers(unit: str) -> tuple[int, str]:
    """万吨/日 → 4, 吨/日."""
    prefix = next((prefix for prefix in PREFIXES if unit.startswith(prefix) and len(unit) > len(prefix)), "")
    return PREFIXES.get(prefix, 0), unit.removeprefix(prefix)


# ── time ────────────────────────────────────────────────────────────────────────────────────────────────────
def read_day(text: str) -> date:
    """2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301. Raises Misread."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        raise Misread("impossible_date", "不是一个日期", "写成 2026-03-01 这样，年月日都要有")
    try:
        return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        raise Misread("impossible_date", "没有这一天", "核对年、月、日") from None


def read_period(text: str, count_from: date | None, is_cumulative: bool) -> Period:
    """The time a figure speaks of. Raises Misread.

    Of a cumulative target a bare year or month means the total from `count_from` (the start of the target's or plan's
    period) to its end; 2025年当年 means that year alone.
    """
    word = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).strip().removesuffix(" 00:00:00"))
    word = re.sub(r"[–—−~]", "-", word)
    try:
        kind, start, end = _stated_period(word)
    except Misread:
        raise
    except ValueError:
        raise Misread("impossible_period", "没有这样的时间", "核对年份和月份") from None
    if is_cumulative and count_from and count_from <= end:
        if kind in ("year", "month") and "当" not in word:
            return Period("cumulative", count_from, end, running_total(count_from, end))
        if kind == "cumulative" and start.year == count_from.year:
            return Period(kind, count_from, end, text)
    return Period(kind, start, end, text)


def running_total(count_from: date, end: date) -> str:
    """2021-2025累计, 2021-2025-06累计: what a total counts, as the workbook writes it and `read_period` reads it."""
    return f"{count_from:%Y}-{end:%Y}累计" if (end.month, end.day) == (12, 31) else f"{count_from:%Y}-{end:%Y-%m}累计"


def _stated_period(word: str) -> tuple[str, date, date]:
    if found := re.fullmatch(rf"{_YEAR}(?:全年|当年)?", word):
        return "year", date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    if found := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?(?:底|末|份|当月)?", word):
        return "month", date(int(found[1]), int(found[2]), 1), _month_end(int(found[1]), int(found[2]))
    if found := re.fullmatch(rf"{_YEAR}(?:第?([1-4一二三四])季度?|q([1-4]))", word, re.IGNORECASE):
        quarter = _QUARTERS[found[2] or found[3]]
        return "quarter", date(int(found[1]), quarter * 3 - 2, 1), _month_end(int(found[1]), quarter * 3)
    if found := re.fullmatch(rf"{_YEAR}([上下])半年", word):
        first = 1 if found[2] == "上" else 7
        return "half_year", date(int(found[1]), first, 1), _month_end(int(found[1]), first + 5)
    if found := re.fullmatch(r"(\d{4})[-年]0?1(?:-|/|月-|至)(\d{1,2})月", word):
        return "year_to_date", date(int(found[1]), 1, 1), _month_end(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})年?[-至](\d{4})(?:年|-(\d{1,2}))?(?:累计)?", word):
        start, end = date(int(found[1]), 1, 1), _month_end(int(found[2]), int(found[3] or 12))
        if end <= start:
            raise ValueError
        return "cumulative", start, end
    if found := re.fullmatch(r"[“\"]?(十[二三四五]五)[”\"]?(?:期间|时期)?(?:累计)?", word):
        start_year = _FIVE_YEARS[found[1]]
        return "cumulative", date(start_year, 1, 1), date(start_year + 4, 12, 31)
    if _DAY.fullmatch(word):
        day = read_day(word)
        return "date", day, day
    raise Misread("impossible_period", "看不出是哪一年", "写年份，如 2025；累计数写成 2021-2025累计；月份写成 2025-06")


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
