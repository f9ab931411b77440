"""What a screen of a meeting is, and the sequence of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from dashboard import store
from dashboard.filters import Selection
from dashboard.map_labels import text_width
from dashboard.text import esc, few, t

WIDTH, TITLE_SIZE = 1760, 62
"""Pixels at 1920 × 1080: between the margins, and of a title's letters."""


@dataclass(frozen=True)
class Screen:
    """`key` stands in the address; `name` and `title` are plain text, `body` is markup with every name escaped."""

    key: str
    name: str
    title: str
    body: str


def finding(lead: str, parts: list[str]) -> str:
    """The lead and, in their order, as many of the parts as have room in one line of letters for the back row."""
    title = lead
    for part in parts:
        longer = f"{title}，{part}" if title != lead else f"{title}{part}"
        if text_width(longer, TITLE_SIZE) > WIDTH:
            break
        title = longer
    return title.rstrip("：，")


def source(selection: Selection) -> str:
    """The line at the foot of all screens: date, scope, caveat, data version."""
    targets = store.ask("targets", **selection.parameters())
    built_at = store.ask("version").iloc[0]["built_at"].tz_localize("UTC").tz_convert(datetime.now().astimezone().tzinfo)
    return t("meeting.source", day=selection.as_of.isoformat(), documents=few(targets["document_id"].nunique()), n=len(targets),
             version=f"{built_at:%Y-%m-%d %H:%M}")


def fitting(heights: list[int], room: int) -> int:
    """How many rows have room one under the other; at least one."""
    return max(sum(bottom <= room for bottom in accumulate(heights)), 1)


def card_link(row: dict, selection: Selection) -> str:
    """The name of a target; its card, where names too long for a line stand in full, is one click away."""
    name, card = esc(row["name_in_plan"]), selection.address("sources", target=row["target_id"])
    return f'<a href="{esc(card)}" target="_self" title="{name}">{name}</a>'


def more(n: int, key: str) -> str:
    """另有 n 项, or nothing."""
    return f'<p class="more">{t(f"meeting.more.{key}", n=n)}</p>' if n > 0 else ""


def columns(blocks: list[tuple[str, str]], is_first_wide: bool = False) -> str:
    """Blocks of a heading and its markup side by side."""
    sections = "".join(f"<section><h2>{esc(head)}</h2>{body}</section>" for head, body in blocks)
    return f'<div class="columns{" first" if is_first_wide else ""}">{sections}</div>'
