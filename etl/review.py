"""What confirming a checked file would do: figures added or changed, statuses that flip. Nothing is written here."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from etl import ledger
from etl.assess import judgements
from etl.corrections import corrected
from etl.entries import Checked, EntryFile, EntryRow, Figure, Verdict
from etl.entry_checks import check_rows
from etl.entry_known import Known, KnownFigure, load_known
from etl.paths import JUDGEMENT_CONFIG, PACKAGE
from etl.readers.tables import FILE, ROW, read_package
from etl.rules.entry_values import Period
from etl.rules.model import load_rules
from etl.versions import current_file, open_read_only


@dataclass(frozen=True)
class Line:
    """One figure or verdict against what is known: added, changed (it replaces figures of its subject and period) or same."""

    entry: Figure | Verdict
    change: str
    replaces: list[KnownFigure]


@dataclass(frozen=True)
class Flip:
    """A target whose status would change."""

    target_id: str
    indicator: str
    region: str
    before: str
    after: str


@dataclass(frozen=True)
class Review:
    """`ledger`: the state of the ledger it was made against; `already_loaded`: a load made from the very same file."""

    file: EntryFile
    checked: Checked
    lines: list[Line]
    flips: list[Flip]
    ledger: str
    already_loaded: str | None

    def to_confirm(self) -> list[dict[str, str]]:
        """Rows for the ledger: what is added or changed."""
        return _ledger_rows(self.lines)


def review_file(file: EntryFile, today: date) -> Review:
    """Check a file against the published version and say what it would change.

    Raises FileNotFoundError while nothing is published, DataProblems when the register itself does not hold.
    """
    published = current_file()
    if published is None:
        raise FileNotFoundError("还没有数据库")
    state = ledger.fingerprint()
    with contextlib.closing(open_read_only(published)) as connection:
        known = load_known(connection, today)
        checked = check_rows(file, known, today)
        entries: list[Figure | Verdict] = [*checked.figures, *checked.verdicts]
        given = {target_id: tuple(words) for target_id, *words in connection.execute("""
            SELECT target_id, verdict, coalesce(reason, ''), coalesce(evidence, '') FROM entries
            WHERE kind = 'verdict' AND state = 'current'""").fetchall()}
        lines = [_against(entry, known, given) for entry in entries]
        same_file = connection.execute("""
            SELECT load_id FROM entries WHERE file_sha256 = ? AND state <> 'withdrawn' LIMIT 1""", [file.sha256]).fetchone()
        flips = [] if checked.errors else _flips(_ledger_rows(lines), connection, today)
    return Review(file, checked, lines, flips, state, same_file[0] if same_file else None)


def review_rows(rows: list[EntryRow], verdicts: list[EntryRow], today: date) -> Review:
    """The same for what was typed on the page."""
    return review_file(EntryFile("", "", rows, verdicts, []), today)


def _against(entry: Figure | Verdict, known: Known, given: dict[str, tuple]) -> Line:
    """`given`: verdict, reason and evidence that stand for a target."""
    if isinstance(entry, Verdict):
        before = given.get(entry.target_id)
        is_same = before == (entry.verdict, entry.reason, entry.evidence)
        return Line(entry, "same" if is_same else "changed" if before else "added", [])
    period = Period(entry.period_kind, entry.period_start, entry.period_end, entry.period_text)
    there = known.same_period((entry.indicator_id, entry.region_id, entry.scope), period)
    if not there:
        return Line(entry, "added", [])
    is_same = any(figure.value == entry.value for figure in there) and entry.comparator == "="
    return Line(entry, "same" if is_same else "changed", there)


def _ledger_rows(lines: list[Line]) -> list[dict[str, str]]:
    return [_ledger_row(line) for line in lines if line.change != "same"]


def _ledger_row(line: Line) -> dict[str, str]:
    """A row of an entry file (see ledger.ROW_COLUMNS)."""
    entry = line.entry
    place = f"{entry.row.sheet}!" if entry.row.sheet else ""
    common = {"target_id": entry.target_id, "indicator_id": entry.indicator_id, "region_id": entry.region_id, "scope": entry.scope}
    if isinstance(entry, Verdict):
        return common | {
            "kind": "verdict", "verdict": entry.verdict, "reason": entry.reason, "evidence": entry.evidence,
            "judged_by": entry.judged_by, "judged_on": _text(entry.judged_on), "file_row": place + entry.row.address("verdict")}
    return common | {
        "kind": "figure", "comparator": entry.comparator, "value": _text(entry.value), "value_text": entry.value_text or "",
        "unit": entry.unit or "", "printed_value": entry.printed_value, "printed_unit": entry.printed_unit or "",
        "period_kind": entry.period_kind, "period_start": _text(entry.period_start), "period_end": _text(entry.period_end),
        "period_text": entry.period_text, "status": entry.status, "publisher": entry.publisher,
        "published_on": _text(entry.published_on), "url": entry.url or "", "note": entry.note or "",
        "supersedes": ";".join(figure.observation_id for figure in line.replaces), "file_row": place + entry.row.address("value")}


def _text(value) -> str:
    return "" if value is None else str(value)


def _flips(rows: list[dict[str, str]], connection: duckdb.DuckDBPyConnection, today: date) -> list[Flip]:
    """Judge the targets concerned with the new rows among the known ones."""
    subjects = {(row["indicator_id"], row["region_id"]) for row in rows}
    concerned = [target_id for target_id, *subject in connection.execute(
        "SELECT target_id, indicator_id, region_id FROM targets WHERE duplicate_of IS NULL").fetchall() if tuple(subject) in subjects]
    if not concerned:
        return []
    descriptor, strings = read_package(PACKAGE)
    strings = corrected(strings, descriptor)
    entries = strings["entries"]
    load = {"load_id": "review", "confirmed_at": f"{today}T00:00:00Z", "confirmed_by": "review", FILE: ""}
    incoming = pd.DataFrame([load | row | {"entry_id": f"review-{n}", ROW: n} for n, row in enumerate(rows)]).replace("", pd.NA)
    together = pd.concat([entries, incoming.reindex(columns=entries.columns).astype(entries.dtypes)], ignore_index=True)
    judged = judgements(ledger.into_register(strings | {"entries": together}), load_rules(JUDGEMENT_CONFIG), set(concerned))
    after = dict(judged.loc[(judged["valid_from"] <= today) & (today <= judged["valid_to"]), ["target_id", "status"]].to_numpy())
    before = connection.execute("""
        SELECT a.target_id, i.name, r.name, a.status FROM attainment($today) a
        JOIN indicators i USING (indicator_id) JOIN regions r ON r.region_id = a.region_id
        WHERE list_contains($targets, a.target_id) ORDER BY a.target_id""", {"today": today, "targets": concerned}).fetchall()
    return [Flip(target_id, indicator, region, status, after[target_id]) for target_id, indicator, region, status in before
            if after[target_id] != status]
