"""How readings come in: one request to the national system, and names that a person has to confirm."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import access, store
from dashboard.text import esc, t


def fetch_button(has_readings: bool) -> None:
    """Ask the national system once when pressed; the page then shows the new version, or says plainly what failed."""
    told = st.session_state.pop("fetched", None)
    if told:
        with st.status(t("section.fetch.done"), state="complete", expanded=True):
            st.text("\n".join(told))
    if not has_readings:
        st.markdown(f'<div class="q"><div class="warn">{t("section.fetch.none")}</div></div>', unsafe_allow_html=True)
    if access.person().may_confirm and st.button(t("section.fetch"), key="fetch", help=t("section.fetch.help")):
        _fetch()


def _fetch() -> None:
    from etl import fetch  # heavy, and seldom needed
    from etl.import_report import report_lines, write_reports
    from etl.problems import DataProblems
    from etl.versions import RefreshBusy

    with st.status(t("section.fetch.running"), expanded=True) as box:
        line = st.progress(0.0, text=t("section.fetch.asking"))

        def show(step: str, number: int, total: int) -> None:
            line.progress((number - 1) / total, text=t("build.step", number=number, total=total, step=step))

        try:
            done = fetch.fetch_and_import(None, show)
        except (fetch.FetchFailed, DataProblems, RefreshBusy) as failure:
            line.empty()
            box.update(label=t("section.fetch.failed"), state="error")
            problems = failure.problems[:50] if isinstance(failure, DataProblems) else [failure]
            st.text("\n".join(str(problem) for problem in problems))
            return
        lines = [text for report in write_reports(done) for text in report_lines(report)]
        lines += [t("section.fetch.known", file=name) for name in done.known] + [t("section.fetch.empty", file=name) for name in done.empty]
        box.update(label=t("section.fetch.done"), state="complete")
    st.session_state["fetched"] = lines
    store.pin()
    st.rerun()


def doubts(rows: pd.DataFrame) -> str:
    """Which names of the national table may mean a registered section, why, and how to answer."""
    if rows.empty:
        return ""
    asked = "".join(f'<tr><td style="height:30px">{esc(t("section.doubt", national=row["national_name"], name=row["name"]))}</td>'
                    f'<td class="note">{esc(row["reason"])}</td><td class="note">{esc(row["section_id"])}</td></tr>'
                    for row in rows.to_dict("records"))
    return (f'<div class="q gap"><h2>{t("section.doubts", n=len(rows))}</h2><div class="note">{t("section.doubts.how")}</div>'
            f'<table>{asked}</table></div>')
