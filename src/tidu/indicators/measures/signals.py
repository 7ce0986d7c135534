"""Signals of the quality of single inventions: one number an application each, before anything is compared."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import divided, whole

Lazy = nw.LazyFrame[Any]
#: Days of a year on average, for windows of years after a day.
YEAR = 365.25
#: Whole parts of one, in which squares of shares are summed.
FINE = 10**15
#: Letters of an IPC subclass.
_SUBCLASS = 4


def subclasses(records: Records) -> Lazy:
    """The distinct IPC subclasses of each application (``appno``, ``subclass``), worked out once."""

    def make() -> Lazy:
        own = records.table("class").filter(nw.col("scheme") == "ipc").filter(nw.col("symbol").str.len_chars() >= _SUBCLASS)
        return own.select("appno", subclass=nw.col("symbol").str.slice(0, _SUBCLASS)).unique()

    return records.once("subclasses", make)


def _symbols(records: Records) -> Lazy:
    """How many symbols of each subclass each application has (``appno``, ``subclass``, ``symbols``)."""

    def make() -> Lazy:
        own = records.table("class").filter(nw.col("scheme") == "ipc").filter(nw.col("symbol").str.len_chars() >= _SUBCLASS)
        cut = own.select("appno", subclass=nw.col("symbol").str.slice(0, _SUBCLASS))
        return cut.group_by(["appno", "subclass"]).agg(nw.len().cast(nw.Int64).alias("symbols"))

    return records.once("symbols", make)


def _count(rows: Lazy, name: str) -> Lazy:
    return rows.group_by("appno").agg(nw.len().cast(nw.Int64).alias(name))


def scope(records: Records) -> Lazy:
    """How many IPC subclasses each application has (``appno``, ``scope``)."""
    return _count(subclasses(records), "scope")


def backward(records: Records) -> Lazy:
    """How many patents each application cites (``appno``, ``backward``)."""
    return _count(records.table("citation").filter(~nw.col("cited").is_null()), "backward")


def literature(records: Records) -> Lazy:
    """How many texts that are no patents each application cites (``appno``, ``literature``)."""
    return _count(records.table("citation").filter(~nw.col("literature").is_null()), "literature")


def citing(records: Records) -> Lazy:
    """Each pair of families of which one cites the other, as often as not (``appno`` cited, ``citer``, ``days`` after publication).

    Citations of an application by two members of one family are one: the earliest.
    """

    def make() -> Lazy:
        own = records.table("application").select("appno", born="first_publication_day")
        family = records.table("application").select(citer="appno", family="family")
        found = records.table("citation").filter(~nw.col("cited_appno").is_null() & ~nw.col("published_day").is_null())
        pairs = found.select(citer="appno", appno="cited_appno", day="published_day").filter(nw.col("citer") != nw.col("appno"))
        told = pairs.join(family, on="citer", how="left")
        who = nw.when(nw.col("family").is_null()).then(nw.col("citer")).otherwise(nw.col("family"))
        first = told.with_columns(by=who).group_by(["appno", "by"]).agg(nw.col("day").min(), nw.col("citer").min())
        dated = first.join(own, on="appno", how="inner").filter(~nw.col("born").is_null())
        return dated.select("appno", "citer", days=(nw.col("day") - nw.col("born")).cast(nw.Int64))

    return records.once("citing", make)


def forward(records: Records, years: int) -> Lazy:
    """How many families cite each application within so many years after its publication (``appno``, ``forward_…``).

    Those that cite it before its own publication count too.
    """
    return _count(citing(records).filter(nw.col("days") <= int(years * YEAR)), f"forward_{years}")


def generality(records: Records) -> Lazy:
    """How widely the applications that cite each one spread over subclasses (``appno``, ``generality`` in whole parts).

    One less the sum of squares of the mean share that each subclass has among the symbols of those that cite it.
    """
    symbols = _symbols(records)
    all_symbols = symbols.group_by("appno").agg(nw.col("symbols").sum().cast(nw.Int64).alias("all"))
    shares = symbols.join(all_symbols, on="appno", how="inner")
    shares = shares.select("subclass", citer="appno", share=divided(nw.col("symbols") * whole(10**9), nw.col("all")))
    met = citing(records).join(shares, on="citer", how="inner")
    count = met.select("appno", "citer").unique().group_by("appno").agg(nw.len().cast(nw.Int64).alias("citers"))
    summed = met.group_by(["appno", "subclass"]).agg(nw.col("share").sum().cast(nw.Int64))
    part = nw.col("share").cast(nw.Float64) / (nw.col("citers").cast(nw.Float64) * 1e9)
    return _unlike(summed.join(count, on="appno", how="inner").with_columns(part=part), "generality")


def _cited_symbols(records: Records) -> Lazy:
    """How many symbols of each subclass the cited applications have (``appno``, ``subclass``, ``symbols``), those found alone."""
    cited = records.table("citation").filter(~nw.col("cited_appno").is_null()).select("appno", "cited_appno").unique()
    own = _symbols(records).select("subclass", "symbols", cited_appno="appno")
    met = cited.join(own, on="cited_appno", how="inner")
    return met.group_by(["appno", "subclass"]).agg(nw.col("symbols").sum().cast(nw.Int64))


def originality(records: Records) -> Lazy:
    """How widely what each application cites spreads over subclasses (``appno``, ``originality`` in whole parts)."""
    cited = records.once("cited symbols", lambda: _cited_symbols(records))
    total = cited.group_by("appno").agg(nw.col("symbols").sum().cast(nw.Int64).alias("all"))
    part = nw.col("symbols").cast(nw.Float64) / nw.col("all").cast(nw.Float64)
    return _unlike(cited.join(total, on="appno", how="inner").with_columns(part=part), "originality")


def radicalness(records: Records) -> Lazy:
    """The share of symbols of what each application cites outside its own subclasses (``appno``, ``radicalness`` in parts)."""
    cited = records.once("cited symbols", lambda: _cited_symbols(records))
    total = cited.group_by("appno").agg(nw.col("symbols").sum().cast(nw.Int64).alias("all"))
    own = subclasses(records).with_columns(within=whole(1))
    met = cited.join(own, on=["appno", "subclass"], how="left").with_columns(within=nw.col("within").fill_null(0).cast(nw.Int64))
    out = met.with_columns(out=nw.col("symbols") * (whole(1) - nw.col("within")))
    summed = out.group_by("appno").agg(nw.col("out").sum().cast(nw.Int64)).join(total, on="appno", how="inner")
    return summed.select("appno", radicalness=divided(nw.col("out") * whole(10**9), nw.col("all")))


def _unlike(rows: Lazy, name: str) -> Lazy:
    """One less the sum of squares of ``part`` of each application, as whole parts: summed as whole numbers, in any order alike."""
    squares = rows.select("appno", square=(nw.col("part") * nw.col("part") * float(FINE)).floor().cast(nw.Int64))
    summed = squares.group_by("appno").agg(nw.col("square").sum().cast(nw.Int64))
    left = nw.when(nw.col("square") > FINE).then(whole(0)).otherwise(whole(FINE) - nw.col("square"))
    return summed.select("appno", (divided(left, whole(10**6))).alias(name))
