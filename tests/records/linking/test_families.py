"""Families: numbered, by equal priorities, by any shared one; partitions whatever the claims; twins of one day."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.records.linking.conftest import Linking, Tables, written

CN = "201810000001"


def patent(appno: str, **more: object) -> dict[str, object]:
    return {"appno": appno, "authority": appno[:2] if appno[0].isalpha() else "CN", **more}


def claim(appno: str, office: str, number: str, day: str = "2018-01-04") -> dict[str, object]:
    return {"appno": appno, "authority": office, "number": number, "claimed": day}


def test_families_by_hand(linking: Linking) -> None:
    made = linking(
        (
            "lens",
            {
                "patent": [
                    patent(CN),
                    patent("US16000001"),
                    patent("EP19000001"),
                    patent("JP2019000001"),
                    patent("WOPCTCN2019000001"),
                    patent("201910000005"),
                ],
                "priority": [
                    claim("US16000001", "CN", "201810000001.3"),
                    claim("WOPCTCN2019000001", "CN", "CN201810000001"),
                    claim("EP19000001", "CN", "201810000001"),
                    claim("EP19000001", "US", "62600001"),
                    claim("JP2019000001", "US", "62600001"),
                ],
            },
        )
    )
    found = {one: (row["family"], row["family_extended"], row["family_offices"]) for one, row in made.dicts("application").items()}
    # CN, US and WO share the set {CN…1}; WO is no office; EP claims two, JP one of them
    assert found == {
        CN: (CN, CN, 2),
        "US16000001": (CN, CN, 2),
        "WOPCTCN2019000001": (CN, CN, 2),
        "EP19000001": ("EP19000001", CN, 1),
        "JP2019000001": ("JP2019000001", CN, 1),
        "201910000005": ("201910000005", "201910000005", 1),
    }
    assert (made.counts["families"], made.counts["families_extended"]) == (4, 2)


def test_a_number_of_docdb_comes_before_a_vendors_and_takes_in_equal_priorities(linking: Linking) -> None:
    made = linking(
        ("incopat", {"patent": [patent("EP19000001", family="7"), patent(CN, family="7")]}),
        (
            "epo_docdb",
            {
                "patent": [patent("EP19000001", family="100"), patent("US16000001", family="100")],
                "priority": [claim("EP19000001", "GB", "1800001")],
            },
        ),
        ("uspto_xml", {"patent": [patent("CA3000001")], "priority": [claim("CA3000001", "GB", "1800001")]}),
    )
    found = {one: row["family"] for one, row in made.dicts("application").items()}
    assert found == {"EP19000001": "docdb:100", "US16000001": "docdb:100", "CA3000001": "docdb:100", CN: "incopat:7"}


def test_priorities_of_the_us_in_docdbs_form_are_the_offices_own(linking: Linking) -> None:
    made = linking(
        (
            "espacenet",
            {
                "patent": [patent("US20000635047"), patent("EP01000001")],
                "priority": [
                    claim("EP01000001", "US", "63504700", "2000-08-04"),
                    claim("US20000635047", "US", "63504700", "2000-08-04"),
                ],
            },
        )
    )
    assert {row["family"] for row in made.dicts("application").values()} == {"EP01000001"}


NODES = [f"201810{at:06}" for at in range(12)]


@pytest.mark.slow
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    claims=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 14)), max_size=14),
    numbers=st.lists(st.one_of(st.none(), st.sampled_from("12")), min_size=12, max_size=12),
)
def test_families_are_partitions_and_the_extended_one_holds_the_simple_one(
    claims: list[tuple[int, int]], numbers: list[str | None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [patent(one, family=number) for one, number in zip(NODES, numbers, strict=True)]
    told = [claim(NODES[at], "CN", f"201810{to:06}") for at, to in claims]
    made = Tables(written(tmp_path_factory.mktemp("f"), [("incopat", {"patent": rows, "priority": told})]))
    found = made.dicts("application")
    assert set(found) == set(NODES)
    extended: dict[str, set[str]] = defaultdict(set)
    for row in found.values():
        extended[row["family"]].add(row["family_extended"])
    assert all(len(one) == 1 for one in extended.values())
    for at, to in claims:
        if to < 12:
            assert found[NODES[at]]["family_extended"] == found[NODES[to]]["family_extended"]
    for one, number in zip(NODES, numbers, strict=True):
        assert number is None or found[one]["family"] == f"incopat:{number}"


def test_twins_of_one_day(linking: Linking) -> None:
    def filed(appno: str, title: str, name: str, day: str = "2018-01-04") -> tuple[dict[str, object], dict[str, object]]:
        return patent(appno, title=title, filing=day), {"appno": appno, "role": "applicant", "seq": 1, "name": name}

    made_of = [
        filed("201810000001", "一种装置", "虚构甲（杭州）公司"),
        filed("201820000001", "一种 装置", "虚构甲(杭州)公司"),
        filed("201820000002", "一种装置", "虚构乙公司"),
        filed("201810000003", "方法及装置", "虚构丙公司"),
        filed("201820000003", "装置", "虚构丙公司"),
        filed("201810000004", "另一种", "虚构丁公司"),
        filed("201820000004", "另一种", "虚构丁公司", "2018-01-05"),
        filed("201810000005", "甲物", "虚构戊公司"),
        filed("201820000005", "乙物", "虚构戊公司"),
    ]
    event = {"appno": "201820000003", "code": "AV01", "published": "2020-01-01"}
    given_up = {"appno": "201820000003", "code": "AR01", "published": "2020-01-02"}
    made = linking(
        ("incopat", {"patent": [one for one, _ in made_of], "party": [one for _, one in made_of], "event": [event, given_up]})
    )
    found = {one: row["twin"] for one, row in made.dicts("application").items() if row["twin"]}
    assert found == {
        "201810000001": "201820000001",
        "201820000001": "201810000001",
        "201810000003": "201820000003",
        "201820000003": "201810000003",
    }
    assert made.counts["twins"] == 2
