"""Runs what changes the data, with progress; what may fail is told plainly and nothing that was brought in is lost."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import TYPE_CHECKING

import duckdb
import streamlit as st

from dashboard import store
from dashboard.access import NotAllowed
from dashboard.text import t
from pages.entry.people import confirmed_as

if TYPE_CHECKING:
    from etl.confirm import Confirmed
    from etl.refresh import Progress

MOST_PROBLEMS = 50


def publish(key: str, name: str, action: Callable[[str, Progress], Confirmed]) -> Confirmed | None:
    """What `action` made, or None after its failure was told; `key` is the part of the wording: confirm, withdraw, stage.

    `action` is given the name to record and the progress. Raises StaleReview, which only the review can answer.
    """
    from etl.problems import DataProblems
    from etl.versions import RefreshBusy

    with st.status(t(f"entry.{key}.running"), expanded=True) as box:
        line = st.progress(0.0)

        def show(step: str, number: int, total: int) -> None:
            line.progress((number - 1) / total, text=t("build.step", number=number, total=total, step=step))

        try:
            made = action(confirmed_as(name), show)
        except (NotAllowed, RefreshBusy, DataProblems, OSError, duckdb.Error) as failure:
            line.empty()
            box.update(label=t(f"entry.{key}.failed"), state="error", expanded=True)
            st.text("\n".join(told(failure)))
            return None
        box.update(label=t(f"entry.{key}.done"), state="complete")
    store.pin()
    return made


def told(failure: Exception) -> list[str]:
    """The reason in plain words, and what to do."""
    problems = getattr(failure, "problems", None)
    if problems is not None:
        rest = [t("entry.failed.more", n=len(problems) - MOST_PROBLEMS)] if len(problems) > MOST_PROBLEMS else []
        return [str(problem) for problem in problems[:MOST_PROBLEMS]] + rest
    if isinstance(failure, OSError):
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            return [t("entry.failed.full")]
        if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return [t("entry.failed.locked", file=failure.filename or "")]
        return [t("entry.failed.disk", reason=failure.strerror or str(failure))]
    if isinstance(failure, duckdb.Error):
        return [t("entry.failed.database")]
    return [str(failure)] if isinstance(failure, NotAllowed) else [str(failure), t("entry.failed.busy")]
