"""The filter bar all pages share, and the address it round-trips with.

Rules of the address: it holds what the user chose and nothing else; a default is not written; several values
repeat the key (?region=重庆市&region=随州市); links between pages carry the whole selection; unknown values are
dropped. Keys: region theme status year unit q asof, and for one page each: indicator plan target tab,
section span parameter nation by period, place colour figure hide at,
from to (of 变更: a meeting's day such as 2026-10-15, or a version),
report of (of 报告: its kind; its period such as 2026Q3),
way load figure_of (of 数据填报: a load_id; an observation_id or entry_id whose whole history is shown),
mode=meeting (the page gives way to the 会议) with screens (the names of what is shown, in their order; all without any), screen (the
one shown: overview attention notes region-<region_id> map sections changes), seconds (until the next; 0, by hand, is not written) and
back (what the address said of the page before).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboard import store
from dashboard.queries import STATUS_ORDER
from dashboard.text import parse_day, status_label, t

FIRST_AS_OF_YEAR = 2020


@dataclass(frozen=True)
class Selection:
    """What the user looks at. Empty lists mean all."""

    as_of: date
    regions: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    text: str = ""
    today: date | None = None

    def parameters(self) -> dict:
        """Keyword arguments of the questions in `dashboard.queries`."""
        return {"as_of": self.as_of, "regions": self.regions, "themes": self.themes, "statuses": self.statuses,
                "years": self.years, "units": self.units, "text": self.text}

    def address(self, page: str, **changed) -> str:
        """Relative link to a page with this selection; `changed` replaces or adds keys (None removes one)."""
        keys = {"region": self.regions, "theme": self.themes, "status": [status_label(s) for s in self.statuses],
                "year": self.years, "unit": self.units, "q": self.text or None,
                "asof": None if self.as_of == self.today else self.as_of.isoformat()}
        keys.update(changed)
        query = urlencode({k: v for k, v in keys.items() if v not in (None, [], "")}, doseq=True)
        return f"{page}?{query}" if query else page or "."


def filter_bar() -> Selection:
    """Draw the bar in the sidebar and return the selection."""
    options = store.ask("filter_options")
    values = {name: group["value"].tolist() for name, group in options.groupby("name")}
    today = date.today()
    with st.sidebar:
        regions = _several("region", values["region"])
        themes = _several("theme", values["theme"])
        statuses = _several("status", STATUS_ORDER, format_func=status_label)
        years = _several("year", values["year"])
        units = _several("unit", values["unit"])
        text = st.text_input(t("filter.q"), key="q", bind="query-params", placeholder=t("filter.q.hint"))
        as_of = _as_of(today)
    return Selection(as_of=as_of, regions=regions, themes=themes, statuses=statuses, years=[int(y) for y in years],
                     units=units, text=(text or "").strip(), today=today)


def _several(key: str, options: list[str], **more) -> list[str]:
    return st.multiselect(t(f"filter.{key}"), options, key=key, bind="query-params", select_all=False,
                          placeholder=t("filter.all", n=len(options)), **more)


def _as_of(today: date) -> date:
    """Today or a year end from the list, or any day typed in."""
    days = [today.isoformat(), *(f"{year}-12-31" for year in range(today.year - 1, FIRST_AS_OF_YEAR - 1, -1))]
    typed = st.selectbox(t("filter.asof"), days, key="asof", bind="query-params", accept_new_options=True,
                         placeholder=t("filter.asof.hint"))
    day = parse_day(typed or days[0])
    if day is None:
        st.warning(t("filter.asof.wrong", typed=typed, today=days[0]))
        return today
    return day
