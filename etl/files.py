"""Replaces files in one step each, so that a reader or a killed writer never sees half of one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ATTEMPTS = 20


def replace_files(files: Mapping[Path, bytes | None]) -> Callable[[], None]:
    """Write the files, or remove those without content; the function that puts everything back.

    Raises OSError when one cannot be written; then everything is as it was.
    """
    before = {file: file.read_bytes() if file.exists() else None for file in files}
    try:
        _put(files)
    except OSError:
        _put(before)
        raise
    return lambda: _put(before)


def _put(files: Mapping[Path, bytes | None]) -> None:
    for file, content in files.items():
        if content is None:
            file.unlink(missing_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(file.name + ".new")
        try:
            with fresh.open("wb") as written:
                written.write(content)
                written.flush()
                os.fsync(written.fileno())  # what was confirmed survives a power cut
            replace(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)


def replace(fresh: Path, file: Path) -> None:
    """Put `fresh` in the place of `file` in one step; Windows may need a moment while somebody looks at it."""
    for attempt in range(ATTEMPTS):
        try:
            fresh.replace(file)
            return
        except PermissionError:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.1)
