"""Runs the queries of `checks/constraints`: what must hold between columns and tables.

Each query returns the failing rows as (file, row, column, rule, found, remedy) over the staged `raw_*` tables.
"""

from __future__ import annotations

import duckdb

from etl.paths import CONSTRAINTS
from etl.problems import Problem


def check_constraints(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    problems = []
    for query in sorted(CONSTRAINTS.glob("*.sql")):
        for file, row, column, rule, found, remedy in connection.execute(query.read_text(encoding="utf-8")).fetchall():
            problems.append(Problem(file, rule, remedy, row=row, column=column, found=found))
    return problems
