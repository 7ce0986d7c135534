"""Numbers of one application in several forms make one key, and the engine agrees with Python on every one."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.records.foreign_numbers import MACROS, foreign_key, key, office_of


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    for macro in MACROS:
        made.execute(macro)
    return made


@pytest.mark.parametrize(
    ("forms", "own"),
    [
        (("EP 95810560 A", "EP19950810560"), "EP95810560"),
        (("EP 5255002 A",), "EP5255002"),
        (("US 201213657122 A", "US201213657122", "US13657122"), "US13657122"),
        (("US 201129395195 F", "US201129395195F"), "US29395195"),
        (("WO2007US14287", "US 2007014287 W", "WO US2007014287 W"), "WOPCTUS2007014287"),
        (("WO1998US16128", "US 9816128 W", "PCT/US98/16128"), "WOPCTUS9816128"),
        (("CN 201120567554 U", "CN20112567554U"), "201120567554"),
        (("CN 200410004590 A", "CN20041004590"), "200410004590"),
        (("CN2001275883U", "CN 01275883 U"), "01275883"),
        (("KR20060026519U", "KR 20060026519 U"), "KR20060026519U"),
        (("AU 1991/080191 A",), "AU1991080191"),
        (("CN20039999", "CN20031121091"), None),
        (("CN98712345678",), "CN98712345678"),
        (("no number",), "no number"),
    ],
)
def test_forms_of_one_number_meet(forms: tuple[str, ...], own: str | None, engine: duckdb.DuckDBPyConnection) -> None:
    for one in forms:
        (found,) = engine.execute("select foreign_key(?, null)", [one]).fetchall()[0]
        assert found == foreign_key(one)
        assert own is None or found == own


def test_a_us_number_without_its_series_is_never_taken_for_one_with_it() -> None:
    assert foreign_key("US 17439471 A") == "US17439471A"
    assert foreign_key("US 17439471 A", "1971-08-24") == "US19710174394"
    assert foreign_key("US 47272399 A", "2000-12-27") == "US19990472723"
    assert foreign_key("US 50231509 A", "1909-06-15") == "US19090502315"
    assert foreign_key("US17439471") == "US17439471"


def test_offices() -> None:
    assert [office_of(one) for one in ("01275883", "WOPCTUS9816128", "KR20060026519U")] == ["CN", "WO", "KR"]
    assert key("DE", "B0077613", "A") == "DEB0077613" and foreign_key(None) is None and foreign_key("") is None


@given(
    st.sampled_from(["US", "EP", "CN", "WO", "KR", "AU"]),
    st.from_regex(r"[0-9]{4,13}", fullmatch=True).filter(str.isascii),
    st.sampled_from(["", " A", " U", " W", " F1", "U", "P"]),
    st.sampled_from([None, "2005-02-09", "1971-08-24", "soon"]),
)
def test_the_engine_and_python_agree(
    engine: duckdb.DuckDBPyConnection, office: str, digits: str, kind: str, filing: str | None
) -> None:
    text = f"{office} {digits}{kind}"
    (found, land) = engine.execute("select foreign_key(?, ?), office_of(foreign_key(?, ?))", [text, filing] * 2).fetchall()[0]
    assert found == foreign_key(text, filing) and land == office_of(found)
