"""A button that copies the address of what is on the screen, filters and all."""

from __future__ import annotations

import streamlit as st

from dashboard import theme
from dashboard.text import t

_SCRIPT = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  const box = parentElement.querySelector("input");
  let waiting;
  const say = (words) => {
    button.textContent = words;
    clearTimeout(waiting);
    waiting = setTimeout(() => { button.textContent = data.copy; }, 4000);
  };
  const offer = (address) => {
    box.value = address;
    box.hidden = false;
    box.focus();
    box.select();
    box.hidden = document.execCommand("copy");
    return box.hidden;
  };
  button.textContent = data.copy;
  box.setAttribute("aria-label", data.by_hand);
  button.onclick = async () => {
    const address = window.location.href;
    box.hidden = true;
    try {
      await navigator.clipboard.writeText(address);
      say(data.copied);
    } catch {
      say(offer(address) ? data.copied : data.by_hand);
    }
  };
  return () => clearTimeout(waiting);
}
"""
_STYLE = f"""
button {{ border: 1px solid {theme.LINE}; border-radius: 4px; background: #fff; color: {theme.INK2}; cursor: pointer; width: 100%;
  font: 13px var(--st-font); line-height: 20px; padding: 5px 8px; }}
button:hover, button:focus-visible {{ border-color: {theme.BLUE}; color: {theme.BLUE}; outline: none; }}
input {{ box-sizing: border-box; width: 100%; margin-top: 6px; padding: 4px 6px; border: 1px solid {theme.LINE}; border-radius: 4px;
  font: 12px var(--st-font); color: {theme.INK}; }}
"""
_component = st.components.v2.component(
    "qingliu_copy_link", html='<button type="button" aria-live="polite"></button><input readonly hidden>', css=_STYLE, js=_SCRIPT)


def copy_link(key: str = "copy_link") -> None:
    """Where the browser lends no clipboard at all, the address appears in a box, selected. `key` tells two such buttons apart."""
    _component(data={name: t(f"link.{name}") for name in ("copy", "copied", "by_hand")}, key=key)
