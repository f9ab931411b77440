"""Reads the national table of automatic surface-water stations as it really comes.

Three carriers: the reply of the publication system (JSON with HTML inside the cells), flattened CSV (UTF-8 with or
without BOM, GB18030) and XLSX. Columns are found by their headings, never by position: archives put 抓取年份 in
front, and 站点情况 is missing since 2026. Every cell stays text here; `etl.readings` gives it a meaning.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import duckdb

from etl.problems import DataProblems, Problem
from etl.readers.decoding import decoded
from etl.readers.named_moment import last_moment_in_name, named_period_holds

MAX_BYTES = 500_000_000
CHINA = timezone(timedelta(hours=8))
PARAMETERS = {
    "水温": "water_temperature", "pH": "ph", "溶解氧": "dissolved_oxygen", "电导率": "conductivity", "浊度": "turbidity",
    "高锰酸盐指数": "permanganate_index", "氨氮": "ammonia_nitrogen", "总磷": "total_phosphorus", "总氮": "total_nitrogen",
    "叶绿素α": "chlorophyll_a", "藻密度": "algal_density"}
COLUMNS = {"省份": "province", "流域": "basin", "断面名称": "name", "监测时间": "time", "水质类别": "class", "站点情况": "status",
           "站点状态": "status", "抓取年份": "fetched_year", "所在地市": "city", "地市": "city", "城市": "city", "所属河流": "river",
           "河流": "river", "ph值": "ph", "叶绿素a": "chlorophyll_a", **{name.lower(): column for name, column in PARAMETERS.items()}}
"""By the heading in lower case, without its unit."""
REQUIRED = {"province": "省份", "name": "断面名称", "time": "监测时间", "class": "水质类别"}
FIELDS = ["province", "basin", "name", "city", "river", "time", "class", "status", "fetched_year",
          *PARAMETERS.values(), *(f"{parameter}_note" for parameter in PARAMETERS.values())]
"""Columns of the `cells` table; `<parameter>_note` is what stands in the cell's tooltip (原始值, 极值过滤 …)."""


@dataclass(frozen=True)
class Carrier:
    """What is known of a file besides its cells. `fetched_at`: UTC+8; basis: option content file_name modified."""

    file_name: str
    sha256: str
    kind: str
    fetched_at: datetime
    fetched_basis: str
    stated_rows: int | None
    ignored_columns: list[str]


def read_cells(connection: duckdb.DuckDBPyConnection, path: Path, fetched_at: datetime | None) -> Carrier:
    """Make the temporary table `cells` (row INTEGER and FIELDS, all text) from the file and say what the file is.

    `row` is the line of a CSV or sheet (heading = 1) and the position in `tbody` (first = 1) of a reply.
    Raises DataProblems for files that are damaged or not this table; never reads half of one.
    """
    content = _read_bytes(path)
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    stated_rows, inside = None, None
    if content[:2] == b"PK":
        kind, ignored = "xlsx", _read_sheet(connection, path, content)
    elif content[:4] == b"\xd0\xcf\x11\xe0":
        raise DataProblems([Problem(path.name, "是旧式 Excel（.xls），或加了打开密码", "去掉密码，在 Excel 或 WPS 里另存为 .xlsx 再导入")])
    elif start[:1] == b"{":
        kind = "json"
        ignored, stated_rows, inside = _read_reply(connection, path, content)
    else:
        kind, ignored = "csv", _read_csv(connection, path, content)
    moment, basis = _fetched_at(path, fetched_at, inside)
    return Carrier(path.name, hashlib.sha256(content).hexdigest(), kind, moment, basis, stated_rows, ignored)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataProblems([Problem(path.name, f"文件超过 {MAX_BYTES // 1_000_000} MB", "按月拆开再导入")])
        content = path.read_bytes()
    except OSError:
        raise DataProblems([Problem(path.name, "文件不存在，或打不开", "检查路径；关掉正在使用它的程序再试")]) from None
    if not content.strip():
        raise DataProblems([Problem(path.name, "文件是空的", "重新下载或导出")])
    return content


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────

class _CellText(HTMLParser):
    """Text of a cell and the tooltip around it."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.note = "", ""

    def handle_starttag(self, tag, attributes):
        self.note = next((value or "" for name, value in attributes if name == "title"), self.note)
        if tag == "br":
            self.text += " "

    def handle_data(self, data):
        self.text += data


def cell_text(cell: str) -> tuple[str, str]:
    """Text and tooltip of an HTML cell: <span title='原始值：19.81'>19.8</span> → ('19.8', '原始值：19.81')."""
    if "<" not in cell:
        return html.unescape(cell).strip(), ""
    parser = _CellText()
    parser.feed(cell)
    parser.close()
    return parser.text.strip(), parser.note.strip()


def _read_reply(connection, path: Path, content: bytes) -> tuple[list[str], int | None, datetime | None]:
    try:
        reply = json.loads(content.decode("utf-8-sig"))
        head, body = reply["thead"], reply["tbody"]
        stated, inside = reply.get("records"), reply.get("fetched_at")
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data"
        raise _damaged(path, "JSON 不完整" if is_cut else "不是 UTF-8 编码的 JSON") from None
    except json.JSONDecodeError as error:
        raise _damaged(path, f"JSON 不完整或已损坏（第 {error.lineno} 行第 {error.colno} 个字符）") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        raise _damaged(path, "JSON 已损坏") from None
    except (KeyError, TypeError, AttributeError):
        raise _damaged(path, "不是国家发布系统的回复：缺少 thead 或 tbody") from None
    if not isinstance(head, list) or not isinstance(body, list) or not all(isinstance(row, list) for row in body):
        raise _damaged(path, "不是国家发布系统的回复：thead、tbody 应为列表")
    try:
        ignored = _fill(connection, path, [cell_text(str(cell))[0] for cell in head], enumerate(body, start=1), "tbody 第 {} 行")
    except UnicodeEncodeError:  # "\\ud800" alone stands for no character
        raise _damaged(path, "JSON 中有不成字的转义") from None
    return ignored, stated if isinstance(stated, int) else None, _moment(inside)


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────────────

def _read_csv(connection, path: Path, content: bytes) -> list[str]:
    text = _one_line_end(_decode(path, content))
    delimiter = max(",\t;", key=text.split("\n", 1)[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [cell_text(cell)[0] for cell in next(rows, [])]
        heading_lines = rows.line_num  # Excel breaks lines inside headings
        if "<span" in text:  # cells copied with their HTML
            return _fill(connection, path, header, ((n, row) for n, row in enumerate(rows, start=2) if row), "第 {} 行")
    except csv.Error:
        raise _damaged(path, "有一格长得不像表格，或引号不成对") from None
    columns, ignored = _columns(path, header)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "utf8.csv"  # DuckDB takes [1] and * in a path for a pattern
        source.write_text("".join(text.split("\n", heading_lines)[heading_lines:]), encoding="utf-8", newline="")
        try:
            connection.execute(
                f"""CREATE OR REPLACE TEMP TABLE cells AS
                    SELECT CAST(row_number() OVER () + 1 AS INTEGER) AS row, {_picked(columns)}
                    FROM read_csv(?, header = false, auto_detect = false, delim = ?, quote = '"', escape = '"',
                                  columns = ?, strict_mode = true, null_padding = false, parallel = true)""",
                [str(source), delimiter, {f"c{i}": "VARCHAR" for i in range(len(header))}])
        except duckdb.Error as error:
            line = re.search(r"[Ll]ine:? ?(\d+)", str(error))
            raise DataProblems([Problem(
                path.name, f"该行的列数与表头不同（表头 {len(header)} 列），或引号不成对：文件不完整或已损坏",
                "重新下载或导出整个文件；没有导入任何一行", row=int(line.group(1)) + heading_lines if line else None)]) from None
    return ignored


def _decode(path: Path, content: bytes) -> str:
    """Text of UTF-8 (with or without BOM), else of GB18030."""
    if b"\0" in content:
        raise _damaged(path, "含有空字符（NUL），不是文字表格")
    try:
        return decoded(content)
    except UnicodeDecodeError as failure:
        line = content[:failure.start].count(b"\n") + 1
        raise DataProblems([Problem(path.name, "既不是 UTF-8 也不是 GBK/GB18030 编码", "用 UTF-8 重新保存", row=line)]) from None


def _one_line_end(text: str) -> str:
    r"""Lines that end in \r\n, \r or a mixture of them get \n; blank lines in front go."""
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).lstrip("\ufeff\n")


# ── XLSX ────────────────────────────────────────────────────────────────────────────────────────────────

def _read_sheet(connection, path: Path, content: bytes) -> list[str]:
    from etl.readers.office_file import read_cells as read_sheet_cells

    def heading(lines) -> int | None:
        return next((at for at, line in enumerate(lines[:5]) if {"断面名称", "监测时间"} <= {text.strip() for text in line.texts}), None)

    _, lines = read_sheet_cells(path.name, content, lambda lines: heading(lines) is not None)
    if not lines:
        raise _damaged(path, "没有一张可见的工作表像国家水质自动监测表（表头要有 断面名称、监测时间）")
    top = heading(lines)
    header = [cell_text(text)[0] for text in lines[top].texts]
    width = max(at for at, name in enumerate(header, start=1) if name)
    body = ((line.line, line.texts[:width]) for line in lines[top + 1:] if any(line.texts))
    return _fill(connection, path, header[:width], body, "第 {} 行")


# ── what the carriers share ─────────────────────────────────────────────────────────────────────────────

def _columns(path: Path, header: list[str]) -> tuple[dict[str, int], list[str]]:
    """Position of each known column, and the headings nobody knows. 高锰酸盐指数(mg/L) is 高锰酸盐指数."""
    places: dict[str, int] = {}
    ignored = []
    for position, heading in enumerate(header):
        name = re.sub(r"[\s(\[/].*$|(?:°c|mg|[μµ]s|ntu|cells|个)/?.*$", "", unicodedata.normalize("NFKC", heading).strip().lower())
        column = COLUMNS.get(name)
        is_raw = "原始值" in heading
        if is_raw:
            parameter = COLUMNS.get(name.replace("原始值", "").rstrip("_-"))
            column = f"{parameter}_note" if parameter in PARAMETERS.values() else None
        if column is None:
            ignored += [heading] if heading else []
        elif column in places:
            raise DataProblems([Problem(path.name, "同一列出现两次", "删去一列再导入", row=1, column=heading)])
        else:
            places[column] = position
    missing = [label for column, label in REQUIRED.items() if column not in places]
    if missing or not any(parameter in places for parameter in PARAMETERS.values()):
        raise DataProblems([Problem(
            path.name, f"不是国家水质自动监测表：缺少{'、'.join(missing) or '全部监测项目'}列",
            "表头应有 省份、流域、断面名称、监测时间、水质类别 和监测项目", row=1, found="，".join(header)[:80])])
    return places, ignored


def _picked(columns: dict[str, int]) -> str:
    """SELECT list of FIELDS over c0, c1 …; names come from this module only."""
    return ", ".join(f"nullif(trim(c{columns[field]}), '') AS \"{field}\"" if field in columns
                     else f"CAST(NULL AS VARCHAR) AS \"{field}\"" for field in FIELDS)


def _fill(connection, path: Path, header: list[str], rows: Iterable[tuple[int, list]], place: str) -> list[str]:
    """Rows of Python lists into `cells`, HTML taken apart into text and tooltip."""
    import pandas as pd  # half a second that the plain CSV can do without

    columns, ignored = _columns(path, header)
    records: list[list] = []
    fields = list(columns)
    places = [columns[field] for field in fields]
    notes = [field in PARAMETERS.values() and f"{field}_note" not in columns for field in fields]
    name_at = fields.index("name")
    for number, row in rows:
        if len(row) != len(header):
            raise DataProblems([Problem(path.name, f"应有 {len(header)} 列，读到 {len(row)} 列：文件不完整或已损坏",
                                        "重新下载或导出整个文件；没有导入任何一行", found=place.format(number))])
        record: list = [number]
        tooltip = ""
        for position, (at, has_note) in enumerate(zip(places, notes)):
            cell = row[at]
            text, note = cell_text(cell) if isinstance(cell, str) else ("" if cell is None else str(cell), "")
            record.append(text or None)
            if has_note:
                record.append(note or None)
            elif position == name_at:
                tooltip = note
        record += [_of_tooltip(tooltip, "所在地市"), _of_tooltip(tooltip, "所属河流")]
        records.append(record)
    names = ["row"]
    for field, has_note in zip(fields, notes):
        names += [field, f"{field}_note"] if has_note else [field]
    frame = pd.DataFrame(records, columns=[*names, "tip_city", "tip_river"], dtype=object).astype(
        {"row": "int32"}).reindex(columns=["row", *FIELDS, "tip_city", "tip_river"])
    for field in ("city", "river"):
        frame[field] = frame[field].where(frame[field].notna(), frame[f"tip_{field}"])
    frame = frame.drop(columns=["tip_city", "tip_river"]).astype({field: "string" for field in FIELDS})
    connection.register("incoming", frame)
    connection.execute("CREATE OR REPLACE TEMP TABLE cells AS SELECT * FROM incoming")
    connection.unregister("incoming")
    return ignored


def _of_tooltip(tooltip: str, label: str) -> str | None:
    found = re.search(rf"{label}[:：]([^\n]*)", tooltip)
    return (found.group(1).strip() or None) if found else None


def _fetched_at(path: Path, given: datetime | None, inside: datetime | None) -> tuple[datetime, str]:
    """When the table was fetched: as told, as the reply says, as the file name says, else when the file was written."""
    if given is not None:
        return _whole_day(given), "option"
    if inside is not None:
        return inside, "content"
    named, now = last_moment_in_name(path.stem), datetime.now(CHINA).replace(tzinfo=None)
    if named is not None:
        return (now if named_period_holds(now, named) else named), "file_name"
    return datetime.fromtimestamp(path.stat().st_mtime, CHINA).replace(tzinfo=None), "modified"


def _moment(text: object) -> datetime | None:
    """UTC+8, whatever time zone the text names."""
    try:
        moment = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return moment and _whole_day(moment.astimezone(CHINA).replace(tzinfo=None) if moment.tzinfo else moment)


def _whole_day(moment: datetime) -> datetime:
    """A day without a time counts to its end."""
    return moment.replace(hour=23, minute=59, second=59) if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else moment


def _damaged(path: Path, rule: str) -> DataProblems:
    return DataProblems([Problem(path.name, rule, "重新下载或导出整个文件；没有导入任何一行")])
