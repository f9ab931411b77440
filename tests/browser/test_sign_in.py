"""A server open to others, as a visitor meets it: the first deep link, files, the cookie, two windows."""

from __future__ import annotations

import http.client
import shutil

import pytest

from etl import users
from tests.browser.conftest import Visitor, serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "一条清水向东流2026"


@pytest.fixture(scope="module")
def open_address(environment, database, tmp_path_factory):
    """A fresh server that listens everywhere, on data with one registered user."""
    data = tmp_path_factory.mktemp("open") / "data"
    shutil.copytree(database.parents[1], data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.users.USERS", data / "users.toml")
        users.add_user("王敏", PASSWORD, "editor")
    with serving({**environment, "QINGLIU_DATA": str(data)}, "--server.address", "0.0.0.0") as address:
        yield address


@pytest.fixture
def guest(browser, open_address):
    one = Visitor(browser, open_address, 1440, 900)
    yield one
    one.context.close()


def test_first_deep_link_asks_and_one_sign_in_opens_every_window_until_signing_out(guest):
    page = guest.visit("sources?target=chongqing-003")
    assert "密码" in guest.text()
    assert "SHA-256" not in guest.text()
    assert not page.locator('[data-testid="stSidebar"]').is_visible()

    page.get_by_label("姓名").fill("王敏")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_text("SHA-256").first.wait_for()
    assert "target=chongqing-003" in page.url

    second_window = guest.context.new_page()  # a new connection: only the cookie says who it is
    second_window.goto(f"{guest.address}/region?region=随州市", wait_until="commit")
    second_window.locator("h1", has_text="随州市").first.wait_for()
    cookie = next(found for found in guest.context.cookies() if found["name"] == "qingliu_session")
    assert cookie["expires"] == -1  # goes with the browser
    assert cookie["sameSite"] == "Strict"

    page.get_by_role("button", name="退出").click()
    for window in (page, second_window):  # the other one notices by itself
        window.get_by_label("密码", exact=True).wait_for(timeout=15_000)
    assert guest.outside == []
    assert guest.errors == []


@pytest.mark.parametrize("path", ["/data/users.toml", "/app/static/../data/users.toml", "/app/static/%2e%2e/data/users.toml",
                                  "/app/static/..%2fdata%2fusers.toml", "/app/static/fonts/../../data/users.toml",
                                  "/app/static/..%5cdata%5cusers.toml", "/static/../data/users.toml", "/media/../data/users.toml",
                                  "/app/static//etc/passwd", "/component/x/../../data/users.toml", "/.streamlit/config.toml"])
def test_no_file_is_served_but_the_fonts(open_address, path):
    host, port = open_address.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("GET", path)  # as it stands, without tidying the dots away
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status >= 400 or b'<div id="root">' in body
    assert b"argon2" not in body
    assert b"[server]" not in body
