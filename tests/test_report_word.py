"""The Word report, opened again: page, type, every figure of its tables against the database, and text that wants to be more."""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import date

import docx
import duckdb
import openpyxl
import pandas as pd
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from dashboard.reports import word_layout
from dashboard.reports.content import Report, gather
from dashboard.reports.findings import comparable_shares
from dashboard.reports.periods import usual_period
from dashboard.reports.word import document
from dashboard.text import WATER_CLASSES, t

DAY = date(2026, 11, 22)
TARGETS = "目标（口径）|目标|期限|最近的数与差距|状态|责任单位|条款"
CHART = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart", "a": "http://schemas.openxmlformats.org/drawingml/2006/main"}


pytestmark = pytest.mark.usefixtures("nothing_kept")


@pytest.fixture(scope="module")
def report(connection: duckdb.DuckDBPyConnection, nothing_kept: None) -> Report:
    return gather(connection.cursor(), "assessment", usual_period("assessment", DAY), [], DAY)


@pytest.fixture(scope="module")
def content(report: Report) -> bytes:
    return document(report)


@pytest.fixture
def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def alone(connection: duckdb.DuckDBPyConnection, nothing_kept: None) -> Report:
    """重庆市 by itself."""
    return gather(connection.cursor(), "dispatch", usual_period("dispatch", DAY), ["500000"], DAY)


def tables(opened, head: str) -> list[list[list[str]]]:
    """Rows below the head of the tables whose first heads are these, in the order of the report."""
    return [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in opened.tables
            if "|".join(cell.text for cell in table.rows[0].cells).startswith(head)]


def charts(opened) -> list:
    """The chart parts in the order of the report."""
    rels = opened.part.rels
    return [rels[drawn.get(qn("r:id"))].target_part for drawn in opened.element.body.iter(f"{{{CHART['c']}}}chart")]


def drawn(chart) -> dict[str, dict[str, float]]:
    """Series to category to value, as the chart shows them without opening its workbook."""
    root = etree.fromstring(chart.blob)

    def cached(one, path: str) -> list[str]:
        return [value.text for value in one.findall(f"{path}//c:pt/c:v", CHART)]

    return {cached(one, "c:tx")[0]: dict(zip(cached(one, "c:cat"), map(float, cached(one, "c:val"))))
            for one in root.iterfind(".//c:ser", CHART)}


def workbook_of(chart):
    """Opened; and the part that holds it."""
    book = next(relation.target_part for relation in chart.rels.values() if relation.reltype == RELATIONSHIP_TYPE.PACKAGE)
    return openpyxl.load_workbook(io.BytesIO(book.blob)), book


def in_workbook(chart) -> dict[str, dict[str, float]]:
    """The same out of the workbook, at the places the chart refers to."""
    page = workbook_of(chart)[0].active
    return {column[0].value: {name.value: float(cell.value) for name, cell in zip(page["A"][1:], column[1:])}
            for column in list(page.columns)[1:]}


def test_the_page_is_that_of_an_official_paper(opened):
    section, annex = opened.sections
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    assert (round(annex.page_width.mm), round(annex.page_height.mm)) == (297, 210)


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


def test_every_page_has_its_number_the_age_of_its_data_and_its_link(opened, report):
    section, annex = opened.sections
    assert annex.footer.is_linked_to_previous and annex.even_page_footer.is_linked_to_previous
    for footer in (section.footer, section.even_page_footer):
        number, standing, link = footer.paragraphs
        assert re.fullmatch("—  ?1? ?—", number.text) and number._p.find(qn("w:fldSimple")).get(qn("w:instr")) == " PAGE "
        assert "2026-11-22" in standing.text and report.version in standing.text
        assert link.text == report.link  # of all regions, which has nothing to decode


def test_headings_are_numbered_the_chinese_way_on_three_levels(opened):
    levels = {level: [p.text for p in opened.paragraphs if p.style.name == f"Heading {level}"] for level in (1, 2, 3)}
    assert levels[1] == ["一、总体情况", "二、丽水市", "三、永嘉县", "四、重庆市", "五、随州市", "六、莲都区",
                         "附件 1　目标逐项清单", "附件 2　数据来源"]
    assert all(re.match("（[一二三四五]）", words) for words in levels[2])
    assert levels[3] and all(re.match(r"[123]\. ○ 到期未报", words) for words in levels[3])


def test_a_long_title_is_broken_between_whose_it_is_and_what_it_is(report, alone):
    long = docx.Document(io.BytesIO(document(replace(report, title="丽水市、永嘉县、重庆市2025年生态环境目标评估"))))
    assert long.paragraphs[0].text.split("\n") == ["丽水市、永嘉县、重庆市2025年", "生态环境目标评估"]
    short = docx.Document(io.BytesIO(document(replace(alone, kind="assessment", title="重庆市2025年生态环境目标评估"))))
    assert "\n" not in short.paragraphs[0].text


def test_no_date_is_broken_under_the_title(opened):
    lines = opened.paragraphs[1].text.split("\n")
    assert [len(re.findall(r"\d{4}-\d\d-\d\d", line)) for line in lines] == [2, 1]


def test_the_overview_counts_as_the_database_does(opened, connection):
    rows = tables(opened, "区域|达标|未达标|到期未报|定性待评|未到期|已废止")[0]
    counts = connection.execute("""
        SELECT r.name, count(*) FILTER (status = '达标'), count(*) FILTER (status = '未达标'), count(*) FILTER (status = '到期未报'),
               count(*) FILTER (status = '定性待评'), count(*) FILTER (status = '数据未出'), count(*) FILTER (status = '已废止'), count(*)
        FROM attainment(DATE '2026-11-22') a JOIN regions r USING (region_id) WHERE duplicate_of IS NULL GROUP BY r.name""").fetchall()
    assert {row[0]: [int(n) for n in row[1:]] for row in rows[:-1]} == {name: list(numbers) for name, *numbers in counts}
    sums = [sum(column) for column in zip(*(numbers for _, *numbers in counts if not numbers[5]))]
    assert [int(n) for n in rows[-1][1:]] == sums


def test_each_theme_counts_as_the_database_does(opened, report, connection):
    counts = {(region, theme, status): n for region, theme, status, n in connection.execute("""
        SELECT a.region_id, i.theme, CASE a.status WHEN '数据未出' THEN '未到期' ELSE a.status END, count(*)
        FROM attainment(DATE '2026-11-22') a JOIN indicators i USING (indicator_id) WHERE duplicate_of IS NULL GROUP BY ALL""").fetchall()}
    found = {}
    printed = [table for table in opened.tables if table.rows[0].cells[0].text == "主题"]
    assert len(printed) == len(report.regions)
    for part, table in zip(report.regions, printed):
        heads, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        for name, *numbers in rows:
            if name != "合计":
                found |= {(part.region_id, name, head): int(n) for head, n in zip(heads[1:-1], numbers) if n != "0"}
    assert found == counts


def test_sections_are_counted_by_class(opened, report):
    rows = {row[0]: [int(n) for n in row[1:]] for row in tables(opened, "区域|登记断面|Ⅰ类|Ⅱ类|Ⅲ类|Ⅳ类|Ⅴ类|劣Ⅴ类|没有类别")[0]}
    assert list(rows) == [*(part.name for part in report.regions if len(part.sections)), "合计"]
    for part in report.regions:
        if len(part.sections):
            classes = part.sections["latest_class"]
            assert rows[part.name] == [len(classes), *((classes == name).sum() for name in WATER_CLASSES), classes.isna().sum()]
            assert sum(rows[part.name][1:]) == rows[part.name][0]


def test_every_target_and_figure_is_that_of_the_database(opened, report, connection):
    """Numbers are read out of the printed words again, so that no formatting of ours stands in between."""
    asked = connection.execute("""
        SELECT a.*, t.clause FROM attainment(DATE '2026-11-22') a JOIN targets t USING (target_id)
        WHERE t.duplicate_of IS NULL ORDER BY target_id""").df()
    printed = tables(opened, TARGETS)
    assert len(printed) == len(report.regions)
    for part, rows in zip(report.regions, printed):
        wanted = asked[asked["region_id"] == part.region_id].to_dict("records")
        assert len(rows) == len(wanted)
        for (name, promise, _, latest, status, _, clause), row in zip(rows, wanted):
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


def test_every_unit_of_a_target_is_named_with_it(opened, report, connection):
    """In the annex; implementing units all targets of a region share stand once above its table."""
    units = responsible(connection)
    captions = {p.text for p in opened.paragraphs if p.style.name == "Caption"}
    for part, rows in zip(report.regions, tables(opened, TARGETS)):
        for row, target_id in zip(rows, part.targets["target_id"]):
            for role, name in units.get(target_id, []):
                is_shared = role == "implement" and "牵头" in row[5] and any("实施单位都是" in said and name in said for said in captions)
                assert name in row[5] or is_shared, (target_id, name)


def test_what_is_to_be_done_stands_under_who_answers_for_it(opened, report, connection):
    """Missed and unreported targets, each once, under all its lead units, else under its implementing ones."""
    units = responsible(connection)
    printed = [row for rows in todo_tables(opened) for row in rows]
    for part in report.regions:
        due = pd.concat([part.with_status("未达标"), part.with_status("到期未报")]).to_dict("records")
        wanted = {subject(row): [name for role, name in units.get(row["target_id"], [])
                                 if role == ("lead" if isinstance(row["lead_units"], str) else "implement")] for row in due}
        found = []
        while len(found) < len(due):
            row = printed.pop(0)
            if len(set(row)) == 1:
                answering = row[0]
                continue
            assert all(name in answering for name in wanted[row[0]]) and (wanted[row[0]] or "文件未写" in answering)
            found.append(row[0])
        assert sorted(found) == sorted(subject(row) for row in due)
    assert not printed


def test_missed_targets_come_first_and_are_told_apart_by_word_and_shape(alone):
    part = alone.regions[0]
    at = part.targets.index[part.targets["status"] == "到期未报"][5]
    targets = part.targets.copy()
    targets.loc[at, "status"] = "未达标"
    opened = docx.Document(io.BytesIO(document(replace(alone, regions=[replace(part, targets=targets)]))))
    assert [p.text.split("：")[0] for p in opened.paragraphs if p.style.name == "Heading 3"] == [
        "1. ◆ 未达标", "2. ○ 到期未报，有较早年份的数", "3. ○ 到期未报，没有可比的数"]
    series = {one.find("c:tx//c:v", CHART).text: one for one in etree.fromstring(charts(opened)[0].blob).iterfind(".//c:ser", CHART)}
    assert [name for name, one in series.items() if one.find("c:spPr/a:pattFill", CHART) is not None] == ["未达标"]  # for grey print
    first = todo_tables(opened)[0]
    assert first[1][0].startswith(targets.loc[at, "name_in_plan"])


def test_sections_with_a_class_have_target_and_verdict_and_the_others_are_named(opened, report):
    printed = iter(tables(opened, "断面|河流|目标类别"))
    text = "".join(p.text for p in opened.paragraphs)
    for part in report.regions:
        known = part.sections.dropna(subset=["latest_class"])
        rows = {row[0]: row for row in next(printed)} if len(known) else {}
        assert sorted(rows) == sorted(known["name"])
        for section in known.to_dict("records"):
            row = rows[section["name"]]
            assert row[2] == (f"{section['target_class']}类" if isinstance(section["target_class"], str) else "—")
            assert row[3].startswith(f"{section['latest_class']}类（")
            if isinstance(section["target_class"], str):
                is_worse = WATER_CLASSES.index(section["latest_class"]) > WATER_CLASSES.index(section["target_class"])
                assert row[5] == ("劣于目标" if is_worse else "不劣于目标")
        assert all(name in text for name in part.sections[part.sections["latest_class"].isna()]["name"])
    assert next(printed, None) is None


def test_charts_show_the_numbers_of_the_database(opened, report, connection):
    """The statuses of all regions, then per region the comparable shares, each also in the workbook inside."""
    first, *others = charts(opened)
    counts = connection.execute("""
        SELECT r.name, CASE status WHEN '数据未出' THEN '未到期' ELSE status END, count(*)
        FROM attainment(DATE '2026-11-22') a JOIN regions r USING (region_id) WHERE duplicate_of IS NULL GROUP BY ALL""").fetchall()
    assert {(name, status): n for status, by_name in drawn(first).items() for name, n in by_name.items() if n} == {
        (name, status): n for name, status, n in counts}
    parts = [part for part in report.regions if len(comparable_shares(part))]
    assert parts and len(others) == len(parts)
    figures = {row["target_id"]: row for row in connection.execute("SELECT * FROM attainment(DATE '2026-11-22')").df().to_dict("records")}
    for part, chart in zip(parts, others):
        wanted = [figures[key] for key in comparable_shares(part)["target_id"]]
        shown = drawn(chart)
        assert list(shown["目标"].values()) == [row["target_value"] for row in wanted]
        assert list(shown["最近的公开数"].values()) == [row["latest_value"] for row in wanted]
        assert all(name.startswith(row["name_in_plan"]) for name, row in zip(shown["目标"], wanted))
        hollow = etree.fromstring(chart.blob).findall(".//c:dPt/c:idx", CHART)
        assert [int(idx.get("val")) for idx in hollow] == [at for at, row in enumerate(wanted) if pd.isna(row["actual_value"])]
    for chart in (first, *others):
        assert in_workbook(chart) == drawn(chart)


def test_one_region_is_drawn_by_theme(alone):
    shown = drawn(charts(docx.Document(io.BytesIO(document(alone))))[0])
    counts = alone.targets.groupby(["theme", "status"]).size().to_dict()
    assert {(theme, status): n for status, by_theme in shown.items() for theme, n in by_theme.items() if n} == counts


def test_a_chart_can_be_edited_in_the_saved_file(content):
    """As an office program does it: another number in the workbook, the same one in the chart, saved and opened again."""
    opened = docx.Document(io.BytesIO(content))
    chart = charts(opened)[0]
    book, part = workbook_of(chart)
    page = book.active
    assert (page["A2"].value, page["B1"].value, page["B2"].value) == ("丽水市", "达标", 0)
    page["B2"] = 12
    changed = io.BytesIO()
    book.save(changed)
    part._blob = changed.getvalue()
    root = etree.fromstring(chart.blob)
    series = root.find(".//c:ser", CHART)
    assert series.find("c:val/c:numRef/c:f", CHART).text == "Sheet1!$B$2:$B$6"
    series.find("c:val//c:pt[@idx='0']/c:v", CHART).text = "12"
    chart._blob = etree.tostring(root)
    saved = io.BytesIO()
    opened.save(saved)
    again = charts(docx.Document(saved))[0]
    assert drawn(again)["达标"]["丽水市"] == in_workbook(again)["达标"]["丽水市"] == 12


def test_charts_are_fit_for_word(opened):
    """Ids its schema takes, a Chinese font, hollow bars without colour, labels, and words for those who cannot see it."""
    for chart in charts(opened):
        root = etree.fromstring(chart.blob)
        assert all(int(axis.get("val")) > 0 for axis in root.iter(f"{{{CHART['c']}}}axId"))
        assert {face.get("typeface") for face in root.iter(f"{{{CHART['a']}}}ea")} == {"宋体"}
        assert all(shown.get("val") == "1" for shown in root.iterfind(".//c:dLbls/c:showVal", CHART))
        fills = [point.find("c:spPr/a:solidFill/a:srgbClr", CHART).get("val") for point in root.iterfind(".//c:dPt", CHART)]
        assert set(fills) <= {"FFFFFF"}
    described = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    assert len(described) == len(charts(opened)) and all(described)
    ids = [shape._inline.docPr.id for shape in opened.inline_shapes]
    assert len(ids) == len(set(ids))


def test_no_cell_is_empty(opened):
    assert all(cell.text.strip() for table in opened.tables for row in table.rows for cell in row.cells)


def test_charts_and_tables_are_the_same_every_time(report, content):
    """The workbooks inside say when they were made; what is in them is compared with the charts elsewhere."""
    again = zipfile.ZipFile(io.BytesIO(document(report)))
    first = zipfile.ZipFile(io.BytesIO(content))
    assert first.namelist() == again.namelist()
    assert not [name for name in first.namelist() if not name.endswith(".xlsx") and first.read(name) != again.read(name)]


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
    part = report.regions[2]
    targets = part.targets.assign(name_in_plan=bad, scope="", theme=bad, lead_units="+SUM(A1)", clause="@x")
    made = document(replace(report, regions=[replace(part, targets=targets, sentences=[bad])], title=bad))
    opened = docx.Document(io.BytesIO(made))
    wanted = '=HYPERLINK("http://x") { DDEAUTO cmd } <w:t>&amp; ]]> '
    assert opened.paragraphs[0].text == wanted
    assert tables(opened, TARGETS)[0][0][0] == wanted
    body = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert not re.search("<w:(fldSimple|instrText|fldChar|hyperlink|object)[ />]", body)
    for chart in charts(opened):
        cells = [cell for row in workbook_of(chart)[0].active.iter_rows() for cell in row]
        assert cells and not any(cell.data_type == "f" for cell in cells)
        assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells) and drawn(chart) == in_workbook(chart)


def test_nothing_in_the_file_reaches_out(content):
    for name, part in ((name, zipfile.ZipFile(io.BytesIO(content)).read(name)) for name in zipfile.ZipFile(io.BytesIO(content)).namelist()):
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in part, name


def test_the_file_is_as_old_as_its_data_and_carries_no_foreign_preview(content, opened, report):
    about = opened.core_properties
    assert about.created == about.modified == report.built_at.replace(microsecond=0)
    assert (about.author, about.title) == ("清流", report.title)
    assert not [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "thumbnail" in name]


def test_notes_stand_with_their_author_and_day(report):
    target = report.regions[3].targets.iloc[0]["target_id"]
    note = pd.DataFrame([{"target_id": target, "text": "管网改造延期", "author": "王敏", "day": pd.Timestamp("2026-11-01"),
                          "promised_on": pd.NaT}])
    opened = docx.Document(io.BytesIO(document(replace(report, notes=note))))
    assert tables(opened, "目标（口径）|说明")[0][0][1:] == ["管网改造延期", "—", "王敏", "2026-11-01"]


@pytest.mark.parametrize(("kind", "keys"), [("dispatch", ("themes", "todo", "shares", "sections")),
                                            ("assessment", ("themes", "shares", "todo", "sections"))])
def test_each_kind_has_its_own_order(connection, kind, keys):
    made = document(gather(connection.cursor(), kind, usual_period(kind, DAY), ["500000"], DAY))
    paragraphs = docx.Document(io.BytesIO(made)).paragraphs
    texts = [p.text for p in paragraphs]
    heads = [p.text[3:].split("：")[0] for p in paragraphs[texts.index("二、重庆市"):] if p.style.name == "Heading 2"]
    assert heads[:4] == [t(f"report.word.{key}", n=0, known=0).split("：")[0] for key in keys]


def test_changes_come_first_in_a_bulletin_and_are_those_given(alone):
    figure = {"change": "added", "region": "重庆市", "indicator": "农膜回收率", "scope": "全市", "period_text": "2025", "value": 94.5,
              "unit": "%", "value_text": None, "comparator": None, "publisher": "某局", "title": "公报", "published_on": pd.Timestamp(DAY),
              "value_before": None, "unit_before": None, "value_text_before": None, "comparator_before": None}
    flip = {"region": "重庆市", "name": "农膜回收率", "scope": "全市", "status_before": "到期未报", "status_after": "达标",
            "cause": "figure"}
    made = document(replace(alone, kind="bulletin", since="自 2026-07-01 以来", changes=pd.DataFrame([flip]),
                            figure_changes=pd.DataFrame([figure])))
    opened = docx.Document(io.BytesIO(made))
    heads = [p.text for p in opened.paragraphs if p.style.name == "Heading 2"]
    assert "（一）自 2026-07-01 以来的变化：2 处" in heads
    rows = tables(opened, f"{t('changes.head.change')}|目标（口径）")[0]
    assert rows[0][1:4] == ["农膜回收率（全市）", "到期未报", "达标"]
    assert rows[1][1:4] == ["农膜回收率（全市，2025）", "—", "94.5%"] and "某局" in rows[1][4]


def test_a_repealed_plan_alone_is_shown_but_not_counted(connection):
    opened = docx.Document(io.BytesIO(document(gather(connection.cursor(), "bulletin", usual_period("bulletin", DAY), ["331102"], DAY))))
    assert any("2020-11-27 废止，109 项目标不计入统计" in p.text for p in opened.paragraphs)
    assert not any(p.text.startswith("截至") for p in opened.paragraphs)
    rows = tables(opened, TARGETS)[0]
    assert len(rows) == 109 and {row[4] for row in rows} == {"✕ 已废止"}


def test_a_report_on_all_regions_takes_a_few_seconds_at_most(report):
    started = time.perf_counter()
    document(report)
    assert time.perf_counter() - started < 10


def responsible(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Role and name of the units of each target."""
    rows = connection.execute("""
        SELECT target_id, role, o.name FROM responsibilities JOIN organizations o USING (organization_id) WHERE target_id IS NOT NULL""")
    found: dict[str, list[tuple[str, str]]] = {}
    for target_id, role, name in rows.fetchall():
        found.setdefault(target_id, []).append((role, name))
    return found


def todo_tables(opened) -> list[list[list[str]]]:
    """Those that begin with a row of one cell, which the table of all targets does not."""
    return [rows for rows in tables(opened, "目标（口径）|目标|期限") if len(set(rows[0])) == 1]


def subject(row: dict) -> str:
    return f"{row['name_in_plan']}（{row['scope']}）" if row["scope"] else row["name_in_plan"]


def first_number(words: str) -> float:
    """Of 约 ≥97.3% the 97.3."""
    return float(re.search(r"-?\d+(?:\.\d+)?", words)[0])
