"""The sheet of an official paper (公文) and its parts: page, type, headings, tables, page numbers. Text in, Word parts out.

Fonts are those the format asks for; where a computer lacks one, Word takes the next name of FONTS (`w:altName`). Everything that
comes from data goes in as plain text: never as a field, a link or markup.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Sheet
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from lxml import etree

from dashboard.map_labels import text_width

TITLE, BODY, LEVEL_1, LEVEL_2, NUMBERS = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
FONTS = {TITLE: "方正小标宋_GBK,华文中宋,宋体", BODY: "仿宋,FangSong,华文仿宋", LEVEL_1: "SimHei,Noto Sans CJK SC",
         LEVEL_2: "楷体,KaiTi,华文楷体", NUMBERS: "SimSun,Noto Serif CJK SC"}
LATIN = "Times New Roman"

TEXT_WIDTH_MM = 210 - 28 - 26
ANNEX_EDGE_MM = 20
ANNEX_WIDTH_MM = 297 - 2 * ANNEX_EDGE_MM
TITLE_PT = 22
TITLE_SPACE = '<w:spacing w:before="560" w:after="280" w:line="600" w:lineRule="exact"/>'
TWIPS_PER_MM, POINTS_PER_MM = 1440 / 25.4, 72 / 25.4
LINE = '<w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/>'
"""28 pt, the line of an official paper: 22 lines on a page."""
SINGLE = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
CELL = '<w:spacing w:before="14" w:after="14" w:line="240" w:lineRule="auto"/>'
SMALL_CELL = '<w:spacing w:before="10" w:after="10" w:line="190" w:lineRule="exact"/>'
TWO_LETTERS = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
CENTRED, RIGHT = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
GROUND = '<w:shd w:val="clear" w:color="auto" w:fill="EBEEF0"/>'
WHOLE_ROWS = 8
"""Tables up to this long stay on one page; of longer ones no row stands alone on a page at either end."""

STYLES = {  # name: (font, size in half points, bold, paragraph)
    "Normal": (BODY, 32, False, LINE),
    "Title": (TITLE, 2 * TITLE_PT, False, "<w:keepNext/>" + TITLE_SPACE + CENTRED),
    "Subtitle": (LEVEL_2, 32, False, LINE + CENTRED),
    "Body Text": (BODY, 32, False, LINE + TWO_LETTERS + '<w:jc w:val="both"/>'),
    "Heading 1": (LEVEL_1, 32, False, "<w:keepNext/>" + LINE + TWO_LETTERS + '<w:outlineLvl w:val="0"/>'),
    "Heading 2": (LEVEL_2, 32, False, "<w:keepNext/>" + LINE + TWO_LETTERS + '<w:outlineLvl w:val="1"/>'),
    "Heading 3": (BODY, 32, True, "<w:keepNext/>" + LINE + TWO_LETTERS + '<w:outlineLvl w:val="2"/>'),
    "Caption": (BODY, 21, False, '<w:keepNext/><w:spacing w:before="60" w:after="80" w:line="240" w:lineRule="auto"/>'),
    "List": (BODY, 20, False, CELL),
    "List 2": (LEVEL_1, 20, False, "<w:keepNext/>" + CELL),
    "List 3": (BODY, 15, False, SMALL_CELL),
    "List Continue": (LEVEL_1, 15, False, "<w:keepNext/>" + SMALL_CELL),
    "Footer": (NUMBERS, 28, False, SINGLE),
    "No Spacing": (BODY, 18, False, SINGLE),
}
"""Those of the template, so that outline and navigation know them. List and List 2 are the cells of tables and their heads, List 3 and
List Continue those of the annexes, No Spacing the small print of the footer."""

_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: object) -> str:
    """What may stand in a Word file: control characters, which it cannot hold, are left out."""
    return _UNPRINTABLE.sub("", str(text))


def new_sheet(title: str, made_at: datetime) -> Sheet:
    """An empty A4 sheet with the margins, type and styles of an official paper; `made_at` (aware) is what its properties say."""
    sheet = Document()
    section = sheet.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(19)
    _set_default_type(sheet)
    for name, (font, half_points, bold, paragraph) in STYLES.items():
        _set_style(sheet.styles[name].element, font, half_points, bold, paragraph)
    _declare_fonts(sheet)
    sheet.settings.element.find(qn("w:zoom")).set(qn("w:percent"), "100")
    about = sheet.core_properties
    about.title, about.author, about.last_modified_by, about.comments, about.language = clean(title), "清流", "清流", "", "zh-CN"
    about.created = about.modified = made_at
    for key, relation in list(sheet.part.package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # the template's own, of an empty page
            del sheet.part.package.rels[key]
    return sheet


def fits_title_line(text: str) -> bool:
    """With room for a letter more, because a computer without Times New Roman takes wider digits."""
    return text_width(text, TITLE_PT) + TITLE_PT <= TEXT_WIDTH_MM * POINTS_PER_MM


def saved(sheet: Sheet) -> bytes:
    file = io.BytesIO()
    sheet.save(file)
    return file.getvalue()


def write(sheet: Sheet, style: str, text: str) -> Paragraph:
    return sheet.add_paragraph(clean(text), style=style)


@dataclass(frozen=True)
class Table:
    """A ruled table whose head repeats on every page; `widths` are shares of the text width, `right` the columns of numbers.

    A row of one cell is a heading over the rows below it. An empty cell shows —. The caption stands above.
    """

    heads: list[str]
    rows: list[list[str]]
    widths: list[float]
    right: tuple[int, ...] = ()
    caption: str = ""


def add_table(sheet: Sheet, table: Table, is_annex: bool = False) -> None:
    """In the type of the text, or of the annexes."""
    if table.caption:
        write(sheet, "Caption", table.caption)
    width_mm, cell, head = (ANNEX_WIDTH_MM, "List3", "ListContinue") if is_annex else (TEXT_WIDTH_MM, "List", "List2")
    twips = [round(width_mm * TWIPS_PER_MM * width / sum(table.widths)) for width in table.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    rule = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="{}"/>'
    borders = rule.format("top", 8, "1B2730") + rule.format("bottom", 8, "1B2730") + rule.format("insideH", 4, "B9C1C6")
    margins = '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
    lines = [_row(table.heads, twips, table.right, head, "<w:cantSplit/><w:tblHeader/>")]
    last = len(table.rows)
    for number, row in enumerate(table.rows, start=1):
        if len(row) == 1:
            lines.append(_row(row, [sum(twips)], (), head, "<w:cantSplit/>", span=len(twips)))
        else:
            stays = number < last and (last <= WHOLE_ROWS or number in (1, last - 1))
            lines.append(_row(row, twips, table.right, cell, "<w:cantSplit/>", stays=stays))
    sheet.element.body.sectPr.addprevious(parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f'{"".join(lines)}</w:tbl>'))


def lay_sideways(sheet: Sheet) -> None:
    """What follows stands on pages of its own, wider than high, for the long tables of the annexes."""
    section = sheet.add_section(WD_SECTION.NEW_PAGE)
    sheet.paragraphs[-1].style = sheet.styles["No Spacing"]  # holds the section break; a full line could take a page of its own
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(ANNEX_EDGE_MM)
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(16), Mm(24), Mm(9)


def page_numbers(sheet: Sheet, lines: list[str]) -> None:
    """— 1 — at the outer edge of every page, below it `lines` in small type."""
    sheet.settings.odd_and_even_pages_header_footer = True
    section = sheet.sections[0]
    for footer, edge in ((section.footer, "right"), (section.even_page_footer, "left")):
        number = footer.paragraphs[0]
        number.style = sheet.styles["Footer"]
        number._p.get_or_add_pPr().append(parse_xml(f'<w:ind {nsdecls("w")} w:{edge}Chars="100" w:{edge}="280"/>'))
        number._p.get_or_add_pPr().append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{edge}"/>'))
        number.add_run("— ")
        number._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
        number.add_run(" —")
        for line in lines:
            footer.add_paragraph(clean(line), style="No Spacing")


def _row(cells: list[str], twips: list[int], right: tuple[int, ...], style: str, kind: str, span: int = 1, stays: bool = False) -> str:
    """A row that `stays` is on the same page as the next one."""
    across, ground = (f'<w:gridSpan w:val="{span}"/>', GROUND) if span > 1 else ("", "")
    keep = "<w:keepNext/>" if stays else ""
    drawn = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{ground}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{RIGHT if at in right else ""}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(clean(cell)) or "—"}</w:t></w:r></w:p></w:tc>'
        for at, (cell, width) in enumerate(zip(cells, twips, strict=True)))
    return f"<w:tr><w:trPr>{kind}</w:trPr>{drawn}</w:tr>"


def _fonts(font: str) -> str:
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:cs="{LATIN}" w:hint="eastAsia"/>'


def _set_default_type(sheet: Sheet) -> None:
    """The template's own is a theme font in English."""
    default = sheet.styles.element.find(qn("w:docDefaults"))
    default.find(qn("w:rPrDefault")).replace(default.find(f'{qn("w:rPrDefault")}/{qn("w:rPr")}'), parse_xml(
        f'<w:rPr {nsdecls("w")}>{_fonts(BODY)}<w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'))
    default.find(qn("w:pPrDefault")).clear()


def _set_style(style, font: str, half_points: int, bold: bool, paragraph: str) -> None:
    for part in (qn("w:pPr"), qn("w:rPr")):
        for old in style.findall(part):
            style.remove(old)
    weight = "<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    style.append(parse_xml(f'<w:pPr {nsdecls("w")}>{paragraph}</w:pPr>'))
    style.append(parse_xml(f'<w:rPr {nsdecls("w")}>{_fonts(font)}{weight}<w:i w:val="0"/><w:color w:val="000000"/>'
                           f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'))


def _declare_fonts(sheet: Sheet) -> None:
    """What to take where a font is missing."""
    part = sheet.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    known = parse_xml(part.blob)
    for name, others in FONTS.items():
        known.append(parse_xml(f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
                               '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'))
    part._blob = etree.tostring(known, xml_declaration=True, encoding="UTF-8", standalone=True)
