"""Little linked tables, made up by hand (synthetic), and every engine on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.indicators.conftest import put

from tidu.engine.choice import ENGINES, open_engine
from tidu.engine.port import Engine
from tidu.indicators.measures.definition import Measure, Rule
from tidu.indicators.measures.records import Records

D = date.fromisoformat
Rows = list[tuple[str, int, str, int]]


def span(appno: str, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    return {"appno": appno, "from": D(start), "to": None if end is None else D(end), **more}


def applicant(appno: str, seq: int, city: str | None, kind: str = "company", country: str = "CN", **more: Any) -> dict[str, Any]:
    return {
        "appno": appno,
        "role": "applicant",
        "seq": seq,
        "name": f"{kind}{seq}",
        "type": kind,
        "city": city,
        "country": country,
    } | more


def event(appno: str, seq: int, meaning: str, effective: str, **more: Any) -> dict[str, Any]:
    return {"appno": appno, "seq": seq, "meaning": meaning, "effective": D(effective), **more}


HZ, NB, SH = "330100", "330200", "310000"
LITTLE: dict[str, list[dict[str, Any]]] = {
    "application": [
        {
            "appno": "1",
            "authority": "CN",
            "kind": "invention",
            "route": "national",
            "title": "甲",
            "filing": D("2010-01-01"),
            "earliest_priority": D("2009-06-01"),
            "first_publication": D("2011-07-01"),
            "granted": D("2012-05-05"),
            "family": "f",
            "family_offices": 2,
        },
        {
            "appno": "2",
            "authority": "WO",
            "kind": "invention",
            "route": "international",
            "filing": D("2010-05-01"),
            "earliest_priority": D("2009-06-01"),
            "first_publication": D("2011-12-01"),
            "family": "f",
            "family_offices": 2,
        },
        {
            "appno": "3",
            "authority": "CN",
            "kind": "utility_model",
            "route": "national",
            "filing": D("2020-03-01"),
            "earliest_priority": D("2020-03-01"),
            "first_publication": D("2020-09-09"),
            "granted": D("2020-09-09"),
            "family": "3",
            "family_offices": 1,
        },
        {
            "appno": "4",
            "authority": "CN",
            "kind": "invention",
            "route": "national",
            "filing": D("2010-02-01"),
            "earliest_priority": D("2010-02-01"),
            "first_publication": D("2011-08-01"),
            "family": "4",
            "family_offices": 1,
        },
    ],
    "party": [
        applicant("1", 1, HZ, city_then=NB),
        applicant("1", 2, NB, "university"),
        applicant("1", 3, HZ, "institute"),
        {"appno": "1", "role": "inventor", "seq": 1, "name": "张三", "type": "person", "city": SH, "country": "CN"},
        applicant("2", 1, None, country="US"),
        applicant("3", 1, HZ, "person", name="李四"),
        applicant("4", 1, None),
    ],
    "class": [{"appno": "1", "scheme": "emerging", "symbol": "1.1", "seq": 1}],
    "state": [
        span("1", "2012-05-05", state="in_force"),
        span("3", "2020-09-09", "2021-12-31", state="in_force"),
        span("3", "2020-10-01", state="pledged", contract="P1"),
    ],
    "owner": [
        span("1", "2010-01-01", "2015-01-01", seq=1, city=HZ, country="CN"),
        span("1", "2015-01-01", seq=1, city=SH, country="CN"),
        span("1", "2015-01-01", seq=2, city=HZ, country="CN"),
        span("3", "2020-03-01", seq=1, city=HZ, country="CN"),
    ],
    "event": [
        {
            "appno": "1",
            "seq": 1,
            "meaning": "transfer",
            "effective": D("2015-01-01"),
            "giver_city": HZ,
            "taker_city": SH,
            "giver_group": "a",
            "taker_group": "b",
        },
        {
            "appno": "3",
            "seq": 1,
            "meaning": "transfer",
            "published": D("2021-01-01"),
            "giver_city": HZ,
            "taker_city": HZ,
            "giver_group": "a",
            "taker_group": "a",
        },
        event("1", 2, "pledge", "2020-10-01", contract="P1", giver_city=HZ, amount=100.25),
        event("3", 2, "pledge", "2020-10-01", contract="P1", giver_city=HZ, amount=100.25),
        event("1", 3, "licence", "2016-01-01", contract="L1", giver_city=HZ, taker_country="US"),
        event("1", 4, "open_licence", "2021-02-02", giver_city=SH),
    ],
    "contract": [
        {
            "number": "c1",
            "class": "service",
            "signed": D("2020-01-01"),
            "amount": 10.25,
            "seller_city": HZ,
            "buyer_city": SH,
            "seller_group": "a",
            "buyer_group": "b",
        },
        {
            "number": "c2",
            "class": "licence",
            "signed": D("2020-06-01"),
            "amount": 5.5,
            "seller_city": HZ,
            "buyer_city": HZ,
            "seller_group": "a",
            "buyer_group": "a",
        },
        {"number": "c3", "class": "service", "signed": D("2020-07-01"), "seller_city": None, "buyer_country": "DE"},
    ],
    "right": [
        {"number": "t1", "kind": "trade_mark", "city": HZ, "registered": D("2020-01-01")},
        {"number": "g1", "kind": "geographical_indication", "city": NB, "registered": D("2021-01-01")},
        {"number": "v1", "kind": "plant_variety", "city": NB, "registered": D("2021-01-01")},
        {"number": "l1", "kind": "layout_design", "city": NB, "registered": D("2021-01-01")},
        {"number": "s1", "kind": "software", "city": None, "registered": D("2021-01-01")},
    ],
    "firm": [
        {"name": "甲", "type": "patent_agency", "city": HZ, "since": D("2019-06-01")},
        {"name": "乙", "type": "high_tech", "city": HZ, "since": D("2021-06-01")},
        {"name": "丙", "type": "trade_mark_agency", "city": NB},
    ],
}


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("linked"), LITTLE)


@pytest.fixture(scope="session", params=[pytest.param(one, marks=pytest.mark.slow if one == "spark" else ()) for one in ENGINES])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Every engine in turn."""
    made = open_engine(request.param, threads=2)
    yield made
    made.close()


@pytest.fixture(scope="session")
def records(engine: Engine, little: Path) -> Records:
    return Records(engine, little, {"award": {"appno": ["4"], "year": [None]}})


Ask = Callable[..., Rows]


@pytest.fixture(scope="session")
def ask(records: Records) -> Ask:
    """The contributions of a measure by a rule, in order."""

    def asked(measure: Measure | str, first: int = 2009, last: int = 2022, **rule: Any) -> Rows:
        from tidu.indicators.measures.catalogue import measure_of

        one = measure_of(measure) if isinstance(measure, str) else measure
        rule.setdefault("clock", one.clock)
        own = Rule(first, last, **rule)
        cells = records.engine.collect(one.make(records, one.settle(records, own) if one.settle else own))
        return sorted(zip(cells["unit"], cells["period"], cells["key"], cells["share"], strict=True))

    return asked
