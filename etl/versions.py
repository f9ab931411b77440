"""Published versions of the database: the pointer, the lock, and which files are kept.

Readers open the file the pointer names and keep it; a new version is a new file, so no lock is ever shared with
them and Windows can replace the pointer while they read.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from etl.files import replace
from etl.paths import BUILD, POINTER, SCHEMA

logger = logging.getLogger(__name__)

KEEP_VERSIONS = 5

NO_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""A foreign file must not make DuckDB look for an extension on the network."""


class RefreshBusy(Exception):
    """Another process is building; nothing was done."""


def database_file(version: str) -> Path:
    return BUILD / f"qingliu-{version}.duckdb"


def register_file(fingerprint: str) -> Path:
    """The register part that versions with the same register share."""
    return BUILD / f"register-{fingerprint[:16]}.duckdb"


def current_file() -> Path | None:
    """The published database file, or None while there is no usable one."""
    try:
        name = json.loads(POINTER.read_text(encoding="utf-8"))["file"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    file = BUILD / Path(str(name)).name
    return file if file.is_file() else None


def open_read_only(file: Path | str) -> duckdb.DuckDBPyConnection:
    """Open a published file. Raises duckdb.Error when it is damaged or not ours."""
    return duckdb.connect(str(file), read_only=True, config=NO_EXTENSIONS)


@functools.cache
def schema_sha256() -> str:
    return hashlib.sha256(SCHEMA.read_bytes()).hexdigest()


def fits_this_program(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether an opened file has the tables this program asks for; one built before an update may not."""
    try:
        newest = connection.execute("SELECT schema_sha256 FROM loads ORDER BY built_at DESC LIMIT 1").fetchone()
    except duckdb.Error:
        return False
    return newest == (schema_sha256(),)


def publish(version: str, file: Path) -> None:
    """Replace the pointer in one step."""
    fresh = POINTER.with_suffix(".new")
    fresh.write_text(json.dumps({"version": version, "file": file.name}), encoding="utf-8")
    replace(fresh, POINTER)


@contextlib.contextmanager
def one_writer(wait_seconds: float) -> Iterator[None]:
    """Hold the only right to publish. Raises RefreshBusy when it is not free in time."""
    BUILD.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(BUILD / "refresh.lock", timeout=wait_seconds):
            _drop_unfinished()
            yield
    except Timeout:
        raise RefreshBusy("另一个窗口正在更新数据，请稍后再试") from None


def _drop_unfinished() -> None:
    """Remove what a killed writer left behind; only the holder of the lock may."""
    for unfinished in BUILD.rglob("*.building*"):
        with contextlib.suppress(OSError):
            unfinished.unlink()


def drop_old_versions(keep: list[Path]) -> None:
    """Keep the newest five and the register part in use; a file that a reader on Windows still holds is left for next time."""
    old_files = sorted(BUILD.glob("qingliu-*.duckdb"), reverse=True)[KEEP_VERSIONS:]
    for old in [*old_files, *BUILD.glob("register-*.duckdb")]:
        if old in keep:
            continue
        try:
            old.unlink()
        except OSError as error:
            logger.info("旧版本 %s 仍被占用，下次再清理（%s）", old.name, error)
