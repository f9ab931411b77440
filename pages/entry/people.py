"""Who confirms: whoever is signed in, else the name typed last in this session."""

from __future__ import annotations

import streamlit as st

from dashboard import access
from dashboard.text import t

LONGEST_NAME = 40


def name_box(key: str, **more) -> str:
    """A box for the name, fixed where somebody is signed in; its name without blanks around it."""
    person = access.person()
    name = st.text_input(t("entry.name"), person.name or st.session_state.get("entry_name", ""), max_chars=LONGEST_NAME,
                         disabled=bool(person.name), key=f"entry_name_{key}", placeholder=t("entry.name"), **more)
    return person.name or (name or "").strip()


def confirmed_as(name: str) -> str:
    """The name to record: of who is signed in, else the one typed. Raises access.NotAllowed."""
    who = access.confirmer().name or name
    st.session_state["entry_name"] = who
    return who


def may_confirm() -> bool:
    return access.person().may_confirm
