"""Measures by how much the elevation model is out of place: python geo/align.py

County borders often follow ridges. Pieces of border (about 8 km each) that stand at least 100 m above their
surroundings are taken as ridges; the shift at which the model is highest along all of them is where it belongs.
terrain.py carries the result as SHIFT_EAST and SHIFT_NORTH.
"""

import numpy as np
import shapely
import sources
from scipy.ndimage import map_coordinates

PROVINCES = ("33", "35", "36", "42", "43", "50", "51", "52")
BOX = shapely.box(103, 25, 122, 34)
NEAR = [(dx, dy) for dx in (-1, -0.5, 0, 0.5, 1) for dy in (-1, -0.5, 0, 0.5, 1)]
FAR = [(dx, dy) for dx in range(-5, 6) for dy in range(-5, 6) if dx * dx + dy * dy > 12]


def main() -> None:
    heights, west, north, cell = sources.elevation(102, 24, 123, 35)
    heights = np.maximum(heights, 0).astype(float)

    def mean_height(points: np.ndarray, east: float, up: float) -> float:
        rows, columns = (north - points[:, 1]) / cell + up, (points[:, 0] - west) / cell - east
        return float(map_coordinates(heights, [rows, columns], order=1).mean())

    ridges = [piece for piece in _border_pieces() if _is_ridge(piece, mean_height)]
    points = np.concatenate(ridges)
    shifts = [(east, up) for east in np.arange(0.4, 1.01, 0.05) for up in np.arange(0, 0.51, 0.05)]
    east, up = max(shifts, key=lambda shift: mean_height(points, *shift))
    print(f"{len(ridges)} 段山脊县界；高程模型应东移 {east:.2f} 格、北移 {up:.2f} 格")


def _border_pieces():
    districts = sources.districts()
    for province in PROVINCES:
        near = districts[districts.district_adcode.str.startswith(province) & districts.intersects(BOX)].geometry
        first, second = near.sindex.query(near, predicate="touches")
        for one, other in zip(first[first < second], second[first < second]):
            border = near.iloc[one].boundary.intersection(near.iloc[other].boundary)
            points = shapely.get_coordinates(shapely.segmentize(border, 0.002))
            yield from (points[k : k + 40] for k in range(0, len(points) - 39, 40))


def _is_ridge(piece, mean_height) -> bool:
    around = np.mean([mean_height(piece, *shift) for shift in FAR])
    close = [mean_height(piece, *shift) for shift in NEAR]
    return min(close) > around and max(close) > around + 100


if __name__ == "__main__":
    main()
