"""What the judgements are made of: a target, the figures known about it, the limits in force.

Values are Decimals in the target's unit; a water-quality class is its rank, 1 (Ⅰ) to 6 (劣Ⅴ).
"""

from __future__ import annotations

import calendar
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from etl.paths import JUDGEMENT_CONFIG
from etl.rules.numbers import round_to


@dataclass(frozen=True)
class Observation:
    """One figure with the period it describes and the day from which it could be known."""

    observation_id: str
    value: Decimal | None
    period_start: date | None
    period_end: date | None
    period_kind: str  # year half_year quarter month year_to_date cumulative date unstated inferred_year
    known_on: date | None
    comparator: str = "="  # a bulletin may only say "at least": = >= > <= <
    is_provisional: bool = False
    same_scope: bool = True
    superseded_on: date | None = None  # from this day on another figure stands in its place

    def is_known_on(self, day: date) -> bool:
        """Published by then, about a period that had ended, and not yet replaced."""
        return (self.known_on is not None and self.known_on <= day and (self.period_end is None or self.period_end <= day)
                and (self.superseded_on is None or day < self.superseded_on))

    @property
    def is_comparable(self) -> bool:
        """Whether it is a value of the target's own scope for a period the publisher states."""
        return (self.value is not None and self.same_scope and self.period_end is not None
                and self.period_kind not in ("unstated", "inferred_year"))

    def year_end(self) -> Decimal:
        """Time of the figure in years, at the end of its period."""
        return years(self.period_end)


@dataclass(frozen=True)
class Verdict:
    """What a person said of a qualitative target, counting from a day until the next one is given."""

    verdict_id: str
    judged_on: date
    is_met: bool


@dataclass(frozen=True)
class Target:
    """One promise of a plan, ready to be judged."""

    target_id: str
    comparator: str  # >= > <= < = between class_at_least text
    deadline: date | None
    value: Decimal | None = None
    value_high: Decimal | None = None
    decimals: int = 0  # as printed in the plan
    direction: str = "higher"  # higher lower none
    period_basis: str = "annual"  # annual point cumulative text
    is_cumulative: bool = False
    is_maintain: bool = False
    period_start: date | None = None
    plan_start: date | None = None
    repealed_on: date | None = None
    issued_on: date | None = None
    population: int | None = None  # number of sections behind a share
    baseline_value: Decimal | None = None
    baseline_on: date | None = None
    milestones: tuple[tuple[date, Decimal], ...] = ()  # official values on the way, earliest first
    verdicts: tuple[Verdict, ...] = ()  # of a qualitative target, earliest first

    @property
    def lower_is_better(self) -> bool:
        if self.comparator in ("<=", "<", "class_at_least"):
            return True
        if self.comparator in (">=", ">"):
            return False
        return self.direction == "lower"

    @property
    def is_two_sided(self) -> bool:
        """Too much misses it as too little does; works stated with "=" may be exceeded."""
        return self.comparator == "between" or (
            self.comparator == "=" and (self.lower_is_better or not self.is_cumulative))

    def is_met_by(self, value: Decimal) -> bool:
        """Compare at the precision printed in the plan; no tolerance."""
        y = round_to(value, self.decimals)
        match self.comparator:
            case ">=":
                return y >= self.value
            case ">":
                return y > self.value
            case "<=" | "class_at_least":
                return y <= self.value
            case "<":
                return y < self.value
            case "between":
                return self.value <= y <= self.value_high
            case "=":
                return y == self.value if self.is_two_sided else y >= self.value
        raise ValueError(f"{self.target_id}: 比较符“{self.comparator}”没有数值判定")

    def distance(self, value: Decimal) -> Decimal:
        """For a two-sided target the distance to the range, else the value itself."""
        if self.comparator != "between":
            return value
        return max(self.value - value, value - self.value_high, Decimal(0))

    def merit(self, value: Decimal) -> Decimal:
        """A number that grows as the figure gets better."""
        if self.is_two_sided:
            return -abs(value - self.value) if self.comparator == "=" else -self.distance(value)
        return -value if self.lower_is_better else value


@dataclass(frozen=True)
class Rules:
    """Thresholds and words of `data/standards/judgement.toml`."""

    version: str
    on_schedule: Decimal
    slightly_behind: Decimal
    far_behind: Decimal
    minimum_expected_share: Decimal
    minimum_points: int
    maximum_points: int
    attainment: dict[str, str]
    schedule: dict[str, str]
    trend: dict[str, str]


@lru_cache(maxsize=4)
def load_rules(path: Path = JUDGEMENT_CONFIG) -> Rules:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    schedule, trend, words = raw["schedule"], raw["trend"], raw["words"]
    return Rules(
        version=raw["version"],
        on_schedule=Decimal(str(schedule["on_schedule_at_least"])),
        slightly_behind=Decimal(str(schedule["slightly_behind_at_least"])),
        far_behind=Decimal(str(schedule["far_behind_at_least"])),
        minimum_expected_share=Decimal(str(schedule["minimum_expected_share"])),
        minimum_points=trend["minimum_points"],
        maximum_points=trend["maximum_points"],
        attainment=words["attainment"],
        schedule=words["schedule"],
        trend=words["trend"],
    )


def years(day: date) -> Decimal:
    """The end of a day as decimal years; from one year's end to another's is a whole number, leap year or not."""
    return day.year + Decimal(day.timetuple().tm_yday) / (366 if calendar.isleap(day.year) else 365)


def population_of(scope: str) -> int | None:
    """Number of sections a share speaks of, from a scope such as 74个国控断面."""
    found = re.search(r"(\d+)\s*个[^，]*(断面|站位|点位)", scope or "")
    return int(found.group(1)) if found else None
