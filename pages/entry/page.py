"""数据填报: choose or type figures, see what is wrong with them, confirm them; what was confirmed can be taken back."""

from __future__ import annotations

import streamlit as st

from pages.entry import choose, confirming, draft, history, parts, receipt

selection = st.session_state["selection"]

st.html(parts.STYLE)
made, done = draft.current(), receipt.current()
figure_id = st.query_params.get("figure_of")
if figure_id:
    history.of_figure(figure_id)
elif made:
    confirming.review(made)
else:
    if done:
        receipt.page(done)
    else:
        choose.choose(selection.regions)
    history.recent(selection)
