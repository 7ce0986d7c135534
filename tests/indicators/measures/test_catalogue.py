from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest
from tests.indicators.conftest import SUPPLIED

from tidu.core.errors import UsageError
from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import ROOMS, lacking, measure_of, measures
from tidu.indicators.measures.definition import ORDER, Rule
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.supplied import SUPPLIED as TABLES
from tidu.records.linked import LINKED

FOLDER = Path(ROOMS[0].__file__ or "").parent


def test_every_measure_needs_tables_that_are_linked_and_heeds_rules_that_are() -> None:
    for one in measures().values():
        assert set(one.needs) <= set(LINKED) and one.heeds <= set(ORDER) and set(one.requires) <= one.heeds, one.code
        assert one.needs or one.supplied, one.code
        assert {*one.supplied, *one.may} <= set(TABLES), one.code
        assert one.over is None or (one.over in measures() and not one.mean), one.code


def test_an_unknown_measure_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError) as error:
        measure_of("filing")
    assert error.value.code == "unknown_measure" and error.value.did_you_mean == "filings"


def test_what_a_measure_waits_for() -> None:
    assert lacking(measure_of("in_force"), {"application": 3, "state": 0, "owner": 1}, ()) == ("state",)
    assert lacking(measure_of("field_filings"), {"application": 3, "party": 2, "class": 1}, ()) == ("fields",)
    assert lacking(measure_of("field_filings"), {"application": 3, "party": 2, "class": 1}, ("fields",)) == ()


# -- the language ---------------------------------------------------------------------------------------------------------


def portable(root: Path) -> set[str]:
    """The names that the page on the language allows."""
    text = (root / "docs" / "reference" / "measure-language.md").read_text(encoding="utf-8")
    table = text[text.index("## What may be used") : text.index("## What may not be used")]
    return set(re.findall(r"`(\w+)`", table))


def narwhals_names() -> set[str]:
    spaces = [getattr(nw.col("a"), space) for space in ("str", "dt", "name", "cat", "list", "struct")]
    found = {name for thing in (nw.Expr, nw.LazyFrame, nw, *map(type, spaces)) for name in dir(thing)}
    return {name for name in found if not name.startswith("_")}


#: Calls of plain Python, numpy and our own that bear a name of Narwhals.
OURS = {"any", "get", "mean", "replace", "split", "sqrt", "std", "collect", "join"}


@pytest.mark.parametrize("room", sorted(path.name for path in FOLDER.glob("*.py")))
def test_measures_keep_to_the_portable_language(room: str, root: Path) -> None:
    """No call that DuckDB, Polars and Spark do not all answer alike."""
    allowed, known = portable(root) | OURS, narwhals_names()
    for node in ast.walk(ast.parse((FOLDER / room).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in known:
            assert node.func.attr in allowed, f"{room}:{node.lineno} {node.func.attr}"
            if node.func.attr == "quantile":
                assert [ast.unparse(one.value) for one in node.keywords] == ["'linear'"]
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv)), f"{room}:{node.lineno} //"


def test_what_the_page_allows_is_there_and_used(root: Path) -> None:
    used = set()
    for path in FOLDER.glob("*.py"):
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        used |= {node.func.attr for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    assert portable(root) <= narwhals_names() and portable(root) - used == set()


# -- the same on every engine ---------------------------------------------------------------------------------------------


def rules(code: str) -> Iterator[Rule]:
    """Rules that take every parameter of a measure to a value other than its own."""
    one = measure_of(code)
    first: dict[str, Any] = {"clock": one.clock, "field": "6", "threshold": 1e6}
    yield Rule(2013, 2022, **first)
    if one.dated == "application" or "counting" in one.heeds:
        yield Rule(
            2012,
            2021,
            **first,
            counting="fractional_applicant",
            vintage="then",
            internal="exclude",
            symbols="all",
            age_from="grant",
        )


def rows(records: Records, code: str, most: int = 2) -> list[Any]:
    found: list[Any] = []
    for rule in list(rules(code))[:most]:
        one = measure_of(code)
        cells = records.engine.collect(one.make(records, one.settle(records, rule) if one.settle else rule))
        found.append(sorted(zip(*(cells[name] for name in sorted(cells)), strict=True), key=str))
    return found


#: Measures that stand for all on Spark, which is slow on little tables, when a second rule is tried.
TWICE = {"filings", "in_force", "field_filings", "quality_index_6", "transfers_out"}


@pytest.fixture(scope="module", params=["polars", pytest.param("spark", marks=pytest.mark.slow)])
def other(request: pytest.FixtureRequest, nation: Path) -> Iterator[Records]:
    engine = open_engine(request.param, threads=1)
    yield Records(engine, nation, SUPPLIED)
    engine.close()


@pytest.fixture(scope="module")
def duck(nation: Path) -> Iterator[Records]:
    engine = open_engine("duckdb", threads=1)
    yield Records(engine, nation, SUPPLIED)
    engine.close()


@pytest.mark.slow
def test_every_measure_has_the_same_contributions_on_every_engine(duck: Records, other: Records) -> None:
    empty = set()
    for code in measures():
        most = 2 if other.engine.name == "polars" or code in TWICE else 1
        mine = rows(duck, code, most)
        assert rows(other, code, most) == mine, code
        if not any(mine):
            empty.add(code)
    assert not empty, "rows that are made up reach every measure"


@pytest.mark.slow
def test_contributions_have_whole_shares_and_a_unit(duck: Records) -> None:
    for code in measures():
        for rule in rules(code):
            one = measure_of(code)
            cells = duck.engine.collect(one.make(duck, one.settle(duck, rule) if one.settle else rule))
            names = {"unit", "period", "key", "share"} | ({"weight"} if one.mean else set())
            assert names <= set(cells) <= names | {"part"}, code
            assert all(isinstance(share, int) and share >= 0 for share in cells["share"]), code
            assert all(unit for unit in cells["unit"]) and all(year in rule.years for year in cells["period"]), code
            assert None not in cells["key"], code


@pytest.mark.parametrize("counting", ["cohort", "family"])
def test_other_rules_on_the_embedded_engines(counting: str, duck: Records, nation: Path) -> None:
    polars = Records(open_engine("polars"), nation, SUPPLIED)
    rule = Rule(2013, 2022, cohort="field") if counting == "cohort" else Rule(2013, 2022, unit="family", clock="priority")
    for code in ("quality_index_6", "breakthrough_share") if counting == "cohort" else ("filings", "field_filings"):
        wanted = rule if counting == "cohort" else Rule(2013, 2022, unit="family", clock="priority", field="6")
        found = []
        for records in (duck, polars):
            cells = records.engine.collect(measure_of(code).make(records, wanted))
            found.append(sorted(zip(*(cells[name] for name in sorted(cells)), strict=True)))
        assert found[0] == found[1] and found[0], code
