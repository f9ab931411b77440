"""Medians of what a user waits for: a refresh, each question, a filter change and a page in AppTest.

    python benchmarks/measure.py [runs]

Times are of the machine they were taken on; compare medians of two versions on the same machine.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from dashboard import queries  # noqa: E402
from etl.refresh import refresh  # noqa: E402
from etl.versions import current_file, open_read_only  # noqa: E402

SELECTION = {"as_of": date(2026, 11, 22), "regions": [], "themes": [], "statuses": [], "years": [], "units": [], "text": ""}
QUESTIONS = ["targets", "counts_by_region", "counts_by_theme", "counts_by_unit", "counts_by_year", "next_due"]
PAGES = ["overview", "indicator", "region", "sources"]


def median_ms(action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"refresh\t{median_ms(refresh, runs):.0f} ms")
    cursor = open_read_only(current_file()).cursor()
    for name in QUESTIONS:
        print(f"query {name}\t{median_ms(lambda name=name: getattr(queries, name)(cursor, **SELECTION), runs):.0f} ms")
    for name in PAGES:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.switch_page(f"pages/{name}/page.py").run()
        print(f"page {name}, rerun\t{median_ms(app.run, runs):.0f} ms")
        years = iter(["2025", "2022", "2020", "2021", "2023"] * runs)
        change = median_ms(lambda app=app, years=years: app.multiselect(key="year").set_value([next(years)]).run(), runs)
        print(f"page {name}, filter change\t{change:.0f} ms")


if __name__ == "__main__":
    main()
