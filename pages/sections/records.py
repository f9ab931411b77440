"""HTML of what lies behind a section: bulletins, revisions, and what the rest of the year may still bring."""

from __future__ import annotations

import pandas as pd

from dashboard.text import esc, number, t
from etl.rules.water_outlook import SectionOutlook
from pages.sections.one import source_text
from pages.shared.classes import class_badge, is_known, period_label


def published_table(periods: pd.DataFrame) -> str:
    """Every class and statement with the source it comes from, newest first."""
    lines = []
    for row in periods[periods["class_basis"] != "computed"].iloc[::-1].to_dict("records"):
        period = period_label(row["period_kind"], row["period_start"], row["period_end"], row["period_text"])
        said = class_badge(row["class"]) if is_known(row["class"]) else ""
        if row["meets_function"] is not None and not pd.isna(row["meets_function"]):
            said += f' <span class="note">{t("section.said.meets" if row["meets_function"] else "section.said.fails")}</span>'
        more = "；".join(str(part) for part in (row["worst_parameters"], row["note"]) if isinstance(part, str))
        lines.append(f'<tr><td class="nw" style="height:27px">{esc(period)}</td><td class="nw">{said}</td><td>{source_text(row)}'
                     f'{f"<div class=note>{esc(more)}</div>" if more else ""}</td></tr>')
    return (f'<div class="q src"><table><tr><th>{t("column.period")}</th><th>{t("section.head.said")}</th>'
            f'<th>{t("sources.head.title")}</th></tr>{"".join(lines)}</table></div>')


def revisions_table(rows: pd.DataFrame) -> str:
    """What later rows replaced."""
    lines = []
    for row in rows.to_dict("records"):
        what = t("section.revision.identical") if row["kind"] == "identical" else (
            t("section.revision.classes", old=row["old_class"] or "—", new=row["new_class"] or "—")
            + (f"；{row['values']}" if isinstance(row["values"], str) else ""))
        where = t("section.revision.where", **{key: row[key] for key in ("old_file", "old_row", "new_file", "new_row")})
        lines.append(f'<tr><td class="nw" style="height:27px">{row["sampled_at"]:%Y-%m-%d %H:%M}</td><td>{esc(what)}</td>'
                     f'<td class="note">{esc(where)}</td></tr>')
    return (f'<div class="q src"><table><tr><th>{t("section.head.when")}</th><th>{t("section.head.revision")}</th>'
            f'<th>{t("section.head.place")}</th></tr>{"".join(lines)}</table></div>')


def outlook_block(found: SectionOutlook | None, year: int, target: str | None, names: dict[str, str], reason: str) -> str:
    """What the rest of the year may still bring; without monthly means or a target one sentence says why not."""
    head = f'<div class="q"><h2>{t("section.outlook", year=year)}</h2>'
    if found is None or found.tightest is None:
        return f'{head}<div class="lead">{esc(reason)}</div></div>'
    lines = []
    for one in found.parameters:
        allowed = number(round(one.allowed_mean, 4)) if one.allowed_mean is not None else esc(one.reason)
        mean = f"<b>{number(round(one.mean_to_date, 4))}</b>"
        cells = "".join(f'<td class="r">{cell}</td>' for cell in (mean, number(one.limit), one.months_with_values, allowed))
        lines.append(f'<tr><td style="height:27px">{esc(names[one.parameter])}</td>{cells}<td class="nw">{esc(one.word)}</td></tr>')
    tight = found.tightest
    said = t("section.outlook.said", word=found.word, name=names[tight.parameter], left=tight.months_left, missing=tight.months_missing)
    columns = "".join(f'<th{"" if key in ("parameter", "word") else " class=r"}>{t(f"section.outlook.{key}")}</th>'
                      for key in ("parameter", "mean", "limit", "months", "allowed", "word"))
    rest = t("section.outlook.unmeasured", names="、".join(found.unmeasured)) if found.unmeasured else ""
    return (f'{head}<div class="lead">{esc(said)}</div><div class="note">{t("section.outlook.note", target=target)}</div>'
            f'<table><tr>{columns}</tr>{"".join(lines)}</table><div class="note">{esc(rest)}</div></div>')
