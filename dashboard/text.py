"""All wording and number formats, 中文 first.

Sentences that pages show stand in text.zh.toml under keys of the form page.item, so that another language is
another file with the same keys; the functions below turn rows into the short phrases officials write.
"""

from __future__ import annotations

import tomllib
from datetime import date
from html import escape
from pathlib import Path

import pandas as pd

WATER_CLASSES = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]
"""Names of the class ranks 1 to 6 (GB 3838-2002)."""

STATUS_GLYPH = {"达标": "●", "未达标": "◆", "到期未报": "○", "定性待评": "□", "数据未出": "–", "已废止": "✕"}
"""Plain characters for tables that take text only."""

STATUS_LABEL = {"数据未出": "未到期"}
"""What the pages call a status; the database keeps the word of the method."""


def status_label(status: str) -> str:
    return STATUS_LABEL.get(status, status)


def status_text(status: str) -> str:
    """Glyph and word, for text-only tables."""
    return f"{STATUS_GLYPH[status]} {status_label(status)}"


def number(value: float | None, decimals: int | None = None) -> str:
    """A figure as officials write it: no thousands commas, no trailing zeros beyond those asked for."""
    if value is None or pd.isna(value):
        return "—"
    if decimals is not None:
        return f"{value:.{decimals}f}"
    return f"{value:.6f}".rstrip("0").rstrip(".")


def water_class(rank: float) -> str:
    return WATER_CLASSES[int(rank) - 1]


def unit_suffix(unit: str | None) -> str:
    """% stands tight, all other units follow the figure without a space, as in Chinese print."""
    return "" if unit is None or pd.isna(unit) else str(unit)


def value_text(value: float | None, unit: str | None, text: str | None = None, decimals: int | None = None,
               comparator: str = "=") -> str:
    """Figure with unit, class name, or the words of a qualitative figure; — when nothing is known."""
    if value is None or pd.isna(value):
        return "—" if text is None or pd.isna(text) else str(text)
    bound = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜"}.get(comparator, "")
    if unit == "类":
        return f"{bound and {'≥': '不优于', '≤': '不劣于'}.get(bound, '')}{water_class(value)}类"
    return f"{bound}{number(value, decimals)}{unit_suffix(unit)}"


SIGN = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜", "=": "＝", "between": "", "class_at_least": "", "text": ""}


def target_text(row) -> str:
    """The promise: ≥97.3%, ≤25微克/立方米, 不低于Ⅱ类, or the words of the plan. `row` as in `queries.targets`."""
    comparator = row["comparator"]
    if comparator == "text":
        return str(row["target_text"])
    if comparator == "class_at_least":
        return f"不低于{row['target_text']}类"
    figure = number(row["target_value"], _decimals(row))
    about = "约 " if row.get("is_approximate") else ""
    if comparator == "between":
        return f"{figure}–{number(row['target_value_high'], _decimals(row))}{unit_suffix(row['unit'])}"
    sign = "≥" if comparator == "=" and row["is_cumulative"] else SIGN[comparator]
    return f"{about}{sign if comparator != '=' or row['is_cumulative'] else ''}{figure}{unit_suffix(row['unit'])}"


def target_label(row) -> str:
    """The promise for a chart whose axis carries the unit: ≥97.3%, ≤25."""
    whole = target_text(row)
    unit = unit_suffix(row["unit"])
    return whole if unit in ("%", "类") else whole.removesuffix(unit)


def _decimals(row) -> int | None:
    return None if pd.isna(row["decimals"]) else int(row["decimals"])


def gap_text(gap: float | None, unit: str | None, lower_is_better: bool) -> str:
    """Gap in units: 差 7.8 个百分点, 高 2.7 个百分点, 持平. `gap` is figure minus target."""
    if gap is None or pd.isna(gap):
        return ""
    if abs(gap) < 1e-9:
        return "与目标持平"
    short = gap > 0 if lower_is_better else gap < 0
    if unit == "类":
        return f"{'差' if short else '优'} {abs(gap):g} 个类别"
    word = "差" if short else ("低" if lower_is_better else "高")
    size = number(round(abs(gap), 2))
    return f"{word} {size} {'个百分点' if unit == '%' else unit_suffix(unit)}"


def lower_is_better(row) -> bool:
    return row["comparator"] in ("<=", "<", "class_at_least") or (
        row["comparator"] in ("=", "between") and row.get("direction") == "lower")


def day_text(day) -> str:
    """ISO date, or — when unknown."""
    if day is None or pd.isna(day):
        return "—"
    return f"{pd.Timestamp(day):%Y-%m-%d}"


def deadline_text(deadline) -> str:
    """2025 for a year end, 2021-06 for another month end, — without a deadline."""
    if deadline is None or pd.isna(deadline):
        return "—"
    day = pd.Timestamp(deadline)
    return f"{day:%Y}" if (day.month, day.day) == (12, 31) else f"{day:%Y-%m}"


def esc(text) -> str:
    """Escaped text; nothing that comes from a file becomes HTML."""
    return "" if text is None or (not isinstance(text, list) and pd.isna(text)) else escape(str(text))


def parse_day(text: str) -> date | None:
    """A typed date: 2025-12-31, 2025/12/31, 2025.12.31, 2025年12月31日, or a year (its last day)."""
    plain = text.strip().replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        if len(plain) == 4 and plain.isdigit():
            return date(int(plain), 12, 31)
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day)
    except ValueError:
        return None

ZH: dict[str, str] = tomllib.loads(Path(__file__).with_name("text.zh.toml").read_text(encoding="utf-8"))
"""Sentences by key, from the content file beside this module."""


def t(key: str, **values) -> str:
    """The sentence for a key, with its places filled in."""
    return ZH[key].format(**values)


def listed(items: list[str]) -> str:
    """甲、乙、丙"""
    return "、".join(items)


CHINESE_COUNT = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"]


def few(n: int) -> str:
    """Small counts as words before a measure word: 三项."""
    return CHINESE_COUNT[n] if 0 <= n <= 10 else str(n)


def short_period(period) -> str:
    """2025, 2024-07 … as published; a bracketed remark of the annotation is left out."""
    return "" if period is None or pd.isna(period) else str(period).split("（")[0].split("(")[0]


def latest_text(row) -> str:
    """Last comparable figure with its year and basis: 65.21%（2023，转载）."""
    if pd.isna(row["latest_value"]):
        return "—"
    figure = value_text(row["latest_value"], row["unit"], comparator=row["latest_comparator"] or "=")
    repost = f"，{t('word.repost')}" if row["source_kind"] == "repost" else ""
    return f"{figure}（{short_period(row['latest_period'])}{repost}）"


def units_text(row) -> str:
    """Lead units, else implementing ones; — when the document names none."""
    for key in ("lead_units", "implement_units", "support_units"):
        if isinstance(row[key], str):
            return row[key]
    return "—"


def figure_label(row) -> str:
    """Figure without its unit, for labels on a chart whose axis carries the unit; a class keeps its name."""
    if row["unit"] == "类":
        return water_class(row["value"])
    bound = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜"}.get(row["comparator"], "")
    return f"{bound}{number(row['value'])}"


def issued_text(day, precision) -> str:
    """A document's day as far as it is stated: 2023-06-30, or 2021-06 where only the month is."""
    return f"{pd.Timestamp(day):%Y-%m}" if precision == "month" else day_text(day)


def span_text(start, end) -> str:
    """2021–2025 for whole years, else both days."""
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return f"{first:%Y}–{last:%Y}" if whole else f"{day_text(first)} — {day_text(last)}"


def deadlines_text(days) -> str:
    """Several deadlines separated by semicolons, each once: 2022、2025; — without any."""
    if days is None or pd.isna(days):
        return "—"
    return listed(list(dict.fromkeys(deadline_text(day) for day in str(days).split(";"))))


def deadline_words(deadline) -> str:
    """2025 年底, 2021 年 6 月底, or the day itself; 未写 without a deadline."""
    if deadline is None or pd.isna(deadline):
        return t("word.no_deadline")
    day = pd.Timestamp(deadline)
    if (day.month, day.day) == (12, 31):
        return f"{day.year} 年底"
    return f"{day.year} 年 {day.month} 月底" if day.is_month_end else f"{day:%Y-%m-%d}"


def published_text(day, precision) -> str:
    """A source's day as far as it is known: 2026-01-06, 2021-06, 2024 年, or 日期不详."""
    if day is None or pd.isna(day) or precision == "unknown":
        return t("word.undated")
    return f"{pd.Timestamp(day):%Y} 年" if precision == "year" else issued_text(day, precision)
