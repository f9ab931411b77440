"""A meeting in a real browser: by keyboard alone through all screens, large enough for the back row, nothing asked outside."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page

from dashboard.text import t

pytestmark = pytest.mark.browser
READY_MS = 60_000
SMALLEST = """() => {
  const frame = document.querySelector("[data-testid=stBidiComponentIsolated], [data-testid=stBidiComponentRegular]");
  const found = [];
  const look = (node) => {
    for (const child of node.children) {
      if (child.shadowRoot) look(child.shadowRoot);
      const own = [...child.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
      const isText = own && child.tagName !== "STYLE" && child.tagName !== "TITLE" && child.tagName !== "SCRIPT";
      if (isText && child.getBoundingClientRect().width) {
        const scale = child.ownerSVGElement ? child.getScreenCTM().a : 1;
        found.push([parseFloat(getComputedStyle(child).fontSize) * scale, child.textContent.trim()]);
      }
      look(child);
    }
  };
  look(document.querySelector("[data-testid=stMain]"));
  return found.sort((a, b) => a[0] - b[0])[0];
}"""
ROOM = """() => {
  const main = document.querySelector("[data-testid=stMain]"), root = document.documentElement;
  const hosts = [...main.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  const body = hosts.map((host) => host.querySelector(".meet .body")).find(Boolean);
  return { root: root.scrollHeight - innerHeight, main: main.scrollHeight - main.clientHeight, wide: root.scrollWidth - innerWidth,
           body: body.scrollHeight - body.clientHeight };
}"""


def place(page: Page) -> tuple[int, int]:
    """The screen shown and how many there are."""
    at, n = page.locator(".meet .place").inner_text(timeout=READY_MS).split(" / ")
    return int(at), int(n)


def open_meeting(one, path: str) -> Page:
    one.page.goto(f"{one.address}/{path}", wait_until="commit")
    one.page.locator(".meet h1").filter(has_text="项").wait_for(timeout=READY_MS)
    return one.page


def test_by_keyboard_alone_through_all_screens(visitor):
    one = visitor(1920, 1080)
    page = open_meeting(one, "?mode=meeting")
    _, n = place(page)
    assert n == 9
    page.evaluate("window.isSamePage = true")
    for at in range(1, n + 1):
        assert place(page) == (at, n)
        room = page.evaluate(ROOM)
        assert all(more <= 0 for more in room.values()), (at, room)
        size, text = page.evaluate(SMALLEST)
        assert size >= 25.99, (at, size, text)
        began = time.monotonic()
        page.keyboard.press(("ArrowRight", "PageDown", "Space")[at % 3])
        if at < n:
            page.locator(".meet .place", has_text=f"{at + 1} / {n}").wait_for(timeout=2000)
            assert time.monotonic() - began < 0.5
    page.wait_for_function("() => location.search.includes('screen=sections')", timeout=READY_MS)
    for key, at in (("ArrowLeft", n - 1), ("PageUp", n - 2), ("Home", 1), ("End", n), ("Home", 1)):
        page.keyboard.press(key)
        assert place(page) == (at, n)
    page.wait_for_function("() => !location.search.includes('screen=')", timeout=READY_MS)
    assert page.evaluate("window.isSamePage")
    assert one.outside == [] and one.errors == []


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_screen_scrolls(visitor, size):
    page = open_meeting(visitor(*size), "?mode=meeting")
    _, n = place(page)
    for at in range(1, n + 1):
        room = page.evaluate(ROOM)
        assert all(more <= 0 for more in room.values()), (at, room)
        page.keyboard.press("ArrowRight")


def test_entered_by_the_button_left_by_escape(visitor):
    one = visitor()
    page = one.visit(f"region?plan={quote('永嘉县')}")
    title = page.locator("h1").first.inner_text()
    page.get_by_role("button", name=t("meeting.enter"), exact=True).click()
    page.locator(".meet h1").filter(has_text="项").wait_for(timeout=READY_MS)
    assert not page.locator('[data-testid="stSidebar"]').is_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('mode=')", timeout=READY_MS)
    one.settle()
    assert page.locator("h1").first.inner_text() == title
    address = urlsplit(page.url)
    assert address.path == "/region" and parse_qs(address.query) == {"plan": ["永嘉县"]}


def test_buttons_settings_and_turning_by_itself(visitor):
    one = visitor()
    page = open_meeting(one, f"?mode=meeting&screens={quote('总览')}&screens={quote('断面')}&seconds=10")
    assert place(page) == (1, 2)
    page.get_by_role("button", name=t("meeting.next")).click()
    assert place(page) == (2, 2)
    page.get_by_role("button", name=t("meeting.previous")).click()
    assert place(page) == (1, 2)
    page.locator(".meet .place", has_text="2 / 2").wait_for(timeout=15_000)
    page.keyboard.press("Home")
    page.get_by_role("button", name=t("meeting.setup")).click()
    page.get_by_role("combobox", name=t("filter.region")).last.fill("随州市")
    page.keyboard.press("Enter")
    page.wait_for_function("() => decodeURIComponent(location.search).includes('region=随州市')", timeout=READY_MS)
    assert one.outside == [] and one.errors == []
