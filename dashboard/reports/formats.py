"""The three files a report can become, and what makes each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.reports.content import Report
from etl.spreadsheets import XLSX_MIME


@dataclass(frozen=True)
class Format:
    """`make` imports its library when called: they are slow to import and seldom needed."""

    suffix: str
    mime: str
    make: Callable[[Report], bytes]


def _word(report: Report) -> bytes:
    from dashboard.reports.word import document

    return document(report)


def _slides(report: Report) -> bytes:
    from dashboard.reports.slides import deck

    return deck(report)


def _workbook(report: Report) -> bytes:
    from dashboard.reports.workbook import workbook

    return workbook(report)


FORMATS = {
    "word": Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word),
    "slides": Format("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", _slides),
    "workbook": Format("xlsx", XLSX_MIME, _workbook),
}
