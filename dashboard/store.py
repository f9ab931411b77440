"""Opens the published database read-only, answers questions from it and notices a refresh.

A new version is a new file, so its name is the cache key: an answer never outlives its data. Threads share the
connection only through cursors.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pandas as pd
import streamlit as st

from dashboard import (
    access,
    calendar_queries,
    change_queries,
    entry_queries,
    map_queries,
    queries,
    section_queries,
    source_queries,
)
from dashboard.reports.content import ADDRESS, Period, Report, gather
from dashboard.text import t
from etl.history import kept_extracts
from etl.ledger import is_published
from etl.meetings import meetings
from etl.problems import DataProblems
from etl.versions import RefreshBusy, current_file, fits_this_program, open_read_only

WATCH_SECONDS = 5
QUESTIONS = (queries, source_queries, section_queries, map_queries, change_queries, entry_queries, calendar_queries)


@st.cache_resource(max_entries=2, show_spinner=False)
def _connection(path: str) -> duckdb.DuckDBPyConnection:
    return open_read_only(path)


@st.cache_data(max_entries=512, show_spinner=False)
def _answer(path: str, question: str, parameters: dict[str, Any]) -> pd.DataFrame:
    asked = next(getattr(module, question) for module in QUESTIONS if hasattr(module, question))
    return asked(_connection(path).cursor(), **parameters)


def ask(question: str, **parameters: Any) -> pd.DataFrame:
    """The answer of the function `question` of the modules in QUESTIONS, from the version this run has pinned."""
    return _answer(pinned_path(), question, parameters)


def report(kind: str, period: Period, region_ids: list[str], as_of: date) -> Report:
    """The report on these regions (all without any) from the pinned version, with links to this server as the visitor calls it."""
    here = urlsplit(st.context.url or "")
    address = f"{here.scheme}://{here.netloc}/" if here.netloc else ADDRESS
    # what is compared with lies beside the database, so it belongs to what the answer is kept under
    compared = (tuple(kept.version for kept in kept_extracts()), tuple(meeting.moment for meeting in meetings()))
    return _report(pinned_path(), kind, period, region_ids, as_of, address, compared)


@st.cache_data(max_entries=16, show_spinner=False)
def _report(path: str, kind: str, period: Period, region_ids: list[str], as_of: date, address: str, compared: tuple) -> Report:
    return gather(_connection(path).cursor(), kind, period, region_ids, as_of, address)


def table_loader(name: str) -> Callable[[], pd.DataFrame]:
    """Loads a whole table of the pinned version when called; needs no session then, and keeps nothing in memory."""
    path = pinned_path()
    return lambda: source_queries.table(_connection(path).cursor(), name)


def pinned_path() -> str:
    """One version per page run, so that a page never mixes two; only for who is still let in, also in a fragment."""
    access.recheck()
    if "database" not in st.session_state:
        pin()
    return st.session_state["database"]


def pin() -> None:
    """Use the newest published version from here on. Raises FileNotFoundError when there is none."""
    file = current_file()
    if file is None:
        raise FileNotFoundError("没有可用的数据库")
    st.session_state["database"] = str(file)


def ensure_database() -> None:
    """Pin the published version; build it first, with progress, when there is none, or it does not open or fit this program.

    Stops the page with the list of problems when the data do not hold.
    """
    file = current_file()
    if file is None or not _is_readable(file):
        _build(damaged=file)
    elif "database" not in st.session_state and not is_published(_connection(str(file)).cursor()):
        from etl.refresh import finish_interrupted

        with st.spinner(t("build.interrupted")):
            finish_interrupted()
    pin()


def _is_readable(path: Path) -> bool:
    try:
        return fits_this_program(_connection(str(path)).cursor())
    except duckdb.Error:
        return False


def _build(damaged: Path | None) -> None:
    from etl.refresh import build_if_missing  # the checks are heavy to import and seldom needed

    with st.status(t("build.title"), expanded=True) as box:
        line = st.progress(0.0)

        def show(step: str, number: int, total: int) -> None:
            line.progress((number - 1) / total, text=t("build.step", number=number, total=total, step=step))

        try:
            build_if_missing(damaged, show)
        except DataProblems as failure:
            box.update(label=t("build.failed"), state="error")
            for problem in failure.problems[:50]:
                st.text(str(problem))
            st.stop()
        except RefreshBusy:
            box.update(label=t("build.busy"), state="error")
            st.stop()
        except OSError as error:
            box.update(label=t("build.disk"), state="error")
            st.text(str(error))
            st.stop()
        box.update(label=t("build.done"), state="complete")
    st.rerun()


@st.fragment(run_every=WATCH_SECONDS)
def watch_for_refresh() -> None:
    """The footer of the sidebar; redraws the whole page when another process has published a version."""
    file = current_file()
    if file is not None and str(file) != st.session_state.get("database"):
        st.rerun()
    made = ask("version").iloc[0]
    built_at = made["built_at"].tz_localize("UTC").tz_convert(datetime.now().astimezone().tzinfo)
    st.html('<div class="foot">'
            + "<br>".join([t("foot.version", day=f"{built_at:%Y-%m-%d %H:%M:%S}"),
                           t("foot.counts", targets=made["target_count"], documents=made["document_count"])])
            + "</div>")
