"""Who may look and who may confirm figures.

On this machine alone and without registered users nobody is asked. As soon as somebody is registered, or the server can be
reached from elsewhere, a page runs only for whoever has signed in. The browser keeps the token of its session in a cookie
that ends with it; rights are looked up anew every time.
"""

from __future__ import annotations

import json
import logging
import math
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

import streamlit as st

from dashboard.sign_in import Door, TooSoon, WrongPassword
from dashboard.text import esc, t
from etl import audit
from etl.problems import DataProblems
from etl.users import MAX_NAME, MAX_PASSWORD, load_users, tidy

logger = logging.getLogger(__name__)

COOKIE = "qingliu_session"
DOOR = Door()
PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
STYLE = """<style>
[data-testid=stSidebar],[data-testid=stExpandSidebarButton],[data-testid=InputInstructions]{display:none!important}
[data-testid=stMainBlockContainer]{padding-top:12vh}
.st-key-access{max-width:420px;margin:0 auto}
.st-key-access .q code{background:#F6F7F7;padding:1px 5px;border-radius:3px;font-size:13px;color:inherit}
.st-key-access .q p{margin:8px 0 0}
</style>"""


@dataclass(frozen=True)
class Person:
    """Who looks at the page. `name` is empty where nobody is asked for one."""

    name: str
    may_confirm: bool


class NotAllowed(Exception):
    """This visitor may not confirm figures."""


def gate() -> None:
    """Let the page run, or ask for the password and stop the page."""
    if _visitor() is not None:
        return
    st.html(STYLE)
    with st.container(key="access"):
        _show(f'<h1>{t("app.title")}</h1><div class="sub">{t("app.tagline")}</div>')
        try:
            users = load_users()
        except DataProblems as failure:
            _show("".join(f'<div class="warn">{esc(problem)}</div>' for problem in failure.problems))
            st.stop()
        if users:
            _ask()
        else:
            _say_how_to_open()
    st.stop()


def recheck() -> None:
    """For what runs without the gate, such as fragments: draw the whole page again once the visitor is no longer let in."""
    if _visitor() is None:
        st.rerun()


def person() -> Person:
    """Who looks now, with the right they have now; nobody, with no right, once they are no longer let in."""
    return _visitor() or Person("", False)


def confirmer() -> Person:
    """Who looks, if they may confirm; to be asked at the moment of confirming. Raises NotAllowed."""
    found = person()
    if not found.may_confirm:
        _note("refused", found.name, {"address": _address()})
        raise NotAllowed(t("access.not_allowed"))
    return found


def sign_out_button() -> None:
    """Name and way out, for who has signed in; the browser is given the token here."""
    name = person().name
    if name:
        _keep_token()
        words, button = st.columns([3, 2], vertical_alignment="center", gap="small")
        words.html(f'<div class="foot" title="{esc(name)}" style="overflow:hidden;text-overflow:ellipsis">{esc(name)}</div>')
        button.button(t("access.sign_out"), key="access_sign_out", on_click=_sign_out, type="tertiary")


def reaches_beyond_this_machine() -> bool:
    """Whether others can reach the server, or this visitor comes from elsewhere, through a proxy or by a foreign name."""
    headers = st.context.headers
    named = [_host_name(headers[key]) for key in ("Host", "Origin") if key in headers]
    return (any(key in headers for key in PROXY_HEADERS)
            or not all(map(_is_this_machine, [st.get_option("server.address") or "", _address(), *named])))


def _visitor() -> Person | None:
    try:
        users = load_users()
    except DataProblems:
        return None
    if not users:
        return None if reaches_beyond_this_machine() else Person("", True)
    user = DOOR.visitor(users, _token())
    return Person(user.name, user.may_confirm) if user else None


def _ask() -> None:
    with st.form("access_form", border=False):
        st.text_input(t("access.name"), key="access_name", max_chars=MAX_NAME, autocomplete="username")
        st.text_input(t("access.password"), key="access_password", type="password", max_chars=MAX_PASSWORD,
                      autocomplete="current-password")
        st.form_submit_button(t("access.sign_in"), on_click=_sign_in, type="primary")
    told = st.session_state.pop("access_told", None)
    if told:
        _show(f'<div class="warn">{esc(told)}</div>')
    if not _is_this_machine(_address()) and (st.context.url or "").startswith("http:"):
        _show(f'<div class="note">{t("access.unencrypted")}</div>')


def _sign_in() -> None:
    name = tidy((st.session_state["access_name"] or "")[:MAX_NAME + 1])  # the box counts in the browser alone
    password = st.session_state["access_password"] or ""
    st.session_state["access_password"] = ""
    try:
        users = load_users()
        token = DOOR.sign_in(users, name, password, _address())
    except DataProblems:
        return  # the gate says what is wrong with the file
    except TooSoon as wait:
        st.session_state["access_told"] = t("access.wait", seconds=math.ceil(wait.seconds))
        return
    except WrongPassword:
        st.session_state["access_told"] = t("access.wrong")
        _note("sign_in_failed", name if name in users else "", {"address": _address()})  # an unknown name may be a password
        return
    if _note("sign_in", name, {"address": _address()}):
        st.session_state["access_token"] = token
    else:
        DOOR.sign_out(token)
        st.session_state["access_told"] = t("access.no_log")


def _sign_out() -> None:
    _note("sign_out", person().name, {"address": _address()})
    DOOR.sign_out(_token())
    st.session_state.pop("access_token", None)


def _token() -> str | None:
    return st.session_state.get("access_token") or st.context.cookies.get(COOKIE)


def _keep_token() -> None:
    """Let the browser remember a fresh token, so that a reload and a link to another page need no second sign-in."""
    token = st.session_state.get("access_token")
    if token and token != st.context.cookies.get(COOKIE):
        crumbs = json.dumps(f"{COOKIE}={token}; path=/; SameSite=Strict")
        st.html(f'<script>document.cookie = {crumbs} + (location.protocol === "https:" ? "; Secure" : "")</script>',
                unsafe_allow_javascript=True)


def _say_how_to_open() -> None:
    why = t("access.closed.why", address=esc(st.get_option("server.address") or t("access.any_address")),
            host=esc(st.context.headers.get("Host")))
    _show(f'<h2 class="gap">{t("access.closed")}</h2><p>{why}</p>'
          f'<p>{t("access.closed.how")}<br><code>python -m etl user add {t("access.closed.name")} --role editor</code></p>'
          f'<p>{t("access.closed.else")}</p>')


def _show(html: str) -> None:
    st.markdown(f'<div class="q">{html}</div>', unsafe_allow_html=True)


def _note(action: str, who: str, detail: dict) -> bool:
    """Whether the audit log could be written."""
    try:
        audit.record(action, who, detail)
    except OSError as error:
        logger.warning("审计记录写不进 %s（%s）", audit.AUDIT, error)
        return False
    return True


def _address() -> str:
    """Where the visitor comes from; Streamlit says None for this machine."""
    found = st.context.ip_address
    return found if isinstance(found, str) else "127.0.0.1"


def _is_this_machine(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _host_name(address: str) -> str:
    """Host of a Host or Origin header, without port and brackets; empty when there is none."""
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
