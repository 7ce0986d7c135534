"""Registered technology contracts: by seller, which is output, and by buyer, which is absorption."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures.deals import fen
from tidu.indicators.measures.definition import ABROAD, FEN, ONE, Rule, measure
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import placed, whole, within, year_of

Lazy = nw.LazyFrame[Any]
CLASSES = ("development", "transfer", "licence", "consulting", "service")


def contracts(records: Records, rule: Rule, side: str) -> Lazy:
    """The contracts signed in the years (``key``, ``period``, their amounts) with ``unit``: the city of one side."""
    found = records.table("contract").filter(~nw.col("signed").is_null()).with_columns(period=year_of("signed"))
    found = within(found, rule)
    if rule.internal == "exclude":
        found = found.filter(~(nw.col("seller_group") == nw.col("buyer_group")).fill_null(value=False))
    if rule.kind is not None:
        found = found.filter(nw.col("class") == rule.kind)
    named = nw.concat_str([nw.col("seller").fill_null("?"), nw.col("buyer").fill_null("?")], separator=" → ")
    number = nw.when(nw.col("number").is_null() | (nw.col("number") == "")).then(named).otherwise(nw.col("number"))
    return placed(found, f"{side}_city", f"{side}_country").with_columns(key=number)


def _count(found: Lazy) -> Lazy:
    return found.select("unit", "period", "key").with_columns(share=whole(ONE))


def _value(found: Lazy, amount: str = "amount") -> Lazy:
    return found.filter(~nw.col(amount).is_null()).select("unit", "period", "key", share=fen(amount))


@measure("contracts_sold", needs="contract", dated="contract", heeds="internal kind", kinds=CLASSES)
def contracts_sold(records: Records, rule: Rule) -> Lazy:
    """Contributions of technology contracts, to the seller's city."""
    return _count(contracts(records, rule, "seller"))


@measure("contracts_bought", needs="contract", dated="contract", heeds="internal kind", kinds=CLASSES)
def contracts_bought(records: Records, rule: Rule) -> Lazy:
    """Contributions of technology contracts, to the buyer's city."""
    return _count(contracts(records, rule, "buyer"))


@measure("contract_value_sold", needs="contract", dated="contract", heeds="internal kind", kinds=CLASSES, scale=FEN)
def contract_value_sold(records: Records, rule: Rule) -> Lazy:
    """Contributions in fen of technology contracts, to the seller's city."""
    return _value(contracts(records, rule, "seller"))


@measure("contract_value_bought", needs="contract", dated="contract", heeds="internal kind", kinds=CLASSES, scale=FEN)
def contract_value_bought(records: Records, rule: Rule) -> Lazy:
    """Contributions in fen of technology contracts, to the buyer's city."""
    return _value(contracts(records, rule, "buyer"))


@measure("technical_value_sold", needs="contract", dated="contract", heeds="internal kind", kinds=CLASSES, scale=FEN)
def technical_value_sold(records: Records, rule: Rule) -> Lazy:
    """Contributions in fen of the purely technical part of technology contracts, to the seller's city."""
    return _value(contracts(records, rule, "seller"), "technical_amount")


@measure("contract_value_sold_abroad", needs="contract", dated="contract", heeds="kind", kinds=CLASSES, scale=FEN)
def contract_value_sold_abroad(records: Records, rule: Rule) -> Lazy:
    """Contributions in fen of technology contracts with a buyer abroad, to the seller's city."""
    return _across(records, rule, "seller", "buyer")


@measure("contract_value_bought_abroad", needs="contract", dated="contract", heeds="kind", kinds=CLASSES, scale=FEN)
def contract_value_bought_abroad(records: Records, rule: Rule) -> Lazy:
    """Contributions in fen of technology contracts with a seller abroad, to the buyer's city."""
    return _across(records, rule, "buyer", "seller")


def _across(records: Records, rule: Rule, side: str, other: str) -> Lazy:
    """The value for one side of what the other side, abroad, bought or sold."""
    far = contracts(records, rule, other).filter(nw.col("unit") == ABROAD)
    return _value(placed(far, f"{side}_city", f"{side}_country"))
