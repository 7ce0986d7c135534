"""The command line in outline says what the whole one says."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from tidu.faces import cli
from tidu.faces.outline import outline


def command(arguments: list[str], whole: bool) -> Any:
    return typer.main.get_command(cli.app if whole else outline(cli.app, arguments))


def lists(group: Any) -> dict[str, Any]:
    """The short help of every command of a group, and of the groups in it."""
    return {
        name: lists(one) if getattr(one, "commands", None) else one.get_short_help_str() for name, one in group.commands.items()
    }


@pytest.mark.parametrize("arguments", [[], ["--help"], ["build", "x.toml"], ["publish", "brief"], ["no-such-command"]])
def test_every_command_is_named_with_its_help(arguments: list[str]) -> None:
    assert lists(command(arguments, whole=False)) == lists(command(arguments, whole=True))


@pytest.mark.parametrize("path", [("build",), ("what-if",), ("publish", "brief"), ("release", "verify"), ("import", "coin")])
def test_the_asked_command_has_all_its_options(path: tuple[str, ...]) -> None:
    found, wanted = command([*path, "--help"], whole=False), command([*path, "--help"], whole=True)
    for name in path:
        found, wanted = found.commands[name], wanted.commands[name]
    assert [one.opts for one in found.params] == [one.opts for one in wanted.params] and len(wanted.params) > 1


def test_no_other_command_is_read() -> None:
    made = command(["publish", "brief"], whole=False)
    assert not made.commands["build"].params and not made.commands["publish"].commands["report"].params
