"""数据填报, run headless: a file is reviewed, confirmed, taken back; whatever fails is told and nothing is lost."""

from __future__ import annotations

import errno
import re
from datetime import date

import duckdb
import pandas as pd
import pytest

from dashboard import access, entry_queries
from dashboard.access import Person
from dashboard.text import t
from etl import ledger
from etl.confirm import confirm, withdraw
from etl.entries import Checked, EntryFile, Finding, Verdict
from etl.problems import DataProblems, Problem
from etl.readers.entry_file import read_entry_file
from etl.review import Flip, Line, review_file
from etl.versions import RefreshBusy, current_file, open_read_only
from pages.entry import changes, problems, sheet, typed
from pages.entry.marks import Marks
from pages.entry.parts import difference
from tests.conftest import use_data
from tests.entry_files import file_of, filled, judged, workbook
from tests.pages.opened import markup, open_page

TODAY = date.today()
HEADINGS = ("编号", "指标", "单位", "数据年份", "实绩", "数据状态", "发布单位", "备注")
GOOD = [("lishui-001", "基本水面率", "%", 2025, 2.9, "正式", "丽水市水利局", ""),
        ("lishui-013", "", "%", 2025, 100, "正式", "丽水市农业农村局", "<script>alert(1)</script>"),
        ("lishui-014", "", "%", 2025, "暂无数据", "", "", "")]
WRONG = [("lishui-001", "基本水面率", "%", 2025, "2.9l", "正式", "丽水市水利局", ""),
         ("lishui-013", "", "万吨", 2025, 100, "正式", "丽水市农业农村局", ""),
         ("lishui-011", "", "%", 2025, 400, "正式", "丽水市农业农村局", ""),
         ("lishui-012", "<b>农药</b>", "%", 2025, 41, "正式", "丽水市农业农村局", "")]


def file(rows: list[tuple]) -> bytes:
    return workbook(("填报", [HEADINGS, *rows]))


def ask(question: str, **parameters) -> pd.DataFrame:
    with open_read_only(current_file()) as connection:
        return getattr(entry_queries, question)(connection.cursor(), **parameters)


def uploaded(rows: list[tuple], name: str = "丽水市.xlsx"):
    app = open_page("entry")
    app.get("file_uploader")[0].set_value((name, file(rows), ""))
    app.run()
    assert not app.exception
    return app


def button(app, label: str):
    return next(one for one in app.button if one.label == label)


def press_confirm(app, name: str = "王芳", is_checked: bool = True):
    app.text_input(key="entry_name_confirm").set_value(name)
    for box in app.checkbox:
        box.set_value(is_checked)
    button(app, t("entry.confirm", n=2)).click()
    app.run()
    assert not app.exception
    return app


def said(app) -> str:
    return markup(app) + "".join(text.value for text in app.text)


# ── the review ──────────────────────────────────────────────────────────────────────────────────────────────
def test_every_mistake_is_named_with_its_cell_and_nothing_can_be_confirmed():
    app = uploaded(WRONG)
    page = markup(app)
    assert t("entry.review.wrong", rows=4, n=4) in page
    assert re.findall(r'<span class="cell bad">(.*?)</span>', page) == ["E2", "C3", "E4", "B5"]
    assert re.findall(r'<td class="bad[^>]*>([^<]*)<span class=no1>(\d)', page) == [
        ("2.9l", "1"), ("万吨", "2"), ("400", "3"), ("&lt;b&gt;农药&lt;/b&gt;", "4")]
    assert "<b>农药</b>" not in page
    assert button(app, t("entry.confirm.short", n=4)).disabled
    assert not ledger.load_ids()


def test_good_file_shows_what_will_change_and_what_is_recorded_as_unreported():
    page = markup(uploaded(GOOD, "<img src=x>.xlsx"))
    assert t("entry.sum.not_reported", n=1) in page and "○ 记为未报" in page
    assert t("entry.changes", what="新增 2 个") in page
    assert t("entry.flips", n=2) in page
    assert "<script>" not in page and "<img" not in page and "&lt;img src=x&gt;.xlsx" in page


def test_unusable_file_is_refused_with_reason_and_remedy():
    app = open_page("entry")
    app.get("file_uploader")[0].set_value(("名单.xlsx", workbook(("表", [("姓名", "电话"), ("张三", 1)])), ""))
    app.run()
    assert t("entry.upload.refused") in markup(app)
    assert "找不到表头" in said(app) and "改法" in said(app)


# ── confirming and taking back ──────────────────────────────────────────────────────────────────────────────
def test_confirmed_figures_stand_and_can_be_taken_back(data):
    app = press_confirm(uploaded(GOOD))
    page = markup(app)
    load_id, = ledger.load_ids()
    assert t("entry.receipt", what="新增 2 个") in page and load_id in page
    assert ask("recent_loads", limit=5)["confirmed_by"].tolist() == ["王芳"]
    assert app.get("page_link")[0].proto.label in ("基本水面率", "规模养殖场粪污处理设施配套率")
    app.text_input(key="entry_name_withdraw_receipt").set_value("李强")
    next(one for one in app.text_input if one.label == t("entry.withdraw.reason")).set_value("填错了表")
    button(app, t("entry.withdraw.go")).click()
    app.run()
    assert not app.exception
    assert ask("recent_loads", limit=5)["withdrawals"].tolist() == [2, 0]
    assert "撤回 2 条" in markup(app) and "2 条已撤回" in markup(app) and "填错了表" in markup(app)


def test_name_and_the_look_at_doubtful_cells_are_asked_for(data):
    doubtful = [(*GOOD[0][:6], "", ""), GOOD[1]]
    assert t("entry.lacks", what=t("entry.name")) in markup(press_confirm(uploaded(doubtful), name=" "))
    assert t("entry.unchecked", n=1) in markup(press_confirm(uploaded(doubtful), is_checked=False))
    assert not ledger.load_ids()
    assert t("entry.receipt", what="新增 2 个") in markup(press_confirm(uploaded(doubtful)))


@pytest.mark.parametrize(("failure", "words"), [
    (RefreshBusy("另一个窗口正在更新数据，请稍后再试"), "另一个窗口正在更新数据"),
    (DataProblems([Problem("a.csv", "应当是数字", "改成数字", row=3)]), "a.csv 第 3 行：应当是数字"),
    (OSError(errno.ENOSPC, "No space left on device"), t("entry.failed.full")),
    (PermissionError(errno.EACCES, "Permission denied", "entries"), t("entry.failed.locked", file="entries")),
    (OSError(errno.EIO, "Input/output error"), "写文件时出错"),
    (duckdb.TransactionException("Could not write file"), t("entry.failed.database")),
])
def test_failure_is_told_plainly_and_the_file_is_kept(data, monkeypatch, failure, words):
    def fail(*_):
        raise failure

    app = uploaded(GOOD)
    monkeypatch.setattr("etl.confirm.confirm", fail)
    press_confirm(app)
    assert app.status[0].label == t("entry.confirm.failed") and words in said(app)
    monkeypatch.undo()
    use_data(monkeypatch, data)
    assert t("entry.receipt", what="新增 2 个") in markup(press_confirm(app))


def test_review_that_somebody_overtook_is_made_again(data, monkeypatch):
    app = uploaded(GOOD)
    confirm(review_file(read_entry_file("别人.xlsx", file(GOOD[:1])), TODAY), "别人")
    app.text_input(key="entry_name_confirm").set_value("王芳")
    button(app, t("entry.confirm", n=2)).click()
    app.run()
    assert not app.exception
    assert t("entry.stale") in markup(app) and "与库里相同 1 个" in markup(app)
    assert len(ledger.load_ids()) == 1


def test_who_may_only_look_cannot_confirm(data, monkeypatch):
    monkeypatch.setattr(access, "person", lambda: Person("看客", False))
    app = uploaded(GOOD)
    assert button(app, t("entry.confirm", n=2)).disabled
    assert app.text_input(key="entry_name_confirm").value == "看客" and app.text_input(key="entry_name_confirm").disabled


def test_signed_in_name_is_recorded(data, monkeypatch):
    monkeypatch.setattr(access, "person", lambda: Person("王芳", True))
    app = uploaded(GOOD)
    button(app, t("entry.confirm", n=2)).click()
    app.run()
    assert ask("recent_loads", limit=1)["confirmed_by"].tolist() == ["王芳"]


# ── history ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_figure_shows_all_that_was_said_of_it(data):
    with open_read_only(current_file()) as connection:
        published = connection.execute("""
            SELECT a.target_id, a.observation_id, a.actual_value, year(o.period_end)
            FROM attainment(?) a JOIN observations o USING (observation_id)
            WHERE a.status = '达标' AND a.unit = '%' AND o.period_kind = 'year' AND a.actual_value BETWEEN 10 AND 99
            ORDER BY target_id LIMIT 1""", [TODAY]).fetchone()
    target_id, observation_id, value, year = published
    row = (target_id, "", "%", year, value + 0.5, "正式", "某局", "更正")
    one = confirm(review_file(read_entry_file("a.xlsx", file([row])), TODAY), "王芳")
    entry_id = ask("entries_of_load", load_id=one.load_id)["entry_id"][0]
    withdraw([entry_id], "原数不误", "李强")
    rows = ask("figure_history", figure_id=observation_id)
    assert rows["what"].tolist() == ["published", "figure", "withdrawal"]
    assert rows["state"].tolist() == ["current", "withdrawn", "current"]
    assert ask("figure_history", figure_id=entry_id)["what"].tolist() == rows["what"].tolist()
    page = markup(open_page("entry", figure_of=observation_id))
    assert "原数不误" in page and "王芳" in page and "前后 3 条记录" in page


def test_unknown_addresses_are_named():
    assert "没有这个数：&lt;b&gt;" in markup(open_page("entry", figure_of="<b>"))
    assert "没有这次入库：&lt;b&gt;" in markup(open_page("entry", load="<b>"))


def test_stage_of_a_project_is_recorded_and_shown(data):
    app = open_page("entry", way="works")
    work = ask("works", region_ids=["500000"])
    pick = work[work["kind"] == "project"].iloc[0]
    app.selectbox(key="entry_work_project").set_value(pick["id"]).run()
    button(app, t("entry.work.record")).click()
    app.run()
    assert "还没有写：进展、理由" in markup(app)
    next(one for one in app.selectbox if one.label == t("entry.work.stage")).set_value("在建")
    next(one for one in app.text_input if one.label == t("entry.work.reason")).set_value("已开工")
    app.text_input(key="entry_name_stage").set_value("王芳")
    button(app, t("entry.work.record")).click()
    app.run()
    assert not app.exception
    assert ask("works", region_ids=["500000"]).set_index("id").at[pick["id"], "stage"] == "在建"
    assert "现在记的是“在建”（王芳" in markup(app)


# ── typing ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("way", ["figures", "verdicts"])
def test_tables_to_type_into_list_what_is_lacking(way):
    app = open_page("entry", way=way, region="永嘉县")
    rows = ask("lacking_rows", region_ids=["330324"], year=None, as_of=TODAY, only_lacking=True)
    table = app.session_state[f"entry_base_{way}"][1]
    assert list(table.index) == rows.loc[(rows["comparator"] == "text") == (way == "verdicts"), "target_id"].tolist()
    assert button(app, t("entry.typed.review", n=0)).disabled


def test_what_was_typed_for_one_year_is_not_shown_for_another():
    app = open_page("entry", way="figures", region="永嘉县")
    first = app.session_state["entry_base_figures"][1]
    target_id, period = first.index[1], first.iloc[1]["period"]
    app.session_state["entry_typed_figures"] = {(target_id, period): {"value": "98.9"}}
    app.selectbox(key="entry_year").set_value(2023).run()
    other = app.session_state["entry_base_figures"][1]
    assert period != "2023" and other.at[target_id, "period"] == "2023" and (other["value"] == "").all()
    app.selectbox(key="entry_year").set_value(0).run()
    assert app.session_state["entry_base_figures"][1].at[target_id, "value"] == "98.9"


def test_typed_rows_look_like_those_of_a_file():
    table = pd.DataFrame({"indicator": ["甲", "乙"], "target": ["≥9", "≥8"], "value": ["", " 9\n5 "], "note": ["", "n"]},
                         index=["a-1", "a-2"])
    row, = typed._entry_rows(table, "value")
    assert (row.sheet, row.line, row.text("target_id"), row.text("value")) == ("", 2, "a-2", "9 5")
    assert {field: cell.address for field, cell in row.cells.items()} == {"target_id": "A2", "indicator": "A2", "value": "C2", "note": "D2"}


# ── the parts ───────────────────────────────────────────────────────────────────────────────────────────────
def finding(level: str, rule: str, line: int, column: str = "G") -> Finding:
    return Finding(level, rule, "甲市.xlsx", "填报", f"{column}{line}", f"指标 {line}", "1", "为什么", "怎么改")


def marks_of(lines: range, *findings: Finding, without: tuple[int, ...] = ()) -> Marks:
    rows = []
    for line in lines:
        row = filled()
        cells = {field: type(cell)(cell.text, cell.address.replace("6", str(line))) for field, cell in row.cells.items()}
        rows.append(type(row)(row.sheet, line, cells))
    return Marks(file_of(*rows), Checked([], [], list(findings), [row for row in rows if row.line in without]))


def test_rows_without_fault_are_folded_but_those_beside_a_wrong_one_stay():
    drawn = sheet.sheets(marks_of(range(5, 30), finding("error", "not_a_number", 20), without=(12,)))
    assert re.findall(r'<td class="no">(\d+)</td>', drawn) == ["5", "6", "7", "12", "19", "20", "21"]
    assert re.findall(r"第 [\d–]+ 行无误", drawn) == ["第 8–11 行无误", "第 13–18 行无误", "第 22–29 行无误"]


def test_long_files_are_drawn_in_part():
    drawn = sheet.sheets(marks_of(range(5, 5005), *(finding("error", "not_a_number", line) for line in range(5, 5005))))
    assert drawn.count("<tr>") == sheet.MOST_ROWS and t("entry.sheet.more") in drawn


def test_findings_of_one_rule_are_told_once():
    without_publisher = [finding("warning", "publisher_missing", line, "J") for line in range(6, 44)]
    marks = marks_of(range(5, 45), finding("warning", "jump", 5), *without_publisher)
    told = problems.listed(marks)
    assert told.count('class="asked"') == 2 and "同样的 38 处" in told and "请核对的 39 处" in told
    assert marks.counts == {"wrong": 0, "asked": 39, "not_reported": 0, "good": 1}
    assert "第 8–43 行只有右边列出的同类核对" in sheet.sheets(marks)


def test_a_year_in_the_heading_counts_against_every_row():
    first = filled()
    cells = first.cells | {"period": type(first.cells["value"])("2099", "G4")}
    rows = [type(first)("填报", line, cells) for line in (6, 7)]
    marks = Marks(EntryFile("a", "", rows, [], []), Checked([], [], [finding("error", "future_period", 4)], []))
    assert marks.counts["wrong"] == 2 and "<th>G4</th>" in sheet.sheets(marks)


def test_changes_and_flips_are_worded_in_units():
    assert difference("96.1", "97.3", "%") == "高 1.2 个百分点"
    assert difference(24.0, 22.5, "微克/立方米") == "低 1.5微克/立方米"
    assert difference(2, 3, "类") == "差 1 个类别" and difference(3, 3, "类") == "相同" and difference(None, 3, "%") == ""
    assert changes.flips_table([]) == f'<div class="q gap"><h2>{t("entry.flips.none")}</h2></div>'
    flips = [Flip("a", "<b>甲", "某市", "到期未报", "达标"), Flip("b", "乙", "某市", "到期未报", "未达标")]
    drawn = changes.flips_table(flips)
    assert drawn.index("乙") < drawn.index("&lt;b&gt;甲")


def test_verdict_line_names_the_verdict():
    names = pd.DataFrame({"target_id": ["jia-006"], "indicator": ["河长制"], "region": ["甲市"], "scope": ["全市"], "unit": [None]})
    row = judged()
    verdict = Verdict(row, "jia-006", "i", "r", "全市", "未达标", "", "", "", None)
    assert "未达标" in changes.lines_table([Line(verdict, "added", [])], names)

