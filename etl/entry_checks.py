"""Judges what somebody filled in: which target is meant, can it be read, is it possible, is it likely.

An error blocks the whole file, a warning asks; every finding names its cell and says what to do. Nothing is mended or
guessed here. Wording as on the review page: 填的是, 为什么, 怎么改.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from etl.entries import (
    ERROR,
    FIGURE_FIELDS,
    VERDICT_FIELDS,
    WARNING,
    Checked,
    EntryFile,
    EntryRow,
    Figure,
    Finding,
    Verdict,
)
from etl.entry_known import Known, KnownFigure, KnownTarget, load_known
from etl.entry_targets import target_of
from etl.entry_verdicts import verdict_of
from etl.rules import entry_doubts as doubts
from etl.rules.entry_doubts import Doubt
from etl.rules.entry_values import (
    Misread,
    Period,
    PrintedFigure,
    is_not_reported,
    plain,
    read_class,
    read_day,
    read_figure,
    read_period,
    unit_factor,
)
from etl.rules.numbers import WATER_CLASSES
from etl.settings import is_web_address

__all__ = ["Known", "check_rows", "load_known"]

MAX_TEXT = 500
"""Characters of a publisher, a source or a remark."""
STATUSES = {"正式": "final", "最终": "final", "定稿": "final", "final": "final",
            "初步": "provisional", "快报": "provisional", "预计": "provisional", "暂定": "provisional", "provisional": "provisional"}
UNREADABLE = {
    "excel_error": ("这一格是表格软件算不出来的结果", "改成数字或文字，不要留公式"),
    "formula_without_value": ("这一格是公式，文件里没有存下结果", "在 Excel 或 WPS 里打开、保存一次，或直接写结果"),
    "merged": ("一格合并了几行，看不出是哪一行的", "取消合并，每行各写各的"),
}
"""Why and remedy by the mark of a cell."""


def check_rows(file: EntryFile, known: Known, today: date) -> Checked:
    """Hold every row of a file against what is known. Never raises, whatever the cells hold."""
    checked = Checked([], [], [], [])
    figures: dict[tuple, Figure] = {}
    for row in file.rows:
        check = _RowCheck(row, file.name, known, today)
        figure = check.figure()
        if check.is_not_reported:
            checked.not_reported.append(row)
        if figure:
            first = figures.setdefault((figure.indicator_id, figure.region_id, figure.scope, figure.period_kind, figure.period_start,
                                        figure.period_end), figure)
            if first is not figure:
                check.compare_within_file(first, figure)
        checked.findings.extend(check.in_reading_order())
    verdicts: dict[str, Verdict] = {}
    for row in file.verdicts:
        check = _RowCheck(row, file.name, known, today)
        verdict = check.verdict()
        if verdict and verdicts.setdefault(verdict.target_id, verdict) is not verdict:
            check.complain("duplicate", "verdict", f"{verdicts[verdict.target_id].row.address('verdict')} 已经评定过这一项", "只留一行")
        checked.findings.extend(check.in_reading_order())
    checked.figures.extend(figures.values())
    checked.verdicts.extend(verdicts.values())
    return checked


class _RowCheck:
    """One row; its findings grow as it is read."""

    def __init__(self, row: EntryRow, file: str, known: Known, today: date):
        self.row, self.file, self.known, self.today = row, file, known, today
        self.findings: list[Finding] = []
        self.is_not_reported = False
        self.subject = row.text("indicator") or row.text("target_id") or f"第 {row.line} 行"

    # ── saying what is wrong ────────────────────────────────────────────────────────────────────────────────
    def complain(self, rule: str, field: str, why: str, remedy: str, level: str = ERROR) -> None:
        row = self.row
        title = (VERDICT_FIELDS if "verdict" in row.cells else FIGURE_FIELDS)[field]
        self.findings.append(Finding(level, rule, self.file, row.sheet, row.address(field, "value", "verdict"),
                                     f"{self.subject} · {title}", row.text(field) or "（空着）", why, remedy))

    def ask(self, rule: str, field: str, why: str, remedy: str) -> None:
        self.complain(rule, field, why, remedy, WARNING)

    def compare_within_file(self, earlier: Figure, again: Figure) -> None:
        """The same figure twice is asked about; two figures for one thing are an error."""
        sheet = f"“{earlier.row.sheet}”" if earlier.row.sheet != self.row.sheet else ""
        place = f"{sheet}{earlier.row.address('value')}"
        if (earlier.value, earlier.comparator) == (again.value, again.comparator):
            self.ask("repeated", "value", f"和 {place} 是同一个数，只入库一次", "删去一行，或就这样通过")
        else:
            self.complain("duplicate", "value", f"{place} 已经填了同一指标同一时期的数 {earlier.printed_value}，两个数不同",
                          "只留对的那一行；时期不同的，改“数据年份”")

    def in_reading_order(self) -> list[Finding]:
        """The findings from left to right."""
        place = {cell.address: at for at, cell in enumerate(self.row.cells.values())}
        return sorted(self.findings, key=lambda finding: place.get(finding.address, -1))

    def _ask_if(self, doubt: Doubt | None, field: str) -> bool:
        if doubt:
            self.ask(doubt[0], field, doubt[1], doubt[2])
        return doubt is not None

    def _complain_if(self, doubt: Doubt | None, field: str) -> bool:
        if doubt:
            self.complain(doubt[0], field, doubt[1], doubt[2])
        return doubt is not None

    def _try(self, field: str, read: Callable, *arguments):
        """What `read` makes of it, or None after a complaint."""
        try:
            return read(*arguments)
        except Misread as misread:
            self.complain(misread.rule, misread.field or field, misread.why, misread.remedy)
            return None

    # ── the row ─────────────────────────────────────────────────────────────────────────────────────────────
    def figure(self) -> Figure | None:
        """The figure of this row, or None when it has none or an error stands against it."""
        target = self._target()
        if target is None:
            return None
        if is_not_reported(self.row.text("value")):
            self.is_not_reported = True
            return None
        if target.unit is None:
            self.complain("qualitative", "value", "这是定性目标，没有数值", "在“定性评定”表里评定；这里空着")
            return None
        stated, period, status = self._stated(target), self._period(target), self._status()
        published_on = self._published_on(period)
        if stated is None or period is None or self._has_error():
            return None
        self._doubt(target, stated.value, period)
        url, note = self.row.text("url"), self.row.text("note")
        if url and not is_web_address(url):
            url, note = "", "；".join(filter(None, (note, f"来源：{url}")))
        return Figure(
            self.row, target.target_id, *target.subject, stated.comparator, stated.value,
            WATER_CLASSES[int(stated.value) - 1] if target.kind == "class" else None, target.unit, stated.printed_value,
            self.row.text("unit") or stated.unit, period.kind, period.start, period.end, period.text, status,
            self.row.text("publisher"), published_on, url or None, note or None)

    def verdict(self) -> Verdict | None:
        """The verdict of this row, or None when an error stands against it."""
        target = self._target()
        return None if target is None else self._try("verdict", verdict_of, self.row, target, self.today, self.ask)

    def _target(self) -> KnownTarget | None:
        """The target of a row whose cells can be read."""
        for field, cell in self.row.cells.items():
            if cell.mark in UNREADABLE:
                self.complain(cell.mark, field, *UNREADABLE[cell.mark])
            elif len(cell.text) > MAX_TEXT:
                self.complain("too_long", field, f"超过 {MAX_TEXT} 个字", "写短一些；多半是别的列错位了")
            elif cell.mark == "formula" and field == "value":
                self.ask("formula", field, "这一格是公式，读的是上次算出的结果", "核对结果；最好直接写数字")
        target = None if self._has_error() else self._try("target_id", target_of, self.row, self.known)
        if target:
            self.subject = target.indicator
            repealed_on = target.promise.repealed_on
            if repealed_on and repealed_on <= self.known.as_of:
                self.ask("repealed", "target_id", f"《{target.document}》已于 {repealed_on} 废止，这一项不再计入",
                         "仍要留存就通过，否则删去这一行")
        return target

    def _has_error(self) -> bool:
        return any(finding.level == ERROR for finding in self.findings)

    # ── its cells ───────────────────────────────────────────────────────────────────────────────────────────
    def _stated(self, target: KnownTarget) -> PrintedFigure | None:
        """The figure in the unit of its target."""
        text = self.row.text("value")
        if target.kind == "class":
            rank = self._try("value", read_class, text)
            return rank and PrintedFigure("=", Decimal(rank), text, None)
        stated = self._try("value", read_figure, text)
        has_unit = self._is_unit("unit", self.row.text("unit"), target, stated) and (
            stated is None or self._is_unit("value", stated.unit, target, stated))
        if stated is None or not has_unit:
            return None
        return None if self._complain_if(doubts.impossible_size(stated.value, target.kind, target.unit), "value") else stated

    def _is_unit(self, field: str, unit: str | None, target: KnownTarget, stated: PrintedFigure | None) -> bool:
        """Whether it is the unit of the target, or none is written."""
        factor = unit_factor(unit, target.unit, self.known.units) if unit else 1
        if factor == 1:
            return True
        remedy = f"改为“{target.unit}”；数也要按这个单位写"
        if factor is not None and stated:
            value = f"{self.row.address('value')} 改为 {doubts.number(stated.value * factor)}"
            remedy = f"{self.row.address('unit')} 改为“{target.unit}”，{value}" if field == "unit" else f"{value}，单位是{target.unit}"
        self.complain("wrong_unit", field, f"规划里的单位是{target.unit}，不同单位不能比较", remedy)
        return False

    def _period(self, target: KnownTarget) -> Period | None:
        text, promise = self.row.text("period"), target.promise
        if not text:
            year = promise.deadline.year if promise.deadline else self.today.year - 1
            self.complain("impossible_period", "period", "没有写是哪一年的数", f"写年份，如 {year}")
            return None
        period = self._try("period", read_period, text, target.count_from, promise.is_cumulative)
        if period is None or self._complain_if(doubts.impossible_time(period, self.today), "period"):
            return None
        if period.kind == "cumulative" and period.text != text:
            self.ask("running_total", "period", f"这一项算累计，按 {period.text} 读",
                     f"若只是当年的数，写成“{period.end.year}当年”；是累计就通过")
        self._ask_if(doubts.odd_time(period, promise, self.today), "period")
        return period

    def _status(self) -> str:
        text = plain(self.row.text("status"))
        status = STATUSES.get(text.removesuffix("数据").removesuffix("数"))
        if not text:
            self.ask("status_missing", "status", "没有写是正式数还是初步数，按初步数记", "在下拉里选“正式”或“初步”")
        elif status is None:
            self.complain("unknown_status", "status", "不认识的数据状态", "写“正式”或“初步”")
        elif status == "provisional":
            self.ask("provisional", "status", "是初步数，正式数出来后要再报一次", "正式数已出就改成“正式”，否则通过")
        return status or "provisional"

    def _published_on(self, period: Period | None) -> date | None:
        if not self.row.text("publisher"):
            self.ask("publisher_missing", "publisher", "没有写发布单位，日后说不清数从哪里来", "补上发布单位")
        if not self.row.text("published_on"):
            return None
        day = self._try("published_on", read_day, self.row.text("published_on"))
        if day and period:
            self._ask_if(doubts.odd_publication(day, period, self.today), "published_on")
        return day

    # ── what to ask about a figure that can be read ─────────────────────────────────────────────────────────
    def _doubt(self, target: KnownTarget, value: Decimal, period: Period) -> None:
        same = self.known.same_period(target.subject, period)
        if same:
            self._compare(same, value, target.unit)
        if target.kind != "class":
            self._ask_if(doubts.odd_size(value, target.kind, target.unit, target.decimals), "value")
            self._doubt_size(target, value, period, same)
        self._ask_if(doubts.worse_than_baseline(value, target.promise, target.unit), "value")

    def _compare(self, same: list[KnownFigure], value: Decimal, unit: str) -> None:
        """Against figures of the very period: nothing new, or old → new and by how much."""
        equal = next((figure for figure in same if figure.value == value), None)
        there = equal or same[0]
        origin = "，".join(filter(None, (there.period_text, "年份是推断的" if there.period_kind == "inferred_year" else "",
                                        there.publisher, "转载" if there.is_repost else "")))
        if equal:
            self.ask("nothing_new", "value", f"和已有的数相同（{origin}）", "不必再报；要留下新的出处就通过")
        else:
            self.ask("replaces", "value", f"已有 {doubts.printed(there.value, unit)}（{origin}），这里是 {doubts.printed(value, unit)}，"
                     f"{doubts.difference(value - there.value, unit)}", "核对哪个对；要用新数就通过")

    def _doubt_size(self, target: KnownTarget, value: Decimal, period: Period, same: list[KnownFigure]) -> None:
        """Against the figure nearest in time; without one against the target, to which works add up from below."""
        promise, unit = target.promise, target.unit
        last = same[0] if same else self.known.nearest(target.subject, period)
        if last is None:
            if promise.value is not None and (not promise.is_cumulative or value > promise.value):
                called = f"目标 {doubts.printed(promise.value, unit)}"
                self._ask_if(doubts.wrong_factor(value, unit, promise.value, called), "value")
            return
        called = f"{'已有的数' if same else '上一个数'} {doubts.printed(last.value, unit)}（{last.period_text}）"
        if period.kind == "cumulative":
            self._ask_if(None if same else doubts.shrinking_total(value, last.value, last.period_end < period.end, called), "value")
        elif not self._ask_if(doubts.wrong_factor(value, unit, last.value, called), "value"):
            self._ask_if(doubts.jump(value, last.value, called), "value")
