"""Counties, their neighbours and the basins cut from one drawing, so that all share the same vertices.

All border lines are laid on top of each other, moved to a grid of five decimals and cut wherever they meet. The
faces of that drawing then belong to exactly one county and one basin; counties, basins and regions are unions of
faces, so nothing can gape or overlap.
"""

import geopandas
import numpy as np
import pandas as pd
import shapely
import sources

GRID = 1e-5  # degrees: five decimals
AROUND = 0.2  # degrees of the neighbours shown around a region


def counties(districts: geopandas.GeoDataFrame, known: pd.DataFrame) -> geopandas.GeoDataFrame:
    """The counties of the regions as the package has them: region_id, name, parent_id, map_region, label, geometry."""
    own = districts.merge(known, left_on="district_adcode", right_on="region_id")
    own = own[["region_id", "name", "parent_id", "map_region", "lon", "lat", "geometry"]].sort_values("region_id")
    return own.rename(columns={"lon": "label_longitude", "lat": "label_latitude"}).reset_index(drop=True)


def neighbours(districts: geopandas.GeoDataFrame, own: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Prefectures around the regions, clipped to a frame: code, name, province."""
    regions = own.dissolve("map_region").geometry
    frame = shapely.union_all([shapely.box(*region.buffer(AROUND).bounds) for region in regions])
    near = districts[~districts.district_adcode.isin(own.region_id) & districts.intersects(frame)]
    whole = near.dissolve("city_adcode", as_index=False)
    whole = whole[["city_adcode", "city_name", "province_name", "geometry"]]
    whole.columns = ["code", "name", "province", "geometry"]
    return whole.set_geometry(whole.intersection(frame)).sort_values("code").reset_index(drop=True)


def faces(own: geopandas.GeoDataFrame, around: geopandas.GeoDataFrame, basins: geopandas.GeoDataFrame):
    """Every face of the common drawing with its county (or neighbour) and basin numbers, −1 where none."""
    lines = shapely.union_all([*own.boundary, *around.boundary, *basins.boundary], grid_size=GRID)
    parts = shapely.get_parts(shapely.polygonize([lines]))
    inside = shapely.point_on_surface(parts)
    return geopandas.GeoDataFrame({"county": _which(own.geometry, inside), "neighbour": _which(around.geometry, inside),
                                   "basin": _which(basins.geometry, inside)}, geometry=parts, crs=sources.WGS84)


def _which(areas: geopandas.GeoSeries, points: np.ndarray) -> np.ndarray:
    """For each point the number of the area it lies in, −1 for none."""
    point, area = areas.sindex.query(points, predicate="intersects")
    found = np.full(len(points), -1)
    found[point] = area
    return found


def union(parts: geopandas.GeoDataFrame, column: str) -> geopandas.GeoSeries:
    """Faces joined by county, neighbour or basin, on the grid they were cut on."""
    used = parts[parts[column] >= 0]
    return used.groupby(column).geometry.agg(lambda group: shapely.coverage_union_all(group.values)).set_crs(sources.WGS84)
