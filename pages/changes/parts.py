"""HTML of the page of changes: differences in, markup out."""

from __future__ import annotations

from datetime import UTC

import pandas as pd

from dashboard import theme
from dashboard.change_text import figure_text
from dashboard.filters import Selection
from dashboard.text import (
    SIGN,
    day_text,
    deadline_text,
    esc,
    number,
    short_period,
    status_label,
    t,
    unit_suffix,
)
from etl.history import Kept
from pages.changes.moments import NOW, Moment
from pages.sources.parts import link

SHOWN = 12
"""Rows of a table before the rest is folded away."""

CHANGE_ORDER = ["changed", "withdrawn", "added"]

BY_TIME = ("deadline", "repealed")
"""Causes that no figure had a part in."""


def of_selection(rows: pd.DataFrame, selection: Selection, regions: list[str]) -> pd.DataFrame:
    """The rows of the chosen regions, themes, statuses (of either side) and words; a row of no region stands for all."""
    keep = pd.Series(True, index=rows.index)
    if selection.regions:
        keep &= rows["region"].isna() | rows["region"].map(lambda names: bool({*str(names).split("、")} & {*selection.regions}))
    if selection.themes and "theme" in rows:
        keep &= rows["theme"].isin(selection.themes)
    if selection.statuses and "status_after" in rows:
        keep &= rows["status_after"].isin(selection.statuses) | rows["status_before"].isin(selection.statuses)
    if selection.text:
        said = rows.reindex(columns=["region", "indicator", "name", "scope", "description"]).fillna("").agg(" ".join, axis=1)
        keep &= said.str.contains(selection.text, case=False, regex=False)
    return _in_order(rows[keep], regions)


def _in_order(rows: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """By kind of change, within a kind by region as the pages list them, and else as the question ordered them."""
    place = rows["region"].map({name: at for at, name in enumerate(regions)}).fillna(len(regions))
    turn = rows["cause"].isin(BY_TIME) if "cause" in rows else rows["change"].map(CHANGE_ORDER.index)
    return rows.assign(turn=turn, place=place).sort_values(["turn", "place"], kind="stable").drop(columns=["turn", "place"])


def other_targets(targets: pd.DataFrame) -> pd.DataFrame:
    """Targets that came, went, or read differently now."""
    return targets[targets["terms_before"].fillna("") != targets["terms_after"].fillna("")]


def nothing_kept(why: str) -> str:
    """There is nothing to compare with, and why."""
    return f'<div class="q"><h1>{t("changes.nothing")}</h1><div class="sub">{esc(why)}</div></div>'


def unchanged() -> str:
    """What was looked for in vain, and how to look further."""
    return f'<div class="q gap lead">{t("changes.unchanged")}</div>'


def heading(start: Moment, end: Moment, flipped: pd.DataFrame, terms: pd.DataFrame, figures: pd.DataFrame, issues: pd.DataFrame,
            imports: pd.DataFrame) -> str:
    """The finding in numbers."""
    by_change = figures["change"].value_counts()
    found = []
    for key in ("added", "changed", "withdrawn"):
        if by_change.get(key):
            measure = t("changes.title.more" if found else "changes.title.figures")
            found.append(t(f"changes.title.{key}", n=by_change[key], measure=measure))
    for key, rows in (("flips", flipped), ("issues", issues), ("imports", imports), ("terms", terms)):
        if len(rows) and len(found) < 4:
            found.append(t(f"changes.title.{key}", n=len(rows)))
    since = t("changes.since", start=start.words) if end.key == NOW else t("changes.between", start=start.words, end=end.words)
    title = f'{since}：{"，".join(found)}' if found else t("changes.title.none", since=since)
    return f'<div class="q"><h1>{esc(title)}</h1></div>'


def caveats(sides: list[pd.Series], start: Moment, used: Kept, skipped: int) -> str:
    """Which versions are compared, on which days they are judged, and what stood in the way."""
    times = [f"{side['built_at'].tz_localize(UTC).tz_convert(used.built_at.astimezone().tzinfo):%Y-%m-%d %H:%M}" for side in sides]
    days = dict.fromkeys(day_text(side["day"]) for side in sides)
    said = [t("changes.sub", before=times[0], after=times[1], days="、".join(days))]
    if used.built_at > start.at:
        said.append(t("changes.sub.later", start=start.words))
    if skipped:
        said.append(t("changes.sub.skipped", n=skipped))
    return f'<div class="q"><div class="sub">{esc("".join(said))}</div></div>'


def flip_block(rows: pd.DataFrame, selection: Selection) -> str:
    """Statuses before and after, by cause, with the figure the later one rests on."""
    heads = _heads("region", "target", "deadline", "before_after", "cause", "rests_on", "source")
    waited = rows["cause"].isin(BY_TIME)
    why = [t(f"changes.flips.{key}", n=n) for key, n in (("by_data", int((~waited).sum())), ("by_time", int(waited.sum()))) if n]
    title = t("changes.flips", n=len(rows), why="，".join(why))
    shown = [_flip(row, selection) for row in rows[~waited].head(SHOWN).to_dict("records")]
    if waited.sum() <= SHOWN - len(shown):
        shown += [_flip(row, selection) for row in rows[waited].to_dict("records")]
    else:
        groups = rows[waited].groupby(["region", "status_before", "status_after", "cause"], sort=False)
        shown += [_flip_group(names, group, selection) if len(group) > 1 else _flip(group.iloc[0].to_dict(), selection)
                  for names, group in groups]
    return (f'<div class="q gap"><h2>{title}</h2><div class="note">{t("changes.flips.note")}</div>'
            f'<table class="dense"><tr>{heads}</tr>{"".join(shown)}</table></div>')


def _flip(row: dict, selection: Selection) -> str:
    rest = figure_text(row, "")
    period = f'（{short_period(row["period_text"])}）' if isinstance(row["period_text"], str) else ""
    change = (f'{theme.badge(row["status_before"], row["had_earlier"])}<span class="z"> → </span>'
              f'{theme.badge(row["status_after"], row["has_earlier"])}')
    return (f'<tr><td class="nw"><b>{esc(row["region"])}</b></td><td>{target_link(row, selection)}</td>'
            f'<td class="nw">{deadline_text(row["deadline"])}</td><td class="nw">{change}</td>'
            f'<td class="nw">{t("changes.cause." + row["cause"])}</td><td class="nw">{esc(rest + period)}</td>'
            f'<td>{source_link(row, selection)}</td></tr>')


def _flip_group(names: tuple, rows: pd.DataFrame, selection: Selection) -> str:
    """Targets of one region whose status took the same turn because a day came."""
    region, before, after, cause = names
    first, last = deadline_text(rows["deadline"].min()), deadline_text(rows["deadline"].max())
    to = selection.address("region", region=[region], status=[status_label(after)], asof=None)
    return (f'<tr><td class="nw"><b>{esc(region)}</b></td>'
            f'<td><a href="{esc(to)}" target="_self">{t("changes.flips.group", n=len(rows))}</a></td><td class="nw">'
            f'{first if first == last else f"{first}–{last}"}</td>'
            f'<td class="nw">{theme.badge(before)}<span class="z"> → </span>{theme.badge(after)}</td>'
            f'<td class="nw">{t("changes.cause." + cause)}</td><td></td><td></td></tr>')


def target_link(row: dict, selection: Selection) -> str:
    """The target, leading to its indicator, and its scope; what it promises and where stands one link further."""
    to = selection.address("indicator", indicator=row["indicator"], asof=None)
    evidence = selection.address("sources", target=row["target_id"], asof=None)
    return (f'<a href="{esc(to)}" target="_self">{esc(row["name"])}</a> <span class="note">{esc(row["scope"])}　'
            f'<a href="{esc(evidence)}" target="_self">{t("changes.evidence")}</a></span>')


def figure_block(rows: pd.DataFrame, selection: Selection) -> str:
    """Figures that changed, were withdrawn, or are new, with the difference in units."""
    by_change = rows["change"].value_counts()
    parts = [t(f"changes.figures.{key}", n=by_change[key]) for key in ("added", "changed", "withdrawn") if by_change.get(key)]
    heads = _heads("change", "region", "indicator", "period", "old", "new", "difference", "source", right={"old", "new", "difference"})
    body = "".join(_figure(row, selection) for row in rows.head(SHOWN).to_dict("records"))
    return (f'<div class="q gap"><h2>{"，".join(parts)}</h2><div class="note">{t("changes.figures.note")}</div>'
            f'<table class="dense"><tr>{heads}</tr>{body}</table></div>')


def _figure(row: dict, selection: Selection) -> str:
    side = "_before" if row["change"] == "withdrawn" else ""
    to = selection.address("indicator", indicator=row["indicator"], asof=None)
    new = figure_text(row, "")
    return (f'<tr><td class="nw">{t("changes.word." + row["change"])}</td><td class="nw"><b>{esc(row["region"])}</b></td>'
            f'<td><a href="{esc(to)}" target="_self">{esc(row["indicator"])}</a> <span class="note">{esc(row["scope" + side])}</span></td>'
            f'<td class="nw">{esc(row["period_text" + side])}</td><td class="r nw">{esc(figure_text(row, "_before"))}</td>'
            f'<td class="r nw">{f"<b>{esc(new)}</b>" if new != "—" else new}</td><td class="r nw">{esc(difference(row))}</td>'
            f'<td>{source_link(row, selection, side)}</td></tr>')


def difference(row: dict) -> str:
    """+2.1 个百分点; where the figure is the same, what else differs; nothing for a figure on one side only."""
    if row["change"] != "changed":
        return ""
    if row["unit"] == row["unit_before"] and not pd.isna(row["value"]) and not pd.isna(row["value_before"]):
        more = row["value"] - row["value_before"]
        if abs(more) > 1e-9:
            if row["unit"] == "类":
                return t("changes.classes.worse" if more > 0 else "changes.classes.better", n=number(abs(more)))
            unit = t("changes.points") if row["unit"] == "%" else unit_suffix(row["unit"])
            return f'{"+" if more > 0 else "−"}{number(abs(round(more, 6)))} {unit}'
    other = [t(f"changes.differs.{key}") for key in ("unit", "comparator", "scope", "period_text", "status", "title")
             if str(row[key]) != str(row[key + "_before"])]
    return "、".join(other) if other else t("changes.differs.words")


def source_link(row: dict, selection: Selection, side: str = "") -> str:
    """Publisher, date and clause; leads to the publication, else to the list that holds it."""
    words = source_words(row, side)
    if words == "—":
        return f'<span class="z">{words}</span>'
    if isinstance(row["url" + side], str):
        return link(row["url" + side], words)
    return f'<a href="{esc(source_page(row, selection, side))}" target="_self">{esc(words)}</a>'


def source_words(row: dict, side: str = "") -> str:
    if not isinstance(row["publisher" + side], str):
        return "—"
    if row["source_kind" + side] == "plan":
        clause = row["clause" + side]
        return f'{row["title" + side]} {clause if isinstance(clause, str) else ""}'.strip()
    return f'{row["publisher" + side]} {day_text(row["published_on" + side]).replace("—", "")}'.strip()


def source_page(row: dict, selection: Selection, side: str = "") -> str:
    tab = "documents" if row["source_kind" + side] == "plan" else "published"
    return selection.address("sources", tab=t(f"sources.tab.{tab}"), asof=None)


def issue_block(rows: pd.DataFrame, selection: Selection) -> str:
    """Document issues that came, went or read differently."""
    to = selection.address("sources", tab=t("sources.tab.issues"), asof=None)
    heads = _heads("change", "region", "severity", "issue")
    body = [f'<tr><td class="nw">{t("changes.issue." + row["change"])}</td><td class="nw">{esc(row["region"])}</td>'
            f'<td class="nw">{esc(row["severity"])} · {esc(row["kind"])}</td>'
            f'<td style="padding-top:4px;padding-bottom:4px">{_said(row)}</td></tr>' for row in rows.to_dict("records")]
    return (f'<div class="q gap"><h2>{t("changes.issues", n=len(rows))}</h2><div class="note"><a href="{esc(to)}" target="_self">'
            f'{t("changes.issues.link")}</a></div><table class="dense"><tr>{heads}</tr>{"".join(body)}</table></div>')


def _said(row: dict) -> str:
    return esc(row["description_before" if row["change"] == "withdrawn" else "description"])


def import_block(rows: pd.DataFrame, selection: Selection) -> str:
    """Imported files with what each brought, the latest ones."""
    heads = _heads("change", "file", "kind", "fetched", "rows", "sections", right={"rows", "sections"})
    body = [f'<tr><td class="nw">{t("changes.import." + row["change"])}</td><td>{esc(row["name"])}</td>'
            f'<td class="nw">{t("changes.import." + row["kind"])}</td><td class="nw">{_fetched(row)}</td>'
            f'<td class="r">{row["rows"]}</td><td class="r">{row["sections"]}</td></tr>' for row in rows.tail(SHOWN).to_dict("records")]
    more = f'<div class="note">{t("changes.more", n=len(rows) - SHOWN)}</div>' if len(rows) > SHOWN else ""
    to = selection.address("section", asof=None)
    title = t("changes.imports", n=len(rows), readings=int(rows.loc[rows["kind"] == "readings", "rows"].sum()))
    return (f'<div class="q gap"><h2>{title}</h2><div class="note"><a href="{esc(to)}" target="_self">{t("changes.imports.link")}</a></div>'
            f'<table class="dense"><tr>{heads}</tr>{"".join(body)}</table>{more}</div>')


def _fetched(row: dict) -> str:
    return f"{row['fetched_at']:%Y-%m-%d %H:%M}" if row["kind"] == "readings" else day_text(row["fetched_at"])


def terms_block(rows: pd.DataFrame, selection: Selection) -> str:
    """Targets that came, went, or promise something else now."""
    heads = _heads("change", "region", "target", "old", "new")
    body = []
    for row in rows.head(SHOWN).to_dict("records"):
        change = row["cause"] if row["cause"] in ("added", "removed") else "terms"
        body.append(f'<tr><td class="nw">{t("changes.cause." + change)}</td><td class="nw"><b>{esc(row["region"])}</b></td>'
                    f'<td>{target_link(row, selection)}</td><td>{_terms(row["terms_before"])}</td>'
                    f'<td>{_terms(row["terms_after"])}</td></tr>')
    more = t("changes.more", n=len(rows) - SHOWN) if len(rows) > SHOWN else ""
    return (f'<div class="q gap"><h2>{t("changes.terms", n=len(rows))}</h2><div class="note">{more}</div>'
            f'<table class="dense"><tr>{heads}</tr>{"".join(body)}</table></div>')


def _terms(said) -> str:
    if not isinstance(said, str):
        return "—"
    comparator, _, rest = said.partition(" ")
    return esc((SIGN[comparator] or t("changes.at_least")) + rest if comparator in SIGN else said)


def count_table(rows: pd.DataFrame) -> str:
    """Rows per table, before and after."""
    heads = _heads("table", "old", "new", "difference", right={"old", "new", "difference"})
    body = "".join(f'<tr><td>{t("download.table." + row["name"])}</td><td class="r">{row["rows_before"]}</td>'
                   f'<td class="r">{row["rows_after"]}</td><td class="r">'
                   f'{row["rows_after"] - row["rows_before"]:+d}</td></tr>' for row in rows.to_dict("records"))
    return f'<div class="q"><table class="dense" style="max-width:520px"><tr>{heads}</tr>{body}</table></div>'


def _heads(*keys: str, right: set[str] = frozenset()) -> str:
    return "".join(f'<th{" class=r" if key in right else ""}>{t(f"changes.head.{key}")}</th>' for key in keys)
