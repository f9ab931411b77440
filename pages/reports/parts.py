"""HTML of the page of reports: what the report will say."""

from __future__ import annotations

from dashboard import theme
from dashboard.queries import STATUS_ORDER
from dashboard.reports.content import Report
from dashboard.reports.sentences import ALWAYS_SAID
from dashboard.text import esc, t


def heading(report: Report) -> str:
    """The title of the report, its period, day and regions."""
    period = report.period
    sub = t("reports.sub", first=period.first, last=period.last, day=report.as_of, regions="、".join(report.names))
    return f'<div class="q"><h1>{esc(report.title)}</h1><div class="sub">{esc(sub)}</div></div>'


def counts(report: Report) -> str:
    """Targets per region and status; repealed ones out of the sum."""
    every = report.targets["status"]
    statuses = [status for status in STATUS_ORDER if (every == status).any() or status in ALWAYS_SAID]
    heads = "".join(f'<th class="r">{theme.badge(status)}</th>' for status in statuses)
    rows = [_row(esc(part.name), part.targets["status"], statuses) for part in report.regions]
    if len(rows) > 1:
        rows.append(_row(f'<b>{t("report.word.sum")}</b>', every[every != "已废止"], statuses))
    return (f'<div class="q gap"><h2>{t("reports.counts")}</h2><table class="dense" style="max-width:900px"><tr>'
            f'<th>{t("column.region")}</th>{heads}<th class="r">{t("report.word.total")}</th></tr>{"".join(rows)}</table></div>')


def said(report: Report) -> str:
    """The sentences of the report: of all regions, then of each."""
    blocks = [_sentences(part.name, report.sentences_of(part)) for part in report.regions]
    return "".join([_sentences(t("report.word.summary"), report.summary), *blocks])


def _row(name: str, found, statuses: list[str]) -> str:
    numbers = [int((found == status).sum()) for status in statuses]
    cells = "".join(f'<td class="r{"" if n else " z"}">{n}</td>' for n in [*numbers, len(found)])
    return f'<tr><td class="nw">{name}</td>{cells}</tr>'


def _sentences(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    return f'<div class="q gap"><h2>{esc(title)}</h2>{"".join(f"<div>{esc(line)}</div>" for line in lines)}</div>'
