"""Which cells and rows of a reviewed file something stands against, and how the findings are numbered and put together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from etl.entries import ERROR, Checked, EntryFile, EntryRow, Finding

REPEATED = 3
"""From here on findings of one rule are told once, with the list of their cells."""

Place = tuple[str, str]
"""Sheet and address."""


def split_address(address: str) -> tuple[str, int]:
    """"D6" → ("D", 6); ("", 0) for what is no address."""
    found = re.fullmatch(r"([A-Z]+)(\d+)", address)
    return (found[1], int(found[2])) if found else ("", 0)


@dataclass(frozen=True)
class Marks:
    """The findings of a file by cell and by row."""

    file: EntryFile
    checked: Checked

    @cached_property
    def rows(self) -> list[EntryRow]:
        return [*self.file.rows, *self.file.verdicts]

    @cached_property
    def numbers(self) -> dict[Place, int]:
        """Wrong cells, counted from 1 in reading order."""
        places = dict.fromkeys((finding.sheet, finding.address) for finding in self.checked.errors)
        return {place: number for number, place in enumerate(places, 1)}

    @cached_property
    def asked(self) -> set[Place]:
        return {(finding.sheet, finding.address) for finding in self.checked.findings if finding.level != ERROR} - set(self.numbers)

    @cached_property
    def error_groups(self) -> list[list[Finding]]:
        return _grouped(self.checked.errors)

    @cached_property
    def warning_groups(self) -> list[list[Finding]]:
        return _grouped([finding for finding in self.checked.findings if finding.level != ERROR])

    @cached_property
    def asked_singly(self) -> set[Place]:
        """Cells of which more is asked than what is asked of many others."""
        return self.asked & {(f.sheet, f.address) for group in self.warning_groups if len(group) < REPEATED for f in group}

    @cached_property
    def _without_figure(self) -> set[tuple[str, int]]:
        return {(row.sheet, row.line) for row in self.checked.not_reported}

    def state(self, row: EntryRow) -> str:
        """wrong, asked, asked_alike (what is asked of many rows), not_reported or good."""
        places = {(row.sheet, cell.address) for cell in row.cells.values()}
        if places & set(self.numbers):
            return "wrong"
        if (row.sheet, row.line) in self._without_figure:
            return "not_reported"
        asked = places & self.asked
        return "good" if not asked else "asked" if asked & self.asked_singly else "asked_alike"

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by state; `asked` takes in `asked_alike`."""
        counts = dict.fromkeys(("wrong", "asked", "not_reported", "good"), 0)
        for row in self.rows:
            counts[self.state(row).removesuffix("_alike")] += 1
        return counts


def _grouped(findings: list[Finding]) -> list[list[Finding]]:
    """In order; those of one rule together where there are many of them."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    groups: list[list[Finding]] = []
    for finding in findings:
        alike = by_rule[finding.rule]
        if len(alike) < REPEATED:
            groups.append([finding])
        elif alike[0] is finding:
            groups.append(alike)
    return groups
