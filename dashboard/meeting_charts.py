"""Figures for the screens of a meeting, drawn for a field 1760 wide: counts in, SVG out. No letter is smaller than 26."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import theme
from dashboard.map_labels import text_width
from dashboard.queries import STATUS_ORDER
from dashboard.text import esc, status_label

WIDTH, NAMES, LEGEND = 1760, 250, 56
LARGE, PLAIN, SMALL = 46, 32, 26
BESIDE = 190
"""Room kept at the right end for numbers that do not fit into their part of a bar."""


@dataclass(frozen=True)
class Bar:
    """Targets of one region by status; `note` stands behind the bar of a repealed plan."""

    name: str
    counts: dict[str, int]
    note: str = ""


def status_bars(bars: list[Bar], most_high: int) -> str:
    """One bar per region on one scale from zero, under the counts of all statuses; no higher than `most_high`."""
    pitch = min((most_high - LEGEND) / len(bars), 104)
    height = round(LEGEND + pitch * len(bars))
    scale = min((WIDTH - NAMES - _reserved(bar)) / max(sum(bar.counts.values()), 1) for bar in bars)
    rows = "".join(_row(bar, LEGEND + place * pitch + pitch * 0.14, pitch * 0.72, scale) for place, bar in enumerate(bars))
    return (f'<svg class="bars" viewBox="0 0 {WIDTH} {height}" style="--w:{WIDTH};--h:{height}" role="img" '
            f'aria-label="{esc(_words(bars))}">{_legend(bars)}{rows}</svg>')


def _words(bars: list[Bar]) -> str:
    return "；".join(f"{bar.name} " + "，".join(f"{status_label(s)} {n}" for s, n in bar.counts.items() if n) for bar in bars)


def _reserved(bar: Bar) -> float:
    return text_width(bar.note, PLAIN) + 30 if bar.note else BESIDE


def _legend(bars: list[Bar]) -> str:
    """Mark, word and sum of every status, also of those that are not there."""
    parts, x = [], float(NAMES)
    for status in STATUS_ORDER:
        words = f"{status_label(status)} {sum(bar.counts.get(status, 0) for bar in bars)}"
        parts.append(theme.mark(status, x + 14, 24, 12) + _text(x + 36, 35, words, PLAIN, theme.INK2, 400))
        x += 36 + text_width(words, PLAIN) + 34
    return "".join(parts)


def _row(bar: Bar, top: float, high: float, scale: float) -> str:
    """The parts of a bar in the order of the statuses; numbers inside, else beside with the mark of their status."""
    size, base = min(LARGE, high * 0.72), top + high / 2
    base += size * 0.36
    is_old = set(bar.counts) == {"已废止"}
    name_size = max(min(size, (NAMES - 14) / max(len(bar.name), 1)), SMALL)
    parts, beside, x = [_text(0, base, bar.name, name_size, theme.REPEALED if is_old else theme.INK, 700)], [], float(NAMES)
    for status in (status for status in STATUS_ORDER if bar.counts.get(status)):
        n, wide = bar.counts[status], bar.counts[status] * scale
        colour = theme.STATUS_COLOUR[status]
        parts.append(_part(status, x, top, wide, high))
        if status != "数据未出" and wide > text_width(str(n), size) + 26:
            parts.append(_text(x + 16, base, str(n), size, "#fff" if status in ("达标", "未达标") else colour, 700))
        elif x == NAMES:
            parts.append(_text(x - 14, base, str(n), size, colour, 700, "end"))
        else:
            beside.append((status, n))
        x += wide
    x += 18
    for status, n in beside:
        if status != "数据未出" or len(beside) > 1:  # alone its bar is mark enough
            parts.append(theme.mark(status, x + 12, top + high / 2, 12))
            x += 34
        parts.append(_text(x, base, str(n), size, theme.STATUS_COLOUR[status], 700))
        x += text_width(str(n), size) + 24
    return "".join(parts) + (_text(x, top + high / 2 + PLAIN * 0.36, bar.note, PLAIN, theme.REPEALED, 400) if bar.note else "")


def _part(status: str, x: float, top: float, wide: float, high: float) -> str:
    """Solid means judged, outlined not yet judged, a thin bar not yet due, a pale one repealed."""
    colour, gap = theme.STATUS_COLOUR[status], 4 if wide > 12 else 1
    if status == "数据未出":
        return f'<rect x="{x + gap:g}" y="{top + high / 2 - 4:g}" width="{max(wide - gap, 1):g}" height="8" fill="{colour}"/>'
    if status in ("达标", "未达标", "已废止"):
        fill = theme.HAIR if status == "已废止" else colour
        return f'<rect x="{x:g}" y="{top:g}" width="{max(wide - gap, 1):g}" height="{high:g}" fill="{fill}"/>'
    fill = theme.WARM_FILL if status == "到期未报" else "#fff"
    return (f'<rect x="{x + 1.5:g}" y="{top + 1.5:g}" width="{max(wide - gap - 3, 1):g}" height="{high - 3:g}" fill="{fill}" '
            f'stroke="{colour}" stroke-width="3"/>')


def _text(x: float, y: float, words: str, size: float, colour: str, weight: int, anchor: str = "start") -> str:
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}">'
            f"{esc(words)}</text>")
