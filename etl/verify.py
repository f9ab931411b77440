"""Goes back to the documents: every figure of the register must stand where the register says it does.

Read the register → make a claim of every figure → look at the passage → report each claim that does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

import pandas as pd

from etl.checks.schema import check_tables
from etl.paths import PACKAGE
from etl.problems import DataProblems, Problem
from etl.readers import plan_document as plan
from etl.readers.plan_document import Passage, PlanDocument
from etl.readers.tables import FILE, ROW, read_package
from etl.rules.numbers import parse_figure

Tables = dict[str, list[dict]]
WHOLE_DOCUMENT = "whole"
"""The place of a claim whose figure may stand anywhere in the document."""
EXCERPT = 24


@dataclass(frozen=True)
class Checked:
    """How much was verified."""

    documents: int
    figures: int


@dataclass(frozen=True)
class Claim:
    """A cell of the register, and the place of a document (`<place>_start`, `<place>_end`) that must bear it out."""

    row: dict
    column: str
    place: str
    holds: Callable[[Passage, str], bool]

    @property
    def document_id(self) -> str | None:
        return self.row["document_id"]


def verify(folder: Path, package: Path = PACKAGE) -> Checked:
    """Check the register against the documents in a folder.

    Raises DataProblems naming file, row and column of everything that does not hold.
    """
    descriptor, frames = read_package(package)
    _, problems = check_tables(descriptor, frames)
    if problems:
        raise DataProblems(problems)
    documents, unreadable = read_documents(frames["documents"], folder)
    figures, problems = verify_register(frames, documents)
    if unreadable or problems:
        raise DataProblems([*unreadable, *problems])
    return Checked(len(documents), figures)


def read_documents(register: pd.DataFrame, folder: Path) -> tuple[dict[str, PlanDocument], list[Problem]]:
    """The registered documents that can be read, and a problem for each that cannot."""
    documents, problems = {}, []
    for row in _records(register):
        tell = partial(Problem, row[FILE], row=row[ROW], column="file_name", found=row["file_name"])
        try:
            documents[row["document_id"]] = plan.read_document(
                folder / row["file_name"], is_traditional=row["script"] == "traditional")
        except OSError:
            problems.append(tell(f"{folder} 里读不到这份原文", "把原文放进该文件夹，文件名与登记一致"))
        except UnicodeDecodeError:
            problems.append(tell("原文不是 UTF-8 编码", "换回登记时的那份文件；原文的位置按 UTF-8 解码后的字符计"))
    return documents, problems


def verify_register(frames: dict[str, pd.DataFrame], documents: dict[str, PlanDocument]) -> tuple[int, list[Problem]]:
    """The number of figures checked and all problems. The frames have passed the checks of the data package.

    A document with another fingerprint is reported once; positions in it mean nothing, so its figures are left out.
    """
    tables = _tables(frames)
    registered = {row["document_id"]: row for row in tables["documents"]}
    trusted = {key: document for key, document in documents.items() if document.sha256 == registered[key]["sha256"]}
    figures = list(_figures(tables))
    claims = [claim for claim in [*figures, *_units_beside(tables, figures), *_passages(tables)]
              if claim.document_id in trusted or claim.document_id not in registered]
    problems = [
        *(_changed_document(registered[key]) for key in documents if key not in trusted),
        *(problem for claim in claims if (problem := _examine(claim, trusted))),
        *_conversion_problems(tables),
    ]
    return len(figures), list(dict.fromkeys(problems))


def _changed_document(row: dict) -> Problem:
    return Problem(row[FILE], f"{row['file_name']} 的指纹与登记不一致", "换回登记时的那份文件，或按新文件重新登记",
                   row=row[ROW], column="sha256", found=row["sha256"])


def _figures(tables: Tables) -> Iterator[Claim]:
    """Every figure, class, wording, year and date that the register places in a document."""
    kinds = {row["indicator_id"]: row["kind"] for row in tables["indicators"]}
    for row in tables["targets"]:
        yield from _values(row, kinds[row["indicator_id"]])
        if row["deadline_start"] is not None or row["deadline_basis"] == "explicit":
            yield _claim(row, "deadline", plan.says_deadline)
    for row in tables["observations"]:
        if row["document_id"] is not None or row["value_start"] is not None:
            yield from _values(row, kinds[row["indicator_id"]])
    for row in tables["projects"]:
        yield from _project(row)
    for row in tables["measures"]:
        if row["deadlines"] is not None:
            yield _claim(row, "deadlines", plan.mentions_years, "span")
    for row in tables["documents"]:
        yield from _document(row)
    yield from _publication_dates(tables)


def _values(row: dict, kind: str) -> Iterator[Claim]:
    """What a target or an observation says: a class, a range, a number, or words."""
    number = "value" if row["printed_value"] is None else "printed_value"
    if kind == "class":
        yield _claim(row, "value", plan.says_class_rank)
        yield _claim(row, "value_text", plan.says_class, "value")
    elif row[number] is None:
        yield _claim(row, "value_text", plan.says_words, "value")
    elif row.get("value_high") is not None:
        yield _claim(row, number, partial(plan.says_bound, position=0), "value")
        yield _claim(row, "value_high", partial(plan.says_bound, position=1), "value")
    else:
        yield _claim(row, number, plan.says_number, "value")
        if row["value_text"] is not None:
            yield _claim(row, "value_text", plan.mentions_words, "span")


def _project(row: dict) -> Iterator[Claim]:
    for column, place, holds in (
        ("total_investment_10k_cny", "total", plan.says_number),
        ("plan_period_investment_10k_cny", "plan_period", plan.says_number),
        ("project_count", "count", plan.says_number),
        ("start_year", "years", partial(plan.says_year, position=0)),
        ("end_year", "years", partial(plan.says_year, position=-1)),
    ):
        if row[column] is not None or row[f"{place}_start"] is not None:
            yield _claim(row, column, holds, place)


def _document(row: dict) -> Iterator[Claim]:
    if row["issued_on"] is not None or row["issued_start"] is not None:
        yield _claim(row, "issued_on", partial(plan.says_date, precision=row["issued_precision"]), "issued")
    if row["repealed_on"] is not None or row["repealed_start"] is not None:
        yield _claim(row, "repealed_on", partial(plan.says_date, precision="day"), "repealed")
    for column, holds in (("effective_on", plan.mentions_date), ("document_number", plan.mentions_words),
                          ("index_number", plan.mentions_words)):
        if row[column] is not None:
            yield _claim(row, column, holds, WHOLE_DOCUMENT)


def _publication_dates(tables: Tables) -> Iterator[Claim]:
    """A plan as a source was published on the day its document was issued."""
    documents = {row["document_id"]: row for row in tables["documents"]}
    for row in tables["sources"]:
        issued = documents.get(row["document_id"])
        if issued and (row["published_on"] is not None or issued["issued_on"] is not None):
            place = {"issued_start": issued["issued_start"], "issued_end": issued["issued_end"]}
            yield _claim(row | place, "published_on",
                         partial(plan.says_date, precision=row["published_precision"]), "issued")


def _units_beside(tables: Tables, figures: list[Claim]) -> Iterator[Claim]:
    """A unit printed right behind a number is the registered one. Behind 到40%以上 or a table cell stands none."""
    known = {plan.half_width(row[column]) for row in [*tables["targets"], *tables["observations"]]
             for column in ("unit", "printed_unit") if row[column] is not None}
    same = {(row["printed_unit"], row["unit"]) for row in tables["units"] if Decimal(row["factor"]) == 1}
    for claim in figures:
        column = "unit" if claim.row.get("printed_unit") is None else "printed_unit"
        if claim.place == "value" and claim.holds is not plan.says_words and claim.row[column] is not None:
            printed = claim.row[column]
            units = {printed} | {p for p, unit in same if unit == printed} | {unit for p, unit in same if p == printed}
            yield _claim(claim.row, column, partial(_says_unit, known=known, units=units), "value")


def _says_unit(passage: Passage, _: str, *, known: set[str], units: set[str]) -> bool:
    """No known unit beside the figure, or one of these; the part after the slash may be said elsewhere (每年, 每户)."""
    beside = plan.unit_beside(passage, known)
    whole = {plan.half_width(unit) for unit in units}
    return beside is None or beside in whole | {unit.split("/")[0] for unit in whole}


def _passages(tables: Tables) -> Iterator[Claim]:
    """Every registered stretch of text lies within its document and is not blank."""
    for name in ("targets", "measures", "projects", "sections", "document_issue_passages", "observations"):
        for row in tables[name]:
            if row["span_start"] is not None or row["span_end"] is not None:
                yield _claim(row, "span_start", _says_anything, "span")


def _says_anything(passage: Passage, _: str) -> bool:
    return True


def _claim(row: dict, column: str, holds: Callable[[Passage, str], bool], place: str | None = None) -> Claim:
    return Claim(row, column, place or column, holds)


def _examine(claim: Claim, documents: dict[str, PlanDocument]) -> Problem | None:
    tell = partial(Problem, claim.row[FILE], row=claim.row[ROW])
    registered = claim.row[claim.column]
    if claim.document_id not in documents:
        return tell("登记了原文位置，却没有所属的规划文件", "补上所属文件，或删去原文位置", column=claim.column, found=registered)
    document = documents[claim.document_id]
    if claim.place == WHOLE_DOCUMENT:
        holds = claim.holds(Passage(document, 0, len(document.text)), registered)
        return None if holds else tell("原文中找不到", "按原文改正", column=claim.column, found=registered)
    start_column, end_column = f"{claim.place}_start", f"{claim.place}_end"
    if claim.row[start_column] is None or claim.row[end_column] is None:
        return tell("没有登记在原文中的位置", f"补上 {start_column}、{end_column}", column=start_column)
    start, end = int(Decimal(claim.row[start_column])), int(Decimal(claim.row[end_column]))
    if not 0 <= start < end <= len(document.text) or not document.text[start:end].strip():
        return tell("原文位置不在文件之内，或为空白", f"起点要小于终点，终点不超过 {len(document.text)}",
                    column=start_column, found=f"{start}–{end}")
    passage = Passage(document, start, end)
    if claim.holds(passage, registered or ""):
        return None
    return tell(f"与原文不符：第 {start}–{end} 字处是“{_excerpt(passage)}”", f"按原文改正，或改 {start_column}、{end_column}",
                column=claim.column, found=registered)


def _conversion_problems(tables: Tables) -> Iterator[Problem]:
    """A figure entered in another unit than the printed one is the printed one times the factor."""
    factors = {(row["printed_unit"], row["unit"]): Decimal(row["factor"]) for row in tables["units"]}
    for row in [*tables["targets"], *tables["observations"]]:
        if row["value"] is None or row["printed_value"] is None:
            continue
        factor = factors.get((row["printed_unit"], row["unit"]), Decimal(1))
        if not _converts(row["printed_value"], factor, row["value"]):
            yield Problem(row[FILE], f"不等于印刷数字 {row['printed_value']} 乘系数 {factor}", "按换算表重新换算",
                          row=row[ROW], column="value", found=row["value"])


def _converts(printed: str, factor: Decimal, value: str) -> bool:
    if factor == 1:
        return plan.same_figure(printed, value)
    try:
        return parse_figure(printed) * factor == parse_figure(value)
    except ValueError:
        return False


def _excerpt(passage: Passage) -> str:
    line = " ".join((passage.text + passage.after).split())
    return line if len(line) <= EXCERPT else line[:EXCERPT] + "…"


def _tables(frames: dict[str, pd.DataFrame]) -> Tables:
    """All rows; those that name a source instead of a document get the document of that source."""
    tables = {name: _records(frame) for name, frame in frames.items()}
    by_source = {row["source_id"]: row["document_id"] for row in tables["sources"]}
    for row in [*tables["observations"], *tables["sections"]]:
        row["document_id"] = by_source.get(row["source_id"])
    return tables


def _records(frame: pd.DataFrame) -> list[dict]:
    """Rows as dicts with None for missing cells."""
    return [{k: None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]
