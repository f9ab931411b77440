"""What the map says, the same on the page and in its picture: the finding, its standing, the figure of a region, the credits."""

from __future__ import annotations

import pandas as pd

from dashboard.map_fills import Fill
from dashboard.text import WATER_CLASSES, t


def in_region(sections: pd.DataFrame, region: dict, shapes: pd.DataFrame) -> pd.DataFrame:
    """Sections of a region, and those of another that lie in its counties."""
    counties = shapes.loc[(shapes["panel"] == region["region_id"]) & (shapes["kind"] == "county"), "key"]
    return sections[(sections["region"] == region["name"]) | sections["county_id"].isin(counties)]


def finding(sections: pd.DataFrame) -> str:
    """How many sections have a place, how many of them a class, how many are worse than Ⅲ."""
    placed = sections.dropna(subset=["longitude", "latitude"])
    known = placed["latest_class"].isin(WATER_CLASSES).sum()
    worse = placed["latest_class"].isin(WATER_CLASSES[3:]).sum()
    key = "map.title.none" if placed.empty else "map.title.no_class" if not known else "map.title.worse" if worse else "map.title"
    return t(key, n=len(placed), known=known, worse=worse)


def standing(sections: pd.DataFrame, day: str, is_latest: bool) -> str:
    """Of which day the classes are, that they are of mixed kinds, and how many sections have no place."""
    unplaced = int(sections[["longitude", "latitude"]].isna().any(axis=1).sum())
    words = [t("map.sub.latest" if is_latest else "map.sub.at", day=day), t("map.sub.mixed"),
             *([t("map.sub.unplaced", n=unplaced)] if unplaced else [])]
    return " · ".join(words)


def colour_title(metric: str, indicator: str | None) -> str:
    """What colours the land (see map_fills.METRICS), by the name of the indicator where it is one."""
    if metric in ("value", "gap") and indicator:
        return t(f"picture.colour.{metric}", name=indicator)
    return "" if metric == "none" else t(f"map.colour.{metric}")


def figure(fill: Fill, region_id: str) -> str:
    """What is said of a region beside its colour; nothing where the land is not coloured, or by county only."""
    return fill.words.get(region_id, "" if fill.counties else t("map.fill.no_data")) if fill.legend else ""


def credits(approval_number: str, shapes: pd.DataFrame) -> list[str]:
    """Whose borders these are, under which number they may be shown, and which of the waters are not the user's own but a sketch."""
    number = approval_number.strip()
    words = [t("map.credit.borders"), t("map.credit.number", number=number) if number else t("map.credit.unchecked")]
    derived = set(shapes.loc[~shapes["is_own_layer"].fillna(False).astype(bool), "kind"])
    sketched = [t(f"map.layer.{kind}s") for kind in ("river", "basin") if kind in derived]
    return [*words, t("map.credit.sketch", names="、".join(sketched))] if sketched else words
