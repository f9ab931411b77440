"""The database a refresh makes: the promised tables and columns, the register's counts, the statuses on two days."""

from __future__ import annotations

import random
import shutil
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from etl.load import NOT_IN_DATABASE

CONTRACT = {
    "regions": "region_id name name_en level parent_id",
    "documents": "document_id region_id title document_number issuer issued_on repealed_on period_start period_end sha256 url",
    "organizations": "organization_id region_id name",
    "indicators": "indicator_id name name_en theme unit direction kind decimals definition",
    "targets": """target_id indicator_id region_id document_id scope comparator value value_high value_text unit deadline
        deadline_basis period_start is_cumulative binding baseline_value baseline_period clause span_start span_end
        duplicate_of note""",
    "responsibilities": "target_id measure_id organization_id role",
    "observations": """observation_id indicator_id region_id scope value value_text unit period_start period_end source_id
        status entered_at note""",
    "sources": "source_id kind title publisher published_on url clause confidence",
    "measures": "measure_id document_id region_id title",
    "projects": "project_id document_id region_id name",
    "document_issues": "issue_id severity kind description",
    "sections": """section_id name region_id county_id river basin_id level water_body_type longitude latitude
        coordinate_basis target_class source_id""",
    "samples": "section_id sampled_at parameter value raw_value flag source_id",
    "section_classes": "section_id period_start period_end class class_basis worst_parameters source_id",
    "loads": "version built_at",
    "changes": "version table key change",
}

ATTAINMENT = """target_id indicator_id region_id document_id as_of deadline comparator target_value target_text unit
    duplicate_of repealed_on is_counted is_due status observation_id actual_value actual_text schedule latest_value
    gap_to_target expected_value gap_to_path completed_share expected_share trend forecast speed_up confidence data_date
    published_on known_figures rules_version"""

MADE_BY_REFRESH = {
    "targets": {"decimals", "baseline_value", "baseline_period"},
    "document_issues": {"origin", "rule", "same_as_issue_id"},
    "document_issue_passages": {"target_id"},
    "observations": {"superseded_by", "superseded_on"},
    "entries": {"state", "replaced_by", "known_on"},
    "sections": {"origin", "placed_county_id"},
    "projects": {"placed_county_id", "basin_id"},
    "section_classes": {"readings"},
}
"""Columns of register tables that no file holds."""

FIVE_REGIONS = ("331100", "330324", "331102", "500000", "421300")

MET_IN_2020 = {f"yongjia-{number:03d}" for number in (*range(1, 10), 12, 13, *range(15, 25))}
"""表 1.2-1: 25 targets for 2020; 10, 11 and 14 are words, 25 has no figure (暂无数据)."""

MET_SINCE = {
    "chongqing-002",  # 长江干流重庆段 Ⅱ类 in 2025, kept at Ⅱ
    "chongqing-003",  # 74 个国控断面 100 % in 2025, at least 97.3 %
    "chongqing-008",  # 水土保持率 72.31 % in 2025, at least 72.2 %
    "chongqing-016",  # 93 % in 2023, at least 70 %
    "chongqing-054",  # the same promise as 008, printed again
    "suizhou-007",  # 营造林 3.96 万亩 in 2025, at least 2.8
}


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str | None]:
    return dict(connection.execute("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall())


@pytest.mark.parametrize("table", CONTRACT)
def test_promised_columns_exist(connection, table):
    assert set(CONTRACT[table].split()) - set(columns_of(connection, table)) == set()


def test_attainment_shows_the_judgements_and_their_inputs(connection):
    shown = connection.execute("DESCRIBE SELECT * FROM attainment('2026-11-22')").fetchall()
    assert set(ATTAINMENT.split()) - {name for name, *_ in shown} == set()


def test_tables_hold_the_described_columns_with_their_comments(connection, package):
    """One definition: a column of the data package is a column of the database, and the other way round."""
    descriptor, _ = package
    for resource in descriptor["resources"]:
        if resource["name"] in NOT_IN_DATABASE:
            assert columns_of(connection, resource["name"]) == {}
            continue
        described = {f["name"]: f["description"] for f in resource["schema"]["fields"]}
        made = MADE_BY_REFRESH.get(resource["name"], set())
        held = columns_of(connection, resource["name"])
        assert {name: comment for name, comment in held.items() if name not in made} == described
        assert made <= set(held)


def test_a_column_the_database_needs_is_required_in_the_file(connection, package):
    """Else an empty cell would pass the checks and break the load."""
    descriptor, _ = package
    for resource in descriptor["resources"]:
        required = {f["name"] for f in resource["schema"]["fields"] if f.get("constraints", {}).get("required")}
        needed = {name for name, in connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND NOT is_nullable", [resource["name"]]).fetchall()}
        assert needed - MADE_BY_REFRESH.get(resource["name"], set()) <= required, resource["name"]


def test_every_row_of_the_files_is_loaded(connection, package):
    _, frames = package
    for name, frame in frames.items():
        if name not in NOT_IN_DATABASE:
            where = "WHERE issue_id NOT LIKE 'computed-%'" if name.startswith("document_issue") else ""
            assert connection.execute(f"SELECT count(*) FROM {name} {where}").fetchone() == (len(frame),)


def test_opens_read_only_without_any_extension(database, tmp_path):
    """On a machine without internet: everything comes with DuckDB itself."""
    file = shutil.copy(database, tmp_path)
    with duckdb.connect(file, read_only=True, config={"autoinstall_known_extensions": False,
                                                     "autoload_known_extensions": False}) as connection:
        assert len(connection.execute("SELECT * FROM attainment(DATE '2026-11-22')").fetchall()) > 300
        used = connection.execute("SELECT install_mode FROM duckdb_extensions() WHERE installed OR loaded").fetchall()
        assert {mode for mode, in used} <= {"STATICALLY_LINKED"}
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("DELETE FROM changes")


@pytest.mark.parametrize("question, expected", [
    ("SELECT count(*) FROM targets WHERE NOT is_added_by_review", 364),
    ("""SELECT count(*) FROM targets WHERE is_added_by_review AND NOT regexp_full_match(target_id, '[a-z]+-[0-9]{3}')
        AND target_id <> 'liandu-072b'""", 0),
    ("SELECT count(*) FROM targets WHERE duplicate_of IS NOT NULL AND target_id <> 'liandu-082'", 12),
    ("SELECT duplicate_of FROM targets WHERE target_id = 'liandu-082'", "liandu-060"),
    ("SELECT count(*) FROM observations JOIN sources USING (source_id) WHERE kind = 'plan'", 235 - 24),
    ("SELECT count(*) FROM observations JOIN sources USING (source_id) WHERE kind <> 'plan'", 303),
    ("SELECT count(*) FROM measures", 214),
    ("SELECT count(*) FROM projects", 86),
    ("SELECT count(*) FROM projects WHERE record_kind = 'annex'", 18),
    ("SELECT count(*) FROM document_issues WHERE origin = 'curated' AND found_by = 'reader'", 32),
    ("SELECT count(*) FROM documents", 5),
    ("SELECT list(DISTINCT region_id ORDER BY region_id) FROM documents", sorted(FIVE_REGIONS)),
    ("SELECT list(DISTINCT region_id ORDER BY region_id) FROM targets", sorted(FIVE_REGIONS)),
    ("SELECT repealed_on FROM documents WHERE document_id = 'liandu-2018'", date(2020, 11, 27)),
    ("SELECT count(*) FROM documents WHERE repealed_on IS NOT NULL", 1),
])
def test_counts_of_the_register(connection, question, expected):
    assert connection.execute(question).fetchone() == (expected,)


def test_counties_under_the_five_regions(connection):
    """9 of 丽水, 38 of 重庆, 3 of 随州, and 永嘉 itself; 莲都 is one of the nine."""
    counties = connection.execute("""
        SELECT region_id, parent_id FROM regions
        WHERE level IN ('county', 'district', 'county_level_city', 'autonomous_county')""").fetchall()
    assert len(counties) == 51
    of = {parent: sum(p == parent for _, p in counties) for parent in ("331100", "500000", "421300")}
    assert of == {"331100": 9, "500000": 38, "421300": 3}
    assert {"330324", "331102"} <= {county for county, _ in counties}


def expected_statuses(frames: dict[str, pd.DataFrame], as_of: str, met: set[str]) -> pd.Series:
    """The method in five lines, from the files alone; what is met is read off the figures by hand."""
    targets = frames["targets"].merge(frames["documents"][["document_id", "repealed_on"]], on="document_id").set_index("target_id")
    past = (targets["deadline"] < as_of).fillna(False)
    status = pd.Series("数据未出", index=targets.index)
    status[past] = "到期未报"
    status[past & (targets["comparator"] == "text")] = "定性待评"
    status[targets.index.isin(met)] = "达标"
    status[(targets["repealed_on"] <= as_of).fillna(False)] = "已废止"
    return status


@pytest.mark.parametrize("as_of, met", [
    ("2020-11-26", set()),
    ("2021-06-30", MET_IN_2020),  # published that month; nothing later can be known
    ("2026-11-22", MET_IN_2020 | MET_SINCE),
])
def test_statuses_on_a_day(connection, package, as_of, met):
    _, frames = package
    judged = connection.execute("SELECT target_id, status FROM attainment(?)", [as_of]).df().set_index("target_id")["status"]
    expected = expected_statuses(frames, as_of, met)
    assert met <= set(expected.index)
    assert judged[judged != expected.reindex(judged.index)].to_dict() == {}
    assert len(judged) == len(expected)


def test_every_target_appears_once_on_any_day(connection, package):
    """Dates and texts alike; never a status outside the six words, never 数据未出 once the deadline has passed."""
    _, frames = package
    days = random.Random(7)
    for _ in range(50):
        as_of = date(2015, 1, 1) + timedelta(days=days.randrange(5500))
        rows = connection.execute("SELECT target_id, status, is_due, as_of FROM attainment(?) ORDER BY target_id", [as_of]).fetchall()
        assert [row[0] for row in rows] == sorted(frames["targets"]["target_id"])
        assert {status for _, status, *_ in rows} <= {"达标", "未达标", "数据未出", "到期未报", "定性待评", "已废止"}
        assert not [row for row in rows if row[2] and row[1] == "数据未出"]
        assert {row[3] for row in rows} == {as_of}
        assert connection.execute("SELECT target_id, status, is_due, as_of FROM attainment(?) ORDER BY target_id",
                                  [as_of.isoformat()]).fetchall() == rows


@pytest.mark.parametrize("as_of, counted, repealed", [("2020-11-26", 109, 0), ("2020-11-27", 0, 111), ("2026-11-22", 0, 111)])
def test_repeal_takes_the_targets_out_of_the_counts(connection, as_of, counted, repealed):
    """莲都 has 111 targets, two of them printed twice. Before the repeal they count, after it they stay visible."""
    row = connection.execute("""
        SELECT count(*) FILTER (is_counted), count(*) FILTER (status = '已废止'), count(*) FROM attainment(?)
        WHERE document_id = 'liandu-2018'""", [as_of]).fetchone()
    assert row == (counted, repealed, 111)


def test_repealed_targets_keep_their_figures(connection):
    figures = connection.execute("""
        SELECT count(*) FROM attainment('2026-11-22')
        WHERE document_id = 'liandu-2018' AND latest_observation_id IS NOT NULL""").fetchone()[0]
    assert figures > 0


def test_a_figure_is_not_known_before_it_is_published(connection):
    early = connection.execute("""
        SELECT a.target_id FROM (SELECT unnest([DATE '2019-06-30', DATE '2021-06-29', DATE '2023-12-31', DATE '2025-03-01']) AS day) d,
        LATERAL (SELECT j.target_id, j.observation_id FROM judgements j WHERE d.day BETWEEN j.valid_from AND j.valid_to) a
        JOIN observations o USING (observation_id) JOIN sources s USING (source_id) WHERE s.published_on > d.day""").fetchall()
    assert early == []


def test_projects_whose_names_state_a_place_know_county_and_basin(connection):
    rows = connection.execute("""
        SELECT p.project_id, p.place_name, r.name, b.name FROM projects p
        LEFT JOIN regions r ON r.region_id = p.placed_county_id LEFT JOIN basins b USING (basin_id)
        WHERE p.longitude IS NOT NULL""").fetchall()
    found = {project: (county, basin) for project, _, county, basin in rows}
    assert len(found) == 10
    assert all(county and basin for county, basin in found.values())
    assert found["yongjia-p05"] == ("永嘉县", "楠溪江") and found["lishui-p07"] == ("松阳县", "松阴溪")
    stated = {place: county for _, place, county, _ in rows if place.endswith(("县", "区", "市"))}
    assert stated and all(place == county for place, county in stated.items())
