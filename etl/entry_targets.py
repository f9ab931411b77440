"""Which target a row means: by its number, else by region, indicator and scope. Nothing is guessed."""

from __future__ import annotations

from etl.entries import EntryRow
from etl.entry_known import Known, KnownTarget
from etl.rules.entry_values import Misread, plain

SHOWN_CANDIDATES = 3


def target_of(row: EntryRow, known: Known) -> KnownTarget:
    """The target of a row. Raises Misread: no such number, a number of another row, or nothing that settles it."""
    number = row.text("target_id")
    target = known.targets.get(number) or known.targets.get(plain(number))
    if target:
        _check_belongs(row, target)
        return target
    alike = _alike(row, known)
    if number or len({candidate.subject for candidate in alike}) != 1:
        raise _unknown(row, alike)
    return next((candidate for candidate in alike if candidate.promise.deadline
                 and str(candidate.promise.deadline.year) in row.text("period")), alike[0])


def _check_belongs(row: EntryRow, target: KnownTarget) -> None:
    """Region, indicator and scope of the row must be those of its number: rows slip against each other."""
    expected = {"region": (target.region,), "indicator": (target.indicator, target.name_in_plan), "scope": (target.scope,)}
    for field, words in expected.items():
        given = plain(row.text(field))
        if given and given not in map(plain, words):
            raise Misread("shifted_row", f"编号 {target.target_id} 是“{target.region} {target.indicator}（{target.scope}）”，和这一格不符",
                          "多半是行错位了：核对编号和实绩是不是同一行的", field)


def _alike(row: EntryRow, known: Known) -> list[KnownTarget]:
    region, indicator, scope = (plain(row.text(field)) for field in ("region", "indicator", "scope"))
    return [target for target in known.targets.values() if indicator and not target.is_restatement
            and indicator in (plain(target.indicator), plain(target.name_in_plan))
            and region in ("", plain(target.region)) and scope in ("", plain(target.scope))]


def _unknown(row: EntryRow, alike: list[KnownTarget]) -> Misread:
    if row.text("target_id"):
        why = "没有这个编号的目标"
    elif row.text("indicator"):
        why = "几项目标都是这个名称，看不出是哪一项" if alike else "没有这个名称的目标"
    else:
        why = "没有编号，也没有指标名称"
    listed = "；".join(f"{target.target_id}（{target.region}，{target.scope}）" for target in alike[:SHOWN_CANDIDATES])
    remedy = f"编号可能是 {listed}{'等' if len(alike) > SHOWN_CANDIDATES else ''}" if alike else "用填报表里的编号；不是目标的行请删去"
    return Misread("unknown_target", why, remedy, "target_id" if "target_id" in row.cells else "indicator")
