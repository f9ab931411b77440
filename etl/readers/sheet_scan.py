"""What a workbook's values do not tell: formulas, error values, percent formats, and how far its sheets really reach.

Every XML part is walked once, before any other reader allocates by what the sheets claim: one stray cell at the far
corner of a sheet would cost another reader gigabytes, and a document type declaration has no place in a workbook.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

from etl.problems import refused
from etl.readers.office_file import SAVE_AGAIN

MAX_UNPACKED_BYTES = 100_000_000
PERCENT_FORMATS = ("9", "10")
"""Built-in number formats 0% and 0.00%."""

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

Start = Callable[[str, dict[str, str]], None]


@dataclass
class SheetMarks:
    """Addresses of one sheet's peculiar cells; `errors`: with the text shown, such as #REF!."""

    formulas: set[str] = field(default_factory=set)
    unvalued_formulas: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    percents: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Scan:
    """What the scan found: marks by sheet name; whether there are macros and links to other workbooks."""

    sheets: dict[str, SheetMarks]
    has_macros: bool
    has_links: bool


class TooFar(Exception):
    """A cell outside the size allowed; `args`: its address."""


def scan_workbook(name: str, content: bytes, max_rows: int, max_columns: int) -> Scan:
    """Walk through all parts. Raises DataProblems for what is no sound XLSX, unpacks too large or reaches too far."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise refused(name, "解开后太大，不像一份填报表", "只留填报的工作表，另存为新文件")
            return _scan(archive, max_rows, max_columns)
    except TooFar as too_far:
        raise refused(name, "工作表里离表很远的地方还有内容", f"至多 {max_rows} 行、{max_columns} 列；删去表右边、下边的空列空行，再保存",
                      found=f"最远到 {too_far}") from None
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, RuntimeError, EOFError, OSError, ValueError):
        raise refused(name, "不是完好的 XLSX 文件", SAVE_AGAIN) from None


def _scan(archive: zipfile.ZipFile, max_rows: int, max_columns: int) -> Scan:
    parts = {part.lower().replace("\\", "/").lstrip("/"): part for part in archive.namelist()}
    if "xl/workbook.xml" not in parts or len(parts) != len(archive.namelist()):
        raise ValueError("no workbook, or two parts of one name")
    sheets = _sheet_parts(archive, parts)
    percent_styles = _percent_styles(archive, parts.get("xl/styles.xml"))
    walkers = {part: _CellWalker(part in sheets.values(), percent_styles, max_rows, max_columns)
               for part in parts if part.endswith((".xml", ".rels"))}
    for part, walker in walkers.items():
        _walk(archive, parts[part], walker.start, walker.end, walker.text)
    return Scan({sheet: walkers[part].marks for sheet, part in sheets.items() if part in walkers or _refuse(part)},
                any(part.endswith("vbaproject.bin") for part in parts), any(part.startswith("xl/externallinks/") for part in parts))


def _refuse(part: str) -> NoReturn:
    raise ValueError(part)


def _walk(archive: zipfile.ZipFile, part: str, on_start: Start, on_end: Callable[[str], None] | None = None,
          on_text: Callable[[str], None] | None = None) -> None:
    """Call back for every element, by its name without prefix. Raises ExpatError, and ValueError for a document type."""
    parser = expat.ParserCreate("utf-8")  # whatever it declares: spreadsheets write nothing else
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(part)
    parser.StartElementHandler = lambda tag, attributes: on_start(tag.rpartition(":")[2], attributes)
    if on_end and on_text:
        parser.EndElementHandler = lambda tag: on_end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = on_text
    with archive.open(part) as stream:
        parser.ParseFile(stream)


class _CellWalker:
    """Collects the peculiar cells of a worksheet; of any other part nothing."""

    def __init__(self, is_sheet: bool, percent_styles: set[str], max_rows: int, max_columns: int):
        self.is_sheet: bool | None = is_sheet or None  # None: the first element tells
        self.marks, self.percent_styles, self.limits = SheetMarks(), percent_styles, (max_rows, max_columns)
        self.row, self.column = 0, 0
        self.cell: dict[str, str] = {}
        self.inside, self.value, self.has_formula = "", "", False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.is_sheet is None:
            self.is_sheet = tag == "worksheet"
        if not self.is_sheet:
            return
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif tag == "c":
            place = attributes.get("r")
            self.row, self.column = _position(place) if place else (self.row, self.column + 1)
            self._check_reach()
            self.cell, self.value, self.has_formula = attributes, "", False
        elif tag == "mergeCell":
            self.row, self.column = _position(attributes.get("ref", "").rpartition(":")[2])
            self._check_reach()
        elif tag in ("v", "is"):
            self.inside = tag
        elif tag == "f":
            self.has_formula = True

    def text(self, text: str) -> None:
        if self.inside:
            self.value += text

    def end(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""
        elif tag == "c":
            if self.cell.get("t") == "e":
                self.marks.errors[self.address()] = self.value
            elif self.has_formula:
                (self.marks.formulas if self.value else self.marks.unvalued_formulas).add(self.address())
            if self.cell.get("t", "n") == "n" and self.cell.get("s") in self.percent_styles:
                self.marks.percents.add(self.address())

    def _check_reach(self) -> None:
        if self.row > self.limits[0] or self.column > self.limits[1]:
            raise TooFar(self.address())

    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


def _position(address: str) -> tuple[int, int]:
    """Row and column of a cell, from 1. Raises ValueError."""
    found = _CELL.fullmatch(address)
    if not found:
        raise ValueError(address)
    return int(found[2]), column_index_from_string(found[1])


def _percent_styles(archive: zipfile.ZipFile, part: str | None) -> set[str]:
    """Positions of the cell formats that show a number as a percentage."""
    formats, cell_formats, lists = set(PERCENT_FORMATS), [], [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Xfs"):
            lists.append(tag)
        elif tag == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(attributes.get("numFmtId", ""))
        elif tag == "xf" and lists[-1] == "cellXfs":
            cell_formats.append(attributes.get("numFmtId", ""))

    if part:
        _walk(archive, part, start)
    return {str(position) for position, number_format in enumerate(cell_formats) if number_format in formats}


def _sheet_parts(archive: zipfile.ZipFile, parts: dict[str, str]) -> dict[str, str]:
    """The part of every sheet, by the name of the sheet."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relationship(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "").replace("\\", "/")))
            targets[attributes.get("Id", "")] = target.lstrip("/").lower()

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets[attributes.get("name", "")] = targets.get(link, "")

    if "xl/_rels/workbook.xml.rels" in parts:
        _walk(archive, parts["xl/_rels/workbook.xml.rels"], relationship)
    _walk(archive, parts["xl/workbook.xml"], sheet)
    return sheets
