"""Figures and verdicts typed on the page: editable tables whose cells all take any text, judged only when handed in."""

from __future__ import annotations

import re
from string import ascii_uppercase

import pandas as pd
import streamlit as st

from dashboard.text import deadline_text, t, target_text
from etl.entries import FIGURE_FIELDS, VERDICT_FIELDS, Cell, EntryRow
from pages.entry import draft
from pages.shared.show import show

FIGURE_COLUMNS = ("indicator", "region", "scope", "unit", "target", "deadline", "period", "value", "status", "publisher", "published_on",
                  "url", "note")
VERDICT_COLUMNS = ("indicator", "region", "promise", "deadline", "verdict", "reason", "evidence", "judged_by", "judged_on")
FILLED_IN = {"period", "value", "status", "publisher", "published_on", "url", "note", "verdict", "reason", "evidence", "judged_by",
             "judged_on"}
WIDTHS = {"region": 62, "indicator": 186, "scope": 104, "unit": 84, "target": 104, "deadline": 54, "period": 108, "value": 76, "status": 76,
          "publisher": 110, "published_on": 92, "url": 96, "note": 76, "promise": 220, "verdict": 84, "reason": 190, "evidence": 190,
          "judged_by": 84, "judged_on": 92}
CHOICES = {"status": ["正式", "初步"], "verdict": ["达标", "未达标"]}
TALLEST, ROW_HEIGHT = 460, 30

Place = tuple[str, str]
"""Target and the period a figure is wanted for: what was typed for one year is not shown for another."""
Kept = dict[Place, dict[str, str]]
"""What was typed, by place and column."""


def figures(rows: pd.DataFrame) -> None:
    """Targets with a number; `rows` as entry_queries.lacking_rows()."""
    records = rows.to_dict("records")
    frame = pd.DataFrame({
        "region": rows["region"], "indicator": rows["indicator"], "scope": rows["scope"], "unit": rows["unit"],
        "target": [target_text(row) for row in records], "deadline": [deadline_text(row["deadline"]) for row in records],
        "period": rows["period"]}).set_axis(rows["target_id"])
    _table("figures", frame, FIGURE_COLUMNS, "value")


def verdicts(rows: pd.DataFrame) -> None:
    """Qualitative targets, which a person has to judge."""
    records = rows.to_dict("records")
    frame = pd.DataFrame({
        "region": rows["region"], "indicator": rows["indicator"],
        "promise": [f"{target_text(row)}（{row['scope']}）" for row in records],
        "deadline": [deadline_text(row["deadline"]) for row in records]}).set_axis(rows["target_id"])
    _table("verdicts", frame, VERDICT_COLUMNS, "verdict")


def forget(rows: list[EntryRow]) -> None:
    """What was typed in these rows has been taken in."""
    for kind in ("figures", "verdicts"):
        kept = st.session_state.get(f"entry_typed_{kind}", {})
        for row in rows:
            for place in [place for place in kept if place[0] == row.text("target_id")]:
                del kept[place]
        st.session_state.pop(f"entry_base_{kind}", None)


def _table(kind: str, frame: pd.DataFrame, columns: tuple[str, ...], key_field: str) -> None:
    show(f'<div class="q"><div class="lead">{t(f"entry.typed.{kind}")}</div></div>')
    if frame.empty:
        show(f'<div class="q"><div class="lead">{t("entry.typed.none")}</div></div>')
    else:
        shown = [name for name in columns if name != "region" or frame["region"].nunique() > 1]
        st.fragment(_edit)(kind, frame.reindex(columns=shown).astype("string").fillna(""), key_field)


def _edit(kind: str, wanted: pd.DataFrame, key_field: str) -> None:
    """The table and its button. What was typed outlives a change of the choice above and a look at another page."""
    kept: Kept = st.session_state.setdefault(f"entry_typed_{kind}", {})
    base, key = _base(kind, wanted, kept)
    edited = st.data_editor(base, column_config=_settings(base), disabled=[name for name in base if name not in FILLED_IN],
                            hide_index=True, row_height=ROW_HEIGHT, height=min(TALLEST, 40 + ROW_HEIGHT * len(base)), placeholder="",
                            key=key, num_rows="fixed")
    for target_id, record in edited.fillna("").to_dict("index").items():
        changed = {name: record[name] for name in record if name in FILLED_IN and record[name] != wanted.at[target_id, name]}
        kept.pop(_place(wanted, target_id), None)
        if changed:
            kept[_place(wanted, target_id)] = changed
    filled = edited[edited[key_field].fillna("").str.strip() != ""]
    if st.button(t("entry.typed.review", n=len(filled)), type="primary", disabled=filled.empty, key=f"entry_review_{kind}"):
        rows = _entry_rows(edited.fillna(""), key_field)
        with st.spinner(t("entry.reviewing")):
            draft.keep(draft.from_rows(rows, []) if key_field == "value" else draft.from_rows([], rows))
        st.rerun()


def _place(wanted: pd.DataFrame, target_id: str) -> Place:
    return target_id, wanted.at[target_id, "period"] if "period" in wanted else ""


def _base(kind: str, wanted: pd.DataFrame, kept: Kept) -> tuple[pd.DataFrame, str]:
    """The table the editor starts from, and the editor's key.

    Both stay the same while one types, else the editor would begin anew. Other rows make another editor, because its
    edits are by position: a figure must never slip to another target when somebody else reports one.
    """
    name = f"entry_base_{kind}"
    known = st.session_state.get(name)
    if known is None or known[2] not in st.session_state or not known[0].equals(wanted):
        base = wanted.copy()
        for target_id in base.index:
            changed = kept.get(_place(wanted, target_id), {})
            base.loc[target_id, list(changed)] = list(changed.values())
        count = st.session_state["entry_editors"] = st.session_state.get("entry_editors", 0) + 1
        st.session_state[name] = (wanted, base, f"entry_editor_{count}")
    return st.session_state[name][1:]


def _settings(base: pd.DataFrame) -> dict:
    words = {**FIGURE_FIELDS, **VERDICT_FIELDS} | {"target": t("column.target"), "url": t("entry.field.url")}
    settings: dict = {}
    for name in base:
        about = {"label": words[name], "width": WIDTHS.get(name)}
        settings[name] = (st.column_config.SelectboxColumn(**about, options=CHOICES[name]) if name in CHOICES else
                          st.column_config.TextColumn(**about, alignment="right" if name == "value" else None,
                                                      pinned=name == "indicator"))
    return settings


def _entry_rows(edited: pd.DataFrame, key_field: str) -> list[EntryRow]:
    """The rows with a figure or a verdict, as a file would hold them: a letter for every column, the line from 1."""
    letters = dict(zip(edited.columns, ascii_uppercase))
    rows = []
    for line, (target_id, record) in enumerate(edited.to_dict("index").items(), 1):
        cells = {name: Cell(re.sub(r"\s+", " ", text).strip(), f"{letters[name]}{line}") for name, text in record.items()
                 if name != "target"}
        if cells[key_field].text:
            rows.append(EntryRow("", line, {"target_id": Cell(str(target_id), cells["indicator"].address), **cells}))
    return rows
