"""River, basin or region as a whole: 环办〔2011〕22号, by mean concentrations or by shares of classes.

A water of few sections is judged like one section, on the means of all of them. A water of many is judged by how many
sections are Ⅰ–Ⅲ and how many 劣Ⅴ, and has no class of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from etl.rules.water_quality import (
    EXCEEDING_FROM,
    WORST,
    Standard,
    WaterRules,
    assess,
    is_lake,
    parameter_ranks,
    quality_word,
)


@dataclass(frozen=True)
class WatersJudgement:
    """Word, method and everything counted; shares are fractions of the sections with a class."""

    sections: int  # with a class; the denominator
    without_class: int
    counts: tuple[int, ...]  # sections of Ⅰ, Ⅱ, Ⅲ, Ⅳ, Ⅴ, 劣Ⅴ
    good_share: float | None = None  # Ⅰ–Ⅲ
    worst_share: float | None = None  # 劣Ⅴ
    method: str | None = None  # mean_concentrations class_shares; None: no judgement, see reason
    word: str | None = None  # 优 良好 轻度污染 中度污染 重度污染
    class_rank: int | None = None  # of the means; class shares give none
    main_pollutants: str | None = None  # with the multiple of the means, or the share of sections over Ⅲ
    reason: str | None = None  # why there is no judgement


def judge_waters(sections: pd.DataFrame, standard: Standard, rules: WaterRules) -> WatersJudgement:
    """Judge the sections of one river, basin or region in one period.

    `sections`, a row each: `class_rank` (published, 1 to 6 or NaN), `water_body_type` (None: river) and one column
    per parameter with its concentrations (NaN where missing). Each of them may be absent: classes that were not
    published are computed, and without concentrations only the shares of classes can be judged. Sections without
    a class are counted apart. Raises ValueError for an unknown water body.
    """
    values = sections[[name for name in sections if name in standard.parameters]].astype(float)
    kinds = _column(sections, "water_body_type", None)
    ranks = _column(sections, "class_rank", np.nan).astype(float)
    ranks = ranks.fillna(assess(values, kinds.to_numpy(), standard, rules)["class_rank"])

    known = ranks.notna().to_numpy()
    ranks, values, kinds = ranks[known], values[known], kinds[known]
    counts = tuple(int((ranks == rank).sum()) for rank in range(1, WORST + 1))
    counted = WatersJudgement(sections=len(ranks), without_class=int((~known).sum()), counts=counts)
    if not len(ranks):
        return replace(counted, reason=rules.waters["no_sections"])
    counted = replace(counted, good_share=sum(counts[:EXCEEDING_FROM - 1]) / len(ranks),
                      worst_share=counts[-1] / len(ranks))
    counting = [name for name in values if standard.parameters[name].counts_for_class]
    complete = bool(values[counting].notna().any(axis=1).all())
    if len(ranks) >= rules.class_shares_from_sections:
        pollutants = _by_share_of_sections(values[counting], kinds, standard, rules) if complete else None
        return replace(counted, method="class_shares", main_pollutants=pollutants,
                       word=word_of_shares(counted.good_share, counted.worst_share, rules))
    if not complete:
        return replace(counted, reason=rules.waters["no_concentrations"])
    if len(set(is_lake(kinds))) > 1:
        return replace(counted, reason=rules.waters["mixed_water_bodies"])
    mean = assess(values.mean().to_frame().T, kinds.to_numpy()[:1], standard, rules).iloc[0]
    return replace(counted, method="mean_concentrations", class_rank=int(mean["class_rank"]),
                   word=quality_word(mean["class_rank"], rules),
                   main_pollutants=mean["main_pollutants"] if pd.notna(mean["main_pollutants"]) else None)


def word_of_shares(good_share: float, worst_share: float, rules: WaterRules) -> str:
    """Word of a water from its shares of Ⅰ–Ⅲ and of 劣Ⅴ, fractions of the sections; each limit includes itself."""
    if good_share >= rules.excellent_good_share:
        key = "excellent"
    elif good_share >= rules.good_good_share:
        key = "good"
    elif worst_share < rules.moderate_worst_share:
        key = "slight"
    elif worst_share < rules.heavy_worst_share:
        key = "moderate"
    else:
        key = "heavy"
    return rules.quality[key]


def _by_share_of_sections(values: pd.DataFrame, kinds: pd.Series, standard: Standard,
                          rules: WaterRules) -> str | None:
    """断面超标率: sections over Ⅲ among all sections with a class, not only those where the parameter was measured."""
    over = (parameter_ranks(values, kinds.to_numpy(), standard) >= EXCEEDING_FROM).sum()
    leading = sorted(over[over > 0].index, key=lambda name: (-over[name], standard.parameters[name].number))
    return "、".join(f"{standard.parameters[name].name}({100 * over[name] / len(values):.1f}%)"
                    for name in leading[:rules.main_pollutants]) or None


def _column(frame: pd.DataFrame, name: str, missing) -> pd.Series:
    return frame[name] if name in frame else pd.Series(missing, index=frame.index, dtype=object)
