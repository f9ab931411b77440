"""The entry workbook: which rows it asks for, how it is guarded and printed, and that it comes back as it went out."""

from __future__ import annotations

import math
import unicodedata
from datetime import date

import pytest
from openpyxl.utils import get_column_letter

from etl.entry_checks import check_rows, load_known
from etl.entry_rows import entry_rows, publishers
from etl.entry_workbook import FIGURE_COLUMNS, FIGURE_SHEET, VERDICT_COLUMNS, VERDICT_SHEET, write_entry_workbook
from etl.readers.entry_file import HELP_SHEET, read_entry_file
from etl.rules.entry_values import read_period
from tests.entry_files import TODAY, headings, opened, saved

ALL = ["331100", "330324", "331102", "500000", "421300"]


@pytest.fixture(scope="module")
def rows(connection):
    return entry_rows(connection, ALL, None, TODAY)


@pytest.fixture(scope="module")
def content(rows) -> bytes:
    return write_entry_workbook(rows, "=五地", None, ["甲局", "=乙局"], TODAY)


def test_asks_for_what_lacks_a_figure(connection, rows):
    lacking = connection.execute("""
        SELECT target_id FROM attainment(?) WHERE duplicate_of IS NULL AND status IN ('到期未报', '数据未出', '定性待评')
        ORDER BY target_id""", [TODAY]).df()["target_id"]
    assert sorted(rows["target_id"]) == list(lacking)
    every = entry_rows(connection, ALL, None, TODAY, only_lacking=False)
    assert len(every) == connection.execute("SELECT count(*) FROM targets WHERE duplicate_of IS NULL").fetchone()[0]
    assert entry_rows(connection, [], None, TODAY).empty
    assert entry_rows(connection, ["331102"], None, TODAY).empty  # repealed


@pytest.mark.parametrize("year", [2022, 2023, 2025, 2027])
def test_one_year_asks_once_for_each_subject(connection, year):
    every = entry_rows(connection, ALL, year, TODAY, only_lacking=False)
    numeric = every[every["comparator"] != "text"]
    assert not numeric.duplicated(["indicator_id", "region_id", "scope"]).any()
    assert (every["deadline"].isna() | (every["deadline"].dt.year >= year)).all()
    lacking = entry_rows(connection, ALL, year, TODAY)
    assert set(lacking["target_id"]) <= set(every["target_id"])
    have = numeric[~numeric["target_id"].isin(lacking["target_id"]) & (numeric["status"] != "已废止")]
    for subject in have[["indicator_id", "region_id", "scope"]].itertuples(index=False):
        assert connection.execute("""SELECT count(*) FROM observations WHERE (indicator_id, region_id, scope) = (?, ?, ?)
                                     AND year(period_end) = ? AND value IS NOT NULL""", [*subject, year]).fetchone()[0]


def test_prefilled_period_is_read_as_the_one_that_judges(connection, rows):
    known = load_known(connection, TODAY)
    for row in rows[rows["comparator"] != "text"].to_dict("records"):
        target = known.targets[row["target_id"]]
        period = read_period(row["period"], target.count_from, target.promise.is_cumulative)
        is_due = target.promise.deadline <= TODAY
        assert period.end.year == (target.promise.deadline.year if is_due else 2025)
        if target.promise.is_cumulative:
            assert (period.kind, period.start) == ("cumulative", target.count_from)
            assert period.end == (target.promise.deadline if is_due else date(2025, 12, 31))


def test_sheets_columns_and_words(content, rows):
    book = opened(content)
    assert book.sheetnames == [FIGURE_SHEET, VERDICT_SHEET, HELP_SHEET]
    for sheet, columns, count in ((book[FIGURE_SHEET], FIGURE_COLUMNS, (rows["comparator"] != "text").sum()),
                                  (book[VERDICT_SHEET], VERDICT_COLUMNS, (rows["comparator"] == "text").sum())):
        assert [cell.value for cell in sheet[4]] == [column.heading for column in columns]
        assert sheet.max_row == 4 + count
        assert sheet["A1"].value.startswith("'=五地")
        assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)
    assert any(cell.value == "'=乙局" for cell in book[HELP_SHEET]["A"])
    line = next(line for line in book[FIGURE_SHEET].iter_rows(min_row=5, values_only=True) if line[0] == "yongjia-045")
    assert line[1:9] == ("永嘉县", "交通干线噪声平均值", "城区", "分贝", "≤70分贝", 2025, "64.7分贝（2020）", 2025)


def test_only_what_is_filled_in_is_unlocked_and_tinted(content):
    for name, columns in ((FIGURE_SHEET, FIGURE_COLUMNS), (VERDICT_SHEET, VERDICT_COLUMNS)):
        sheet = opened(content)[name]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        for line in sheet.iter_rows(min_row=5, max_row=sheet.max_row):
            for cell, column in zip(line, columns):
                assert cell.protection.locked == (column.kind == "given")
                assert (cell.fill.fill_type is None) == (column.kind == "given")
                assert cell.font.name == "微软雅黑"


def test_drop_downs_and_limits(content, rows):
    sheet = opened(content)[FIGURE_SHEET]
    at = headings(sheet)
    rules = {(rule.type, str(rule.formula1)): rule for rule in sheet.data_validations.dataValidation}
    assert ("list", '"正式,初步"') in rules
    assert rules["decimal", "0"].formula2 == "100"
    assert "百分数" in rules["decimal", "0"].error
    choices = next(rule for rule in rules.values() if HELP_SHEET in str(rule.formula1))
    assert not choices.showErrorMessage
    first, last = (opened(content)[HELP_SHEET][cell.replace("$", "")].value for cell in choices.formula1.split("!")[1].split(":"))
    assert (first, last) == ("甲局", "'=乙局")
    assert any(rule.type == "date" and get_column_letter(at["发布日期"]) in str(rule.sqref) for rule in rules.values())
    guarded = {row for rule in sheet.data_validations.dataValidation for cells in rule.sqref.ranges
               if cells.min_col <= at["实绩"] <= cells.max_col for row in range(cells.min_row, cells.max_row + 1)}
    assert guarded == set(range(5, sheet.max_row + 1))


def test_prints_on_a4_across_with_its_heading(content):
    for name in (FIGURE_SHEET, VERDICT_SHEET):
        sheet = opened(content)[name]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))
        assert sheet.print_title_rows == "$4:$4"
        assert "&P" in sheet.oddFooter.center.text or "第" in sheet.oddFooter.center.text
        assert sheet.freeze_panes == "D5"


def test_nothing_is_cut(content):
    """Every text fits into the lines its row is high enough for."""
    for sheet in opened(content).worksheets:
        for line in sheet.iter_rows(min_row=5 if sheet.title != HELP_SHEET else 1):
            for cell in line:
                width = sheet.column_dimensions[cell.column_letter].width
                taken = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in str(cell.value or ""))
                height = sheet.row_dimensions[cell.row].height or 15
                assert math.ceil(taken / (width - 1)) * 14 <= height, (sheet.title, cell.coordinate, cell.value)


def test_comes_back_as_it_was_filled_in(connection, rows, content):
    book = opened(content)
    sheet, verdicts = book[FIGURE_SHEET], book[VERDICT_SHEET]
    at, judged_at = headings(sheet), headings(verdicts)
    numeric = rows[rows["comparator"] != "text"].reset_index()
    for line, row in numeric.iterrows():
        sheet.cell(line + 5, at["实绩"], "Ⅱ" if row["kind"] == "class" else row["target_value"])
        sheet.cell(line + 5, at["数据状态"], "正式")
        sheet.cell(line + 5, at["发布单位"], "甲局")
        sheet.cell(line + 5, at["发布日期"], date(2026, 11, 1))
    for line in range(5, verdicts.max_row + 1):
        for heading, text in (("评定", "达标"), ("理由", "见总结"), ("依据", "总结"), ("评定人", "王某"), ("评定日期", date(2026, 11, 2))):
            verdicts.cell(line, judged_at[heading], text)
    read = read_entry_file("填报.xlsx", saved(book))
    assert read.ignored == []
    checked = check_rows(read, load_known(connection, TODAY), TODAY)
    assert checked.errors == []
    assert [f.target_id for f in checked.figures] == list(numeric["target_id"])
    assert [float(f.value) for f in checked.figures] == list(numeric["target_value"])
    assert [v.target_id for v in checked.verdicts] == list(rows[rows["comparator"] == "text"]["target_id"])
    assert {f.rule for f in checked.findings} <= {"other_period", "before_deadline", "worse_than_baseline", "jump", "factor", "replaces"}
    assert {f.published_on for f in checked.figures} == {date(2026, 11, 1)}


def test_untouched_workbook_brings_nothing(content):
    read = read_entry_file("填报.xlsx", content)
    assert (read.rows, read.verdicts, read.ignored) == ([], [], [])


def test_without_rows(rows):
    content = write_entry_workbook(rows.iloc[:0], "空表", 2025)
    assert opened(content).sheetnames == [FIGURE_SHEET, HELP_SHEET]
    assert read_entry_file("空.xlsx", content).rows == []


def test_one_publisher_is_filled_in(connection, rows):
    sheet = opened(write_entry_workbook(rows, "填报", 2025, ["甲局"]))[FIGURE_SHEET]
    column = headings(sheet)["发布单位"]
    assert {sheet.cell(line, column).value for line in range(5, sheet.max_row + 1)} == {"甲局"}
    assert "丽水市生态环境局" in publishers(connection, ["331100"])
    assert publishers(connection, []) == []
