"""A user's own layers: every file format, encoding and coordinate system; what is wrong is named, and nothing changes."""

from __future__ import annotations

import shutil
import struct
import warnings
import zipfile
from pathlib import Path

import eviltransform
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from typer.testing import CliRunner

import etl.layer_import
from etl.__main__ import app
from etl.layer_import import Atlas, import_layer, remove_layer
from etl.layer_shapes import stated_degrees, wgs84_shapes
from etl.problems import DataProblems
from etl.readers.layer_file import read_layer_file
from etl.rules.coordinates import to_wgs84
from etl.section_points import import_section_points
from tests.conftest import use_data
from tests.national import Desk

WEST, EAST = box(119.6, 28.2, 119.9, 28.6), box(119.9, 28.2, 120.2, 28.6)
"""Two boxes about Lishui."""
TWO = gpd.GeoDataFrame({"流域名称": ["涢溪", "乙港"], "水系": ["瓯江", None]}, geometry=[WEST, EAST], crs=4326)
RIVERS = gpd.GeoDataFrame({"河名": ["涢溪", "涢溪", None]}, geometry=[
    LineString([(119.7, 28.3), (119.8, 28.4)]), LineString([(119.8, 28.4), (119.9, 28.5)]),
    LineString([(119.7, 28.5), (119.8, 28.4)])], crs=4326)


def nothing(*_) -> None:
    pass


def shp(folder: Path, frame: gpd.GeoDataFrame, name: str = "流域", encoding: str = "gbk", with_cpg: bool = False) -> Path:
    path = folder / f"{name}.shp"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a heading that had to be cut
        frame.to_file(path, encoding=encoding)
    if not with_cpg:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


def geojson(folder: Path, frame: gpd.GeoDataFrame, name: str = "流域.geojson") -> Path:
    frame.to_file(folder / name, driver="GeoJSON")
    return folder / name


def zipped(folder: Path, *files: Path, name: str = "图层.zip", **under: bytes) -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"子目录/{file.name}")
        for inside, content in under.items():
            archive.writestr(inside, content)
    return folder / name


def shapes_of(path: Path, family: str, system: str | None = None) -> gpd.GeoSeries:
    shapes, meant = stated_degrees(path.name, read_layer_file(path).frame, system)
    return wgs84_shapes(path.name, shapes, meant, family)


def problems_of(run, *arguments) -> list[str]:
    with pytest.raises(DataProblems) as raised:
        run(*arguments)
    return [str(problem) for problem in raised.value.problems]


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
@pytest.mark.parametrize("with_cpg", [True, False])
def test_a_shapefile_in_every_encoding_zipped_or_not(tmp_path, encoding, with_cpg):
    path = shp(tmp_path, TWO, encoding=encoding, with_cpg=with_cpg)
    layer = read_layer_file(path)
    columns = list(layer.frame.columns)
    assert columns[0][:3] == "流域名" and columns[1] == "水系"  # a heading has ten bytes
    assert layer.frame.iloc[:, 0].tolist() == ["涢溪", "乙港"] and layer.frame["水系"].tolist() == ["瓯江", None]
    assert shapely.equals(layer.frame.geometry.to_numpy(), TWO.geometry.to_numpy()).all()
    whole = zipped(tmp_path, *tmp_path.glob("流域.*"))
    assert read_layer_file(whole).sha256 == layer.sha256


def test_a_wrong_code_page_beside_the_file_does_not_matter(tmp_path):
    path = shp(tmp_path, TWO)
    path.with_suffix(".cpg").write_text("ISO-8859-1")
    for ending in (".dbf", ".shx", ".prj"):
        path.with_suffix(ending).rename(path.with_suffix(ending.upper()))
    assert read_layer_file(path).frame["流域名称"].tolist() == ["涢溪", "乙港"]


def test_geojson_and_geopackage(tmp_path):
    TWO.to_file(tmp_path / "a.gpkg")
    path = geojson(tmp_path, TWO.assign(面积=[1.0, 2.5], 年=[2021, 2022]))
    (tmp_path / "gbk.geojson").write_bytes(path.read_text("utf-8").encode("gbk"))
    for file in (tmp_path / "a.gpkg", path, tmp_path / "gbk.geojson"):
        frame = read_layer_file(file).frame
        assert frame["流域名称"].tolist() == ["涢溪", "乙港"] and frame.crs.to_epsg() == 4326
    assert frame["面积"].tolist() == ["1", "2.5"] and frame["年"].tolist() == ["2021", "2022"]


def broken_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Each with what is said of it."""
    whole = shp(folder, TWO)
    found: dict[str, tuple[Path, str]] = {}
    for ending, said in ((".dbf", "缺少同名的 .dbf 文件"), (".shx", "缺少同名的 .shx 文件")):
        (folder / ending).mkdir()
        for file in folder.glob("流域.*"):
            if file.suffix != ending:
                shutil.copy(file, folder / ending)
        found[f"without {ending}"] = folder / ending / "流域.shp", said
    for ending in (".shp", ".dbf"):
        (folder / f"cut{ending}").mkdir()
        for file in folder.glob("流域.*"):
            (folder / f"cut{ending}" / file.name).write_bytes(file.read_bytes()[:-40] if file.suffix == ending else file.read_bytes())
        found[f"cut {ending}"] = folder / f"cut{ending}" / "流域.shp", "文件已损坏或不完整"
    text = geojson(folder, TWO).read_bytes()
    content = {"empty.geojson": (b"", "是空文件"), "cut.geojson": (text[:-60], "文件已损坏"), "x.gpkg": (b"SQLite", "不是 GeoPackage"),
               "x.zip": (b"PK\3\4 no", "压缩包已损坏"), "x.rar": (b"Rar!", "不认识这种文件"), "list.geojson": (b"[1, 2]", "不是 GeoJSON"),
               "none.geojson": (b'{"type":"FeatureCollection","features":[]}', "没有要素"), "x.shp": (b"\0" * 200, "缺少同名的 .shx")}
    for name, (bytes_, said) in content.items():
        (folder / name).write_bytes(bytes_)
        found[name] = folder / name, said
    shp(folder, TWO, "另一个")
    found["two in a zip"] = zipped(folder, *folder.glob("*.shp"), name="two.zip"), "压缩包里有几个 Shapefile"
    found["none in a zip"] = zipped(folder, name="none.zip", readme=b"x"), "没有 .shp"
    found["way out"] = zipped(folder, *folder.glob("流域.*"), name="out.zip", **{"../../x.txt": b"x"}), "指到包外"
    found["bomb"] = zipped(folder, name="bomb.zip", **{"a.shp": bytes(201_000_000)}), "解开后太大"
    TWO.to_file(folder / "two.gpkg", layer="a")
    TWO.to_file(folder / "two.gpkg", layer="b")
    found["two in a geopackage"] = folder / "two.gpkg", "里面有几个图层，现在是“a、b”"
    found["missing"] = folder / "nowhere.geojson", "文件不存在"
    assert whole.exists()
    return found


def test_files_that_cannot_be_read_are_named(tmp_path):
    for case, (path, said) in broken_files(tmp_path).items():
        problem, = problems_of(read_layer_file, path)
        assert problem.startswith(path.name) and said in problem, (case, problem)


def test_parts_of_two_shapefiles_are_named(tmp_path):
    path = shp(tmp_path, TWO)
    header = bytearray(path.with_suffix(".dbf").read_bytes())
    header[4:8] = struct.pack("<I", 1)
    path.with_suffix(".dbf").write_bytes(header)
    assert "行数不同" in problems_of(read_layer_file, path)[0]


# ── coordinates ─────────────────────────────────────────────────────────────────────────────────────────────
def test_gcj02_is_undone_within_a_metre(tmp_path):
    """Against eviltransform, which shares nothing with ours."""
    random = np.random.default_rng(5)
    true = np.column_stack([random.uniform(104, 122, 300), random.uniform(26, 34, 300)])
    shifted = [eviltransform.wgs2gcj(latitude, longitude)[::-1] for longitude, latitude in true]
    path = geojson(tmp_path, gpd.GeoDataFrame({"name": range(300)}, geometry=[Point(p) for p in shifted], crs=4326))
    back = shapely.get_coordinates(shapes_of(path, "point", "gcj02").to_numpy())
    _, _, metres = Geod(ellps="WGS84").inv(*true.T, *back.T)
    _, _, before = Geod(ellps="WGS84").inv(*true.T, *np.array(shifted).T)
    assert metres.max() < 0.2 and before.min() > 100


@pytest.mark.parametrize("crs", [4490, 4549, 2384, 3857, 32650])
def test_every_usual_coordinate_system_comes_out_as_wgs84(tmp_path, crs):
    if crs == 2384:  # Xian 1980: its shift is not published
        path = shp(tmp_path, TWO.to_crs(4549).set_crs(crs, allow_override=True))
        assert "西安80" in problems_of(shapes_of, path, "polygon")[0]
        return
    path = shp(tmp_path, TWO.to_crs(crs))
    assert np.abs(shapely.bounds(shapes_of(path, "polygon").to_numpy()) - TWO.bounds.to_numpy()).max() < 2e-6


def test_without_a_coordinate_system_it_has_to_be_said(tmp_path):
    path = shp(tmp_path, TWO)
    path.with_suffix(".prj").unlink()
    assert "没有写坐标系" in problems_of(shapes_of, path, "polygon")[0]
    assert shapes_of(path, "polygon", "cgcs2000").geom_equals(TWO.geometry).all()


def test_a_coordinate_system_named_in_chinese(tmp_path):
    path = shp(tmp_path, TWO.to_crs(4549))
    stated = path.with_suffix(".prj").read_text()
    path.with_suffix(".prj").write_bytes(stated.replace("CGCS2000_3_Degree_GK_CM_120E", "国家2000投影").encode("gbk"))
    assert np.abs(shapely.bounds(shapes_of(path, "polygon").to_numpy()) - TWO.bounds.to_numpy()).max() < 2e-6
    path.with_suffix(".prj").write_text("国家2000", "gbk")
    assert ".prj 文件读不懂" in problems_of(shapes_of, path, "polygon")[0]


def moved(x: float, y: float, **more) -> gpd.GeoDataFrame:
    return TWO.assign(geometry=TWO.geometry.translate(x, y), **more)


@pytest.mark.parametrize(("frame", "said"), [
    (TWO.assign(geometry=shapely.transform(TWO.geometry, lambda p: p[:, ::-1])), "经度、纬度颠倒了"),
    (moved(-60, 0), "不在中国范围内"),
    (TWO.to_crs(4549).set_crs(4326, allow_override=True), "像是投影坐标（米），文件却写着经纬度"),
    (TWO.set_crs(4549, allow_override=True), "坐标像是度，文件却写着投影坐标系"),
    (TWO.assign(geometry=TWO.geometry.boundary), "应当是面图层"),
    (TWO.assign(geometry=[WEST, None]), "第 2 行：要素没有图形"),
    (TWO.assign(geometry=[WEST, Polygon()]), "第 2 行：要素没有图形"),
    (TWO.assign(geometry=[EAST, Polygon([(119, 28), (120, 29), (120, 28), (119, 29)])]), "第 2 行：边界自相交"),
    (TWO.assign(geometry=[WEST, box(120, 28, 120.0000001, 28.0000001)]), "小到看不见")])
def test_shapes_that_cannot_stay_are_named(tmp_path, frame, said):
    frame.to_file(tmp_path / "a.gpkg")  # GeoJSON could not hold another coordinate system
    problem, = problems_of(shapes_of, tmp_path / "a.gpkg", "polygon")
    assert said in problem and problem.startswith("a.gpkg 第 ")


def test_a_small_fault_is_mended(tmp_path):
    spike = Polygon([(119, 28), (120, 28), (120, 28.5), (120.1, 28.6), (120, 28.5), (120, 29), (119, 29)])
    assert not spike.is_valid
    mended, = shapes_of(geojson(tmp_path, TWO.iloc[:1].assign(geometry=[spike])), "polygon")
    assert mended.is_valid and mended.area == pytest.approx(1, rel=1e-6)


# ── the tables ──────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def atlas() -> Atlas:
    regions = pd.DataFrame([("331100", "丽水市", "prefecture", "330000"), ("331102", "莲都区", "district", "331100"),
                            ("331121", "青田县", "county", "331100")], columns=["region_id", "name", "level", "parent_id"])
    counties = gpd.GeoDataFrame({"region_id": ["331102", "331121"], "name": ["莲都区", "青田县"], "plan_region": "331100"},
                                geometry=[WEST, EAST], crs=4326)
    return Atlas(regions.set_index("region_id"), counties)


def table(kind: str, frame: gpd.GeoDataFrame, atlas: Atlas, name_column: str | None = None) -> gpd.GeoDataFrame:
    return etl.layer_import.TABLES[kind]("图.shp", frame, name_column, atlas)


def test_basins(atlas):
    made = table("basins", pd.concat([TWO, moved(5, 0, 流域名称=["丙", "丁"])], ignore_index=True), atlas)
    assert made["basin_id"].is_unique and made["basin_id"].map(str.isascii).all() and made["basin_id"].str.startswith("own-").all()
    assert made["basin_id"].tolist()[:2] == table("basins", TWO, atlas)["basin_id"].tolist()
    assert made["region_id"].fillna("").tolist() == ["331100", "331100", "", ""] and made["system"].tolist()[0] == "瓯江"
    geodesic = abs(Geod(ellps="WGS84").geometry_area_perimeter(WEST)[0]) / 1e6
    assert made["area_km2"][0] == pytest.approx(geodesic, rel=0.001)


def test_rivers_may_have_stretches_and_no_names(atlas):
    made = table("rivers", RIVERS, atlas)
    assert made["river_id"].is_unique and made["name"].fillna("").tolist() == ["涢溪", "涢溪", ""]
    assert made["region_id"].tolist() == ["331100"] * 3 and not made["is_schematic"].any()


@pytest.mark.parametrize("columns", [{"adcode": ["331102", "331121000000"]}, {"名称": ["莲都区", "青田县"]}])
def test_counties_by_code_or_name(atlas, columns):
    frame = gpd.GeoDataFrame(columns, geometry=[WEST, MultiPolygon([EAST])], crs=4326)
    made = table("counties", frame, atlas)
    assert made["region_id"].tolist() == ["331102", "331121"] and made["name"].tolist() == ["莲都区", "青田县"]
    assert made["parent_id"].tolist() == ["331100"] * 2 and made["label_longitude"].tolist() == pytest.approx([119.75, 120.05])


@pytest.mark.parametrize(("kind", "frame", "name_column", "said"), [
    ("basins", TWO.rename(columns={"流域名称": "abc"}), None, "看不出哪一列是名称，现在是“abc、水系”。改法：用 --name-column"),
    ("basins", TWO, "无此列", "没有“无此列”这一列"),
    ("basins", TWO, "水系", "第 2 行 “水系”列：没有名称"),
    ("basins", TWO.assign(流域名称="同名"), None, "重复了（共 2 个要素：1、2），现在是“同名”"),
    ("counties", TWO.assign(code=["331102", "999999"]), None, "第 2 行 “code”列：不认识这个县，现在是“999999”"),
    ("counties", TWO.assign(name=["莲都区", "北仑区"]), None, "不认识这个县，现在是“北仑区”"),
    ("counties", TWO.assign(name=["莲都区", "莲都区"]), None, "重复了"),
    ("counties", moved(0, 2, name=["莲都区", "青田县"]), None, "图形不在这个县")])
def test_names_that_do_not_do_are_named(atlas, kind, frame, name_column, said):
    assert said in problems_of(table, kind, frame, atlas, name_column)[0]


# ── import ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def desk(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    shutil.copytree(database.parent.parent, tmp_path / "data")
    use_data(monkeypatch, tmp_path / "data")
    return Desk(tmp_path, tmp_path / "data")


def test_a_layer_takes_the_place_of_ours_and_is_removed(desk):
    path = geojson(desk.folder, TWO)
    before = desk.ask("SELECT basin_id, name, is_own_layer FROM basins ORDER BY ALL")
    done = import_layer(path, "basins", "gcj02", None, nothing)
    assert (done.features, done.already_imported) == (2, False)
    rows = desk.ask("SELECT name, system, region_id, is_own_layer FROM basins ORDER BY name")
    assert rows == [("乙港", None, "331100", True), ("涢溪", "瓯江", "331100", True)]
    assert desk.ask("SELECT count(*) FROM sections WHERE basin_id LIKE 'own-%'")[0][0] > 0
    stored = gpd.read_file(desk.data / "layers" / "basins.geojson")
    assert shapely.distance(stored.geometry.to_numpy(), Point(to_wgs84(119.6, 28.2, "gcj02"))).min() < 2e-6
    assert 'file_name = "流域.geojson"' in (desk.data / "layers" / "basins.toml").read_text("utf-8")
    state = desk.state()
    assert import_layer(path, "basins", "gcj02", None, nothing).already_imported and desk.state() == state
    assert not import_layer(path, "basins", "wgs84", None, nothing).already_imported
    assert remove_layer("basins", nothing) and not list((desk.data / "layers").iterdir())
    assert desk.ask("SELECT basin_id, name, is_own_layer FROM basins ORDER BY ALL") == before
    assert not remove_layer("basins", nothing)


def test_what_cannot_be_published_is_taken_back(desk, monkeypatch):
    def fail(*_):
        raise OSError("磁盘已满")
    before = desk.state()
    monkeypatch.setattr("etl.load.record_changes", fail)
    with pytest.raises(OSError, match="磁盘已满"):
        import_layer(geojson(desk.folder, TWO), "basins", None, None, nothing)
    assert desk.state() == before and not list((desk.data / "layers").iterdir())


def test_a_layer_from_elsewhere_changes_nothing(desk):
    before = desk.state()
    assert "离有规划的区域都很远" in problems_of(import_layer, geojson(desk.folder, moved(-20, 10)), "basins", None, None, nothing)[0]
    assert desk.state() == before and not (desk.data / "layers").exists()


def test_points_go_the_way_of_a_list_of_sections(desk):
    points = gpd.GeoDataFrame({"PKID": [1, 2], "点位名称": ["测柳渡", "测柳渡"], "省份": "浙江省", "城市": "丽水市",
                               "县": ["莲都区", "青田县"], "目标类别": ["Ⅱ", "优"]},
                              geometry=[Point(119.9, 28.4), Point(120.2, 28.2)], crs=4326)
    problem, = problems_of(import_section_points, geojson(desk.folder, points, "点.geojson"), "gcj02", None, nothing)
    assert problem.startswith("点.geojson 第 2 行 “目标类别”列：不认识的水质类别")
    path = geojson(desk.folder, points.iloc[:1], "点.geojson")
    done = import_section_points(path, "gcj02", None, nothing)
    assert (done.new, done.matched, done.ignored_headings) == (1, 0, ["pkid"])
    (longitude, latitude, file_name), = desk.ask("""SELECT s.longitude, s.latitude, o.file_name FROM sections s
                                                 JOIN office_sections o USING (section_id) WHERE s.name = '测柳渡'""")
    assert (longitude, latitude) == pytest.approx(to_wgs84(119.9, 28.4, "gcj02"), abs=1e-6) and file_name == "点.geojson"
    assert import_section_points(path, "gcj02", None, nothing).already_imported
    assert "应当是点图层" in problems_of(import_section_points, geojson(desk.folder, TWO), None, None, nothing)[0]


def test_the_command(desk):
    path = geojson(desk.folder, RIVERS, "河流.geojson")

    def run(*arguments: str) -> tuple[int, list[str]]:
        done = CliRunner().invoke(app, ["import", "layer", *arguments])
        return done.exit_code, done.output.splitlines()

    code, lines = run(str(path), "--as", "basins")
    assert code == 1 and "应当是面图层" in lines[-2] and lines[-1] == "没有发布，原来的版本照用。"
    code, lines = run(str(path), "--as", "rivers")
    assert (code, lines[-1]) == (0, "河流.geojson：3 个要素，代替产品自带的图层。")
    assert run("--remove", "basins") == (0, ["用的就是产品自带的图层，没有改动。"])
    assert run(str(path))[0] == run()[0] == run(str(path), "--as", "lakes")[0] == 2
