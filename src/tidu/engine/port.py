"""The port of the engines on which measures run: tables in, lazy frames of one language through, small tables out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import narwhals as nw

#: The types of columns that small tables are given with.
Types = Mapping[str, str]


class Engine(Protocol):
    """What measures ask of an engine. Frames of one engine are never joined with those of another."""

    name: str

    def scan(self, files: Sequence[Path], types: Types) -> nw.LazyFrame[Any]:
        """The rows of Parquet files as a lazy frame; without files an empty one of the columns and SQL types given."""

    def small(self, columns: Mapping[str, Sequence[Any]], types: Types) -> nw.LazyFrame[Any]:
        """A small table given column by column."""

    def materialise(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """The same frame worked out once, so that it may be used more than once."""

    def collect(self, frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
        """The frame as lists by column."""

    def close(self) -> None:
        """Gives back what the engine holds."""
