"""What a picture of the map shows, asked of the database at once."""

from __future__ import annotations

from datetime import date

import duckdb

from dashboard.map_picture import Shown
from dashboard.map_queries import map_regions, map_reservoirs, map_shapes_of_regions, section_places
from dashboard.section_queries import sections


def shown_on_map(cursor: duckdb.DuckDBPyConnection, as_of: date) -> Shown:
    """Everything `map_picture` draws, with the latest class of every section known on the day."""
    classes = sections(cursor, as_of, [], "", nationwide=False)
    placed = classes[["section_id", "name", "county", "latest_class", "latest_day"]].merge(section_places(cursor), on="section_id")
    return Shown(map_regions(cursor), map_shapes_of_regions(cursor), placed.dropna(subset="longitude"), map_reservoirs(cursor))
