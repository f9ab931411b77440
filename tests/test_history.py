"""Every version leaves a small extract, two extracts tell what changed, and nothing about them stops a refresh."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboard import change_queries
from etl import history, meetings
from etl.refresh import Refreshed, publish_after, refresh
from etl.versions import current_file, open_read_only
from tests.conftest import use_data

TODAY = date(2026, 11, 22)
MOST_BYTES = 300_000
QUESTIONS = ("target_changes", "figure_changes", "issue_changes", "import_changes", "count_changes")


@pytest.fixture(scope="module")
def data(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An own copy of the data with a published version."""
    folder = tmp_path_factory.mktemp("history") / "data"
    shutil.copytree(database.parent.parent, folder)
    with pytest.MonkeyPatch.context() as patch:
        use_data(patch, folder)
        yield folder


@pytest.fixture(scope="module")
def edited(data: Path) -> tuple[Path, Refreshed, str, str]:
    """The extract before, and the version after a figure was changed, another removed, a third added, and an issue noted."""
    before = history.kept_extracts()[0].file
    with open_read_only(current_file()) as connection:
        judged, = connection.execute("""
            SELECT a.observation_id FROM attainment(current_date) a JOIN observations o USING (observation_id)
            WHERE a.status = '达标' AND a.duplicate_of IS NULL AND o.observation_id LIKE 'pub-%' AND a.comparator = '>=' AND a.unit = '%'
            ORDER BY 1 LIMIT 1""").fetchone()
        idle, = connection.execute("""
            SELECT o.observation_id FROM observations o WHERE observation_id LIKE 'pub-%' AND value IS NOT NULL
              AND NOT EXISTS (FROM judgements j
                              WHERE o.observation_id IN (j.observation_id, j.latest_observation_id, j.earlier_observation_id))
              AND NOT EXISTS (FROM document_issue_passages p WHERE p.observation_id = o.observation_id)
            ORDER BY 1 LIMIT 1""").fetchone()
    figures = data / "observations" / "2026-11-22-bulletins.csv"
    frame = pd.read_csv(figures, dtype="string", keep_default_na=False)
    frame.loc[frame["observation_id"] == judged, "value"] = "1.5"
    added = frame[frame["observation_id"] == idle].assign(observation_id="pub-new", period_start="1999-01-01", period_end="1999-12-31",
                                                         period_kind="year", period_text="1999")
    pd.concat([frame[frame["observation_id"] != idle], added]).to_csv(figures, index=False)
    issues = data / "register" / "document_issues.csv"
    noted = pd.read_csv(issues, dtype="string", keep_default_na=False)
    pd.concat([noted, noted.tail(1).assign(issue_id="issue-new", description="新发现的问题")]).to_csv(issues, index=False)
    places = data / "register" / "document_issue_passages.csv"
    passages = pd.read_csv(places, dtype="string", keep_default_na=False)
    same = passages[passages["issue_id"] == noted["issue_id"].iloc[-1]]
    pd.concat([passages, same.assign(issue_id="issue-new")]).to_csv(places, index=False)
    return before, refresh(), judged, idle


def publish_again() -> Refreshed:
    """A version of the same data, quickly."""
    return publish_after(lambda: lambda: None, may_reuse_register=True)


def asked(question: str, before: Path, after: Path | None, today: date = TODAY) -> pd.DataFrame:
    """A question of the page; without `after` it asks the published version."""
    with open_read_only(current_file()) if after is None else duckdb.connect() as connection:
        return getattr(change_queries, question)(connection.cursor(), str(before), str(after) if after else None, today)


def written(file: Path, *rows: dict, day: date = TODAY, rules: str = "1") -> Path:
    """An extract of these rows."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE extract ({history.COLUMNS})")
        for row in ({"part": "version", "key": file.stem, "day": day, "rules_version": rules, "built_at": datetime(2026, 1, 1)}, *rows):
            places = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO extract ({', '.join(row)}) VALUES ({places})", list(row.values()))
        connection.table("extract").write_parquet(str(file))
    return file


def figure(key: str, value: float | None, place: str = "a", **more) -> dict:
    return {"part": "figure", "key": key, "region": "重庆市", "indicator": place, "subject": place, "comparator": "=", "value": value,
            "unit": "%", **more}


def target(status: str, **more) -> dict:
    return {"part": "target", "key": "t", "region": "重庆市", "name": "目标", "status": status, "comparator": ">=",
            "terms": ">= 90 % 2025-12-31", "deadline": date(2025, 12, 31), **more}


def test_a_version_leaves_a_small_extract_of_what_it_says(edited):
    _, made, *_ = edited
    kept = history.kept_extracts()[0]
    assert kept.version == made.version
    assert kept.file.stat().st_size < MOST_BYTES
    assert kept.built_at == datetime.strptime(made.version[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    with open_read_only(made.file) as connection:
        stated = connection.execute("""
            SELECT status, count(*) FROM attainment(?) WHERE duplicate_of IS NULL GROUP BY ALL ORDER BY ALL""", [date.today()]).fetchall()
        said = connection.execute("SELECT status, count(*) FROM read_parquet(?) WHERE part = 'target' GROUP BY ALL ORDER BY ALL",
                                  [str(kept.file)]).fetchall()
        figures, = connection.execute("SELECT count(*) FROM read_parquet(?) WHERE part = 'figure'", [str(kept.file)]).fetchone()
    assert said == stated
    assert figures == made.observations
    assert {file.suffix for file in kept.file.parent.iterdir()} == {".parquet"}


def test_tells_what_changed_between_two_versions(edited):
    before, made, judged, idle = edited
    figures = asked("figure_changes", before, history.extract_file(made.version)).set_index("change")
    assert figures.index.tolist() == ["changed", "withdrawn", "added"]
    assert (figures.loc["changed", "observation_id"], figures.loc["changed", "value"]) == (judged, 1.5)
    assert figures.loc["changed", "value_before"] > 1.5
    assert figures.loc["withdrawn", "observation_id_before"] == idle
    assert figures.loc["added", "observation_id"] == "pub-new"
    flips = asked("target_changes", before, history.extract_file(made.version))
    assert len(flips) >= 1
    assert set(flips["cause"]) == {"figure"}
    assert set(zip(flips["status_before"], flips["status_after"])) == {("达标", "未达标")}
    issues = asked("issue_changes", before, history.extract_file(made.version)).set_index("issue_id")
    assert issues.loc["issue-new", ["change", "description"]].tolist() == ["added", "新发现的问题"]
    counts = asked("count_changes", before, history.extract_file(made.version)).set_index("name")
    assert "observations" not in counts.index  # one came, one went
    assert counts.loc["document_issues", "rows_after"] > counts.loc["document_issues", "rows_before"]


def test_the_published_version_answers_like_its_extract(edited):
    before, made, *_ = edited
    for question in QUESTIONS:
        pd.testing.assert_frame_equal(asked(question, before, None, date.today()),
                                      asked(question, before, history.extract_file(made.version)))


def test_nothing_changed_between_two_equal_versions(edited):
    first = history.kept_extracts()[0].file
    publish_again()
    second = history.kept_extracts()[0].file
    assert second != first
    for question in QUESTIONS:
        assert asked(question, first, second).empty


@pytest.mark.parametrize(("before", "after", "expected"), [
    pytest.param([figure("x", 1)], [figure("x", 1, superseded_by="y"), figure("y", 2)], [("changed", "x", "y")], id="replaced"),
    pytest.param([figure("x", 1, superseded_by="y"), figure("y", 2)], [figure("x", 1)], [("changed", "y", "x")], id="undone"),
    pytest.param([figure("x", 1, superseded_by="y"), figure("y", 2)], [figure("x", 1, superseded_by="z"), figure("z", 3)],
                 [("changed", "y", "z")], id="undone and replaced"),
    pytest.param([figure("x", 1, "old place")], [figure("x", 1, "old place", superseded_by="y"), figure("y", 2, "new place")],
                 [("changed", "x", "y")], id="replaced by one of another period"),
    pytest.param([figure("x", 1), figure("x2", 1)], [figure("x", 1, superseded_by="y"), figure("x2", 1, superseded_by="y"), figure("y", 2)],
                 [("changed", "x", "y")], id="published twice and replaced once"),
    pytest.param([figure("x", 1, superseded_by="y"), figure("x2", 1, superseded_by="y"), figure("y", 2)], [figure("x", 1), figure("x2", 1)],
                 [("changed", "y", "x")], id="published twice and undone once"),
    pytest.param([figure("x", 1), figure("x2", 3)], [figure("x", 1, superseded_by="y"), figure("x2", 3, superseded_by="y"), figure("y", 2)],
                 [("changed", "x", "y"), ("changed", "x2", "y")], id="two values replaced by one"),
    pytest.param([], [figure("x", 1), figure("x2", 1)], [("added", None, "x"), ("added", None, "x2")], id="published twice"),
    pytest.param([figure("x", 1)], [figure("y", 1.5)], [("changed", "x", "y")], id="another of the same subject"),
    pytest.param([figure("x", 1)], [figure("y", 1, "b")], [("withdrawn", "x", None), ("added", None, "y")], id="another subject"),
    pytest.param([figure("x", 1, status="provisional")], [figure("x", 1, status="final")], [("changed", "x", "x")], id="became final"),
    pytest.param([figure("x", None, value_text="Ⅱ")], [figure("x", None, value_text="Ⅱ")], [], id="same"),
])
def test_a_figure_that_replaces_another_is_a_change(tmp_path, before, after, expected):
    rows = asked("figure_changes", written(tmp_path / "b.parquet", *before), written(tmp_path / "a.parquet", *after))
    found = [tuple(None if pd.isna(cell) else cell for cell in row)
             for row in rows[["change", "observation_id_before", "observation_id"]].itertuples(index=False)]
    assert found == expected


FORESEEN = [{"valid_from": date(2025, 1, 1), "status": "数据未出"}, {"valid_from": date(2026, 1, 1), "status": "到期未报"}]


@pytest.mark.parametrize(("before", "after", "rules", "cause"), [
    (target("数据未出", later=FORESEEN), target("到期未报"), "1", "deadline"),
    (target("数据未出", later=FORESEEN), target("达标", judged_by="x"), "1", "figure"),
    (target("达标", later=[{"valid_from": date(2026, 3, 1), "status": "已废止"}]), target("已废止"), "1", "repealed"),
    (target("达标", judged_by="x"), target("到期未报"), "1", "withdrawn"),
    (target("达标", judged_by="x"), target("未达标", judged_by="x", terms=">= 95 % 2025-12-31"), "1", "terms"),
    (target("达标", judged_by="x"), target("未达标", judged_by="x"), "2", "rules"),
    (target("定性待评", comparator="text"), target("达标", comparator="text"), "1", "verdict"),
])
def test_says_why_a_status_changed(tmp_path, before, after, rules, cause):
    row, = asked("target_changes", written(tmp_path / "b.parquet", before, day=date(2025, 10, 15)),
                 written(tmp_path / "a.parquet", after, rules=rules)).to_dict("records")
    assert row["cause"] == cause
    assert (row["status_before"], row["status_after"]) == (before["status"], after["status"])


def test_lists_imported_files_and_targets_that_come_and_go(tmp_path):
    file = {"part": "import", "key": "s1", "kind": "readings", "name": "国控.json", "rows": 120, "sections": 30}
    empty, full = written(tmp_path / "b.parquet"), written(tmp_path / "a.parquet", file, target("数据未出"))
    assert asked("import_changes", empty, full)[["change", "name", "rows", "sections"]].values.tolist() == [["added", "国控.json", 120, 30]]
    assert asked("import_changes", full, empty)["change"].tolist() == ["withdrawn"]
    assert asked("target_changes", empty, full)["cause"].tolist() == ["added"]
    assert asked("target_changes", full, empty)["cause"].tolist() == ["removed"]


def test_an_extract_with_fewer_columns_can_still_be_compared(tmp_path):
    older = tmp_path / "older.parquet"
    with duckdb.connect() as connection:
        connection.sql("SELECT 'version' AS part, 'v' AS key, DATE '2025-01-01' AS day").write_parquet(str(older))
    assert asked("figure_changes", older, written(tmp_path / "a.parquet", figure("x", 1)))["change"].tolist() == ["added"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 900, None])
def test_a_damaged_or_missing_extract_is_no_moment(tmp_path, content):
    file = tmp_path / "damaged.parquet"
    if content is not None:
        file.write_bytes(content)
    with duckdb.connect() as connection:
        assert change_queries.moment(connection.cursor(), str(file), TODAY).empty


def test_an_extract_cut_in_the_middle_is_no_moment(edited, tmp_path):
    whole = edited[0].read_bytes()
    file = tmp_path / "cut.parquet"
    with duckdb.connect() as connection:
        for length in (len(whole) // 2, len(whole) - 4):
            file.write_bytes(whole[:length])
            assert change_queries.moment(connection.cursor(), str(file), TODAY).empty


def test_a_version_is_published_even_if_its_extract_cannot_be_written(data, monkeypatch, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(history, "extract_file", lambda version: tmp_path / "file" / f"{version}.parquet")
    made = publish_again()
    assert current_file() == made.file
    assert f"版本 {made.version} 没有留下摘要" in caplog.text


def test_a_version_that_was_not_published_leaves_no_extract(data, monkeypatch):
    before = history.kept_extracts()

    def fail(*_):
        raise OSError("no")

    monkeypatch.setattr("etl.refresh.publish", fail)
    with pytest.raises(OSError, match="no"):
        publish_again()
    assert history.kept_extracts() == before


def kept_at(*times: datetime) -> list[history.Kept]:
    return [history.Kept(f"{time.astimezone(UTC):%Y%m%dT%H%M%S%f}-00000000", time, Path("x")) for time in times]


def test_keeps_a_month_then_the_last_of_each_day_and_what_a_meeting_went_by():
    noon = datetime(2026, 11, 22, 12).astimezone()
    recent = kept_at(*(noon - timedelta(days=days, hours=hour) for days in (0, 30) for hour in (0, 1, 2)))
    old = kept_at(*(noon - timedelta(days=days, hours=hour) for days in (31, 200) for hour in (0, 1, 2)))
    gone = history.superfluous([*recent, *old], [], noon.date())
    assert gone == [old[1], old[2], old[4], old[5]]
    meeting = noon - timedelta(days=200, hours=1) + timedelta(minutes=5)
    assert history.superfluous([*recent, *old], [meeting], noon.date()) == [old[1], old[2], old[5]]
    assert history.superfluous(recent, [noon - timedelta(days=900)], noon.date()) == []


def test_a_refresh_thins_out(data):
    old = [history.extract_file(f"2020010{day}T12{minute}000000000-00000000") for day in (1, 2) for minute in (1, 4)]
    for file in old:
        file.write_bytes(b"")
    (old[0].parent / "something else.parquet").write_bytes(b"")
    publish_again()
    assert [file.exists() for file in old] == [False, True, False, True]
    assert (old[0].parent / "something else.parquet").exists()


def test_marks_and_unmarks_meetings(data):
    assert meetings.meetings() == []
    today = date.today()
    meetings.mark(today - timedelta(days=40), " 季度  调度会 ", "王")
    meetings.mark(today, "今天的会", "")
    latest, earlier = meetings.meetings()
    assert (earlier.day, earlier.name, earlier.marked_by) == (today - timedelta(days=40), "季度 调度会", "王")
    assert earlier.moment.date() == earlier.day  # marked later: the end of its day
    assert latest.moment == latest.marked_at
    tomorrow = today + timedelta(days=1)
    for day, name, why in ((today, "又一个", "已标记"), (today, " ", "会议名称"), (tomorrow, "会", "还没有到"), (today, "长" * 61, "最多")):
        with pytest.raises(meetings.MeetingRefused, match=why):
            meetings.mark(day, name, "")
    meetings.unmark(today)
    meetings.unmark(today)
    assert meetings.meetings() == [earlier]
    meetings.unmark(earlier.day)
    assert meetings.meetings() == []


def test_lines_nobody_understands_are_passed_over_and_kept(data, caplog):
    meetings.MEETINGS.write_bytes("date,name,marked_at,marked_by\n某日,x,y,z\n2025-10-15,调度会,2025-10-15T03:00:00Z,王\n2025\n".encode("gb18030"))
    assert [meeting.name for meeting in meetings.meetings()] == ["调度会"]
    assert caplog.text.count("读不懂") == 2
    meetings.unmark(date(2025, 10, 15))
    assert meetings.MEETINGS.read_text(encoding="utf-8") == "date,name,marked_at,marked_by\n某日,x,y,z\n2025\n"
    meetings.MEETINGS.unlink()
