"""日程, notes on the pages, and the link button, through Streamlit's own test runner."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import access
from dashboard.access import Person
from dashboard.text import t
from etl import ledger
from etl.confirm import record_note
from pages.calendar.parts import address
from tests.pages.opened import markup, open_page

AS_OF = "2026-11-22"
TARGET = "lishui-001"
NASTY = "<script>alert(1)</script>下月报"


def heading(app) -> str:
    return next(block.value for block in app.markdown if "<h1" in block.value)


def write(app, text: str, promised: str = "", name: str = "王芳"):
    next(box for box in app.text_area if box.label == t("note.text")).set_value(text)
    next(box for box in app.text_input if box.label == t("note.promised")).set_value(promised)
    app.text_input(key="entry_name_note").set_value(name)
    next(button for button in app.button if button.label == t("note.record")).click()
    app.run()
    assert not app.exception
    return app


def test_the_title_says_what_is_due_and_overdue(connection):
    overdue, = connection.execute(
        "SELECT count(*) FROM attainment(?) WHERE status = '到期未报' AND duplicate_of IS NULL", [AS_OF]).fetchone()
    app = open_page("calendar", asof=AS_OF)
    title = heading(app)
    assert f"今后 90 天没有目标到期，{overdue} 项到期未报" in title and "下一批到期 2027-12-31" in title
    page = markup(app)
    assert "2026 年 12 月" in page and "2026 年四季度调度" in page and "二（二）" in page and "没有写日子" in page
    assert "今后 90 天有" in heading(open_page("calendar", asof="2025-12-31"))


def test_filters_and_days_of_all_kinds_open():
    assert "随州市" in markup(open_page("calendar", asof=AS_OF, region="随州市"))
    page = markup(open_page("calendar", asof=AS_OF, region="永嘉县"))
    assert "2027 年 12 月" in page and "季调度" not in page
    for chosen in ({"asof": "2020-12-31"}, {"q": "没有这样的指标"}, {"region": "莲都区"}):
        open_page("calendar", **chosen)


def test_the_button_counts_what_the_file_will_hold():
    app = open_page("calendar", asof=AS_OF, region="随州市")
    assert app.get("download_button")[0].proto.label == t("calendar.file.download", n=7)
    app.checkbox(key="calendar_past").check().run()
    assert not app.exception
    assert app.get("download_button")[0].proto.label != t("calendar.file.download", n=7)


@pytest.mark.parametrize("url, expected", [("http://10.0.0.8:8501/calendar", "http://10.0.0.8:8501/"),
                                           ("https://a.cn/qingliu/calendar", "https://a.cn/qingliu/"),
                                           (None, "http://127.0.0.1:8501/")])
def test_links_in_the_file_lead_to_this_dashboard(url, expected):
    assert address(url) == expected


def test_a_note_is_written_on_the_card_and_seen_on_three_pages(data):
    app = write(open_page("sources", target=TARGET), NASTY, "2099-12-31")
    page = markup(app)
    assert "<script>" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;下月报" in page
    assert t("note.title.n", n=1) in page and "承诺 2099-12-31" in page and "王芳" in page and t("note.recorded") in page
    indicator = markup(open_page("indicator", indicator="基本水面率", region="丽水市"))
    assert "下月报" in indicator and "<script>" not in indicator
    agenda = markup(open_page("calendar", region="丽水市"))
    assert "2099 年 12 月" in agenda and "下月报" in agenda and "<script>" not in agenda
    load_id, = ledger.load_ids()
    entries = markup(open_page("entry", load=load_id))
    assert t("entry.count.notes", n=1) in entries and "承诺 2099-12-31" in entries and "<script>" not in entries
    history = markup(open_page("entry", figure_of=f"{load_id}-0001"))
    assert t("entry.figure.note") in history and "下月报" in history and "<script>" not in history


def test_two_notes_stand_side_by_side_and_neither_is_replaced(data):
    write(write(open_page("sources", target=TARGET), "甲因"), "乙因")
    page = markup(open_page("sources", target=TARGET))
    assert "甲因" in page and "乙因" in page and t("note.title.n", n=2) in page


@pytest.mark.parametrize("text, promised, name, told", [
    ("", "", "王芳", "内容"), ("甲", "", "", "姓名"), ("甲", "明年吧", "王芳", "明年吧"), ("甲", "0001-01-01", "王芳", "0001-01-01")])
def test_what_is_lacking_is_named_and_nothing_is_written(data, text, promised, name, told):
    app = write(open_page("sources", target=TARGET), text, promised, name)
    assert any("warn" in block.value and told in block.value for block in app.markdown)
    assert ledger.load_ids() == []


def test_who_may_only_look_writes_nothing(data, monkeypatch):
    monkeypatch.setattr(access, "person", lambda: Person("李强", False))
    app = open_page("sources", target=TARGET)
    assert next(button for button in app.button if button.label == t("note.record")).disabled
    assert ledger.load_ids() == []


def test_a_promise_that_is_over_is_listed_while_the_target_owes_a_figure(data):
    record_note(TARGET, "十月底前补报", date(2026, 1, 31), "王芳")
    assert t("calendar.past.promises", n=1) in markup(open_page("calendar", region="丽水市"))


@pytest.mark.parametrize("page", ["overview", "indicator", "calendar", "entry"])
def test_every_page_offers_its_link(page):
    app = open_page(page)
    assert any(element.type == "bidi_component" for element in app.sidebar)
