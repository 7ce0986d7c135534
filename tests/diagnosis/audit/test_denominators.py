"""Links of indicators with size."""

from __future__ import annotations

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.diagnosis.audit.denominators import size_columns, size_links

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


def test_a_size_divides_two_figures_and_is_none_itself() -> None:
    """Patents divide inventions and are scored: no size. People divide two figures: a size. Area divides one: none."""
    shares = {"better": "higher"}
    spec = {
        "index": {"code": "d"},
        "indicator": {
            "patents": shares,
            "inventions_share": {**shares, "of": "inventions", "per": "patents"},
            "models_share": {**shares, "of": "models", "per": "patents"},
            "per_head": {**shares, "of": "inventions", "per": "people"},
            "models_per_head": {**shares, "of": "models", "per": "people"},
            "dense": {**shares, "of": "models", "per": "area"},
        },
    }
    columns = ("patents", "inventions", "models", "people", "area")
    table = {"unit": ["u", "v", "w"], "period": ["2023"] * 3, **{name: [1.0 + k, 3.0, 7.0 - k] for k, name in enumerate(columns)}}
    assert size_columns(app.make(spec, table)) == ("people",)
    assert {link.n for link in size_links(app.make(spec, table))} == {3}
