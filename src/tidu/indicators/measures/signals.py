"""Signals of the quality of single inventions: one number an application each, before anything is compared."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class Pool:
    """The applications whose signals are wanted: all of the records, or those of ``wanted`` (``appno``) under a name."""

    records: Records
    name: str = "all"
    wanted: Lazy | None = None

    def kept(self, frame: Lazy) -> Lazy:
        """The rows of applications that are wanted."""
        return frame if self.wanted is None else frame.join(self.wanted, on="appno", how="semi")


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


def citing(pool: Pool) -> Lazy:
    """Who cites each application that is wanted (``appno`` cited, ``citer``, ``days`` after its publication), worked out once.

    Members of one family that cite the same application are one: the earliest.
    """
    return pool.records.once(f"citing {pool.name}", lambda: _citing(pool))


def _citing(pool: Pool) -> Lazy:
    records = pool.records
    born = records.table("application").select("appno", born="first_publication_day").filter(~nw.col("born").is_null())
    found = records.table("citation").filter(~nw.col("cited_appno").is_null() & ~nw.col("published_day").is_null())
    pairs = found.select(citer="appno", appno="cited_appno", day="published_day").filter(nw.col("citer") != nw.col("appno"))
    dated = pairs.join(pool.kept(born), on="appno", how="inner")
    dated = records.engine.materialise(dated.select("appno", "citer", days=(nw.col("day") - nw.col("born")).cast(nw.Int64)))
    family = records.table("application").filter(~nw.col("family").is_null()).select("appno", "family")
    size = family.group_by("family").agg(nw.len().cast(nw.Int64).alias("members")).filter(nw.col("members") > 1)
    several = records.engine.materialise(family.join(size, on="family", how="semi").select("family", citer="appno"))
    alone = dated.join(several, on="citer", how="anti")
    once = dated.join(several, on="citer", how="inner").group_by(["appno", "family"])
    first = once.agg(nw.col("days").min(), nw.col("citer").min())
    return nw.concat([alone, first.select("appno", "citer", "days")], how="vertical")


def forward(pool: Pool, years: int) -> Lazy:
    """How many families cite each application within so many years after its publication (``appno``, ``forward_…``).

    Those that cite it before its own publication count too.
    """
    return _count(citing(pool).filter(nw.col("days") <= int(years * YEAR)), f"forward_{years}")


def generality(pool: Pool) -> Lazy:
    """How widely the applications that cite each one spread over subclasses (``appno``, ``generality`` in whole parts).

    One less the sum of squares of the mean share that each subclass has among the symbols of those that cite it.
    """
    symbols = _symbols(pool.records)
    all_symbols = symbols.group_by("appno").agg(nw.col("symbols").sum().cast(nw.Int64).alias("all"))
    shares = symbols.join(all_symbols, on="appno", how="inner")
    shares = shares.select("subclass", citer="appno", share=divided(nw.col("symbols") * whole(10**9), nw.col("all")))
    told = citing(pool).join(all_symbols.select(citer="appno"), on="citer", how="semi")
    count = told.group_by("appno").agg(nw.len().cast(nw.Int64).alias("citers"))
    met = citing(pool).join(shares, on="citer", how="inner")
    summed = met.group_by(["appno", "subclass"]).agg(nw.col("share").sum().cast(nw.Int64))
    part = nw.col("share").cast(nw.Float64) / (nw.col("citers").cast(nw.Float64) * 1e9)
    return _unlike(summed.join(count, on="appno", how="inner").with_columns(part=part), "generality")


def cited_symbols(pool: Pool) -> Lazy:
    """How many symbols of each subclass the applications cited by those wanted have (``appno``, ``subclass``, ``symbols``).

    Cited applications that the records hold alone; worked out once.
    """

    def make() -> Lazy:
        cited = pool.records.table("citation").filter(~nw.col("cited_appno").is_null()).select("appno", "cited_appno")
        own = _symbols(pool.records).select("subclass", "symbols", cited_appno="appno")
        met = pool.kept(cited).unique().join(own, on="cited_appno", how="inner")
        return met.group_by(["appno", "subclass"]).agg(nw.col("symbols").sum().cast(nw.Int64))

    return pool.records.once(f"cited symbols {pool.name}", make)


def originality(pool: Pool) -> Lazy:
    """How widely what each application cites spreads over subclasses (``appno``, ``originality`` in whole parts)."""
    cited = cited_symbols(pool)
    total = cited.group_by("appno").agg(nw.col("symbols").sum().cast(nw.Int64).alias("all"))
    part = nw.col("symbols").cast(nw.Float64) / nw.col("all").cast(nw.Float64)
    return _unlike(cited.join(total, on="appno", how="inner").with_columns(part=part), "originality")


def radicalness(pool: Pool) -> Lazy:
    """The share of symbols of what each application cites outside its own subclasses (``appno``, ``radicalness`` in parts)."""
    cited = cited_symbols(pool)
    total = cited.group_by("appno").agg(nw.col("symbols").sum().cast(nw.Int64).alias("all"))
    own = subclasses(pool.records).with_columns(within=whole(1))
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
