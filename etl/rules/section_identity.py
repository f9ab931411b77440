"""Which known section a line of an office's list means. Never by guess: what is not plain becomes a question.

A known section is meant when its name is the same, one more thing agrees (county, city or river) and nothing stated
contradicts, and when it is the only one of that kind. Names alone do not tell: 江口 stands in three provinces, 中官铺
and 中官浦 are two sections, and the same section is written 两河口(草埠湖水厂) and 两河口（草埠湖水厂）.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher

SIMILAR_FROM = 0.66
"""Share of common characters from which two names may be one misspelt: one different character of three."""
_TAIL = re.compile(r"(?:水质)?(?:自动)?(?:监测)?(?:断面|站点?|点位)$")
_DIVISION = re.compile(r"(?:壮族|回族|维吾尔|土家族|苗族|畲族)*自治[县州区]$|[省市县区]$")
_MARKS = re.compile(r"[\s()\[\]{}〔〕【】·・\-—–~_,、.'\"“”]")


@dataclass(frozen=True)
class Mentioned:
    """A section as somebody writes of it. `place`: codes of its county (if known), city and province, from below.

    `names` and `national` (province and name in the national table) are as `plain_name` makes them.
    """

    names: frozenset[str]
    national: frozenset[tuple[str, str]]
    place: tuple[str, ...]
    river: str | None


@dataclass(frozen=True)
class Known(Mentioned):
    """A section of the database; `is_national_only`: only the national table names it. `name` is as written there."""

    section_id: str
    is_national_only: bool
    name: str


@dataclass(frozen=True)
class Verdict:
    """`match`: the section meant. Else `candidates` that may be meant, with the `reason` for asking; none: a new one."""

    match: Known | None = None
    candidates: tuple[Known, ...] = ()
    reason: str = ""


def plain_name(name: str) -> str:
    """A name without what writers vary: width of letters, blanks, brackets, dashes, the word 断面 or 站 at the end."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", name)).lower()
    return _TAIL.sub("", plain) or plain


def division_stem(name: str) -> str:
    """A province, city or county as people say it: 酉阳 for 酉阳土家族苗族自治县; 随县 stays, a single character says nothing."""
    stem = _DIVISION.sub("", name)
    return stem if len(stem) > 1 else name


def identify(listed: Mentioned, known: Collection[Known]) -> Verdict:
    """The section that is meant by its own name; `known` may hold just its namesakes."""
    same = [section for section in known if not _is_elsewhere(listed, section)
            and (listed.names & section.names or listed.national & section.national)]
    if listed.national and any(not section.is_national_only for section in same):
        same = [section for section in same if not section.is_national_only]  # the other is its name in the national table
    if not same:
        return Verdict()
    if len(same) > 1:
        return Verdict(None, tuple(same), "有几个断面都叫这个名字")
    section = same[0]
    if _contradicts(listed.river, section.river):
        return Verdict(None, (section,), "名称相同，河流不同")
    if len(listed.place) == 3 and len(section.place) == 3 and listed.place[0] != section.place[0]:
        return Verdict(None, (section,), "名称相同，县不同")
    if not _agrees(listed, section):
        return Verdict(None, (section,), "只有名称相同，没有地点或河流可以印证")
    return Verdict(section)


def look_alikes(listed: Mentioned, known: Collection[Known]) -> Verdict:
    """Sections of the same place or river whose name is nearly the same, for a line that `identify` found new."""
    near = [section for section in known if not _is_elsewhere(listed, section) and _agrees(listed, section)
            and not _contradicts(listed.river, section.river)
            and not (len(listed.place) == 3 and len(section.place) == 3 and listed.place[0] != section.place[0])
            and any(_is_similar(one, other) for one in listed.names for other in section.names)]
    return Verdict(None, tuple(near), "名称相近") if near else Verdict()


def _is_elsewhere(one: Mentioned, other: Mentioned) -> bool:
    """Both places are known and lie in different cities, or in different provinces."""
    return any(a != b for a, b in zip(one.place[::-1][:2], other.place[::-1][:2]))


def _agrees(one: Mentioned, other: Mentioned) -> bool:
    """The city (and so what is known of the county), the river or the name in the national table is the same."""
    same_city = len(one.place) > 1 and len(other.place) > 1 and one.place[-2:] == other.place[-2:]
    return same_city or bool(one.national & other.national) or _same_river(one.river, other.river)


def _same_river(one: str | None, other: str | None) -> bool:
    """'瓯江', '瓯江干流' and '瓯江（大溪）' are one river."""
    if not one or not other:
        return False
    first, second = _river(one), _river(other)
    return bool(first and second) and (first in second or second in first)


def _contradicts(one: str | None, other: str | None) -> bool:
    return bool(one and other) and not _same_river(one, other)


def _river(name: str) -> str:
    return re.sub(r"\(.*$|干流|\s", "", unicodedata.normalize("NFKC", name))


def _is_similar(one: str, other: str) -> bool:
    """One character of three differs, or one name holds the other: 坝口 and 长潭水库坝口."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > 1 and (shorter in longer or SequenceMatcher(None, one, other).ratio() >= SIMILAR_FROM)
