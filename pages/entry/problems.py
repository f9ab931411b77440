"""HTML of what stands against a file: how many rows, what must be corrected, what must be looked at, what was not read."""

from __future__ import annotations

from dashboard.text import esc, t
from etl.entries import Finding
from pages.entry.marks import Marks

MOST_LISTED = 200


def sums(marks: Marks) -> str:
    """Rows that can be taken in, rows to correct, rows to look at."""
    counts = marks.counts
    good = counts["good"] + counts["not_reported"]
    parts = []
    if good or not marks.rows:
        parts.append(_sum(good, "good", t("entry.sum.not_reported", n=counts["not_reported"]) if counts["not_reported"] else ""))
    if counts["wrong"]:
        parts.append(_sum(counts["wrong"], "wrong", t("entry.sum.wrong.note"), "bad"))
    if counts["asked"]:
        parts.append(_sum(counts["asked"], "asked", t("entry.sum.asked.note")))
    return f'<div class="q"><div class="sums">{"".join(parts)}</div></div>'


def _sum(n: int, key: str, note: str, kind: str = "") -> str:
    return f'<div class="{kind}"><b>{n}</b><span>{t(f"entry.sum.{key}")}</span><small>{note or "&nbsp;"}</small></div>'


def listed(marks: Marks) -> str:
    """Errors in full, warnings in two lines each; findings of one rule told once where there are many."""
    parts = []
    if marks.numbers:
        parts.append(f'<h2>{t("entry.problems.wrong", n=len(marks.numbers))}</h2>')
        parts += [_error(group, marks) for group in marks.error_groups]
    if marks.warning_groups:
        asked = sum(map(len, marks.warning_groups))
        parts.append(f'<h2 class="gap">{t("entry.problems.asked", n=asked)}</h2>')
        parts += [_warning(group) for group in marks.warning_groups]
    if not parts:
        parts.append(f'<h2>{t("entry.problems.none")}</h2>')
    return f'<div class="q">{"".join(parts)}</div>'


def _error(group: list[Finding], marks: Marks) -> str:
    first = group[0]
    number = marks.numbers[first.sheet, first.address]
    facts = "".join(f"<dt>{t(f'entry.problem.{key}')}</dt><dd class={key}><span>{esc(text)}</span></dd>"
                    for key, text in (("found", first.found), ("why", first.why), ("remedy", first.remedy)))
    return (f'<div class="problem bad"><span class="no1">{number}</span><div><span class="cell bad">{esc(first.address)}</span>'
            f'<b>{esc(first.title)}</b><dl>{facts}</dl>{_others(group)}</div></div>')


def _warning(group: list[Finding]) -> str:
    first = group[0]
    return (f'<div class="asked"><span class="cell ask">{esc(first.address)}</span><b>{esc(first.title)}</b>　{esc(first.found)}'
            f'<div>{esc(first.why)}。<span class="how">{esc(first.remedy)}</span></div>{_others(group)}</div>')


def _others(group: list[Finding]) -> str:
    """The cells that the same rule found, to be unfolded."""
    if len(group) == 1:
        return ""
    lines = "".join(f"<div>{esc(finding.address)}　{esc(finding.title)}　{esc(finding.found)}"
                    f"{'' if finding.why == group[0].why else '：' + esc(finding.why)}</div>" for finding in group[1:MOST_LISTED])
    more = f'<div>{t("entry.problems.more", n=len(group) - MOST_LISTED)}</div>' if len(group) > MOST_LISTED else ""
    return f'<details><summary>{t("entry.problems.alike", n=len(group))}</summary>{lines}{more}</details>'


def ignored(sentences: list[str]) -> str:
    """What of the file was not read."""
    if not sentences:
        return ""
    return (f'<div class="q gap"><h2>{t("entry.ignored", n=len(sentences))}</h2>'
            + "".join(f'<div class="lead">{esc(sentence)}</div>' for sentence in sentences) + "</div>")
