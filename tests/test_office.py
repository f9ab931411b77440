"""The files of reports opened by a real office program: LibreOffice makes a PDF of each, and the PDF is looked at.

What was changed in a chart of a saved file must be there when it is opened again.
"""

from __future__ import annotations

import ctypes
import io
import itertools
import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree
from pptx import Presentation

from dashboard.queries import STATUS_ORDER
from dashboard.reports.content import KINDS, Report, file_name, gather
from dashboard.reports.formats import FORMATS
from dashboard.reports.periods import usual_period
from dashboard.text import status_label

pytestmark = pytest.mark.xdist_group("office")  # one office program at a time

AS_OF = date(2026, 11, 22)
REGIONS = ("331100", "330324", "331102", "500000", "421300")
ASKED = [("dispatch", ()), *zip(itertools.cycle(KINDS), [(region_id,) for region_id in REGIONS])]
"""All regions together, and each alone."""
CHINESE = re.compile("[㐀-鿿]")
CHINESE_FONT = re.compile("CJK|WenQuanYi|SimSun|SimHei|FangSong|KaiTi|YaHei|Source ?Han", re.IGNORECASE)
SECONDS = 300
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def office() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("没有找到 LibreOffice；CI 上不许跳过")
        pytest.skip("没有找到 LibreOffice")
    return found


@pytest.fixture(scope="module")
def reports(connection, nothing_kept) -> dict[tuple, Report]:
    return {(kind, regions): gather(connection.cursor(), kind, usual_period(kind, AS_OF), list(regions), AS_OF)
            for kind, regions in ASKED}


@pytest.fixture(scope="module")
def files(reports, database, tmp_path_factory) -> dict[tuple, Path]:
    """Every report in every format, under the name it is offered by."""
    folder, found = tmp_path_factory.mktemp("reports"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.versions.BUILD", database.parent)  # the map of the slides is drawn from the database
        for key, form in FORMATS.items():
            for asked, report in reports.items():
                found[key, *asked] = folder / key / file_name(report, form.suffix)
                found[key, *asked].parent.mkdir(exist_ok=True)
                found[key, *asked].write_bytes(form.make(report))
    return found


@pytest.fixture(scope="module")
def opened(office, files, tmp_path_factory) -> dict[tuple, pypdfium2.PdfDocument]:
    """The PDF of each, made by one start of the program for each format."""
    folder, found = tmp_path_factory.mktemp("opened"), {}
    for key in FORMATS:
        mine = {name: file for name, file in files.items() if name[0] == key}
        to_pdf(office, list(mine.values()), folder / key)
        found |= {name: pypdfium2.PdfDocument(folder / key / f"{file.stem}.pdf") for name, file in mine.items()}
    return found


def to_pdf(office: str, files: list[Path], folder: Path) -> None:
    home = folder.parent / "office home"
    subprocess.run([office, f"-env:UserInstallation={home.as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(folder),
                    *map(str, files)], check=True, capture_output=True, timeout=SECONDS)


def words(page: pypdfium2.PdfPage) -> str:
    """Without any space: where lines break is the program's business."""
    return re.sub(r"\s", "", page.get_textpage().get_text_range())


def test_every_file_is_named_by_region_kind_and_day(files):
    names = [file.name for file in files.values()]
    assert len(set(names)) == len(names) == len(ASKED) * len(FORMATS)
    assert "清流-半年通报-随州市-2026-11-22.docx" in names and "清流-季调度-5个区域-2026-11-22.pptx" in names


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("key", FORMATS)
def test_every_file_opens_and_no_page_is_empty(opened, key, asked):
    pdf = opened[key, *asked]
    assert len(pdf) >= 2
    for page in pdf:
        assert len(words(page)) > 20
        shades = page.render(scale=0.2, grayscale=True).to_pil().histogram()
        assert sum(shades[:200]) > 0.0002 * sum(shades)


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("key", FORMATS)
def test_chinese_letters_are_drawn_with_a_chinese_font(opened, key, asked):
    """A letter that a font lacks would be a box."""
    seen = set()
    for page in opened[key, *asked]:
        text = page.get_textpage()
        for at in range(text.count_chars()):
            if CHINESE.match(chr(pdfium.FPDFText_GetUnicode(text.raw, at))):
                seen.add(font_of(text, at))
    assert seen and all(CHINESE_FONT.search(font) for font in seen)


def font_of(text: pypdfium2.PdfTextPage, at: int) -> str:
    name = ctypes.create_string_buffer(200)
    pdfium.FPDFText_GetFontInfo(text.raw, at, name, len(name), None)
    return name.value.decode()


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_the_paper_says_title_counts_and_link(opened, reports, asked):
    report, pages = reports[asked], [words(page) for page in opened["word", *asked]]
    assert report.title in pages[0]
    whole = "".join(pages)
    for said in report.summary:
        assert re.sub(r"\s", "", said) in whole
    assert all(f"数据截至{report.as_of}" in page and report.version in page for page in pages)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_slide_is_a_page_with_its_finding(opened, files, asked):
    slides, pdf = Presentation(files["slides", *asked]).slides, opened["slides", *asked]
    assert len(slides) == len(pdf)
    for slide, page in zip(slides, pdf):
        assert re.sub(r"\s", "", slide.shapes.title.text) in words(page)
        pictures = sum(shape.shape_type == 13 for shape in slide.shapes)
        assert sum(1 for _ in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE])) >= pictures


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_counts_in_all_three_are_those_of_the_database(connection, files, reports, asked):
    names = [part.name for part in reports[asked].regions]
    expected = {name: [0] * len(STATUS_ORDER) for name in names}
    for name, status, n in connection.execute("""
            SELECT r.name, a.status, count(*) FROM attainment(DATE '2026-11-22') a JOIN regions r USING (region_id)
            WHERE a.duplicate_of IS NULL AND list_contains(CAST($names AS VARCHAR[]), r.name) GROUP BY ALL""", {"names": names}).fetchall():
        expected[name][STATUS_ORDER.index(status)] = n
    found = {"word": in_paper(files["word", *asked]), "slides": in_slides(files["slides", *asked]),
             "workbook": in_workbook(files["workbook", *asked])}
    assert found == {key: expected for key in FORMATS}


def by_region(rows: list[list[str]]) -> dict[str, list[int]]:
    """The table headed by 区域 and statuses, in the order of the statuses; a status without a column has none."""
    at = {head: place for place, head in enumerate(rows[0])}
    labels = [status_label(status) for status in STATUS_ORDER]
    return {row[0]: [int(float(row[at[label]])) if label in at else 0 for label in labels]
            for row in rows[1:] if row[0] not in ("合计", "合计（不含已废止）") and row[0]}


def is_counts(heads: list[str]) -> bool:
    return heads[:1] == ["区域"] and {"达标", "到期未报"} <= set(heads)


def in_paper(file: Path) -> dict[str, list[int]]:
    tables = ([[cell.text for cell in row.cells] for row in table.rows] for table in Document(file).tables)
    return by_region(next(rows for rows in tables if is_counts(rows[0])))


def in_slides(file: Path) -> dict[str, list[int]]:
    """From the table; of one region from the large figures of the opening slide."""
    slides = Presentation(file).slides
    tables = ([[cell.text for cell in row.cells] for row in shape.table.rows] for slide in slides for shape in slide.shapes
              if shape.has_table)
    counts = next((rows for rows in tables if is_counts(rows[0])), None)
    if counts is not None:
        return by_region(counts)
    said = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
    numbers = {words: int(figure) for figure, words in itertools.pairwise(said) if figure.isdigit()}
    return {said[0].split("20")[0]: [numbers.get(status_label(status), 0) for status in STATUS_ORDER]}


def in_workbook(file: Path) -> dict[str, list[int]]:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    rows = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    start = next(at for at, row in enumerate(rows) if is_counts(row))
    return by_region(rows[start:])


def test_charts_of_saved_files_can_be_edited(office, files, tmp_path):
    """As an office program does it: another number in the sheet behind the chart and in what is drawn."""
    deck = Presentation(files["slides", "dispatch", ()])
    slide_chart = next(shape.chart.part for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    slide_chart._element = edited(slide_chart, slide_chart._element)
    deck.save(tmp_path / "deck.pptx")
    paper = Document(files["word", "dispatch", ()])
    paper_chart = next(relation.target_part for relation in paper.part.rels.values() if relation.reltype == RELATIONSHIP_TYPE.CHART)
    paper_chart._blob = etree.tostring(edited(paper_chart, etree.fromstring(paper_chart.blob)))
    paper.save(tmp_path / "paper.docx")
    to_pdf(office, [tmp_path / "deck.pptx", tmp_path / "paper.docx"], tmp_path / "pdf")
    for name in ("deck", "paper"):
        assert any("7777" in words(page) for page in pypdfium2.PdfDocument(tmp_path / "pdf" / f"{name}.pdf"))


def edited(chart, root):
    """The element of the chart with its first number changed, as it is in its workbook from then on."""
    book = next(relation.target_part for relation in chart.rels.values() if relation.reltype == RELATIONSHIP_TYPE.PACKAGE)
    sheet = openpyxl.load_workbook(io.BytesIO(book.blob))
    first = root.find(f".//{CHART}ser/{CHART}val//{CHART}pt[@idx='0']/{CHART}v")
    assert sheet.active["B2"].value == float(first.text)
    sheet.active["B2"], first.text = 7777, "7777"
    kept = io.BytesIO()
    sheet.save(kept)
    book._blob = kept.getvalue()
    return root
