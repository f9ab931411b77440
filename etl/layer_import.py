"""Takes a user's own map layer in: read, check, give it the columns of etl/schema.sql, store, publish. All or nothing.

An own layer of basins, rivers or counties stands in data/layers/ and takes the place of the product's layer of the same
kind until it is removed; beside it `<kind>.toml` says where it came from. Points of sections go the way of a list of
sections (etl/section_import.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from etl.files import replace_files
from etl.layer_shapes import near, stated_degrees, wgs84_shapes
from etl.layers import layer_files
from etl.paths import LAYERS
from etl.problems import DataProblems, Problem, refused
from etl.readers.layer_file import problem_about, read_layer_file
from etl.refresh import Progress, build_if_missing, publish_after
from etl.section_list import LEVELS
from etl.versions import current_file, open_read_only

FAMILY = {"basins": "polygon", "counties": "polygon", "rivers": "line"}
NAME_COLUMNS = {
    "basins": ("流域名称", "流域名", "子流域", "水功能区", "流域", "名称", "basin_name", "basin", "name", "mc"),
    "rivers": ("河流名称", "河流名", "河名", "水系名称", "河流", "名称", "river_name", "river", "name", "mc"),
    "counties": ("县级名称", "区县名称", "县名", "区县", "名称", "county", "name", "xzqmc", "xmc", "mc"),
    "sections": ("断面名称", "断面名", "点位名称", "监测断面", "断面", "名称", "section", "name", "mc")}
"""Where the name stands, the surest heading first; case does not matter. A Shapefile cuts long ones."""
CODE_COLUMNS = ("region_id", "adcode", "行政区代码", "行政区划代码", "行政区划代", "区划代码", "xzqdm", "xdm", "code", "pac", "gb")
SYSTEM_COLUMNS = ("水系", "所属水系", "system")
ID_COLUMNS = {"basins": ("basin_id",), "rivers": ("river_id",)}
MAX_NAME = 60


@dataclass(frozen=True)
class ImportedLayer:
    """What became of a file. `missing`: counties the former layer had and this one has not."""

    kind: str
    features: int
    already_imported: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Atlas:
    """What a layer is held against. `regions`: name, level, parent_id by region_id; `counties`: the county shapes in
    use, with `plan_region`, the largest region with a plan each belongs to (None: none).
    """

    regions: pd.DataFrame
    counties: gpd.GeoDataFrame


def import_layer(path: Path, kind: str, system: str | None, name_column: str | None, progress: Progress) -> ImportedLayer:
    """Make the file the layer of its `kind` (basins, rivers, counties) and publish a version with it.

    `system` (wgs84, cgcs2000, gcj02) says what its degrees mean. The very same file with the same answers again changes
    nothing. Raises DataProblems for whatever is wrong, versions.RefreshBusy; then everything is as it was.
    """
    layer = read_layer_file(path)
    if current_file() is None:
        build_if_missing(None, progress)
    done: list[ImportedLayer] = []

    def change() -> Callable[[], None] | None:
        shapes, meant = stated_degrees(path.name, layer.frame, system)
        asked = {"sha256": layer.sha256, "coordinate_system": meant, "name_column": name_column or ""}
        if asked.items() <= _sidecar(kind).items():
            done.append(ImportedLayer(kind, len(layer.frame), True))
            return None
        atlas = read_atlas()
        true = layer.frame.set_geometry(wgs84_shapes(path.name, shapes, meant, FAMILY[kind]))
        if not near(true.geometry, atlas.counties.geometry):
            raise refused(path.name, "整个图层离有规划的区域都很远（20 公里以上）", "核对坐标系和文件；只导入要用的地区")
        table = TABLES[kind](path.name, true, name_column, atlas)
        missing = sorted(set(atlas.counties["name"]) - set(table["name"])) if kind == "counties" else []
        take_back = _store(kind, table, {"file_name": path.name, **asked, "imported_at": f"{datetime.now():%Y-%m-%dT%H:%M:%S}"})
        done.append(ImportedLayer(kind, len(table), False, tuple(missing)))
        return take_back

    publish_after(change, progress)
    return done[0]


def remove_layer(kind: str, progress: Progress) -> bool:
    """Go back to the product's layer; False when there is no own one."""
    files: dict[Path, bytes | None] = {LAYERS / f"{kind}.geojson": None, LAYERS / f"{kind}.toml": None}
    return publish_after(lambda: _replace(files) if any(file.exists() for file in files) else None, progress) is not None


def read_atlas() -> Atlas:
    """Regions of the version in use, and the county shapes."""
    with contextlib.closing(open_read_only(current_file())) as connection:
        regions = connection.execute("SELECT region_id, name, level, parent_id FROM regions").df().set_index("region_id")
        plans = {region for (region,) in connection.execute("SELECT region_id FROM documents").fetchall()}
    counties = gpd.read_file(layer_files()["counties"])
    parents = regions["parent_id"].to_dict()

    def plan_region(code: str | None) -> str | None:
        """Of the region and what it lies in the largest with a plan."""
        found = None
        while code in parents:
            found = code if code in plans else found
            code = parents[code]
        return found

    return Atlas(regions, counties.assign(plan_region=counties["region_id"].map(plan_region)))


# ── the columns of each kind ────────────────────────────────────────────────────────────────────────────────
def _basins(name: str, frame: gpd.GeoDataFrame, name_column: str | None, atlas: Atlas) -> gpd.GeoDataFrame:
    names = _unique(name, _names(name, frame, "basins", name_column), "同名的流域先合并成一个要素（“融合”），或在名称里写出分别")
    return gpd.GeoDataFrame({
        "basin_id": _ids(name, frame, "basins", names), "name": names, "system": _column(frame, SYSTEM_COLUMNS),
        "region_id": _plan_regions(frame, atlas), "area_km2": (frame.to_crs(6933).area / 1e6).round(2)}, geometry=frame.geometry)


def _rivers(name: str, frame: gpd.GeoDataFrame, name_column: str | None, atlas: Atlas) -> gpd.GeoDataFrame:
    """A river may come in several stretches, and small ones without a name."""
    names = frame[find_name_column(name, frame, "rivers", name_column)].map(_short, na_action="ignore")
    stretches = names.fillna("") + "|" + names.fillna("").groupby(names.fillna("")).cumcount().astype(str)
    return gpd.GeoDataFrame({
        "river_id": _ids(name, frame, "rivers", stretches), "name": names, "system": _column(frame, SYSTEM_COLUMNS),
        "region_id": _plan_regions(frame, atlas), "upa_km2": None, "is_schematic": False}, geometry=frame.geometry)


def _counties(name: str, frame: gpd.GeoDataFrame, name_column: str | None, atlas: Atlas) -> gpd.GeoDataFrame:
    """Codes by the code column, else by name; names and parents are those of the register."""
    known = atlas.regions[atlas.regions["level"].isin(LEVELS["county"])]
    code_column = _find(frame, CODE_COLUMNS) if name_column is None else None
    if code_column:
        stated = frame[code_column]
        codes = stated.map(lambda code: code[:6] if code[6:].strip("0") == "" else code, na_action="ignore")
    else:
        stated = _names(name, frame, "counties", name_column)
        by_name = known[~known["name"].duplicated(keep=False)].reset_index().set_index("name")["region_id"]
        codes = stated.map(by_name.to_dict())
    unknown = [int(at) + 1 for at in frame.index[~codes.isin(known.index)]]
    if unknown:
        raise DataProblems([problem_about(name, "不认识这个县", "县名写全称，或用六位行政区划代码；登记了的见 data/register/regions.csv，"
                                          "其他地方的删去", unknown, code_column, stated[unknown[0] - 1])])
    _unique(name, codes, "同一个县的几块先合并成一个要素（“融合”）", code_column)
    ours = atlas.counties.set_index("region_id").geometry
    apart = [int(at) + 1 for at, code in codes.items() if code in ours.index and not frame.geometry[at].intersects(ours[code])]
    if apart:
        raise DataProblems([problem_about(name, "图形不在这个县", "核对名称、代码和坐标系", apart, found=stated[apart[0] - 1])])
    labels = frame.representative_point()
    return gpd.GeoDataFrame({
        "region_id": codes, "name": codes.map(known["name"]), "parent_id": codes.map(known["parent_id"]),
        "label_longitude": labels.x.round(6), "label_latitude": labels.y.round(6)}, geometry=frame.geometry)


TABLES = {"basins": _basins, "rivers": _rivers, "counties": _counties}


def find_name_column(name: str, frame: gpd.GeoDataFrame, kind: str, asked: str | None) -> str:
    """The column with the names. Raises DataProblems that names the columns found."""
    found = _find(frame, (asked,) if asked else NAME_COLUMNS[kind])
    if found is None:
        there = "、".join(column for column in frame.columns if column != "geometry") or "一列也没有"
        rule = f"没有“{asked}”这一列" if asked else "看不出哪一列是名称"
        raise refused(name, rule, "用 --name-column 写明名称在哪一列", found=there)
    return found


def _find(frame: gpd.GeoDataFrame, headings: tuple[str, ...]) -> str | None:
    columns = {column.strip().lower(): column for column in frame.columns if column != "geometry"}
    return next((columns[heading.lower()] for heading in headings if heading.lower() in columns), None)


def _column(frame: gpd.GeoDataFrame, headings: tuple[str, ...]) -> pd.Series:
    column = _find(frame, headings)
    return frame[column] if column else pd.Series(None, frame.index, dtype=object)


def _short(text: str) -> str:
    return text if len(text) <= MAX_NAME else text[:MAX_NAME - 1] + "…"


def _names(name: str, frame: gpd.GeoDataFrame, kind: str, asked: str | None) -> pd.Series:
    column = find_name_column(name, frame, kind, asked)
    without = [int(at) + 1 for at in frame.index[frame[column].isna()]]
    if without:
        raise DataProblems([problem_about(name, "没有名称", "补上名称，或用 --name-column 另指一列", without, column)])
    return frame[column].map(_short)


def _unique(name: str, values: pd.Series, remedy: str, column: str | None = None) -> pd.Series:
    problems: list[Problem] = []
    for value, same in values[values.duplicated(keep=False)].groupby(values):
        features = [int(at) + 1 for at in same.index]
        problems.append(problem_about(name, "重复了", remedy, features, column, str(value)))
    if problems:
        raise DataProblems(problems)
    return values


def _ids(name: str, frame: gpd.GeoDataFrame, kind: str, names: pd.Series) -> pd.Series:
    """The file's own identifiers when it has them, else the same one for the same name on every machine."""
    column = _find(frame, ID_COLUMNS[kind])
    if column and frame[column].notna().all() and frame[column].map(str.isascii).all():
        return _unique(name, frame[column], "编号各不相同才行；或删去这一列", column)
    return names.map(lambda text: f"own-{hashlib.sha1(text.encode()).hexdigest()[:10]}")


def _plan_regions(frame: gpd.GeoDataFrame, atlas: Atlas) -> pd.Series:
    """The region with a plan each shape lies in most, by area or length; None outside all of them."""
    regions = atlas.counties.dropna(subset="plan_region").dissolve("plan_region").to_crs(6933).geometry
    shapes = frame.geometry.to_crs(6933)
    shares = pd.DataFrame({region: _size(shapes.intersection(outline)) for region, outline in regions.items()})
    return shares.idxmax(axis=1).where(shares.max(axis=1) > 0, None)


def _size(shapes: gpd.GeoSeries) -> pd.Series:
    return shapes.area.where(shapes.area > 0, shapes.length)


# ── the store ───────────────────────────────────────────────────────────────────────────────────────────────
def _sidecar(kind: str) -> dict[str, object]:
    """What is known of the own layer in use; empty when there is none."""
    file = LAYERS / f"{kind}.toml"
    if not file.exists() or not (LAYERS / f"{kind}.geojson").exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}  # the layer is then taken in anew


def _store(kind: str, table: gpd.GeoDataFrame, about: dict[str, str]) -> Callable[[], None]:
    buffer = io.BytesIO()
    table.to_file(buffer, driver="GeoJSON", layer=kind, engine="pyogrio", COORDINATE_PRECISION=6)
    sidecar = "".join(f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in about.items())
    return _replace({LAYERS / f"{kind}.geojson": buffer.getvalue(), LAYERS / f"{kind}.toml": sidecar.encode()})


def _replace(files: dict[Path, bytes | None]) -> Callable[[], None]:
    try:
        return replace_files(files)
    except OSError:
        raise refused(LAYERS.name, "写不进 data/layers/", "关掉正在使用其中文件的程序，检查磁盘空间，再试一次") from None

