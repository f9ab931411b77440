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
<button type="button" data-do="pause"></button>
<button type="button" data-do="back" aria-label="{t("meeting.previous")}" title="{t("meeting.previous")}">←</button>
<button type="button" data-do="on" aria-label="{t("meeting.next")}" title="{t("meeting.next")}">→</button>
<button type="button" data-do="full">{t("meeting.full")}</button>
<button type="button" data-do="leave">{t("meeting.leave")}</button>
</nav></footer></div>"""

_SCRIPT = """
const KEYS = { ArrowRight: "on", PageDown: "on", " ": "on", ArrowLeft: "back", PageUp: "back", Home: "first", End: "last",
               f: "full", F: "full", p: "pause", P: "pause",
               b: "blank", B: "blank", ".": "blank", Escape: "leave" };  // a presenter's remote sends PageDown, PageUp and b or .
const BUSY = "input, textarea, select, [contenteditable=true], [role=listbox]";
const SETUP = "[data-testid=stPopoverBody]";
const STILL_MS = 3000;

export default function ({ parentElement, data, setTriggerValue }) {
  const frame = parentElement.querySelector(".meet"), part = (name) => frame.querySelector(name);
  const { screens, source, start, seconds, back, words } = data;
  let timer = null, still = null;
  frame.stop?.();
  frame.shown ??= start;  // from then on the browser knows first, and the address follows
  const sequence = screens.map((one) => one.key).join(" ");
  if (frame.sequence !== sequence && document.querySelector(SETUP)) frame.shown = screens[0].key;
  frame.sequence = sequence;
  const place = () => Math.max(screens.findIndex((one) => one.key === frame.shown), 0);

  const draw = () => {
    const at = place(), one = screens[at];
    part(".name").textContent = one.name;
    part("h1").textContent = one.title;
    part(".source").textContent = source;
    part(".place").textContent = words.place.replace("{at}", at + 1).replace("{n}", screens.length);
    if (frame.body !== one.body) part(".body").innerHTML = frame.body = one.body;
    part("[data-do=back]").ariaDisabled = at === 0;  // not disabled: the focus would be lost
    part("[data-do=on]").ariaDisabled = at === screens.length - 1;
    part("[data-do=pause]").hidden = !seconds;
    part("[data-do=pause]").textContent = frame.isPaused ? words.go_on : words.pause;
    document.documentElement.toggleAttribute("data-meeting-begun", at > 0);
    clearTimeout(timer);
    if (seconds && !frame.isPaused && !isBlank()) timer = setTimeout(byItself, seconds * 1000);
  };
  const turn = (to) => {
    const at = Math.min(Math.max(to, 0), screens.length - 1);
    if (at === place()) return;
    frame.shown = screens[at].key;
    draw();
    setTriggerValue("screen", frame.shown);
  };
  const byItself = () => (document.querySelector(SETUP) ? draw() : turn((place() + 1) % screens.length));
  const isBlank = () => frame.classList.contains("blank");
  const act = {
    on: () => turn(place() + 1), back: () => turn(place() - 1), first: () => turn(0), last: () => turn(screens.length - 1),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
    pause: () => { frame.isPaused = !frame.isPaused; draw(); },
    blank: () => { frame.classList.toggle("blank"); draw(); },
    leave: () => document.fullscreenElement ? act.full() : location.assign(location.origin + location.pathname + back),
  };
  const pressed = (event) => {
    const path = event.composedPath().filter((node) => node.matches);
    const setup = document.querySelector(SETUP);
    if (setup && event.key === "Tab" && !setup.contains(path[0])) {  // it stands at the end of the page, behind everything
      event.preventDefault();
      setup.querySelector("input").focus();
    }
    const busy = setup || path.some((node) => node.matches(BUSY));
    const isOwnKey = (event.key === " " || event.key === "Enter") && path[0]?.matches("button");
    if (busy || isOwnKey || event.ctrlKey || event.altKey || event.metaKey || !act[KEYS[event.key]]) return;
    event.preventDefault();
    act[isBlank() ? "blank" : KEYS[event.key]]();
  };
  const travelled = () => {  // back and forward of the browser
    frame.shown = new URLSearchParams(location.search).get("screen") ?? screens[0].key;
    draw();
  };
  const moved = () => {
    document.documentElement.removeAttribute("data-meeting-still");
    clearTimeout(still);
    still = setTimeout(() => document.documentElement.setAttribute("data-meeting-still", ""), STILL_MS);
  };
  frame.onmousedown = (event) => { if (event.target.closest("button")) event.preventDefault(); };  // the keyboard stays with the page
  frame.onclick = (event) => act[event.target.closest("button")?.dataset.do]?.();
  document.addEventListener("keydown", pressed);
  document.addEventListener("mousemove", moved);
  window.addEventListener("popstate", travelled);
  frame.stop = () => {
    clearTimeout(timer);
    clearTimeout(still);
    document.removeEventListener("keydown", pressed);
    document.removeEventListener("mousemove", moved);
    window.removeEventListener("popstate", travelled);
    for (const name of ["begun", "still"]) document.documentElement.removeAttribute(`data-meeting-${name}`);
  };
  draw();
  moved();
  return frame.stop;
}
"""

_component = st.components.v2.component("qingliu_meeting", html=_HTML, css=SCREEN, js=_SCRIPT)


def remote(screens: list[Screen], source: str, start: str, seconds: int, back: str, key: str, turned: Callable[[str], None]) -> None:
    """Show the screens from `start` on, the next one every so many seconds (0: by hand); `turned` is told the key of a new one.

    `source` stands at the foot of all of them.
    `back` is the query of the address the meeting leaves for, on the same page.
    """
    def told() -> None:
        if st.session_state[key].screen:
            turned(st.session_state[key].screen)

    words = {"place": t("meeting.place", at="{at}", n="{n}"), "pause": t("meeting.pause"), "go_on": t("meeting.go_on")}
    _component(data={"screens": [asdict(screen) for screen in screens], "source": source, "start": start, "seconds": seconds,
                     "back": back, "words": words},
               key=key, on_screen_change=told)
