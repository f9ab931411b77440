"""Basins, rivers or regions as a whole: class shares as one bar, the word, the method, what is not counted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.text import WATER_CLASSES, esc, t
from etl.rules.water_basins import WatersJudgement, judge_waters
from etl.rules.water_quality import Standard, WaterRules
from pages.shared.classes import Rank, period_label, share_bar

GROUPINGS = ("basin", "river", "region")
SHOWN_WATERS = 40
JUDGED_KINDS = ("month", "quarter", "year")


def periods_with_classes(classes: pd.DataFrame) -> pd.DataFrame:
    """Months, quarters and years in which some section has a class, the latest first, with how many of each basis."""
    rows = classes[classes["class"].notna() & classes["period_start"].notna() & classes["period_kind"].isin(JUDGED_KINDS)]
    rows = rows[(rows["class_basis"] != "computed") | (rows["period_kind"] != "quarter")]
    counted = rows.groupby(["period_kind", "period_start", "period_end"]).agg(
        sections=("section_id", "nunique"),
        readings=("readings", "mean"),
        published=("section_id", lambda ids: ids[rows.loc[ids.index, "class_basis"] != "computed"].nunique())).reset_index()
    return counted.sort_values(["period_end", "period_start"], ascending=False, kind="stable").reset_index(drop=True)


def default_period(periods: pd.DataFrame) -> int:
    """The latest period that has at least half as many sections as the fullest."""
    return int(periods.index[periods["sections"] * 2 >= periods["sections"].max()][0])


def period_words(row: dict) -> str:
    """2023-09（月），24 个断面：公报 24."""
    label = period_label(row["period_kind"], row["period_start"], row["period_end"])
    basis = [t("section.waters.published", n=row["published"])] if row["published"] else []
    if row["sections"] > row["published"]:
        basis.append(t("section.waters.computed", n=row["sections"] - row["published"], each=f"{row['readings']:.0f}"))
    return t("section.waters.period", label=label, kind=t(f"period.{row['period_kind']}"), n=row["sections"], basis="，".join(basis))


@dataclass(frozen=True)
class Water:
    """A group of sections and its judgement; sections whose water is not registered are counted, not judged."""

    name: str
    judgement: WatersJudgement
    is_one_water: bool
    has_concentrations: bool


def judged(sections: pd.DataFrame, classes: pd.DataFrame, means: pd.DataFrame, period: dict, grouping: str,
           standard: Standard, rules: WaterRules) -> list[Water]:
    """Judgement of every group in document order; the published class stands before the computed one."""
    own = classes[(classes["period_kind"] == period["period_kind"]) & (classes["period_start"] == period["period_start"])
                  & (classes["period_end"] == period["period_end"]) & classes["class"].notna()]
    own = own.sort_values("class_basis").drop_duplicates("section_id", keep="last").set_index("section_id")
    frame = sections.set_index("section_id")
    frame = frame.assign(class_rank=own["class"].map(Rank).reindex(frame.index).astype(float), group=frame[grouping].fillna(""))
    frame["water_body_type"] = frame["water_body_type"].astype(object).where(frame["water_body_type"].notna(), None)
    parameters = []
    if len(means):
        wide = means.pivot_table(index="section_id", columns="parameter", values="mean")
        parameters, frame = list(wide), frame.join(wide.reindex(frame.index))
    found = []
    for name, group in frame.groupby("group", sort=False):
        with_class = group[group["class_rank"].notna()]
        complete = bool(parameters) and bool(with_class[parameters].notna().any(axis=1).all())
        found.append(Water(str(name) or t(f"section.waters.none.{grouping}"), judge_waters(group.reset_index(), standard, rules),
                           bool(name), complete))
    return sorted(found, key=lambda water: not water.is_one_water)


def table(found: list[Water], rules: WaterRules) -> str:
    """One row per group that has a class; the others in one line."""
    judged_ones = [water for water in found if water.judgement.sections]
    rows = [_row(water) for water in judged_ones[:SHOWN_WATERS]]
    silent = [t("section.waters.silent.one", name=water.name, n=water.judgement.without_class)
              for water in found if not water.judgement.sections]
    head = "".join(f"<th{' class=r' if key in ('with', 'without') else ''}>{t(f'section.waters.head.{key}')}</th>"
                   for key in ("name", "with", "without", "shares", "word", "method"))
    more = t("section.waters.more", n=len(judged_ones) - SHOWN_WATERS) if len(judged_ones) > SHOWN_WATERS else ""
    names = "、".join(silent[:SHOWN_WATERS]) + ("…" if len(silent) > SHOWN_WATERS else "")
    rest = f"{t('section.waters.silent', n=len(silent))}{esc(names)}" if silent else ""
    doubts = [t(f"section.unconfirmed.{key}") for key in ("waters.class_shares_from_sections", "waters.main_pollutants_by_share")
              if key in rules.unconfirmed]
    note = t("section.waters.note", n=rules.class_shares_from_sections)
    unsure = f'{t("section.unconfirmed")}{"；".join(doubts)}。' if doubts else ""
    return (f'<div class="q"><table><tr>{head}</tr>{"".join(rows)}</table><div class="note" style="padding:6px 0">{more}{rest}</div>'
            f'<div class="note">{note}{unsure}</div></div>')


def _row(water: Water) -> str:
    one = water.judgement
    word, said = f'<span class="note">{t("section.waters.no_word")}</span>', ""
    if not water.is_one_water:
        method = t("section.waters.not_one")
    elif one.word is None:
        method = str(one.reason)
    else:
        word, method = f"<b>{esc(one.word)}</b>", t(f"section.waters.method.{one.method}")
        said = one.main_pollutants or t("section.waters.no_main" if water.has_concentrations else "section.waters.no_values")
        if one.class_rank:
            word += f' <span class="note">{t("section.waters.mean_class", name=WATER_CLASSES[one.class_rank - 1])}</span>'
    shares = t("section.waters.good", share=f"{100 * one.good_share:.1f}", worst=f"{100 * one.worst_share:.1f}")
    bar = share_bar(dict(zip(WATER_CLASSES, one.counts, strict=True)))
    return (f'<tr><td style="height:44px" class="nw"><b>{esc(water.name)}</b></td><td class="r">{one.sections}</td>'
            f'<td class="r">{one.without_class or NONE}</td><td style="width:36%">{bar}</td>'
            f'<td class="nw">{word}<div class="note">{shares}</div></td>'
            f'<td><span class="lead">{esc(method)}</span><div class="note">{esc(said)}</div></td></tr>')


NONE = '<span class="z">0</span>'


def title(found: list[Water], period: dict) -> str:
    """How many sections have a class in the period, and how many of them are Ⅰ–Ⅲ."""
    total = sum(water.judgement.sections for water in found)
    good = sum(sum(water.judgement.counts[:3]) for water in found)
    return t("section.waters.title", period=period_label(period["period_kind"], period["period_start"], period["period_end"]),
             n=total, good=good)
