"""River lines: the named ones of corrections/rivers.csv first, then what else drains enough land."""

import geopandas
import numpy as np
import pandas as pd
import shapely
import sources
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely.ops import substring
from terrain import Network

MARGIN = 0.02  # degrees drawn beyond a region's border
NAMED_FROM = 25  # km² of catchment where a named line begins
UNNAMED_FROM = {"330324": 50, "331100": 80, "421300": 80, "500000": 200}
SHORTEST = 0.02  # degrees; shorter unnamed stubs are left out
STRAIGHT = 8.0  # km; a line with a longer straight run, or led through a cut, is marked schematic


def trace(net: Network, names: pd.DataFrame) -> dict[str, np.ndarray]:
    """Cells of each named river, head to mouth. A river ends where it meets one named before it."""
    taken, courses = set(), {}
    for river in names.itertuples():
        start = net.snap(river.start_longitude, river.start_latitude)
        course = [start]
        while river.to_source == "yes":
            above = net.main_up[course[0]]
            if above < 0 or above in taken or net.upstream[above] < NAMED_FROM:
                break
            course.insert(0, int(above))
        while course[-1] not in taken and net.down[course[-1]] != course[-1]:
            course.append(int(net.down[course[-1]]))
        taken.update(course)
        courses[river.slug] = np.array(course)
    return courses


def draw(net: Network, names: pd.DataFrame, courses: dict, regions: geopandas.GeoSeries, borders: dict):
    """One feature per river and region, clipped a little beyond the border."""
    lines = {}  # cell → the finished line through it, for tributaries to end on
    rows = []
    for river in names.itertuples():
        course = courses[river.slug]
        own = _course_line(net, course, lines)
        if river.line == "WDBII":
            own = _wdbii_line(own, regions[regions.intersects(own)].union_all().envelope.buffer(10 * MARGIN))
        if river.slug in borders:
            own = _onto_border(own, borders[river.slug])
        for crossed in borders.values():
            own = own if river.slug in borders else _up_to(own, crossed)
        lines.update(dict.fromkeys(course.tolist(), own))
        for region_id, outline in regions.items():
            rows += _feature(net, f"{region_id}-{river.slug}", river, region_id, outline, course, own)
    for region_id, outline in regions.items():
        rows += _unnamed(net, region_id, outline, lines, rows)
    return geopandas.GeoDataFrame(rows, crs=sources.WGS84)


def _unnamed(net, region_id, outline, lines, rows):
    """Every other stem above the region's threshold, largest first."""
    west, south, east, north = outline.buffer(MARGIN).bounds
    grid = np.mgrid[net.row(north) : net.row(south) + 1, net.column(west) : net.column(east) + 1]
    cells = (grid[0] * net.heights.shape[1] + grid[1]).ravel()
    cells = cells[(net.upstream[cells] >= UNNAMED_FROM[region_id]) & (net.heights.ravel()[cells] > 0)]
    cells = cells[shapely.contains_xy(outline.buffer(MARGIN), net.points(cells))]
    open_cells = set(cells.tolist()) - set(lines)
    found = []
    for mouth in sorted(open_cells, key=lambda cell: (-net.upstream[cell], cell)):
        if mouth not in open_cells:
            continue
        course = [mouth]
        while (above := int(net.main_up[course[0]])) in open_cells:
            course.insert(0, above)
        open_cells -= set(course)
        course = np.append(course, net.down[mouth])
        own = _course_line(net, course, lines)
        for cell in course[:-1].tolist():
            lines[cell] = own
        if own.length > SHORTEST:
            lon, lat = net.points([mouth])[0]
            river_id = f"{region_id}-{lon * 1000:.0f}-{lat * 1000:.0f}"
            found += _feature(net, river_id, None, region_id, outline, course, own)
    return found


def _course_line(net: Network, course: np.ndarray, lines: dict) -> shapely.LineString:
    """Cell centres, smoothed; the last point is moved onto the line that the river joins."""
    points = net.points(course)
    joined = lines.get(int(course[-1]))
    if joined is not None:
        points[-1] = shapely.get_coordinates(shapely.line_interpolate_point(
            joined, shapely.line_locate_point(joined, shapely.Point(points[-1]))))[0]
    for _ in range(2):
        points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    return shapely.LineString(points).simplify(0.0008)


def _wdbii_line(rough: shapely.LineString, around: shapely.Geometry) -> shapely.LineString:
    """The way along the WDBII lines that a traced river follows; pieces that nearly touch are taken as joined."""
    rough = max(shapely.get_parts(rough.intersection(around)), key=lambda part: part.length)
    near = rough.buffer(0.03)
    pieces = [shapely.get_coordinates(line) for line in sources.wdbii(near)]
    points, index = np.unique(np.round(np.concatenate(pieces), 6), axis=0, return_inverse=True)
    ends = np.cumsum([len(piece) for piece in pieces])
    first = np.setdiff1d(np.arange(len(index) - 1), ends - 1)
    pairs = np.vstack([np.column_stack([index[first], index[first + 1]]),
                       cKDTree(points).query_pairs(0.01, output_type="ndarray")])
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    length = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    real = np.isin(pairs[:, 0] * len(points) + pairs[:, 1], index[first] * len(points) + index[first + 1])
    length *= np.where(real, 1, 5)  # a leap between pieces is dear
    graph = csr_matrix((length, pairs.T), (len(points), len(points)))
    head, mouth = (cKDTree(points).query(rough.coords[end])[1] for end in (0, -1))
    _, before = dijkstra(graph, directed=False, indices=head, return_predecessors=True)
    way = [mouth]
    while way[-1] != head:
        if before[way[-1]] < 0:
            raise ValueError("WDBII 河线在这一段不连通")
        way.append(before[way[-1]])
    return shapely.LineString(points[way[::-1]]).simplify(0.0008)


def _onto_border(line: shapely.LineString, border: shapely.LineString) -> shapely.LineString:
    """From where the county border starts to follow the river, the border is the better line."""
    points, along = shapely.get_coordinates(line), shapely.get_coordinates(border)
    if along[0, 0] > along[-1, 0]:
        along = along[::-1]
    keep = points[points[:, 0] < along[0, 0] - 0.01]
    return shapely.LineString(np.vstack([keep, along])).simplify(0.0008)


def _up_to(line: shapely.LineString, crossed: shapely.LineString) -> shapely.LineString:
    """The line as far as it comes close to another, then straight to that."""
    meeting = line.intersection(crossed.buffer(0.006))
    if meeting.is_empty or line.touches(crossed):
        return line
    upper = substring(line, 0, min(line.project(shapely.Point(point)) for point in shapely.get_coordinates(meeting)))
    end = crossed.interpolate(crossed.project(shapely.Point(upper.coords[-1])))
    return shapely.LineString([*upper.coords, end.coords[0]])


def _feature(net, river_id, river, region_id, outline, course, line) -> list[dict]:
    """The part of a line on one region's map; `river` is its row in corrections/rivers.csv, None if unnamed."""
    near = outline.buffer(MARGIN)
    drawn = line.intersection(near)
    cells = course[:-1][shapely.contains_xy(near, net.points(course[:-1]))]  # the last cell is the river it joins
    if line.intersection(outline).length < 0.005 or not len(cells):
        return []
    drawn = shapely.line_merge(drawn) if drawn.geom_type == "MultiLineString" else drawn
    source = river.line if river else "DEM"
    area = round(float(net.upstream[cells].max())) if not river or river.has_area == "yes" else None
    return [{"river_id": river_id, "name": river.name if river else None, "system": river.system if river else None,
             "region_id": region_id, "upa_km2": area, "src": source,
             "is_schematic": source == "DEM" and bool(_longest_run(drawn) > STRAIGHT or net.is_cut(cells)),
             "geometry": drawn}]


def _longest_run(line) -> float:
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
    return max(np.hypot(np.diff(p[:, 0]) * 111.32 * np.cos(np.radians(p[0, 1])), np.diff(p[:, 1]) * 110.9).max()
               for p in parts)
