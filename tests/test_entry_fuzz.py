"""Two thousand bad files: never anything but a plain refusal or a checked file, and never a half-read one."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date

import pytest

from etl.entries import FIGURE_FIELDS, Checked
from etl.entry_checks import check_rows, load_known
from etl.problems import DataProblems
from etl.readers.entry_file import read_entry_file
from tests.entry_files import workbook

TODAY = date(2026, 11, 22)
HEAD = list(FIGURE_FIELDS.values())
ROWS = [["lishui-001", "丽水市", "基本水面率", "全市", "%", "", "2025", "2.7", "正式", "丽水市水利局", "2026-03-01", "https://a.cn/1", ""],
        ["lishui-011", "丽水市", "化肥利用率", "全市", "%", "", "2025", 41.5, "初步", "市农业农村局", "", "", "快报"],
        ["lishui-035", "丽水市", "水土保持率", "全市", "%", "", "2025年", "９３．６%", "正式", "市水利局", "2026年3月1日", "", "全角"]]
TEXTS = ["", "=1+1", "@SUM(A1)", "#REF!", "1e309", "-0", "９９．９", "<script>", "'; DROP TABLE targets; --", "\x00", "2025-02-30",
         "9" * 400, "一百零八", "NaN", "∞", "99%%", "1,00", "\u202e2.7", "😀", " ", "lishui-999", "2099", "劣Ⅵ"]


@pytest.fixture(scope="module")
def known(connection):
    return load_known(connection, TODAY)


def tried(name: str, content: bytes, known) -> str:
    """refused, errors or good; anything else fails the test."""
    try:
        file = read_entry_file(name, content)
    except DataProblems as refusal:
        assert refusal.problems and all(problem.rule and problem.remedy for problem in refusal.problems)
        return "refused"
    checked = check_rows(file, known, TODAY)
    assert isinstance(checked, Checked)
    assert len(checked.figures) + len(checked.not_reported) <= len(file.rows)
    return "errors" if checked.errors else "good"


def damaged_bytes(dice: random.Random, content: bytes) -> bytes:
    """Some bytes changed, a piece cut out or doubled, or the end missing."""
    changed = bytearray(content)
    match dice.randrange(4):
        case 0:
            for _ in range(dice.randint(1, 12)):
                changed[dice.randrange(len(changed))] = dice.randrange(256)
        case 1:
            del changed[dice.randrange(len(changed)):]
        case 2:
            start = dice.randrange(len(changed))
            del changed[start:start + dice.randint(1, 400)]
        case 3:
            start = dice.randrange(len(changed))
            changed[start:start] = changed[start:start + dice.randint(1, 400)]
    return bytes(changed)


def damaged_parts(dice: random.Random, content: bytes) -> bytes:
    """The same archive with the XML of one part damaged, gone or twice: its checksums are right, what they guard is not."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    at = dice.randrange(len(parts))
    name, part = parts[at]
    parts[at:at + 1] = dice.choice([[], [(name, damaged_bytes(dice, part) if part else b"x")], [(name, part), ("xl/extra.xml", part)],
                                    [(name, part[:len(part) // 2] + b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + part[len(part) // 2:])]])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts:
            made.writestr(name, part)
    return buffer.getvalue()


def odd_cells(dice: random.Random) -> list[list]:
    """The table with foreign texts in some cells, and perhaps with columns and rows that are gone, doubled or moved."""
    table = [list(HEAD), *(list(row) for row in ROWS)]
    for _ in range(dice.randint(1, 4)):
        row = dice.choice(table)
        row[dice.randrange(len(row))] = dice.choice(TEXTS)
    for row in table if dice.random() < 0.3 else []:
        del row[dice.randrange(len(row))]
    if dice.random() < 0.3:
        dice.shuffle(table)
    return table


def as_csv(table: list[list], separator: str) -> str:
    return "\r\n".join(separator.join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in table)


@pytest.mark.parametrize("kind", ["bytes", "parts", "cells", "csv utf-8", "csv utf-8-sig", "csv gb18030"])
def test_bad_files_are_refused_or_named(kind, known):
    dice, seen = random.Random(kind), set()
    good = workbook(("填报", [HEAD, *ROWS]))
    assert tried("a.xlsx", good, known) == "good"
    for _ in range(340):
        match kind.split():
            case ["bytes"]:
                seen.add(tried("a.xlsx", damaged_bytes(dice, good), known))
            case ["parts"]:
                seen.add(tried("a.xlsx", damaged_parts(dice, good), known))
            case ["cells"]:
                table = [[cell.replace("\x00", "?") if isinstance(cell, str) else cell for cell in row] for row in odd_cells(dice)]
                seen.add(tried("a.xlsx", workbook(("填报", table)), known))
            case ["csv", encoding]:
                content = as_csv(odd_cells(dice), dice.choice(",\t;")).encode(encoding, "replace")
                seen.add(tried("a.csv", damaged_bytes(dice, content) if dice.random() < 0.5 else content, known))
    assert seen - {"good"}, "nothing bad was tried"
