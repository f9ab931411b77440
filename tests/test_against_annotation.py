"""The curated data against the independent annotation of the five documents: nothing lost, nothing altered unsaid.

The annotation stands beside the project, not in it; without it there is nothing to compare with. What a second reader
found wrong in it (`audit.csv`) is the only allowed difference, and each one is listed here with its reason.
"""

from __future__ import annotations

import calendar
import csv
import re
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from opencc import OpenCC

from etl.paths import ROOT
from etl.rules.numbers import water_class_rank

SHARED = ROOT.parent / "shared"
DATA = ROOT / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="登记表和原文不在旁边")

DOCUMENTS = {"lishui": "lishui-2022", "yongjia": "yongjia-2021", "liandu": "liandu-2018", "chongqing": "chongqing-2023",
             "suizhou": "suizhou-2024"}
NO_DATA = {"-", "/", "暂无数据", "(空白)"}
"""Cells in which the document says that there is no figure."""

COMPARATORS = {"maintain>=": ">=", "decrease": ">="}

CORRECTED_TARGETS = {
    # target_id, column: what the annotation says, what is right, and why
    ("yongjia-053", "comparator"): ("text", ">=", "“不降低”有 2020 现状 76.97 可比"),
    ("yongjia-053", "value"): ("不降低", "76.97", "同上"),
    ("yongjia-053", "value_start"): ("13551", "13544", "同上：数字在现状栏"),
    ("yongjia-053", "unit"): ("", "%", "同上"),
    ("yongjia-060", "comparator"): ("<=", "text", "“零增长”没有可比的数"),
    ("yongjia-096", "deadline"): ("2025", "2027-12-31", "18 个项目含附件 4，到 2027 年"),
    ("yongjia-097", "deadline"): ("2025", "2027-12-31", "总投资含附件 4，到 2027 年"),
    ("liandu-085", "deadline"): ("", "2022-12-31", "与永嘉同句，口径取方案期末"),
    ("liandu-100", "deadline"): ("", "2022-12-31", "同上"),
    ("liandu-101", "deadline"): ("", "2022-12-31", "同上"),
    ("liandu-102", "deadline"): ("", "2022-12-31", "同上"),
    ("lishui-007", "deadline_basis"): ("explicit", "implied", "期限归属有歧义"),
    ("lishui-040", "deadline_basis"): ("explicit", "implied", "2022 修饰“重点工作”"),
    ("liandu-085", "deadline_basis"): ("none", "implied", "与永嘉同句"),
    ("liandu-100", "deadline_basis"): ("none", "implied", "同上"),
    ("liandu-101", "deadline_basis"): ("none", "implied", "同上"),
    ("liandu-102", "deadline_basis"): ("none", "implied", "同上"),
    ("yongjia-101", "is_cumulative"): ("y", "false", "每年重点创建 1 个是年度速率"),
    ("liandu-072", "indicator"): ("化肥农药使用量", "化肥使用量", "合写的目标拆为两行，农药为 liandu-072b"),
    ("liandu-082", "duplicate_of"): ("", "liandu-060", "与 60 同为 2018 年“7 家以上”"),
    ("yongjia-121", "period_start"): ("2020", "2021-01-01", "“2021 年开工 109 个”只计 2021 年"),
    ("yongjia-124", "period_start"): ("2021", "2022-01-01", "“2022 年计划完成 9 个”只计 2022 年"),
    ("liandu-056", "period_start"): ("2016", "", "五年的起止文件没有写"),
    ("suizhou-014", "period_start"): ("", "2023-01-01", "三年行动的起点"),
}

CORRECTED_PERIODS = {
    # observation_id: the annotation's period, and why another one is registered
    "lishui-2022-s001": ("2022", "文件未写年份"),
    **{f"yongjia-2021-s{n:03d}": ("2019", "段首年份，句中未写明") for n in (20, 21, 22, 23)},
    **{f"yongjia-2021-s{n:03d}": ("2020", "五年削减率，不是一年的数") for n in (116, 118, 120, 122)},
    **{f"yongjia-2021-s{n:03d}": ("2025", "规划自身的结构，不是 2025 年的现状") for n in (190, 191, 192, 193)},
    "yongjia-2021-s205": ("十四五", "规划自身的结构"),
}

CORRECTED_SOURCES = {"pub-330324-003", "pub-330324-004"}
"""Called original by the annotation, but the publisher's name says 北极星环保网转载."""

CORRECTED_UNITS = {
    # measure_id, role: units of the annotation, registered units; why
    ("yongjia-m057", "implement"): ("", "各级党委和政府", "原文写明第一责任人"),
    ("liandu-m021", "lead"): ("", "水利、农业部门", "原文写明"),
    ("liandu-m036", "lead"): ("", "区委区政府美丽莲都建设领导小组", "原文写明"),
    ("liandu-m036", "support"): ("", "区级有关部门", "原文写明"),
    ("liandu-m036", "implement"): ("", "各乡镇（街道）", "原文写明"),
    ("suizhou-m010", "lead"): ("", "联席会议办公室（设在市生态环境局）", "原文写明"),
    ("suizhou-m010", "support"): ("", "各牵头单位", "原文写明"),
    ("suizhou-m010", "implement"): ("", "各县（市、区）政府及管委会", "原文写明"),
    ("suizhou-m011", "lead"): ("", "各牵头单位", "原文写明"),
}

ANNEX_MEASURES = {f"yongjia-m{number:03d}" for number in range(60, 78)}
"""The annex of 永嘉 has one column 责任单位; nobody in it can be called the lead."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(path: str, key: str) -> dict[str, dict[str, str]]:
    return {row[key]: row for row in rows(DATA / path)}


def annotated(name: str) -> list[dict[str, str]]:
    """Rows of the annotation, each with its number within its document as `number`."""
    seen: Counter[str] = Counter()
    found = rows(SHARED / "register" / name)
    for row in found:
        seen[row["doc"]] += 1
        row["number"] = seen[row["doc"]]
    return found


def last_day(period: str) -> str:
    """2025 → 2025-12-31, 2025-06 → 2025-06-30."""
    year, _, month = period.partition("-")
    return period and f"{year}-{month or 12}-{calendar.monthrange(int(year), int(month or 12))[1]}"


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


FACTORS: dict[tuple[str, str], Decimal] = {
    (row["printed_unit"], row["unit"]): Decimal(row["factor"]) for row in rows(DATA / "standards" / "units.csv")}


def same_figure(value: str, unit: str, row: dict[str, str]) -> bool:
    """The registered row says this value in this unit: converted, a class by its rank, words word for word."""
    if unit == "类" and not is_number(value):
        return row["value"] == str(water_class_rank(value)) and row["unit"] == "类"
    if not is_number(value):
        return row["value"] == "" and row["value_text"] == value
    if row["unit"] == unit:
        return Decimal(row["value"]) == Decimal(value) and (not row["printed_value"] or row["printed_value"] == value)
    return (row["printed_value"], row["printed_unit"]) == (value, unit) and (
        Decimal(value) * FACTORS[unit, row["unit"]] == Decimal(row["value"]))


# ── targets ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def targets() -> dict[str, dict[str, str]]:
    return table("register/targets.csv", "target_id")


@pytest.fixture(scope="module")
def target_pairs(targets) -> list[tuple[str, dict, dict]]:
    """Every annotated target and its registered row."""
    return [(key, row, targets[key]) for row in annotated("targets.csv") if (key := f"{row['doc']}-{int(row['seq']):03d}")]


def differences(pairs, column: str, other: str | None = None, as_registered=lambda cell: cell, when=lambda row: True) -> dict:
    """Rows in which the column says something else than the annotation, and what both say."""
    return {(key, column): (row[column], mine[other or column]) for key, row, mine in pairs
            if when(row) and as_registered(row[column]) != mine[other or column]}


def corrections(column: str) -> dict:
    return {place: (theirs, ours) for place, (theirs, ours, _) in CORRECTED_TARGETS.items() if place[1] == column}


def test_no_target_is_missing_and_none_is_unexplained(targets, target_pairs):
    assert len(target_pairs) == 364
    added = set(targets) - {key for key, *_ in target_pairs}
    assert added == {key for key, row in targets.items() if row["is_added_by_review"] == "true"}


def test_figures_of_targets(target_pairs):
    differing = {(key, "value"): (row["value"], mine["value"]) for key, row, mine in target_pairs
                 if not same_figure(row["value"], row["unit"], mine)}
    assert differing == corrections("value")


def test_comparators_of_targets(target_pairs):
    """A class is “at least this class”; a reduction without a number is words; “稳定在” is a floor to be kept."""
    def expected(row: dict, mine: dict) -> str:
        if row["unit"] == "类":
            return "class_at_least"
        if row["comparator"] == "decrease" and not is_number(row["value"]):
            return "text"
        return COMPARATORS.get(row["comparator"], row["comparator"])

    differing = {(key, "comparator"): (row["comparator"], mine["comparator"]) for key, row, mine in target_pairs
                 if expected(row, mine) != mine["comparator"]}
    assert differing == corrections("comparator")
    kept = {key for key, row, mine in target_pairs if row["comparator"].startswith("maintain")
            or (row["direction"] == "maintain" and mine["comparator"] != "text")}
    assert {key for key, _, mine in target_pairs if mine["is_maintain"] == "true"} == kept


@pytest.mark.parametrize("column, other, as_registered", [
    ("indicator", "name_in_plan", str),
    ("clause", None, str),
    ("char_offset", "span_start", str),
    ("deadline", None, last_day),
    ("deadline_basis", None, str),
    ("is_cumulative", None, {"y": "true", "n": "false"}.get),
    ("period_start", None, lambda year: year and f"{year}-01-01"),
    ("kind", "binding", str),
])
def test_other_columns_of_targets(target_pairs, column, other, as_registered):
    assert differences(target_pairs, column, other, as_registered) == corrections(column)


def test_places_of_figures_of_targets(target_pairs):
    differing = {(key, "value_start"): (row["value_offset"], mine["value_start"]) for key, row, mine in target_pairs
                 if row["value_offset"] != mine["value_start"]}
    assert differing == corrections("value_start")
    assert all(int(mine["span_start"]) <= int(row["char_offset"]) < int(mine["span_end"]) for _, row, mine in target_pairs)


def test_units_of_targets(target_pairs):
    """The annotation's unit, or one the conversion table leads to; the printed one is kept then."""
    differing = {(key, "unit"): (row["unit"], mine["unit"]) for key, row, mine in target_pairs
                 if row["unit"] not in (mine["unit"], mine["printed_unit"] or mine["unit"])}
    assert differing == corrections("unit")


def test_restatements(target_pairs):
    differing = {(key, "duplicate_of"): (row["duplicate_of"], mine["duplicate_of"]) for key, row, mine in target_pairs
                 if mine["duplicate_of"] != (row["duplicate_of"] and f"{row['doc']}-{int(row['duplicate_of']):03d}")}
    assert differing == corrections("duplicate_of")


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────


def same_comparator(theirs: str, ours: str) -> bool:
    """A reduction is a figure of an indicator of reduction; words have no comparator."""
    return ours == ("=" if theirs in ("decrease", "text") else theirs)


def test_figures_the_documents_state():
    registered = {(row["source_id"].removeprefix("plan-"), row["value_start"]): row
                  for row in rows(DATA / "observations" / "2026-11-22-plans.csv")}
    said = annotated("actuals.csv")
    stated = [row for row in said if row["value"] not in NO_DATA]
    assert (len(said), len(stated), len(registered)) == (235, 211, 211)
    other_periods = {}
    for row in stated:
        mine = registered.pop((DOCUMENTS[row["doc"]], row["value_offset"]))
        place = mine["observation_id"]
        assert same_figure(row["value"], row["unit"], mine), place
        assert same_comparator(row["comparator"], mine["comparator"]), place
        assert (mine["clause"], mine["span_start"]) == (row["clause"], row["char_offset"]), place
        assert int(mine["span_start"]) <= int(row["value_offset"]) < int(mine["span_end"]), place
        if row["indicator"].endswith("·规划指标完成情况"):
            assert mine["name_as_published"] == "规划指标完成情况" and row["indicator"].startswith(mine["scope"]), place
        else:
            assert mine["name_as_published"] == row["indicator"], place
        if mine["period_text"] != row["period"]:
            other_periods[place] = row["period"]
    assert registered == {}
    assert other_periods == {place: period for place, (period, _) in CORRECTED_PERIODS.items()}


def test_figures_the_bulletins_state():
    published = rows(SHARED / "published" / "actuals.csv")
    registered = rows(DATA / "observations" / "2026-11-22-bulletins.csv")
    sources = table("register/sources.csv", "source_id")
    kinds = {"original": "bulletin", "repost": "repost"}
    other_kinds = set()
    assert len(published) == len(registered) == 303
    for row, mine in zip(published, registered, strict=True):
        place, source = mine["observation_id"], sources[mine["source_id"]]
        assert same_figure(row["value"], row["unit"], mine), place
        assert same_comparator(row["comparator"], mine["comparator"]), place
        assert (mine["name_as_published"], mine["period_text"]) == (row["indicator_name_as_published"], row["period"]), place
        assert (source["url"], source["publisher"], source["title"], source["confidence"]) == (
            row["url"], row["publisher"], row["document_title"], row["confidence"]), place
        if source["kind"] != kinds[row["source_kind"]]:
            other_kinds.add(source["source_id"])
    assert other_kinds == CORRECTED_SOURCES


def test_dates_of_publication():
    """As printed: a day, a month or a year; where a reprint adds its own date, that is when it could be read."""
    sources = table("register/sources.csv", "source_id")
    for row, mine in zip(rows(SHARED / "published" / "actuals.csv"), rows(DATA / "observations" / "2026-11-22-bulletins.csv"),
                         strict=True):
        source = sources[mine["source_id"]]
        printed = re.findall(r"\d{4}(?:-\d\d){0,2}", row["document_date"])
        if not printed:
            assert (source["published_on"], source["published_precision"]) == ("", "unknown"), mine["observation_id"]
            continue
        precision = ("year", "month", "day")[printed[-1].count("-")]
        on = printed[-1] if precision == "day" else last_day(printed[-1])
        assert (source["published_on"], source["published_precision"]) == (on, precision), mine["observation_id"]


# ── tasks, projects, sections ───────────────────────────────────────────────────────────────────────────


def test_tasks_and_who_is_responsible():
    measures = table("register/measures.csv", "measure_id")
    names = {key: row for key, row in table("register/organizations.csv", "organization_id").items()}
    registered: dict[tuple[str, str], set[str]] = {}
    for row in rows(DATA / "register" / "responsibilities.csv"):
        if row["measure_id"]:
            organization = names[row["organization_id"]]
            registered.setdefault((row["measure_id"], row["role"]), set()).add(organization["name"])
    current = {alias: row["name"] for row in names.values() for alias in row["aliases"].split(";") if alias}
    differing = {}
    tasks = annotated("tasks.csv")
    assert len(tasks) == len(measures) == 214
    for task in tasks:
        key = f"{task['doc']}-m{task['number']:03d}"
        mine = measures[key]
        assert (mine["title"], mine["section_title"], mine["clause"], mine["span_start"]) == (
            task["title"], task["section"], task["clause"], task["char_offset"])
        assert mine["deadlines"] == ";".join(last_day(day) for day in task["deadline"].split(";") if day)
        expected = {role: {current.get(unit, unit) for unit in task[column].split(";") if unit} for role, column in
                    (("lead", "lead_units"), ("support", "support_units"), ("implement", "implementing_units"))}
        if key in ANNEX_MEASURES:
            expected = {"lead": set(), "support": set(), "implement": set().union(*expected.values())}
        for role, units in expected.items():
            if units != registered.get((key, role), set()):
                differing[key, role] = (";".join(sorted(units)), ";".join(sorted(registered.get((key, role), set()))))
    assert differing == {place: (theirs, ours) for place, (theirs, ours, _) in CORRECTED_UNITS.items()}


def test_tasks_support_the_same_targets():
    linked: dict[str, set[str]] = {}
    for row in rows(DATA / "register" / "measure_targets.csv"):
        linked.setdefault(row["measure_id"], set()).add(row["target_id"])
    more = {}
    for task in annotated("tasks.csv"):
        key = f"{task['doc']}-m{task['number']:03d}"
        expected = {f"{task['doc']}-{int(seq):03d}" for seq in task["linked_targets"].split(";") if seq}
        assert expected <= linked.get(key, set()), key
        if added := linked.get(key, set()) - expected:
            more[key] = added
    assert more == {  # three links the second reader missed, and the targets that came in with the review
        "chongqing-m007": {"chongqing-007"}, "chongqing-m014": {"chongqing-013"}, "chongqing-m028": {"chongqing-004"},
        "liandu-m011": {"liandu-072b"}, "yongjia-m067": {"yongjia-135", "yongjia-136"}, "yongjia-m075": {"yongjia-137"},
        "yongjia-m076": {"yongjia-138"}, "yongjia-m077": {"yongjia-139"}, "lishui-m030": {"lishui-044"},
        "yongjia-m013": {"yongjia-144", "yongjia-145"}, "chongqing-m011": {"chongqing-070"},
        "chongqing-m024": {"chongqing-069"}, "suizhou-m004": {"suizhou-017"}, "suizhou-m005": {"suizhou-016"},
    }


def test_projects_and_their_money():
    projects = table("register/projects.csv", "project_id")
    said = annotated("projects.csv")
    assert len(said) == len(projects) == 86
    for row in said:
        mine = projects[f"{row['doc']}-p{row['number']:02d}"]
        assert mine["document_id"] == DOCUMENTS[row["doc"]]
        assert mine["name"] == re.sub(r"（\d+个）$", "", row["name"])
        assert (mine["clause"], mine["span_start"], mine["sequence"], mine["project_type"]) == (
            row["clause"], row["char_offset"], row["seq"], row["type"])
        for ours, theirs in (("total_investment_10k_cny", "total_investment_wan"), ("start_year", "start_year"),
                             ("plan_period_investment_10k_cny", "fyp14_investment_wan"), ("end_year", "end_year"),
                             ("total_start", "total_offset"), ("plan_period_start", "fyp_offset")):
            assert mine[ours] == row[theirs], (mine["project_id"], ours)
        if counted := re.search(r"（(\d+)个）$", row["name"]):
            assert mine["project_count"] == counted[1]


def test_sections():
    known = {name for row in rows(DATA / "register" / "sections.csv") for name in (row["name"], *row["aliases"].split(";"))}
    said = annotated("sections.csv")
    assert len(said) == 24
    assert {row["name"] for row in said} <= known


# ── the documents themselves ────────────────────────────────────────────────────────────────────────────

LONGEST = 40
"""Characters of a document that may stand in a row in a cell: names and titles are facts, sentences stay outside."""


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    files = {row["document_id"]: SHARED / "sources" / row["file_name"] for row in rows(DATA / "register" / "documents.csv")}
    return {key: file.read_text(encoding="utf-8") for key, file in files.items()}


def test_no_sentence_of_a_document_is_in_the_data(texts):
    """Neither as printed nor simplified, however the line breaks fall."""
    simplified = OpenCC("t2s")

    def plain(text: str) -> str:
        return simplified.convert("".join(unicodedata.normalize("NFKC", text).split()))

    size = LONGEST + 1
    runs = {text[i:i + size] for text in map(plain, texts.values()) for i in range(len(text) - size + 1)}
    offenders = []
    for path in sorted([*DATA.glob("register/*.csv"), *DATA.glob("observations/*.csv")]):
        for line, row in enumerate(rows(path), start=2):
            assert not {"quote", "as_written", "evidence"} & set(row)
            for column, cell in row.items():
                text = plain(cell) if len(cell) > LONGEST else ""
                offenders += [(path.name, line, column) for i in range(len(text) - size + 1) if text[i:i + size] in runs][:1]
    assert offenders == []


@pytest.mark.parametrize("rule, issue_id, words", [
    ("project_totals", "issue-01", ["37.71", "397100"]),
    ("two_values", "issue-02", ["93.4", "95.1"]),
    ("weaker_than_baseline", "issue-07", ["25", "24"]),
    ("out_of_line_with_siblings", "issue-17", ["24000", "33400", "57700"]),
    ("due_after_repeal", "issue-19", ["2020-11-27"]),
    ("part_larger_than_whole", "issue-22", ["1.25万亩", "4.7万亩"]),
])
def test_computed_issue_points_to_the_printed_words(connection, texts, rule, issue_id, words):
    places = connection.execute("""
        SELECT document_id, span_start, span_end FROM document_issues JOIN document_issue_passages USING (issue_id)
        WHERE rule = ? AND same_as_issue_id = ? ORDER BY position""", [rule, issue_id]).fetchall()
    assert len(places) >= 2
    passages = [unicodedata.normalize("NFKC", texts[document][start:end]) for document, start, end in places]
    assert all(passage.strip() for passage in passages)
    for word in words:
        assert any(word in passage for passage in passages), (word, passages)
