"""The button that copies the address of the view, in a real browser."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from dashboard.text import t

pytestmark = pytest.mark.browser

REFUSE = """
Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject(new Error('refused'))}});
document.execCommand = () => false;
"""


def button(page, key: str):
    return page.locator('[data-testid="stSidebar"]').get_by_role("button", name=t(f"link.{key}"), exact=True)


def test_the_button_copies_the_whole_address_of_the_view(visitor):
    one = visitor()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=one.address)
    page = one.visit(f"calendar?region={quote('随州市')}&asof=2025-12-31")
    button(page, "copy").click()
    button(page, "copied").wait_for(timeout=5_000)
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.url and unquote(copied).endswith("/calendar?region=随州市&asof=2025-12-31")
    button(page, "copy").wait_for(timeout=10_000)


def test_a_refused_clipboard_leaves_the_address_to_be_copied_by_hand(visitor):
    one = visitor()
    one.page.add_init_script(REFUSE)
    page = one.visit("sources?target=chongqing-003")
    button(page, "copy").click()
    button(page, "by_hand").wait_for(timeout=5_000)
    box = page.locator('[data-testid="stSidebar"]').get_by_label(t("link.by_hand"))
    assert box.input_value() == page.url
    selected = box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert selected == page.url
