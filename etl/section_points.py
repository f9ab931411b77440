"""Takes the points of a map layer in as a list of sections: the same rules, questions and store (etl/section_import.py)."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from etl.layer_import import find_name_column
from etl.layer_shapes import stated_degrees, wgs84_shapes
from etl.problems import DataProblems
from etl.readers.layer_file import read_layer_file
from etl.readers.section_list import COLUMN_OF, TITLE
from etl.refresh import Progress
from etl.section_import import import_and_publish
from etl.section_list import ImportedSections

SPOKEN_FOR = ("name", "longitude", "latitude", "coordinate_system")
"""Columns that the points and the chosen name take the place of."""


def import_section_points(path: Path, system: str | None, name_column: str | None, progress: Progress) -> ImportedSections:
    """All points of the file or none; problems name the feature. Raises as section_import.import_and_publish."""
    frame = read_layer_file(path).frame
    content, meant = as_section_list(path.name, frame, system, name_column)
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / path.name  # the name that is stored
        listed.write_bytes(content)
        try:
            return import_and_publish(listed, meant, progress)
        except DataProblems as failure:  # line 2 of the list is feature 1
            raise DataProblems([problem if problem.row is None or problem.file != path.name else replace(problem, row=problem.row - 1)
                                for problem in failure.problems]) from None


def as_section_list(name: str, frame: gpd.GeoDataFrame, system: str | None, name_column: str | None) -> tuple[bytes, str]:
    """The points as CSV with their degrees as stated, and the coordinate system these are in. Raises DataProblems."""
    shapes, meant = stated_degrees(name, frame, system)
    wgs84_shapes(name, shapes, meant, "point")  # raises for what is no point in China
    named = find_name_column(name, frame, "sections", name_column)
    points = gpd.GeoSeries(shapes)
    others = [column for column in frame.columns.drop("geometry")
              if column != named and COLUMN_OF.get(column.strip().lower()) not in SPOKEN_FOR]
    listed = frame[[named, *others]].rename(columns={named: TITLE["name"]})
    listed[TITLE["longitude"]], listed[TITLE["latitude"]] = points.x.map("{:.9f}".format), points.y.map("{:.9f}".format)
    return listed.to_csv(index=False).encode(), meant
