"""Declared corrections of a source: made while the source is wrong, refused once it is mended."""

from __future__ import annotations

import csv

import pytest

from etl.corrections import corrected
from etl.problems import DataProblems
from etl.readers.tables import read_package
from tests.conftest import DATA

HEAD = ["table", "key", "column", "wrong_value", "right_value", "reason", "corrected_by", "corrected_on"]


@pytest.fixture
def declared(tmp_path):
    """The package with these corrections."""
    def read(*rows: list[str]):
        for file in ("datapackage.json", "register", "observations", "standards"):
            (tmp_path / file).symlink_to(DATA / file)
        with (tmp_path / "corrections.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([HEAD, *rows])
        descriptor, strings = read_package(tmp_path / "datapackage.json")
        return corrected(strings, descriptor)

    return read


def row(table: str, key: str, column: str, wrong: str, right: str) -> list[str]:
    return [table, key, column, wrong, right, "公报第 3 页表 2 为准", "王芳", "2026-11-22"]


def cell(tables, table: str, key: str, column: str) -> str:
    frame = tables[table]
    return frame.loc[frame.iloc[:, 0] == key, column].iloc[0]


def test_a_wrong_cell_is_read_as_the_right_one(declared, package):
    found = declared(row("observations", "pub-001", "value", "100", "99.9"))
    assert cell(found, "observations", "pub-001", "value") == "99.9"
    assert cell(package[1], "observations", "pub-001", "value") == "100"


@pytest.mark.parametrize(("wrong", "column", "said"), [
    (row("observations", "pub-001", "value", "98", "99.9"), "wrong_value", "过时"),
    (row("observations", "pub-none", "value", "100", "99.9"), "key", "没有这一行"),
    (row("observations", "pub-001", "colour", "100", "99.9"), "column", "没有这一列"),
    (row("entries", "a", "value", "1", "2"), "table", "没有这张"),
    (row("figures", "a", "value", "1", "2"), "table", "没有这张"),
])
def test_a_correction_that_no_longer_fits_is_named(declared, wrong, column, said):
    with pytest.raises(DataProblems) as raised:
        declared(row("observations", "pub-002", "value", "100", "99"), wrong)
    problem, = raised.value.problems
    assert (problem.file, problem.row, problem.column) == ("corrections.csv", 3, column) and said in problem.rule
