"""Reports on the command line: each file, and what is refused."""

from __future__ import annotations

import io

import docx
import pytest
from typer.testing import CliRunner

from etl.__main__ import app

pytestmark = pytest.mark.usefixtures("published")


def run(*command: str):
    return CliRunner().invoke(app, ["report", *command])


@pytest.mark.parametrize(("command", "suffix"), [("word", "docx"), ("slides", "pptx"), ("workbook", "xlsx")])
def test_each_command_writes_its_file(tmp_path, command, suffix):
    out = tmp_path / f"报告.{suffix}"
    done = run(command, "--region", "421300", "--kind", "bulletin", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert out.read_bytes()[:2] == b"PK" and "随州市" in done.output


@pytest.mark.parametrize("again", [[], ["--region"]])
def test_regions_by_name_or_code_and_a_chosen_period_and_day(tmp_path, again):
    out = tmp_path / "a.docx"
    done = run("word", "--region", "重庆市", *again, "331100", "--kind", "dispatch", "--period", "2026Q2", "--as-of", "2026-11-22",
               "--out", str(out))
    assert done.exit_code == 0, done.output
    opened = docx.Document(io.BytesIO(out.read_bytes()))
    assert opened.paragraphs[0].text.replace("\n", "") == "丽水市、重庆市2026年二季度生态环境目标调度情况"
    assert opened.paragraphs[1].text.replace("\n", "") == "（统计期 2026-04-01 至 2026-06-30，数据截至 2026-11-22）"


@pytest.mark.parametrize(("command", "words"), [
    (["word", "--out", "a.txt"], ".docx"),
    (["word", "--region", "北京市", "--out", "a.docx"], "北京市"),
    (["word", "--kind", "dispatch", "--period", "2019", "--out", "a.docx"], "2019"),
])
def test_what_cannot_be_is_refused_in_words(tmp_path, monkeypatch, command, words):
    monkeypatch.chdir(tmp_path)
    done = run(*command)
    assert done.exit_code == 2 and words in done.output
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    done = run("word", "--region", "421300", "--out", str(tmp_path / "别处" / "a.docx"))
    assert done.exit_code == 2 and "没有这个文件夹" in done.output and not list(tmp_path.iterdir())


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "a.docx").write_bytes(b"old")
    monkeypatch.setattr("os.fsync", full)
    done = run("word", "--region", "421300", "--out", str(tmp_path / "a.docx"))
    assert done.exit_code == 1 and "写不进去" in done.output
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.docx", b"old")]


def test_without_a_database_the_command_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr("etl.versions.POINTER", tmp_path / "none.json")
    done = run("word", "--out", str(tmp_path / "a.docx"))
    assert done.exit_code == 1 and "python -m etl refresh" in done.output


def test_a_database_of_another_program_is_not_asked(tmp_path, monkeypatch):
    monkeypatch.setattr("etl.versions.schema_sha256", lambda: "another")
    done = run("word", "--out", str(tmp_path / "a.docx"))
    assert done.exit_code == 1 and "python -m etl refresh" in done.output and not list(tmp_path.iterdir())
