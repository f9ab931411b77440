"""How a meeting looks: everything measured in `--u`, a 1920th of the width or a 1080th of the height, whichever is less."""

from __future__ import annotations

from dashboard import theme

_UNIT = "--u:min(100vw / 1920, 100vh / 1080)"

_CLASSES = "".join(f".meet .c{n}{{background:{colour};color:{theme.CLASS_INK[name]}}}"
                   for n, (name, colour) in enumerate(theme.CLASS_COLOUR.items(), start=1))


def _u(pixels: float) -> str:
    """Pixels at 1920 × 1080."""
    return f"calc({pixels:g} * var(--u))"


PAGE = f"""<style>
[data-testid=stSidebar],[data-testid=stHeader],[data-testid=stToolbar],[data-testid=stExpandSidebarButton]{{display:none!important}}
[data-testid=stMain]{{overflow:hidden}}
[data-testid=stMainBlockContainer]{{padding:0!important;overflow:hidden;max-height:100vh}}
[data-testid=stElementContainer]{{opacity:1!important}}
.st-key-meeting_setup{{{_UNIT};position:fixed;z-index:20;width:auto;right:{_u(400)};top:{_u(39)}}}
[data-meeting-begun] .st-key-meeting_setup{{display:none}}
.st-key-meeting_setup button{{border:0;background:transparent;min-height:0;padding:0 {_u(12)}}}
.st-key-meeting_setup button p{{font-size:{_u(28)};line-height:1.5;color:{theme.INK2}}}
.st-key-meeting_setup button [data-testid=stIconMaterial]{{display:none}}
[data-meeting-still] *{{cursor:none!important}}
[data-testid=stPopoverBody]{{width:520px;max-width:90vw}}
</style>"""

SCREEN = f"""
.meet{{{_UNIT};position:fixed;inset:0;z-index:10;background:#fff;color:{theme.INK};display:flex;flex-direction:column;overflow:hidden;
 padding:{_u(40)} {_u(80)} {_u(26)};box-sizing:border-box;font-family:var(--st-font);font-variant-numeric:tabular-nums;line-height:1.36}}
.meet *{{box-sizing:border-box}}
.meet header,.meet footer{{display:flex;justify-content:space-between;align-items:center;flex:none;font-size:{_u(28)};color:{theme.INK2};
 gap:{_u(40)};line-height:1.4}}
.meet header b{{color:{theme.BLUE};letter-spacing:.08em;margin-right:{_u(28)}}}
.meet h1{{font-size:{_u(62)};line-height:1.22;font-weight:700;margin:{_u(10)} 0 {_u(14)};flex:none;
 white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}
.meet.blank::after{{content:"";position:absolute;inset:0;background:#000}}
:host-context([data-meeting-still]) .meet *{{cursor:none}}
.meet .body{{flex:1;min-height:0;overflow:hidden;display:flex;flex-direction:column}}
.meet footer{{font-size:{_u(26)};padding-top:{_u(12)}}}
.meet .source{{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;min-width:0}}
.meet nav{{display:flex;flex:none;gap:{_u(10)};margin-right:{_u(-14)}}}
.meet button{{font:inherit;color:{theme.INK2};background:transparent;border:0;border-radius:4px;
 padding:{_u(2)} {_u(14)};cursor:pointer;white-space:nowrap}}
.meet button:hover{{color:{theme.BLUE}}}
.meet button:focus-visible,.meet a:focus-visible{{color:{theme.BLUE};outline:{_u(2)} solid {theme.BLUE}}}
.meet button[aria-disabled=true]{{color:{theme.ZERO};cursor:default}}
.meet button[hidden]{{display:none}}
.meet a{{color:inherit;text-decoration:none}}
.meet a:hover{{color:{theme.BLUE};text-decoration:underline}}
.meet p,.meet h2{{margin:0}}
.meet .sub{{font-size:{_u(32)};color:{theme.INK2};margin-bottom:{_u(20)};white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}
.meet .more{{font-size:{_u(32)};color:{theme.INK3};padding-top:{_u(14)}}}
.meet .note{{font-size:{_u(26)};color:{theme.INK3}}}
.meet .plain{{font-size:{_u(40)};color:{theme.INK2};line-height:1.5}}
.meet .z{{color:{theme.ZERO}}}
.meet svg{{display:block;flex:none;font-family:inherit}}
.meet .ic{{display:inline-block;width:.82em;height:.82em;vertical-align:-.06em;margin-right:.3em}}
.meet .st{{font-weight:500;white-space:nowrap}}
.meet .bars{{width:calc(var(--w) * var(--u));height:calc(var(--h) * var(--u))}}
.meet .decisions{{display:flex;gap:{_u(56)};border-top:{_u(2)} solid {theme.INK};padding-top:{_u(20)};margin-top:{_u(24)}}}
.meet .decisions>div{{flex:1;min-width:0;font-size:{_u(32)};line-height:1.42;color:{theme.INK2}}}
.meet .decisions b{{display:block;font-size:{_u(40)};line-height:1.3;color:{theme.INK};margin-bottom:{_u(4)}}}
.meet .decisions i{{font-style:normal;color:{theme.BLUE};margin-right:{_u(14)}}}
.meet .two{{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}}
.meet .cut{{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}
.meet .list>div{{display:flex;flex-wrap:wrap;gap:0 {_u(28)};align-items:center;border-bottom:1px solid {theme.HAIR};padding:{_u(10)} 0}}
.meet .list>div>div:first-child{{flex:1;min-width:0}}
.meet .list b{{font-weight:700}}
.meet .list .what{{font-size:{_u(40)};line-height:1.3}}
.meet .list .how{{font-size:{_u(32)};color:{theme.INK2};line-height:1.36}}
.meet .list .gap{{font-size:{_u(46)};font-weight:700;white-space:nowrap;flex:none}}
.meet .list .gap .how{{font-weight:400;text-align:right}}
.meet .said{{flex:0 0 100%;min-width:0;display:flex;gap:{_u(24)};font-size:{_u(32)};line-height:1.36;color:{theme.INK2};white-space:nowrap}}
.meet .said .who{{flex:none;max-width:40%;overflow:hidden;text-overflow:ellipsis}} .meet .said b{{flex:none}}
.meet .said .cut{{flex:0 1 auto;min-width:0;color:{theme.INK}}}
.meet .columns{{display:flex;gap:{_u(64)};min-height:0}}
.meet .columns>section{{flex:1;min-width:0}}
.meet .columns.first>section:first-child{{flex:1.6}}
.meet .columns h2{{font-size:{_u(40)};line-height:1.3;font-weight:700;border-bottom:{_u(2)} solid {theme.INK};padding-bottom:{_u(8)}}}
.meet .columns .list .what{{font-size:{_u(32)}}}
.meet .columns .list .how{{font-size:{_u(26)}}}
.meet .columns .said{{font-size:{_u(26)}}}
.meet .columns .list .gap{{font-size:{_u(32)}}}
.meet .columns .more{{font-size:{_u(26)}}}
.meet .counts{{display:flex;gap:{_u(24)};margin-bottom:{_u(28)};flex:none}}
.meet .counts>div{{flex:1;color:{theme.INK2};font-size:{_u(32)};white-space:nowrap}}
.meet .counts b{{display:block;font-size:{_u(62)};line-height:1.15}}
.meet .waters{{display:grid;grid-template-columns:max-content 1fr max-content max-content;gap:{_u(16)} {_u(28)};align-items:center}}
.meet .waters>b{{font-size:{_u(46)};line-height:1.2;white-space:nowrap}}
.meet .waters>span{{font-size:{_u(32)};color:{theme.INK2};white-space:nowrap}}
.meet .shares{{display:flex;gap:{_u(2)};height:{_u(62)};border-radius:4px;overflow:hidden}}
.meet .shares span{{font-size:{_u(32)};line-height:{_u(62)};min-width:{_u(100)};text-align:center;white-space:nowrap;overflow:hidden}}
.meet .wc{{display:inline-block;padding:0 .35em;border-radius:2px}}
.meet .below{{border-top:{_u(2)} solid {theme.INK};margin-top:{_u(26)};padding-top:{_u(16)};font-size:{_u(32)};color:{theme.INK2}}}
.meet .below b{{font-size:{_u(40)};color:{theme.INK}}}
.meet .maps{{display:flex;gap:{_u(24)};flex:none}}
.meet .maps .rest{{display:grid;gap:{_u(24)}}}
.meet .panel .cut{{font-size:{_u(26)};color:{theme.INK2};line-height:{_u(44)}}} .meet .panel b{{font-size:{_u(32)};color:{theme.INK};
 margin-right:{_u(14)}}}
.meet .panel svg{{overflow:visible;width:calc(var(--w) * var(--u));height:calc(var(--h) * var(--u))}}
.meet .key{{display:flex;gap:{_u(26)};font-size:{_u(26)};color:{theme.INK2};margin-bottom:{_u(8)};white-space:nowrap}}
.meet .key i{{display:inline-block;width:{_u(22)};height:{_u(22)};border-radius:50%;border:{_u(2)} solid {theme.INK};margin-right:{_u(8)};
 vertical-align:{_u(-3)}}}
{_CLASSES}
"""
