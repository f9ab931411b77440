"""The commands that write reports: python -m etl report word | slides | workbook."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import duckdb
import typer

from etl.versions import current_file, open_read_only

if TYPE_CHECKING:
    from dashboard.reports.content import Period, Report

reports = typer.Typer(help="写报告：word 公文，slides 幻灯片，workbook 工作簿", no_args_is_help=True)


class Kind(StrEnum):
    dispatch = "dispatch"
    bulletin = "bulletin"
    assessment = "assessment"


Regions = Annotated[list[str] | None, typer.Option("--region", help="区域代码或名称，可写几个；不写就是全部")]
KindOption = Annotated[Kind, typer.Option(help="dispatch 季调度，bulletin 半年通报，assessment 年评估")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="统计期，如 2026Q3、2026H1、2025；不写就是最近结束的一个")]
AsOf = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="数据截至哪一天；不写就是今天")]
Out = Annotated[Path, typer.Option("--out", help="写到哪个文件")]


@reports.command()
def word(out: Out, region: Regions = None, kind: KindOption = Kind.dispatch, period: PeriodOption = None, as_of: AsOf = None) -> None:
    """公文格式的 Word 文件（.docx）。"""
    _write("word", "document", ".docx", out, region, kind, period, as_of)


@reports.command()
def slides(out: Out, region: Regions = None, kind: KindOption = Kind.dispatch, period: PeriodOption = None, as_of: AsOf = None) -> None:
    """幻灯片（.pptx），图表可以直接改。"""
    _write("slides", "deck", ".pptx", out, region, kind, period, as_of)


@reports.command()
def workbook(out: Out, region: Regions = None, kind: KindOption = Kind.dispatch, period: PeriodOption = None, as_of: AsOf = None) -> None:
    """工作簿（.xlsx）。"""
    _write("workbook", "workbook", ".xlsx", out, region, kind, period, as_of)


def _write(module: str, function: str, suffix: str, out: Path, regions: list[str] | None, kind: Kind, period: str | None,
           as_of: datetime | None) -> None:
    if out.suffix.lower() != suffix:
        raise typer.BadParameter(f"文件名要以 {suffix} 结尾，现在是 {out.name}")
    make = _maker(module, function)
    report = _gathered(regions or [], kind, period, as_of.date() if as_of else date.today())
    try:
        out.write_bytes(make(report))
    except OSError as error:
        _fail(f"{out} 写不进去（{error.strerror}）。关掉正在打开它的程序，或换个地方。")
    typer.echo(f"已写好 {out}：{report.title}，{'、'.join(report.names)}，数据截至 {report.as_of}。")


def _maker(module: str, function: str) -> Callable[[Report], bytes]:
    try:
        return getattr(importlib.import_module(f"dashboard.reports.{module}"), function)
    except ImportError as missing:
        _fail(f"这一种报告现在写不了：缺 {missing.name}。")


def _gathered(regions: list[str], kind: Kind, period: str | None, as_of: date) -> Report:
    from dashboard.map_queries import map_regions
    from dashboard.reports.content import gather

    file = current_file()
    if file is None:
        _fail("还没有数据库。先运行：python -m etl refresh")
    try:
        with contextlib.closing(open_read_only(file)) as connection:
            plans = map_regions(connection)
            codes = dict(zip(plans["name"], plans["region_id"])) | {region_id: region_id for region_id in plans["region_id"]}
            unknown = [region for region in regions if region not in codes]
            if unknown:
                raise typer.BadParameter(f"没有这个区域：{'、'.join(unknown)}。可以写：{'、'.join(plans['name'])}")
            return gather(connection, kind.value, _period(kind, period, as_of), [codes[region] for region in regions], as_of)
    except duckdb.Error as error:
        _fail(f"数据库 {file.name} 打不开（{error}）。运行 python -m etl refresh 重建。")


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
