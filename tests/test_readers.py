"""Files as people really hand them in: each fault is named with file, line, column and remedy, never with a traceback."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.checks.schema import check_tables
from etl.problems import DataProblems, Problem
from etl.readers.tables import read_package

BAD_INPUTS = Path(__file__).resolve().parent / "bad_inputs"
COLUMNS = "sample_id,river_id,parameter,taken_on,value,count,is_final,water_class,note"
CHINESE = re.compile(r"[一-鿿]")

GOOD = ["good.csv", "with_bom.csv", "crlf.csv", "no_last_newline.csv", "quoted_newline.csv", "line_separator.csv"]

UNREADABLE = [
    # file, then line, found, part of the rule for every problem
    ("gb18030.csv", [(2, None, "不是 UTF-8 编码")]),
    ("utf16.csv", [(1, None, "不是 UTF-8 编码")]),
    ("bad_byte_late.csv", [(6, None, "不是 UTF-8 编码")]),
    ("empty.csv", [(1, f"缺 {COLUMNS.replace(',', '、')}", "表头")]),
    ("missing_column.csv", [(1, "缺 value", "表头")]),
    ("extra_column.csv", [(1, "多 weather", "表头")]),
    ("renamed_column.csv", [(1, "缺 taken_on；多 date", "表头")]),
    ("swapped_columns.csv", [(1, f"次序为 {COLUMNS.replace('value,count', 'count,value')}", "表头")]),
    ("duplicate_header.csv", [(1, "重复 value", "表头")]),
    ("semicolons.csv", [(1, f"缺 {COLUMNS.replace(',', '、')}；多 {COLUMNS.replace(',', ';')}", "表头")]),
    ("ragged_lines.csv", [(3, None, "应有 9 列，读到 8 列"), (5, None, "应有 9 列，读到 11 列")]),
    ("after_quoted_newline.csv", [(6, None, "应有 9 列，读到 8 列")]),
    ("unbalanced_quote.csv", [(3, None, "引号")]),
    ("text_after_quote.csv", [(3, None, "引号")]),
    ("nul_byte.csv", [(4, None, "空字符")]),
]


def read(folder: Path, file: str) -> tuple[dict, dict[str, pd.DataFrame]]:
    """Read the package of bad inputs with this file in the place of good.csv."""
    descriptor = json.loads((BAD_INPUTS / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"][1]["path"] = file
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for name in ("rivers.csv", file):
        if (BAD_INPUTS / name).exists():
            shutil.copy(BAD_INPUTS / name, folder)
    return read_package(folder / "datapackage.json")


def problems_in(folder: Path, file: str) -> list[Problem]:
    with pytest.raises(DataProblems) as raised:
        read(folder, file)
    return raised.value.problems


@pytest.mark.parametrize("file", GOOD)
def test_good_file_is_read_whole(tmp_path, file):
    _, frames = read(tmp_path, file)
    assert frames["samples"]["sample_id"].tolist() == ["s1", "s2", "s3", "s4"]
    assert frames["samples"]["river_id"].tolist() == ["oujiang", "nanxi", "oujiang", "nanxi"]
    assert set(frames["samples"]["_file"]) == {file}


def test_header_alone_is_an_empty_table(tmp_path):
    descriptor, frames = read(tmp_path, "header_only.csv")
    typed, problems = check_tables(descriptor, frames)
    assert (len(typed["samples"]), problems) == (0, [])


@pytest.mark.parametrize("file, lines", [
    ("good.csv", [2, 3, 4, 5]),
    ("crlf.csv", [2, 3, 4, 5]),
    ("quoted_newline.csv", [2, 4, 5, 6]),
    ("line_separator.csv", [2, 3, 4, 5]),  # U+2028 and form feed end no line in a text editor
])
def test_rows_know_their_line_in_the_file(tmp_path, file, lines):
    _, frames = read(tmp_path, file)
    assert frames["samples"]["_row"].tolist() == lines


@pytest.mark.parametrize("file, expected", UNREADABLE, ids=[file for file, _ in UNREADABLE])
def test_fault_is_named_with_its_place(tmp_path, file, expected):
    problems = problems_in(tmp_path, file)
    assert [(p.file, p.row, p.found) for p in problems] == [(file, row, found) for row, found, _ in expected]
    for problem, (row, _, rule) in zip(problems, expected, strict=True):
        assert rule in problem.rule
        assert CHINESE.search(problem.remedy)
        assert str(problem).startswith(f"{file} 第 {row} 行：{problem.rule}")
        assert str(problem).endswith(f"改法：{problem.remedy}")


def test_wrong_header_tells_the_right_one(tmp_path):
    assert COLUMNS in problems_in(tmp_path, "swapped_columns.csv")[0].remedy


def test_faults_of_all_files_are_told_at_once(tmp_path):
    (tmp_path / "rivers.csv").write_bytes("river_id,name\noujiang,瓯江,多\n".encode("gb18030"))
    shutil.copy(BAD_INPUTS / "datapackage.json", tmp_path)
    with pytest.raises(DataProblems) as raised:
        read_package(tmp_path / "datapackage.json")
    assert [p.file for p in raised.value.problems] == ["rivers.csv", "good.csv"]


def test_missing_file(tmp_path):
    problem, = problems_in(tmp_path, "nowhere.csv")
    assert (problem.file, problem.rule) == ("nowhere.csv", "文件不存在")


def test_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    problem, = problems_in(tmp_path, "folder.csv")
    assert (problem.file, problem.rule) == ("folder.csv", "文件打不开")


def test_observation_file_that_nobody_registered(tmp_path):
    """It would be left out in silence."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "2027-01-05-new.csv").write_text("a,b\n", encoding="utf-8")
    problem, = problems_in(tmp_path, "good.csv")
    assert problem.file == "observations/2027-01-05-new.csv"
    assert "没有登记" in problem.rule and "extrapaths" in problem.remedy


@pytest.mark.parametrize("content, row, rule", [
    (b'{\n "name": "x",\n "resources": [,]\n}', 3, "不是完好的 JSON"),
    (b'{"name": "\xc7\xe5\xc1\xf7"}', None, "不是 UTF-8 编码"),
    (None, None, "文件不存在"),
])
def test_descriptor_is_read_as_carefully(tmp_path, content, row, rule):
    """Whoever adds a file of figures edits it by hand."""
    if content is not None:
        (tmp_path / "datapackage.json").write_bytes(content)
    with pytest.raises(DataProblems) as raised:
        read_package(tmp_path / "datapackage.json")
    problem, = raised.value.problems
    assert (problem.file, problem.row) == ("datapackage.json", row)
    assert rule in problem.rule and CHINESE.search(problem.remedy)


SPOILED = st.one_of(st.binary(min_size=1, max_size=6),
                    st.sampled_from([b'"', b'""', b"\n", b"\r", b",", b"\xef\xbb\xbf", b"\x00", "\u3000".encode(), "\x85".encode()]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoiled=SPOILED, place=st.integers(0, len((BAD_INPUTS / "good.csv").read_bytes())), cut=st.integers(0, 9))
def test_no_bytes_make_it_crash(tmp_path, spoiled, place, cut):
    """Whatever is put into a good file, it is either read or refused with problems that name the file."""
    good = (BAD_INPUTS / "good.csv").read_bytes()
    for name in ("rivers.csv", "datapackage.json"):
        shutil.copy(BAD_INPUTS / name, tmp_path)
    (tmp_path / "good.csv").write_bytes(good[:place] + spoiled + good[place + cut:])
    try:
        descriptor, frames = read_package(tmp_path / "datapackage.json")
        _, problems = check_tables(descriptor, frames)
    except DataProblems as failure:
        problems = failure.problems
        assert problems
    lines = len(re.split(rb"\r\n|\r|\n", (tmp_path / "good.csv").read_bytes()))
    assert all(p.file == "good.csv" and p.row is not None and 1 <= p.row <= lines for p in problems)
