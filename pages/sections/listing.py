"""The list of sections: one row each with its latest class, target and strip; one line of markup out."""

from __future__ import annotations

import pandas as pd

from dashboard import theme
from dashboard.filters import Selection
from dashboard.text import esc, t
from pages.sections.strips import Strip
from pages.shared.classes import Rank, class_badge, is_known, latest_period, period_label

SHOWN_ROWS = 150
"""More rows than this make a page slow; the rest is counted, searched for and downloaded."""

NOTHING = '<span class="z">—</span>'

STYLE = f"""<style>
.q .list{{overflow:auto;border-bottom:1px solid {theme.LINE}}}
.q .sec th,.q .sec td{{padding:0 4px}}
.q .sec th{{position:sticky;top:0;background:#fff;z-index:1;border-bottom:0;box-shadow:inset 0 -1px 0 {theme.INK2};padding-bottom:4px}}
.q .sec td{{height:29px;white-space:nowrap}}
.q .sec td:first-child,.q .sec th:first-child{{padding-left:8px}}
.q .sec .cut{{max-width:122px;overflow:hidden;text-overflow:ellipsis}} .q .sec .cut.riv{{max-width:76px}}
@media(min-width:1600px){{.q .sec .cut{{max-width:210px}} .q .sec .cut.riv{{max-width:170px}}}}
.q .sec tr.on td{{background:{theme.TINT};border-bottom-color:{theme.INK2}}}
.q .sec tr.rest td{{white-space:normal;color:{theme.INK3};font-size:12px;padding:5px 8px;line-height:1.6}}
.q .strip{{display:flex;gap:4px;line-height:1}} .q .strip>div{{display:flex;gap:1px}}
.q .strip i{{width:16px;height:21px;line-height:21px;text-align:center;font-style:normal;font-size:12px;color:{theme.ZERO};
 border-radius:1px}}
.q .strip em{{width:16px;text-align:center;font-style:normal;font-size:12px;color:{theme.INK3}}}
.q .strip.head{{margin-bottom:2px}} .q .strip.head b{{font-weight:500;overflow:hidden;white-space:nowrap;margin-right:-1px}}
.q .strip i.m{{background:{theme.WARM_FILL};color:{theme.WARM};box-shadow:inset 0 0 0 1px {theme.LINE}}}
.q .strip i.u{{box-shadow:inset 0 -3px 0 {theme.INK}}}
.q .strip i.p{{outline:1px solid {theme.INK2};outline-offset:-1px}}
.q .key{{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;font-size:12px;color:{theme.INK2}}}
.q .key .strip{{display:inline-flex;margin-right:5px}}
{"".join(f".q .strip i.c{n}{{background:{theme.CLASS_COLOUR[c]};color:{theme.CLASS_INK[c]}}}" for c, n in Rank.items())}
</style>"""


def verdict(row: dict) -> str:
    """met, missed, said_met, said_missed, no_target or no_class; the latest class against the target class."""
    if is_known(row["latest_class"]):
        if not is_known(row["target_class"]):
            return "no_target"
        return "met" if Rank[row["latest_class"]] <= Rank[row["target_class"]] else "missed"
    if row["said_meets"] is None or pd.isna(row["said_meets"]):
        return "no_class"
    return "said_met" if row["said_meets"] else "said_missed"


def verdict_badge(row: dict) -> str:
    """Mark and word; what a bulletin only stated says so."""
    found = verdict(row)
    if found.startswith("no_"):
        return f'<span class="note">{t(f"section.verdict.{found}")}</span>'
    badge = theme.badge("达标" if found.endswith("met") else "未达标")
    return f'{badge} <span class="note">{t("section.verdict.said")}</span>' if found.startswith("said") else badge


def latest_cell(row: dict) -> str:
    """Class, the period it is for and what it rests on."""
    if not is_known(row["latest_class"]):
        if row["said_meets"] is None or pd.isna(row["said_meets"]):
            return NOTHING
        words = t("section.basis.published_statement")
        return f'{NOTHING} <span class="note" title="{esc(row["said_period"])}">{words}</span>'
    return (f'{class_badge(row["latest_class"])} <span class="note">{esc(latest_period(row))} '
            f'{t("section.basis." + row["latest_basis"])}</span>')


def change_words(row: dict) -> tuple[str, str]:
    """Better, worse or the same as the period before of the same kind, and which that was."""
    if not is_known(row["latest_class"]) or not is_known(row["prior_class"]):
        return "", ""
    step = Rank[row["latest_class"]] - Rank[row["prior_class"]]
    word = t("section.change.same" if step == 0 else "section.change.worse" if step > 0 else "section.change.better")
    kind = row["latest_kind"]
    start = row["prior_end"].replace(day=1) if kind == "month" else row["prior_end"]
    return word, t("section.change.tip", period=period_label(kind, start, row["prior_end"]), name=row["prior_class"])


def has_something(row: dict, strip: Strip) -> bool:
    return verdict(row) != "no_class" or row["section_id"] in strip.cells


def table(rows: pd.DataFrame, strip: Strip, selection: Selection, chosen: str | None, height: int, **address) -> str:
    """Sections by region in document order, those in the strip first; those without anything in one line per region.

    The chosen one stands above all others.
    """
    head = "".join(f"<th>{t(f'section.head.{key}')}</th>" for key in ("name", "river", "level", "latest", "target", "verdict"))
    head += f'<th>{strip.head or t("section.head.strip")}</th><th class="r">{t("section.head.worse")}</th>'
    body, shown = [], 0
    if chosen:
        body += [_row(row, strip, selection, chosen, address) for row in rows[rows["section_id"] == chosen].to_dict("records")]
        rows = rows[rows["section_id"] != chosen]
    for region, group in rows.groupby("region", sort=False):
        records = group.to_dict("records")
        known = sorted((row for row in records if has_something(row, strip)), key=lambda row: row["section_id"] not in strip.cells)
        silent = [row for row in records if not has_something(row, strip)]
        with_class = sum(is_known(row["latest_class"]) for row in records)
        body.append(f'<tr class="grp"><td colspan="8"><b>{esc(region)}</b> <span class="note">'
                    f'{t("section.group", n=len(records), known=with_class)}</span></td></tr>')
        room = max(SHOWN_ROWS - shown, 0)
        body += [_row(row, strip, selection, chosen, address) for row in known[:room]]
        shown += min(len(known), room)
        if len(known) > room:
            body.append(f'<tr class="rest"><td colspan="8">{t("section.more", n=len(known) - room)}</td></tr>')
        if silent:
            names = "、".join(_link(row, selection, address) for row in silent) if room else "…"
            body.append(f'<tr class="rest"><td colspan="8">{t("section.silent", n=len(silent))}{names}</td></tr>')
    return (f'<div class="q"><div class="list" style="max-height:{height}px"><table class="sec"><thead><tr>{head}</tr></thead>'
            f'<tbody>{"".join(body)}</tbody></table></div></div>')


def _link(row: dict, selection: Selection, address: dict) -> str:
    link = selection.address("section", section=row["section_id"], **address)
    tip = "；".join(part for part in (row["aliases"], row["county"]) if isinstance(part, str))
    return f'<a href="{esc(link)}" target="_self" title="{esc(tip)}">{esc(row["name"])}</a>'


def _row(row: dict, strip: Strip, selection: Selection, chosen: str | None, address: dict) -> str:
    key = row["section_id"]
    name = f"<b>{_link(row, selection, address)}</b>"
    river = esc(row["river"]) or esc(row["basin"])
    target = class_target(row)
    word, tip = change_words(row)
    change = f' <span class="note" title="{esc(tip)}">{word}</span>' if word else ""
    worse, valid = strip.worse.get(key, (0, 0))
    share = f'<b>{worse}</b> / {valid}' if worse else f'<span class="note">0 / {valid}</span>' if valid else NOTHING
    mark = ' class="on"' if key == chosen else ""
    cells = [f'<td class="cut">{name}</td>', f'<td class="cut riv" title="{river}">{river or NOTHING}</td>',
             f'<td>{esc(row["level"]) or NOTHING}</td>', f"<td>{latest_cell(row)}</td>", f"<td>{target}</td>",
             f"<td>{verdict_badge(row)}{change}</td>", f"<td>{strip.cells.get(key, strip.empty)}</td>", f'<td class="r">{share}</td>']
    return f'<tr{mark}>{"".join(cells)}</tr>'.replace(' title=""', "")


def class_target(row: dict) -> str:
    """The target class; in italics of words where only the bulletin names it."""
    if not is_known(row["target_class"]):
        return NOTHING
    if row["target_is_of_bulletin"]:
        return f'<span title="{t("section.target.of_bulletin")}">{row["target_class"]}*</span>'
    return f'<b>{row["target_class"]}</b>'


def legend(strip: Strip, with_star: bool) -> str:
    """The classes with their words, then the marks in use."""
    def cells(*items: str) -> str:
        return f'<div class="strip"><div>{"".join(items)}</div></div>'
    parts = [f"<span>{cells(*(f'<i class=c{Rank[c]}>{c[0]}</i>' for c in names))}{t(f'section.key.{word}')}</span>"
             for names, word in ((("Ⅰ", "Ⅱ"), "excellent"), (("Ⅲ",), "good"), (("Ⅳ",), "slight"), (("Ⅴ",), "moderate"),
                                 (("劣Ⅴ",), "heavy"))]
    if "maintenance" in strip.legend:
        parts.append(f"<span>{cells('<i class=m>' + t('section.cell.maintenance') + '</i>')}{t('section.key.maintenance')}</span>")
    parts.append(f"<span>{cells('<i>—</i>')}{t('section.key.none')}</span>")
    parts.append(f"<span>{cells('<i class=u>&nbsp;</i>')}{t('section.key.worse')}</span>")
    if "published" in strip.legend:
        parts.append(f"<span>{cells('<i class=p>&nbsp;</i>')}{t('section.key.published')}</span>")
        parts.append(f"<span>{t('section.key.periods')}</span>")
    if with_star:
        parts.append(f"<span>* {t('section.target.of_bulletin')}</span>")
    if strip.note:
        parts.append(f"<span>{strip.note}</span>")
    return f'<div class="q"><div class="key">{"".join(parts)}</div></div>'
