"""Tables of the region page: targets as HTML grouped by theme, measures and projects for `st.dataframe`."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config as columns

from dashboard import theme
from dashboard.filters import Selection
from dashboard.text import (
    day_text,
    deadline_text,
    deadlines_text,
    esc,
    gap_text,
    lower_is_better,
    short_period,
    t,
    target_text,
    units_text,
    value_text,
)

COLUMNS = {"indicator": (150, 320, 0.95), "scope": (80, 140, 0.85), "target": (80, 160, 0.95), "deadline": (40, 66, 1),
           "latest": (98, 196, 1), "status": (84, 84, 1), "schedule": (44, 196, 1), "units": (68, 120, 0.8),
           "clause": (60, 168, 0.92)}
"""Keys of the column headings: least and most width in pixels, and which share of the cells must fit.
Cells that do not fit end in an ellipsis and show all on hover; figures and gaps are never cut."""

PADDING = 14
SHRINKING = ("indicator", "scope", "units")
NARROWEST = 1100  # what the table has on a 1366-pixel screen; wider screens share out the rest


def targets_table(targets: pd.DataFrame, themes: list[str], selection: Selection, is_repealed: bool) -> str:
    """All targets under one row per theme, in the order of `themes`."""
    known = int(targets["latest_value"].notna().sum())
    title = t("region.table.known", n=len(targets), known=known) if known else t("region.table.none", n=len(targets))
    dotted = ((targets["status"] == "到期未报") & targets["earlier_observation_id"].notna()).any()
    note = t("region.table.note", earlier=t("region.table.earlier") if dotted else "")
    widths = "".join(f'<col style="width:{width}px">' for width in _widths(targets))
    head = "".join(f'<th{_right(key)}>{t(f"column.{key}")}</th>' for key in COLUMNS)
    body = []
    for name in themes:
        group = targets[targets["theme"] == name]
        if len(group):
            body.append(f'<tr class="grp"><td colspan="{len(COLUMNS)}"><b>{esc(name)}</b>　'
                        f'{t("region.table.items", n=len(group))}</td></tr>')
            body += [_row(row, selection, is_repealed) for row in group.to_dict("records")]
    return (f'<div class="q"><h2>{title}</h2><div class="note">{note}</div><table class="plan dense">'
            f'<colgroup>{widths}</colgroup><tr>{head}</tr>{"".join(body)}</table></div>')


def _widths(targets: pd.DataFrame) -> list[int]:
    """Pixels per column: as wide as its texts; words shrink together where the narrowest screen is too narrow."""
    drawn = pd.DataFrame([_drawn_widths(row) for row in targets.to_dict("records")])
    wanted = {}
    for key, (least, most, fitting) in COLUMNS.items():
        needed = drawn[key].quantile(fitting) + PADDING if key in drawn else least
        wanted[key] = min(max(needed, least), most)
    words = sum(wanted[key] for key in SHRINKING)
    share = min(1.0, (NARROWEST - sum(wanted.values()) + words) / words)
    return [round(width * share if key in SHRINKING else width) for key, width in wanted.items()]


def _drawn_widths(row: dict) -> dict[str, float]:
    """Of the cells of unequal length, marks included."""
    figure, basis, _ = _latest(row)
    word, gap = _progress(row)
    return {"indicator": 8 + _drawn(row["name_in_plan"]) + (32 if row["binding"] == "约束性" else 0),
            "scope": _drawn(row["scope"]), "target": _drawn(target_text(row)) + (28 if row["is_aspirational"] else 0),
            "deadline": _drawn(deadline_text(row["deadline"])), "latest": _drawn(figure) + _drawn(basis, 12),
            "schedule": _drawn(word) + 4 + _drawn(gap, 12), "units": _drawn(units_text(row)),
            "clause": _drawn(row["clause"] or "")}


def _drawn(words: str, size: int = 13) -> float:
    """Chinese characters are square, others a little over half as wide."""
    return sum(size if ord(letter) > 0x2000 else size * 0.6 for letter in words)


def _right(key: str) -> str:
    return ' class="r"' if key == "deadline" else ""


def _row(row: dict, selection: Selection, is_repealed: bool) -> str:
    indicator = selection.address("indicator", indicator=row["indicator_id"])
    evidence = selection.address("sources", target=row["target_id"])
    binding = f'<small>{t("region.mark.binding")}</small>' if row["binding"] == "约束性" else ""
    wish = f'<small>{t("region.mark.aspirational")}</small> ' if row["is_aspirational"] else ""
    promise = target_text(row)
    word, gap = _progress(row)
    clause = row["clause"] or t("column.source")
    return (f'<tr{" class=old" if is_repealed else ""}>'
            f'<td title="{esc(row["name_in_plan"])}"><span class="name"><a href="{esc(indicator)}" target="_self">'
            f'{esc(row["name_in_plan"])}</a>{binding}</span></td>'
            f'<td class="lead" title="{esc(row["scope"])}">{esc(row["scope"])}</td>'
            f'<td title="{esc(promise)}">{wish}<b>{esc(promise)}</b></td>'
            f'<td class="r">{deadline_text(row["deadline"])}</td>{_figure_cell(row)}'
            f'<td>{theme.badge(row["status"], isinstance(row["earlier_observation_id"], str))}</td>'
            f'<td title="{esc(f"{word} {gap}".strip())}"><b>{esc(word)}</b> <small>{esc(gap)}</small></td>'
            f'<td class="lead" title="{esc(_all_units(row))}">{esc(units_text(row))}</td>'
            f'<td title="{esc(clause)}"><a href="{esc(evidence)}" target="_self">{esc(clause)}</a></td></tr>')


def _latest(row: dict) -> tuple[str, str, str]:
    """Last comparable figure; its year, with 转载 where it was only seen second-hand; and the title of its source."""
    if pd.isna(row["latest_value"]):
        return "", "", ""
    repost = f'，{t("word.repost")}' if row["source_kind"] == "repost" else ""
    return (value_text(row["latest_value"], row["unit"], comparator=row["latest_comparator"] or "="),
            f'（{short_period(row["latest_period"])}{repost}）',
            row["source_title"] if isinstance(row["source_title"], str) else "")


def _figure_cell(row: dict) -> str:
    figure, basis, source = _latest(row)
    if not figure:
        return '<td><span class="z">—</span></td>'
    return f'<td title="{esc(f"{figure}{basis} {source}")}"><b>{esc(figure)}</b><small>{esc(basis)}</small></td>'


def _progress(row: dict) -> tuple[str, str]:
    """The word for the schedule, and the gap between the last figure and the target in units."""
    word = row["schedule"] if isinstance(row["schedule"], str) else ""
    gap = gap_text(row["gap_to_target"], row["unit"], lower_is_better(row)) if not pd.isna(row["latest_value"]) else ""
    return word, gap


def _all_units(row: dict) -> str:
    return "；".join(t(f"region.units.{role}", names=row[f"{role}_units"]) for role in ("lead", "support", "implement")
                    if isinstance(row[f"{role}_units"], str))


def measures_table(measures: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """Measures with their deadlines and units; a role nobody holds in this plan gets no column."""
    shown = pd.DataFrame({
        "title": measures["title"], "section": measures["section_title"], "clause": measures["clause"],
        "deadlines": measures["deadlines"].map(deadlines_text), "lead": measures["lead_units"],
        "implement": measures["implement_units"], "support": measures["support_units"],
        "targets": measures["targets"].where(measures["targets"] > 0).astype("Int64"), "stage": _stages(measures),
    }).dropna(axis="columns", how="all")
    return shown, {
        "title": columns.TextColumn(t("region.measure"), width=180),
        "section": columns.TextColumn(t("region.measure.section"), width=160),
        "clause": columns.TextColumn(t("column.clause"), width=92),
        "deadlines": columns.TextColumn(t("region.measure.deadlines"), width=76),
        "lead": columns.TextColumn(t("region.measure.lead"), width=170),
        "implement": columns.TextColumn(t("region.measure.implement"), width=140),
        "support": columns.TextColumn(t("region.measure.support"), width=170),
        "targets": columns.NumberColumn(t("region.measure.targets"), width=72),
        "stage": columns.TextColumn(t("region.stage"), width=130),
    }


def projects_table(projects: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """Projects with years and investment as the document prints them; columns it leaves empty are left out."""
    shown = pd.DataFrame({
        "kind": projects["record_kind"].map(lambda kind: t(f"region.project.kind.{kind}")),
        "sequence": projects["sequence"].astype("Int64"), "type": projects["project_type"], "name": projects["name"],
        "count": projects["project_count"].astype("Int64"),
        "years": [_year_span(*pair) for pair in zip(projects["start_year"], projects["end_year"])],
        "total": projects["total_investment_10k_cny"], "plan_period": projects["plan_period_investment_10k_cny"],
        "units": projects["units"], "clause": projects["clause"], "note": projects["note"],
        "stage": _stages(projects),
    }).dropna(axis="columns", how="all")
    return shown, {
        "kind": columns.TextColumn(t("region.project.kind"), width=66),
        "sequence": columns.NumberColumn(t("region.project.sequence"), width=44),
        "type": columns.TextColumn(t("region.project.type"), width=96),
        "name": columns.TextColumn(t("region.project.name"), width=206),
        "count": columns.NumberColumn(t("region.project.count"), width=56),
        "years": columns.TextColumn(t("region.project.years"), width=80),
        "total": columns.NumberColumn(t("region.project.total"), width=104),
        "plan_period": columns.NumberColumn(t("region.project.plan_period"), width=132),
        "units": columns.TextColumn(t("column.units"), width=130),
        "clause": columns.TextColumn(t("column.clause"), width=92),
        "note": columns.TextColumn(t("region.project.note"), width=104),
        "stage": columns.TextColumn(t("region.stage"), width=130),
    }


def _stages(rows: pd.DataFrame) -> list[str | None]:
    """How far each has come, as entered, with the day of the entry."""
    return [t("region.stage.on", stage=stage, day=day_text(day)) if isinstance(stage, str) else None
            for stage, day in zip(rows["stage"], rows["stage_on"])]


def _year_span(start, end) -> str | None:
    return None if pd.isna(start) else f"{int(start)}–{int(end)}"
