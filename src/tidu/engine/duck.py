"""DuckDB as an engine of measures: embedded, with a limit to its memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

import narwhals as nw

from tidu.engine import connect, named, quoted
from tidu.engine.port import Types

#: So many rows are kept as a table; more would crowd out the joins that read them.
SMALL = 4_000_000


class Duck:
    """DuckDB in this process. What is materialised is a temporary table while small, else a file that goes when it is closed."""

    name = "duckdb"

    def __init__(self, memory: str = "1GB", threads: int | None = None) -> None:
        self.connection = connect(memory, threads)
        self.connection.execute("set preserve_insertion_order = false")  # frames have no order, and keeping one takes memory
        self._folder = mkdtemp(prefix="tidu-")
        self._swept = finalize(self, rmtree, self._folder, ignore_errors=True)
        self._made = 0

    def scan(self, files: Sequence[Path], types: Types) -> nw.LazyFrame[Any]:
        """As the port says."""
        if not files:
            return self.small({name: [] for name in types}, types)
        columns = ", ".join(named(name) for name in types)
        listed = ", ".join(quoted(str(file)) for file in files)
        return nw.from_native(self.connection.sql(f"select {columns} from read_parquet([{listed}])"))

    def small(self, columns: Mapping[str, Sequence[Any]], types: Types) -> nw.LazyFrame[Any]:
        """As the port says."""
        table = self._name()
        wanted = ", ".join(f"{named(name)} {kind}" for name, kind in types.items())
        self.connection.execute(f"create temp table {table} ({wanted})")
        rows = list(zip(*(columns[name] for name in types), strict=True))
        if rows:
            marks = ", ".join("?" for _ in types)
            self.connection.executemany(f"insert into {table} values ({marks})", rows)
        return nw.from_native(self.connection.table(table))

    def materialise(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """As the port says."""
        table = self._name()
        path = quoted(str(Path(self._folder) / f"{table}.parquet"))
        done = self.connection.execute(f"copy ({frame.to_native().sql_query()}) to {path} (format parquet)").fetchall()
        if done[0][0] > SMALL:
            return nw.from_native(self.connection.sql(f"select * from read_parquet({path})"))
        self.connection.execute(f"create temp table {table} as select * from read_parquet({path})")
        return nw.from_native(self.connection.table(table))

    def collect(self, frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
        """As the port says."""
        relation = frame.to_native()
        rows = relation.fetchall()
        return {name: [row[at] for row in rows] for at, name in enumerate(relation.columns)}

    def close(self) -> None:
        """As the port says."""
        self.connection.close()
        self._swept()

    def _name(self) -> str:
        self._made += 1
        return f"made_{self._made}"
