"""The targets of a report as a picture: one mark per target, a row of marks per region. Shapes, words and colours of the overview."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dashboard.picture_font import chinese_type
from dashboard.queries import STATUS_ORDER
from dashboard.reports.content import RegionPart
from dashboard.text import status_label, t
from dashboard.theme import INK, INK2, STATUS_COLOUR

WIDTH_MM, NAME_MM, ROWS, WIDEST_MM = 156, 26, 4, 3.4
LEGEND_MM, GAP_MM = 9, 4
POINTS_PER_MM = 72 / 25.4
DOTS_PER_INCH = 300

MARKERS = {"达标": "o", "未达标": "D", "到期未报": "o", "定性待评": "s", "数据未出": "_", "已废止": "x"}
SOLID = ("达标", "未达标")


def unit_plot(regions: list[RegionPart]) -> bytes:
    """PNG as wide as the text of a page: marks in the order of the statuses, one size for all regions."""
    columns = max((-(-len(part.targets) // ROWS) for part in regions), default=1)
    pitch = min(WIDEST_MM, (WIDTH_MM - NAME_MM) / max(columns, 1))
    row_mm = max(ROWS * pitch, 10) + GAP_MM
    height = LEGEND_MM + row_mm * len(regions)
    figure = Figure(figsize=(WIDTH_MM / 25.4, height / 25.4), dpi=DOTS_PER_INCH, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH_MM), ylim=(height, 0))
    axes.set_axis_off()
    _legend(axes, [status for status in STATUS_ORDER if any(len(part.with_status(status)) for part in regions)])
    for number, part in enumerate(regions):
        _region(axes, part, LEGEND_MM + number * row_mm, pitch)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _region(axes: Axes, part: RegionPart, top: float, pitch: float) -> None:
    _write(axes, 0, top + 2.5, part.name, 10, INK)
    _write(axes, 0, top + 7.5, t("overview.items", n=len(part.targets)), 9, INK2)
    rows = part.targets.sort_values("status_order", kind="stable")
    for status in STATUS_ORDER:
        places = [divmod(at, ROWS) for at, found in enumerate(rows["status"]) if found == status]
        _marks(axes, status, [(NAME_MM + (column + 0.5) * pitch, top + (row + 0.5) * pitch) for column, row in places], pitch)


def _legend(axes: Axes, statuses: list[str]) -> None:
    for number, status in enumerate(statuses):
        x = NAME_MM + number * 22
        _marks(axes, status, [(x + 1.7, 3)], WIDEST_MM)
        _write(axes, x + 4.5, 3, status_label(status), 9, INK2)


def _marks(axes: Axes, status: str, places: list[tuple[float, float]], pitch: float) -> None:
    if not places:
        return
    size = (0.68 if MARKERS[status] in "oD_x" else 0.62) * pitch * POINTS_PER_MM
    colour = STATUS_COLOUR[status]
    axes.plot([x for x, _ in places], [y for _, y in places], linestyle="none", marker=MARKERS[status],
              markersize=size * (0.85 if status == "未达标" else 1), markeredgecolor=colour, markeredgewidth=0.35 * pitch,
              markerfacecolor=colour if status in SOLID else "none")


def _write(axes: Axes, x: float, y: float, words: str, points: float, colour: str) -> None:
    letters = chinese_type()
    axes.text(x, y, letters.drawable(words).replace("$", r"\$"), fontsize=points, color=colour, family=letters.families, va="center")
