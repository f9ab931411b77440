"""The last entries of the audit log, for those who may confirm figures."""

from __future__ import annotations

from datetime import datetime

from dashboard.text import ZH, esc, t

SHOWN = 50


def table(entries: list[dict]) -> str:
    """One row per entry (keys as in etl.audit.SHAPE), newest first, in the time of this machine."""
    if not entries:
        return f'<div class="q note">{t("audit.none")}</div>'
    head = "".join(f'<th style="width:{width}">{t(f"audit.head.{key}")}</th>'
                   for key, width in (("time", "15%"), ("action", "12%"), ("who", "13%"), ("detail", "60%")))
    return f'<div class="q"><table class="dense"><tr>{head}</tr>{"".join(map(_row, entries))}</table></div>'


def _row(entry: dict) -> str:
    who = entry["who"] or (t("audit.unknown") if entry["action"] == "sign_in_failed" else "")
    detail = " · ".join(f"{_word('detail', key)} {value}" for key, value in entry["detail"].items() if value not in (None, ""))
    return (f'<tr><td class="nw">{esc(_local_time(entry["time"]))}</td><td class="nw">{esc(_word("action", entry["action"]))}</td>'
            f'<td>{esc(who)}</td><td>{esc(detail)}</td></tr>')


def _word(kind: str, key: str) -> str:
    return ZH.get(f"audit.{kind}.{key}", key)


def _local_time(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return text
