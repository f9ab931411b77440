"""The button that saves the map as it is set as a picture."""

from __future__ import annotations

from datetime import date

import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from dashboard.map_fills import Fill
from dashboard.text import t
from etl.settings import load_settings


def picture_button(bar: DeltaGenerator, regions: list[dict], shapes: pd.DataFrame, rows: pd.DataFrame, reservoirs: pd.DataFrame,
                   day: date, is_latest: bool, fill: Fill, fill_title: str, shown: list[str], place: str | None) -> None:
    """Draws only when it is pressed: the regions on the page with their colours, layers, choice and day."""
    kind, _, key = (place or "").partition(":")

    def png() -> bytes:
        from dashboard.map_picture import Shown, map_picture  # matplotlib is slow to import and seldom needed

        return map_picture(Shown(pd.DataFrame(regions), shapes, rows, reservoirs), [], day, load_settings().map.approval_number,
                           fill=fill, fill_title=fill_title, layers=tuple(shown), chosen=(kind, key), is_latest=is_latest)

    names = regions[0]["name"] if len(regions) == 1 else t("map.picture.regions", n=len(regions))
    bar.download_button(t("map.picture"), data=png, file_name=f"清流-{t('nav.map')}-{names}-{day:%Y-%m-%d}.png", mime="image/png",
                        on_click="ignore", key="map_picture")
