"""A slide to draw on with matplotlib: text in the product's own type, lines, and the marks of sections."""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from dashboard import theme
from dashboard.map_labels import text_width
from dashboard.picture_font import Type, chinese_type

WIDTH, HEIGHT, SCALE = 1920, 1080, 2
"""Slide pixels, and pixels of the picture for each."""
POINTS = 0.72
"""matplotlib counts type and line widths in points: slide pixels times this."""
NO_CLASS = "#8B949A"
LEAST_LETTER_RADIUS = 7.0
"""Slide pixels; a smaller disc has its colour only."""


class Sheet:
    """One axes over the whole figure, in slide pixels."""

    def __init__(self, width: float = WIDTH, height: float = HEIGHT) -> None:
        self.type: Type = chinese_type()
        self.figure = Figure(figsize=(width / 100, height / 100), dpi=100 * SCALE, facecolor="white")
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()

    def write(self, x: float, y: float, text: str, size: float, colour: str = theme.INK, anchor: str = "left", weight: int = 400,
              halo: bool = False, order: float = 9) -> float:
        """Text centred vertically on y; how wide it is, about, in slide pixels."""
        effects = [withStroke(linewidth=2.6, foreground="white", alpha=0.85)] if halo else None
        text = self.type.drawable(text)
        self.axes.text(x, y, text, size=size * POINTS, color=colour, ha=anchor, va="center_baseline", weight=weight, zorder=order,
                       family=self.type.families, path_effects=effects, parse_math=False)
        return text_width(text, size)

    def line(self, points: list[tuple[float, float]], colour: str, width: float, order: float = 8) -> None:
        self.axes.plot(*zip(*points), color=colour, linewidth=width * POINTS, zorder=order, solid_capstyle="butt")

    def box(self, x: float, y: float, width: float, height: float, fill: str, edge: str, order: float = 4) -> None:
        """A box centred on a point."""
        self.axes.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, facecolor=fill, edgecolor=edge,
                                      linewidth=1.2 * POINTS, zorder=order))

    def ring(self, x: float, y: float, radius: float) -> None:
        """Around the chosen section."""
        self.axes.scatter([x], [y], s=(2 * radius * POINTS) ** 2, c="none", edgecolors=theme.INK, linewidths=2.4 * POINTS, zorder=5.4)

    def marks(self, points: np.ndarray, radius: float, classes: Iterable[str | None], are_exact: Iterable[bool]) -> None:
        """Sections at points (n, 2): the class written in a disc of its colour, or in a ring where the place is approximate."""
        known = [name if name in theme.CLASS_COLOUR else None for name in classes]
        exact = np.fromiter(are_exact, dtype=bool)
        with_letter = radius >= LEAST_LETTER_RADIUS
        colours = [theme.CLASS_COLOUR[name] if name else NO_CLASS for name in known]
        self.axes.scatter(points[:, 0], points[:, 1], s=((2 * radius + 0.8) * POINTS) ** 2, c=colours, edgecolors=theme.INK,
                          linewidths=(0.8 if with_letter else 0.5) * POINTS, zorder=5)
        hollow = radius * (0.7 if with_letter else 0.45)
        self.axes.scatter(points[~exact, 0], points[~exact, 1], s=(2 * hollow * POINTS) ** 2, c="white", linewidths=0, zorder=5.2)
        for (x, y), name, is_exact in zip(points, known, exact):
            if name and with_letter:
                ink = theme.CLASS_INK[name] if is_exact else theme.INK
                self.write(x, y, name, radius * (1.15 if len(name) == 1 else 0.72), ink, "center", 700, order=5.3)

    def mark(self, x: float, y: float, radius: float, water_class: str | None, is_exact: bool) -> None:
        self.marks(np.array([[x, y]]), radius, [water_class], [is_exact])

    def png(self) -> bytes:
        buffer = io.BytesIO()
        FigureCanvasAgg(self.figure)
        self.figure.savefig(buffer, format="png", dpi=100 * SCALE, pil_kwargs={"compress_level": 4})
        return buffer.getvalue()


def shortened(text: str, size: float, width: float) -> str:
    """The text, or as much of it as there is room for and …"""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in at most so many lines, the last one shortened."""
    lines: list[str] = []
    while text and len(lines) < most - 1 and text_width(text, size) > width:
        end = next(n for n in range(len(text), 0, -1) if n == 1 or text_width(text[:n], size) <= width)
        lines.append(text[:end])
        text = text[end:]
    return [*lines, shortened(text, size, width)] if text else lines
