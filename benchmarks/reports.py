"""How long reports take: python benchmarks/reports.py [times]. Medians in seconds, imports and the database's opening left out."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dashboard.reports.content import gather
from dashboard.reports.formats import FORMATS
from dashboard.reports.periods import usual_period
from etl.versions import current_file, open_read_only


def median(times: int, action: Callable[[], object]) -> float:
    action()  # imports and caches
    found = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> None:
    times, day = int(sys.argv[1]) if len(sys.argv) > 1 else 5, date.today()
    file = current_file()
    if file is None:
        sys.exit("还没有数据库。先运行：python -m etl refresh")
    with open_read_only(file) as connection:
        for regions in ([], ["500000"], ["421300"]):
            asked = partial(gather, connection.cursor(), "dispatch", usual_period("dispatch", day), regions, day)
            report = asked()
            lines = [("内容", median(times, asked)),
                     *((key, median(times, partial(form.make, report))) for key, form in FORMATS.items())]
            print("、".join(report.names), " ".join(f"{name} {seconds:.2f}" for name, seconds in lines))


if __name__ == "__main__":
    main()
