"""变更: what differs between two moments, by default since the last meeting."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import streamlit as st

from dashboard import store
from dashboard.change_text import flips
from dashboard.text import t
from etl.history import Kept, kept_extracts
from etl.meetings import meetings
from pages.changes import parts, tables
from pages.changes.marking import marking
from pages.changes.moments import NOW, Moment, extract_at, moments, usual_start
from pages.shared.addressed import addressed
from pages.shared.grid import grid
from pages.shared.show import show

selection = st.session_state["selection"]
today = date.today()


def pick(key: str, offered: list[Moment], usual: str | None) -> Moment:
    labels = {moment.key: moment.label for moment in offered}
    chosen = addressed(key, labels, usual, lambda box: st.selectbox(t(f"changes.{key}"), list(labels), format_func=labels.get, key=box))
    return known[chosen or usual]


def is_readable(kept: Kept) -> bool:
    return not store.ask("moment", file=str(kept.file), today=today).empty


def as_of_today(version: str) -> Kept | None:
    """The extract of the version in use if it was made today; statuses of an older one may be out of date."""
    own = next((kept for kept in extracts if kept.version == version), None)
    made = store.ask("moment", file=str(own.file), today=today) if own else None
    return own if made is not None and len(made) and made["day"].iloc[0].date() == today else None


def section(html: str, frame, columns: dict, name: str, shown: int) -> None:
    """A block with its first rows; all of them, and the download, one click below."""
    if frame.empty:
        return
    show(html)
    with st.expander(t("changes.all" if len(frame) > shown else "changes.download", n=len(frame))):
        grid(frame, columns, name, selection, height=min(38 + 27 * len(frame), 420))


extracts, marked = kept_extracts(), meetings()
known = moments(datetime.now(UTC), marked, extracts)
heading = st.container()
left, middle, right = st.columns([460, 460, 200], vertical_alignment="bottom")
with right:
    marking(marked)
with middle:
    end = pick("to", [moment for moment in known.values() if moment.key == NOW or moment.at > min(m.at for m in known.values())], NOW)
earlier = [moment for moment in known.values() if moment.at < end.at]
version = Path(store.pinned_path()).stem.removeprefix("qingliu-")
if not earlier or not extracts:
    with heading:
        show(parts.nothing_kept(t("changes.nothing.why")))
    st.stop()
with left:
    start = pick("from", earlier, usual_start(earlier, end, version if end.key == NOW else end.key))

before, skipped = extract_at(start, extracts, is_readable)
after, also_skipped = (as_of_today(version), 0) if end.key == NOW else extract_at(end, extracts, is_readable)
is_later = before is not None and before.built_at > start.at
if before is None or (is_later and before == after):
    with heading:
        show(parts.nothing_kept(t("changes.nothing.later", start=start.words) if before else t("changes.nothing.unreadable", n=skipped)))
    st.stop()

compared = {"before": str(before.file), "after": str(after.file) if after else None, "today": today}
try:
    regions = store.ask("documents")["region"].tolist()
    targets, figures, issues = (parts.of_selection(store.ask(question, **compared), selection, regions)
                                for question in ("target_changes", "figure_changes", "issue_changes"))
    imports, counts = store.ask("import_changes", **compared), store.ask("count_changes", **compared)
    sides = [store.ask("moment", file=compared[side], today=today).iloc[0] for side in ("before", "after")]
except duckdb.Error:  # damaged since it was looked at
    logging.getLogger("qingliu.changes").exception("摘要比较不了")
    with heading:
        show(parts.nothing_kept(t("changes.nothing.unreadable", n=1)))
    st.stop()

flipped, terms = flips(targets), parts.other_targets(targets)
with heading:
    show(parts.heading(known[before.version] if is_later else start, end, flipped, terms, figures, issues, imports))
    show(parts.caveats(sides, start, before, skipped + also_skipped))

section(parts.flip_block(flipped, selection), *tables.flips(flipped), t("changes.flips.file"), parts.SHOWN)
section(parts.figure_block(figures, selection), *tables.figures(figures), t("changes.figures.file"), parts.SHOWN)
if all(rows.empty for rows in (flipped, terms, figures, issues, imports)):
    show(parts.unchanged())
if len(issues):
    show(parts.issue_block(issues, selection))
if len(imports):
    show(parts.import_block(imports, selection))
if len(terms):
    show(parts.terms_block(terms, selection))
if len(counts):
    with st.expander(t("changes.counts", n=len(counts))):
        show(parts.count_table(counts))
