"""The command line: python -m etl refresh | verify | status | path."""

from __future__ import annotations

import logging
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from etl.problems import DataProblems

app = typer.Typer(help="清流：把 data/ 里的文件变成仪表盘用的数据库", no_args_is_help=True, add_completion=False)
console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

SHOWN_PROBLEMS = 50


@app.command()
def refresh() -> None:
    """读取、检查、评判、装载、发布。检查不通过时不发布，旧版本照用。"""
    from etl.refresh import STEPS
    from etl.refresh import refresh as run
    from etl.versions import RefreshBusy

    try:
        if console.is_terminal:
            with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console) as bar:
                task = bar.add_task("开始", total=len(STEPS))
                made = run(lambda step, number, total: bar.update(task, description=step, completed=number - 1))
                bar.update(task, description="完成", completed=len(STEPS))
        else:
            made = run(lambda step, number, total: console.print(f"{number}/{total} {step}"))
    except DataProblems as failure:
        _complain(failure)
        complaints.print("没有发布，原来的版本照用。")
        raise typer.Exit(1) from None
    except RefreshBusy as busy:
        complaints.print(str(busy))
        raise typer.Exit(1) from None
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
