"""The register of monitoring sections and the classes bulletins gave them, read again from where they were collected.

The collected records and the map layers stand beside the project, not in it; what needs them is skipped without them.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from shapely import Point
from shapely.geometry import shape

from etl.paths import ROOT
from etl.rules.numbers import water_class_rank

SHARED = ROOT.parent / "shared"
REGISTER = ROOT / "data" / "register"
beside = pytest.mark.skipif(not SHARED.is_dir(), reason="收集的公报记录和底图不在旁边")

REGIONS = {"丽水市": "331100", "随州市": "421300", "重庆市": "500000"}
"""Regions of the collected records; 永嘉's stations come from its plan."""

ANNOTATED_REGIONS = {"lishui": "331100", "yongjia": "330324"}

CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
KINDS = {"month", "quarter", "year", "years", "months", "date", "unknown"}

BORDER_DEGREES = 0.001
"""Town points carry four decimals and county outlines are simplified: 五通乡 lies 20 m outside its own."""

TARGETS_LEFT_OPEN = {"421300-xujiaheshuiku"}
"""Target Ⅱ in 2013, yet Ⅲ was called good enough in 2019: what holds now is not known."""

SAID_TO_MEET = {
    # bulletins that say of all their sections that they meet their function
    "pub-331100-005": "缙云2023年9月：13个断面达标率100%",
    "pub-421300-022": "随州2013年：所列断面和水库都达到功能区控制目标",
    "pub-500000-065": "黔江2024年7月：河流断面逐一写明满足水域功能要求",
    "pub-500000-066": "黔江2025年1月：同上",
    "pub-500000-069": "城口2022年3季度：达标率100%",
    "pub-500000-070": "城口2022年4季度：达标率100%",
}

COUNTY_LEFT_OPEN = {
    "331100-songxiyanxia": "庆元公报所列，国家表列在福建省",
    "500000-cuntan": "南岸区公布，寸滩在江北区",
    "500000-yangludukou": "开州区公布，养鹿在云阳县一侧",
}
"""Sections that a county's bulletin names but that need not lie in it."""

HOMONYMS = [
    # names that look alike and are different sites
    ("331100", "好溪电站", "好溪电站－灵山"), ("331100", "壶镇水源地", "壶镇自来水厂水源地"),
    ("331100", "新窑", "新建镇水源地"), ("330324", "乌牛", "乌牛平原河网"), ("330324", "瓯北", "清水埠"),
    ("330324", "瓯北", "瓯北平原河网"), ("330324", "鹅浦", "鹅浦平原河网"), ("421300", "平林", "孝昌王店"),
    ("421300", "涢水大桥", "除山大桥"), ("421300", "自来水上游", "王福窑"), ("500000", "白沙", "白沙沱"),
    ("500000", "巫山(入境)", "巫山乡"), ("500000", "巫山(入境)", "五通(入境)"), ("500000", "巫山(入境)", "培石"),
    ("500000", "清溪镇", "大溪河口上"), ("500000", "小南海水库湖心", "洞塘水库湖心"),
]

ONE_SITE = [
    ("331100", "光瑶", "光瑶断面"), ("331100", "贵南洋", "贵南洋断面"), ("331100", "堰后", "堰后断面"), ("421300", "厉山", "厉山镇"),
    ("421300", "孝昌王店", "王店"), ("421300", "徐家河水库", "徐家河水库库心、出口"), ("500000", "三合水库水源地", "三合水库"),
]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names_of(section: dict[str, str]) -> list[str]:
    return [section["name"], *(alias for alias in section["aliases"].split(";") if alias)]


@pytest.fixture(scope="module")
def sections() -> dict[str, dict[str, str]]:
    return {row["section_id"]: row for row in rows(REGISTER / "sections.csv")}


@pytest.fixture(scope="module")
def classes() -> list[dict[str, str]]:
    return rows(REGISTER / "section_classes.csv")


@pytest.fixture(scope="module")
def sources() -> dict[str, dict[str, str]]:
    return {row["source_id"]: row for row in rows(REGISTER / "sources.csv")}


@pytest.fixture(scope="module")
def regions() -> dict[str, dict[str, str]]:
    return {row["region_id"]: row for row in rows(REGISTER / "regions.csv")}


@pytest.fixture(scope="module")
def by_name(sections) -> dict[tuple[str, str], list[str]]:
    """(region, name or alias) → sections."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, row in sections.items():
        for name in names_of(row):
            found.setdefault((row["region_id"], name), []).append(key)
    return found


@pytest.fixture(scope="module")
def published(by_name) -> list[tuple[str, dict[str, str]]]:
    """Every collected record with the section it is about."""
    if not SHARED.is_dir():
        pytest.skip("收集的公报记录不在旁边")
    records = rows(SHARED / "published" / "sections.csv")
    assert len(records) == 184
    return [(by_name[REGIONS[row["region"]], row["section"]][0], row) for row in records]


# ── every named section ─────────────────────────────────────────────────────────────────────────────────


@beside
def test_every_published_section_is_registered_once(by_name):
    named = {(REGIONS[row["region"]], row["section"]) for row in rows(SHARED / "published" / "sections.csv")}
    assert len(named) == 84
    assert {key: by_name.get(key, []) for key in named if len(by_name.get(key, [])) != 1} == {}


@beside
def test_every_section_of_the_plans_is_registered_with_its_place(sections, by_name):
    said = rows(SHARED / "register" / "sections.csv")
    assert len(said) == 24
    passages = {(key, row["clause"], row["span_start"]) for key, row in sections.items() if row["span_start"]}
    assert len(passages) == 22
    repeated = 0
    for row in said:
        key, = by_name[ANNOTATED_REGIONS[row["doc"]], row["name"]]
        repeated += (key, row["clause"], row["char_offset"]) not in passages
    assert repeated == 2  # 乌牛 and 瓯北 are named twice; the first place stands


def test_numbers_of_sections_and_classes(sections, classes):
    assert Counter(row["region_id"] for row in sections.values()) == {"331100": 31, "330324": 14, "421300": 15, "500000": 41}
    assert Counter(row["site_kind"] for row in sections.values()) == {
        "section": 72, "station": 10, "reservoir_point": 13, "reach": 3, "river_network": 3}
    assert Counter(sections[row["section_id"]]["region_id"] for row in classes) == {
        "331100": 25, "330324": 10, "421300": 26, "500000": 119}


def test_identifiers_are_unique_and_name_their_region(sections, classes):
    for path, key in (("sections.csv", "section_id"), ("section_classes.csv", "section_class_id"), ("sources.csv", "source_id"),
                      ("regions.csv", "region_id")):
        seen = Counter(row[key] for row in rows(REGISTER / path))
        assert [name for name, times in seen.items() if times > 1] == []
    assert all(re.fullmatch(rf"{row['region_id']}-[a-z]+", key) for key, row in sections.items())
    assert all(row["section_class_id"].split("-")[1] == row["section_id"].split("-")[0] for row in classes)


def test_no_two_sections_share_name_region_and_river(sections):
    shared = [(a, b) for (a, first), (b, second) in combinations(sections.items(), 2)
              if (first["region_id"], first["river"]) == (second["region_id"], second["river"])
              and set(names_of(first)) & set(names_of(second))]
    assert shared == []


@pytest.mark.parametrize("region, name, other", HOMONYMS)
def test_names_that_look_alike_stay_apart(by_name, region, name, other):
    (first,), (second,) = by_name[region, name], by_name[region, other]
    assert first != second


@pytest.mark.parametrize("region, name, other", ONE_SITE)
def test_other_spellings_lead_to_the_same_section(by_name, region, name, other):
    assert by_name[region, name] == by_name[region, other]
    assert len(by_name[region, name]) == 1


@beside
def test_rivers_are_the_published_ones(sections, published):
    """A river is as published; where letters were lost, none is invented: 㵐 is certain from 氵厥, other losses are not."""
    for key, row in published:
        mine = sections[key]["river"]
        if "氵厥" in row["river"]:
            assert mine == "㵐水"
        elif "脱字" in row["river"]:
            assert mine == ("㵐水" if key == "421300-lishan" else "") and "脱" in sections[key]["note"]
        elif row["river"]:
            assert mine == row["river"], key


@beside
def test_levels_are_the_published_ones(sections, published):
    said: dict[str, set[str]] = {}
    for key, row in published:
        said.setdefault(key, set()).update(
            level for word, level in (("国控", "国控"), ("国考", "国控"), ("省控", "省控"), ("市控", "市控"), ("市考", "市控"),
                                      ("市评", "市控"), ("县控", "县控"), ("区控", "县控")) if word in row["level"])
        if "未逐一注明" in row["level"]:
            said[key].clear()
    ranks = ["国控", "省控", "市控", "县控"]
    assert {key: sections[key]["level"] for key in said} == {
        key: min(levels, key=ranks.index) if levels else "" for key, levels in said.items()}


@beside
def test_counties_are_the_published_ones(sections, published, regions):
    ids = {(row["parent_id"], row["name"]): key for key, row in regions.items()}
    left_open = set()
    for key, row in published:
        expected = ids.get((REGIONS[row["region"]], row["county"]))
        if expected and sections[key]["county_id"] != expected:
            assert sections[key]["county_id"] == "" and sections[key]["note"], key
            left_open.add(key)
    assert left_open == set(COUNTY_LEFT_OPEN)


@beside
def test_targets_are_the_latest_published_ones(sections, published):
    latest = {key: "" for key, _ in published}
    for key, row in sorted(published, key=lambda record: record[1]["period"]):
        latest[key] = row["class_target"] or latest[key]
    differing = {key for key, target in latest.items() if sections[key]["target_class"] != target}
    assert differing == TARGETS_LEFT_OPEN
    assert all(sections[key]["target_class"] == "" and "目标" in sections[key]["note"] for key in differing)
    assert {key for key, row in sections.items() if row["target_class"]} <= set(latest)


@beside
def test_sections_and_classes_name_where_they_come_from(sections, classes, sources, published):
    addresses = {}
    for key, row in published:
        addresses.setdefault(key, set()).add(row["url"])
        if row["url"]:
            assert row["url"] in {source["url"] for source in sources.values()}
    for key, row in sections.items():
        source = sources[row["source_id"]]
        assert source["kind"] == "plan" or source["url"] in addresses[key], key
        assert bool(row["clause"]) == bool(row["span_start"]) == bool(row["span_end"]) == (source["kind"] == "plan")
    for row in classes:
        assert sources[row["source_id"]]["kind"] == "plan" or sources[row["source_id"]]["url"] in addresses[row["section_id"]]


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────


def test_coordinates_and_their_basis_go_together(sections):
    for key, row in sections.items():
        assert bool(row["longitude"]) == bool(row["latitude"]) == bool(row["coordinate_basis"]), key
        assert row["coordinate_basis"] in ("", "town", "county"), "nothing here was surveyed"
        assert row["site_kind"] not in ("reach", "river_network") or not row["longitude"], "a reach is no point"
        if row["longitude"]:
            assert re.fullmatch(r"\d{2,3}\.\d{5}", row["longitude"]) and re.fullmatch(r"\d{2}\.\d{5}", row["latitude"])
        if row["coordinate_basis"] == "county":
            assert row["county_id"]


@beside
def test_points_lie_in_their_county(sections):
    layer = json.loads((SHARED / "geo" / "counties.geojson").read_text(encoding="utf-8"))
    outlines = {str(f["properties"]["code"]): shape(f["geometry"]) for f in layer["features"]}
    labels = {str(f["properties"]["code"]): (f["properties"]["lon"], f["properties"]["lat"]) for f in layer["features"]}
    towns = json.loads((SHARED / "geo" / "towns_geonames.geojson").read_text(encoding="utf-8"))["features"]
    known = {tuple(round(x, 5) for x in f["geometry"]["coordinates"]) for f in towns}
    placed = {key: row for key, row in sections.items() if row["longitude"]}
    assert len(placed) == 74
    for key, row in placed.items():
        place = float(row["longitude"]), float(row["latitude"])
        if row["county_id"]:
            assert outlines[row["county_id"]].distance(Point(place)) <= BORDER_DEGREES, key
        else:  # on a border: still within its region
            assert any(outline.covers(Point(place)) for code, outline in outlines.items()
                       if code.startswith(row["region_id"][:4 if row["region_id"] != "500000" else 2])), key
        if row["coordinate_basis"] == "county":
            assert place == labels[row["county_id"]], key
        else:
            assert place in known, key


# ── classes ─────────────────────────────────────────────────────────────────────────────────────────────


def days_of(period: str) -> tuple[str, str]:
    """First and last day of a published period; empty where the year is not known."""
    if re.search(r"某年|未注明", period):
        return "", ""
    first, last = re.fullmatch(r"(\d{4}(?:-\d\d|Q\d)?)(?:[/-](\d{4}|\d\d))?(?:（年均值）)?", period).groups()
    if last and "-" in first:  # 2018-01/04
        last = f"{first[:4]}-{last}"
    return str(pd.Period(first).start_time.date()), str(pd.Period(last or first).end_time.date())


@beside
def test_every_published_class_is_registered(classes, published):
    """The same number of records, and each one's class, period, target and verdict as published."""
    left = [row for row in classes if not row["section_id"].startswith("330324-")]
    stated = [(key, row) for key, row in published if row["class_actual"]]
    assert len(stated) == len(left) == 170
    for key, row in stated:
        said = row["class_actual"]
        letters = re.match("劣Ⅴ|[ⅠⅡⅢⅣⅤ]", said)
        expected = (key, row["period"], letters[0] if letters else "", row["class_target"], *days_of(row["period"]))
        match = [mine for mine in left if expected == (
            mine["section_id"], mine["period_text"], mine["class"], mine["target_class"], mine["period_start"], mine["period_end"])]
        assert len(match) == 1, expected
        mine, = match
        left.remove(mine)
        assert mine["class_basis"] == ("published_class" if letters else "published_statement")
        if "超标" in said:
            assert mine["meets_function"] == "false"
        elif "达标" in said or "符合" in said:
            assert mine["meets_function"] == "true"
        else:
            all_meet = mine["source_id"] in SAID_TO_MEET and "湖心" not in row["section"]
            assert mine["meets_function"] == ("true" if all_meet else ""), mine["section_class_id"]
    assert left == []


@beside
def test_function_targets_without_a_period_are_no_classes(sections, classes, published):
    """The functions of 2012 are targets of the sections, not what was measured."""
    functions = [(key, row) for key, row in published if "功能类别" in row["period"]]
    assert len(functions) == 12
    measured = {row["section_id"] for row in classes}
    for key, row in functions:
        assert key not in measured
        assert sections[key]["target_class"] == row["class_target"] and "2012" in sections[key]["note"]


def test_classes_are_what_they_say(sections, classes):
    for row in classes:
        key = row["section_class_id"]
        assert row["section_id"] in sections and row["period_kind"] in KINDS
        assert bool(row["period_start"]) == bool(row["period_end"]) == (row["period_kind"] != "unknown"), key
        assert row["period_start"] <= row["period_end"]
        assert row["class"] in ("", *CLASSES) and row["target_class"] in ("", *CLASSES)
        assert (row["class_basis"] == "published_class") == bool(row["class"]), key
        assert row["class"] or row["meets_function"] in ("true", "false"), key
        if row["class"] and row["target_class"] and row["meets_function"]:
            reached = water_class_rank(row["class"]) <= water_class_rank(row["target_class"])
            assert reached == (row["meets_function"] == "true"), key


def test_period_kinds_fit_their_days(classes):
    frame = pd.DataFrame([row for row in classes if row["period_start"]])
    start, end = pd.to_datetime(frame["period_start"]), pd.to_datetime(frame["period_end"])
    months = (end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month + 1
    whole = (start.dt.day == 1) & (end.dt.is_month_end)
    fits = {"month": whole & (months == 1), "quarter": whole & (months == 3), "year": whole & (months == 12),
            "months": whole & months.between(2, 11), "years": whole & (months > 12) & (months % 12 == 0), "date": start == end}
    wrong = [key for kind, fit in fits.items() for key in frame.loc[(frame["period_kind"] == kind) & ~fit, "section_class_id"]]
    assert wrong == []


def test_one_class_per_section_period_and_source(classes):
    seen = Counter((row["section_id"], row["period_text"], row["source_id"]) for row in classes)
    assert [key for key, times in seen.items() if times > 1] == []


def test_ten_stations_of_yongjia(sections, classes):
    mine = {sections[row["section_id"]]["name"]: row for row in classes if row["section_id"].startswith("330324-")}
    assert {name for name, row in mine.items() if row["meets_function"] == "true"} == {
        "清水埠", "石柱", "碧莲", "沙头", "黄坦", "窑底", "桥下"}
    assert {name for name, row in mine.items() if row["meets_function"] == "false"} == {"鹅浦", "乌牛", "瓯北"}
    for row in mine.values():
        assert (row["period_end"], row["class"], row["source_id"]) == ("2020-12-31", "", "plan-yongjia-2021")
        assert row["worst_parameters"] == ("氨氮、总磷" if row["meets_function"] == "false" else "")


@beside
def test_passages_of_the_ten_stations_name_them(sections, classes):
    document, = [row for row in rows(REGISTER / "documents.csv") if row["document_id"] == "yongjia-2021"]
    text = (SHARED / "sources" / document["file_name"]).read_text(encoding="utf-8")
    for row in classes:
        if row["span_start"]:
            passage = text[int(row["span_start"]):int(row["span_end"])]
            assert sections[row["section_id"]]["name"] in passage
            assert ("不满足" in passage) == (row["meets_function"] == "false")
            assert all(word in passage for word in row["worst_parameters"].split("、"))


# ── the national table ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def national() -> dict[tuple[str, str], set[str]]:
    """(province, name) of the national table in April 2021 → basins."""
    if not SHARED.is_dir():
        pytest.skip("国家表不在旁边")
    found: dict[tuple[str, str], set[str]] = {}
    with (SHARED / "cnemc" / "measurements_2021-04.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["省份"], row["断面名称"]), set()).add(row["流域"])
    return found


def test_national_names_are_the_only_ones_in_their_province(sections, national):
    named = [(key, tuple(name.split("|"))) for key, row in sections.items() for name in row["national_names"].split(";") if name]
    assert len(named) == len({name for _, name in named}) == 12
    for key, (province, name) in named:
        assert len(national.get((province, name), ())) == 1, name
        assert name in names_of(sections[key]) and "国家表" in sections[key]["note"]
        assert sections[key]["level"] in ("", "国控")
        assert sections[key]["site_kind"] in ("section", "station")


def test_renamed_stations_stood_in_the_table(national):
    renames = rows(REGISTER / "national_renames.csv")
    assert len(renames) == 4
    for row in renames:
        assert (row["province"], row["name"]) in national and (row["province"], row["current_name"]) not in national
        assert row["basis"]


def test_every_province_of_the_table_is_a_region(national, regions):
    known = {row["name"]: key for key, row in regions.items() if key.endswith("0000")}
    assert {province for province, _ in national} <= set(known)
    assert len(known) == 31
    assert all(regions[key]["parent_id"] == "" and regions[key]["level"] in ("province", "municipality") for key in known.values())
