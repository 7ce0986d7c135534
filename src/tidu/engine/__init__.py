"""The embedded engine: DuckDB in one process, with a memory limit beyond which it spills to disk."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: So much memory the engine takes before it spills, unless told otherwise.
MEMORY = "1GB"


def connect(memory: str = MEMORY, threads: int | None = None, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection of its own to an engine that holds nothing yet.

    Args:
        memory: the most that it takes before it spills, such as ``512MB``.
        threads: how many; as many as there are processors unless told.
        spill: the folder for what does not fit; the system's folder for temporary files unless told.

    >>> connect().sql("select 6 * 7").fetchall()
    [(42,)]
    """
    import duckdb

    made = duckdb.connect()
    made.execute("set memory_limit = ?", [memory])
    made.execute("set temp_directory = ?", [str(spill or Path(gettempdir()) / "tidu-spill")])
    if threads is not None:
        made.execute("set threads = ?", [threads])
    return made


def quoted(text: str) -> str:
    """A text as a literal of SQL.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name of a table or column as it stands in SQL, whatever is in it.

    >>> named("first name")
    '"first name"'
    """
    return '"' + name.replace('"', '""') + '"'
