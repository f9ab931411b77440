"""How long a run of the map page takes and how much it sends, with the sections of the register and with thousands more.

    python benchmarks/map_page.py [sections] [runs]

The sections are made up inside the counties of three regions and brought in like an office's list. Everything happens in
a copy of data/ in a temporary folder. Painting in the browser is not part of it.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROVINCES = {"500000": ("重庆市", "重庆市"), "331100": ("浙江省", "丽水市"), "421300": ("湖北省", "随州市")}
PLACES = {"side by side": {}, "one region": {"region": "重庆市"}}


def made_up(file: Path, sections: int) -> None:
    """A list of sections at random places of the counties."""
    import geopandas as gpd
    import shapely

    chance = random.Random(1)
    counties = gpd.read_file(ROOT / "geo" / "layers" / "counties.geojson")
    counties = counties[counties["parent_id"].isin(PROVINCES)]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["名称", "省份", "城市", "县", "河流", "级别", "目标类别", "经度", "纬度", "坐标系"])
        for number in range(sections):
            county = counties.iloc[number % len(counties)]
            west, south, east, north = county.geometry.bounds
            point = shapely.Point()
            while not county.geometry.contains(point):
                point = shapely.Point(chance.uniform(west, east), chance.uniform(south, north))
            writer.writerow([f"断面{number:04d}", *PROVINCES[county["parent_id"]], county["name"], f"河{number % 50}", "县控", "Ⅲ",
                             f"{point.x:.5f}", f"{point.y:.5f}", "wgs84"])


def measure(runs: int) -> None:
    """Medians for the data of QINGLIU_DATA, in a process of its own."""
    sys.path.insert(0, str(ROOT))
    from streamlit.testing.v1 import AppTest

    for name, parameters in PLACES.items():
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.switch_page("pages/0_map.py")
        app.query_params.update(parameters)
        app.run()
        times = []
        for _ in range(runs):
            began = time.perf_counter()
            app.run()
            times.append(time.perf_counter() - began)
        sent = sum(len(one.proto.json) for kind in ("bidi_component", "deck_gl_json_chart") for one in app.get(kind))
        print(f"  {name}: rerun {statistics.median(times):.2f} s (median of {runs}), maps {sent / 1000:.0f} kB", flush=True)


def main() -> None:
    sections = int(sys.argv[1]) if len(sys.argv) > 1 else 3_700
    runs = sys.argv[2] if len(sys.argv) > 2 else "7"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("build", "readings", "inbox", "sources", "layers"))
        environment = {**os.environ, "QINGLIU_DATA": str(data)}
        made_up(Path(folder) / "list.csv", sections)
        steps = (("the register alone", ["refresh"]), (f"with {sections} more", ["import", "sections", f"{folder}/list.csv"]))
        for title, command in steps:
            subprocess.run([sys.executable, "-m", "etl", *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
            print(title, flush=True)
            subprocess.run([sys.executable, __file__, "--measure", runs], cwd=ROOT, env=environment, check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(int(sys.argv[2]))
    else:
        main()
