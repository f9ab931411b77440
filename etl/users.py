"""Who may look and who may confirm: data/users.toml, each name with a role and the hash of a password."""

from __future__ import annotations

import json
import os
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from secrets import token_urlsafe
from typing import Any

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHash, VerificationError
from filelock import FileLock

from etl.files import replace
from etl.paths import USERS
from etl.problems import DataProblems, Problem

ROLES = {"viewer": "查看", "editor": "查看并确认数据"}
KEYS = {"name", "role", "password_hash"}
MAX_NAME, MIN_PASSWORD, MAX_PASSWORD, MIN_DIFFERENT = 40, 10, 200, 5
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
"""Argon2id, second recommendation of RFC 9106. Written out so that all hashes cost the same, whatever the library's default."""

REMEDY = "用 python -m etl user remove 和 user add 重新登记，不要手工改这个文件"
HEADER = "# 谁可以查看、谁可以确认数据。由 python -m etl user 维护；只存密码的散列值，不存密码。\n"


class NotAccepted(ValueError):
    """A name or password that cannot be registered; the message says why."""


@dataclass(frozen=True)
class User:
    name: str
    role: str
    password_hash: str

    @property
    def may_confirm(self) -> bool:
        return self.role == "editor"


def load_users() -> dict[str, User]:
    """All users by name; none without a file. Raises DataProblems for a file that does not open or does not hold."""
    try:
        listed = tomllib.loads(USERS.read_text(encoding="utf-8"))
        found = [_user(fields) for fields in listed.pop("user", [])]
        if listed:
            raise ValueError("除 [[user]] 外不该有别的内容")
        users = {user.name: user for user in found}
        if len(users) < len(found):
            raise ValueError("有重名")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DataProblems([Problem(USERS.name, "文件打不开", "检查文件的权限", found=error.strerror)]) from None
    except (ValueError, TypeError, InvalidHash) as error:
        raise DataProblems([Problem(USERS.name, f"内容不对（{error}）", REMEDY)]) from None
    return users


def add_user(name: str, password: str, role: str) -> User:
    """Register somebody new. Raises NotAccepted, DataProblems or OSError."""
    user = User(fit_name(name), role, HASHER.hash(fit_password(password, name)))
    with FileLock(f"{USERS}.lock", timeout=10):
        users = load_users()
        if user.name in users:
            raise NotAccepted(f"已经有“{user.name}”。要换密码或权限，先 python -m etl user remove {user.name}")
        _write([*users.values(), user])
    return user


def remove_user(name: str) -> bool:
    """Whether there was somebody of that name; what they have open closes at once. Raises DataProblems or OSError."""
    with FileLock(f"{USERS}.lock", timeout=10):
        users = load_users()
        if users.pop(tidy(name), None) is None:
            return False
        _write(list(users.values()))
    return True


def password_fits(user: User | None, password: str) -> bool:
    """Whether this is the password of the user; takes as long for nobody (None) as for somebody."""
    nobody = _hash_of_nobody()
    try:
        return HASHER.verify(user.password_hash if user else nobody, _prepared(password)) and user is not None
    except VerificationError:
        return False


def tidy(name: str) -> str:
    """A name as it is kept: full-width letters made plain, no blanks around it."""
    return unicodedata.normalize("NFKC", name).strip()


def fit_name(name: str) -> str:
    """The tidied name. Raises NotAccepted."""
    name = tidy(name)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise NotAccepted(f"姓名要有 1 到 {MAX_NAME} 个字，写在一行里")
    return name


def fit_password(password: str, name: str) -> str:
    """The password. Raises NotAccepted for one that is easily guessed."""
    if not MIN_PASSWORD <= len(_prepared(password)) <= MAX_PASSWORD:
        raise NotAccepted(f"密码要有 {MIN_PASSWORD} 到 {MAX_PASSWORD} 个字符，可以是一句话")
    if len(set(password)) < MIN_DIFFERENT or tidy(name) in password:
        raise NotAccepted(f"密码里不能有姓名，并且至少要有 {MIN_DIFFERENT} 个不同的字符")
    return _prepared(password)


def _prepared(password: str) -> str:
    """The same characters however they were typed; cut, so that hashing costs the same, one longer than any that is kept."""
    return unicodedata.normalize("NFKC", password[:MAX_PASSWORD + 1])[:MAX_PASSWORD + 1]


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash(token_urlsafe())


def _user(fields: Any) -> User:
    if set(fields) != KEYS or not all(isinstance(value, str) for value in fields.values()) or fields["role"] not in ROLES:
        raise ValueError(f"每个 [[user]] 要有且只有 {'、'.join(sorted(KEYS))}，role 是 {' 或 '.join(ROLES)}")
    extract_parameters(fields["password_hash"])
    return User(**fields)


def _write(users: list[User]) -> None:
    """Replace the file in one step; only its owner may read it, where the system knows owners."""
    text = HEADER + "".join(f"\n[[user]]\nname = {_quoted(u.name)}\nrole = {_quoted(u.role)}\n"
                            f"password_hash = {_quoted(u.password_hash)}\n" for u in users)
    fresh = USERS.with_name(USERS.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode())
            os.fsync(file.fileno())
        replace(fresh, USERS)
    finally:
        fresh.unlink(missing_ok=True)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # of printable text this is a TOML string too
