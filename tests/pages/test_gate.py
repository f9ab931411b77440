"""No page shows anything to who is not let in, and only who may confirm can confirm."""

from __future__ import annotations

import pytest
import streamlit as st
from argon2 import PasswordHasher
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.sign_in import FREE_TRIES_NAME, SESSION_SECONDS, Door
from dashboard.text import t
from etl import audit, users
from tests.pages.opened import ROOT, markup

PAGES = sorted(path.parent.name for path in (ROOT / "pages").glob("*/page.py"))
PASSWORDS = {"王敏": "一条清水向东流2026", "李强": "两岸青山相对出2026"}


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch) -> None:
    """No users, no log, no memory of failures; a hash that costs little."""
    monkeypatch.setattr("etl.users.HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr("etl.users.USERS", tmp_path / "users.toml")
    monkeypatch.setattr("etl.audit.AUDIT", tmp_path / "audit.jsonl")
    monkeypatch.setattr("dashboard.access.DOOR", Door())


@pytest.fixture
def with_users(fresh) -> None:
    for name, role in (("王敏", "editor"), ("李强", "viewer")):
        users.add_user(name, PASSWORDS[name], role)


@pytest.fixture
def open_address():
    """The server listens everywhere."""
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    yield
    config.set_option("server.address", before)


def opened(page: str | None = None, **address) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update(address)
    app.run()
    if page:
        app.switch_page(f"pages/{page}/page.py")
        app.run()
    assert not app.exception
    return app


def sign_in(app: AppTest, name: str, password: str) -> AppTest:
    app.text_input(key="access_name").set_value(name)
    app.text_input(key="access_password").set_value(password)
    app.button[0].click()
    return app.run()


def shows_nothing(app: AppTest) -> bool:
    """Neither figures nor filters nor a query: the pinned database is the first thing a page needs."""
    return ("selection" not in app.session_state and "database" not in app.session_state and not app.sidebar.children
            and not app.get("plotly_chart") and not app.get("deck_gl_json_chart") and not app.dataframe
            and not app.get("download_button"))


def test_on_this_machine_nobody_is_asked():
    app = opened()
    assert app.session_state["selection"]
    assert not app.text_input(key="q").disabled
    assert all(button.key != "access_sign_out" for button in app.button)


@pytest.mark.parametrize("page", [None, *PAGES])
def test_open_address_without_users_shows_nothing_and_says_what_to_do(open_address, page):
    app = opened(page=page, target="chongqing-003", region="重庆市")
    assert shows_nothing(app)
    assert "python -m etl user add" in markup(app)
    assert "0.0.0.0" in markup(app)
    assert not app.text_input


@pytest.mark.parametrize("address", ["", None, "::", "192.168.1.20", "qingliu.lan"])
def test_every_other_address_counts_as_open(monkeypatch, address):
    monkeypatch.setattr(st, "get_option", lambda name: address)
    assert shows_nothing(opened())


@pytest.mark.parametrize("page", [None, *PAGES])
def test_with_users_every_page_asks_first_on_this_machine_too(with_users, page):
    app = opened(page=page, target="chongqing-003", tab="下载")
    assert shows_nothing(app)
    assert [box.label for box in app.text_input] == [t("access.name"), t("access.password")]


def test_stubs_for_the_first_deep_link_hand_over_and_do_nothing_else():
    stubs = {path.read_text(encoding="utf-8") for path in (ROOT / "pages").glob("*.py")}
    assert len(stubs) == 1
    assert stubs.pop().endswith('\nrunpy.run_path(str(Path(__file__).parents[1] / "app.py"))\n')


@pytest.mark.parametrize("damage", ["not toml", ""])
def test_a_damaged_users_file_closes_and_an_empty_one_is_nobody(open_address, damage):
    users.USERS.write_text(damage, encoding="utf-8")
    app = opened()
    assert shows_nothing(app)
    assert ("users.toml" in markup(app)) == bool(damage)


def test_a_damaged_users_file_closes_on_this_machine_too():
    users.USERS.write_text("not toml", encoding="utf-8")
    assert shows_nothing(opened())


@pytest.mark.parametrize("address, headers, here", [
    (None, {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}, True), (None, {"Host": "localhost:8501"}, True),
    ("::ffff:127.0.0.1", {"Host": "[::1]:8501"}, True), ("10.0.0.5", {"Host": "127.0.0.1:8501"}, False),
    (None, {"Host": "evil.example:8501"}, False), (None, {"Host": "localhost@evil.example"}, False), (None, {"Host": ""}, False),
    (None, {"Host": "127.0.0.1", "Origin": "https://qingliu.lan"}, False), (None, {"Origin": "null"}, False),
    (None, {"Host": "127.0.0.1", "X-Real-IP": "127.0.0.1"}, False), (None, {"Via": "1.1 proxy"}, False)])
def test_who_comes_through_a_proxy_or_by_a_foreign_name_is_from_elsewhere(monkeypatch, address, headers, here):
    monkeypatch.setattr(type(st.context), "ip_address", property(lambda self: address))
    monkeypatch.setattr(type(st.context), "headers", property(lambda self: headers))
    assert access.reaches_beyond_this_machine() is not here
    if not here:
        assert shows_nothing(opened())


def test_editor_looks_and_may_confirm(with_users, open_address):
    app = sign_in(opened(), "王敏", PASSWORDS["王敏"])
    assert app.session_state["selection"]
    assert PASSWORDS["王敏"] not in repr(app.session_state)
    app.switch_page("pages/sources/page.py").run()
    assert not app.exception
    assert any(box.label == t("audit.title", n=50) for box in app.expander)
    app.switch_page("pages/sections/page.py").run()
    assert any(button.key == "fetch" for button in app.button)
    assert [entry["action"] for entry in audit.read(9)] == ["sign_in"]


def test_viewer_looks_but_may_not_confirm(with_users, open_address, monkeypatch):
    app = sign_in(opened(), "李强", PASSWORDS["李强"])
    app.switch_page("pages/sources/page.py").run()
    assert not app.exception
    assert app.session_state["selection"]
    assert not any(box.label == t("audit.title", n=50) for box in app.expander)
    app.switch_page("pages/sections/page.py").run()
    assert not app.exception
    assert not any(button.key == "fetch" for button in app.button)
    token = app.session_state["access_token"]
    monkeypatch.setattr(access, "_token", lambda: token)
    assert access.person() == access.Person("李强", False)
    with pytest.raises(access.NotAllowed):
        access.confirmer()
    assert audit.read(1)[0]["action"] == "refused"


def test_right_is_looked_up_at_the_moment_of_confirming(with_users, monkeypatch):
    token = access.DOOR.sign_in(users.load_users(), "王敏", PASSWORDS["王敏"], "10.0.0.5")
    monkeypatch.setattr(access, "_token", lambda: token)
    assert access.confirmer() == access.Person("王敏", True)
    text = users.USERS.read_text(encoding="utf-8")
    users.USERS.write_text(text.replace('"editor"', '"viewer"'), encoding="utf-8")
    with pytest.raises(access.NotAllowed):
        access.confirmer()
    users.USERS.write_text("damaged", encoding="utf-8")
    with pytest.raises(access.NotAllowed):
        access.confirmer()


def test_forged_tokens_open_nothing(with_users):
    for forged in ("", "x", "王敏"):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["access_token"] = forged
        app.run()
        assert not app.exception
        assert shows_nothing(app)


@pytest.mark.parametrize("name", ["王敏", "没有这个人", "", "' OR 1=1 --", "<b>x</b>"])
def test_answer_to_a_wrong_password_does_not_tell_who_is_registered(with_users, name):
    app = opened()
    told = []
    for _ in range(FREE_TRIES_NAME + 1):
        sign_in(app, name, "wrong password")
        assert shows_nothing(app)
        assert app.text_input(key="access_password").value == ""
        told.append(app.markdown[-1].value)
    assert [t("access.wrong") in said for said in told] == [True] * FREE_TRIES_NAME + [False]
    assert t("access.wait", seconds=2) in told[-1]
    logged = audit.AUDIT.read_text(encoding="utf-8")
    assert "wrong password" not in logged
    assert logged.count("sign_in_failed") == FREE_TRIES_NAME
    assert name not in logged or name in ("王敏", "")


def test_slow_down_survives_a_reload(with_users):
    for _ in range(FREE_TRIES_NAME):
        sign_in(opened(), "王敏", "wrong")
    again = sign_in(opened(), "王敏", PASSWORDS["王敏"])
    assert shows_nothing(again)


def test_a_password_typed_as_the_name_is_not_written_down(with_users):
    sign_in(opened(), PASSWORDS["王敏"], "")
    assert PASSWORDS["王敏"] not in audit.AUDIT.read_text(encoding="utf-8")


def test_sign_out_closes_every_window_of_the_session(with_users):
    app = sign_in(opened(), "王敏", PASSWORDS["王敏"])
    app.button(key="access_sign_out").click().run()
    assert [box.label for box in app.text_input] == [t("access.name"), t("access.password")]
    assert access.DOOR._sessions == {}
    assert [entry["action"] for entry in audit.read(9)] == ["sign_out", "sign_in"]


def test_session_ends_after_its_time_and_with_its_user(with_users, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("dashboard.access.DOOR", Door(lambda: now[0]))
    app = sign_in(opened(), "王敏", PASSWORDS["王敏"])
    assert not any(box.key == "access_name" for box in app.text_input)
    now[0] += SESSION_SECONDS
    assert any(box.key == "access_name" for box in app.run().text_input)
    app = sign_in(app, "李强", PASSWORDS["李强"])
    assert not any(box.key == "access_name" for box in app.text_input)
    users.remove_user("李强")
    assert any(box.key == "access_name" for box in app.run().text_input)


def test_without_a_log_nobody_signs_in(with_users):
    audit.AUDIT.mkdir()
    app = sign_in(opened(), "王敏", PASSWORDS["王敏"])
    assert t("access.no_log") in markup(app)
    assert access.DOOR._sessions == {}
