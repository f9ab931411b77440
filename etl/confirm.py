"""Takes confirmed entries into the ledger and publishes a version with them: everything or nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from etl import audit, ledger
from etl.files import replace_files
from etl.ledger import LONGEST_NOTE, Origin
from etl.refresh import Progress, Refreshed, publish_after
from etl.review import Review


@dataclass(frozen=True)
class Confirmed(Refreshed):
    """The version that was published, and the load it holds."""

    load_id: str


class StaleReview(Exception):
    """Somebody else confirmed in between; what was reviewed may no longer be true."""


def _silent(step: str, number: int, total: int) -> None:
    pass


def confirm(review: Review, confirmed_by: str, note: str = "", progress: Progress = _silent) -> Confirmed:
    """Write what a review found to be added or changed, as one load.

    Raises ValueError when there are errors, no name, or nothing to write; StaleReview, versions.RefreshBusy, DataProblems
    and OSError: then nothing has changed.
    """
    if review.checked.errors:
        raise ValueError(f"还有 {len(review.checked.errors)} 处须改")
    rows = review.to_confirm()
    return _write(Origin(confirmed_by.strip(), note.strip(), review.file.name, review.file.sha256), rows, progress, review.ledger)


def withdraw(entry_ids: list[str], reason: str, confirmed_by: str, progress: Progress = _silent) -> Confirmed:
    """Take entries back: a load of its own, which can be taken back in turn. Raises as `confirm`."""
    rows = [{"kind": "withdrawal", "withdraws": entry_id, "reason": reason.strip()} for entry_id in entry_ids]
    return _write(Origin(confirmed_by.strip()), rows, progress)


def record_stage(kind: str, subject_id: str, stage: str, reason: str, evidence: str, confirmed_by: str,
                 progress: Progress = _silent) -> Confirmed:
    """How far a "measure" or "project" has come. Raises as `confirm`."""
    row = {"kind": "stage", f"{kind}_id": subject_id, "stage": stage, "reason": reason.strip(), "evidence": evidence.strip()}
    return _write(Origin(confirmed_by.strip()), [row], progress)


def record_note(target_id: str, text: str, promised_on: date | None, confirmed_by: str, progress: Progress = _silent) -> Confirmed:
    """What is said of a target, such as why it lags; `promised_on` is the day by which something is promised.

    Notes stand side by side; none replaces another. Raises as `confirm`, also for an empty or too long text.
    """
    words = "".join(sign for sign in text.strip() if sign.isprintable() or sign == "\n")
    if not 0 < len(words) <= LONGEST_NOTE:
        raise ValueError(f"说明要写 1 至 {LONGEST_NOTE} 字")
    row = {"kind": "note", "target_id": target_id, "reason": words}
    if promised_on:
        row |= {"period_kind": "date", "period_end": promised_on.isoformat(), "period_text": f"承诺 {promised_on}"}
    return _write(Origin(confirmed_by.strip()), [row], progress)


def _write(origin: Origin, rows: list[dict[str, str]], progress: Progress, reviewed_against: str | None = None) -> Confirmed:
    if not origin.confirmed_by:
        raise ValueError("要写确认人的姓名")
    if not rows:
        raise ValueError("没有要入库的内容")
    load_id, file, content = ledger.new_load(origin, rows)

    def change() -> Callable[[], None]:
        """Runs while no one else may write, so the ledger cannot move between the look and the writing."""
        if reviewed_against not in (None, ledger.fingerprint()):
            raise StaleReview("别人刚刚入库，核对过的内容可能已变，请重新核对")
        return replace_files({file: content})

    published = publish_after(change, progress)
    assert published is not None  # a change was made
    kinds = sorted({row["kind"] for row in rows})
    try:
        audit.record("withdraw" if kinds == ["withdrawal"] else "load", origin.confirmed_by,
                     {"load_id": load_id, "rows": len(rows), "file": origin.file_name, "version": published.version})
    except OSError:  # the load stands and names its author itself; only the second record of it is missing
        logging.getLogger("qingliu.audit").exception("入库 %s 没有记进 audit.jsonl", load_id)
    return Confirmed(**vars(published), load_id=load_id)
