"""Judging entries: every mistake a clerk makes is found on its cell, with its reason and a way out; sound ones pass."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from etl.entries import Cell, Checked, EntryRow, Finding
from etl.entry_checks import check_rows, load_known
from etl.readers.entry_file import read_entry_file
from etl.rules.entry_doubts import factor_between
from etl.rules.entry_values import Misread, read_class, read_day, read_figure, read_period, unit_factor
from tests.entry_files import TODAY, file_of, filled, judged, workbook, world

KNOWN = world()


def check(*rows: EntryRow, verdicts: tuple[EntryRow, ...] = ()) -> Checked:
    checked = check_rows(file_of(*rows, verdicts=verdicts), KNOWN, TODAY)
    for finding in checked.findings:
        assert finding.level in ("error", "warning")
        assert finding.file == "甲市.xlsx"
        assert all((finding.rule, finding.sheet, finding.title, finding.found, finding.why, finding.remedy))
    return checked


def rules(checked: Checked) -> list[str]:
    return [f"{finding.rule}{'!' if finding.level == 'error' else '?'}" for finding in checked.findings]


def only(checked: Checked) -> Finding:
    finding, = checked.findings
    return finding


# ── a sound row ─────────────────────────────────────────────────────────────────────────────────────────────
def test_a_sound_figure():
    checked = check(filled(url="https://example.gov.cn/a", note="年报"))
    figure, = checked.figures
    assert checked.findings == []
    assert (figure.target_id, figure.indicator_id, figure.region_id, figure.scope) == ("jia-001", "i-优良比例", "r-甲市", "12个断面")
    assert (figure.comparator, figure.value, figure.unit, figure.printed_value) == ("=", Decimal("96.5"), "%", "96.5")
    assert figure.value_text is None
    assert (figure.period_kind, figure.period_start, figure.period_end, figure.period_text) == (
        "year", date(2025, 1, 1), date(2025, 12, 31), "2025")
    assert (figure.status, figure.publisher, figure.published_on) == ("final", "甲市生态环境局", date(2026, 3, 1))
    assert (figure.url, figure.note) == ("https://example.gov.cn/a", "年报")


def test_a_source_by_name_goes_to_the_note():
    figure, = check(filled(url="甲市公报第2期", note="年报")).figures
    assert (figure.url, figure.note) == (None, "年报；来源：甲市公报第2期")


def test_a_class():
    for text in ("Ⅱ", "II", "二类", "Ⅱ类", "第二类", "2"):
        figure, = check(filled("jia-004", text)).figures
        assert (figure.value, figure.value_text, figure.unit, figure.printed_value) == (2, "Ⅱ", "类", text)
    assert only(check(filled("jia-004", "好"))).rule == "not_a_class"


def test_no_figure_yet_is_counted_not_entered():
    checked = check(*(filled(value=text) for text in ("暂无数据", "未统计", "—", "N/A", " / ")))
    assert (len(checked.not_reported), checked.figures, checked.findings) == (5, [], [])


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("text", "comparator", "value", "unit"), [
    ("97.3", "=", "97.3", None), ("９７．３", "=", "97.3", None), ("97.3%", "=", "97.3", "%"), ("97.3 ％", "=", "97.3", "%"),
    ("1,234.5", "=", "1234.5", None), ("百分之九十七点三", "=", "97.3", "%"), ("一百二十", "=", "120", None), ("≥95", ">=", "95", None),
    ("＞95%", ">", "95", "%"), ("不低于 95%", ">=", "95", "%"), ("95%以上", ">=", "95", "%"), ("<=3", "<=", "3", None),
    ("24微克/立方米", "=", "24", "微克/立方米"), ("1.5万吨/日", "=", "1.5", "万吨/日"), ("−3.5", "=", "-3.5", None), ("0", "=", "0", None)])
def test_figures_that_can_be_read(text, comparator, value, unit):
    stated = read_figure(text)
    assert (stated.comparator, stated.value, stated.unit) == (comparator, Decimal(value), unit)


@pytest.mark.parametrize(("text", "rule", "why", "remedy"), [
    ("54.l", "not_a_number", "最后一位是字母 l", "54.1"), ("9O.2", "not_a_number", "字母 O", "90.2"),
    ("97。3", "not_a_number", "符号 。", "97.3"), ("97,3", "not_a_number", "逗号", "97.3"), ("95-97", "range", "范围", "备注"),
    ("95%～97%", "range", "范围", "备注"), ("95/97", "range", "不止一个", "一行"), ("2025-03-01", "not_a_number", "日期", "常规"),
    ("1.2e5", "not_a_number", "科学记数", "0.0012"), ("良好", "not_a_number", "不是数字", "暂无数据"),
    ("总体保持稳定，个别断面较上年同期有所改善，达标率稳中有升", "not_a_number", "不是数字", "备注"),
    ("54..1", "not_a_number", "不是数字", "")])
def test_figures_that_cannot_be_read(text, rule, why, remedy):
    finding = only(check(filled(value=text)))
    assert (finding.level, finding.rule, finding.address, finding.title, finding.found) == ("error", rule, "G6", "优良比例 · 实绩", text)
    assert why in finding.why
    assert remedy in finding.remedy


@pytest.mark.parametrize(("text", "kind", "start", "end"), [
    ("2025", "year", "2025-01-01", "2025-12-31"), ("２０２５年度", "year", "2025-01-01", "2025-12-31"),
    ("2025年6月", "month", "2025-06-01", "2025-06-30"),
    ("2025-06", "month", "2025-06-01", "2025-06-30"), ("2025年上半年", "half_year", "2025-01-01", "2025-06-30"),
    ("2025年第三季度", "quarter", "2025-07-01", "2025-09-30"), ("2025Q1", "quarter", "2025-01-01", "2025-03-31"),
    ("2025年1-9月", "year_to_date", "2025-01-01", "2025-09-30"), ("2021-2025累计", "cumulative", "2021-01-01", "2025-12-31"),
    ("2021–2025-06 累计", "cumulative", "2021-01-01", "2025-06-30"), ("十四五", "cumulative", "2021-01-01", "2025-12-31"),
    ("2025-12-31 00:00:00", "date", "2025-12-31", "2025-12-31"), ("2025年6月30日", "date", "2025-06-30", "2025-06-30")])
def test_periods(text, kind, start, end):
    period = read_period(text, None, False)
    assert (period.kind, str(period.start), str(period.end)) == (kind, start, end)


@pytest.mark.parametrize("text", ["去年", "25", "2025-13", "2025-02-30", "2025-2021", "十五", "0000"])
def test_periods_that_cannot_be_read(text):
    with pytest.raises(Misread):
        read_period(text, date(2021, 1, 1), True)


def test_totals_count_from_the_start_of_the_plan():
    start = date(2021, 7, 1)
    assert read_period("2025", start, True).start == read_period("2021-2025累计", start, True).start == start
    assert read_period("2025当年", start, True).kind == "year"
    assert read_period("2025-06", start, True).text == "2021-2025-06累计"


def test_days():
    for text in ("2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", "2026-03-01 00:00:00"):
        assert read_day(text) == date(2026, 3, 1)
    for text in ("2026年3月", "46082", "3月1日", "2026-02-30"):
        with pytest.raises(Misread):
            read_day(text)


def test_classes_that_are_none():
    for text in ("", "劣", "劣三", "6", "Ⅲ-Ⅳ", "ⅡⅢ"):
        with pytest.raises(Misread):
            read_class(text)
    assert [read_class(text) for text in ("劣Ⅴ", "劣五类", "Ⅳ类水质", "IV", "1")] == [6, 6, 4, 4, 1]


def test_units():
    table = KNOWN.units
    for printed, unit, factor in (("%", "％", "1"), ("千米", "公里", "1"), ("公里", "千米", "1"), ("立方米/日", "万吨/日", "0.0001"),
                                  ("毫克/立方米", "微克/立方米", "1000"), ("吨/日", "万吨/日", "0.0001"), ("亿元", "万元", "10000"),
                                  ("条(个)", "条（个）", "1"), ("万立方米", "亿立方米", "0.0001"), ("立方米", "亿立方米", "0.00000001")):
        assert unit_factor(printed, unit, table) == Decimal(factor), (printed, unit)
    for printed, unit in (("%", "个百分点"), ("吨", "公里"), ("亩", "公顷"), ("", "%")):
        assert unit_factor(printed, unit, table) is None


# ── which target ────────────────────────────────────────────────────────────────────────────────────────────
def test_unknown_number_with_a_suggestion():
    finding = only(check(filled("jia-999", region="甲市", indicator="优良比例", scope="12个断面")))
    assert (finding.rule, finding.address, finding.found) == ("unknown_target", "A6", "jia-999")
    assert "jia-001（甲市，12个断面）" in finding.remedy
    assert "填报表里的编号" in only(check(filled("jia-999"))).remedy


def test_without_a_number_region_indicator_and_scope_decide():
    figure, = check(filled("", region="甲市", indicator="优良比例（规划）", scope="12个断面")).figures
    assert figure.target_id == "jia-001"
    finding = only(check(filled("", indicator="优良比例")))
    assert finding.rule == "unknown_target"
    assert "jia-001" in finding.remedy and "yi-001" in finding.remedy
    assert only(check(filled("", indicator="没有的"))).why == "没有这个名称的目标"
    assert only(check(filled(""))).why == "没有编号，也没有指标名称"


@pytest.mark.parametrize(("field", "text"), [("region", "乙县"), ("indicator", "站数"), ("scope", "8个断面")])
def test_rows_that_slipped(field, text):
    finding = only(check(filled(**{field: text})))
    assert (finding.level, finding.rule, finding.found) == ("error", "shifted_row", text)
    assert "jia-001 是“甲市 优良比例（12个断面）”" in finding.why


def test_words_of_the_plan_and_other_widths_belong_too():
    assert check(filled("JIA-001 ", region="甲 市", indicator="优良比例(规划)", scope="１２个断面")).findings == []


# ── sizes and units ─────────────────────────────────────────────────────────────────────────────────────────
def test_wrong_unit_says_what_to_write():
    finding = only(check(filled("jia-002", "0.024", unit="毫克/立方米")))
    assert (finding.rule, finding.address, finding.title) == ("wrong_unit", "E6", "PM2.5 浓度 · 单位")
    assert finding.remedy == "E6 改为“微克/立方米”，G6 改为 24"
    assert only(check(filled("jia-009", "6120立方米/日"))).remedy == "G6 改为 0.612，单位是万吨/日"
    assert "改为“公里”" in only(check(filled("jia-003", "70", unit="亩", period="2021-2025累计"))).remedy
    assert check(filled("jia-003", "70", unit="千米", period="2021-2025累计")).errors == []
    assert rules(check(filled("jia-002", "2l", unit="毫克/立方米"))) == ["wrong_unit!", "not_a_number!"]
    assert check(filled("jia-007", "13个")).findings == []


@pytest.mark.parametrize(("target_id", "value", "found"), [
    ("jia-001", "901.4", "over_100!"), ("jia-001", "-1", "over_100!"), ("jia-007", "-3", "negative!"), ("jia-005", "130", "over_100?"),
    ("jia-005", "-4", "negative?"), ("jia-007", "12.5", "not_whole?")])
def test_impossible_and_odd_sizes(target_id, value, found):
    assert found in rules(check(filled(target_id, value)))


def test_factors_jumps_and_the_wrong_side_of_the_baseline():
    assert rules(check(filled("jia-002", "265"))) == ["factor?", "worse_than_baseline?"]
    assert "若是 26.5，请改正" in check(filled("jia-002", "265")).findings[0].remedy
    assert rules(check(filled("jia-001", "0.96"))) == ["factor?", "worse_than_baseline?"]
    assert "请写 96，不写小数" in check(filled("jia-001", "0.96")).findings[0].remedy
    assert rules(check(filled("jia-002", "12"))) == ["jump?"]
    assert "低 54%" in only(check(filled("jia-002", "12"))).why
    assert rules(check(filled("jia-002", "31"))) == ["worse_than_baseline?"]
    assert rules(check(filled("jia-010", "300000"))) == ["factor?"]  # against the target: no figure yet
    assert [factor_between(Decimal(a), Decimal(b)) for a, b in (("10", "1"), ("1", "98"), ("5", "1"), ("0", "1"), ("-10", "1"))] == [
        10, -100, None, None, None]


def test_totals_only_grow():
    assert rules(check(filled("jia-003", "55", period="2021-2025累计"))) == ["shrinking_total?"]
    assert rules(check(filled("jia-003", "75", period="2021-2025累计"))) == []
    assert rules(check(filled("jia-003", "70", period="2021-2023累计"))) == ["other_period?", "shrinking_total?"]
    checked = check(filled("jia-003", "75"))
    assert rules(checked) == ["running_total?"]
    assert checked.figures[0].period_text == "2021-2025累计"
    assert rules(check(filled("jia-003", "15", period="2025当年"))) == []


# ── time ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("cells", "found"), [
    ({"period": "2027"}, ["future_period!"]), ({"period": "2026-12"}, ["future_period!"]), ({"period": "1985"}, ["impossible_period!"]),
    ({"period": ""}, ["impossible_period!"]), ({"period": "去年"}, ["impossible_period!"]),
    ({"period": "2024"}, ["replaces?", "other_period?"]), ({"published_on": "2026-02-30"}, ["impossible_date!"]),
    ({"period": "2026", "published_on": "2026-11-01"}, ["unfinished_period?", "published_early?"]),
    ({"published_on": "2026年3月"}, ["impossible_date!"]), ({"published_on": "2027-01-01"}, ["published_in_future?"]),
    ({"published_on": "2025-06-01"}, ["published_early?"]), ({"published_on": ""}, []), ({"status": ""}, ["status_missing?"]),
    ({"status": "初步"}, ["provisional?"]), ({"status": "差不多"}, ["unknown_status!"]), ({"publisher": ""}, ["publisher_missing?"]),
    ({"note": "长" * 501}, ["too_long!"])])
def test_times_and_sources(cells, found):
    checked = check(filled(**cells))
    assert sorted(rules(checked)) == sorted(found)
    assert len(checked.figures) == (not checked.errors)


def test_status_that_is_missing_counts_as_provisional():
    assert [check(filled(status=text)).figures[0].status for text in ("", "初步数", "正式数据", "快报")] == [
        "provisional", "provisional", "final", "provisional"]


# ── what is there already ───────────────────────────────────────────────────────────────────────────────────
def test_known_figures_of_the_same_period():
    finding = only(check(filled("jia-009", "15.5")))
    assert (finding.rule, finding.level) == ("nothing_new", "warning")
    finding = only(check(filled("jia-009", "16.1")))
    assert finding.rule == "replaces"
    assert finding.why == "已有 15.5万吨/日（2025，甲市生态环境局），这里是 16.1万吨/日，高 0.6万吨/日"
    assert rules(check(filled("jia-009", "155"))) == ["replaces?", "factor?"]


def test_repealed_plan():
    checked = check(filled("jia-008"))
    assert rules(checked) == ["repealed?"] and len(checked.figures) == 1
    assert "《甲市规划》已于 2024-01-01 废止" in only(check(filled("jia-008", period="2025"))).why


def test_the_same_thing_twice_in_a_file():
    def row(value: str, line: int, sheet: str = "填报", **cells: str) -> EntryRow:
        one = filled(value=value, **cells)
        return EntryRow(sheet, line, {field: Cell(cell.text, f"{cell.address[0]}{line}") for field, cell in one.cells.items()})
    checked = check(row("96.5", 6), row("96.50", 7), row("97", 8), row("97", 9, period="2024"))
    assert [(f.rule, f.address) for f in checked.findings][:2] == [("repeated", "G7"), ("duplicate", "G8")]
    assert "G6 已经填了" in checked.findings[1].why
    assert [figure.row.line for figure in checked.figures] == [6, 9]
    assert "“填报”G6" in only(check(row("96.5", 6), row("96.5", 3, "乙表"))).why


# ── cells that cannot be read ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("mark", ["excel_error", "formula_without_value", "merged"])
def test_marked_cells_block(mark):
    finding = only(check(filled(value="#REF!" if mark == "excel_error" else "1", mark=mark)))
    assert (finding.level, finding.rule, finding.address) == ("error", mark, "G6")


def test_a_formula_is_asked_about():
    checked = check(filled(mark="formula"))
    assert rules(checked) == ["formula?"] and len(checked.figures) == 1


# ── verdicts ────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_sound_verdict():
    verdict, = check(verdicts=(judged(),)).verdicts
    assert (verdict.target_id, verdict.scope, verdict.verdict, verdict.reason) == ("jia-006", "全市", "达标", "已全面建立")
    assert (verdict.evidence, verdict.judged_by, verdict.judged_on) == ("甲市河长办总结", "王某", date(2026, 1, 20))


@pytest.mark.parametrize(("row", "found"), [
    (judged("jia-001"), ["not_qualitative!"]), (judged(verdict="大概"), ["unknown_verdict!"]), (judged(reason=""), ["reason_missing?"]),
    (judged(evidence=""), ["evidence_missing?"]), (judged(judged_by=""), ["judged_by_missing?"]),
    (judged(judged_on="2027-01-01"), ["impossible_date!"]),
    (judged(judged_on="一月"), ["impossible_date!"]), (judged(judged_on=""), []), (judged("yi-002"), ["before_deadline?"]),
    (judged("没有"), ["unknown_target!"]), (judged("jia-006", "不达标"), [])])
def test_verdicts(row, found):
    checked = check(verdicts=(row,))
    assert rules(checked) == found
    assert len(checked.verdicts) == (not checked.errors)


def test_two_verdicts_on_one_target():
    checked = check(verdicts=(judged(), judged(verdict="未达标")))
    assert rules(checked) == ["duplicate!"]
    assert [verdict.verdict for verdict in checked.verdicts] == ["达标"]


def test_a_figure_on_a_qualitative_target():
    assert only(check(filled("jia-006", "1"))).rule == "qualitative"


# ── from the file to the findings ───────────────────────────────────────────────────────────────────────────
PLANTED = [
    # 编号, 单位, 数据年份, 实绩, 数据状态, 发布日期, what is found
    ("jia-001", "%", "2025", "96.5", "正式", "2026-03-01", None),
    ("jia-002", "毫克/立方米", "2025", "0.024", "正式", "2026-03-01", "wrong_unit"),
    ("jia-007", "座", "2025", "1l", "正式", "2026-03-01", "not_a_number"),
    ("jia-004", "", "2025", "三类", "正式", "2026-03-01", None),
    ("yi-001", "％", "2025", "901.4", "正式", "2026-03-01", "over_100"),
    ("jia-005", "%", "2030", "12", "正式", "2026-03-01", "future_period"),
    ("jia-999", "%", "2025", "1", "正式", "2026-03-01", "unknown_target"),
    ("jia-009", "万吨/日", "2025", "１６", "正式", "2026-02-30", "impossible_date"),
    ("jia-003", "公里", "2021-2025累计", "暂无数据", "正式", "", None),
    ("jia-010", "亿立方米", "2025", "28～29", "正式", "2026-03-01", "range"),
]


@pytest.mark.parametrize("carrier", ["utf-8", "utf-8-sig", "gb18030", "xlsx"])
def test_planted_mistakes_are_found_where_they_stand(carrier):
    lines = [["编号", "单位", "数据年份", "实绩", "数据状态", "发布日期", "发布单位"], *([*row[:6], "甲局"] for row in PLANTED)]
    content = workbook(("填报", lines)) if carrier == "xlsx" else "\n".join(map(",".join, lines)).encode(carrier)
    checked = check_rows(read_entry_file("甲市", content), KNOWN, TODAY)
    column = {"wrong_unit": "B", "future_period": "C", "unknown_target": "A", "impossible_date": "F"}
    assert {(f.rule, f.address) for f in checked.errors} == {
        (row[6], f"{column.get(row[6], 'D')}{line}") for line, row in enumerate(PLANTED, 2) if row[6]}
    assert [figure.target_id for figure in checked.figures] == ["jia-001", "jia-004"]
    assert [row.text("target_id") for row in checked.not_reported] == ["jia-003"]


# ── the real database ───────────────────────────────────────────────────────────────────────────────────────
def test_known_from_the_database(connection):
    known = load_known(connection, TODAY)
    assert len(known.targets) == connection.execute("SELECT count(*) FROM targets").fetchone()[0]
    lishui = known.targets["lishui-002"]
    assert (lishui.region, lishui.kind, lishui.unit, lishui.promise.value, lishui.document) == ("丽水市", "class", "类", 2, lishui.document)
    assert sum(map(len, known.figures.values())) == connection.execute("""
        SELECT count(*) FROM observations JOIN sources USING (source_id) WHERE status <> 'context' AND value IS NOT NULL
        AND period_end IS NOT NULL AND coalesce(published_on, period_end) <= ?""", [TODAY]).fetchone()[0]
    assert known.units["千米", "公里"] == 1
    assert load_known(connection, date(2019, 1, 1)).figures.keys() < known.figures.keys()


def test_published_figures_pass_their_own_checks(connection):
    """What the database holds already is no error when typed again, unless it holds two figures for one thing."""
    known = load_known(connection, TODAY)
    rows = [EntryRow("", line, {field: Cell(text, "") for field, text in zip(
        ("target_id", "unit", "period", "value", "status", "publisher"),
        (target.target_id, target.unit, f"{figure.period_end:%Y}", f"{figure.value}", "正式", "局"))})
        for line, target in enumerate(known.targets.values()) for figure in known.figures.get(target.subject, [])
        if figure.period_kind == "year" and not target.promise.is_cumulative and target.kind != "text"]
    assert len(rows) > 100
    checked = check_rows(file_of(*rows), known, TODAY)
    assert {finding.rule for finding in checked.errors} <= {"duplicate"}
    assert {finding.rule for finding in checked.findings if finding.rule == "factor"} == set()
