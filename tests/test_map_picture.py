"""The picture of the map: that it is the map as set, its size and type, and that it needs nothing from outside."""

from __future__ import annotations

import io
import socket
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.font_manager import FontProperties, findfont, get_font
from PIL import Image

from dashboard import map_picture as picture
from dashboard import map_words, theme
from dashboard.map_fills import METRICS, Fill
from dashboard.map_labels import text_width
from dashboard.map_panel import BASIN, COUNTY, LAND, LAYERS, RESERVOIR, RIVER
from dashboard.map_picture import Shown, map_picture
from dashboard.picture_font import FAMILY, chinese_type
from dashboard.picture_geometry import apart
from dashboard.picture_queries import shown_on_map
from dashboard.picture_sheet import SCALE, Sheet, shortened, wrapped
from dashboard.text import t

AS_OF = date(2026, 11, 22)
LISHUI, CHONGQING, SUIZHOU = "331100", "500000", "421300"
RED, GREEN = "#C03050", "#30C050"


@pytest.fixture(scope="module")
def shown(connection) -> Shown:
    return shown_on_map(connection, AS_OF)


@pytest.fixture(autouse=True)
def half_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough for all but the test of the size."""
    monkeypatch.setattr("dashboard.picture_sheet.SCALE", 1)


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is drawn."""
    noted: list[str] = []
    write = Sheet.write

    def note(self, x, y, text, *more, **options):
        noted.append(text)
        return write(self, x, y, text, *more, **options)
    monkeypatch.setattr(Sheet, "write", note)
    return noted


@pytest.fixture
def written(texts, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text, of pictures that are not rendered."""
    monkeypatch.setattr(Sheet, "png", lambda _: b"")
    return texts


def share_of(content: bytes, colour: str) -> float:
    """Of all pixels, how many have just this colour."""
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    return float((pixels == np.array([int(colour[n:n + 2], 16) for n in (1, 3, 5)], dtype=np.uint8)).all(axis=2).mean())


def many_sections(shown: Shown, count: int) -> Shown:
    """So many in Chongqing, half of them in the middle of a county."""
    random = np.random.default_rng(1)
    own = shown.shapes[shown.shapes["panel"] == CHONGQING]
    outline = own[own["kind"] == "outline"].iloc[0]
    anywhere = random.uniform((outline["west"], outline["south"]), (outline["east"], outline["north"]), (8 * count, 2))
    points = anywhere[shapely.contains_xy(shapely.from_geojson(outline["geometry"]), *anywhere.T)][:count]
    middles = own.loc[own["kind"] == "county", ["longitude", "latitude"]].to_numpy(dtype=float)
    points[::2] = middles[random.integers(0, len(middles), len(points[::2]))]
    one = shown.sections[shown.sections["region"] == "重庆市"].head(1)
    sections = pd.concat([one] * count, ignore_index=True).assign(
        section_id=[f"x{n}" for n in range(count)], name=[f"测试断面{n}" for n in range(count)], longitude=points[:, 0],
        latitude=points[:, 1], latest_class=random.choice([*theme.CLASS_COLOUR, None], count), latest_day=pd.Timestamp("2025-01-31"))
    return replace(shown, sections=sections)


def test_all_regions_at_twice_the_size_quickly_and_offline(shown, texts, monkeypatch):
    monkeypatch.setattr("dashboard.picture_sheet.SCALE", SCALE)
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("asks the network"))
    chinese_type()
    began = time.process_time()
    content = map_picture(shown, [], AS_OF)
    assert time.process_time() - began < 5
    assert content.startswith(b"\x89PNG")
    assert Image.open(io.BytesIO(content)).size == (3840, 2160)
    assert set(shown.regions["name"]) <= set(texts)
    assert sum(text.endswith("公里") for text in texts) == len(shown.regions)
    assert t("picture.unnamed") in texts[-1] and t("picture.scales") in texts[-1]


def test_it_says_what_the_page_says(shown, written):
    map_picture(shown, [], AS_OF)
    placed = shown.sections.dropna(subset="longitude")
    assert written[0] == map_words.finding(shown.sections)
    assert f"{len(placed)} 个断面" in written[0] and f"{placed['latest_class'].notna().sum()} 个有类别" in written[0]
    assert str(AS_OF) in written[1] and f"另有 {len(shown.sections) - len(placed)} 个断面没有位置" in written[1]


@pytest.mark.parametrize(("classes", "words"), [
    ([], "没有断面有位置"), ([None], "1 个断面都还没有类别"), (["Ⅰ", "Ⅲ", None], "3 个断面中，2 个有类别，都不劣于Ⅲ类"),
    (["Ⅲ", "Ⅳ", "劣Ⅴ"], "3 个有类别，2 个劣于Ⅲ类"), (["良", None], "2 个断面都还没有类别")])
def test_finding(classes, words):
    sections = pd.DataFrame({"latest_class": [*classes, "劣Ⅴ"], "longitude": [120.0] * len(classes) + [None], "latitude": 28.0})
    assert words in map_words.finding(sections)


def test_one_region_lists_every_section_with_its_class(shown, written):
    map_picture(shown, [LISHUI], AS_OF, "GS(2024)0650号")
    own = shown.sections[shown.sections["region"] == "丽水市"].dropna(subset="longitude")
    assert len(own) > 20 and set(own["name"]) <= set(written)
    assert all(written.count(known) >= 2 * n for known, n in own["latest_class"].value_counts().items())
    assert written[-1] != t("picture.unnamed") and "丽水市：" in " ".join(written)
    assert any("审图号：GS(2024)0650号" in text and "内部使用" not in text for text in written)


def test_another_day_shows_the_classes_of_that_day(connection, written):
    day = date(2022, 6, 30)
    early = shown_on_map(connection, day)
    map_picture(early, [LISHUI], day, is_latest=False)
    assert "2022-06-30 为止" in written[1]
    assert not any("2023-09" in text for text in written)


def test_land_is_coloured_with_words_and_legend(shown, texts):
    county = shown.shapes.loc[(shown.shapes["panel"] == SUIZHOU) & (shown.shapes["kind"] == "county"), "key"].iloc[0]
    fill = Fill({LISHUI: RED}, {county: GREEN}, {LISHUI: "丽水的话" * 40}, [(RED, "红的"), (GREEN, "绿的")], "这是一句说明")
    plain = map_picture(shown, [LISHUI, SUIZHOU], AS_OF)
    assert share_of(plain, RED) == share_of(plain, GREEN) == 0
    texts.clear()
    coloured = map_picture(shown, [LISHUI, SUIZHOU], AS_OF, fill=fill, fill_title="甲指标")
    assert share_of(coloured, RED) > 0.07 and share_of(coloured, GREEN) > 0.01
    assert share_of(coloured, LAND) < share_of(plain, LAND) / 2
    assert {"甲指标", "红的", "绿的", "这是一句说明", t("map.fill.no_data")} <= set(texts)
    own = [text for text in texts if text.startswith(("丽水的话", "水的话", "的话", "话"))]
    assert len(own) == 2 and own[1].endswith("…") and all(text_width(text, 17) < 910 for text in own)
    without = map_picture(shown, [LISHUI, SUIZHOU], AS_OF, fill=fill, layers=("sections",))
    assert share_of(without, GREEN) < 0.001 < share_of(without, RED)


def test_a_region_without_a_figure_says_so(shown, written):
    map_picture(shown, [LISHUI, CHONGQING], AS_OF, fill=Fill({LISHUI: RED}, {}, {LISHUI: "有数"}, [(RED, "红的")]))
    assert written.count(t("map.fill.no_data")) == 2  # in the legend and under Chongqing
    written.clear()
    by_county = Fill({}, {"500101": GREEN}, {}, [(GREEN, "绿的")])
    map_picture(shown, [LISHUI], AS_OF, fill=by_county)
    assert "绿的" in written
    map_picture(shown, [LISHUI], AS_OF, fill=by_county, layers=("rivers",))
    assert written.count("绿的") == written.count(t("map.fill.no_data")) == 1


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_a_title(metric):
    assert bool(map_words.colour_title(metric, "甲指标")) == (metric != "none")
    assert ("甲指标" in map_words.colour_title(metric, "甲指标")) == (metric in ("value", "gap"))


@pytest.mark.parametrize(("layer", "colour", "word"), [
    ("rivers", RIVER, "河流"), ("basins", BASIN, "流域界"), ("reservoirs", RESERVOIR, "水库、湖泊（位置近似）"),
    ("counties", COUNTY, "县界")])
def test_a_layer_that_is_off_is_neither_drawn_nor_in_the_legend(shown, texts, layer, colour, word):
    on = map_picture(shown, [SUIZHOU], AS_OF)
    assert word in texts
    texts.clear()
    off = map_picture(shown, [SUIZHOU], AS_OF, layers=tuple(name for name in LAYERS if name != layer))
    assert word not in texts
    assert share_of(off, colour) < 0.02 * share_of(on, colour)


def test_without_sections_or_names_there_are_none(shown, written):
    map_picture(shown, [SUIZHOU], AS_OF, layers=("counties", "basins", "rivers", "reservoirs"))
    assert not {"随县", "厉山", "平林", "Ⅲ", "Ⅲ类", "断面", t("map.key.no_class")} & set(written)
    map_picture(shown, [SUIZHOU], AS_OF, layers=("counties", "names"))
    assert {"随县", "曾都区", "广水市"} <= set(written) and "厉山" not in written


def test_the_sketch_sentence_vanishes_with_own_layers(shown, written):
    def credit() -> str:
        return next(text for text in reversed(written) if "天地图" in text)

    map_picture(shown, [SUIZHOU], AS_OF)
    assert "内部使用，公开展示须核对审图号" in credit() and "示意" in credit()
    shapes = shown.shapes
    rivers, basins = shapes["kind"] == "river", shapes["kind"] == "basin"
    map_picture(replace(shown, shapes=shapes.assign(is_own_layer=rivers)), [SUIZHOU], AS_OF)
    assert "示意" in credit()
    map_picture(replace(shown, shapes=shapes.assign(is_own_layer=rivers | basins)), [SUIZHOU], AS_OF)
    assert "示意" not in credit()


def test_basins_are_parted_by_their_divides_only(shown):
    without = replace(shown, shapes=shown.shapes[shown.shapes["kind"] != "divide"])
    assert share_of(map_picture(shown, [SUIZHOU], AS_OF, layers=("basins",)), BASIN) > 0.0003
    legend_only = share_of(map_picture(without, [SUIZHOU], AS_OF, layers=("basins",)), BASIN)
    assert legend_only < 0.0001


@pytest.mark.parametrize("kind", ["county", "basin"])
def test_the_chosen_area_is_outlined_in_ink_and_named(shown, texts, kind):
    area = shown.shapes[(shown.shapes["panel"] == LISHUI) & (shown.shapes["kind"] == kind)].iloc[0]
    plain = map_picture(shown, [LISHUI], AS_OF, layers=("counties",))
    texts.clear()
    chosen = map_picture(shown, [LISHUI], AS_OF, layers=("counties",), chosen=(kind, area["key"]))
    assert any(text.startswith(area["name"]) for text in texts)
    assert share_of(chosen, theme.INK) > share_of(plain, theme.INK) + 0.0003
    assert map_picture(shown, [LISHUI], AS_OF, layers=("counties",), chosen=(kind, "elsewhere")) == plain


def test_the_chosen_section_has_a_ring_and_its_name(shown, written, monkeypatch):
    rings = []
    monkeypatch.setattr(Sheet, "ring", lambda self, x, y, radius: rings.append((x, y)))
    for section in shown.sections[shown.sections["region"] == "丽水市"].dropna(subset="longitude").to_dict("records")[:3]:
        written.clear()
        map_picture(shown, [LISHUI, SUIZHOU], AS_OF, chosen=("section", section["section_id"]))
        assert section["name"] in written
    assert len(set(rings)) == 3
    monkeypatch.undo()
    plain, ringed = Sheet(), Sheet()
    ringed.ring(960, 540, 14)
    assert share_of(plain.png(), theme.INK) == 0 < share_of(ringed.png(), theme.INK)


def test_very_many_sections_are_quick_and_say_how_many_are_not_listed(shown, written):
    many = many_sections(shown, 3700)
    chinese_type()
    began = time.process_time()
    map_picture(many, [CHONGQING], AS_OF, chosen=("section", "x5"))
    assert time.process_time() - began < 5
    listed = [text for text in written if text.startswith("测试断面")]
    assert 40 < len(listed) < 80 and "测试断面5" in listed
    assert t("picture.more", n=3700 - len(set(listed) - {"测试断面5"})) in written
    assert "万州区" in written


def test_without_sections_or_regions(shown):
    nothing = replace(shown, sections=shown.sections.head(0), reservoirs=shown.reservoirs.head(0))
    assert map_picture(nothing, [SUIZHOU], AS_OF).startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="没有可画"):
        map_picture(shown, ["110000"], AS_OF)


@pytest.mark.parametrize("count", range(1, 9))
def test_panels_stay_on_the_slide_and_apart(count):
    slots = picture._slots(count, picture.BOTTOM)
    assert len(slots) == count
    boxes = [(x, y, x + wide, y + high) for x, y, wide, high in slots]
    assert all(x > 0 and y > 0 and right <= 1920 - 40 and bottom <= picture.BOTTOM + 1e-6 for x, y, right, bottom in boxes)
    assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for n, a in enumerate(boxes) for b in boxes[:n])


def test_points_are_moved_apart_and_only_where_they_must():
    crowd, alone = np.zeros((40, 2)), np.array([[500.0, 500.0], [600.0, 500.0]])
    at = apart(np.vstack([crowd, alone]), 20)
    distance = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))[np.triu_indices(len(at), 1)]
    assert distance.min() > 19
    assert (at[-2:] == alone).all() and np.abs(at[:40]).max() < 100


def test_text_is_cut_to_its_width():
    assert shortened("短", 10, 50) == "短" and shortened("这是很长的一句", 10, 50) == "这是很长…"
    assert wrapped("这是很长的一句话", 10, 50, 2) == ["这是很长的", "一句话"]
    assert wrapped("这是很长的一句话" * 2, 10, 50, 2) == ["这是很长的", "一句话这…"]
    assert wrapped("", 10, 50, 2) == []


@pytest.mark.parametrize("weight", [400, 700])
def test_the_product_s_own_type_is_used_and_has_what_is_written(weight, shown, written):
    file = Path(findfont(FontProperties(family=FAMILY, weight=weight), fallback_to_default=False))
    assert file.stem.endswith(str(weight))
    letters = set(get_font(file).get_charmap())
    map_picture(shown, ["331102"], AS_OF)
    names = pd.concat([shown.sections["name"], shown.regions["name"]])
    fixed = [text for text in written if text not in set(names)]
    assert set(map(ord, "".join(fixed) + "ⅠⅡⅢⅣⅤ劣？")) <= letters


def test_a_letter_that_no_font_has_is_a_question_mark_not_a_box():
    assert chinese_type().drawable("涧水\U0010fffd") == "涧水？"
