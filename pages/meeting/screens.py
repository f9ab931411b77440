"""What a screen of a meeting is, and the sequence of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard import store
from dashboard.filters import Selection
from dashboard.text import esc, few, t

LONGEST = 30
"""Characters of a title: one line that can be read from the back row."""


@dataclass(frozen=True)
class Screen:
    """`key` stands in the address; `name`, `title` and `source` are plain text, `body` is markup with every name escaped."""

    key: str
    name: str
    title: str
    body: str
    source: str


def finding(lead: str, parts: list[str]) -> str:
    """The lead and, in their order, as many of the parts as a title has room for."""
    title = lead
    for part in parts:
        longer = f"{title}，{part}" if title != lead else f"{title}{part}"
        if len(longer) > LONGEST:
            break
        title = longer
    return title.rstrip("：，")


def source(selection: Selection) -> str:
    """The line at the foot of every screen: date, scope, caveat, data version."""
    targets = store.ask("targets", **selection.parameters())
    built_at = store.ask("version").iloc[0]["built_at"].tz_localize("UTC").tz_convert(datetime.now().astimezone().tzinfo)
    return t("meeting.source", day=selection.as_of.isoformat(), documents=few(targets["document_id"].nunique()), n=len(targets),
             version=f"{built_at:%Y-%m-%d %H:%M}")


def more(n: int, key: str) -> str:
    """另有 n 项, or nothing."""
    return f'<p class="more">{t(f"meeting.more.{key}", n=n)}</p>' if n > 0 else ""


def columns(blocks: list[tuple[str, str]], is_first_wide: bool = False) -> str:
    """Blocks of a heading and its markup side by side."""
    sections = "".join(f"<section><h2>{esc(head)}</h2>{body}</section>" for head, body in blocks)
    return f'<div class="columns{" first" if is_first_wide else ""}">{sections}</div>'
