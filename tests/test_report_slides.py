"""The slides of a report: findings as titles, charts and tables to edit that hold the figures of the database, sources in notes."""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard import theme
from dashboard.queries import STATUS_ORDER
from dashboard.reports.content import Report, gather, usual_period
from dashboard.reports.findings import TITLE_LIMIT, attention, biggest_gaps, finding
from dashboard.reports.slides import deck
from dashboard.text import status_label, t, target_text, units_text

AS_OF = date(2026, 11, 22)
SUIZHOU, LIANDU = "421300", "331102"


@pytest.fixture(scope="module")
def cursor(connection, nothing_kept):
    return connection.cursor()


@pytest.fixture(scope="module")
def report(cursor) -> Report:
    return gather(cursor, "dispatch", usual_period("dispatch", AS_OF), [], AS_OF)


@pytest.fixture(scope="module")
def slides(report):
    return opened(report)


@pytest.fixture(scope="module")
def with_map(report, database):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.versions.BUILD", database.parent)
        return opened(report)


def opened(report: Report) -> list:
    return list(Presentation(io.BytesIO(deck(report))).slides)


def of_type(slide, name: str) -> list:
    return [shape for shape in slide.shapes if getattr(shape, f"has_{name}")]


def series_of(chart) -> dict[str, dict[str, float]]:
    plot = chart.plots[0]
    return {series.name: dict(zip(plot.categories, series.values)) for series in plot.series}


def words_of(slide) -> str:
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    frames += [cell.text_frame for shape in of_type(slide, "table") for row in shape.table.rows for cell in row.cells]
    return "\n".join(frame.text for frame in frames)


def lines_of(text: str, size: float, width: float) -> int:
    """Chinese letters are as wide as high, others about half; all in points."""
    wide = [sum(size if ord(letter) > 0x2000 else size * 0.55 for letter in line) for line in text.split("\n")]
    return sum(max(1, math.ceil(points / width)) for points in wide)


def test_one_finding_a_slide(report, slides):
    titles = [slide.shapes.title.text for slide in slides]
    assert titles[0] == report.title
    assert all(len(title) <= TITLE_LIMIT for title in titles[1:])
    assert len(set(titles)) == len(titles) == 7 + len(report.regions)
    assert titles[1] == finding(report.targets)
    assert all(any(title.startswith(f"{name}：") for title in titles) for name in report.names)


def test_statuses_by_region_are_those_of_the_database(cursor, slides):
    counted = dict(cursor.execute("""
        SELECT (r.name, a.status), count(*) FROM attainment(?) a JOIN regions r USING (region_id)
        WHERE duplicate_of IS NULL GROUP BY ALL""", [AS_OF]).fetchall())
    chart = of_type(slides[1], "chart")[0].chart
    drawn = series_of(chart)
    assert list(drawn) == [status_label(status) for status in STATUS_ORDER]
    assert {(name, status): n for status in STATUS_ORDER for name, n in drawn[status_label(status)].items() if n} == counted
    table = of_type(slides[1], "table")[0].table
    assert [row.cells[0].text for row in table.rows][1:] == list(drawn["达标"])
    for row in list(table.rows)[1:]:
        name, *figures = (cell.text for cell in row.cells)
        assert [int(figure) for figure in figures[:-1]] == [counted.get((name, status), 0) for status in STATUS_ORDER]
        assert int(figures[-1]) == sum(map(int, figures[:-1]))
    missed = chart.plots[0].series[1]
    assert str(missed.format.fill.fore_color.rgb) == theme.BRICK[1:]


def test_bars_of_a_region_hold_target_and_figure(cursor, report, slides):
    charted = 0
    for place, part in enumerate(report.regions, start=3):
        known = Counter(cursor.execute("""
            SELECT a.target_value, a.latest_value FROM attainment(?) a JOIN indicators i USING (indicator_id)
            WHERE a.region_id = ? AND a.duplicate_of IS NULL AND a.unit = '%' AND i.kind = 'share' AND status <> '已废止'""",
            [AS_OF, part.region_id]).fetchall())
        for shape in of_type(slides[place], "chart"):
            targets, figures = series_of(shape.chart).values()
            assert 0 < len(targets) <= 8
            assert all(re.search(r"（\d{4}.*）$", name) for name in targets)
            assert not Counter(zip(targets.values(), figures.values())) - known
            assert shape.chart.value_axis.minimum_scale == 0
            charted += 1
    assert charted >= 2


def test_sections_by_class_in_class_colours(cursor, report, slides):
    slide = next(slide for slide in slides if slide.shapes.title.text.endswith("个") and "有类别" in slide.shapes.title.text)
    sections = pd.concat([part.sections for part in report.regions])
    chart = of_type(slide, "chart")[0].chart
    drawn = series_of(chart)
    assert sum(drawn["Ⅰ–Ⅱ类"].values()) == sections["latest_class"].isin(["Ⅰ", "Ⅱ"]).sum()
    for name in ("Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"):
        assert {region: n for region, n in drawn[f"{name}类"].items() if n} == \
            sections[sections["latest_class"] == name]["region"].value_counts().to_dict()
    assert sum(sum(bars.values()) for bars in drawn.values()) == len(sections)
    judged = sections.dropna(subset=["latest_class", "target_class"])
    assert f"有考核目标和类别的断面 {len(judged)} 个" in words_of(slide)
    assert [str(series.format.fill.fore_color.rgb) for series in chart.plots[0].series][:5] == \
        [theme.CLASS_COLOUR[name][1:] for name in ("Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")]


def test_charts_can_be_edited(slides):
    for slide in slides:
        for shape in of_type(slide, "chart"):
            sheet = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)).active
            names, *columns = ([cell.value for cell in column] for column in sheet.columns)
            held = {column[0]: dict(zip(names[1:], column[1:])) for column in columns}
            assert held == series_of(shape.chart)


def test_largest_gaps_in_units(report, slides):
    gaps, table = biggest_gaps(report.regions), of_type(slides[2], "table")[0].table
    cells = [[cell.text for cell in row.cells] for row in list(table.rows)[1:]]
    assert 0 < len(gaps) < len(cells)
    for row, said in zip(gaps.to_dict("records"), cells):
        assert said[0] == row["region"] and said[5] == status_label(row["status"])
        figure, gap = said[3].split("\n")
        assert f"{row['latest_value']:g}" in figure and f"{abs(round(row['gap_to_target'], 2)):g}" in gap
    days = set(report.targets[report.targets["status"] == "到期未报"]["days_past_deadline"])
    assert cells[-1][3] in {t("overview.attention.late", days=n) for n in days}


@pytest.mark.parametrize("regions", [[], [SUIZHOU], ["331100", "330324", "500000", SUIZHOU]])
def test_nothing_overflows(cursor, with_map, regions):
    slides = opened(gather(cursor, "dispatch", usual_period("dispatch", AS_OF), regions, AS_OF)) if regions else with_map
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= Inches(13.34) and shape.top + shape.height <= Inches(7.5), shape.name
            if shape.has_text_frame and shape.text_frame.text:
                frame = shape.text_frame
                heights = [lines_of("".join(run.text for run in paragraph.runs), paragraph.runs[0].font.size.pt, shape.width / Pt(1) - 12)
                           * paragraph.runs[0].font.size.pt * 1.3 for paragraph in frame.paragraphs if paragraph.runs]
                assert sum(heights) <= shape.height / Pt(1) * 1.02 + 4, frame.text
            if shape.has_table:
                table = shape.table
                for row in table.rows:
                    for column, cell in zip(table.columns, row.cells):
                        size = next((run.font.size.pt for paragraph in cell.text_frame.paragraphs for run in paragraph.runs), 14)
                        assert lines_of(cell.text, size, column.width / Pt(1) - 11.6) * size * 1.3 + 4 <= row.height / Pt(1) + 1, cell.text
                assert shape.top + sum(row.height for row in table.rows) <= Inches(6.8)
                assert shape.left + sum(column.width for column in table.columns) <= Inches(12.74)


def test_type_is_large_enough_and_chinese(slides):
    for slide in slides:
        for run in slide._element.iter(qn("a:rPr")):
            assert int(run.get("sz")) >= 1400
            if run.getparent().tag == qn("a:r"):
                assert run.find(qn("a:ea")).get("typeface") == "微软雅黑"
        for shape in of_type(slide, "chart"):
            sizes = [int(text.get("sz")) for text in shape.chart._chartSpace.iter(qn("a:defRPr")) if text.get("sz")]
            assert sizes and min(sizes) >= 1400
            assert any(face.get("typeface") == "微软雅黑" for face in shape.chart._chartSpace.iter(qn("a:ea")))


def test_order_that_powerpoint_insists_on(with_map):
    for slide in with_map:
        for paragraph in slide._element.iter(qn("a:p")):
            assert all(place == 0 for place, child in enumerate(paragraph) if child.tag == qn("a:pPr"))
        for run in slide._element.iter(qn("a:rPr")):
            order = [qn(f"a:{name}") for name in ("solidFill", "latin", "ea", "hlinkClick")]
            places = [order.index(child.tag) for child in run]
            assert places == sorted(places)
        for shape in slide.shapes:
            if getattr(shape, "has_chart", False) or shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
                assert shape._element._nvXxPr.cNvPr.get("descr") == slide.shapes.title.text


def test_footer_and_notes(report, slides):
    for slide in slides:
        words = words_of(slide)
        assert str(AS_OF) in words and report.version in words and report.link in words  # all regions: nothing to decode or to cut
        assert any(run.hyperlink.address == report.link for shape in slide.shapes if shape.has_text_frame
                   for paragraph in shape.text_frame.paragraphs for run in paragraph.runs)
        assert slide.notes_slide.notes_text_frame.text.strip()
    for row in biggest_gaps(report.regions).to_dict("records"):
        assert row["clause"] in slides[2].notes_slide.notes_text_frame.text
    for title in report.sources["title"].unique():
        assert title in slides[-1].notes_slide.notes_text_frame.text


def test_what_people_wrote_is_on_a_slide_and_in_the_notes(report):
    row = biggest_gaps(report.regions).iloc[0]
    notes = pd.DataFrame([{"target_id": row["target_id"], "text": "管网在建", "author": "王敏", "day": pd.Timestamp("2026-10-01"),
                           "promised_on": None}])
    made = opened(replace(report, notes=pd.concat([notes, notes.assign(text="提前完工", promised_on=pd.Timestamp("2026-12-20"))])))
    assert "管网在建（王敏，2026-10-01）" in made[2].notes_slide.notes_text_frame.text
    assert made[3].shapes.title.text == t("slides.said", n=1, promised=1)
    first, second = ([cell.text for cell in line.cells] for line in list(of_type(made[3], "table")[0].table.rows)[1:])
    assert first[0] == row["region"] and row["name_in_plan"] in first[1] and first[3:] == ["管网在建", "王敏\n2026-10-01", "—"]
    assert second[3:] == ["提前完工", "王敏\n2026-10-01", "2026-12-20"]


def test_map_while_the_version_is_kept(with_map, slides):
    assert not any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for slide in slides for shape in slide.shapes)
    pictures = [shape for slide in with_map for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(pictures) == 2
    for picture in pictures:
        wide, high = picture.image.size
        assert picture.width / picture.height == pytest.approx(wide / high, rel=0.01) and wide / (picture.width / Inches(1)) > 199
    titles = "".join(slide.shapes.title.text for slide in with_map)
    assert all(f"{name}：" in titles or f"{name}、" in titles for name in ("丽水市", "永嘉县", "重庆市", "随州市"))
    words = words_of(next(slide for slide in with_map if any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in slide.shapes)))
    assert t("map.credit.borders") in words and t("picture.scales") in words and "Ⅰ–Ⅱ类" in words


@pytest.mark.parametrize(("region", "as_of"), [(SUIZHOU, AS_OF), (LIANDU, AS_OF), (SUIZHOU, date(2021, 1, 1))])
def test_of_one_region_on_any_day(cursor, region, as_of):
    report = gather(cursor, "assessment", usual_period("assessment", as_of), [region], as_of)
    made = opened(report)
    place = 2 if report.regions[0].is_repealed else 3
    assert len(made) == (5 if report.regions[0].is_repealed else 8)
    assert made[place].shapes.title.text.startswith(report.names[0])


def test_repealed_plan_says_what_was_not_yet_due(cursor, report, slides):
    slide = next(slide for slide in slides if slide.shapes.title.text.startswith("莲都区："))
    late, every, figures = cursor.execute("""
        SELECT count(*) FILTER (deadline >= repealed_on), count(*), count(latest_value) FROM attainment(?)
        WHERE region_id = ? AND duplicate_of IS NULL""", [AS_OF, LIANDU]).fetchone()
    words = words_of(slide)
    assert late and t("slides.repealed.said", day="2020-11-27", n=every, late=late) in words
    assert t("slides.repealed.figures", n=figures) in words and "莲政办发〔2018〕113号" in words
    counts = [[cell.text for cell in row.cells] for row in list(of_type(slide, "table")[1].table.rows)[1:]]
    assert sum(int(n) for _, n, _ in counts) == every
    assert sum(int(n) for _, n, then in counts if then == t("slides.repealed.not_due")) == late


@pytest.mark.parametrize("name", ["丽水市", "随州市"])
def test_region_with_few_shares_lists_what_needs_attention(report, slides, name):
    part = next(part for part in report.regions if part.name == name)
    slide = next(slide for slide in slides if slide.shapes.title.text.startswith(f"{name}："))
    rows = [[cell.text for cell in row.cells] for row in list(of_type(slide, "table")[0].table.rows)[1:]]
    expected = attention([part]).head(len(rows)).to_dict("records")
    assert len(rows) >= 4
    for row, said in zip(expected, rows):
        assert said[1] == target_text(row) and f"{row['days_past_deadline']}" in said[2]
        assert units_text(row).startswith(said[3].rstrip("…"))


def test_chart_is_edited_in_the_saved_file(report):
    file = Presentation(io.BytesIO(deck(report)))
    chart = of_type(file.slides[1], "chart")[0].chart
    edited = CategoryChartData()
    edited.categories = list(chart.plots[0].categories)
    for series in chart.plots[0].series:
        edited.add_series(series.name, [n + 1 for n in series.values])
    before = series_of(chart)
    chart.replace_data(edited)
    other = of_type(file.slides[5], "chart")[0].chart
    part = other.part.chart_workbook.xlsx_part
    book = openpyxl.load_workbook(io.BytesIO(part.blob))
    book.active["B2"] = 12.5
    changed = io.BytesIO()
    book.save(changed)
    part._blob = changed.getvalue()
    saved = io.BytesIO()
    file.save(saved)
    again = Presentation(saved).slides
    after = series_of(of_type(again[1], "chart")[0].chart)
    assert after == {name: {region: n + 1 for region, n in bars.items()} for name, bars in before.items()}
    sheet = openpyxl.load_workbook(io.BytesIO(of_type(again[5], "chart")[0].chart.part.chart_workbook.xlsx_part.blob)).active
    assert sheet["B2"].value == 12.5


def test_axis_ids_are_what_the_schema_allows(slides):
    """Unsigned, and each axis crosses the other."""
    charts = [shape.chart._chartSpace for slide in slides for shape in of_type(slide, "chart")]
    assert len(charts) >= 4
    for chart in charts:
        numbers = [int(tag.get("val")) for tag in chart.iter(qn("c:axId"), qn("c:crossAx"))]
        assert min(numbers) > 0 and len(set(numbers)) == 2 and len(numbers) == 6


def test_every_number_of_every_chart_is_counted_from_the_database(cursor, report):
    """Of one region by theme; of all by region, by class and by target in the tests above."""
    alone = gather(cursor, "bulletin", usual_period("bulletin", AS_OF), [SUIZHOU], AS_OF)
    counted = dict(cursor.execute("""
        SELECT (i.theme, a.status), count(*) FROM attainment(?) a JOIN indicators i USING (indicator_id)
        WHERE a.region_id = ? AND duplicate_of IS NULL GROUP BY ALL""", [AS_OF, SUIZHOU]).fetchall())
    drawn = series_of(of_type(opened(alone)[1], "chart")[0].chart)
    labels = {status_label(status): status for status in STATUS_ORDER}
    assert {(name.split("（")[0], labels[status]): n for status, bars in drawn.items() for name, n in bars.items() if n} == counted




def test_changes_are_listed_with_their_figures(report):
    flip = {"region": "随州市", "theme": "水环境", "indicator": "指标", "name": "断面优良比例", "scope": "国控", "target_id": "x",
            "status_before": "到期未报", "status_after": "达标", "terms_before": "a", "terms_after": "a", "cause": "figure",
            "comparator": "=", "value": 97.5, "value_text": None, "unit": "%", "clause": "一", "title": "公报"}
    figure = {"region": "随州市", "indicator": "森林覆盖率", "change": "changed"} | {
        f"{key}{side}": value for side, at in (("_before", 0), ("", 1)) for key, value in {
            "comparator": "=", "value": (50.1, 51.2)[at], "value_text": None, "unit": "%", "title": "年鉴", "clause": "二"}.items()}
    made = opened(replace(report, changes=pd.DataFrame([flip]), figure_changes=pd.DataFrame([figure]), since="自上次会议以来"))
    slide = next(slide for slide in made if slide.shapes.title.text == t("slides.changes", flips=1, figures=1))
    assert all(word in words_of(slide) for word in ("到期未报 → 达标", "97.5%", "50.1% → 51.2%", "新数据", "自上次会议以来"))
    assert "公报" in slide.notes_slide.notes_text_frame.text and "年鉴" in slide.notes_slide.notes_text_frame.text


def test_names_like_formulas_stay_text(report):
    part = next(part for part in report.regions if part.name == "永嘉县")
    part = replace(part, targets=part.targets.assign(name_in_plan='=HYPERLINK("http://x","点我")' + part.targets["target_id"]))
    for slide in opened(replace(report, regions=[part])):
        for shape in of_type(slide, "chart"):
            sheet = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)).active
            assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
