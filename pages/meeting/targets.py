"""Screens about targets: the overview, what needs attention, and one per region."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import store, theme
from dashboard.filters import Selection
from dashboard.meeting_charts import Bar, status_bars
from dashboard.queries import STATUS_ORDER
from dashboard.text import (
    day_text,
    esc,
    gap_text,
    latest_text,
    lower_is_better,
    status_label,
    t,
    target_text,
)
from pages.meeting.said import line, newest
from pages.meeting.screens import Screen, card_link, columns, finding, fitting, more
from pages.region.parts import plan_state

SHOWN_REGIONS, SHOWN_UNITS = 6, 6
ALL, MOST = 100_000, 8
BARS_HEIGHT = 530


@dataclass(frozen=True)
class Space:
    """Of a list, in pixels at 1920 × 1080: all its height, that of a row, and what a note adds to a row."""

    room: int
    row: int
    note: int


WHOLE, COLUMN = Space(690, 117, 44), Space(494, 99, 36)


def overview(selection: Selection) -> Screen:
    """How many are met, missed and unreported, region by region, and the three things to decide."""
    counts = store.ask("counts_by_region", **selection.parameters())
    by_status = counts.groupby("status")["n"].sum()
    due, total = int(counts.loc[counts["status"] != "已废止", "due"].sum()), int(by_status.sum())
    repealed = int(by_status.get("已废止", 0))
    if repealed == total:
        title = t("overview.title.repealed", total=total)
    elif due == 0:
        title = t("overview.title.none_due", total=total - repealed)
    else:
        title = finding(t("meeting.title.due", n=due), _status_words(by_status))
    regions = list(counts.groupby("region", sort=False))
    bars = [Bar(str(name), dict(zip(rows["status"], rows["n"].astype(int))), _note(rows)) for name, rows in regions[:SHOWN_REGIONS]]
    body = status_bars(bars, BARS_HEIGHT) + more(len(regions) - SHOWN_REGIONS, "regions") + _decisions(counts, by_status, selection)
    return Screen("overview", t("meeting.screen.overview"), title, body)


def _status_words(by_status: pd.Series) -> list[str]:
    """23 项达标, 135 项未报 …; met is said even when it is none."""
    keys = (("met", "达标"), ("missed", "未达标"), ("overdue", "到期未报"), ("qualitative", "定性待评"))
    return [t(f"meeting.part.{key}", n=by_status.get(status, 0)) for key, status in keys if by_status.get(status, 0) or status == "达标"]


def _note(rows: pd.DataFrame) -> str:
    return t("meeting.repealed.short", day=day_text(rows["repealed_on"].iloc[0])) if set(rows["status"]) == {"已废止"} else ""


def _decisions(counts: pd.DataFrame, by_status: pd.Series, selection: Selection) -> str:
    """At most three things to do, none where there is nothing."""
    first = store.ask("attention", limit=1, **selection.parameters()).to_dict("records")
    found = []
    if overdue := by_status.get("到期未报", 0):
        earlier = int(counts["with_earlier"].sum())
        lines = [t("meeting.do.report.earlier", n=earlier)] if earlier else []
        found.append((t("meeting.do.report", n=overdue), [*lines, t("meeting.do.report.rest" if earlier else "meeting.do.report.all")]))
    if first and (first[0]["status"] == "未达标" or first[0]["is_short"]):
        row, missed = first[0], by_status.get("未达标", 0)
        head = t("meeting.do.missed", n=missed) if row["status"] == "未达标" else t("meeting.do.short")
        figure = t("meeting.do.figure", figure=latest_text(row), target=target_text(row))
        found.append((head, [f"{esc(row['region'])} {card_link(row, selection)}", esc(figure)]))
    if qualitative := by_status.get("定性待评", 0):
        rows = counts[counts["status"] == "定性待评"]
        said = [f"{esc(name)} {n}" for name, n in zip(rows["region"], rows["n"])]
        lines = [" · ".join(said[:2]), " · ".join(said[2:4]) + (t("meeting.do.more", n=len(said) - 4) if len(said) > 4 else "")]
        found.append((t("meeting.do.judge", n=qualitative), lines))
    blocks = "".join(f'<div><b class="cut"><i>{number}</i>{esc(head)}</b>'
                     + "".join(f'<p class="{"two" if len(lines) == 1 else "cut"}">{one}</p>' for one in lines if one) + "</div>"
                     for number, (head, lines) in enumerate(found, start=1))
    return f'<div class="decisions">{blocks}</div>' if blocks else ""


def attention(selection: Selection) -> Screen:
    """Missed first, then unreported with a last figure short of the target, then the rest."""
    rows = store.ask("attention", limit=ALL, **selection.parameters())
    counts = rows["status"].value_counts()
    parts = [*([t("meeting.part.missed", n=counts["未达标"])] if "未达标" in counts else []),
             *([t("meeting.part.overdue.whole", n=counts["到期未报"])] if "到期未报" in counts else []),
             *([t("meeting.part.short", n=int(rows["is_short"].sum()))] if rows["is_short"].any() else [])]
    title = finding("", parts) or t("meeting.attention.none")
    body = f'<p class="sub">{t("meeting.attention.sub")}</p>{_list(rows, selection, WHOLE)}' if len(rows) else ""
    return Screen("attention", t("meeting.screen.attention"), title, body)


def _list(rows: pd.DataFrame, selection: Selection, space: Space, with_region: bool = True) -> str:
    """Each target with its last figure, what it must reach, the gap and the newest note, as many as have room; the rest is counted."""
    first = rows.head(MOST).to_dict("records")
    notes = newest([row["target_id"] for row in first], selection)
    shown = first[:fitting([space.row + space.note * (row["target_id"] in notes) for row in first], space.room)]
    lines = []
    for row in shown:
        region = f"<b>{esc(row['region'])}</b>　" if with_region else ""
        known = not pd.isna(row["latest_value"])
        promise = target_text(row)
        figure = t("meeting.figure", figure=latest_text(row), target=promise) if known else t("meeting.no_figure", target=promise)
        mark = theme.icon(row["status"], isinstance(row["earlier_observation_id"], str))
        gap = (gap_text(row["gap_to_target"], row["unit"], lower_is_better(row)) if known
               else t("overview.attention.late", days=int(row["days_past_deadline"])))
        lines.append(f'<div><div><p class="what cut">{region}{card_link(row, selection)}</p><p class="how cut">'
                     f'<span class="st" style="color:{theme.STATUS_COLOUR[row["status"]]}">{mark}{status_label(row["status"])}</span>　'
                     f'{esc(figure)}</p></div><div class="gap">{esc(gap)}</div>{line(notes.get(row["target_id"]), selection)}</div>')
    return f'<div class="list">{"".join(lines)}</div>{more(len(rows) - len(shown), "items")}'


def regions(selection: Selection) -> list[Screen]:
    """One screen for each region that has targets in the selection, in document order."""
    targets = store.ask("targets", **selection.parameters())
    return [_region(str(name), rows, selection) for name, rows in targets.groupby("region", sort=False)]


def _region(name: str, targets: pd.DataFrame, selection: Selection) -> Screen:
    document = store.ask("document_of_region", region=name).iloc[0].to_dict()
    state = plan_state(document, selection.as_of)
    counts = targets["status"].value_counts()
    sub = t("meeting.region.sub", document=document["short_title"], state=t(f"meeting.plan.{state}"))
    if len(targets) != document["targets"]:
        sub += " · " + t("region.sub.filtered", n=len(targets), total=document["targets"])
    body = f'<p class="sub">{esc(sub)}</p>{_counts(counts)}'
    if state == "repealed":
        still_open = int((targets["deadline"] >= document["repealed_on"]).sum())
        body += f'<p class="plain">{t("meeting.repealed", day=day_text(document["repealed_on"]), n=still_open)}</p>'
    else:
        body += _to_do(name, selection)
    return Screen(f"region-{targets['region_id'].iloc[0]}", name, _region_title(name, targets, counts, document, state), body)


def _region_title(name: str, targets: pd.DataFrame, counts: pd.Series, document: dict, state: str) -> str:
    due = int(targets["is_due"].sum())
    if state == "repealed":
        return t("meeting.region.repealed", region=name, n=len(targets), day=day_text(document["repealed_on"]))
    if state == "ahead":
        return t("region.title.not_begun" if pd.isna(document["issued_on"]) else "region.title.not_issued", region=name)
    if due == 0:
        return t("region.title.none_due", region=name, total=len(targets))
    return finding(t("meeting.region.due", region=name, n=due), _status_words(counts))


def _counts(counts: pd.Series) -> str:
    cells = []
    for status in STATUS_ORDER:
        n = int(counts.get(status, 0))
        colour = theme.STATUS_COLOUR[status] if n else theme.ZERO
        cells.append(f'<div><b style="color:{colour}">{n}</b>{theme.icon(status)}{status_label(status)}</div>')
    return f'<div class="counts">{"".join(cells)}</div>'


def _to_do(name: str, selection: Selection) -> str:
    """What needs attention in a region, and which units owe most figures."""
    chosen = selection.parameters() | {"regions": [name]}
    rows = store.ask("attention", limit=ALL, **chosen)
    units = store.ask("counts_by_unit", **chosen)
    units = units[units["overdue"] > 0].drop_duplicates("subject")
    if rows.empty:
        return f'<p class="plain">{t("meeting.attention.none")}</p>'
    lines = "".join(f'<div><div><p class="what cut">{esc(row["subject"].removesuffix(f"（{name}）"))}</p></div><div class="gap" '
                    f'style="color:{theme.WARM}">{t("meeting.items", n=int(row["overdue"]))}</div></div>'
                    for row in units.head(SHOWN_UNITS).to_dict("records"))
    return columns([(t("meeting.region.first"), _list(rows, selection, COLUMN, with_region=False)),
                    (t("meeting.region.units"), f'<div class="list">{lines}</div>' + more(len(units) - SHOWN_UNITS, "units"))],
                   is_first_wide=True)
