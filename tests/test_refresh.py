"""A refresh publishes all or nothing, disturbs no reader and survives being killed."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from etl.problems import DataProblems
from etl.refresh import STEPS, build_if_missing, refresh
from etl.versions import (
    KEEP_VERSIONS,
    RefreshBusy,
    current_file,
    drop_old_versions,
    fits_this_program,
    one_writer,
    open_read_only,
    publish,
)

ROOT = Path(__file__).resolve().parent.parent


def change(data: Path, table: str, key: str, **cells: str) -> int:
    """Write cells of one row of a file; the line of that row."""
    path = data / table
    frame = pd.read_csv(path, dtype="string", keep_default_na=False)
    at, = frame.index[frame.iloc[:, 0] == key]
    for column, cell in cells.items():
        frame.loc[at, column] = cell
    frame.to_csv(path, index=False)
    return at + 2  # no cell of the register holds a line break


def published(data: Path) -> tuple[str, set[str]]:
    """The pointer and the files beside it, other than the lock, the register part and the extracts of versions."""
    build = data / "build"
    names = {p.name for p in build.iterdir() if p.is_file() and not p.match("register-*.duckdb")} - {"refresh.lock"}
    return (build / "current.json").read_text(encoding="utf-8"), names


def answer(file: Path, question: str) -> list[tuple]:
    with duckdb.connect(file, read_only=True) as connection:
        return connection.execute(question).fetchall()


def test_publishes_a_version_and_a_pointer(data):
    shutil.rmtree(data / "build")
    assert current_file() is None
    told = []
    made = refresh(lambda *step: told.append(step))
    assert told == [(name, number, len(STEPS)) for number, name in enumerate(STEPS, start=1)]
    assert made.file == current_file() == data / "build" / f"qingliu-{made.version}.duckdb"
    pointer, files = published(data)
    assert json.loads(pointer) == {"version": made.version, "file": made.file.name}
    assert files == {"current.json", made.file.name}
    assert answer(made.file, "SELECT version, target_count, observation_count FROM loads") == [
        (made.version, made.targets, made.observations)]
    assert made.changes == 0 and answer(made.file, "SELECT count(*) FROM changes") == [(0,)]


def test_what_changed_and_what_it_changes(data):
    """Nothing touched, nothing reported; a new figure is reported, and the judgement that rests on it turns."""
    first = current_file()
    assert answer(first, "SELECT status FROM attainment('2021-06-30') WHERE target_id = 'yongjia-003'") == [("达标",)]
    assert refresh().changes == 0
    change(data, "observations/2026-11-22-plans.csv", "yongjia-2021-s006", value="90.1")
    change(data, "observations/2026-11-22-plans.csv", "yongjia-2021-s109", value="90.1")
    links = data / "register" / "measure_targets.csv"
    *rest, last = links.read_text(encoding="utf-8").splitlines()
    links.write_text("\n".join([*rest, "lishui-m001,lishui-002", ""]), encoding="utf-8")
    made = refresh()
    rows = answer(made.file, 'SELECT version, "table", key, change FROM changes')
    assert len(rows) == made.changes and {version for version, *_ in rows} == {made.version}
    assert ("observations", "yongjia-2021-s006", "changed") in [row[1:] for row in rows]
    assert any(table == "judgements" and key.startswith("yongjia-003|") for _, table, key, _ in rows)
    assert [row[2:] for row in rows if row[1] == "measure_targets"] == [
        ("lishui-m001|lishui-002", "added"), (last.replace(",", "|"), "removed")]
    assert not any(table in ("targets", "measures", "sections") for _, table, *_ in rows)
    assert answer(made.file, "SELECT status, actual_value FROM attainment('2021-06-30') WHERE target_id = 'yongjia-003'") == [
        ("未达标", 90.1)]
    assert answer(first, "SELECT status FROM attainment('2021-06-30') WHERE target_id = 'yongjia-003'") == [("达标",)]
    assert len(answer(made.file, "SELECT version FROM loads")) == 3


@pytest.mark.parametrize("table, key, cells, column", [
    ("register/targets.csv", "liandu-050", {"value": "三万"}, "value"),  # a cell
    ("register/targets.csv", "liandu-050", {"unit": "万元"}, "unit"),  # a rule between tables
])
def test_bad_data_publish_nothing(data, table, key, cells, column):
    before, line = published(data), change(data, table, key, **cells)
    with pytest.raises(DataProblems) as raised:
        refresh()
    problem, = raised.value.problems
    assert (problem.file, problem.row, problem.column, problem.found) == (table, line, column, cells[column])
    assert published(data) == before
    assert answer(current_file(), "SELECT count(*) > 300 FROM targets") == [(True,)]


def test_failure_halfway_publishes_nothing(data, monkeypatch):
    """Whatever breaks after the checks, the half-made file goes and the error is not swallowed."""
    def fail(*_):
        raise OSError("磁盘已满")
    monkeypatch.setattr("etl.assess.judgements", fail)
    before = published(data)
    with pytest.raises(OSError, match="磁盘已满"):
        refresh()
    assert published(data) == before


def test_keeps_the_last_five_versions(data):
    build = data / "build"
    (build / "my-notes.txt").write_text("不是版本", encoding="utf-8")
    for day in range(1, 8):
        shutil.copy(current_file(), build / f"qingliu-2020010{day}T000000000000-00000000.duckdb")
    made = refresh()
    kept = sorted(path.name for path in build.glob("qingliu-*.duckdb"))
    assert len(kept) == KEEP_VERSIONS == 5
    assert kept[-1] == made.file.name
    assert kept[:3] == [f"qingliu-2020010{day}T000000000000-00000000.duckdb" for day in (5, 6, 7)]
    assert (build / "my-notes.txt").exists()


def test_version_in_use_is_kept_though_others_look_newer(data):
    """The clock of a laptop may have been wrong."""
    for day in range(1, 8):
        (data / "build" / f"qingliu-2099010{day}T000000000000-00000000.duckdb").touch()
    in_use = current_file()
    drop_old_versions(keep=[in_use])
    assert current_file() == in_use
    assert len(list((data / "build").glob("qingliu-2099*"))) == KEEP_VERSIONS


def garbage(_: Path) -> bytes:
    return b"no database at all\x00" * 1000


def half(good: Path) -> bytes:
    content = good.read_bytes()
    return content[: len(content) // 2]


def hole_inside(good: Path) -> bytes:
    content = good.read_bytes()
    return content[:600_000] + bytes(len(content) - 600_000)


def foreign_tables(good: Path) -> bytes:
    other = good.with_name("other.db")
    with duckdb.connect(other) as connection:
        connection.execute("CREATE TABLE loads (a INTEGER)")
    return other.read_bytes()


def foreign_format(good: Path) -> bytes:
    """DuckDB would download an extension to read it, unless told what to expect."""
    other = good.with_name("other.sqlite")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE loads (a INTEGER)")
    return other.read_bytes()


@pytest.mark.parametrize("content", [garbage, half, hole_inside, foreign_tables, foreign_format])
def test_damaged_previous_version_stops_nothing(data, caplog, content):
    previous = current_file()
    previous.write_bytes(content(previous))
    with caplog.at_level(logging.WARNING):
        made = refresh()
    warning, = [record.getMessage() for record in caplog.records]
    assert warning.startswith(f"上一版本 {previous.name} ") and "不列变更" in warning
    assert "extension" not in warning
    assert (made.changes, current_file()) == (0, made.file)
    assert answer(made.file, "SELECT count(*) FROM changes") == [(0,)]


@pytest.mark.parametrize("pointer", [
    None, b"", b"\xff\xfe\x00", b"null", b"[]", b"{", b"{}", b'{"file": null}', b'{"file": ""}', b'{"file": ".."}',
    b'{"file": "qingliu-gone.duckdb"}', b'{"file": "refresh.lock.d"}',
])
def test_no_usable_pointer_means_no_database(data, pointer):
    (data / "build" / "refresh.lock.d").mkdir()
    path = data / "build" / "current.json"
    path.unlink() if pointer is None else path.write_bytes(pointer)
    assert current_file() is None


def test_pointer_reaches_no_file_outside(data):
    (data / "secret.duckdb").touch()
    publish("x", data / "build" / "x")
    (data / "build" / "current.json").write_text('{"file": "../secret.duckdb"}', encoding="utf-8")
    assert current_file() is None


def test_build_if_missing_builds_only_then(data):
    before = published(data)
    build_if_missing(None, lambda *_: pytest.fail("built although there is a version"))
    assert published(data) == before
    unusable = current_file()
    build_if_missing(unusable, lambda *_: None)
    assert current_file() not in (None, unusable)


def test_second_writer_waits_and_gives_up(data):
    before, holds, release = published(data), threading.Event(), threading.Event()

    def first_writer():
        with one_writer(0):
            holds.set()
            release.wait(30)

    writer = threading.Thread(target=first_writer)
    writer.start()
    assert holds.wait(10)
    began = time.perf_counter()
    with pytest.raises(RefreshBusy, match="另一个窗口正在更新数据"):
        refresh(wait_seconds=0.3)
    waited = time.perf_counter() - began
    release.set()
    writer.join()
    assert 0.3 <= waited < 10
    assert published(data) == before


def test_second_writer_gets_its_turn(data):
    holds, finished = threading.Event(), []

    def first_writer():
        with one_writer(0):
            holds.set()
            time.sleep(0.2)
            finished.append("first")

    writer = threading.Thread(target=first_writer)
    writer.start()
    assert holds.wait(10)
    with one_writer(30):
        assert finished == ["first"]
    writer.join()


def test_twenty_sessions_read_through_ten_refreshes(data):
    """A session holds the file it opened: its figures never change under it; a new one sees a whole version, old or new."""
    question = """
        SELECT value, (SELECT value FROM observations WHERE observation_id = 'yongjia-2021-s109'),
               (SELECT max_by(version, built_at) FROM loads)
        FROM observations WHERE observation_id = 'yongjia-2021-s006'"""
    written, seen, failed, stop = {}, [], [], threading.Event()
    with open_read_only(current_file()) as opened:
        value, _, version = opened.execute(question).fetchone()
        written[version] = value

    def session():
        held = open_read_only(current_file())
        first = held.execute(question).fetchone()
        while not stop.is_set():
            try:
                with open_read_only(current_file()) as fresh:
                    seen.append(fresh.execute(question).fetchone())
                if held.execute(question).fetchone() != first:
                    failed.append("a held version changed")
            except duckdb.Error as error:
                failed.append(error)
            time.sleep(1)
        held.close()

    threads = [threading.Thread(target=session) for _ in range(20)]
    for thread in threads:
        thread.start()
    for turn in range(10):
        value = 90.1 + turn / 10
        for figure in ("yongjia-2021-s006", "yongjia-2021-s109"):
            change(data, "observations/2026-11-22-plans.csv", figure, value=f"{value:.1f}")
        written[refresh().version] = round(value, 1)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert all(one == other == written[version] for one, other, version in seen)
    assert len({version for *_, version in seen}) > 3


# ── the command line, as a person starts it ─────────────────────────────────────────────────────────────


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "etl", *arguments], cwd=ROOT, env={**os.environ, "QINGLIU_DATA": str(data)},
                          capture_output=True, encoding="utf-8", timeout=60)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows 没有 SIGKILL")
def test_killed_refresh_leaves_the_last_version(data):
    """Five refreshes killed at random moments of their work; then one that is left alone."""
    moments = random.Random(20261122)
    started = 0
    for _ in range(5):
        victim = subprocess.Popen([sys.executable, "-u", "-m", "etl", "refresh"], cwd=ROOT, stdout=subprocess.PIPE,
                                  env={**os.environ, "QINGLIU_DATA": str(data)})
        started += bool(victim.stdout.readline())  # the first step is told: the work has begun
        time.sleep(moments.uniform(0, 1.2))
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
        assert answer(current_file(), "SELECT count(*) > 300 FROM targets") == [(True,)]
        assert len(answer(current_file(), "SELECT * FROM attainment('2026-11-22')")) > 300
    assert started == 5
    made = refresh()
    _, files = published(data)
    assert {name for name in files if not name.startswith("qingliu-") or not name.endswith(".duckdb")} <= {"current.json", "current.new"}
    assert current_file() == made.file


def test_command_line_without_a_database(data):
    shutil.rmtree(data / "build")
    for command in ("path", "status"):
        done = run(data, command)
        assert (done.returncode, done.stdout) == (1, "")
        assert "python -m etl refresh" in done.stderr and "Traceback" not in done.stderr


def test_command_path(data):
    done = run(data, "path")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{current_file()}\n", "")


def test_command_refresh(data):
    before = current_file()
    done = run(data, "refresh")
    assert (done.returncode, done.stderr) == (0, "")
    *steps, last = done.stdout.splitlines()
    assert steps == [f"{number}/{len(STEPS)} {name}" for number, name in enumerate(STEPS, start=1)]
    assert current_file() != before
    assert last.startswith(f"已发布 {json.loads(published(data)[0])['version']}：") and "变动 0 行" in last


def test_command_refresh_with_bad_data(data):
    before = published(data)
    cell = change(data, "register/targets.csv", "liandu-050", value="三万", binding="必须")
    unit = change(data, "register/projects.csv", "yongjia-p01", start_year="2020年")
    done = run(data, "refresh")
    assert done.returncode == 1 and "已发布" not in done.stdout
    lines = done.stderr.splitlines()
    assert f"register/targets.csv 第 {cell} 行 “value”列：应为数字，现在是“三万”。改法：改成数字，没有就留空" in lines
    assert f"register/targets.csv 第 {cell} 行 “binding”列：只能是 约束性、预期性，现在是“必须”。改法：按规定的写法改正" in lines
    assert f"register/projects.csv 第 {unit} 行 “start_year”列：应为整数，现在是“2020年”。改法：改成整数，没有就留空" in lines
    assert lines[-1] == "没有发布，原来的版本照用。" and len(lines) == 4
    assert published(data) == before


def test_command_status_in_a_pipe(data):
    """Whole lines with tabs between the cells, however narrow the window: they go into another program."""
    done = run(data, "status")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"版本 {json.loads(published(data)[0])['version']}，")
    regions = {line.split("\t")[0]: line.split("\t") for line in lines if line.split("\t")[0] in
               ("丽水市", "永嘉县", "莲都区", "重庆市", "随州市") and len(line.split("\t")) == 10}
    assert len(regions) == 5
    assert all(int(row[1]) == sum(int(cell) for cell in row[2:8]) for row in regions.values())
    overdue = lines[next(n for n, line in enumerate(lines) if line.startswith("# 到期未报")) + 2:]
    assert lines[-len(overdue) - 2] == f"# 到期未报 {len(overdue)} 项"
    expected = answer(current_file(), f"""
        SELECT target_id, t.name_in_plan, t.scope, t.clause FROM attainment(DATE '{date.today()}') JOIN targets t USING (target_id)
        WHERE status = '到期未报' AND t.duplicate_of IS NULL ORDER BY target_id""")
    assert sorted((row[1], row[2], row[3], row[5]) for row in (line.split("\t") for line in overdue)) == expected


def test_command_verify_without_the_documents(data, tmp_path):
    done = run(data, "verify", "--sources", str(tmp_path))
    assert done.returncode == 1 and "核对通过" not in done.stdout
    assert done.stderr.count("register/documents.csv 第 ") == 5 and "核对没有通过：5 处" in done.stderr


@pytest.mark.skipif(not (ROOT.parent / "shared" / "sources").is_dir(), reason="规划文件原文不在旁边")
def test_command_verify(data):
    done = run(data, "verify", "--sources", str(ROOT.parent / "shared" / "sources"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("核对通过：5 份文件")


def test_unknown_command_fails(data):
    assert run(data, "refesh").returncode != 0


def test_a_version_built_before_an_update_of_the_program_is_built_again(data):
    old = current_file()
    with open_read_only(old) as connection:
        assert fits_this_program(connection)
    with duckdb.connect(old) as connection:
        connection.execute("UPDATE loads SET schema_sha256 = 'older'")
    with open_read_only(old) as connection:
        assert not fits_this_program(connection)
    build_if_missing(old, lambda *_: None)
    with open_read_only(current_file()) as connection:
        assert fits_this_program(connection)
