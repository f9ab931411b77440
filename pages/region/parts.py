"""HTML of the region page: one plan, its document and its targets; one line of markup out."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard import theme
from dashboard.filters import Selection
from dashboard.text import day_text, esc, issued_text, span_text, status_label, t
from pages.region.lifeline import lifeline

SHOWN_UNITS = 3
STYLE = f"""<style>
.q .doc dl{{display:grid;grid-template-columns:68px 1fr;margin:6px 0;font-size:13px;row-gap:1px}}
.q .doc dt{{color:{theme.INK3};font-weight:400}} .q .doc dd{{margin:0}}
.q .lack{{display:flex;gap:20px;font-size:13px;margin:6px 0 14px}}
.q .lack>div{{flex:1;border-left:2px solid {theme.LINE};padding-left:10px;min-width:0}}
.q .lack b{{display:block;font-size:12px;font-weight:500;color:{theme.INK2}}}
.q .plan{{table-layout:fixed}}
.q .plan th,.q .plan td{{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}
.q .plan th,.q .plan td{{padding:0 6px}}
.q .plan th{{position:sticky;top:0;background:#fff;z-index:1;padding:6px 6px 5px;border-bottom:0;
 box-shadow:inset 0 -1px 0 {theme.INK2}}}
.q .plan td:first-child,.q .plan th:first-child{{padding-left:0}}
.q .plan td:last-child,.q .plan th:last-child{{padding-right:0}}
.q .plan .name{{display:flex;align-items:baseline;gap:6px;padding-left:8px}}
.q .plan .name a{{overflow:hidden;text-overflow:ellipsis;min-width:0}}
.q .plan small{{font-size:12px;color:{theme.INK3};flex:none}}
.q .plan .old td,.q .plan .old b{{color:{theme.REPEALED}}}
</style>"""


def plan_state(document: dict, as_of: date) -> str:
    """Where the day lies in the life of a plan: ahead, running, over or repealed."""
    day, begin = pd.Timestamp(as_of), document["issued_on"]
    if not pd.isna(document["repealed_on"]) and document["repealed_on"] <= day:
        return "repealed"
    if day < (document["period_start"] if pd.isna(begin) else begin):
        return "ahead"
    return "over" if document["period_end"] < day else "running"


def heading(document: dict, targets: pd.DataFrame, selection: Selection, state: str) -> str:
    """The finding in numbers, then date, document and what the title leaves out."""
    sub = [t("region.sub", day=selection.as_of.isoformat(), document=document["short_title"])]
    if len(targets) != document["targets"]:
        sub.append(t("region.sub.filtered", n=len(targets), total=document["targets"]))
    if state == "repealed":
        sub.append(t("region.sub.repealed"))
    elif state == "ahead":
        sub.append(t("region.sub.ahead", day=_beginning(document)))
    else:
        counts = targets["status"].value_counts()
        sub += [t(f"region.sub.{key}", n=counts[status])
                for key, status in (("qualitative", "定性待评"), ("not_due", "数据未出")) if status in counts]
    return (f'<div class="q"><h1>{esc(_title(document, targets, state, selection))}</h1>'
            f'<div class="sub" style="padding-bottom:10px">{esc(" · ".join(sub))}</div></div>')


def _title(document: dict, targets: pd.DataFrame, state: str, selection: Selection) -> str:
    region, total, counts = document["region"], len(targets), targets["status"].value_counts()
    if total == 0:
        return t("region.title.empty", region=region)
    if state == "repealed":
        still_open = int((targets["deadline"] >= document["repealed_on"]).sum())
        key = "region.title.repealed" if still_open else "region.title.repealed.all_due"
        return t(key, region=region, total=total, open=still_open)
    if state == "ahead":
        return t("region.title.not_begun" if pd.isna(document["issued_on"]) else "region.title.not_issued", region=region)
    due = int(targets["is_due"].sum())
    if due == 0:
        return t("region.title.none_due", region=region, total=total)
    parts = [t(f"region.part.{key}", n=counts.get(status, 0))
             for key, status in (("met", "达标"), ("missed", "未达标"), ("overdue", "到期未报"))
             if counts.get(status, 0) or (status == "达标" and not selection.statuses)]
    parts = parts or [t("region.sub.qualitative", n=counts.get("定性待评", 0))]
    return t("region.title.due", region=region, due=due, parts="，".join(parts))


def _beginning(document: dict) -> str:
    if pd.isna(document["issued_on"]):
        return day_text(document["period_start"])
    return issued_text(document["issued_on"], document["issued_precision"])


def nothing(region: str, selection: Selection) -> str:
    """No target passes the filters: a link that clears them and stays with the region."""
    cleared = Selection(selection.as_of, today=selection.as_of).address("region", plan=region)
    return (f'<div class="q"><h2>{t("empty")}</h2><a href="{esc(cleared)}" target="_self">{t("empty.clear")}</a></div>')


def life_block(document: dict, targets: pd.DataFrame, selection: Selection, state: str) -> str:
    """When the plan was in force and when its targets fall due."""
    deadlines = targets["deadline"].dropna()
    if targets.empty:
        title = t("region.line.none")
    elif state == "repealed":
        late = int((deadlines >= document["repealed_on"]).sum())
        title = t("region.line.repealed", n=len(deadlines) - late, later=late)
    else:
        by_year = deadlines.dt.year.value_counts()
        title = t("region.line.most", year=by_year.index[0], n=by_year.iloc[0]) if len(by_year) else ""
    if len(deadlines) < len(targets):
        title += t("region.line.no_deadline", n=len(targets) - len(deadlines))
    return (f'<div class="q gap"><h2>{esc(title)}</h2>'
            f'{lifeline(document, deadlines, selection.as_of, state == "ahead")}</div>')


def document_card(document: dict, selection: Selection, state: str) -> str:
    """What the document says of itself; what it does not say is said too."""
    unstated = f'<span class="z">{t("region.card.unstated")}</span>'
    issued = "" if pd.isna(document["issued_on"]) else issued_text(document["issued_on"], document["issued_precision"])
    effective = "" if pd.isna(document["effective_on"]) else day_text(document["effective_on"])
    rows = [("state", _force(document, state)), ("number", esc(document["document_number"])),
            ("issuer", esc(document["issuer"])), ("issued", issued), ("effective", effective),
            ("period", span_text(document["period_start"], document["period_end"])),
            ("index", esc(document["index_number"]))]
    if state == "repealed":
        rows.append(("next", t("region.card.next.none")))
    listed = "".join(f'<dt>{t(f"region.card.{key}")}</dt><dd>{value or unstated}</dd>' for key, value in rows)
    note = f'<div class="note">{esc(document["note"])}</div>' if isinstance(document["note"], str) else ""
    counts = t("region.card.counts", **{k: document[k] for k in ("targets", "measures", "projects")})
    return (f'<div class="q gap"><div class="card doc"><b style="font-size:15px">{esc(document["title"])}</b>'
            f'<dl>{listed}</dl>{note}<div class="lead" style="margin-top:4px">{counts}</div><div class="lead">'
            f'{_tab_link(selection, t("region.tab.documents"), t("region.card.documents"))}　'
            f'{_tab_link(selection, t("sources.tab.issues"), t("region.card.issues", n=document["issues"]))}'
            '</div></div></div>')


def _force(document: dict, state: str) -> str:
    if state == "repealed":
        return (f'<span class="st" style="color:{theme.REPEALED}">{theme.icon("已废止")}'
                f'{t("region.card.state.repealed", day=day_text(document["repealed_on"]))}</span>')
    if state == "ahead":
        return t("region.card.state.not_begun" if pd.isna(document["issued_on"]) else "region.card.state.not_issued")
    if not pd.isna(document["repealed_on"]):
        return t("region.card.state.later", day=day_text(document["repealed_on"]))
    return t(f"region.card.state.{state}")


def _tab_link(selection: Selection, tab: str, words: str) -> str:
    return f'<a href="{esc(selection.address("sources", tab=tab))}" target="_self">{esc(words)}</a>'


def missing_block(targets: pd.DataFrame, by_unit: pd.DataFrame, selection: Selection, state: str) -> str:
    """How many figures are owed, for which years, by whom."""
    overdue = targets[targets["status"] == "到期未报"]
    if state == "repealed":
        known = int(targets["latest_value"].notna().sum())
        text = t("region.missing.repealed.text", n=len(targets), known=known, none=len(targets) - known)
        return _missing(t("region.missing.repealed"), f'<div class="lead">{text}</div>')
    if state == "ahead":
        return _missing(t("region.missing.ahead"),
                        f'<div class="lead">{t("region.missing.ahead.text", n=len(targets))}</div>')
    qualitative = int((targets["status"] == "定性待评").sum())
    more = t("region.missing.qualitative", n=qualitative) if qualitative else ""
    if overdue.empty:
        return _missing(t("region.missing.none"), f'<div class="lead">{more}</div>')
    earlier = int(overdue["earlier_observation_id"].notna().sum())
    figures = [t("region.missing.nothing", n=len(overdue) - earlier)]
    if earlier:
        figures.insert(0, t("region.missing.earlier", n=earlier))
    columns = [("figures", "<br>".join([*figures, *([more] if more else [])])),
               ("years", _years(overdue, selection)), ("units", _units(by_unit))]
    cells = "".join(f'<div><b>{t(f"region.missing.{key}")}</b>{value}</div>' for key, value in columns)
    return _missing(t("region.missing", n=len(overdue)), f'<div class="lack">{cells}</div>')


def _missing(title: str, body: str) -> str:
    return f'<div class="q gap"><h2>{title}</h2>{body}</div>'


def _years(overdue: pd.DataFrame, selection: Selection) -> str:
    """Deadline years with what each lacks, every one a link to exactly these targets."""
    region = overdue["region"].iloc[0]
    lines = []
    for year, n in overdue["deadline"].dt.year.value_counts().sort_index().items():
        link = selection.address("region", region=[region], year=[year], status=[status_label("到期未报")])
        lines.append(f'<span class="nw"><a href="{esc(link)}" target="_self">{t("region.missing.year", year=year)}</a> '
                     f'{t("region.missing.items", n=n)}</span>')
    return ("<br>" if len(lines) <= 5 else "，").join(lines)


def _units(by_unit: pd.DataFrame) -> str:
    """The units that owe most; last, what the document assigns to nobody."""
    owed = by_unit[by_unit["status"] == "到期未报"]
    nobody = owed["subject"].str.startswith(t("word.no_unit"))
    named = owed[~nobody].sort_values("n", ascending=False, kind="stable")
    lines = [esc(t("region.missing.unit", name=row["subject"].rpartition("（")[0], n=row["n"]))
             for row in named.head(SHOWN_UNITS).to_dict("records")]
    if len(named) > SHOWN_UNITS:
        lines.append(t("region.missing.more_units", n=len(named) - SHOWN_UNITS))
    if nobody.any():
        lines.append(t("region.missing.no_unit", n=int(owed.loc[nobody, "n"].sum())))
    return "<br>".join(lines)
