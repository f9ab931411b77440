"""Readings to look at twice. A flag is a hint for the reader: no value is dropped or changed because of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.rules.water_quality import EXCEEDING_FROM, Standard, WaterRules, parameter_ranks, without_noise


def flag_implausible(values: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    """True where a value lies outside the plausible range of its parameter; the shape and index of `values`."""
    low = np.array([standard.parameters[name].plausible_low for name in values])
    high = np.array([standard.parameters[name].plausible_high for name in values])
    given = values.to_numpy(dtype=float)
    return pd.DataFrame((given < low) | (given > high), index=values.index, columns=values.columns)


def flag_half_detection_limit(values: pd.DataFrame, rules: WaterRules) -> pd.DataFrame:
    """True where a value is exactly half a detection limit, which is how "not detected" is published."""
    halves = np.array([rules.half_detection_limits.get(name, np.nan) for name in values])
    return pd.DataFrame(without_noise(values) == halves, index=values.index, columns=values.columns)


def flag_jumps(values: pd.DataFrame, section_ids: np.ndarray, sampled_at: np.ndarray, water_body_types: np.ndarray,
               standard: Standard, rules: WaterRules) -> pd.DataFrame:
    """True where a value is worse than Ⅲ and `jump_factor` times worse than the reading before it.

    One row per reading in any order; the reading before is the last one of the same section that has the parameter,
    at most `jump_within_hours` older. pH and parameters without limits never jump (conductivity and turbidity of an
    estuary follow the tide). The shape and index of `values`.
    """
    sections = pd.factorize(np.asarray(section_ids, dtype=object))[0]
    times = np.asarray(sampled_at, dtype="datetime64[s]")
    over = parameter_ranks(values, water_body_types, standard).to_numpy() >= EXCEEDING_FROM
    given = without_noise(values)
    in_time = np.lexsort((times, sections))
    flags = np.zeros(values.shape, dtype=bool)
    for j, name in enumerate(values):
        bound = next((limit.bound for (of, _), limit in standard.limits.items() if of == name), None)
        if bound not in ("max", "min"):
            continue
        rows = in_time[~np.isnan(given[in_time, j])]
        before, after = rows[:-1], rows[1:]
        lower, higher = (before, after) if bound == "max" else (after, before)
        near = ((sections[before] == sections[after])
                & (times[after] - times[before] <= np.timedelta64(round(rules.jump_within_hours * 3600), "s")))
        worse = given[higher, j] >= without_noise(rules.jump_factor * given[lower, j])
        flags[after, j] = near & worse & over[after, j]
    return pd.DataFrame(flags, index=values.index, columns=values.columns)
