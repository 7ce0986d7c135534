"""Stacked draws give what single builds give, to round-off: fills, treatment, years, universes, derived columns, tied means."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.index import bench
from tidu.index.bench import Bench
from tidu.index.build import build
from tidu.index.factors import space
from tidu.index.framework import Framework
from tidu.index.stacked import stackable, stacked
from tidu.index.tree_draws import scored_each
from tidu.index.uncertainty import points
from tidu.indicators.panel import Panel

HEAD = """
[index]
code = "demo"
years = ["2022", "2023"]
broken_series = true
[units]
fit_on = "few"
[universe.few]
members = ["a", "b", "c", "d", "e", "f"]
[column.both]
sum = ["x", "y"]
[impute]
method = "median"
[treat]
method = "winsorise"
when = { skew = 1.0 }
otherwise = "log"
[pillar.p]
[pillar.q]
[indicator.x]
parent = "p"
better = "higher"
per = "z"
scale = 100
[indicator.both]
parent = "p"
better = "lower"
[indicator.y]
parent = "q"
better = "higher"
years = ["2023"]
[indicator.z]
parent = "q"
better = "higher"
[uncertain.cells]
address = "data.*.*.*"
error = 0.1
draws = 24
[uncertain.normalisation]
address = "normalise.method"
among = ["min_max", "z_score"]
"""


def panel(holes: bool = True) -> Panel:
    values = np.random.default_rng(3).lognormal(size=(8, 3, 3))
    if holes:
        values[1, 2, 0] = values[6, 1, 2] = np.nan
    return Panel.of(list("abcdefgh"), ["2021", "2022", "2023"], ["x", "y", "z"], values)


def scores(framework: Framework, figures: Panel, stack: int, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    monkeypatch.setattr(bench, "STACK", stack)
    made = Bench(space(framework, figures, seed=5))
    return made.scores(*points(made.space, 64, seed=1))


@pytest.mark.parametrize(
    "change",
    [
        "",
        "[aggregate]\nmethod='geometric'\n",
        "[aggregate]\nmissing='skip'\n",
        "[screen]\nminimum = 0.9\n",
        "[aggregate]\nmethod='copeland'\n",
    ],
)
def test_many_at_once_is_one_by_one(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + change
    if "geometric" in change:
        text += "[normalise]\nonto = [1, 100]\ntruncate = true\n"
        text = text.replace(
            'among = ["min_max", "z_score"]',
            'among = [{ changes = ["normalise.onto=[2, 100]"] }, { changes = ["normalise.onto=[5, 100]"] }]',
        )
    framework = Framework.parse(text)
    calls = []

    def told(*given: object) -> object:
        made = scored_each(*given)  # type: ignore[arg-type]
        calls.extend([] if made is None else [1])
        return made

    monkeypatch.setattr(bench, "scored_each", told)
    one, many = (scores(framework, panel(), stack, monkeypatch) for stack in (1, 1_000_000))
    assert np.array_equal(np.isnan(one), np.isnan(many)) and not np.isnan(one).all()
    np.testing.assert_allclose(many, one, rtol=0, atol=1e-9)
    assert bool(calls) == ("copeland" not in change)  # nothing is passed over in silence


def test_a_table_of_a_draw_is_the_one_of_its_build() -> None:
    framework = Framework.parse(HEAD)
    drawn = panel(holes=False)
    other = drawn.values * 1.01
    model = build(framework, drawn)
    made = stacked(framework, model, [drawn.values, other])
    assert made is not None
    np.testing.assert_allclose(made[0].transpose(1, 2, 0), model.normalised, rtol=1e-12)
    again = build(framework, Panel.of(drawn.units, drawn.periods, drawn.columns, other)).normalised
    np.testing.assert_allclose(made[1].transpose(1, 2, 0), again, rtol=1e-12)


def test_other_holes_cannot_be_stacked() -> None:
    framework = Framework.parse(HEAD)
    drawn = panel(holes=False)
    other = drawn.values.copy()
    other[0, 2, 1] = np.nan
    assert stacked(framework, build(framework, drawn), [drawn.values, other]) is None


def test_a_fill_across_columns_cannot_be_stacked() -> None:
    assert stackable(Framework.parse(HEAD))
    assert not stackable(Framework.parse(HEAD.replace('"median"', '"row_mean"')))
    assert not stackable(Framework.parse(HEAD + "[screen]\nnonzero = 0.5\n"))
