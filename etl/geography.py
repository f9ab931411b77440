"""Loads the map layers and says which county and which basin a point lies in.

The product's own layers are in `geo/layers/` (how they were made: `geo/README.md`); a layer the user has imported into
`data/layers/` takes the place of ours of the same kind. Everything is WGS84; geometry goes into DuckDB's own GEOMETRY
type, so that no extension is needed when the dashboard runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import geopandas as gpd
import pandas as pd

from etl.layers import layer_files
from etl.paths import LAYERS

NEAR_METRES = 200.0
"""A point this close to a border may lie on either side: the layers are simplified and a town is not a point."""


@dataclass(frozen=True)
class Layers:
    """Frames by kind, and the kinds that are the user's own."""

    frames: dict[str, gpd.GeoDataFrame]
    own: frozenset[str]


def read_layers() -> Layers:
    """Read the layers; a broken one of the user's raises pyogrio's error with its file name."""
    files = layer_files()
    return Layers({kind: gpd.read_file(file) for kind, file in files.items()},
                  frozenset(kind for kind, file in files.items() if file.parent == LAYERS))


def load_layers(connection: duckdb.DuckDBPyConnection, layers: Layers) -> None:
    """Fill county_shapes, basins, rivers and reservoirs, then place the sections and projects."""
    frames = layers.frames
    if "counties" in frames:
        _insert(connection, "county_shapes", frames["counties"])
    for kind in ("basins", "rivers"):
        if kind in frames:
            _insert(connection, kind, frames[kind].assign(is_own_layer=kind in layers.own))
    if "reservoirs" in frames:
        points = frames["reservoirs"]
        _insert(connection, "reservoirs", points.assign(longitude=points.geometry.x, latitude=points.geometry.y), with_geometry=False)
    _place_sections(connection, frames)
    _place_projects(connection, frames)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: gpd.GeoDataFrame, with_geometry: bool = True) -> None:
    columns = [name for name, in connection.execute("""
        SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND column_name <> 'geometry'
        ORDER BY column_index""", [table]).fetchall()]
    plain = pd.DataFrame(frame.drop(columns="geometry")).reindex(columns=columns)
    names = ", ".join(columns)
    if with_geometry:
        plain = plain.assign(wkb=frame.geometry.to_wkb())
    connection.register("incoming", plain)
    if with_geometry:
        connection.execute(f"INSERT INTO {table} ({names}, geometry) SELECT {names}, ST_GeomFromWKB(wkb) FROM incoming")
    else:
        connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
    connection.unregister("incoming")


def _place_sections(connection: duckdb.DuckDBPyConnection, frames: dict[str, gpd.GeoDataFrame]) -> None:
    """County and basin of every section with a known point, by the polygon it lies in."""
    points = _points(connection, "SELECT section_id AS id, county_id, longitude, latitude FROM sections WHERE longitude IS NOT NULL")
    if "counties" in frames:
        placed = polygon_of(points, frames["counties"], "region_id")
        placed = placed.mask(_is_near(points, frames["counties"].set_index("region_id")), points["county_id"])
        _note(connection, "sections", "section_id", points["id"], "placed_county_id", placed)
    if "basins" in frames:
        _note(connection, "sections", "section_id", points["id"], "basin_id", polygon_of(points, frames["basins"], "basin_id"))


def _place_projects(connection: duckdb.DuckDBPyConnection, frames: dict[str, gpd.GeoDataFrame]) -> None:
    """County and basin of the projects whose names state a place."""
    points = _points(connection, "SELECT project_id AS id, longitude, latitude FROM projects WHERE longitude IS NOT NULL")
    for kind, key, column in (("counties", "region_id", "placed_county_id"), ("basins", "basin_id", "basin_id")):
        if kind in frames:
            _note(connection, "projects", "project_id", points["id"], column, polygon_of(points, frames[kind], key))


def _points(connection: duckdb.DuckDBPyConnection, select: str) -> gpd.GeoDataFrame:
    rows = connection.execute(select).df()
    return gpd.GeoDataFrame(rows, crs=4326, geometry=gpd.points_from_xy(rows["longitude"], rows["latitude"]))


def _note(connection: duckdb.DuckDBPyConnection, table: str, key: str, ids: pd.Series, column: str, places: pd.Series) -> None:
    connection.register("found", pd.DataFrame({"id": ids, "place": places}).dropna())
    connection.execute(f"UPDATE {table} SET {column} = found.place FROM found WHERE {table}.{key} = found.id")
    connection.unregister("found")


def _is_near(points: gpd.GeoDataFrame, counties: gpd.GeoDataFrame) -> pd.Series:
    """Whether a point lies in its stated county or within NEAR_METRES of it."""
    stated = counties.geometry.reindex(points["county_id"]).set_axis(points.index).to_crs(6933)
    return points.geometry.to_crs(6933).distance(stated, align=False) <= NEAR_METRES


def polygon_of(points: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame, key: str) -> pd.Series:
    """The `key` of the polygon each point lies in; of one just outside all of them the nearest within NEAR_METRES."""
    inside = gpd.sjoin(points, polygons[[key, "geometry"]], how="left", predicate="within")
    inside = inside[~inside.index.duplicated()][key]
    if not inside.isna().any():
        return inside
    metric = points[inside.isna()].to_crs(6933)
    near = gpd.sjoin_nearest(metric, polygons[[key, "geometry"]].to_crs(6933), how="left", max_distance=NEAR_METRES)
    return inside.fillna(near[~near.index.duplicated()][key])
