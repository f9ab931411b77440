"""The workbook of a report: every figure is that of the database, nothing in it is a formula, every sheet filters and prints."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from dashboard.queries import STATUS_ORDER
from dashboard.reports.content import Report, gather, usual_period
from dashboard.reports.workbook import HEAD, workbook
from dashboard.text import WATER_CLASSES, status_label, t

AS_OF = date(2026, 11, 22)
NAMES = ["概况", "目标", "待办", "断面", "变更", "来源"]


@pytest.fixture(scope="module")
def cursor(connection, nothing_kept):
    return connection.cursor()


@pytest.fixture(scope="module")
def report(cursor) -> Report:
    return gather(cursor, "bulletin", usual_period("bulletin", AS_OF), [], AS_OF)


@pytest.fixture(scope="module")
def book(report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(report)))


def rows_of(sheet) -> list[dict]:
    """The table below its head."""
    head, *rows = list(sheet.iter_rows(min_row=HEAD + 1, values_only=True))
    return [dict(zip(head, row)) for row in rows]


def test_sheets(book, report):
    assert book.sheetnames == NAMES
    assert len(rows_of(book["目标"])) == len(report.targets)
    assert len(rows_of(book["断面"])) == sum(len(part.sections) for part in report.regions)
    assert len(rows_of(book["来源"])) == len(report.sources)


def test_every_figure_is_that_of_the_database(book, cursor):
    known = {row["target_id"]: row for row in cursor.execute("""
        SELECT a.target_id, a.unit, a.target_value, a.latest_value, a.gap_to_target, a.status, a.deadline, a.published_on, t.clause,
               r.name AS region, s.title FROM attainment(?) a JOIN targets t USING (target_id) JOIN regions r ON r.region_id = a.region_id
        LEFT JOIN sources s ON s.source_id = a.source_id WHERE a.duplicate_of IS NULL""", [AS_OF]).df().to_dict("records")}
    rows = rows_of(book["目标"])
    assert {row["编号"] for row in rows} == set(known)
    for row in rows:
        truth = known[row["编号"]]
        for head, name in (("目标值", "target_value"), ("最近值", "latest_value"), ("相差", "gap_to_target")):
            value = truth[name]
            if pd.isna(value):
                assert row[head] is None
            elif truth["unit"] == "类" and head != "相差":
                assert row[head] == WATER_CLASSES[int(value) - 1]
            else:
                assert row[head] == pytest.approx(value, rel=1e-12) and isinstance(row[head], int | float)
        assert row["状态"] == status_label(truth["status"])
        assert (row["区域"], row["单位"], row["条款"]) == tuple(
            value if isinstance(value, str) else None for value in (truth["region"], truth["unit"], truth["clause"]))
        for head, name in (("期限", "deadline"), ("发布日期", "published_on")):
            assert row[head] == (None if pd.isna(truth[name]) else truth[name].to_pydatetime())
            assert row[head] is None or isinstance(row[head], datetime)
        assert row["出处"] == (truth["title"] if isinstance(truth["title"], str) else None)


def test_counts_by_region(book, cursor):
    counted = dict(cursor.execute("""
        SELECT (r.name, a.status), count(*) FROM attainment(?) a JOIN regions r USING (region_id)
        WHERE duplicate_of IS NULL GROUP BY ALL""", [AS_OF]).fetchall())
    sheet = book["概况"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == t("column.region"))
    head, *rows = list(sheet.iter_rows(min_row=top, values_only=True))
    for row in rows[:-1]:
        cells = dict(zip(head, row))
        assert [cells[status_label(status)] for status in STATUS_ORDER] == [
            counted.get((cells["区域"], status), 0) for status in STATUS_ORDER]
    assert rows[-1][0] == t("workbook.sum")
    assert rows[-1][-1] == sum(n for (_, status), n in counted.items() if status != "已废止") < sum(counted.values())


def test_what_is_open(book, report):
    rows, targets = rows_of(book["待办"]), report.targets
    assert len(rows) == targets["status"].isin(["未达标", "到期未报"]).sum() > 0
    assert [row["状态"] for row in rows] == sorted((row["状态"] for row in rows), key=["未达标", "到期未报"].index)
    days = targets.set_index("target_id")["days_past_deadline"]
    assert all(row["已到期（天）"] == days[row["编号"]] for row in rows)
    assert all(row["责任单位"] for row in rows)


def test_what_people_wrote(report):
    row = report.targets[report.targets["status"] == "到期未报"].iloc[0]
    notes = pd.DataFrame({"target_id": row["target_id"], "text": ["=设备到货晚", "去年说的"], "author": "王敏",
                          "day": pd.to_datetime(["2026-10-01", "2025-10-01"]), "promised_on": pd.to_datetime(["2026-12-20", "2026-01-31"])})
    written = openpyxl.load_workbook(io.BytesIO(workbook(replace(report, notes=notes))))
    for name in ("待办", "目标"):
        said = next(found for found in rows_of(written[name]) if found["编号"] == row["target_id"])
        assert said["情况说明"] == "'=设备到货晚（王敏，2026-10-01）\n去年说的（王敏，2025-10-01）"
        assert said["承诺日期"] == datetime(2026, 12, 20)


def test_sections(book, cursor):
    known = dict(cursor.execute("SELECT section_id, name FROM sections").fetchall())
    for row in rows_of(book["断面"]):
        assert known[row["编号"]] == row["断面"]
        assert row["类别"] is None or (row["类别"] in WATER_CLASSES and row["类别依据"])


def test_filters_panes_and_print(book, report):
    for sheet in book:
        assert sheet.auto_filter.ref and sheet.freeze_panes
        assert sheet.page_setup.orientation == "landscape" and int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.fitToHeight == 0  # one page across when it is not said
        assert report.version in sheet["A2"].value and str(AS_OF) in sheet["A2"].value
        assert sheet["A3"].hyperlink.target == report.link
        assert report.version in sheet.oddFooter.left.text and report.link in sheet.oddFooter.left.text
        if sheet.title != "概况":
            assert sheet.freeze_panes == "C5" and sheet.print_title_rows == "$4:$4"
            assert sheet.auto_filter.ref.startswith("A4:") and sheet.print_area
            printed = range(range_boundaries(sheet.print_area.split("!")[1])[2])
            assert sum(sheet.column_dimensions[get_column_letter(at + 1)].width for at in printed) <= 160  # 7 points on paper
            assert not {"编号", "网址"} & {sheet.cell(HEAD + 1, at + 1).value for at in printed}


def test_rows_are_as_high_as_their_words(book):
    """LibreOffice does not grow them by itself."""
    sheet = book["目标"]
    width = sheet.column_dimensions["B"].width
    long = [row for row in sheet.iter_rows(min_row=HEAD + 2, max_col=2) if 1.8 * len(row[1].value) > width]
    assert long
    assert all(sheet.row_dimensions[name.row].height >= 15 * math.ceil(1.8 * len(name.value) / width) for _, name in long)


def test_words_are_coloured_by_status_and_class(book):
    for name, words in (("目标", STATUS_ORDER), ("断面", WATER_CLASSES)):
        formulas = {formula for rules in book[name].conditional_formatting for rule in rules.rules for formula in rule.formula}
        assert {f'"{status_label(word)}"' for word in words} <= formulas


def test_nothing_is_a_formula(report):
    evil = '=HYPERLINK("http://x","点我")'
    part = report.regions[0]
    targets = part.targets.assign(name_in_plan=evil, clause="+1", scope="@SUM(A1)", url="javascript:alert(1)", lead_units="-2+3")
    sources = report.sources.assign(title=evil, url="file:///etc/passwd")
    hostile = replace(report, title=evil, summary=[evil], sources=sources, regions=[replace(part, targets=targets)])
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook(hostile))):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.target.startswith("http")
                assert not isinstance(cell.value, str) or not cell.value.lstrip().startswith(("=", "+", "@", "-2"))


def test_changes(report):
    flip = {"region": "随州市", "theme": "水环境", "indicator": "指标", "name": "断面优良比例", "scope": "国控", "target_id": "x",
            "status_before": "到期未报", "status_after": "达标", "terms_before": "≥90%", "terms_after": "≥90%", "cause": "figure",
            "period_text": "2025", "clause": "一", "title": "公报", "url": "https://example.org/a"}
    figure = {"region": "随州市", "indicator": "森林覆盖率", "change": "withdrawn"} | {
        f"{key}{side}": value if side else None for side in ("_before", "") for key, value in {
            "comparator": "=", "value": 50.1, "value_text": None, "unit": "%", "title": "年鉴", "clause": "二", "period_text": "2024",
            "url": None}.items()}
    changed = replace(report, changes=pd.DataFrame([flip]), figure_changes=pd.DataFrame([figure]), since="自上次会议以来")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(changed)))["变更"]
    first, second = rows_of(sheet)
    assert (first["变更"], first["原来"], first["现在"], first["网址"]) == ("新数据", "到期未报", "达标", "https://example.org/a")
    assert (second["变更"], second["原来"], second["现在"], second["出处"]) == ("撤下的数", "50.1%", "—", "年鉴")
    assert "自上次会议以来" in sheet["A1"].value


def test_no_version_to_compare_with_is_said(book, report):
    assert report.changes is None and t("report.changes.unknown", since=report.since) == book["变更"]["A5"].value


def test_without_anything(report):
    part = replace(report.regions[0], targets=report.regions[0].targets.head(0), sections=report.regions[0].sections.head(0))
    empty = replace(report, regions=[part], sources=report.sources.head(0), summary=[])
    written = openpyxl.load_workbook(io.BytesIO(workbook(empty)))
    assert written.sheetnames == NAMES
    assert all(written[name]["A5"].value == t("workbook.none") for name in ("目标", "待办", "断面", "来源"))
