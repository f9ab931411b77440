"""HTML of the overview: counts in, one line of markup out."""

from __future__ import annotations

import pandas as pd

from dashboard import charts, theme
from dashboard.filters import Selection
from dashboard.queries import STATUS_ORDER
from dashboard.text import (
    day_text,
    deadline_text,
    esc,
    few,
    gap_text,
    listed,
    lower_is_better,
    short_period,
    status_label,
    t,
    value_text,
)

SHOWN_SUBJECTS, SHOWN_UNITS = 7, 10


def heading(counts: pd.DataFrame, selection: Selection, documents: int, regions: int) -> str:
    """The finding in numbers, then date, scope and caveat."""
    by_status = counts.groupby("status")["n"].sum()
    total, due = int(by_status.sum()), int(counts.loc[counts["status"] != "已废止", "due"].sum())
    if by_status.get("已废止", 0) == total:
        title = t("overview.title.repealed", total=total)
    elif due == 0:
        title = t("overview.title.none_due", total=total - by_status.get("已废止", 0))
    else:
        parts = [t(f"overview.part.{key}", n=by_status.get(status, 0))
                 for key, status in (("met", "达标"), ("missed", "未达标"), ("overdue", "到期未报"), ("qualitative", "定性待评"))
                 if by_status.get(status, 0) or status == "达标"]
        title = t("overview.title.due", due=due) + "，".join(parts)
    sub = t("overview.sub", day=selection.as_of.isoformat(), regions=t("count.regions", n=few(regions)),
            documents=t("count.documents", n=few(documents)))
    return f'<div class="q"><h1>{title}</h1><div class="sub">{sub}</div></div>'


def main_table(counts: pd.DataFrame, targets: pd.DataFrame, selection: Selection) -> str:
    """Counts by region and status with one mark per target."""
    by_status = counts.groupby("status")["n"].sum()
    earlier = int(counts["with_earlier"].sum())
    head = "".join(f'<th class="r">{theme.icon(s)}{status_label(s)}</th>' for s in STATUS_ORDER)
    dot = (f'<span style="color:{theme.WARM};margin-left:10px">{theme.icon("到期未报", True)}'
           f'{t("overview.head.earlier", n=earlier)}</span>') if earlier else ""
    widths = "".join(f'<col style="width:{w}">' for w in ["21%", *["7.2%"] * 6, "35.8%"])
    rows = [_total_row(counts, targets, by_status)]
    rows += [_region_row(region, group, targets[targets["region"] == region], selection)
             for region, group in counts.groupby("region", sort=False)]
    return (f'<div class="q gap"><table class="big"><colgroup>{widths}</colgroup><tr><th>{t("overview.head.region")}</th>'
            f'{head}<th style="padding-left:24px">{t("overview.head.marks")}{dot}</th></tr>{"".join(rows)}</table></div>')


def _total_row(counts: pd.DataFrame, targets: pd.DataFrame, by_status: pd.Series) -> str:
    due = int(counts.loc[counts["status"] != "已废止", "due"].sum())
    cells = "".join(f'<td class="r tot">{_count(by_status.get(s, 0), s)}</td>' for s in STATUS_ORDER)
    overdue = targets[targets["status"] == "到期未报"]
    note = t("overview.legend")
    if len(overdue):
        last = int(overdue["deadline"].dt.year.max())
        in_last = int((overdue["deadline"].dt.year == last).sum())
        parts = [t("overview.overdue.year", year=last, n=in_last)]
        if len(overdue) > in_last:
            parts.append(t("overview.overdue.earlier", n=len(overdue) - in_last))
        note += "<br>" + t("overview.overdue", n=len(overdue), parts="，".join(parts))
    return (f'<tr class="t"><td><b style="font-size:16px">{t("overview.total", n=int(by_status.sum()))}</b>'
            f'<div class="note">{t("overview.total.due", n=due)}</div></td>{cells}'
            f'<td style="padding-left:24px"><div class="lead" style="line-height:1.55">{note}</div></td></tr>')


def _region_row(region: str, group: pd.DataFrame, targets: pd.DataFrame, selection: Selection) -> str:
    counts = group.set_index("status")["n"]
    first = group.iloc[0]
    repealed = "已废止" in counts.index
    note = first["short_title"]
    if repealed:
        note = t("overview.repealed", day=day_text(first["repealed_on"]), parent=t("overview.belongs_lishui"))
    elif not first["is_issued"]:
        note = t("overview.not_issued", document=note)
    else:
        reposted = int(((targets["status"] == "达标") & (targets["confidence"] == "转载")).sum())
        if reposted:
            note = f"{note}；{t('overview.provisional', n=reposted)}"
    cells = "".join(f'<td class="r n">{_count(counts.get(s, 0), s)}</td>' for s in STATUS_ORDER)
    ordered = targets.sort_values(["status_order", "earlier_observation_id"], na_position="last", kind="stable")
    marks = charts.unit_plot([(s, s == "到期未报" and isinstance(e, str))
                              for s, e in zip(ordered["status"], ordered["earlier_observation_id"])])
    colour = theme.REPEALED if repealed else theme.INK
    link = selection.address("region", region=[region])
    return (f'<tr><td><a href="{esc(link)}" target="_self" style="color:{colour};font-size:16px;font-weight:700">'
            f'{esc(region)}</a> <span style="font-size:13px;color:{theme.INK3}">'
            f'{t("overview.items", n=int(group["n"].sum()))}</span><div class="note">{esc(note)}</div></td>{cells}'
            f'<td style="padding-left:24px">{marks}</td></tr>')


def _count(n: int, status: str) -> str:
    return f'<span style="color:{theme.STATUS_COLOUR[status]}">{n}</span>' if n else '<span class="z">0</span>'


def attention_block(rows: pd.DataFrame, selection: Selection) -> str:
    """The three that cannot wait, each with its bullet and gap."""
    if rows.empty:
        return f'<div class="q gap"><h2>{t("overview.attention.none")}</h2></div>'
    why = "missed" if (rows["status"] == "未达标").any() else "short" if rows["is_short"].all() else "open"
    lines = []
    for row in rows.to_dict("records"):
        known = not pd.isna(row["latest_value"])
        figure = (f'{t("overview.attention.latest")} <b>'
                  f'{esc(value_text(row["latest_value"], row["unit"], comparator=row["latest_comparator"] or "="))}</b>'
                  f'（{esc(short_period(row["latest_period"]))}{_repost(row)}）' if known
                  else t("overview.attention.no_figure"))
        gap = (gap_text(row["gap_to_target"], row["unit"], lower_is_better(row)) if known
               else t("overview.attention.late", days=int(row["days_past_deadline"])))
        link = selection.address("sources", target=row["target_id"])
        lines.append(
            f'<tr><td style="width:30px;height:56px">{theme.icon(row["status"], isinstance(row["earlier_observation_id"], str))}'
            f'</td><td><b>{esc(row["region"])}</b> <a href="{esc(link)}" target="_self">{esc(row["name_in_plan"])}</a>'
            f'<div>{figure}</div></td><td style="width:182px">{charts.bullet(row, 176, False)}</td>'
            f'<td class="r nw" style="width:128px"><b>{esc(gap)}</b></td></tr>')
    return (f'<div class="q gap"><h2>{t("overview.attention", n=few(len(rows)), why=t(f"overview.attention.{why}"))}</h2>'
            f'<div class="note">{t("overview.attention.note")}</div><table>{"".join(lines)}</table></div>')


def _repost(row: dict) -> str:
    return f"，{t('word.repost')}" if row["source_kind"] == "repost" else ""


def side_notes(upcoming: pd.DataFrame, issues: pd.DataFrame, selection: Selection) -> str:
    """The next deadline, and figures in the documents that contradict each other."""
    if upcoming.empty:
        next_text = t("overview.next.none")
    else:
        row = upcoming.iloc[0]
        next_text = (f'{t("overview.next.text", day=deadline_text(row["deadline"]), n=row["n"])}<br>'
                     f'{esc(row["region"])} {esc(row["example"])}（{esc(row["scope"])}）')
    if issues.empty:
        issue_text = t("overview.issues.none")
    else:
        link = selection.address("sources", tab=t("sources.tab.issues"))
        issue_text = (f'{t("overview.issues.text", n=len(issues))}<br><a href="{esc(link)}" target="_self">'
                      f'{esc(_cut(issues.iloc[0]["description"], 40))}</a>')
    return (f'<div class="q"><div class="two"><div><b>{t("overview.next")}</b>　{next_text}</div>'
            f'<div><b>{t("overview.issues")}</b>　{issue_text}</div></div></div>')


def subject_table(counts: pd.DataFrame, title: str, note: str, column: str, shown: int = SHOWN_SUBJECTS) -> str:
    """Counts by theme or unit; what does not fit is summed in one last row."""
    statuses = [s for s in STATUS_ORDER if s != "已废止"]
    wide = counts.pivot_table(index="subject", columns="status", values="n", aggfunc="sum", fill_value=0, sort=False)
    wide = wide.reindex(columns=statuses, fill_value=0)
    rows = [_subject_row(name, row, statuses) for name, row in wide.head(shown).iterrows()]
    if len(wide) > shown:
        rows.append(_subject_row(t("overview.rest", n=len(wide) - shown), wide.iloc[shown:].sum(), statuses))
    head = "".join(f'<th class="r">{theme.icon(s)}{status_label(s)}</th>' for s in statuses)
    return (f'<div class="q gap"><h2>{esc(title)}</h2><div class="note">{esc(note)}</div><table><tr><th>{column}</th>{head}'
            f'<th class="r">{t("column.total")}</th></tr>{"".join(rows)}</table></div>')


def _subject_row(name: str, row: pd.Series, statuses: list[str]) -> str:
    cells = "".join(f'<td class="r">{_count(int(row[s]), s)}</td>' for s in statuses)
    return f'<tr><td style="height:33px">{esc(name)}</td>{cells}<td class="r"><b>{int(row.sum())}</b></td></tr>'


def theme_title(counts: pd.DataFrame) -> str:
    lacking = counts[counts["overdue"] > 0]["subject"].drop_duplicates().head(3).tolist()
    return t("overview.by_theme", names=listed(lacking)) if lacking else t("overview.by_theme.plain")


def unit_title(counts: pd.DataFrame) -> str:
    named = counts[(counts["overdue"] > 0) & ~counts["subject"].str.startswith(t("word.no_unit"))]["subject"]
    return t("overview.by_unit", name=named.iloc[0]) if len(named) else t("overview.by_unit.plain")


def year_title(counts: pd.DataFrame) -> str:
    by_year = counts.groupby("subject")["n"].sum()
    return t("overview.by_year", year=by_year.idxmax(), n=int(by_year.max()))


def _cut(sentence: str, length: int) -> str:
    return sentence if len(sentence) <= length else sentence[: length - 1] + "…"
