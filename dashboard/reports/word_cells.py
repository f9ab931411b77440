"""What stands in the cells of a Word report: figures with their gaps, units by role, classes. Rows of the report in, words out."""

from __future__ import annotations

import pandas as pd

from dashboard.reports import sentences
from dashboard.text import WATER_CLASSES, short_period, t

ROLES = ("lead", "implement", "support")


def latest_and_gap(row: dict) -> str:
    """The last comparable figure and its gap: 65.21%（2023，转载），差 7.79 个百分点."""
    gap = sentences.gap(row)
    return sentences.latest(row) + ("" if gap == "—" else f"，{gap}")


def answering_role(row: dict) -> str | None:
    """The role of those who answer for a target: its lead units, else the implementing, else the supporting ones; None without any."""
    return next((role for role in ROLES if isinstance(row[f"{role}_units"], str)), None)


def answering_units(row: dict) -> str:
    """牵头：市水利局、市林业局; 文件未写 where the document names none."""
    role = answering_role(row)
    return t("word.no_unit") if role is None else _of_role(row, role)


def shared_units(rows: list[dict]) -> str | None:
    """The implementing units, where all targets with lead units have the same; they are told once, not with every target."""
    named = {row["implement_units"] for row in rows if answering_role(row) == "lead"}
    only = named.pop() if len(named) == 1 else None
    return only if isinstance(only, str) else None


def other_units(row: dict, shared: str | None) -> str:
    """How many more units there are by role, without the shared ones: 实施 2 家、配合 3 家."""
    counts = {role: sum(f"、{name}、" in f"、{row[f'{role}_units']}、" for name in row["unit_names"])
              for role in _roles(row, shared) if role != answering_role(row)}
    return "、".join(t("report.word.role.count", role=t(f"sources.role.{role}"), n=n) for role, n in counts.items())


def all_units(row: dict, shared: str | None) -> str:
    """All responsible units by role, without the shared ones; 文件未写 where the document names none."""
    return "；".join(_of_role(row, role) for role in _roles(row, shared)) or t("word.no_unit")


def class_name(name: object) -> str:
    return t("picture.class", name=name) if isinstance(name, str) else "—"


def verdict(section: dict) -> str:
    """Of the latest class against the target class; — where one of the two is unknown."""
    if not (isinstance(section["latest_class"], str) and isinstance(section["target_class"], str)):
        return "—"
    return t("report.word.worse" if sentences.is_worse_than_target(section) else "report.word.not_worse")


def without_class(sections: pd.DataFrame) -> str:
    """The sections no class was published of, by what a bulletin said of them instead: 没有公布 2 个（甲、乙）；…."""
    groups: dict[str, list[str]] = {}
    for row in sections[sections["latest_class"].isna()].to_dict("records"):
        said = t("report.word.said.none") if pd.isna(row["said_meets"]) else t(
            f"report.word.said.{'meets' if row['said_meets'] else 'fails'}", period=short_period(row["said_period"]))
        groups.setdefault(said, []).append(row["name"])
    return "；".join(t("report.word.said.named", said=said, n=len(names), names="、".join(names)) for said, names in groups.items())


def class_counts(sections: pd.DataFrame) -> list[int]:
    """How many there are, of each class from the best, and without one."""
    return [len(sections), *(int((sections["latest_class"] == name).sum()) for name in WATER_CLASSES),
            int(sections["latest_class"].isna().sum())]


def _roles(row: dict, shared: str | None) -> list[str]:
    """Those a target has units of; implementing ones beside lead units only where they are not told once for all."""
    is_told = shared is not None and answering_role(row) == "lead"
    return [role for role in ROLES if isinstance(row[f"{role}_units"], str) and not (is_told and role == "implement")]


def _of_role(row: dict, role: str) -> str:
    return t("report.word.role", role=t(f"sources.role.{role}"), names=row[f"{role}_units"])
