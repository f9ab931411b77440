"""How long an import of readings takes, against DuckDB's bare reading of the same CSV.

    python benchmarks/import_readings.py [rows] [runs] [FILE.csv]

Without FILE the rows are made up here, in the form of the flattened national table. Everything happens in a copy of
data/ in a temporary folder.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
HEADER = ["省份", "流域", "断面名称", "监测时间", "水质类别", "水温(℃)", "pH(无量纲)", "溶解氧(mg/L)", "电导率(μS/cm)", "浊度(NTU)",
          "高锰酸盐指数(mg/L)", "氨氮(mg/L)", "总磷(mg/L)", "总氮(mg/L)", "叶绿素α(mg/L)", "藻密度(cells/L)", "站点情况"]


def made_up(path: Path, rows: int) -> None:
    """Stations of three provinces, a sampling every four hours, one row in ten repeated."""
    chance = random.Random(1)
    stations = [(chance.choice(["湖北省", "浙江省", "重庆市"]), "长江流域", f"站点{n}") for n in range(1700)]
    first = datetime(2021, 4, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        last: list[str] = []
        for number in range(rows):
            if last and chance.random() < 0.1:
                writer.writerow(last)
                continue
            moment = first + timedelta(hours=4 * (number // len(stations)))
            figures = [f"{chance.gauss(17, 3):.1f}", f"{chance.gauss(7.8, 0.3):.2f}", f"{chance.gauss(8, 1.5):.2f}",
                       f"{chance.gauss(400, 90):.1f}", f"{chance.expovariate(0.03):.1f}", f"{chance.gauss(3, 1):.2f}",
                       f"{chance.expovariate(5):.3f}", f"{chance.expovariate(12):.3f}", f"{chance.gauss(2, 0.6):.2f}", "*", "*"]
            last = [*stations[number % len(stations)], f"{moment:%m-%d %H:%M}", "Ⅱ", *figures, "正常"]
            writer.writerow(last)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 46_183
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        data, file = Path(folder) / "data", Path(folder) / "made-up-2021-04.csv"
        shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("build", "readings", "inbox", "sources"))
        if len(sys.argv) > 3:
            file = Path(sys.argv[3])
        else:
            made_up(file, rows)
        environment = {**os.environ, "QINGLIU_DATA": str(data)}

        def etl(*arguments: str) -> float:
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "etl", *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - began

        etl("refresh")
        bare, imports = [], []
        for _ in range(runs):
            began = time.perf_counter()
            duckdb.connect().execute("CREATE TABLE bare AS SELECT * FROM read_csv(?)", [str(file)])
            bare.append(time.perf_counter() - began)
            shutil.rmtree(data / "readings", ignore_errors=True)
            imports.append(etl("import", "cnemc", str(file)))
    read, took = statistics.median(bare), statistics.median(imports)
    print(f"bare read\t{read:.2f} s\nimport\t{took:.2f} s\nimport / (2 × bare read + 2 s)\t{took / (2 * read + 2):.2f}")


if __name__ == "__main__":
    main()
