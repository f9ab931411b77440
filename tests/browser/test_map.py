"""The map in a real browser: every picture really draws, clicks choose, the choice survives, nothing outside is asked."""

from __future__ import annotations

import io
import re
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator

from dashboard import map_queries
from dashboard.map_labels import View, fit
from dashboard.map_panel import MARGIN
from etl.versions import open_read_only
from pages.map.view import ALONE
from pages.shared.panels import bounds

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
DRAWN_MS = 120_000
"""Five pictures drawn without a graphics card on a busy machine."""


def colours(picture: Locator) -> int:
    """Different colours in a screenshot; an empty canvas has one or two."""
    pixels = np.asarray(Image.open(io.BytesIO(picture.screenshot(timeout=DRAWN_MS))).convert("RGB")).reshape(-1, 3)
    return len(np.unique(pixels, axis=0))


def draws(picture: Locator) -> None:
    """Waits until a picture shows something."""
    picture.wait_for(timeout=DRAWN_MS)
    for _ in range(20):
        if colours(picture) > 40:
            return
        picture.page.wait_for_timeout(500)
    pytest.fail("地图上什么也没有画出来")


def movable(one) -> Locator:
    """The map of a single region, once it shows something."""
    picture = one.page.locator('[data-testid="stDeckGlJsonChart"]')
    picture.locator("canvas").first.wait_for(timeout=DRAWN_MS)
    draws(picture)
    return picture


def view_of(data_folder, region_id: str, size: tuple[int, int]) -> tuple[View, dict]:
    """How the page looks at a region, and where its counties and sections lie."""
    database = max((data_folder / "build").glob("qingliu-*.duckdb"))
    with open_read_only(database) as connection:
        shapes = map_queries.map_shapes_of_regions(connection)
        places = map_queries.section_places(connection).set_index("section_id")
    spots = {row["key"]: (row["longitude"], row["latitude"]) for row in shapes[shapes["kind"] == "county"].to_dict("records")}
    spots |= {key: (row["longitude"], row["latitude"]) for key, row in places.iterrows()}
    return fit(bounds(shapes, region_id), *size, MARGIN), spots


def place_in(address: str) -> str | None:
    return parse_qs(urlsplit(address).query).get("place", [None])[0]


def click(one, picture: Locator, view: View, spot: tuple[float, float], wanted: str) -> None:
    """Click a place on a picture until the address names it; slow machines miss some clicks."""
    x, y = view.pixel(*spot)
    x += (picture.bounding_box()["width"] - view.width) / 2
    for _ in range(4):
        picture.click(position={"x": x, "y": y}, timeout=DRAWN_MS)
        one.page.wait_for_timeout(2500)
        one.settle()
        if place_in(one.page.url) == wanted:
            return
    pytest.fail(f"点了地图，地址里没有 {wanted}：{one.page.url}")


def test_every_map_draws_and_asks_nothing_outside(visitor):
    one = visitor()
    one.visit("map")
    pictures = one.page.locator(".map svg")
    pictures.nth(4).wait_for(timeout=DRAWN_MS)
    assert pictures.count() == 5
    for picture in pictures.all():
        draws(picture)
    one.visit(f"map?region={quote('重庆市')}")
    movable(one)
    assert one.outside == []
    assert one.errors == []


def test_a_click_on_a_drawing_chooses_and_a_second_one_lets_go(visitor):
    one = visitor()
    one.visit("map")
    one.page.locator('[data-place="county:421303"] > text').click(timeout=DRAWN_MS)
    one.page.wait_for_function("() => location.search.includes('place=county%3A421303')", timeout=DRAWN_MS)
    one.settle()
    assert "曾都区" in one.page.locator(".mapcard .name").inner_text()
    one.page.locator('[data-place="section:421300-pinglin"] > circle').first.click(timeout=DRAWN_MS)
    one.page.wait_for_function("() => location.search.includes('421300-pinglin')", timeout=DRAWN_MS)
    one.settle()
    one.page.locator('[data-place="section:421300-pinglin"] > circle').first.click(timeout=DRAWN_MS)
    one.page.wait_for_function("() => !location.search.includes('place=')", timeout=DRAWN_MS)
    assert one.errors == [] and one.outside == []


def test_the_map_is_saved_as_a_picture(visitor):
    one = visitor()
    page = one.visit(f"map?region={quote('随州市')}&colour=good")
    with page.expect_download(timeout=DRAWN_MS) as waiting:
        page.get_by_role("button", name="存为图片").click()
    assert waiting.value.suggested_filename.startswith("清流-地图-随州市-")
    picture = Image.open(waiting.value.path())
    assert picture.size == (3840, 2160) and len(picture.getcolors(10_000_000)) > 40


def test_clicks_on_section_and_county_choose_and_the_choice_survives(visitor, data_folder):
    one = visitor()
    one.visit(f"map?region={quote('随州市')}")
    picture = movable(one)
    view, spots = view_of(data_folder, "421300", ALONE)
    click(one, picture, view, spots["421300-pinglin"], "section:421300-pinglin")
    assert "平林" in one.page.locator(".mapcard .name").inner_text()
    click(one, picture, view, spots["421303"], "county:421303")
    assert "曾都区" in one.page.locator(".mapcard .name").inner_text()
    one.page.get_by_text("水库", exact=True).first.click()
    one.settle()
    assert place_in(one.page.url) == "county:421303"
    assert "hide=reservoirs" in one.page.url
    one.page.reload(wait_until="commit")
    one.settle()
    assert "曾都区" in one.page.locator(".mapcard .name").inner_text()
    assert one.errors == [] and one.outside == []


def test_list_chooses_like_a_click(visitor):
    one = visitor()
    page = one.visit(f"map?region={quote('永嘉县')}")
    box = page.get_by_role("combobox", name=re.compile("选断面"))
    box.fill("沙头")
    page.get_by_role("option").first.click()
    page.wait_for_function("() => location.search.includes('place=section')", timeout=DRAWN_MS)
    one.settle()
    assert "沙头" in page.locator(".mapcard .name").inner_text()


def test_time_runs_forward_when_played_and_stops_at_the_end(visitor):
    """Drawn maps: a movable one, painted without a graphics card, may keep the browser busy for longer than a step."""
    one = visitor()
    page = one.visit(f"map?region={quote('丽水市')}&region={quote('永嘉县')}")
    page.get_by_role("button", name="播放").click()
    page.wait_for_function("() => location.search.includes('at=')", timeout=DRAWN_MS)
    first = page.url
    page.wait_for_function("before => location.href !== before", arg=first, timeout=DRAWN_MS)
    page.get_by_role("button", name="播放").wait_for(timeout=DRAWN_MS)
    page.wait_for_function("() => !location.search.includes('at=')", timeout=DRAWN_MS)
