"""check, explain and schema as a user calls them; the reference manual is the one the declarations make."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builder.commands import schema as schema_command
from builder.errors import ERRORS
from builder.project import ROOT
from builder.reference import reference_text


def test_the_reference_manual_is_current() -> None:
    assert (ROOT / "docs/reference.md").read_text() == reference_text(), (
        "type: ./tenon schema --reference docs/reference.md")


def test_shipped_descriptions_are_right(tenon) -> None:
    done = tenon("check", "-v")

    assert (done.returncode, done.stderr) == (0, "")
    assert "descriptions are right" in done.stdout


def test_check_says_what_is_wrong_and_exits_with_1(tenon) -> None:
    done = tenon("check", "helo")

    assert done.returncode == 1 and done.stdout == ""
    assert "error[E0401]: there is no app `helo`" in done.stderr and "= write: hello" in done.stderr


def test_check_has_a_format_for_editors(tenon) -> None:
    done = tenon("check", "hello", "--set", "log_level=lowd", "--format", "json")
    found = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 1 and done.stderr == ""
    assert [(f["code"], f["file"]) for f in found] == [("E0105", "--set log_level=lowd")]


def test_check_is_quiet_when_all_is_well(tenon) -> None:
    done = tenon("check", "hello")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("code", ["E0703", "e0703", "703"])
def test_explain_tells_why_with_examples(tenon, code: str) -> None:
    done = tenon("explain", code)

    assert done.returncode == 0
    assert done.stdout.startswith("E0703: ") and "\nWrong:\n" in done.stdout and "\nRight:\n" in done.stdout


def test_explain_knows_what_it_does_not_know(tenon) -> None:
    done = tenon("explain", "E0777")

    assert done.returncode == 1 and "there is no error `E0777`" in done.stderr


def test_explain_lists_all_codes(tenon) -> None:
    assert [line.split()[0] for line in tenon("explain").stdout.splitlines()] == list(ERRORS)


def test_every_code_is_explained() -> None:
    for code, entry in ERRORS.items():
        assert entry.code == code and entry.title and entry.why.endswith(".") and entry.wrong != entry.right, code


def test_schemas_are_written(tenon, tmp_path: Path) -> None:
    done = tenon("schema", "--out", str(tmp_path), "--no-editor")

    assert done.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{kind}.schema.json" for kind in ("board", "component", "interface", "settings", "system", "variant")]


def test_the_editor_is_told_and_its_other_settings_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"editor.rulers": [120]}')
    monkeypatch.setattr(schema_command, "SETTINGS", settings)

    schema_command.associate(ROOT / "build/schema")

    found = json.loads(settings.read_text())
    assert found["editor.rulers"] == [120]
    assert found["yaml.schemas"]["build/schema/system.schema.json"] == ["apps/*/system.yaml"]
