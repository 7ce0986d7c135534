"""Spark as an engine of measures: on this machine, or elsewhere by the address of Spark Connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
from pyspark.sql import SparkSession

from tidu.engine.port import Types

_TYPES = {"VARCHAR": "string", "DATE": "date", "BIGINT": "bigint", "INTEGER": "int", "DOUBLE": "double", "BOOLEAN": "boolean"}


class Spark:
    """A session of Spark. What is materialised is cached by it."""

    name = "spark"

    def __init__(self, address: str | None = None, threads: int | None = None) -> None:
        builder: Any = SparkSession.builder
        if address is not None:
            self.session = builder.remote(address).getOrCreate()
        else:
            settings = {
                "spark.ui.enabled": "false",
                "spark.sql.shuffle.partitions": str(threads or 200),
                "spark.sql.session.timeZone": "UTC",
                "spark.log.level": "ERROR",
            }
            builder = builder.master(f"local[{threads or '*'}]").appName("tidu")
            for key, value in settings.items():
                builder = builder.config(key, value)
            self.session = builder.getOrCreate()

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
        made: nw.LazyFrame[Any] = nw.from_native(frame.to_native().cache())
        return made

    def collect(self, frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
        """As the port says."""
        native = frame.to_native()
        rows = native.collect()
        return {name: [row[at] for row in rows] for at, name in enumerate(native.columns)}

    def close(self) -> None:
        """As the port says: the session is shared, so it stays."""
