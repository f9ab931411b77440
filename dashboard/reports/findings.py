"""What slides and workbook single out: the finding of a title, the largest gaps, the shares that bars can show."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from dashboard.reports.content import RegionPart
from dashboard.text import t

TITLE_LIMIT = 30
"""Characters of a finding."""
MOST_BARS = 8
SHARE_COMPARATORS = (">=", ">", "<=", "<", "=")


def comparable_shares(part: RegionPart) -> pd.DataFrame:
    """Shares in % with a target and a figure, one per indicator and scope: those short of it first, then the latest deadlines."""
    rows = part.targets
    rows = rows[(rows["unit"] == "%") & (rows["kind"] == "share") & rows["comparator"].isin(SHARE_COMPARATORS) & ~rows["is_cumulative"]
                & rows["target_value"].notna() & rows["latest_value"].notna() & (rows["status"] != "已废止")]
    rows = rows.sort_values("deadline", ascending=False, kind="stable").drop_duplicates(["indicator_id", "scope"])
    is_short = rows["target_id"].isin(biggest_gaps([part])["target_id"])
    return rows.assign(is_short=is_short).sort_values("is_short", ascending=False, kind="stable").head(MOST_BARS)


def biggest_gaps(parts: Iterable[RegionPart]) -> pd.DataFrame:
    """Missed targets, then those whose last figure is short of it, the largest share of the target first (`queries.attention`)."""
    rows = pd.concat([part.attention for part in parts], ignore_index=True)
    rows = rows[(rows["status"] == "未达标") | rows["is_short"].astype(bool)]
    return rows.assign(later=rows["status"] != "未达标").sort_values(
        ["later", "shortfall_share"], ascending=[True, False], kind="stable").drop(columns="later")


def attention(parts: Iterable[RegionPart]) -> pd.DataFrame:
    """The biggest gaps, then the other unreported targets, the longest overdue first."""
    parts = list(parts)
    gaps, rows = biggest_gaps(parts), pd.concat([part.attention for part in parts], ignore_index=True)
    rest = rows[(rows["status"] == "到期未报") & ~rows["target_id"].isin(gaps["target_id"])]
    return pd.concat([gaps, rest.sort_values("deadline", kind="stable")], ignore_index=True)


def finding(targets: pd.DataFrame, region: str = "") -> str:
    """How many targets are due and what became of them; the last counts are left to the slide where the title is full."""
    counted = targets[targets["status"] != "已废止"]
    counts, due = counted["status"].value_counts(), int(counted["is_due"].sum())
    name = f"{region}：" if region else ""
    if counted.empty:
        return name + t("slides.title.repealed", n=len(targets))
    if not due:
        return name + t("slides.title.none_due", n=len(counted))
    said = [t(f"slides.part.{key}", n=counts.get(status, 0))
            for key, status in (("met", "达标"), ("missed", "未达标"), ("overdue", "到期未报"), ("qualitative", "定性待评"))
            if counts.get(status, 0) or status == "达标"]
    title = name + t("slides.title.due", n=due) + said[0]
    for words in said[1:]:
        if len(title) + 1 + len(words) > TITLE_LIMIT:
            break
        title += f"、{words}"
    return title
