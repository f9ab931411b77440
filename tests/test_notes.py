"""Notes on targets: kept like figures, side by side, taken back like figures, and never a judgement."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard import entry_queries
from etl import audit, ledger
from etl.confirm import record_note, withdraw
from etl.problems import DataProblems
from etl.versions import current_file, open_read_only

TODAY = date.today()
TARGET = "lishui-001"
NASTY = '<img src=x onerror="alert(1)">\n=1+1'


def ask(question: str, **parameters) -> pd.DataFrame:
    with open_read_only(current_file()) as connection:
        return getattr(entry_queries, question)(connection.cursor(), **parameters)


def notes(as_of: date = TODAY, *target_ids: str) -> pd.DataFrame:
    return ask("notes", target_ids=list(target_ids or [TARGET]), as_of=as_of)


def statuses() -> list[tuple]:
    with open_read_only(current_file()) as connection:
        return connection.execute("SELECT target_id, status FROM attainment(?) ORDER BY target_id", [TODAY]).fetchall()


def test_notes_stand_side_by_side_and_judge_nothing(data):
    before = statuses()
    record_note(TARGET, " 水面率数据由水利局核算，尚未定稿 ", date(2026, 12, 31), " 王芳 ")
    record_note(TARGET, NASTY, None, "李强")
    found = notes()
    assert found["text"].tolist() == [NASTY, "水面率数据由水利局核算，尚未定稿"]
    assert found["author"].tolist() == ["李强", "王芳"]
    assert found["promised_on"].isna().tolist() == [True, False] and found["promised_on"].iloc[1] == pd.Timestamp("2026-12-31")
    assert {"entry_id", "load_id", "target_id", "day", "confirmed_at"} <= set(found.columns)
    assert notes(TODAY - timedelta(days=2)).empty and notes(TODAY, "lishui-002").empty
    assert statuses() == before
    assert [entry["action"] for entry in audit.read(10)] == ["load", "load"]


def test_a_note_is_taken_back_and_the_other_stays(data):
    first = record_note(TARGET, "甲", None, "王芳")
    record_note(TARGET, "乙", None, "王芳")
    taken = withdraw(ask("entries_of_load", load_id=first.load_id)["entry_id"].tolist(), "写错了", "李强")
    assert notes()["text"].tolist() == ["乙"]
    row = ask("entries_of_load", load_id=taken.load_id).iloc[0]
    assert (row["kind"], row["said"], row["reason"]) == ("withdrawal", "甲", "写错了")
    withdraw([row["entry_id"]], "没有写错", "李强")
    assert sorted(notes()["text"]) == ["乙", "甲"]


def test_the_history_knows_notes_by_kind_and_by_target(data):
    made = record_note(TARGET, "甲", date(2026, 12, 31), "王芳")
    record_note("lishui-013", "别的目标", None, "王芳")
    load = ask("recent_loads", limit=5).set_index("load_id").loc[made.load_id]
    assert (load["notes"], load["figures"], load["verdicts"], load["stages"], load["withdrawals"]) == (1, 0, 0, 0, 0)
    row = ask("entries_of_load", load_id=made.load_id).iloc[0]
    assert (row["kind"], row["state"], row["subject"], row["region"]) == ("note", "current", "基本水面率", "丽水市")
    assert (row["said"], row["period_text"]) == ("甲", "承诺 2026-12-31") and isinstance(row["scope"], str)
    told = ask("figure_history", figure_id=row["entry_id"])
    assert told["what"].tolist() == ["note"] and told["said"].tolist() == ["甲"] and told["subject"].tolist() == ["基本水面率"]
    withdraw([row["entry_id"]], "写错了", "李强")
    assert ask("figure_history", figure_id=row["entry_id"])["what"].tolist() == ["note", "withdrawal"]


@pytest.mark.parametrize("text, name", [("", "王芳"), (" \n ", "王芳"), ("\0", "王芳"), ("长" * (ledger.LONGEST_NOTE + 1), "王芳"),
                                        ("甲", " ")])
def test_an_empty_note_a_long_one_and_one_without_a_name_are_refused(data, text, name):
    with pytest.raises(ValueError, match=r"说明要写|姓名"):
        record_note(TARGET, text, None, name)
    assert ledger.load_ids() == []


def test_a_note_on_no_target_changes_nothing(data):
    before = current_file()
    with pytest.raises(DataProblems):
        record_note("nowhere-001", "甲", None, "王芳")
    assert ledger.load_ids() == [] and current_file() == before


def test_control_characters_do_not_reach_the_ledger(data):
    record_note(TARGET, "甲\0乙\x1b\n丙", None, "王芳")
    assert notes()["text"].tolist() == ["甲乙\n丙"]
