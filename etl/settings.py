"""What a user may set: data/settings.toml, and the environment for the address of the national table."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from etl.paths import SETTINGS
from etl.problems import DataProblems, Problem

URL_VARIABLE = "QINGLIU_CNEMC_URL"
REMEDY = "对照版本库中的 data/settings.toml 改正；删去一行就用它的默认值"
MAX_APPROVAL_NUMBER = 40


@dataclass(frozen=True)
class NationalTable:
    """Where and how patiently the national table is asked for (etl/fetch.py)."""

    url: str = "https://szzdjc.cnemc.cn:8070/GJZ/Ajax/Publish.ashx"
    connect_timeout_seconds: float = 10.0
    read_timeout_seconds: float = 60.0
    total_seconds: float = 180.0
    retries: int = 2


@dataclass(frozen=True)
class Map:
    """What maps must state. `approval_number`: 审图号 of the administrative outlines, empty as long as it is not known."""

    approval_number: str = ""


@dataclass(frozen=True)
class Settings:
    """All settings; what the file leaves out has its default."""

    national_table: NationalTable = NationalTable()
    map: Map = Map()


SECTIONS: dict[str, type[NationalTable] | type[Map]] = {"national_table": NationalTable, "map": Map}


def load_settings(path: Path = SETTINGS) -> Settings:
    """The settings of the file; without the file the defaults. QINGLIU_CNEMC_URL wins over the file.

    Raises DataProblems for a file that is no TOML, for unknown sections and keys, and for values out of range.
    """
    sections = _read_toml(path)
    problems = [Problem(path.name, "没有这一节", REMEDY, found=name) for name in sections if name not in SECTIONS]
    for name, kind in SECTIONS.items():
        values = sections.setdefault(name, {})
        if isinstance(values, dict):
            problems += _faults(values, kind, path.name)
        else:
            problems.append(Problem(path.name, f"{name} 应当是一节，写作 [{name}]", REMEDY))
    url = os.environ.get(URL_VARIABLE, "").strip()
    if url:
        problems += _faults({"url": url}, NationalTable, f"环境变量 {URL_VARIABLE}")
    if problems:
        raise DataProblems(problems)
    table = NationalTable(**sections["national_table"])
    return Settings(replace(table, url=url) if url else table, Map(**sections["map"]))


def is_web_address(url: object) -> bool:
    """Whether this is an http or https address with a host and nothing else."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _read_toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError:
        problem = Problem(path.name, "文件打不开", "关掉正在使用它的程序再试")
    except UnicodeDecodeError:
        problem = Problem(path.name, "不是 UTF-8 编码", "用 UTF-8 重新保存")
    except tomllib.TOMLDecodeError as error:
        problem = Problem(path.name, f"不是完好的 TOML（{error}）", REMEDY)
    raise DataProblems([problem])


def _faults(values: dict, kind: type[NationalTable] | type[Map], place: str) -> list[Problem]:
    known = [field.name for field in fields(kind)]
    return [Problem(place, rule, REMEDY, column=key, found=str(value))
            for key, value in values.items() if (rule := _broken_rule(key, value, known))]


def _broken_rule(key: str, value: object, known: list[str]) -> str | None:
    if key not in known:
        return f"没有这一项，可写的有 {'、'.join(known)}"
    if key == "url":
        return None if is_web_address(value) else "应当是以 http:// 或 https:// 开头的网址"
    if key == "approval_number":
        is_fit = isinstance(value, str) and len(value) <= MAX_APPROVAL_NUMBER and value.isprintable()
        return None if is_fit else f"应当是一行文字，不超过 {MAX_APPROVAL_NUMBER} 个字，如 \"GS(2024)0650号\"；不知道就空着"
    if key == "retries":
        return None if type(value) is int and 0 <= value <= 5 else "应当是 0 到 5 的整数"
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 3600:
        return None
    return "应当是大于 0、不超过 3600 的秒数"
