"""What an import took in, what it left out, and what deserves a second look: a summary for the screen, every row in a file.

The report stands beside the readings in `data/readings/` as CSV. Each line names the row of the imported file, the
matter and the reason; rows whose class differs from the published one say why, as far as the table shows it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from etl.national_import import Imported, Understood
from etl.paths import WATER_QUALITY_CONFIG
from etl.readers.national_table import PARAMETERS
from etl.rules.water_quality import CLASSES, Standard, WaterRules, assess, load_water_rules
from etl.spreadsheets import to_csv
from etl.versions import open_read_only

ITEMS = list(PARAMETERS.values())
NAMES = {identifier: name for name, identifier in PARAMETERS.items()}
COLUMNS = ["行", "省份", "流域", "断面名称", "监测时间", "事项", "项目", "值", "说明"]
FETCHED_BASIS = {"option": "按命令给的时间", "content": "按文件内容", "file_name": "按文件名", "modified": "按文件修改时间，请核对"}


@dataclass(frozen=True)
class Report:
    """Counts by matter, the comparison with published classes, and where every row is listed."""

    one: Understood
    path: Path
    matters: Mapping[str, int]
    standing: int  # rows that are the last word on their sampling
    sections: int
    new_sections: int
    compared: pd.DataFrame  # one row per comparable reading: is_river, has_raw, agrees


def write_reports(done: Imported) -> list[Report]:
    """Write one report per newly imported file."""
    if done.refreshed is None:
        return []
    rules = load_water_rules(WATER_QUALITY_CONFIG)
    with contextlib.closing(open_read_only(done.refreshed.file)) as connection:
        standard = Standard.from_frames(connection.table("parameters").df(), connection.table("class_limits").df())
        decimals = dict(connection.execute("SELECT parameter, decimals FROM parameters").fetchall())
        return [_write(one, connection, standard, rules, decimals) for one in done.new]


def _write(one: Understood, database: duckdb.DuckDBPyConnection, standard: Standard, rules: WaterRules,
           decimals: Mapping[str, int]) -> Report:
    source_id = f"national-{one.carrier.sha256[:12]}"
    compared, differing = _compare(one, database, source_id, standard, rules, decimals)
    lines = pd.concat([_dropped(one), _doubtful_cells(one), _from_database(database, source_id), _names(database, source_id),
                       differing], ignore_index=True)
    rows = one.connection.execute("""
        SELECT row AS 行, province AS 省份, basin AS 流域, name AS 断面名称, time_text AS 监测时间
        FROM typed WHERE row IN (SELECT unnest(?))""", [lines["行"].unique().tolist()]).df()
    told = lines.merge(rows, on="行")
    order = {matter: place for place, matter in enumerate(dict.fromkeys(lines["事项"]))}
    told = told.assign(_order=told["事项"].map(order)).sort_values(["_order", "行"], kind="stable")[COLUMNS]
    path = one.stored.with_name(f"{one.stored.stem}-report.csv")
    path.write_bytes(to_csv(told))
    standing, sections, new_sections = database.execute("""
        SELECT count(*), count(DISTINCT section_id),
               count(DISTINCT section_id) FILTER (section_id IN (SELECT section_id FROM sections WHERE source_id = $source))
        FROM readings WHERE source_id = $source""", {"source": source_id}).fetchone()
    return Report(one, path, told.groupby("事项", sort=False).size().to_dict(), standing, sections, new_sections, compared)


def report_lines(report: Report) -> list[str]:
    """The summary as an official reads it."""
    one, carrier, matters = report.one, report.one.carrier, report.matters
    lines = [f"{carrier.file_name}：{carrier.kind.upper()}，{one.file_rows:,} 行；取数时间 {carrier.fetched_at:%Y-%m-%d %H:%M}"
             f"（{FETCHED_BASIS[carrier.fetched_basis]}）",
             f"  读懂 {one.kept_rows:,} 行，其中 {report.standing:,} 行是该断面该时刻的最终值；{report.sections:,} 个断面，"
             f"新登记 {report.new_sections:,} 个"]
    if carrier.stated_rows is not None and carrier.stated_rows != one.file_rows:
        lines.append(f"  回复自称 {carrier.stated_rows:,} 条，实有 {one.file_rows:,} 行")
    if carrier.ignored_columns:
        lines.append(f"  不认识而未用的列：{'、'.join(carrier.ignored_columns)}")
    lines += [f"  {matter}：{count:,} 行" for matter, count in matters.items() if matter != DIFFERS]
    for name, part in (("河流断面、有原始值", report.compared[report.compared["is_river"] & report.compared["has_raw"]]),
                       ("其余可比的行", report.compared[~(report.compared["is_river"] & report.compared["has_raw"])])):
        if len(part):
            agreeing = int(part["agrees"].sum())
            lines.append(f"  类别重算与发布的比较（{name}）：{len(part):,} 行中 {agreeing:,} 行一致（{agreeing / len(part):.2%}）")
    if matters.get(DIFFERS):
        lines.append(f"  {DIFFERS}：{matters[DIFFERS]:,} 行，逐行说明见报告")
    lines.append(f"  报告：{report.path}")
    return lines


# ── what the file itself shows ──────────────────────────────────────────────────────────────────────────

DROPPED, STALE, UNREADABLE, WITHHELD, DIFFERS = "未入库", "时间在取数之前的年份", "内容不认识", "发布时隐去", "类别与发布的不同"


def _dropped(one: Understood) -> pd.DataFrame:
    return one.connection.execute(f"""
        SELECT row AS 行, '{DROPPED}' AS 事项, NULL AS 项目, CASE WHEN name IS NULL OR province IS NULL THEN NULL ELSE time_text END AS 值,
               CASE WHEN name IS NULL THEN '没有断面名称' WHEN province IS NULL THEN '没有省份'
                    WHEN time_text IS NULL OR time_text IN ('*', '-', '--') THEN '没有监测时间'
                    ELSE '监测时间看不懂，或晚于取数时间' END AS 说明
        FROM typed WHERE sampled_at IS NULL OR name IS NULL OR province IS NULL""").df()


def _doubtful_cells(one: Understood) -> pd.DataFrame:
    parts = [f"""
        SELECT row AS 行, '{STALE}' AS 事项, NULL AS 项目, strftime(sampled_at, '%Y-%m-%d %H:%M') AS 值,
               '表里的时间没有年份；按取数时间推定，站点此后没有新数' AS 说明 FROM typed WHERE is_previous_year""", f"""
        SELECT row, '{UNREADABLE}', '水质类别', class_text, '不是水质类别，按没有类别入库' FROM typed WHERE is_class_unknown"""]
    for item in ITEMS:
        parts.append(f"SELECT t.row, '{UNREADABLE}', '{NAMES[item]}', c.{item}, '不是数字，按没有数值入库' "
                     f"FROM typed t JOIN cells c USING (row) WHERE t.{item}_flag = 'unreadable'")
        parts.append(f"""SELECT row, '{WITHHELD}', '{NAMES[item]}', NULL, CASE {item}_flag WHEN 'extreme_filtered' THEN '极值过滤'
                         ELSE '当天质控不合格' END FROM typed WHERE {item}_flag IN ('extreme_filtered', 'quality_control_failed')""")
    return one.connection.execute(" UNION ALL ".join(parts)).df()


# ── what the database made of it ────────────────────────────────────────────────────────────────────────

def _from_database(database: duckdb.DuckDBPyConnection, source_id: str) -> pd.DataFrame:
    return database.execute("""
        SELECT source_row AS 行, CASE kind WHEN 'identical' THEN '重复（内容相同）' ELSE '重复（有修订，旧值留作历史）' END AS 事项,
               NULL AS 项目, NULL AS 值, '以' || CASE WHEN by_source_id = source_id THEN '' ELSE '另一文件' END
               || '第 ' || by_row || ' 行为准' AS 说明
        FROM superseded_readings WHERE source_id = $source
        UNION ALL
        SELECT r.source_row, '数值可疑（照录，只作提示）', p.name, figure_text(coalesce(s.raw_value, s.value)),
               CASE s.flag WHEN 'jump' THEN '比前一次读数突变'
                    ELSE '超出通常范围 ' || figure_text(p.plausible_low) || '～' || figure_text(p.plausible_high) END
        FROM samples s JOIN readings r USING (section_id, sampled_at) JOIN parameters p USING (parameter)
        WHERE r.source_id = $source AND s.flag IN ('jump', 'implausible')""", {"source": source_id}).df()


def _names(database: duckdb.DuckDBPyConnection, source_id: str) -> pd.DataFrame:
    """Homonyms, names that may mean a registered section, names that look like a renamed one, changed basins."""
    return database.execute("""
        WITH mine AS (
            SELECT s.section_id, s.name, r.name AS province, s.basin, min(x.source_row) AS source_row
            FROM readings x JOIN sections s USING (section_id) LEFT JOIN regions r ON r.region_id = substr(s.region_id, 1, 2) || '0000'
            WHERE x.source_id = $source GROUP BY ALL
        ), named AS (
            SELECT s.section_id, s.name, substr(s.region_id, 1, 2) AS province_code, r.name AS province,
                   regexp_replace(s.name, '（.*?）', '') AS stem
            FROM sections s LEFT JOIN regions r ON r.region_id = substr(s.region_id, 1, 2) || '0000'
            WHERE s.level = '国控'
        )
        SELECT m.source_row AS 行, '同名断面（分别登记）' AS 事项, NULL AS 项目, m.name AS 值,
               '另见：' || string_agg(DISTINCT o.province, '、') AS 说明
        FROM mine m JOIN named o ON o.name = m.name AND o.section_id <> m.section_id GROUP BY ALL
        UNION ALL
        SELECT m.source_row, '名称相近（未合并，请核对）', NULL, m.name, '同省另有：' || string_agg(DISTINCT o.name, '、')
        FROM mine m JOIN named n ON n.section_id = m.section_id JOIN named o
          ON o.province_code = n.province_code AND o.section_id <> n.section_id AND o.name <> n.name AND o.stem = n.stem
        GROUP BY ALL
        UNION ALL
        SELECT m.source_row, '是否登记断面待确认', NULL, m.name,
               '登记的 ' || d.section_id || '：' || d.reason || '。确认的话，用 import sections 在清单中填“断面编号”和“国家网名称”'
        FROM mine m JOIN doubtful_matches d ON d.national_section_id = m.section_id""", {"source": source_id}).df()


def _compare(one: Understood, database: duckdb.DuckDBPyConnection, source_id: str, standard: Standard,
             rules: WaterRules, decimals: Mapping[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recomputed against published class for the rows of this file that stand: agreement, and the others with a reason."""
    rows = database.execute("""
        SELECT x.source_row, x.class, x.published_class, s.water_body_type, x.worst_parameters
        FROM readings x JOIN sections s USING (section_id)
        WHERE x.source_id = ? AND x.class IS NOT NULL AND x.published_class IS NOT NULL""", [source_id]).df()
    judging = [i for i in ITEMS if standard.parameters[i].counts_for_class]
    with_raw = one.connection.execute(
        f"SELECT row FROM typed WHERE coalesce({', '.join(f'{i}_raw' for i in judging)}) IS NOT NULL").fetchnumpy()["row"]
    compared = pd.DataFrame({"is_river": rows["water_body_type"] == "river", "has_raw": rows["source_row"].isin(with_raw),
                             "agrees": rows["class"] == rows["published_class"]})
    differing = rows[~compared["agrees"]]
    cells = one.connection.execute(f"""
        SELECT row AS source_row, {', '.join(f'{i}, {i}_raw' for i in judging)} FROM typed
        WHERE row IN (SELECT unnest(?))""", [differing["source_row"].tolist()]).df()
    differing = differing.merge(cells, on="source_row")
    return compared, pd.DataFrame({
        "行": differing["source_row"], "事项": DIFFERS, "项目": differing["worst_parameters"],
        "值": "重算 " + differing["class"] + "，发布 " + differing["published_class"],
        "说明": _reasons(differing, judging, standard, rules, decimals)}).astype({"行": "int64"})


def _reasons(rows: pd.DataFrame, judging: list[str], standard: Standard, rules: WaterRules,
             decimals: Mapping[str, int]) -> list[str]:
    """Why the class differs, the first reason that reproduces the published class."""
    values = pd.DataFrame({i: rows[f"{i}_raw"].fillna(rows[i]) for i in judging})
    bodies = rows["water_body_type"].to_numpy(dtype=object)
    other = np.where(bodies == "river", "lake_reservoir", "river")
    displayed = pd.DataFrame({i: rows[i] for i in judging})
    steps = pd.Series({i: 10.0 ** -decimals[i] / 2 for i in judging})
    nudged_up, nudged_down = displayed + steps * 0.98, displayed - steps * 0.98
    worse = nudged_up.assign(dissolved_oxygen=nudged_down["dissolved_oxygen"])  # less oxygen is worse
    better = nudged_down.assign(dissolved_oxygen=nudged_up["dissolved_oxygen"])
    lacks_raw = rows[[f"{i}_raw" for i in judging]].isna().all(axis=1)

    def says(candidate: pd.DataFrame, kinds: np.ndarray) -> pd.Series:
        ranks = assess(candidate, kinds, standard, rules)["class_rank"]
        return ranks.map({float(n): word for n, word in enumerate(CLASSES, start=1)}) == rows["published_class"]

    by_other_limits, by_display = says(values, other), says(displayed, bodies)
    by_rounding = (says(worse, bodies) | says(better, bodies)) & lacks_raw
    reasons = []
    for n, row in enumerate(rows.to_dict("records")):
        missing = [NAMES[i] for i in judging if pd.isna(row[i])]
        if by_rounding[n]:
            reasons.append("只有修约后的显示值，恰在限值上；原始值可能在限值另一侧")
        elif by_other_limits[n]:
            kind = "湖、库" if bodies[n] == "river" else "河流"
            reasons.append(f"按{kind}的总磷限值与发布一致：站点可能在{kind}中，可用 import sections 填“水体类型”")
        elif by_display[n]:
            reasons.append("按修约后的显示值与发布一致；按原始值不同")
        elif missing:
            reasons.append(f"{'、'.join(missing)}没有数值，发布的类别可能用到了它")
        else:
            reasons.append("按表中的数值不能得出发布的类别")
    return reasons
