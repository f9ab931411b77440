"""What the tabs of the sources page share, and the registers of documents and of published sources."""

from __future__ import annotations

import pandas as pd

from dashboard import passages, theme
from dashboard.passages import SourceText
from dashboard.text import day_text, esc, issued_text, published_text, span_text, t

STYLE = f"""<style>
.q h1.promise{{font-size:22px;line-height:1.4}}
.q .doc dl{{display:grid;grid-template-columns:64px 1fr;gap:4px 10px;margin:6px 0 0;font-size:13px}}
.q .doc dt{{color:{theme.INK2};font-weight:400}} .q .doc dd{{margin:0;overflow-wrap:anywhere}}
.q .block{{margin-top:16px}} .q .block h2{{margin-bottom:4px}}
.q .item{{padding:5px 0;border-bottom:1px solid {theme.HAIR};font-size:13px;line-height:1.5}}
.q .passage{{border-left:3px solid {theme.LINE};padding:4px 12px;font-size:14px;line-height:1.7;margin-top:4px}}
.q .small{{font-size:12px;line-height:1.55;margin-top:3px}}
.q .note+table{{margin-top:8px}}
.q .top td{{vertical-align:top;padding-top:7px;padding-bottom:7px;line-height:1.5}}
.q .hash{{font-family:Consolas,Menlo,monospace;font-size:12px}}
.q tr.used td{{background:{theme.TINT}}} .q tr.used td:first-child{{padding-left:8px}}
.q .chip{{display:inline-block;border:1px solid {theme.LINE};border-radius:3px;padding:0 6px;font-size:12px;margin-right:6px}}
.q .chip.strong{{border-color:{theme.INK};font-weight:700}}
.q ul{{margin:4px 0 0;padding-left:20px}} .q li{{font-size:14px;line-height:1.7;margin:0}}
.q details summary{{cursor:pointer;color:{theme.LINK};font-size:12px}}
</style>"""
SHORT_HASH = 12


def tabs() -> list[str]:
    """Names of the tabs; the address carries them, so links from other pages use the same keys."""
    return [t(f"sources.tab.{key}") for key in ("documents", "published", "issues", "method", "download")]


def heading(documents: pd.DataFrame, published: pd.DataFrame) -> str:
    """How much there is and where it comes from."""
    title = t("sources.title", targets=int(documents["targets"].sum()), documents=len(documents),
              figures=int(published["figures"].sum()), sources=len(published))
    return f'<div class="q"><h1>{title}</h1><div class="sub">{t("sources.sub")}</div></div>'


def link(address, words: str) -> str:
    """A link for http and https addresses, else the words alone."""
    if not isinstance(address, str) or not address.lower().startswith(("http://", "https://")):
        return esc(words)
    return f'<a href="{esc(address)}" target="_blank" rel="noopener">{esc(words)}</a>'


def short_hash(sha256: str) -> str:
    return f'<span class="hash" title="{esc(sha256)}">{esc(sha256[:SHORT_HASH])}…</span>'


def unstated() -> str:
    return f'<span class="z">{t("sources.unstated")}</span>'


def or_unstated(value) -> str:
    """Escaped text, or that the document does not say."""
    return esc(value) or unstated()


def documents_table(documents: pd.DataFrame, texts: dict[str, SourceText]) -> str:
    """One row per plan document: what it is, since when it holds, which file it is and whether the file is here."""
    present = sum(texts[d].state == passages.PRESENT for d in documents["document_id"])
    head = "".join(f'<th{right}>{t(f"sources.head.{key}")}</th>' for key, right in (
        ("document", ""), ("issued", ""), ("dates", ""), ("targets", ' class="r"'), ("file", "")))
    rows = "".join(_document_row(row, texts[row["document_id"]]) for row in documents.to_dict("records"))
    return (f'<div class="q gap"><h2>{t("sources.documents.title", n=len(documents), present=present)}</h2>'
            f'<div class="note">{t("sources.documents.note")}</div>'
            f'<table class="top"><tr>{head}</tr>{rows}</table></div>')


def _document_row(row: dict, source: SourceText) -> str:
    issued = or_unstated(None) if pd.isna(row["issued_on"]) else issued_text(row["issued_on"], row["issued_precision"])
    dates = [t("sources.document.issued", day=issued)]
    if not pd.isna(row["effective_on"]):
        dates.append(t("sources.document.effective", day=day_text(row["effective_on"])))
    dates.append(t("sources.document.period", span=span_text(row["period_start"], row["period_end"])))
    if not pd.isna(row["repealed_on"]):
        dates.append(f'<span class="st" style="color:{theme.REPEALED}">{theme.icon("已废止")}'
                     f'{t("sources.document.repealed", day=day_text(row["repealed_on"]))}</span>')
    index = (f'<div class="note">{t("sources.document.index", number=esc(row["index_number"]))}</div>'
             if isinstance(row["index_number"], str) else "")
    note = f'<div class="note">{esc(row["note"])}</div>' if isinstance(row["note"], str) else ""
    return (f'<tr><td style="width:33%"><b style="font-size:15px">{esc(row["region"])}</b> {link(row["url"], row["title"])}'
            f'{note}</td><td>{or_unstated(row["document_number"])}<br>{or_unstated(row["issuer"])}{index}</td>'
            f'<td class="nw">{"<br>".join(dates)}</td>'
            f'<td class="r nw">{t("sources.document.items", n=row["targets"])}</td>'
            f'<td><b>{t(f"sources.document.{source.state}")}</b><br><span class="hash">{esc(row["file_name"])}'
            f'</span><br>{t("sources.card.sha256")} {short_hash(row["sha256"])}</td></tr>')


def published_table(sources: pd.DataFrame) -> str:
    """Published sources by year, newest first; reposts are named as such and have no link."""
    if sources.empty:
        return f'<div class="q gap"><h2>{t("sources.none")}</h2></div>'
    reposts = int((sources["kind"] == "repost").sum())
    title = t("sources.published.title", n=len(sources), original=len(sources) - reposts, repost=reposts)
    head = "".join(f'<th{right}>{t(f"sources.head.{key}")}</th>' for key, right in (
        ("date", ""), ("title", ""), ("publisher", ""), ("nature", ""), ("figures", ' class="r"'), ("regions", "")))
    unknown = sources["published_on"].isna()
    years = sources["published_on"].dt.year.where(~unknown, 0)
    rows = []
    for year, group in sources.groupby(years, sort=False):
        name = t("sources.published.year", year=int(year), n=len(group)) if year else t("sources.published.undated", n=len(group))
        rows.append(f'<tr class="grp"><td colspan="6"><b>{name}</b></td></tr>')
        rows += [_source_row(row) for row in group.to_dict("records")]
    return (f'<div class="q gap"><h2>{title}</h2><div class="note">{t("sources.published.note")}</div>'
            f'<table class="dense"><tr>{head}</tr>{"".join(rows)}</table></div>')


def _source_row(row: dict) -> str:
    return (f'<tr><td class="nw">{published_text(row["published_on"], row["published_precision"])}</td>'
            f'<td>{link(row["url"], row["title"])}</td><td>{esc(row["publisher"])}</td>'
            f'<td class="nw">{t("sources.nature." + row["kind"])}</td><td class="r">{row["figures"]}</td>'
            f'<td>{esc(row["regions"])}</td></tr>')
