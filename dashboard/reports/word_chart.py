"""Bar charts of a Word file: drawn by Word itself, with the workbook of their figures inside, so that they can be edited there.

python-docx has no charts. What is written here is the chart part of the Office format (ECMA-376, DrawingML charts).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import xlsxwriter
from docx.document import Document as Sheet
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from dashboard.reports.word_layout import LATIN, NUMBERS, TEXT_WIDTH_MM, clean
from dashboard.theme import INK, INK2

CATEGORY_AXIS, VALUE_AXIS = 1, 2
POINTS = 9
LEGEND_MM = 11
BAR_MM = {True: 6.8, False: 10.5}
"""Height of a category whose bars are stacked, and of one whose bars stand below each other."""

SHEET_NAME = "Sheet1"


@dataclass(frozen=True)
class Series:
    """One colour of bars: `fill` None is hollow, `hollow` are the places of single hollow bars; `ink` colours the labels. Hatched bars
    can be told from full ones of another dark colour in grey print; their labels stand on white."""

    name: str
    values: Sequence[float]
    fill: str | None
    line: str
    ink: str
    hollow: tuple[int, ...] = ()
    is_hatched: bool = False


@dataclass(frozen=True)
class Bars:
    """A chart from zero, first category on top. `labels` is the number format of the labels, `most` the end of the axis, `words` say
    what it shows to those who cannot see it."""

    categories: Sequence[str]
    series: Sequence[Series]
    is_stacked: bool
    labels: str
    most: float
    words: str


def add_bars(sheet: Sheet, bars: Bars) -> None:
    """As wide as the text, as high as its bars need."""
    package = sheet.part.package
    number = 1 + sum(relation.reltype == RELATIONSHIP_TYPE.CHART for relation in sheet.part.rels.values())
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    book = Part(PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"), CONTENT_TYPE.SML_SHEET, _workbook(sheet, bars), package)
    chart._blob = _chart_xml(bars, chart.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)).encode()
    _place(sheet, bars, number, sheet.part.relate_to(chart, RELATIONSHIP_TYPE.CHART))


def _place(sheet: Sheet, bars: Bars, number: int, relation: str) -> None:
    width, height = Mm(TEXT_WIDTH_MM), Mm(LEGEND_MM + BAR_MM[bars.is_stacked] * len(bars.categories))
    paragraph = sheet.add_paragraph(style="Caption")  # an exact line height would cut the chart off
    paragraph.add_run()._r.append(parse_xml(
        f'<w:drawing {nsdecls("w", "wp", "a", "r")} xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{sheet.part.next_id}" name="Chart {number}" descr="{escape(clean(bars.words), {chr(34): "&quot;"})}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'))


def _workbook(sheet: Sheet, bars: Bars) -> bytes:
    """Categories in the first column, a series in each further one, as the chart refers to them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": sheet.core_properties.created})  # else the file differs every time
        page = book.add_worksheet(SHEET_NAME)
        page.set_column(0, 0, 36)
        for row, name in enumerate(bars.categories, start=1):
            page.write_string(row, 0, clean(name))
        for column, one in enumerate(bars.series, start=1):
            page.write_string(0, column, clean(one.name))
            page.write_column(1, column, one.values)
    return file.getvalue()


def _chart_xml(bars: Bars, book: str) -> str:
    grouping, gap, overlap = ("stacked", 45, 100) if bars.is_stacked else ("clustered", 40, -5)
    series = "".join(_series_xml(bars, place, one) for place, one in enumerate(bars.series))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{gap}"/><c:overlap val="{overlap}"/><c:axId val="{CATEGORY_AXIS}"/><c:axId val="{VALUE_AXIS}"/></c:barChart>'
        f'<c:catAx><c:axId val="{CATEGORY_AXIS}"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/><c:spPr>{_line(INK2)}</c:spPr>{_type(INK)}<c:crossAx val="{VALUE_AXIS}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="{VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{bars.most:g}"/><c:min val="0"/>'
        '</c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="none"/><c:crossAx val="{CATEGORY_AXIS}"/><c:crosses val="autoZero"/>'
        '<c:crossBetween val="between"/></c:valAx></c:plotArea>'
        f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{_type(INK)}</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/>'
        f'</c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_type(INK)}'
        f'<c:externalData r:id="{book}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>')


def _series_xml(bars: Bars, place: int, one: Series) -> str:
    column, last = chr(ord("B") + place), len(bars.categories) + 1
    points = "".join(f'<c:dPt><c:idx val="{at}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{_paint(None, one.line)}</c:dPt>'
                     for at in one.hollow)
    names = "".join(f'<c:pt idx="{at}"><c:v>{escape(clean(name))}</c:v></c:pt>' for at, name in enumerate(bars.categories))
    values = "".join(f'<c:pt idx="{at}"><c:v>{value:.15g}</c:v></c:pt>' for at, value in enumerate(one.values))
    count = f'<c:ptCount val="{len(bars.categories)}"/>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:strRef><c:f>{SHEET_NAME}!${column}$1</c:f>'
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(clean(one.name))}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'{_paint(one.fill, one.line, one.is_hatched)}<c:invertIfNegative val="0"/>{points}<c:dLbls>'
        f'<c:numFmt formatCode="{escape(bars.labels, {chr(34): "&quot;"})}" sourceLinked="0"/>'
        f'<c:spPr>{_full("#FFFFFF") if one.is_hatched else "<a:noFill/>"}</c:spPr>'
        f'{_type(one.ink, "none")}<c:dLblPos val="{"ctr" if bars.is_stacked else "outEnd"}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f'<c:cat><c:strRef><c:f>{SHEET_NAME}!$A$2:$A${last}</c:f><c:strCache>{count}{names}</c:strCache></c:strRef></c:cat>'
        f'<c:val><c:numRef><c:f>{SHEET_NAME}!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode>{count}'
        f'{values}</c:numCache></c:numRef></c:val></c:ser>')


def _paint(fill: str | None, line: str, is_hatched: bool = False) -> str:
    inside = "<a:noFill/>" if fill is None else _full(fill)
    if is_hatched and fill:
        inside = f'<a:pattFill prst="dkUpDiag"><a:fgClr>{_colour(fill)}</a:fgClr><a:bgClr>{_colour("#FFFFFF")}</a:bgClr></a:pattFill>'
    return f"<c:spPr>{inside}{_line(line)}</c:spPr>"


def _line(colour: str) -> str:
    return f'<a:ln w="12700">{_full(colour)}</a:ln>'


def _full(colour: str) -> str:
    return f"<a:solidFill>{_colour(colour)}</a:solidFill>"


def _colour(colour: str) -> str:
    return f'<a:srgbClr val="{colour[1:]}"/>'


def _type(ink: str, wrap: str = "square") -> str:
    return (f'<c:txPr><a:bodyPr wrap="{wrap}"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{POINTS * 100}" b="0">'
            f'{_full(ink)}<a:latin typeface="{LATIN}"/><a:ea typeface="{NUMBERS}"/>'
            f'<a:cs typeface="{LATIN}"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>')
