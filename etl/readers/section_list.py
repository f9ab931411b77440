"""Reads an office's own list of sections: CSV or XLSX as offices keep them, with a heading row somewhere near the top.

Columns are found by their headings (Chinese or English, see HEADINGS); what else the sheet holds is named and left
alone. Every stated value must be understood, or the whole list is refused with one problem per cell.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from etl.problems import DataProblems, Problem, refused
from etl.readers.office_file import Cells, read_bytes, read_cells
from etl.rules.coordinates import COORDINATE_SYSTEMS, to_wgs84
from etl.rules.entry_values import Misread, read_class
from etl.rules.numbers import WATER_CLASSES

MAX_BYTES = 10_000_000
MAX_ROWS, MAX_CELL, HEADING_WITHIN = 20_000, 200, 10

NEW = "新增"
"""Answer in the column 断面编号: this is a section the product does not know yet."""

HEADINGS = {
    "section_id": ("断面编号", "section_id"),
    "name": ("断面名称", "断面", "点位名称", "监测断面", "名称", "name"),
    "province": ("省份", "省", "所在省份", "省(市)", "province"),
    "city": ("城市", "地市", "市", "所在城市", "所在地市", "设区市", "city"),
    "county": ("县", "县区", "区县", "县(市、区)", "县(市区)", "区(县)", "所在县", "所在区县", "所在县区", "县级行政区", "county"),
    "river": ("河流", "所在河流", "所属河流", "所在水体", "水体名称", "河流名称", "河流(湖库)", "river"),
    "level": ("级别", "断面级别", "控制级别", "level"),
    "water_body_type": ("水体类型", "水体类别", "water_body_type"),
    "target_class": ("目标类别", "水质目标", "目标水质", "水质目标类别", "考核目标", "target_class"),
    "longitude": ("经度", "东经", "longitude", "lon", "lng"),
    "latitude": ("纬度", "北纬", "latitude", "lat"),
    "coordinate_system": ("坐标系", "坐标系统", "coordinate_system", "crs"),
    "national_name": ("国家网名称", "国家网断面名称", "national_name"),
}
COLUMN_OF = {heading: column for column, headings in HEADINGS.items() for heading in headings}
TITLE = {column: headings[0] for column, headings in HEADINGS.items()}

NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "不详", "n/a"}
LEVELS = {"国": "国控", "省": "省控", "市": "市控", "县": "县控", "区": "县控", "县(区)": "县控", "区(县)": "县控", "区县": "县控",
          "县(市、区)": "县控", "县(市区)": "县控"}
WATER_BODIES = {"river": "river", "lake_reservoir": "lake_reservoir", "lake": "lake_reservoir", "reservoir": "lake_reservoir",
                "河流": "river", "河道": "river", "河": "river", "溪流": "river",
                **dict.fromkeys(("湖库", "湖泊", "水库", "湖", "库", "湖泊水库", "湖(库)", "湖、库"), "lake_reservoir")}
SYSTEMS = {**{system: system for system in COORDINATE_SYSTEMS}, "wgs-84": "wgs84", "wgs1984": "wgs84", "epsg:4326": "wgs84",
           "gps": "wgs84", "cgcs-2000": "cgcs2000", "国家2000": "cgcs2000", "2000国家大地坐标系": "cgcs2000", "大地2000": "cgcs2000",
           "国家大地2000": "cgcs2000", "2000坐标系": "cgcs2000", "epsg:4490": "cgcs2000", "gcj-02": "gcj02", "火星坐标": "gcj02",
           "火星坐标系": "gcj02", "国测局坐标": "gcj02", "高德": "gcj02", "高德地图": "gcj02", "腾讯地图": "gcj02"}
RANGES = {"longitude": (73.0, 136.0), "latitude": (3.0, 54.0)}
"""Degrees; China with its seas."""
DEGREES = re.compile(r"(\d+(?:\.\d+)?)°?|(\d+)[°度]\s*(\d+(?:\.\d+)?)[′'’分]?\s*(?:(\d+(?:\.\d+)?)(?:″|′′|''|\"|”|秒)?)?")


@dataclass(frozen=True)
class ListedSection:
    """One line of the list. `longitude`, `latitude`: WGS84 degrees; `coordinate_system`: the one they came in."""

    row: int
    name: str
    section_id: str | None
    province: str | None
    city: str | None
    county: str | None
    river: str | None
    level: str | None
    water_body_type: str | None
    target_class: str | None
    longitude: float | None
    latitude: float | None
    coordinate_system: str | None
    national_name: str | None


@dataclass(frozen=True)
class SectionList:
    """A list as read. `place`: file and sheet, for messages; `ignored`: headings that are not among HEADINGS."""

    place: str
    sha256: str
    rows: list[ListedSection]
    ignored: list[str]


def read_section_list(path: Path, coordinate_system: str | None) -> SectionList:
    """Read the list; `coordinate_system` holds for rows that do not name their own. Raises DataProblems."""
    content = read_bytes(path, MAX_BYTES)
    place, cells = read_cells(path.name, content, lambda cells: _heading_position(cells) is not None)
    at = _heading_position(cells)
    if at is None:
        raise refused(path.name, f"前 {HEADING_WITHIN} 行里找不到表头", f"表头一行要有“断面名称”，可有：{'、'.join(TITLE.values())}")
    line, headings = cells[at].line, [_heading(text) for text in cells[at].texts]
    columns = {position: COLUMN_OF[heading] for position, heading in enumerate(headings) if heading in COLUMN_OF}
    repeated = sorted({TITLE[c] for c in columns.values() if list(columns.values()).count(c) > 1})
    if repeated:
        raise refused(place, "有两列是同一个意思", "只留一列，另一列改名或删去", row=line, found="、".join(repeated))
    problems: list[Problem] = []
    rows = []
    for number, texts in cells[at + 1:]:
        record = {column: _text(texts[position]) for position, column in columns.items() if position < len(texts)}
        if any(record.values()):
            rows.append(_understand(record, number, place, coordinate_system, problems))
    if not rows and not problems:
        problems.append(Problem(place, "表头下面没有断面", "补上断面再导入", row=line))
    if len(rows) > MAX_ROWS:
        problems = [Problem(place, f"超过 {MAX_ROWS} 行", "拆成几个文件", found=f"{len(rows)} 行")]
    if problems:
        raise DataProblems(problems)
    ignored = [heading for heading in headings if heading and heading not in COLUMN_OF]
    return SectionList(place, hashlib.sha256(content).hexdigest(), rows, ignored)


# ── the headings ─────────────────────────────────────────────────────────────────────────────────────────────
def _heading(cell: str) -> str:
    """A heading without blanks, required marks and units: ' 经度（°）* ' → '经度'."""
    plain = re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", cell)).lower()
    return plain if plain in COLUMN_OF else re.sub(r"\([^)]*\)$", "", plain)


def _heading_position(cells: list[Cells]) -> int | None:
    names = set(HEADINGS["name"])
    return next((at for at, line in enumerate(cells[:HEADING_WITHIN]) if names & {_heading(t) for t in line.texts}), None)


def _text(cell: str) -> str | None:
    """What a cell says: control characters and runs of blanks become one blank, a placeholder becomes None."""
    text = re.sub(r"[\s\x00-\x1f\x7f\u200b\ufeff]+", " ", cell).strip()
    return None if text.lower() in NOTHING else text


# ── the values ──────────────────────────────────────────────────────────────────────────────────────────────
def _understand(record: dict[str, str | None], row: int, place: str, default_system: str | None,
                problems: list[Problem]) -> ListedSection:
    def complain(column: str, rule: str, remedy: str) -> None:
        problems.append(Problem(place, rule, remedy, row, TITLE[column], record.get(column)))

    def value(column: str, parse: Callable[[str], str | None], rule: str, remedy: str) -> str | None:
        text = record.get(column)
        understood = parse(text) if text else None
        if text and understood is None:
            complain(column, rule, remedy)
        return understood

    for column, text in record.items():
        if text and len(text) > MAX_CELL:
            problems.append(Problem(place, f"超过 {MAX_CELL} 个字", "写短一些；多半是别的列错位了", row, TITLE[column], text[:20]))
    if not record.get("name"):
        complain("name", "没有断面名称", "补上名称；不是断面的行（合计、备注）请删去")
    level = value("level", _level, "不认识的级别", "写 国控、省控、市控 或 县控")
    body = value("water_body_type", lambda t: WATER_BODIES.get(_plain(t)), "不认识的水体类型", "写 河流 或 湖库")
    target = value("target_class", _water_class, "不认识的水质类别", "写 Ⅰ、Ⅱ、Ⅲ、Ⅳ、Ⅴ 或 劣Ⅴ，一格一个")
    own_system = value("coordinate_system", lambda t: SYSTEMS.get(_plain(t)), "不认识的坐标系",
                       "写 wgs84、cgcs2000 或 gcj02；百度、西安80、北京54 坐标请先转换")
    system = own_system or (None if record.get("coordinate_system") else default_system)
    position = _position(record, complain)
    if position and not system and not record.get("coordinate_system"):
        complain("longitude", "有坐标，但没有说是哪一种坐标系",
                 "加一列“坐标系”，或导入时加 --crs wgs84、--crs cgcs2000 或 --crs gcj02（高德、腾讯地图）")
    longitude, latitude = to_wgs84(*position, system) if position and system else (None, None)
    answer = record.get("section_id")
    return ListedSection(
        row, record.get("name") or "", NEW if answer and answer.lower() in ("新", "new") else answer, record.get("province"),
        record.get("city"), record.get("county"), record.get("river"), level, body, target, longitude, latitude,
        system if position else None, record.get("national_name"))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def _level(text: str) -> str | None:
    """'国考断面', '省级', '县（区）控' → 国控, 省控, 县控."""
    return LEVELS.get(re.sub(r"(?:控|考|级|控制|考核|断面|点位)+$", "", _plain(text).replace("国家", "国")))


def _water_class(text: str) -> str | None:
    """'III类', '3', '三类', '第三类' → Ⅲ."""
    try:
        return WATER_CLASSES[read_class(text) - 1]
    except Misread:
        return None


def _position(record: dict[str, str | None], complain: Callable[[str, str, str], None]) -> tuple[float, float] | None:
    """Longitude and latitude in degrees as stated, or None when there is none or a complaint was made."""
    degrees: dict[str, float] = {}
    for column in RANGES:
        if text := record.get(column):
            stated = _degrees(text)
            if stated is None:
                complain(column, "不是度数", "写成小数（119.9213）或度分秒（119°55′17″）")
                return None
            degrees[column] = stated
    if not degrees:
        return None
    if len(degrees) == 1:
        missing = next(column for column in RANGES if column not in degrees)
        complain(missing, "经度、纬度只有一个", "补上另一个，或两个都空着")
        return None
    longitude, latitude = degrees["longitude"], degrees["latitude"]
    outside = [c for c, (low, high) in RANGES.items() if not low <= degrees[c] <= high]
    if 73 <= latitude <= 136 and 3 <= longitude <= 54:
        complain("longitude", "经纬度可能颠倒了", "把经度、纬度两格对换")
    elif outside:
        complain(outside[0], "不在中国范围内（经度 73～136，纬度 3～54）", "核对度数；单位应是度，不是米")
    return None if outside else (longitude, latitude)


def _degrees(text: str) -> float | None:
    plain = re.sub(r"^(?:东经|北纬|[EN])|[EN]$", "", unicodedata.normalize("NFKC", text).strip(), flags=re.IGNORECASE).strip()
    match = DEGREES.fullmatch(plain)
    if not match:
        return None
    if match[1]:
        return float(match[1])
    minutes, seconds = float(match[3]), float(match[4] or 0)
    return int(match[2]) + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None
