"""Gives the text cells of the national table their meaning: times, classes, names, figures, and why a figure is missing.

Distinct texts are few, so each is understood once, in Python; the rows follow in SQL.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import duckdb

from etl.readers.national_table import PARAMETERS, Carrier

NOTHING = {"", "*", "-", "--", "—", "——", "null", "None", "nan"}
CLASSES = {**{word: name for name, words in {
    "Ⅰ": ("Ⅰ", "I", "1", "一"), "Ⅱ": ("Ⅱ", "II", "2", "二"), "Ⅲ": ("Ⅲ", "III", "3", "三"), "Ⅳ": ("Ⅳ", "IV", "4", "四"),
    "Ⅴ": ("Ⅴ", "V", "5", "五"), "劣Ⅴ": ("劣Ⅴ", "劣V", "6", "劣五", ">Ⅴ", ">V"),
}.items() for word in words}}
NO_CLASS = {"-1", "0", "7", "未监测", "/"}
"""Codes of the table for a station that was not assessed."""

_CLOCK = r"(\d{1,2})(?::(\d{2})(?::\d{2}(?:\.\d+)?)?|[时点](?:(\d{2})分)?)(?:\+08:?00)?"
_MONTH_FIRST = re.compile(rf"(\d{{1,2}})[-/月](\d{{1,2}})日?[ T]*{_CLOCK}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?[ T]*(?:{_CLOCK})?")


def understand(connection: duckdb.DuckDBPyConnection, carrier: Carrier) -> None:
    """Turn the temporary table `cells` into `typed`, one row per row of the file.

    `typed`: row, province, basin, name, city, river, sampled_at, time_text, is_previous_year, published_class, class_text,
    is_class_unknown, station_status, and per parameter <p> (as displayed), <p>_raw, <p>_flag.
    """
    _times(connection, carrier)
    _classes(connection)
    _names(connection)
    has_notes = {parameter for parameter in PARAMETERS.values() if connection.execute(
        f"SELECT count({parameter}_note) > 0 FROM cells").fetchone()[0]}
    figures = ", ".join(_figure(parameter, parameter in has_notes) for parameter in PARAMETERS.values())
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE typed AS
        SELECT c.row, trim(c.province) AS province, nullif(trim(c.basin), '') AS basin, n.clean AS name,
               {_stated("c.city")} AS city, {_stated("c.river")} AS river,
               t.sampled_at, c.time AS time_text, coalesce(t.is_previous_year, false) AS is_previous_year,
               k.class AS published_class, c.class AS class_text, coalesce(k.is_unknown, false) AS is_class_unknown,
               {_stated("c.status")} AS station_status, {figures}
        FROM cells c LEFT JOIN times t ON t.time = c.time AND t.fetched_year IS NOT DISTINCT FROM c.fetched_year
        LEFT JOIN classes k ON k.text = c.class LEFT JOIN names n ON n.text = c.name""")


def _stated(column: str) -> str:
    return f"CASE WHEN {column} NOT IN ('*', '-', '--') THEN {column} END"


def _figure(parameter: str, has_notes: bool) -> str:
    """Displayed value, raw value and flag of one parameter. `*` and an empty cell mean: not measured at this station.

    What is not displayed has no raw value either: the publisher withheld it.
    """
    wide = f"CASE WHEN {parameter} NOT IN ('*', '--') THEN translate({parameter}, '０１２３４５６７８９．－', '0123456789.-') END"
    figure = f"coalesce(TRY_CAST({parameter} AS DOUBLE), TRY_CAST({wide} AS DOUBLE))"  # full-width digits are rare and slow
    value = f"CASE WHEN isfinite({figure}) THEN {figure} END"
    raw, withheld = "CAST(NULL AS DOUBLE)", ""
    if has_notes:
        note = f"{parameter}_note"
        raw = (f"TRY_CAST(regexp_extract({note}, '^(?:原始值[：:])?\\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\\s*$', 1) AS DOUBLE)")
        raw = f"CASE WHEN isfinite({figure}) THEN {raw} END"
        withheld = (f"WHEN contains({note}, '极值') THEN 'extreme_filtered' "
                    f"WHEN contains({note}, '质控') THEN 'quality_control_failed'")
    return f"""{value} AS {parameter}, {raw} AS {parameter}_raw,
        CASE WHEN isfinite({figure}) THEN NULL {withheld}
             WHEN {parameter} IN ('--', '-', '—', '——', '/') THEN 'no_value'
             WHEN {parameter} IS NULL OR {parameter} = '*' THEN NULL
             ELSE 'unreadable' END AS {parameter}_flag"""


def _times(connection: duckdb.DuckDBPyConnection, carrier: Carrier) -> None:
    distinct = connection.execute("SELECT DISTINCT time, fetched_year FROM cells WHERE time IS NOT NULL").fetchall()
    rows = [(text, year, *sampling_time(text, carrier.fetched_at, year)) for text, year in distinct]
    _small_table(connection, "times", {"time": "VARCHAR", "fetched_year": "VARCHAR", "sampled_at": "TIMESTAMP",
                                       "is_previous_year": "BOOLEAN"}, rows)


def sampling_time(text: str, fetched_at: datetime, fetched_year: str | None = None) -> tuple[datetime | None, bool]:
    """The moment (UTC+8) a time of the table means, and whether it belongs to the year before the fetch.

    `MM-DD HH:MM` takes the year of the fetch unless that lies after the fetch: then it is a stale row of the year before.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day, hour, minute = _figures(match)
        moment = _datetime(year, month, day, hour, minute)
        return (moment if moment is not None and moment <= fetched_at.replace(hour=23, minute=59, second=59) else None), False
    match = _MONTH_FIRST.fullmatch(text)
    if not match:
        return None, False
    month, day, hour, minute = _figures(match)
    stated = int(fetched_year) if fetched_year and re.fullmatch(r"(19|20)\d\d", fetched_year) else fetched_at.year
    first = min(stated, fetched_at.year)
    for year in range(first, first - 5, -1):  # 02-29 of a stale row may lie up to four years back
        moment = _datetime(year, month, day, hour, minute)
        if moment is not None and moment <= fetched_at:
            return moment, year < first
    return None, False


def _figures(match: re.Match[str]) -> list[int]:
    """Date, hour and minute; the minute stands in one of the last two groups or in none."""
    *date, minute, in_words = match.groups()
    return [int(figure or 0) for figure in (*date, minute or in_words)]


def _datetime(year: int, month: int, day: int, hour: int, minute: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute)
    except ValueError:
        return None


def _classes(connection: duckdb.DuckDBPyConnection) -> None:
    rows = []
    for (text,) in connection.execute("SELECT DISTINCT class FROM cells WHERE class IS NOT NULL").fetchall():
        plain = re.sub(r"[\s类]|\.0$", "", text)  # 3.0: digits that went through a column of numbers
        found = CLASSES.get(plain) or CLASSES.get(unicodedata.normalize("NFKC", plain).upper())
        rows.append((text, found, found is None and plain not in NOTHING | NO_CLASS))
    _small_table(connection, "classes", {"text": "VARCHAR", "class": "VARCHAR", "is_unknown": "BOOLEAN"}, rows)


def _names(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [(text, clean_name(text)) for (text,) in connection.execute(
        "SELECT DISTINCT name FROM cells WHERE name IS NOT NULL").fetchall()]
    _small_table(connection, "names", {"text": "VARCHAR", "clean": "VARCHAR"}, rows)


def clean_name(text: str) -> str | None:
    """A station's name in one spelling: no white space or control characters, full-width brackets; nothing for a placeholder."""
    plain = re.sub("[\\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]", "", text).translate(str.maketrans("()", "（）"))
    return None if plain in NOTHING else plain


def _small_table(connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: list[tuple]) -> None:
    """A temporary table of a few hundred rows."""
    described = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({described})")
    values = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in columns.values())
    connection.execute(f"INSERT INTO {name} SELECT {values}", [[row[at] for row in rows] for at in range(len(columns))])
