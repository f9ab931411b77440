"""What falls on which day: deadlines of targets, days promised in notes, and the rhythm in which a plan wants to be reported on."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from dashboard import text
from dashboard.filters import Selection
from dashboard.reports.periods import Period, periods
from dashboard.text import day_text, t

SOON_DAYS = 90
RHYTHM = ("dispatch", "bulletin", "assessment")
RHYTHM_DAYS = 365
"""How far ahead the rhythm of a plan is listed."""

UNSETTLED = ("到期未报", "定性待评", "未达标")
"""Statuses with which a passed deadline still asks for something."""

COLUMNS = ["uid", "kind", "day", "part", "region", "title", "about", "status", "units", "clause", "document", "target_id"]
PARTS = ("past", "soon", "later")
KINDS = ("promise", *RHYTHM, "due")
"""In the order of one day."""


def agenda(targets: pd.DataFrame, notes: pd.DataFrame, rhythms: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """One row per event with COLUMNS, by day; `part` is past, soon (within SOON_DAYS, the day itself too) or later.

    `targets` as `queries.targets`, `notes` as `entry_queries.notes`, `rhythms` as `calendar_queries.rhythms`. Past deadlines
    and promises are left out once the target is settled; repealed targets altogether. `uid` stays the same through all refreshes.
    """
    as_of = pd.Timestamp(selection.as_of)
    rows = [*_due(targets, as_of), *_promised(targets, notes, as_of), *_rhythm(rhythms, selection)]
    found = pd.DataFrame(rows, columns=[column for column in COLUMNS if column != "part"])
    found["day"] = pd.to_datetime(found["day"])
    ahead = (found["day"] - as_of).dt.days
    found["part"] = pd.cut(ahead, [-float("inf"), -1, SOON_DAYS, float("inf")], labels=list(PARTS)).astype("str")
    turn = found["kind"].map(KINDS.index)
    return found.assign(turn=turn).sort_values(["day", "turn"], kind="stable", ignore_index=True)[COLUMNS]


def _due(targets: pd.DataFrame, as_of: pd.Timestamp) -> list[dict]:
    """Deadlines still to come, and passed ones that still ask for something."""
    return [_of_target(row) | {"uid": f"due-{row['target_id']}", "kind": "due", "day": row["deadline"],
                               "about": f"{row['scope']}　{text.target_text(row)}"}
            for row in targets.to_dict("records") if not pd.isna(row["deadline"]) and _asks(row, row["deadline"], as_of)]


def _promised(targets: pd.DataFrame, notes: pd.DataFrame, as_of: pd.Timestamp) -> list[dict]:
    by_id = {row["target_id"]: row for row in targets.to_dict("records")}
    return [_of_target(by_id[note["target_id"]])
            | {"uid": f"promise-{note['entry_id']}", "kind": "promise", "day": note["promised_on"],
               "about": t("calendar.promise", text=note["text"], author=note["author"], day=day_text(note["day"]))}
            for note in notes.to_dict("records")
            if not pd.isna(note["promised_on"]) and _asks(by_id[note["target_id"]], note["promised_on"], as_of)]


def _asks(row: dict, day: pd.Timestamp, as_of: pd.Timestamp) -> bool:
    return row["status"] != "已废止" and (day >= as_of or row["status"] in UNSETTLED)


def _of_target(row: dict) -> dict:
    return {"region": row["region"], "title": row["name_in_plan"], "status": row["status"], "units": text.units_text(row),
            "clause": row["clause"], "document": _document(row["document_title"], row["document_number"]), "target_id": row["target_id"]}


def _rhythm(rhythms: pd.DataFrame, selection: Selection) -> list[dict]:
    """Ends of the quarters, half-years and years ahead. They are about no single target, so a filter of targets hides them."""
    if selection.themes or selection.statuses or selection.units or selection.text:
        return []
    found = []
    for row in rhythms.to_dict("records"):
        for period in _ahead(row["kind"], selection.as_of):
            is_wanted = not selection.years or period.last.year in selection.years
            if is_wanted and pd.Timestamp(period.last) >= row["issued_on"]:
                found.append({"uid": f"{row['kind']}-{row['measure_id']}-{period.last:%Y%m%d}", "kind": row["kind"], "day": period.last,
                              "region": row["region"], "title": t(f"calendar.{row['kind']}", period=period.words),
                              "about": _said(row, period), "clause": row["clause"],
                              "document": _document(row["document"], row["document_number"])})
    return found


def _ahead(kind: str, as_of: date) -> list[Period]:
    """Periods whose last day is at most RHYTHM_DAYS away, the running one first."""
    found = [periods(kind, as_of)[0]]
    while (after := periods(kind, found[-1].last + timedelta(days=1))[0]).last <= as_of + timedelta(days=RHYTHM_DAYS):
        found.append(after)
    return found


def _said(row: dict, period: Period) -> str:
    """What the plan leaves open, so that no day is taken for its own."""
    is_over = not pd.isna(row["period_end"]) and pd.Timestamp(period.last) > row["period_end"]
    return t("calendar.rhythm.over" if is_over else "calendar.rhythm", last=day_text(row["period_end"]))


def _document(title: str, number) -> str:
    return title if pd.isna(number) else f"{title}（{number}）"
