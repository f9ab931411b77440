"""What a person brings in: cells and rows of a file, what is wrong with them, and the entries that come out of them.

Plain values without pandas. `Cell.mark` and `EntryRow.cells` speak of the file, `Figure` and `Verdict` of the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FIGURE_FIELDS = {
    "target_id": "编号", "region": "区域", "indicator": "指标", "scope": "口径", "unit": "单位", "deadline": "期限",
    "period": "数据年份", "value": "实绩", "status": "数据状态", "publisher": "发布单位", "published_on": "发布日期",
    "url": "来源名称或网址", "note": "备注"}
VERDICT_FIELDS = {
    "target_id": "编号", "region": "区域", "indicator": "指标", "scope": "口径", "promise": "目标原意／口径", "deadline": "期限",
    "verdict": "评定", "reason": "理由", "evidence": "依据", "judged_by": "评定人", "judged_on": "评定日期"}
"""Fields of a row and the words they go by, on the workbook and in messages."""

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Cell:
    """What stood in one cell, stripped of surrounding blanks, and where: "D6", for CSV column letter and line too.

    `mark`: what the text does not tell. formula (the value last computed was read), formula_without_value,
    excel_error (#REF! and its kind), merged (one cell over several rows); empty for an ordinary cell.
    """

    text: str
    address: str
    mark: str = ""


@dataclass(frozen=True)
class EntryRow:
    """One line of a file, or of the editable table on the page; `sheet` is "" for CSV and for typed rows.

    `cells` by the fields of FIGURE_FIELDS or VERDICT_FIELDS; columns the file does not have are left out.
    """

    sheet: str
    line: int
    cells: dict[str, Cell]

    def text(self, field: str) -> str:
        return self.cells[field].text if field in self.cells else ""

    def address(self, *fields: str) -> str:
        """The cell of the first of these fields that the file has a column for; "" when it has none of them."""
        return next((self.cells[field].address for field in fields if field in self.cells), "")


@dataclass(frozen=True)
class EntryFile:
    """A file as read. `ignored`: what was left out of it, in words for the reader."""

    name: str
    sha256: str
    rows: list[EntryRow]
    verdicts: list[EntryRow]
    ignored: list[str]


@dataclass(frozen=True)
class Finding:
    """One problem of one cell: an "error" blocks, a "warning" asks.

    `rule` is a short stable name; `title` is 指标 · 列; `found`, `why`, `remedy` read 填的是, 为什么, 怎么改.
    """

    level: str
    rule: str
    file: str
    sheet: str
    address: str
    title: str
    found: str
    why: str
    remedy: str


@dataclass(frozen=True)
class Figure:
    """A figure without errors, ready to be confirmed; `value` in `unit`, a water class as its rank 1 (Ⅰ) to 6 (劣Ⅴ)."""

    row: EntryRow
    target_id: str
    indicator_id: str
    region_id: str
    scope: str
    comparator: str
    value: Decimal | None
    value_text: str | None
    unit: str | None
    printed_value: str
    printed_unit: str | None
    period_kind: str
    period_start: date
    period_end: date
    period_text: str
    status: str
    publisher: str
    published_on: date | None
    url: str | None
    note: str | None


@dataclass(frozen=True)
class Verdict:
    """达标 or 未达标 on a qualitative target, ready to be confirmed."""

    row: EntryRow
    target_id: str
    indicator_id: str
    region_id: str
    scope: str
    verdict: str
    reason: str
    evidence: str
    judged_by: str
    judged_on: date | None


@dataclass(frozen=True)
class Checked:
    """What became of a file: figures and verdicts that may be confirmed, findings, and rows that say there is no figure."""

    figures: list[Figure]
    verdicts: list[Verdict]
    findings: list[Finding]
    not_reported: list[EntryRow]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == ERROR]
