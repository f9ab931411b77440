"""Which file holds which map layer: the user's own in `data/layers/`, else the product's in `geo/layers/`."""

from __future__ import annotations

from pathlib import Path

from etl.paths import GEO_LAYERS, LAYERS

KINDS = ("counties", "basins", "rivers", "reservoirs")


def layer_files() -> dict[str, Path]:
    """The file of each kind that is there: the user's own, else the product's."""
    found = {}
    for kind in KINDS:
        for folder in (LAYERS, GEO_LAYERS):
            if (folder / f"{kind}.geojson").is_file():
                found[kind] = folder / f"{kind}.geojson"
                break
    return found
