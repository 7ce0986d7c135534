"""Names, addresses, titles: all of them say that they are made up, and a body is called the same wherever it occurs."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from tidu.engine import connect
from tidu.records.rules import RULES
from tidu.records.synth.texts import CREDIT, fault_of, prepare


def test_every_name_and_title_says_that_it_is_made_up(engine: duckdb.DuckDBPyConnection) -> None:
    silent = engine.sql(
        "select count(*) from told where not starts_with(title, '虚构') or not contains(applicant, '虚构')"
        " or not contains(coalesce(co_applicant, '虚构'), '虚构') or not contains(coalesce(transfer_taker, '虚构'), '虚构')"
        " or len(list_filter(inventor_names, lambda x: not contains(x, '虚构'))) > 0 "
        " or not contains(coalesce(agent, '虚构'), '虚构')"
    ).fetchall()
    assert silent == [(0,)]


def test_a_body_has_one_name_and_one_credit_code(engine: duckdb.DuckDBPyConnection) -> None:
    told = engine.sql(
        "select count(distinct (city, body)), count(distinct applicant), count(distinct credit_code),"
        " count(distinct case when credit_code is not null then applicant end)"
        " from told where person = 0 and abroad < 0"
    ).fetchall()[0]
    assert told[0] == told[1] > 500 and told[2] == told[3] > 200


def test_credit_codes_have_the_check_letter_of_the_standard(engine: duckdb.DuckDBPyConnection) -> None:
    """GB 32100-2015: the sum of values weighted by powers of 3, modulo 31; the whole is 0 with the check letter."""
    codes = [row[0] for row in engine.sql("select distinct credit_code from told where credit_code is not null").fetchall()]
    for code in codes:
        assert len(code) == 18
        total = sum(CREDIT.index(letter) * pow(3, at, 31) for at, letter in enumerate(code[:17]))
        assert CREDIT.index(code[17]) == (31 - total % 31) % 31
    form = next(rule for rule in RULES if rule.code == "credit_code_form")
    wrong = engine.sql(f"select count(*) from told where {form.broken}").fetchall()
    assert wrong == [(0,)]


@pytest.mark.parametrize(
    ("dirt", "address"),
    [
        (0, "浙江省杭州市虚构区南京路3号"),
        (6000, "杭州市南京路3号"),
        (7500, "杭州虚构工业园区南京路3号"),
        (7700, "100002 浙江省杭州市南京路3号"),
        (8100, "浙江杭州虚构区南京路3号"),
        (8500, "浙江省杭州市南京路３号"),
        (9000, "杭州市南京路3号"),
        (9300, "No.3 Fictitious Road, Hangzhou, Zhejiang, China"),
        (9500, "南京路3号虚构大厦"),
        (9800, "虚构园区内"),
        (9900, None),
    ],
)
def test_addresses_are_written_in_many_ways(engine: duckdb.DuckDBPyConnection, dirt: int, address: str | None) -> None:
    found = engine.execute(
        "select address_of(province, name, short, english, province_english, 2, ?) from city where code = '330100'", [dirt]
    ).fetchall()
    assert found == [(address,)]


def test_a_municipality_is_not_said_twice(engine: duckdb.DuckDBPyConnection) -> None:
    found = engine.execute("select inside(province, name), bare(province) from city where code = '310000'").fetchall()
    assert found == [("上海市", "上海")]


def test_designs_have_no_symbols_and_others_have_a_main_one(engine: duckdb.DuckDBPyConnection) -> None:
    form = next(rule for rule in RULES if rule.code == "ipc_form")
    found = engine.sql(
        "select count(*) filter ((len(symbols) = 0) <> (type = 3)), count(*) filter (len(list_distinct(symbols)) <> len(symbols))"
        " from told"
    ).fetchall()
    assert found == [(0, 0)]
    assert engine.sql(
        f"select count(*) from (select 'ipc' as scheme, unnest(symbols) as symbol from told) where {form.broken}"
    ).fetchall() == [(0,)]


def test_faults_are_bounds_of_a_draw() -> None:
    draws = np.arange(10_000)
    found = np.bincount(fault_of({"fault": draws}), minlength=6)
    assert found.tolist() == [9390, 500, 20, 20, 50, 20]


def test_macros_of_letters_by_time() -> None:
    engine = connect()
    prepare(engine)
    # 2010-04-06 and 2010-04-07 are days 14705 and 14706
    found = engine.execute(
        "select letter_of(1, true, 14705), letter_of(1, true, 14706), letter_of(2, true, 14705), letter_of(3, true, 14706),"
        " letter_of(1, false, -1), published_number(42, 2), kind_name(8)"
    ).fetchall()
    assert found == [("C", "B", "Y", "S", "A", "200000042", "invention")]
