"""What a reader or a check says when something is wrong: where, which rule, what was found, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One problem in an input file. `row` is the line of the file, the header being line 1."""

    file: str
    rule: str
    remedy: str
    row: int | None = None
    column: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f" 第 {self.row} 行"
        if self.column:
            place += f" “{self.column}”列"
        found = "" if self.found is None else f"，现在是“{self.found}”"
        return f"{place}：{self.rule}{found}。改法：{self.remedy}"


class DataProblems(Exception):
    """Raised when inputs do not hold; nothing has been published."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__(f"{len(problems)} 处问题")


def refused(place: str, rule: str, remedy: str, row: int | None = None, found: str | None = None) -> DataProblems:
    """The whole file is of no use, for this one reason."""
    return DataProblems([Problem(place, rule, remedy, row, None, found)])
