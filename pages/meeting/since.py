"""The screen of what changed since the last meeting, by the same two moments as the page of changes."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from dashboard import store, theme
from dashboard.change_text import figure_text, flips
from dashboard.filters import Selection
from dashboard.text import esc, short_period, t
from etl.history import Kept, kept_extracts
from etl.meetings import meetings
from pages.changes.moments import Moment, extract_at, moments
from pages.changes.parts import BY_TIME, of_selection, other_targets
from pages.meeting.screens import Screen, columns, finding, more

SHOWN = 5


def changes(selection: Selection) -> Screen | None:
    """None where no meeting was marked before today, nothing older than the data in use was kept, or the day is not today."""
    today = date.today()
    found = _sides(today) if selection.as_of == today else None
    if found is None:
        return None
    start, before, after = found
    compared = {"before": str(before.file), "after": str(after.file) if after else None, "today": today}
    try:
        regions = store.ask("documents")["region"].tolist()
        targets, figures, issues = (of_selection(store.ask(question, **compared), selection, regions)
                                    for question in ("target_changes", "figure_changes", "issue_changes"))
        imports = store.ask("import_changes", **compared)
    except duckdb.Error:
        logging.getLogger("qingliu.meeting").exception("摘要比较不了")
        return None
    flipped, terms = flips(targets), other_targets(targets)
    parts = _parts(flipped, terms, figures, issues, imports)
    title = finding(t("meeting.changes.since", start=start.words), parts) if parts else t(
        "changes.title.none", since=t("changes.since", start=start.words))
    blocks = [(t("meeting.changes.flips", n=len(flipped)), _flips(flipped)),
              (t("meeting.changes.figures", n=len(figures)), _figures(figures))]
    sub = " · ".join(parts) if parts else t("meeting.changes.none")
    return Screen("changes", t("meeting.screen.changes"), title, f'<p class="sub">{esc(sub)}</p>{columns(blocks)}')


def _sides(today: date) -> tuple[Moment, Kept, Kept | None] | None:
    """The last meeting of a day before today, the extract it goes by, and that of the version in use if it was made today."""
    marked, extracts = meetings(), kept_extracts()
    last = next((meeting for meeting in marked if meeting.day < today), None)
    if last is None or not extracts:
        return None
    known = moments(datetime.now(UTC), marked, extracts)
    start = known[last.day.isoformat()]
    before, _ = extract_at(start, extracts, lambda kept: not store.ask("moment", file=str(kept.file), today=today).empty)
    version = Path(store.pinned_path()).stem.removeprefix("qingliu-")
    own = next((kept for kept in extracts if kept.version == version), None)
    if before is None or (before == own and before.built_at > start.at):
        return None
    made = store.ask("moment", file=str(own.file), today=today) if own else None
    is_of_today = made is not None and len(made) and made["day"].iloc[0].date() == today
    return known[before.version] if before.built_at > start.at else start, before, own if is_of_today else None


def _parts(flipped: pd.DataFrame, terms: pd.DataFrame, figures: pd.DataFrame, issues: pd.DataFrame, imports: pd.DataFrame) -> list[str]:
    """What there is of each kind of change, in words."""
    by_change = figures["change"].value_counts()
    found = [t(f"changes.title.{key}", n=by_change[key], measure=t("changes.title.figures"))
             for key in ("added", "changed", "withdrawn") if by_change.get(key)]
    others = [t(f"changes.title.{key}", n=len(rows)) for key, rows in
              (("flips", flipped), ("issues", issues), ("imports", imports), ("terms", terms)) if len(rows)]
    return [*others[:1], *found, *others[1:]] if len(flipped) else found + others


def _flips(rows: pd.DataFrame) -> str:
    """Status before and after, and why; what time alone did is counted by region."""
    waited = rows["cause"].isin(BY_TIME)
    found = [(row, row["name"], 1) for row in rows[~waited].to_dict("records")]
    for _, group in rows[waited].groupby(["region", "status_before", "status_after", "cause"], sort=False):
        row = group.iloc[0].to_dict() | {"had_earlier": False, "has_earlier": False}
        found.append((row, row["name"] if len(group) == 1 else t("changes.flips.group", n=len(group)), len(group)))
    lines = [(row, f'{theme.badge(row["status_before"], row["had_earlier"])} → {theme.badge(row["status_after"], row["has_earlier"])}'
                   f'　{t("changes.cause." + row["cause"])}', name) for row, name, _ in found[:SHOWN]]
    return _list(lines) + more(sum(n for *_, n in found[SHOWN:]), "items")


def _figures(rows: pd.DataFrame) -> str:
    """The figure that stands now, and the one before."""
    lines = []
    for row in rows.head(SHOWN).to_dict("records"):
        figures = [_figure(row, side) for side in ("_before", "") if isinstance(row[f"observation_id{side}"], str)]
        lines.append((row, f"{t('changes.word.' + row['change'])}　{esc(' → '.join(figures))}", row["indicator"]))
    return _list(lines) + more(len(rows) - SHOWN, "figures")


def _figure(row: dict, side: str) -> str:
    return f"{figure_text(row, side)}（{short_period(row[f'period_text{side}'])}）"


def _list(lines: list[tuple[dict, str, str]]) -> str:
    """Region and name of each row, with what is said of it in markup."""
    if not lines:
        return f'<p class="plain z">{t("meeting.changes.nothing")}</p>'
    return '<div class="list">' + "".join(f'<div><div><p class="what cut"><b>{esc(row["region"])}</b>　{esc(name)}</p>'
                                          f'<p class="how cut">{said}</p></div></div>' for row, said, name in lines) + "</div>"
