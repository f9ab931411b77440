"""The sources of a slide, as lines of its notes."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from dashboard.reports.content import Report
from dashboard.text import day_text, t


def of_keys(report: Report, keys: Iterable[str]) -> list[str]:
    """Clause and source of these targets and of their figures, and what people wrote of them, a line each."""
    rows = report.sources[report.sources["key"].isin(list(keys))].to_dict("records")
    said = [t(f"slides.notes.{row['kind']}", subject=row["subject"], words=row["words"], title=row["title"], clause=known(row["clause"]),
              publisher=known(row["publisher"]), published=known(row["published"]), url=known(row["url"])) for row in rows]
    names = {row["key"]: row["subject"] for row in rows}
    said += [t("slides.notes.said", subject=names[note["target_id"]], text=note["text"], author=note["author"], day=day_text(note["day"]))
             for note in report.notes.to_dict("records") if note["target_id"] in names]
    return said or [t("slides.nothing")]


def by_title(sources: pd.DataFrame) -> list[str]:
    """Each document and publication once, with all its clauses that are used."""
    return [t("slides.notes.title", title=title, by=known(group.iloc[0]["document_number"], group.iloc[0]["publisher"]),
              n=len(group), clauses="、".join(group["clause"].dropna().unique()) or "—", url=known(group.iloc[0]["url"]))
            for title, group in sources.groupby("title", sort=False)] or [t("slides.nothing")]


def known(*values) -> str:
    """The first that is there; — without any."""
    return next((str(value) for value in values if isinstance(value, str) and value), "—")
