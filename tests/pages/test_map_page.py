"""The map page, run headless: what each picture holds, what can be chosen, and that a broken layer stays alone."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest
import shapely

from dashboard import map_drawing, map_fills, map_queries, maps, section_queries
from dashboard.map_labels import fit
from dashboard.map_panel import LAND, MANY, Panel, names
from dashboard.map_words import in_region
from dashboard.text import t
from pages.map import parts
from pages.shared.classes import Rank
from tests.pages.opened import markup, open_page

REGIONS = {"重庆市": 38, "丽水市": 9, "永嘉县": 1, "随州市": 3, "莲都区": 1}
TODAY = date.today()


def decks(app) -> list[dict]:
    return [json.loads(chart.proto.json) for chart in app.get("deck_gl_json_chart")]


def drawings(app) -> dict[str, ElementTree.Element]:
    """The drawn maps by region_id."""
    found = {one.proto.id.rpartition("drawn_"): one.proto.json for one in app.get("bidi_component")}
    return {region: ElementTree.fromstring(json.loads(svg)) for (_, drawn, region), svg in found.items() if drawn}


def places(svg: ElementTree.Element, kind: str) -> set[str]:
    """Keys of what can be chosen in a drawing."""
    return {key for name, _, key in (node.get("data-place").partition(":") for node in svg.iter("g")) if name == kind}


def layer(deck: dict, kind: str) -> dict:
    return next(one for one in deck["layers"] if one["id"].split("|")[0] == kind)


@pytest.fixture(scope="module")
def app(published):
    return open_page("map")


@pytest.fixture(scope="module")
def shapes(connection) -> pd.DataFrame:
    return map_queries.map_shapes_of_regions(connection.cursor())


def test_every_region_has_its_picture_with_all_its_counties(app):
    heads = [text for text in REGIONS if f">{text}</a></b>" in markup(app)]
    assert sorted(heads) == sorted(REGIONS)
    assert sorted(len(places(svg, "county")) for svg in drawings(app).values()) == sorted(REGIONS.values())


def test_side_by_side_they_are_drawn_and_stay_small(app):
    assert not decks(app)
    assert sum(len(ElementTree.tostring(svg)) for svg in drawings(app).values()) < 600_000


def test_one_region_alone_can_be_moved_and_asks_for_no_base_map():
    alone = open_page("map", region="随州市")
    assert not drawings(alone)
    chart, = alone.get("deck_gl_json_chart")
    deck = json.loads(chart.proto.json)
    assert deck["mapStyle"] == "__MAP_STYLE__" and not deck.get("mapProvider")
    assert "\n" not in chart.proto.json and len(chart.proto.json) < 300_000


def test_sections_with_a_place_are_drawn_and_the_others_listed(app, connection):
    rows = section_queries.sections(connection.cursor(), as_of=TODAY, regions=[], text="", nationwide=False)
    where = map_queries.section_places(connection.cursor()).set_index("section_id")
    placed = {key for key in rows["section_id"] if pd.notna(where.loc[key, "longitude"])}
    assert set().union(*(places(svg, "section") for svg in drawings(app).values())) == placed
    assert t("map.unplaced", n=len(rows) - len(placed)) in markup(app)


def test_class_and_name_stand_beside_a_section_in_its_colour():
    app = open_page("map", region="随州市", place="section:421300-pinglin")
    deck = decks(app)[0]
    point = next(one for one in layer(deck, "classes")["data"] if one["key"] == "421300-pinglin")
    assert point["class"] in Rank
    assert point["colour"] == maps.rgb(maps.theme.CLASS_COLOUR[point["class"]])
    assert f"平林 {point['class']}" in {one["text"] for one in layer(deck, "section names")["data"]}
    assert [one["key"] for one in layer(deck, "ring")["data"]] == ["421300-pinglin"]


@pytest.mark.parametrize(("place", "words"), [("section:421300-pinglin", ["平林", "考核目标", "近似", "看断面"]),
                                              ("county:421381", ["广水市", "公布过的数", "责任单位", "平林"]),
                                              ("basin:500000-xiaojiang", ["小江（澎溪河）", "平方公里", "示意"])])
def test_address_chooses_a_place_and_the_card_tells_of_it(place, words):
    app = open_page("map", place=place)
    assert app.session_state["place_choice"] == place
    card = next(block.value for block in app.markdown if "mapcard" in block.value)
    assert all(word in card for word in words)


def test_a_choice_can_be_let_go():
    app = open_page("map", place="county:421381")
    app.selectbox(key="place_choice").set_value(None).run()
    assert not app.exception and app.session_state["place_choice"] is None
    assert "mapcard" not in markup(app)


def test_the_list_puts_the_sections_of_the_choice_on_top():
    app = open_page("map", place="county:421381")
    marks = app.dataframe[0].value["chosen"].tolist()
    assert marks[:2] == ["●", "●"] and set(marks[2:]) == {""}


def test_places_tell_of_measures_and_projects_and_their_units():
    card = next(block.value for block in open_page("map", place="basin:331100-haoxi").markdown if "mapcard" in block.value)
    assert "好溪流域综合治理工程" in card and "市水利局" in card


def test_unknown_place_and_region_less_address_do_no_harm():
    app = open_page("map", place="county:<script>", colour="no", hide="nothing,names", at="x")
    assert app.session_state["place_choice"] is None
    assert "<script>" not in markup(app)
    svgs = drawings(app).values()
    county_names = {name for svg in svgs for name in (node.text for node in svg.iter("text")) if name in ("万州区", "缙云县", "随县")}
    assert len(svgs) == len(REGIONS) and not county_names


def test_hidden_layers_are_gone_and_basins_can_then_be_clicked():
    app = open_page("map", region="随州市", hide="counties,rivers")
    ids = {one["id"].split("|")[0] for one in decks(app)[0]["layers"]}
    assert "county" not in ids and "rivers" not in ids
    assert layer(decks(app)[0], "basin")["pickable"]


def test_figures_of_a_region_colour_it_once():
    app = open_page("map", region="重庆市", colour="overdue")
    deck = decks(app)[0]
    assert len(layer(deck, "land")["data"]) == 1
    assert layer(deck, "land")["data"][0]["properties"]["fill"] != maps.rgb(LAND)
    assert all(one["properties"]["fill"][3] == 0 for one in layer(deck, "county")["data"])
    assert "到期未报" in markup(app)


def test_a_region_is_filled_once_in_its_drawing_and_its_counties_are_not(app):
    coloured = drawings(open_page("map", colour="overdue"))
    assert drawings(app)["500000"].find("path").get("fill") == LAND != coloured["500000"].find("path").get("fill")
    counties = [node.find("path") for node in coloured["500000"].iter("g") if node.get("data-place").startswith("county")]
    assert {path.get("fill") for path in counties if path is not None} == {"transparent"}


@pytest.mark.parametrize("colour", map_fills.METRICS)
def test_every_way_to_colour_has_a_legend(colour):
    app = open_page("map", colour=colour)
    assert (t("map.fill.no_data") in markup(app)) == (colour != "none")
    assert not app.warning


def test_earlier_day_shows_earlier_classes(app):
    early = open_page("map", asof="2020-12-31")
    assert "2020-12-31" in markup(early)
    assert markup(early) != markup(app)


def test_a_broken_layer_says_so_and_the_rest_lives(monkeypatch):
    def broken(*_):
        raise ValueError("broken")

    monkeypatch.setattr(maps, "river_layers", broken)
    monkeypatch.setattr(map_drawing, "rivers", broken)
    app = open_page("map", region="随州市")
    assert [warning.value for warning in app.warning] == [t("map.broken", name=t("map.layer.rivers"))]
    assert layer(decks(app)[0], "section")["data"]
    several = open_page("map")
    assert len(several.warning) == len(REGIONS) and all(places(svg, "county") for svg in drawings(several).values())


def test_credits_name_the_borders_and_the_number():
    shapes = pd.DataFrame({"kind": ["basin"], "is_own_layer": [True]})
    assert t("map.credit.unchecked") in parts.credits("  ", shapes, 1)
    numbered = parts.credits("GS(2099)1号<b>", shapes, 1)
    assert "GS(2099)1号&lt;b&gt;" in numbered and t("map.credit.unchecked") not in numbered
    assert "示意" not in numbered
    assert t("map.credit.sketch", names="流域") in parts.credits("", shapes.assign(is_own_layer=False), 5)


def test_shapes_share_their_borders_and_lie_in_their_region(shapes):
    for _, own in shapes.groupby("panel"):
        counties = shapely.from_geojson(own.loc[own["kind"] == "county", "geometry"].to_numpy())
        outline = shapely.from_geojson(own.loc[own["kind"] == "outline", "geometry"].iloc[0])
        together = shapely.union_all(shapely.make_valid(counties))
        assert shapely.area(counties).sum() == pytest.approx(together.area, rel=2e-3)
        assert together.symmetric_difference(shapely.make_valid(outline)).area < 2e-3 * outline.area


def test_layers_without_regions_are_clipped_to_the_outline(shapes):
    outline = shapely.from_geojson(shapes.loc[(shapes["panel"] == "331102") & (shapes["kind"] == "outline"), "geometry"].iloc[0])
    rivers = shapely.from_geojson(shapes.loc[(shapes["panel"] == "331102") & (shapes["kind"] == "river"), "geometry"].to_numpy())
    assert len(rivers) and shapely.covered_by(rivers, outline.buffer(0.02)).all()


def test_district_inside_a_city_shows_the_sections_of_the_city_that_lie_in_it(shapes):
    rows = pd.DataFrame({"section_id": ["a", "b"], "region": ["丽水市", "丽水市"], "county_id": ["331102", "331122"]})
    found = in_region(rows, {"region_id": "331102", "name": "莲都区"}, shapes)
    assert found["section_id"].tolist() == ["a"]


def test_surveyed_section_is_a_disc_and_an_approximate_one_a_ring(shapes):
    own = shapes[shapes["panel"] == "421300"]
    rows = pd.DataFrame({"section_id": ["a", "b"], "name": ["甲", "乙"], "longitude": [113.3, 113.6], "latitude": [31.8, 31.5],
                         "is_exact": [True, False], "latest_class": ["Ⅱ", None], "tip": ["", ""]})
    panel = Panel(fit((112.7, 31.3, 114.1, 32.4), 300, 300, 10), own, rows, pd.DataFrame())
    disc, ring = next(one for one in maps.section_layers(panel, ["sections"]) if one["id"] == "classes")["data"]
    assert disc["radius"] * 2 == disc["line"]
    assert ring["line"] < ring["radius"]
    assert {name.text for name in names(panel, ["sections"])} == {"甲 Ⅱ", "乙"}


def test_too_many_sections_become_dots_without_names_but_for_the_chosen_one(shapes):
    n = MANY + 1
    rows = pd.DataFrame({"section_id": [f"s{i}" for i in range(n)], "name": "断面", "longitude": [113 + i / n for i in range(n)],
                         "latitude": 31.8, "is_exact": True, "latest_class": "Ⅱ", "tip": ""})
    panel = Panel(fit((112.7, 31.3, 114.1, 32.4), 300, 300, 10), shapes[shapes["panel"] == "421300"], rows, pd.DataFrame(),
                  chosen=("section", "s7"))
    assert [name.key for name in names(panel, ["sections"])] == ["s7"]
    assert [panel.view.pixel(row.longitude, row.latitude) for row in rows.itertuples()] == [(mark.x, mark.y) for mark in panel.marks]


def test_limits_of_basins_are_drawn_once_and_dashed(shapes):
    own = shapes[shapes["panel"] == "421300"]
    basins = shapely.from_geojson(own.loc[own["kind"] == "basin", "geometry"].to_numpy())
    outline = shapely.from_geojson(own.loc[own["kind"] == "outline", "geometry"].iloc[0])
    dashes = shapely.from_geojson(own.loc[own["kind"] == "divide", "geometry"].iloc[0])
    borders = shapely.boundary(basins)
    inner = (shapely.length(borders).sum() - outline.length) / 2
    assert len(dashes.geoms) > 50
    assert dashes.length == pytest.approx(inner * 5 / 9, rel=0.15)


def test_county_fills_follow_the_sections_in_them():
    rows = pd.DataFrame({"county_id": ["1", "1", "2", None], "latest_class": ["Ⅱ", "Ⅳ", None, "Ⅰ"]})
    fill = map_fills.by_class(rows)
    assert set(fill.counties) == {"1"}
    assert fill.words["1"] == t("map.fill.good", n=2, good=1, share=50)


def test_play_ends_when_the_browser_shows_the_last_day():
    """A slow browser that still tells the day before does not stop it there."""
    app = open_page("map", region=["丽水市", "永嘉县"])
    last = app.select_slider(key="at_choice").value
    app.button(key="map_play").click().run()
    seen = [app.select_slider(key="at_choice").value]
    while seen[-1] != last:
        app.session_state["map_stepped"] = 0.0  # the time of a step is over
        app.run()
        seen.append(app.select_slider(key="at_choice").value)
    assert seen == sorted(set(seen)) and len(seen) > 2
    app.session_state["map_stepped"] = 0.0
    app.select_slider(key="at_choice").set_value(seen[-2]).run()
    assert app.session_state["map_playing"] and app.select_slider(key="at_choice").value == last
    app.session_state["map_stepped"] = 0.0
    app.run()
    assert not app.session_state["map_playing"] and app.select_slider(key="at_choice").value == last
    assert "at" not in app.query_params and not app.exception
