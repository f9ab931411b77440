"""The picture of the map: its size, its type, what it says, and that it needs nothing from outside."""

from __future__ import annotations

import io
import socket
import time
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.image import imread

from dashboard import map_picture as picture
from dashboard.map_picture import Shown, map_picture
from dashboard.picture_font import FAMILY, chinese_type
from dashboard.picture_queries import shown_on_map
from dashboard.picture_sheet import Sheet
from dashboard.text import t

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def shown(connection) -> Shown:
    return shown_on_map(connection, AS_OF)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is drawn."""
    texts: list[str] = []
    write = Sheet.write

    def note(self, x, y, text, *more, **options):
        texts.append(text)
        return write(self, x, y, text, *more, **options)
    monkeypatch.setattr(Sheet, "write", note)
    return texts


def test_all_regions_at_twice_the_size_quickly_and_offline(shown, written, monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("asks the network"))
    chinese_type()
    began = time.process_time()
    content = map_picture(shown, [], AS_OF)
    assert time.process_time() - began < 5
    assert content.startswith(b"\x89PNG")
    height, width, _ = imread(io.BytesIO(content)).shape
    assert (width, height) == (3840, 2160)
    assert set(shown.regions["name"]) <= set(written)
    assert any("天地图" in text and "内部使用，公开展示须核对审图号" in text and "示意" in text for text in written)
    assert any(str(AS_OF) in text for text in written) and sum(text.endswith("公里") for text in written) == len(shown.regions)
    assert t("picture.unnamed") in written[-1]


def test_one_region_names_every_section_with_its_class(shown, written):
    map_picture(shown, ["331100"], AS_OF, "GS(2024)0650号", title="丽水水质")
    own = shown.sections[shown.sections["region_id"] == "331100"]
    assert set(own["name"]) <= set(written) and set(own["latest_class"].dropna()) <= set(written)
    assert "丽水水质" in written
    assert any("审图号：GS(2024)0650号" in text and "内部使用" not in text for text in written)
    assert all(written.count(known) >= 2 * n for known, n in own["latest_class"].value_counts().items())


def test_without_sections_or_regions(shown):
    nothing = Shown(shown.regions, shown.shapes, shown.sections.head(0), shown.reservoirs.head(0))
    assert map_picture(nothing, ["421300"], AS_OF).startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="没有可画"):
        map_picture(shown, ["110000"], AS_OF)


@pytest.mark.parametrize("count", range(1, 9))
def test_panels_stay_on_the_slide_and_apart(count):
    slots = picture._slots(count)
    assert len(slots) == count
    boxes = [(x, y, x + wide, y + high) for x, y, wide, high in slots]
    assert all(x > 0 and y > 0 and right <= 1920 - 40 and bottom <= picture.BOTTOM + 1e-6 for x, y, right, bottom in boxes)
    assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for n, a in enumerate(boxes) for b in boxes[:n])


@pytest.mark.parametrize("weight", [400, 700])
def test_the_product_s_own_type_is_used_and_has_what_is_written(weight, shown, written):
    file = Path(findfont(FontProperties(family=FAMILY, weight=weight), fallback_to_default=False))
    assert file.stem.endswith(str(weight))
    letters = set(get_font(file).get_charmap())
    map_picture(shown, ["331102"], AS_OF)
    names = pd.concat([shown.sections["name"], shown.regions["name"]])
    fixed = [text for text in written if text not in set(names)]
    assert set(map(ord, "".join(fixed) + "ⅠⅡⅢⅣⅤ劣？")) <= letters


def test_a_letter_that_no_font_has_is_a_question_mark_not_a_box():
    assert chinese_type().drawable("涧水\U0010fffd") == "涧水？"
