"""The button that copies the address of the view, in a real browser."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from dashboard.text import t

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NO_CLIPBOARD = "() => Object.defineProperty(navigator, 'clipboard', {value: undefined})"
REFUSE = "() => { document.execCommand = () => false; }"


def test_the_button_copies_the_whole_address_of_the_view(visitor):
    """By the browser's clipboard, without it (as on a page without https), and where nothing may be copied, by hand."""
    one = visitor(1366, 768)
    one.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=one.address)
    page = one.visit(f"calendar?region={quote('随州市')}&asof=2025-12-31")
    sidebar = page.locator('[data-testid="stSidebar"]')
    button, box = sidebar.get_by_role("button", name=t("link.copy"), exact=True), sidebar.get_by_label(t("link.by_hand"))
    copied, by_hand = (sidebar.get_by_role("button", name=t(f"link.{key}"), exact=True) for key in ("copied", "by_hand"))
    button.click()
    copied.wait_for(timeout=5_000)
    found = page.evaluate("() => navigator.clipboard.readText()")
    assert found == page.url and unquote(found).endswith("/calendar?region=随州市&asof=2025-12-31")

    page.evaluate("() => navigator.clipboard.writeText('')")
    page.evaluate("() => { window.given = navigator.clipboard; }")
    page.evaluate(NO_CLIPBOARD)
    copied.click()
    page.wait_for_function("async address => await window.given.readText() === address", arg=page.url, timeout=5_000)
    assert copied.is_visible() and not box.is_visible()

    page.evaluate(REFUSE)
    copied.click()
    by_hand.wait_for(timeout=5_000)
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == page.url
