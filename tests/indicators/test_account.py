from __future__ import annotations

import pytest

from tidu.indicators.account import Account, Year, told_year
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.sums import Sums

ONE = 10**9


def test_a_year_tells_what_has_no_city() -> None:
    share = {("330100", 2020): 2 * ONE, ("unresolved", 2020): ONE, ("abroad", 2020): ONE, ("330100", 2021): ONE}
    sums = Sums(share, {}, dict.fromkeys(share, 1), {})
    assert told_year(measure_of("filings"), sums, 2020, "A") == Year(2020, "A", 3, 4.0, 1.0, 1.0)


def test_of_a_mean_the_mean_and_the_share_of_what_was_averaged() -> None:
    share, weight = (
        {("330100", 2020): 9 * ONE, ("unresolved", 2020): 3 * ONE},
        {("330100", 2020): 3 * ONE, ("unresolved", 2020): ONE},
    )
    sums = Sums(share, weight, dict.fromkeys(share, 2), {})
    assert told_year(measure_of("mean_claims"), sums, 2020, "A") == Year(2020, "A", 4, 3.0, 0.25, 0.0)


def test_flows_are_added_and_stocks_and_means_are_not() -> None:
    years = (Year(2020, "A", 2, 10.0, 1.0, 0.0), Year(2021, "P", 2, 20.0, 2.0, 3.0), Year(2022, "O", 0, 0.0, 0.0, 0.0))
    flow = Account("a", "filings", {"counting": "whole"}, years, "2021-12-31")
    assert (flow.rows, flow.total, flow.unresolved, flow.abroad) == (4, 30.0, 0.1, 0.1)
    stock = Account("a", "in_force", {}, years, "")
    assert stock.total == 20.0 and stock.unresolved == 0.1
    mean = Account("a", "mean_claims", {}, (Year(2020, "A", 3, 5.0, 0.5, 0.0), Year(2021, "A", 1, 9.0, 0.1, 0.0)), "", mean=True)
    assert mean.total == 9.0 and mean.unresolved == pytest.approx(0.4)


def test_the_account_as_rows() -> None:
    one = Account(
        "a", "filings", {"counting": "whole", "kind": "all"}, (Year(2020, "A", 2, 10.0, 1.0, 0.0),), "2021-12-31", ("award",)
    )
    assert one.rows_by_year() == [
        {
            "column": "a",
            "measure": "filings",
            "rule": "counting = whole, kind = all",
            "records_until": "2021-12-31",
            "year": 2020,
            "status": "A",
            "rows": 2,
            "total": 10.0,
            "unresolved": 1.0,
            "abroad": 0.0,
            "lacking": "award",
        }
    ]
    assert one.told()["years"][0]["total"] == 10.0 and one.told()["rows"] == 2
