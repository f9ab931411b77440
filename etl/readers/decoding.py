"""The two encodings Chinese offices write text in."""

from __future__ import annotations


def decoded(content: bytes) -> str:
    """Text of UTF-8 (with or without BOM), else of GB18030. Raises UnicodeDecodeError of the one that got further."""
    failures = []
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as failure:
            failures.append(failure)
    raise max(failures, key=lambda failure: failure.start)
