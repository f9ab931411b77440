"""Small tables as the national publication system gives them, made up for the tests, and what a database made of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import xlsxwriter

from etl.import_report import write_reports
from etl.national_import import Imported, import_national_tables
from etl.versions import current_file

HEADINGS = ["省份", "流域", "断面名称", "监测时间", "水质类别", "水温(℃)", "pH(无量纲)", "溶解氧(mg/L)", "电导率(μS/cm)", "浊度(NTU)",
            "高锰酸盐指数(mg/L)", "氨氮(mg/L)", "总磷(mg/L)", "总氮(mg/L)", "叶绿素α(mg/L)", "藻密度(cells/L)", "站点情况"]
PLAIN = {"省份": "浙江省", "流域": "浙闽片河流", "断面名称": "测石桥", "监测时间": "04-01 12:00", "水质类别": "Ⅱ",
         "水温": "17.3", "pH": "7.99",
         "溶解氧": "8.64", "电导率": "161.9", "浊度": "67.3", "高锰酸盐指数": "2.81", "氨氮": "0.097", "总磷": "0.065", "总氮": "1.67",
         "叶绿素α": "*", "藻密度": "*", "站点情况": "正常"}
RESULTS = ("imports", "sections", "readings", "samples", "superseded_readings", "superseded_samples", "section_means",
           "section_classes", "doubtful_matches", "sources")


def row(**cells: object) -> list:
    """One row of the table in the order of HEADINGS; headings without their unit."""
    assert set(cells) <= set(PLAIN)
    return list({**PLAIN, **cells}.values())


def shown(display: str, tooltip: str) -> str:
    """A cell of a reply: 19.8 with 原始值：19.81 behind it."""
    return f"<span data-toggle='tooltip' data-placement='right' title='{tooltip}'>{display}</span>"


def as_csv(rows: Iterable[Sequence], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8", end: str = "\r\n",
           delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, delimiter=delimiter).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def as_reply(rows: Iterable[Sequence], headings: Sequence[str] = HEADINGS, **more: object) -> bytes:
    head = [f"{name.partition('(')[0]}<br/><span class='unit'>({name.partition('(')[2]}</span>"
             if "(" in name else name for name in headings]
    rows = list(rows)
    return json.dumps({"result": 1, "total": 1, "records": len(rows), "thead": head, "tbody": rows, **more}, ensure_ascii=False).encode()


def as_xlsx(rows: Iterable[Sequence], headings: Sequence[str] = HEADINGS, sheet: str = "Sheet1", above: int = 0) -> bytes:
    """Figures as numbers, moments as dates, the rest as text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        moment, table = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_worksheet(sheet)
        for down, cells in enumerate([headings, *rows], start=above):
            for right, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    table.write_datetime(down, right, cell, moment)
                elif isinstance(cell, int | float):
                    table.write_number(down, right, cell)
                elif cell:
                    table.write_string(down, right, cell)
    return buffer.getvalue()


class Desk:
    """A folder to write files in, and the import into a copy of the data."""

    def __init__(self, folder: Path, data: Path):
        self.folder, self.data = folder, data

    def write(self, content: bytes, name: str = "table_2021-04.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def take_in(self, *contents: bytes, name: str = "table_2021-04.csv", fetched_at: datetime | None = None) -> Imported:
        """Import the contents one after the other, each in its own file; what became of the last."""
        for number, content in enumerate(contents):
            folder = self.folder / str(number)
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
            done = import_national_tables([folder / name], fetched_at)
        return done

    def report(self, done: Imported) -> list[dict[str, str]]:
        """The lines of the report of the one new file."""
        report, = write_reports(done)
        return list(csv.DictReader(io.StringIO(report.path.read_text(encoding="utf-8-sig"), newline="")))

    def ask(self, question: str) -> list[tuple]:
        with duckdb.connect(current_file(), read_only=True) as connection:
            return connection.execute(question).fetchall()

    def values(self, parameter: str) -> list[tuple]:
        """(value, raw_value, flag) of a parameter in the order of samplings."""
        return self.ask(f"SELECT value, raw_value, flag FROM samples WHERE parameter = '{parameter}' ORDER BY sampled_at, section_id")

    def results(self) -> dict[str, list[tuple]]:
        """Everything that follows from the imported files, except when they were imported."""
        with duckdb.connect(current_file(), read_only=True) as connection:
            return {table: sorted(connection.execute(
                f"SELECT * {'EXCLUDE (imported_at)' if table == 'imports' else ''} FROM {table}").fetchall(), key=repr)
                for table in RESULTS}

    def state(self) -> tuple:
        """The pointer, the published versions and the files of the readings, byte by byte."""
        versions = sorted(path.name for path in (self.data / "build").glob("qingliu-*"))
        files = {path.relative_to(self.data): path.read_bytes() for place in ("readings", "register")
                 for path in sorted((self.data / place).rglob("*")) if path.is_file()}
        return (self.data / "build" / "current.json").read_bytes(), versions, files
