"""GCJ-02 and back, against values computed with two public packages that share no code with this one."""

from __future__ import annotations

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.rules.coordinates import gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02

LISHUI, SUIZHOU = (119.92, 28.45), (113.37, 31.72)

SHIFTED = [
    # WGS84, then GCJ-02 by prcoords 1.0.2 (wgs_gcj) and by eviltransform 0.1.1 (wgs2gcj)
    (LISHUI, (119.92440307903047, 28.446586290790062), (119.92440315358712, 28.446586232986256)),
    (SUIZHOU, (113.3762061258507, 31.718110589349145), (113.37620623093807, 31.71811055735605)),
    ((106.55, 29.56), (106.55372033746897, 29.557153428541934), (106.55372040046487, 29.557153380341383)),
    ((120.69, 28.15), (120.6940527302941, 28.1466837945097), (120.69405279891835, 28.146683738356906)),
    ((122.54, 52.97), (122.5470231339075, 52.97150807810379), (122.54702325282913, 52.97150810379854)),
    ((75.99, 39.47), (75.9929556381645, 39.47022749677051), (75.99295568821185, 39.47022750062268)),
]
UNSHIFTED = [
    # GCJ-02, then WGS84 by prcoords (gcj_wgs_bored) and by eviltransform (gcj2wgs_exact)
    (LISHUI, (119.91559641066004, 28.453415874551563), (119.9155969238281, 28.453416748046877)),
    (SUIZHOU, (113.36380297382456, 31.721897888722236), (113.36380249023438, 31.721898193359372)),
    ((106.55, 29.56), (106.54627240712374, 29.56283772817375), (106.54627319335935, 29.562838134765627)),
]


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Near enough for neighbours: a degree is 111.3 km, eastwards times the cosine of the latitude."""
    return 111_300 * hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1])


@pytest.mark.parametrize(("true", "first", "second"), SHIFTED)
def test_shift_agrees_with_other_implementations(true, first, second):
    assert metres_between(wgs84_to_gcj02(*true), first) < 0.0001
    assert metres_between(wgs84_to_gcj02(*true), second) < 0.05


@pytest.mark.parametrize(("shifted", "first", "second"), UNSHIFTED)
def test_inverse_agrees_with_other_implementations(shifted, first, second):
    assert metres_between(gcj02_to_wgs84(*shifted), first) < 0.01
    assert metres_between(gcj02_to_wgs84(*shifted), second) < 0.2, "this one stops at a millionth of a degree"


@pytest.mark.parametrize(("place", "east", "south"), [(LISHUI, 443, 376), (SUIZHOU, 578, 184)])
def test_shift_has_the_measured_size(place, east, south):
    """Measured between the official boundaries and those of a web map; the shift varies by 30 m within a city."""
    longitude, latitude = wgs84_to_gcj02(*place)
    assert (longitude - place[0]) * 111_300 * cos(radians(place[1])) == pytest.approx(east, abs=30)
    assert (place[1] - latitude) * 111_300 == pytest.approx(south, abs=30)


@given(st.floats(73, 136), st.floats(3, 54))
def test_there_and_back(longitude, latitude):
    assert metres_between(gcj02_to_wgs84(*wgs84_to_gcj02(longitude, latitude)), (longitude, latitude)) < 0.001


def test_one_subtraction_would_not_do():
    shifted = wgs84_to_gcj02(*SUIZHOU)
    twice = wgs84_to_gcj02(*shifted)
    assert metres_between((2 * shifted[0] - twice[0], 2 * shifted[1] - twice[1]), SUIZHOU) > 0.5


def test_systems():
    assert to_wgs84(*LISHUI, "wgs84") == to_wgs84(*LISHUI, "cgcs2000") == LISHUI
    assert to_wgs84(*LISHUI, "gcj02") == gcj02_to_wgs84(*LISHUI)
    with pytest.raises(ValueError, match="bd09"):
        to_wgs84(*LISHUI, "bd09")
