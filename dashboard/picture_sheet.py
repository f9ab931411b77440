"""A slide to draw on with matplotlib: text in the product's own type, lines, and the mark of a section."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from dashboard import theme
from dashboard.map_labels import text_width
from dashboard.picture_font import Type, chinese_type

WIDTH, HEIGHT, SCALE = 1920, 1080, 2
"""Slide pixels, and pixels of the picture for each."""
POINTS = 0.72
"""matplotlib counts type and line widths in points: slide pixels times this."""
NO_CLASS = "#8B949A"


class Sheet:
    """One axes over the whole figure, in slide pixels."""

    def __init__(self) -> None:
        self.type: Type = chinese_type()
        self.figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100 * SCALE, facecolor="white")
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
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

    def mark(self, x: float, y: float, radius: float, water_class: str | None, is_exact: bool) -> None:
        """A section: its class written in a disc of the class colour, or in a ring where the place is approximate."""
        known = water_class if water_class in theme.CLASS_COLOUR else None
        colour = theme.CLASS_COLOUR[known] if known else NO_CLASS
        self.axes.add_patch(Circle((x, y), radius + 0.8, facecolor=theme.INK, linewidth=0, zorder=5))
        self.axes.add_patch(Circle((x, y), radius, facecolor=colour, linewidth=0, zorder=5.1))
        if not is_exact:
            self.axes.add_patch(Circle((x, y), radius * 0.7, facecolor="white", linewidth=0, zorder=5.2))
        if known:
            ink = theme.CLASS_INK[known] if is_exact else theme.INK
            self.write(x, y, known, radius * (1.15 if len(known) == 1 else 0.72), ink, "center", 700, order=5.3)

    def png(self) -> bytes:
        buffer = io.BytesIO()
        FigureCanvasAgg(self.figure)
        self.figure.savefig(buffer, format="png", dpi=100 * SCALE, pil_kwargs={"compress_level": 4})
        return buffer.getvalue()
