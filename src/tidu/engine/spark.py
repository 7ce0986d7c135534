"""Spark as an engine of measures: on this machine, or elsewhere by the address of Spark Connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import SparkSession

from tidu.core.errors import UsageError
from tidu.engine.port import Types

_TYPES = {"VARCHAR": "string", "DATE": "date", "BIGINT": "bigint", "INTEGER": "int", "DOUBLE": "double", "BOOLEAN": "boolean"}

#: The memory of a session on this machine.
DRIVER = "4g"


class Spark:
    """A session of Spark, on this machine or at an address. What is materialised is cached by it till the engine is closed.

    Raises ``engine_unreachable`` where no session comes about: without Java, or where nobody answers at the address.
    """

    name = "spark"

    def __init__(self, address: str | None = None, threads: int | None = None) -> None:
        try:
            self.session = _session(address, threads)
        except ImportError:
            raise
        except Exception as error:  # no Java, no server, no access: Spark has a class of its own for each
            why = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise UsageError("engine_unreachable", name=self.name, where=address or "local", why=why) from error
        self._kept: list[Any] = []

    def scan(self, files: Sequence[Path], types: Types) -> nw.LazyFrame[Any]:
        """As the port says."""
        if not files:
            return self.small({name: [] for name in types}, types)
        whole = self.session.read.parquet(*map(str, files))
        made: nw.LazyFrame[Any] = nw.from_native(whole.select(*(f"`{name}`" for name in types)))
        return made

    def small(self, columns: Mapping[str, Sequence[Any]], types: Types) -> nw.LazyFrame[Any]:
        """As the port says."""
        rows = list(zip(*(columns[name] for name in types), strict=True))
        schema = ", ".join(f"`{name}` {_TYPES[kind]}" for name, kind in types.items())
        made: nw.LazyFrame[Any] = nw.from_native(self.session.createDataFrame(rows, schema))
        return made

    def materialise(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """As the port says."""
        kept = frame.to_native().cache()
        self._kept.append(kept)
        made: nw.LazyFrame[Any] = nw.from_native(kept)
        return made

    def collect(self, frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
        """As the port says."""
        native = frame.to_native()
        rows = native.collect()
        return {name: [row[at] for row in rows] for at, name in enumerate(native.columns)}

    def close(self) -> None:
        """As the port says: what was cached is let go; the session is shared, so it stays."""
        for one in self._kept:
            one.unpersist()
        self._kept.clear()


def _session(address: str | None, threads: int | None) -> Any:
    builder: Any = SparkSession.builder
    if address is not None:
        return builder.remote(address).getOrCreate()
    settings = {
        "spark.driver.memory": DRIVER,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(threads or 200),
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "ERROR",
    }
    builder = builder.master(f"local[{threads or '*'}]").appName("tidu")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
