"""Maps: rows in, pydeck decks and their words out. Nothing here knows Streamlit or asks anything outside."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pandas as pd
import pydeck as pdk

from dashboard import theme
from dashboard.map_labels import Box, Label, View, place_labels, spread
from dashboard.text import t

LAND, COUNTY, OUTLINE, RIVER, BASIN, HALO = "#F7F8F6", "#CCD2D5", "#5F6B74", "#6FA6C6", "#A9A08F", "#FFFFFF"
MARGIN, RING, PITCH = 10, 4.3, 11.5
EXACT = ("surveyed", "office_list")
"""Bases of a coordinate that are a point; all others are about where the section lies, and drawn as a ring."""

LAYERS = ("counties", "basins", "rivers", "sections", "reservoirs", "names")
RIVERS_NAMED = 8


class Map(pdk.Deck):
    """A deck without a base map (nothing is fetched), whose message is not indented."""

    def __init__(self, layers: list[dict], view: View):
        super().__init__(layers=layers, map_provider=None, tooltip={"text": "{tip}"}, views=[pdk.View(
            type="MapView", controller={"scrollZoom": False, "dragRotate": False, "touchRotate": False})],
            initial_view_state=pdk.ViewState(longitude=view.longitude, latitude=view.latitude, zoom=view.zoom, pitch=0, bearing=0))

    def to_json(self) -> str:
        return json.dumps(json.loads(super().to_json()), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Panel:
    """What one map shows. `shapes`, `sections` and `reservoirs` are the rows of this region only."""

    view: View
    shapes: pd.DataFrame
    sections: pd.DataFrame  # section_id name longitude latitude is_exact class tip
    reservoirs: pd.DataFrame
    region_fill: str | None = None
    county_fills: dict[str, str] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    chosen: tuple[str, str] = ("", "")  # kind and key

    def of(self, kind: str) -> pd.DataFrame:
        return self.shapes[self.shapes["kind"] == kind]


def rgb(colour: str, alpha: int = 255) -> list[int]:
    return [int(colour[n:n + 2], 16) for n in (1, 3, 5)] + [alpha]


def hit_layer_id(kind: str, chosen: tuple[str, str]) -> str:
    """Layers that can be clicked carry the choice in their name: a click is then forgotten as soon as it is obeyed.

    The browser else keeps the click, pales all other shapes and takes the next click on the same shape as a farewell.
    """
    return f"{kind}|{'|'.join(chosen)}"


def area_layers(panel: Panel, shown: list[str]) -> list[dict]:
    """Land, and counties: filled as one where the figure belongs to the region, each where it belongs to the county."""
    land = [_feature(row, fill=rgb(panel.region_fill or LAND)) for row in panel.of("outline").to_dict("records")]
    layers = [_shapes("land", land, filled=True, stroked=False)]
    if "counties" in shown:
        counties = [_feature(row, tip=panel.tips.get(row["key"], row["name"]),
                             fill=rgb(panel.county_fills[row["key"]]) if row["key"] in panel.county_fills else [255, 255, 255, 0])
                    for row in panel.of("county").to_dict("records")]
        layers.append(_shapes(hit_layer_id("county", panel.chosen), counties, line=COUNTY, width=0.8, pickable=True))
    return layers


def basin_layers(panel: Panel, shown: list[str]) -> list[dict]:
    """Limits of basins; the areas can be clicked only where no counties lie above them."""
    if "basins" not in shown:
        return []
    clickable = "counties" not in shown
    basins = [_feature(row, tip=t("map.tip.basin", name=row["name"]), fill=[255, 255, 255, 0])
              for row in panel.of("basin").to_dict("records")]
    return [_shapes(hit_layer_id("basin", panel.chosen) if clickable else "basins", basins, line=BASIN, width=1.1, filled=clickable,
                    pickable=clickable)]


def river_layers(panel: Panel, shown: list[str]) -> list[dict]:
    if "rivers" not in shown:
        return []
    rivers = [_feature(row, width=river_width(row["upa_km2"], row["name"])) for row in panel.of("river").to_dict("records")]
    return [_shapes("rivers", rivers, line=RIVER, filled=False)]


def frame_layers(panel: Panel) -> list[dict]:
    """The outline of the region, and the chosen county or basin in ink."""
    layers = [_shapes("outline", [_feature(row) for row in panel.of("outline").to_dict("records")], line=OUTLINE, width=1.3, filled=False)]
    kind, key = panel.chosen
    found = panel.shapes[(panel.shapes["kind"] == kind) & (panel.shapes["key"] == key)]
    if len(found) and kind in ("county", "basin"):
        layers.append(_shapes("chosen", [_feature(row) for row in found.to_dict("records")], line=theme.INK, width=2.4, filled=False))
    return layers


def section_layers(panel: Panel, shown: list[str]) -> list[dict]:
    """A white disc with an ink casing that can be clicked, the class colour in it, and a ring around the chosen one."""
    if "sections" not in shown or panel.sections.empty:
        return []
    rows = placed_sections(panel)
    key = panel.chosen[1] if panel.chosen[0] == "section" else None
    base = {"@@type": "ScatterplotLayer", "radiusUnits": "pixels", "lineWidthUnits": "pixels", "getPosition": "@@=position"}
    layers = [base | {"id": hit_layer_id("section", panel.chosen), "data": rows, "pickable": True, "filled": True, "stroked": True,
                      "getFillColor": rgb(HALO), "getLineColor": rgb(theme.INK), "getRadius": RING, "getLineWidth": 4.6},
              base | {"id": "classes", "data": rows, "pickable": False, "filled": False, "stroked": True,
                      "getLineColor": "@@=colour", "getRadius": "@@=radius", "getLineWidth": "@@=line"}]
    chosen = [row for row in rows if row["key"] == key]
    if chosen:
        layers.append(base | {"id": "ring", "data": chosen, "pickable": False, "filled": False, "stroked": True,
                              "getLineColor": rgb(theme.INK), "getRadius": 10.5, "getLineWidth": 2})
    return layers


def reservoir_layers(panel: Panel, shown: list[str]) -> list[dict]:
    if "reservoirs" not in shown or panel.reservoirs.empty:
        return []
    rows = [{"position": [row["longitude"], row["latitude"]], "tip": t("map.tip.reservoir", name=row["name"])}
            for row in panel.reservoirs.to_dict("records")]
    return [{"@@type": "ScatterplotLayer", "id": "reservoirs", "data": rows, "pickable": True, "radiusUnits": "pixels",
             "lineWidthUnits": "pixels", "getPosition": "@@=position", "filled": True, "stroked": True, "getFillColor": rgb("#D6E7F1"),
             "getLineColor": rgb(RIVER), "getRadius": 3.6, "getLineWidth": 1.6}]


def label_layers(panel: Panel, shown: list[str]) -> list[dict]:
    """Names that do not cover each other: the chosen one, sections with a class, other sections, counties, waters."""
    view, kind, key = panel.view, *panel.chosen
    strong, plain, water, taken = [], [], [], list[Box]()
    if "sections" in shown and len(panel.sections):
        for row in placed_sections(panel):
            x, y = view.pixel(*row["position"])
            taken.append((x - 7, y - 7, x + 7, y + 7))
            strong.append((row["key"] != key or kind != "section", row["class"] is None,
                           Label(f"section|{row['key']}", row["label"], x, y, 11.5, 9.0, (kind, key) == ("section", row["key"]))))
    if "names" in shown:
        if "counties" in shown:
            plain = [_named(view, "county", row, 11.5, (kind, key)) for row in panel.of("county").to_dict("records")]
        if "rivers" in shown:
            named = panel.of("river").dropna(subset=["name"]).sort_values("upa_km2", ascending=False, na_position="first")
            water = [_named(view, "river", row, 11.5, (kind, key)) for row in named.head(RIVERS_NAMED).to_dict("records")]
        if "reservoirs" in shown:
            water += [Label(f"reservoir|{row['name']}", row["name"], *view.pixel(row["longitude"], row["latitude"]), 11.5, 6.0)
                      for row in panel.reservoirs.to_dict("records")]
    if "basins" in shown and kind == "basin":
        plain = [_named(view, "basin", row, 11.5, (kind, key)) for row in panel.of("basin").to_dict("records") if row["key"] == key] + plain
    ordered = [label for *_, label in sorted(strong, key=lambda one: one[:2])]
    plain.sort(key=lambda label: not label.must_stay)
    found = place_labels(ordered + plain + water, taken, view.width, view.height)

    def layer(name: str, labels: list[Label], colour: str, weight: int, spacing: str = "normal") -> dict:
        rows = []
        for label in labels:
            if label.key in found:
                spot = found[label.key]
                rows.append({"position": [round(v, 5) for v in view.place(label.x, label.y)], "text": label.text,
                             "offset": [round(spot.dx, 1), round(spot.dy, 1)], "anchor": spot.anchor})
        return {"@@type": "TextLayer", "id": name, "data": rows, "pickable": False, "characterSet": "auto",
                "fontFamily": theme.FONT, "fontWeight": weight, "getText": "@@=text", "getPosition": "@@=position",
                "getPixelOffset": "@@=offset", "getTextAnchor": "@@=anchor", "getAlignmentBaseline": "center", "getSize": 11.5,
                "getColor": rgb(colour), "background": True, "getBackgroundColor": rgb(HALO, 150), "backgroundPadding": [1, 0],
                "fontSettings": {"fontSize": 24, "buffer": 3}}

    return [layer("water names", water, theme.LINK, 400), layer("county names", plain, theme.INK2, 400),
            layer("section names", ordered, theme.INK, 700)]


def placed_sections(panel: Panel) -> list[dict]:
    """Drawing rows of the sections; those that share a place are moved apart."""
    records = panel.sections.to_dict("records")
    pixels = spread([panel.view.pixel(row["longitude"], row["latitude"]) for row in records], PITCH)
    rows = []
    for row, pixel in zip(records, pixels):
        known = row["class"] if row["class"] in theme.CLASS_COLOUR else None
        rows.append({"key": row["section_id"], "class": known, "label": f"{row['name']} {known or ''}".strip(), "tip": row["tip"],
                     "position": [round(value, 5) for value in panel.view.place(*pixel)],
                     "colour": rgb(theme.CLASS_COLOUR[known] if known else "#A39A8C"),
                     "radius": RING / 2 if row["is_exact"] else RING, "line": RING if row["is_exact"] else 2.6})
    return rows


def river_width(upstream_km2: float | None, name: str | None) -> float:
    """Pixels by catchment; the great rivers whose catchment is not known are the widest."""
    if upstream_km2 is None or pd.isna(upstream_km2):
        return 2.4 if isinstance(name, str) else 0.8
    return min(0.7 + (max(upstream_km2, 0) / 4000) ** 0.5, 2.4)


def _named(view: View, kind: str, row: dict, size: float, chosen: tuple[str, str]) -> Label:
    return Label(f"{kind}|{row['key']}", row["name"], *view.pixel(row["longitude"], row["latitude"]), size, 0.0,
                 (kind, row["key"]) == chosen)


def _feature(row: dict, **properties) -> dict:
    return {"type": "Feature", "geometry": json.loads(row["geometry"]), "properties": {"key": row["key"]} | properties}


def _shapes(name: str, features: list[dict], line: str = OUTLINE, width: float | None = None, filled: bool = True,
            stroked: bool = True, pickable: bool = False) -> dict:
    layer = {"@@type": "GeoJsonLayer", "id": name, "data": features, "filled": filled, "stroked": stroked, "pickable": pickable,
             "lineWidthUnits": "pixels", "getLineColor": rgb(line), "lineJointRounded": True, "lineCapRounded": True,
             "getLineWidth": "@@=properties.width" if width is None else width}
    return layer | {"getFillColor": "@@=properties.fill"} if filled else layer
