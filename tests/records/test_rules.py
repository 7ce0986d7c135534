"""Every rule finds what it is for and passes what is right; each has its sentence in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.engine import connect
from tidu.records.numbers import check_digit
from tidu.records.rules import FAULTS, RULES, check_digit_sql, reasons, rules_of, severity
from tidu.records.schema import TABLES

RIGHT = {
    "patent": {
        "appno": "201510481495.9",
        "authority": "CN",
        "kind": "invention",
        "title": "t",
        "filing": "2015-08-07",
        "claims": "3",
    },
    "party": {"appno": "201510481495", "name": "甲公司", "credit_code": "91350200MA2XRE4H00", "country": "CN"},
    "class": {"appno": "201510481495", "scheme": "ipc", "symbol": "C07K16/18"},
    "publication": {"appno": "201510481495", "number": "115212463", "published": "2022-10-21"},
    "event": {"appno": "201510481495.9", "code": "PE01", "effective": "2020-01-01", "amount": "1e6"},
    "contract": {
        "number": "2021330102000001",
        "class": "licence",
        "amount": "5",
        "technical_amount": "4",
        "signed": "2020-02-29",
        "seller_place": "330100",
        "buyer_place": "浙江省",
    },
    "priority": {"appno": "201510481495"},
    "citation": {"appno": "201510481495"},
    "alias": {"appno": "201510481495", "other": "x"},
    "person": {"person": "1"},
    "right": {
        "kind": "trade_mark",
        "number": "1",
        "name": "n",
        "owner": "甲公司",
        "filed": "2019-01-01",
        "registered": "2020-01-01",
        "expiry": "2030-01-01",
    },
    "firm": {"name": "甲公司", "credit_code": "91350200MA2XRE4H00", "since": "2020-01-01"},
}
WRONG: dict[str, list[dict[str, str | None]]] = {
    "no_key": [{"appno": None}],
    "number_form": [{"appno": "2015104814959"}, {"appno": "US123"}],
    "check_digit_wrong": [{"appno": "201510481495.8"}, {"appno": "98103456.6"}],
    "filing_unreadable": [{"filing": "2015-02-30"}, {"filing": "soon"}],
    "filing_lacking": [{"filing": None}],
    "filing_too_early": [{"filing": "1985-03-31"}],
    "publication_unreadable": [{"first_publication": "x"}],
    "grant_unreadable": [{"granted": "x"}],
    "priority_unreadable": [{"earliest_priority": "x"}],
    "publication_before_filing": [{"first_publication": "2015-08-06"}],
    "grant_before_filing": [{"granted": "2015-08-06"}],
    "priority_after_filing": [{"earliest_priority": "2015-08-08"}],
    "priority_too_early": [{"earliest_priority": "2012-01-01"}],
    "year_differs": [{"filing": "2016-01-01"}],
    "kind_unknown": [{"kind": "plant"}],
    "title_lacking": [{"title": None}],
    "claims_unreadable": [{"claims": "-1"}, {"claims": "many"}],
    "expiry_unreadable": [{"expiry": "2015"}],
    "provisional_key": [{"provisional": "true"}],
    "check_digit_lacking": [{"appno": "201510481495"}],
    "name_lacking": [{"name": None}],
    "name_of_one_letter": [{"name": "甲"}],
    "credit_code_form": [{"credit_code": "9135"}],
    "country_form": [{"country": "China"}],
    "publication_number_lacking": [{"number": None}],
    "publication_date_unreadable": [{"published": "x"}],
    "ipc_form": [{"symbol": "C07K16-18"}],
    "event_number_lacking": [{"appno": None}],
    "event_number_form": [{"appno": "2015104814959"}, {"appno": "2.0151E+11"}],
    "event_check_digit_wrong": [{"appno": "201510481495.8"}],
    "event_code_lacking": [{"code": None}],
    "event_date_unreadable": [{"effective": "x"}],
    "event_date_lacking": [{"effective": None}],
    "amount_unreadable": [{"amount": "1万"}],
    "contract_number_lacking": [{"number": None}],
    "contract_number_form": [{"number": "1"}, {"number": "202133010200001"}],
    "contract_amount_lacking": [{"amount": None}],
    "contract_class_unknown": [{"class": "技术入股"}],
    "class_before_civil_code": [{"class": "transfer", "signed": "2020-12-31"}],
    "place_code_form": [{"seller_place": "33010"}, {"buyer_place": "3"}],
    "party_number_lacking": [{"appno": None}],
    "publication_application_lacking": [{"appno": None}],
    "class_number_lacking": [{"appno": None}],
    "priority_number_lacking": [{"appno": None}],
    "citation_number_lacking": [{"appno": None}],
    "alias_lacking": [{"appno": None}, {"other": None}],
    "person_number_lacking": [{"person": None}],
    "right_key_lacking": [{"number": None, "name": None}],
    "right_number_lacking": [{"number": None}],
    "right_kind_unknown": [{"kind": None}, {"kind": "商标"}],
    "right_owner_lacking": [{"owner": None}],
    "right_filed_unreadable": [{"filed": "x"}],
    "right_registered_unreadable": [{"registered": "x"}],
    "right_expiry_unreadable": [{"expiry": "x"}],
    "registered_before_filed": [{"registered": "2018-12-31"}],
    "firm_name_lacking": [{"name": None}],
    "firm_credit_code_form": [{"credit_code": "9135"}],
    "firm_since_unreadable": [{"since": "x"}],
    "contract_amount_unreadable": [{"amount": "five"}],
    "contract_amount_negative": [{"amount": "-1"}],
    "technical_above_whole": [{"technical_amount": "6"}],
    "signed_unreadable": [{"signed": "2021-02-29"}],
}


def broken(table: str, row: dict[str, str | None]) -> set[str]:
    columns = ", ".join(f'cast(? as varchar) as "{name}"' for name in TABLES[table].names)
    checks = ", ".join(rule.broken for rule in rules_of(table))
    found = (
        connect().execute(f"select {checks} from (select {columns})", [row.get(name) for name in TABLES[table].names]).fetchall()[0]
    )
    return {rule.code for rule, one in zip(rules_of(table), found, strict=True) if one}


@pytest.mark.parametrize("table", RIGHT)
def test_a_right_row_breaks_nothing(table: str) -> None:
    assert broken(table, dict(RIGHT[table])) == set()


@pytest.mark.parametrize("code", [rule.code for rule in RULES if rule.code in WRONG])
def test_a_rule_finds_what_it_is_for(code: str) -> None:
    rule = next(rule for rule in RULES if rule.code == code)
    for wrong in WRONG[code]:
        assert code in broken(rule.table, {**RIGHT[rule.table], **wrong}), wrong


def test_every_rule_has_its_test_and_its_sentence() -> None:
    assert len(RULES) >= 20
    assert set(reasons()) == {rule.code for rule in RULES} | set(FAULTS)
    assert all(set(one) == {"zh", "en"} and all(one.values()) for one in reasons().values())
    assert {rule.code for rule in RULES if rule.table in RIGHT} <= set(WRONG)
    assert {severity(rule.code) for rule in RULES} == {"error", "warn", "info"}


@given(st.from_regex(r"(20\d\d1\d{7}|9[0-9]2\d{5})", fullmatch=True).filter(str.isascii))
def test_the_engine_and_python_agree_on_check_digits(digits: str) -> None:
    assert connect().sql(f"select {check_digit_sql(repr(digits))}").fetchall() == [(check_digit(digits),)]
