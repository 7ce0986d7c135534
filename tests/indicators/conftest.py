"""Linked tables of synthetic rows, written as linking writes them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tidu.engine import connect, named, quoted
from tidu.records.linked import ACCOUNT, FORM, LINKED, OPEN

_TYPES = {"text": pa.string(), "date": pa.date32(), "whole": pa.int64(), "number": pa.float64(), "flag": pa.bool_()}
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def put(folder: Path, tables: Rows) -> Path:
    """Linked tables written into a folder, with their account; the day of each date is added, an open end is the last day."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = connect()
    for name, rows in tables.items():
        own = LINKED[name]
        for row in rows:
            assert not set(row) - set(own.names), set(row) - set(own.names)
        schema = pa.schema([(one.name, _TYPES[one.kind]) for one in own.columns])
        engine.register("t", pa.Table.from_pylist([dict(row) for row in rows], schema))
        chosen = []
        for one in own.columns:
            chosen.append(named(one.name))
            if one.kind == "date":
                span = f"cast(date_diff('day', date '1970-01-01', {named(one.name)}) as integer)"
                span = f"coalesce({span}, {OPEN})" if one.name == "to" else span
                chosen.append(f"cast({span} as integer) as {named(one.name + '_day')}")
        path = folder / f"{name}.parquet"
        engine.execute(f"copy (select {', '.join(chosen)} from t) to {quoted(str(path))} (format parquet)")
    counts = {name: len(tables.get(name, ())) for name in LINKED}
    told = {"form": FORM, "loads": [], "vintage": 2024, "methods": {}, "counts": counts}
    (folder / ACCOUNT).write_text(json.dumps(told), encoding="utf-8")
    return folder


CITIES = ("330100", "330200", "320500", "610100", None)
#: Symbols whose beginnings the table below knows, but for the last.
SYMBOLS = ("G06F1/00", "G06F9/44", "H04N5/225", "H04N7/18", "A61N5/00", "A61K8/02", "C07K16/18", "G16Y1/00")
FIELDS = {"symbol": ["G06F", "H04N", "H04N5/", "A61", "A61K", "C07 %"], "field": ["6", "2", "3", "13", "16", "14"]}
SUPPLIED: dict[str, Any] = {
    "award": {"appno": ["A0003", "A0007", "A0011"], "year": [2018, None, 2022]},
    "emerging": {"symbol": ["G06F9", "A61N"], "industry": ["1", "4"]},
    "fields": FIELDS,
    "industries": {"symbol": ["G06F", "G06F", "A61N", "H04"], "industry": ["3911", "6510", "3581", "3919"]},
    "intensive": {"industry": ["39", "3581"]},
    "cases": {
        "key": ["c1", "c2", "c3"],
        "unit": ["330100", "330100", "610100"],
        "accepted": [2019, 2020, 2020],
        "closed": [2020, None, 2021],
    },
    "services_abroad": {"key": ["s1", "s2"], "unit": ["330100", "330200"], "year": [2019, 2020]},
    "indication_users": {
        "key": ["u1", "u2", "u1"],
        "unit": ["330100", "610100", "330100"],
        "year": [2019, 2019, 2020],
        "value": [1.5, None, 2.25],
    },
}


def made_up(count: int = 60, seed: int = 7) -> dict[str, list[dict[str, Any]]]:
    """Synthetic rows of every linked table: ``count`` applications with all that hangs on them."""
    draw = random.Random(seed)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in LINKED}
    born = {}
    for at in range(count):
        appno, kind = f"A{at:04}", draw.choice(["invention"] * 4 + ["utility_model", "design"])
        filing = date(2012, 1, 1) + timedelta(days=draw.randrange(3200))
        published = filing + timedelta(days=draw.randrange(90, 540))
        granted = published + timedelta(days=draw.randrange(1, 900)) if draw.random() < 0.7 else None
        born[appno] = published
        rows["application"].append(
            {
                "appno": appno,
                "authority": "CN",
                "kind": kind,
                "route": draw.choice(["national", "national", "international"]),
                "title": f"虚构 {at}",
                "filing": filing,
                "earliest_priority": filing - timedelta(days=draw.choice([0, 0, 200])),
                "first_publication": published,
                "granted": granted,
                "claims": draw.choice([None, 1, 5, 9, 10]),
                "family": f"F{at // 2 if draw.random() < 0.3 else at}",
                "family_offices": draw.choice([1, 1, 1, 3]),
                "ended": granted + timedelta(days=700) if granted and at % 5 == 0 else None,
            }
        )
        people = draw.randrange(0, 4)
        for seq in range(1, people + 1):
            city = draw.choice(CITIES)
            abroad = city is None and draw.random() < 0.5
            rows["party"].append(
                {
                    "appno": appno,
                    "role": "applicant",
                    "seq": seq,
                    "name": f"虚构 {at % 9}-{seq}",
                    "entity": f"e{(at + seq) % 9}",
                    "group": f"g{(at + seq) % 5}",
                    "type": draw.choice(["company", "university", "institute", "person", None]),
                    "country": "US" if abroad else "CN",
                    "city": city,
                    "city_then": draw.choice(CITIES),
                }
            )
            rows["party"].append({"appno": appno, "role": "inventor", "seq": seq, "name": "张三", "city": draw.choice(CITIES)})
        for seq, symbol in enumerate(draw.sample(SYMBOLS, draw.randrange(0, 4)), 1):
            rows["class"].append({"appno": appno, "scheme": "ipc", "symbol": symbol, "seq": seq})
        if at % 11 == 0:
            rows["class"].append({"appno": appno, "scheme": "emerging", "symbol": "1.2", "seq": 1})
        if granted:
            ends = granted + timedelta(days=700) if at % 5 == 0 else None
            rows["state"].append({"appno": appno, "state": "in_force", "from": granted, "to": ends})
            if at % 4 == 0:
                rows["state"].append({"appno": appno, "state": "pledged", "from": granted + timedelta(days=30), "to": ends})
        for seq in range(1, min(people, 2) + 1):
            turn = filing + timedelta(days=900)
            rows["owner"].append(
                {"appno": appno, "seq": seq, "name": "虚构", "city": draw.choice(CITIES), "from": filing, "to": turn}
            )
            rows["owner"].append(
                {"appno": appno, "seq": seq, "name": "虚构", "city": draw.choice(CITIES), "country": "CN", "from": turn}
            )
        for seq, meaning in enumerate(draw.sample(["transfer", "licence", "pledge", "open_licence", "grant"], 3), 1):
            day = published + timedelta(days=draw.randrange(0, 1500))
            rows["event"].append(
                {
                    "appno": appno,
                    "seq": seq,
                    "meaning": meaning,
                    "effective": day if draw.random() < 0.6 else None,
                    "published": day + timedelta(days=20),
                    "contract": f"Y{at // 3}" if meaning in ("pledge", "licence") and draw.random() < 0.8 else None,
                    "giver": "虚构甲公司",
                    "giver_entity": draw.choice([None, f"e{at % 9}"]),
                    "giver_group": draw.choice([None, f"g{at % 4}"]),
                    "giver_city": draw.choice(CITIES),
                    "taker": "虚构乙公司",
                    "taker_group": draw.choice([None, f"g{at % 3}"]),
                    "taker_city": draw.choice((*CITIES, None)),
                    "taker_country": draw.choice(["CN", "US", "US", None]),
                    "amount": draw.choice([None, 1e6, 2.5e7, 333.33]) if meaning == "pledge" else None,
                }
            )
        for seq in range(1, draw.randrange(0, 5)):
            other = f"A{draw.randrange(count):04}"
            found = draw.random() < 0.8
            rows["citation"].append(
                {
                    "appno": appno,
                    "seq": seq,
                    "cited": f"CN{other}A",
                    "cited_appno": other if found else None,
                    "published": published,
                }
                if draw.random() < 0.8
                else {"appno": appno, "seq": seq, "literature": "虚构文献", "published": published}
            )
        rows["contract"].append(
            {
                "number": f"C{at}" if at % 13 else None,
                "class": draw.choice(["development", "service", "licence"]),
                "signed": filing,
                "amount": draw.choice([None, 12.34, 5e5]),
                "technical_amount": draw.choice([None, 10.0]),
                "seller": "虚构甲公司",
                "seller_group": draw.choice([None, "g1"]),
                "seller_city": draw.choice(CITIES),
                "seller_country": draw.choice(["CN", "DE"]),
                "buyer": "虚构乙公司",
                "buyer_group": draw.choice([None, "g1", "g2"]),
                "buyer_city": draw.choice(CITIES),
                "buyer_country": draw.choice(["CN", "DE", None]),
            }
        )
        kind = draw.choice(["trade_mark", "geographical_indication", "plant_variety", "layout_design", "software"])
        expiry = filing + timedelta(days=3650) if at % 2 else None
        rows["right"].append(
            {"number": f"R{at}", "kind": kind, "city": draw.choice(CITIES), "registered": filing, "expiry": expiry}
        )
        kind = draw.choice(["patent_agency", "trade_mark_agency", "high_tech"])
        since = filing if at % 3 else None
        rows["firm"].append({"name": f"虚构{at}", "entity": f"e{at}", "city": draw.choice(CITIES), "type": kind, "since": since})
    return rows


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Linked tables of synthetic rows of every kind."""
    return put(tmp_path_factory.mktemp("nation") / "linked", made_up())
