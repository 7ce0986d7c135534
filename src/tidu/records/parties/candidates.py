"""Which names are worth comparing one by one: those of one place that differ by one character, or sound alike in two scripts.

Names are joined by what is left of them without one character, so that the pairs of millions of names are few and none is compared
with all others of its city. The place is that of the name, else the city of the record. A slip in an own name of two characters
makes another body, so it is not looked for. A Latin name is compared with the Chinese ones that it spells, a bare name with the one
company of its city that is called so for short, a factory with the companies of its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from tidu.records.parties.chinese import parse
from tidu.records.parties.keys import Key
from tidu.records.parties.latin import parse as latin
from tidu.records.parties.shortened import LEAST, names

if TYPE_CHECKING:
    import duckdb

#: Candidates that are judged at a time.
PORTION = 50_000
#: Runs of this many words of a Latin name may spell an own name.
_RUN = 3


class Features(NamedTuple):
    """What a name is compared by: own name, trade, the two together, place, form, block, how it is spelt, what it is for short."""

    own: str
    trade: str
    core: str
    place: str
    form: str
    block: str
    spelt: list[str]
    shorts: list[str]


def features(key: Key, city: str) -> Features:
    """What a name is compared by, of its key and the city of its record.

    >>> from tidu.records.parties.keys import key_of
    >>> features(key_of("杭州虚构科技有限公司"), "330100")  # doctest: +NORMALIZE_WHITESPACE
    Features(own='虚构', trade='科技', core='虚构科技', place='杭州', form='有限公司', block='330100', spelt=['XUGOU'],
        shorts=['杭州虚构', '虚构科技', '杭州虚构科技'])
    """
    if key.kind == "latin":
        parts = latin(key.text)
        words = [*parts.words, *parts.noted]
        runs = {"".join(words[at : at + size]) for size in range(1, _RUN + 1) for at in range(len(words) - size + 1)}
        return Features(
            parts.words[0] if parts.words else "",
            " ".join(parts.words[1:]),
            parts.core,
            " ".join(parts.noted),
            "",
            city,
            sorted(runs),
            [],
        )
    told = parse(key.text)
    place = told.place
    block = city if city or place is None else place.codes[0] if place.codes else ""
    if place is not None and place.codes and len(place.codes[0]) == 6:
        block = place.codes[0]
    spelt = [_spelt(told.own if told.own else told.core)] if told.kind else []
    return Features(
        told.own,
        told.trade,
        told.core,
        place.name if place else "",
        told.form,
        block,
        [one for one in spelt if one],
        list(names(told)) if told.kind == "company" and not told.part else [],
    )


def _spelt(text: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).upper() if len(text) > 1 else ""


def blocked(engine: duckdb.DuckDBPyConnection) -> None:
    """Makes ``party_record`` (one row a text, node and city) and ``party_candidate`` (``l``, ``r``: numbers of records)."""
    engine.execute(
        f"""create or replace table party_record as
        select cast(row_number() over (order by text, node, city) as bigint) as number, *
        from (select text, node, any_value(key) as key, kind, min(told_city) as city, any_value(own) as own,
        any_value(trade) as trade, any_value(core) as core, any_value(place) as place, any_value(form) as form,
        min(block) as block, any_value(spelt) as spelt, any_value(shorts) as shorts
        from party_keyed where kind <> '' or length(text) >= {LEAST}
        group by text, node, kind)"""
    )
    engine.execute(
        """create or replace table party_less as select number, node, kind, block, p,
        substr(core, 1, p - 1) || substr(core, p + 1) as rest from (select *, unnest(range(1, length(core) + 1)) as p
        from party_record where kind not in ('', 'latin')) where length(own) > 2 or (p > 2 and p > length(own))"""
    )
    same = "l.kind = r.kind and l.block = r.block and l.node <> r.node"
    engine.execute(
        f"""create or replace table party_candidate as select least(l, r) as l, greatest(l, r) as r from (
        select l.number as l, r.number as r from party_record l join party_record r on {same} and l.core = r.core
        where l.kind not in ('', 'latin') and l.number < r.number
        union select l.number, r.number from party_record l join party_record r on l.block = r.block
        and r.core in (l.core, l.core || l.form) where l.kind = 'plant' and r.kind = 'company'
        union select l, any_value(r) from (select l.number as l, r.number as r, r.node from party_record l
        join (select number, node, city, unnest(shorts) as s from party_record where kind = 'company') r
        on l.text = r.s and l.city = r.city where l.kind = '' and l.city <> '') group by l having count(distinct node) = 1
        union select l.number, r.number from party_less l join party_less r on {same} and l.rest = r.rest
        and l.p - r.p in (0, 1) and (l.p <> r.p or l.number < r.number)
        union select l.number, r.number from party_less l join party_record r on {same} and l.rest = r.core
        union select l.number, r.number from (select number, unnest(spelt) as s from party_record where kind <> 'latin') l
        join (select number, unnest(spelt) as s from party_record where kind = 'latin') r on l.s = r.s) group by all"""
    )
    engine.execute("drop table party_less")


def counted(engine: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """How many records and candidates there are."""
    told = engine.execute("select (select count(*) from party_record), (select count(*) from party_candidate)").fetchall()[0]
    return {"records": told[0], "candidates": told[1]}
