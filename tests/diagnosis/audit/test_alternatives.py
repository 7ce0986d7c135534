"""The ways of an index, held small: figures come back as they were built, columns are shared, what cannot be joined is left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tidu.app import make
from tidu.diagnosis.audit.alternatives import Alternatives, _Pool, alternatives, rounded
from tidu.index.build import build
from tidu.index.result import Index


@pytest.fixture(scope="module")
def index() -> Index:
    return make("city-ip-core")


@pytest.fixture(scope="module")
def found(index: Index) -> Alternatives:
    return alternatives(index)


def test_every_way_is_the_build_of_its_changes(index: Index, found: Alternatives) -> None:
    places = [index.framework.nodes[leaf].place for leaf in found.leaves]
    units = [index.units.index(unit) for unit in found.units]
    assert len(found.ways) == 15
    for way in found.ways:
        made = build(index.framework.put(*way.changes), index.panel)
        own = np.column_stack([start + slope * found.columns[k] for k, start, slope in way.figures])
        built = made.normalised[units][:, -1][:, places]
        assert np.allclose(own, built, rtol=0, atol=2e-9 * np.nanmax(np.abs(built)), equal_nan=True), way.options


def test_columns_are_shared_up_to_shift_and_stretch(found: Alternatives) -> None:
    ways = {way.options: way.figures for way in found.ways}
    plain, scores = ways["file", "file", "file"], ways["file", "z_score", "file"]
    assert [k for k, _, _ in plain] == [k for k, _, _ in scores] and all(slope > 0 for _, _, slope in scores)
    assert len(found.columns) < 4 * len(found.leaves)


def test_a_mean_that_cannot_take_the_figures_is_left_out(found: Alternatives) -> None:
    assert not [way for way in found.ways if way.options[1:] == ("z_score", "geometric")]


def test_weights_from_data_are_written_out() -> None:
    base = make("city-ip-core", changes=["weighting.method=entropy", "pillar.output.weighting.method=equal"])
    made = alternatives(base)
    assert {"weighting.method=given", "pillar.output.weighting.method=given"} < set(made.freed)
    kinds = {code: "indicator" if node.leaf else "pillar" for code, node in base.framework.nodes.items()}
    changes = [*made.freed, *(f"{kinds[code]}.{code}.weight={weight!r}" for code, weight in made.weights.items())]
    again = build(base.framework.put(*changes), base.panel)
    assert again.rank() == base.rank()
    assert np.allclose(again.scores[:, -1], base.scores[:, -1], equal_nan=True, rtol=1e-12)


def test_joins_by_comparison_are_not_followed() -> None:
    base = make("city-ip-core", changes=["aggregate.method=copeland"])
    made = alternatives(base)
    assert not made.followed and {way.options[2] for way in made.ways} == {"arithmetic", "geometric"}


def test_ways_that_need_too_much_room_are_left_out(index: Index) -> None:
    made = alternatives(index, most=1)
    assert made.followed and {way.options[0] for way in made.ways} == {"file"}


@given(arrays(float, (12, 1), elements=st.floats(-1e6, 1e6)), st.floats(-50, 50), st.floats(0.01, 50))
def test_a_shifted_and_stretched_column_takes_no_room(x: np.ndarray, shift: float, stretch: float) -> None:
    if np.ptp(x) < 1e-3 * max(1.0, np.abs(x).max()):
        return
    pool = _Pool(1000)
    pool.take(x)
    moved = shift + stretch * x
    line = pool.take(moved)
    assert line is not None
    place, start, slope = line[0]
    assert np.abs(start + slope * pool.columns[place] - moved[:, 0]).max() <= 2e-9 * max(
        1.0, np.abs(moved).max(), np.abs(x).max() * stretch
    )


@given(st.floats(1e-6, 1e6), st.floats(-1, 1))
def test_rounding_keeps_ten_digits_of_the_largest(size: float, share: float) -> None:
    column = np.array([size, share * size])
    assert np.abs(rounded(column) - column).max() <= 1e-9 * size
