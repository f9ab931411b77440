"""Where water runs on the elevation model.

Flow directions come from a least-cost search (the idea of GRASS r.watershed): starting at the outlets, the lowest
cell next to the ones already reached is taken next and drains to the cell it was reached from. Inside a hollow or a
flat the search first walks down the valley floor, so the way out follows the lowest cells; filling hollows, as most
tools do, would draw straight lines there.
"""

import heapq
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyflwdir
import shapely
import sources
from affine import Affine
from numba import njit

WINDOW = (90, 24, 123, 36)  # holds the catchments that reach the regions (of the 长江 only the part below 石鼓)

# The package's grid lies 0.70 cell west and 0.20 cell south of where it belongs: with this shift the ridges and
# valleys of the model agree best with the county borders that follow them (align.py measures it).
SHIFT_EAST, SHIFT_NORTH = 0.70, 0.20

BURN_BOX = shapely.box(90, 24, 110.6, 36)  # 重庆 and all that drains to it: WDBII is nearer than the model there
BURN_DEPTH = 300  # metres

_STEPS = {32: (-1, -1), 64: (-1, 0), 128: (-1, 1), 16: (0, -1), 1: (0, 1), 8: (1, -1), 4: (1, 0), 2: (1, 1)}
_DY = np.array([dy for dy, _ in _STEPS.values()])
_DX = np.array([dx for _, dx in _STEPS.values()])
_BACK = np.array([next(k for k, v in _STEPS.items() if v == (-dy, -dx)) for dy, dx in _STEPS.values()], np.uint8)


@dataclass
class Network:
    """The drainage of the window: cells are numbered row by row; `down` is the next cell (itself at an outlet)."""

    heights: np.ndarray
    west: float
    north: float
    cell: float
    down: np.ndarray = None
    upstream: np.ndarray = None  # km² above and including the cell
    main_up: np.ndarray = None  # the largest neighbour flowing in, −1 at a head
    flow: pyflwdir.FlwdirRaster = None
    cut: frozenset = frozenset()  # cells lowered to lead a river through a gorge

    def at(self, lon: float, lat: float) -> int:
        return self.row(lat) * self.heights.shape[1] + self.column(lon)

    def row(self, lat: float) -> int:
        return round((self.north - lat) / self.cell)

    def column(self, lon: float) -> int:
        return round((lon - self.west) / self.cell)

    def points(self, cells) -> np.ndarray:
        rows, columns = np.divmod(np.asarray(cells), self.heights.shape[1])
        return np.column_stack([self.west + columns * self.cell, self.north - rows * self.cell])

    def is_cut(self, cells) -> bool:
        return not self.cut.isdisjoint(np.asarray(cells).tolist())

    def snap(self, lon: float, lat: float, reach: int = 2) -> int:
        """The cell with the largest upstream area near a point."""
        row, column = self.row(lat), self.column(lon)
        rows, columns = np.mgrid[row - reach : row + reach + 1, column - reach : column + reach + 1]
        near = (rows * self.heights.shape[1] + columns).ravel()
        return int(near[np.argmax(self.upstream[near])])


def network(cuts: pd.DataFrame, known: list[shapely.LineString]) -> Network:
    """Model → shift → cuts through gorges → known rivers burnt in → flow."""
    heights, west, north, cell = sources.elevation(*WINDOW)
    net = Network(heights, west + SHIFT_EAST * cell, north + SHIFT_NORTH * cell, cell)
    for cut in cuts.itertuples():
        start, end = (cut.from_longitude, cut.from_latitude), (cut.to_longitude, cut.to_latitude)
        _cut(net, start, end)
    for line in [*known, *(line.intersection(BURN_BOX) for line in sources.wdbii(BURN_BOX))]:
        lon, lat = shapely.get_coordinates(shapely.segmentize(line, cell / 4)).T
        rows = np.round((net.north - lat) / cell).astype(int)
        columns = np.round((lon - net.west) / cell).astype(int)
        cells = np.unique(rows * heights.shape[1] + columns)
        heights.ravel()[cells] = np.maximum(1, heights.ravel()[cells] - BURN_DEPTH)
    codes = _search(heights, _DY, _DX, _BACK)
    origin = Affine(cell, 0, net.west - cell / 2, 0, -cell, net.north + cell / 2)
    net.flow = pyflwdir.from_array(codes, ftype="d8", transform=origin, latlon=True)
    net.down = net.flow.idxs_ds
    net.upstream = net.flow.upstream_area("km2").ravel()
    net.main_up = np.full(net.down.size, -1, np.int64)
    inner = np.flatnonzero((net.down != np.arange(net.down.size)) & (net.down >= 0))
    inner = inner[np.argsort(net.upstream[inner], kind="stable")]
    net.main_up[net.down[inner]] = inner  # the last one written is the largest
    return net


def _cut(net: Network, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Lowers the cells on the lowest way between two points so that they fall evenly from the first to the second."""
    margin = 6
    rows = sorted((net.row(start[1]), net.row(end[1])))
    columns = sorted((net.column(start[0]), net.column(end[0])))
    top, left = rows[0] - margin, columns[0] - margin
    window = net.heights[top : rows[1] + margin + 1, left : columns[1] + margin + 1]
    first = (net.row(start[1]) - top, net.column(start[0]) - left)
    last = (net.row(end[1]) - top, net.column(end[0]) - left)
    came_from, queue = {}, [(0, first, None)]
    while last not in came_from:
        cost, here, before = heapq.heappop(queue)
        if here in came_from:
            continue
        came_from[here] = before
        for dy, dx in _STEPS.values():
            there = (here[0] + dy, here[1] + dx)
            if 0 <= there[0] < window.shape[0] and 0 <= there[1] < window.shape[1] and there not in came_from:
                heapq.heappush(queue, (cost + int(window[there]) * (dy * dy + dx * dx) ** 0.5, there, here))
    way = [last]
    while came_from[way[-1]] is not None:
        way.append(came_from[way[-1]])
    way.reverse()
    for here, limit in zip(way, np.linspace(window[first], window[last], len(way))):
        window[here] = min(window[here], limit)
    net.cut |= {(top + y) * net.heights.shape[1] + left + x for y, x in way}


@njit(cache=False)
def _search(heights, dy, dx, back):
    """D8 codes; outlets (sea level and the edge of the window) keep code 0."""
    rows, columns = heights.shape
    codes = np.zeros((rows, columns), np.uint8)
    reached = np.zeros((rows, columns), np.bool_)
    order = np.int64(0)  # ties go to the cell reached first, so every run gives the same answer
    queue = [(np.int64(heights[0, 0]), order, 0, 0)]
    reached[0, 0] = True
    for y in range(rows):
        for x in range(columns):
            edge = y == 0 or x == 0 or y == rows - 1 or x == columns - 1
            if (edge or heights[y, x] <= 0) and not reached[y, x]:
                reached[y, x] = True
                order += 1
                heapq.heappush(queue, (np.int64(heights[y, x]), order, y, x))
    while queue:
        _, _, y, x = heapq.heappop(queue)
        for k in range(8):
            v, u = y + dy[k], x + dx[k]
            if 0 <= v < rows and 0 <= u < columns and not reached[v, u]:
                reached[v, u] = True
                codes[v, u] = back[k]
                order += 1
                heapq.heappush(queue, (np.int64(heights[v, u]), order, v, u))
    return codes
