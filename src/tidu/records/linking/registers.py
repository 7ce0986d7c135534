"""Registers beside the patents: technology contracts, other rights and firms, each once, with entities and cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench

#: The questions that registers ask.
PLACES = " union all ".join(
    f"select null as country, null as province, null as city, null as county, {place} as address, {code} as credit_code,"
    f" {year} as year from {table}"
    for table, place, code, year in (
        ("raw_contract", "seller_place", "null", "year(signed)"),
        ("raw_contract", "buyer_place", "null", "year(signed)"),
        ("raw_right", "place", "null", "year(coalesce(filed, registered))"),
        ("raw_firm", "place", "credit_code", "year(since)"),
    )
)
_NAME = (
    "select {name} as name, null as standard, {code} as credit_code, null as country, {type} as type, {place} as place from {table}"
)
_PLACED = "place_id(null, null, null, null, {place}, {code}, {year})"
NAMES = " union all ".join(
    _NAME.format(name=name, code=code, type=kind, place=_PLACED.format(place=place, code=code, year=year), table=table)
    for table, name, kind, place, code, year in (
        ("raw_contract", "seller", "seller_type", "seller_place", "null", "year(signed)"),
        ("raw_contract", "buyer", "buyer_type", "buyer_place", "null", "year(signed)"),
        ("raw_right", "parted(owner)[1]", "null", "place", "null", "year(coalesce(filed, registered))"),
        ("raw_firm", "name", "null", "place", "credit_code", "year(since)"),
    )
)


def _latest(table: str, key: str) -> str:
    """The rows of a table, of those with the same key the one of the latest load."""
    return f"(select * from {table} qualify row_number() over (partition by {key} order by load desc, record desc) = 1)"


def _asked(name: str, place: str, year: str, *, kind: str = "null", code: str = "null") -> tuple[str, str]:
    """The joins that answer who a name is and where a place is."""
    return (
        f"name_id({name}, null, {code}, null, {kind})",
        _PLACED.format(place=place, code=code, year=year),
    )


def registers(bench: Workbench) -> None:
    """Writes ``contract``, ``right`` and ``firm``: of rows with one number the one that was read last.

    Where no place is told, an entity has the city of most of its filings.
    """
    seller = _asked("c.seller", "c.seller_place", "year(c.signed)", kind="c.seller_type")
    buyer = _asked("c.buyer", "c.buyer_place", "year(c.signed)", kind="c.buyer_type")
    bench.finish(
        "contract",
        f"""select c.number, c.class, c.signed_day, c.amount, c.technical_amount,
        c.seller, s.entity as seller_entity, s."group" as seller_group, coalesce(sp.city, sm.city) as seller_city, c.seller_country,
        c.buyer, b.entity as buyer_entity, b."group" as buyer_group, coalesce(bp.city, bm.city) as buyer_city, c.buyer_country,
        c.field, c."right" from {_latest("raw_contract", "coalesce(number, load || '/' || record)")} c
        left join who s on s.id = {seller[0]} left join place sp on sp.id = {seller[1]} left join modal sm on sm.entity = s.entity
        left join who b on b.id = {buyer[0]} left join place bp on bp.id = {buyer[1]} left join modal bm on bm.entity = b.entity""",
    )
    owner = _asked("parted(r.owner)[1]", "r.place", "year(coalesce(r.filed, r.registered))")
    bench.finish(
        "right",
        f"""select r.number, r.kind, r.authority, r.name, r.owner, w.entity as owner_entity, coalesce(p.city, m.city) as city,
        r.filed_day, r.registered_day, r.expiry_day, r.classes, r.product
        from {_latest("raw_right", "coalesce(number, load || '/' || record), kind")} r left join who w on w.id = {owner[0]}
        left join place p on p.id = {owner[1]} left join modal m on m.entity = w.entity""",
    )
    firm = _asked("f.name", "f.place", "year(f.since)", code="f.credit_code")
    bench.finish(
        "firm",
        f"""select f.name, w.entity, coalesce(p.city, m.city) as city, f.type, f.since_day
        from {_latest("raw_firm", "name, type")} f left join who w on w.id = {firm[0]} left join place p on p.id = {firm[1]}
        left join modal m on m.entity = w.entity""",
    )
    for table, city in (("contract", "seller_city is null or buyer_city"), ("right", "city"), ("firm", "city")):
        bench.counts[f"{table}_without_city"] = bench.count(f'select count(*) from "linked_{table}" where {city} is null')
