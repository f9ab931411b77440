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
    "judgement.at_least": "至少",
    "judgement.at_most": "至多",
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
    "sources.title": "{targets} 项目标出自 {documents} 份文件，{figures} 个数出自 {sources} 个公开来源",
    "sources.sub": "每个数都写到文件、条款、发布者、日期。左侧“区域”筛选下面各表，“截至”只影响目标的判定。",
    "sources.unknown": "没有这项目标：{target_id}。请从总览、指标或区域页的条款进来。",
    "sources.back": "‹ 全部来源",
    "sources.all": "全部来源",
    "sources.to_indicator": "看这个指标的各区域对照",
    "sources.tab": "来源分类",
    "sources.tab.documents": "文件",
    "sources.tab.published": "公开来源",
    "sources.tab.method": "判定方法",
    "sources.tab.download": "下载",
    "sources.none": "所选区域没有这一类。",
    "sources.unstated": "文件未载明",
    "sources.promise": "{region} · {scope}：{when}{name}{promise}。",
    "sources.promise.by": "到 {deadline}，",
    "sources.promise.from": "{start}起到 {deadline}，",
    "sources.promise.open": "（未写期限）",
    "sources.promise.>=": "不低于 {value}",
    "sources.promise.>": "高于 {value}",
    "sources.promise.<=": "不高于 {value}",
    "sources.promise.<": "低于 {value}",
    "sources.promise.=": "为 {value}",
    "sources.promise.between": "在 {value} 之间",
    "sources.promise.class_at_least": "不低于 {value}",
    "sources.promise.text": "：{value}",
    "sources.promise.total.>=": "累计不少于 {value}",
    "sources.promise.total.>": "累计多于 {value}",
    "sources.promise.total.<=": "累计不超过 {value}",
    "sources.promise.total.<": "累计少于 {value}",
    "sources.promise.total.=": "累计 {value}",
    "sources.promise.total.between": "累计 {value}",
    "sources.promise.total.text": "：{value}",
    "sources.promise.about": "约 ",
    "sources.promise.keep": "保持",
    "sources.promise.aspire": "力争",
    "sources.promise.note": "由登记的字段拼成，不是文件原句",
    "sources.card": "出处",
    "sources.card.document": "文件",
    "sources.card.number": "文号",
    "sources.card.issuer": "印发机关",
    "sources.card.issued": "印发日期",
    "sources.card.clause": "条款",
    "sources.card.span": "字符位置",
    "sources.card.span.text": "第 {start}–{end} 字符（从 0 起，不含末位）",
    "sources.card.file": "原文文件",
    "sources.card.sha256": "SHA-256",
    "sources.card.deadline": "期限依据",
    "sources.card.deadline.explicit": "文件写明",
    "sources.card.deadline.implied": "由上下文推得",
    "sources.card.deadline.project_period": "取项目起止年份",
    "sources.card.deadline.none": "没有写期限",
    "sources.card.binding": "约束",
    "sources.card.review": "登记",
    "sources.card.review.added": "第二读者补登",
    "sources.card.duplicate": "重复表述",
    "sources.card.duplicate.text": "同一文件里先出现过，计数以前一处为准",
    "sources.card.baseline": "基期值",
    "sources.card.repealed": "废止日期",
    "sources.passage": "原文段落",
    "sources.passage.absent": "还看不到原文：把文件 {file} 放进 data/sources/，这里就显示这一段。",
    "sources.passage.changed": "data/sources/ 里的 {file} 与登记的不是同一份（SHA-256 不一致），不显示原文。请换成登记的那一份。",
    "sources.passage.outside": "登记的字符位置超出文件，请核对登记。",
    "sources.judgements": "四项判断，各自独立",
    "sources.units": "谁负责",
    "sources.units.none": "文件没有写责任单位。",
    "sources.role.lead": "牵头",
    "sources.role.support": "配合",
    "sources.role.implement": "实施",
    "sources.measures": "靠什么做到：{n} 项措施",
    "sources.measures.none": "文件里没有对应到这项目标的措施。",
    "sources.measures.deadline": "期限 {days}",
    "sources.figures": "查得到的数：{n} 个",
    "sources.figures.none": "没有查到公开数。没有就是没有，不推算、不代填。",
    "sources.figures.note": "{region}“{indicator}”截至 {day} 已公布的全部；只有口径、时段与目标都相同的才参与判定",
    "sources.figure.judged": "判定所据",
    "sources.figure.latest": "最近的可比数",
    "sources.figure.baseline": "基期值",
    "sources.figure.comparable": "同口径",
    "sources.figure.scope": "口径不同，不作判定",
    "sources.figure.inferred_year": "年份系推定，不作判定",
    "sources.figure.unstated": "统计期未注明，不作判定",
    "sources.figure.part": "不是全年的数，不代表年度",
    "sources.figure.words": "只有文字表述，不作判定",
    "sources.notes": "说明",
    "sources.target.issues": "涉及的文件问题：{n} 处",
    "sources.target.issues.none": "没有发现涉及这一条的文件问题。",
    "sources.head.document": "区域与文件",
    "sources.head.issued": "文号与印发机关",
    "sources.head.dates": "日期",
    "sources.head.targets": "目标",
    "sources.head.file": "原文文件",
    "sources.documents.note":
        "登记只保存条款与字符位置，不保存原句。把原文按右边的文件名放进 data/sources/，本页就显示每一条的原文；"
        "SHA-256 用来确认是同一份。",
    "sources.documents.title": "{n} 份文件，{present} 份放入了原文",
    "sources.document.issued": "印发 {day}",
    "sources.document.effective": "实施 {day}",
    "sources.document.period": "规划期 {span}",
    "sources.document.repealed": "{day} 废止",
    "sources.document.index": "索引号 {number}",
    "sources.document.items": "{n} 项",
    "sources.document.present": "已放入，SHA-256 一致",
    "sources.document.absent": "没有放入原文",
    "sources.document.changed": "放入的不是登记的那一份",
    "sources.published.title": "{n} 个公开来源：{original} 个原始发布，{repost} 个只见到转载",
    "sources.published.note":
        "转载＝只在别处见到转登，没有看到原始网页；一律按“初步”看待，不给链接，等核到原文再改。日期只知到年或月的，"
        "照实写。",
    "sources.published.year": "{year} 年 · {n} 个",
    "sources.published.undated": "日期不详 · {n} 个",
    "sources.head.date": "发布日期",
    "sources.head.title": "标题",
    "sources.head.publisher": "发布者",
    "sources.head.nature": "性质",
    "sources.head.figures": "数",
    "sources.head.regions": "涉及区域",
    "sources.nature.bulletin": "原始发布",
    "sources.nature.repost": "转载",
    "sources.nature.upload": "上传",
    "sources.nature.manual": "填报",
    "sources.nature.plan": "规划文件",
    "sources.issues.title": "人工读出 {curated} 处，计算自己找到其中 {both} 处，另查出 {computed} 处",
    "sources.issues.note": "程度“高”＝会改变对数的理解。问题照登记写出，不替文件改数；目标仍按文件所印的数判定。",
    "sources.issues.severity": "程度",
    "sources.issues.all": "全部 {n}",
    "sources.issues.some": "{severity} {n}",
    "sources.issues.pick": "按程度筛选",
    "sources.head.issue": "问题",
    "sources.head.where": "在哪里",
    "sources.head.found": "谁发现",
    "sources.found.person": "人工",
    "sources.found.computed": "计算",
    "sources.found.both": "人工，计算也找到",
    "sources.found_by.reader": "首读",
    "sources.found_by.second_reader": "二读",
    "sources.found_by.published_figures": "比对公布数",
    "sources.verdict.confirmed": "复核属实",
    "sources.verdict.partly_overstated": "复核：部分言重",
    "sources.verdict.scope_note": "复核：口径说明，不是矛盾",
    "sources.issues.more": "另 {n} 处",
    "sources.issues.absent": "没有放入原文的文件，只列条款与字符位置；怎样放入，见“文件”。",
    "sources.where.characters": "字符 {start}–{end}",
    "sources.where.figure": "{name} {figure}（{period}）",
    "sources.method.title": "四项判断，各自独立，从不合成一个分数",
    "sources.method.attainment":
        "到期的那一期达到了没有。比较前先按文件所印的小数位修约（GB/T 8170-2008，四舍六入五成双），没有容差。"
        "只有同一指标、同一区域、同一口径、覆盖目标那一期的数才能判定：月度值不代表年度，推定年份的数不判定，"
        "早一年或晚一年的数只作提示。",
    "sources.method.attainment.total":
        "累计任务到期前只能看出“已经够了”或“已经超了”，不会提前判未达标。公报只写“以上”“以下”的，够用才判。"
        "两个同样可靠的数不一致时，按较不利的判，并写明。",
    "sources.method.schedule":
        "最近的数走到路径上的哪里。路径先取文件自己的阶段目标；没有就取基期到期限的直线（内插，"
        "写明不是官方年度目标）；累计任务按已过时段折算。进度比＝已完成份额 ÷ 应完成份额，同时总给出差距和单位。",
    "sources.method.schedule.kept":
        "基期已达标或文件要求保持的，只写“{kept}”或“{broken}”；没有基期值又没有更早年度数的写“{no_baseline}”。"
        "应完成份额不到 {least} 时只给差距。",
    "sources.method.trend":
        "至少 {least} 个可比的年度数才估算，取最近 {most} 个以内做最小二乘直线，外推到期限。只作提示，"
        "从不改变达标与进度；期限一过就不再估算。累计、类别、区间和定值目标不估算。",
    "sources.method.confidence":
        "数的日期、发布者、个数；是正式、初步还是转载；基期是不是借用最近的一年；口径与别处有什么不同。"
        "没有数就写没有，从不沿用旧数。",
    "sources.method.status": "状态用词：字、形、色三样一起出现",
    "sources.method.status.note": "实心＝已判定，空心＝还不能判定，黑白打印也看得出",
    "sources.method.status.达标": "到期那一期的数达到目标",
    "sources.method.status.未达标": "到期那一期的数没有达到目标",
    "sources.method.status.到期未报": "期限已过，没有可比的数；从不算达标，从不隐藏。圈中带点＝规划期内有较早年份的数",
    "sources.method.status.定性待评": "期限已过的定性目标，须由人评定",
    "sources.method.status.数据未出": "期限未到，或文件没写期限",
    "sources.method.status.已废止": "文件废止之日起不计入统计，数仍可查；把“截至”调到废止以前，照常计算",
    "sources.method.words": "进度用词与界限",
    "sources.method.words.note": "界限 {limits}，取法同欧盟统计局、加拿大统计局（Open SDG），但用在直线进度比上，不用增长率",
    "sources.method.head.word": "用词",
    "sources.method.head.rule": "何时用",
    "sources.method.rule.reached": "最近的数已达到终期目标",
    "sources.method.rule.at_least": "进度比 ≥ {limit}",
    "sources.method.rule.between": "进度比 ≥ {low}，不到 {high}",
    "sources.method.rule.below": "进度比 ＜ {limit}",
    "sources.method.rule.no_baseline": "没有基期值，也没有更早的年度数",
    "sources.method.rule.kept": "基期已达标或要求保持，最近的数仍在目标以内",
    "sources.method.rule.broken": "要求保持或基期已达标，最近的数没有达到目标",
    "sources.method.rule.will_meet": "外推到期限可达到目标",
    "sources.method.rule.accelerate": "方向对，照现在的速度到期不够",
    "sources.method.rule.turn_around": "近年变化的方向相反或没有变化",
    "sources.method.rule.too_few": "不足 {least} 个可比年度数，或这类目标不估算",
    "sources.method.rule.frozen": "期限已过",
    "sources.method.trend.words": "走势用词（估算）",
    "sources.method.never": "从不做的事",
    "sources.method.never.list":
        "不推算、不代填：没有公布的数一律记为缺，计数并列出来|不沿用：去年的数不当今年的数|不作比较："
        "口径不同的数并列时写明口径，不排名|月度、季度和年内累计值不代表年度|转载与推定年份的数写明来历，"
        "转载按初步数看待|不平均：汇总只数状态，不平均完成率，不合成分数|不改文件：文件自相矛盾的，列在“文件问题”，"
        "目标仍按所印的数",
    "sources.method.basis": "方法的出处",
    "sources.method.basis.list":
        "GB 3838-2002《地表水环境质量标准》：水质类别Ⅰ至劣Ⅴ的次序|"
        "GB/T 8170-2008《数值修约规则与极限数值的表示和判定》：比较前的修约|"
        "环办〔2011〕22号《地表水环境质量评价办法（试行）》：断面类别与优良比例的含义（见公开转载）|"
        "Open SDG 2.4 进展衡量方法（加拿大统计局，源自欧盟统计局）：界限 0.95、0.60、0；原法用年均增长率，"
        "这里改用直线进度比，因为降到零的目标用增长率会被误判为滞后",
    "sources.method.version":
        "判定口径版本 {version}；界限与用词都写在 data/standards/judgement.toml，"
        "改后运行 python -m etl refresh 生效。",
    "sources.download.title": "{tables} 张表，{rows} 行，都可带走",
    "sources.download.note":
        "CSV 为 UTF-8 带 BOM，Excel 双击即可看中文；单元格以 = + - @ 开头的前面加了撇号，防止被当作公式。"
        "数据版本 {day}。",
    "sources.download.all": "全部表，一个 XLSX",
    "sources.download.rows": "{rows} 行 · {columns} 列",
    "sources.download.columns": "各列的意思",
    "download.csv": "CSV",
    "download.xlsx": "XLSX",
    "download.all": "全部",
    "download.sheet.tables": "说明",
    "download.sheet.columns": "各列的意思",
    "download.head.table": "表",
    "download.head.rows": "行数",
    "download.head.about": "说明",
    "download.head.column": "列名",
    "download.table.targets": "目标",
    "download.table.observations": "实绩",
    "download.table.sources": "来源",
    "download.table.documents": "文件",
    "download.table.indicators": "指标",
    "download.table.regions": "行政区",
    "download.table.organizations": "责任单位",
    "download.table.responsibilities": "责任分工",
    "download.table.measures": "措施",
    "download.table.measure_targets": "措施与目标",
    "download.table.projects": "工程项目",
    "download.table.sections": "监测断面",
    "download.table.document_issues": "文件问题",
    "download.table.document_issue_passages": "文件问题位置",
    "download.table.judgements": "判定",
    "download.table.loads": "装载记录",
    "download.table.changes": "变动",
    "download.about.document_issues": "文件自身或文件之间的问题：人工读出的与计算查出的",
    "download.about.judgements": "每项目标的四项判断；一行是判断不变的一段日子",
    "download.about.loads": "每次装载数据的版本、时间与条数",
    "download.about.changes": "每次装载比上一版增加、改动、删去了什么",
    "download.column.decimals": "文件所印的小数位数，比较前按它修约",
    "download.column.baseline_value": "文件给出的基期值",
    "download.column.baseline_period": "基期值所属时段",
    "download.column.origin": "来历：curated 人工读出，computed 计算查出",
    "download.column.rule": "计算查出时所用的规则",
    "download.column.same_as_issue_id": "计算查出的与哪一处人工读出的相同",
    "download.column.target_id": "目标标识",
    "download.column.valid_from": "这段判断的首日",
    "download.column.valid_to": "这段判断的末日",
    "download.column.status": "达标判断",
    "download.column.observation_id": "判定所据的数",
    "download.column.figures_disagree": "同期公布数是否不一致",
    "download.column.schedule": "进度判断",
    "download.column.latest_observation_id": "进度与差距所据的数",
    "download.column.earlier_observation_id": "规划期内较早年份的数",
    "download.column.gap_to_target": "最近的数减目标，单位同目标；类别为级数",
    "download.column.path": "路径：milestones 阶段目标，straight_line 直线，elapsed_share 已过时段",
    "download.column.path_baseline_value": "路径所用的基期值",
    "download.column.path_baseline_on": "路径所用的基期日期",
    "download.column.baseline_is_nearest": "基期是否借用最接近的一年",
    "download.column.expected_value": "路径上应到的数",
    "download.column.gap_to_path": "最近的数减应到的数",
    "download.column.completed_share": "已完成份额，0–1",
    "download.column.expected_share": "应完成份额，0–1",
    "download.column.schedule_ratio": "进度比：已完成除以应完成",
    "download.column.level_ratio": "水平完成率，只在没有基期时给出",
    "download.column.trend": "走势判断（估算）",
    "download.column.trend_points": "可比的年度数个数",
    "download.column.trend_slope": "近年每年变化",
    "download.column.required_slope": "到期前须有的每年变化",
    "download.column.forecast": "外推到期限的数（估算）",
    "download.column.speed_up": "须加快到的倍数",
    "download.column.known_figures": "同口径的数个数",
    "download.column.sections_short": "还差的断面数，负数为余量",
    "download.column.rules_version": "判定口径版本",
    "download.column.version": "数据版本",
    "download.column.built_at": "建成时间（UTC）",
    "download.column.data_sha256": "全部输入文件的 SHA-256",
    "download.column.target_count": "目标条数",
    "download.column.observation_count": "数的条数",
    "download.column.seconds": "用时（秒）",
    "download.column.table": "表名",
    "download.column.key": "行标识",
    "download.column.change": "变动：added 增加，changed 改动，removed 删去",
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
    "region.missing.units": "哪些单位欠数（几家共担各计一次）",
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
    "region.measure.targets": "对应目标",
    "region.projects.note": "只按区域、责任单位和搜索筛选；投资单位为万元，小计与总计照录文件",
    "region.projects.note.plain": "只按区域、责任单位和搜索筛选；文件正文点名的项目，没有给投资额",
    "region.projects.none": "没有符合筛选的工程项目。",
    "region.project.kind": "种类",
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
