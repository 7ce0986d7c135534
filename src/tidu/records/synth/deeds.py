"""What synthetic bodies agree on beside filing: registered technology contracts, drawn by themselves, in words on the engine."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidu.records.synth.draws import Drawn, day
from tidu.records.synth.nation import Nation, told

if TYPE_CHECKING:
    import duckdb


def contracts(nation: Nation, chunk: int) -> Drawn:
    """The technology contracts that go with a chunk of applications: sellers of the nation's own cities, buyers of all.

    ``serial`` numbers them within the nation; amounts are in units of 10,000 yuan.
    """
    rng, share = nation.generator(2**33 + chunk), told()["share"]
    before = int(chunk * nation.chunk * share["contract"])
    size = int(min((chunk + 1) * nation.chunk, nation.rows) * share["contract"]) - before
    year = nation.year(np.minimum(np.arange(before, before + size) / share["contract"], nation.rows - 1).astype(np.int64))
    own = np.where(nation.own, nation.sizes, 0)
    seller = np.searchsorted(np.cumsum(own / own.sum()), rng.random(size) * (1 - 1e-12), side="right")
    buyer = np.searchsorted(np.cumsum(nation.sizes), rng.random(size) * (1 - 1e-12), side="right")
    buyer = np.where(rng.random(size) < share["transfer_elsewhere"], np.minimum(buyer, len(own) - 1), seller)
    amount = np.rint(np.exp(4 + 1.4 * rng.standard_normal(size))).astype(np.int64) + 1
    first = np.array([day(date(nation.first + at, 1, 1)) for at in range(nation.years)])
    return {
        "serial": before + np.arange(size, dtype=np.int64),
        "class": rng.integers(0, 5, size),
        "signed": first[year] + rng.integers(0, 365, size),
        "amount": amount,
        "technical": np.maximum(1, (amount * rng.uniform(0.5, 1, size)).astype(np.int64)),
        "seller": seller,
        "seller_body": np.floor(nation.firms[seller] * rng.random(size) ** 2.2).astype(np.int64),
        "buyer": buyer,
        "buyer_body": np.floor(nation.firms[buyer] * rng.random(size) ** 2.2).astype(np.int64),
    }


def compose(engine: duckdb.DuckDBPyConnection, made: Drawn) -> None:
    """Makes ``deed``: the contracts with names and places, in their order; amounts in yuan."""
    engine.register("signed", made)
    engine.execute(
        """create or replace temp table deed as select serial, d.class as class_at,
        strftime(on_day(signed), '%y') || left(s.code, 4) || '01' || lpad(cast(serial as varchar), 8, '0') as number,
        '虚构技术合同' || cast(serial + 1 as varchar) as title, on_day(signed) as signed, amount * 10000 as amount,
        technical * 10000 as technical, body_name(s.short, seller_body) as seller, s.code as seller_place,
        body_name(b.short, buyer_body) as buyer, b.code as buyer_place,
        pick(['电子信息', '先进制造', '新材料', '生物医药', '节能环保'], serial) as field
        from signed d join city s on s.id = d.seller join city b on b.id = d.buyer order by serial"""
    )
    engine.unregister("signed")
