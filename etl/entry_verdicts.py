"""Judges a person's word on a qualitative target: 达标 or 未达标, with a reason, a basis and a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from etl.entries import EntryRow, Verdict
from etl.entry_known import KnownTarget
from etl.rules.entry_values import Misread, plain, read_day

VERDICTS = {"达标": "达标", "已达标": "达标", "完成": "达标", "已完成": "达标", "未达标": "未达标", "不达标": "未达标", "未完成": "未达标"}
NEEDED = {"reason": "理由", "evidence": "依据", "judged_by": "评定人"}


def verdict_of(row: EntryRow, target: KnownTarget, today: date, ask: Callable[[str, str, str, str], None]) -> Verdict:
    """The verdict of a row on its target; `ask` takes rule, field, why and remedy of a warning. Raises Misread."""
    if target.promise.comparator != "text":
        raise Misread("not_qualitative", "这一项有数值目标，由数判定", "在“填报”表里填数；这里空着", "verdict")
    verdict = VERDICTS.get(plain(row.text("verdict")))
    if verdict is None:
        raise Misread("unknown_verdict", "不是评定结果", "在下拉里选“达标”或“未达标”；定不了就空着", "verdict")
    judged_on = _judged_on(row, today)
    for field, title in NEEDED.items():
        if not row.text(field):
            ask(f"{field}_missing", field, f"没有写{title}，日后问起来答不上", f"补上{title}")
    if target.promise.deadline and target.promise.deadline > (judged_on or today):
        ask("before_deadline", "verdict", f"期限 {target.promise.deadline} 还没有到", "核对；提前评定就通过")
    return Verdict(row, target.target_id, *target.subject, verdict, row.text("reason"), row.text("evidence"),
                   row.text("judged_by"), judged_on)


def _judged_on(row: EntryRow, today: date) -> date | None:
    if not row.text("judged_on"):
        return None
    try:
        day = read_day(row.text("judged_on"))
    except Misread as misread:
        raise Misread(misread.rule, misread.why, misread.remedy, "judged_on") from None
    if day > today:
        raise Misread("impossible_date", f"评定日期在今天（{today}）之后", "核对年、月、日", "judged_on")
    return day
