"""Notes on targets as the pages show them."""

from __future__ import annotations

import pandas as pd

from dashboard.filters import Selection
from dashboard.text import day_text, esc, t


def notes_block(notes: pd.DataFrame, selection: Selection, names: dict[str, str] | None = None) -> str:
    """All that was said of one target, or of several when `names` tells them apart by target_id; newest first.

    `notes` as `entry_queries.notes`.
    """
    if notes.empty:
        return f'<div class="q gap"><h2>{t("note.title")}</h2><div class="lead">{t("note.none")}</div></div>'
    items = "".join(_item(row, selection, names) for row in notes.to_dict("records"))
    return f'<div class="q gap"><h2>{t("note.title.n", n=len(notes))}</h2>{items}</div>'


def _item(row: dict, selection: Selection, names: dict[str, str] | None) -> str:
    about = ""
    if names is not None:
        card = selection.address("sources", target=row["target_id"])
        about = f'<a href="{esc(card)}" target="_self">{esc(names[row["target_id"]])}</a>　'
    history = selection.address("entry", load=row["load_id"])
    return (f'<div class="fd"><div style="overflow-wrap:anywhere"><div>{esc(row["text"]).replace(chr(10), "<br>")}</div>'
            f'<div class="note">{about}{esc(row["author"])}　{day_text(row["day"])}{_promise(row, selection)}　'
            f'<a href="{esc(history)}" target="_self">{t("note.history")}</a></div></div></div>')


def _promise(row: dict, selection: Selection) -> str:
    if pd.isna(row["promised_on"]):
        return ""
    days = (pd.Timestamp(selection.as_of) - row["promised_on"]).days
    past = t("note.promise.past", days=days) if days > 0 else ""
    return f'　<b>{t("note.promise", day=day_text(row["promised_on"]))}</b>{past}'
