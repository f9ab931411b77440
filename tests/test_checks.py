"""Cells and rows that do not hold are all found, each at its line, its column, with what stands there and a remedy.

The first half feeds bad files to the checks of types and values, the second plants one mistake after another into the
real data, one for every branch of every query in etl/checks/constraints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_readers import CHINESE, read

from etl.checks.schema import check_tables
from etl.checks.sql import check_constraints
from etl.load import stage
from etl.paths import CONSTRAINTS
from etl.problems import Problem

BAD_CELLS = [
    # file, then line, column, found, part of the rule for every problem
    ("full_width_digits.csv", [(3, "value", "２．５", "应为数字"), (4, "count", "１２", "应为整数")]),
    ("slash_date.csv", [(2, "taken_on", "2025/12/31", "应为日期")]),
    ("no_such_day.csv", [(3, "taken_on", "2025-02-30", "应为日期")]),
    ("loose_dates.csv", [(2, "taken_on", "2025-1-5", "应为日期"), (3, "taken_on", "today", "应为日期"),
                         (4, "taken_on", "２０２５-01-05", "应为日期"), (5, "taken_on", "9999-12-31", "应为日期")]),
    ("upper_case_boolean.csv", [(3, "is_final", "TRUE", "应为true 或 false")]),
    ("decimal_count.csv", [(2, "count", "1.5", "应为整数"), (3, "count", "12345678901234567890", "应为整数")]),
    ("text_for_number.csv", [(4, "value", "未检出", "应为数字")]),
    ("odd_numbers.csv", [(2, "value", "inf", "应为数字"), (3, "value", "1e400", "应为数字"),
                         (4, "value", "1,000", "应为数字"), (5, "value", "5%", "应为数字")]),
    ("unknown_word.csv", [(3, "water_class", "II", "只能是 Ⅰ、Ⅱ、Ⅲ、Ⅳ、Ⅴ、劣Ⅴ")]),
    ("duplicate_id.csv", [(2, "sample_id", "s1", "不能重复"), (5, "sample_id", "s1", "不能重复")]),
    ("duplicate_pair.csv", [(4, "river_id、parameter", "oujiang、氨氮", "这一组值不能重复")]),
    ("unknown_river.csv", [(5, "river_id", "qujiang", "在 rivers 中找不到")]),
    ("negative_count.csv", [(2, "count", "-3", "不能小于 0")]),
    ("empty_required.csv", [(3, "parameter", None, "不能为空"), (4, "is_final", None, "不能为空")]),
    ("bad_id.csv", [(2, "sample_id", "s 1", "写法应符合")]),
    ("long_note.csv", [(3, "note", "备注不能没完没了地写下去要写就写在别处", "最多 10 个字")]),
    ("many_mistakes.csv", [  # the first record covers lines 2 and 3
        (2, "taken_on", "去年", "应为日期"), (4, "river_id", "qujiang", "在 rivers 中找不到"), (4, "count", "-1", "不能小于 0"),
        (5, "value", "约5", "应为数字"), (5, "water_class", "Ⅵ", "只能是"), (5, "is_final", "是", "应为true 或 false"),
        (6, "parameter", None, "不能为空")]),
]


@pytest.mark.parametrize("file, expected", BAD_CELLS, ids=[file for file, _ in BAD_CELLS])
def test_every_bad_cell_is_named(tmp_path, file, expected):
    """All of a file at once and each only once: a cell of the wrong type is not told to be empty as well."""
    _, problems = check_tables(*read(tmp_path, file))
    assert {(p.file, p.row, p.column, p.found) for p in problems} == {(file, *place) for *place, _ in expected}
    assert len(problems) == len(expected)
    rules = {(row, column): rule for row, column, _, rule in expected}
    for problem in problems:
        assert rules[problem.row, problem.column] in problem.rule
        assert CHINESE.search(problem.remedy)
        assert str(problem).startswith(f"{file} 第 {problem.row} 行 “{problem.column}”列：{problem.rule}")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="0123456789.-+eE, _/年infNaT月٣９½", max_size=12)
                | st.dates().map(str) | st.decimals(allow_nan=False, allow_infinity=False).map(str), min_size=20, max_size=60))
def test_what_passes_as_a_number_or_a_date_is_one(texts):
    """The judgements read the same cells again, as Decimal and date; nothing may fail there."""
    cells = pd.Series(texts, dtype="string").replace("", pd.NA)
    kinds = {"n": "number", "i": "integer", "d": "date"}
    fields = [{"name": name, "type": kind} for name, kind in kinds.items()]
    frame = pd.DataFrame({name: cells for name in kinds}).assign(_file="f.csv", _row=range(2, len(texts) + 2))
    resource = {"name": "f", "schema": {"fields": fields, "primaryKey": ["n"]}}
    typed, problems = check_tables({"resources": [resource]}, {"f": frame})
    for name, parse in (("n", Decimal), ("i", int), ("d", date.fromisoformat)):
        taken = cells[typed["f"][name].notna()]
        assert all(float(typed["f"].at[i, name]) == float(parse(text)) if name != "d"
                   else typed["f"].at[i, name].date() == parse(text) for i, text in taken.items())
        assert {p.row for p in problems if p.column == name} == set(frame["_row"][cells.notna() & typed["f"][name].isna()])


# ── mistakes planted into the real data ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Planted:
    """A mistake: cells of one row overwritten, or a copy of the row appended with them."""

    table: str
    key: str
    cells: dict[str, str | None]
    column: str
    rule: str
    found: str | None = None
    as_copy: bool = False
    companions: list[str] = field(default_factory=list)
    """Rules that the same mistake breaks as well."""


@pytest.fixture(scope="module")
def staged(package) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Problem]]]:
    """The real data staged as for a refresh, and what the checks of types and values say of them."""
    typed, problems = check_tables(*package)
    with duckdb.connect() as connection:
        stage(connection, typed)
        yield connection, problems


def test_real_data_hold(staged):
    connection, problems = staged
    assert problems == []
    assert check_constraints(connection) == []


def plant(package, planted: Planted) -> tuple[dict, pd.DataFrame, tuple[str, int]]:
    """The resource, its table with the mistake in it, and the file and line where it stands."""
    descriptor, frames = package
    resource = next(r for r in descriptor["resources"] if r["name"] == planted.table)
    frame = frames[planted.table].copy()
    at, = frame.index[frame[resource["schema"]["primaryKey"][0]] == planted.key][:1]
    if planted.as_copy:
        last = frame["_row"][frame["_file"] == frame.at[at, "_file"]].max()
        frame = pd.concat([frame, frame.loc[[at]].assign(_row=last + 1)], ignore_index=True)
        at = len(frame) - 1
    for column, cell in planted.cells.items():
        frame.loc[at, column] = pd.NA if cell is None else cell
    return resource, frame, (frame.at[at, "_file"], int(frame.at[at, "_row"]))


@pytest.mark.parametrize("table, key, cells, column, rule", [
    ("targets", "yongjia-097", {"span_start": "-1"}, "span_start", "不能小于 0"),
    ("targets", "liandu-050", {"comparator": "≥"}, "comparator", "只能是"),
    ("targets", "liandu-050", {"value": "３３４００"}, "value", "应为数字"),
    ("targets", "liandu-050", {"duplicate_of": "liandu-999"}, "duplicate_of", "在 targets 中找不到"),
    ("observations", "pub-290", {"source_id": "nobody"}, "source_id", "在 sources 中找不到"),
    ("observations", "pub-290", {"entered_at": None}, "entered_at", "不能为空"),
    ("documents", "liandu-2018", {"sha256": "abc"}, "sha256", "写法应符合"),
    ("indicators", "wetland_area", {"definition": "湿" * 91}, "definition", "最多 90 个字"),
    ("document_issue_passages", "issue-01", {"position": "0"}, "position", "不能小于 1"),
])
def test_bad_cell_in_real_data(package, table, key, cells, column, rule):
    descriptor, frames = package
    _, frame, (file, line) = plant(package, Planted(table, key, cells, column, rule))
    _, problems = check_tables(descriptor, frames | {table: frame})
    assert [(p.file, p.row, p.column, p.found) for p in problems] == [(file, line, column, cells[column])]
    assert rule in problems[0].rule


def spans(table: str, key: str, **cells: str | None) -> Planted:
    start, end = cells["span_start"], cells["span_end"]
    return Planted(table, key, cells, "span_end", "原文位置不成对或次序颠倒", f"{start or '空'}–{end or '空'}")


def value_place(table: str, key: str, **cells: str | None) -> Planted:
    return Planted(table, key, cells, "value_start", "数字的位置不在段落之内",
                   f"{cells['value_start'] or '空'}–{cells['value_end'] or '空'}")


def period_kind(kind: str, start: str | None, end: str | None) -> Planted:
    return Planted("observations", "pub-001", {"period_kind": kind, "period_start": start, "period_end": end},
                   "period_kind", "统计期与所写种类不符", f"{kind}：{start or ''} 至 {end or ''}")


def section_period(kind: str, start: str | None, end: str | None) -> Planted:
    return Planted("section_classes", "pubclass-331100-001", {"period_kind": kind, "period_start": start, "period_end": end},
                   "period_kind", "断面类别的时段与所写种类不符", f"{kind}：{start or ''} 至 {end or ''}")


PLANTED = [
    # locators.sql
    spans("targets", "suizhou-001", span_start="900", span_end="800", value_start=None, value_end=None),
    spans("targets", "suizhou-001", span_start="900", span_end="900", value_start=None, value_end=None),
    spans("observations", "pub-001", span_start="211", span_end="200"),
    spans("measures", "liandu-m001", span_start=None, span_end="800"),
    spans("projects", "lishui-p01", span_start="293", span_end=None),
    spans("sections", "330324-shangtang", span_start="1566", span_end="1543"),
    spans("document_issue_passages", "issue-01", span_start="5", span_end="5"),
    value_place("targets", "suizhou-001", value_start="1", value_end="2"),
    value_place("targets", "suizhou-001", value_start=None, value_end="2"),
    value_place("observations", "yongjia-2021-s006", value_start="924", value_end="999999"),
    value_place("observations", "yongjia-2021-s006", value_start="924", value_end="924"),
    spans("section_classes", "pubclass-330324-001", span_start="6226", span_end="6194"),
    # sections.sql
    Planted("sections", "330324-shatou", {"latitude": None}, "coordinate_basis", "经度、纬度与坐标依据要同填或同空", "120"),
    Planted("sections", "330324-shatou", {"coordinate_basis": None}, "coordinate_basis", "经度、纬度与坐标依据要同填或同空", "120"),
    Planted("sections", "330324-shatou", {"national_names": "浙江省沙头"}, "national_names", "国家表的叫法", "浙江省沙头"),
    Planted("section_classes", "pubclass-331100-001", {"class": None}, "class", "公布的类别要有类别", "published_class"),
    Planted("section_classes", "pubclass-330324-001", {"meets_function": None}, "class", "公布的类别要有类别",
            "published_statement"),
    section_period("month", "2023-09-01", "2023-09-29"),
    section_period("quarter", "2023-08-01", "2023-10-31"),
    section_period("year", "2023-01-01", "2023-11-30"),
    section_period("unknown", None, "2023-09-30"),
    section_period("years", "2023-09-30", "2023-09-01"),
    Planted("section_classes", "pubclass-330324-001", {"clause": None}, "source_id", "出自规划文件的结论要有条款和位置",
            "plan-yongjia-2021"),
    Planted("class_limits", "ammonia_nitrogen", {"class_2": "0.1"}, "bound", "限值没有从Ⅰ类到Ⅴ类依次放宽", "max"),
    Planted("class_limits", "dissolved_oxygen", {"class_2": "8"}, "bound", "限值没有从Ⅰ类到Ⅴ类依次放宽", "min"),
    Planted("class_limits", "ph", {"low": None}, "bound", "限值没有从Ⅰ类到Ⅴ类依次放宽", "range"),
    # observations.sql
    Planted("observations", "pub-001", {"value": None}, "value", "数值和文字至少要有一个"),
    Planted("observations", "pub-001", {"unit": "个"}, "unit", "单位与指标目录不一致（目录：%）", "个"),
    Planted("observations", "pub-003", {"value_text": "Ⅲ"}, "value", "水质类别序数与类别名不符", "Ⅲ=2"),
    Planted("observations", "pub-003", {"value": "7"}, "value", "水质类别序数与类别名不符", "Ⅱ=7"),
    Planted("observations", "pub-001", {"value": "-1"}, "value", "比例不能小于 0", "-1"),
    Planted("observations", "pub-001", {"period_kind": "cumulative", "period_start": "2024-01-01"}, "period_end",
            "统计期首日晚于末日", "2023-12-31"),
    period_kind("year", "2023-01-01", "2023-11-30"),
    period_kind("year", None, "2023-12-31"),
    period_kind("inferred_year", "2023-01-01", None),
    period_kind("month", "2023-01-01", "2023-12-31"),
    period_kind("unstated", None, "2023-12-31"),
    period_kind("cumulative", "2023-01-01", None),
    Planted("observations", "pub-017", {"status": "final"}, "status", "转载的数字只能记为初步", "final"),
    Planted("observations", "yongjia-2021-s006", {"clause": None}, "clause", "出自规划文件的数字要有条款和位置"),
    Planted("observations", "yongjia-2021-s006", {"span_start": None, "span_end": None}, "span_start",
            "出自规划文件的数字要有条款和位置"),
    Planted("observations", "yongjia-2021-s006", {"value_start": None, "value_end": None}, "value_start",
            "出自规划文件的数字要有条款和位置"),
    Planted("observations", "pub-001", {"observation_id": "pub-again"}, "observation_id", "同一来源的同一个数出现两次",
            "pub-again", as_copy=True, companions=["同一来源的同一个数出现两次"]),
    # register.sql
    Planted("responsibilities", "r0001", {"target_id": "lishui-001"}, "target_id", "一条责任只能属于一个目标、措施或项目",
            "lishui-001、lishui-m001"),
    Planted("responsibilities", "r0001", {"measure_id": None}, "target_id", "一条责任只能属于一个目标、措施或项目"),
    Planted("documents", "liandu-2018", {"repealed_on": "2018-12-11"}, "repealed_on", "废止日期早于印发日期", "2018-12-11"),
    Planted("documents", "liandu-2018", {"period_end": "2017-12-31"}, "period_end", "规划期首日晚于末日", "2017-12-31"),
    Planted("regions", "331102", {"parent_id": "331199"}, "parent_id", "在 regions 中找不到上级", "331199"),
    Planted("document_issue_passages", "issue-01", {"observation_id": "pub-001"}, "document_id",
            "一处只能写文件位置或已公布的数之一", "yongjia-2021、pub-001"),
    Planted("document_issue_passages", "issue-37", {"observation_id": None}, "document_id",
            "一处只能写文件位置或已公布的数之一"),
    Planted("document_issues", "issue-39", {"issue_id": "issue-40"}, "issue_id", "文件问题至少要有一处位置", "issue-40",
            as_copy=True),
    # targets.sql
    Planted("targets", "suizhou-001", {"value": None}, "value", "要有目标值"),
    Planted("targets", "suizhou-002", {"value_text": None}, "value_text", "定性目标和水质类别要有文字"),
    Planted("targets", "chongqing-002", {"value_text": None}, "value_text", "定性目标和水质类别要有文字",
            companions=["水质类别序数与类别名不符"]),
    Planted("targets", "suizhou-002", {"value": "100"}, "value", "定性目标不能有数值", "100"),
    Planted("targets", "suizhou-001", {"comparator": "between", "value_high": None}, "value_high", "区间目标要有上限"),
    Planted("targets", "suizhou-001", {"comparator": "between", "value_high": "1"}, "value_high", "区间目标要有上限", "1"),
    Planted("targets", "chongqing-002", {"value": "3"}, "value", "水质类别序数与类别名不符", "Ⅱ=3"),
    Planted("targets", "yongjia-097", {"unit": "万元"}, "unit", "单位与指标目录不一致（目录：亿元）", "万元"),
    Planted("targets", "suizhou-002", {"indicator_id": "forest_cover_rate"}, "indicator_id", "定性与定量不能共用一个指标",
            "forest_cover_rate"),
    Planted("targets", "suizhou-001", {"deadline_basis": "none"}, "deadline_basis", "期限依据与期限不符", "none"),
    Planted("targets", "suizhou-001", {"deadline": None}, "deadline_basis", "期限依据与期限不符", "explicit"),
    Planted("targets", "suizhou-014", {"period_start": "2026-01-01"}, "period_start", "累计起点晚于期限", "2026-01-01"),
    Planted("targets", "suizhou-001", {"region_id": "500000"}, "region_id", "区域与文件的区域不一致", "500000"),
    Planted("targets", "liandu-082", {"duplicate_of": "lishui-001"}, "duplicate_of", "重复目标应指向同一文件", "lishui-001"),
    Planted("targets", "liandu-050", {"duplicate_of": "liandu-082"}, "duplicate_of", "重复目标应指向同一文件", "liandu-082"),
    Planted("targets", "liandu-050", {"duplicate_of": "liandu-050"}, "duplicate_of", "重复目标应指向同一文件", "liandu-050"),
    Planted("targets", "suizhou-001", {"target_id": "suizhou-001b"}, "scope", "同一文件、指标、口径、期限出现两次", "府澴河",
            as_copy=True, companions=["同一文件、指标、口径、期限出现两次"]),
    # units.sql
    Planted("targets", "yongjia-126", {"printed_unit": "里"}, "printed_unit", "换算表里没有这个单位", "里 → 公里"),
    Planted("observations", "pub-290", {"printed_unit": "升"}, "printed_unit", "换算表里没有这个单位", "升 → 亿立方米"),
    Planted("targets", "yongjia-126", {"value": "156"}, "value", "数值不等于印刷数字乘系数", "156.0 ≠ 15600 × 0.001"),
    Planted("observations", "pub-290", {"printed_value": "7212050"}, "value", "数值不等于印刷数字乘系数", "7212050"),
    Planted("observations", "pub-290", {"printed_value": None}, "value", "数值不等于印刷数字乘系数"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=[f"{p.table}-{p.key}-{'-'.join(p.cells)}" for p in PLANTED])
def test_planted_mistake_is_found(package, staged, planted):
    """Exactly this mistake, at its line, and nothing the checks of single cells would have caught before."""
    connection, _ = staged
    resource, frame, place = plant(package, planted)
    alone = resource | {"schema": resource["schema"] | {"foreignKeys": []}}
    typed, problems = check_tables({"resources": [alone]}, {planted.table: frame})
    assert problems == []
    connection.begin()
    try:
        stage(connection, typed)
        problems = check_constraints(connection)
    finally:
        connection.rollback()
    found, = [p for p in problems if planted.rule in p.rule and (p.file, p.row) == place]
    assert found.column == planted.column
    assert found.found is None if planted.found is None else planted.found in found.found
    assert CHINESE.search(found.remedy)
    others = [p for p in problems if p is not found]
    assert len(others) == len(planted.companions)
    assert all(rule in p.rule for rule, p in zip(planted.companions, others, strict=True))


def test_every_branch_of_every_query_is_planted():
    """A branch that returns rows names its rule; each of those rules must be among the planted ones."""
    for query in sorted(CONSTRAINTS.glob("*.sql")):
        statement = re.sub(r"--.*", "", query.read_text(encoding="utf-8"))
        branches = [branch for branch in statement.split("UNION ALL") if CHINESE.search(branch)]
        assert branches
        for branch in branches:
            assert any(planted.rule.split("（")[0] in branch for planted in PLANTED), (query.name, branch)
