"""Technical fields and industries: to which parts an application belongs, and what a city's portfolio of them looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np

from tidu.core.stats import Array
from tidu.indicators.measures.definition import ABROAD, ONE, UNRESOLVED, Rule, measure
from tidu.indicators.measures.portfolio import complexity, concentration, density, revealed_advantage, specialisation
from tidu.indicators.measures.prefixes import prefixed
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import applications, credited, divided, joined, whole

Lazy = nw.LazyFrame[Any]
#: The part of symbols that the supplied table does not know, and of applications without a symbol.
UNMAPPED = "unmapped"
_OF = "counting clock unit vintage kind symbols"


def parts(records: Records, rule: Rule, table: str, value: str) -> Lazy:
    """How much of each application belongs to which part (``appno``, ``part``, ``weight``), by a supplied table of beginnings.

    By its main symbol, or evenly by all of its symbols; a symbol of several parts belongs evenly to each; one that the table does
    not know belongs to :data:`UNMAPPED`. The weights of an application add up to :data:`ONE`; what does not divide goes to its
    least part.
    """
    return records.once(f"parts {table} {value} {rule.symbols}", lambda: _parts(records, rule, table, value))


def _parts(records: Records, rule: Rule, table: str, value: str) -> Lazy:
    symbols = records.table("class").filter(nw.col("scheme") == "ipc").select("appno", "symbol", "seq")
    if rule.symbols == "main":
        symbols = symbols.filter(nw.col("seq") == 1)
    known = symbols.join(prefixed(records, table, value), on="symbol", how="left").with_columns(
        part=nw.col("value").fill_null(UNMAPPED), weight=nw.col("weight").fill_null(ONE).cast(nw.Int64)
    )
    if rule.symbols == "main":
        return known.select("appno", "part", "weight")
    count = symbols.group_by("appno").agg(nw.len().cast(nw.Int64).alias("symbols"))
    summed = known.group_by(["appno", "part"]).agg(nw.col("weight").sum().cast(nw.Int64)).join(count, on="appno", how="inner")
    each = records.engine.materialise(summed.select("appno", "part", weight=divided(nw.col("weight"), nw.col("symbols"))))
    least = each.group_by("appno").agg(nw.col("part").min().alias("least"), nw.col("weight").sum().cast(nw.Int64).alias("all"))
    made = each.join(least, on="appno", how="inner")
    left = nw.when(nw.col("part") == nw.col("least")).then(whole(ONE) - nw.col("all")).otherwise(whole(0))
    return made.select("appno", "part", weight=(nw.col("weight") + left).cast(nw.Int64))


def by_part(records: Records, rule: Rule, table: str, value: str) -> Lazy:
    """Contributions of applications by part: the share of a city times the weight of the part."""
    found = applications(records, rule).select("appno", "period", key=nw.col("appno"))
    made = joined(found, credited(records, rule))
    split = made.join(parts(records, rule, table, value), on="appno", how="left").with_columns(
        part=nw.col("part").fill_null(UNMAPPED), weight=nw.col("weight").fill_null(ONE).cast(nw.Int64)
    )
    share = divided(nw.col("share") * nw.col("weight"), whole(ONE))
    return split.select("unit", "period", "part", "key", share=share)


def by_field(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications by technical field."""
    return by_part(records, rule, "fields", "field")


def mapped(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications by technical field, those of cities and known fields alone: what a portfolio is made of."""
    found = by_field(records, rule).filter(nw.col("part") != UNMAPPED)
    return found.filter(~nw.col("unit").is_in([UNRESOLVED, ABROAD]))


def advantage_in(table: Array, names: Sequence[str], rule: Rule) -> Array:
    """The revealed advantage of each city in the field that the rule asks for; nothing where no city has any of it."""
    found = [at for at, name in enumerate(names) if name == rule.field]
    made: Array = revealed_advantage(table)[:, found].sum(axis=1) if found else np.full(len(table), np.nan)
    return made


def specialised(table: Array, names: Sequence[str], rule: Rule) -> Array:
    """In how many fields each city has an advantage of one or more."""
    made: Array = specialisation(table).sum(axis=1)
    return made


def concentrated(table: Array, names: Sequence[str], rule: Rule) -> Array:
    """The concentration of each city."""
    return concentration(table)


def related(table: Array, names: Sequence[str], rule: Rule) -> Array:
    """The mean relatedness density of each city over the fields in which it has no advantage yet."""
    own = specialisation(table)
    found = density(own)
    return np.array([np.mean(row[there == 0]) if (there == 0).any() else np.nan for row, there in zip(found, own, strict=True)])


def complex_(table: Array, names: Sequence[str], rule: Rule) -> Array:
    """The complexity of each city's fields."""
    return complexity(specialisation(table))


_NEEDS: dict[str, Any] = {"needs": "application party class", "dated": "application", "supplied": "fields"}


@measure("field_filings", heeds=_OF + " field", requires=("field",), **_NEEDS)
def field_filings(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications of one field."""
    return by_field(records, rule).filter(nw.col("part") == rule.field).select("unit", "period", "key", "share")


@measure("mapped_share", heeds=_OF, over="filings", **_NEEDS)
def mapped_share(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications as far as the supplied table knows their fields: over all, the mapped share."""
    return by_field(records, rule).filter(nw.col("part") != UNMAPPED).select("unit", "period", "key", "share")


@measure("field_advantage", heeds=_OF + " field", requires=("field",), finish=advantage_in, **_NEEDS)
def field_advantage(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications by field: what share of a city's a field has, over its share of all cities'."""
    return mapped(records, rule)


@measure("specialised_fields", heeds=_OF, finish=specialised, **_NEEDS)
def specialised_fields(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications by field: in how many of them a city has a revealed advantage."""
    return mapped(records, rule)


@measure("field_concentration", heeds=_OF, finish=concentrated, **_NEEDS)
def field_concentration(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications by field: the sum of squared shares of fields."""
    return mapped(records, rule)


@measure("relatedness_density", heeds=_OF, finish=related, **_NEEDS)
def relatedness_density(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications by field: how close to its own fields the others are that a city could enter."""
    return mapped(records, rule)


@measure("field_complexity", heeds=_OF, finish=complex_, **_NEEDS)
def field_complexity(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications by field: how rare the fields are that a city of many fields has."""
    return mapped(records, rule)


@measure("intensive_filings", needs="application party class", dated="application", heeds=_OF, supplied="industries intensive")
def intensive_filings(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications as far as their industries are patent-intensive."""
    records.given("intensive")
    heads = sorted({str(one) for one in records.supplied["intensive"]["industry"]})
    found = by_part(records, rule, "industries", "industry")
    if not heads:
        return found.head(0).select("unit", "period", "key", "share")
    chosen = nw.col("part").str.starts_with(heads[0])
    for head in heads[1:]:
        chosen = chosen | nw.col("part").str.starts_with(head)
    found = found.filter(chosen)
    summed = found.group_by(["unit", "period", "key"]).agg(nw.col("share").sum().cast(nw.Int64))
    return summed.select("unit", "period", "key", "share")
