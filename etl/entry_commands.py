"""The commands that make the entry workbook and bring a filled one in: python -m etl template, import template."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

if TYPE_CHECKING:
    from etl.entries import Finding
    from etl.review import Review

MOST_FINDINGS = 50
CHANGES = {"added": "新增", "changed": "改动", "same": "与已有相同，不写"}


def write_template(file: Path, regions: list[str], year: int | None, everything: bool, published: Path) -> int:
    """Write the workbook for these regions (names or codes, all when none); how many rows it has.

    Raises typer.BadParameter for an unknown region or another ending, OSError when it cannot be written.
    """
    from etl.entry_rows import entry_rows, publishers
    from etl.entry_workbook import write_entry_workbook
    from etl.versions import open_read_only

    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"文件名要以 .xlsx 结尾，现在是 {file.name}")
    with contextlib.closing(open_read_only(published)) as connection:
        known = connection.execute("""
            SELECT DISTINCT region_id, r.name FROM documents JOIN regions r USING (region_id) ORDER BY region_id""").fetchall()
        names = {region_id: name for region_id, name in known}
        codes = {name: region_id for region_id, name in known} | {region_id: region_id for region_id in names}
        unknown = [region for region in regions if region not in codes]
        if unknown:
            raise typer.BadParameter(f"没有这个区域：{'、'.join(unknown)}。可以写：{'、'.join(names.values())}")
        wanted = [codes[region] for region in regions] or list(names)
        rows = entry_rows(connection, wanted, year, date.today(), only_lacking=not everything)
        content = write_entry_workbook(rows, "、".join(names[region_id] for region_id in wanted), year, publishers(connection, wanted),
                                       date.today())
    file.write_bytes(content)
    return len(rows)


def review_for_import(file: Path, console: Console) -> Review:
    """Read and check a filled workbook or CSV and tell what is wrong with it and what it would change.

    Raises DataProblems when the file cannot be read, typer.Exit(1) while errors stand.
    """
    from etl.readers.entry_file import read_entry_file
    from etl.readers.office_file import read_bytes
    from etl.review import review_file

    review = review_file(read_entry_file(file.name, read_bytes(file, 10_000_000)), date.today())
    errors = [finding for finding in review.checked.findings if finding.level == "error"]
    asked = [finding for finding in review.checked.findings if finding.level == "warning"]
    for title, findings in (("须改", errors), ("请核对", asked)):
        if findings:
            console.print(f"{title} {len(findings)} 处：", markup=False)
        for finding in findings[:MOST_FINDINGS]:
            console.print(f"  {_told(finding)}", markup=False)
        if len(findings) > MOST_FINDINGS:
            console.print(f"  ……另有 {len(findings) - MOST_FINDINGS} 处", markup=False)
    for word in review.file.ignored:
        console.print(f"没有读：{word}", markup=False)
    if errors:
        console.print("改好再导入；现有数据没有变。")
        raise typer.Exit(1)
    for change, word in CHANGES.items():
        count = sum(line.change == change for line in review.lines)
        if count:
            console.print(f"{word} {count} 项", markup=False)
    for flip in review.flips:
        console.print(f"状态变化：{flip.region} {flip.indicator}（{flip.target_id}） {flip.before} → {flip.after}", markup=False)
    return review


def _told(finding: Finding) -> str:
    place = f"{finding.sheet}!{finding.address}" if finding.sheet else finding.address
    return f"{finding.file} {place} {finding.title}：填的是“{finding.found}”。{finding.why}。改法：{finding.remedy}"
