"""The audit log data/audit.jsonl: who signed in, loaded or took back what, and when. Lines are added, never changed."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from itertools import islice

from filelock import FileLock

from etl.paths import AUDIT

LOCK_SECONDS = 10
SHAPE = {"time": str, "action": str, "who": str, "detail": dict}


def record(action: str, who: str, detail: dict) -> None:
    """Append one entry and see it on the disk. `who` is empty where nobody is known; a password belongs in neither.

    Raises OSError when it cannot be written, also when another process keeps the log for longer than LOCK_SECONDS.
    """
    entry = {"time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "action": action, "who": who, "detail": detail}
    line = json.dumps(entry, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
    AUDIT.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{AUDIT}.lock", timeout=LOCK_SECONDS), AUDIT.open("ab+") as log:
        if log.seek(0, os.SEEK_END):
            log.seek(-1, os.SEEK_END)
            if log.read(1) != b"\n":  # a write was cut short: what comes now must not hang on to it
                line = b"\n" + line
        log.write(line)
        log.flush()
        os.fsync(log.fileno())


def read(limit: int) -> list[dict]:
    """The last `limit` entries (keys as in SHAPE), newest first; lines that are none, cut short or damaged, are left out."""
    try:
        lines = AUDIT.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return list(islice(filter(None, map(_entry, reversed(lines))), limit))


def _entry(line: bytes) -> dict | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_entry = isinstance(found, dict) and all(isinstance(found.get(key), kind) for key, kind in SHAPE.items())
    return found if is_entry else None
