"""An office's list of sections over the national table: it places, completes and answers, and a refresh keeps it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from etl.problems import DataProblems
from etl.refresh import refresh
from etl.rules.coordinates import to_wgs84
from etl.section_import import import_and_publish
from tests.conftest import use_data
from tests.national import Desk, as_csv, as_reply, row

ROOT = Path(__file__).resolve().parent.parent
HEADER = "断面名称,省份,城市,县,河流,级别,目标类别,经度,纬度,坐标系,断面编号,国家网名称"


@pytest.fixture
def desk(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A station of the national table that nobody registered."""
    shutil.copytree(database.parent.parent, tmp_path / "data")
    use_data(monkeypatch, tmp_path / "data")
    desk = Desk(tmp_path, tmp_path / "data")
    desk.take_in(as_reply([row(断面名称="<span title='所在地市:丽水市&#10;所属河流:大溪'>测石桥</span>")]), name="reply_2021-04.json")
    return desk


PLACED = "测石桥,浙江省,丽水市,莲都区,大溪,国控,III类,119.9213,28.4512,gcj02,,"


def a_doubtful_one(desk: Desk) -> tuple[str, str, str]:
    """A registered section of Zhejiang that no level, city or river ties to its namesake: (section_id, name, county)."""
    return desk.ask("""
        SELECT s.section_id, s.name, r.name FROM sections s JOIN regions r ON r.region_id = coalesce(s.county_id, s.region_id)
        WHERE s.origin = 'register' AND s.site_kind = 'section' AND s.level IS NULL AND s.national_names IS NULL
          AND s.region_id LIKE '33%' AND s.aliases IS NULL ORDER BY 1""")[0]


def take_in(desk: Desk, *lines: str, name: str = "清单.csv", crs: str | None = None):
    path = desk.write("\n".join([HEADER, *lines, ""]).encode(), name)
    return import_and_publish(path, crs, lambda *_: None)


PLACES = "region_id, county_id, river, level, target_class, longitude, latitude, coordinate_basis, name"


def test_a_list_places_a_section_of_the_national_table(desk):
    """Region, county, target class and converted coordinates; its readings stay with it, also after a refresh."""
    (section_id, readings), = desk.ask("""
        SELECT section_id, count(*) FROM readings JOIN sections USING (section_id) WHERE name = '测石桥' GROUP BY ALL""")
    done = take_in(desk, PLACED)
    assert (done.matched, done.new, done.already_imported) == (1, 0, False)
    longitude, latitude = to_wgs84(119.9213, 28.4512, "gcj02")
    for _ in range(2):
        found, = desk.ask(f"SELECT {PLACES} FROM sections WHERE section_id = '{section_id}'")
        assert found[2:5] == ("大溪", "国控", "Ⅲ") and found[0] in ("331100", "331102") and found[1] == "331102"
        assert found[5:7] == pytest.approx((longitude, latitude), abs=1e-5) and found[5] != 119.9213
        assert found[7:] == ("office_list", "测石桥")
        assert desk.ask(f"SELECT count(*) FROM readings WHERE section_id = '{section_id}'") == [(readings,)]
        assert desk.ask("SELECT count(*) FROM sections WHERE name = '测石桥'") == [(1,)]
        refresh()


def test_readings_that_come_later_find_the_placed_section(desk):
    take_in(desk, PLACED)
    desk.take_in(as_csv([row(断面名称="测石桥", 监测时间="05-01 08:00")]), name="table_2021-05.csv")
    assert desk.ask("""SELECT count(*), count(DISTINCT section_id) FROM readings JOIN sections USING (section_id)
                       WHERE name = '测石桥'""") == [(2, 1)]


def test_a_list_may_come_before_the_table(desk):
    take_in(desk, "测柳渡,浙江省,丽水市,莲都区,大溪,国控,Ⅱ,119.9,28.4,wgs84,,")
    desk.take_in(as_csv([row(断面名称="测柳渡")]), name="table_2021-06.csv")
    assert desk.ask("SELECT origin, target_class FROM sections WHERE name = '测柳渡'") == [("office_list", "Ⅱ")]
    assert desk.ask("SELECT count(*) FROM readings JOIN sections USING (section_id) WHERE name = '测柳渡'") == [(1,)]


def test_a_doubtful_name_is_answered_by_number_and_national_name(desk):
    """Until then the readings stand apart and the report asks; after it they belong to the registered section."""
    section_id, name, county = a_doubtful_one(desk)
    done = desk.take_in(as_csv([row(断面名称=name, 监测时间="06-01 08:00")]), name="table_2021-06.csv")
    (national_id, doubted, reason), = desk.ask(f"SELECT * FROM doubtful_matches WHERE section_id = '{section_id}'")
    assert (doubted, reason) == (section_id, "只有名称和省份相同") and national_id.startswith("national-330000-")
    line, = [line for line in desk.report(done) if line["事项"] == "是否登记断面待确认"]
    assert line["说明"].startswith(f"登记的 {section_id}：只有名称和省份相同。") and "国家网名称" in line["说明"]
    assert desk.ask(f"SELECT count(*) FROM readings WHERE section_id = '{section_id}'") == [(0,)]
    answered = take_in(desk, f"{name},浙江省,,{county},,,,,,,{section_id},{name}")
    assert (answered.matched, answered.new) == (1, 0)
    for _ in range(2):
        assert desk.ask(f"SELECT count(*) FROM readings WHERE section_id = '{section_id}'") == [(1,)]
        assert desk.ask(f"SELECT count(*) FROM doubtful_matches WHERE section_id = '{section_id}'") == [(0,)]
        assert desk.ask(f"SELECT count(*) FROM sections WHERE section_id = '{national_id}'") == [(0,)]
        refresh()


def test_the_same_list_again_publishes_nothing(desk):
    take_in(desk, PLACED)
    before = desk.state()
    assert take_in(desk, PLACED, name="清单2.csv").already_imported
    assert desk.state() == before


@pytest.mark.parametrize("line, rule", [
    (PLACED.replace("gcj02", "百度"), "不认识的坐标系"), (PLACED.replace("III类", "很好"), "不认识的水质类别"),
    (PLACED.replace("丽水市", "重庆市"), "不在浙江省"), (PLACED.replace(",,", ",999999-x,"), "没有这个编号的断面")])
def test_a_bad_list_changes_nothing(desk, line, rule):
    before = desk.state()
    with pytest.raises(DataProblems) as raised:
        take_in(desk, line)
    assert rule.replace(" ", "") in raised.value.problems[0].rule.replace(" ", "")
    assert desk.state() == before


def test_a_list_that_cannot_be_published_is_taken_back(desk, monkeypatch):
    before = desk.state()

    def fail(*_):
        raise OSError("磁盘已满")
    monkeypatch.setattr("etl.load.record_changes", fail)
    with pytest.raises(OSError, match="磁盘已满"):
        take_in(desk, PLACED)
    assert desk.state() == before


def test_the_command(desk):
    path = desk.write("\n".join([HEADER + ",备注", PLACED + ",x", ""]).encode(), "清单.csv")
    bad = desk.write("\n".join([HEADER, PLACED.replace("gcj02", ""), ""]).encode(), "坏.csv")

    def run(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-m", "etl", "import", "sections", *arguments], cwd=ROOT, encoding="utf-8",
                              env={**os.environ, "QINGLIU_DATA": str(desk.data)}, capture_output=True, timeout=90)

    before = desk.state()
    refused = run(str(bad))
    assert refused.returncode == 1 and "坐标系" in refused.stderr and "--crs" in refused.stderr
    assert refused.stderr.splitlines()[-1] == "没有发布，原来的版本照用。" and desk.state() == before
    done = run(str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == ["没有用到的列：备注", "清单.csv：1 个断面对上已有的，新登记 0 个。"]
    again = run(str(path))
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "清单.csv：这个文件已经导入过，没有改动。")
