"""Geometry of the picture, in slide pixels: outlines to draw, points that do not cover each other."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import shapely
from matplotlib.path import Path as Outline

ROUNDS = 60
"""Of pushing points apart; more are not seen."""
TURN = math.pi * (3 - math.sqrt(5))
"""The golden angle: points set out by it fill a disc evenly."""


def path_of(area: shapely.Geometry) -> Outline:
    """A path of all rings of an area."""
    rings = [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
    return Outline.make_compound_path(*(Outline(shapely.get_coordinates(ring), closed=True) for ring in rings))


def apart(points: np.ndarray, pitch: float) -> np.ndarray:
    """Points (n, 2) moved until hardly any are closer than `pitch`: those of one place are set out around it, then all push."""
    nth = pd.DataFrame(np.round(points)).groupby([0, 1]).cumcount().to_numpy()
    at = points + 0.6 * pitch * np.sqrt(nth)[:, None] * np.column_stack([np.cos(TURN * nth), np.sin(TURN * nth)])
    for _ in range(ROUNDS):
        dots = shapely.points(at)
        one, other = shapely.STRtree(dots).query(dots, predicate="dwithin", distance=0.98 * pitch)
        one, other = one[one < other], other[one < other]
        if not len(one):
            break
        step = at[one] - at[other]
        distance = np.maximum(np.hypot(*step.T), 1e-6)
        push = 0.5 * ((pitch - distance) / distance)[:, None] * step
        np.add.at(at, one, push)
        np.add.at(at, other, -push)
    return at
