"""The ledger of entries: what stands, what was replaced, what was taken back."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from etl import ledger
from etl.ledger import LOAD_COLUMNS, ROW_COLUMNS, Origin, new_load, superseded, with_states

START = datetime(2026, 1, 1, tzinfo=UTC)
KEY = {"indicator_id": "i", "region_id": "r", "scope": "全市", "period_kind": "year",
       "period_start": "2025-01-01", "period_end": "2025-12-31"}


def table(*rows: dict) -> pd.DataFrame:
    """Entries as read: one load a row, one load a day, ids e1, e2 …"""
    made = []
    for number, row in enumerate(rows, start=1):
        day = f"{START + timedelta(days=number):%Y-%m-%d}"
        made.append({"load_id": f"l{number:02d}", "confirmed_by": "甲", "confirmed_at": f"{day}T00:00:00Z", "entry_id": f"e{number}"} | row)
    return pd.DataFrame(made, columns=[*LOAD_COLUMNS, *ROW_COLUMNS], dtype="string")


def figure(value: str, **more: str) -> dict:
    return {"kind": "figure", "value": value} | KEY | more


def withdrawal(entry_id: str) -> dict:
    return {"kind": "withdrawal", "withdraws": entry_id}


def states(entries: pd.DataFrame) -> dict[str, str]:
    found = with_states(entries)
    return dict(zip(found["entry_id"], found["state"]))


def replaced(entries: pd.DataFrame) -> dict[str, tuple[str, str]]:
    return {row.observation_id: (row.superseded_by, row.superseded_on) for row in superseded(with_states(entries)).itertuples()}


def test_the_latest_of_a_key_stands_and_the_others_remain():
    entries = table(figure("1"), figure("2", period_end="2024-12-31"), figure("3"), figure("4"))
    assert states(entries) == {"e1": "superseded", "e2": "current", "e3": "superseded", "e4": "current"}
    assert replaced(entries) == {"e1": ("e3", "2026-01-04"), "e3": ("e4", "2026-01-05")}


def test_a_withdrawal_takes_back_and_can_itself_be_taken_back():
    entries = table(figure("1"), figure("2"), withdrawal("e2"), withdrawal("e3"))
    assert states(entries.head(3)) == {"e1": "current", "e2": "withdrawn", "e3": "current"}
    assert replaced(entries.head(3)) == {}
    assert states(entries) == {"e1": "superseded", "e2": "current", "e3": "withdrawn", "e4": "current"}


def test_a_figure_through_five_changes():
    entries = table(figure("1", supersedes="pub-1"), figure("2"), withdrawal("e2"), figure("3"), withdrawal("e1"))
    assert states(entries) == {"e1": "withdrawn", "e2": "withdrawn", "e3": "current", "e4": "current", "e5": "current"}
    assert replaced(entries) == {"pub-1": ("e4", "2026-01-05")}


def test_a_published_figure_counts_again_when_everything_that_replaced_it_is_withdrawn():
    entries = table(figure("1", supersedes="pub-1;pub-2"), withdrawal("e1"))
    assert replaced(entries) == {}
    assert set(replaced(entries.head(1))) == {"pub-1", "pub-2"}


def test_the_day_of_publication_decides_from_when_a_figure_replaces_another():
    entries = table(figure("1"), figure("2", published_on="2026-06-01"))
    assert replaced(entries) == {"e1": ("e2", "2026-06-01")}


def test_verdicts_and_stages_replace_the_earlier_one_of_their_subject():
    entries = table({"kind": "verdict", "target_id": "t", "verdict": "达标"}, {"kind": "verdict", "target_id": "t", "verdict": "未达标"},
                    {"kind": "stage", "project_id": "p", "stage": "在建"}, {"kind": "stage", "measure_id": "p", "stage": "在建"},
                    {"kind": "stage", "project_id": "p", "stage": "完工"})
    assert [key for key, state in states(entries).items() if state == "superseded"] == ["e1", "e3"]


def test_what_is_written_is_what_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger, "ENTRIES", tmp_path)
    rows = [figure("1", note='他说"好",\n另起一行', url=""), figure("2", period_end="2024-12-31")]
    load_id, file, content = new_load(Origin("王芳", "一季度", "a.xlsx", "0" * 64), rows, START)
    file.write_bytes(content)
    assert ledger.load_ids() == [load_id] and file.parent == tmp_path
    read = pd.read_csv(file, dtype="string", keep_default_na=False)
    assert list(read.columns) == [*LOAD_COLUMNS, *ROW_COLUMNS]
    assert read["note"].tolist() == ['他说"好",\n另起一行', ""] and read["entry_id"].is_unique
    assert set(read["confirmed_by"]) == {"王芳"} and set(read["file_sha256"]) == {"0" * 64}


def test_loads_of_the_same_moment_have_names_of_their_own():
    names = {new_load(Origin(who), [figure(value)], START)[0] for who, value in itertools.product(("甲", "乙"), ("1", "2"))}
    assert len(names) == 4


@pytest.mark.parametrize("before", [[], ["a"]])
def test_the_fingerprint_changes_with_every_load(tmp_path, before):
    for name in before:
        (tmp_path / f"{name}.csv").touch()
    first = ledger.fingerprint(tmp_path)
    (tmp_path / "z.csv.new").touch()
    assert ledger.fingerprint(tmp_path) == first
    (tmp_path / "z.csv").touch()
    assert ledger.fingerprint(tmp_path) != first
