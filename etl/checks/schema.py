"""Types, required cells, allowed words, keys and references, as pandera schemas built from the data package.

The package descriptor is the one definition of every column; this module adds nothing to it.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from etl.problems import Problem
from etl.readers.tables import FILE, ROW

_WORDS = {"integer": "整数", "number": "数字", "date": "日期（如 2025-12-31）", "boolean": "true 或 false"}
_FORMS = {"integer": r"-?[0-9]{1,15}", "number": r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "boolean": "true|false",
          "date": r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"}
"""How a cell of each type is written. Half width only; no 1e5, inf or today, which parsers would also take."""


def check_tables(descriptor: dict, frames: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Typed frames (text, Int64, Float64, dates, booleans) and everything that does not hold."""
    typed, problems = {}, []
    for resource in descriptor["resources"]:
        name = resource["name"]
        typed[name], found = _check_types(resource, frames[name])
        mistyped = {(problem.file, problem.row, problem.column) for problem in found}
        found += [problem for problem in _check_values(resource, typed[name])
                  if (problem.file, problem.row, problem.column) not in mistyped]
        problems += found + _check_primary_key(resource, typed[name])
    for resource in descriptor["resources"]:
        problems += _check_references(resource, typed)
    return typed, problems


def _check_types(resource: dict, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    typed, problems = frame.copy(), []
    for field in resource["schema"]["fields"]:
        name, kind = field["name"], field["type"]
        if kind == "string":
            continue
        text = frame[name]
        typed[name] = values = _convert(text.where(text.str.fullmatch(_FORMS[kind])), kind)
        for index in frame.index[text.notna() & values.isna()]:
            problems.append(Problem(frame.at[index, FILE], f"应为{_WORDS[kind]}", f"改成{_WORDS[kind]}，没有就留空",
                                    row=int(frame.at[index, ROW]), column=name, found=text[index]))
    return typed, problems


def _convert(text: pd.Series, kind: str) -> pd.Series:
    """Well-formed text as values; a day that no calendar has becomes missing."""
    if kind == "date":
        return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    if kind == "boolean":
        return text.map({"true": True, "false": False}).astype("boolean")
    return pd.to_numeric(text).astype("Int64" if kind == "integer" else "Float64")


def _check_values(resource: dict, frame: pd.DataFrame) -> list[Problem]:
    try:
        _pandera_schema(resource).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return [_as_problem(frame, failure) for failure in errors.failure_cases.to_dict("records")]
    return []


def _pandera_schema(resource: dict) -> pa.DataFrameSchema:
    columns = {}
    for field in resource["schema"]["fields"]:
        limits, checks = field.get("constraints", {}), []
        if "enum" in limits:
            checks.append(pa.Check.isin(limits["enum"], error=f"只能是 {'、'.join(limits['enum'])}"))
        if "pattern" in limits:
            checks.append(pa.Check.str_matches(limits["pattern"], error=f"写法应符合 {limits['pattern']}"))
        if "minimum" in limits:
            checks.append(pa.Check.ge(limits["minimum"], error=f"不能小于 {limits['minimum']}"))
        if "maximum" in limits:
            checks.append(pa.Check.le(limits["maximum"], error=f"不能大于 {limits['maximum']}"))
        if "maxLength" in limits:
            checks.append(pa.Check.str_length(max_value=limits["maxLength"], error=f"最多 {limits['maxLength']} 个字"))
        columns[field["name"]] = pa.Column(checks=checks, nullable=not limits.get("required", False),
                                           unique=limits.get("unique", False))
    return pa.DataFrameSchema(columns, strict=False)


def _as_problem(frame: pd.DataFrame, failure: dict) -> Problem:
    index = failure["index"]
    rule, remedy = str(failure["check"]), "按规定的写法改正"
    if rule == "not_nullable":
        rule, remedy = "不能为空", "补上内容"
    elif rule == "field_uniqueness":
        rule, remedy = "不能重复", "改成没有用过的值，或删去重复的行"
    found = failure["failure_case"]
    return Problem(frame.at[index, FILE], rule, remedy, row=int(frame.at[index, ROW]), column=failure["column"],
                   found=None if pd.isna(found) else str(found))


def _check_primary_key(resource: dict, frame: pd.DataFrame) -> list[Problem]:
    key = resource["schema"]["primaryKey"]
    if len(key) == 1:  # a single key column is `unique` in its own constraints
        return []
    return [Problem(row[FILE], "这一组值不能重复", "删去重复的行", row=int(row[ROW]), column="、".join(key),
                    found="、".join(str(row[k]) for k in key))
            for row in frame[frame.duplicated(key)].to_dict("records")]


def _check_references(resource: dict, typed: dict[str, pd.DataFrame]) -> list[Problem]:
    problems = []
    frame = typed[resource["name"]]
    for reference in resource["schema"].get("foreignKeys", []):
        column, = reference["fields"]
        target = reference["reference"]["resource"] or resource["name"]
        known = typed[target][reference["reference"]["fields"][0]]
        for row in frame[frame[column].notna() & ~frame[column].isin(known)].to_dict("records"):
            problems.append(Problem(row[FILE], f"在 {target} 中找不到", f"先在 {target} 登记，或改成已有的标识",
                                    row=int(row[ROW]), column=column, found=row[column]))
    return problems
