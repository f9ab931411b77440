"""The evidence card of one target: what was promised where, how it stands, which figures are known."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd

from dashboard import passages, text, theme
from dashboard.filters import Selection
from dashboard.passages import SourceText
from dashboard.text import day_text, deadline_words, esc, issued_text, published_text, t, value_text
from pages.sources.parts import link, or_unstated, short_hash

PARTS_OF_A_YEAR = ("month", "quarter", "half_year", "year_to_date", "date")


def heading(row: dict, selection: Selection) -> str:
    """Status, then the promise in one sentence made from the fields."""
    back = f'<a href="{esc(selection.address("sources"))}" target="_self">{t("sources.back")}</a>'
    onward = selection.address("indicator", indicator=row["indicator"])
    return (f'<div class="q"><div class="lead">{back}　{esc(row["theme"])} › {esc(row["indicator"])}　'
            f'<a href="{esc(onward)}" target="_self">{t("sources.to_indicator")}</a></div>'
            f'<h1 class="promise">{esc(promise(row))}</h1>'
            f'<div class="sub">{theme.badge(row["status"], isinstance(row["earlier_observation_id"], str))}　'
            f'<span class="note">{t("sources.promise.note")}</span></div></div>')


def promise(row: dict) -> str:
    """重庆市（74个国控断面）：到 2025 年底，……比例不低于 97.3%。"""
    total = row["is_cumulative"]
    kind = "sources.promise.total" if total else "sources.promise"
    aspire = t("sources.promise.aspire") if row["is_aspirational"] else ""
    if row["comparator"] == "text":
        words = t(f"{kind}.text", value=aspire + str(row["target_text"]))
    else:
        keep = t("sources.promise.keep") if row["is_maintain"] else ""
        words = aspire + keep + t(f"{kind}.{row['comparator']}", value=_promised(row)).replace(" 约", "约")
    if pd.isna(row["deadline"]):
        when = t("sources.promise.open")
    elif total and not pd.isna(row["period_start"]):
        start = pd.Timestamp(row["period_start"])
        begin = f"{start.year} 年" if start.month == 1 else f"{start.year} 年 {start.month} 月"
        when = t("sources.promise.from", start=begin, deadline=deadline_words(row["deadline"]))
    else:
        when = t("sources.promise.by", deadline=deadline_words(row["deadline"]))
    return t("sources.promise", region=row["region"], scope=row["scope"], when=when, name=row["name_in_plan"],
             promise=words)


def _promised(row: dict) -> str:
    if row["comparator"] == "class_at_least":
        return f"{row['target_text']}类"
    decimals = None if pd.isna(row["decimals"]) else int(row["decimals"])
    figure = text.number(row["target_value"], decimals)
    if row["comparator"] == "between":
        figure += f"–{text.number(row['target_value_high'], decimals)}"
    return (t("sources.promise.about") if row["is_approximate"] else "") + figure + text.unit_suffix(row["unit"])


def passage(row: dict, source: SourceText) -> str:
    """The passage itself where the very document is here, else how to see it."""
    found = passages.excerpt(source, row["span_start"], row["span_end"])
    if found:
        body = f'<div class="passage">{passages.marked(found)}</div>'
    else:
        key = "outside" if source.state == passages.PRESENT else source.state
        body = f'<div class="warn">{t(f"sources.passage.{key}", file=esc(row["file_name"]))}</div>'
    return f'<div class="q block"><h2>{t("sources.passage")}</h2>{body}</div>'


def document_card(row: dict, selection: Selection) -> str:
    """Document, clause, place and fingerprint; what the document does not say is said too."""
    issued = None if pd.isna(row["issued_on"]) else issued_text(row["issued_on"], row["issued_precision"])
    entries = [
        ("document", f'<b>{esc(row["document_title"])}</b>'), ("number", or_unstated(row["document_number"])),
        ("issuer", or_unstated(row["issuer"])), ("issued", or_unstated(issued)),
    ]
    if not pd.isna(row["repealed_on"]):
        entries.append(("repealed", day_text(row["repealed_on"])))
    entries += [
        ("clause", f'<b>{or_unstated(row["clause"])}</b>'), ("span", _span(row)),
        ("deadline", t(f"sources.card.deadline.{row['deadline_basis']}")),
    ]
    if isinstance(row["binding"], str):
        entries.append(("binding", esc(row["binding"])))
    if not pd.isna(row["baseline_value"]):
        figure = value_text(row["baseline_value"], row["unit"])
        entries.append(("baseline", f"{esc(figure)}（{esc(row['baseline_period'])}）"))
    if row["is_added_by_review"]:
        entries.append(("review", t("sources.card.review.added")))
    if isinstance(row["duplicate_of"], str):
        first = f'<a href="{esc(selection.address("sources", target=row["duplicate_of"]))}" target="_self">' \
                f'{esc(row["duplicate_of"])}</a>'
        entries.append(("duplicate", f'{t("sources.card.duplicate.text")}（{first}）'))
    entries += [("file", f'<span class="hash">{esc(row["file_name"])}</span>'), ("sha256", short_hash(row["sha256"]))]
    listed = "".join(f'<dt>{t(f"sources.card.{key}")}</dt><dd>{value}</dd>' for key, value in entries)
    return f'<div class="q gap"><div class="card doc"><h2>{t("sources.card")}</h2><dl>{listed}</dl></div></div>'


def _span(row: dict) -> str:
    if pd.isna(row["span_start"]):
        return or_unstated(None)
    return t("sources.card.span.text", start=int(row["span_start"]), end=int(row["span_end"]))


def notes(row: dict) -> str:
    """Remarks of the register, and what makes this target hard to compare with others."""
    said = [row[key] for key in ("note", "comparison_note") if isinstance(row[key], str)]
    if not said:
        return ""
    return f'<div class="q block"><h2>{t("sources.notes")}</h2>{"".join(f"<div class=item>{esc(s)}</div>" for s in said)}</div>'


def units(rows: pd.DataFrame) -> str:
    """Responsible units by role."""
    if rows.empty:
        body = f'<div class="lead">{t("sources.units.none")}</div>'
    else:
        body = "".join(f'<div class="item"><span class="chip">{t(f"sources.role.{role}")}</span>'
                       f'{esc(text.listed(group["name"].tolist()))}</div>' for role, group in rows.groupby("role", sort=False))
    return f'<div class="q block"><h2>{t("sources.units")}</h2>{body}</div>'


def measures(rows: pd.DataFrame) -> str:
    """Measures that serve the target, with clause and deadlines."""
    if rows.empty:
        return f'<div class="q block"><div class="lead">{t("sources.measures.none")}</div></div>'
    items = []
    for row in rows.to_dict("records"):
        by = text.deadlines_text(row["deadlines"])
        when = "" if by == "—" else f'　{t("sources.measures.deadline", days=esc(by))}'
        items.append(f'<div class="item">{esc(row["title"])}<span class="note">　{esc(row["clause"])}{when}</span></div>')
    return f'<div class="q block"><h2>{t("sources.measures", n=len(rows))}</h2>{"".join(items)}</div>'


def issues(rows: pd.DataFrame, selection: Selection) -> str:
    """Document issues that touch the passage."""
    if rows.empty:
        return f'<div class="q block"><div class="lead">{t("sources.target.issues.none")}</div></div>'
    tab = selection.address("sources", tab=t("sources.tab.issues"))
    items = "".join(f'<div class="item"><span class="chip{" strong" if row["severity"] == "高" else ""}">'
                    f'{esc(row["severity"])} · {esc(row["kind"])}</span>{esc(row["description"])}</div>'
                    for row in rows.to_dict("records"))
    return (f'<div class="q block"><h2><a href="{esc(tab)}" target="_self">{t("sources.target.issues", n=len(rows))}</a></h2>'
            f'{items}</div>')


def figures(rows: pd.DataFrame, row: dict) -> str:
    """All figures of the indicator in the region known on the day; says of each whether it may judge."""
    if rows.empty:
        return f'<div class="q gap"><h2>{t("sources.figures.none")}</h2></div>'
    note = t("sources.figures.note", region=esc(row["region"]), indicator=esc(row["indicator"]), day=day_text(row["as_of"]))
    head = "".join(f"<th{right}>{t(key)}</th>" for key, right in (
        ("column.figure", ' class="r"'), ("column.period", ""), ("column.scope", ""), ("sources.head.nature", ""),
        ("sources.head.publisher", ""), ("sources.head.title", ""), ("sources.head.date", ""), ("sources.notes", "")))
    body = "".join(_figure_row(figure, row) for figure in rows.to_dict("records"))
    return (f'<div class="q gap"><h2>{t("sources.figures", n=len(rows))}</h2><div class="note">{note}</div>'
            f'<table class="top"><tr>{head}</tr>{body}</table></div>')


def _figure_row(figure: dict, row: dict) -> str:
    used = figure["observation_id"] == row["observation_id"]
    nature = t(f"kind.{figure['status']}") + (f"（{t('word.repost')}）" if figure["source_kind"] == "repost" else "")
    value = value_text(figure["value"], figure["unit"], figure["value_text"], comparator=figure["comparator"])
    align = "" if pd.isna(figure["value"]) else "r nw"
    title = link(figure["url"], figure["source_title"])
    if isinstance(figure["clause"], str):
        title += f'<div class="note">{esc(figure["clause"])}</div>'
    remark = f'<div class="note">{esc(figure["note"])}</div>' if isinstance(figure["note"], str) else ""
    history = f"entry?{urlencode({'figure_of': figure['observation_id']})}"
    return (f'<tr{" class=used" if used else ""}><td class="{align}"><b>{esc(value)}</b></td><td>{esc(figure["period_text"])}</td>'
            f'<td>{esc(figure["scope"])}</td><td class="nw">{nature}</td><td>{esc(figure["publisher"])}</td><td>{title}</td>'
            f'<td class="nw">{published_text(figure["published_on"], figure["published_precision"])}</td>'
            f'<td>{use_of(figure, row)}{remark}<div class="note"><a href="{esc(history)}" target="_self">{t("sources.figure.history")}</a>'
            "</div></td></tr>")


def use_of(figure: dict, row: dict) -> str:
    """What a figure does for the target, or why it may not judge it."""
    if figure["observation_id"] == row["observation_id"]:
        return f'<b>{t("sources.figure.judged")}</b>'
    if figure["observation_id"] == row["latest_observation_id"]:
        return f'<b>{t("sources.figure.latest")}</b>'
    if figure["observation_id"] == row["baseline_observation_id"] or _is_borrowed_baseline(figure, row):
        return f'<b>{t("sources.figure.baseline")}</b>'
    reasons = []
    if pd.isna(figure["value"]):
        reasons.append("words")
    if figure["scope"] != row["scope"]:
        reasons.append("scope")
    if figure["period_kind"] in ("inferred_year", "unstated"):
        reasons.append(figure["period_kind"])
    if figure["period_kind"] in PARTS_OF_A_YEAR and row["period_basis"] not in ("point", "cumulative"):
        reasons.append("part")
    return "；".join(t(f"sources.figure.{reason}") for reason in reasons or ["comparable"])


def _is_borrowed_baseline(figure: dict, row: dict) -> bool:
    """Whether the path starts from this figure because the plan gives no baseline."""
    return bool(row["baseline_is_nearest"]) and (
        figure["scope"], figure["period_kind"], figure["value"], figure["period_end"]) == (
        row["scope"], "year", row["path_baseline_value"], row["path_baseline_on"])
