"""Other registers: trade marks, geographical indications and their like; agencies, recognised firms, lists of the user."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures.deals import fen
from tidu.indicators.measures.definition import FEN, ONE, Rule, measure
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import placed, whole, within, year_of

Lazy = nw.LazyFrame[Any]


def registered(records: Records, rule: Rule, kind: str) -> Lazy:
    """Contributions of rights of a kind in the year of their registration."""
    found = records.table("right").filter((nw.col("kind") == kind) & ~nw.col("registered").is_null())
    dated = within(found.with_columns(period=year_of("registered")), rule)
    return _once(placed(dated, "city"), "number")


def standing_rights(records: Records, rule: Rule, kind: str) -> Lazy:
    """Contributions of rights of a kind that were registered and had not ended on the last day of each year."""
    found = records.table("right").filter((nw.col("kind") == kind) & ~nw.col("registered_day").is_null())
    made = found.join(records.ends(rule.years), how="cross").filter(nw.col("registered_day") <= nw.col("end"))
    held = made.filter(nw.col("expiry_day").is_null() | (nw.col("expiry_day") > nw.col("end")))
    return _once(placed(held, "city"), "number")


def listed(records: Records, rule: Rule, *kinds: str) -> Lazy:
    """Contributions of firms of some types that were on their list by the end of each year; one without a date in all years."""
    found = records.table("firm").filter(nw.col("type").is_in(kinds))
    made = placed(found, "city").join(records.ends(rule.years), how="cross")
    there = made.filter(nw.col("since_day").is_null() | (nw.col("since_day") <= nw.col("end")))
    return _once(there, "name")


def _once(rows: Lazy, key: str) -> Lazy:
    return rows.select("unit", "period", key=nw.col(key)).unique().with_columns(share=whole(ONE))


@measure("trade_marks", needs="right", dated="right")
def trade_marks(records: Records, rule: Rule) -> Lazy:
    """Contributions of trade marks registered."""
    return registered(records, rule, "trade_mark")


@measure("trade_marks_in_force", needs="right", dated="right", stock=True)
def trade_marks_in_force(records: Records, rule: Rule) -> Lazy:
    """Contributions of trade marks registered that have not ended by 31 December."""
    return standing_rights(records, rule, "trade_mark")


@measure("geographical_indications", needs="right", dated="right")
def geographical_indications(records: Records, rule: Rule) -> Lazy:
    """Contributions of geographical indications registered."""
    return registered(records, rule, "geographical_indication")


@measure("geographical_indications_in_force", needs="right", dated="right", stock=True)
def geographical_indications_in_force(records: Records, rule: Rule) -> Lazy:
    """Contributions of geographical indications registered that have not ended by 31 December."""
    return standing_rights(records, rule, "geographical_indication")


@measure("plant_varieties", needs="right", dated="right")
def plant_varieties(records: Records, rule: Rule) -> Lazy:
    """Contributions of new plant varieties granted."""
    return registered(records, rule, "plant_variety")


@measure("layout_designs", needs="right", dated="right")
def layout_designs(records: Records, rule: Rule) -> Lazy:
    """Contributions of layout designs of integrated circuits registered."""
    return registered(records, rule, "layout_design")


@measure("software_copyrights", needs="right", dated="right")
def software_copyrights(records: Records, rule: Rule) -> Lazy:
    """Contributions of computer programs registered."""
    return registered(records, rule, "software")


@measure("agencies", needs="firm", dated="firm", stock=True)
def agencies(records: Records, rule: Rule) -> Lazy:
    """Contributions of agencies of patents and of trade marks; one that is both counts once."""
    return listed(records, rule, "patent_agency", "trade_mark_agency")


@measure("high_tech_firms", needs="firm", dated="firm", stock=True)
def high_tech_firms(records: Records, rule: Rule) -> Lazy:
    """Contributions of firms recognised as high-technology enterprises."""
    return listed(records, rule, "high_tech")


def _given(records: Records, rule: Rule, name: str, year: str) -> Lazy:
    """The rows of a supplied table in the years, with ``period`` and ``unit``."""
    found = records.given(name).filter(~nw.col(year).is_null()).with_columns(period=nw.col(year).cast(nw.Int64))
    return placed(within(found, rule), "unit")


@measure("cases_accepted", needs="", dated="given", supplied="cases")
def cases_accepted(records: Records, rule: Rule) -> Lazy:
    """Contributions of cases accepted."""
    return _once(_given(records, rule, "cases", "accepted"), "key")


@measure("cases_closed", needs="", dated="given", supplied="cases")
def cases_closed(records: Records, rule: Rule) -> Lazy:
    """Contributions of cases closed."""
    return _once(_given(records, rule, "cases", "closed"), "key")


@measure("services_abroad", needs="", dated="given", supplied="services_abroad")
def services_abroad(records: Records, rule: Rule) -> Lazy:
    """Contributions of services to firms abroad."""
    return _once(_given(records, rule, "services_abroad", "year"), "key")


@measure("indication_users", needs="", dated="given", supplied="indication_users")
def indication_users(records: Records, rule: Rule) -> Lazy:
    """Contributions of firms that may use the special sign of geographical indications."""
    return _once(_given(records, rule, "indication_users", "year"), "key")


@measure("indication_value", needs="", dated="given", supplied="indication_users", scale=FEN)
def indication_value(records: Records, rule: Rule) -> Lazy:
    """Contributions in fen of the output value of goods under geographical indications."""
    known = _given(records, rule, "indication_users", "year").filter(~nw.col("value").is_null())
    return known.select("unit", "period", "key", share=fen("value"))
