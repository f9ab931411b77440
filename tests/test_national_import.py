"""Importing the national table: all or nothing, the same in every order, safe to repeat and to kill."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etl.import_report import report_lines, write_reports
from etl.national_import import import_national_tables
from etl.problems import DataProblems
from etl.refresh import readings_are_published, refresh
from etl.versions import RefreshBusy, one_writer
from tests.conftest import use_data
from tests.national import HEADINGS, RESULTS, Desk, as_csv, as_reply, as_xlsx, row, shown

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def desk(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Everything happens in an own copy of the data with a published version."""
    shutil.copytree(database.parent.parent, tmp_path / "data")
    use_data(monkeypatch, tmp_path / "data")
    return Desk(tmp_path, tmp_path / "data")


# ── properties ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_file_again_changes_nothing(desk):
    """Not even under another name, or twice in one batch."""
    content = as_csv([row()])
    desk.take_in(content)
    before = desk.state()
    done = import_national_tables([desk.write(content, "again_2022-01.csv")])
    assert (done.new, done.known, done.empty, done.refreshed) == ([], ["again_2022-01.csv"], [], None)
    assert desk.state() == before
    other = as_csv([row(监测时间="04-01 16:00")])
    done = import_national_tables([desk.write(other, "a_2021-04.csv"), desk.write(other, "b_2021-04.csv")])
    assert ([one.carrier.file_name for one in done.new], done.known) == (["a_2021-04.csv"], ["b_2021-04.csv"])
    assert desk.ask("SELECT count(*) FROM imports") == [(2,)]


def test_the_same_rows_in_another_carrier_add_nothing(desk):
    """They are kept as a file of their own; of every reading the first one stands."""
    rows = [row(), row(断面名称="测柳渡", 溶解氧="--")]
    desk.take_in(as_csv(rows))
    before = desk.results()
    done = desk.take_in(as_reply(rows), name="reply_2021-04.json")
    after = desk.results()
    assert {table: after[table] for table in RESULTS if table not in ("imports", "sources", "superseded_readings")} == {
        table: before[table] for table in RESULTS if table not in ("imports", "sources", "superseded_readings")}
    assert [repeat[6] for repeat in after["superseded_readings"]] == ["identical", "identical"]
    assert {line["说明"] for line in desk.report(done) if line["事项"].startswith("重复")} == {
        "以另一文件第 2 行为准", "以另一文件第 3 行为准"}


def test_raw_values_that_come_later_complete_the_same_reading(desk):
    desk.take_in(as_csv([row(水温="19.8")]), as_reply([row(水温=shown("19.8", "原始值：19.81"))]), name="table_2021-04")
    assert desk.values("water_temperature") == [(19.8, 19.81, None)]
    assert desk.ask("SELECT kind FROM superseded_readings") == [("identical",)]
    assert desk.ask("SELECT count(*) FROM superseded_samples") == [(0,)]


def test_an_older_table_does_not_win_over_a_newer_one(desk):
    new, old = as_csv([row(溶解氧="3.1")]), as_csv([row(溶解氧="8.6"), row(监测时间="04-01 16:00", 溶解氧="8.7")])
    desk.take_in(new, fetched_at=datetime(2021, 4, 20, 12))
    desk.take_in(old, fetched_at=datetime(2021, 4, 10, 12))
    assert [value for value, _, _ in desk.values("dissolved_oxygen")] == [3.1, 8.7]
    assert desk.ask("SELECT kind, published_class FROM superseded_readings") == [("revised", "Ⅱ")]


def test_a_revision_keeps_every_former_value(desk):
    """Three tables with three figures: the last one stands, both others are history with their source."""
    for day, value in enumerate(("8.1", "8.2", "8.3"), start=1):
        desk.take_in(as_csv([row(溶解氧=value)]), fetched_at=datetime(2021, 4, day, 20))
    assert desk.values("dissolved_oxygen") == [(8.3, None, None)]
    assert desk.ask("""SELECT s.value, i.fetched_at::DATE::VARCHAR FROM superseded_samples s JOIN imports i USING (source_id)
                       WHERE parameter = 'dissolved_oxygen' ORDER BY 1""") == [(8.1, "2021-04-01"), (8.2, "2021-04-02")]
    assert desk.ask("SELECT DISTINCT kind FROM superseded_readings") == [("revised",)]


def test_a_value_that_comes_back_is_the_last_word(desk):
    for day, value in enumerate(("8.1", "8.2", "8.1"), start=1):
        desk.take_in(as_csv([row(溶解氧=value)]) + b"\r\n" * day, fetched_at=datetime(2021, 4, day, 20))
    assert desk.values("dissolved_oxygen") == [(8.1, None, None)]
    assert desk.ask("SELECT value FROM superseded_samples WHERE parameter = 'dissolved_oxygen'") == [(8.2,)]


CELLS = st.fixed_dictionaries({
    "断面名称": st.sampled_from(["测石桥", "测柳渡", "两河口", "璧南河两河口"]), "省份": st.sampled_from(["浙江省", "重庆市"]),
    "监测时间": st.sampled_from(["04-01 04:00", "04-01 08:00", "12-31 20:00"]), "溶解氧": st.sampled_from(["8.1", "2.3", "--"]),
    "流域": st.sampled_from(["长江流域", "太湖流域"]), "站点情况": st.sampled_from(["正常", "维护"])})


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=3, max_size=3))
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
          phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_the_order_of_imports_does_not_matter(desk, tables):
    """Three files fetched on three days, imported one by one in any order: the same tables, and every row is somewhere."""
    found = []
    for order in itertools.permutations(range(3)):
        shutil.rmtree(desk.data / "readings", ignore_errors=True)
        for place, number in enumerate(order):
            content = as_csv([row(**cells) for cells in tables[number]]) + b"\r\n" * number
            with pytest.MonkeyPatch.context() as patch:
                if place < 2:  # what the first two publish is tested elsewhere
                    patch.setattr("etl.national_import.publish_after", lambda change, *_, **__: change() and None)
                desk.take_in(content, fetched_at=datetime(2021, 4, 2 + number, 9))
        found.append(desk.results())
    assert all(other == found[0] for other in found[1:])
    assert len(found[0]["readings"]) + len(found[0]["superseded_readings"]) == sum(len(table) for table in tables)


def test_a_refresh_gives_what_the_imports_gave(desk):
    """The quick way over the register part and the whole way over everything end in the same tables."""
    for month in range(1, 10, 2):
        desk.take_in(as_csv([row(监测时间=f"{month + day % 2:02d}-0{day} 08:00", 溶解氧=f"{5 + day / 7:.2f}", 断面名称=name)
                             for day in range(1, 4) for name in ("测石桥", "码头", "测库心水库")]), name=f"table_2021-{month + 1:02d}.csv")
    imported = desk.results()
    shutil.rmtree(desk.data / "build")
    refresh()
    assert desk.results() == imported
    assert len(imported["section_classes"]) - 180 == 3 * (10 + 3 + 1)


def test_means_and_classes_of_periods(desk):
    """A month: its samplings; a quarter: two months at least; a year: eight at least, all on raw values, never in maintenance."""
    def table(months: range) -> bytes:
        return as_reply([row(监测时间=f"{month:02d}-01 08:00", 高锰酸盐指数=shown("6.00", f"原始值：{6.001 if month % 2 else 6.003}"))
                         for month in months]
                        + [row(监测时间=f"{month:02d}-02 08:00", 高锰酸盐指数="60", 站点情况="维护") for month in months])

    def found() -> dict[tuple[str, str], tuple]:
        means = desk.ask("""SELECT period_kind, strftime(period_start, '%m'), round(mean, 6), samplings, months, is_sufficient
                            FROM section_means WHERE parameter = 'permanganate_index'""")
        return {mean[:2]: mean[2:] for mean in means}

    classes = """SELECT period_kind, period_text, class, readings FROM section_classes
                 WHERE class_basis = 'computed' ORDER BY section_class_id"""
    desk.take_in(table(range(1, 5)), name="a_2021-12.json")
    assert found() == {
        ("month", "01"): (6.001, 1, 1, True), ("month", "02"): (6.003, 1, 1, True), ("month", "03"): (6.001, 1, 1, True),
        ("month", "04"): (6.003, 1, 1, True), ("quarter", "01"): (6.001667, 3, 3, True), ("quarter", "04"): (6.003, 1, 1, False),
        ("year", "01"): (6.002, 4, 4, False)}
    assert desk.ask(classes) == [
        ("month", "2021 年 1 月", "Ⅳ", 1), ("month", "2021 年 2 月", "Ⅳ", 1),
        ("month", "2021 年 3 月", "Ⅳ", 1), ("month", "2021 年 4 月", "Ⅳ", 1),
        ("quarter", "2021 年 1 季度", "Ⅳ", 3)]
    desk.take_in(table(range(5, 8)), name="b_2021-12.json")
    assert found()["quarter", "04"][1:] == (3, 3, True) and found()["year", "01"][2:] == (7, False)
    desk.take_in(table(range(8, 9)), name="c_2021-12.json")
    assert found()["year", "01"] == (6.002, 8, 8, True) and found()["quarter", "07"][2:] == (2, True)
    assert desk.ask(f"SELECT * FROM ({classes}) WHERE period_kind = 'year'") == [("year", "2021 年", "Ⅳ", 8)]


def test_a_month_weighs_the_same_however_many_samplings_it_has(desk):
    desk.take_in(as_csv([row(监测时间=f"01-{day:02d} 08:00", 溶解氧="10") for day in range(1, 10)] +
                        [row(监测时间="02-01 08:00", 溶解氧="4")]),
                 name="a_2021-03.csv")
    (mean, samplings), = desk.ask("""SELECT mean, samplings FROM section_means
                                     WHERE parameter = 'dissolved_oxygen' AND period_kind = 'quarter'""")
    assert (mean, samplings) == (7.0, 10)


def test_lakes_are_judged_by_the_limits_of_lakes(desk):
    desk.take_in(as_csv([row(断面名称="测库心水库", 总磷="0.06", 总氮="9"), row(断面名称="测石桥", 总磷="0.06", 总氮="9")]))
    assert desk.ask("SELECT s.name, s.water_body_type, r.class FROM readings r JOIN sections s USING (section_id) ORDER BY 1") == [
        ("测库心水库", "lake_reservoir", "Ⅳ"), ("测石桥", "river", "Ⅱ")]


# ── bad input ───────────────────────────────────────────────────────────────────────────────────────────

GOOD = as_csv([row(), row(断面名称="测柳渡"), row(断面名称="测枫桥")])
REPLY = as_reply([row(), row(断面名称="测柳渡")])
BOOK = as_xlsx([row(), row(断面名称="测柳渡")])
PAGE = "<!DOCTYPE html>\n<html><head><title>502</title></head><body><span>稍后再试</span></body></html>".encode()
BAD = [
    ("a.json", REPLY[:41], "JSON 不完整或已损坏（第 1 行第"),
    ("a.json", REPLY[:REPLY.index("水温".encode()) + 1], "JSON 不完整"),
    ("a.json", REPLY[:-1], "JSON 不完整或已损坏"),
    ("a.json", REPLY + REPLY, "JSON 不完整或已损坏"),
    ("a.json", b'{"result": 0}', "缺少 thead 或 tbody"),
    ("a.json", b'{"thead": {}, "tbody": 3}', "thead、tbody 应为列表"),
    ("a.json", b'{"thead": [], "tbody": []}', "缺少省份、断面名称、监测时间、水质类别列"),
    ("a.json", REPLY.replace("测柳渡".encode(), b"\\ud800"), "不成字的转义"),
    ("a.json", REPLY.replace("测柳渡".encode(), b"\xff"), "不是 UTF-8 编码的 JSON"),
    ("a.json", REPLY.replace(b'"records": 2', b'"records": ' + b"1" * 5000), "JSON 已损坏"),
    ("a.json", b'{"tbody": ' + b"[" * 100_000, "JSON 已损坏"),
    ("a.json", as_reply([row(), row()[:-1]]), "应有 17 列，读到 16 列"),
    ("a.csv", GOOD[:-60], "文件不完整或已损坏"),
    ("a.csv", GOOD + b"a,b\r\n", "列数与表头不同（表头 17 列）"),
    ("a.csv", as_csv([row(), [*row(), "1"]]), "列数与表头不同（表头 17 列）"),
    ("a.csv", GOOD.replace("测柳渡".encode(), '"测柳渡'.encode()), "引号不成对"),
    ("a.csv", as_csv([row(水温=shown("1", "原始值：1")), row()[:-1]]), "应有 17 列，读到 16 列"),
    ("a.csv", as_csv([row()], ["甲", *HEADINGS[1:]]), "缺少省份列"),
    ("a.csv", as_csv([row()[:5]], HEADINGS[:5]), "缺少全部监测项目列"),
    ("a.csv", as_csv([[*row(), "1"]], [*HEADINGS, "水温"]), "同一列出现两次"),
    ("a.csv", as_csv([row()])[3:], "缺少省份列"),
    ("a.csv", b"", "文件是空的"),
    ("a.csv", b" \r\n\r\n", "文件是空的"),
    ("a.csv", GOOD.replace(b"7.99", b"7.\x009"), "空字符"),
    ("a.csv", GOOD.decode().encode("utf-16"), "空字符"),
    ("a.csv", GOOD + b"\xff\xff", "既不是 UTF-8 也不是 GBK/GB18030"),
    ("a.json", PAGE, "不是国家水质自动监测表"),
    ("a.csv", PAGE, "不是国家水质自动监测表"),
    ("a.csv", b"<html>" + b"x" * 300_000, "表"),  # the csv module may or may not bound the length of a cell
    ("a.json", b"-1", "不是国家水质自动监测表"),
    ("a.xlsx", BOOK[: len(BOOK) // 2], "不是完好的 XLSX 文件"),
    ("a.xlsx", BOOK[:-10], "不是完好的 XLSX 文件"),
    ("a.xlsx", BOOK.replace(BOOK[600:603], b"\x00\xff\x00", 1), "不是完好的 XLSX 文件"),
    ("a.xlsx", as_xlsx([["x"]], ["名称"]), "没有一张可见的工作表像国家水质自动监测表"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "旧式 Excel"),
]


@pytest.fixture(scope="module")
def settled(database: Path, tmp_path_factory: pytest.TempPathFactory):
    """A copy of the data with one import, for tests in which nothing may change."""
    folder = tmp_path_factory.mktemp("settled")
    shutil.copytree(database.parent.parent, folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        use_data(patch, folder / "data")
        settled = Desk(folder, folder / "data")
        settled.take_in(as_csv([row(断面名称="测旧桥")]))
        yield settled


@pytest.mark.parametrize("name, content, rule", BAD, ids=[f"{number}-{rule}" for number, (_, _, rule) in enumerate(BAD)])
def test_bad_files_change_nothing(settled, name, content, rule):
    """Alone and together with a good one; the message names the file, what is wrong and what to do."""
    before = settled.state()
    bad, good = settled.write(content, name), settled.write(GOOD, "good_2021-04.csv")
    for batch in ([bad], [bad, good], [good, bad]):
        with pytest.raises(DataProblems) as raised:
            import_national_tables(batch)
        problem, = raised.value.problems
        assert problem.file.startswith(name) and rule in problem.rule and problem.remedy
    assert settled.state() == before


def test_missing_files_and_folders(settled, tmp_path):
    before = settled.state()
    with pytest.raises(DataProblems) as raised:
        import_national_tables([tmp_path / "不在.csv", tmp_path, settled.write(b"-1", "cold.json")])
    assert [(problem.file, problem.rule[:4]) for problem in raised.value.problems] == [
        ("不在.csv", "文件不存"), (tmp_path.name, "文件不存"), ("cold.json", "不是国家")]
    assert settled.state() == before


def test_the_line_that_is_wrong_is_named(settled):
    for lines, rows in ((301, [*(row() for _ in range(299)), row()[:-2], *(row() for _ in range(50))]),):
        with pytest.raises(DataProblems) as raised:
            import_national_tables([settled.write(as_csv(rows), "a_2021-04.csv")])
        assert raised.value.problems[0].row == lines
    with pytest.raises(DataProblems) as raised:
        import_national_tables([settled.write(GOOD + b"\xff\xff", "a_2021-04.csv")])
    assert raised.value.problems[0].row == 5
    broken = as_csv([row(), row()[:-2]], [heading.replace("(", "\n(") for heading in HEADINGS], end="\n")
    with pytest.raises(DataProblems) as raised:
        import_national_tables([settled.write(broken, "a_2021-04.csv")])
    assert raised.value.problems[0].row == 2 + 11 + 1  # eleven headings with a line break


@pytest.mark.parametrize("content", [as_csv([]), as_csv([])[:-2], as_reply([]), as_csv([row(监测时间="*"), row(断面名称="--")])])
def test_a_table_without_readings_changes_nothing(settled, content):
    before = settled.state()
    done = import_national_tables([settled.write(content, "a_2021-04.csv")])
    assert (done.new, done.known, done.empty, done.refreshed) == ([], [], ["a_2021-04.csv"], None)
    assert write_reports(done) == [] and settled.state() == before


def test_formulas_and_markup_in_names_stay_text(desk):
    """In the report a spreadsheet must not take them for a formula."""
    names = ["=1+1", "@x", "+cmd|'/c'!A1", "<script>alert(1)</script>", "甲'; DROP TABLE readings; --", '"&nbsp;"']
    done = desk.take_in(as_csv([row(断面名称=name, 水温="99", 监测时间="04-01 04:00") for name in names]), name="=1+1'_2021-04.csv")
    assert {name for name, in desk.ask("SELECT name FROM sections WHERE origin = 'national_table'")} == {
        name.replace(" ", "").replace("(", "（").replace(")", "）") for name in names}
    assert desk.ask("SELECT file_name FROM imports") == [("=1+1'_2021-04.csv",)]
    cells = [line["断面名称"] for line in desk.report(done) if line["事项"].startswith("数值可疑")]
    assert len(cells) == len(names) and {"'=1+1", "'@x", "'+cmd|'/c'!A1"} <= set(cells)
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


def test_markup_in_a_reply_is_taken_off(desk):
    desk.take_in(as_reply([row(断面名称="<script>alert(1)</script>"), row(断面名称="<img src=x onerror=alert(1)>测石桥")]),
                 name="a_2021-04.json")
    assert desk.ask("SELECT name FROM sections WHERE origin = 'national_table' ORDER BY 1") == [("alert（1）",), ("测石桥",)]


def test_a_failure_after_storing_takes_the_readings_back(desk, monkeypatch):
    desk.take_in(as_csv([row()]))
    before = desk.state()

    def fail(*_):
        raise OSError("磁盘已满")
    monkeypatch.setattr("etl.load.record_changes", fail)
    with pytest.raises(OSError, match="磁盘已满"):
        import_national_tables([desk.write(GOOD, "a_2021-04.csv"), desk.write(REPLY, "b_2021-04.json")])
    assert desk.state() == before


def test_a_file_that_cannot_be_stored_takes_the_others_back(desk, monkeypatch):
    desk.take_in(as_csv([row()]))
    before, stored = desk.state(), []

    def replace(source, target):
        if Path(target).suffix == ".parquet":
            stored.append(target)
            if len(stored) == 2:
                raise OSError("磁盘已满")
        os.rename(source, target)
    monkeypatch.setattr("etl.national_import.os.replace", replace)
    with pytest.raises(OSError, match="磁盘已满"):
        import_national_tables([desk.write(GOOD, "a_2021-04.csv"), desk.write(REPLY, "b_2021-04.json")])
    assert len(stored) == 2 and desk.state() == before


@pytest.mark.parametrize("content", [b"PAR1 and nothing else PAR1", "copy", "foreign"])
def test_a_strange_file_among_the_readings_is_named(desk, content):
    """Damaged, copied by a cloud drive, or written by another program: nothing is published, the file is named."""
    desk.take_in(as_csv([row()]))
    good, = (desk.data / "readings").glob("*.parquet")
    strange = desk.data / "readings" / "strange (1).parquet"
    if content == "foreign":
        duckdb.sql("SELECT 1 AS a").write_parquet(str(strange))
    else:
        strange.write_bytes(good.read_bytes() if content == "copy" else content)
    before = desk.state()
    for publish in (refresh, lambda: import_national_tables([desk.write(GOOD, "a_2021-04.csv")])):
        with pytest.raises(DataProblems) as raised:
            publish()
        problem, = raised.value.problems
        assert problem.file == "readings/strange (1).parquet" and "已损坏" in problem.rule
        assert desk.state() == before


# ── interrupted and simultaneous work ───────────────────────────────────────────────────────────────────


def command(desk: Desk, *arguments: str) -> list[str]:
    return [sys.executable, "-u", "-m", "etl", *arguments]


def run(desk: Desk, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(command(desk, *arguments), cwd=ROOT, env={**os.environ, "QINGLIU_DATA": str(desk.data)},
                          capture_output=True, encoding="utf-8", timeout=90)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows 没有 SIGKILL")
def test_killed_imports_leave_all_or_nothing(desk):
    """Eight imports of two files killed at random moments, before, within and after the storing; then one that is left alone."""
    rows = [row(断面名称=f"测{place}桥", 监测时间=f"{month:02d}-01 {hour:02d}:00") for place in range(40) for month in range(1, 5)
            for hour in range(0, 24, 4)]
    files = [desk.write(as_csv(rows), "a_2021-12.csv"), desk.write(as_csv([cells for cells in rows if cells[3] < "03"]), "b_2020-12.csv")]
    moments, seen = random.Random(20210401), set()
    for _ in range(5):
        victim = subprocess.Popen(command(desk, "import", "cnemc", *map(str, files)), cwd=ROOT, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, env={**os.environ, "QINGLIU_DATA": str(desk.data)})
        if moments.random() < 0.6:
            victim.stdout.readline()  # a step is told: the readings are stored, the version is being built
            time.sleep(moments.uniform(0, 0.5))
        else:
            time.sleep(moments.uniform(0.3, 1.2))
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
        counts = dict(desk.ask("SELECT file_name, count(*) FROM readings JOIN imports USING (source_id) GROUP BY ALL"))
        assert counts in ({}, {"a_2021-12.csv": 960, "b_2020-12.csv": 480})
        seen.add((len(counts), len(list((desk.data / "readings").glob("*.parquet")))))
        if len(counts):
            shutil.rmtree(desk.data / "readings")
            refresh()
    assert {stored for _, stored in seen} & {0, 2}
    done = run(desk, "import", "cnemc", *map(str, files))
    assert done.returncode == 0, done.stderr
    assert desk.ask("SELECT count(*) FROM readings") == [(1440,)] and readings_are_published()
    assert not list(desk.data.rglob("*.unfinished")) and not list(desk.data.rglob("*.building*"))


def test_readings_stored_but_never_published_are_published_by_the_next_import(desk):
    """Killed between storing and publishing: the same file again completes it."""
    desk.take_in(GOOD)
    kept = {file.name: file.read_bytes() for file in (desk.data / "readings").glob("*.parquet")}
    shutil.rmtree(desk.data / "readings")
    refresh()
    (desk.data / "readings").mkdir()
    for name, content in kept.items():
        (desk.data / "readings" / name).write_bytes(content)
    assert not readings_are_published() and desk.ask("SELECT count(*) FROM readings") == [(0,)]
    done = desk.take_in(GOOD)
    assert done.refreshed is not None and desk.ask("SELECT count(*) FROM readings") == [(3,)]


def test_two_windows_import_the_same_file(desk):
    """Both end well; the file of the quicker one is not taken away by the slower one's failure."""
    path, failed = desk.write(GOOD), []

    def one_window():
        try:
            import_national_tables([path])
        except BaseException as error:
            failed.append(error)

    windows = [threading.Thread(target=one_window) for _ in range(2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert failed == []
    assert desk.ask("SELECT count(*) FROM imports") == [(1,)] and readings_are_published()


def test_an_import_waits_for_another_writer_and_gives_up(desk, monkeypatch):
    monkeypatch.setattr("etl.refresh.publish_after.__defaults__", (lambda *_: None, False, 0.2))
    before, holds, release = desk.state(), threading.Event(), threading.Event()

    def other():
        with one_writer(0):
            holds.set()
            release.wait(30)
    writer = threading.Thread(target=other)
    writer.start()
    assert holds.wait(10)
    try:
        with pytest.raises(RefreshBusy):
            import_national_tables([desk.write(GOOD)])
    finally:
        release.set()
        writer.join()
    assert desk.state() == before


# ── the report and the command line ─────────────────────────────────────────────────────────────────────


def test_a_clean_table_has_an_empty_report(desk):
    done = desk.take_in(as_csv([row()]))
    report, = write_reports(done)
    assert dict(report.matters) == {} and desk.report(done) == []
    assert (report.standing, report.sections, report.new_sections) == (1, 1, 1)
    assert report_lines(report)[1] == "  读懂 1 行，其中 1 行是该断面该时刻的最终值；1 个断面，新登记 1 个"


def test_a_table_of_maintenance_has_nothing_to_compare(desk):
    done = desk.take_in(as_csv([row(站点情况="维护", 水质类别="*")]))
    report, = write_reports(done)
    assert len(report.compared) == 0 and not any("一致" in line for line in report_lines(report))


REASONS = [
    (row(高锰酸盐指数="6.00", 水质类别="Ⅳ"), "只有修约后的显示值，恰在限值上；原始值可能在限值另一侧"),
    (row(总磷="0.06", 水质类别="Ⅳ"), "按湖、库的总磷限值与发布一致：站点可能在湖、库中，可用 import sections 填“水体类型”"),
    (row(高锰酸盐指数=shown("6.00", "原始值：6.002"), 水质类别="Ⅲ"), "按修约后的显示值与发布一致；按原始值不同"),
    (row(氨氮="--", 水质类别="Ⅴ"), "氨氮没有数值，发布的类别可能用到了它"),
    (row(水质类别="劣Ⅴ"), "按表中的数值不能得出发布的类别"),
]


@pytest.mark.parametrize("cells, reason", REASONS, ids=[reason[:8] for _, reason in REASONS])
def test_why_a_class_differs(desk, cells, reason):
    line, = [line for line in desk.report(desk.take_in(as_reply([cells]), name="a_2021-04.json")) if line["事项"] == "类别与发布的不同"]
    assert line["说明"] == reason and line["值"].endswith(f"发布 {cells[4]}") and (line["行"], line["断面名称"]) == ("1", "测石桥")


def test_command_import(desk):
    """The summary, a second time the plain word that nothing is new, and a table without rows."""
    rows = [row(), row(监测时间="*"), row(断面名称="测柳渡", 水质类别="Ⅴ")]
    good, empty = desk.write(as_reply(rows, records=5), "a_2021-04.json"), desk.write(as_csv([]), "e.csv")
    done = run(desk, "import", "cnemc", str(good), str(empty))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "e.csv：没有可导入的行（每行都缺监测时间或断面名称），没有改动。" in lines
    at = lines.index("a_2021-04.json：JSON，3 行；取数时间 2021-04-30 23:59（按文件名）")
    assert lines[at + 1:at + 4] == ["  读懂 2 行，其中 2 行是该断面该时刻的最终值；2 个断面，新登记 2 个",
        "  回复自称 5 条，实有 3 行", "  未入库：1 行"]
    assert "  类别与发布的不同：1 行，逐行说明见报告" in lines
    report = Path(lines[-1].removeprefix("  报告："))
    assert report.parent == desk.data / "readings" and report.read_bytes().startswith(b"\xef\xbb\xbf")
    before = desk.state()
    again = run(desk, "import", "cnemc", str(good))
    assert (again.returncode, again.stdout.splitlines()[-1], again.stderr) == (0, "a_2021-04.json：这个文件已经导入过，没有改动。", "")
    assert desk.state() == before


def test_command_import_of_a_bad_file(desk):
    before = desk.state()
    done = run(desk, "import", "cnemc", str(desk.write(b"-1", "cold.json")), str(desk.write(GOOD, "good_2021-04.csv")))
    assert done.returncode == 1 and "读懂" not in done.stdout
    first, last = done.stderr.splitlines()
    assert first.startswith("cold.json 第 1 行：不是国家水质自动监测表：缺少省份") and "现在是“-1”。改法：" in first
    assert last == "没有发布，原来的版本照用。"
    assert desk.state() == before


def test_command_import_with_the_moment_of_fetching(desk):
    done = run(desk, "import", "cnemc", str(desk.write(as_csv([row()]), "表.csv")), "--fetched-at", "2019-04-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "取数时间 2019-04-01 23:59（按命令给的时间）" in done.stdout
    assert desk.ask("SELECT strftime(sampled_at, '%Y-%m-%d %H') FROM readings") == [("2019-04-01 12",)]
