"""The command line for users: python -m etl user add | list | remove."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated, NoReturn

import typer

from etl.problems import DataProblems

users = typer.Typer(help="谁可以查看、谁可以确认数据：add 登记，list 列出，remove 删去", no_args_is_help=True)


class Role(StrEnum):
    viewer = "viewer"
    editor = "editor"


@users.command()
def add(
    name: Annotated[str, typer.Argument(help="姓名，登录时用")],
    role: Annotated[Role, typer.Option(help="viewer 查看，editor 查看并确认数据")],
) -> None:
    """登记一个人；密码在屏幕上输入两次，不显示，也不写进命令里。"""
    from etl.users import ROLES, NotAccepted, add_user, fit_name, fit_password

    try:
        fit_name(name)
        password = typer.prompt("密码（至少 10 个字符，可以是一句话）", hide_input=True)
        fit_password(password, name)
        if typer.prompt("再输入一次", hide_input=True) != password:
            _fail("两次输入的密码不一样，没有登记。")
        made = add_user(name, password, role)
        _record("user_added", made.name, role)
    except (NotAccepted, DataProblems, OSError) as error:
        _fail(_told(error))
    typer.echo(f"已登记 {made.name}：{ROLES[made.role]}。")


@users.command("list")
def list_users() -> None:
    """列出登记的人和权限。"""
    from etl.users import ROLES, load_users

    try:
        found = load_users()
    except DataProblems as error:
        _fail(_told(error))
    for user in found.values():
        typer.echo(f"{user.name}\t{user.role}\t{ROLES[user.role]}")
    if not found:
        typer.echo("还没有登记任何人：仪表盘只能在本机打开，不问密码。")


@users.command()
def remove(name: Annotated[str, typer.Argument(help="姓名")]) -> None:
    """删去一个人；他已经打开的页面随即关上。"""
    from etl.users import load_users, remove_user

    try:
        if not remove_user(name):
            _fail(f"没有登记过“{name}”。")
        _record("user_removed", name, None)
        left = load_users()
    except (DataProblems, OSError) as error:
        _fail(_told(error))
    typer.echo(f"已删去 {name}。" + ("" if left else "没有登记的人了：本机打开不再问密码，本机以外打不开。"))


def _record(action: str, name: str, role: str | None) -> None:
    from etl.audit import record

    record(action, _account(), {"name": name} | ({"role": role} if role else {}))


def _account() -> str:
    """The name of the account at this machine, as far as the system tells."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _told(error: Exception) -> str:
    return "\n".join(map(str, error.problems)) if isinstance(error, DataProblems) else str(error)


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)
