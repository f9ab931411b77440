"""Towns from GeoNames and the reservoirs that have an honest place."""

import re

import geopandas
import pandas as pd
import shapely
import sources
from terrain import Network


def towns(counties: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """GeoNames places inside the counties that carry a Chinese name."""
    rows = []
    west, south, east, north = counties.total_bounds
    for place in sources.geonames():
        lon, lat = place["longitude"], place["latitude"]
        names = sorted({name for name in place["alternatenames"] if re.fullmatch("[\u3400-\u9fff]+", name)})
        if names and west < lon < east and south < lat < north:
            name = _label(names)
            rows.append({"geonames_id": place["geonameid"], "name": name,
                         "other_names": "|".join(other for other in names if other != name),
                         "geometry": shapely.Point(lon, lat)})
    found = geopandas.GeoDataFrame(rows, crs=sources.WGS84).sjoin(counties[["region_id", "geometry"]])
    found = found.rename(columns={"region_id": "county_id"})[
        ["geonames_id", "name", "other_names", "county_id", "geometry"]]
    return found.sort_values("geonames_id").reset_index(drop=True)


def _label(names: list[str]) -> str:
    """The short form of what is a town today (壶镇镇 → 壶镇), else the shortest name."""
    units = [name for name in names if re.search("(镇|乡|街道|街道办事处)$", name)]
    short = [name for name in names for unit in units if unit != name and unit.startswith(name)]
    whole = [name for unit in "市区县" for name in names if name.endswith(unit)]  # 丽水市 before its old 丽水县
    return whole[0] if whole and not short else min(short or names, key=lambda name: (len(name), name))


def reservoirs(table: pd.DataFrame, towns: geopandas.GeoDataFrame, net: Network, courses: dict):
    """Points only: at the town of that name, or where the river's catchment reaches the dam's."""
    rows = []
    for lake in table.itertuples():
        if lake.basis == "town":
            town = towns[(towns.county_id == lake.county_id) & (towns["name"] == lake.town)]
            point = town.geometry.item()
        else:
            course = courses[lake.river][:-1]
            dam = course[net.upstream[course] <= lake.catchment_km2][-1]
            point = shapely.Point(net.points([dam])[0])
        rows.append({"name": lake.name, "region_id": lake.region_id, "county_id": lake.county_id,
                     "place_basis": lake.basis, "longitude": round(point.x, 5), "latitude": round(point.y, 5),
                     "note": lake.note, "geometry": point})
    return geopandas.GeoDataFrame(rows, crs=sources.WGS84)
