"""Figures: rows in, SVG text or a plotly figure out. Nothing here knows Streamlit."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard import text, theme
from dashboard.text import esc, t

UNIT_PITCH, UNIT_ROWS = 12.6, 4
BULLET_HEIGHT = 44


def unit_plot(statuses: list[tuple[str, bool]], width: int = 424) -> str:
    """One mark per target, four rows filled column by column; True adds the dot of an earlier figure."""
    marks, y0 = [], 7.0
    for index, (status, with_dot) in enumerate(statuses):
        column, row = divmod(index, UNIT_ROWS)
        marks.append(theme.mark(status, 6.5 + column * UNIT_PITCH, y0 + row * UNIT_PITCH, 4.9, with_dot))
    columns = -(-len(statuses) // UNIT_ROWS)
    drawn = max(width, round(13 + columns * UNIT_PITCH))
    return (f'<svg width="100%" height="52" viewBox="0 0 {drawn} 52" preserveAspectRatio="xMinYMid meet" '
            f'style="display:block;max-width:{drawn}px">{"".join(marks)}</svg>')


@dataclass(frozen=True)
class Bullet:
    """What one bullet bar shows; shares are fractions of the full axis, which always starts at zero."""

    value_share: float | None
    target_share: float | None
    value_label: str
    target_label: str
    is_target_year: bool  # solid bar; else hollow: an earlier year, a hint only


def bullet(row, width: int = 420, with_label_inside: bool = True) -> str:
    """Bar from zero with the target as an ink tick; a dotted line where nothing is known. `row`: queries.targets."""
    made = _bullet(row)
    if made is None:
        return ""
    track = width - 42
    parts = [f'<rect x="2" y="19" width="{track}" height="18" fill="{theme.HAIR}"/>']
    if made.value_share is None:
        parts.append(f'<line x1="2" y1="28" x2="{2 + track}" y2="28" stroke="{theme.WARM}" stroke-width="1.5" '
                     'stroke-dasharray="2 4"/>')
    elif made.is_target_year:
        parts.append(f'<rect x="2" y="19" width="{made.value_share * track:.1f}" height="18" fill="{theme.BLUE}"/>')
    else:
        length = max(made.value_share * track - 2, 0)
        parts.append(f'<rect x="3" y="20" width="{length:.1f}" height="16" fill="#fff" stroke="{theme.BLUE}" '
                     'stroke-width="2"/>')
    if with_label_inside and made.value_share is not None:
        colour = "#fff" if made.is_target_year else theme.BLUE
        inside = made.value_share * track > 14 * len(made.value_label) * 0.62
        x, fill = (10, colour) if inside else (made.value_share * track + 10, theme.INK)
        parts.append(f'<text x="{x:.0f}" y="32.5" font-size="12" font-weight="700" fill="{fill}">'
                     f'{esc(made.value_label)}</text>')
    if made.target_share is not None:
        x = 2 + made.target_share * track
        anchor, label_x = ("end", x + 3) if made.target_share > 0.3 else ("start", x - 3)
        parts.append(f'<rect x="{x - 1.5:.1f}" y="15" width="3" height="26" fill="{theme.INK}"/>'
                     f'<text x="{label_x:.1f}" y="12" font-size="12" fill="{theme.INK}" text-anchor="{anchor}">'
                     f'{esc(made.target_label)}</text>')
    return (f'<svg width="{width}" height="{BULLET_HEIGHT}" viewBox="0 0 {width} {BULLET_HEIGHT}" '
            f'style="display:block;max-width:100%">{"".join(parts)}</svg>')


def _bullet(row) -> Bullet | None:
    if pd.isna(row["target_value"]) or row["unit"] == "类":
        return None
    target, value = row["target_value"], row["latest_value"]
    known = not pd.isna(value)
    if row["unit"] == "%" and target <= 100 and (not known or value <= 100):
        full = 100.0
    else:
        full = 1.15 * max(target, value if known else 0) or 1.0
    label = text.value_text(value, row["unit"], comparator=row.get("latest_comparator") or "=")
    period = f"（{text.short_period(row['latest_period'])}）" if known else ""
    return Bullet(max(value, 0) / full if known else None, max(target, 0) / full, f"{label}{period}",
                  t("chart.target", target=text.target_text(row)), known and not pd.isna(row["actual_value"]))


def house_figure(height: int) -> go.Figure:
    """An empty figure in the house style: no legend, no tools, quiet grid."""
    return go.Figure(layout=go.Layout(
        height=height, margin=dict(l=8, r=8, t=8, b=8), paper_bgcolor="#fff", plot_bgcolor="#fff",
        showlegend=False, hovermode="closest", font=dict(family=theme.FONT, size=12, color=theme.INK2),
        hoverlabel=dict(bgcolor="#fff", bordercolor=theme.LINE, font=dict(family=theme.FONT, color=theme.INK)),
        xaxis=dict(automargin=True, showgrid=False, zeroline=False, fixedrange=True, linecolor=theme.LINE, ticks=""),
        yaxis=dict(automargin=True, gridcolor=theme.HAIR, zeroline=False, fixedrange=True, ticks="")))
