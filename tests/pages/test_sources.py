"""The sources page, run headless: every tab, and the evidence card of every kind of target."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboard import judgement_text, passages, queries, source_queries, text
from dashboard.text import t
from etl.versions import current_file, open_read_only
from pages.sources import evidence, parts
from tests.pages.opened import markup, open_page

ROOT = Path(__file__).resolve().parents[2]
TODAY = date.today()
KINDS = """
    SELECT min(target_id) AS target_id FROM attainment($day) JOIN targets t USING (target_id)
    GROUP BY status, schedule, path, trend, confidence, t.comparator, t.is_cumulative, t.is_maintain,
             t.duplicate_of IS NULL, t.deadline_basis ORDER BY 1"""


@pytest.fixture(scope="module")
def cursor(published):
    with open_read_only(current_file()) as connection:
        yield connection.cursor()


def every_row(cursor, day: date) -> list[dict]:
    chosen = {"as_of": day, "regions": [], "themes": [], "statuses": [], "years": [], "units": [], "text": ""}
    return queries.targets(cursor, **chosen).to_dict("records")


@pytest.mark.parametrize("tab", parts.tabs())
def test_every_tab_opens_from_the_address(tab):
    app = open_page("sources", tab=tab)
    assert app.segmented_control(key="tab").value == tab
    assert len(markup(app)) > 500


def test_unknown_target_and_unknown_tab_are_survived():
    app = open_page("sources", target="<script>alert(1)</script>", tab="没有这一页")
    assert "没有这项目标" in markup(app)
    assert "<script>" not in markup(app)
    assert app.segmented_control(key="tab").value == t("sources.tab.documents")


@pytest.mark.parametrize("target_id", ["chongqing-003", "yongjia-040", "liandu-028"])
def test_evidence_card_says_where_it_comes_from(cursor, target_id):
    shown = markup(open_page("sources", target=target_id))
    row = queries.target(cursor, target_id, TODAY).iloc[0]
    assert row["document_title"] in shown
    assert row["clause"] in shown
    assert row["sha256"] in shown
    assert f"{row['span_start']}–{row['span_end']}" in shown
    if not pd.isna(row["publisher"]):
        assert row["publisher"] in shown
    for label in ("judgement.attainment", "judgement.schedule", "judgement.confidence"):
        assert t(label) in shown


def test_every_kind_of_target_has_a_card(cursor):
    kinds = cursor.execute(KINDS, {"day": TODAY}).df()["target_id"]
    app = open_page("sources")
    for target_id in kinds:
        app.query_params["target"] = target_id
        app.run()
        assert not app.exception, target_id
        assert t("judgement.title") in markup(app), target_id


def test_every_judgement_has_words_and_sentences_on_any_day(cursor):
    for day in (TODAY, date(2023, 12, 31), date(2019, 12, 31)):
        for row in every_row(cursor, day):
            made = judgement_text.judgement_rows(row)
            assert [label for label, _, _ in made] == ["达标", "进度", "走势（估算）", "可信度"]
            for _, word, sentences in made:
                assert word
                assert sentences
                assert not any("nan" in s.lower() or "None" in s or "{" in s for s in sentences), (row["target_id"], sentences)


def test_every_promise_is_one_sentence(cursor):
    for target_id in cursor.execute("SELECT target_id FROM targets").df()["target_id"]:
        row = queries.target(cursor, target_id, TODAY).iloc[0].to_dict()
        said = evidence.promise(row)
        assert said.endswith("。")
        assert row["name_in_plan"] in said
        assert "nan" not in said


def test_promise_wording(cursor):
    for target_id, said in (("chongqing-003", "到 2025 年底，地表水达到或优于Ⅲ类水质断面比例不低于 97.3%。"),
                            ("yongjia-040", "到 2025 年底，PM2.5浓度不高于 25微克/立方米。"),
                            ("yongjia-112", "新建堤防护岸累计约 5公里。"), ("lishui-007", "数字化管理系统：力争构建。")):
        assert evidence.promise(queries.target(cursor, target_id, TODAY).iloc[0].to_dict()).endswith(said)


def test_verdict_sentence_carries_figure_target_and_gap(cursor):
    for row in every_row(cursor, TODAY):
        if row["status"] in ("达标", "未达标"):
            said = "".join(judgement_text.attainment_sentences(row))
            assert judgement_text.latest_figure(row) in said
            assert text.target_text(row) in said


def test_a_bound_gives_a_bound_of_the_gap():
    row = {"comparator": ">=", "target_value": 97.0, "unit": "%", "latest_comparator": ">=", "direction": "higher"}
    assert judgement_text.gap_words(row, 97.5) == "至少高 0.5 个百分点"
    assert judgement_text.gap_words(row, 96.0) == "至多差 1 个百分点"
    assert judgement_text.gap_words(row | {"latest_comparator": "="}, 96.0) == "差 1 个百分点"


def test_other_scope_and_inferred_year_are_marked():
    row = {"observation_id": "a", "latest_observation_id": "a", "baseline_observation_id": None, "scope": "全市",
           "baseline_is_nearest": False, "period_basis": "annual"}
    figure = {"observation_id": "b", "value": 1.0, "scope": "城区", "period_kind": "inferred_year"}
    assert evidence.use_of(figure, row) == "口径不同，不作判定；年份系推定，不作判定"
    assert evidence.use_of(figure | {"scope": "全市", "period_kind": "month"}, row) == "不是全年的数，不代表年度"
    assert "判定所据" in evidence.use_of(figure | {"observation_id": "a"}, row)


def test_document_issues_are_counted_by_who_found_them(cursor):
    shown = markup(open_page("sources", tab=t("sources.tab.issues")))
    made = queries.version(cursor).iloc[0]
    besides = len(source_queries.issues(cursor)) - made["curated_issues"]
    assert t("sources.issues.title", curated=made["curated_issues"], both=made["curated_found_by_computation"],
             computed=besides) in shown


def test_severity_narrows_the_issues(cursor):
    app = open_page("sources", tab=t("sources.tab.issues"))
    app.segmented_control(key="severity").set_value("高").run()
    assert not app.exception
    high = source_queries.issues(cursor)
    for row in high.to_dict("records"):
        assert (text.esc(row["description"]) in markup(app)) == (row["severity"] == "高")


def test_region_filter_narrows_the_registers():
    shown = markup(open_page("sources", tab=t("sources.tab.published"), region="随州市"))
    assert "随州日报" in shown
    assert "温州" not in shown
    assert "重庆市人民政府（" not in shown


def test_only_web_addresses_become_links():
    assert parts.link("javascript:alert(1)", "标题") == "标题"
    assert parts.link(None, "<标题>") == "&lt;标题&gt;"
    made = parts.link('https://a.cn/?x="y"', "标题")
    assert 'rel="noopener"' in made
    assert "&quot;y&quot;" in made


def test_passage_is_shown_only_from_the_registered_file(monkeypatch, cursor):
    row = queries.target(cursor, "chongqing-003", TODAY).iloc[0].to_dict()
    there = passages.SourceText(passages.PRESENT, "字" * (int(row["span_end"]) + 10))
    assert "<mark>" in evidence.passage(row, there)
    assert "<mark>" not in evidence.passage(row, passages.SourceText(passages.ABSENT))
    assert "不是同一份" in evidence.passage(row, passages.SourceText(passages.CHANGED))
    assert t("sources.passage.outside") in evidence.passage(row, passages.SourceText(passages.PRESENT, "短"))


def test_every_table_is_offered_twice_and_all_in_one(cursor):
    app = open_page("sources", tab=t("sources.tab.download"))
    buttons = app.get("download_button")
    assert len(buttons) == 2 * len(source_queries.DOWNLOADS) + 1
    for name in source_queries.DOWNLOADS:
        described = source_queries.column_descriptions(cursor, name)
        assert len(described)
        assert t(f"download.table.{name}") in markup(app)
