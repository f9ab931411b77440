"""Which section a name of the national table means. A name is matched when something besides the name agrees, never by guess.

Names are not unique (江口 stands in three provinces), drift over the years and look alike (中官铺, 中官浦), so the key is
province + name, and province + basin + name where one table holds the same name twice in a province.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

LAKE_WORDS = re.compile(r"水库|湖|库心|库中|库区|坝上|滇池|草海|洱海")
RIVER_ENDINGS = re.compile(r"(?:口|闸|桥|渡|下游|沟|场|队|镇|村|站)$")
"""A name that says lake or reservoir stands in it, where phosphorus limits are stricter, unless it ends as an inlet, outlet
or landmark does."""


@dataclass(frozen=True)
class Station:
    """A name of the national table with what the table says of it."""

    province: str
    name: str
    basin: str | None
    city: str | None
    river: str | None


@dataclass(frozen=True)
class KnownSection:
    """A section of the register or of an office's list. `places`: names of its county, region and the regions above."""

    section_id: str
    names: frozenset[str]
    national_names: frozenset[tuple[str, str]]
    provinces: frozenset[str]
    places: frozenset[str]
    river: str | None
    level: str | None


@dataclass
class Matched:
    """`sections`: (province, basin, name) → section_id; `new`: section_id → Station; `doubtful`: (new id, known id, reason)."""

    sections: dict[tuple[str, str | None, str], str] = field(default_factory=dict)
    new: dict[str, Station] = field(default_factory=dict)
    doubtful: list[tuple[str, str, str]] = field(default_factory=list)


def match_stations(stations: list[Station], split_names: set[tuple[str, str]], known: list[KnownSection],
                   renames: dict[tuple[str, str], str], province_codes: dict[str, str]) -> Matched:
    """Give every station a section. `split_names`: (province, name) that one table holds under several basins."""
    by_national = {key: section.section_id for section in known for key in section.national_names}
    by_name: dict[tuple[str, str], list[KnownSection]] = {}
    for section in known:
        for province in section.provinces:
            for name in section.names:
                by_name.setdefault((province, name), []).append(section)
    matched = Matched()
    groups: dict[tuple[str, str | None, str], list[Station]] = {}
    for station in stations:
        name = renames.get((station.province, station.name), station.name)
        basin = station.basin if (station.province, name) in split_names else None
        groups.setdefault((station.province, basin, name), []).append(station)
    for (province, basin, name), members in groups.items():
        called = [name, *(member.name for member in members)]  # the list of an office may give an old name
        section_id = None if basin else next((by_national[province, c] for c in called if (province, c) in by_national), None)
        if section_id is None:
            candidates = by_name.get((province, name), [])
            agreeing = [] if basin else [c for c in candidates if _agrees(c, members)]
            if len(agreeing) == 1:
                section_id = agreeing[0].section_id
            else:
                section_id = national_id(province_codes.get(province, "000000"), province, basin, name)
                matched.new[section_id] = _summary(province, basin, name, members)
                matched.doubtful += [(section_id, c.section_id, _reason(c, members, len(agreeing))) for c in candidates]
        for member in members:
            matched.sections[member.province, member.basin, member.name] = section_id
    return matched


def national_id(province_code: str, province: str, basin: str | None, name: str) -> str:
    """A stable identifier for a section that only the national table names."""
    key = f"{province}|{basin or ''}|{name}"
    return f"national-{province_code}-{hashlib.sha1(key.encode()).hexdigest()[:8]}"


def water_body_type(name: str, river: str | None) -> str:
    """river or lake_reservoir, from the words of the name and of the water it stands in: a guess, said where it is seen."""
    plain = re.sub(r"（.*?）", "", name)
    is_lake = LAKE_WORDS.search(name) and not RIVER_ENDINGS.search(plain)
    return "lake_reservoir" if is_lake or (river and LAKE_WORDS.search(river) and "河" not in river) else "river"


def _agrees(section: KnownSection, members: list[Station]) -> bool:
    """Stations of the table are 国控. Besides the name, the control level, the city or the river must agree, and none contradict."""
    if section.level not in (None, "国控"):
        return False
    cities = {m.city for m in members if m.city}
    rivers = {_river(m.river) for m in members if m.river}
    city_agrees, river_agrees = bool(cities & section.places), _river(section.river) in rivers
    if (cities and not city_agrees) or (rivers and section.river and not river_agrees):
        return False
    return section.level == "国控" or city_agrees or river_agrees


def _river(name: str | None) -> str | None:
    return re.sub(r"[（(].*$|干流$", "", name).strip() if name else None


def _reason(section: KnownSection, members: list[Station], agreeing: int) -> str:
    if agreeing > 1:
        return "同省有几个断面都对得上"
    if section.level not in (None, "国控"):
        return f"名称相同，但登记的级别是{section.level}"
    if any(m.city for m in members) and not {m.city for m in members} & section.places:
        return "名称相同，但所在地市不同"
    if any(m.river for m in members) and section.river:
        return "名称相同，但河流不同"
    return "只有名称和省份相同"


def _summary(province: str, basin: str | None, name: str, members: list[Station]) -> Station:
    """The latest label of the table wins; city and river stand only in some tables."""
    return Station(province, name, basin or members[-1].basin,
                   next((m.city for m in reversed(members) if m.city), None),
                   next((m.river for m in reversed(members) if m.river), None))
