"""HTML and choices of the indicator page."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config as columns

from dashboard import charts, text, theme
from dashboard.filters import Selection
from dashboard.text import esc, listed, t

TITLE_PARTS = [("达标", "met"), ("未达标", "missed"), ("到期未报", "overdue"), ("定性待评", "qualitative"),
               ("数据未出", "not_due"), ("已废止", "repealed")]


def heading(targets: pd.DataFrame) -> str:
    """Theme and name, then the finding: which region stands where."""
    parts = []
    for status, key in TITLE_PARTS:
        group = targets[targets["status"] == status]
        if status == "到期未报":
            for deadline_year, rows in group.groupby(group["deadline"].dt.year, sort=True):
                parts.append(t("indicator.title.overdue", regions=_regions(rows, targets, False), year=deadline_year))
        elif len(group):
            parts.append(t(f"indicator.title.{key}", regions=_regions(group, targets, True)))
    first = targets.iloc[0]
    crumb = t("indicator.crumb", theme=first["theme"], name=first["indicator"])
    return (f'<div class="q"><div class="note" style="font-size:13px">{esc(crumb)}</div>'
            f'<h1>{esc("，".join(parts))}</h1></div>')


def _regions(rows: pd.DataFrame, targets: pd.DataFrame, with_year: bool) -> str:
    """Names of regions; with the deadline year where a region has several deadlines."""
    several = targets.groupby("region")["deadline"].nunique() > 1
    names = [f"{r['region']} {text.deadline_text(r['deadline'])} 年" if with_year and several[r["region"]] else r["region"]
             for r in rows.to_dict("records")]
    return listed(list(dict.fromkeys(names)))


def definition(indicator: pd.Series) -> str:
    unit = indicator["unit"] if isinstance(indicator["unit"], str) else t("indicator.no_unit")
    return (f'<div class="q"><div class="lead">'
            f'{esc(t("indicator.definition", definition=indicator["definition"], unit=unit))}</div></div>')


def bullets(targets: pd.DataFrame, figures: pd.DataFrame, documents: pd.DataFrame, selection: Selection) -> str:
    """One row per target, one line for every plan that does not set this target."""
    is_text = (targets["comparator"] == "text").all()
    head = (t("indicator.head.words") if is_text else
            f'{t("indicator.head.bar")}　<span style="color:{theme.INK3}">{t("indicator.head.hint")}</span>')
    rows = [_bullet_row(row, figures, selection) for row in targets.to_dict("records")]
    absent = documents[~documents["region"].isin(targets["region"])]
    if selection.regions:
        absent = absent[absent["region"].isin(selection.regions)]
    rows += [_absent_row(row, figures) for row in absent.to_dict("records")]
    return (f'<div class="q gap"><table><tr><th style="width:22%">{t("indicator.head.region")}</th><th>{head}</th>'
            f'<th style="width:25%">{t("column.status")}</th><th class="r">{t("column.clause")}</th></tr>'
            f'{"".join(rows)}</table>{_scopes_differ(targets)}</div>')


def _bullet_row(row: dict, figures: pd.DataFrame, selection: Selection) -> str:
    bar = charts.bullet(row)
    if not bar:
        bar = f'<b>{esc(text.target_text(row))}</b><div class="note">{esc(_statement(row, figures))}</div>'
    link = selection.address("sources", target=row["target_id"])
    with_dot = isinstance(row["earlier_observation_id"], str)
    return (f'<tr><td style="height:54px"><b style="font-size:15px">{esc(row["region"])}</b>'
            f'<div class="note">{esc(t("indicator.scope.due", scope=row["scope"], deadline=text.deadline_text(row["deadline"])))}'
            f'</div></td><td>{bar}</td>'
            f'<td>{theme.badge(row["status"], with_dot)}<div class="note">{esc(_why(row))}</div></td>'
            f'<td class="r"><a href="{esc(link)}" target="_self">{esc(row["clause"])}</a></td></tr>')


def _statement(row: dict, figures: pd.DataFrame) -> str:
    """The last published words or class for a target that has no bar."""
    if row["unit"] == "类":
        return "" if pd.isna(row["latest_value"]) else text.latest_text(row)
    said = figures[(figures["region_id"] == row["region_id"]) & figures["value_text"].notna()]
    if said.empty:
        return t("indicator.row.no_statement")
    last = said.iloc[0]
    return t("indicator.row.statement", words=last["value_text"], period=text.short_period(last["period_text"]),
             publisher=last["publisher"])


def _why(row: dict) -> str:
    """One short line under the status: gap, missing year, repeal."""
    if row["status"] == "已废止":
        before = "" if pd.isna(row["deadline"]) or row["deadline"] <= row["repealed_on"] else t("indicator.row.before_deadline")
        return t("indicator.row.repealed", day=text.day_text(row["repealed_on"]), before=before)
    parts = []
    if row["status"] == "到期未报":
        parts.append(t("indicator.row.missing", year=row["deadline"].year))
    if row["status"] == "数据未出" and not pd.isna(row["deadline"]):
        parts.append(t("indicator.row.not_due", day=text.deadline_text(row["deadline"])))
    if not pd.isna(row["latest_value"]):
        gap = text.gap_text(row["gap_to_target"], row["unit"], text.lower_is_better(row))
        parts.append(t("indicator.row.earlier", period=text.short_period(row["latest_period"]), gap=gap))
        if not pd.isna(row["sections_short"]) and row["sections_short"] != 0:
            key = "sections_short" if row["sections_short"] > 0 else "sections_margin"
            parts.append(t(f"indicator.row.{key}", n=abs(int(row["sections_short"]))))
        if row["source_kind"] == "repost":
            parts.append(t("word.repost"))
    elif row["comparator"] != "text":
        parts.append(t("indicator.row.no_public"))
    return " · ".join(parts)


def _absent_row(document: dict, figures: pd.DataFrame) -> str:
    known = figures[(figures["region_id"] == document["region_id"]) & figures["value"].notna()
                    & figures["period_end"].notna()]
    said = t("indicator.row.not_set", document=document["short_title"])
    if known.empty:
        said += t("indicator.row.no_figure")
    else:
        last = known.iloc[0]
        said += t("indicator.row.last", figure=text.value_text(last["value"], last["unit"], comparator=last["comparator"]),
                  period=text.short_period(last["period_text"]), scope=last["scope"], publisher=last["publisher"])
    return (f'<tr><td style="height:30px"><b style="font-size:15px;color:{theme.INK2}">{esc(document["region"])}</b></td>'
            f'<td colspan="3" class="lead">{esc(said)}</td></tr>')


def _scopes_differ(targets: pd.DataFrame) -> str:
    per_region = targets.drop_duplicates(["region", "scope"])
    notes = [n for n in targets["comparison_note"].dropna().drop_duplicates()]
    if per_region["region"].nunique() < 2 or per_region["scope"].nunique() < 2:
        return f'<div class="note" style="margin-top:6px">{esc("；".join(notes))}</div>' if notes else ""
    scopes = "；".join(f"{r['region']} {r['scope']}" for r in per_region.to_dict("records"))
    sentence = t("indicator.scopes_differ", scopes=scopes) + "；".join(notes)
    return f'<div class="warn" style="margin-top:8px">{esc(sentence)}</div>'


def lines(targets: pd.DataFrame, figures: pd.DataFrame) -> list[tuple[str, str]]:
    """(region, scope) pairs worth a time line, those with most comparable figures first."""
    pairs = targets[targets["target_value"].notna()].drop_duplicates(["region", "scope"])
    counted = [(int(((figures["region_id"] == r["region_id"]) & (figures["scope"] == r["scope"])).sum()), r["region"], r["scope"])
               for r in pairs.to_dict("records")]
    return [(region, scope) for _, region, scope in sorted(counted, key=lambda c: -c[0])]


def line_heading(targets: pd.DataFrame, figures: pd.DataFrame, scope: str, axis) -> str:
    """What the line says in figures; then scope, foot of the axis, baseline."""
    yearly = figures[(figures["scope"] == scope) & (figures["period_kind"] == "year") & figures["value"].notna()]
    yearly = yearly.sort_values("period_end").drop_duplicates("period_end", keep="last").tail(6)
    last = targets.sort_values("deadline").iloc[-1]
    target = t("chart.target", target=text.target_text(last))
    if yearly.empty:
        title = t("indicator.line.title.none", region=last["region"], target=target)
    else:
        ends = yearly["period_end"].dt.year.tolist()
        years = str(ends[0]) if len(ends) == 1 else f"{ends[0]}–{ends[-1]}"
        title = t("indicator.line.title", region=last["region"], years=years, target=target,
                  figures=listed([text.figure_label(r) for r in yearly.to_dict("records")]))
    if last["unit"] == "类":
        foot = t("indicator.line.axis.class")
    else:
        foot = t("indicator.line.axis.cut", low=f"{text.number(axis.low)}{text.unit_suffix(last['unit'])}") if axis.is_cut \
            else t("indicator.line.axis.zero")
    baseline = t("indicator.line.no_baseline") if pd.isna(last["baseline_value"]) else t(
        "indicator.line.baseline", value=text.value_text(last["baseline_value"], last["unit"]), period=last["baseline_period"])
    note = t("indicator.line.note", scope=scope, axis=foot, baseline=baseline)
    return f'<div class="q gap"><h2>{esc(title)}</h2><div class="note">{esc(note)}</div></div>'


def small_heading(row: dict) -> str:
    unit = f" · {row['unit']}" if isinstance(row["unit"], str) else ""
    return (f'<div class="q"><b style="font-size:14px">{esc(row["indicator"])}</b> <span class="note">'
            f'{esc(row["region"])}{esc(unit)}</span></div>')


def small_foot(row: dict) -> str:
    return (f'<div class="q" style="font-size:13px">{theme.badge(row["status"], isinstance(row["earlier_observation_id"], str))}'
            f'　<span class="lead">{esc(_why(row))}</span></div>')


def figure_table(figures: pd.DataFrame, promised: pd.Series) -> tuple[pd.DataFrame, dict]:
    """All known figures with period, scope, nature and source; regions that promise the indicator first."""
    figures = figures.assign(is_aside=~figures["region_id"].isin(promised)).sort_values("is_aside", kind="stable")
    shown = pd.DataFrame({
        "region": figures["region"],
        "figure": [text.value_text(r["value"], r["unit"], r["value_text"], comparator=r["comparator"])
                   for r in figures.to_dict("records")],
        "period": figures["period_text"],
        "period_kind": figures["period_kind"].map(lambda kind: t(f"period.{kind}")),
        "scope": figures["scope"],
        "status": [t(f"kind.{r['status']}") + (f"（{t('word.repost')}）" if r["source_kind"] == "repost" else "")
                   for r in figures.to_dict("records")],
        "publisher": figures["publisher"],
        "published": figures["published_on"].map(text.day_text),
        "title": [r["clause"] if isinstance(r["clause"], str) else r["source_title"] for r in figures.to_dict("records")],
        "url": figures["url"].fillna(""),
    })
    return shown, {
        "region": columns.TextColumn(t("column.region"), width=76),
        "figure": columns.TextColumn(t("column.figure"), width=110),
        "period": columns.TextColumn(t("column.period"), width=130),
        "period_kind": columns.TextColumn(t("column.kind"), width=80),
        "scope": columns.TextColumn(t("column.scope"), width=180),
        "status": columns.TextColumn(t("column.status"), width=90),
        "publisher": columns.TextColumn(t("column.publisher"), width=150),
        "published": columns.TextColumn(t("column.published"), width=90),
        "title": columns.TextColumn(t("column.title")),
        "url": columns.LinkColumn(t("column.link"), display_text=t("column.link.open"), width=52),
    }
