"""All wording and number formats, 中文 first.

Sentences that pages show stand in ZH under a key of the form page.item, so that another language is another
table with the same keys; the functions below turn rows into the short phrases officials write.
"""

from __future__ import annotations

from datetime import date
from html import escape

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


ZH = {
    "app.title": "清流",
    "app.tagline": "目标与实绩",
    "nav.overview": "总览",
    "nav.indicator": "指标",
    "nav.region": "区域",
    "nav.sources": "来源",
    "filter.region": "区域",
    "filter.theme": "主题",
    "filter.status": "状态",
    "filter.year": "期限年份",
    "filter.unit": "责任单位",
    "filter.q": "搜索",
    "filter.q.hint": "指标、口径、条款",
    "filter.all": "全部 {n} 个",
    "filter.asof": "截至",
    "filter.asof.hint": "选或输入日期",
    "filter.asof.wrong": "看不懂日期“{typed}”，暂按今天 {today}。请写成 2025-12-31。",
    "foot.version": "数据版本 {day}",
    "foot.counts": "目标 {targets} 项 · 文件 {documents} 份",
    "foot.sources": "数据从哪里来",
    "build.title": "首次打开，正在建立数据库",
    "build.step": "第 {number} 步，共 {total} 步：{step}",
    "build.done": "数据库已建好",
    "build.failed": "数据没有通过检查，建不成数据库。请按下面的提示改好文件，再刷新页面。",
    "build.busy": "另一个窗口正在更新数据，请稍候刷新页面。",
    "empty": "没有符合筛选的目标。放宽左侧的筛选再看。",
    "empty.clear": "清除全部筛选",
    "status.all": "合计",
    "overview.title.due": "{due} 项目标已到期：",
    "overview.title.none_due": "{total} 项目标都还没有到期",
    "overview.title.repealed": "{total} 项目标的文件都已废止",
    "overview.part.met": "{n} 项达标",
    "overview.part.missed": "{n} 项未达标",
    "overview.part.overdue": "{n} 项还没有报数",
    "overview.part.qualitative": "{n} 项待定性评定",
    "overview.sub": "截至 {day} · {regions}、{documents} · 没有公布的数一律记为“到期未报”，不推算、不代填",
    "overview.head.region": "区域与文件",
    "overview.head.marks": "每个记号是一项目标",
    "overview.head.earlier": "规划期内已有较早年份的数（{n} 项）",
    "overview.total": "合计 {n} 项",
    "overview.total.due": "其中 {n} 项已到期",
    "overview.items": "{n} 项",
    "overview.legend": "实心＝已判定，空心＝还不能判定。",
    "overview.overdue": "到期未报 {n} 项：{parts}。",
    "overview.overdue.year": "{year} 年到期 {n} 项",
    "overview.overdue.earlier": "更早 {n} 项",
    "overview.repealed": "{parent}；方案 {day} 废止",
    "overview.not_issued": "{document}；截至日尚未印发",
    "overview.provisional": "达标 {n} 项依据转载",
    "overview.attention": "先看这{n}项：{why}",
    "overview.attention.short": "最近的数还不到目标",
    "overview.attention.missed": "未达标",
    "overview.attention.open": "不到目标的在前，到期久的在后",
    "overview.attention.note": "空心条＝较早年份的数，只作提示，不作判定",
    "overview.attention.none": "没有未达标或到期未报的目标。",
    "overview.attention.no_figure": "规划期以来没有公开数",
    "overview.attention.late": "到期 {days} 天",
    "overview.next": "下一批到期",
    "overview.next.text": "{day} · {n} 项",
    "overview.next.none": "筛选范围内没有未到期的目标",
    "overview.issues": "文件数字对不上",
    "overview.issues.text": "高 {n} 处",
    "overview.issues.none": "没有程度为“高”的问题",
    "overview.by_theme": "按主题：缺数最多的是{names}",
    "overview.by_theme.plain": "按主题",
    "overview.by_theme.note": "不含已废止的 {n} 项，共 {total} 项",
    "overview.by_unit": "按责任单位：{name} 待报最多",
    "overview.by_unit.plain": "按责任单位",
    "overview.by_unit.note": "有几家牵头单位就各计一次；没有写牵头的计实施单位",
    "overview.by_year": "按期限：{year} 年到期的最多，{n} 项",
    "overview.by_year.note": "期限取文件所写时段的最后一天",
    "overview.rest": "其余 {n} 个",
    "overview.all": "待办：到期未报与未达标 {n} 项",
    "overview.all.note": "按期限先后；点表头可排序，右上角可下载",
    "overview.belongs_lishui": "属丽水市",
    "overview.attention.latest": "最近值",
    "count.regions": "{n}个区域",
    "count.documents": "{n}份文件",
    "word.repost": "转载",
    "word.no_unit": "文件未写",
    "chart.target": "目标 {target}",
    "sources.tab.issues": "文件问题",
    "column.subject.theme": "主题",
    "column.subject.unit": "责任单位",
    "column.subject.year": "期限年份",
    "column.total": "合计",
    "column.region": "区域",
    "column.indicator": "指标",
    "column.scope": "统计口径",
    "column.target": "目标",
    "column.deadline": "期限",
    "column.latest": "最近的公开数",
    "column.status": "状态",
    "column.schedule": "进度",
    "column.gap": "差距",
    "column.units": "责任单位",
    "column.clause": "条款",
    "column.source": "出处",
    "column.days": "已到期（天）",
}


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
