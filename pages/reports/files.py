"""The three files of a report: what makes each, made only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dashboard.reports.content import Report
from etl.spreadsheets import XLSX_MIME

DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX_MIME = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True)
class File:
    """`key` is that of the button's words."""

    key: str
    suffix: str
    mime: str
    make: Callable[[Report], bytes]
    looks: Literal["primary", "secondary"] = "secondary"


def _word(report: Report) -> bytes:
    from dashboard.reports.word import document  # slow to import and seldom needed, as the two below

    return document(report)


def _slides(report: Report) -> bytes:
    from dashboard.reports.slides import deck

    return deck(report)


def _workbook(report: Report) -> bytes:
    from dashboard.reports.workbook import workbook

    return workbook(report)


FILES = (File("word", "docx", DOCX_MIME, _word, "primary"), File("slides", "pptx", PPTX_MIME, _slides),
         File("workbook", "xlsx", XLSX_MIME, _workbook))
