"""Sub-basins: which named river each cell of land reaches first, as areas that fill each region."""

import geopandas
import numpy as np
import pandas as pd
import shapely
import sources
from scipy import ndimage
from terrain import Network

FINER = 3  # each cell is drawn as 3 × 3, so that the steps of the grid can be rounded off
SMOOTH = 0.006  # degrees
SMALLEST = 15  # cells (about 11 km²); smaller pieces along a border come from the model and go to their neighbour
EQUAL_AREA = "EPSG:6933"


def outline(net: Network, table: pd.DataFrame, courses: dict, regions: geopandas.GeoSeries) -> geopandas.GeoDataFrame:
    """Smoothed basins clipped to each region: region_id, slug, geometry; no gaps, no overlaps."""
    outlets = [_outlet(net, basin, courses) for basin in table.itertuples()]
    known = [(number, cell) for number, cells in enumerate(outlets, 1) for cell in cells]
    labels = net.flow.basins(idxs=np.array([c for _, c in known]), ids=np.array([n for n, _ in known], np.uint32))
    rest = len(outlets)  # the last row of the table: land that reaches none of the others
    parts = []
    for region_id, region in regions.items():
        cells = _polygons(net, np.where(labels == 0, rest, labels), region)
        slugs = table.slug.values[cells.index - 1]
        pieces = geopandas.GeoDataFrame({"slug": slugs}, geometry=cells.intersection(region).values, crs=sources.WGS84)
        pieces = pieces[shapely.area(pieces.geometry.values) > 0]  # the frame around the region holds no basin of its own
        parts.append(pieces.dissolve("slug", as_index=False).assign(region_id=region_id))
    return pd.concat(parts, ignore_index=True)


def _outlet(net: Network, basin, courses: dict) -> list[int]:
    """The mouths of the basin's rivers, or the place given; none for the land that is left over."""
    if isinstance(basin.river, str):
        return [int(courses[river][-2]) for river in basin.river.split("|")]  # the last cell joins the next river
    if np.isnan(basin.outlet_longitude):
        return []
    return [net.snap(basin.outlet_longitude, basin.outlet_latitude, reach=4)]


def _polygons(net: Network, labels: np.ndarray, region: shapely.Geometry) -> geopandas.GeoSeries:
    """The cells around a region as polygons by number, traced along the cells' edges and smoothed together."""
    west, south, east, north = region.buffer(0.05).bounds
    top, left = net.row(north), net.column(west)
    window = labels[top : net.row(south) + 1, left : net.column(east) + 1].astype(np.int64)
    window = _rounded(_tidied(window, _inside(net, top, left, window.shape, region)))
    cell = net.cell / FINER
    framed = np.pad(window, 1, constant_values=-1)
    across = np.argwhere(framed[:, 1:] != framed[:, :-1])  # edges between left and right neighbours
    along = np.argwhere(framed[1:, :] != framed[:-1, :])
    upright = np.stack([across, across + np.array([1, 0])], 1) - np.array([1, 0])
    level = np.stack([along, along + np.array([0, 1])], 1) - np.array([0, 1])
    rows, columns = np.moveaxis(np.concatenate([upright, level]), 2, 0)
    first_lon, first_lat = net.west + (left - 0.5) * net.cell, net.north - (top - 0.5) * net.cell
    lon, lat = first_lon + columns * cell, first_lat - rows * cell
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(np.stack([lon, lat], 2))))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    row = ((first_lat - inside[:, 1]) / cell).astype(int)
    column = ((inside[:, 0] - first_lon) / cell).astype(int)
    faces = shapely.coverage_simplify(faces, SMOOTH)
    return geopandas.GeoSeries(faces, window[row, column], crs=sources.WGS84)


def _inside(net: Network, top: int, left: int, shape: tuple[int, int], region: shapely.Geometry) -> np.ndarray:
    rows, columns = np.mgrid[top : top + shape[0], left : left + shape[1]]
    return shapely.contains_xy(region, net.west + columns * net.cell, net.north - rows * net.cell)


def _tidied(numbers: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Cells outside the region, and pieces too small to mean anything, take the number of the nearest good cell."""
    good = np.zeros_like(inside)
    for number in np.unique(numbers[inside]):
        pieces, count = ndimage.label(inside & (numbers == number), np.ones((3, 3)))
        sizes = np.bincount(pieces.ravel(), minlength=count + 1)
        good |= (sizes >= SMALLEST)[pieces] & (pieces > 0)
    nearest = ndimage.distance_transform_edt(~good, return_distances=False, return_indices=True)
    return numbers[tuple(nearest)]


def _rounded(numbers: np.ndarray) -> np.ndarray:
    """The same areas on a finer grid: each small cell takes the number that weighs most around it."""
    fine = numbers.repeat(FINER, 0).repeat(FINER, 1)
    names = np.unique(fine)
    weights = [ndimage.gaussian_filter((fine == name).astype(np.float32), 0.8 * FINER) for name in names]
    return names[np.argmax(weights, axis=0)]
