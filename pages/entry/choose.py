"""First step: take the workbook and bring it back filled in, or fill single figures and verdicts in on the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.text import latest_text, t, target_text
from etl import spreadsheets
from etl.problems import DataProblems
from pages.entry import draft, typed, works
from pages.entry.parts import heading, warning
from pages.entry.publishing import told
from pages.shared.addressed import addressed
from pages.shared.show import show

WAYS = ("file", "figures", "verdicts", "works")
EACH_ITS_OWN = 0
"""Stands for no year in the list of years."""


@dataclass(frozen=True)
class Scope:
    """What figures are wanted for; `year` None asks every target for its own deadline."""

    region_ids: list[str]
    names: list[str]
    year: int | None
    only_lacking: bool


def choose(regions: list[str]) -> None:
    """The whole step; `regions` are those of the shared filter, and the first choice here."""
    head = st.container()
    scope = _scope(regions)
    rows = store.ask("lacking_rows", region_ids=scope.region_ids, year=scope.year, as_of=date.today(), only_lacking=scope.only_lacking)
    is_text = rows["comparator"] == "text"
    with head:
        title = t("entry.title" if scope.only_lacking else "entry.title.all", figures=int((~is_text).sum()), verdicts=int(is_text.sum()))
        show(heading(title, t("entry.sub"), "choose"))
    ways = {way: t(f"entry.way.{way}") for way in WAYS}
    way = addressed("way", WAYS, WAYS[0], lambda key: st.segmented_control(
        t("entry.way"), WAYS, format_func=ways.get, key=key, required=True, label_visibility="collapsed"))
    {"file": lambda: _files(scope, rows), "figures": lambda: typed.figures(rows[~is_text]),
     "verdicts": lambda: typed.verdicts(rows[is_text]), "works": lambda: works.stages(scope.region_ids)}[way]()


def _scope(wanted: list[str]) -> Scope:
    regions = store.ask("entry_regions")
    names, ids = regions["name"].tolist(), dict(zip(regions["name"], regions["region_id"]))
    where, when, which = st.columns([560, 220, 396], vertical_alignment="bottom")
    chosen = where.multiselect(t("entry.regions"), names, default=[name for name in names if name in wanted], select_all=False,
                               key=f"entry_regions_{'_'.join(wanted)}", placeholder=t("filter.all", n=len(names))) or names
    years = range(int(regions["last_year"].max()), int(regions["first_year"].min()) - 1, -1)
    year = when.selectbox(t("entry.year"), [EACH_ITS_OWN, *years],
                          format_func=lambda one: t("entry.year.each") if one == EACH_ITS_OWN else str(one),
                          key="entry_year")
    only_lacking = which.checkbox(t("entry.lacking"), value=True, key="entry_lacking")
    return Scope([ids[name] for name in chosen], chosen, None if year == EACH_ITS_OWN else year, only_lacking)


def _files(scope: Scope, rows: pd.DataFrame) -> None:
    take, bring = st.columns(2, gap="medium")
    with take, st.container(border=True, height="stretch"):
        show(f'<div class="q"><h2>{t("entry.take")}</h2><div class="lead">{t("entry.take.note")}</div></div>')
        st.download_button(t("entry.take.button", n=len(rows)), data=partial(_workbook, scope, rows), mime=spreadsheets.XLSX_MIME,
                           file_name=f"{_title(scope)}.xlsx", on_click="ignore", key="entry_workbook", type="primary",
                           disabled=rows.empty)
    with bring, st.container(border=True, height="stretch"):
        show(f'<div class="q"><h2>{t("entry.upload")}</h2><div class="lead">{t("entry.upload.note")}</div></div>')
        uploaded = st.file_uploader(t("entry.upload"), key=f"entry_upload_{st.session_state.get('entry_uploads', 0)}",
                                    label_visibility="collapsed")
        if uploaded is not None:
            _review(uploaded.name, uploaded.getvalue())


def _review(name: str, content: bytes) -> None:
    """Read and check at once; the page then goes on to the review, or says why the file cannot be used."""
    with st.spinner(t("entry.reviewing")):
        try:
            draft.keep(draft.from_file(name, content))
        except DataProblems as failure:
            show(warning(t("entry.upload.refused")))
            st.text("\n".join(told(failure)))
            return
    st.rerun()


def _workbook(scope: Scope, rows: pd.DataFrame) -> bytes:
    """The entry workbook, with targets and last figures worded as on the pages."""
    from etl.entry_workbook import write_entry_workbook

    latest = [latest_text(row) if pd.notna(row["latest_value"]) else "" for row in rows.to_dict("records")]
    worded = rows.assign(target=[target_text(row) for row in rows.to_dict("records")], latest=latest)
    publishers = store.ask("known_publishers", region_ids=scope.region_ids)["publisher"].tolist()
    return write_entry_workbook(worded, _title(scope), scope.year, publishers, date.today())


def _title(scope: Scope) -> str:
    """永嘉县填报表, 重庆市、随州市填报表 2025"""
    where = "、".join(scope.names) if len(scope.names) < 3 else t("entry.take.regions", n=len(scope.names))
    return t("entry.take.title", where=where) + (f" {scope.year}" if scope.year else "")
