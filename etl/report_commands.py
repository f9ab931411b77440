"""The command that writes reports: python -m etl report word | slides | workbook."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import duckdb
import typer

from etl.files import replace_files
from etl.versions import current_file, fits_this_program, open_read_only

if TYPE_CHECKING:
    from dashboard.reports.content import Period, Report


class Form(StrEnum):
    word = "word"
    slides = "slides"
    workbook = "workbook"


class Kind(StrEnum):
    dispatch = "dispatch"
    bulletin = "bulletin"
    assessment = "assessment"


def write_report(
    form: Annotated[Form, typer.Argument(help="word 公文（.docx），slides 幻灯片（.pptx），workbook 工作簿（.xlsx）")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件")],
    regions: Annotated[list[str] | None, typer.Option("--region", help="区域代码或名称，可接着写几个；不写就是全部")] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="[区域]...", help="--region 后面接着写的区域", show_default=False)] = None,
    kind: Annotated[Kind, typer.Option(help="dispatch 季调度，bulletin 半年通报，assessment 年评估")] = Kind.dispatch,
    period: Annotated[str | None, typer.Option(help="统计期，如 2026Q3、2026H1、2025；不写就是最近结束的一个")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="数据截至哪一天；不写就是今天")] = None,
) -> None:
    """写报告：公文、幻灯片或工作簿。"""
    from dashboard.reports.formats import FORMATS

    wanted = FORMATS[form.value]
    if out.suffix.lower() != f".{wanted.suffix}":
        raise typer.BadParameter(f"文件名要以 .{wanted.suffix} 结尾，现在是 {out.name}")
    if not out.resolve().parent.is_dir():
        raise typer.BadParameter(f"没有这个文件夹：{out.parent}")
    made = _gathered([*(regions or []), *(more or [])], kind, period, as_of.date() if as_of else date.today())
    content = wanted.make(made)
    try:
        replace_files({out: content})
    except OSError as error:
        _fail(f"{out} 写不进去（{error.strerror}）。关掉正在打开它的程序，或换个地方。")
    typer.echo(f"已写好 {out}：{made.title}，{'、'.join(made.names)}，数据截至 {made.as_of}。")


def _gathered(regions: list[str], kind: Kind, period: str | None, as_of: date) -> Report:
    from dashboard.map_queries import map_regions
    from dashboard.reports.content import gather

    file = current_file()
    if file is None:
        _fail("还没有数据库。先运行：python -m etl refresh")
    try:
        with contextlib.closing(open_read_only(file)) as connection:
            if not fits_this_program(connection):
                _fail(f"数据库 {file.name} 是另一版程序建的。先运行：python -m etl refresh")
            plans = map_regions(connection)
            codes = dict(zip(plans["name"], plans["region_id"])) | {region_id: region_id for region_id in plans["region_id"]}
            unknown = [region for region in regions if region not in codes]
            if unknown:
                raise typer.BadParameter(f"没有这个区域：{'、'.join(unknown)}。可以写：{'、'.join(plans['name'])}")
            return gather(connection, kind.value, _period(kind, period, as_of), [codes[region] for region in regions], as_of)
    except duckdb.Error as error:
        _fail(f"数据库 {file.name} 读不全（{str(error).splitlines()[0]}）。运行 python -m etl refresh 重建。")


def _period(kind: Kind, asked: str | None, as_of: date) -> Period:
    """The period of this name: as the reports write it, or 2026Q3, 2026H1, 2025."""
    from dashboard.reports.periods import periods, short_name, usual_period

    if asked is None:
        return usual_period(kind.value, as_of)
    offered = periods(kind.value, as_of)
    for period in offered:
        if asked.replace(" ", "").upper() in (short_name(period), period.words.replace(" ", "")):
            return period
    raise typer.BadParameter(f"没有这个统计期：{asked}。可以写：{'、'.join(short_name(period) for period in offered)}")


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)
