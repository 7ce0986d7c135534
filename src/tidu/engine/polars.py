"""Polars as an engine of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from tidu.engine.port import Types

_TYPES: dict[str, Any] = {
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "BIGINT": pl.Int64,
    "INTEGER": pl.Int32,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
}


class Polars:
    """Polars in this process, streaming where it can; its memory has no limit of its own."""

    name = "polars"

    def scan(self, files: Sequence[Path], types: Types) -> nw.LazyFrame[Any]:
        """As the port says."""
        if not files:
            return self.small({name: [] for name in types}, types)
        made: nw.LazyFrame[Any] = nw.from_native(pl.scan_parquet(list(files)).select(list(types)))
        return made

    def small(self, columns: Mapping[str, Sequence[Any]], types: Types) -> nw.LazyFrame[Any]:
        """As the port says."""
        schema = {name: _TYPES[kind] for name, kind in types.items()}
        made: nw.LazyFrame[Any] = nw.from_native(pl.LazyFrame({name: list(columns[name]) for name in types}, schema=schema))
        return made

    def materialise(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """As the port says."""
        made: nw.LazyFrame[Any] = nw.from_native(frame.to_native().collect(engine="streaming").lazy())
        return made

    def collect(self, frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
        """As the port says."""
        made: dict[str, list[Any]] = frame.to_native().collect(engine="streaming").to_dict(as_series=False)
        return made

    def close(self) -> None:
        """As the port says."""
