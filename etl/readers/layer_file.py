"""Opens a map layer from an office: Shapefile (with its siblings, or zipped), GeoJSON or GeoPackage.

Nothing is understood here beyond the file format: features with their attributes as text, the shapes as they stand and
the coordinate system the file states. The file is never opened in place: its parts are checked, then copied under plain
names into a temporary folder, so that odd paths, capital endings and archives are all one case for GDAL.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import io
import struct
import tempfile
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import geopandas as gpd
import pyogrio
import pyproj
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError

from etl.problems import Problem, refused
from etl.readers.decoding import decoded
from etl.readers.office_file import read_bytes

MAX_BYTES = 200_000_000
"""Of the file, and of what an archive holds when unpacked."""
MAX_ENTRIES = 1_000
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
CHINESE_CODE_PAGES = {"gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "936": "gb18030",
                      "oem 936": "gb18030", "ansi 936": "gb18030", "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8", "big5": "big5"}
"""What a .cpg may say. Anything else there (ISO-8859-1 mostly) is what a program writes that did not know."""
SHORTEST_CUT = 9
"""Bytes; a heading has room for ten of them."""
EXPORT_AGAIN = "在 ArcGIS、QGIS 里打开看一看，重新导出为 Shapefile、GeoJSON 或 GeoPackage 再导入"


@dataclass(frozen=True)
class LayerFile:
    """A layer as read. `frame`: attributes as text or None, shapes as they stand, index 0, 1, …; its `crs` as stated.

    `sha256` covers what decides the layer, so that a Shapefile is the same zipped or not.
    """

    sha256: str
    frame: gpd.GeoDataFrame


def read_layer_file(path: Path) -> LayerFile:
    """Read the one layer of the file. Raises DataProblems for whatever cannot be read for certain."""
    ending = path.suffix.lower()
    if ending == ".shp":
        parts = _siblings(path)
    elif ending == ".zip":
        parts = _unzipped(path.name, read_bytes(path, MAX_BYTES))
    elif ending in (".geojson", ".json"):
        parts = {".geojson": _as_utf8(path.name, read_bytes(path, MAX_BYTES))}
    elif ending == ".gpkg":
        parts = {".gpkg": read_bytes(path, MAX_BYTES)}
        if not parts[".gpkg"].startswith(b"SQLite format 3\0"):
            raise refused(path.name, "不是 GeoPackage 文件，或已损坏", EXPORT_AGAIN)
    else:
        raise refused(path.name, "不认识这种文件", "给 .shp（连同 .dbf、.shx）、装着它们的 .zip、.geojson 或 .gpkg",
                      found=ending or "没有扩展名")
    if not any(parts.values()):
        raise refused(path.name, "是空文件", EXPORT_AGAIN)
    if ".shp" in parts:
        _check_shapefile(path.name, parts)
    digest = hashlib.sha256()
    for part in sorted(parts):
        digest.update(part.encode() + b"\0" + parts[part])
    return LayerFile(digest.hexdigest(), _read(path.name, parts))


# ── the parts ───────────────────────────────────────────────────────────────────────────────────────────────
def _siblings(path: Path) -> dict[str, bytes]:
    """The files beside a .shp that belong to it, by their ending in small letters."""
    shp = read_bytes(path, MAX_BYTES)
    beside = {file.suffix.lower(): file for file in path.parent.iterdir()
              if file.stem == path.stem and file.suffix.lower() in SHAPEFILE_PARTS[1:]}
    return {".shp": shp, **{ending: read_bytes(file, MAX_BYTES) for ending, file in beside.items()}}


def _unzipped(name: str, content: bytes) -> dict[str, bytes]:
    """The parts of the one Shapefile in an archive. Nothing is written under the names the archive gives."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")]
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise refused(name, f"解开后太大，不像一个图层（超过 {MAX_BYTES // 1_000_000} MB 或 {MAX_ENTRIES} 个文件）",
                              "只装一个 Shapefile 的几个文件再压缩")
            for entry in entries:
                inside = PurePosixPath(entry.filename.replace("\\", "/"))
                if inside.is_absolute() or ".." in inside.parts or ":" in entry.filename:
                    raise refused(name, "压缩包里有指到包外的路径", "不要用这个压缩包；向提供者另要一份", found=_entry_name(entry))
            shapes = [entry for entry in entries if entry.filename.lower().endswith(".shp")]
            if len(shapes) != 1:
                raise refused(name, "压缩包里有几个 Shapefile" if shapes else "压缩包里没有 .shp 文件",
                              "一次导入一个：只装一个 Shapefile 的 .shp、.dbf、.shx、.prj、.cpg",
                              found="、".join(map(_entry_name, shapes)) or None)
            stem = shapes[0].filename[:-4]
            return {entry.filename[-4:].lower(): archive.read(entry) for entry in entries
                    if entry.filename[:-4] == stem and entry.filename[-4:].lower() in SHAPEFILE_PARTS}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise refused(name, "压缩包已损坏，或不是 ZIP", "重新压缩成 .zip，或直接给 .shp") from None
    except RuntimeError:
        raise refused(name, "压缩包加了密码", "去掉密码再导入") from None


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows stores names in GBK without saying so; zipfile then takes them for code page 437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _as_utf8(name: str, content: bytes) -> bytes:
    """GeoJSON is UTF-8 by definition; offices also write GBK."""
    with contextlib.suppress(UnicodeDecodeError):
        text = decoded(content)
        if not text.strip() or text.lstrip().startswith("{"):
            return text.encode()
    raise refused(name, "不是 GeoJSON 文件，或已损坏", EXPORT_AGAIN)


def _check_shapefile(name: str, parts: dict[str, bytes]) -> None:
    """All parts there, of the length they state, with as many rows as shapes: GDAL passes over part of this."""
    for ending, holds in ((".shx", "图形索引"), (".dbf", "属性表")):
        if ending not in parts:
            raise refused(name, f"缺少同名的 {ending} 文件（{holds}）", "Shapefile 的几个文件要放在同一个文件夹里，文件名相同，一起复制")
    try:
        stated = [2 * struct.unpack(">i", parts[ending][24:28])[0] for ending in (".shp", ".shx")]
        rows, header, length = struct.unpack("<IHH", parts[".dbf"][4:12])
    except struct.error:
        stated = [1, 1]
        rows = header = length = 0
    whole = all(parts[ending][:4] == b"\0\0\x27\x0a" and len(parts[ending]) >= size
                for ending, size in zip((".shp", ".shx"), stated))
    if not whole or len(parts[".dbf"]) < header + rows * length:
        raise refused(name, "文件已损坏或不完整", EXPORT_AGAIN)
    shapes = (stated[1] - 100) // 8
    if rows != shapes:
        raise refused(name, "图形和属性表的行数不同，不是同一个图层的文件", EXPORT_AGAIN, found=f"图形 {shapes}，属性 {rows}")


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────
def _read(name: str, parts: dict[str, bytes]) -> gpd.GeoDataFrame:
    main = next(iter(parts)) if len(parts) == 1 else ".shp"
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for ending, content in parts.items():
            if ending not in (".cpg", ".prj"):  # what they say is weighed below
                (Path(folder) / f"layer{ending}").write_bytes(content)
        try:
            layer = _only_layer(name, Path(folder) / f"layer{main}")
            frame = pyogrio.read_dataframe(Path(folder) / f"layer{main}", layer=layer, datetime_as_string=True,
                                           encoding="ISO-8859-1" if main == ".shp" else None)
        except (DataSourceError, DataLayerError, CRSError, shapely.errors.GEOSException, UnicodeDecodeError, ValueError,
                NameError):  # pyogrio's own slip where the name of a coordinate system is not UTF-8
            raise refused(name, "文件已损坏，或图形读不出来", EXPORT_AGAIN) from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise refused(name, "没有图形，只有属性表", EXPORT_AGAIN)
    if frame.empty:
        raise refused(name, "图层里没有要素", EXPORT_AGAIN)
    frame = frame.reset_index(drop=True)
    if main == ".shp":
        frame = _decoded(name, frame, parts.get(".cpg", b"").decode("ascii", "ignore").strip().lower())
        frame = frame.set_crs(_coordinate_system(name, parts.get(".prj", b"")), allow_override=True)
    return _as_text(frame)


def _only_layer(name: str, file: Path) -> str:
    layers = [layer for layer, kind in pyogrio.list_layers(file) if kind is not None]
    if len(layers) == 1:
        return layers[0]
    if not layers:
        raise refused(name, "里面没有带图形的图层", EXPORT_AGAIN)
    raise refused(name, "里面有几个图层", "把要用的一个单独导出再导入", found="、".join(layers))


def _coordinate_system(name: str, prj: bytes) -> pyproj.CRS | None:
    """What a .prj says, which may name its system in Chinese."""
    text = prj.decode("utf-8-sig", "replace").strip("\0 \r\n\t")
    try:
        return pyproj.CRS.from_user_input(text) if text else None
    except pyproj.exceptions.CRSError:
        raise refused(name, "同名的 .prj 文件读不懂", "在 GIS 软件里重新定义坐标系；或删去 .prj，用 --crs 写明", found=text[:40]) from None


def _decoded(name: str, frame: gpd.GeoDataFrame, code_page: str) -> gpd.GeoDataFrame:
    """The attributes of a Shapefile, read byte for byte as Latin-1, in the encoding all of them fit."""
    texts = [column for column in frame.columns if frame[column].map(lambda value: isinstance(value, str)).any()]
    for encoding in dict.fromkeys([CHINESE_CODE_PAGES.get(code_page, "utf-8"), "utf-8", "gb18030"]):
        try:
            plain = frame.copy()
            for column in texts:
                plain[column] = frame[column].map(lambda value, e=encoding: _decode(value, e), na_action="ignore")
            plain.columns = [_decode(column, encoding) for column in frame.columns]
            return plain
        except UnicodeDecodeError:
            continue
    raise refused(name, "属性表的文字编码认不出来", "重新导出，编码选 UTF-8 或 GBK")


def _decode(latin: str, encoding: str) -> str:
    """A heading or field is cut at so many bytes, sometimes within a character: that last bit is left out."""
    return codecs.getincrementaldecoder(encoding)().decode(latin.encode("latin-1"), final=len(latin) < SHORTEST_CUT)


def _as_text(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Attributes as stripped text, None where there is nothing; whole numbers without '.0'."""
    def text(value: object) -> str | None:
        if value is None or value != value:
            return None
        plain = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return " ".join(plain.replace("\0", " ").split()) or None

    for column in frame.columns.drop(frame.geometry.name):
        frame[column] = frame[column].astype(object).map(text).astype(object).where(lambda values: values.notna(), None)
    return frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame


def problem_about(name: str, rule: str, remedy: str, features: list[int], column: str | None = None,
                  found: str | None = None) -> Problem:
    """One problem for all features it concerns (numbers from 1); the first is the row."""
    listed = "、".join(map(str, features[:5])) + (" 等" if len(features) > 5 else "")
    more = f"（共 {len(features)} 个要素：{listed}）" if len(features) > 1 else ""
    return Problem(name, rule + more, remedy, features[0], column, found)


