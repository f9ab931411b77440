"""What was said of targets: a screen of its own, and the newest note as one line under its target on other screens."""

from __future__ import annotations

import pandas as pd

from dashboard import store, theme
from dashboard.filters import Selection
from dashboard.map_labels import text_width
from dashboard.text import day_text, esc, t
from pages.meeting.screens import Screen, card_link, finding, fitting, more

ROOM, ROW, LINE, LETTER, MOST = 690, 117, 44, 32, 8
"""Pixels at 1920 × 1080: of all notes, of one whose words take a line, of a second line, of a letter; and how many are tried."""
WORDS = 1340
"""Width of the words of a note beside the promised day."""


def newest(target_ids: list[str], selection: Selection) -> dict[str, dict]:
    """The newest note on each of these targets that has one, by target_id; columns as `entry_queries.notes`."""
    rows = store.ask("notes", target_ids=target_ids, as_of=selection.as_of)
    return {row["target_id"]: row for row in rows.drop_duplicates("target_id").to_dict("records")}


def line(note: dict | None, selection: Selection) -> str:
    """Day and author, as much of the words as has room, and the promise."""
    if note is None:
        return ""
    late = _late(note, selection)
    promise = f'<b>{_promise(note)}{late and f"，{late}"}</b>' if _promise(note) else ""
    return (f'<p class="said"><span class="who">{esc(_who(note))}</span>'
            f'<span class="cut" title="{esc(note["text"])}">{esc(_plain(note))}</span>{promise}</p>')


def notes(selection: Selection) -> Screen | None:
    """Promises that are past first, then those to come, then what was said without one; None where nobody said anything."""
    targets = store.ask("targets", **selection.parameters())
    rows = store.ask("notes", target_ids=targets["target_id"].tolist(), as_of=selection.as_of)
    if rows.empty:
        return None
    rows = rows.sort_values(["promised_on", "entry_id"], ascending=[True, False]).merge(targets, on="target_id", suffixes=("", "_target"))
    promised, past = rows["promised_on"].notna().sum(), (rows["promised_on"] < pd.Timestamp(selection.as_of)).sum()
    title = finding(t("meeting.notes.title", n=len(rows)),
                    [t(f"meeting.notes.{key}", n=n) for key, n in (("promised", promised), ("past", past)) if n])
    first = rows.head(MOST).to_dict("records")
    shown = first[:fitting([ROW + LINE * (text_width(_words(row), LETTER) > WORDS) for row in first], ROOM)]
    items = "".join(_item(row, selection) for row in shown)
    return Screen("notes", t("meeting.screen.notes"), title, f'<p class="sub">{t("meeting.notes.sub")}</p>'
                  f'<div class="list">{items}</div>{more(len(rows) - len(shown), "notes")}')


def _item(row: dict, selection: Selection) -> str:
    promise = f'<div class="gap">{_promise(row)}<p class="how">{_late(row, selection)}</p></div>' if _promise(row) else ""
    mark = theme.badge(row["status"], isinstance(row["earlier_observation_id"], str))
    return (f'<div><div><p class="what cut"><b>{esc(row["region"])}</b>　{card_link(row, selection)}　<span class="how">{mark}</span></p>'
            f'<p class="how two" title="{esc(row["text"])}">{esc(_words(row))}</p></div>{promise}</div>')


def _words(note: dict) -> str:
    return f"{_who(note)}　{_plain(note)}"


def _who(note: dict) -> str:
    return f"{day_text(note['day'])} {note['author']}"


def _plain(note: dict) -> str:
    """In one line."""
    return " ".join(note["text"].split())


def _promise(note: dict) -> str:
    return "" if pd.isna(note["promised_on"]) else t("note.promise", day=day_text(note["promised_on"]))


def _late(note: dict, selection: Selection) -> str:
    days = (pd.Timestamp(selection.as_of) - note["promised_on"]).days
    return t("meeting.notes.late", days=days) if days > 0 else ""
