"""Takes an office's own list of sections in: read, place, recognise, store. All lines or none.

What is stored is one line per section and list in data/register/office_sections.csv; a refresh completes and corrects
the sections with it, later lists winning. Lines that may mean a known section are not guessed: they come back as
questions (Problems that list the candidates), answered in the list's column 断面编号.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from etl.files import replace_files
from etl.paths import OFFICE_SECTIONS
from etl.problems import DataProblems, Problem
from etl.readers.section_list import NEW, TITLE, ListedSection, SectionList, read_section_list
from etl.rules.section_identity import Known, Mentioned, Verdict, division_stem, identify, look_alikes, plain_name

COLUMNS = ["section_id", "name", "province", "city", "county", "region_id", "county_id", "river", "level", "water_body_type",
           "target_class", "longitude", "latitude", "coordinate_system", "national_name", "file_name", "file_sha256",
           "file_row", "imported_at"]
"""Of data/register/office_sections.csv, described in data/datapackage.json."""

LEVELS = {"province": {"province", "municipality"}, "city": {"prefecture", "municipality"},
          "county": {"county", "district", "county_level_city", "autonomous_county"}}
NO_CITY = {"市辖区", "县", "省直辖县级行政区划", "直辖县"}
"""What lists write where there is no city between province and county."""


@dataclass(frozen=True)
class Register:
    """What is known. `sections`: section_id, name, aliases, national_names, region_id, county_id, river, origin of the
    points (no reaches or networks); `regions`: region_id, name, level, parent_id; `plan_regions`: regions with a plan.
    """

    sections: pd.DataFrame
    regions: pd.DataFrame
    plan_regions: Collection[str]


@dataclass(frozen=True)
class ImportedSections:
    """What became of a list: `matched` lines are known sections, `new` ones were not. Both 0 when it was known already.

    `take_back` removes the lines again; None when nothing was stored.
    """

    file_name: str
    matched: int
    new: int
    already_imported: bool
    ignored_headings: list[str]
    take_back: Callable[[], None] | None = field(default=None, compare=False)


def import_section_list(path: Path, register: Register, coordinate_system: str | None, today: date,
                        store: Path = OFFICE_SECTIONS) -> ImportedSections:
    """Add the list to `store`; `coordinate_system` (wgs84, cgcs2000, gcj02) holds for lines that do not name their own.

    Raises DataProblems for whatever is wrong or has to be asked; then nothing has changed. The very same file again
    changes nothing. Two imports at once must be kept apart by the caller (versions.one_writer).
    """
    listed = read_section_list(path, coordinate_system)
    stored = _read_store(store)
    again = [line for line in stored if line["file_sha256"] == listed.sha256]
    if again:
        _check_same_coordinates(listed, again)
        return ImportedSections(path.name, 0, 0, True, listed.ignored)
    atlas = _Atlas(register)
    lines, new = _recognise(listed, atlas, _known_sections(register, stored, atlas))
    for line in lines:
        line.update(file_name=path.name, file_sha256=listed.sha256, imported_at=today.isoformat())
    return ImportedSections(path.name, len(lines) - new, new, False, listed.ignored, _append(store, lines))


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────
class _Atlas:
    """The administrative regions by name, and what lies in what."""

    def __init__(self, register: Register):
        rows = register.regions[["region_id", "name", "level", "parent_id"]].astype(object).where(lambda f: f.notna(), None)
        self.regions = {code: (name, level, parent) for code, name, level, parent in rows.itertuples(index=False)}
        self.plan_regions = register.plan_regions
        self.codes: dict[tuple[str, str], set[str]] = {}
        for code, (name, level, _) in self.regions.items():
            for kind, members in LEVELS.items():
                for known_as in {name, division_stem(name)} if level in members else ():
                    self.codes.setdefault((kind, known_as), set()).add(code)

    def name(self, code: str | None) -> str | None:
        return self.regions[code][0] if code in self.regions else None

    def place(self, code: str | None) -> tuple[str, ...]:
        """Codes of county (if known), city and province, from below; a municipality is both city and province."""
        levels: dict[str, str] = {}
        while code in self.regions:
            for kind, members in LEVELS.items():
                if self.regions[code][1] in members:
                    levels[kind] = code
            code = self.regions[code][2]
        return tuple(levels[kind] for kind in ("county", "city", "province") if kind in levels)

    def find(self, kind: str, name: str) -> str | None:
        """The code of a province, city or county by its name, full or without 省, 市, 县, 区."""
        for known_as in (name, division_stem(name)):
            codes = self.codes.get((kind, known_as), set())
            if len(codes) == 1:
                return next(iter(codes))
        return None

    def region_of(self, place: tuple[str, ...]) -> str | None:
        """The region whose page shows the section: the city, or the county where only that one has a plan."""
        if len(place) < 2:
            return None
        return next((code for code in place[::-1][1:] if code in self.plan_regions), place[-2])


def _place(row: ListedSection, atlas: _Atlas, where: str, problems: list[Problem]) -> tuple[str, ...] | None:
    """Where the line says the section is; what it says must be known and must fit together, else None and a problem."""
    place: tuple[str, ...] = ()
    for kind in ("province", "city", "county"):
        text = getattr(row, kind)
        if not text or (kind == "city" and text in NO_CITY):
            continue
        code = atlas.find(kind, text)
        if code is None:
            problems.append(Problem(where, "不认识这个行政区", "核对写法；登记了的行政区见 data/register/regions.csv，其他地方的断面请删去",
                                    row.row, TITLE[kind], text))
            return None
        inside = atlas.place(code)
        if place and inside[-len(place):] != place:
            problems.append(Problem(where, f"{text} 不在 {atlas.name(place[0])}", "核对省、市、县三格", row.row, TITLE[kind], text))
            return None
        place = inside
    return place


# ── which section ───────────────────────────────────────────────────────────────────────────────────────────
def _known_sections(register: Register, stored: list[dict[str, str]], atlas: _Atlas) -> dict[str, Known]:
    """The sections of the database, and those of lists imported since it was built."""
    columns = ["section_id", "name", "aliases", "national_names", "region_id", "county_id", "river", "origin"]
    rows = register.sections[columns].astype(object).where(lambda f: f.notna(), None).to_dict("records")
    rows += [{**line, "aliases": "", "national_names": "", "origin": "office_list"} for line in stored]
    known: dict[str, Known] = {}
    for row in rows:
        national = [tuple(pair.split("|", 1)) for pair in (row["national_names"] or "").split(";") if "|" in pair]
        place = atlas.place(row["county_id"] or row["region_id"])
        if not place and national:
            place = atlas.place(atlas.find("province", national[0][0]))
        known.setdefault(row["section_id"], Known(
            frozenset(plain_name(name) for name in (
                row["name"], *(row["aliases"] or "").split(";"), *(name for _, name in national)) if name),
            frozenset((province, plain_name(name)) for province, name in national), place, row["river"] or None,
            row["section_id"], row["origin"] == "national_table", row["name"]))
    return known


def _recognise(listed: SectionList, atlas: _Atlas, known: dict[str, Known]) -> tuple[list[dict], int]:
    """The lines to store, and how many of them are new sections. Raises DataProblems."""
    problems: list[Problem] = []
    lines: list[dict] = []
    first_line: dict[str, int] = {}
    recognised = _verdicts(listed, atlas, known, problems)
    taken = {verdict.match.section_id for _, _, _, verdict in recognised if verdict.match}
    free = [section for code, section in known.items() if code not in taken]
    for row, place, mention, verdict in recognised:
        if not (verdict.match or verdict.candidates or row.section_id):
            verdict = look_alikes(mention, free)
        if verdict.candidates:
            problems.append(_question(row, verdict, atlas, listed.place))
            continue
        section_id = verdict.match.section_id if verdict.match else _new_id(row, place)
        fault = _fault(section_id, first_line, None if verdict.match else known)
        if fault:
            problems.append(Problem(listed.place, *fault, row.row, TITLE["name"], row.name))
        else:
            first_line[section_id] = row.row
            lines.append(_line(row, place, verdict.match, section_id, atlas))
    if problems:
        raise DataProblems(sorted(problems, key=lambda problem: problem.row or 0))
    return lines, sum(line["section_id"] not in known for line in lines)


Recognised = tuple[ListedSection, tuple[str, ...], Mentioned, Verdict]


def _verdicts(listed: SectionList, atlas: _Atlas, known: dict[str, Known], problems: list[Problem]) -> list[Recognised]:
    """Every line with its place and whom its own name or its answer means; lines with a problem are left out."""
    index: dict[str | tuple[str, str], list[Known]] = {}
    for section in known.values():
        for key in section.names | section.national:
            index.setdefault(key, []).append(section)
    recognised = []
    for row in listed.rows:
        place = _place(row, atlas, listed.place, problems)
        if place is None:
            continue
        mention = _mention(row, place, atlas)
        if row.section_id and row.section_id != NEW and row.section_id not in known:
            problems.append(Problem(listed.place, "没有这个编号的断面", "写本系统的编号或“新增”，不知道就空着；单位自己的编号请换一个列名",
                                    row.row, TITLE["section_id"], row.section_id))
        elif row.section_id:
            recognised.append((row, place, mention, Verdict(known.get(row.section_id))))
        else:
            namesakes = {s.section_id: s for key in mention.names | mention.national for s in index.get(key, [])}
            recognised.append((row, place, mention, identify(mention, namesakes.values())))
    return recognised


def _fault(section_id: str | None, first_line: dict[str, int], known_if_new: dict[str, Known] | None) -> tuple[str, str] | None:
    """Rule and remedy where a line cannot stand for a section of its own."""
    if section_id is None:
        return "新断面没有写明在哪个县或地市", "补上“县”或“城市”一格"
    if section_id in first_line:
        return f"和第 {first_line[section_id]} 行是同一个断面（{section_id}）", "删去一行；若是两个断面，在名称里写出分别"
    if known_if_new and section_id in known_if_new:
        return (f"同一个地方已有同名的断面（{section_id}）",
                f"是同一个就在“断面编号”列写 {section_id}；是另一个就在名称里写出分别")
    return None


def _mention(row: ListedSection, place: tuple[str, ...], atlas: _Atlas) -> Mentioned:
    province = atlas.name(place[-1]) if place else None
    national = frozenset({(province, plain_name(row.national_name))}) if row.national_name and province else frozenset()
    return Mentioned(frozenset({plain_name(row.name)}), national, place, row.river)


def _question(row: ListedSection, verdict: Verdict, atlas: _Atlas, where: str) -> Problem:
    shown = "；".join(
        f"{section.section_id}（{'，'.join(filter(None, (section.name, atlas.name(next(iter(section.place), None)), section.river)))}）"
        for section in verdict.candidates)
    return Problem(where, f"“{row.name}”是不是已有的断面：{shown}？{verdict.reason}",
                   "是，就在“断面编号”列写它的编号；不是，写“新增”；再导入一次", row.row, TITLE["section_id"])


def _new_id(row: ListedSection, place: tuple[str, ...]) -> str | None:
    """The same name in the same place always gets the same identifier, on every machine."""
    return f"{place[0]}-{hashlib.sha1(plain_name(row.name).encode()).hexdigest()[:8]}" if len(place) > 1 else None


def _line(row: ListedSection, place: tuple[str, ...], match: Known | None, section_id: str, atlas: _Atlas) -> dict:
    """What is stored of a line: names of places in full; of a section that only the national table names, its name there."""
    whole = place or (match.place if match else ())
    national_name = row.national_name or (match.name if match and match.is_national_only else None)
    return {
        "section_id": section_id, "name": row.name, "province": atlas.name(whole[-1]) if whole else None,
        "city": atlas.name(place[-2]) if len(place) > 1 else None, "county": atlas.name(place[0]) if len(place) == 3 else None,
        "region_id": atlas.region_of(place), "county_id": place[0] if len(place) == 3 else None,
        "river": row.river, "level": row.level, "water_body_type": row.water_body_type, "target_class": row.target_class,
        "longitude": None if row.longitude is None else f"{row.longitude:.6f}",
        "latitude": None if row.latitude is None else f"{row.latitude:.6f}",
        "coordinate_system": row.coordinate_system, "national_name": national_name, "file_row": row.row}


# ── the store ───────────────────────────────────────────────────────────────────────────────────────────────
def _read_store(store: Path) -> list[dict[str, str]]:
    try:
        text = store.read_bytes().decode("utf-8-sig") if store.exists() else ",".join(COLUMNS)
    except (OSError, UnicodeDecodeError):
        raise DataProblems([Problem(store.name, "打不开，或不是 UTF-8 编码", "关掉正在使用它的程序（如 Excel、WPS）再试")]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if reader.fieldnames != COLUMNS:
        raise DataProblems([Problem(store.name, "表头与 datapackage.json 不一致", f"表头应依次为：{','.join(COLUMNS)}", row=1)])
    return list(reader)


def _check_same_coordinates(listed: SectionList, again: list[dict[str, str]]) -> None:
    """A second import cannot quietly turn the coordinates of the first into another system."""
    systems = {str(row.row): row.coordinate_system or "" for row in listed.rows}
    other = next((line for line in again if systems.get(line["file_row"], "") != line["coordinate_system"]), None)
    if other:
        raise DataProblems([Problem(
            listed.place, f"这份清单已经导入过，坐标当作 {other['coordinate_system']}", "要改坐标系，在清单里加“坐标系”一列，存盘后再导入",
            int(other["file_row"]), TITLE["coordinate_system"], systems.get(other["file_row"]))])


def _append(store: Path, lines: list[dict]) -> Callable[[], None]:
    """Add the lines to the file; the function that takes them back."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    if not store.exists():
        writer.writeheader()
    writer.writerows(lines)
    before = store.read_bytes() if store.exists() else b""
    try:
        return replace_files({store: before + (b"" if not before or before.endswith(b"\n") else b"\n") + buffer.getvalue().encode()})
    except OSError:
        raise DataProblems([Problem(store.name, "写不进去", "关掉正在使用它的程序（如 Excel、WPS），检查磁盘空间，再导入一次")]) from None
