"""A meeting in a real browser: by keyboard alone through all screens, large enough for the back row, nothing asked outside."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from playwright.sync_api import Page

from dashboard.text import t

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
READY_MS = 60_000
DAY = "2025-12-31"
SIZES = ((1366, 768), (1440, 900), (1920, 1080))
IMPATIENT = "const later = setTimeout; window.setTimeout = (run, ms, ...more) => later(run, ms >= 10000 ? ms / 20 : ms, ...more);"
"""What takes ten seconds or more takes a twentieth."""
SMALLEST = """() => {
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
  const meet = hosts.map((host) => host.querySelector(".meet")).find(Boolean), body = meet.querySelector(".body");
  const title = meet.querySelector("h1"), promises = [...meet.querySelectorAll(".said")];
  return { root: root.scrollHeight - innerHeight, main: main.scrollHeight - main.clientHeight, wide: root.scrollWidth - innerWidth,
           body: body.scrollHeight - body.clientHeight, title: title.scrollWidth - title.clientWidth,
           notes: Math.max(0, ...promises.map((one) => one.scrollWidth - one.clientWidth)) };
}"""


def place(page: Page) -> tuple[int, int]:
    """The screen shown and how many there are."""
    at, n = re.findall(r"\d+", page.locator(".meet .place").inner_text(timeout=READY_MS))
    return int(at), int(n)


def opened(page: Page) -> Page:
    page.locator(".meet h1").filter(has_text=re.compile(r"\d")).wait_for(timeout=READY_MS)
    return page


def address_has(page: Page, words: str, is_there: bool = True) -> None:
    page.wait_for_function("([words, there]) => decodeURIComponent(location.search).includes(words) === there",
                           arg=[words, is_there], timeout=READY_MS)


def test_by_keyboard_alone_from_a_page_and_back_to_it(visitor):
    one = visitor(1920, 1080)
    page = one.visit(f"region?plan={quote('永嘉县')}&asof={DAY}")
    title = page.locator("h1").first.inner_text()
    page.get_by_role("button", name=t("meeting.enter"), exact=True).focus()
    page.keyboard.press("Enter")
    opened(page)
    assert not page.locator('[data-testid="stSidebar"]').is_visible()
    _, n = place(page)
    assert n > 5
    for at in range(1, n + 1):
        assert place(page) == (at, n)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            room = page.evaluate(ROOM)
            assert all(more <= 0 for more in room.values()), (at, width, room)
        size, text = page.evaluate(SMALLEST)
        assert size >= 25.99, (at, size, text)
        page.keyboard.press(("ArrowRight", "PageDown", "Space")[at % 3])
    page.keyboard.press("PageUp")
    address_has(page, "screen=map")
    page.reload(wait_until="commit")
    assert place(opened(page)) == (n - 1, n)
    page.evaluate("window.isSamePage = true")
    for key, at in (("ArrowLeft", n - 2), ("Home", 1), ("End", n), ("b", n), ("Home", n), ("Home", 1)):
        page.keyboard.press(key)  # b makes the screen black, the next key light again
        assert place(page) == (at, n), key
    address_has(page, "screen=", is_there=False)
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.fullscreenElement")
    page.keyboard.press("PageDown")
    assert place(page) == (2, n) and page.evaluate("window.isSamePage")
    page.keyboard.press("Escape")
    address_has(page, "mode=", is_there=False)
    page.locator("h1", has_text=title).wait_for(timeout=READY_MS)
    address = urlsplit(page.url)
    assert address.path == "/region" and parse_qs(address.query) == {"plan": ["永嘉县"], "asof": [DAY]}
    assert one.outside == [] and one.errors == []


def test_setup_by_keyboard_and_turning_by_itself(visitor):
    one = visitor()
    one.page.add_init_script(IMPATIENT)
    one.page.goto(f"{one.address}/?mode=meeting&seconds=60&asof={DAY}", wait_until="commit")
    page = opened(one.page)
    page.get_by_role("button", name=t("meeting.setup")).focus()
    page.keyboard.press("Enter")
    page.locator('[data-testid="stPopoverBody"]').wait_for()
    page.keyboard.press("Tab")
    for name in ("断面", "总览"):
        page.keyboard.type(name)
        page.get_by_role("option", name=name).wait_for()
        page.keyboard.press("Enter")
        address_has(page, f"screens={name}")
    assert re.findall("screens=([^&]*)", unquote(page.url)) == ["断面", "总览"]
    page.locator(".meet .place", has_text=t("meeting.place", at=1, n=2)).wait_for(timeout=READY_MS)
    assert page.locator(".meet .name").inner_text() == "断面"
    while page.locator('[data-testid="stPopoverBody"]').count():
        page.keyboard.press("Escape")
        page.wait_for_timeout(100)
    assert place(page) == (1, 2)
    page.locator(".meet .name", has_text="总览").wait_for(timeout=15_000)
    page.keyboard.press("p")
    page.get_by_role("button", name=t("meeting.go_on")).wait_for()
    page.get_by_role("button", name=t("meeting.previous")).click()
    assert place(page) == (1, 2)
    assert one.outside == [] and one.errors == []
