"""Shapes of the plan regions made light enough to send: simplified to the screen, clipped, rounded.

Neighbouring counties are simplified together, so that their common border stays common.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

WIDEST = 776
"""Pixels of the largest panel; nothing finer than one is kept."""

COLUMNS = ["panel", "kind", "key", "name", "system", "area_km2", "is_own_layer", "is_schematic", "upa_km2", "longitude", "latitude", "room",
           "west", "south", "east", "north", "geometry"]
NONE = pd.DataFrame(columns=COLUMNS)
"""What stands in for shapes that cannot be read."""

LEAST_SHARE = 0.002
"""Slivers of a basin smaller than this share of the region are left out where a layer had to be clipped."""

DASH, SPACE, NEAR_OUTLINE = 5, 4, 2
"""Pixels of the largest panel: the dashes of basin limits, and how close to the outline a limit is not drawn twice."""


def prepared(regions: pd.DataFrame, counties: pd.DataFrame, basins: pd.DataFrame, rivers: pd.DataFrame) -> pd.DataFrame:
    """One row per shape and panel: kind (outline, county, basin, divide, river), key, name, label point with the room around it
    (degrees), GeoJSON geometry.

    A divide is what separates the basins of a panel, already cut into dashes: the browser's map draws only whole lines.

    A layer in which a region has no shapes of its own is clipped to the region: a district inside a city, and layers
    of the user that do not say the region. Regions without counties have no rows.
    """
    rows: list[dict] = []
    for region_id in regions["region_id"]:
        own = counties[(counties["parent_id"] == region_id) | (counties["region_id"] == region_id)]
        if own.empty:
            continue
        shapes = shapely.from_wkb(own["geometry"].to_numpy())
        west, south, east, north = shapely.total_bounds(shapes)
        fine = max(east - west, north - south) / WIDEST
        outline = shapely.union_all(shapely.make_valid(shapes))
        drawn = _simplified(shapes, fine)
        whole = shapely.union_all(shapely.make_valid(drawn))
        rows.append(_row(region_id, "outline", region_id, whole, {"west": west, "south": south, "east": east, "north": north}))
        for county, shape in zip(own.to_dict("records"), drawn):
            at = {"longitude": county["label_longitude"], "latitude": county["label_latitude"], "room": _room(shape)}
            rows.append(_row(region_id, "county", county["region_id"], shape, at | {"name": county["name"]}))
        found, areas = _within(basins, region_id, outline, LEAST_SHARE * outline.area)
        limits = _simplified(areas, fine)
        for basin, shape in zip(found.to_dict("records"), limits):
            if not shape.is_empty:
                point = shape.representative_point()
                at = {"longitude": point.x, "latitude": point.y, "room": _room(shape)}
                rows.append(_row(region_id, "basin", basin["basin_id"], shape, basin | at))
        rows.append(_row(region_id, "divide", region_id, _divides(limits, whole, fine), {}))
        found, lines = _within(rivers, region_id, outline, 0.0)
        for river, line in zip(found.to_dict("records"), shapely.simplify(lines, fine)):
            longest = max(shapely.get_parts(line), key=shapely.length)
            point = shapely.line_interpolate_point(longest, 0.5, normalized=True)
            rows.append(_row(region_id, "river", river["river_id"], line, river | {"longitude": point.x, "latitude": point.y}))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(panel: str, kind: str, key: str, shape, known: dict) -> dict:
    geometry = json.dumps(json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-4, mode="pointwise"))),
                          separators=(",", ":"))
    return {name: known.get(name) for name in COLUMNS} | {"panel": panel, "kind": kind, "key": key, "geometry": geometry}


def _simplified(shapes: np.ndarray, fine: float) -> np.ndarray:
    """Simplified as one coverage; one by one where the layer is none."""
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_simplify(shapes, fine)
    return shapely.simplify(shapes, fine)


def _room(area) -> float:
    """How far a name may stand from the middle of an area and still be taken for its own."""
    return area.area ** 0.5 / 3


def _divides(basins: np.ndarray, whole, fine: float):
    """Dashes along the limits between basins; `fine` is a pixel in degrees."""
    limits = shapely.line_merge(shapely.union_all(shapely.boundary(shapely.make_valid(basins))))
    inner = shapely.difference(limits, shapely.buffer(shapely.boundary(whole), NEAR_OUTLINE * fine))
    dashes = []
    for line in shapely.get_parts(inner):
        starts = np.arange(0.0, line.length, (DASH + SPACE) * fine)
        ends = np.minimum(starts + DASH * fine, line.length)
        dashes += [substring(line, start, end) for start, end in zip(starts, ends) if end - start > fine]
    return shapely.multilinestrings(dashes)


def _within(layer: pd.DataFrame, region_id: str, outline, least: float) -> tuple[pd.DataFrame, np.ndarray]:
    """The region's own shapes as they are; without any, those that meet it, clipped."""
    own = layer[layer["region_id"] == region_id]
    if len(own):
        return own, shapely.from_wkb(own["geometry"].to_numpy())
    shapes = shapely.from_wkb(layer["geometry"].to_numpy())
    meets = shapely.intersects(shapes, outline) if len(layer) else np.zeros(0, dtype=bool)
    clipped = shapely.intersection(shapely.make_valid(shapes[meets]), outline)
    is_area = np.isin(shapely.get_type_id(shapes[meets]), [3, 6])
    kept = ~shapely.is_empty(clipped) & np.where(is_area, shapely.area(clipped) > least, shapely.length(clipped) > 0)
    return layer[meets][kept], clipped[kept]
