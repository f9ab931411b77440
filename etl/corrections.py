"""Corrections of errors in a source, declared in `data/corrections.csv`: never silent, and void once the source is mended."""

from __future__ import annotations

import pandas as pd

from etl.problems import DataProblems, Problem
from etl.readers.tables import FILE, ROW


def corrected(strings: dict[str, pd.DataFrame], descriptor: dict) -> dict[str, pd.DataFrame]:
    """The tables as read, with every declared correction made.

    Raises DataProblems for a correction that names no cell, and for one whose cell no longer holds the wrong value.
    """
    keys = {resource["name"]: resource["schema"]["primaryKey"] for resource in descriptor["resources"]}
    mended = {name: frame.copy() for name, frame in strings.items()}
    problems = []
    for row in strings["corrections"].fillna("").to_dict("records"):
        problem = _correct(mended, keys, row)
        if problem:
            rule, remedy, column = problem
            problems.append(Problem(row[FILE], rule, remedy, row=int(row[ROW]), column=column, found=row[column]))
    if problems:
        raise DataProblems(problems)
    return mended


def _correct(tables: dict[str, pd.DataFrame], keys: dict[str, list[str]], row: dict) -> tuple[str, str, str] | None:
    """Makes one correction; rule, remedy and column of what is wrong with it."""
    table, column = row["table"], row["column"]
    if table not in tables or table in ("corrections", "entries"):
        return "没有这张可以更正的表", "写 datapackage.json 中的资源名；录入的数用撤回和重报更正", "table"
    frame = tables[table]
    if column not in frame.columns or column in (FILE, ROW):
        return f"{table} 没有这一列", f"写 {table} 的列名", "column"
    wanted = frame[keys[table]].fillna("").agg("|".join, axis=1) == row["key"]
    if wanted.sum() != 1:
        return f"{table} 中没有这一行", "写那一行的主键，几列的用 | 连起来", "key"
    place = frame.index[wanted][0]
    found = "" if pd.isna(frame.at[place, column]) else frame.at[place, column]
    if found != row["wrong_value"]:
        return f"来源里现在是“{found}”，这条更正已经过时", "核对来源；已改好的，删去这条更正", "wrong_value"
    frame.at[place, column] = row["right_value"] or pd.NA
    return None
