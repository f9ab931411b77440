"""Reads every table that `data/datapackage.json` describes, as text, remembering file and line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd

from etl.problems import DataProblems, Problem

FILE, ROW = "_file", "_row"
"""Names of the two columns that say where a record stands; they never reach the database."""


def read_package(package: Path) -> tuple[dict, dict[str, pd.DataFrame]]:
    """The parsed data package and one frame of strings per resource (missing cells are NA).

    Raises DataProblems for unreadable files, foreign encodings, wrong headers and ragged lines.
    """
    descriptor = _read_descriptor(package)
    problems: list[Problem] = []
    frames: dict[str, pd.DataFrame] = {}
    for resource in descriptor["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        parts = [_read_csv(package.parent, path, columns, problems) for path in resource_paths(resource, package.parent)]
        frames[resource["name"]] = pd.concat(parts, ignore_index=True)
    problems += _unlisted_observation_files(package.parent, descriptor)
    if problems:
        raise DataProblems(problems)
    return descriptor, frames


def resource_paths(resource: dict, root: Path) -> list[str]:
    """All files of a resource, relative to the package in `root`; those of its `folder` come and go unlisted."""
    grown = sorted((root / resource["folder"]).glob("*.csv")) if "folder" in resource else []
    return [resource["path"], *resource.get("extrapaths", []), *(path.relative_to(root).as_posix() for path in grown)]


def _read_descriptor(package: Path) -> dict:
    try:
        return json.loads(package.read_text(encoding="utf-8-sig"))
    except OSError:
        problem = Problem(package.name, "文件不存在，或打不开", "恢复该文件")
    except UnicodeDecodeError:
        problem = Problem(package.name, "不是 UTF-8 编码", "用 UTF-8 重新保存")
    except json.JSONDecodeError as error:
        problem = Problem(package.name, "不是完好的 JSON", "检查该行与上一行的逗号、引号和括号", row=error.lineno)
    raise DataProblems([problem])


def _read_csv(root: Path, path: str, columns: list[str], problems: list[Problem]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=[*columns, FILE, ROW], dtype="string")
    text = _read_text(root, path, problems)
    if text is None:
        return empty
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, lines, start = [], [], 1
    try:
        header = next(reader, [])
        if header != columns:
            problems.append(_wrong_header(path, header, columns))
            return empty
        start = reader.line_num + 1
        for record in reader:
            if record and len(record) != len(columns):
                problems.append(Problem(path, f"应有 {len(columns)} 列，读到 {len(record)} 列",
                                        "检查该行的逗号与引号", row=start))
            elif record:
                records.append(record)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error:
        problems.append(Problem(path, "引号不成对，或引号前后还有文字", "从该行起检查引号；文字里的引号要写成两个", row=start))
        return empty
    frame = pd.DataFrame(records, columns=columns, dtype="string").replace("", pd.NA)
    return frame.assign(**{FILE: path, ROW: pd.Series(lines, dtype="int64")})


def _read_text(root: Path, path: str, problems: list[Problem]) -> str | None:
    try:
        text = (root / path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem(path, "文件不存在", "恢复该文件，或从 datapackage.json 中去掉它"))
    except OSError:
        problems.append(Problem(path, "文件打不开", "关掉正在使用它的程序（如 Excel、WPS）再试"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(path, "不是 UTF-8 编码", "用 UTF-8 重新保存（WPS、Excel 选“CSV UTF-8”）", row=line))
    else:
        if "\0" not in text:
            return text
        line = text[: text.index("\0")].count("\n") + 1
        problems.append(Problem(path, "含有空字符（NUL），文件已损坏", "从原来的文件重新导出，选“CSV UTF-8”", row=line))
    return None


def _wrong_header(path: str, header: list[str], columns: list[str]) -> Problem:
    differences = {
        "缺": [c for c in columns if c not in header],
        "多": [c for c in header if c not in columns],
        "重复": sorted({c for c in header if header.count(c) > 1}),
    }
    found = "；".join(f"{word} {'、'.join(names)}" for word, names in differences.items() if names)
    found = found or f"次序为 {','.join(header)}"
    return Problem(path, "表头与 datapackage.json 不一致", f"表头应依次为：{','.join(columns)}", row=1, found=found)


def _unlisted_observation_files(root: Path, descriptor: dict) -> list[Problem]:
    listed = {path for resource in descriptor["resources"] for path in resource_paths(resource, root)}
    present = sorted(p.relative_to(root).as_posix() for p in (root / "observations").glob("*.csv"))
    return [Problem(path, "文件没有登记，不会被读取",
                    "在 datapackage.json 的 observations 一节的 extrapaths 中加上它，或把它移走")
            for path in present if path not in listed]
