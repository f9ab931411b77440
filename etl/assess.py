"""Judges every target through time and looks for trouble in the documents."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import pandas as pd

from etl.ledger import superseded
from etl.paths import FINDINGS
from etl.rules.judge import Judgement, judgement_spans
from etl.rules.model import Observation, Rules, Target, Verdict, population_of
from etl.rules.numbers import decimals_of


def judgements(strings: dict[str, pd.DataFrame], rules: Rules, target_ids: Collection[str] | None = None) -> pd.DataFrame:
    """One row per target (all, or those named) and span of days, columns as in table `judgements`.

    `strings` are the frames of `ledger.into_register`: text, because the printed decimals of a target decide its precision.
    """
    documents = {row["document_id"]: row for row in _records(strings["documents"])}
    sources = {row["source_id"]: row for row in _records(strings["sources"])}
    indicators = {row["indicator_id"]: row for row in _records(strings["indicators"])}
    by_subject = defaultdict(list)
    observations = {row["observation_id"]: row for row in _records(strings["observations"])}
    for row in observations.values():
        by_subject[row["indicator_id"], row["region_id"]].append(row)
    replaced = {row["observation_id"]: _day(row["superseded_on"]) for row in _records(superseded(strings["entries"]))}
    verdicts = _verdicts(strings["entries"])
    rows = list(_records(strings["targets"]))
    paths = _milestones(rows)
    judged = []
    for row in rows:
        if target_ids is not None and row["target_id"] not in target_ids:
            continue
        target = _target(row, documents[row["document_id"]], indicators[row["indicator_id"]],
                         observations.get(row["baseline_observation_id"]), paths, verdicts[row["target_id"]])
        figures = [_observation(o, sources[o["source_id"]], row["scope"], replaced.get(o["observation_id"]))
                   for o in by_subject[row["indicator_id"], row["region_id"]] if o["status"] != "context"]
        judged += [_row(target, span, rules) for span in judgement_spans(target, figures, rules)]
    return pd.DataFrame(judged)


def _target(row: dict, document: dict, indicator: dict, baseline: dict | None, paths: dict, verdicts: list[Verdict]) -> Target:
    value = _decimal(row["value"])
    baseline_counts = baseline is not None and baseline["indicator_id"] == row["indicator_id"]
    return Target(
        target_id=row["target_id"], comparator=row["comparator"], deadline=_day(row["deadline"]), value=value,
        value_high=_decimal(row["value_high"]), decimals=decimals_of(row["value"]) if row["value"] else 0,
        direction=indicator["direction"], period_basis=indicator["period_basis"],
        is_cumulative=row["is_cumulative"] == "true", is_maintain=row["is_maintain"] == "true",
        period_start=_day(row["period_start"]), plan_start=_day(document["period_start"]),
        repealed_on=_day(document["repealed_on"]), issued_on=_day(document["issued_on"]),
        population=population_of(row["scope"]) if row["unit"] == "%" else None,
        baseline_value=_decimal(baseline["value"]) if baseline_counts else None,
        baseline_on=_day(baseline["period_end"]) if baseline_counts else None,
        milestones=tuple(m for m in paths[_path_key(row)] if row["deadline"] and m[0] < _day(row["deadline"])),
        verdicts=tuple(verdicts),
    )


def _observation(row: dict, source: dict, target_scope: str, superseded_on: date | None) -> Observation:
    period_end = _day(row["period_end"])
    return Observation(
        observation_id=row["observation_id"], value=_decimal(row["value"]), comparator=row["comparator"],
        period_start=_day(row["period_start"]), period_end=period_end, period_kind=row["period_kind"],
        known_on=_day(source["published_on"]) or period_end,
        is_provisional=row["status"] == "provisional",
        same_scope=row["scope"] == target_scope, superseded_on=superseded_on,
    )


def _verdicts(entries: pd.DataFrame) -> dict[str, list[Verdict]]:
    """Verdicts that were not withdrawn, by target; of two for one day the later entered counts."""
    given = defaultdict(list)
    standing = entries[(entries["kind"] == "verdict") & (entries["state"] != "withdrawn")]
    for row in _records(standing.sort_values(["known_on", "load_id", "entry_id"])):
        given[row["target_id"]].append(Verdict(row["entry_id"], _day(row["known_on"]), row["verdict"] == "达标"))
    return given


def _milestones(rows: list[dict]) -> dict:
    """Official values on the way to a later one: the same promise of the same document with earlier deadlines."""
    paths = defaultdict(list)
    for row in rows:
        if row["value"] and row["deadline"] and not row["duplicate_of"] and row["is_cumulative"] != "true":
            paths[_path_key(row)].append((_day(row["deadline"]), _decimal(row["value"])))
    return defaultdict(list, {key: sorted(points) for key, points in paths.items()})


def _path_key(row: dict) -> tuple:
    return row["document_id"], row["indicator_id"], row["scope"]


def _row(target: Target, span: Judgement, rules: Rules) -> dict:
    attainment, schedule, trend = span.attainment, span.schedule, span.trend
    return {
        "target_id": target.target_id, "valid_from": span.valid_from, "valid_to": span.valid_to,
        "status": attainment.word, "observation_id": _id(attainment.observation),
        "verdict_id": attainment.verdict.verdict_id if attainment.verdict else None,
        "figures_disagree": attainment.figures_disagree,
        "schedule": schedule.word, "latest_observation_id": _id(schedule.observation),
        "earlier_observation_id": _id(span.earlier_figure), "gap_to_target": _float(schedule.gap_to_target),
        "path": schedule.path, "path_baseline_value": _float(schedule.baseline_value),
        "path_baseline_on": schedule.baseline_on, "baseline_is_nearest": schedule.baseline_is_nearest,
        "expected_value": _float(schedule.expected_value), "gap_to_path": _float(schedule.gap_to_path),
        "completed_share": _float(schedule.completed_share), "expected_share": _float(schedule.expected_share),
        "schedule_ratio": _float(schedule.ratio), "level_ratio": _float(schedule.level_ratio),
        "trend": trend.word, "trend_points": trend.points, "trend_slope": _float(trend.slope),
        "required_slope": _float(trend.required_slope), "forecast": _float(trend.forecast),
        "speed_up": _float(trend.speed_up), "known_figures": span.known_figures,
        "sections_short": span.sections_short, "rules_version": rules.version,
    }


@dataclass(frozen=True)
class Passage:
    """A place a document issue speaks of: characters of a document, or a published figure."""

    document_id: str | None
    clause: str | None
    span_start: int | None
    span_end: int | None
    observation_id: str | None
    target_id: str | None

    def touches(self, other: Passage) -> bool:
        if self.span_start is not None and other.span_start is not None:
            return (self.document_id == other.document_id and self.span_start < other.span_end
                    and other.span_start < self.span_end)
        return self.observation_id is not None and self.observation_id == other.observation_id


def find_document_issues(connection: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run every query of `checks/findings`; rows for `document_issues` and their passages.

    Each query returns severity, kind, description and a list of passage structs.
    """
    curated = defaultdict(list)
    for issue_id, kind, *place in connection.execute("""
            SELECT issue_id, kind, document_id, clause, span_start, span_end, observation_id, target_id
            FROM document_issue_passages JOIN document_issues USING (issue_id) ORDER BY issue_id, position""").fetchall():
        curated[issue_id, kind].append(Passage(*place))
    issues, passages = [], []
    for file in sorted(FINDINGS.glob("*.sql")):
        for severity, kind, description, places in connection.execute(file.read_text(encoding="utf-8")).fetchall():
            own = [Passage(**place) for place in places]
            issue_id = f"computed-{file.stem}-{_short_hash(own)}"
            issues.append((issue_id, "computed", file.stem, severity, kind, description, "computation",
                           _same_issue(kind, own, curated)))
            passages += [(issue_id, n, *vars(p).values()) for n, p in enumerate(own, start=1)]
    return (pd.DataFrame(issues, columns=["issue_id", "origin", "rule", "severity", "kind", "description", "found_by",
                                          "same_as_issue_id"], dtype=object),
            pd.DataFrame(passages, columns=["issue_id", "position", *Passage.__dataclass_fields__], dtype=object))


def _short_hash(places: list[Passage]) -> str:
    """Names a finding by where it stands, so that another one does not rename it."""
    return hashlib.sha256(repr(places).encode()).hexdigest()[:8]


def _same_issue(kind: str, own: list[Passage], curated: dict[tuple[str, str], list[Passage]]) -> str | None:
    """The curated issue of the same kind whose passages this finding covers best, if it touches any."""
    best, best_share = None, 0.0
    for (issue_id, curated_kind), places in curated.items():
        if curated_kind != kind:
            continue
        share = sum(any(p.touches(o) for o in own) for p in places) / len(places)
        if share > best_share:
            best, best_share = issue_id, share
    return best


def _records(frame: pd.DataFrame) -> Iterable[dict]:
    """Rows as dicts with None for missing cells."""
    return ({k: None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records"))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _id(observation: Observation | None) -> str | None:
    return None if observation is None else observation.observation_id
