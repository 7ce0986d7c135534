"""What changes hands: transfers, licences, pledges, open licences; once a right, once a contract, once a firm."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures.definition import ABROAD, FEN, ONE, UNRESOLVED, Rule, measure
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import evenly, placed, whole, within, year_of

Lazy = nw.LazyFrame[Any]


def events(records: Records, rule: Rule, *meanings: str) -> Lazy:
    """The events of some meanings with their ``period``: of the day of effect, else of the gazette.

    Where the rule excludes what moves inside a group, both sides are told and their groups differ or one is not known.
    """
    day = nw.when(nw.col("effective").is_null()).then(nw.col("published")).otherwise(nw.col("effective"))
    found = records.table("event").filter(nw.col("meaning").is_in(meanings)).with_columns(day=day)
    found = found.filter(~nw.col("day").is_null()).with_columns(period=year_of("day"))
    if rule.internal == "exclude":
        inside = (nw.col("giver_group") == nw.col("taker_group")).fill_null(value=False)
        found = found.filter(~inside)
    if rule.kind is not None:
        own = records.table("application").filter(nw.col("kind") == rule.kind).select("appno")
        found = found.join(own, on="appno", how="semi")
    return found


def sided(found: Lazy, side: str) -> Lazy:
    """The events with ``unit``: the city of who gives or takes. Of who gives no country is told."""
    return placed(found, f"{side}_city", "taker_country" if side == "taker" else None)


def rights_of(found: Lazy, side: str) -> Lazy:
    """Contributions of applications that changed hands, once a year, city of one side and application."""
    rows = sided(found, side).select("unit", "period", key=nw.col("appno")).unique()
    return rows.with_columns(share=whole(ONE))


def contracts_of(found: Lazy, rule: Rule, side: str) -> Lazy:
    """Contributions of registered contracts, each once in the year of its first event, split evenly among the cities of one side.

    An event without a contract number counts by itself.
    """
    return within(evenly(_contracts(found, side)), rule)


def _contracts(found: Lazy, side: str) -> Lazy:
    """Each contract once a city of one side (``key``, ``unit``), in its first year (``period``)."""
    lacking = nw.col("contract").is_null() | (nw.col("contract") == "")
    number = nw.when(lacking).then(nw.concat_str([nw.col("appno"), nw.col("seq").cast(nw.String)], separator="#"))
    rows = sided(found, side).with_columns(key=number.otherwise(nw.col("contract"))).select("key", "unit", "period")
    first = rows.group_by("key").agg(nw.col("period").min())
    return rows.select("key", "unit").unique().join(first, on="key", how="inner")


def between(found: Lazy) -> Lazy:
    """The events whose two sides are in two known cities, with ``giver_unit`` and ``taker_unit``."""
    both = sided(sided(found, "giver").with_columns(giver_unit=nw.col("unit")), "taker").with_columns(taker_unit=nw.col("unit"))
    known = [~nw.col(side).is_in([UNRESOLVED, ABROAD]) for side in ("giver_unit", "taker_unit")]
    return both.filter(known[0] & known[1] & (nw.col("giver_unit") != nw.col("taker_unit")))


def _sent(found: Lazy, side: str) -> Lazy:
    """Contributions of applications that went from city to city, for one side; ``part`` is the city of the other."""
    other = "taker" if side == "giver" else "giver"
    rows = between(found).select("period", unit=nw.col(f"{side}_unit"), part=nw.col(f"{other}_unit"), key=nw.col("appno"))
    return rows.unique().with_columns(share=whole(ONE))


@measure("transfers_out", needs="event", dated="event", heeds="internal kind")
def transfers_out(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications and rights transferred, to the city that gave."""
    return rights_of(within(events(records, rule, "transfer"), rule), "giver")


@measure("transfers_in", needs="event", dated="event", heeds="internal kind")
def transfers_in(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications and rights transferred, to the city that took."""
    return rights_of(within(events(records, rule, "transfer"), rule), "taker")


@measure("transfers_to_cities", needs="event", dated="event", heeds="internal kind")
def transfers_to_cities(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications and rights that a city gave to another, by the city that took."""
    return _sent(within(events(records, rule, "transfer"), rule), "giver")


@measure("transfers_from_cities", needs="event", dated="event", heeds="internal kind")
def transfers_from_cities(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications and rights that a city took from another, by the city that gave."""
    return _sent(within(events(records, rule, "transfer"), rule), "taker")


@measure("transfers_abroad", needs="event", dated="event", heeds="internal kind")
def transfers_abroad(records: Records, rule: Rule) -> Lazy:
    """Contributions of applications and rights given to somebody abroad, to the city that gave."""
    found = within(events(records, rule, "transfer"), rule)
    return rights_of(sided(found, "taker").filter(nw.col("unit") == ABROAD), "giver")


@measure("licences_out", needs="event", dated="event", heeds="internal kind")
def licences_out(records: Records, rule: Rule) -> Lazy:
    """Contributions of rights licensed, to the city of the licensor."""
    return rights_of(within(events(records, rule, "licence"), rule), "giver")


@measure("licences_in", needs="event", dated="event", heeds="internal kind")
def licences_in(records: Records, rule: Rule) -> Lazy:
    """Contributions of rights licensed, to the city of the licensee."""
    return rights_of(within(events(records, rule, "licence"), rule), "taker")


@measure("licence_contracts_out", needs="event", dated="event", heeds="internal")
def licence_contracts_out(records: Records, rule: Rule) -> Lazy:
    """Contributions of licence contracts, to the cities of the licensors."""
    return contracts_of(events(records, rule, "licence"), rule, "giver")


@measure("licence_contracts_in", needs="event", dated="event", heeds="internal")
def licence_contracts_in(records: Records, rule: Rule) -> Lazy:
    """Contributions of licence contracts, to the cities of the licensees."""
    return contracts_of(events(records, rule, "licence"), rule, "taker")


@measure("open_licences", needs="event", dated="event", heeds="kind")
def open_licences(records: Records, rule: Rule) -> Lazy:
    """Contributions of rights declared open to licence, to the city of the declarer."""
    return rights_of(within(events(records, rule, "open_licence"), rule), "giver")


@measure("pledged_rights", needs="event", dated="event", heeds="kind")
def pledged_rights(records: Records, rule: Rule) -> Lazy:
    """Contributions of rights pledged, to the city of the pledgor."""
    return rights_of(within(events(records, rule, "pledge"), rule), "giver")


@measure("pledge_contracts", needs="event", dated="event")
def pledge_contracts(records: Records, rule: Rule) -> Lazy:
    """Contributions of pledge contracts, to the cities of the pledgors."""
    return contracts_of(events(records, rule, "pledge"), rule, "giver")


@measure("pledge_firms", needs="event", dated="event")
def pledge_firms(records: Records, rule: Rule) -> Lazy:
    """Contributions of pledgors, each entity once a year, to its city."""
    found = within(events(records, rule, "pledge").filter(~nw.col("giver_entity").is_null()), rule)
    return evenly(sided(found, "giver").select("unit", "period", key=nw.col("giver_entity")).unique(), by=("period",))


def _amounts(records: Records, rule: Rule) -> Lazy:
    """Pledge contracts whose amount is printed (``key``, ``unit``, ``period``, ``amount``), once a city of their pledgors."""
    known = events(records, rule, "pledge").filter(~nw.col("amount").is_null() & ~nw.col("contract").is_null())
    most = known.group_by("contract").agg(nw.col("amount").max()).select("amount", key=nw.col("contract"))
    return _contracts(known, "giver").join(most, on="key", how="inner")


def fen(amount: str) -> nw.Expr:
    """An amount of yuan as whole fen, rounded half up."""
    return (nw.col(amount) * FEN + 0.5).floor().cast(nw.Int64)


@measure("pledge_amount", needs="event", dated="event", scale=FEN)
def pledge_amount(records: Records, rule: Rule) -> Lazy:
    """Contributions in fen of pledges whose amount is printed, once a contract however many rights it covers."""
    return within(evenly(_amounts(records, rule).with_columns(fen=fen("amount")), "fen"), rule)


@measure("inclusive_pledge_share", needs="event", dated="event", heeds="threshold", requires=("threshold",), over="valued_pledges")
def inclusive_pledge_share(records: Records, rule: Rule) -> Lazy:
    """Contributions of pledge contracts whose amount stays within the threshold: over all with an amount, the inclusive share."""
    return within(evenly(_amounts(records, rule).filter(nw.col("amount") <= rule.threshold)), rule)


@measure("valued_pledges", needs="event", dated="event")
def valued_pledges(records: Records, rule: Rule) -> Lazy:
    """Contributions of pledge contracts whose amount is printed, to the cities of the pledgors."""
    return within(evenly(_amounts(records, rule)), rule)
