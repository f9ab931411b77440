"""What is loaded, how fresh it is, and which targets lack a figure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from etl.layers import layer_files
from etl.paths import LAYERS
from etl.versions import open_read_only


def print_status(file: Path, console: Console, as_of: date | None = None) -> None:
    """Plain tables for the command line; statuses as of today unless told otherwise."""
    as_of = as_of or date.today()
    with open_read_only(file) as connection:
        version, built_at = connection.execute(
            "SELECT version, built_at FROM loads ORDER BY built_at DESC LIMIT 1").fetchone()
        console.print(f"版本 {version}，建于 {built_at:%Y-%m-%d %H:%M:%S} UTC，按 {as_of} 判定")
        _print_counts(connection, console, as_of)
        _print_issues(connection, console)
        _print_water(connection, console, as_of)
        _print_layers(connection, console)
        _print_missing(connection, console, as_of)


def _print_counts(connection: duckdb.DuckDBPyConnection, console: Console, as_of: date) -> None:
    rows = connection.execute("""
        SELECT r.name, count(*) AS total,
               count(*) FILTER (status = '达标'), count(*) FILTER (status = '未达标'),
               count(*) FILTER (status = '到期未报'), count(*) FILTER (status = '定性待评'),
               count(*) FILTER (status = '数据未出'), count(*) FILTER (status = '已废止'),
               (SELECT max(period_end) FROM observations o WHERE o.region_id = a.region_id AND o.period_end <= ?),
               (SELECT max(s.published_on) FROM observations o JOIN sources s USING (source_id)
                WHERE o.region_id = a.region_id AND s.published_on <= ?)
        FROM attainment(?) a JOIN documents d USING (document_id) JOIN regions r ON r.region_id = a.region_id
        WHERE a.duplicate_of IS NULL
        GROUP BY r.name, a.region_id ORDER BY a.region_id""", [as_of, as_of, as_of]).fetchall()
    _print_rows(console, "各区域目标（不含同一文件的重复表述）",
                ["区域", "目标", "达标", "未达标", "到期未报", "定性待评", "未到期", "已废止", "最近统计期末", "最近发布"], rows)


def _print_issues(connection: duckdb.DuckDBPyConnection, console: Console) -> None:
    curated, computed, found = connection.execute("""
        SELECT count(*) FILTER (origin = 'curated'), count(*) FILTER (origin = 'computed'),
               count(DISTINCT same_as_issue_id) FROM document_issues""").fetchone()
    console.print(f"文件问题：人工读出 {curated} 处；计算查出 {computed} 处，其中覆盖人工读出的 {found} 处")


def _print_water(connection: duckdb.DuckDBPyConnection, console: Console, as_of: date) -> None:
    """Sections, published classes and imported readings; names of the national table nobody has confirmed yet."""
    sections, elsewhere, with_class, last_period = connection.execute("""
        SELECT count(*) FILTER (origin <> 'national_table'), count(*) FILTER (origin = 'national_table'),
               count(*) FILTER (origin <> 'national_table' AND section_id IN (SELECT section_id FROM section_classes)),
               (SELECT max(period_end) FROM section_classes WHERE class_basis <> 'computed' AND period_end <= ?)
        FROM sections""", [as_of]).fetchone()
    console.print(f"断面：登记 {sections} 个，其中 {with_class} 个有类别或达标结论（公布的最近时段到 {last_period}）；"
                  f"只在国家表中的 {elsewhere} 个")
    samplings, samples, first, last, files = connection.execute("""
        SELECT count(*), (SELECT count(*) FROM samples), min(sampled_at), max(sampled_at), (SELECT count(*) FROM imports)
        FROM readings""").fetchone()
    if samplings:
        console.print(f"读数：{samplings} 次采样，{samples} 个数，{first:%Y-%m-%d %H:%M} 至 {last:%Y-%m-%d %H:%M}，"
                      f"来自 {files} 个文件")
    else:
        console.print("读数：还没有导入。用 python -m etl import cnemc 文件，或联网时用 python -m etl fetch cnemc")
    for national, section, reason in connection.execute("""
            SELECT n.name, s.name || '（' || s.section_id || '）', d.reason FROM doubtful_matches d
            JOIN sections n ON n.section_id = d.national_section_id JOIN sections s ON s.section_id = d.section_id
            ORDER BY 1""").fetchall():
        console.print(f"待确认：国家表的 {national} 是否就是登记的 {section}：{reason}", markup=False)


def _print_layers(connection: duckdb.DuckDBPyConnection, console: Console) -> None:
    """How many shapes the map has, and which layers are the office's own."""
    files = layer_files()
    words = []
    for kind, table, name, derived in (("counties", "county_shapes", "县界", "自带"), ("basins", "basins", "流域", "自带，示意"),
                                       ("rivers", "rivers", "河流", "自带，示意")):
        count, = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        words.append(f"{name} {count}（{'本单位导入' if kind in files and files[kind].parent == LAYERS else derived}）")
    console.print(f"地图：{'，'.join(words)}")


def _print_missing(connection: duckdb.DuckDBPyConnection, console: Console, as_of: date) -> None:
    rows = connection.execute("""
        SELECT r.name, t.target_id, t.name_in_plan, t.scope, strftime(t.deadline, '%Y-%m-%d'), t.clause,
               coalesce(figure_text(a.latest_value) || t.unit || '（' || a.latest_period || '）', '—')
        FROM attainment(?) a JOIN targets t USING (target_id) JOIN regions r ON r.region_id = a.region_id
        WHERE a.status = '到期未报' AND a.duplicate_of IS NULL ORDER BY a.region_id, t.deadline, t.target_id""",
        [as_of]).fetchall()
    _print_rows(console, f"到期未报 {len(rows)} 项",
                ["区域", "目标标识", "指标", "口径", "期限", "条款", "较早的数"], rows)


def _print_rows(console: Console, title: str, columns: list[str], rows: list[tuple]) -> None:
    """A table on a terminal, tab-separated lines in a pipe (nothing cut off there)."""
    cells = [["—" if value is None else str(value) for value in row] for row in rows]
    if not console.is_terminal:
        for line in (f"# {title}", "\t".join(columns), *("\t".join(row) for row in cells)):
            print(line, file=console.file)  # the console would turn tabs into spaces
        return
    table = Table(*columns, title=title)
    for row in cells:
        table.add_row(*row)
    console.print(table)
