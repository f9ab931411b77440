"""What people have entered, load by load: written once, never changed, read into the tables of the register.

One file per load in `data/observations/entries/`. A later figure of the same subject and period replaces an earlier one,
a withdrawal takes an entry back (also another withdrawal); nothing is ever deleted, so every figure keeps its history.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from etl.paths import ENTRIES

LOAD_COLUMNS = ("load_id", "confirmed_by", "confirmed_at", "load_note", "file_name", "file_sha256")
ROW_COLUMNS = (
    "entry_id", "kind", "target_id", "indicator_id", "region_id", "scope", "measure_id", "project_id", "comparator", "value",
    "value_text", "unit", "printed_value", "printed_unit", "period_kind", "period_start", "period_end", "period_text", "status",
    "verdict", "stage", "reason", "evidence", "judged_by", "judged_on", "publisher", "published_on", "url", "note", "withdraws",
    "supersedes", "file_row")
"""Columns of an entry file, described in data/datapackage.json."""

LONGEST_NOTE = 500
"""Characters."""

FIGURE_KEY = ("indicator_id", "region_id", "scope", "period_kind", "period_start", "period_end")
"""A figure replaces another of the same key."""


@dataclass(frozen=True)
class Origin:
    """Who confirms a load, and what it was made from; `file_name` and `file_sha256` are empty for what was typed in."""

    confirmed_by: str
    note: str = ""
    file_name: str = ""
    file_sha256: str = ""


def fingerprint(folder: Path | None = None) -> str:
    """Names of all loads; a review made against another state of the ledger is out of date."""
    return hashlib.sha256("\n".join(load_ids(folder)).encode()).hexdigest()


def load_ids(folder: Path | None = None) -> list[str]:
    """Oldest first."""
    return sorted(file.stem for file in (folder or ENTRIES).glob("*.csv"))


def is_published(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether an opened version holds every load. It does not when a writer was killed between writing and publishing."""
    return set(load_ids()) <= {load_id for load_id, in connection.execute("SELECT DISTINCT load_id FROM entries").fetchall()}


def new_load(origin: Origin, rows: list[dict[str, str]], now: datetime | None = None) -> tuple[str, Path, bytes]:
    """Load id, file and content of a load; `rows` hold some of ROW_COLUMNS without entry_id."""
    now = now or datetime.now(UTC)
    digest = hashlib.sha256(repr((origin, rows)).encode()).hexdigest()[:8]
    load_id = f"{now:%Y%m%dT%H%M%S%f}-{digest}"
    head = {"load_id": load_id, "confirmed_by": origin.confirmed_by, "confirmed_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "load_note": origin.note, "file_name": origin.file_name, "file_sha256": origin.file_sha256}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, LOAD_COLUMNS + ROW_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows, start=1):
        writer.writerow(head | row | {"entry_id": f"{load_id}-{number:04d}"})
    return load_id, ENTRIES / f"{load_id}.csv", text.getvalue().encode()


def with_states(entries: pd.DataFrame) -> pd.DataFrame:
    """Entries (as read, text) with `state` (current, superseded, withdrawn), `replaced_by` (entry_id) and `known_on` (day as text)."""
    rows = entries.sort_values(["load_id", "entry_id"]).to_dict("records")
    gone = _withdrawn(rows)
    replaced_by: dict[str, str] = {}
    for chain in _chains(row for row in rows if row["entry_id"] not in gone):
        replaced_by |= {before["entry_id"]: after["entry_id"] for before, after in zip(chain, chain[1:])}
    state = {row["entry_id"]: "withdrawn" if row["entry_id"] in gone else "superseded" if row["entry_id"] in replaced_by else "current"
             for row in rows}
    return entries.assign(
        state=entries["entry_id"].map(state).astype("string"), replaced_by=entries["entry_id"].map(replaced_by).astype("string"),
        known_on=entries["published_on"].fillna(entries["judged_on"]).fillna(entries["confirmed_at"].str[:10]))


def superseded(entries: pd.DataFrame) -> pd.DataFrame:
    """Figures that another replaces: observation_id, superseded_by and superseded_on (day as text); `entries` with states.

    A published figure gives way to the first standing entry of its key, every entry to the next one.
    """
    standing = entries[(entries["kind"] == "figure") & (entries["state"] != "withdrawn")]
    known_on = dict(zip(standing["entry_id"], standing["known_on"]))
    found = [(row["entry_id"], row["replaced_by"]) for row in standing.to_dict("records") if not pd.isna(row["replaced_by"])]
    listed: dict[tuple, set[str]] = defaultdict(set)
    for row in entries[entries["kind"] == "figure"].to_dict("records"):
        if not pd.isna(row["supersedes"]):
            listed[_key(row)] |= set(row["supersedes"].split(";"))
    first: dict[tuple, str] = {}
    for row in standing.sort_values(["load_id", "entry_id"]).to_dict("records"):
        first.setdefault(_key(row), row["entry_id"])
    own = set(entries["entry_id"])
    found += [(published, first[key]) for key, ids in listed.items() if key in first for published in sorted(ids - own)]
    return pd.DataFrame([(old, new, known_on[new]) for old, new in found], columns=["observation_id", "superseded_by", "superseded_on"],
                        dtype="string")


def into_register(strings: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables as read, with the states of the entries, and with the figures that were not withdrawn among the observations."""
    entries = with_states(strings["entries"])
    figures = entries[(entries["kind"] == "figure") & (entries["state"] != "withdrawn")]
    names = dict(zip(strings["indicators"]["indicator_id"], strings["indicators"]["name"]))
    origin = figures["load_id"] + "-s" + _running_number(figures)
    rows = figures.assign(
        observation_id=figures["entry_id"], name_as_published=figures["indicator_id"].map(names), source_id=origin,
        entered_at=figures["confirmed_at"].str[:10],
        printed_value=figures["printed_value"].mask(figures["printed_value"] == figures["value"]),
        printed_unit=figures["printed_unit"].mask(figures["printed_unit"] == figures["unit"]))
    sources = figures.assign(
        source_id=origin, kind=figures["file_name"].isna().map({True: "manual", False: "upload"}),
        title=figures["file_name"].fillna("手工录入"), publisher=figures["publisher"].fillna(figures["confirmed_by"] + "（录入）"),
        published_on=figures["known_on"], published_precision="day",
        confidence=(figures["publisher"].notna() & (figures["status"] == "final")).map({True: "high", False: "medium"}))
    return strings | {
        "entries": entries,
        "observations": _added(strings["observations"], rows),
        "sources": _added(strings["sources"], sources.drop_duplicates("source_id"))}


def _added(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, rows.reindex(columns=table.columns).astype(table.dtypes)], ignore_index=True)


def _running_number(figures: pd.DataFrame) -> pd.Series:
    """Figures of one load from the same publisher, day and address share a source."""
    same = figures[["load_id", "publisher", "published_on", "url", "status"]].fillna("")
    numbers: dict[tuple, int] = {}
    counts: dict[str, int] = defaultdict(int)
    found = []
    for place in same.itertuples(index=False, name=None):
        if place not in numbers:
            counts[place[0]] += 1
            numbers[place] = counts[place[0]]
        found.append(str(numbers[place]))
    return pd.Series(found, index=figures.index, dtype="string")


def _withdrawn(rows: list[dict]) -> set[str]:
    """Entries taken back. A withdrawal comes later than what it withdraws, so reading backwards every one is known to stand or not."""
    gone: set[str] = set()
    for row in reversed(rows):
        if row["kind"] == "withdrawal" and row["entry_id"] not in gone:
            gone.add(row["withdraws"])
    return gone


def _chains(rows: Iterable[dict]) -> list[list[dict]]:
    """Entries about the same thing, oldest first."""
    chains = defaultdict(list)
    for row in rows:
        if row["kind"] == "figure":
            chains["figure", _key(row)].append(row)
        elif row["kind"] == "verdict":
            chains["verdict", row["target_id"]].append(row)
        elif row["kind"] == "stage":
            chains["stage", *(None if pd.isna(row[key]) else row[key] for key in ("measure_id", "project_id"))].append(row)
    return list(chains.values())


def _key(row: dict) -> tuple:
    return tuple(row[column] for column in FIGURE_KEY)
