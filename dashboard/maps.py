"""A map that can be moved and zoomed: panels in, pydeck decks out. Nothing here knows Streamlit or asks anything outside."""

from __future__ import annotations

import json

import pydeck as pdk

from dashboard import theme
from dashboard.map_labels import View
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
    Name,
    Panel,
    basin_name,
    names,
    river_width,
)
from dashboard.text import t


class Map(pdk.Deck):
    """A deck without a base map (nothing is fetched), whose message is not indented."""

    def __init__(self, layers: list[dict], view: View):
        super().__init__(layers=layers, map_provider=None, tooltip={"text": "{tip}"}, views=[pdk.View(
            type="MapView", controller={"scrollZoom": False, "dragRotate": False, "touchRotate": False})],
            initial_view_state=pdk.ViewState(longitude=view.longitude, latitude=view.latitude, zoom=view.zoom, pitch=0, bearing=0))

    def to_json(self) -> str:
        return json.dumps(json.loads(super().to_json()), ensure_ascii=False, separators=(",", ":"))


def rgb(colour: str, alpha: int = 255) -> list[int]:
    return [int(colour[n:n + 2], 16) for n in (1, 3, 5)] + [alpha]


def hit_layer_id(kind: str, chosen: tuple[str, str], part: str = "") -> str:
    """Layers that can be clicked carry the choice in their name: a click is then forgotten as soon as it is obeyed.

    The browser else keeps the click, pales all other shapes and takes the next click on the same shape as a farewell.
    """
    return "|".join((kind, part, *chosen))


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
    """Limits of basins; the areas can be clicked where no counties lie above them, the names always."""
    if "basins" not in shown:
        return []
    layers = [_shapes("divides", [_feature(row) for row in panel.of("divide").to_dict("records")], line=BASIN, width=1.1, filled=False)]
    if "counties" not in shown:
        basins = [_feature(row, tip=basin_name(row["name"]), fill=[255, 255, 255, 0])
                  for row in panel.of("basin").to_dict("records")]
        layers.append(_shapes(hit_layer_id("basin", panel.chosen), basins, stroked=False, pickable=True))
    return layers


def river_layers(panel: Panel, shown: list[str]) -> list[dict]:
    if "rivers" not in shown:
        return []
    rivers = [_feature(row, width=river_width(row["upa_km2"], row["name"])) for row in panel.of("river").to_dict("records")]
    return [_shapes("rivers", rivers, line=RIVER, filled=False)]


def frame_layers(panel: Panel, shown: list[str]) -> list[dict]:
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
    ring, casing, inner = (DOT, 2.4, 1.8) if panel.is_crowded else (RING, 4.6, 2.6)
    rows = [{"key": mark.key, "class": mark.known, "tip": mark.tip, "position": _place(panel, mark.x, mark.y), "colour": rgb(mark.colour),
             "radius": ring / 2 if mark.is_exact else ring, "line": ring if mark.is_exact else inner} for mark in panel.marks]
    base = {"@@type": "ScatterplotLayer", "radiusUnits": "pixels", "lineWidthUnits": "pixels", "getPosition": "@@=position"}
    layers = [base | {"id": hit_layer_id("section", panel.chosen), "data": rows, "pickable": True, "filled": True, "stroked": True,
                      "getFillColor": rgb(HALO), "getLineColor": rgb(theme.INK), "getRadius": ring, "getLineWidth": casing},
              base | {"id": "classes", "data": rows, "pickable": False, "filled": False, "stroked": True,
                      "getLineColor": "@@=colour", "getRadius": "@@=radius", "getLineWidth": "@@=line"}]
    chosen = [row for row in rows if panel.chosen == ("section", row["key"])]
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
             "lineWidthUnits": "pixels", "getPosition": "@@=position", "filled": True, "stroked": True, "getFillColor": rgb(RESERVOIR),
             "getLineColor": rgb(RIVER), "getRadius": 3.6, "getLineWidth": 1.6}]


def label_layers(panel: Panel, shown: list[str]) -> list[dict]:
    """One layer for each kind of name; those of basins can be clicked, their areas lie under the counties."""
    placed = names(panel, shown)
    return [_texts(panel, kind, [name for name in placed if name.kind == kind], colour, weight)
            for kind, (colour, weight) in NAME_STYLES.items()]


def _texts(panel: Panel, kind: str, placed: list[Name], colour: str, weight: int) -> dict:
    is_basin = kind == "basin"
    rows = [{"position": _place(panel, name.x, name.y), "text": name.text, "offset": [round(name.spot.dx, 1), round(name.spot.dy, 1)],
             "anchor": name.spot.anchor} | ({"key": name.key, "tip": name.text} if is_basin else {})
            for name in placed]
    return {"@@type": "TextLayer", "id": hit_layer_id(kind, panel.chosen, "names") if is_basin else f"{kind} names", "data": rows,
            "pickable": is_basin, "characterSet": "auto", "fontFamily": theme.FONT, "fontWeight": weight, "getText": "@@=text",
            "getPosition": "@@=position", "getPixelOffset": "@@=offset", "getTextAnchor": "@@=anchor",
            "getAlignmentBaseline": "center", "getSize": LETTER, "getColor": rgb(colour), "background": True,
            "getBackgroundColor": rgb(HALO, 150), "backgroundPadding": [1, 0], "fontSettings": {"fontSize": 24, "buffer": 3}}


def _place(panel: Panel, x: float, y: float) -> list[float]:
    return [round(value, 5) for value in panel.view.place(x, y)]


def _feature(row: dict, **properties) -> dict:
    return {"type": "Feature", "geometry": json.loads(row["geometry"]), "properties": {"key": row["key"]} | properties}


def _shapes(name: str, features: list[dict], line: str = OUTLINE, width: float | None = None, filled: bool = True,
            stroked: bool = True, pickable: bool = False) -> dict:
    layer = {"@@type": "GeoJsonLayer", "id": name, "data": features, "filled": filled, "stroked": stroked, "pickable": pickable,
             "lineWidthUnits": "pixels", "getLineColor": rgb(line), "lineJointRounded": True, "lineCapRounded": True,
             "getLineWidth": "@@=properties.width" if width is None else width}
    return layer | {"getFillColor": "@@=properties.fill"} if filled else layer
