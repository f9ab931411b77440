"""GB 3838-2002 and the single-factor method of 环办〔2011〕22号: classes and main pollutants.

A class is its rank, 1 (Ⅰ) to 6 (劣Ⅴ), NaN where nothing was measured. Values are in the unit of the parameter,
mg/L for nearly all; they are compared as given, so pass the unrounded ones where they are known.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from etl.rules.numbers import WATER_CLASSES

CLASSES = WATER_CLASSES
WORST = len(CLASSES)
EXCEEDING_FROM = 4
"""Class Ⅲ is what exceedance is measured against."""

_AFTER_THE_TABLE = 99
"""Number of a parameter that is not in table 1 of the standard."""

_NOISE_DECIMALS = 10
"""Means carry binary noise in the 16th digit, the finest limit (mercury) has five decimals: ten separate them."""


@dataclass(frozen=True)
class Parameter:
    """One line of data/standards/parameters.csv, as far as the rules need it."""

    parameter: str
    name: str
    number: int  # in table 1 of GB 3838-2002; those outside it come after
    counts_for_class: bool
    has_exceedance_multiple: bool
    comes_first: bool
    plausible_low: float  # -inf and inf where no range is set
    plausible_high: float


@dataclass(frozen=True)
class Limit:
    """The five limits of a parameter, best class first, in its unit. A limit belongs to its class."""

    parameter: str
    water_body_type: str  # any river lake_reservoir
    bound: str  # max min range
    classes: tuple[float, float, float, float, float]
    low: float | None = None  # lower end of a range

    @property
    def class_3(self) -> float:
        return self.classes[2]


@dataclass(frozen=True)
class Standard:
    """Parameters by identifier and limits by (identifier, water body type)."""

    parameters: Mapping[str, Parameter]
    limits: Mapping[tuple[str, str], Limit]

    @classmethod
    def from_frames(cls, parameters: pd.DataFrame, class_limits: pd.DataFrame) -> Standard:
        """From the rows of the tables `parameters` and `class_limits`, typed or as text."""
        return cls(
            parameters={row.parameter: Parameter(
                row.parameter, row.name, int(_number(row.gb3838_number, _AFTER_THE_TABLE)), _truth(row.counts_for_class),
                _truth(row.has_exceedance_multiple), _truth(row.comes_first),
                _number(row.plausible_low, -np.inf), _number(row.plausible_high, np.inf),
            ) for row in parameters.itertuples(index=False)},
            limits={(row.parameter, row.water_body_type): Limit(
                row.parameter, row.water_body_type, row.bound,
                (float(row.class_1), float(row.class_2), float(row.class_3), float(row.class_4), float(row.class_5)),
                _number(row.low, None),
            ) for row in class_limits.itertuples(index=False)},
        )

    def limit(self, parameter: str, water_body_type: str | None) -> Limit | None:
        """The limits of a parameter in a river or lake; an unknown water body is taken for a river."""
        kind = "lake_reservoir" if is_lake([water_body_type])[0] else "river"
        return self.limits.get((parameter, "any")) or self.limits.get((parameter, kind))


@dataclass(frozen=True)
class WaterRules:
    """Thresholds and words of data/standards/water_quality.toml; shares are fractions."""

    version: str
    unconfirmed: frozenset[str]  # keys not checked against the wording of the method
    own_choices: frozenset[str]  # keys the method leaves open
    class_shares_from_sections: int
    excellent_good_share: float
    good_good_share: float
    moderate_worst_share: float
    heavy_worst_share: float
    main_pollutants: int
    months_needed: Mapping[str, int]  # by period kind
    jump_factor: float
    jump_within_hours: float
    half_detection_limits: Mapping[str, float]
    quality: Mapping[str, str]
    waters: Mapping[str, str]
    outlook: Mapping[str, str]  # from bad to good
    outlook_reasons: Mapping[str, str]


def load_water_rules(path: Path) -> WaterRules:
    """Read data/standards/water_quality.toml; raises KeyError where a key is missing."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    waters, statistics, flags, words = raw["waters"], raw["statistics"], raw["flags"], raw["words"]
    return WaterRules(
        version=raw["version"],
        unconfirmed=frozenset(raw["unconfirmed"]),
        own_choices=frozenset(raw["own_choices"]),
        class_shares_from_sections=waters["class_shares_from_sections"],
        excellent_good_share=waters["excellent_good_share_at_least"],
        good_good_share=waters["good_good_share_at_least"],
        moderate_worst_share=waters["moderate_worst_share_at_least"],
        heavy_worst_share=waters["heavy_worst_share_at_least"],
        main_pollutants=raw["main_pollutants"]["at_most"],
        months_needed={kind: statistics[f"months_in_{kind}_at_least"] for kind in ("month", "quarter", "year")},
        jump_factor=flags["jump_factor"],
        jump_within_hours=flags["jump_within_hours"],
        half_detection_limits=flags["half_detection_limit"],
        quality=words["quality"],
        waters=words["waters"],
        outlook=words["outlook"],
        outlook_reasons=words["outlook_reasons"],
    )


def parameter_rank(values: np.ndarray, limit: Limit) -> np.ndarray:
    """Rank 1 to 6 of each value as floats of the same shape, NaN where the value is NaN."""
    values = without_noise(values)
    if limit.bound == "min":
        passed = np.searchsorted(-np.array(limit.classes), -values, side="left")
    else:
        passed = np.searchsorted(np.array(limit.classes), values, side="left")
    ranks = 1.0 + passed
    if limit.bound == "range":
        ranks = np.where(values < limit.low, WORST, ranks)
    return np.where(np.isnan(values), np.nan, ranks)


def exceedance_multiple(values: np.ndarray, limit: Limit) -> np.ndarray:
    """超标倍数 (C − Ⅲ)/Ⅲ, negative within the limit. Raises ValueError for oxygen and pH, which have none."""
    if limit.bound != "max":
        raise ValueError(f"{limit.parameter}：不计算超标倍数")
    return without_noise((np.asarray(values, dtype=float) - limit.class_3) / limit.class_3)


def assess(values: pd.DataFrame, water_body_types: np.ndarray, standard: Standard, rules: WaterRules) -> pd.DataFrame:
    """Class and main pollutants of each row by its worst parameter (单因子评价法).

    `values`: one float column per parameter, NaN where not measured; `water_body_types`: river, lake_reservoir or
    None (taken for a river) for each row. Returns, on the same index, the rank of each column (NaN without limits)
    and, missing where there is nothing to say:

    * `class_rank`: the worst rank of the parameters that count, 1.0 to 6.0;
    * `worst_parameters`: names of the parameters of that class, 、 between them, from class Ⅲ on;
    * `exceeding`: names of all parameters over Ⅲ with their multiple, such as 氨氮(1.2)、溶解氧;
    * `main_pollutants`: the first three of these.

    Cyanide and heavy metals over Ⅲ come first, then the worse class, then the larger multiple; a parameter without
    multiple comes after those with one, equal ones in the order of the standard. Raises KeyError for a column that
    is no parameter, ValueError for an unknown water body.
    """
    ranks = parameter_ranks(values, water_body_types, standard)
    counting = [name for name in values if standard.parameters[name].counts_for_class]
    counted = ranks[counting].to_numpy()
    class_rank = np.fmax.reduce(counted, axis=1, initial=np.nan)

    told = class_rank >= EXCEEDING_FROM - 1
    counted, worst = counted[told], class_rank[told, None]
    multiples = _multiples(values.loc[told, counting], np.asarray(water_body_types, dtype=object)[told], standard)
    parameters = [standard.parameters[name] for name in counting]
    exceeds = counted >= EXCEEDING_FROM
    order = _order_of_importance(parameters, counted, exceeds, multiples)

    result = ranks.assign(class_rank=class_rank)
    names = np.broadcast_to(np.array([p.name for p in parameters], dtype=object), counted.shape)
    labels = _with_multiples(parameters, exceeds, multiples)
    for column, texts in (
        ("worst_parameters", _joined(names, counted == worst, order)),
        ("exceeding", _joined(labels, exceeds, order)),
        ("main_pollutants", _joined(labels, exceeds, order, rules.main_pollutants)),
    ):
        full = np.full(len(values), None, dtype=object)
        full[told] = texts
        result[column] = pd.Series(full, index=values.index, dtype="str")
    return result


def quality_word(rank: float, rules: WaterRules) -> str | None:
    """优 for Ⅰ and Ⅱ, 良好 for Ⅲ, then 轻度, 中度, 重度污染; None for a missing rank."""
    if rank is None or np.isnan(rank):
        return None
    key = ("excellent", "excellent", "good", "slight", "moderate", "heavy")[int(rank) - 1]
    return rules.quality[key]


def parameter_ranks(values: pd.DataFrame, water_body_types: np.ndarray, standard: Standard) -> pd.DataFrame:
    """Rank of every value, also of parameters that do not count for the class; the shape and index of `values`."""
    lake = is_lake(water_body_types)
    ranks = {}
    for name in values:
        column = values[name].to_numpy(dtype=float)
        ranks[name] = np.full(len(values), np.nan)
        for rows, limit in limits_of_rows(standard.parameters[name], lake, standard):
            ranks[name][rows] = parameter_rank(column[rows], limit)
    return pd.DataFrame(ranks, index=values.index, columns=values.columns)


def limits_of_rows(parameter: Parameter, lake: np.ndarray, standard: Standard) -> Iterator[tuple[np.ndarray, Limit]]:
    """The limits in force with the rows (a mask) they are for; nothing where the standard sets none."""
    for kind, rows in (("any", np.full(len(lake), True)), ("river", ~lake), ("lake_reservoir", lake)):
        if limit := standard.limits.get((parameter.parameter, kind)):
            yield rows, limit


def is_lake(water_body_types) -> np.ndarray:
    """Which of the water bodies are lakes or reservoirs; raises ValueError for a word that is not in the list."""
    kinds = pd.Series(water_body_types, dtype=object)
    unknown = set(kinds.dropna()) - {"river", "lake_reservoir"}
    if unknown:
        raise ValueError(f"水体类型不明：{'、'.join(sorted(map(str, unknown)))}")
    return (kinds == "lake_reservoir").to_numpy(dtype=bool)


def without_noise(values) -> np.ndarray:
    """Floats without the last binary digits, so that (0.1 + 0.2 + 0.3) / 3 is the 0.2 of the standard."""
    return np.round(np.asarray(values, dtype=float), _NOISE_DECIMALS)


def _multiples(values: pd.DataFrame, water_body_types: np.ndarray, standard: Standard) -> np.ndarray:
    lake = is_lake(water_body_types)
    multiples = np.full(values.shape, np.nan)
    for j, name in enumerate(values):
        if standard.parameters[name].has_exceedance_multiple:
            for rows, limit in limits_of_rows(standard.parameters[name], lake, standard):
                multiples[rows, j] = exceedance_multiple(values[name].to_numpy(dtype=float)[rows], limit)
    return multiples


def _order_of_importance(parameters: list[Parameter], ranks: np.ndarray, exceeds: np.ndarray,
                         multiples: np.ndarray) -> np.ndarray:
    """Column positions of each row, the most important first."""
    numbers = np.broadcast_to([p.number for p in parameters], ranks.shape)
    leads = exceeds & np.array([p.comes_first for p in parameters], dtype=bool)
    return np.lexsort((numbers, -np.nan_to_num(multiples, nan=-np.inf), -np.nan_to_num(ranks), ~leads), axis=-1)


def _with_multiples(parameters: list[Parameter], exceeds: np.ndarray, multiples: np.ndarray) -> np.ndarray:
    """Names with the multiple to one decimal; one that would print as 0.0 is 不足0.1."""
    labels = np.full(exceeds.shape, None, dtype=object)
    for j, parameter in enumerate(parameters):
        labels[:, j] = parameter.name
        rows = exceeds[:, j] & ~np.isnan(multiples[:, j])
        tenths, places = np.unique(np.round(multiples[rows, j], 1), return_inverse=True)
        figures = [f"{tenth:.1f}" if tenth > 0 else "不足0.1" for tenth in tenths]
        labels[rows, j] = np.array([f"{parameter.name}({figure})" for figure in figures], dtype=object)[places]
    return labels


def _joined(labels: np.ndarray, chosen: np.ndarray, order: np.ndarray, at_most: int | None = None) -> np.ndarray:
    """The chosen labels of each row in the given order, 、 between them; None where none is chosen."""
    labels, chosen = np.take_along_axis(labels, order, axis=1), np.take_along_axis(chosen, order, axis=1)
    place = np.cumsum(chosen, axis=1)
    if at_most is not None:
        chosen = chosen & (place <= at_most)
    texts = np.full(len(labels), None, dtype=object)
    for j in range(labels.shape[1]):
        begins, follows = chosen[:, j] & (place[:, j] == 1), chosen[:, j] & (place[:, j] > 1)
        texts[begins] = labels[begins, j]
        texts[follows] += "、" + labels[follows, j]
    return texts


def _number(value, missing):
    """A figure of a table cell; `missing` for an empty one."""
    return missing if pd.isna(value) or value == "" else float(value)


def _truth(value) -> bool:
    return str(value).lower() == "true"
