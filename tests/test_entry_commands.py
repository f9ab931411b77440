"""The entry workbook on the command line: written, filled, refused with its cells, confirmed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from etl import ledger
from etl.__main__ import app
from etl.versions import current_file, open_read_only
from tests.entry_files import headings


def run(*command: str, answers: str = ""):
    return CliRunner().invoke(app, list(command), input=answers)


def filled(file: Path, **values: str) -> None:
    """Write figures into the rows of these targets, as a clerk does."""
    book = openpyxl.load_workbook(file)
    sheet = book["填报"]
    columns = headings(sheet)
    for line in range(5, sheet.max_row + 1):
        value = values.get(str(sheet.cell(line, columns["编号"]).value).replace("-", "_"))
        if value:
            for heading, text in (("实绩", value), ("数据状态", "正式"), ("发布单位", "丽水市水利局")):
                sheet.cell(line, columns[heading]).value = text
    book.save(file)


def status() -> str:
    with open_read_only(current_file()) as connection:
        return connection.execute("SELECT status FROM attainment(current_date) WHERE target_id = 'lishui-001'").fetchone()[0]


def test_from_the_empty_workbook_to_a_met_target(data, tmp_path):
    file = tmp_path / "a.xlsx"
    made = run("template", str(file), "--region", "丽水市")
    assert made.exit_code == 0 and "行待填" in made.output
    filled(file, lishui_001="2,9l", lishui_035="93.6")
    refused = run("import", "template", str(file), "--by", "王芳", "--yes")
    assert refused.exit_code == 1 and "须改 1 处" in refused.output and "填报!J" in refused.output and "2,9l" in refused.output
    assert ledger.load_ids() == [] and status() == "到期未报"
    filled(file, lishui_001="2.9")
    done = run("import", "template", str(file), "--by", "王芳", "--note", "年报", "--yes")
    assert done.exit_code == 0 and "新增 2 项" in done.output and "到期未报 → 达标" in done.output
    assert status() == "达标" and len(ledger.load_ids()) == 1
    again = run("import", "template", str(file), "--by", "王芳", "--yes")
    assert again.exit_code == 0 and "没有要入库的新数" in again.output and len(ledger.load_ids()) == 1


def test_what_is_asked_must_be_answered(data, tmp_path):
    file = tmp_path / "a.xlsx"
    run("template", str(file), "--region", "丽水市")
    filled(file, lishui_001="26")
    assert run("import", "template", str(file), "--by", "王芳", answers="n\n").exit_code == 1
    assert ledger.load_ids() == []
    assert run("import", "template", str(file), "--by", "王芳", answers="y\n").exit_code == 0
    assert len(ledger.load_ids()) == 1


@pytest.mark.parametrize(("command", "said"), [
    (["template", "a.xlsx", "--region", "杭州市"], "没有这个区域"),
    (["template", "a.csv"], ".xlsx"),
    (["import", "template", "none.xlsx", "--by", "王芳"], "文件不存在"),
])
def test_what_cannot_be_is_said_plainly(data, tmp_path, monkeypatch, command, said):
    monkeypatch.chdir(tmp_path)
    done = run(*command)
    assert done.exit_code != 0 and said in done.output and "Traceback" not in done.output
