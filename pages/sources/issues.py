"""文件问题: where the documents, or the published figures, do not agree with themselves or each other."""

from __future__ import annotations

import pandas as pd

from dashboard import passages
from dashboard.filters import Selection
from dashboard.passages import SourceText
from dashboard.text import esc, listed, short_period, t
from pages.sources.parts import link

SEVERITIES = ("高", "中", "低")
SHOWN_PLACES = 6
AROUND = 24
"""Characters shown around a passage; the list has many."""


def of_regions(issues: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """Issues that touch one of the regions; no region means all."""
    return issues[issues["regions"].map(lambda own: not regions or bool(set(own) & set(regions)))]


def heading(issues: pd.DataFrame) -> str:
    """How many were read by a person, how many of these computation found, how many it found besides."""
    curated = issues["origin"] == "curated"
    title = t("sources.issues.title", curated=int(curated.sum()), both=int(issues["also_computed"].sum()),
              computed=int((~curated).sum()))
    return f'<div class="q gap"><h2>{title}</h2><div class="note">{t("sources.issues.note")}</div></div>'


def choices(issues: pd.DataFrame) -> dict[str, str]:
    """Severity and the label that counts it; 全部 first."""
    counts = issues["severity"].value_counts()
    return {"": t("sources.issues.all", n=len(issues))} | {
        s: t("sources.issues.some", severity=s, n=int(counts.get(s, 0))) for s in SEVERITIES}


def table(issues: pd.DataFrame, places: pd.DataFrame, texts: dict[str, SourceText], selection: Selection) -> str:
    """One row per issue with its places; the passages themselves where the documents are here."""
    if issues.empty:
        return f'<div class="q"><h2>{t("sources.none")}</h2></div>'
    by_issue = dict(list(places.groupby("issue_id", sort=False)))
    rows = "".join(_row(row, by_issue.get(row["issue_id"]), texts, selection) for row in issues.to_dict("records"))
    named = places.loc[places["issue_id"].isin(issues["issue_id"]), "document_id"].dropna().unique()
    absent = any(texts[document_id].state != passages.PRESENT for document_id in named)
    note = f'<div class="note">{t("sources.issues.absent")}</div>' if absent else ""
    return (f'<div class="q">{note}<table class="top"><tr><th>{t("sources.issues.severity")}</th>'
            f'<th>{t("sources.head.issue")}</th><th>{t("sources.head.where")}</th><th>{t("sources.head.found")}</th></tr>'
            f'{rows}</table></div>')


def _row(row: dict, places: pd.DataFrame | None, texts: dict[str, SourceText], selection: Selection) -> str:
    strong = " strong" if row["severity"] == "高" else ""
    verdict = f'<div>{t("sources.verdict." + row["verdict"])}</div>' if isinstance(row["verdict"], str) else ""
    review = f'<div class="note">{esc(row["review_note"])}</div>' if isinstance(row["review_note"], str) else ""
    return (f'<tr><td><span class="chip{strong}">{esc(row["severity"])}</span></td>'
            f'<td style="width:38%"><div class="note">{esc(listed(list(row["regions"])))} · {esc(row["kind"])}</div>'
            f'{esc(row["description"])}</td><td style="width:36%">{_places(places, texts, selection)}</td>'
            f'<td style="width:20%"><div>{_finder(row)}</div>{verdict}{review}</td></tr>')


def _finder(row: dict) -> str:
    if row["origin"] == "computed":
        return t("sources.found.computed")
    who = t("sources.found.both" if row["also_computed"] else "sources.found.person")
    return f'{who}<span class="note">（{t("sources.found_by." + row["found_by"])}）</span>'


def _places(places: pd.DataFrame | None, texts: dict[str, SourceText], selection: Selection) -> str:
    """Clauses and figures, each once; what is too many is folded."""
    if places is None:
        return "—"
    once = places.drop_duplicates(["document_id", "clause", "span_start", "span_end", "observation_id"])
    items = [f'<div>{_place(place, texts, selection)}</div>' for place in once.to_dict("records")]
    folded = "".join(items[SHOWN_PLACES:])
    rest = (f'<details><summary>{t("sources.issues.more", n=len(items) - SHOWN_PLACES)}</summary>{folded}</details>'
            if folded else "")
    return "".join(items[:SHOWN_PLACES]) + rest


def _place(place: dict, texts: dict[str, SourceText], selection: Selection) -> str:
    if isinstance(place["observation_id"], str) and not isinstance(place["document_id"], str):
        said = t("sources.where.figure", name=place["name_as_published"], figure=place["figure"],
                 period=short_period(place["period_text"]))
        return (f'{esc(said)}<div class="small">{esc(place["publisher"])}：'
                f'{link(place["url"], place["source_title"])}</div>')
    clause = esc(place["clause"])
    if isinstance(place["target_id"], str):
        clause = f'<a href="{esc(selection.address("sources", target=place["target_id"]))}" target="_self">{clause}</a>'
    span = "" if pd.isna(place["span_start"]) else t("sources.where.characters", start=int(place["span_start"]),
                                                     end=int(place["span_end"]))
    source = texts.get(place["document_id"])
    found = passages.excerpt(source, place["span_start"], place["span_end"], AROUND) if source else None
    shown = f'<div class="small">{passages.marked(found)}</div>' if found else ""
    return f'{esc(place["region"])} {clause} <span class="note">{span}</span>{shown}'
