"""The stage: shows one of the screens it was given, listens to the keyboard of the whole page, and says which screen is shown.

All screens are in the browser from the start, so that turning to the next one waits for nobody; the page hears of it afterwards
and writes it into the address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import streamlit as st

from dashboard.text import t
from pages.meeting.screens import Screen
from pages.meeting.style import SCREEN

_HTML = f"""<div class="meet" lang="zh-CN">
<header><span><b>{t("app.title")}</b><span class="name"></span></span><span class="place" role="status"></span></header>
<h1></h1><div class="body"></div>
<footer><span class="source"></span><nav>
<button type="button" data-do="back" aria-label="{t("meeting.previous")}" title="{t("meeting.previous")}">←</button>
<button type="button" data-do="on" aria-label="{t("meeting.next")}" title="{t("meeting.next")}">→</button>
<button type="button" data-do="full">{t("meeting.full")}</button>
<button type="button" data-do="leave">{t("meeting.leave")}</button>
</nav></footer></div>"""

_SCRIPT = """
const KEYS = { ArrowRight: "on", PageDown: "on", " ": "on", ArrowLeft: "back", PageUp: "back", Home: "first", End: "last",
               f: "full", F: "full", Escape: "leave" };
const BUSY = "input, textarea, select, [contenteditable=true], [role=listbox], [data-testid=stPopoverBody]";

export default function ({ parentElement, data, setTriggerValue }) {
  const frame = parentElement.querySelector(".meet"), part = (name) => frame.querySelector(name);
  const { screens, start, seconds, back } = data;
  let timer = null;
  frame.stop?.();
  if (frame.start !== start) frame.shown = frame.start = start;
  const place = () => Math.max(screens.findIndex((one) => one.key === frame.shown), 0);

  const draw = () => {
    const at = place(), one = screens[at];
    part(".name").textContent = one.name;
    part("h1").textContent = one.title;
    part(".source").textContent = one.source;
    part(".place").textContent = `${at + 1} / ${screens.length}`;
    if (frame.body !== one.body) part(".body").innerHTML = frame.body = one.body;
    part("[data-do=back]").disabled = at === 0;
    part("[data-do=on]").disabled = at === screens.length - 1;
    document.documentElement.toggleAttribute("data-meeting-begun", at > 0);
    clearTimeout(timer);
    if (seconds) timer = setTimeout(() => turn((place() + 1) % screens.length), seconds * 1000);
  };
  const turn = (to) => {
    const at = Math.min(Math.max(to, 0), screens.length - 1);
    if (at === place()) return;
    frame.shown = screens[at].key;
    draw();
    setTriggerValue("screen", frame.shown);
  };
  const act = {
    on: () => turn(place() + 1), back: () => turn(place() - 1), first: () => turn(0), last: () => turn(screens.length - 1),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
    leave: () => location.assign(location.pathname + back),
  };
  const pressed = (event) => {
    const path = event.composedPath().filter((node) => node.matches);
    const busy = document.querySelector("[data-testid=stPopoverBody]") || path.some((node) => node.matches(BUSY));
    const isOwnKey = (event.key === " " || event.key === "Enter") && path[0]?.matches("button");
    const endsFull = event.key === "Escape" && document.fullscreenElement;  // the browser's own, the meeting goes on
    if (busy || isOwnKey || endsFull || event.ctrlKey || event.altKey || event.metaKey || !act[KEYS[event.key]]) return;
    event.preventDefault();
    act[KEYS[event.key]]();
  };
  frame.onmousedown = (event) => { if (event.target.closest("button")) event.preventDefault(); };  // the keyboard stays with the page
  frame.onclick = (event) => act[event.target.closest("button")?.dataset.do]?.();
  document.addEventListener("keydown", pressed);
  frame.stop = () => {
    clearTimeout(timer);
    document.removeEventListener("keydown", pressed);
    document.documentElement.removeAttribute("data-meeting-begun");
  };
  draw();
  return frame.stop;
}
"""

_component = st.components.v2.component("qingliu_meeting", html=_HTML, css=SCREEN, js=_SCRIPT)


def remote(screens: list[Screen], start: str, seconds: int, back: str, key: str, turned: Callable[[str], None]) -> None:
    """Show the screens from `start` on, the next one every so many seconds (0: by hand); `turned` is told the key of a new one.

    `back` is the query of the address the meeting leaves for, on the same page.
    """
    def told() -> None:
        if st.session_state[key].screen:
            turned(st.session_state[key].screen)

    _component(data={"screens": [asdict(screen) for screen in screens], "start": start, "seconds": seconds, "back": back},
               key=key, on_screen_change=told)
