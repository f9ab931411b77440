"""HTML of the sheet as it was filled in: column letters, true row numbers, wrong and doubtful cells outlined, the rest folded."""

from __future__ import annotations

from itertools import groupby

from dashboard import theme
from dashboard.text import esc, t
from etl.entries import FIGURE_FIELDS, VERDICT_FIELDS, EntryRow
from pages.entry.marks import Marks, split_address

ALWAYS = {"indicator", "scope", "unit", "period", "value", "verdict", "reason", "evidence"}
"""Fields shown in any case; the others only where something stands against them."""
FIRST_ROWS, MOST_ROWS = 3, 300
"""Rows shown in any case, and how many are drawn at most; the marked copy has them all."""


def sheets(marks: Marks) -> str:
    """Every sheet of the file that holds entries."""
    parts = [_sheet(name, list(rows), marks) for name, rows in groupby(marks.rows, key=lambda row: row.sheet)]
    return f'<div class="q">{"".join(parts)}</div>'


def _sheet(name: str, rows: list[EntryRow], marks: Marks) -> str:
    columns = _columns(rows, marks)
    letters = "".join(f"<th>{esc(letter)}</th>" for letter in columns.values())
    words = VERDICT_FIELDS if "verdict" in columns else FIGURE_FIELDS
    heads = "".join(f'<th{" class=r" if field == "value" else ""}>{words[field]}</th>' for field in columns)
    title = f'<div class="lead" style="padding:6px 0 4px">{t("entry.sheet.name", name=esc(name))}</div>' if name else ""
    body = "".join(_lines(rows, columns, marks))
    return (f'{title}<div class="scroll"><table class="sheet"><tr class="letters"><th class="no"></th>{letters}<th></th></tr>'
            f'<tr class="heads"><th class="no"></th>{heads}<th>{t("entry.sheet.review")}</th></tr>{body}</table></div>')


def _columns(rows: list[EntryRow], marks: Marks) -> dict[str, str]:
    """Fields to show with their column letters, in the order of the file."""
    against = set(marks.numbers) | marks.asked_singly
    wanted = ALWAYS | {field for row in rows for field, cell in row.cells.items() if (row.sheet, cell.address) in against}
    if len({row.text("region") for row in rows}) > 1:
        wanted |= {"region"}
    if not any(row.text("indicator") for row in rows):
        wanted |= {"target_id"}
    first = rows[0]
    return {field: letter if line == first.line else cell.address for field, cell in first.cells.items()
            for letter, line in [split_address(cell.address)] if field in wanted}


def _lines(rows: list[EntryRow], columns: dict[str, str], marks: Marks) -> list[str]:
    """Table rows; runs of rows about which nothing particular is to be said become one line."""
    lines: list[str] = []
    drawn = 0
    for state, run in _runs(rows, marks):
        if state and len(run) > 1:
            lines.append(_fold(run, state, len(columns)))
            continue
        for row in run:
            if drawn == MOST_ROWS:
                return [*lines, _note(t("entry.sheet.more"), len(columns))]
            lines.append(_row(row, columns, marks))
            drawn += 1
    return lines


def _runs(rows: list[EntryRow], marks: Marks) -> list[tuple[str, list[EntryRow]]]:
    """Neighbours of one kind, with the state by which they may be folded, or "".

    The first rows stay, wrong and doubtful ones, and the row before and after a wrong one, which shows where it stands.
    """
    states = [marks.state(row) for row in rows]
    wrong = {at for at, state in enumerate(states) if state == "wrong"}
    kept = {*range(FIRST_ROWS), *(at + step for at in wrong for step in (-1, 1))}
    kinds = ["" if state in ("wrong", "asked") or at in kept else state for at, state in enumerate(states)]
    return [(kind, [row for row, _ in run]) for kind, run in groupby(zip(rows, kinds), key=lambda pair: pair[1])]


def _row(row: EntryRow, columns: dict[str, str], marks: Marks) -> str:
    state = marks.state(row)
    numbers = []
    cells = [f'<td class="no">{row.line}</td>']
    for field in columns:
        cell = row.cells.get(field)
        text, place = (cell.text, (row.sheet, cell.address)) if cell else ("", ("", ""))
        number = marks.numbers.get(place)
        kind = "bad" if number else "ask" if place in marks.asked else "none" if state == "not_reported" and field == "value" else ""
        if number:
            numbers.append(number)
        classes = " ".join(filter(None, (kind, {"value": "r", "scope": "scope", "period": "period"}.get(field))))
        cells.append(f'<td class="{classes}" title="{esc(text)}">{esc(text)}{f"<span class=no1>{number}</span>" if number else ""}</td>')
    return f"<tr>{''.join(cells)}<td>{_said(state, numbers)}</td></tr>"


def _said(state: str, numbers: list[int]) -> str:
    if state == "wrong":
        return f'<b class="say bad">{t("entry.state.wrong", n="、".join(map(str, numbers)))}</b>'
    if state == "not_reported":
        return f'<span style="color:{theme.WARM}">○ {t("entry.state.not_reported")}</span>'
    return f'<span class="say">{t("entry.state." + state)}</span>'


def _fold(run: list[EntryRow], state: str, columns: int) -> str:
    first, last = run[0].line, run[-1].line
    where = t("entry.fold.line", n=first) if len(run) == 1 else t(
        "entry.fold.lines" if last - first == len(run) - 1 else "entry.fold.among", first=first, last=last, n=len(run))
    return _note(t(f"entry.fold.{state}", where=where), columns)


def _note(text: str, columns: int) -> str:
    return f'<tr class="fold"><td class="no">⋮</td><td colspan="{columns + 1}">{esc(text)}</td></tr>'
