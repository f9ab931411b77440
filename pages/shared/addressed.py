"""A choice whose identifier, not its label, stands in the address, so that links outlive a change of wording."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st


def addressed(key: str, options: Iterable[str], usual: str | None, draw: Callable[[str], Any]) -> Any:
    """The choice made in the widget that `draw` makes under the key it is given.

    It starts with the value of `key` in the address and goes back there; the usual choice is not written. A value
    that is not among the options is taken for the usual one, and what was never chosen moves with the usual.
    """
    box, before, known = f"{key}_choice", f"{key}_usual", set(options)
    was_let_go = usual is None and box in st.session_state and st.session_state[box] is None
    if not was_let_go and st.session_state.get(box) not in known:
        wanted = st.query_params.get(key)
        st.session_state[box] = wanted if wanted in known else usual
    elif st.session_state.get(before) == st.session_state[box] != usual and key not in st.query_params:
        st.session_state[box] = usual
    st.session_state[before] = usual
    chosen = draw(box)
    if chosen == usual or chosen is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen
    return chosen
