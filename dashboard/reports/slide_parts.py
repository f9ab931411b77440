"""What slides are made of: title, text, native tables and charts, pictures, footer and notes."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import Any
from urllib.parse import unquote

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from dashboard import theme
from dashboard.reports.native_charts import Bars, Letters, add_chart, set_type
from dashboard.reports.slide_room import (
    BODY_PT,
    CELL_SIDE,
    EDGE,
    HEIGHT,
    LEAD_PT,
    LINE,
    NUMBER_PT,
    PARAGRAPH_GAP,
    POINTS,
    SMALL_PT,
    TITLE_PT,
    WIDTH,
    Box,
    Column,
    fitted,
    fitting,
    planned,
    type_size,
    wide,
)

TITLE_ONLY = 5
"""Layout of the template that comes with python-pptx."""

FACE = 'typeface="微软雅黑" panose="020B0503020204020204" pitchFamily="34" charset="-122"'
"""The panose number lets a computer without this face take another without serifs."""
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's table style without fills and rules; the rules are drawn here."""


class Deck:
    """A presentation of 16:9 whose slides all carry the same footer with a link."""

    def __init__(self, footer: str, link: str) -> None:
        self.footer, self.link = footer, link
        self.file = Presentation()
        _widen(self.file)
        _set_theme_faces(self.file)

    def slide(self, title: str, lead: str, notes: list[str]) -> Slide:
        """A slide with its finding, one line of date, scope and caveat, the footer, and the sources as notes."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[TITLE_ONLY])
        heading: Any = slide.shapes.title
        heading.left, heading.top, heading.width, heading.height = map(Inches, (EDGE, 0.4, WIDTH - 2 * EDGE, 0.75))
        heading.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _fill_frame(heading.text_frame, [title], TITLE_PT, theme.INK, bold=True)
        if lead:
            box = Box(EDGE, 1.15, WIDTH - 2 * EDGE, 0.45)
            add_text(slide, box, [lead], type_size([lead], box, BODY_PT), theme.INK2)
        self._add_footer(slide)
        slide.notes_slide.notes_text_frame.text = "\n".join(notes)
        return slide

    def save(self) -> bytes:
        buffer = io.BytesIO()
        self.file.save(buffer)
        return buffer.getvalue()

    def _add_footer(self, slide: Slide) -> None:
        box = Box(EDGE, 6.92, WIDTH - 2 * EDGE - 0.9, 0.36)
        frame = add_text(slide, box, [self.footer], SMALL_PT, theme.INK3)
        room = box.width - 2 * CELL_SIDE - wide(self.footer, SMALL_PT) / POINTS
        run = frame.paragraphs[0].add_run()
        run.text = fitted(unquote(self.link), SMALL_PT, room, 1)
        run.hyperlink.address = self.link
        _set_type(run.font, SMALL_PT, theme.LINK)
        number = add_text(slide, Box(WIDTH - EDGE - 0.8, 6.92, 0.8, 0.36), [""], SMALL_PT, theme.INK3)
        number.paragraphs[0].alignment = PP_ALIGN.RIGHT
        number.paragraphs[0]._p.append(parse_xml(
            f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr lang="zh-CN" sz="{SMALL_PT}00">'
            f'<a:solidFill><a:srgbClr val="{theme.INK3[1:]}"/></a:solidFill><a:latin {FACE}/><a:ea {FACE}/></a:rPr>'
            f'<a:t>{len(self.file.slides)}</a:t></a:fld>'))


def add_text(slide: Slide, box: Box, paragraphs: list[str], size_pt: float, colour: str = theme.INK, bold: bool = False) -> Any:
    """Text from the top of a box, as much of it as there is room for; its text frame."""
    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(CELL_SIDE)
    frame.margin_top = frame.margin_bottom = 0
    _fill_frame(frame, fitting(paragraphs, size_pt, box), size_pt, colour, bold)
    return frame


def add_numbers(slide: Slide, box: Box, numbers: list[tuple[str, int, str]]) -> None:
    """Large figures in a row, each (words, figure, colour) with its words below."""
    width = box.width / len(numbers)
    for at, (words, figure, colour) in enumerate(numbers):
        place = Box(box.left + at * width, box.top, width, NUMBER_PT * LINE / POINTS)
        add_text(slide, place, [str(figure)], NUMBER_PT, colour, bold=True)
        add_text(slide, Box(place.left, place.top + place.height, width, box.height - place.height), [words], LEAD_PT, theme.INK2)


def add_key(slide: Slide, box: Box, marks: list[tuple[str, str, str]]) -> None:
    """What shapes and colours mean, each mark as (shape, colour, words)."""
    frame = add_text(slide, box, [""], SMALL_PT)
    for shape, colour, words in marks:
        for text, ink in ((f"{shape} ", colour), (f"{words}　", theme.INK)):
            run = frame.paragraphs[0].add_run()
            run.text = text
            _set_type(run.font, SMALL_PT, ink)


def add_table(slide: Slide, box: Box, columns: list[Column], rows: list[list[str]], largest_pt: float = LEAD_PT,
              inks: dict[str, str] | None = None) -> Box:
    """A native table as `planned`; its own box. `inks` colours words."""
    plan = planned(box, columns, rows, largest_pt)
    own = Box(box.left, box.top, sum(plan.widths), sum(plan.heights))
    shape: Any = slide.shapes.add_table(len(plan.rows) + 1, len(columns), *map(Inches, own))
    table = shape.table
    table.horz_banding = False
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE
    for place, width in enumerate(plan.widths):
        table.columns[place].width = Inches(width)
    for at, texts in enumerate([[column.head for column in columns], *plan.rows]):
        table.rows[at].height = Inches(plan.heights[at])
        for place, (column, text) in enumerate(zip(columns, texts)):
            ink = (inks or {}).get(text, theme.INK) if at else theme.INK2
            _fill_cell(table.cell(at, place), text, plan.size_pt, ink, column.is_figure, theme.HAIR if at else theme.INK2)
    return own


def add_bars(slide: Slide, box: Box, bars: Bars) -> None:
    """A native chart."""
    left, top, width, height = map(Inches, box)
    _describe(add_chart(slide, (left, top, width, height), bars, Letters(SMALL_PT, FACE, FACE)), slide)


def add_picture(slide: Slide, box: Box, png: bytes) -> None:
    """A picture of the proportions of the box."""
    _describe(slide.shapes.add_picture(io.BytesIO(png), *map(Inches, box)), slide)


def _describe(shape: Any, slide: Slide) -> None:
    """What is read out in its place: the finding of the slide."""
    shape._element._nvXxPr.cNvPr.set("descr", slide.shapes.title.text)


def _fill_frame(frame: Any, paragraphs: list[str], size_pt: float, colour: str, bold: bool = False,
                gap: float = PARAGRAPH_GAP) -> None:
    for at, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        if at:
            paragraph.space_before = Pt(gap * size_pt)
        if words:
            run = paragraph.add_run()
            run.text = words
            _set_type(run.font, size_pt, colour, bold)


def _fill_cell(cell: Any, text: str, size_pt: float, ink: str, is_figure: bool, rule: str) -> None:
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(CELL_SIDE)
    cell.margin_top = cell.margin_bottom = Pt(2)
    _fill_frame(cell.text_frame, text.split("\n"), size_pt, ink, bold=ink not in (theme.INK, theme.INK2), gap=0)
    for paragraph in cell.text_frame.paragraphs if is_figure else ():
        paragraph.alignment = PP_ALIGN.RIGHT
    cell._tc.get_or_add_tcPr().append(parse_xml(
        f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{rule[1:]}"/></a:solidFill></a:lnB>'))


def _set_type(font: Any, size_pt: float, colour: str, bold: bool = False) -> None:
    set_type(font, Letters(size_pt, FACE, FACE), colour, bold)


def _widen(file: Any) -> None:
    """The template is 4:3; its placeholders are moved to 16:9, so that slides added by hand look right too."""
    factor = Inches(WIDTH) / file.slide_width
    file.slide_width, file.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for page in (file.slide_master, *file.slide_layouts):
        for shape in page.placeholders:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = Emu(round(shape.left * factor)), Emu(round(shape.width * factor))


def _set_theme_faces(file: Any) -> None:
    """Text typed later takes the same face."""
    part = next(relation.target_part for relation in file.slide_master.part.rels.values() if relation.reltype.endswith("/theme"))
    tree = parse_xml(part.blob)
    wanted = parse_xml(f"<a:x {nsdecls('a')}><a:latin {FACE}/><a:ea {FACE}/></a:x>")
    for fonts in tree.iter(qn("a:majorFont"), qn("a:minorFont")):
        for tag, face in zip(("a:latin", "a:ea"), wanted):
            fonts.replace(fonts.find(qn(tag)), deepcopy(face))
        for script in fonts.findall(qn("a:font")):
            if script.get("script") == "Hans":
                script.set("typeface", "微软雅黑")
    part._blob = serialize_part_xml(tree)
