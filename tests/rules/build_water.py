"""The product's own standard and rules, and short ways to write values and sections in the tests."""

from __future__ import annotations

import pandas as pd

from etl.paths import ROOT
from etl.rules.water_quality import Standard, assess, load_water_rules

STANDARDS = ROOT / "data" / "standards"
PARAMETERS = pd.read_csv(STANDARDS / "parameters.csv")
CLASS_LIMITS = pd.read_csv(STANDARDS / "gb3838_2002.csv")
STANDARD = Standard.from_frames(PARAMETERS, CLASS_LIMITS)
RULES = load_water_rules(STANDARDS / "water_quality.toml")


def assessed(water_body_type: str | None = "river", **values: float) -> pd.Series:
    """The assessment of one set of values."""
    frame = pd.DataFrame([values], dtype=float)
    return assess(frame, [water_body_type], STANDARD, RULES).iloc[0]


def text(value) -> str | None:
    """A text of the result, None where it is missing."""
    return None if pd.isna(value) else value
