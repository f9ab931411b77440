"""A map as a drawing inside the page: panels in, SVG out. It needs no graphics card, prints sharply and grows with the page.

What can be chosen carries `data-place="kind:key"`; `title` elements are the words under the pointer.
"""

from __future__ import annotations

import shapely

from dashboard import theme
from dashboard.map_labels import View, scale_bar
from dashboard.map_panel import (
    BASIN,
    COUNTY,
    DOT,
    HALO,
    LAND,
    LETTER,
    NAME_STYLES,
    OUTLINE,
    RESERVOIR,
    RING,
    RIVER,
    SCALE_PIXELS,
    Mark,
    Name,
    Panel,
    basin_name,
    names,
    river_width,
)
from dashboard.text import esc, t


def svg(panel: Panel, parts: list[str], words: str) -> str:
    """The drawing made of its layers; `words` say what it is to those who cannot see it."""
    return (f'<svg viewBox="0 0 {panel.view.width} {panel.view.height}" role="img" aria-label="{esc(words)}" '
            f'font-size="{LETTER}" fill="none" stroke-linejoin="round" stroke-linecap="round">{"".join(parts)}</svg>')


def areas(panel: Panel, shown: list[str]) -> str:
    """Land; counties, or basins where no counties lie above them, to be chosen."""
    parts = [f'<path d="{path}" fill="{panel.region_fill or LAND}"/>' for _, path in _paths(panel, "outline")]
    if "counties" in shown:
        for row, path in _paths(panel, "county"):
            fill = panel.county_fills.get(row["key"], "transparent")
            parts.append(_choice("county", row["key"], panel.tips.get(row["key"], row["name"]),
                                 f'<path d="{path}" fill="{fill}" stroke="{COUNTY}" stroke-width="0.8"/>'))
    elif "basins" in shown:
        parts += [_choice("basin", row["key"], basin_name(row["name"]), f'<path d="{path}" fill="transparent"/>')
                  for row, path in _paths(panel, "basin")]
    return "".join(parts)


def basins(panel: Panel, shown: list[str]) -> str:
    """The limits between basins, dashed."""
    if "basins" not in shown:
        return ""
    return "".join(f'<path d="{path}" stroke="{BASIN}" stroke-width="1.1" stroke-linecap="butt"/>' for _, path in _paths(panel, "divide"))


def rivers(panel: Panel, shown: list[str]) -> str:
    if "rivers" not in shown:
        return ""
    return "".join(f'<path d="{path}" stroke="{RIVER}" stroke-width="{river_width(row["upa_km2"], row["name"]):.1f}">'
                   + (f"<title>{esc(row['name'])}</title>" if isinstance(row["name"], str) else "") + "</path>"
                   for row, path in _paths(panel, "river"))


def frame(panel: Panel, shown: list[str]) -> str:
    """The outline of the region, and the chosen county or basin in ink."""
    parts = [f'<path d="{path}" stroke="{OUTLINE}" stroke-width="1.3" pointer-events="none"/>' for _, path in _paths(panel, "outline")]
    kind, key = panel.chosen
    if kind in ("county", "basin"):
        parts += [f'<path d="{path}" stroke="{theme.INK}" stroke-width="2.4" pointer-events="none"/>'
                  for row, path in _paths(panel, kind) if row["key"] == key]
    return "".join(parts)


def reservoirs(panel: Panel, shown: list[str]) -> str:
    if "reservoirs" not in shown:
        return ""
    spots = [(row["name"], *panel.view.pixel(row["longitude"], row["latitude"])) for row in panel.reservoirs.to_dict("records")]
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{RESERVOIR}" stroke="{RIVER}" stroke-width="1.6">'
                   f"<title>{esc(t('map.tip.reservoir', name=name))}</title></circle>" for name, x, y in spots)


def sections(panel: Panel, shown: list[str]) -> str:
    return "".join(_section(mark, panel) for mark in panel.marks) if "sections" in shown else ""


def labels(panel: Panel, shown: list[str]) -> str:
    """All names there is room for, those of sections uppermost."""
    order = list(NAME_STYLES)
    return "".join(_name(name) for name in sorted(names(panel, shown), key=lambda name: order.index(name.kind)))


def scale(panel: Panel, shown: list[str]) -> str:
    """A bar of round kilometres in the lower left corner; it grows with the drawing."""
    kilometres, pixels = scale_bar(panel.view, SCALE_PIXELS)
    bottom = panel.view.height - 4
    return (f'<path d="M2 {bottom - 5}V{bottom}H{2 + pixels}V{bottom - 5}" stroke="{theme.INK2}"/>'
            f'<text x="{8 + pixels}" y="{bottom}" fill="{theme.INK2}">{t("map.scale", n=kilometres)}</text>')


def _section(mark: Mark, panel: Panel) -> str:
    """An ink casing around the class colour: a ring where the place is approximate, a disc where it is exact."""
    at = f'cx="{mark.x:.1f}" cy="{mark.y:.1f}"'
    ring, casing, inner = (DOT, 2.4, 1.8) if panel.is_crowded else (RING, 4.6, 2.6)
    parts = f'<circle {at} r="{ring}" fill="{HALO}" stroke="{theme.INK}" stroke-width="{casing}"/>'
    parts += (f'<circle {at} r="{ring}" fill="{mark.colour}"/>' if mark.is_exact else
              f'<circle {at} r="{ring}" stroke="{mark.colour}" stroke-width="{inner}"/>')
    if panel.chosen == ("section", mark.key):
        parts += f'<circle {at} r="10.5" stroke="{theme.INK}" stroke-width="2"/>'
    return _choice("section", mark.key, mark.tip, parts)


def _name(name: Name) -> str:
    """Letters with a pale halo; those of what can be chosen choose it."""
    colour, weight = NAME_STYLES[name.kind]
    text = (f'<text x="{name.x + name.spot.dx:.1f}" y="{name.y + name.spot.dy:.1f}" text-anchor="{name.spot.anchor}" '
            f'dominant-baseline="central" font-weight="{weight}" fill="{colour}" stroke="{HALO}" stroke-width="2.5" '
            f'stroke-opacity="0.75" paint-order="stroke">{esc(name.text)}</text>')
    return _choice(name.kind, name.key, name.text, text) if name.kind in ("section", "county", "basin") else text


def _choice(kind: str, key: str, tip: str, inner: str) -> str:
    return f'<g data-place="{kind}:{esc(key)}"><title>{esc(tip)}</title>{inner}</g>'


def _paths(panel: Panel, kind: str) -> list[tuple[dict, str]]:
    """Shapes of a kind with their outlines in pixels as SVG paths."""
    rows = panel.of(kind).to_dict("records")
    return [(row, path_of(shape, panel.view)) for row, shape in zip(rows, shapely.from_geojson([row["geometry"] for row in rows]))]


def path_of(shape, view: View) -> str:
    """SVG path of a line or area in degrees, to a tenth of a pixel."""
    strokes = []
    for part in shapely.get_parts(shape):
        is_area = part.geom_type == "Polygon"
        for line in (part.exterior, *part.interiors) if is_area else (part,):
            points = view.pixels(shapely.get_coordinates(line)).round(1).tolist()
            strokes.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if is_area else ""))
    return "".join(strokes)
