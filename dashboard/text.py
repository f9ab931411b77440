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
    "chart.deadline": "{day} 年底",
    "chart.missing": "{year} 年<br>未报",
    "chart.missing.small": "未报",
    "chart.inferred": "年份推定",
    "chart.other_scope": "{figure} 口径不同",
    "indicator.pick": "指标",
    "indicator.crumb": "{theme} › {name}",
    "indicator.none": "筛选范围内没有指标。放宽左侧的筛选再看。",
    "indicator.title.met": "{regions}达标",
    "indicator.title.missed": "{regions}未达标",
    "indicator.title.overdue": "{regions} {year} 年值未报",
    "indicator.title.qualitative": "{regions}待定性评定",
    "indicator.title.not_due": "{regions}还没到期",
    "indicator.title.repealed": "{regions}已废止",
    "indicator.scope.due": "{scope} · 期限 {deadline}",
    "indicator.head.region": "区域 · 统计口径 · 期限",
    "indicator.head.bar": "最近值与目标，从 0 起",
    "indicator.head.hint": "空心条＝早于目标年的数；点线＝没有公开数",
    "indicator.head.words": "目标与最近的公开表述",
    "indicator.row.not_set": "{document}：没有设这项目标。",
    "indicator.row.last": "{figure}（{period}，{scope}，{publisher}），不作比较。",
    "indicator.row.no_figure": "也没有查到公开数。",
    "indicator.row.repealed": "文件 {day} 废止{before}",
    "indicator.row.before_deadline": "，先于期限",
    "indicator.row.missing": "{year} 年值未报",
    "indicator.row.earlier": "{period} 年{gap}",
    "indicator.row.no_public": "规划期内没有公开数",
    "indicator.row.not_due": "{day} 到期",
    "indicator.row.statement": "公开表述：{words}（{period}，{publisher}）",
    "indicator.row.no_statement": "没有查到公开表述",
    "indicator.row.sections_short": "差 {n} 个断面",
    "indicator.row.sections_margin": "余量 {n} 个断面",
    "indicator.scopes_differ": "统计口径不同，并列不作比较：{scopes}。",
    "indicator.line.pick": "看哪一条",
    "indicator.line.title": "{region}：{years} 年 {figures}，{target}",
    "indicator.line.title.none": "{region}：没有可比的年度数，{target}",
    "indicator.line.note": "{scope}；{axis}{baseline}",
    "indicator.line.axis.cut": "纵轴从 {low} 起",
    "indicator.line.axis.zero": "纵轴从 0 起",
    "indicator.line.axis.class": "越往上水质越好",
    "indicator.line.baseline": "；基期值 {value}（{period}）",
    "indicator.line.no_baseline": "；文件未给基期值",
    "indicator.line.legend": "实心点＝原始发布，空心点＝转载，△＝口径不同，小圈＝月度或累计至某月的数，不作年度判定。",
    "indicator.line.text": "这是定性目标，没有数可画；等人工评定后记入。",
    "indicator.judgements": "四项判断，各自独立",
    "indicator.small": "同主题里有数可看的其他指标",
    "indicator.table": "目标、差距、状态、条款、出处：{n} 项",
    "indicator.figures": "全部已知的数：{n} 个",
    "indicator.figures.note": "口径、时段与目标都相同的数才参与判定；其余只供查阅",
    "indicator.definition": "定义：{definition}　单位：{unit}",
    "indicator.no_unit": "无（定性）",
    "column.period": "统计期",
    "column.figure": "数值",
    "column.kind": "性质",
    "column.publisher": "发布者",
    "column.published": "发布日期",
    "column.title": "标题",
    "column.link": "网址",
    "kind.final": "正式",
    "kind.provisional": "初步",
    "period.year": "年度",
    "period.half_year": "半年",
    "period.quarter": "季度",
    "period.month": "月度",
    "period.year_to_date": "年内累计",
    "period.cumulative": "多年累计",
    "period.date": "时点",
    "period.unstated": "统计期未注明",
    "period.inferred_year": "年份系推定",
    "judgement.attainment": "达标",
    "judgement.schedule": "进度",
    "judgement.trend": "走势（估算）",
    "judgement.confidence": "可信度",
    "judgement.repealed": "文件 {day} 废止，自当日起不计入统计，数仍可查阅。",
    "judgement.repealed.before": "目标期限 {deadline}，在废止之后。",
    "judgement.qualitative": "期限 {deadline}已过。定性目标，没有数值可比。",
    "judgement.qualitative.how": "须由人评定后记入，不由计算代替。",
    "judgement.overdue": "期限 {deadline}，已过 {days} 天，没有可比的到期数，不作判定。",
    "judgement.not_due": "期限 {deadline}，还没有到期。",
    "judgement.no_deadline": "文件没有写期限。",
    "judgement.compared": "{period}为 {figure}，目标 {target}，{gap}。",
    "judgement.disagree": "同期另有不同的公布数，按较不利的一个判定。",
    "judgement.hint": "最近的可比数：{period} {figure}，{gap}，只作提示。",
    "judgement.no_figure": "没有可比的公开数。",
    "judgement.figure": "{period} {figure}",
    "judgement.inside": "在目标区间内",
    "judgement.outside": "差 {size}",
    "judgement.sections.short": "{population} 个断面中还差 {n} 个。",
    "judgement.sections.margin": "{population} 个断面中余量 {n} 个。",
    "judgement.sections.exact": "{population} 个断面中正好够数，没有余量。",
    "judgement.rounded": "按目标所印的 {decimals} 位小数修约后比较。",
    "judgement.schedule.none": "不作判断",
    "judgement.schedule.text": "定性目标，没有路径可比。",
    "judgement.schedule.no_figure": "没有可比的数，不算进度。",
    "judgement.schedule.保持": "最近的数 {figure} 仍在目标以内，{gap}。",
    "judgement.schedule.跌破": "最近的数 {figure} 没有达到目标，{gap}。",
    "judgement.schedule.已达目标": "最近的数 {figure} 已达到终期目标，{gap}。",
    "judgement.schedule.缺基期": "文件未给基期值，也没有更早的年度数，不算进度。",
    "judgement.schedule.gap_only": "最近的数 {figure}，{gap}；只给差距，不算进度比。",
    "judgement.baseline": "基期 {period}为 {figure}。",
    "judgement.baseline.nearest": "文件未给基期值，取最接近规划起点的 {period} {figure} 作基期。",
    "judgement.path.straight_line": "路径取基期到期限的直线（内插，不是官方年度目标）。",
    "judgement.path.milestones": "路径取文件所列的阶段目标。",
    "judgement.path.elapsed_share": "累计任务，按到 {period}底已过的时段折算应完成数。",
    "judgement.path.on": "{period}应到 {expected}，实际 {figure}，正在路径上。",
    "judgement.path.above": "{period}应到 {expected}，实际 {figure}，高 {size}。",
    "judgement.path.below": "{period}应到 {expected}，实际 {figure}，低 {size}。",
    "judgement.path.ratio": "已完成 {completed}，应完成 {expected}，进度比 {ratio}。",
    "judgement.path.early": "路径才开始，应完成的不到 {least}，只给差距，不算进度比。",
    "judgement.path.small": "目标与基期相差不到可分辨的一步，只给差距，不算进度比。",
    "judgement.schedule.maintain": "文件要求保持这一水平。",
    "judgement.level": "水平完成率 {share}，只供参考，不与进度比混用。",
    "judgement.completed": "已完成 {share}，文件未写起始时间，无法折算。",
    "judgement.trend.frozen": "期限 {deadline}已过，不作外推。",
    "judgement.trend.text": "定性目标，不估算。",
    "judgement.trend.kind": "累计、类别、区间和定值目标不估算走势。",
    "judgement.trend.few": "可比的年度数 {n} 个，至少要 {least} 个才估算。",
    "judgement.trend.slope": "最近 {n} 个年度数平均每年{slope}；到期前须每年{required}。",
    "judgement.trend.forecast": "照此外推，{deadline}约 {forecast}，目标 {target}。",
    "judgement.trend.speed_up": "变化须加快到 {times} 倍。",
    "judgement.trend.up": "升 {size}",
    "judgement.trend.down": "降 {size}",
    "judgement.trend.flat": "不变",
    "judgement.confidence.正式": "正式",
    "judgement.confidence.初步": "初步",
    "judgement.confidence.转载": "转载",
    "judgement.confidence.无数": "没有数",
    "judgement.confidence.no_figure": "没有查到可比的公开数。",
    "judgement.confidence.basis": "所据为 {period}的数，{publisher}，{day}。",
    "judgement.confidence.publisher_unknown": "发布者见下表",
    "word.undated": "日期不详",
    "judgement.confidence.转载.why": "只见到转载，原文待核对，按初步数看待。",
    "judgement.confidence.初步.why": "初步数，待正式发布。",
    "judgement.confidence.count": "同口径的数 {n} 个，其中可比的年度数 {points} 个。",
    "judgement.confidence.approximate": "文件写的是约数。",
    "word.no_deadline": "未写",
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
    "region.pick": "看哪个区域",
    "region.title.repealed": "{region}：{total} 项目标中，{open} 项还没到期，文件就已废止",
    "region.title.repealed.all_due": "{region}：{total} 项目标，文件已废止",
    "region.title.not_issued": "{region}：文件当时尚未印发",
    "region.title.not_begun": "{region}：规划期当时还没有开始",
    "region.title.due": "{region}：{due} 项已到期，{parts}",
    "region.title.none_due": "{region}：{total} 项目标都还没有到期",
    "region.title.empty": "{region}：没有符合筛选的目标",
    "region.part.met": "{n} 项达标",
    "region.part.missed": "{n} 项未达标",
    "region.part.overdue": "{n} 项还没有报数",
    "region.sub": "截至 {day} · {document}",
    "region.sub.filtered": "筛选出 {n} 项（全文 {total} 项）",
    "region.sub.repealed": "全部记为“已废止”，不计入达标统计；下面的数只供查阅",
    "region.sub.ahead": "{day} 起；下面的目标都记为“未到期”",
    "region.sub.qualitative": "{n} 项待定性评定",
    "region.sub.not_due": "{n} 项未到期",
    "region.line.repealed": "{n} 项在废止前到期，{later} 项期限在废止之后",
    "region.line.most": "到期最多的是 {year} 年：{n} 项",
    "region.line.no_deadline": "；另有 {n} 项没写期限",
    "region.line.none": "筛选范围内没有目标",
    "region.line.begin.issued": "{day} 印发",
    "region.line.begin.period": "规划期 {day} 起（未载明印发日期）",
    "region.line.in_force": "有效",
    "region.line.period": "规划期至 {day}",
    "region.line.over": "已废止",
    "region.line.repeal": "{day} 废止",
    "region.line.as_of": "截至 {day}",
    "region.line.due": "项到期",
    "region.card.state": "效力",
    "region.card.state.repealed": "{day} 已废止",
    "region.card.state.later": "截至日有效；{day} 废止",
    "region.card.state.running": "未见废止",
    "region.card.state.over": "未见废止；规划期已满",
    "region.card.state.not_issued": "截至日尚未印发",
    "region.card.state.not_begun": "截至日规划期尚未开始",
    "region.card.number": "文号",
    "region.card.issuer": "印发机关",
    "region.card.issued": "印发日期",
    "region.card.effective": "实施日期",
    "region.card.period": "规划期",
    "region.card.index": "索引号",
    "region.card.next": "接续文件",
    "region.card.next.none": "本库没有",
    "region.card.unstated": "文件未载明",
    "region.card.counts": "{targets} 项目标 · {measures} 项措施 · {projects} 个工程项目",
    "region.card.documents": "原文与登记",
    "region.card.issues": "文件问题 {n} 处",
    "region.tab.documents": "文件",
    "region.missing": "还缺什么：{n} 项到期没有报数",
    "region.missing.none": "还缺什么：没有到期未报的目标",
    "region.missing.repealed": "还缺什么：文件已废止，不再催报",
    "region.missing.repealed.text": "{n} 项中，{known} 项查得到公开数，{none} 项没有。",
    "region.missing.ahead": "还缺什么：截至日还没有要报的数",
    "region.missing.ahead.text": "文件在截至日之后才开始，{n} 项目标都还没有到期。",
    "region.missing.figures": "缺哪种数",
    "region.missing.earlier": "{n} 项有较早年份的数，缺到期那年的",
    "region.missing.nothing": "{n} 项规划期内没有公开数",
    "region.missing.qualitative": "另有 {n} 项是定性目标，等评定",
    "region.missing.years": "哪年到期的",
    "region.missing.year": "{year} 年",
    "region.missing.units": "哪些单位欠数（几家牵头各计一次）",
    "region.missing.unit": "{name} {n} 项",
    "region.missing.more_units": "另 {n} 家单位",
    "region.missing.no_unit": "文件没写责任单位 {n} 项",
    "region.missing.items": "{n} 项",
    "region.tab.targets": "目标 {n}",
    "region.tab.measures": "措施 {n}",
    "region.tab.projects": "工程项目 {n}",
    "region.table.known": "{n} 项目标中，{known} 项查得到公开数",
    "region.table.none": "{n} 项目标都查不到公开数",
    "region.table.note": "悬停看全文；{earlier}点指标看各区域对照，点条款看出处",
    "region.table.earlier": "圈中带点＝规划期内有较早年份的数；",
    "region.table.items": "{n} 项",
    "region.mark.binding": "约束",
    "region.mark.aspirational": "力争",
    "region.units.lead": "牵头：{names}",
    "region.units.support": "配合：{names}",
    "region.units.implement": "实施：{names}",
    "region.measures.note": "事项名称是本库概括的；只按区域、责任单位和搜索筛选",
    "region.measures.none": "没有符合筛选的措施。",
    "region.measure": "措施",
    "region.measure.section": "所在章节",
    "region.measure.deadlines": "期限",
    "region.measure.lead": "牵头单位",
    "region.measure.implement": "实施单位",
    "region.measure.support": "配合单位",
    "region.measure.targets": "对应目标（项）",
    "region.projects.note": "只按区域、责任单位和搜索筛选；投资单位为万元，小计与总计照录文件",
    "region.projects.note.plain": "只按区域、责任单位和搜索筛选；文件正文点名的项目，没有给投资额",
    "region.projects.none": "没有符合筛选的工程项目。",
    "region.project.kind": "出处",
    "region.project.kind.annex": "附件",
    "region.project.kind.subtotal": "小计",
    "region.project.kind.total": "总计",
    "region.project.kind.named": "正文点名",
    "region.project.sequence": "序号",
    "region.project.type": "类别",
    "region.project.name": "名称",
    "region.project.count": "项目数",
    "region.project.years": "起止年",
    "region.project.total": "总投资（万元）",
    "region.project.plan_period": "规划期内投资（万元）",
    "region.project.note": "说明",
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
