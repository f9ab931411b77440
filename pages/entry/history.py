"""Loads that were confirmed: who, when, what; each can be opened and taken back. And all that was ever said of one figure."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.filters import Selection
from dashboard.text import day_text, esc, t
from pages.entry.parts import counted, difference, figure, local_time, warning
from pages.entry.people import may_confirm, name_box
from pages.entry.publishing import publish
from pages.shared.show import show

SHOWN_LOADS, MOST_LOADS = 8, 1000
KINDS = ("figures", "verdicts", "stages", "notes", "withdrawals")
SHOWN_LETTERS = 14
WIDTHS = [150, 110, 300, 480, 80]


def load_of(load_id: str) -> dict | None:
    loads = store.ask("recent_loads", limit=MOST_LOADS)
    found = loads[loads["load_id"] == load_id]
    return None if found.empty else _plain(found).iloc[0].to_dict()


def entries(load_id: str) -> pd.DataFrame:
    return store.ask("entries_of_load", load_id=load_id)


# ── the loads ───────────────────────────────────────────────────────────────────────────────────────────────
def recent(selection: Selection) -> None:
    """The newest loads; the one that the address names is opened below."""
    loads = _plain(store.ask("recent_loads", limit=SHOWN_LOADS))
    show(f'<div class="q gap"><h2>{t("entry.history")}</h2>'
         f'{"" if len(loads) else "<div class=note>" + t("entry.history.none") + "</div>"}</div>')
    opened = st.query_params.get("load")
    with st.container(key="entry_loads"):
        for load in loads.to_dict("records"):
            _load_line(load)
    if opened:
        _opened(opened, selection)


def _plain(loads: pd.DataFrame) -> pd.DataFrame:
    return loads.assign(load_note=loads["load_note"].fillna(""), file_name=loads["file_name"].fillna(""))


def _load_line(load: dict) -> None:
    *cells, button = st.columns(WIDTHS, vertical_alignment="center", gap="small")
    for cell, html in zip(cells, _load_cells(load)):
        with cell:
            show(f'<div class="q"><div class="lead">{html}</div></div>')
    if button.button(t("entry.history.open"), key=f"entry_open_{load['load_id']}", type="tertiary"):
        st.query_params["load"] = load["load_id"]
        st.rerun()


def _load_cells(load: dict) -> tuple[str, str, str, str]:
    what = counted((kind, int(load[kind])) for kind in KINDS)
    if load["withdrawn"]:
        what += f'<span class="note">　{t("entry.history.withdrawn", n=int(load["withdrawn"]))}</span>'
    where = esc(load["file_name"]) if load["file_name"] else t("entry.history.typed")
    note = f'<span class="note">　{esc(load["load_note"])}</span>' if load["load_note"] else ""
    return local_time(load["confirmed_at"]), f'<b>{esc(load["confirmed_by"])}</b>', what, where + note


def _opened(load_id: str, selection: Selection) -> None:
    load = load_of(load_id)
    if load is None:
        show(warning(t("entry.history.unknown", load_id=load_id)))
        return
    rows = entries(load_id)
    with st.container(border=True):
        title = t("entry.history.load", when=local_time(load["confirmed_at"]), who=load["confirmed_by"])
        show(f'<div class="q"><h2>{esc(title)}</h2><div class="note">{esc(load_id)}</div></div>')
        with st.container(horizontal=True, gap="small"):
            withdraw_button("history", rows)
            if st.button(t("entry.history.close"), key="entry_close"):
                del st.query_params["load"]
                st.rerun()
        show(f'<div class="q">{entries_table(rows, selection)}</div>')


def entries_table(rows: pd.DataFrame, selection: Selection) -> str:
    """The entries of a load, old → new, with their state and a link to all that was said of the same thing."""
    heads = "".join(f'<th{" class=r" if key in ("old", "new") else ""}>{t(f"entry.head.{key}")}</th>'
                    for key in ("subject", "period", "old", "new", "by", "state"))
    body = []
    for row in rows.to_dict("records"):
        old, new, by = "—", _said(row), ""
        if row["kind"] == "figure" and pd.notna(row["old_value"]):
            old, by = figure(row["old_value"], row["unit"], row["old_comparator"]), difference(row["old_value"], row["value"], row["unit"])
        if row["kind"] == "withdrawal":
            old, new = new, t("entry.history.taken_back")
        words = next((str(row[key]) for key in ("reason", "note") if pd.notna(row[key])), "")
        about = " · ".join(str(part) for part in (row["region"], row["scope"], words) if pd.notna(part) and part)
        link = "" if row["kind"] == "withdrawal" else (
            f' <a href="{esc(selection.address("entry", figure_of=row["entry_id"]))}" target="_self">{t("entry.history.link")}</a>')
        new_class = "off" if row["state"] == "withdrawn" else "new"
        body.append(f'<tr><td style="padding:5px 8px 5px 0">{esc(row["subject"])}<div class="note">{esc(about)}</div></td>'
                    f'<td class="nw">{esc(row["period_text"])}</td><td class="r nw old">{esc(old)}</td>'
                    f'<td class="r nw {new_class}">{esc(new)}</td><td class="nw">{esc(by)}</td>'
                    f'<td class="nw">{_standing(row)}{link}</td></tr>')
    return f'<table><tr>{heads}</tr>{"".join(body)}</table>'


def _standing(row: dict) -> str:
    """现用, 已被替代, 已撤回; a withdrawal that stands is 有效."""
    is_withdrawal = "withdrawal" in (row.get("kind"), row.get("what"))
    return t("entry.standing.valid" if is_withdrawal and row["state"] == "current" else f"entry.standing.{row['state']}")


def _said(row: dict) -> str:
    """The verdict, the stage, or the beginning of a note, else the figure."""
    if isinstance(row["said"], str):
        return row["said"] if len(row["said"]) <= SHOWN_LETTERS else row["said"][:SHOWN_LETTERS] + "…"
    return next((row[key] for key in ("verdict", "stage") if isinstance(row[key], str)), None) or figure(
        row["value"], row["unit"], row["comparator"])


# ── taking back ─────────────────────────────────────────────────────────────────────────────────────────────
def withdraw_button(place: str, rows: pd.DataFrame) -> None:
    """Takes a whole load or some of its entries back, with a reason; what stood before stands again.

    `place` tells the buttons of a page apart; `rows` as entry_queries.entries_of_load().
    """
    standing = rows[rows["state"] != "withdrawn"].set_index("entry_id")
    if standing.empty:
        show(f'<div class="q"><div class="lead">{t("entry.withdraw.already")}</div></div>')
        return
    with st.popover(t("entry.withdraw"), disabled=not may_confirm()), st.form(f"entry_withdraw_{place}", border=False,
                                                                             enter_to_submit=False):
        show(f'<div class="q"><div class="lead">{t("entry.withdraw.note")}</div></div>')
        some = st.multiselect(t("entry.withdraw.which"), standing.index.tolist(), select_all=False,
                              placeholder=t("entry.withdraw.all", n=len(standing)),
                              format_func=lambda one: _named(standing.loc[one].to_dict()))
        reason = (st.text_input(t("entry.withdraw.reason"), max_chars=500) or "").strip()
        name = name_box(f"withdraw_{place}")
        pressed = st.form_submit_button(t("entry.withdraw.go"), type="primary")
    if not pressed:
        return
    lacking = [t(key) for key, text in (("entry.withdraw.reason", reason), ("entry.name", name)) if not text]
    if lacking:
        show(warning(t("entry.lacks", what="、".join(lacking))))
        return
    from etl.confirm import withdraw

    made = publish("withdraw", name, lambda who, progress: withdraw(some or standing.index.tolist(), reason, who, progress))
    if made:
        st.session_state.pop("entry_receipt", None)
        st.query_params["load"] = made.load_id
        st.rerun()


def _named(row: dict) -> str:
    """COD 排放削减率 19.41%, for a list to choose from."""
    return f"{row['subject']} {_said(row)}"


# ── one figure ──────────────────────────────────────────────────────────────────────────────────────────────
def of_figure(figure_id: str) -> None:
    """All that was published or entered about the same indicator, region, scope and period, oldest first."""
    rows = store.ask("figure_history", figure_id=figure_id)
    if st.button(t("entry.figure.back"), type="tertiary", key="entry_back"):
        del st.query_params["figure_of"]
        st.rerun()
    if rows.empty:
        show(warning(t("entry.figure.unknown", figure_id=figure_id)))
        return
    first = rows.iloc[0]
    subject = " ".join(str(part) for part in (first["subject"], first["period_text"]) if pd.notna(part))
    title = t("entry.figure.title", subject=subject, n=len(rows))
    about = " · ".join(str(part) for part in (first["region"], first["scope"]) if pd.notna(part))
    heads = "".join(f'<th{" class=r" if key == "said" else ""}>{t(f"entry.figure.{key}")}</th>'
                    for key in ("day", "what", "said", "who", "words", "state"))
    body = "".join(_told(row) for row in rows.to_dict("records"))
    show(f'<div class="q"><h1>{esc(title)}</h1><div class="sub">{esc(about)}</div><table style="margin-top:12px">'
         f'<tr>{heads}</tr>{body}</table></div>')


def _told(row: dict) -> str:
    what = t(f"entry.figure.{row['what']}") + (f"，{t('entry.status.' + row['status'])}" if isinstance(row["status"], str) else "")
    words = [str(row[key]) for key in ("words", "file_name") if pd.notna(row[key]) and row[key]]
    when = local_time(row["confirmed_at"]) if isinstance(row["confirmed_at"], str) else day_text(row["on_day"])
    off = "off" if row["state"] == "withdrawn" or row["what"] == "withdrawal" else "old" if row["state"] == "superseded" else "new"
    return (f'<tr><td class="nw" style="height:32px">{when}</td><td class="nw">{what}</td>'
            f'<td class="r nw {off}">{esc(_said(row))}</td><td class="nw">{esc(row["who"])}</td><td>{esc("；".join(words))}</td>'
            f'<td class="nw">{_standing(row)}</td></tr>')
