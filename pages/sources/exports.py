"""下载: what each table is called, what it and its columns mean, and the sheets that go along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from dashboard.text import ZH, esc, t
from etl import spreadsheets

Tables = dict[str, pd.DataFrame]

MOST_SHEET_ROWS = 200_000
"""Larger tables are offered as CSV only: a sheet of them takes minutes and no one can read it."""


def title(table: str) -> str:
    return t(f"download.table.{table}")


def about(table: str, described: pd.DataFrame) -> str:
    """The register's own description, else ours."""
    if f"download.about.{table}" in ZH:
        return t(f"download.about.{table}")
    comment = described.set_index("table_name")["comment"].get(table)
    if not isinstance(comment, str) or comment == title(table):
        return ""
    return comment.removeprefix(f"{title(table)}：")


def columns(described: pd.DataFrame) -> pd.DataFrame:
    """Name and meaning of the columns of a table (`queries.column_descriptions`)."""
    meaning = [c if isinstance(c, str) else ZH.get(f"download.column.{name}", "")
               for name, c in zip(described["column_name"], described["comment"])]
    return pd.DataFrame({t("download.head.column"): described["column_name"], t("download.head.about"): meaning})


def heading(sizes: pd.DataFrame, large: int, day: date) -> str:
    """How much there is, how it is written, and what is too large for a sheet."""
    note = t("sources.download.note", day=f"{day:%Y-%m-%d}")
    if large:
        note += t("sources.download.large", n=large, rows=MOST_SHEET_ROWS)
    title = t("sources.download.title", tables=len(sizes), rows=int(sizes["rows"].sum()))
    return f'<div class="q gap"><h2>{title}</h2><div class="note">{esc(note)}</div></div>'


def row(size: dict, meaning: str) -> str:
    """Name, meaning and size of a table."""
    count = t("sources.download.rows", rows=size["rows"], columns=size["columns"])
    return (f'<div class="q" style="padding-top:5px"><b>{esc(title(size["name"]))}</b>　<span class="lead">{esc(meaning)}</span>'
            f'<div class="note">{esc(size["name"])} · {count}</div></div>')


def columns_list(described: pd.DataFrame) -> str:
    """Columns and what they mean."""
    rows = "".join(f'<tr><td class="nw"><span class="hash">{esc(name)}</span></td><td>{esc(meaning)}</td></tr>'
                   for name, meaning in columns(described).itertuples(index=False))
    return f'<div class="q"><table class="dense">{rows}</table></div>'


def csv(load: Callable[[], pd.DataFrame]) -> bytes:
    return spreadsheets.to_csv(load())


def workbook_file(table: str, load: Callable[[], pd.DataFrame], described: pd.DataFrame) -> bytes:
    return spreadsheets.to_xlsx(workbook(table, load(), described))


def workbook(table: str, frame: pd.DataFrame, described: pd.DataFrame) -> Tables:
    """A table with the meaning of its columns on a second sheet."""
    return {title(table): frame, t("download.sheet.columns"): columns(described)}


def whole_workbook(frames: Tables, about_tables: dict[str, str], described: Tables) -> Tables:
    """All tables behind a sheet that lists them and one that explains their columns."""
    contents = pd.DataFrame({
        t("download.head.table"): [title(name) for name in frames],
        t("download.head.rows"): [len(frame) for frame in frames.values()],
        t("download.head.about"): [about_tables[name] for name in frames],
    })
    meanings = pd.concat([columns(described[name]).assign(**{t("download.head.table"): title(name)}) for name in frames])
    meanings = meanings[[t("download.head.table"), t("download.head.column"), t("download.head.about")]]
    return {t("download.sheet.tables"): contents, t("download.sheet.columns"): meanings} | {
        title(name): frame for name, frame in frames.items()}
