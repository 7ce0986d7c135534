"""What a new fit turned round: every kind of flip on figures made for it, and nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.diagnosis.movement.flips import KINDS, Flip, flips
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

NAN = np.nan
UNITS = tuple("tuvwxyz")


def made(text: str, values: list[float], more: list[float] | None = None, better: str = "higher") -> Index:
    """An index of seven units and one indicator a, or two, a and b."""
    columns = [values, *([more] if more else [])]
    items = "".join(f'\n[indicator.{code}]\nbetter = "{better}"' for code in "ab"[: len(columns)])
    framework = Framework.parse(f'[index]\ncode = "d"\n{text}{items}')
    return build(framework, Panel.of(UNITS, ["2023"], list("ab"[: len(columns)]), np.array(columns).T[:, None]))


PLAIN = [1.0, 2, 3, 4, 5, 6, 7]


def test_a_bound_that_another_unit_sets() -> None:
    assert flips(made("", PLAIN), made("", [9.0, 2, 3, 4, 5, 6, 7])) == (
        Flip("bound", "a", "2023" if made("", PLAIN).frozen.normalise[0].period else None, "low", 1.0, 2.0, ("t", "u")),
        Flip("bound", "a", made("", PLAIN).frozen.normalise[0].period, "high", 7.0, 9.0, ("z", "t")),
    )


def test_where_lower_is_better_the_sides_are_those_of_the_figures() -> None:
    found = flips(made("", PLAIN, better="lower"), made("", [0.5, 2, 3, 4, 5, 6, 7], better="lower"))
    assert [(flip.side, flip.before, flip.after, flip.units) for flip in found] == [("low", 1.0, 0.5, ("t", "t"))]


def test_a_bound_that_is_drawn_in_is_the_figure_of_whoever_stands_at_it() -> None:
    text = '[treat]\nmethod = "percentile_clip"\nlow = 0.0\nhigh = 0.5'
    found = flips(made(text, PLAIN), made(text, [1.0, 2, 3, 3.5, 5, 6, 7]))
    assert [(flip.before, flip.after, flip.units) for flip in found if flip.kind == "bound"] == [(4.0, 3.5, ("w", "w"))]


def test_a_treatment_that_sets_in() -> None:
    text = '[treat]\nmethod = "winsorise"\nwhen = { skew = 2.0, kurtosis = 3.5 }'
    found = flips(made(text, PLAIN), made(text, [1.0, 2, 3, 4, 5, 6, 700]))
    assert Flip("treatment", "a", None, None, "none", "winsorise") in found
    assert not [flip for flip in found if flip.kind == "drawn_in"]  # told by the treatment


def test_a_count_of_cells_drawn_in() -> None:
    text = '[treat]\nmethod = "robust_z"\ndeviations = 2.0'
    found = flips(made(text, [1.0, 2, 3, 4, 5, 6, 70]), made(text, [1.0, 2, 3, 4, 5, 60, 70]))
    assert [(flip.before, flip.after) for flip in found if flip.kind == "drawn_in"] == [(1.0, 2.0)]


def test_weights_that_come_from_the_data() -> None:
    other = [2.0, 1, 5, 3, 7, 4, 6]
    found = flips(*(made('[weighting]\nmethod = "entropy"', PLAIN, [*other[:6], top]) for top in (6.0, 6.5)))
    weights = {flip.what: (flip.before, flip.after) for flip in found if flip.kind == "weight"}
    assert set(weights) == {"a", "b"}
    for at in range(2):
        assert sum(float(pair[at] or 0) for pair in weights.values()) == pytest.approx(1.0)
    assert not flips(*(made("", PLAIN, [*other[:6], top]) for top in (6.0, 6.5)))  # equal weights stay


def test_a_weight_given_in_the_file_is_no_flip(joined: Callable[..., Index]) -> None:
    assert flips(joined(), joined("indicator.a.weight=9")) == ()


def test_who_enters_and_who_leaves() -> None:
    found = flips(made("", [NAN, *PLAIN[1:]]), made("", [*PLAIN[:5], 7.0, NAN]))
    assert [(flip.kind, flip.what) for flip in found if flip.kind.startswith("unit")] == [("unit_entered", "t"), ("unit_left", "z")]
    text = "[screen]\nsame = 0.8"
    found = flips(made(text, PLAIN, PLAIN), made(text, [3.0] * 6 + [4.0], PLAIN))
    assert ("indicator_left", "a", "2023") in [(flip.kind, flip.what, flip.period) for flip in found]
    back = flips(made(text, [3.0] * 6 + [4.0], PLAIN), made(text, PLAIN, PLAIN))
    assert ("indicator_entered", "a") in [(flip.kind, flip.what) for flip in back]


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 200))
def test_turned_round_it_says_the_same_the_other_way(seed: int, joined: Callable[..., Index]) -> None:
    one, other = (joined("aggregate.method=arithmetic", at, 2) for at in (seed, seed + 1))
    there, back = flips(one, other), flips(other, one)
    assert {(f.kind, f.what, f.period, f.side, f.before, f.after, f.units) for f in there} == {
        (f.kind, f.what, f.period, f.side, f.after, f.before, f.units[::-1]) for f in back
    }
    assert flips(one, one) == ()
    assert [KINDS.index(flip.kind) for flip in there] == sorted(KINDS.index(flip.kind) for flip in there)
