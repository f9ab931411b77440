"""How far measures and projects have got: one short form, recorded with a name."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import store
from dashboard.text import esc, t
from pages.entry.parts import local_time, warning
from pages.entry.people import may_confirm, name_box
from pages.entry.publishing import publish
from pages.shared.show import show

STAGES = ("未启动", "前期", "在建", "完工", "已完成", "停滞")


def stages(region_ids: list[str]) -> None:
    """Pick a measure or project, say its stage and why; the last word on it stands beside."""
    works = store.ask("works", region_ids=region_ids)
    told = st.session_state.pop("entry_stage_told", None)
    if told:
        show(f'<div class="q"><div class="done">{esc(told)}</div></div>')
    kind = st.segmented_control(t("entry.work.kind"), ["project", "measure"], format_func=lambda one: t(f"entry.work.{one}"),
                                default="project", required=True, key="entry_work_kind", label_visibility="collapsed")
    options = works[works["kind"] == kind].set_index("id")
    if options.empty:
        show(warning(t("entry.work.none")))
        return
    pick = st.selectbox(t(f"entry.work.{kind}"), options.index.tolist(), index=None, key=f"entry_work_{kind}",
                        placeholder=t("entry.work.hint", n=len(options)),
                        format_func=lambda one: f"{options.at[one, 'title']}（{options.at[one, 'region']}）")
    if pick is None:
        show(_recorded(works))
        return
    show(f'<div class="q"><div class="lead">{esc(_last_word(options.loc[pick]))}</div></div>')
    _form(kind, pick, options.at[pick, "title"])


def _form(kind: str, pick: str, title: str) -> None:
    with st.form("entry_stage", border=True, enter_to_submit=False):
        left, right = st.columns([1, 2], gap="medium")
        with left:
            stage = st.selectbox(t("entry.work.stage"), STAGES, index=None, placeholder=t("entry.work.stage.hint"))
            name = name_box("stage")
        with right:
            reason = st.text_input(t("entry.work.reason"), max_chars=500)
            evidence = st.text_input(t("entry.work.evidence"), max_chars=500, placeholder=t("entry.work.evidence.hint"))
        pressed = st.form_submit_button(t("entry.work.record"), type="primary", disabled=not may_confirm())
    if not pressed:
        return
    lacking = [t(f"entry.work.{key}") for key, text in (("stage", stage), ("reason", reason), ("name", name)) if not (text or "").strip()]
    if lacking:
        show(warning(t("entry.lacks", what="、".join(lacking))))
        return
    from etl.confirm import record_stage

    if publish("stage", name, lambda who, progress: record_stage(kind, pick, stage, reason.strip(), evidence.strip(), who, progress)):
        st.session_state["entry_stage_told"] = t("entry.work.recorded", title=title, stage=stage)
        st.rerun()


def _last_word(work: pd.Series) -> str:
    if pd.isna(work["stage"]):
        return t("entry.work.unsaid")
    return t("entry.work.last", stage=work["stage"], who=work["confirmed_by"], when=local_time(work["confirmed_at"]))


def _recorded(works: pd.DataFrame) -> str:
    """All stages that were recorded."""
    known = works[works["stage"].notna()].sort_values("confirmed_at", ascending=False)
    if known.empty:
        return f'<div class="q"><div class="note">{t("entry.work.nothing")}</div></div>'
    rows = "".join(f'<tr><td style="height:29px">{esc(row["title"])} <span class="note">{esc(row["region"])}</span></td>'
                   f'<td class="nw"><b>{esc(row["stage"])}</b></td><td class="nw note">{esc(row["confirmed_by"])}</td>'
                   f'<td class="nw note">{esc(local_time(row["confirmed_at"]))}</td></tr>' for row in known.to_dict("records"))
    return f'<div class="q"><h2>{t("entry.work.known", n=len(known))}</h2><table>{rows}</table></div>'
