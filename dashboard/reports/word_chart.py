"""Charts in a Word file: drawn by Word itself, with the workbook of their figures inside, so that they can be edited there.

python-docx has no charts; the same chart part that a slide holds is put into the package.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from docx.document import Document as Sheet
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx import Presentation
from pptx.util import Mm

from dashboard.reports.native_charts import Bars, Letters, add_chart
from dashboard.reports.word_layout import LATIN, NUMBERS, TEXT_WIDTH_MM, clean

LETTERS = Letters(9, f'typeface="{LATIN}"', f'typeface="{NUMBERS}"')
LEGEND_MM = 11
BAR_MM = {True: 6.8, False: 10.5}
"""Height of a category whose bars are stacked, and of one whose bars stand below each other."""
BLANK = 6
"""Layout of the template that comes with python-pptx."""


def add_bars(sheet: Sheet, bars: Bars, words: str) -> None:
    """As wide as the text, as high as its bars need; `words` say what it shows to those who cannot see it."""
    package = sheet.part.package
    width, height = Mm(TEXT_WIDTH_MM), Mm(LEGEND_MM + BAR_MM[bars.is_stacked] * len(bars.categories))
    deck = Presentation()
    made = add_chart(deck.slides.add_slide(deck.slide_layouts[BLANK]), (Mm(0), Mm(0), width, height), bars, LETTERS).chart.part
    number = 1 + sum(relation.reltype == RELATIONSHIP_TYPE.CHART for relation in sheet.part.rels.values())
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, made.blob, package)
    book = Part(PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"), CONTENT_TYPE.SML_SHEET,
                made.chart_workbook.xlsx_part.blob, package)
    chart.load_rel(RELATIONSHIP_TYPE.PACKAGE, book, _workbook_id(made))  # under the id that the chart knows it by
    relation = sheet.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    paragraph = sheet.add_paragraph(style="Caption")  # an exact line height would cut the chart off
    paragraph.add_run()._r.append(parse_xml(
        f'<w:drawing {nsdecls("w", "wp", "a", "r")} xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{sheet.part.next_id}" name="Chart {number}" descr="{escape(clean(words), {chr(34): "&quot;"})}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'))


def _workbook_id(made) -> str:
    return made._element.xpath("c:externalData")[0].rId
