"""The very rows behind a number: the contributions of one city, year and measure, with what the records say of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import narwhals as nw

from tidu.core.errors import UsageError
from tidu.indicators.measure_file import Column
from tidu.indicators.measures.records import Records
from tidu.records.linking.plain import type_words
from tidu.records.masking import masked


def trace(records: Records, column: Column, unit: str, year: int) -> list[dict[str, Any]]:
    """The contributions of a city in a year, largest share first: key, share, and what the records say of the row.

    Their shares add up to the numerator of the number; of a mean each has its weight too. Of an application its title, dates and
    applicants are told, of a deal its day, contract and both sides. Names of natural persons are masked. Empty where there is none.

    Raises ``no_rows`` for a column that is taken from a table as it is.
    """
    own = column.measure
    if own is None:
        raise UsageError("no_rows", name=column.name, figure=column.figure)
    rule = own.settle(records, column.rule) if own.settle else column.rule
    made = own.make(records, rule).filter((nw.col("unit") == unit) & (nw.col("period") == year))
    names = [name for name in ("key", "part", "share", "weight") if name in made.collect_schema().names()]
    kept = records.engine.materialise(made.select(*names))
    cells = records.engine.collect(kept.sort("key"))
    facts = _facts(records, own.needs, kept, rule.first)
    scale = {"share": own.scale, "weight": own.scale}
    rows = []
    for at, key in enumerate(cells["key"]):
        row = {name: cells[name][at] / scale[name] if name in scale else cells[name][at] for name in names}
        rows.append(row | facts.get(key, {}))
    return sorted(rows, key=lambda row: (-row["share"], row["key"], str(row.get("part", ""))))


def _facts(records: Records, needs: Iterable[str], kept: nw.LazyFrame[Any], first: int) -> dict[str, dict[str, Any]]:
    """Key → what the records say of it."""
    keys = kept.select("key").unique()
    if "contract" in needs:
        return _contracts(records, keys)
    if "event" in needs:
        return _events(records, keys) or _applications(records, keys)
    if "right" in needs:
        return _rights(records, keys)
    return _applications(records, keys) if "application" in needs else {}


def _applications(records: Records, keys: nw.LazyFrame[Any]) -> dict[str, dict[str, Any]]:
    told = records.table("application").join(keys.select(appno=nw.col("key")), on="appno", how="semi")
    cells = records.engine.collect(told.select("appno", "title", "kind", "filing", "granted"))
    found: dict[str, dict[str, Any]] = {}
    for at, appno in enumerate(cells["appno"]):
        dates = {name: _day(cells[name][at]) for name in ("filing", "granted")}
        found[appno] = {"title": cells["title"][at], "kind": cells["kind"][at], **dates, "who": []}
    who = (
        records.table("party").filter(nw.col("role") == "applicant").join(keys.select(appno=nw.col("key")), on="appno", how="semi")
    )
    cells = records.engine.collect(who.select("appno", "seq", "name", "type", "city").sort("appno", "seq"))
    for at, appno in enumerate(cells["appno"]):
        if appno in found:
            found[appno]["who"].append({"name": masked(cells["name"][at], cells["type"][at]), "city": cells["city"][at]})
    return found


def _events(records: Records, keys: nw.LazyFrame[Any]) -> dict[str, dict[str, Any]]:
    """Of deals: an event may be asked for by its application, contract, giver or place in its application."""
    both = nw.concat_str([nw.col("appno"), nw.col("seq").cast(nw.String)], separator="#")
    own = records.table("event").with_columns(both=both)
    columns = ["meaning", "effective", "published", "contract", "giver", "taker", "amount", "appno", "seq"]
    found: dict[str, dict[str, Any]] = {}
    for name in ("appno", "contract", "giver_entity", "both"):
        met = own.filter(nw.col("meaning").is_in(["transfer", "licence", "pledge", "open_licence"]))
        met = met.join(keys.select(nw.col("key").alias(name)), on=name, how="semi")
        cells = records.engine.collect(met.select(nw.col(name).alias("own"), *columns).sort("appno", "seq"))
        for at, key in enumerate(cells["own"]):
            day = _day(cells["effective"][at]) or _day(cells["published"][at])
            who = [{"name": _shown(cells[side][at])} for side in ("giver", "taker") if cells[side][at]]
            told = {"kind": cells["meaning"][at], "day": day, "contract": cells["contract"][at], "who": who}
            found.setdefault(key, {"title": cells["appno"][at], **told})
    return found


def _contracts(records: Records, keys: nw.LazyFrame[Any]) -> dict[str, dict[str, Any]]:
    own = records.table("contract").join(keys.select(number=nw.col("key")), on="number", how="semi")
    cells = records.engine.collect(own.select("number", "class", "signed", "amount", "seller", "buyer").sort("number"))
    found = {}
    for at, number in enumerate(cells["number"]):
        who = [{"name": _shown(cells[side][at])} for side in ("seller", "buyer") if cells[side][at]]
        found[number] = {"kind": cells["class"][at], "day": _day(cells["signed"][at]), "amount": cells["amount"][at], "who": who}
    return found


def _rights(records: Records, keys: nw.LazyFrame[Any]) -> dict[str, dict[str, Any]]:
    own = records.table("right").join(keys.select(number=nw.col("key")), on="number", how="semi")
    cells = records.engine.collect(own.select("number", "kind", "name", "owner", "registered").sort("number", "kind"))
    found = {}
    for at, number in enumerate(cells["number"]):
        who = [{"name": _shown(cells["owner"][at])}] if cells["owner"][at] else []
        found[number] = {"title": cells["name"][at], "kind": cells["kind"][at], "day": _day(cells["registered"][at]), "who": who}
    return found


def _shown(names: str) -> str:
    """Printed names, parted by semicolons, as they may be shown: what kind of party each is, its own words tell."""
    return "; ".join(masked(name, _kind(name)) for name in names.split(";"))


def _kind(name: str) -> str | None:
    """The type of a party by the words of its name; nothing where they tell none."""
    types = type_words().items()
    return next((code for code, one in types if "named" in one and re.search(one["named"], name.upper())), None)


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]
