"""Results as text on a screen, in Chinese or English: tables whose columns stay in line when characters are wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from tidu.core.words import dated, word, words

if TYPE_CHECKING:
    from tidu.index.result import Index

__all__ = ["cell", "column_name", "dated", "print_json", "print_lines", "print_table", "rank_range", "word", "words"]


def cell(value: Any, digits: int = 2) -> str:
    """A value as it stands in a table: numbers with two decimals, whole numbers whole, a missing one as a dash.

    >>> cell(1.234), cell(7), cell(None)
    ('1.23', '7', '—')
    """
    if value is None or value != value:
        return "—"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, float):
        return f"{value:.{digits}f}"
    return str(value)


def column_name(index: Index, name: str, lang: str) -> str:
    """A column's label where the index file gives one, else its name."""
    item = index.framework.table.column.get(name)
    if item is not None:
        return (item.label.zh if lang == "zh" else item.label.en) or name
    return index.framework.label(name, lang) if name in index.framework.leaves else name


def print_table(heads: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "", right: Sequence[int] = ()) -> None:
    """Prints a table; columns whose places are in ``right`` stand to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for at, head in enumerate(heads):
        table.add_column(head, justify="right" if at in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    console(Console).print(table)


def console(kind: Any, stderr: bool = False) -> Any:
    """A console that neither colours nor wraps what a pipe receives."""
    import sys

    stream = sys.stderr if stderr else sys.stdout
    return kind(file=stream, highlight=False, markup=False, width=None if stream.isatty() else 200, soft_wrap=not stream.isatty())


def print_lines(*lines: str, stderr: bool = False) -> None:
    """Prints lines as they are."""
    import sys

    (sys.stderr if stderr else sys.stdout).write("\n".join(lines) + "\n")


def print_json(value: Any) -> None:
    """Prints a value as JSON; missing figures are ``null``."""
    import json
    import sys

    sys.stdout.write(json.dumps(_plain(value), ensure_ascii=False, indent=2) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, "item"):
        return _plain(value.item())
    return value


def rank_range(found: tuple[float | None, float | None] | None) -> str:
    """A range of ranks as text, rounded outwards to whole ranks.

    >>> rank_range((1, 4)), rank_range((1.5, 3.2)), rank_range(None)
    ('1–4', '1–4', '—')
    """
    if found is None or found[0] is None or found[1] is None:
        return "—"
    return f"{floor(found[0])}–{ceil(found[1])}"
