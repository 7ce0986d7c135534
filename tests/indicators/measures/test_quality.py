"""The OECD's set by hand on five made-up inventions (synthetic)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.indicators.conftest import put
from tests.indicators.measures.conftest import HZ, D, applicant

from tidu.engine.choice import open_engine
from tidu.engine.port import Engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.records import Records


def invention(appno: str, filing: str, published: str, granted: str, claims: int | None = None, offices: int = 1) -> dict[str, Any]:
    return {
        "appno": appno,
        "kind": "invention",
        "filing": D(filing),
        "first_publication": D(published),
        "granted": D(granted),
        "claims": claims,
        "family": appno,
        "family_offices": offices,
    }


def symbols(appno: str, *of: str) -> list[dict[str, Any]]:
    return [{"appno": appno, "scheme": "ipc", "symbol": symbol, "seq": seq} for seq, symbol in enumerate(of, 1)]


def cites(appno: str, published: str, *cited: str) -> list[dict[str, Any]]:
    rows = [{"cited": f"CN{one}", "cited_appno": one} for one in cited] + [{"literature": "虚构文献"}]
    return [{"appno": appno, "seq": seq, "published": D(published), **row} for seq, row in enumerate(rows, 1)]


#: X and Y are a cohort (filed 2010, section G). C1 cites X after 2.5 years, C2 after 6.9 years and Z after 1.5.
TABLES: dict[str, list[dict[str, Any]]] = {
    "application": [
        invention("X", "2010-01-01", "2011-07-01", "2012-03-11", 10, 2),  # 800 days
        invention("Y", "2010-01-01", "2011-07-01", "2011-02-05", 5),  # 400 days
        invention("C1", "2013-01-01", "2014-01-01", "2015-01-01"),
        invention("C2", "2016-01-01", "2018-06-01", "2019-01-01"),
        invention("Z", "2012-01-01", "2013-01-01", "2014-01-01", 1),
    ],
    "party": [applicant(appno, 1, HZ) for appno in ("X", "Y", "C1", "C2", "Z")],
    "class": [
        *symbols("X", "G06F1/00", "G06F9/44", "H04N5/225"),
        *symbols("Y", "G06F1/00"),
        *symbols("C1", "A61N5/00", "A61K8/02"),
        *symbols("C2", "G06F1/00"),
        *symbols("Z", "H04N5/00"),
    ],
    "citation": [*cites("C1", "2014-01-01", "X"), *cites("C2", "2018-06-01", "X"), *cites("Z", "2013-01-01", "X", "Y")],
}


@pytest.fixture(scope="module", params=["duckdb", "polars", pytest.param("spark", marks=pytest.mark.slow)])
def five(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Records:
    engine: Engine = open_engine(request.param, threads=1)
    return Records(engine, put(tmp_path_factory.mktemp("five"), TABLES))


def shares(records: Records, code: str) -> dict[str, float]:
    cells = records.engine.collect(measure_of(code).make(records, Rule(2009, 2020)))
    assert set(cells["weight"]) == {10**9}
    return {key: share / 10**9 for key, share in zip(cells["key"], cells["share"], strict=True)}


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("mean_scope", {"X": 2, "Y": 1, "C1": 2, "C2": 1, "Z": 1}),
        ("mean_family_offices", {"X": 2, "Y": 1, "C1": 1, "C2": 1, "Z": 1}),
        ("mean_claims", {"X": 10, "Y": 5, "Z": 1}),
        ("mean_grant_days", {"X": 800, "Y": 400, "C1": 730, "C2": 1096, "Z": 731}),
        ("mean_backward_citations", {"X": 0, "Y": 0, "C1": 1, "C2": 1, "Z": 2}),
        ("mean_literature_citations", {"X": 0, "Y": 0, "C1": 1, "C2": 1, "Z": 1}),
        ("mean_forward_citations_5", {"X": 2, "Y": 1, "C1": 0, "C2": 0, "Z": 0}),
        ("mean_forward_citations_7", {"X": 3, "Y": 1, "C1": 0, "C2": 0, "Z": 0}),
    ],
)
def test_signals_as_they_are(five: Records, code: str, wanted: dict[str, float]) -> None:
    assert shares(five, code) == wanted


def test_generality_originality_radicalness(five: Records) -> None:
    """X is cited by C1 (A61N ½, A61K ½), C2 (G06F) and Z (H04N): means 1/6, 1/6, 1/3, 1/3; Y by Z alone."""
    found = shares(five, "mean_generality")
    assert found == pytest.approx({"X": 1 - (2 / 36 + 2 / 9), "Y": 0.0}, abs=1e-3)
    # Z cites three symbols of G06F and one of H04N, which is its own; C1 cites X alone: G06F twice, H04N once
    assert shares(five, "mean_originality") == pytest.approx({"Z": 0.375, "C1": 4 / 9, "C2": 4 / 9}, abs=1e-3)
    assert shares(five, "mean_radicalness") == pytest.approx({"Z": 0.75, "C1": 1.0, "C2": 1 / 3}, abs=1e-3)


def test_the_index_of_four_and_of_six(five: Records) -> None:
    """In the cohort of X and Y caps are 1.98, 1.98, 9.9, 0.7078 and, of days, 792; nobody cites backwards."""
    four = shares(five, "quality_index_4")
    y = (1 / 1.98 + 1 / 1.98 + 5 / 9.9 + 0.0) / 4
    assert four["X"] == pytest.approx(1.0, abs=1e-8) and four["Y"] == pytest.approx(y, abs=1e-8)
    six = shares(five, "quality_index_6")
    assert six["X"] == pytest.approx(4 / 6, abs=1e-8)
    assert six["Y"] == pytest.approx((4 * y + 0.0 + (1 - 400 / 792)) / 6, abs=1e-8)
    assert set(four) == {"X", "Y", "Z"}  # the others tell no claims


def test_the_top_of_a_cohort(five: Records) -> None:
    assert shares(five, "breakthrough_share") == {"X": 1.0, "Y": 0.0, "C1": 0.0, "C2": 0.0, "Z": 0.0}


def test_years_kept_end_with_the_right_or_with_the_records(tmp_path: Path) -> None:
    rows = {**TABLES, "application": [{**TABLES["application"][0], "ended": D("2015-01-01")}, TABLES["application"][3]]}
    records = Records(open_engine(), put(tmp_path, rows))
    found = shares(records, "mean_years_kept")
    assert found == pytest.approx({"X": 1826 / 365.25, "C2": 1096 / 365.25}, abs=1e-3)  # the records reach to 2019-01-01
