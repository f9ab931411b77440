"""Passages of the plan documents, shown only where the user has put the very file into data/sources/.

The database keeps characters `span_start` to `span_end` of a document, never its sentences; without the file, or
with another version of it, there is nothing to show.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.text import esc
from etl.paths import SOURCES

ABSENT, CHANGED, PRESENT = "absent", "changed", "present"
AROUND = 60
"""Characters shown before and after a passage."""


@dataclass(frozen=True)
class SourceText:
    """A document's text if its file is there and is the registered one."""

    state: str  # absent changed present
    text: str = ""


@dataclass(frozen=True)
class Excerpt:
    """A passage with what stands around it."""

    before: str
    inside: str
    after: str
    is_cut_before: bool
    is_cut_after: bool


def source_text(file_name: str, sha256: str, folder: Path = SOURCES) -> SourceText:
    """Read a document once and compare its fingerprint."""
    if Path(file_name).name != file_name:  # a register must not reach outside the folder
        return SourceText(ABSENT)
    try:
        content = (folder / file_name).read_bytes()
    except OSError:
        return SourceText(ABSENT)
    if hashlib.sha256(content).hexdigest() != sha256:
        return SourceText(CHANGED)
    return SourceText(PRESENT, content.decode("utf-8"))


def source_texts(documents: pd.DataFrame, folder: Path = SOURCES) -> dict[str, SourceText]:
    """All documents of the register (columns document_id, file_name, sha256)."""
    return {row["document_id"]: source_text(row["file_name"], row["sha256"], folder)
            for row in documents.to_dict("records")}


def excerpt(source: SourceText, start: int | None, end: int | None, around: int = AROUND) -> Excerpt | None:
    """The passage with its surroundings; None without the text or outside of it."""
    if source.state != PRESENT or pd.isna(start) or pd.isna(end) or not 0 <= start < end <= len(source.text):
        return None
    first, last = max(0, int(start) - around), min(len(source.text), int(end) + around)
    return Excerpt(source.text[first:int(start)], source.text[int(start):int(end)], source.text[int(end):last],
                   first > 0, last < len(source.text))


def marked(found: Excerpt) -> str:
    """HTML of an excerpt, escaped, the passage highlighted; paragraphs of the document become line breaks."""
    before = ("…" if found.is_cut_before else "") + found.before.lstrip()
    after = found.after.rstrip() + ("…" if found.is_cut_after else "")
    return f"{_lines(before)}<mark>{_lines(found.inside)}</mark>{_lines(after)}"


def _lines(text: str) -> str:
    return re.sub(r"(?:[^\S\n]*\n)+", "<br>", esc(text))
