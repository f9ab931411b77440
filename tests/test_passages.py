"""Passages: shown only from the registered file, escaped, with the passage marked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dashboard import passages

TEXT = "前文。\n\n一、到2025年，<b>优良</b>比例达到97.3%以上。\n\n后文"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.txt").write_bytes(TEXT.encode())
    return tmp_path


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def test_the_registered_file_is_read(folder):
    assert passages.source_text("plan.txt", sha256(TEXT), folder) == passages.SourceText(passages.PRESENT, TEXT)


def test_missing_file_other_version_and_path_outside(folder):
    assert passages.source_text("none.txt", sha256(TEXT), folder).state == passages.ABSENT
    assert passages.source_text("plan.txt", sha256("另一版"), folder).state == passages.CHANGED
    assert passages.source_text("../plan.txt", sha256(TEXT), folder / "sub").state == passages.ABSENT


def test_passage_is_marked_and_escaped(folder):
    source = passages.source_text("plan.txt", sha256(TEXT), folder)
    start = TEXT.index("<b>优良")
    html = passages.marked(passages.excerpt(source, start, start + 9, around=8))
    assert "<mark>&lt;b&gt;优良&lt;/b&gt;</mark>" in html
    assert html.startswith("…")
    assert html.endswith("…")
    assert "<b>" not in html
    assert "\n" not in html


def test_whole_text_has_no_ellipsis_and_paragraphs_become_breaks(folder):
    source = passages.source_text("plan.txt", sha256(TEXT), folder)
    html = passages.marked(passages.excerpt(source, 0, 3, around=1000))
    assert html.startswith("<mark>前文。</mark><br>一、")
    assert "…" not in html


@pytest.mark.parametrize(("start", "end"), [(None, None), (5, 5), (-1, 3), (0, 10_000)])
def test_a_place_outside_the_text_gives_nothing(folder, start, end):
    source = passages.source_text("plan.txt", sha256(TEXT), folder)
    assert passages.excerpt(source, start, end) is None


def test_without_the_text_there_is_no_passage():
    assert passages.excerpt(passages.SourceText(passages.ABSENT), 0, 3) is None
