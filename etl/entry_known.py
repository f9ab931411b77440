"""What the database knows that entries are held against: targets, figures, units."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from etl.paths import DATA
from etl.rules.entry_values import Period, plain
from etl.rules.model import Target

UNITS = DATA / "standards" / "units.csv"

Subject = tuple[str, str, str]
"""indicator_id, region_id, scope: what a figure speaks of."""


@dataclass(frozen=True)
class KnownTarget:
    """A target with the words people know it by. `count_from`: where the target's, else the plan's period begins."""

    promise: Target
    subject: Subject
    indicator: str
    name_in_plan: str
    region: str
    kind: str  # share level count concentration class cumulative reduction flow text
    unit: str | None
    decimals: int
    count_from: date
    document: str
    is_restatement: bool

    @property
    def target_id(self) -> str:
        return self.promise.target_id

    @property
    def scope(self) -> str:
        return self.subject[2]


@dataclass(frozen=True)
class KnownFigure:
    """A figure the database has, in the unit of its indicator; `period_text` without remarks in brackets."""

    observation_id: str
    value: Decimal
    period_kind: str
    period_start: date | None
    period_end: date
    period_text: str
    is_repost: bool
    publisher: str


@dataclass(frozen=True)
class Known:
    """`figures` by subject; `units`: factor by (printed unit, unit), the names made plain; `as_of`: what was known then."""

    as_of: date
    targets: dict[str, KnownTarget]
    figures: Mapping[Subject, list[KnownFigure]] = field(default_factory=dict)
    units: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)

    def same_period(self, subject: Subject, period: Period) -> list[KnownFigure]:
        """Figures of the very subject and period, the official ones first."""
        same = [f for f in self.figures.get(subject, []) if f.period_end == period.end and (
            f.period_start == period.start or f.period_kind == period.kind == "date")]
        return sorted(same, key=lambda f: f.is_repost)

    def nearest(self, subject: Subject, period: Period) -> KnownFigure | None:
        """The figure of another period of the same kind that is nearest in time; a running total of the same start only."""
        others = [f for f in self.figures.get(subject, []) if f.period_kind == period.kind and f.period_end != period.end
                  and (period.kind != "cumulative" or f.period_start == period.start)]
        return min(others, key=lambda f: (abs(f.period_end - period.end), f.period_end > period.end, f.is_repost), default=None)


def load_known(connection: duckdb.DuckDBPyConnection, as_of: date, units: Path = UNITS) -> Known:
    """Everything known on the day `as_of`."""
    targets = connection.execute("""
        SELECT t.target_id, t.indicator_id, t.region_id, t.scope, t.comparator, t.deadline, t.value, t.value_high,
               t.decimals, i.direction, t.is_cumulative, d.repealed_on, CASE WHEN b.indicator_id = t.indicator_id THEN b.value END,
               i.name, t.name_in_plan, r.name, i.kind, i.unit, i.decimals, coalesce(t.period_start, d.period_start),
               d.short_title, t.duplicate_of IS NOT NULL
        FROM targets t JOIN indicators i USING (indicator_id) JOIN regions r USING (region_id)
        JOIN documents d ON d.document_id = t.document_id
        LEFT JOIN observations b ON b.observation_id = t.baseline_observation_id
        ORDER BY t.rowid""").fetchall()
    figures = defaultdict(list)
    for indicator_id, region_id, scope, observation_id, value, *rest in connection.execute("""
            SELECT o.indicator_id, o.region_id, o.scope, o.observation_id, o.value, o.period_kind, o.period_start, o.period_end,
                   regexp_replace(coalesce(o.period_text, ''), '[（(].*$', ''), s.kind = 'repost', s.publisher
            FROM observations o JOIN sources s USING (source_id)
            WHERE o.status <> 'context' AND o.value IS NOT NULL AND o.period_end IS NOT NULL
              AND o.superseded_by IS NULL
              AND coalesce(s.published_on, o.period_end) <= $as_of
            ORDER BY o.rowid""", {"as_of": as_of}).fetchall():
        figures[indicator_id, region_id, scope].append(KnownFigure(observation_id, _decimal(value), *rest))
    known_targets = (_target(*row) for row in targets)
    return Known(as_of, {target.target_id: target for target in known_targets}, figures, _units(units))


def _target(target_id, indicator_id, region_id, scope, comparator, deadline, value, value_high, decimals, direction, is_cumulative,
            repealed_on, baseline, indicator, name_in_plan, region, kind, unit, indicator_decimals, count_from, document,
            is_restatement) -> KnownTarget:
    promise = Target(target_id, comparator, deadline, _decimal(value), _decimal(value_high), decimals or 0, direction,
                     is_cumulative=is_cumulative, repealed_on=repealed_on, baseline_value=_decimal(baseline))
    return KnownTarget(promise, (indicator_id, region_id, scope), indicator, name_in_plan, region, kind, unit, indicator_decimals,
                       count_from, document, is_restatement)


def _units(file: Path) -> dict[tuple[str, str], Decimal]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {(plain(row["printed_unit"]), plain(row["unit"])): Decimal(row["factor"]) for row in csv.DictReader(lines)}


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.15g}")
