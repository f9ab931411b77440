"""Tables of a page as data: what its markup shows, read back cell by cell."""

from __future__ import annotations

import pandas as pd
from lxml import html


def tables_of(shown: list[str]) -> list[tuple[str, pd.DataFrame]]:
    """The tables with a head among pieces of markup, each with the heading above it ("" without one).

    Cells are text as it is read, signs and colours left out; a cell across several columns fills the first. Columns without any
    text, which hold drawings, are left out. Rows of one cell, which group or end a table, are kept.
    """
    found, heading = [], ""
    for piece in shown:
        for node in html.fragment_fromstring(piece, create_parent="div").iter("h1", "h2", "table"):
            if node.tag != "table":
                heading = _words(node)
            elif (frame := _frame(node)) is not None:
                found.append((heading, frame))
    return found


def _frame(table: html.HtmlElement) -> pd.DataFrame | None:
    rows = [_cells(row) for row in table.iter("tr")]
    if not rows or table.find(".//th") is None:
        return None
    wide = max(map(len, rows))
    frame = pd.DataFrame([row + [""] * (wide - len(row)) for row in rows[1:]], columns=rows[0] + [""] * (wide - len(rows[0])), dtype=str)
    return frame.loc[:, [bool(head) or (frame.iloc[:, at] != "").any() for at, head in enumerate(frame.columns)]]


def _cells(row: html.HtmlElement) -> list[str]:
    cells: list[str] = []
    for cell in row.iter("td", "th"):
        cells += [_words(cell), *[""] * (int(cell.get("colspan", 1)) - 1)]
    return cells


def _words(node: html.HtmlElement) -> str:
    return " ".join(" ".join(node.itertext()).split())
