"""Every figure is found again in its document, and no changed figure slips through."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from etl.paths import ROOT
from etl.problems import DataProblems, Problem
from etl.readers.tables import FILE, ROW, read_package
from etl.verify import Checked, read_documents, verify, verify_register

DATA = ROOT / "data"
SOURCES = ROOT.parent / "shared" / "sources"
needs_sources = pytest.mark.skipif(not SOURCES.is_dir(), reason="规划文件原文不在旁边")
MUTATIONS = 60

# ---------------------------------------------------------------- a small register of two documents

RIVER = """小河县水清方案
二〇二一年六月
到２０２５年，优良断面比例达到９７．３％以上，修复河道１，２００公里，处理能力15600米，建成两座水站，绿化率百分之四十，出境断面达到Ⅱ类，占比为40%～50%。
“十四五”末基本消除黑臭水体。2021年6月底前完成3个镇。投资36.10亿元。

\t1
\t治水
\t河道工程
\t2021-2023
\t6500
\t4800

2026-03-01废止
"""
LAKE = "大湖市方案\n2023年6月30日\n到2025年，水質總體保持優良，新增污水處理能力120萬噸/天，無黑臭水體。\n"
SMALL = {"river": ("河.txt", RIVER, "simplified"), "lake": ("湖.txt", LAKE, "traditional")}

DEFAULTS = {
    "regions": {"name": "某地", "name_en": "Place", "level": "county"},
    "documents": {"region_id": "330324", "title": "方案", "short_title": "方案", "period_start": "2021-01-01",
                  "period_end": "2025-12-31"},
    "indicators": {"name_en": "Indicator", "theme": "水环境", "direction": "higher", "period_basis": "annual",
                   "decimals": "1", "definition": "定义"},
    "sources": {"kind": "plan", "title": "方案", "publisher": "县", "confidence": "high"},
    "targets": {"region_id": "330324", "name_in_plan": "目标", "scope": "全县", "comparator": ">=",
                "deadline_basis": "none", "is_cumulative": "false", "is_maintain": "false", "is_approximate": "false",
                "is_aspirational": "false", "is_added_by_review": "false", "indicator_id": "level"},
    "observations": {"region_id": "330324", "scope": "全县", "name_as_published": "实绩", "comparator": "=",
                     "period_kind": "unstated", "status": "context", "entered_at": "2026-01-01",
                     "source_id": "plan-river", "indicator_id": "level"},
    "projects": {"region_id": "330324", "record_kind": "annex", "project_type": "治水", "name": "河道工程"},
    "measures": {"region_id": "330324", "title": "河道工程"},
}


@dataclass
class SmallRegister:
    """Rows by table, written out as a data package beside the two documents."""

    root: Path
    rows: dict[str, list[dict]] = field(default_factory=dict)

    def add(self, table: str, **cells: str) -> dict:
        row = DEFAULTS.get(table, {}) | cells
        self.rows.setdefault(table, []).append(row)
        return row

    def write(self) -> Path:
        descriptor = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
        for resource in descriptor["resources"]:
            if resource["name"] == "observations":
                resource["path"], resource["extrapaths"] = "observations/small.csv", []
            columns = [column["name"] for column in resource["schema"]["fields"]]
            file = self.root / resource["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, columns)
                writer.writeheader()
                writer.writerows(self.rows.get(resource["name"], []))
        package = self.root / "datapackage.json"
        package.write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
        return package

    def check(self) -> tuple[int, list[Problem]]:
        """The figures counted and everything found, as `verify` finds it once the tables are well formed."""
        _, frames = read_package(self.write())
        documents, unreadable = read_documents(frames["documents"], self.root / "sources")
        figures, problems = verify_register(frames, documents)
        return figures, [*unreadable, *problems]

    def figures(self) -> int:
        figures, problems = self.check()
        assert problems == []
        return figures

    def places(self) -> list[tuple]:
        return [(problem.file, problem.row, problem.column) for problem in self.check()[1]]


def at(text: str, context: str, figure: str, place: str = "value") -> dict[str, str]:
    """The span cells of a figure, found by the words around it."""
    start = text.index(context) + context.index(figure)
    return {f"{place}_start": str(start), f"{place}_end": str(start + len(figure))}


@pytest.fixture
def small(tmp_path) -> SmallRegister:
    register = SmallRegister(tmp_path)
    (tmp_path / "sources").mkdir()
    register.add("regions", region_id="330324")
    for key, (name, text, script) in SMALL.items():
        (tmp_path / "sources" / name).write_text(text, encoding="utf-8", newline="")
        register.add("documents", document_id=key, file_name=name, script=script,
                     sha256=hashlib.sha256(text.encode()).hexdigest())
        register.add("sources", source_id=f"plan-{key}", document_id=key)
    for kind in ("level", "class", "text"):
        register.add("indicators", indicator_id=kind, name=kind, kind=kind)
    for printed_unit, unit, factor in (("米", "公里", "0.001"), ("万吨/天", "万吨/日", "1")):
        register.add("units", printed_unit=printed_unit, unit=unit, factor=factor)
    return register


def target(register: SmallRegister, context: str, figure: str, *, document: str = "river", **cells: str) -> dict:
    text = SMALL[document][1]
    number = len(register.rows.get("targets", [])) + 1
    return register.add("targets", target_id=f"t{number}", document_id=document,
                        **at(text, context, context, "span"), **at(text, context, figure), **cells)


WORDS = {"comparator": "text", "indicator_id": "text"}
CLASS = {"comparator": "class_at_least", "indicator_id": "class", "unit": "类"}
METRES = {"unit": "公里", "printed_unit": "米"}


@pytest.mark.parametrize(("context", "figure", "cells"), [
    ("达到９７．３％以上", "９７．３", {"value": "97.3", "unit": "%"}),
    ("达到９７．３％以上", "９７．３％", {"value": "97.3", "unit": "%"}),
    ("河道１，２００公里", "１，２００", {"value": "1200", "unit": "公里"}),
    ("处理能力15600米", "15600", {"value": "15.6", "printed_value": "15600", **METRES}),
    ("建成两座水站", "两", {"value": "2", "unit": "座"}),
    ("绿化率百分之四十，", "百分之四十", {"value": "40", "unit": "%"}),
    ("绿化率百分之四十，", "四十", {"value": "40", "unit": "%"}),
    ("达到Ⅱ类", "Ⅱ", {"value": "2", "value_text": "Ⅱ", **CLASS}),
    ("占比为40%～50%", "40%～50%", {"value": "40", "value_high": "50", "unit": "%", "comparator": "between"}),
    ("基本消除黑臭水体", "基本消除", {"value_text": "基本消除", **WORDS}),
    ("投资36.10亿元", "36.10", {"value": "36.10", "unit": "亿元"}),
    ("水質總體保持優良", "總體保持優良", {"value_text": "总体保持优良", "document": "lake", **WORDS}),
    ("無黑臭水體", "無黑臭水體", {"value_text": "无黑臭水体", "document": "lake", **WORDS}),
    ("能力120萬噸/天", "120", {"value": "120", "unit": "万吨/日", "printed_value": "120", "printed_unit": "万吨/天",
                            "document": "lake"}),
    ("能力120萬噸/天", "120", {"value": "120", "unit": "万吨/日", "document": "lake"}),
])
def test_a_figure_is_recognised_however_it_is_printed(small, context, figure, cells):
    target(small, context, figure, **cells)
    is_two_cells = "value" in cells and bool({"value_high", "value_text"} & cells.keys())
    assert small.figures() == 1 + is_two_cells


@pytest.mark.parametrize(("context", "figure", "cells", "columns"), [
    ("达到９７．３％以上", "９７．３", {"value": "97.4", "unit": "%"}, "value"),
    ("达到９７．３％以上", "７．３", {"value": "7.3", "unit": "%"}, "value"),
    ("河道１，２００公里", "２００", {"value": "200", "unit": "公里"}, "value"),
    ("处理能力15600米", "15600", {"value": "15.6", "printed_value": "15601", **METRES}, "printed_value value"),
    ("处理能力15600米", "15600", {"value": "15.7", "printed_value": "15600", **METRES}, "value"),
    ("建成两座水站", "两", {"value": "3", "unit": "座"}, "value"),
    ("绿化率百分之四十，", "十", {"value": "10", "unit": "%"}, "value"),
    ("占比为40%～50%", "40%～50%", {"value": "40", "value_high": "55", "unit": "%"}, "value_high"),
    ("占比为40%～50%", "40%～50%", {"value": "45", "value_high": "50", "unit": "%"}, "value"),
    ("基本消除黑臭水体", "基本消除", {"value_text": "全面消除", **WORDS}, "value_text"),
    ("基本消除黑臭水体", "基本消除", {"comparator": "text", "indicator_id": "text"}, "value_text"),
    ("投资36.10亿元", "36.10", {"value": "36.1", "unit": "亿元"}, "value"),
    ("投资36.10亿元", "6.10", {"value": "6.10", "unit": "亿元"}, "value"),
    ("水質總體保持優良", "總體保持優良", {"value_text": "总体保持良好", "document": "lake", **WORDS}, "value_text"),
])
def test_a_wrong_figure_is_named(small, context, figure, cells, columns):
    target(small, context, figure, **cells)
    assert small.places() == [("register/targets.csv", 2, column) for column in columns.split()]


@pytest.mark.parametrize(("context", "figure", "cells", "column"), [
    ("河道１，２００公里", "１，２００", {"value": "1200", "unit": "座"}, "unit"),
    ("处理能力15600米", "15600", {"value": "15600", "unit": "公里"}, "unit"),
    ("处理能力15600米", "15600", {"value": "15600", "unit": "公里", "printed_value": "15600", "printed_unit": "座"},
     "printed_unit"),
    ("绿化率百分之四十，", "四十", {"value": "40", "unit": "座"}, "unit"),
    ("能力120萬噸/天", "120", {"value": "120", "unit": "公里", "document": "lake"}, "unit"),
])
def test_another_unit_beside_the_figure_is_named(small, context, figure, cells, column):
    small.add("sources", source_id="bulletin", kind="bulletin")
    for number, unit in enumerate(("座", "米", "公里", "%", "万吨/天")):  # a unit is known once a row uses it
        small.add("observations", observation_id=f"o{number}", unit=unit, source_id="bulletin")
    target(small, context, figure, **cells)
    assert small.places() == [("register/targets.csv", 2, column)]


@pytest.mark.parametrize(("context", "figure", "cells"), [
    ("到２０２５年，优良断面比例", "２０２５", {"value": "2025", "unit": "座"}),
    ("\t6500\n\t4800", "6500", {"value": "6500", "unit": "万元"}),
    ("完成3个镇", "3", {"value": "3", "unit": "个/年"}),
])
def test_nothing_is_said_of_a_unit_that_stands_elsewhere(small, context, figure, cells):
    target(small, context, figure, **cells)
    small.add("sources", source_id="bulletin", kind="bulletin")
    small.add("observations", observation_id="o1", unit="个", source_id="bulletin")
    assert small.figures() == 1


@pytest.mark.parametrize(("value", "text", "columns"), [
    ("3", "Ⅱ", ["value"]), ("2", "Ⅲ", ["value_text"]), ("3", "Ⅲ", ["value", "value_text"]),
])
def test_a_water_class_needs_both_rank_and_name(small, value, text, columns):
    target(small, "达到Ⅱ类", "Ⅱ", **CLASS, value=value, value_text=text)
    assert [column for _, _, column in small.places()] == columns


def test_swapped_spans_are_both_named(small):
    first = target(small, "达到９７．３％以上", "９７．３", value="97.3", unit="%")
    second = target(small, "投资36.10亿元", "36.10", value="36.10", unit="亿元")
    for column in ("value_start", "value_end"):
        first[column], second[column] = second[column], first[column]
    assert {row for _, row, _ in small.places()} == {2, 3}


BLANK = RIVER.index("\n\n")


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 5), (0, 99999), (BLANK, BLANK + 2), (5, "")])
def test_a_passage_outside_the_document_or_blank_is_named(small, start, end):
    small.add("measures", measure_id="m1", document_id="river", span_start=str(start), span_end=str(end))
    assert small.places() == [("register/measures.csv", 2, "span_start")]


def test_a_figure_without_a_place_is_named(small):
    target(small, "建成两座水站", "两", value="2", unit="座").update(value_start="", value_end="")
    assert small.places() == [("register/targets.csv", 2, "value_start")]


DEADLINES = [("到２０２５年", "２０２５", "2025-12-31"), ("“十四五”末", "十四五", "2025-12-31"),
             ("二〇二一年六月", "二〇二一", "2021-06-30"), ("2021年6月底前", "2021", "2021-06-30"),
             ("2021-2023", "2023", "2023-12-31")]


@pytest.mark.parametrize(("context", "printed", "deadline"), DEADLINES)
def test_a_deadline_is_the_year_and_month_printed(small, context, printed, deadline):
    row = target(small, "基本消除黑臭水体", "基本消除", value_text="基本消除", deadline=deadline,
                 deadline_basis="explicit", **WORDS, **at(RIVER, context, printed, "deadline"))
    assert small.figures() == 2
    for wrong in (f"2030{deadline[4:]}", f"{deadline[:4]}-03-31"):
        row["deadline"] = wrong
        assert small.places() == [("register/targets.csv", 2, "deadline")]


def test_an_explicit_deadline_needs_a_place(small):
    target(small, "基本消除黑臭水体", "基本消除", value_text="基本消除", deadline="2025-12-31",
           deadline_basis="explicit", **WORDS)
    assert small.places() == [("register/targets.csv", 2, "deadline_start")]


def test_projects_dates_and_measures(small):
    project = small.add("projects", project_id="p1", document_id="river", start_year="2021", end_year="2023",
                        total_investment_10k_cny="6500", plan_period_investment_10k_cny="4800", project_count="1",
                        **at(RIVER, "2021-2023", "2021-2023", "years"), **at(RIVER, "6500", "6500", "total"),
                        **at(RIVER, "4800", "4800", "plan_period"), **at(RIVER, "\t1\n", "1", "count"))
    measure = small.add("measures", measure_id="m1", document_id="river", deadlines="2023-12-31",
                        **at(RIVER, "河道工程", "河道工程", "span"))
    river, lake = small.rows["documents"]
    river |= {"issued_on": "2021-06-30", "issued_precision": "month", "repealed_on": "2026-03-01",
              **at(RIVER, "二〇二一年六月", "二〇二一年六月", "issued"),
              **at(RIVER, "2026-03-01", "2026-03-01", "repealed")}
    lake |= {"issued_on": "2023-06-30", "issued_precision": "day", "effective_on": "2023-06-30",
             **at(LAKE, "2023年6月30日", "2023年6月30日", "issued")}
    for source, document in zip(small.rows["sources"], (river, lake)):
        source |= {"published_on": document["issued_on"], "published_precision": document["issued_precision"]}
    assert small.figures() == 5 + 1 + 4 + 2
    for file, line, row, column, wrong in (
        ("projects", 2, project, "start_year", "2022"), ("projects", 2, project, "end_year", "2021"),
        ("projects", 2, project, "total_investment_10k_cny", "4800"), ("projects", 2, project, "project_count", "2"),
        ("projects", 2, project, "plan_period_investment_10k_cny", "4801"),
        ("measures", 2, measure, "deadlines", "2023-12-31;2024-12-31"),
        ("documents", 2, river, "issued_on", "2021-07-31"), ("documents", 2, river, "repealed_on", "2026-03-02"),
        ("documents", 3, lake, "issued_on", "2023-06-29"), ("documents", 3, lake, "effective_on", "2023-07-01"),
        ("sources", 3, small.rows["sources"][1], "published_on", "2023-06-29"),
    ):
        right, row[column] = row[column], wrong
        assert small.places() == [(f"register/{file}.csv", line, column)]
        row[column] = right


def test_an_observation_of_a_plan_is_checked_and_one_of_a_bulletin_has_no_place(small):
    observation = small.add("observations", observation_id="o1", value="2", unit="座", **at(RIVER, "两座", "两"))
    assert small.figures() == 1
    small.add("sources", source_id="bulletin", kind="bulletin")
    observation["source_id"] = "bulletin"
    assert {(file, row) for file, row, _ in small.places()} == {("observations/small.csv", 2)}


def test_the_whole_check_counts_or_raises(small):
    row = target(small, "建成两座水站", "两", value="2", unit="座")
    assert verify(small.root / "sources", small.write()) == Checked(documents=2, figures=1)
    for wrong in ("3", "两"):  # another number; not a number at all
        row["value"] = wrong
        with pytest.raises(DataProblems) as caught:
            verify(small.root / "sources", small.write())
        problem, = caught.value.problems
        assert (problem.file, problem.row, problem.column) == ("register/targets.csv", 2, "value")


def test_another_file_is_reported_once(small):
    target(small, "建成两座水站", "两", value="2", unit="座")
    (small.root / "sources" / "河.txt").write_text("换了" + RIVER, encoding="utf-8", newline="")
    assert small.places() == [("register/documents.csv", 2, "sha256")]


def test_a_missing_file_is_reported_once(small):
    target(small, "建成两座水站", "两", value="2", unit="座")
    (small.root / "sources" / "河.txt").unlink()
    assert small.places() == [("register/documents.csv", 2, "file_name")]


def test_a_file_in_another_encoding_is_reported_once(small):
    target(small, "水質總體保持優良", "總體保持優良", value_text="总体保持优良", document="lake", **WORDS)
    (small.root / "sources" / "湖.txt").write_bytes(LAKE.encode("gb18030"))
    _, (problem,) = small.check()
    assert (problem.file, problem.row, problem.column) == ("register/documents.csv", 3, "file_name")
    assert "UTF-8" in problem.rule


def test_the_message_says_where_what_and_how(small):
    target(small, "投资36.10亿元", "36.10", value="36.15", unit="亿元")
    _, (problem,) = small.check()
    assert "36.10亿元" in problem.rule
    assert problem.found == "36.15"
    assert "value_start" in problem.remedy


# ---------------------------------------------------------------- the real register


@pytest.fixture(scope="module")
def real() -> tuple[dict[str, pd.DataFrame], dict]:
    _, frames = read_package(DATA / "datapackage.json")
    documents, unreadable = read_documents(frames["documents"], SOURCES)
    assert unreadable == []
    return frames, documents


@needs_sources
def test_the_register_stands_in_the_documents():
    checked = verify(SOURCES, DATA / "datapackage.json")
    assert checked.documents == 5
    assert checked.figures > 1000


NUMBERS = {"targets": ("value", "value_high", "printed_value"), "observations": ("value", "printed_value"),
           "projects": ("project_count", "total_investment_10k_cny", "plan_period_investment_10k_cny", "start_year",
                        "end_year"),
           "documents": ("document_number", "index_number")}
DATES = {"documents": ("issued_on", "effective_on", "repealed_on"), "sources": ("published_on",)}


@dataclass(frozen=True)
class Cell:
    table: str
    index: int
    column: str
    kind: str


def figure_cells(frames: dict[str, pd.DataFrame]) -> list[Cell]:
    """Every figure that the register places in a document.

    Not the deadlines of measures: a measure has no place for them, their years need only stand in its paragraph.
    """
    targets, observations, documents, sources = (frames[n] for n in ("targets", "observations", "documents", "sources"))
    placed = {name: frame.index for name, frame in frames.items()} | {
        "observations": observations.index[observations["value_start"].notna()],
        "sources": sources.index[sources["document_id"].notna()]}
    cells = [Cell(table, index, column, kind)
             for kind, columns in (("number", NUMBERS), ("date", DATES))
             for table, names in columns.items() for column in names
             for index in placed[table] if pd.notna(frames[table].at[index, column])]
    cells += [Cell(table, index, "value_text", "words") for table in ("targets", "observations")
              for index in placed[table] if pd.notna(frames[table].at[index, "value_text"])]
    cells += [Cell("targets", index, "deadline", "date") for index in targets.index[targets["deadline_start"].notna()]]
    return cells + [Cell("documents", index, "sha256", "fingerprint") for index in documents.index]


@pytest.fixture(scope="module")
def cells(real) -> list[Cell]:
    return figure_cells(real[0])


def changed(text: str, kind: str, chance: random.Random) -> str:
    """The text with one digit, one year or one character changed; never the same figure."""
    if kind == "date":
        year = int(text[:4]) + chance.choice([-4, -3, -2, -1, 1, 2, 3, 4])
        return f"{year}{text[4:]}"
    places = [place for place, character in enumerate(text) if kind == "words" or character.isdigit()]
    place = chance.choice(places)
    others = "甲乙丙" if kind == "words" else "123456789"
    return text[:place] + chance.choice([other for other in others if other != text[place]]) + text[place + 1:]


def mutation(frames: dict[str, pd.DataFrame], cells: list[Cell], seed: int) -> tuple[Cell, str]:
    """A figure and another one in its place; columns with few figures come up as often as those with many."""
    chance = random.Random(seed)
    column = chance.choice(sorted({(cell.table, cell.column) for cell in cells}))
    cell = chance.choice([cell for cell in cells if (cell.table, cell.column) == column])
    return cell, changed(frames[cell.table].at[cell.index, cell.column], cell.kind, chance)


def place_of(frames: dict[str, pd.DataFrame], cell: Cell) -> tuple[str, int]:
    row = frames[cell.table].loc[cell.index]
    return row[FILE], int(row[ROW])


@needs_sources
@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_one_changed_figure_is_found_and_named(real, cells, seed):
    frames, documents = real
    cell, wrong = mutation(frames, cells, seed)
    mutated = frames[cell.table].copy()
    mutated.at[cell.index, cell.column] = wrong
    _, problems = verify_register(frames | {cell.table: mutated}, documents)
    assert {(problem.file, problem.row) for problem in problems} == {place_of(frames, cell)}


@needs_sources
@pytest.mark.parametrize("seed", range(1000, 1006))
def test_a_figure_changed_in_a_file_is_found_and_named(real, cells, tmp_path, seed):
    data = Path(shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("build", "inbox", "sources")))
    frames, _ = real
    cell, wrong = mutation(frames, cells, seed)
    file, line = place_of(frames, cell)
    rewrite(data / file, frames[cell.table].loc[cell.index].iloc[0], cell.column, wrong)
    with pytest.raises(DataProblems) as caught:
        verify(SOURCES, data / "datapackage.json")
    assert {(problem.file, problem.row) for problem in caught.value.problems} == {(file, line)}


def rewrite(file: Path, key: str, column: str, value: str) -> None:
    """Change one cell of a CSV file, found by the first column of its row."""
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    row, = (row for row in rows if row[0] == key)
    row[header.index(column)] = value
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])
