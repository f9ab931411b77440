"""Colours, type and status marks. One meaning per colour; a shape never without its word."""

from __future__ import annotations

from dashboard.text import status_label, t

INK, INK2, INK3 = "#1B2730", "#4A5863", "#65707A"
BLUE, LINK, TINT = "#0E4D71", "#1F6A94", "#EAF1F5"
BRICK, WARM, WARM_FILL, SLATE = "#B5371C", "#75695A", "#F5F2EC", "#56636F"
GREY, REPEALED, ZERO = "#6B7882", "#6F757A", "#838D95"
PANEL, LINE, HAIR = "#F6F7F7", "#DDE2E5", "#EBEEF0"
CLASS_COLOUR = {"Ⅰ": "#2A78B8", "Ⅱ": "#2A78B8", "Ⅲ": "#7FC492", "Ⅳ": "#F7D84B", "Ⅴ": "#E0781F", "劣Ⅴ": "#9E1F27"}
CLASS_INK = {"Ⅰ": "#fff", "Ⅱ": "#fff", "Ⅲ": INK, "Ⅳ": INK, "Ⅴ": INK, "劣Ⅴ": "#fff"}
CLASS_BAND = {"Ⅰ": "#E4EFF7", "Ⅱ": "#E4EFF7", "Ⅲ": "#E3F1E7", "Ⅳ": "#FCF3D3", "Ⅴ": "#FBE6D2", "劣Ⅴ": "#F6DAD7"}
"""Water classes: fill, text inside the fill, and the band behind a line. The class is always written too."""

FONT = "'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"

STATUS_COLOUR = {"达标": BLUE, "未达标": BRICK, "到期未报": WARM, "定性待评": SLATE, "数据未出": GREY, "已废止": REPEALED}
STATUS_SHAPE = {"达标": "disc", "未达标": "diamond", "到期未报": "ring", "定性待评": "square", "数据未出": "bar",
                "已废止": "cross"}


def mark(status: str, x: float, y: float, radius: float, with_dot: bool = False) -> str:
    """SVG of a status mark centred at (x, y). Solid means judged, hollow means it cannot be judged yet."""
    colour, shape = STATUS_COLOUR[status], STATUS_SHAPE[status]
    line = radius * 0.3
    match shape:
        case "disc":
            return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"/>'
        case "diamond":
            r = radius * 1.1
            return f'<path d="M{x:g} {y - r:g}L{x + r:g} {y:g}L{x:g} {y + r:g}L{x - r:g} {y:g}Z" fill="{colour}"/>'
        case "ring":
            dot = f'<circle cx="{x:g}" cy="{y:g}" r="{radius * 0.42:g}" fill="{colour}"/>' if with_dot else ""
            return (f'<circle cx="{x:g}" cy="{y:g}" r="{radius * 0.85:g}" fill="#fff" stroke="{colour}" '
                    f'stroke-width="{line:g}"/>{dot}')
        case "square":
            a = radius * 0.72
            return (f'<rect x="{x - a:g}" y="{y - a:g}" width="{2 * a:g}" height="{2 * a:g}" fill="#fff" '
                    f'stroke="{colour}" stroke-width="{line:g}"/>')
        case "bar":
            return (f'<rect x="{x - radius:g}" y="{y - radius * 0.22:g}" width="{2 * radius:g}" '
                    f'height="{radius * 0.44:g}" fill="{colour}"/>')
        case _:
            a = radius * 0.72
            return (f'<path d="M{x - a:g} {y - a:g}L{x + a:g} {y + a:g}M{x - a:g} {y + a:g}L{x + a:g} {y - a:g}" '
                    f'stroke="{colour}" stroke-width="{line:g}" fill="none"/>')


def icon(status: str, with_dot: bool = False) -> str:
    """The mark as an inline picture of text height."""
    return (f'<svg class="ic" width="13" height="13" viewBox="0 0 13 13" aria-hidden="true">'
            f'{mark(status, 6.5, 6.5, 5.7, with_dot)}</svg>')


def badge(status: str, with_dot: bool = False) -> str:
    """Mark and word in the status colour."""
    return (f'<span class="st" style="color:{STATUS_COLOUR[status]}">{icon(status, with_dot)}'
            f'{status_label(status)}</span>')


_CLASS_RULES = "".join(f".q .c{n}{{background:{CLASS_COLOUR[c]};color:{CLASS_INK[c]}}}"
                       for n, c in enumerate(CLASS_COLOUR, start=1))

CSS = f"""<style>
html,body,.stApp{{font-variant-numeric:tabular-nums}}
[data-testid=stHeader]{{background:transparent;pointer-events:none;height:0}}
[data-testid=stHeader] div{{pointer-events:none}}
[data-testid=stHeader] button{{pointer-events:auto}}
[data-testid=stMainBlockContainer]{{padding:22px 28px 24px;max-width:none}}
[data-testid=stMainMenu],[data-testid=stStatusWidget]{{display:none}}
[data-testid=stSidebar][data-collapsed=false]{{min-width:208px!important;width:208px!important}}
[data-testid=stSidebarHeader]{{height:12px;min-height:12px;padding:0}}
[data-testid=stSidebarContent]{{padding:0;overflow-x:hidden}}
[data-testid=stSidebarUserContent]{{padding:6px 20px 14px}}
[data-testid=stSidebar] [data-testid=stVerticalBlock]{{gap:9px}}
[data-testid=stSidebarNav]::before{{content:"{t("app.title")}";display:block;padding:0 20px;font-size:22px;font-weight:700;
 color:{BLUE};letter-spacing:.08em;line-height:1.15}}
[data-testid=stSidebarNav]::after{{content:"{t("app.tagline")}";display:block;order:-1;padding:0 20px;font-size:12px;color:{INK3}}}
[data-testid=stSidebarNav]{{display:flex;flex-direction:column;padding:6px 0 0}}
[data-testid=stSidebarNav]::before{{order:-2}}
[data-testid=stSidebarNavItems]{{padding:10px 0 0;margin:0;max-height:none}}
[data-testid=stSidebarNavSeparator]{{display:none}}
[data-testid=stSidebarNavLink]{{padding:5px 14px 5px 17px;margin:0;border-left:3px solid transparent;border-radius:0;
 background:transparent}}
[data-testid=stSidebarNavLink] span,[data-testid=stSidebarNavLink] p{{font-size:15px;color:{INK2};font-weight:400}}
[data-testid=stSidebarNavLink][aria-current=page]{{border-left-color:{BLUE};background:{TINT}}}
[data-testid=stSidebarNavLink][aria-current=page] span,[data-testid=stSidebarNavLink][aria-current=page] p{{color:{BLUE};font-weight:700}}
[data-testid=stSidebar] [data-testid=stWidgetLabel] p{{font-size:12px;color:{INK3}}}
[data-testid=stSidebar] [data-baseweb=select]>div,[data-testid=stSidebar] input{{font-size:13px;min-height:32px}}
[data-testid=stSidebar] [data-testid=stLayoutWrapper]:has(>.st-key-actions){{position:sticky;bottom:0;z-index:5;
 background:{PANEL};padding:6px 0}}
.st-key-actions{{flex-wrap:nowrap!important}} .st-key-copy_link{{flex:1 1 0!important;min-width:0!important}}
.st-key-meeting_enter button{{padding:4px 7px;min-height:32px}} .st-key-meeting_enter p{{font-size:13px;color:{INK2}}}
[data-testid=stMain] [data-testid=stVerticalBlock]{{gap:10px}}
[data-testid=stMarkdownContainer]:has(.q){{margin-bottom:0}}
.q{{color:{INK};font-size:14px;line-height:1.5}}
.q .smallmap svg{{display:block;width:100%;max-width:1000px;height:auto}}
.q h1{{font-size:25px;line-height:1.28;font-weight:700;margin:0;padding:0;letter-spacing:.005em}}
.q h2{{font-size:16px;line-height:1.35;font-weight:700;margin:0 0 2px;padding:0}}
.q .sub{{color:{INK2};font-size:14px;margin-top:4px}}
.q .note{{font-size:12px;color:{INK3}}}
.q .lead{{font-size:13px;color:{INK2}}}
.q table{{border-collapse:collapse;width:100%;margin:0}}
.q tr{{background:transparent!important;border:0}}
.q th{{font-weight:500;font-size:12px;color:{INK2};text-align:left;padding:0 8px 5px;border:0;
 border-bottom:1px solid {INK2};white-space:nowrap;vertical-align:bottom}}
.q td{{padding:0 8px;border:0;border-bottom:1px solid {HAIR};font-size:13px;vertical-align:middle}}
.q td:first-child,.q th:first-child{{padding-left:0}}
.q .r{{text-align:right}}
.q .nw{{white-space:nowrap}}
.q a{{color:{LINK};text-decoration:underline;text-decoration-color:#A9C4D4;text-underline-offset:2px}}
.q .ic{{vertical-align:-2px;margin-right:5px;flex:none;display:inline}}
.q .st{{font-weight:500;white-space:nowrap}}
.q .z{{color:{ZERO}}}
.q .card{{border:1px solid {LINE};border-radius:4px;padding:12px 16px}}
.q .grp td{{background:{PANEL};padding-left:8px!important;height:30px}}
.q .dense td{{height:27px}}
.q .fd{{display:flex;gap:12px;padding:7px 0;border-bottom:1px solid {HAIR}}}
.q .fd .k{{width:52px;flex:none;color:{INK2};font-size:13px;padding-top:2px}}
.q .fd .k em{{display:block;font-style:normal;font-size:12px;color:{INK3}}}
.q .big{{table-layout:fixed}} .q .big td{{height:59px}} .q .big td.n{{font-size:20px;font-weight:500}}
.q .big tr.t td{{height:66px;border-bottom:1px solid #BAC3C9}}
.q .big td.tot{{font-size:36px;font-weight:700;line-height:1;white-space:nowrap}}
.gap{{margin-top:14px}}
.q .warn{{border-left:2px solid {WARM};background:{WARM_FILL};padding:6px 12px;font-size:13px;color:{INK}}}
.q .two{{display:flex;gap:24px;margin-top:16px;font-size:13px;line-height:1.55}}
.q .two>div{{flex:1;border-left:2px solid {LINE};padding-left:10px}}
.q mark{{background:#F9EFC7;color:inherit;padding:0 1px}}
.q .wc{{display:inline-block;min-width:28px;padding:0 3px;border-radius:2px;text-align:center;font-size:12px;line-height:19px}}
{_CLASS_RULES}
.q .shares{{display:flex;gap:1px;height:24px;border-radius:2px;overflow:hidden;background:#fff}}
.q .shares span{{min-width:36px;text-align:center;font-size:12px;line-height:24px;white-space:nowrap;overflow:hidden}}
.foot{{font-size:12px;color:{INK3};line-height:1.6}}
</style>"""
