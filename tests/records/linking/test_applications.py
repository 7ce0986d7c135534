"""Applications: the latest word, the earliest day, kinds and grants by the codes of their time, whatever the order of loads."""

from __future__ import annotations

from tests.records.linking.conftest import Linking, Load

A, U, OLD, EARLY = "201010000001", "201020000002", "98100001", "88100001"
#: Synthetic: the application as published, then as granted, each a load of its own.
PUBLISHED: Load = (
    "cnipa_xml",
    {
        "patent": [
            {
                "appno": A,
                "authority": "CN",
                "title": "装置",
                "filing": "2010-01-04",
                "earliest_priority": "2009-01-05",
                "first_publication": "2011-07-06",
                "claims": 12,
            }
        ],
        "publication": [{"appno": A, "authority": "CN", "number": "102000001", "kind": "A", "published": "2011-07-06"}],
        "class": [
            {"appno": A, "scheme": "ipc", "symbol": "A61N5/00", "seq": 1},
            {"appno": A, "scheme": "ipc", "symbol": "G06F1/00", "seq": 2},
            {"appno": A, "scheme": "cpc", "symbol": "A61N5/06", "seq": 1},
        ],
    },
)
GRANTED: Load = (
    "cnipa_xml",
    {
        "patent": [
            {
                "appno": A,
                "authority": "CN",
                "title": "一种装置",
                "filing": "2010-01-04",
                "earliest_priority": "2010-01-04",
                "claims": 9,
            }
        ],
        "publication": [{"appno": A, "authority": "CN", "number": "102000001", "kind": "B", "published": "2013-05-01"}],
        "class": [
            {"appno": A, "scheme": "ipc", "symbol": "G06F1/00", "seq": 1},
            {"appno": A, "scheme": "ipc", "symbol": "G06F1/00", "seq": 4},
        ],
    },
)
OTHERS: Load = (
    "cnipr",
    {
        "patent": [
            {"record": 1, "appno": U, "authority": "CN", "kind": "invention", "filing": "2010-02-01"},
            {"record": 2, "appno": OLD, "authority": "CN", "filing": "1998-01-05"},
            {"record": 3, "appno": EARLY, "authority": "CN", "filing": "1988-01-05"},
            {"record": 4, "appno": "EP10000001", "authority": "EP", "filing": "2010-01-05", "kind": "invention"},
            {"record": 5, "appno": "US13000001", "authority": "US", "kind": "plant", "filing": "2011-01-05"},
            {"record": 6, "appno": "P:1", "authority": "CN", "provisional": True, "title": "无号", "filing": "2011-01-05"},
        ],
        "publication": [
            {"record": 1, "appno": U, "authority": "CN", "number": "201000002", "kind": "U", "published": "2010-12-01"},
            {"record": 2, "appno": OLD, "authority": "CN", "number": "1100001", "kind": "C", "published": "2001-04-04"},
            {"record": 3, "appno": EARLY, "authority": "CN", "number": "1000001", "kind": "B", "published": "1990-04-04"},
            {"record": 4, "appno": "EP10000001", "authority": "EP", "number": "2000001", "kind": "B1", "published": "2014-01-08"},
            {"record": 4, "appno": "EP10000001", "authority": "EP", "number": "2000001", "kind": "A1", "published": "2011-07-06"},
            {
                "record": 5,
                "appno": "US13000001",
                "authority": "US",
                "number": "20120000001",
                "kind": "A1",
                "published": "2012-01-05",
            },
            {"record": 7, "appno": "US12000009", "authority": "US", "number": "8000009", "kind": "B2", "published": "2011-08-16"},
        ],
        "event": [{"record": 8, "appno": "US13000001", "code": "assignment", "effective": "2012-02-02"}],
    },
)


def test_one_row_an_application_whatever_the_order_of_loads(linking: Linking) -> None:
    one, two = linking(PUBLISHED, GRANTED, OTHERS), linking(OTHERS, GRANTED, PUBLISHED)
    assert one.dicts("application") == two.dicts("application")
    assert one.rows("select * from class order by all") == two.rows("select * from class order by all")
    found = one.dicts("application")[A]
    told = {key: str(found[key]) for key in ("title", "filing", "earliest_priority", "first_publication", "granted", "claims")}
    assert told == {
        "title": "一种装置",
        "filing": "2010-01-04",
        "earliest_priority": "2009-01-05",
        "first_publication": "2011-07-06",
        "granted": "2013-05-01",
        "claims": "9",
    }
    assert (found["kind"], found["route"], found["documents"]) == ("invention", "national", 2)
    # of IPC the later document's alone, once; of CPC that of the only document that tells any
    assert one.rows(f"select scheme, symbol, seq from class where appno = '{A}' order by all") == [
        ("cpc", "A61N5/06", 1),
        ("ipc", "G06F1/00", 1),
    ]


def test_kinds_and_grants_by_number_letter_and_time(linking: Linking) -> None:
    made = linking(OTHERS)
    found = {appno: (row["kind"], str(row["granted"])) for appno, row in made.dicts("application").items()}
    assert found == {
        U: ("utility_model", "2010-12-01"),
        OLD: ("invention", "2001-04-04"),
        EARLY: ("invention", "None"),
        "EP10000001": ("invention", "2014-01-08"),
        "US13000001": (None, "None"),
        "US12000009": ("invention", "2011-08-16"),
        "P:1": (None, "None"),
    }
    counts = {key: made.counts[key] for key in ("applications", "kind_unknown", "filing_unknown", "provisional", "filing_differs")}
    assert counts == {"applications": 7, "kind_unknown": 2, "filing_unknown": 1, "provisional": 1, "filing_differs": 0}


def test_a_printed_grant_comes_before_publication_and_event_and_dates_that_differ_are_counted(linking: Linking) -> None:
    printed = {"appno": A, "authority": "CN", "filing": "2010-01-04", "granted": "2013-04-30"}
    only_event = {"record": 2, "appno": U, "authority": "CN", "filing": "2010-01-04"}
    event = {"record": 3, "appno": U, "code": "GR01", "published": "2011-01-05"}
    made = linking(
        GRANTED, ("incopat", {"patent": [printed, only_event, {**only_event, "filing": "2010-01-05"}], "event": [event]})
    )
    found = {appno: str(row["granted"]) for appno, row in made.dicts("application").items()}
    assert found == {A: "2013-04-30", U: "2011-01-05"} and made.counts["filing_differs"] == 1
