"""An engine by its name."""

from __future__ import annotations

from tidu.core.errors import UsageError, listing, nearest
from tidu.engine.port import Engine

#: Engines by name: the embedded one, Polars, Spark on this machine or by its address (Spark Connect).
ENGINES = ("duckdb", "polars", "spark")


def open_engine(name: str = "duckdb", *, memory: str = "1GB", threads: int | None = None, address: str | None = None) -> Engine:
    """The engine of a name.

    Args:
        name: one of :data:`ENGINES`.
        memory: the most that DuckDB takes before it spills.
        threads: how many DuckDB or a local Spark use.
        address: of a Spark Connect server, such as ``sc://host:15002``; Spark on this machine when left out.

    Raises ``unknown_engine``, and ``engine_missing`` where its library is not installed.

    >>> engine = open_engine()
    >>> engine.collect(engine.small({"a": [1, 2]}, {"a": "BIGINT"}))
    {'a': [1, 2]}
    """
    if name not in ENGINES:
        raise UsageError("unknown_engine", name=name, known=listing(ENGINES), did_you_mean=nearest(name, ENGINES))
    try:
        if name == "duckdb":
            from tidu.engine.duck import Duck

            return Duck(memory, threads)
        if name == "polars":
            from tidu.engine.polars import Polars

            return Polars()
        from tidu.engine.spark import Spark

        return Spark(address, threads)
    except ImportError as error:
        library = error.name or {"spark": "pyspark[connect]"}.get(name, name)  # Spark says no name where Connect's libraries lack
        raise UsageError("engine_missing", name=name, library=library) from error
