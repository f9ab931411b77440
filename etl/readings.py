"""Loads the imported readings of the national table: places them, keeps the last word, judges, averages.

The truth is `data/readings/*.parquet`, one file per import as `etl.national_import` wrote it. Everything here follows
from those files and the register, so the same files always give the same tables.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from etl.problems import DataProblems, Problem
from etl.readers.national_table import PARAMETERS
from etl.rules import station_identity
from etl.rules.station_identity import KnownSection, Station
from etl.rules.water_flags import flag_half_detection_limit, flag_implausible, flag_jumps
from etl.rules.water_quality import CLASSES, Standard, WaterRules, assess

PUBLISHER = "中国环境监测总站"
ITEMS = list(PARAMETERS.values())


def load_readings(connection: duckdb.DuckDBPyConnection, files: list[Path], standard: Standard, rules: WaterRules) -> None:
    """Fill sources, imports, sections, readings, sampled_values, superseded_*, section_means and section_classes."""
    if not files:
        return
    connection.begin()  # one write to the disk instead of twenty
    _read_imports(connection, files)
    _place(connection)
    _choose_last_word(connection)
    _judge(connection, standard, rules)
    _fill_samples(connection)
    _average(connection, standard, rules)
    connection.commit()


# ── files and sections ──────────────────────────────────────────────────────────────────────────────────

def _read_imports(connection, files: list[Path]) -> None:
    """Temporary table `incoming`: all rows of all files, numbered in the order in which they have the word."""
    frame = pd.DataFrame([{"path": file, **values} for file, values in _metadata(connection, files).items()])
    connection.register("import_list", frame)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE import_files AS
        SELECT path, 'national-' || sha256[:12] AS source_id, file_name, sha256, carrier, CAST(fetched_at AS TIMESTAMP) AS fetched_at,
               fetched_basis, CAST(imported_at AS TIMESTAMP) AS imported_at, TRY_CAST(stated_rows AS INTEGER) AS stated_rows,
               CAST(file_rows AS INTEGER) AS file_rows, CAST(dropped_rows AS INTEGER) AS dropped_rows, url
        FROM import_list""")
    connection.unregister("import_list")
    connection.execute("""
        INSERT INTO sources (source_id, kind, title, publisher, published_on, published_precision, url, confidence)
        SELECT source_id, CASE WHEN url = '' THEN 'upload' ELSE 'bulletin' END, '国家地表水水质自动监测数据（' || file_name || '）',
               ?, CAST(fetched_at AS DATE), CASE WHEN fetched_basis = 'modified' THEN 'unknown' ELSE 'day' END,
               nullif(url, ''), CASE WHEN url = '' THEN 'medium' ELSE 'high' END
        FROM import_files""", [PUBLISHER])
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE incoming AS
        SELECT r.* EXCLUDE (filename), f.source_id, row_number() OVER (ORDER BY f.fetched_at, f.imported_at, f.sha256, r.row) AS turn
        FROM read_parquet(?, filename = true, union_by_name = true) r JOIN import_files f ON f.path = r.filename""",
        [[str(f) for f in files]])
    connection.execute("""
        INSERT INTO imports BY NAME
        SELECT f.* EXCLUDE (path, url), (SELECT count(*) FROM incoming i WHERE i.source_id = f.source_id) AS kept_rows
        FROM import_files f""")


def _metadata(connection, files: list[Path]) -> dict[str, dict[str, str]]:
    """What each file says of itself. Raises DataProblems for damaged ones and for those that no import wrote under this name."""
    question = "SELECT file_name, decode(key), decode(value) FROM parquet_kv_metadata(?)"
    aside = connection.cursor()  # a failed question would end the transaction
    try:
        rows = aside.execute(question, [[str(file) for file in files]]).fetchall()
    except duckdb.Error:
        rows = []
        for file in files:  # to name the damaged one
            with contextlib.suppress(duckdb.Error):
                rows += aside.execute(question, [[str(file)]]).fetchall()
    metadata: dict[str, dict[str, str]] = {}
    for name, key, value in rows:
        metadata.setdefault(name, {})[key] = value
    whole = {Path(name).name for name, values in metadata.items() if values.get("sha256", "")[:16] == Path(name).stem}
    if strange := [file.name for file in files if file.name not in whole]:
        raise DataProblems([Problem(f"readings/{name}", "不是导入时存下的文件，或已损坏", "移到别处，再导入一次原来的文件")
                            for name in strange])
    return metadata


def _place(connection) -> None:
    """Temporary table `placed`: which section each name means; sections only the table knows are added."""
    stations = [Station(*row) for row in connection.execute("""
        SELECT province, name, basin, max_by(city, turn) FILTER (city IS NOT NULL), max_by(river, turn) FILTER (river IS NOT NULL)
        FROM incoming GROUP BY province, basin, name ORDER BY max(turn)""").fetchall()]
    split = set(connection.execute("""
        SELECT DISTINCT province, name FROM incoming GROUP BY source_id, province, name HAVING count(DISTINCT basin) > 1""").fetchall())
    renames = {(province, name): current for province, name, current in connection.execute(
        "SELECT province, name, current_name FROM national_renames").fetchall()}
    codes = dict(connection.execute("SELECT name, region_id FROM regions WHERE region_id LIKE '__0000'").fetchall())
    matched = station_identity.match_stations(stations, split, _known_sections(connection), renames, codes)
    places = pd.DataFrame([(*key, section_id) for key, section_id in matched.sections.items()],
                          columns=["province", "basin", "name", "section_id"]).astype("string")
    connection.register("places", places)
    _add_sections(connection, matched.new)
    connection.executemany("INSERT INTO doubtful_matches VALUES (?, ?, ?)", matched.doubtful) if matched.doubtful else None
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE placed AS
        SELECT p.section_id, i.sampled_at, i.turn, i.source_id, i.row, i.published_class, i.station_status,
               hash(published_class, coalesce(station_status, '正常'), {', '.join(ITEMS)}) AS content,
               coalesce({', '.join(f'{item}_raw' for item in ITEMS)}) IS NOT NULL AS has_raw
        FROM incoming i JOIN places p ON p.province = i.province AND p.name = i.name AND p.basin IS NOT DISTINCT FROM i.basin""")
    connection.unregister("places")


def _known_sections(connection) -> list[KnownSection]:
    rows = connection.execute("""
        WITH RECURSIVE above AS (
            SELECT region_id, region_id AS ancestor FROM regions
            UNION ALL SELECT a.region_id, r.parent_id FROM above a JOIN regions r ON r.region_id = a.ancestor
            WHERE r.parent_id IS NOT NULL
        )
        SELECT s.section_id, s.name, coalesce(s.aliases, ''), coalesce(s.national_names, ''),
               list(DISTINCT r.name) FILTER (r.region_id LIKE '__0000'), list(DISTINCT r.name), s.river, s.level
        FROM sections s LEFT JOIN above a ON a.region_id = coalesce(s.county_id, s.region_id)
        LEFT JOIN regions r ON r.region_id = a.ancestor
        WHERE s.site_kind NOT IN ('reach', 'river_network')
        GROUP BY ALL""").fetchall()
    return [KnownSection(
        section_id, frozenset(filter(None, [name, *aliases.split(";")])),
        frozenset((province, own) for pair in filter(None, national.split(";")) for province, own in [pair.split("|", 1)]),
        frozenset(provinces or ()), frozenset(places or ()), river, level)
        for section_id, name, aliases, national, provinces, places, river, level in rows]


def _add_sections(connection, new: dict[str, Station]) -> None:
    if not new:
        return
    lakes = {(province, name): lake for province, name, lake in connection.execute(
        "SELECT province, name, lake FROM national_lake_points").fetchall()}
    waters = {section_id: s.river or lakes.get((s.province, s.name)) for section_id, s in new.items()}
    frame = pd.DataFrame([(section_id, s.name, f"{s.province}|{s.name}", s.province, s.city, waters[section_id], s.basin,
                           "lake_reservoir" if (s.province, s.name) in lakes
                           else station_identity.water_body_type(s.name, s.river)) for section_id, s in new.items()],
                         columns=["section_id", "name", "national_names", "province", "city", "river", "basin",
                                  "water_body_type"]).astype("string")
    connection.register("new_sections", frame)
    connection.execute("""
        INSERT INTO sections BY NAME
        SELECT n.section_id, n.name, n.national_names,
               coalesce(CASE WHEN is_county_level(c.level) THEN c.parent_id ELSE c.region_id END, p.region_id) AS region_id,
               CASE WHEN is_county_level(c.level) THEN c.region_id END AS county_id,
               n.river, n.basin, '国控' AS level, n.water_body_type, f.source_id, 'section' AS site_kind,
               '水体类型按名称推定' AS note, 'national_table' AS origin
        FROM new_sections n
        LEFT JOIN regions p ON p.name = n.province AND p.region_id LIKE '__0000'
        LEFT JOIN regions c ON c.name = n.city AND c.region_id LIKE substr(p.region_id, 1, 2) || '%'
        JOIN (SELECT p.section_id, min_by(i.source_id, i.turn) AS source_id  -- a renamed station stands there with its old name
              FROM incoming i JOIN places p ON p.province = i.province AND p.name = i.name AND p.basin IS NOT DISTINCT FROM i.basin
              GROUP BY p.section_id) f USING (section_id)""")
    connection.unregister("new_sections")


# ── the last word ───────────────────────────────────────────────────────────────────────────────────────

def _choose_last_word(connection) -> None:
    """Temporary table `winners`: of several rows for one sampling the content that came last.

    Of rows with the same content the one with 原始值 stands, else the first: repeating a file changes nothing.
    """
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE repeated AS
        SELECT *, row_number() OVER (PARTITION BY section_id, sampled_at ORDER BY last_turn DESC, has_raw DESC, turn) AS place
        FROM (SELECT *, max(turn) OVER alike AS last_turn, arg_min(source_id, turn) OVER alike AS first_source_id
              FROM placed SEMI JOIN (SELECT section_id, sampled_at FROM placed GROUP BY ALL HAVING count(*) > 1)
                   USING (section_id, sampled_at)
              WINDOW alike AS (PARTITION BY section_id, sampled_at, content))""")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE winners AS
        SELECT p.section_id, i.* FROM placed p JOIN incoming i USING (turn)
        ANTI JOIN (SELECT turn FROM repeated WHERE place > 1) USING (turn) ORDER BY p.section_id, p.sampled_at""")
    connection.execute("""
        INSERT INTO superseded_readings
        SELECT r.section_id, r.sampled_at, r.published_class, r.station_status, r.source_id, r.row,
               CASE WHEN r.first_source_id <> r.source_id OR min(r.content) OVER same = max(r.content) OVER same
                    THEN 'identical' ELSE 'revised' END,
               first_value(r.source_id) OVER (same ORDER BY r.place), first_value(r.row) OVER (same ORDER BY r.place)
        FROM repeated r WINDOW same AS (PARTITION BY r.section_id, r.sampled_at)
        QUALIFY r.place > 1 ORDER BY r.section_id, r.sampled_at, r.turn""")
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE losers AS
        SELECT r.section_id, i.* FROM repeated r JOIN repeated w USING (section_id, sampled_at) JOIN incoming i ON i.turn = r.turn
        WHERE r.place > 1 AND w.place = 1 AND r.content <> w.content AND r.first_source_id = r.source_id""")
    connection.execute("INSERT INTO superseded_samples " + " UNION ALL ".join(
        f"SELECT section_id, sampled_at, '{item}', {item}, {item}_raw, source_id, row FROM losers WHERE {item} IS NOT NULL"
        for item in ITEMS))


# ── judging and averaging ───────────────────────────────────────────────────────────────────────────────

def _judge(connection, standard: Standard, rules: WaterRules) -> None:
    """Class of every reading, on the raw value where there is one (a displayed value can cross a limit), and its flags.

    Readings in maintenance get one only where the table prints one, to compare with; no mean rests on them.
    """
    wide = pd.DataFrame(connection.execute(f"""
        SELECT w.turn, dense_rank() OVER (ORDER BY w.section_id) AS section_number, w.sampled_at,
               s.water_body_type = 'lake_reservoir' AS is_lake, {', '.join(f'coalesce({i}_raw, {i}) AS {i}' for i in ITEMS)}
        FROM winners w JOIN sections s USING (section_id)""").fetchnumpy())
    bodies = np.where(wide["is_lake"], "lake_reservoir", "river")
    judged = assess(wide[ITEMS], bodies, standard, rules)
    connection.register("verdicts", pd.DataFrame({
        "turn": wide["turn"], "class": _class_words(judged["class_rank"]), "worst_parameters": judged["worst_parameters"],
        "exceeding": judged["exceeding"]}))
    connection.execute("""
        INSERT INTO readings
        SELECT w.section_id, w.sampled_at, v.class, w.published_class, v.worst_parameters, v.exceeding,
               w.station_status, w.source_id, w.row
        FROM winners w LEFT JOIN verdicts v ON v.turn = w.turn AND (is_counted(w.station_status) OR w.published_class IS NOT NULL)""")
    connection.unregister("verdicts")
    connection.register("flag_frame", _flags(wide, bodies, standard, rules).assign(turn=wide["turn"]))
    connection.execute("CREATE OR REPLACE TEMP TABLE sampling_flags AS SELECT * FROM flag_frame")
    connection.unregister("flag_frame")


def _flags(wide: pd.DataFrame, bodies: np.ndarray, standard: Standard, rules: WaterRules) -> pd.DataFrame:
    """One word per value at most, the gravest: jump, implausible, half_detection_limit. Published values are never dropped."""
    values = wide[ITEMS]
    jumps = flag_jumps(values, wide["section_number"].to_numpy(), wide["sampled_at"].to_numpy(), bodies, standard, rules).to_numpy()
    implausible = flag_implausible(values, standard).to_numpy()
    halves = flag_half_detection_limit(values, rules).to_numpy()
    words = np.select([jumps, implausible, halves], ["jump", "implausible", "half_detection_limit"], default="").astype(object)
    words[words == ""] = None
    return pd.DataFrame(words, columns=ITEMS)


def _class_words(ranks: pd.Series) -> pd.Series:
    words = np.array([None, *CLASSES], dtype=object)
    return pd.Series(words[np.nan_to_num(ranks.to_numpy(dtype=float)).astype(int)], index=ranks.index, dtype="str")


def _fill_samples(connection) -> None:
    """Values and the reasons of missing ones; the view `samples` shows them one to a row."""
    values = ", ".join(f"w.{item}, w.{item}_raw, coalesce(w.{item}_flag, f.{item})" for item in ITEMS)
    connection.execute(f"""
        INSERT INTO sampled_values SELECT w.section_id, w.sampled_at, w.source_id, {values}
        FROM winners w JOIN sampling_flags f USING (turn)""")


def _average(connection, standard: Standard, rules: WaterRules) -> None:
    """Means of months (of samplings), quarters and years (of months), and the classes that follow from sufficient ones."""
    columns = ", ".join(f"avg(coalesce({i}_raw, {i})) AS {i}, count({i}) AS {i}_samplings, CAST(count({i}) > 0 AS INTEGER) AS {i}_months"
                        for i in ITEMS)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE period_means AS
        SELECT section_id, 'month' AS period_kind, CAST(date_trunc('month', sampled_at) AS DATE) AS period_start, 1 AS needed,
               count(*) AS readings, max_by(source_id, sampled_at) AS source_id, {columns}
        FROM winners WHERE is_counted(station_status) GROUP BY ALL""")
    columns = ", ".join(f"avg({i}), sum({i}_samplings), sum({i}_months)" for i in ITEMS)
    for kind in ("quarter", "year"):
        connection.execute(f"""
            INSERT INTO period_means
            SELECT section_id, '{kind}', CAST(date_trunc('{kind}', period_start) AS DATE) AS first_day, ?, sum(readings),
                   max_by(source_id, period_start), {columns}
            FROM period_means WHERE period_kind = 'month' GROUP BY section_id, first_day""", [rules.months_needed[kind]])
    last_day = """CAST(period_start + CASE period_kind WHEN 'month' THEN INTERVAL 1 MONTH WHEN 'quarter' THEN INTERVAL 3 MONTH
                                           ELSE INTERVAL 1 YEAR END - INTERVAL 1 DAY AS DATE)"""
    connection.execute("INSERT INTO section_means " + " UNION ALL ".join(f"""
        SELECT section_id, '{i}', period_kind, period_start, {last_day}, {i}, {i}_samplings, {i}_months, {i}_months >= needed
        FROM period_means WHERE {i} IS NOT NULL""" for i in ITEMS))
    means = pd.DataFrame(connection.execute(f"""
        SELECT p.rowid AS place, s.water_body_type = 'lake_reservoir' AS is_lake,
               {', '.join(f'CASE WHEN {i}_months >= needed THEN {i} END AS {i}' for i in ITEMS)}
        FROM period_means p JOIN sections s USING (section_id)""").fetchnumpy())
    judged = assess(means[ITEMS], np.where(means["is_lake"], "lake_reservoir", "river"), standard, rules)
    connection.register("verdicts", pd.DataFrame({
        "place": means["place"], "class": _class_words(judged["class_rank"]), "main_pollutants": judged["main_pollutants"]}))
    connection.execute(f"""
        INSERT INTO section_classes BY NAME
        SELECT 'computed-' || section_id || '-' || period_kind || '-' || strftime(period_start, '%Y%m') AS section_class_id,
               section_id, period_start, {last_day} AS period_end, period_kind,
               strftime(period_start, '%Y 年') || CASE period_kind
                   WHEN 'year' THEN '' WHEN 'quarter' THEN ' ' || quarter(period_start) || ' 季度'
                   ELSE ' ' || month(period_start) || ' 月' END AS period_text,
               v.class, 'computed' AS class_basis, v.main_pollutants AS worst_parameters, source_id, readings
        FROM period_means p JOIN verdicts v ON v.place = p.rowid WHERE v.class IS NOT NULL
        ORDER BY section_id, period_kind, period_start""")
    connection.unregister("verdicts")
