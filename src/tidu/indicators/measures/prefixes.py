"""Symbols of a classification found in a table of beginnings: the longest beginning wins, and what none fits is known too."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures.definition import ONE
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import divided, whole


def prefixed(records: Records, name: str, value: str) -> nw.LazyFrame[Any]:
    """The distinct IPC symbols of the records with what a supplied table says of their longest beginning.

    ``symbol``, ``value``, ``weight``: a symbol has several values where its beginning stands in several rows, each with an even
    part of one. A symbol that fits no beginning is not there.

    Args:
        records: the records, with the supplied table.
        name: the supplied table, whose column ``symbol`` holds beginnings; spaces and per cents in them do not count.
        value: its column that is wanted.

    Raises ``input_missing`` where the table was not supplied.
    """
    return records.once(f"prefixed {name} {value}", lambda: _longest(records, name, value))


def _longest(records: Records, name: str, value: str) -> nw.LazyFrame[Any]:
    records.given(name)
    cells = records.supplied[name]
    pairs = sorted({(plain(str(symbol)), str(own)) for symbol, own in zip(cells["symbol"], cells[value], strict=True)})
    wanted: dict[str, list[Any]] = {"head": [head for head, _ in pairs], "value": [own for _, own in pairs]}
    told = records.engine.small(wanted, {"head": "VARCHAR", "value": "VARCHAR"})
    own = records.table("class").filter(nw.col("scheme") == "ipc").select("symbol").unique()
    symbols = records.engine.materialise(own)
    found = []
    for length in sorted({len(head) for head, _ in pairs}):
        heads = symbols.with_columns(head=nw.col("symbol").str.slice(0, length)).filter(nw.col("symbol").str.len_chars() >= length)
        found.append(
            heads.join(told, on="head", how="inner").with_columns(length=whole(length)).select("symbol", "value", "length")
        )
    if not found:
        return symbols.select("symbol", value="symbol", weight=whole(ONE)).head(0)
    met = records.engine.materialise(nw.concat(found, how="vertical"))
    longest = met.group_by("symbol").agg(nw.col("length").max())
    made = met.join(longest, on=["symbol", "length"], how="inner").select("symbol", "value").unique()
    several = made.group_by("symbol").agg(nw.len().cast(nw.Int64).alias("values"), nw.col("value").min().alias("least"))
    each = made.join(several, on="symbol", how="inner").with_columns(weight=divided(whole(ONE), nw.col("values")))
    left = nw.when(nw.col("value") == nw.col("least")).then(whole(ONE) - nw.col("weight") * nw.col("values")).otherwise(whole(0))
    return each.select("symbol", "value", weight=(nw.col("weight") + left).cast(nw.Int64))


def plain(symbol: str) -> str:
    """A beginning of a symbol without spaces and per cents.

    >>> plain("H04N   5/%")
    'H04N5/'
    """
    return "".join(symbol.split()).replace("%", "").upper()
