"""Who is signed in, and how often a password may be tried. Kept in the memory of the server process, without Streamlit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe

from etl.users import User, password_fits

SESSION_SECONDS = 12 * 3600
LONGEST_WAIT_SECONDS = 60
FORGET_SECONDS = 15 * 60
FREE_TRIES_NAME, FREE_TRIES_ADDRESS = 3, 10  # many people may share one address
MOST_KEYS = 10_000


class WrongPassword(Exception):
    """The name or the password is wrong; which of them is not said."""


class TooSoon(Exception):
    """Too many failures; nothing was tried. `seconds`: how long to wait."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        super().__init__(f"{seconds:.0f}")


class Failures:
    """Failures by key. After the free tries each one doubles the wait before the next try, up to LONGEST_WAIT_SECONDS.

    Nobody is locked out for good: that would let anyone shut others out.
    """

    def __init__(self, free_tries: int, clock: Callable[[], float]):
        self._free_tries, self._clock = free_tries, clock
        self._known: dict[str, tuple[int, float]] = {}  # count and time of the last, oldest first

    def wait_seconds(self, key: str) -> float:
        count, last = self._known.get(key, (0, 0.0))
        if count < self._free_tries:
            return 0.0
        wait = min(2.0 ** min(count - self._free_tries + 1, 30), LONGEST_WAIT_SECONDS)
        return max(0.0, last + wait - self._clock())

    def add(self, key: str) -> None:
        now = self._clock()
        count, last = self._known.pop(key, (0, now))
        self._known[key] = (count + 1 if now - last < FORGET_SECONDS else 1, now)
        if len(self._known) > MOST_KEYS:
            del self._known[next(iter(self._known))]

    def forget(self, key: str) -> None:
        self._known.pop(key, None)


@dataclass(frozen=True)
class Session:
    name: str
    password_hash: str  # a new password ends what was opened with the old one
    ends_at: float


class Door:
    """Gives a token for a password and tells whose token it is. `clock` in seconds, going on while the machine sleeps."""

    def __init__(self, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._names = Failures(FREE_TRIES_NAME, clock)
        self._addresses = Failures(FREE_TRIES_ADDRESS, clock)
        self._sessions: dict[str, Session] = {}
        self._one_at_a_time = threading.Lock()  # tries sent all at once must not slip past the count, nor take memory at once

    def sign_in(self, users: dict[str, User], name: str, password: str, address: str) -> str:
        """A token for the session. Raises TooSoon or WrongPassword, alike whether or not the name is registered."""
        with self._one_at_a_time:
            wait = max(self._names.wait_seconds(name), self._addresses.wait_seconds(address))
            if wait:
                raise TooSoon(wait)
            user = users.get(name)
            if not password_fits(user, password):
                self._names.add(name)
                self._addresses.add(address)
                raise WrongPassword
            self._names.forget(name)
            now = self._clock()
            for old in [token for token, session in self._sessions.items() if session.ends_at <= now]:
                del self._sessions[old]
            token = token_urlsafe(32)
            self._sessions[token] = Session(user.name, user.password_hash, now + SESSION_SECONDS)
            return token

    def visitor(self, users: dict[str, User], token: str | None) -> User | None:
        """Whose token this is, with the right they have now; None when it has ended or they are no longer registered."""
        session = self._sessions.get(token or "")
        user = users.get(session.name) if session else None
        holds = user and user.password_hash == session.password_hash and self._clock() < session.ends_at
        return user if holds else None

    def sign_out(self, token: str | None) -> None:
        self._sessions.pop(token or "", None)
