"""What is being brought in in this session: a file or typed rows with their review. It stays until confirmed or given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from etl.entries import EntryRow

if TYPE_CHECKING:
    from etl.review import Review

KEY = "entry_draft"


@dataclass(frozen=True)
class Draft:
    """`content`: the uploaded file as it was, None for typed rows; `renew` reviews the same rows against what is known now."""

    review: Review
    content: bytes | None
    renew: Callable[[], Review]


def from_file(name: str, content: bytes) -> Draft:
    """Read and review an uploaded file. Raises DataProblems when the file as a whole cannot be used."""
    from etl.readers.entry_file import read_entry_file  # heavy, and only needed when somebody uploads
    from etl.review import review_file

    file = read_entry_file(name, content)

    def review() -> Review:
        return review_file(file, date.today())

    return Draft(review(), content, review)


def from_rows(rows: list[EntryRow], verdicts: list[EntryRow]) -> Draft:
    """Review what was typed on the page."""
    from etl.review import review_rows

    def review() -> Review:
        return review_rows(rows, verdicts, date.today())

    return Draft(review(), None, review)


def current() -> Draft | None:
    return st.session_state.get(KEY)


def keep(draft: Draft) -> None:
    st.session_state[KEY] = draft


def drop() -> None:
    """Give the draft up; an uploaded file leaves its box too."""
    st.session_state.pop(KEY, None)
    st.session_state["entry_uploads"] = st.session_state.get("entry_uploads", 0) + 1


def renewed(draft: Draft) -> Draft:
    """The same rows reviewed against what is known by now."""
    return Draft(draft.renew(), draft.content, draft.renew)
