"""Which section a name of the national table means: never by the name alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.rules.station_identity import KnownSection, Station, match_stations, national_id, water_body_type

CODES = {"浙江省": "330000", "重庆市": "500000", "湖北省": "420000"}


def station(name: str = "测口", province: str = "浙江省", basin: str | None = "浙闽片河流", city: str | None = None,
            river: str | None = None) -> Station:
    return Station(province, name, basin, city, river)


def known(section_id: str = "331100-ce", names: tuple[str, ...] = ("测口",), national: tuple[tuple[str, str], ...] = (),
          provinces: tuple[str, ...] = ("浙江省",), places: tuple[str, ...] = ("浙江省", "丽水市", "莲都区"), river: str | None = "大溪",
          level: str | None = None) -> KnownSection:
    return KnownSection(section_id, frozenset(names), frozenset(national), frozenset(provinces), frozenset(places), river, level)


def match(*stations: Station, registered: tuple[KnownSection, ...] = (), split: set | None = None, renames: dict | None = None):
    return match_stations(list(stations), split or set(), list(registered), renames or {}, CODES)


def place_of(found, one: Station) -> str:
    return found.sections[one.province, one.basin, one.name]


@pytest.mark.parametrize("section, one, matched, reason", [
    # only the name agrees
    (known(), station(), False, "只有名称和省份相同"),
    (known(river=None), station(river="大溪"), False, "只有名称和省份相同"),
    # something besides the name agrees
    (known(), station(city="丽水市"), True, None),
    (known(), station(city="莲都区"), True, None),
    (known(), station(river="大溪"), True, None),
    (known(), station(river="大溪干流"), True, None),
    (known(river="大溪（莲都段）"), station(river="大溪"), True, None),
    (known(level="国控"), station(), True, None),
    (known(level="国控", river=None), station(river="小溪"), True, None),
    # something contradicts
    (known(level="国控"), station(city="温州市"), False, "名称相同，但所在地市不同"),
    (known(level="国控"), station(river="小溪"), False, "名称相同，但河流不同"),
    (known(), station(city="温州市", river="大溪"), False, "名称相同，但所在地市不同"),
    (known(), station(city="丽水市", river="小溪"), False, "名称相同，但河流不同"),
    (known(level="省控"), station(city="丽水市", river="大溪"), False, "名称相同，但登记的级别是省控"),
    # another province, another name
    (known(), station(province="重庆市", city="丽水市"), False, None),
    (known(), station(name="测囗", city="丽水市"), False, None),
    # other spellings that the register knows, and the name in the table that somebody entered
    (known(names=("测口断面", "测口")), station(city="丽水市"), True, None),
    (known(names=("别名",), national=(("浙江省", "测口"),), level="省控"), station(city="温州市", river="小溪"), True, None),
    (known(names=("别名",), national=(("重庆市", "测口"),)), station(), False, None),
])
def test_a_name_needs_company(section, one, matched, reason):
    found = match(one, registered=(section,))
    assert (place_of(found, one) == section.section_id) == matched
    assert [doubt[1:] for doubt in found.doubtful] == ([(section.section_id, reason)] if reason else [])
    assert len(found.new) == (not matched)


def test_two_candidates_are_no_match():
    two = (known("331100-a"), known("331100-b"))
    found = match(station(city="丽水市"), registered=two)
    assert [doubt[1:] for doubt in found.doubtful] == [("331100-a", "同省有几个断面都对得上"), ("331100-b", "同省有几个断面都对得上")]
    assert {place for place in found.sections.values()} == set(found.new)


def test_of_two_candidates_the_one_that_agrees():
    found = match(station(river="大溪"), registered=(known("331100-a", river="小溪"), known("331100-b")))
    assert list(found.sections.values()) == ["331100-b"] and not found.new and not found.doubtful


def test_city_or_river_of_any_row_of_the_name_count():
    """Tables before 2020-05 and after 2026-04 do not name the city; under another basin label it is the same station."""
    early, late = station(basin="长江流域"), station(basin="太湖流域", city="丽水市")
    for order in itertools.permutations([early, late]):
        found = match(*order, registered=(known(),))
        assert set(found.sections.values()) == {"331100-ce"} and len(found.sections) == 2


def test_renamed_stations_are_one():
    old, new, elsewhere = station("测码头"), station("测江码头"), station("测码头", province="重庆市")
    found = match(old, new, elsewhere, renames={("浙江省", "测码头"): "测江码头"})
    assert place_of(found, old) == place_of(found, new) != place_of(found, elsewhere)
    assert found.new[place_of(found, old)].name == "测江码头" and found.new[place_of(found, elsewhere)].name == "测码头"


@pytest.mark.parametrize("entered", ["测码头", "测江码头"])
def test_an_office_may_enter_the_old_or_the_new_name(entered):
    old, new = station("测码头"), station("测江码头")
    found = match(old, new, registered=(known("331100-x", names=("乙",), national=(("浙江省", entered),)),),
                  renames={("浙江省", "测码头"): "测江码头"})
    assert set(found.sections.values()) == {"331100-x"}


def test_homonyms_of_one_province_are_split_by_basin():
    east, west = station(basin="太湖流域"), station(basin="长江流域")
    section = known(level="国控", national=(("浙江省", "测口"),))
    found = match(east, west, registered=(section,), split={("浙江省", "测口")})
    assert place_of(found, east) != place_of(found, west)
    assert section.section_id not in found.sections.values()  # which of the two it is nobody knows
    assert {doubt[1] for doubt in found.doubtful} == {section.section_id} and len(found.doubtful) == 2


def test_the_latest_label_and_the_latest_known_city_describe_a_new_section():
    found = match(station(basin="淮河流域", city="宿迁市", river="测河"), station(basin="海河流域"))
    section, = found.new.values()
    assert (section.basin, section.city, section.river) == ("海河流域", "宿迁市", "测河")


def test_identifiers_are_written_down_in_lists_and_must_never_change():
    assert national_id("330000", "浙江省", None, "测口") == "national-330000-35b58e8a"
    found = match(station(), station(province="某省"))
    assert sorted(found.new) == sorted([national_id("330000", "浙江省", None, "测口"), national_id("000000", "某省", None, "测口")])


NAMES = st.sampled_from(["测口", "测江", "测江口", "口"])


@given(st.sets(st.tuples(st.sampled_from(sorted(CODES)), st.sampled_from(["甲流域", "乙流域"]), NAMES), min_size=1), st.randoms())
def test_every_station_has_one_section_whatever_the_order(keys, dice):
    stations = [Station(province, name, basin, None, None) for province, basin, name in sorted(keys)]
    found = match(*stations)
    shuffled = list(stations)
    dice.shuffle(shuffled)
    assert match(*shuffled).sections == found.sections
    assert set(found.sections) == keys and set(found.sections.values()) == set(found.new)
    assert len(found.new) == len({(province, name) for province, _, name in keys})


@pytest.mark.parametrize("name, river, kind", [
    ("测石桥", None, "river"), ("测石水库", None, "lake_reservoir"), ("测湖心", None, "lake_reservoir"), ("测湖口", None, "river"),
    ("测水库坝上", None, "lake_reservoir"), ("测水库大桥", None, "river"), ("测桥", "测湖", "lake_reservoir"), ("测桥", "测湖河", "river"),
    ("测闸（水库）", None, "river"), ("测心（测湖）", None, "lake_reservoir"), ("库尔测", None, "river"),
])
def test_lakes_by_their_names(name, river, kind):
    assert water_body_type(name, river) == kind
