"""The product's own Chinese type for matplotlib, which cannot read WOFF2: unpacked once per process.

Letters the product's files do not hold come from a Chinese font of the system where there is one; what no font holds
is written as ？, so that no picture ever shows empty boxes.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from matplotlib.font_manager import fontManager, get_font

SHIPPED = Path(__file__).resolve().parent.parent / "static" / "fonts"
FAMILY = "Qingliu Sans"
"""What the unpacked files are called, so that a font of the system with the same name is not taken for them."""
SYSTEM = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
          "Heiti SC", "SimHei", "SimSun", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei")


@dataclass(frozen=True)
class Type:
    """Families in the order they are asked for a letter, and the letters there are (code points)."""

    families: list[str]
    letters: frozenset[int]

    def drawable(self, text: str) -> str:
        """The text with ？ for what no font can draw."""
        return "".join(letter if ord(letter) in self.letters else "？" for letter in text)


@cache
def chinese_type() -> Type:
    """The type, registered with matplotlib. Raises OSError when the product's font files are missing."""
    folder = Path(tempfile.mkdtemp(prefix="qingliu-type-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    letters: list[set[int]] = []
    for file in sorted(SHIPPED.glob("*.woff2")):
        font = TTFont(file)
        font.flavor = None
        _rename(font)
        unpacked = folder / f"{file.stem}.otf"
        font.save(unpacked, reorderTables=None)
        fontManager.addfont(unpacked)
        letters.append(set(get_font(unpacked).get_charmap()))
    if not letters:
        raise FileNotFoundError(f"{SHIPPED.name} 里没有字体文件")
    there = {entry.name: entry.fname for entry in fontManager.ttflist if entry.name in SYSTEM}
    spare = [name for name in SYSTEM if name in there][:1]
    in_both = set.intersection(*letters)
    return Type([FAMILY, *spare], frozenset(in_both.union(*(get_font(there[name]).get_charmap() for name in spare))))


def _rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = FAMILY
