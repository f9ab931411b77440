"""Where labels go so that none covers another: pixels in, offsets out.

Greedy: labels are tried in the order given, each at candidate places around its point; one that fits nowhere is
dropped, unless it must stay.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

TILE = 512
EARTH = 40_075_016.686
"""Metres around the equator."""

MOST_RINGS = 9


@dataclass(frozen=True)
class View:
    """A north-up web-Mercator view of fixed size."""

    longitude: float
    latitude: float
    zoom: float
    width: int
    height: int

    def pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        """From the upper left corner."""
        x0, y0 = _world(self.longitude, self.latitude, self.zoom)
        x, y = _world(longitude, latitude, self.zoom)
        return x - x0 + self.width / 2, y - y0 + self.height / 2

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """`pixel` for many places at once: longitudes and latitudes (n, 2) in, pixels (n, 2) out."""
        (x0, y0), size = _world(self.longitude, self.latitude, self.zoom), TILE * 2 ** self.zoom
        north = np.arcsinh(np.tan(np.radians(points[:, 1])))
        return np.column_stack([size * (points[:, 0] + 180) / 360 - x0 + self.width / 2,
                                size * (1 - north / np.pi) / 2 - y0 + self.height / 2])

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a pixel."""
        x0, y0 = _world(self.longitude, self.latitude, self.zoom)
        size = TILE * 2 ** self.zoom
        east, down = (x - self.width / 2 + x0) / size, (y - self.height / 2 + y0) / size
        return east * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))

    @property
    def pixels_per_degree(self) -> float:
        """Of longitude."""
        return TILE * 2 ** self.zoom / 360

    @property
    def metres_per_pixel(self) -> float:
        return math.cos(math.radians(self.latitude)) * EARTH / (TILE * 2 ** self.zoom)


@dataclass(frozen=True)
class Label:
    """A text at a point in pixels. With a `gap` it stands beside its point, else on it, or as far from it as its `room` allows."""

    key: str
    text: str
    x: float
    y: float
    size: float = 11.5
    gap: float = 0.0
    room: float = 0.0
    must_stay: bool = False


@dataclass(frozen=True)
class Placed:
    """Offset of a label in pixels from its point, and which end of the text stands there."""

    dx: float
    dy: float
    anchor: str  # start middle end


Box = tuple[float, float, float, float]


def fit(bounds: Box, width: int, height: int, margin: int) -> View:
    """The view in which west, south, east, north fill the panel but for the margin."""
    west, south, east, north = bounds
    left, bottom = _world(west, south, 0)
    right, top = _world(east, north, 0)
    zoom = math.log2(min((width - 2 * margin) / max(right - left, 1e-9), (height - 2 * margin) / max(bottom - top, 1e-9)))
    middle = View(west, north, 0, 0, 0).place(*_offset((left, top), ((left + right) / 2, (top + bottom) / 2)))
    return View(middle[0], middle[1], round(zoom, 3), width, height)


def place_labels(labels: list[Label], taken: list[Box], width: int, height: int) -> dict[str, Placed]:
    """Offsets by key; labels for which there was no room are missing."""
    boxes, found = list(taken), {}
    for label in labels:
        options = _candidates(label)
        free = next((option for option in options if _fits(option[1], boxes, width, height)), None)
        if free is None and label.must_stay:
            free = next((option for option in options if _inside(option[1], width, height)), options[0])
        if free is not None:
            found[label.key] = free[0]
            boxes.append(free[1])
    return found


def text_width(text: str, size: float) -> float:
    """Chinese characters are square, others a little over half as wide."""
    return sum(size if ord(letter) > 0x2000 else size * 0.58 for letter in text)


def spread(points: list[tuple[float, float]], pitch: float) -> list[tuple[float, float]]:
    """Points closer than `pitch` moved apart on rings around their place, so that each can be seen and pointed at."""
    moved: list[tuple[float, float]] = []
    rings = [(ring * pitch, turn * math.pi / (3 * max(ring, 1))) for ring in range(MOST_RINGS) for turn in range(6 * ring or 1)]
    for x, y in points:
        spots = ((x + far * math.cos(angle), y + far * math.sin(angle)) for far, angle in rings)
        moved.append(next((spot for spot in spots if all(math.dist(spot, other) >= pitch * 0.97 for other in moved)), (x, y)))
    return moved


def scale_bar(view: View, most: int) -> tuple[int, int]:
    """Kilometres (1, 2 or 5 times a power of ten) and pixels of a bar at most `most` pixels long."""
    longest = most * view.metres_per_pixel / 1000
    power = 10 ** math.floor(math.log10(longest))
    kilometres = next(step * power for step in (5, 2, 1) if step * power <= longest)
    return max(round(kilometres), 1), round(kilometres * 1000 / view.metres_per_pixel)


def _candidates(label: Label) -> list[tuple[Placed, Box]]:
    wide, high = text_width(label.text, label.size), label.size * 1.3
    if label.gap == 0:
        spots = [(0.0, 0.0, "middle"), (0.0, high, "middle"), (0.0, -high, "middle")]
        far = [(dx * wide / 2, dy * high, "middle") for dy in range(-5, 6) for dx in (0, -1, 1, -2, 2)]
        spots += sorted((spot for spot in far if high < math.hypot(*spot[:2]) <= label.room), key=lambda spot: math.hypot(*spot[:2]))
    else:
        side, up = label.gap, label.gap * 0.75 + high / 2
        spots = [(side, 0.0, "start"), (-side, 0.0, "end"), (0.0, -up, "middle"), (0.0, up, "middle"),
                 (side * 0.7, -up, "start"), (side * 0.7, up, "start"), (-side * 0.7, -up, "end"), (-side * 0.7, up, "end")]
    left = {"start": 0.0, "middle": -wide / 2, "end": -wide}
    return [(Placed(dx, dy, anchor), (label.x + dx + left[anchor], label.y + dy - high / 2,
                                      label.x + dx + left[anchor] + wide, label.y + dy + high / 2))
            for dx, dy, anchor in spots]


def _fits(box: Box, boxes: list[Box], width: int, height: int) -> bool:
    return _inside(box, width, height) and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in boxes)


def _inside(box: Box, width: int, height: int) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _world(longitude: float, latitude: float, zoom: float) -> tuple[float, float]:
    size = TILE * 2 ** zoom
    north = math.asinh(math.tan(math.radians(latitude)))
    return size * (longitude + 180) / 360, size * (1 - north / math.pi) / 2


def _offset(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    return end[0] - start[0], end[1] - start[1]
