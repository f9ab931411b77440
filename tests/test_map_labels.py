"""Placement of labels on maps: nothing covers anything, nothing leaves the picture, the chosen one stays."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.map_labels import Label, View, fit, place_labels, scale_bar, spread, text_width

WIDTH, HEIGHT = 300, 240
POINTS = st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), max_size=25)


def box(label: Label, placed) -> tuple[float, float, float, float]:
    wide, high = text_width(label.text, label.size), label.size * 1.3
    left = label.x + placed.dx - {"start": 0, "middle": wide / 2, "end": wide}[placed.anchor]
    return left, label.y + placed.dy - high / 2, left + wide, label.y + placed.dy + high / 2


@given(POINTS)
def test_labels_cover_neither_each_other_nor_a_marker(points):
    labels = [Label(f"{n}", "断面 Ⅲ", x, y, gap=9.0) for n, (x, y) in enumerate(points)]
    markers = [(x - 5, y - 5, x + 5, y + 5) for x, y in points]
    found = place_labels(labels, markers, WIDTH, HEIGHT)
    boxes = [box(label, found[label.key]) for label in labels if label.key in found]
    for n, one in enumerate(boxes):
        assert one[0] >= -1e-6 and one[1] >= -1e-6 and one[2] <= WIDTH + 1e-6 and one[3] <= HEIGHT + 1e-6
        for other in [*boxes[n + 1:], *markers]:
            assert (one[0] >= other[2] - 1e-6 or other[0] >= one[2] - 1e-6
                    or one[1] >= other[3] - 1e-6 or other[1] >= one[3] - 1e-6)


def test_one_that_must_stay_stays_where_there_is_no_room():
    full = [(0.0, 0.0, float(WIDTH), float(HEIGHT))]
    labels = [Label("a", "甲", 100, 100, gap=9.0), Label("b", "乙", 100, 100, gap=9.0, must_stay=True)]
    assert set(place_labels(labels, full, WIDTH, HEIGHT)) == {"b"}


def test_earlier_labels_come_first():
    labels = [Label("first", "甲", 100, 100), Label("second", "一个很长很长很长很长的名字", 100, 100)]
    found = place_labels(labels, [], WIDTH, HEIGHT)
    assert (found["first"].dx, found["first"].dy) == (0, 0)
    assert "second" not in found or found["second"].dy != 0


@given(POINTS)
def test_spread_points_lie_apart_and_the_first_stays(points):
    moved = spread(points, 11.0)
    assert len(moved) == len(points)
    assert moved[:1] == points[:1]
    for n, one in enumerate(moved):
        assert all(math.dist(one, other) >= 11.0 * 0.96 for other in moved[n + 1:])


@given(st.floats(73, 135), st.floats(18, 53), st.floats(0.1, 6), st.floats(0.1, 6))
def test_fitted_view_shows_all_of_the_region_and_fills_one_direction(west, south, wide, high):
    view = fit((west, south, west + wide, south + high), 500, 300, 10)
    left, top = view.pixel(west, south + high)
    right, bottom = view.pixel(west + wide, south)
    assert left == pytest.approx(500 - right, abs=0.5)
    assert top == pytest.approx(300 - bottom, abs=0.5)
    assert min(left, top) == pytest.approx(10, abs=0.6)
    assert max(left, top) >= 9.4


@given(st.floats(0, 500), st.floats(0, 300))
def test_pixels_and_places_are_inverse(x, y):
    view = View(108.0, 30.0, 6.2, 500, 300)
    assert view.pixel(*view.place(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(st.floats(4, 12))
def test_scale_bar_is_a_round_number_that_fits(zoom):
    view = View(108.0, 30.0, zoom, 500, 300)
    kilometres, pixels = scale_bar(view, 80)
    assert str(kilometres).strip("0") in ("1", "2", "5")
    assert pixels <= 80
    assert pixels * view.metres_per_pixel / 1000 == pytest.approx(kilometres, rel=0.05)


def test_a_name_may_leave_the_middle_of_its_area_only_as_far_as_there_is_room():
    middle = (80.0, 80.0, 220.0, 160.0)
    label = Label("a", "随县", 150, 120)
    assert place_labels([label], [middle], WIDTH, HEIGHT) == {}
    placed = place_labels([replace(label, room=70.0)], [middle], WIDTH, HEIGHT)["a"]
    assert 0 < math.hypot(placed.dx, placed.dy) <= 70


def test_many_places_become_pixels_like_one():
    view = fit((112.7, 31.3, 114.1, 32.4), 300, 200, 10)
    spots = np.array([[112.9, 31.5], [113.8, 32.2]])
    assert view.pixels(spots) == pytest.approx(np.array([view.pixel(*spot) for spot in spots]))
