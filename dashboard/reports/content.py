"""What a report says, whatever file it becomes: gathered once from the questions of the pages, with the sentences made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

import duckdb
import pandas as pd

from dashboard import entry_queries, map_queries, queries, section_queries
from dashboard.reports import sentences
from dashboard.reports.comparison import Comparison, compared
from dashboard.reports.periods import KINDS, Period, periods, usual_period
from dashboard.text import listed, published_text, t

__all__ = ["KINDS", "Period", "RegionPart", "Report", "file_name", "gather", "periods", "usual_period"]

Cursor = duckdb.DuckDBPyConnection

ADDRESS = "http://127.0.0.1:8501/"
NAMED_REGIONS = 3
"""More are counted rather than named in titles and file names."""

NOTE_COLUMNS = ["target_id", "text", "author", "day", "promised_on"]
SOURCE_COLUMNS = ["kind", "region", "key", "subject", "words", "clause", "title", "document_number", "publisher", "published", "url"]


@dataclass(frozen=True)
class RegionPart:
    """One region: its plan (a row of `queries.document_of_region`), targets (`queries.targets`, in document order), those that need
    attention in its order (`queries.attention`), sections (`section_queries.sections`), and what is said of it."""

    region_id: str
    name: str
    document: dict
    targets: pd.DataFrame
    attention: pd.DataFrame
    sections: pd.DataFrame
    sentences: list[str]

    @property
    def is_repealed(self) -> bool:
        """Its targets are out of the counts."""
        return bool(len(self.targets)) and bool((self.targets["status"] == "已废止").all())

    def with_status(self, status: str) -> pd.DataFrame:
        """Its targets of one status."""
        return self.targets[self.targets["status"] == status]


@dataclass(frozen=True)
class Report:
    """Everything a report shows. `built_at` (aware, UTC) is when the data version was built, so that the same data give the same
    report; `since` are words; `changes` are rows of `change_queries.target_changes`, `figure_changes` of the question of that name,
    both None without a kept extract to compare with; `sources` has SOURCE_COLUMNS, `notes` NOTE_COLUMNS, newest first in a target."""

    kind: str
    period: Period
    as_of: date
    version: str
    built_at: datetime
    title: str
    summary: list[str]
    regions: list[RegionPart]
    changes: pd.DataFrame | None
    figure_changes: pd.DataFrame | None
    since: str
    notes: pd.DataFrame
    sources: pd.DataFrame
    link: str

    @property
    def targets(self) -> pd.DataFrame:
        """Of all regions, repealed last."""
        return pd.concat([part.targets for part in self.regions], ignore_index=True)

    @property
    def names(self) -> list[str]:
        return [part.name for part in self.regions]

    def sentences_of(self, part: RegionPart) -> list[str]:
        """What is said of a region; of one alone without what the summary already says."""
        if len(self.regions) > 1:
            return part.sentences
        return [said for said in part.sentences if not any(said in known for known in self.summary)]


def gather(cursor: Cursor, kind: str, period: Period, region_ids: list[str], as_of: date, address: str = ADDRESS) -> Report:
    """The report on these regions (all without any) as known on a day; repealed ones last. Raises ValueError for an unknown region."""
    plans = map_queries.map_regions(cursor)
    unknown = sorted(set(region_ids) - set(plans["region_id"]))
    if unknown:
        raise ValueError(t("report.region.unknown", ids=listed(unknown), known=listed(plans["region_id"].tolist())))
    chosen = plans[plans["region_id"].isin(region_ids)] if region_ids else plans
    names = chosen["name"].tolist()
    made = queries.version(cursor).iloc[0]
    version = str(made["version"])
    changes = compared(cursor, version, period, as_of, names)
    parts = [_part(cursor, region_id, name, period, as_of, changes)
             for region_id, name in zip(chosen["region_id"], names)]
    parts.sort(key=lambda part: part.is_repealed)
    return Report(
        kind=kind, period=period, as_of=as_of, version=version, built_at=made["built_at"].tz_localize("UTC").to_pydatetime(),
        title=t(f"report.title.{kind}", period=period.words, regions=regions_words([part.name for part in parts])).replace(" ", ""),
        summary=sentences.summary(period, as_of, pd.concat([part.targets for part in parts], ignore_index=True),
                                  pd.concat([part.sections for part in parts], ignore_index=True), changes),
        regions=parts, changes=changes.targets, figure_changes=changes.figures, since=changes.since,
        notes=entry_queries.notes(cursor, [key for part in parts for key in part.targets["target_id"]], as_of)[NOTE_COLUMNS],
        sources=_sources(cursor, parts, as_of),
        link=_link(address, names if region_ids else [], as_of))


def regions_words(names: list[str]) -> str:
    """丽水市、永嘉县, or 5 个区域."""
    return listed(names) if len(names) <= NAMED_REGIONS else t("report.regions", n=len(names))


def file_name(report: Report, suffix: str) -> str:
    """清流-季调度-随州市-2026-11-22.docx; regions in the order of the report."""
    return f"清流-{t(f'report.kind.{report.kind}')}-{regions_words(report.names).replace(' ', '')}-{report.as_of}.{suffix}"


def _part(cursor: Cursor, region_id: str, name: str, period: Period, as_of: date, changes: Comparison) -> RegionPart:
    targets = queries.targets(cursor, **_selection(as_of, name))
    attention = queries.attention(cursor, limit=len(targets) + 1, **_selection(as_of, name))
    sections = section_queries.sections(cursor, as_of, [name], text="", nationwide=False)
    sections = sections[sections["region"] == name].reset_index(drop=True)
    document = queries.document_of_region(cursor, name).iloc[0].to_dict()
    said = sentences.of_region(document, period, targets, attention[attention["is_short"]], sections, changes.of_region(name))
    return RegionPart(region_id, name, document, targets, attention, sections, said)


def _selection(as_of: date, name: str) -> dict:
    return {"as_of": as_of, "regions": [name], "themes": [], "statuses": [], "years": [], "units": [], "text": ""}


def _link(address: str, names: list[str], as_of: date) -> str:
    keys = {"region": names} | ({} if as_of == date.today() else {"asof": as_of.isoformat()})
    query = urlencode(keys, doseq=True)
    return f"{address}?{query}" if query else address


def _sources(cursor: Cursor, parts: list[RegionPart], as_of: date) -> pd.DataFrame:
    """One row per target with its clause, one per figure shown with it, one per class of a section; `key` is the id of what it is of."""
    rows: list[dict] = []
    for part in parts:
        for row in part.targets.to_dict("records"):
            rows.append(_target_source(row))
            if isinstance(row["source_id"], str):
                rows.append(_figure_source(row))
        rows += _class_sources(cursor, part, as_of)
    return pd.DataFrame(rows, columns=SOURCE_COLUMNS)


def _target_source(row: dict) -> dict:
    return {"kind": "target", "region": row["region"], "key": row["target_id"], "subject": sentences.subject(row),
            "words": sentences.promise(row), "clause": row["clause"], "title": row["document_title"],
            "document_number": row["document_number"], "url": None}


def _figure_source(row: dict) -> dict:
    """Of the last comparable figure, which a judged target was judged by."""
    return {"kind": "figure", "region": row["region"], "key": row["target_id"], "subject": sentences.subject(row),
            "words": sentences.latest(row), "clause": None, "title": row["source_title"], "publisher": row["publisher"],
            "published": published_text(row["published_on"], row["published_precision"]), "url": row["url"]}


def _class_sources(cursor: Cursor, part: RegionPart, as_of: date) -> list[dict]:
    """Where the latest published class of each section comes from; computed ones rest on the readings, which have none."""
    known = part.sections.dropna(subset=["latest_class"])
    published = section_queries.class_periods(cursor, as_of, known["section_id"].tolist())
    by_period = {(row["section_id"], row["period_end"]): row for row in published.to_dict("records")
                 if row["class_basis"] == "published_class"}
    found = []
    for section in known.to_dict("records"):
        source = by_period.get((section["section_id"], section["latest_day"]))
        if section["latest_basis"] == "published_class" and source is not None:
            found.append({"kind": "section", "region": part.name, "key": section["section_id"], "subject": section["name"],
                          "words": sentences.class_words(section), "clause": source["source_clause"], "title": source["source_title"],
                          "publisher": source["publisher"],
                          "published": published_text(source["published_on"], source["published_precision"]), "url": source["url"]})
    return found
