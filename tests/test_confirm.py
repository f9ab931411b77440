"""From a filled workbook to a changed status and back: confirming, taking back, two at once, a killed writer."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
import time
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

import pytest

from etl import audit, ledger
from etl.confirm import StaleReview, confirm, record_stage, withdraw
from etl.entries import Cell, EntryFile, EntryRow
from etl.problems import DataProblems
from etl.refresh import finish_interrupted
from etl.review import Review, review_file, review_rows
from etl.versions import current_file, open_read_only
from tests.conftest import use_data

TODAY = date.today()
TARGET = {"target_id": "lishui-001"}
KILLS = 50


def ask(question: str, *parameters) -> list[tuple]:
    with open_read_only(current_file()) as connection:
        return connection.execute(question, list(parameters)).fetchall()


def typed(value: str, period: str = "2025", **more: str) -> EntryRow:
    cells = TARGET | {"value": value, "period": period, "status": "正式", "publisher": "丽水市水利局"} | more
    return EntryRow("", 1, {name: Cell(text, "") for name, text in cells.items()})


def reviewed(*rows: EntryRow) -> Review:
    found = review_rows(list(rows), [], TODAY)
    assert not found.checked.errors, found.checked.errors
    return found


def status() -> str:
    return ask("SELECT status FROM attainment(?) WHERE target_id = ?", TODAY, TARGET["target_id"])[0][0]


def test_a_figure_turns_its_target_and_its_withdrawal_turns_it_back(data):
    assert status() == "到期未报"
    review = reviewed(typed("2.9"))
    assert [(flip.target_id, flip.before, flip.after) for flip in review.flips] == [("lishui-001", "到期未报", "达标")]
    assert [line.change for line in review.lines] == ["added"]
    done = confirm(review, " 王芳 ", "年报")
    assert status() == "达标"
    entry_id, = ask("SELECT observation_id FROM attainment(?) WHERE target_id = ?", TODAY, "lishui-001")[0]
    assert entry_id.startswith(done.load_id)
    assert ask("SELECT kind, title, publisher, confidence FROM sources JOIN observations USING (source_id) WHERE observation_id = ?",
               entry_id) == [("manual", "手工录入", "丽水市水利局", "high")]
    assert ask("SELECT confirmed_by, load_note, state FROM entries") == [("王芳", "年报", "current")]
    withdraw([entry_id], "填错了表", "李强")
    assert status() == "到期未报"
    assert ask("SELECT kind, state FROM entries ORDER BY load_id") == [("figure", "withdrawn"), ("withdrawal", "current")]
    assert [entry["action"] for entry in audit.read(10)] == ["withdraw", "load"]


def test_a_second_figure_replaces_the_first_and_both_remain(data):
    confirm(reviewed(typed("2.9")), "王芳")
    review = reviewed(typed("2.5"))
    line, = review.lines
    assert line.change == "changed" and [float(figure.value) for figure in line.replaces] == [2.9]
    assert [(flip.before, flip.after) for flip in review.flips] == [("达标", "未达标")]
    confirm(review, "李强")
    assert status() == "未达标"
    assert ask("SELECT value, superseded_by IS NULL FROM observations WHERE observation_id IN (SELECT entry_id FROM entries) "
               "ORDER BY value") == [(2.5, True), (2.9, False)]
    assert ask("SELECT value, state FROM entries ORDER BY load_id") == [(2.9, "superseded"), (2.5, "current")]


def test_the_same_figure_again_writes_nothing(data):
    confirm(reviewed(typed("2.9")), "王芳")
    again = reviewed(typed("2.9"))
    assert [line.change for line in again.lines] == ["same"]
    with pytest.raises(ValueError, match="没有要入库"):
        confirm(again, "王芳")
    assert len(ledger.load_ids()) == 1


def test_an_entered_figure_replaces_a_published_one_until_it_is_taken_back(data):
    target, published, value = ask("""
        SELECT a.target_id, a.observation_id, a.actual_value FROM attainment(?) a JOIN targets t USING (target_id)
        JOIN observations o ON o.observation_id = a.observation_id
        WHERE a.status = '达标' AND t.comparator = '>=' AND o.period_kind = 'year' AND year(o.period_end) = 2025 AND t.unit = '%'
          AND a.duplicate_of IS NULL LIMIT 1""", TODAY)[0]
    done = confirm(reviewed(typed("1", target_id=target)), "王芳")
    assert ask("SELECT status FROM attainment(?) WHERE target_id = ?", TODAY, target) == [("未达标",)]
    assert ask("SELECT superseded_by FROM observations WHERE observation_id = ?", published) == [(f"{done.load_id}-0001",)]
    withdraw([f"{done.load_id}-0001"], "误填", "王芳")
    assert ask("SELECT status, actual_value FROM attainment(?) WHERE target_id = ?", TODAY, target) == [("达标", value)]


def test_people_judge_what_has_no_number(data):
    target, = ask("SELECT target_id FROM attainment(?) WHERE status = '定性待评' LIMIT 1", TODAY)[0]
    cells = {"target_id": target, "verdict": "达标", "reason": "制度已印发", "evidence": "市政办〔2025〕1号", "judged_by": "张伟",
             "judged_on": f"{TODAY}"}
    row = EntryRow("", 1, {name: Cell(text, "") for name, text in cells.items()})
    review = review_rows([], [row], TODAY)
    assert not review.checked.errors and [(flip.before, flip.after) for flip in review.flips] == [("定性待评", "达标")]
    done = confirm(review, "张伟")
    assert [line.change for line in review_rows([], [row], TODAY).lines] == ["same"]
    assert ask("SELECT status FROM attainment(?) WHERE target_id = ?", TODAY, target) == [("达标",)]
    assert ask("SELECT verdict_id FROM judgements WHERE target_id = ? AND ? BETWEEN valid_from AND valid_to", target, TODAY) == [
        (f"{done.load_id}-0001",)]
    withdraw([f"{done.load_id}-0001"], "依据不足", "张伟")
    assert ask("SELECT status FROM attainment(?) WHERE target_id = ?", TODAY, target) == [("定性待评",)]


def test_stages_of_projects_are_kept(data):
    record_stage("project", "yongjia-p05", "在建", "主体开工", "现场照片", "王芳")
    record_stage("project", "yongjia-p05", "完工", "竣工验收", "验收报告", "王芳")
    assert ask("SELECT stage, state FROM entries WHERE project_id = 'yongjia-p05' ORDER BY load_id") == [
        ("在建", "superseded"), ("完工", "current")]


def test_what_was_reviewed_before_somebody_else_confirmed_is_refused(data):
    mine, theirs = reviewed(typed("2.9")), reviewed(typed("2.5"))
    confirm(theirs, "李强")
    with pytest.raises(StaleReview):
        confirm(mine, "王芳")
    assert len(ledger.load_ids()) == 1 and status() == "未达标"


def test_two_at_once_one_gets_through(data):
    reviews = [reviewed(typed("2.9")), reviewed(typed("2.5"))]
    failures = []

    def run(review: Review) -> None:
        try:
            confirm(review, "王芳")
        except StaleReview as stale:
            failures.append(stale)

    threads = [threading.Thread(target=run, args=[review]) for review in reviews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 1 and len(ledger.load_ids()) == 1


@pytest.mark.parametrize("who", ["", "   "])
def test_nobody_confirms_nothing(data, who):
    with pytest.raises(ValueError, match="姓名"):
        confirm(reviewed(typed("2.9")), who)
    assert ledger.load_ids() == []


def test_errors_block(data):
    review = review_rows([typed("二点九九九米")], [], TODAY)
    assert review.checked.errors and review.flips == []
    with pytest.raises(ValueError, match="须改"):
        confirm(review, "王芳")


def test_a_load_that_cannot_be_published_is_taken_back(data):
    review = reviewed(typed("2.9"))
    before = current_file()
    (data / "register" / "targets.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataProblems):
        confirm(review, "王芳")
    assert ledger.load_ids() == [] and current_file() == before and audit.read(5) == []


def test_a_full_disk_changes_nothing(data, monkeypatch):
    review = reviewed(typed("2.9"))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        confirm(review, "王芳")
    assert ledger.load_ids() == [] and not list((data / "observations" / "entries").glob("*"))


def test_the_very_file_is_recognised(data):
    file = EntryFile("a.xlsx", "a" * 64, [typed("2.9")], [], [])
    done = confirm(review_file(file, TODAY), "王芳")
    assert review_file(file, TODAY).already_loaded == done.load_id
    withdraw([f"{done.load_id}-0001"], "重报", "王芳")
    assert review_file(file, TODAY).already_loaded is None


def write_in_child(folder: Path, value: str, told: Connection) -> None:
    """What a clerk's process does, until it is killed."""
    with pytest.MonkeyPatch.context() as patch:
        use_data(patch, folder)
        told.send("started")
        confirm(reviewed(typed(value)), "王芳")
        told.send("confirmed")


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_at_fifty_random_moments_nothing_is_lost_or_doubled(data, monkeypatch):
    """What was said to be confirmed is there; what was not is there whole or not at all; the last good version opens."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # Streamlit's test runner leaves app.py there, to be run anew
    server = get_context("forkserver")
    server.set_forkserver_preload([__name__, "etl.checks.schema", "etl.geography", "etl.load"])  # else each one imports for seconds
    began = time.perf_counter()
    confirm(reviewed(typed("2.99")), "王芳")
    dice, longest, confirmed, finished = random.Random(7), time.perf_counter() - began, {"2.99"}, 0
    for turn in range(KILLS):
        value = f"{3 + turn / 100:.2f}"
        hearing, telling = server.Pipe(duplex=False)
        writer = server.Process(target=write_in_child, args=(data, value, telling))
        writer.start()
        telling.close()
        assert hearing.recv() == "started"
        time.sleep(dice.uniform(0, longest))
        writer.kill()
        writer.join()
        with contextlib.suppress(EOFError):  # killed before it said so
            assert hearing.recv() == "confirmed"
            confirmed.add(value)
        assert ask("SELECT count(*) FROM targets") == [(387,)]
        if turn % 5 == 4:  # in between, the next one confirmed publishes what was left
            finished += finish_interrupted()
            values = [f"{value:.2f}" for value, in ask("SELECT value FROM entries")]
            assert len(values) == len(set(values)) == len(ledger.load_ids())
            assert confirmed <= set(values)
    assert finished and 1 < len(ledger.load_ids()) <= KILLS  # some were killed after writing, some before
