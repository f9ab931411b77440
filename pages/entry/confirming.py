"""Second and third step: the review with its action bar, and the confirmation, all or nothing."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

import streamlit as st

from dashboard import store
from dashboard.text import t
from etl import spreadsheets
from pages.entry import changes, draft, problems, receipt, sheet, typed
from pages.entry.draft import Draft
from pages.entry.marks import Marks
from pages.entry.parts import heading, local_time, warning
from pages.entry.people import may_confirm, name_box
from pages.entry.publishing import publish
from pages.shared.show import show


def review(made: Draft) -> None:
    """The whole step for a file or typed rows."""
    found = made.review
    marks = Marks(found.file, found.checked)
    show(heading(*_title(made, marks), "review"))
    told = st.session_state.get("entry_told")
    if told:
        show(warning(told))
    if found.already_loaded:
        show(warning(t("entry.already", when=local_time(found.already_loaded[:15]))))
    show(problems.sums(marks))
    left, right = st.columns([772, 376], gap="medium")
    with left:
        if marks.rows:
            show(sheet.sheets(marks))
        show(changes.lines_table(found.lines, store.ask("target_names")))
    with right:
        show(problems.listed(marks))
        if found.lines and not marks.numbers:
            show(changes.flips_table(found.flips))
        show(problems.ignored(found.file.ignored))
    with st.container(key="entry_bar"):
        _bar(made, marks, messages=st.container())


def _title(made: Draft, marks: Marks) -> tuple[str, str]:
    rows, wrong, asked = len(marks.rows), len(marks.numbers), marks.counts["asked"]
    if not rows:
        title = t("entry.review.empty")
    elif wrong:
        title = t("entry.review.wrong.typed" if made.content is None else "entry.review.wrong", rows=rows, n=wrong)
    else:
        title = t("entry.review.asked" if asked else "entry.review.good", rows=rows, n=asked)
    names = "、".join(dict.fromkeys(row.sheet for row in marks.rows if row.sheet))
    source = t("entry.review.typed") if made.content is None else made.review.file.name
    return title, " · ".join(filter(None, (source, t("entry.review.sheets", names=names) if names else "", t("entry.review.rows", n=rows))))


def _bar(made: Draft, marks: Marks, messages) -> None:
    wrong, writing = len(marks.numbers), sum(line.change != "same" for line in made.review.lines)
    left, right = st.columns([330, 846], vertical_alignment="bottom")
    with left, st.container(horizontal=True, gap="small"):
        if made.content is not None and made.review.checked.findings:
            st.download_button(t("entry.marked"), data=partial(_marked, made), mime=spreadsheets.XLSX_MIME, on_click="ignore",
                               file_name=t("entry.marked.file", name=PurePath(made.review.file.name).stem), key="entry_marked",
                               type="primary" if wrong else "secondary")
        if st.button(t("entry.again" if made.content is not None else "entry.again.typed"), key="entry_again"):
            _leave()
            st.rerun()
    with right:
        if wrong or not writing:
            label = t("entry.confirm.short", n=wrong) if wrong else t("entry.confirm.nothing")
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.button(label, disabled=True, key="entry_confirm_off")
                show(f'<div class="q"><div class="lead">{t("entry.confirm.note")}</div></div>')
        else:
            _form(made, marks, writing, messages)


def _form(made: Draft, marks: Marks, writing: int, messages) -> None:
    asked = sum(map(len, marks.warning_groups))
    with st.form("entry_confirm", border=False, enter_to_submit=False):
        who, why, sure, go = st.columns([150, 250, 220, 200], vertical_alignment="bottom")
        with who:
            name = name_box("confirm", label_visibility="collapsed")
        note = why.text_input(t("entry.note"), max_chars=500, placeholder=t("entry.note"), label_visibility="collapsed")
        is_checked = sure.checkbox(t("entry.checked", n=asked)) if asked else True
        pressed = go.form_submit_button(t("entry.confirm", n=writing), type="primary", disabled=not may_confirm(),
                                        help=None if may_confirm() else t("entry.confirm.forbidden"))
    with messages:
        if pressed and not name:
            show(warning(t("entry.lacks", what=t("entry.name"))))
        elif pressed and not is_checked:
            show(warning(t("entry.unchecked", n=asked)))
        elif pressed:
            _confirm(made, name, (note or "").strip())


def _confirm(made: Draft, name: str, note: str) -> None:
    from etl.confirm import StaleReview, confirm

    st.session_state.pop("entry_told", None)
    try:
        published = publish("confirm", name, lambda who, progress: confirm(made.review, who, note, progress))
    except StaleReview:
        store.pin()
        draft.keep(draft.renewed(made))
        st.session_state["entry_told"] = t("entry.stale")
        st.rerun()
    if published:
        receipt.keep(published.load_id, made.review)
        if made.content is None:
            typed.forget([*made.review.file.rows, *made.review.file.verdicts])
        _leave()
        st.rerun()


def _leave() -> None:
    draft.drop()
    st.session_state.pop("entry_told", None)


def _marked(made: Draft) -> bytes:
    from etl.marked_copy import marked_copy

    return marked_copy(made.content, made.review.checked.findings)
