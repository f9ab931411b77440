"""The map page, run headless: what each picture holds, what can be chosen, and that a broken layer stays alone."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest
import shapely

from dashboard import map_fills, map_queries, maps, section_queries
from dashboard.map_labels import fit
from dashboard.text import t
from pages.map import parts, view
from pages.shared.classes import Rank
from tests.pages.opened import markup, open_page

REGIONS = {"重庆市": 38, "丽水市": 9, "永嘉县": 1, "随州市": 3, "莲都区": 1}
TODAY = date.today()


def decks(app) -> list[dict]:
    return [json.loads(chart.proto.json) for chart in app.get("deck_gl_json_chart")]


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
    assert sorted(len(layer(deck, "county")["data"]) for deck in decks(app)) == sorted(REGIONS.values())


def test_pictures_ask_for_no_base_map_and_stay_small(app):
    charts = app.get("deck_gl_json_chart")
    for chart in charts:
        deck = json.loads(chart.proto.json)
        assert deck["mapStyle"] == "__MAP_STYLE__" and not deck.get("mapProvider")
        assert "\n" not in chart.proto.json
    assert sum(len(chart.proto.json) for chart in charts) < 600_000


def test_one_region_stands_alone_and_large(app):
    alone = open_page("map", region="随州市")
    assert len(decks(alone)) == 1
    assert decks(alone)[0]["initialViewState"]["zoom"] > max(
        deck["initialViewState"]["zoom"] for deck in decks(app) if len(layer(deck, "county")["data"]) == 3)


def test_sections_with_a_place_are_drawn_and_the_others_listed(app, connection):
    rows = section_queries.sections(connection.cursor(), as_of=TODAY, regions=[], text="", nationwide=False)
    places = map_queries.section_places(connection.cursor()).set_index("section_id")
    placed = {key for key in rows["section_id"] if pd.notna(places.loc[key, "longitude"])}
    drawn = {point["key"] for deck in decks(app) for point in layer(deck, "section")["data"]}
    assert drawn == placed
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


def test_unknown_place_and_region_less_address_do_no_harm():
    app = open_page("map", place="county:<script>", colour="no", hide="nothing,names", at="x")
    assert app.session_state["place_choice"] is None
    assert "<script>" not in markup(app)
    assert all(one["id"] != "county names" or not one["data"] for deck in decks(app) for one in deck["layers"])


def test_hidden_layers_are_gone_and_basins_can_then_be_clicked():
    app = open_page("map", region="随州市", hide="counties,rivers")
    ids = {one["id"].split("|")[0] for one in decks(app)[0]["layers"]}
    assert "county" not in ids and "rivers" not in ids
    assert layer(decks(app)[0], "basin")["pickable"]


def test_figures_of_a_region_colour_it_once():
    app = open_page("map", region="重庆市", colour="overdue")
    deck = decks(app)[0]
    assert len(layer(deck, "land")["data"]) == 1
    assert layer(deck, "land")["data"][0]["properties"]["fill"] != maps.rgb(maps.LAND)
    assert all(one["properties"]["fill"][3] == 0 for one in layer(deck, "county")["data"])
    assert "到期未报" in markup(app)


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
    app = open_page("map", region="随州市")
    assert [warning.value for warning in app.warning] == [t("map.broken", name=t("map.layer.rivers"))]
    assert layer(decks(app)[0], "section")["data"]


def test_credits_name_the_borders_and_the_number():
    shapes = pd.DataFrame({"kind": ["basin"], "is_own_layer": [True]})
    assert t("map.credit.unchecked") in parts.credits("  ", shapes, 1)
    numbered = parts.credits("GS(2099)1号<b>", shapes, 1)
    assert "GS(2099)1号&lt;b&gt;" in numbered and t("map.credit.unchecked") not in numbered
    assert t("map.credit.sketch") not in numbered
    assert t("map.credit.sketch") in parts.credits("", shapes.assign(is_own_layer=False), 5)


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
    found = view.in_region(rows, {"region_id": "331102", "name": "莲都区"}, shapes)
    assert found["section_id"].tolist() == ["a"]


def test_surveyed_section_is_a_disc_and_an_approximate_one_a_ring(shapes):
    own = shapes[shapes["panel"] == "421300"]
    rows = pd.DataFrame({"section_id": ["a", "b"], "name": ["甲", "乙"], "longitude": [113.3, 113.6], "latitude": [31.8, 31.5],
                         "is_exact": [True, False], "class": ["Ⅱ", None], "tip": ["", ""]})
    panel = maps.Panel(fit((112.7, 31.3, 114.1, 32.4), 300, 300, 10), own, rows, pd.DataFrame())
    disc, ring = maps.placed_sections(panel)
    assert disc["radius"] * 2 == disc["line"]
    assert ring["line"] < ring["radius"]
    assert ring["label"] == "乙"


def test_county_fills_follow_the_sections_in_them():
    rows = pd.DataFrame({"county_id": ["1", "1", "2", None], "class": ["Ⅱ", "Ⅳ", None, "Ⅰ"]})
    fill = map_fills.by_class(rows)
    assert set(fill.counties) == {"1"}
    assert fill.words["1"] == t("map.fill.good", n=2, good=1, share=50)
