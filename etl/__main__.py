"""The command line: python -m etl refresh | verify | template | import | fetch | user | report | status | path."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import duckdb
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from etl.problems import DataProblems
from etl.report_commands import write_report
from etl.user_commands import users

if TYPE_CHECKING:
    from etl.national_import import Imported
    from etl.section_list import ImportedSections

app = typer.Typer(help="清流：把 data/ 里的文件变成仪表盘用的数据库", no_args_is_help=True, add_completion=False,
                  pretty_exceptions_enable=False)
imports = typer.Typer(
    help="导入：template 填好的填报表，cnemc 国家水质自动监测表，sections 本单位的断面清单，layer 本单位的地图图层", no_args_is_help=True)
fetches = typer.Typer(help="联网取数：cnemc 国家水质自动监测表", no_args_is_help=True)
app.add_typer(imports, name="import")
app.add_typer(fetches, name="fetch")
app.add_typer(users, name="user")
app.command("report")(write_report)
console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

SHOWN_PROBLEMS = 50
Result = TypeVar("Result")


@app.command()
def refresh() -> None:
    """读取、检查、评判、装载、发布。检查不通过时不发布，旧版本照用。"""
    from etl.refresh import refresh as run

    with _plain_failures():
        made = _with_progress(run)
    console.print(f"已发布 {made.version}：目标 {made.targets} 项，实绩 {made.observations} 条，"
                  f"与上一版本相比变动 {made.changes} 行，用时 {made.seconds:.1f} 秒")


@app.command()
def verify(sources: Annotated[Path | None, typer.Option(help="放五份规划文件原文的文件夹")] = None) -> None:
    """逐个数字回到原文核对：文件指纹是否一致，登记的位置上是否就是这个数。"""
    from etl.paths import SOURCES
    from etl.verify import verify as run

    folder = sources or SOURCES
    try:
        checked = run(folder)
    except DataProblems as failure:
        _complain(failure)
        complaints.print(f"核对没有通过：{len(failure.problems)} 处与原文不符。")
        raise typer.Exit(1) from None
    console.print(f"核对通过：{checked.documents} 份文件的指纹一致，{checked.figures} 个数字与用语在原文登记的位置上。")


@imports.command("cnemc")
def import_cnemc(
    files: Annotated[list[Path], typer.Argument(help="发布系统的 JSON、整理成表的 CSV 或 XLSX，可以一次多个")],
    fetched_at: Annotated[datetime | None, typer.Option(
        help="取数时间（北京时间）；表里的时间没有年份，由它推定。不填则看文件内容、文件名，再看文件修改时间")] = None,
) -> None:
    """导入国家水质自动监测表。同一文件重复导入不起作用；文件有损坏时一行也不导入。"""
    from etl.national_import import import_national_tables

    with _plain_failures():
        done = _with_progress(lambda progress: import_national_tables(files, fetched_at, progress=progress))
    _tell_import(done)


@imports.command("sections")
def import_sections(
    file: Annotated[Path, typer.Argument(help="断面清单，CSV 或 XLSX：名称、省份、城市、县、河流、级别、目标类别、经度、纬度、坐标系")],
    crs: Annotated[str | None, typer.Option(help="坐标系：wgs84、cgcs2000 或 gcj02；清单里没有“坐标系”列时要给")] = None,
) -> None:
    """导入本单位的断面清单：补上位置、区域、级别和目标类别。对不准的名称会问，不猜；有问题就一行也不导入。"""
    from etl.section_import import import_and_publish

    with _plain_failures():
        done = _with_progress(lambda progress: import_and_publish(file, crs, progress))
    _tell_sections(done)


@imports.command("layer")
def import_layer(
    file: Annotated[Path | None, typer.Argument(help=".shp（连同 .dbf、.shx）、装着它们的 .zip、.geojson 或 .gpkg")] = None,
    kind: Annotated[Literal["basins", "rivers", "sections", "counties"] | None, typer.Option(
        "--as", help="当作：basins 流域，rivers 河流，sections 断面点，counties 县界")] = None,
    crs: Annotated[Literal["wgs84", "cgcs2000", "gcj02"] | None, typer.Option(
        help="经纬度是哪一种；高德、腾讯地图和阿里云下载的是 gcj02。不填则看文件里写的")] = None,
    name_column: Annotated[str | None, typer.Option(help="名称在哪一列；不填则按列名找")] = None,
    remove: Annotated[Literal["basins", "rivers", "counties"] | None, typer.Option(help="删去导入的图层，改回产品自带的")] = None,
) -> None:
    """导入本单位的图层，代替产品自带的同类图层；有问题就一个要素也不导入。"""
    if (remove is None) == (file is None) or (file is None) != (kind is None):
        complaints.print("写成 import layer 文件 --as basins，或 import layer --remove basins")
        raise typer.Exit(2)
    if remove:
        from etl.layer_import import remove_layer

        with _plain_failures():
            removed = _with_progress(lambda progress: remove_layer(remove, progress))
        console.print("已改回产品自带的图层。" if removed else "用的就是产品自带的图层，没有改动。")
    elif kind == "sections":
        from etl.section_points import import_section_points

        with _plain_failures():
            _tell_sections(_with_progress(lambda progress: import_section_points(file, crs, name_column, progress)))
    else:
        from etl.layer_import import import_layer as run

        with _plain_failures():
            made = _with_progress(lambda progress: run(file, kind, crs, name_column, progress))
        console.print(f"{file.name}：这个文件已经导入过，没有改动。" if made.already_imported else
                      f"{file.name}：{made.features} 个要素，代替产品自带的图层。", markup=False)
        if made.missing:
            console.print(f"这个图层里没有的县，地图上不再画出：{'、'.join(made.missing)}", markup=False)


@imports.command("template")
def import_template(
    file: Annotated[Path, typer.Argument(help="填好的填报表，XLSX 或 CSV")],
    by: Annotated[str, typer.Option(help="确认人的姓名")],
    note: Annotated[str, typer.Option(help="这次入库的说明")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="请核对的都已核对，不再问")] = False,
) -> None:
    """核对填好的填报表并入库：有须改的一行也不写，没有问题才整份写入。"""
    from etl.confirm import StaleReview, confirm
    from etl.entry_commands import review_for_import

    with _plain_failures():
        review = review_for_import(file, console)
        if not review.to_confirm():
            console.print("没有要入库的新数，没有改动。")
            return
        if review.checked.findings and not yes:
            typer.confirm("请核对的都核对过，入库吗？", abort=True)
        try:
            done = _with_progress(lambda progress: confirm(review, by, note, progress))
        except (StaleReview, ValueError) as refused:
            complaints.print(f"没有入库：{refused}", markup=False)
            raise typer.Exit(1) from None
    console.print(f"已入库 {len(review.to_confirm())} 项（{done.load_id}），版本 {done.version}", markup=False)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(help="写到哪个 .xlsx 文件")],
    region: Annotated[list[str] | None, typer.Option(help="区域名或代码，可写几个；不写就是全部")] = None,
    year: Annotated[int | None, typer.Option(min=1990, max=2100, help="要哪一年的数；不写就按各目标的期限")] = None,
    everything: Annotated[bool, typer.Option("--all", help="已有数的目标也列上")] = False,
) -> None:
    """写一份填报表：每项还没有数的目标一行，带下拉和校验。填好后用 import template 导入，或在数据填报页上传。"""
    from etl.entry_commands import write_template

    try:
        rows = write_template(file, region or [], year, everything, _current_or_exit())
    except OSError as error:
        complaints.print(f"{file} 写不进去（{error.strerror}）。关掉正在打开它的程序，或换个地方。", markup=False)
        raise typer.Exit(1) from None
    console.print(f"已写好 {file}：{rows} 行待填。", markup=False)


@fetches.command("cnemc")
def fetch_cnemc(
    url: Annotated[str | None, typer.Option(help="发布系统的地址；不填用 data/settings.toml 中的")] = None,
) -> None:
    """向国家地表水水质自动监测发布系统取一次数：先把回复原样存入 data/inbox/，再导入。"""
    from etl.fetch import FetchFailed, fetch_and_import

    try:
        with _plain_failures():
            done = _with_progress(lambda progress: fetch_and_import(url, progress))
    except FetchFailed as failure:
        complaints.print(str(failure), markup=False)
        raise typer.Exit(1) from None
    _tell_import(done)


@app.command()
def status() -> None:
    """装了什么、数据到哪天、哪些目标还缺数，按区域列出。"""
    from etl.status import print_status

    file = _current_or_exit()
    try:
        print_status(file, console)
    except duckdb.Error as error:
        complaints.print(f"数据库 {file.name} 打不开（{error}）。运行 python -m etl refresh 重建。", markup=False)
        raise typer.Exit(1) from None


@app.command()
def path() -> None:
    """打印当前数据库文件的路径。"""
    print(_current_or_exit())


def _with_progress(run: Callable[[Callable[[str, int, int], None]], Result]) -> Result:
    """Run with a progress bar on a terminal, with plain lines elsewhere."""
    if not console.is_terminal:
        return run(lambda step, number, total: console.print(f"{number}/{total} {step}"))
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task("开始", total=1)
        result = run(lambda step, number, total: bar.update(task, description=step, completed=number - 1, total=total))
        bar.update(task, description="完成", completed=1, total=1)
    return result


@contextlib.contextmanager
def _plain_failures() -> Iterator[None]:
    """What can go wrong with data or with a second writer, told plainly; exit code 1."""
    from etl.versions import RefreshBusy

    try:
        yield
    except DataProblems as failure:
        _complain(failure)
        complaints.print("没有发布，原来的版本照用。")
        raise typer.Exit(1) from None
    except RefreshBusy as busy:
        complaints.print(str(busy))
        raise typer.Exit(1) from None
    except OSError as error:
        complaints.print(f"文件写不进去或读不出来：{error}。", markup=False)
        complaints.print("磁盘满了，或者文件夹只能读；腾出空间或换个地方再试。原来的版本照用。")
        raise typer.Exit(1) from None


def _tell_sections(done: ImportedSections) -> None:
    if done.ignored_headings:
        console.print(f"没有用到的列：{'、'.join(done.ignored_headings)}", markup=False)
    if done.already_imported:
        console.print(f"{done.file_name}：这个文件已经导入过，没有改动。", markup=False)
    else:
        console.print(f"{done.file_name}：{done.matched} 个断面对上已有的，新登记 {done.new} 个。", markup=False)


def _tell_import(done: Imported) -> None:
    from etl.import_report import report_lines, write_reports

    for name in done.known:
        told = "没有改动" if done.refreshed is None or done.new else "上次没有发布成，现在已发布"
        console.print(f"{name}：这个文件已经导入过，{told}。", markup=False)
    for name in done.empty:
        console.print(f"{name}：没有可导入的行（每行都缺监测时间或断面名称），没有改动。", markup=False)
    for report in write_reports(done):
        for line in report_lines(report):
            console.print(line, markup=False)


def _current_or_exit() -> Path:
    from etl.versions import current_file

    file = current_file()
    if file is None:
        complaints.print("还没有数据库。先运行：python -m etl refresh")
        raise typer.Exit(1)
    return file


def _complain(failure: DataProblems) -> None:
    for problem in failure.problems[:SHOWN_PROBLEMS]:
        complaints.print(str(problem), markup=False)
    if len(failure.problems) > SHOWN_PROBLEMS:
        complaints.print(f"……另有 {len(failure.problems) - SHOWN_PROBLEMS} 处")


def main() -> None:
    """Log warnings in one line each; Chinese must not fail on consoles with another code page (Windows)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    app()


if __name__ == "__main__":
    main()
