"""Fields of applications by hand on made-up rows (synthetic)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.indicators.conftest import SUPPLIED, put
from tests.indicators.measures.conftest import HZ, NB, D, applicant

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.fields import UNMAPPED, advantage_in, by_field, concentrated, parts, related, specialised
from tidu.indicators.measures.records import Records

ONE = 10**9


def records(folder: Path, classes: dict[str, list[str]]) -> Records:
    rows: dict[str, list[dict[str, Any]]] = {
        "application": [{"appno": one, "kind": "invention", "filing": D("2020-01-01")} for one in classes],
        "party": [row for one in classes for row in (applicant(one, 1, HZ), applicant(one, 2, NB))],
        "class": [
            {"appno": one, "scheme": "ipc", "symbol": symbol, "seq": seq}
            for one, symbols in classes.items()
            for seq, symbol in enumerate(symbols, 1)
        ],
    }
    return Records(open_engine(), put(folder, rows), SUPPLIED)


def cells(found: Records, rule: Rule) -> set[tuple[str, str, str, int]]:
    made = found.engine.collect(by_field(found, rule))
    return set(zip(made["unit"], made["key"], made["part"], made["share"], strict=True))


def test_by_the_main_symbol_or_evenly_by_all(tmp_path: Path) -> None:
    found = records(tmp_path, {"1": ["G06F1/00", "H04N5/225", "H04N7/18", "G16Y1/00"], "2": []})
    assert cells(found, Rule(2020, 2020)) == {(HZ, "1", "6", ONE), (HZ, "2", UNMAPPED, ONE)}
    quarter = ONE // 4
    assert cells(found, Rule(2020, 2020, symbols="all")) == {
        (HZ, "1", "6", quarter),
        (HZ, "1", "3", quarter),
        (HZ, "1", "2", quarter),
        (HZ, "1", UNMAPPED, quarter),
        (HZ, "2", UNMAPPED, ONE),
    }
    both = cells(found, Rule(2020, 2020, symbols="all", counting="fractional_applicant"))
    assert (NB, "1", "2", quarter // 2) in both and sum(row[3] for row in both) == 2 * ONE


def test_the_share_of_what_the_table_knows_and_of_one_field(tmp_path: Path) -> None:
    found = records(tmp_path, {"1": ["G06F1/00", "G16Y1/00"], "2": ["A61N5/00"], "3": ["G16Y1/00"]})
    rule = Rule(2020, 2020, symbols="all", field="6")
    made = found.engine.collect(measure_of("mapped_share").make(found, rule))
    assert sum(made["share"]) == ONE // 2 + ONE
    assert found.engine.collect(measure_of("field_filings").make(found, rule))["share"] == [ONE // 2]


def test_industries_that_are_intensive(tmp_path: Path) -> None:
    """G06F is of industries 3911 and 6510, of which 39 is intensive; A61N of 3581."""
    found = records(tmp_path, {"1": ["G06F1/00"], "2": ["A61N5/00"], "3": ["C07K16/18"]})
    made = found.engine.collect(measure_of("intensive_filings").make(found, Rule(2020, 2020)).sort("key"))
    assert list(zip(made["key"], made["share"], strict=True)) == [("1", ONE // 2), ("2", ONE)]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(["G06F1/00", "H04N5/225", "A61N5/00", "G16Y1/00", "C07K16/18"]), unique=True, max_size=5))
def test_weights_of_an_application_add_up_to_one(tmp_path_factory: pytest.TempPathFactory, symbols: list[str]) -> None:
    found = records(tmp_path_factory.mktemp("f"), {"1": symbols, "2": ["G06F1/00"]})
    for rule in (Rule(2020, 2020), Rule(2020, 2020, symbols="all")):
        made = found.engine.collect(parts(found, rule, "industries", "industry"))
        sums = {key: sum(w for k, w in zip(made["appno"], made["weight"], strict=True) if k == key) for key in set(made["appno"])}
        assert set(sums.values()) == {ONE} and ("1" in sums) == bool(symbols)


def test_what_a_portfolio_is_made_of() -> None:
    table, names, rule = np.array([[3.0, 1.0], [1.0, 3.0], [2.0, 2.0]]), ["a", "b"], Rule(2020, 2020, field="b")
    assert advantage_in(table, names, rule).tolist() == [0.5, 1.5, 1.0]
    assert np.isnan(advantage_in(table, names, Rule(2020, 2020, field="c"))).all()
    assert specialised(table, names, rule).tolist() == [1.0, 1.0, 2.0]
    assert concentrated(table, names, rule).tolist() == [0.625, 0.625, 0.5]
    # city 1 lacks b: near to a alone, which it has; city 3 lacks none
    assert related(table, names, rule)[:2].tolist() == [1.0, 1.0] and np.isnan(related(table, names, rule)[2])
