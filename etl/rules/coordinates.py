"""Coordinate systems of Chinese maps.

GCJ-02, the system of Chinese web maps, shifts WGS84 positions by 200 to 700 m with a formula that is not published;
the one here is its public reconstruction, on which the known implementations agree to two centimetres (for instance
the packages prcoords and eviltransform on PyPI). CGCS2000 differs from WGS84 by centimetres, nothing on these maps.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy import cos, pi, radians, sin, sqrt

COORDINATE_SYSTEMS = ("wgs84", "cgcs2000", "gcj02")

_SEMI_MAJOR_AXIS = 6378245.0
"""Metres, Krasovsky 1940."""
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_CLOSE_ENOUGH = 1e-9
"""Degrees; a tenth of a millimetre."""

Degrees = TypeVar("Degrees", float, np.ndarray)
"""One position, or arrays of the same shape with many."""


def to_wgs84(longitude: Degrees, latitude: Degrees, system: str) -> tuple[Degrees, Degrees]:
    """WGS84 longitude and latitude in degrees of a position given in one of COORDINATE_SYSTEMS.

    Raises ValueError for another system.
    """
    if system not in COORDINATE_SYSTEMS:
        raise ValueError(f"不认识的坐标系：{system}")
    return gcj02_to_wgs84(longitude, latitude) if system == "gcj02" else (longitude, latitude)


def gcj02_to_wgs84(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """The position whose shifted image this is, found by iteration: far more exact than one subtraction (metres)."""
    true_longitude, true_latitude = longitude, latitude
    for _ in range(20):  # each round gains about three digits
        shifted_longitude, shifted_latitude = wgs84_to_gcj02(true_longitude, true_latitude)
        beside, above = shifted_longitude - longitude, shifted_latitude - latitude
        true_longitude, true_latitude = true_longitude - beside, true_latitude - above
        if np.all(np.abs(beside) < _CLOSE_ENOUGH) and np.all(np.abs(above) < _CLOSE_ENOUGH):
            break
    return true_longitude, true_latitude


def wgs84_to_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """The shifted position in degrees. Meant for China; the formula also answers elsewhere, without meaning."""
    x, y = longitude - 105.0, latitude - 35.0
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    east = (300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + 2 / 3 * (
        waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)))
    north = (-100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + 2 / 3 * (
        waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y / 30 * pi)))
    flattening = 1 - _ECCENTRICITY_SQUARED * sin(radians(latitude)) ** 2
    metres_per_radian_east = _SEMI_MAJOR_AXIS / sqrt(flattening) * cos(radians(latitude))
    metres_per_radian_north = _SEMI_MAJOR_AXIS * (1 - _ECCENTRICITY_SQUARED) / flattening ** 1.5
    return (longitude + east / metres_per_radian_east * 180 / pi,
            latitude + north / metres_per_radian_north * 180 / pi)
