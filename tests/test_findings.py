"""The contradictions in the documents are computed: they come and go with the figures, nothing lists them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from etl.assess import find_document_issues
from etl.paths import FINDINGS

NAMED = [
    # rule, words of the description, the curated issue, the documents it is found in
    ("project_totals", ["37.71亿元", "39.71亿元", "相差 2.00亿元"], "issue-01", {"yongjia-2021"}),
    ("two_values", ["永嘉县 空气质量优良天数比例", "93.4%", "95.1%"], "issue-02", {"yongjia-2021"}),
    ("weaker_than_baseline", ["PM2.5浓度目标 <=25微克/立方米", "2020 年已是 24微克/立方米"], "issue-07", {"yongjia-2021"}),
    ("out_of_line_with_siblings", ["全区农村居民 由 24000 到 33400元（+39.2%）", "57700元（+15.4%）"], "issue-17", {"liandu-2018"}),
    ("due_after_repeal", ["莲都区：文件 2020-11-27 废止", "88 项"], "issue-19", {"liandu-2018"}),
    ("part_larger_than_whole", ["丽水市", "1.25万亩", "莲都区", "4.7万亩"], "issue-22", {"lishui-2022", "liandu-2018"}),
    ("two_values", ["重庆市 年用水总量（全市，2021）", "68.8亿立方米", "72.1205亿立方米"], "issue-37", set()),
]

NOTHING_YET = {"section_outside_its_county"}
"""Rules that the present data do not break; planted mistakes show that they work."""

MENDED = [
    # rule, what would have to stand in the data for the contradiction to vanish, words that vanish with it
    ("area_against_share", "UPDATE observations SET value = 300 WHERE observation_id = 'yongjia-2021-s021'", "反推"),
    ("beyond_plan_period", "UPDATE documents SET period_end = '2027-12-31' WHERE document_id = 'yongjia-2021'", "晚于规划期末"),
    ("due_after_repeal", "UPDATE documents SET repealed_on = NULL WHERE document_id = 'liandu-2018'", "莲都区"),
    ("lead_and_support", "DELETE FROM responsibilities WHERE role = 'support' AND measure_id = 'chongqing-m030'", "市应急局"),
    ("one_number_many_names", "UPDATE observations SET indicator_id = 'industrial_enterprise_count' WHERE value = 9938", "9938"),
    ("out_of_line_with_siblings", "UPDATE targets SET value = 27700 WHERE target_id = 'liandu-050'", "农村居民"),
    ("part_larger_than_whole", "UPDATE targets SET value = 12.5 WHERE target_id = 'lishui-029'", "湿地面积"),
    ("project_totals", "UPDATE targets SET value = 39.71 WHERE target_id = 'yongjia-097'", "正文写"),
    ("qualitative_worded_twice", "UPDATE targets SET value_text = '可控' WHERE target_id = 'chongqing-048'", "尾矿库"),
    ("restated_differently", "UPDATE targets SET comparator = '=' WHERE target_id = 'liandu-083'", "低散乱"),
    ("self_assessment_count", "UPDATE observations SET value = 20 WHERE observation_id = 'yongjia-2021-s101'", "达到目标值"),
    ("two_values", "UPDATE observations SET value = 93.4 WHERE observation_id = 'yongjia-2021-s008'", "95.1"),
    ("two_values", "DELETE FROM observations WHERE observation_id = 'pub-290'", "68.8"),
    ("unit_written_two_ways", "UPDATE targets SET printed_unit = NULL WHERE target_id = 'chongqing-023'", "混用"),
    ("weaker_than_baseline", "UPDATE targets SET value = 24 WHERE target_id = 'yongjia-040'", "PM2.5"),
]

PLANTED = [
    # rule, a new contradiction, words of the finding, where it is found
    ("area_against_share", """UPDATE observations SET value = 300 WHERE observation_id = 'yongjia-2021-s021';
        UPDATE observations SET value = 2700 WHERE observation_id = 'yongjia-2021-s057'""",
     "小于生态保护红线面积 2700.00 平方公里", "yongjia-2021-s057"),
    ("beyond_plan_period", "UPDATE targets SET deadline = '2030-12-31' WHERE target_id = 'suizhou-001'",
     "随州市：期限晚于规划期末 2025 年的目标 1 项", "suizhou-001"),
    ("beyond_plan_period", "UPDATE projects SET start_year = 2020 WHERE project_id = 'yongjia-p05'",
     "6 个（附件 2、3、5、6、7、16）", None),
    ("due_after_repeal", "UPDATE documents SET repealed_on = '2025-06-30' WHERE document_id = 'suizhou-2024'",
     "随州市：文件 2025-06-30 废止", "suizhou-010"),
    ("section_outside_its_county", "UPDATE sections SET placed_county_id = '331102' WHERE section_id = '331100-yanhou'",
     "堰后断面写在松阳县", None),
    ("lead_and_support", "INSERT INTO responsibilities VALUES ('new', NULL, 'suizhou-m001', NULL, '421300-01', 'support')",
     "随州市 一（一）", None),
    ("one_number_many_names", "UPDATE observations SET value = 1028, unit = '家' WHERE observation_id = 'yongjia-2021-s087'",
     "1028家分别称", "yongjia-2021-s043"),
    ("out_of_line_with_siblings", "UPDATE targets SET value = 120000 WHERE target_id = 'liandu-049'",
     "全区城镇居民 由 50000 到 120000元（+140.0%）", "liandu-049"),
    ("part_larger_than_whole", """INSERT INTO targets SELECT * REPLACE ('liandu-new' AS target_id,
        (SELECT indicator_id FROM targets WHERE target_id = 'lishui-026') AS indicator_id, 99999 AS value)
        FROM targets WHERE target_id = 'liandu-028'""", "其下辖的莲都区（全区（不含水稻田），2020 年）却要 99999", "lishui-026"),
    ("project_totals", "UPDATE projects SET plan_period_investment_10k_cny = 6001 WHERE project_id = 'yongjia-p21'",
     "固废治理小计", None),
    ("project_totals", "UPDATE projects SET project_count = 19 WHERE project_id = 'yongjia-p23'", "总计：表中 19 个", None),
    ("project_totals", "UPDATE targets SET value = 36 WHERE target_id = 'yongjia-098'", "正文写 36亿元，附件项目加总为 36.10亿元",
     "yongjia-098"),
    ("qualitative_worded_twice", """INSERT INTO targets SELECT * REPLACE ('suizhou-new' AS target_id, '郊区' AS scope)
        FROM targets WHERE target_id = 'suizhou-002'""", "又“郊区”", "suizhou-002"),
    ("restated_differently", "UPDATE targets SET value = 71 WHERE target_id = 'chongqing-029'", "另一处为", "chongqing-029"),
    ("restated_differently", "UPDATE targets SET deadline = '2024-12-31' WHERE target_id = 'chongqing-054'",
     "另一处为", "chongqing-054"),
    ("self_assessment_count", "UPDATE observations SET value = 21 WHERE observation_id = 'yongjia-2021-s101'",
     "正文称 21 项指标达到目标值，表中写“是”的只有 20 项", "yongjia-2021-s104"),
    ("two_values", """INSERT INTO observations SELECT * REPLACE ('new' AS observation_id, 88.8 AS value)
        FROM observations WHERE observation_id = 'yongjia-2021-s006'""", "88.8%", "new"),
    ("unit_written_two_ways", "UPDATE targets SET printed_unit = '万吨/天' WHERE target_id = 'yongjia-077'",
     "永嘉县：“万吨/天”“万吨/日”混用", "yongjia-077"),
    ("weaker_than_baseline", "UPDATE targets SET value = 60 WHERE target_id = 'yongjia-041'",
     "县控以上水功能区水质达标率目标 >=60%，2020 年已是 70%", "yongjia-041"),
]

HARMLESS = [
    # what looks like a contradiction and is none
    ("two_values", """INSERT INTO observations SELECT * REPLACE ('new' AS observation_id, 99.71 AS value)
        FROM observations WHERE observation_id = 'yongjia-2021-s006'""", "99.71"),  # the same figure, printed finer
    ("two_values", """INSERT INTO observations SELECT * REPLACE ('new' AS observation_id, 88.8 AS value, '>=' AS comparator)
        FROM observations WHERE observation_id = 'yongjia-2021-s006'""", "88.8"),
    ("part_larger_than_whole", "UPDATE targets SET value = 50 WHERE target_id = 'lishui-011'", "化肥"),  # a share has no whole
    ("weaker_than_baseline", "UPDATE targets SET is_maintain = true, value = 60 WHERE target_id = 'yongjia-041'", "水功能区"),
]

Found = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def find(database: Path, tmp_path_factory) -> Iterator[Callable[[str], Found]]:
    """What is found after these changes to the data, which are undone again."""
    copy = shutil.copy(database, tmp_path_factory.mktemp("findings"))
    with duckdb.connect(copy) as connection:
        connection.execute("""DELETE FROM document_issue_passages WHERE issue_id LIKE 'computed-%';
                              DELETE FROM document_issues WHERE origin = 'computed'""")

        def find_after(changes: str = "") -> Found:
            connection.begin()
            try:
                connection.execute(changes or "SELECT 1")
                return find_document_issues(connection)
            finally:
                connection.rollback()

        yield find_after


@pytest.fixture(scope="module")
def as_printed(find) -> Found:
    return find()


def matching(found: Found, rule: str, *words: str) -> pd.DataFrame:
    issues, _ = found
    return issues[(issues["rule"] == rule) & issues["description"].map(lambda text: all(word in text for word in words))]


def passages_of(found: Found, issue_id: str) -> pd.DataFrame:
    _, passages = found
    return passages[passages["issue_id"] == issue_id]


@pytest.mark.parametrize("rule, words, issue_id, documents", NAMED, ids=[named[2] for named in NAMED])
def test_known_contradiction_is_computed(as_printed, connection, rule, words, issue_id, documents):
    """Found once, tied to what the reader wrote down, and with at least two places to look it up."""
    issue, = matching(as_printed, rule, *words).to_dict("records")
    assert issue["same_as_issue_id"] == issue_id
    passages = passages_of(as_printed, issue["issue_id"])
    assert len(passages) >= 2
    assert set(passages["document_id"].dropna()) == documents
    for place in passages[passages["document_id"].notna()].itertuples():
        assert 0 <= place.span_start < place.span_end
    owners = connection.execute("""
        SELECT target_id AS id, document_id FROM targets
        UNION ALL SELECT observation_id, document_id FROM observations JOIN sources USING (source_id)""").fetchall()
    for place in passages.itertuples():
        owner = place.target_id if pd.notna(place.target_id) else place.observation_id
        if pd.notna(owner):
            assert dict(owners)[owner] == (None if pd.isna(place.document_id) else place.document_id)


def test_named_issues_are_among_those_covered(as_printed):
    issues, _ = as_printed
    covered = set(issues["same_as_issue_id"].dropna())
    assert covered >= {named[2] for named in NAMED}
    assert len(covered) >= 17


def test_targets_due_after_repeal_are_counted_from_the_file(as_printed, package):
    _, frames = package
    targets = frames["targets"]
    late = targets[(targets["document_id"] == "liandu-2018") & targets["duplicate_of"].isna()
                   & (targets["deadline"] > "2020-11-27").fillna(False)]
    assert len(late) == 88
    issue, = matching(as_printed, "due_after_repeal", "莲都区")["issue_id"]
    assert set(passages_of(as_printed, issue)["target_id"].dropna()) == set(late["target_id"])


def test_every_rule_finds_something_and_says_where(as_printed):
    issues, passages = as_printed
    assert set(issues["rule"]) == {query.stem for query in FINDINGS.glob("*.sql")} - NOTHING_YET
    assert set(passages["issue_id"]) == set(issues["issue_id"])
    assert set(issues["severity"]) <= {"高", "中", "低"}
    assert issues["issue_id"].is_unique and issues["description"].is_unique


def test_every_rule_is_planted_and_mended():
    rules = {query.stem for query in FINDINGS.glob("*.sql")}
    assert {rule for rule, *_ in PLANTED} == rules == {rule for rule, *_ in MENDED} | NOTHING_YET


@pytest.mark.parametrize("rule, change, words", MENDED, ids=[f"{rule}-{words}" for rule, _, words in MENDED])
def test_mended_contradiction_is_gone(find, as_printed, rule, change, words):
    assert len(matching(as_printed, rule, words)) >= 1
    assert len(matching(find(change), rule, words)) == 0


@pytest.mark.parametrize("rule, change, words, place", PLANTED, ids=[f"{rule}-{words}" for rule, _, words, _ in PLANTED])
def test_new_contradiction_is_found(find, as_printed, rule, change, words, place):
    found = find(change)
    added = matching(found, rule, words)
    assert len(added) == len(matching(as_printed, rule, words)) + 1
    places = pd.concat([passages_of(found, issue_id) for issue_id in added["issue_id"]])
    assert len(places) >= 1
    if place:
        assert place in {*places["target_id"], *places["observation_id"]}


@pytest.mark.parametrize("rule, change, words", HARMLESS)
def test_no_contradiction_where_there_is_none(find, rule, change, words):
    assert len(matching(find(change), rule, words)) == 0
