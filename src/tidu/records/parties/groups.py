"""Which entities are one group, by rules that are stated, each with its confidence; nobody's shares are known.

A part of a body and the body (a university and its hospital, an academy and its institute) are one group; so are names in which a
shipped pattern of one group stands (国家电网, 国网 …), and names with the own name of a body that calls itself a group, in its
place or anywhere where it names none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.records.parties.keys import Key

if TYPE_CHECKING:
    import duckdb

#: How sure each rule is.
PART, PATTERN, STEM = 0.95, 0.9, 0.75


def grouped(one: Key, other: Key) -> float:
    """How surely two names are of one group; 0 where nothing tells it.

    >>> from tidu.records.parties.keys import key_of
    >>> grouped(key_of("虚构集团有限公司"), key_of("杭州虚构科技有限公司"))
    0.75
    >>> grouped(key_of("宁波虚构集团有限公司"), key_of("杭州虚构科技有限公司"))
    0.0
    """
    if one.parent == other.parent:
        return PART
    if one.group and one.group == other.group:
        return PATTERN
    if one.stem and one.stem == other.stem and one.heads != other.heads:
        head, member = (one, other) if one.heads else (other, one)
        if not head.place or head.place == member.place:
            return STEM
    return 0.0


def make(engine: duckdb.DuckDBPyConnection) -> None:
    """Makes ``party_group`` (``entity``, ``group``, ``method``, ``confidence``) of ``party_keyed`` and ``party_entity``.

    The group is called by its shipped pattern, else by the body whose part the entity is or whose own name it bears, else by the
    entity. An own name of which several call themselves a group tells none.
    """
    engine.execute(
        f"""create or replace table party_group as with told as (select e.entity, min(k.parent) as parent,
        bool_or(k.heads) as heads,
        min(k.family) filter (k.family <> '') as family, min(k.stem) filter (k.stem <> '') as stem, max(k.region) as place
        from party_keyed k join party_entity e using (node) where not k.branch group by e.entity),
        every as (select distinct entity from party_entity),
        head as (select parent, min(entity) as head from (select k.parent, e.entity from party_keyed k join party_entity e
        using (node) where k.key = k.parent) group by parent),
        stem as (select stem, place, min(entity) as head from told where heads and stem <> '' and family is null
        group by stem, place having count(*) = 1),
        found as (select x.entity, t.family, h.head as whole, coalesce(s.head, n.head) as named from every x
        left join told t using (entity) left join head h on h.parent = t.parent
        left join stem s on s.stem = t.stem and s.place = t.place and t.place <> '' and not t.heads
        left join stem n on n.stem = t.stem and n.place = '' and not t.heads)
        select entity, coalesce(family, case when whole <> entity then whole end, named, entity) as "group",
        case when family is not null then 'pattern' when whole <> entity then 'part' when named is not null then 'stem'
        else 'self' end as method,
        case when family is not null then {PATTERN} when whole <> entity then {PART} when named is not null then {STEM}
        else 1.0 end as confidence from found"""
    )
