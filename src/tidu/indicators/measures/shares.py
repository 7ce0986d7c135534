"""Who a row counts for, and how much: the counting rules, on the portable part of lazy frames."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures.definition import ABROAD, ONE, UNRESOLVED, Rule
from tidu.indicators.measures.records import Records

#: The date of each clock.
CLOCKS = {"filing": "filing", "priority": "earliest_priority", "publication": "first_publication", "grant": "granted"}
#: The role whose cities are counted.
_ROLES = {"fractional_inventor": "inventor"}
Lazy = nw.LazyFrame[Any]


def whole(number: int) -> nw.Expr:
    """A whole number as a column of 64 bits."""
    return nw.lit(number).cast(nw.Int64)


def divided(top: nw.Expr, below: nw.Expr) -> nw.Expr:
    """A quotient of whole numbers rounded down, exact on every engine while it stays below 2⁵².

    Engines that divide whole numbers as floats are a whole part out where the dividend needs more than 53 bits.
    """
    return ((top - top % below) / below + 0.5).floor().cast(nw.Int64)


def year_of(date: str) -> nw.Expr:
    """The year of a column of dates, as 64 bits."""
    return nw.col(date).dt.year().cast(nw.Int64)


def within(frame: Lazy, rule: Rule) -> Lazy:
    """The rows whose ``period`` is one of the rule's years."""
    return frame.filter((nw.col("period") >= rule.first) & (nw.col("period") <= rule.last))


def applications(records: Records, rule: Rule) -> Lazy:
    """The applications that a rule counts, with ``period``: of the kind asked for, dated by the clock, in the years.

    With ``unit = "family"`` of each simple family only the application with the earliest date, and of these the least number.
    """
    clock = CLOCKS[rule.clock]
    found = records.table("application").filter(~nw.col(clock).is_null())
    if rule.kind is not None:
        found = found.filter(nw.col("kind") == rule.kind)
    if rule.unit == "family":
        day = f"{clock}_day"
        first = found.group_by("family").agg(nw.col(day).min().alias("first_day"))
        least = found.join(first, on="family", how="inner").filter(nw.col(day) == nw.col("first_day"))
        kept = least.group_by("family").agg(nw.col("appno").min()).select("appno")
        found = found.join(kept, on="appno", how="semi")
    return within(found.with_columns(period=year_of(clock)), rule)


def placed(frame: Lazy, city: str, country: str | None = None) -> Lazy:
    """The frame with ``unit``: the city, :data:`ABROAD` where the country is another, else :data:`UNRESOLVED`."""
    known = ~nw.col(city).is_null() & (nw.col(city) != "")
    elsewhere = nw.lit(UNRESOLVED)
    if country is not None:
        foreign = ~nw.col(country).is_null() & (nw.col(country) != "") & (nw.col(country) != "CN")
        elsewhere = nw.when(foreign).then(nw.lit(ABROAD)).otherwise(nw.lit(UNRESOLVED))
    return frame.with_columns(unit=nw.when(known).then(nw.col(city)).otherwise(elsewhere))


def shares(holders: Lazy, counting: str, on: tuple[str, ...] = ("appno",)) -> Lazy:
    """How much of each row (keys ``on``) counts for which unit, of its holders (keys, ``seq``, ``unit``).

    Shares of one row add up to :data:`ONE`, except with ``whole``, which counts it once in every unit. What does not divide goes to
    the first holder.
    """
    keys = list(on)
    if counting == "whole":
        return holders.select(*keys, "unit").unique().with_columns(share=whole(ONE))
    first = holders.group_by(keys).agg(nw.col("seq").min().alias("first"), nw.len().cast(nw.Int64).alias("holders"))
    each = holders.select(*keys, "seq", "unit").join(first, on=keys, how="inner")
    if counting == "first_applicant":
        one = each.filter(nw.col("seq") == nw.col("first"))
        return one.group_by(keys).agg(nw.col("unit").min()).with_columns(share=whole(ONE))
    each = each.with_columns(part=divided(whole(ONE), nw.col("holders")))
    left = nw.when(nw.col("seq") == nw.col("first")).then(whole(ONE) - nw.col("part") * nw.col("holders")).otherwise(whole(0))
    each = each.with_columns(part=(nw.col("part") + left).cast(nw.Int64))
    return each.group_by([*keys, "unit"]).agg(nw.col("part").sum().cast(nw.Int64).alias("share"))


def joined(rows: Lazy, who: Lazy, on: tuple[str, ...] = ("appno",)) -> Lazy:
    """The rows by shares (keys, ``unit``, ``share``), their own columns kept.

    A row without any share counts for :data:`UNRESOLVED`, so that nothing is lost.
    """
    made = rows.join(who, on=list(on), how="left").with_columns(
        unit=nw.when(nw.col("unit").is_null()).then(nw.lit(UNRESOLVED)).otherwise(nw.col("unit")),
        share=nw.when(nw.col("share").is_null()).then(whole(ONE)).otherwise(nw.col("share")).cast(nw.Int64),
    )
    return made.select(*rows.collect_schema().names(), "unit", "share")


def applicants(records: Records, rule: Rule) -> Lazy:
    """The applicants of all applications (``appno``, ``seq``, ``entity``, ``type``, ``unit``), in cities of the rule's vintage."""
    return _parties(records, rule, "applicant")


def _parties(records: Records, rule: Rule, role: str) -> Lazy:
    city = "city" if rule.vintage == "fixed" else "city_then"
    found = placed(records.table("party").filter(nw.col("role") == role), city, "country")
    return found.select("appno", "seq", "entity", "type", "unit")


def credited(records: Records, rule: Rule) -> Lazy:
    """How much of each application counts for which unit by the rule (``appno``, ``unit``, ``share``), worked out once."""
    role = _ROLES.get(rule.counting, "applicant")
    name = f"credited {rule.counting} {rule.vintage}"
    return records.once(name, lambda: shares(_parties(records, rule, role), rule.counting))


def counted(records: Records, rule: Rule, found: Lazy) -> Lazy:
    """The contributions of applications (``appno``, ``period``) by the rule."""
    rows = found.select("appno", "period", key=nw.col("appno"))
    return joined(rows, credited(records, rule)).select("unit", "period", "key", "share")


def evenly(rows: Lazy, amount: str | None = None, by: tuple[str, ...] = ()) -> Lazy:
    """Contributions of things (``key``, ``period``, ``unit``, one row a unit): each split evenly among its units.

    Args:
        rows: the things.
        amount: a column of whole parts that is split; :data:`ONE` of each without it.
        by: columns beside ``key`` that tell one thing from another.

    What does not divide goes to the least unit, so that the shares of a thing add up to it.
    """
    keys = ["key", *by]
    least = rows.group_by(keys).agg(nw.col("unit").min().alias("least"), nw.len().cast(nw.Int64).alias("units"))
    total = whole(ONE) if amount is None else nw.col(amount)
    each = rows.join(least, on=keys, how="inner").with_columns(total=total)
    each = each.with_columns(part=divided(nw.col("total"), nw.col("units")))
    left = nw.when(nw.col("unit") == nw.col("least")).then(nw.col("total") - nw.col("part") * nw.col("units")).otherwise(whole(0))
    return each.select("unit", "period", "key", share=(nw.col("part") + left).cast(nw.Int64))
