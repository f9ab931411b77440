"""The data folder is a valid Frictionless data package: anyone can read it without this project."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from pathlib import Path

from frictionless import validate

from etl.readers.tables import resource_paths

DATA = Path(__file__).resolve().parent.parent / "data"
DESCRIPTOR = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))


def test_frictionless_finds_no_error():
    report = validate(DATA / "datapackage.json")
    assert report.flatten(["resourceName", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    assert {task.name for task in report.tasks} == {resource["name"] for resource in DESCRIPTOR["resources"]}


def test_frictionless_has_a_command():
    """The README tells to run it."""
    command, = entry_points(group="console_scripts", name="frictionless")
    assert callable(command.load())


def test_every_file_is_described():
    described = {path for resource in DESCRIPTOR["resources"] for path in resource_paths(resource, DATA)}
    present = {path.relative_to(DATA).as_posix()
               for folder in (".", "register", "observations", "standards") for path in (DATA / folder).glob("*.csv")}
    assert described == present - {"meetings.csv"}


def test_every_table_and_column_is_explained():
    for resource in DESCRIPTOR["resources"]:
        assert resource["description"]
        assert all(field["description"] and field["type"] for field in resource["schema"]["fields"])


def test_single_keys_are_unique_by_their_own_constraint():
    """The check of primary keys looks at pairs only; a key of one column must say so itself."""
    for resource in DESCRIPTOR["resources"]:
        key = resource["schema"]["primaryKey"]
        fields = {f["name"]: f.get("constraints", {}) for f in resource["schema"]["fields"]}
        assert all(fields[column].get("required") for column in key)
        assert len(key) > 1 or fields[key[0]].get("unique")


def test_files_are_plain_utf8_with_unix_lines():
    for resource in DESCRIPTOR["resources"]:
        for path in resource_paths(resource, DATA):
            content = (DATA / path).read_bytes()
            assert not content.startswith(b"\xef\xbb\xbf") and b"\r" not in content and content.endswith(b"\n")
            content.decode("utf-8")
