"""Users, their passwords and sessions, and what slows guessing down; nothing here opens a page."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from argon2 import Parameters, extract_parameters
from typer.testing import CliRunner

from dashboard import access
from dashboard.sign_in import (
    FORGET_SECONDS,
    FREE_TRIES_ADDRESS,
    FREE_TRIES_NAME,
    LONGEST_WAIT_SECONDS,
    SESSION_SECONDS,
    Door,
    TooSoon,
    WrongPassword,
)
from etl import audit, users
from etl.__main__ import app
from etl.problems import DataProblems

ROOT = Path(__file__).resolve().parents[1]
WORDS = "一条清水向东流"
GOOD = WORDS + "2026"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def kept_apart(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("etl.users.USERS", tmp_path / "users.toml")
    monkeypatch.setattr("etl.audit.AUDIT", tmp_path / "audit.jsonl")


@pytest.fixture(scope="module")
def registered() -> list[tuple[str, str, str]]:
    """Hashed once: each hash costs a tenth of a second by design."""
    return [("王敏", "editor", users.HASHER.hash(GOOD)), ("李强", "viewer", users.HASHER.hash(GOOD + "!"))]


@pytest.fixture
def known(registered) -> dict[str, users.User]:
    users._write([users.User(*one) for one in registered])
    return users.load_users()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock) -> Door:
    return Door(clock)


@pytest.fixture
def quick(monkeypatch) -> None:
    """Passwords compared without the expensive hash, where only the counting matters."""
    monkeypatch.setattr("dashboard.sign_in.password_fits", lambda user, password: user is not None and password == GOOD)


def test_file_keeps_salted_argon2id_hashes_and_roles(known):
    text = users.USERS.read_text(encoding="utf-8")
    assert GOOD not in text
    assert known["王敏"].password_hash != known["李强"].password_hash
    made = extract_parameters(known["王敏"].password_hash)
    assert isinstance(made, Parameters)
    assert (made.type.name, made.memory_cost, made.time_cost) == ("ID", 65_536, 3)
    assert [user.may_confirm for user in known.values()] == [True, False]
    if os.name == "posix":
        assert users.USERS.stat().st_mode & 0o777 == 0o600


def test_a_hash_fits_its_password_alone(known):
    assert users.password_fits(known["王敏"], GOOD)
    assert users.password_fits(known["王敏"], WORDS + "２０２６")  # typed with full-width digits
    for wrong in ("", GOOD + " ", "x" * 100_000):
        assert not users.password_fits(known["王敏"], wrong)
    assert not users.password_fits(None, GOOD)


def test_nobody_costs_as_much_as_somebody(known):
    users._hash_of_nobody.cache_clear()  # another test may have made it cheaper
    assert extract_parameters(users._hash_of_nobody()) == extract_parameters(known["王敏"].password_hash)


@pytest.mark.parametrize("name, password", [
    ("", GOOD), ("  ", GOOD), ("两\n行", GOOD), ("长" * 41, GOOD), ("赵六", "short"), ("赵六", "a" * 30), ("赵六", "赵六赵六" + GOOD),
    ("赵六", "x" * 201), (" 王敏 ", GOOD)])
def test_bad_names_and_passwords_are_refused(known, name, password):
    with pytest.raises(users.NotAccepted):
        users.add_user(name, password, "viewer")
    assert users.load_users() == known


def test_any_printable_name_survives_the_file(registered):
    names = ['甲"乙', "a\\b", "[[user]]", "O'Neil", "𠮷野", "\\u4e00"]
    users._write([users.User(name, "viewer", registered[0][2]) for name in names])
    assert list(users.load_users()) == names


@pytest.mark.parametrize("damage", [
    "not toml", '[[user]]\nname = "x"', '[[user]]\nname = "x"\nrole = "admin"\npassword_hash = "{hash}"',
    '[[user]]\nname = "x"\nrole = "editor"\npassword_hash = "plain"', 'user = "x"', "user = 3", "[[user]]\n[more]", "[more]\na = 1",
    '[[user]]\nname = 1\nrole = "editor"\npassword_hash = "{hash}"',
    '[[user]]\nname = "x"\nrole = "editor"\npassword_hash = "{hash}"\n[[user]]\nname = "x"\nrole = "viewer"\npassword_hash = "{hash}"'])
def test_a_damaged_file_is_an_error_and_never_nobody(known, damage):
    users.USERS.write_text(damage.replace("{hash}", known["王敏"].password_hash), encoding="utf-8")
    with pytest.raises(DataProblems):
        users.load_users()


def test_bytes_that_are_no_text_are_an_error():
    users.USERS.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataProblems):
        users.load_users()


def test_commands_ask_for_the_password_twice_and_record_who_did_it():
    run = CliRunner().invoke
    made = run(app, ["user", "add", "王敏", "--role", "editor"], input=f"{GOOD}\n{GOOD}\n")
    assert made.exit_code == 0, made.output
    assert GOOD not in made.output
    assert run(app, ["user", "add", "王敏", "--role", "viewer"], input=f"{GOOD}\n{GOOD}\n").exit_code == 1
    assert run(app, ["user", "add", "李强", "--role", "viewer"], input=f"{GOOD}\nsomething else\n").exit_code == 1
    assert run(app, ["user", "add", "李强", "--role", "viewer"], input="short\n").exit_code == 1
    assert run(app, ["user", "add", "李强", "--role", "admin"], input=f"{GOOD}\n{GOOD}\n").exit_code == 2
    assert run(app, ["user", "add", "李强", GOOD, "--role", "viewer"]).exit_code == 2  # never as an argument
    assert "王敏\teditor" in run(app, ["user", "list"]).output
    assert run(app, ["user", "remove", "李强"]).exit_code == 1
    assert run(app, ["user", "remove", "王敏"]).exit_code == 0
    assert users.load_users() == {}
    assert [entry["action"] for entry in audit.read(9)] == ["user_removed", "user_added"]
    assert GOOD not in audit.AUDIT.read_text(encoding="utf-8")


def test_right_password_opens_and_the_right_follows_the_file(door, known):
    token = door.sign_in(known, "李强", GOOD + "!", "10.0.0.5")
    assert door.visitor(known, token).name == "李强"
    assert not door.visitor(known, token).may_confirm
    raised = {"李强": users.User("李强", "editor", known["李强"].password_hash)}
    assert door.visitor(raised, token).may_confirm
    assert door.visitor({}, token) is None
    assert door.visitor({"李强": users.User("李强", "editor", known["王敏"].password_hash)}, token) is None
    for other in (None, "", "x", token[:-1], token + "="):
        assert door.visitor(known, other) is None


def test_session_ends_after_twelve_hours_and_on_signing_out(door, clock, known, quick):
    first, second = (door.sign_in(known, "王敏", GOOD, "10.0.0.5") for _ in range(2))
    assert first != second
    door.sign_out(first)
    assert door.visitor(known, first) is None
    clock.now += SESSION_SECONDS - 1
    assert door.visitor(known, second)
    clock.now += 1
    assert door.visitor(known, second) is None
    door.sign_in(known, "王敏", GOOD, "10.0.0.5")
    assert len(door._sessions) == 1  # what has ended is not kept


def fail(door: Door, known, name: str, address: str) -> type[Exception]:
    with pytest.raises((TooSoon, WrongPassword)) as raised:
        door.sign_in(known, name, "wrong", address)
    return raised.type


@pytest.mark.parametrize("name", ["王敏", "没有这个人"])
def test_failures_slow_a_name_down_from_any_address_whether_or_not_it_is_registered(door, clock, known, quick, name):
    assert [fail(door, known, name, f"10.0.0.{n}") for n in range(FREE_TRIES_NAME)] == [WrongPassword] * FREE_TRIES_NAME
    with pytest.raises(TooSoon) as raised:
        door.sign_in(known, name, GOOD, "10.0.1.1")
    assert raised.value.seconds == 2
    waits = []
    for n in range(8):
        clock.now += raised.value.seconds
        assert fail(door, known, name, f"10.0.2.{n}") is WrongPassword
        with pytest.raises(TooSoon) as raised:
            door.sign_in(known, name, GOOD, "10.0.1.1")
        waits.append(raised.value.seconds)
    assert waits == [4, 8, 16, 32, 60, 60, 60, 60]
    assert max(waits) == LONGEST_WAIT_SECONDS


def test_failures_slow_an_address_down_whatever_the_names(door, known, quick):
    for n in range(FREE_TRIES_ADDRESS):
        assert fail(door, known, f"人{n}", "10.0.0.5") is WrongPassword
    with pytest.raises(TooSoon):
        door.sign_in(known, "王敏", GOOD, "10.0.0.5")
    assert door.sign_in(known, "王敏", GOOD, "10.0.0.6")


def test_own_sign_in_does_not_free_an_address(door, clock, known, quick):
    for n in range(FREE_TRIES_ADDRESS - 1):
        fail(door, known, f"人{n}", "10.0.0.5")
    door.sign_in(known, "王敏", GOOD, "10.0.0.5")
    fail(door, known, "人", "10.0.0.5")
    assert fail(door, known, "别人", "10.0.0.5") is TooSoon


def test_waiting_tries_do_not_prolong_the_wait_and_failures_are_forgotten(door, clock, known, quick):
    for _ in range(FREE_TRIES_NAME):
        fail(door, known, "王敏", "10.0.0.5")
    clock.now += 1.5
    assert fail(door, known, "王敏", "10.0.0.5") is TooSoon
    clock.now += 0.5
    assert door.sign_in(known, "王敏", GOOD, "10.0.0.5")
    for _ in range(FREE_TRIES_NAME):
        fail(door, known, "李强", "10.0.0.7")
    clock.now += FORGET_SECONDS
    assert fail(door, known, "李强", "10.0.0.7") is WrongPassword
    assert fail(door, known, "李强", "10.0.0.7") is WrongPassword


def test_tries_sent_all_at_once_are_counted_one_by_one(door, known, quick):
    said: list[type[Exception]] = []
    threads = [threading.Thread(target=lambda: said.append(fail(door, known, "王敏", "10.0.0.5"))) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count(WrongPassword) == FREE_TRIES_NAME
    assert said.count(TooSoon) == 30 - FREE_TRIES_NAME


def test_memory_of_failures_is_bounded(door, clock, known, quick, monkeypatch):
    monkeypatch.setattr("dashboard.sign_in.MOST_KEYS", 50)
    for n in range(200):
        fail(door, known, f"人{n}", f"10.0.{n}.1")
    assert len(door._names._known) == len(door._addresses._known) == 50


@pytest.mark.parametrize("host, here", [
    ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("LOCALHOST", True), ("::ffff:127.0.0.1", True),
    ("", False), ("0.0.0.0", False), ("::", False), ("192.168.1.20", False), ("::ffff:10.0.0.5", False), ("qingliu.lan", False),
    ("localhost.evil.example", False), ("unix:///tmp/s", False), ("127.0.0.1.evil.example", False), ("2130706433", False)])
def test_which_addresses_are_this_machine_alone(host, here):
    assert access._is_this_machine(host) is here


@pytest.mark.parametrize("header, host", [("127.0.0.1:8501", "127.0.0.1"), ("[::1]:8501", "::1"), ("localhost", "localhost"),
                                          ("evil.example:8501", "evil.example"), ("localhost@evil.example", "evil.example"),
                                          ("[", ""), ("", "")])
def test_host_header_is_taken_apart(header, host):
    assert access._host_name(header) == host


def test_settings_of_the_server_are_the_safe_ones():
    import tomllib

    found = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert found["server"]["address"] == "127.0.0.1"
    assert found["server"]["enableXsrfProtection"] and found["server"]["enableCORS"]
    assert found["server"]["maxUploadSize"] == 10
    assert "enableAgentApi" not in found["server"]
    assert found["browser"]["gatherUsageStats"] is False


def test_nothing_but_fonts_is_served_as_a_file():
    assert {path.suffix for path in (ROOT / "static").rglob("*") if path.is_file()} <= {".woff2", ".txt"}
    assert not any(path.is_symlink() for path in (ROOT / "static").rglob("*"))


@pytest.mark.parametrize("file", ["data/users.toml", "data/audit.jsonl", "data/users.toml.lock"])
def test_secrets_stay_out_of_the_repository(file):
    patterns = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert any(Path(file).match(pattern) for pattern in patterns)
