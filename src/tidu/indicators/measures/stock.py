"""Rights in force on the last day of a year, by their owners on that day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw

from tidu.indicators.measures.definition import CRITERIA, Rule, measure
from tidu.indicators.measures.prefixes import prefixed
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import joined, placed, shares

_HELD = "application state owner"


def standing(records: Records, rule: Rule, state: str) -> nw.LazyFrame[Any]:
    """The applications in a state on the last day of each year (``appno``, ``period``, ``end``).

    Intervals of one state of an application never overlap, so each stands once a year.
    """
    spans = records.table("state").filter(nw.col("state") == state).select("appno", "from_day", "to_day")
    made = spans.join(records.ends(rule.years, rule.years_kept), how="cross")
    held = made.filter((nw.col("from_day") <= nw.col("end")) & (nw.col("to_day") > nw.col("end")))
    return held.select("appno", "period", "end", "then")


def in_force_then(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """The applications in force on the last day of each year, of the kind that the rule asks for."""
    own = records.table("application").select("appno", "kind", "family_offices", "filing_day", "granted_day")
    if rule.kind is not None:
        own = own.filter(nw.col("kind") == rule.kind)
    return standing(records, rule, "in_force").join(own, on="appno", how="inner")


def kept(found: nw.LazyFrame[Any], rule: Rule) -> nw.LazyFrame[Any]:
    """Of these the ones that were filed (or granted) so many years before the day, or earlier."""
    return found.filter(nw.col("granted_day" if rule.age_from == "grant" else "filing_day") <= nw.col("then"))


def owned(records: Records, rule: Rule, found: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Contributions of applications (``appno``, ``period``, ``end``) to the cities of who owned them on that day."""
    spans = placed(records.table("owner"), "city", "country").select("appno", "seq", "unit", "from_day", "to_day")
    who = spans.join(found.select("appno", "period", "end"), on="appno", how="inner")
    who = who.filter((nw.col("from_day") <= nw.col("end")) & (nw.col("to_day") > nw.col("end")))
    keys = ("appno", "period")
    rows = found.select("appno", "period", key=nw.col("appno"))
    return joined(rows, shares(who, rule.counting, keys), keys).select("unit", "period", "key", "share")


@measure("in_force", needs=_HELD, dated="state", heeds="counting kind", stock=True)
def in_force(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of rights in force on 31 December."""
    return owned(records, rule, in_force_then(records, rule))


@measure("maintained", needs=_HELD, dated="state", heeds="counting kind years_kept age_from", stock=True)
def maintained(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of rights in force on 31 December that have been kept for ten years, or as many as the rule says."""
    return owned(records, rule, kept(in_force_then(records, rule), rule))


@measure("pledged_stock", needs=_HELD, dated="state", heeds="counting kind", stock=True)
def pledged_stock(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of rights in force and under pledge on 31 December."""
    held = standing(records, rule, "pledged").select("appno", "period")
    return owned(records, rule, in_force_then(records, rule).join(held, on=["appno", "period"], how="semi"))


def computable(records: Records, rule: Rule) -> Rule:
    """The rule with the criteria of a high-value invention that these records and supplied tables can tell.

    Of the criteria that the rule names, or of all where it names none.
    """
    asked = rule.criteria or CRITERIA
    found = [one for one in CRITERIA if one in asked and _can(records, one)]
    return replace(rule, criteria=tuple(found))


def _can(records: Records, criterion: str) -> bool:
    if criterion in ("award", "emerging") and criterion in records.supplied:
        return True
    if criterion == "award":
        return False
    if criterion == "emerging":
        rows = records.table("class").filter(nw.col("scheme") == "emerging").select("appno")
    elif criterion == "family_abroad":
        rows = records.table("application").filter(nw.col("family_offices") > 1).select("appno")
    elif criterion == "pledged":
        rows = records.table("state").filter(nw.col("state") == "pledged").select("appno")
    else:
        rows = records.table("application").filter(~nw.col("filing_day").is_null()).select("appno")
    return bool(records.engine.collect(rows.head(1))["appno"])


@measure(
    "high_value_inventions",
    needs=_HELD,
    dated="state",
    heeds="counting criteria years_kept age_from threshold",
    may="award emerging",
    stock=True,
    settle=computable,
)
def high_value_inventions(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of inventions in force on 31 December that meet at least one of the criteria."""
    found = records.once(
        f"inventions in force {rule.first} {rule.last} {rule.years_kept}",
        lambda: in_force_then(records, replace(rule, kind="invention")),
    )
    met = [_meeting(records, rule, found, one).select("appno", "period", "end") for one in rule.criteria]
    if not met:
        return owned(records, rule, found.head(0))
    return owned(records, rule, nw.concat(met, how="vertical").unique())


def _meeting(records: Records, rule: Rule, found: nw.LazyFrame[Any], criterion: str) -> nw.LazyFrame[Any]:
    if criterion == "emerging":
        symbols = records.table("class")
        own = symbols.filter(nw.col("scheme") == "emerging").select("appno")
        if "emerging" in records.supplied:
            told = prefixed(records, "emerging", "industry").select("symbol")
            ipc = symbols.filter(nw.col("scheme") == "ipc")
            own = nw.concat([own, ipc.join(told, on="symbol", how="semi").select("appno")], how="vertical")
        return found.join(own, on="appno", how="semi")
    if criterion == "family_abroad":
        return found.filter(nw.col("family_offices") > 1)
    if criterion == "maintained":
        return kept(found, rule)
    if criterion == "pledged":
        held = standing(records, rule, "pledged").select("appno", "period")
        if rule.threshold > 0:
            rich = records.table("event").filter((nw.col("meaning") == "pledge") & (nw.col("amount") >= rule.threshold))
            held = held.join(rich.select("appno"), on="appno", how="semi")
        return found.join(held, on=["appno", "period"], how="semi")
    awarded = records.given("award")
    return found.join(awarded, on="appno", how="inner").filter(nw.col("year").is_null() | (nw.col("year") <= nw.col("period")))
