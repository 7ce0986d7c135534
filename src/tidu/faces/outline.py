"""The command line in outline: the one command that is asked for stands whole, the others by name and first line alone.

Typer reads every option of every command before it runs one of them; that is most of the time of ``tidu --help``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

import typer


def outline(app: typer.Typer, arguments: Sequence[str]) -> typer.Typer:
    """An application of the same names and help texts, whole where the arguments lead.

    >>> app = typer.Typer()
    >>> @app.command()
    ... def ask(question: str) -> None:
    ...     '''Ask.'''
    >>> @app.command()
    ... def answer(text: str) -> None:
    ...     '''Answer.'''
    >>> [command.callback is ask for command in outline(app, ["ask", "why"]).registered_commands]
    [True, False]
    """
    asked = next((text for text in arguments if not text.startswith("-")), None)
    rest = list(arguments)[list(arguments).index(asked) + 1 :] if asked is not None else []
    made = copy(app)
    made.registered_commands = []
    for command in app.registered_commands:
        callback = command.callback
        if callback is not None and (command.name or callback.__name__.replace("_", "-")) != asked:
            command = copy(command)
            command.callback = _named(callback)
        made.registered_commands.append(command)
    made.registered_groups = []
    for group in app.registered_groups:
        inner = copy(group)
        if group.typer_instance is not None:
            inner.typer_instance = outline(group.typer_instance, rest if group.name == asked else [])
        made.registered_groups.append(inner)
    return made


def _named(callback: Callable[..., object]) -> Callable[[], None]:
    def named() -> None: ...

    named.__name__, named.__doc__ = callback.__name__, callback.__doc__
    return named
