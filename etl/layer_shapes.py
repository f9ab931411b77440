"""Turns the shapes of an imported layer into checked WGS84 shapes of six decimals. All of them or problems."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from etl.problems import DataProblems, Problem, refused
from etl.readers.layer_file import problem_about
from etl.readers.section_list import RANGES
from etl.rules.coordinates import to_wgs84

FAMILIES = {"polygon": {3, 6}, "line": {1, 5}, "point": {0}}
"""Numbers of shapely's geometry types."""
FAMILY_TITLE = {"polygon": "面", "line": "线", "point": "点"}
AREA_CHANGE = 0.001
"""A mended outline may change its area by this share; more is another outline."""
GRID = 1e-6
"""Degrees; a tenth of a metre."""


def stated_degrees(name: str, frame: gpd.GeoDataFrame, system: str | None) -> tuple[np.ndarray, str]:
    """The shapes in longitude and latitude, still in the coordinate system that is returned with them.

    A projected file is unprojected; what its degrees mean `system` says, else the file. Raises DataProblems when neither
    does, and for datums this product cannot convert exactly.
    """
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    if frame.crs is None:
        if system is None:
            raise refused(name, "文件没有写坐标系",
                          "加 --crs wgs84、--crs cgcs2000 或 --crs gcj02（高德、腾讯地图）；Shapefile 也可补上 .prj 文件")
        _refuse_metres(name, shapes, "文件没有写坐标系，坐标像是投影坐标（米），不是度")
        return shapes, system
    crs = CRS(frame.crs)
    if not _is_modern(crs):
        raise refused(name, "不能准确换算这种坐标系", "百度、西安80、北京54 及地方坐标请先在 GIS 软件里转成 CGCS2000", found=crs.name)
    if crs.is_projected:
        _refuse_degrees(name, shapes, crs)
        shapes = _unprojected(name, shapes, crs)
    else:
        _refuse_metres(name, shapes, "坐标像是投影坐标（米），文件却写着经纬度")
    return shapes, system or ("cgcs2000" if "2000" in crs.name else "wgs84")


def wgs84_shapes(name: str, shapes: np.ndarray, system: str, family: str) -> gpd.GeoSeries:
    """Checked shapes of one `family` (polygon, line, point); `shapes` are degrees in `system`. Raises DataProblems."""
    _check(name, shapes, [(lambda s: shapely.is_missing(s) | shapely.is_empty(s), "要素没有图形", "删去这些要素，或补画")])
    _check(name, shapes, [
        (lambda s: ~np.isin(shapely.get_type_id(s), list(FAMILIES[family])), f"应当是{FAMILY_TITLE[family]}图层，这里是别的图形",
         f"换成{FAMILY_TITLE[family]}图层；线围成的范围先在 GIS 软件里转成面"),
        (_are_swapped, "经度、纬度颠倒了", "在 GIS 软件里对换 X、Y，再导出"),
        (lambda s: ~_are_in_china(s) & ~_are_swapped(s), "不在中国范围内（经度 73～136，纬度 3～54）", "核对坐标和坐标系；坏的顶点请改掉")])
    true = shapely.transform(shapes, lambda points: np.column_stack(to_wgs84(points[:, 0], points[:, 1], system)))
    mended = _mended(name, true) if family == "polygon" else true
    rounded = shapely.set_precision(mended, GRID, mode="pointwise" if family == "point" else "valid_output")
    _check(name, rounded, [(shapely.is_empty, "图形小到看不见（不足 0.1 米）", "删去这些碎屑要素")])
    return gpd.GeoSeries(rounded, crs=4326)


def _is_modern(crs: CRS) -> bool:
    """Whether degrees of this system are those of WGS84 to within a decimetre: CGCS2000 and WGS84 by their ellipsoid."""
    ellipsoid = crs.ellipsoid
    return (ellipsoid is not None and abs(ellipsoid.semi_major_metre - 6378137) < 0.01
            and abs(ellipsoid.inverse_flattening - 298.25722) < 1e-4)


def _unprojected(name: str, shapes: np.ndarray, crs: CRS) -> np.ndarray:
    try:
        convert = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
        return shapely.transform(shapes, lambda points: np.column_stack(convert.transform(points[:, 0], points[:, 1])))
    except ProjError:
        raise refused(name, "不能换算这种投影", "先在 GIS 软件里转成 CGCS2000 经纬度（EPSG:4490）", found=crs.name) from None


def _refuse_metres(name: str, shapes: np.ndarray, rule: str) -> None:
    bounds = np.abs(shapely.bounds(shapes))
    features = _numbers((bounds > 180).any(axis=1))
    if features:
        raise DataProblems([problem_about(name, rule, "补上正确的 .prj，或在 GIS 软件里定义投影后重新导出", features,
                                          found=_first_point(shapes, features))])


def _refuse_degrees(name: str, shapes: np.ndarray, crs: CRS) -> None:
    """A projected system over coordinates that are degrees: China is nowhere within 180 m of an origin."""
    bounds = np.abs(shapely.bounds(shapes))
    features = _numbers((bounds <= 180).all(axis=1))
    if features:
        raise DataProblems([problem_about(name, f"坐标像是度，文件却写着投影坐标系 {crs.name}",
                                          "在 GIS 软件里改成真正的坐标系（“定义投影”）后重新导出", features,
                                          found=_first_point(shapes, features))])


def _within(bounds: np.ndarray, x_range: tuple[float, float], y_range: tuple[float, float]) -> np.ndarray:
    return ((bounds[:, 0] >= x_range[0]) & (bounds[:, 2] <= x_range[1])
            & (bounds[:, 1] >= y_range[0]) & (bounds[:, 3] <= y_range[1]))


def _are_in_china(shapes: np.ndarray) -> np.ndarray:
    return _within(shapely.bounds(shapes), RANGES["longitude"], RANGES["latitude"])


def _are_swapped(shapes: np.ndarray) -> np.ndarray:
    return _within(shapely.bounds(shapes), RANGES["latitude"], RANGES["longitude"])


Test = tuple[Callable[[np.ndarray], np.ndarray], str, str]
"""Which shapes are at fault, the rule and the remedy."""


def _check(name: str, shapes: np.ndarray, tests: list[Test]) -> None:
    problems: list[Problem] = []
    for is_wrong, rule, remedy in tests:
        features = _numbers(is_wrong(shapes))
        if features:
            problems.append(problem_about(name, rule, remedy, features, found=_first_point(shapes, features)))
    if problems:
        raise DataProblems(problems)


def _mended(name: str, shapes: np.ndarray) -> np.ndarray:
    """Outlines that cross themselves are mended where that leaves the area as it is. Raises DataProblems."""
    broken = ~shapely.is_valid(shapes)
    if not broken.any():
        return shapes
    parts = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    before, after = shapely.area(shapes[broken]), shapely.area(parts)
    is_other = ~(np.abs(after - before) <= AREA_CHANGE * before) | ~np.isin(shapely.get_type_id(parts), list(FAMILIES["polygon"]))
    if is_other.any():
        features = list(np.flatnonzero(broken)[is_other] + 1)
        raise DataProblems([problem_about(name, "边界自相交，修补会改变面积", "在 GIS 软件里“检查几何”“修复几何”，看过再导出", features,
                                          found=shapely.is_valid_reason(shapes[features[0] - 1]).partition("[")[2].rstrip("]"))])
    mended = shapes.copy()
    mended[broken] = parts
    return mended


def _numbers(wrong: np.ndarray) -> list[int]:
    return [int(at) + 1 for at in np.flatnonzero(wrong)]


def _first_point(shapes: np.ndarray, features: list[int]) -> str | None:
    shape = shapes[features[0] - 1]
    points = shapely.get_coordinates(shape)
    return f"{shape.geom_type} {points[0, 0]:.6g}, {points[0, 1]:.6g}" if len(points) else None


def near(shapes: gpd.GeoSeries, places: gpd.GeoSeries, degrees: float = 0.2) -> bool:
    """Whether any of the shapes lies within about 20 km of the places."""
    return bool(pd.Series(shapely.dwithin(shapes.to_numpy(), shapely.union_all(shapely.envelope(places.to_numpy())), degrees)).any())
