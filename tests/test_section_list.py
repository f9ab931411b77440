"""An office's own list of sections: as offices keep it, with its mistakes, and what becomes of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from etl.problems import DataProblems, Problem
from etl.readers.office_file import MAX_CELLS
from etl.readers.section_list import HEADINGS, MAX_BYTES, MAX_ROWS, read_section_list
from etl.rules.section_identity import Known, Mentioned, identify, look_alikes, plain_name
from etl.section_list import COLUMNS, ImportedSections, Register, import_section_list

DATA = Path(__file__).resolve().parent.parent / "data"
TODAY = date(2026, 11, 22)
SECTIONS = pd.DataFrame([
    # section_id, name, aliases, national_names, region_id, county_id, river, origin
    ("331100-yanhou", "堰后", "堰后断面;堰后大桥", None, "331100", "331124", "松阴溪", "register"),
    ("331100-shimen", "石门洞", None, "浙江省|石门洞", "331100", "331121", "瓯江", "register"),
    ("331100-fuhu", "富湖", None, None, "331100", None, None, "register"),
    ("330324-shatou", "沙头", None, None, "330324", "330324", None, "register"),
    ("421300-zgp", "中官铺", None, None, "421300", "421303", "府河", "register"),
    ("500000-jiangkou", "江口", None, None, "500000", "500240", "乌江", "register"),
    ("national-330000-ab", "玉溪水库", None, "浙江省|玉溪水库", None, None, None, "national_table"),
    ("national-330000-cd", "小白岩", None, "浙江省|小白岩", None, None, "大溪", "national_table"),
], columns=["section_id", "name", "aliases", "national_names", "region_id", "county_id", "river", "origin"], dtype="string")
REGISTER = Register(SECTIONS, pd.read_csv(DATA / "register" / "regions.csv", dtype="string"),
                    {"331100", "330324", "331102", "500000", "421300"})
HEADER = "断面名称,城市,县,河流,级别,目标类别,经度,纬度,坐标系,断面编号"


def lines(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    def write(content: bytes, name: str = "清单.csv") -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name
    return write


@pytest.fixture
def take_in(given, tmp_path) -> Callable[..., ImportedSections]:
    def run(content: bytes | Path, crs: str | None = None, register: Register = REGISTER, name: str = "清单.csv") -> ImportedSections:
        path = content if isinstance(content, Path) else given(content, name)
        return import_section_list(path, register, crs, TODAY, tmp_path / "office_sections.csv")
    return run


@pytest.fixture
def stored(tmp_path) -> Callable[[], list[dict[str, str]]]:
    def read() -> list[dict[str, str]]:
        file = tmp_path / "office_sections.csv"
        return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))) if file.exists() else []
    return read


def complaints(run: Callable[[], object]) -> list[Problem]:
    with pytest.raises(DataProblems) as raised:
        run()
    assert all(str(problem) and problem.remedy for problem in raised.value.problems)
    return raised.value.problems


def workbook(*sheets: tuple[str, list[list]], hidden: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return buffer.getvalue()


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────
FULL = ("断面名称,省份,地市,县区,所在河流,断面级别,水体类型,水质目标,经度,纬度,坐标系,断面编号,国家网名称,序号\n"
        "堰后,浙江,丽水,松阳县,松阴溪,国考断面,河流,III类,119.5,28.4,WGS-84,,堰后村,1\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_every_encoding(given, encoding):
    read = read_section_list(given(FULL.replace("\n", "\r\n").encode(encoding)), None)
    row, = read.rows
    assert (row.row, row.name, row.province, row.city, row.county, row.river) == (2, "堰后", "浙江", "丽水", "松阳县", "松阴溪")
    assert (row.level, row.water_body_type, row.target_class) == ("国控", "river", "Ⅲ")
    assert (row.longitude, row.latitude, row.coordinate_system) == (119.5, 28.4, "wgs84")
    assert (row.section_id, row.national_name) == (None, "堰后村")
    assert read.ignored == ["序号"]


def test_workbook_with_title_merged_cells_and_other_sheets(given):
    rows = [["丽水市断面清单"], [], ["序号", "断面名称", "县（市、区）", "经度（°）", "纬度（°）", "目标类别*"],
            [1, "甲", "松阳县", 119.5, "28.4", 3], [2, "乙", "", 120, "28度24分", "Ⅱ"], ["注：2026年"]]
    path = given(workbook(("说明", [["填表说明"]]), ("清单", rows), ("旧", [["断面名称"], ["丙"]]), hidden=("旧",)), "清单.xlsx")
    assert [(r.row, r.name, r.county, r.longitude, r.latitude, r.target_class) for r in read_section_list(path, "cgcs2000").rows] == [
        (4, "甲", "松阳县", 119.5, 28.4, "Ⅲ"), (5, "乙", None, 120.0, 28.4, "Ⅱ")]


def test_merged_cells_hold_for_all_their_lines(given):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["县", "断面名称"])
        sheet.merge_range("A2:A4", "松阳县")
        sheet.write_column("B2", ["甲", "乙", "丙"])
    assert [r.county for r in read_section_list(given(buffer.getvalue(), "a.xlsx"), None).rows] == ["松阳县"] * 3


def test_english_headings_and_placeholders(given):
    row, = read_section_list(given(lines("A, —,/,无,lake", header="Name,City,county,River,water_body_type")), None).rows
    assert (row.name, row.city, row.county, row.river, row.water_body_type) == ("A", None, None, None, "lake_reservoir")


@pytest.mark.parametrize(("column", "written", "meant"), [
    ("目标类别", "Ⅲ", "Ⅲ"), ("目标类别", "III", "Ⅲ"), ("目标类别", "iii类", "Ⅲ"), ("目标类别", "3", "Ⅲ"), ("目标类别", "Ⅲ类水质标准", "Ⅲ"),
    ("目标类别", "三类", "Ⅲ"), ("目标类别", "第三类", "Ⅲ"), ("目标类别", "Ⅰ类水", "Ⅰ"), ("目标类别", "劣V类", "劣Ⅴ"),
    ("目标类别", "劣五类", "劣Ⅴ"),
    ("级别", "国控", "国控"), ("级别", "国考", "国控"), ("级别", "国家级", "国控"), ("级别", "省控断面", "省控"), ("级别", "省级", "省控"),
    ("级别", "市考", "市控"), ("级别", "县控", "县控"), ("级别", "区控", "县控"), ("级别", "县（市、区）控", "县控"),
    ("水体类型", "湖库", "lake_reservoir"), ("水体类型", "水库", "lake_reservoir"), ("水体类型", "河 流", "river"),
    ("坐标系", "CGCS2000", "cgcs2000"), ("坐标系", "2000国家大地坐标系", "cgcs2000"), ("坐标系", "GCJ-02", "gcj02"),
    ("坐标系", "火星坐标", "gcj02"), ("坐标系", "高德地图", "gcj02"), ("坐标系", "WGS 84", "wgs84"),
])
def test_words_as_offices_write_them(given, column, written, meant):
    row, = read_section_list(given(lines(f"甲,119.5,28.4,{written}", header=f"断面名称,经度,纬度,{column}")), "wgs84").rows
    assert meant in (row.target_class, row.level, row.water_body_type, row.coordinate_system)


@pytest.mark.parametrize(("longitude", "latitude"), [
    ("119.5", "28.4"), ("119.5°", "28.4°"), ("E119.5", "28.4N"), ("东经119.5", "北纬28.4"), ("119°30′", "28°24′"),
    ("119°30′0″", "28°24′00.0″"), ('119°30\'0"', '28°24\'0"'), ("119度30分0秒", "28度24分"), ("１１９．５", "28.4 "),
])
def test_degrees_as_offices_write_them(given, longitude, latitude):
    quoted = [f'"{text.replace(chr(34), chr(34) * 2)}"' for text in (longitude, latitude)]
    row, = read_section_list(given(lines(f"甲,{','.join(quoted)}", header="断面名称,经度,纬度")), "wgs84").rows
    assert (row.longitude, row.latitude) == pytest.approx((119.5, 28.4), abs=1e-9)


def test_gcj02_is_converted_and_a_line_speaks_for_itself(given):
    rows = read_section_list(given(lines("甲,119.92440307903047,28.446586290790062,", "乙,119.92,28.45,cgcs2000",
                                         header="断面名称,经度,纬度,坐标系")), "gcj02").rows
    assert (rows[0].longitude, rows[0].latitude) == pytest.approx((119.92, 28.45), abs=1e-7)
    assert (rows[1].longitude, rows[1].latitude, rows[1].coordinate_system) == (119.92, 28.45, "cgcs2000")


BAD_CELLS = [
    # line of HEADER, column, part of the rule
    (",丽水市,,,,,,,,", "断面名称", "没有断面名称"),
    ("甲,丽水市,,,国控省控,,,,,", "级别", "不认识的级别"),
    ("甲,丽水市,,,,Ⅱ～Ⅲ,,,,", "目标类别", "不认识的水质类别"),
    ("甲,丽水市,,,,6,,,,", "目标类别", "不认识的水质类别"),
    ("甲,丽水市,,,,劣三类,,,,", "目标类别", "不认识的水质类别"),
    ("甲,丽水市,,,,,28.4,119.5,wgs84,", "经度", "可能颠倒"),
    ("甲,丽水市,,,,,150,28.4,wgs84,", "经度", "不在中国范围内"),
    ("甲,丽水市,,,,,119.5,60,wgs84,", "纬度", "不在中国范围内"),
    ("甲,丽水市,,,,,40512345.6,3150000,wgs84,", "经度", "不在中国范围内"),
    ("甲,丽水市,,,,,119.5,,wgs84,", "纬度", "只有一个"),
    ("甲,丽水市,,,,,东边,28.4,wgs84,", "经度", "不是度数"),
    ("甲,丽水市,,,,,119°75′,28.4,wgs84,", "经度", "不是度数"),
    ("甲,丽水市,,,,,-119.5,28.4,wgs84,", "经度", "不是度数"),
    ("甲,丽水市,,,,,nan,28.4,wgs84,", "经度", "不是度数"),
    ("甲,丽水市,,,,,119.5,28.4,,", "经度", "没有说是哪一种坐标系"),
    ("甲,丽水市,,,,,119.5,28.4,西安80,", "坐标系", "不认识的坐标系"),
    (f"{'甲' * 201},丽水市,,,,,,,,", "断面名称", "超过 200 个字"),
]


@pytest.mark.parametrize(("line", "column", "rule"), BAD_CELLS, ids=[f"{row[2]} {row[0][:30]}" for row in BAD_CELLS])
def test_a_cell_that_is_wrong_is_named(given, take_in, stored, line, column, rule):
    problem, = complaints(lambda: take_in(lines("好,丽水市,,,,,,,,", line)))
    assert (problem.file, problem.row, problem.column) == ("清单.csv", 3, column)
    assert rule in problem.rule
    assert stored() == []


def test_the_missing_system_names_the_option(take_in):
    problem, = complaints(lambda: take_in(lines("甲,丽水市,,,,,119.5,28.4,,")))
    assert "--crs gcj02" in problem.remedy


BAD_FILES = [
    (b"", "找不到表头"),
    ("序号,河流\n1,瓯江\n".encode(), "找不到表头"),
    (lines(), "没有断面"),
    (lines("甲,乙", header="断面名称,点位名称"), "两列是同一个意思"),
    (lines('"甲,,,,,,,,,'), "引号不成对"),
    ("断面名称\n甲\n".encode("utf-16"), "不是 UTF-8 或 GB18030"),
    (b"\xff\xff\xff\xff", "不是 UTF-8 或 GB18030"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧式 Excel"),
    (b"PK\x03\x04 not a workbook", "不是完好的 XLSX"),
    (workbook(("一", [["断面名称"], ["甲"]]))[:-300], "不是完好的 XLSX"),
    (workbook(("一", [["断面名称"], ["甲"]]), ("二", [["断面名称"], ["乙"]])), "有几张工作表"),
    (workbook(("一", [["别的"]])), "找不到表头"),
    (b"x" * (MAX_BYTES + 1), "超过 10 MB"),
    (lines(*["甲"] * (MAX_ROWS + 1), header="断面名称"), "超过 20000 行"),
]


@pytest.mark.parametrize(("content", "rule"), BAD_FILES, ids=[f"{n} {row[1]}" for n, row in enumerate(BAD_FILES)])
def test_a_file_that_is_no_list_is_refused(given, content, rule):
    problem, = complaints(lambda: read_section_list(given(content, "清单"), None))
    assert rule in problem.rule


def test_a_missing_file_and_a_stray_cell(given, tmp_path):
    problem, = complaints(lambda: read_section_list(tmp_path / "nothing.csv", None))
    assert "不存在" in problem.rule
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "断面名称")
        sheet.write(MAX_CELLS // 16_384, 16_383, "stray")
    problem, = complaints(lambda: read_section_list(given(buffer.getvalue(), "a.xlsx"), None))
    assert "离表很远" in problem.rule and "XFD" in (problem.found or "")


def test_no_heading_means_two_things():
    headings = [heading for several in HEADINGS.values() for heading in several]
    assert len(headings) == len(set(headings))


# ── recognising ─────────────────────────────────────────────────────────────────────────────────────────────
MATCHED = [
    ("堰后,丽水市,松阳县,,,,,,,", "331100-yanhou"),
    ("堰后断面,,,松阴溪,,,,,,", "331100-yanhou"),
    (" 堰后（大桥） ,丽水市,,松阴溪,,,,,,", "331100-yanhou"),
    ("石门洞站,丽水,,瓯江干流,,,,,,", "331100-shimen"),
    ("富湖,,遂昌县,,,,,,,", "331100-fuhu"),
    ("沙头,,永嘉县,楠溪江,,,,,,", "330324-shatou"),
    ("江口,重庆市,石柱县,,,,,,,", "500000-jiangkou"),
    ("小白岩,丽水市,莲都区,大溪,,,,,,", "national-330000-cd"),
    ("甲,丽水市,青田县,瓯江,,,,,,331100-yanhou", "331100-yanhou"),
]


@pytest.mark.parametrize(("line", "section_id"), MATCHED)
def test_a_known_section_is_recognised(take_in, stored, line, section_id):
    assert take_in(lines(line)) == ImportedSections("清单.csv", 1, 0, False, [])
    assert [row["section_id"] for row in stored()] == [section_id]


ASKED = [
    # line, the candidates, part of the reason
    ("堰后,,,,,,,,,", ["331100-yanhou"], "只有名称相同"),
    ("堰后,丽水市,青田县,,,,,,,", ["331100-yanhou"], "县不同"),
    ("堰后,丽水市,松阳县,瓯江,,,,,,", ["331100-yanhou"], "河流不同"),
    ("玉溪水库,丽水市,云和县,,,,,,,", ["national-330000-ab"], "只有名称相同"),
    ("中官浦,随州市,曾都区,府河,,,,,,", ["421300-zgp"], "名称相近"),
    ("乌江江口,重庆市,石柱县,,,,,,,", ["500000-jiangkou"], "名称相近"),
]


@pytest.mark.parametrize(("line", "candidates", "reason"), ASKED)
def test_what_is_not_plain_is_asked(take_in, stored, line, candidates, reason):
    problem, = complaints(lambda: take_in(lines(line)))
    assert problem.column == "断面编号" and problem.row == 2
    assert all(candidate in problem.rule for candidate in candidates) and reason in problem.rule
    assert "新增" in problem.remedy
    assert stored() == []


def test_several_of_one_name_are_asked(take_in):
    twice = pd.concat([SECTIONS, SECTIONS.head(1).assign(section_id="331100-yanhou2", county_id="331121")])
    problem, = complaints(lambda: take_in(lines("堰后,丽水市,,,,,,,,"), register=Register(twice, REGISTER.regions, [])))
    assert "331100-yanhou（堰后，松阳县，松阴溪）" in problem.rule and "331100-yanhou2" in problem.rule


def test_an_answer_settles_the_question(take_in, stored):
    take_in(lines("中官浦,随州市,曾都区,府河,,,,,,新增", "中官铺,随州市,曾都区,,,,,,,421300-zgp"))
    new, old = stored()
    assert new["section_id"].startswith("421303-") and old["section_id"] == "421300-zgp"


def test_a_look_alike_that_another_line_means_is_not_asked(take_in):
    assert take_in(lines("中官浦,随州市,曾都区,府河,,,,,,", "中官铺,随州市,曾都区,府河,,,,,,")).new == 1


def test_the_same_name_elsewhere_is_another_section(take_in, stored):
    assert take_in(lines("堰后,随州市,随县,,,,,,,", "江口,,青田县,,,,,,,")).new == 2
    assert [row["section_id"].split("-")[0] for row in stored()] == ["421321", "331121"]


def test_the_national_name_tells(take_in, stored):
    take_in(lines("云和电站,丽水市,云和县,玉溪水库", header="断面名称,城市,县,国家网名称"))
    assert [(r["section_id"], r["province"], r["national_name"]) for r in stored()] == [("national-330000-ab", "浙江省", "玉溪水库")]


def test_a_section_only_the_national_table_names_keeps_its_name_there(take_in, stored):
    take_in(lines("小白岩站,丽水市,莲都区,大溪,,,,,,"))
    assert [(r["name"], r["province"], r["national_name"]) for r in stored()] == [("小白岩站", "浙江省", "小白岩")]


BAD_LISTS = [
    # lines, (row, column, part of the rule)
    (["甲,丽水市,,,,,,,,", "甲断面,丽水市,,,,,,,,"], (3, "断面名称", "和第 2 行是同一个断面")),
    (["堰后,丽水市,松阳县,,,,,,,", "堰后大桥,,松阳县,,,,,,,"], (3, "断面名称", "和第 2 行是同一个断面（331100-yanhou）")),
    (["甲,丽水市,,,,,,,,A3301"], (2, "断面编号", "没有这个编号")),
    (["甲,,,,,,,,,"], (2, "断面名称", "没有写明在哪个县或地市")),
    (["甲,丽水市,孝昌县,,,,,,,"], (2, "县", "不认识这个行政区")),
    (["甲,杭州市,,,,,,,,"], (2, "城市", "不认识这个行政区")),
    (["甲,随州市,松阳县,,,,,,,"], (2, "县", "松阳县 不在 随州市")),
]


@pytest.mark.parametrize(("rows", "expected"), BAD_LISTS)
def test_a_list_that_does_not_hold_is_refused(take_in, stored, rows, expected):
    problem, = complaints(lambda: take_in(lines(*rows)))
    assert (problem.row, problem.column) == expected[:2] and expected[2] in problem.rule
    assert stored() == []


def test_a_new_one_beside_its_namesake_needs_another_name(take_in, stored):
    take_in(lines("甲,,松阳县,小港,,,,,,"), name="a.csv")
    problem, = complaints(lambda: take_in(lines("甲,,松阳县,松阴溪,,,,,,新增"), name="b.csv"))
    assert "已有同名的断面" in problem.rule and len(stored()) == 1


def test_all_problems_come_at_once_in_the_order_of_lines(take_in):
    problems = complaints(lambda: take_in(lines("堰后,,,,,,,,,", "甲,杭州市,,,,,,,,", "乙,,,,,,,,,", "丙,,,,,,,,,没有")))
    assert [problem.row for problem in problems] == [2, 3, 4, 5]


# ── storing ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_stored(take_in, stored):
    take_in(FULL.replace("WGS-84,,堰后村", "gcj02,,堰后村").encode())
    row, = stored()
    assert list(row) == COLUMNS
    assert {key: row[key] for key in COLUMNS if key not in ("longitude", "latitude", "file_sha256")} == {
        "section_id": "331100-yanhou", "name": "堰后", "province": "浙江省", "city": "丽水市", "county": "松阳县",
        "region_id": "331100", "county_id": "331124", "river": "松阴溪", "level": "国控", "water_body_type": "river",
        "target_class": "Ⅲ", "coordinate_system": "gcj02", "national_name": "堰后村", "file_name": "清单.csv",
        "file_row": "2", "imported_at": "2026-11-22"}
    assert (float(row["longitude"]), float(row["latitude"])) == pytest.approx((119.4952, 28.4032), abs=0.001)
    assert len(row["file_sha256"]) == 64


@pytest.mark.parametrize(("county", "region_id", "county_id"), [
    ("永嘉县", "330324", "330324"), ("莲都区", "331100", "331102"), ("景宁县", "331100", "331127"), ("忠县", "500000", "500233")])
def test_the_region_is_the_one_with_a_plan(take_in, stored, county, region_id, county_id):
    take_in(lines(f"甲,,{county},,,,,,,"))
    assert [(row["region_id"], row["county_id"]) for row in stored()] == [(region_id, county_id)]


def test_the_same_file_again_changes_nothing(take_in, tmp_path):
    content = lines("甲,丽水市,,,,,119.5,28.4,,")
    take_in(content, "gcj02")
    before = (tmp_path / "office_sections.csv").read_bytes()
    assert take_in(content, "gcj02", name="改了名.csv") == ImportedSections("改了名.csv", 0, 0, True, [])
    problem, = complaints(lambda: take_in(content, "wgs84"))
    assert "已经导入过，坐标当作 gcj02" in problem.rule
    assert (tmp_path / "office_sections.csv").read_bytes() == before


def test_a_later_list_knows_the_earlier_one(take_in, stored):
    take_in(lines("甲,,松阳县,,,,,,,"), name="a.csv")
    assert take_in(lines("甲断面,丽水市,,,省控,,,,,"), name="b.csv").matched == 1
    assert len({row["section_id"] for row in stored()}) == 1 and len(stored()) == 2


def test_the_shipped_file_takes_lines(take_in, tmp_path):
    resource = next(r for r in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
                    if r["name"] == "office_sections")
    assert [field["name"] for field in resource["schema"]["fields"]] == COLUMNS
    store = tmp_path / "office_sections.csv"
    store.write_bytes((DATA / resource["path"]).read_bytes().splitlines()[0])
    take_in(lines('"=1+1, ""甲""",丽水市,,,,,,,,'))
    content = store.read_bytes()
    assert content.count(b"\n") == 2 and content.endswith(b"\n") and b"\r" not in content


def test_a_write_that_fails_leaves_the_old_file(take_in, stored, monkeypatch, tmp_path):
    take_in(lines("甲,,松阳县,,,,,,,"), name="a.csv")

    def locked(*arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", locked)
    problem, = complaints(lambda: take_in(lines("乙,,松阳县,,,,,,,"), name="b.csv"))
    assert "写不进去" in problem.rule
    assert [row["name"] for row in stored()] == ["甲"] and list(tmp_path.glob("*.new")) == []


def test_a_foreign_store_is_not_touched(take_in, tmp_path):
    (tmp_path / "office_sections.csv").write_text("a,b\n")
    problem, = complaints(lambda: take_in(lines("甲,,松阳县,,,,,,,")))
    assert "表头" in problem.rule and (tmp_path / "office_sections.csv").read_text() == "a,b\n"


def test_the_real_register(tmp_path, given):
    """Every point of the register is recognised by its own name, county and river."""
    sections = pd.read_csv(DATA / "register" / "sections.csv", dtype="string").assign(origin="register")
    points = sections[~sections["site_kind"].isin(["reach", "river_network"])]
    register = Register(points, REGISTER.regions, REGISTER.plan_regions)
    names = REGISTER.regions.set_index("region_id")["name"]
    for section in points.itertuples():
        county = names[section.county_id] if pd.notna(section.county_id) else ""
        city = names[section.region_id] if section.region_id.endswith("00") else ""
        river = section.river if pd.notna(section.river) else ""
        path = given(lines(f'"{section.name}",{city},{county},"{river}"', header="断面名称,城市,县,河流"))
        store = tmp_path / f"{section.section_id}.csv"
        assert import_section_list(path, register, None, TODAY, store).matched == 1
        assert store.read_text(encoding="utf-8").splitlines()[1].startswith(section.section_id + ",")


# ── the rules of identity ───────────────────────────────────────────────────────────────────────────────────
def test_plain_names():
    assert plain_name("两河口(草埠湖水厂)") == plain_name("两河口（草埠湖水厂） 断面") == "两河口草埠湖水厂"
    assert plain_name("断面") == "断面"


def test_identity_needs_no_register():
    known = Known(frozenset({"甲"}), frozenset(), ("331100", "330000"), "瓯江", "x", False, "甲")
    assert identify(Mentioned(frozenset({"甲"}), frozenset(), (), "瓯江（大溪）"), [known]).match is known
    assert identify(Mentioned(frozenset({"甲"}), frozenset(), ("421300", "420000"), "瓯江"), [known]).match is None
    assert look_alikes(Mentioned(frozenset({"乙"}), frozenset(), ("331100", "330000"), None), [known]).candidates == ()
