"""HTML of the calendar: rows of `dashboard.agenda` in, markup out."""

from __future__ import annotations

import pandas as pd

from dashboard import theme
from dashboard.agenda import RHYTHM, SOON_DAYS
from dashboard.filters import Selection
from dashboard.text import day_text, esc, listed, t

SHOWN = 12
"""Rows of a month before the rest is only counted here."""

USUAL_ADDRESS = "http://127.0.0.1:8501/"
STYLE = f"""<style>
.q table.agenda{{table-layout:fixed}} .q .agenda td{{height:34px;padding-top:4px;padding-bottom:4px;overflow-wrap:anywhere}}
.q .agenda .kind{{display:inline-block;border:1px solid {theme.LINE};border-radius:3px;padding:0 6px;font-size:12px;line-height:19px;
 color:{theme.INK2};white-space:nowrap}}
.q .agenda .kind.promise{{border-style:dashed;border-color:{theme.INK}}}
</style>"""
WIDTHS = {"day": "92px", "kind": "76px", "what": "auto", "status": "104px", "units": "19%", "clause": "13%"}


def heading(events: pd.DataFrame, targets: pd.DataFrame, selection: Selection) -> str:
    """What comes within the next days and what is overdue, in numbers; then scope and the next deadline."""
    soon = events[events["part"] == "soon"]["kind"].value_counts()
    overdue = int((targets["status"] == "到期未报").sum())
    said = [t("calendar.title.due", days=SOON_DAYS, n=soon["due"]) if "due" in soon else t("calendar.title.none", days=SOON_DAYS)]
    if "promise" in soon:
        said.append(t("calendar.title.promised", n=soon["promise"]))
    if overdue:
        said.append(t("calendar.title.overdue", n=overdue))
    where = listed(selection.regions) if selection.regions else t("calendar.everywhere")
    return (f'<div class="q"><h1>{esc("，".join(said))}</h1><div class="sub">'
            f'{esc(t("calendar.sub", day=day_text(selection.as_of), where=where, next=_next(events)))}</div></div>')


def _next(events: pd.DataFrame) -> str:
    due = events[(events["kind"] == "due") & (events["part"] != "past")]
    if due.empty:
        return t("calendar.next.none")
    day = due["day"].iloc[0]
    return t("calendar.next", day=day_text(day), n=int((due["day"] == day).sum()))


def months(events: pd.DataFrame, part: str, selection: Selection) -> str:
    """The months that hold something, each with its events by day."""
    until = day_text(pd.Timestamp(selection.as_of) + pd.Timedelta(days=SOON_DAYS))
    title = t(f"calendar.{part}", days=SOON_DAYS, until=until)
    if events.empty:
        return f'<div class="q gap"><h2>{title}</h2><div class="lead">{t(f"calendar.{part}.none")}</div></div>'
    heads = "".join(f'<th style="width:{width}">{t(f"calendar.head.{key}")}</th>' for key, width in WIDTHS.items())
    body = "".join(_month(rows, selection) for _, rows in events.groupby(events["day"].dt.to_period("M")))
    return f'<div class="q gap"><h2>{title}</h2>{_caveats(events)}<table class="agenda"><tr>{heads}</tr>{body}</table></div>'


def _caveats(events: pd.DataFrame) -> str:
    """What each plan with a rhythm leaves open, once."""
    notes = []
    for (document, clause, about), rows in events[events["kind"].isin(RHYTHM)].groupby(["document", "clause", "about"], sort=False):
        kinds = listed([t(f"calendar.kind.{kind}") for kind in rows["kind"].unique()])
        words = t("calendar.caveat", document=document, clause=clause, kinds=kinds, about=about)
        notes.append(f'<div class="note" style="margin-bottom:6px">{esc(words)}</div>')
    return "".join(notes)


def _month(rows: pd.DataFrame, selection: Selection) -> str:
    more = len(rows) - SHOWN
    rest = f'<tr><td colspan="{len(WIDTHS)}" class="lead">{t("calendar.more", n=more)}</td></tr>' if more > 0 else ""
    return (f'<tr class="grp"><td colspan="{len(WIDTHS)}"><b>{_month_words(rows["day"].iloc[0])}</b>　'
            f'<span class="lead">{_counted(rows)}</span></td></tr>'
            + "".join(_event(row, selection) for row in rows.head(SHOWN).to_dict("records")) + rest)


def _month_words(day: pd.Timestamp) -> str:
    return t("calendar.month", year=day.year, month=day.month)


def _counted(rows: pd.DataFrame) -> str:
    """5 项目标到期、1 个承诺日、3 次调度通报."""
    kinds = rows["kind"].mask(rows["kind"].isin(RHYTHM), "rhythm").value_counts()
    return listed([t(f"calendar.count.{kind}", n=kinds[kind]) for kind in ("due", "promise", "rhythm") if kind in kinds])


def _event(row: dict, selection: Selection) -> str:
    if isinstance(row["target_id"], str):
        link, status = selection.address("sources", target=row["target_id"]), theme.badge(row["status"])
    else:
        link, status = selection.address("region", region=row["region"]), ""
    about = "" if row["kind"] in RHYTHM else f'<div class="note">{esc(row["about"])}</div>'
    units = row["units"] if isinstance(row["units"], str) else "—"
    return (f'<tr><td class="nw">{day_text(row["day"])}</td>'
            f'<td><span class="kind {row["kind"]}">{t("calendar.kind." + row["kind"])}</span></td>'
            f'<td><b>{esc(row["region"])}</b>　{esc(row["title"])}{about}</td>'
            f'<td>{status}</td><td>{esc(units)}</td><td title="{esc(row["document"])}">'
            f'<a href="{esc(link)}" target="_self">{esc(row["clause"])}</a></td></tr>')


def past_promises(events: pd.DataFrame, selection: Selection) -> str:
    """Days that were promised and are over, while the target still asks for something; nothing when there are none."""
    if events.empty:
        return ""
    body = "".join(_event(row, selection) for row in events.iloc[::-1].to_dict("records"))
    heads = "".join(f'<th style="width:{width}">{t(f"calendar.head.{key}")}</th>' for key, width in WIDTHS.items())
    return (f'<div class="q gap"><h2>{t("calendar.past.promises", n=len(events))}</h2>'
            f'<table class="agenda"><tr>{heads}</tr>{body}</table></div>')


def past_months(owed: pd.DataFrame) -> str:
    """Months whose deadlines are over, newest first: how many targets still owe a figure, a verdict or the goal, and where."""
    statuses = [status for status in ("到期未报", "定性待评", "未达标") if (owed["status"] == status).any()]
    heads = "".join(f'<th class="r" style="width:110px">{theme.badge(status)}</th>' for status in statuses)
    rows = []
    for month, group in sorted(owed.groupby(owed["deadline"].dt.to_period("M")), key=lambda pair: pair[0], reverse=True):
        counts = "".join(f'<td class="r">{int((group["status"] == status).sum()) or "—"}</td>' for status in statuses)
        where = listed([f"{region} {n}" for region, n in group["region"].value_counts(sort=False).items()])
        rows.append(f'<tr><td class="nw"><b>{_month_words(month.start_time)}</b></td>{counts}<td>{esc(where)}</td></tr>')
    return (f'<div class="q gap"><h2>{t("calendar.past", n=len(owed))}</h2><table class="dense">'
            f'<tr><th style="width:150px">{t("calendar.head.month")}</th>{heads}<th>{t("calendar.head.where")}</th></tr>'
            f'{"".join(rows)}</table></div>')


def address(url: str | None) -> str:
    """Where this dashboard is reached, as the browser knows it: the address of the page without the page."""
    return url.rsplit("/", 1)[0] + "/" if url else USUAL_ADDRESS
