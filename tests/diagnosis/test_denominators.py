"""Links of indicators with size."""

from __future__ import annotations

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.diagnosis.denominators import size_links

SPEC = {
    "index": {"code": "d"},
    "indicator": {"mass": {"better": "higher"}, "density": {"better": "higher", "of": "mass", "per": "people"}},
}
RNG = np.random.default_rng(5)
PEOPLE = RNG.uniform(10, 100, 60)
TABLE = {
    "unit": [f"u{k}" for k in range(60)],
    "period": ["2023"] * 60,
    "people": PEOPLE.tolist(),
    "mass": (PEOPLE * RNG.uniform(0.9, 1.1, 60)).tolist(),
}


def test_an_undivided_count_hangs_on_size_and_a_divided_one_does_not() -> None:
    links = {link.indicator: link for link in size_links(app.make(SPEC, TABLE))}
    assert links["mass"].flagged and not links["mass"].divided
    assert links["mass"].correlation == pytest.approx(np.corrcoef(PEOPLE, TABLE["mass"])[0, 1])
    assert links["density"].divided and not links["density"].flagged
    assert abs(links["density"].correlation) < 0.4


def test_the_threshold_and_the_columns_are_the_callers() -> None:
    index = app.make(SPEC, TABLE)
    assert all(link.flagged for link in size_links(index, threshold=0.0))
    assert {link.column for link in size_links(index, ["mass"])} == {"mass"}
    with pytest.raises(UsageError) as caught:
        size_links(index, ["peple"])
    assert caught.value.did_you_mean == "people"


def test_a_constant_column_says_nothing() -> None:
    table = {**TABLE, "area": [3.0] * 60}
    assert size_links(app.make(SPEC, table), ["area"]) == []
