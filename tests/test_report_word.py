"""The Word report, opened again: page, type, every figure of its tables against the database, and text that wants to be more."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import docx
import duckdb
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from dashboard.reports import word_layout
from dashboard.reports.content import Report, gather
from dashboard.reports.periods import usual_period
from dashboard.reports.word import document
from dashboard.text import WATER_CLASSES

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module", autouse=True)
def nothing_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No meeting and no extract, whatever the machine has."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("nothing")
        patch.setattr("etl.versions.BUILD", folder)
        patch.setattr("etl.meetings.MEETINGS", folder / "meetings.csv")
        yield


@pytest.fixture(scope="module")
def report(connection: duckdb.DuckDBPyConnection, nothing_kept: None) -> Report:
    return gather(connection.cursor(), "assessment", usual_period("assessment", DAY), [], DAY)


@pytest.fixture(scope="module")
def content(report: Report) -> bytes:
    return document(report)


@pytest.fixture
def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def tables(opened, head: str) -> list[list[list[str]]]:
    """Rows below the head of the tables whose first heads are these, in the order of the report."""
    return [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in opened.tables
            if "|".join(cell.text for cell in table.rows[0].cells).startswith(head)]


def test_the_page_is_that_of_an_official_paper(opened):
    section = opened.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]


@pytest.mark.parametrize(("style", "font", "points", "bold"), [
    ("Title", "方正小标宋简体", 22, False), ("Body Text", "仿宋_GB2312", 16, False), ("Heading 1", "黑体", 16, False),
    ("Heading 2", "楷体_GB2312", 16, False), ("Heading 3", "仿宋_GB2312", 16, True)])
def test_chinese_letters_have_their_own_font(opened, style, font, points, bold):
    found = opened.styles[style]
    fonts = found.element.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == font and fonts.get(qn("w:ascii")) == "Times New Roman"
    assert not any("Theme" in key for key in fonts.attrib)
    assert (found.font.size, found.font.bold) == (Pt(points), bold)


def test_lines_of_text_stand_28_points_apart_and_begin_two_letters_in(opened):
    body = opened.styles["Body Text"].paragraph_format
    assert body.line_spacing == Pt(28)
    assert opened.styles["Body Text"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_a_missing_font_has_a_stated_substitute(content):
    fonts = zipfile.ZipFile(io.BytesIO(content)).read("word/fontTable.xml").decode()
    declared = re.findall('<w:font [^>]*w:name="([^"]+)"', fonts)
    assert len(declared) == len(set(declared))
    for name, others in word_layout.FONTS.items():
        assert f'w:name="{name}"><w:altName w:val="{others}"/>' in fonts


def test_every_paragraph_is_of_a_style_with_a_chinese_font(opened):
    paragraphs = [*opened.paragraphs, *(p for table in opened.tables for row in table.rows for cell in row.cells for p in cell.paragraphs)]
    assert {paragraph.style.name for paragraph in paragraphs} <= set(word_layout.STYLES)
    assert not any(run.element.rPr is not None for paragraph in paragraphs for run in paragraph.runs if run.text)


def test_pages_are_numbered_and_say_how_old_the_data_are(opened, report):
    section = opened.sections[0]
    for footer in (section.footer, section.even_page_footer):
        number, standing = footer.paragraphs
        assert re.fullmatch("—  ?1? ?—", number.text) and number._p.find(qn("w:fldSimple")).get(qn("w:instr")) == " PAGE "
        assert "2026-11-22" in standing.text and report.version in standing.text


def test_headings_are_numbered_the_chinese_way(opened):
    first = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    assert first == ["一、总体情况", "二、丽水市", "三、永嘉县", "四、重庆市", "五、随州市", "六、莲都区", "七、数据来源"]
    assert all(re.match("（[一二三四五]）", p.text) for p in opened.paragraphs if p.style.name == "Heading 2")


def test_the_overview_counts_as_the_database_does(opened, connection):
    rows = tables(opened, "区域|达标|未达标|到期未报|定性待评|未到期|已废止")[0]
    counts = connection.execute("""
        SELECT r.name, count(*) FILTER (status = '达标'), count(*) FILTER (status = '未达标'), count(*) FILTER (status = '到期未报'),
               count(*) FILTER (status = '定性待评'), count(*) FILTER (status = '数据未出'), count(*) FILTER (status = '已废止'), count(*)
        FROM attainment(DATE '2026-11-22') a JOIN regions r USING (region_id) WHERE duplicate_of IS NULL GROUP BY r.name""").fetchall()
    assert {row[0]: [int(n) for n in row[1:]] for row in rows[:-1]} == {name: list(numbers) for name, *numbers in counts}
    sums = [sum(column) for column in zip(*(numbers for _, *numbers in counts if not numbers[5]))]
    assert [int(n) for n in rows[-1][1:]] == sums


def test_every_target_and_figure_is_that_of_the_database(opened, report, connection):
    """Numbers are read out of the printed words again, so that no formatting of ours stands in between."""
    asked = connection.execute("""
        SELECT a.*, t.clause FROM attainment(DATE '2026-11-22') a JOIN targets t USING (target_id)
        WHERE t.duplicate_of IS NULL ORDER BY target_id""").df()
    printed = tables(opened, "目标（口径）|目标|期限")
    assert len(printed) == len(report.regions)
    for part, rows in zip(report.regions, printed):
        wanted = asked[asked["region_id"] == part.region_id].to_dict("records")
        assert len(rows) == len(wanted)
        for (name, promise, _, latest, status, clause), row in zip(rows, wanted):
            assert name.startswith(row["name_in_plan"]) and clause == row["clause"]
            assert status.split()[1] == {"数据未出": "未到期"}.get(row["status"], row["status"])
            if row["comparator"] not in ("text", "class_at_least"):
                assert first_number(promise) == pytest.approx(row["target_value"], abs=0.005)
            if pd.isna(row["latest_value"]):
                assert "（" in latest or latest == "—"
            elif row["unit"] == "类":
                assert WATER_CLASSES[int(row["latest_value"]) - 1] + "类" in latest
            else:
                assert first_number(latest) == pytest.approx(row["latest_value"], abs=1e-6)
                assert str(row["latest_period"])[:4] in latest


def test_what_is_to_be_done_names_who_is_responsible(opened, report, connection):
    printed = tables(opened, "状态|目标（口径）|目标|期限|最近的数与差距|责任单位")
    units = pd.DataFrame(connection.execute("""
        SELECT target_id, o.name FROM responsibilities JOIN organizations o USING (organization_id) WHERE target_id IS NOT NULL""").df())
    names = units.groupby("target_id")["name"].agg(list)
    parts = [part for part in report.regions if not part.is_repealed]
    assert len(printed) == len(parts)
    for part, rows in zip(parts, printed):
        due = pd.concat([part.with_status("未达标"), part.with_status("到期未报")])["target_id"]
        assert len(rows) == len(due)
        for row, target_id in zip(rows, due):
            assert all(name in row[-1] for name in names.get(target_id, [])) and row[-1] != "—"


def test_sections_are_those_of_the_region_with_class_and_target(opened, report):
    with_sections = [part for part in report.regions if len(part.sections)]
    printed = tables(opened, "断面|河流|目标类别")
    assert [len(rows) for rows in printed] == [len(part.sections) for part in with_sections]
    for part, rows in zip(with_sections, printed):
        for row, section in zip(rows, part.sections.to_dict("records")):
            assert row[0] == section["name"]
            assert row[2] == (f"{section['target_class']}类" if isinstance(section["target_class"], str) else "—")
            if isinstance(section["latest_class"], str):
                assert row[3].startswith(f"{section['latest_class']}类（")


def test_no_cell_is_empty(opened):
    assert all(cell.text.strip() for table in opened.tables for row in table.rows for cell in row.cells)


def test_heads_repeat_and_rows_stay_whole(opened):
    for table in opened.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_every_document_and_publication_is_listed(opened, report):
    plans = tables(opened, "区域|文件|条款")[0]
    assert [row[0] for row in plans] == report.names
    for row, part in zip(plans, report.regions):
        assert part.document["title"] in row[1] and all(clause in row[2] for clause in part.targets["clause"])
    published = " ".join(row[0] for row in tables(opened, "来源（发布者、日期、网址）")[0])
    for source in report.sources[report.sources["kind"] != "target"].to_dict("records"):
        assert source["title"] in published


def test_formulas_fields_and_control_characters_stay_text(report):
    bad = '=HYPERLINK("http://x")\x0b\x00 { DDEAUTO cmd } <w:t>&amp; ]]> '
    targets = report.regions[3].targets.assign(name_in_plan=bad, scope="", lead_units="+SUM(A1)", clause="@x")
    made = document(replace(report, regions=[replace(report.regions[3], targets=targets, sentences=[bad])], title=bad))
    opened = docx.Document(io.BytesIO(made))
    wanted = '=HYPERLINK("http://x") { DDEAUTO cmd } <w:t>&amp; ]]> '
    assert opened.paragraphs[0].text == wanted
    assert tables(opened, "目标（口径）")[0][0][0] == wanted
    body = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert not re.search("<w:(fldSimple|instrText|fldChar|hyperlink|object)[ />]", body)


def test_nothing_in_the_file_reaches_out(content):
    for name, part in ((name, zipfile.ZipFile(io.BytesIO(content)).read(name)) for name in zipfile.ZipFile(io.BytesIO(content)).namelist()):
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in part, name


def test_the_file_is_as_old_as_its_data_and_carries_no_foreign_preview(content, opened, report):
    about = opened.core_properties
    assert about.created == about.modified == report.built_at.replace(microsecond=0)
    assert (about.author, about.title) == ("清流", report.title)
    assert not [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "thumbnail" in name]


def test_the_picture_is_told_to_those_who_cannot_see_it(opened):
    assert len(opened.inline_shapes) == 1
    described = opened.inline_shapes[0]._inline.docPr.get("descr")
    assert "达标" in described and "到期未报" in described


def test_notes_stand_with_their_author_and_day(report):
    target = report.regions[3].targets.iloc[0]["target_id"]
    note = pd.DataFrame([{"target_id": target, "text": "管网改造延期", "author": "王敏", "day": pd.Timestamp("2026-11-01"),
                          "promised_on": pd.NaT}])
    opened = docx.Document(io.BytesIO(document(replace(report, notes=note))))
    assert tables(opened, "目标（口径）|说明")[0][0][1:] == ["管网改造延期", "—", "王敏", "2026-11-01"]


@pytest.mark.parametrize("kind", ["dispatch", "bulletin"])
def test_each_kind_says_its_own_first(connection, kind):
    made = document(gather(connection.cursor(), kind, usual_period(kind, DAY), ["500000"], DAY))
    heads = [p.text for p in docx.Document(io.BytesIO(made)).paragraphs if p.style.name == "Heading 2"]
    assert heads[0].startswith("（一）未达标和到期未报")


def test_a_repealed_plan_alone_is_shown_but_not_counted(connection):
    opened = docx.Document(io.BytesIO(document(gather(connection.cursor(), "bulletin", usual_period("bulletin", DAY), ["331102"], DAY))))
    assert any("2020-11-27 废止，109 项目标不计入统计" in p.text for p in opened.paragraphs)
    assert not any(p.text.startswith("截至") for p in opened.paragraphs)
    rows = tables(opened, "目标（口径）|目标|期限")[0]
    assert len(rows) == 109 and {row[4] for row in rows} == {"✕ 已废止"}


def test_a_report_on_all_regions_takes_a_few_seconds_at_most(report):
    started = time.perf_counter()
    document(report)
    assert time.perf_counter() - started < 10


def first_number(words: str) -> float:
    """Of 约 ≥97.3% the 97.3."""
    return float(re.search(r"-?\d+(?:\.\d+)?", words)[0])
