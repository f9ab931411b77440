"""What the steps of the page share: its style, the heading with the three steps, and words for rows and figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import pandas as pd

from dashboard import theme
from dashboard.text import esc, number, t, unit_suffix, value_text

STEPS = ("choose", "review", "confirm")

STYLE = f"""<style>
.q .stephead{{display:flex;justify-content:space-between;align-items:flex-start;gap:24px;border-bottom:1px solid {theme.INK2};
 padding-bottom:10px}}
.q .steps{{display:flex;align-items:center;gap:10px;white-space:nowrap;font-size:14px;color:{theme.INK3};padding-top:6px}}
.q .steps b{{font-weight:400}} .q .steps i{{display:inline-block;width:22px;height:1px;background:{theme.LINE}}}
.q .steps em{{display:inline-block;width:22px;height:22px;line-height:20px;border:1px solid {theme.GREY};border-radius:50%;
 text-align:center;font-style:normal;font-size:12px;margin-right:6px;background:#fff}}
.q .steps .past{{color:{theme.INK}}} .q .steps .past em{{border-color:{theme.BLUE};color:{theme.BLUE}}}
.q .steps .now{{color:{theme.BLUE};font-weight:700}} .q .steps .now em{{background:{theme.BLUE};border-color:{theme.BLUE};color:#fff}}
.q .sums{{display:flex;gap:44px;border-bottom:1px solid {theme.LINE};padding:2px 0 8px}}
.q .sums div b{{font-size:36px;line-height:1.1;margin-right:8px}} .q .sums div span{{font-size:15px}}
.q .sums small{{display:block;font-size:12px;color:{theme.INK3}}}
.q .sums .bad b,.q .sums .bad span{{color:{theme.BRICK}}}
.q .scroll{{overflow:auto;max-height:620px;border:1px solid {theme.LINE};border-top:0}}
.q table.sheet{{border-collapse:separate;border-spacing:0}}
.q .sheet td,.q .sheet th{{border:0;border-right:1px solid {theme.LINE};border-bottom:1px solid {theme.LINE};height:30px;padding:0 6px;
 font-size:13px;white-space:nowrap;max-width:164px;overflow:hidden;text-overflow:ellipsis;vertical-align:middle}}
.q .sheet tr.letters th{{position:sticky;top:0;z-index:2;background:{theme.PANEL};border-top:1px solid {theme.LINE};height:21px;
 text-align:center;font-weight:400;color:{theme.INK2}}}
.q .sheet tr.heads th{{position:sticky;top:22px;z-index:2;background:{theme.TINT};font-weight:700;color:{theme.INK}}}
.q .sheet td.no,.q .sheet th.no{{background:{theme.PANEL};color:{theme.INK2};text-align:center;padding:0 6px;min-width:32px}}
.q .sheet td:last-child,.q .sheet th:last-child{{position:sticky;right:0;border-right:0;border-left:1px solid {theme.LINE};background:#fff}}
.q .sheet tr.heads th:last-child,.q .sheet tr.letters th:last-child{{background:{theme.PANEL};z-index:3}}
.q .sheet tr.fold td:last-child{{position:static;border-left:0}}
.q .sheet td.bad{{outline:2px solid {theme.BRICK};outline-offset:-2px;background:#FCEEEB;font-weight:700}}
.q .sheet td.ask{{outline:1px dashed {theme.INK};outline-offset:-3px}}
.q .sheet .scope,.q .sheet .period{{max-width:104px}}
.q .sheet td.none{{background:{theme.WARM_FILL};color:{theme.WARM}}}
.q .sheet tr.fold td{{height:22px;font-size:12px;color:{theme.INK3}}}
.q .sheet .say{{color:{theme.INK2}}} .q .sheet .say.bad{{color:{theme.BRICK}}}
.q .no1{{display:inline-block;min-width:17px;height:17px;line-height:17px;border-radius:2px;background:{theme.BRICK};color:#fff;
 font-size:11.5px;font-weight:700;text-align:center;padding:0 3px;margin-left:6px}}
.q .cell{{display:inline-block;border:1px solid {theme.INK2};border-radius:3px;padding:0 6px;font-size:12px;line-height:19px;
 font-weight:500;margin-right:8px}}
.q .cell.bad{{border-color:{theme.BRICK};color:{theme.BRICK};background:#FCEEEB}}
.q .cell.ask{{border-style:dashed;border-color:{theme.INK}}}
.q .problem{{display:grid;grid-template-columns:26px 1fr;padding:8px 0;border-bottom:1px solid {theme.LINE}}}
.q .problem .no1{{margin:2px 0 0;height:20px;line-height:20px;min-width:20px;justify-self:start}}
.q .problem dl{{display:grid;grid-template-columns:52px 1fr;gap:1px 6px;margin:5px 0 0;font-size:13px;line-height:1.5}}
.q .problem dt{{color:{theme.INK3};font-weight:400}} .q .problem dd{{margin:0;overflow-wrap:anywhere}}
.q .problem dd.found{{font-weight:700}} .q .problem.bad dd.found span{{border-bottom:2px solid {theme.BRICK}}}
.q .asked{{padding:6px 0;border-bottom:1px solid {theme.HAIR};font-size:13px;line-height:1.55}}
.q .asked .how{{color:{theme.INK3}}}
.q details{{font-size:12px;color:{theme.INK2};margin-top:3px}} .q details summary{{cursor:pointer;color:{theme.LINK}}}
.q details div{{padding:1px 0;overflow-wrap:anywhere}}
.q h2.gap{{margin-top:14px}}
.q .old{{color:{theme.INK3}}} .q .new{{font-weight:700}}
.q .done{{border-left:2px solid {theme.BLUE};background:{theme.TINT};padding:6px 12px;font-size:13px}}
.q .off{{color:{theme.INK3};text-decoration:line-through}}
.q dl.facts{{display:grid;grid-template-columns:84px 1fr;gap:3px 10px;margin:8px 0 0;font-size:13px}}
.q dl.facts dt{{color:{theme.INK2};font-weight:400}} .q dl.facts dd{{margin:0;overflow-wrap:anywhere}}
.st-key-entry_loads{{gap:0!important}} .st-key-entry_loads [data-testid=stHorizontalBlock]{{border-bottom:1px solid {theme.HAIR}}}
.st-key-entry_loads button{{min-height:30px}}
[data-testid=stLayoutWrapper]:has(>.st-key-entry_bar){{position:sticky;bottom:0;z-index:5}}
.st-key-entry_bar{{background:#fff;border-top:1px solid {theme.LINE};padding:8px 0 10px}}
[data-testid=stMain] [data-testid=stElementToolbar]{{display:none}}
[data-testid=stFileUploaderDropzoneInstructions],[data-testid=stFileUploaderDropzone] button>*{{display:none}}
[data-testid=stFileUploaderDropzone]{{align-items:center}}
[data-testid=stFileUploaderDropzone] button::after{{content:"{t("entry.upload.pick")}";font-size:13px}}
[data-testid=stFileUploaderDropzone]::after{{content:"{t("entry.upload.drop")}";font-size:12px;color:{theme.INK3}}}
[data-testid=stFileUploader]:has([aria-invalid=true])::after{{content:"{t("entry.upload.too_large")}";font-size:13px;color:{theme.BRICK}}}
[data-testid=stFileChip] [role=alert]{{display:none}} [data-testid=stTooltipErrorHoverTarget]{{pointer-events:none}}
[data-testid=stTooltipErrorHoverTarget] button{{pointer-events:auto}}
</style>"""


def heading(title: str, sub: str, step: str) -> str:
    """The finding, the line under it, and which of the three steps this is; `title` and `sub` are text, not HTML."""
    at = STEPS.index(step)
    kinds = ["past"] * at + ["now"] + [""] * (len(STEPS) - at - 1)
    marks = "<i></i>".join(f'<span class="{kind}"><em>{n}</em>{t(f"entry.step.{name}")}</span>'
                           for n, (name, kind) in enumerate(zip(STEPS, kinds), 1))
    return (f'<div class="q"><div class="stephead"><div><h1>{esc(title)}</h1><div class="sub">{esc(sub)}</div></div>'
            f'<div class="steps">{marks}</div></div></div>')


def warning(text: str) -> str:
    return f'<div class="q"><div class="warn">{esc(text)}</div></div>'


def local_time(stored: str) -> str:
    """A stored UTC time as the clock on the wall: 2026-11-22 17:30."""
    return f"{pd.Timestamp(stored, tz='UTC').tz_convert(datetime.now().astimezone().tzinfo):%Y-%m-%d %H:%M}"


def figure(value, unit, comparator="=") -> str:
    """A figure with its unit, or — ; takes Decimals, floats and missing values alike."""
    known = None if value is None or pd.isna(value) else float(value)
    return value_text(known, unit, comparator="=" if comparator is None or pd.isna(comparator) else comparator)


def difference(old, new, unit) -> str:
    """高 1.2 个百分点, 低 3公里, 差 1 个类别; empty where one of them is missing."""
    if any(value is None or pd.isna(value) for value in (old, new)):
        return ""
    size = Decimal(str(new)) - Decimal(str(old))
    if size == 0:
        return t("entry.change.same")
    if unit == "类":
        return t("entry.change.worse" if size > 0 else "entry.change.better", n=f"{abs(size):g}")
    return f"{t('entry.change.up' if size > 0 else 'entry.change.down')} {number(float(abs(size)))}" + (
        t("entry.change.points") if unit == "%" else unit_suffix(unit))


def counted(counts: Iterable[tuple[str, int]]) -> str:
    """3 个数、1 项评定: the counts that are not zero."""
    return "、".join(t(f"entry.count.{kind}", n=n) for kind, n in counts if n)
