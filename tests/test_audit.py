"""The audit log: nothing lost, nothing glued together, nothing unreadable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl import audit

ROOT = Path(__file__).resolve().parents[1]
LINES = 200
WRITER = f"""
import sys
from etl.audit import record
for number in range({LINES}):
    record("load", sys.argv[1], {{"number": number, "padding": "水" * 300}})
"""


@pytest.fixture(autouse=True)
def log(tmp_path, monkeypatch) -> Path:
    file = tmp_path / "data" / "audit.jsonl"
    monkeypatch.setattr("etl.audit.AUDIT", file)
    return file


def test_without_a_log_there_are_no_entries():
    assert audit.read(50) == []


def test_entries_come_back_newest_first():
    for number in range(5):
        audit.record("load", "王敏", {"number": number})
    found = audit.read(3)
    assert [entry["detail"]["number"] for entry in found] == [4, 3, 2]
    assert found[0]["action"] == "load"
    assert found[0]["who"] == "王敏"
    assert found[0]["time"].endswith("Z")
    assert audit.read(0) == []


def test_two_processes_at_once_lose_nothing(log):
    log.parent.mkdir()
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, who], cwd=ROOT, env={**os.environ, "QINGLIU_DATA": str(log.parent)})
               for who in ("甲", "乙")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert log.read_bytes().count(b"\n") == 2 * LINES
    found = audit.read(1000)
    for who in ("甲", "乙"):
        assert [entry["detail"]["number"] for entry in reversed(found) if entry["who"] == who] == list(range(LINES))


@pytest.mark.parametrize("cut", [1, 5, 20, 40])
def test_a_line_cut_short_is_left_out_and_does_not_spoil_the_next(log, cut):
    for number in range(3):
        audit.record("load", "王敏", {"number": number})
    log.write_bytes(log.read_bytes()[:-cut])
    whole = [1, 0] if cut > 1 else [2, 1, 0]  # without the line break alone the entry is whole
    assert [entry["detail"]["number"] for entry in audit.read(9)] == whole
    audit.record("load", "王敏", {"number": 3})
    assert [entry["detail"]["number"] for entry in audit.read(9)] == [3, *whole]


@pytest.mark.parametrize("junk", [b"\x00\x00\x00", b"[1]", b"null", b'{"time": 3}', b"\xff\xfe", b"", b'"x"',
                                  b'{"time": "a", "action": "b", "who": "c", "detail": "d"}', b"[" * 100_000])
def test_lines_that_are_no_entry_are_left_out(log, junk):
    audit.record("load", "王敏", {})
    with log.open("ab") as file:
        file.write(junk + b"\n")
    audit.record("load", "李强", {})
    assert [entry["who"] for entry in audit.read(9)] == ["李强", "王敏"]


def test_nothing_a_visitor_types_breaks_the_line(log):
    typed = 'a"b\\c\nd\r\u2028\x00\ud800'
    audit.record("sign_in_failed", typed, {"address": typed})
    assert log.read_bytes().count(b"\n") == 1
    assert audit.read(1)[0]["who"].startswith('a"b\\c\nd\r\u2028\x00')


def test_a_log_that_cannot_be_written_says_so(log):
    log.mkdir(parents=True)
    with pytest.raises(OSError):
        audit.record("load", "王敏", {})
