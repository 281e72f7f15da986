"""The command line as a user meets it: help, mistakes, exit codes."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import pytest

from builder import cli, packages, product
from builder.cli import commands
from builder.project import ROOT


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_help_of_each_command_has_an_example(tenon, name: str) -> None:
    done = tenon(name, "--help")

    assert done.returncode == 0
    assert f"example: ./tenon {name}" in done.stdout


def test_the_help_lists_each_command_and_loads_none(tenon) -> None:
    done = tenon("--help", PYTHONVERBOSE="1")

    assert all(f"  {command.name} " in done.stdout and command.help in done.stdout for command in commands().values())
    assert "builder.commands.run" not in done.stderr and "import 'yaml'" not in done.stderr


def test_an_unknown_command_is_the_users_mistake_and_gets_a_suggestion(tenon) -> None:
    done = tenon("biuld")

    assert done.returncode == 1
    assert done.stderr == "tenon: unknown command `biuld`; did you mean `build`?\n  type: tenon --help\n"


def test_an_unknown_option_gets_a_suggestion(tenon) -> None:
    done = tenon("run", "--tiemout", "3")

    assert done.returncode == 1
    assert "unknown argument `--tiemout`; did you mean `--timeout`?" in done.stderr


def test_an_unknown_app_and_an_unknown_board_are_named(tenon) -> None:
    assert "no app `helo`" in tenon("build", "helo").stderr
    assert tenon("build", "helo").returncode == 1


def test_an_internal_error_has_no_traceback_and_its_own_exit_code(monkeypatch, capsys) -> None:
    monkeypatch.setattr(cli, "run_command", lambda argv: 1 // 0)

    assert cli.main(["build"]) == 2
    text = capsys.readouterr().err
    assert "internal error" in text and "please report" in text and "Traceback" not in text


def test_it_works_from_any_folder(tenon, tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "fake_qemu.py", tmp_path / "yaml.py")  # must not hide Python's own modules

    assert tenon("doctor", cwd=tmp_path).returncode == 0
    assert tenon("doctor", cwd=ROOT / "kernel").returncode == 0


def test_colour_only_where_it_is_wanted(tenon) -> None:
    assert "\033[" not in tenon("biuld").stderr
    assert "\033[" in tenon("biuld", FORCE_COLOR="1").stderr
    assert "\033[" not in tenon("biuld", FORCE_COLOR="1", NO_COLOR="1").stderr


def test_doctor_speaks_json(tenon) -> None:
    findings = json.loads(tenon("doctor", "--json").stdout)

    assert findings["python"]["path"] == "/usr/bin/python3"
    assert "cmake" in findings["found"]


def test_missing_packages_are_named_with_the_line_to_type(monkeypatch) -> None:
    monkeypatch.setenv("TENON_NO_INSTALL", "1")
    lacking = [packages.Package("run", "no-such-tool", "command:no-such-tool")]

    with pytest.raises(cli.UserError) as caught:
        packages.install(lacking, False)
    assert "no-such-tool" in str(caught.value)
    assert caught.value.hint.endswith("apt-get install -y --no-install-recommends no-such-tool")


def test_a_package_of_two_groups_is_asked_for_once(monkeypatch) -> None:
    twice = [packages.Package(group, "no-such-tool", "command:no-such-tool") for group in ("uboot", "uefi")]

    assert packages.install_line(twice).split().count("no-such-tool") == 1


def test_who_may_not_install_is_told_what_to_type(monkeypatch) -> None:
    monkeypatch.delenv("TENON_NO_INSTALL", raising=False)
    monkeypatch.setattr(packages, "_become_root", lambda: None)

    with pytest.raises(cli.UserError, match="this user cannot install them: no-such-tool"):
        packages.install([packages.Package("run", "no-such-tool", "command:no-such-tool")], False)


def test_each_listed_package_has_a_probe_that_can_be_asked() -> None:
    for package in packages.listed():
        assert package.probe.split(":")[0] in ("command", "module", "file")
        package.is_there()


def test_other_settings_mean_another_build_folder_and_their_order_does_not(monkeypatch) -> None:
    monkeypatch.setattr(product, "checked", lambda chosen: chosen)

    def folder(*settings: str) -> str:
        arguments = argparse.Namespace(app="hello", board="qemu-aarch64", variant="", settings=list(settings))
        return product.from_arguments(arguments).folder.name

    assert folder() == "hello-qemu-aarch64"
    assert folder("a=1", "b=2").startswith("hello-qemu-aarch64-")
    assert folder("a=1", "b=2") == folder("b=2", "a=1") != folder("a=1")


def test_the_tools_talk_about_themselves_is_not_shown_but_errors_are() -> None:
    chatter = product.Chatter()
    lines = ["[1/2] Building C object a.o\n", "FAILED: a.o\n", "gcc -c a.c\n", "a.c:1:1: error: no\n",
             "ninja: build stopped: subcommand failed.\n"]

    assert [line for line in lines if chatter.is_worth_showing(line)] == ["a.c:1:1: error: no\n"]


@pytest.mark.parametrize("kind, files", [("app", 5), ("component", 3), ("interface", 1)])
def test_new_makes_a_few_files_with_the_name_filled_in(kind: str, files: int) -> None:
    from builder.commands import new

    made = new.rendered(kind, "door_lock", new.place(kind, "door_lock", None))

    assert len(made) == files
    assert not any("@" in str(path) or "@NAME@" in text or "@TITLE@" in text for path, text in made.items())


def test_lines_counts_code_and_neither_blanks_nor_comments() -> None:
    from builder.commands.lines import code_lines

    assert code_lines('int a; // one\n\n/* two\nlines */\nchar *s = "// no comment";\n') == 2
