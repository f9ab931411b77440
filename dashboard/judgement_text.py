"""The four judgements of a target as words and short sentences with all their inputs.

`row` is one row of `queries.targets` or `queries.target` (a dict or a Series). Nothing here is HTML and nothing is
escaped; the pages do that.
"""

from __future__ import annotations

import re

import pandas as pd

from dashboard import text
from dashboard.text import t
from etl.rules.model import load_rules, population_of

UNESTIMATED = ("class_at_least", "between", "=")
"""Comparators whose targets have no trend, as in `etl.rules.trend`."""


def judgement_rows(row) -> list[tuple[str, str, list[str]]]:
    """(label, word, sentences) for 达标, 进度, 走势（估算） and 可信度, in this order."""
    return [
        (t("judgement.attainment"), text.status_label(row["status"]), attainment_sentences(row)),
        (t("judgement.schedule"), row["schedule"] if _known(row["schedule"]) else t("judgement.schedule.none"),
         schedule_sentences(row)),
        (t("judgement.trend"), row["trend"], trend_sentences(row)),
        (t("judgement.confidence"), t(f"judgement.confidence.{row['confidence']}"), confidence_sentences(row)),
    ]


def attainment_sentences(row) -> list[str]:
    """What the verdict rests on, or why there is none."""
    status, deadline = row["status"], row["deadline"]
    if status == "已废止":
        said = [t("judgement.repealed", day=text.day_text(row["repealed_on"]))]
        if _known(deadline) and deadline > row["repealed_on"]:
            said.append(t("judgement.repealed.before", deadline=text.deadline_words(deadline)))
        return said + _hint(row)
    if status == "定性待评":
        return [t("judgement.qualitative", deadline=text.deadline_words(deadline)), t("judgement.qualitative.how")]
    if status == "到期未报":
        days = t("judgement.overdue", deadline=text.deadline_words(deadline), days=int(row["days_past_deadline"]))
        return [days, *_hint(row)]
    if status == "数据未出":
        due = t("judgement.not_due", deadline=text.deadline_words(deadline)) if _known(deadline) else t("judgement.no_deadline")
        return [due, *_hint(row)]
    if _known(row["verdict_id"]):
        said = [t("judgement.judged", who=row["judged_by"], day=text.day_text(row["judged_on"]))]
        return said + [t(f"judgement.judged.{part}", words=row[f"verdict_{part}"]) for part in ("reason", "evidence")
                       if _known(row[f"verdict_{part}"])]
    said = [t("judgement.compared", period=period_words(row["actual_period"]), figure=latest_figure(row),
              target=text.target_text(row), gap=gap_words(row, row["actual_value"]))]
    said += _sections(row) + _rounding(row)
    if row["figures_disagree"]:
        said.append(t("judgement.disagree"))
    return said


def schedule_sentences(row) -> list[str]:
    """Path, expected value, gap and ratio; or why no word is given."""
    word = row["schedule"]
    if row["comparator"] == "text":
        return [t("judgement.schedule.text")]
    if not _known(row["latest_value"]):
        return [t("judgement.schedule.no_figure")]
    if _known(row["path"]):
        return _path(row)
    gap = gap_words(row, row["latest_value"])
    if not _known(word) and row["latest_period_end"] < row["plan_start"]:
        return [t("judgement.schedule.before_plan", figure=t("judgement.figure", period=period_words(row["latest_period"]),
                                                             figure=latest_figure(row)), gap=gap)]
    figure = t("judgement.figure", period=period_words(row["latest_period"]), figure=latest_figure(row))
    if word in ("保持", "跌破"):
        asked = [t("judgement.schedule.maintain")] if row["is_maintain"] else []
        return [*asked, *_baseline(row), t(f"judgement.schedule.{word}", figure=figure, gap=gap)]
    if word == "已达目标":
        return [t("judgement.schedule.已达目标", figure=figure, gap=gap)]
    if word == "缺基期":
        return [t("judgement.schedule.缺基期"), *_level(row)]
    return [t("judgement.schedule.gap_only", figure=figure, gap=gap)]


def trend_sentences(row) -> list[str]:
    """Recent and required change, forecast; or why nothing is estimated. Always an estimate."""
    rules, points = load_rules(), int(row["trend_points"])
    word = row["trend"]
    if word == "不再估算":
        return [t("judgement.trend.frozen", deadline=text.deadline_words(row["deadline"]))]
    if word == "数据不足":
        if row["comparator"] == "text":
            return [t("judgement.trend.text")]
        if row["is_cumulative"] or row["comparator"] in UNESTIMATED:
            return [t("judgement.trend.kind")]
        if not _known(row["deadline"]):
            return [t("judgement.no_deadline")]
        return [t("judgement.trend.few", n=points, least=rules.minimum_points)]
    said = [t("judgement.trend.slope", n=min(points, rules.maximum_points), slope=_change(row, row["trend_slope"]),
              required=_change(row, row["required_slope"])),
            t("judgement.trend.forecast", deadline=text.deadline_words(row["deadline"]),
              forecast=_about(row, row["forecast"]), target=text.target_text(row))]
    if _known(row["speed_up"]):
        said.append(t("judgement.trend.speed_up", times=text.number(round(row["speed_up"], 1))))
    return said


def confidence_sentences(row) -> list[str]:
    """Date, publisher, nature and number of the figures, and what makes them hard to compare."""
    said = []
    if row["confidence"] == "无数":
        said.append(t("judgement.confidence.no_figure"))
    else:
        publisher = row.get("publisher")
        said.append(t("judgement.confidence.basis", period=period_words(row["latest_period"]),
                      publisher=publisher if _known(publisher) else t("judgement.confidence.publisher_unknown"),
                      day=_published(row)))
        if row["confidence"] != "正式":
            said.append(t(f"judgement.confidence.{row['confidence']}.why"))
    if int(row["known_figures"]):
        said.append(t("judgement.confidence.count", n=int(row["known_figures"]), points=int(row["trend_points"])))
    if row.get("is_approximate"):
        said.append(t("judgement.confidence.approximate"))
    return said


def gap_words(row, value: float) -> str:
    """Distance of a figure from the target, in units: 高 2.7 个百分点, 差 2 个百分点, 在目标区间内."""
    if row["comparator"] == "between":
        low, high = row["target_value"], row["target_value_high"]
        if low <= value <= high:
            return t("judgement.inside")
        return t("judgement.outside", size=_size(row, low - value if value < low else value - high))
    gap = value - row["target_value"]
    return _bound_word(row, gap) + text.gap_text(gap, row["unit"], text.lower_is_better(row))


def latest_figure(row) -> str:
    return text.value_text(row["latest_value"], row["unit"], comparator=_comparator(row))


def period_words(period) -> str:
    """2025 年 for a bare year, 2016–2020 年 for a span of years, other periods as published."""
    short = text.short_period(period)
    years = re.fullmatch(r"(\d{4})(?:[-–—](\d{4}))?(?:累计)?", short)
    return f"{'–'.join(year for year in years.groups() if year)} 年" if years else short


def _comparator(row) -> str:
    comparator = row.get("latest_comparator")
    return comparator if _known(comparator) else "="


def _bound_word(row, gap: float) -> str:
    """至少 or 至多 before a gap whose figure is itself a bound; "at least 97.5" is at least 0.5 above 97."""
    if _comparator(row) == "=" or abs(gap) < 1e-9:
        return ""
    lower = text.lower_is_better(row)
    is_favourable = (_comparator(row) in (">=", ">")) != lower
    is_met = gap < 0 if lower else gap > 0
    return t("judgement.at_least") if is_favourable == is_met else t("judgement.at_most")


def _hint(row) -> list[str]:
    """The last comparable figure where nothing may be judged by it."""
    if not _known(row["latest_value"]) or not _known(row["target_value"]):
        return [] if row["comparator"] == "text" else [t("judgement.no_figure")]
    said = [t("judgement.hint", period=period_words(row["latest_period"]), figure=latest_figure(row),
              gap=gap_words(row, row["latest_value"]))]
    return said + _sections(row)


def _sections(row) -> list[str]:
    short, population = row["sections_short"], population_of(row["scope"])
    if not _known(short) or population is None:
        return []
    key = "short" if short > 0 else "margin" if short < 0 else "exact"
    return [t(f"judgement.sections.{key}", population=population, n=abs(int(short)))]


def _rounding(row) -> list[str]:
    """Said only where the figure is finer than the target as printed."""
    decimals, value = row["decimals"], row["actual_value"]
    if not _known(decimals) or row["unit"] == "类" or abs(value - round(value, int(decimals))) < 1e-9:
        return []
    return [t("judgement.rounded", decimals=int(decimals))]


def _baseline(row) -> list[str]:
    if not _known(row["path_baseline_value"]):
        return []
    key = "judgement.baseline.nearest" if row["baseline_is_nearest"] else "judgement.baseline"
    return [t(key, figure=text.value_text(row["path_baseline_value"], row["unit"]),
              period=text.deadline_words(row["path_baseline_on"]))]


def _path(row) -> list[str]:
    """The path and where the figure stands on it; shares and ratio only where the rules give them."""
    if row["path"] == "elapsed_share":
        said = [t("judgement.path.elapsed_share", period=period_words(row["latest_period"]))]
    else:
        said = [*_baseline(row), t(f"judgement.path.{row['path']}")]
    difference = row["gap_to_path"]
    key = "on" if abs(difference) < 0.005 else "above" if difference > 0 else "below"
    said.append(t(f"judgement.path.{key}", period=period_words(row["latest_period"]), figure=latest_figure(row),
                  expected=_about(row, row["expected_value"]), size=_size(row, difference)))
    if _known(row["schedule_ratio"]):
        said.append(t("judgement.path.ratio", completed=_percent(row["completed_share"]),
                      expected=_percent(row["expected_share"]), ratio=f"{row['schedule_ratio']:.2f}"))
    elif _known(row["expected_share"]):
        said.append(t("judgement.path.early", least=_percent(float(load_rules().minimum_expected_share))))
    else:
        said.append(t("judgement.path.small"))
    return said


def _level(row) -> list[str]:
    if _known(row["level_ratio"]):
        return [t("judgement.level", share=_percent(row["level_ratio"]))]
    return [t("judgement.completed", share=_percent(row["completed_share"]))] if _known(row["completed_share"]) else []


def _published(row) -> str:
    return text.published_text(row["published_on"], row.get("published_precision"))


def _about(row, value: float) -> str:
    return text.value_text(round(value, 2), row["unit"])


def _size(row, difference: float) -> str:
    """A difference without its sign: 1.6 个百分点."""
    unit = " 个百分点" if row["unit"] == "%" else f" {text.unit_suffix(row['unit'])}" if _known(row["unit"]) else ""
    return f"{text.number(round(abs(difference), 2))}{unit}"


def _change(row, slope: float) -> str:
    if abs(slope) < 0.005:
        return t("judgement.trend.flat")
    return t("judgement.trend.up" if slope > 0 else "judgement.trend.down", size=_size(row, slope))


def _percent(share: float) -> str:
    return f"{text.number(round(100 * share))}%"


def _known(value) -> bool:
    return value is not None and not pd.isna(value)
