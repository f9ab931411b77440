"""What a picture of the map shows, asked of the database at once."""

from __future__ import annotations

from datetime import date

import duckdb

from dashboard.map_picture import Shown
from dashboard.map_queries import map_regions, map_reservoirs, map_shapes_of_regions, section_places
from dashboard.section_queries import sections


def shown_on_map(cursor: duckdb.DuckDBPyConnection, as_of: date) -> Shown:
    """Everything `map_picture` draws, with the latest class of every section known on the day."""
    places = section_places(cursor).drop(columns="region_id")
    classes = sections(cursor, as_of, [], "", nationwide=False).merge(places, on="section_id", how="left")
    return Shown(map_regions(cursor), map_shapes_of_regions(cursor), classes, map_reservoirs(cursor))
