"""Many figures of one unit fitted at once are what as many builds give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.diagnosis.movement.levers import with_cells
from tidu.diagnosis.movement.refit import Refit, rebuilt
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

BASE = '[index]\ncode = "d"\n{more}\n' + "".join(
    f'[indicator.{code}]\nbetter = "{better}"\n' for code, better in (("a", "higher"), ("b", "lower"), ("c", "higher"))
)
WAYS = (
    "[normalise]\nover = 'year'",
    "[normalise]\nover = 'panel'",
    "[normalise]\nmethod = 'z_score'",
    "[normalise]\nmethod = 'percentile_rank'\nonto = [1, 100]\n[aggregate]\nmethod = 'geometric'",
    "[treat]\nmethod = 'winsorise'\nat_most = 1\nwhen = { skew = 1.0 }\notherwise = { method = 'log', per = 'panel' }",
    "[weighting]\nmethod = 'entropy'",
    "[aggregate]\nmethod = 'topsis'",
    "[units]\nfit_on = 'some'\n[universe.some]\nmembers = ['u1', 'u2', 'u3']",
)


def made(more: str, seed: int) -> Index:
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(1, 0.8, (6, 2, 3)))
    return build(
        Framework.parse(BASE.format(more=more)), Panel.of([f"u{k}" for k in range(6)], ["2022", "2023"], list("abc"), values)
    )


@settings(max_examples=24, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(WAYS))
def test_it_scores_as_builds_do(seed: int, more: str) -> None:
    index = made(more, seed)
    u, t = seed % 6, seed % 2
    rows = np.repeat(index.imputed[[u], t], 4, axis=0)
    rows[1, 0] *= 3.0
    rows[2, :2] *= 0.2
    rows[3, 2] += 5.0

    def panel(at: int) -> Panel:
        return with_cells(index.panel, index.units[u], index.periods[t], dict(zip("abc", rows[at].tolist(), strict=True)))

    refit = Refit(index, u, t)
    scores = refit.scores(rows, panel)
    built = [rebuilt(index, panel(at)) for at in range(4)]
    assert scores == pytest.approx(np.array([one.scores[:, t, -1] for one in built]), nan_ok=True, abs=1e-9)
    assert refit.ranks(scores) == pytest.approx(np.array([one.ranks[u, t, -1] for one in built]), nan_ok=True)
    assert refit.quick == ("entropy" not in more and "topsis" not in more)


def test_figures_that_a_method_refuses_have_no_scores() -> None:
    """A grade that is none is refused; the row beside it is scored."""
    spec = '[index]\ncode = "d"\n[normalise]\nmethod = "rubric"\nscores = [[0, 0], [1, 100]]\n[indicator.a]\nbetter = "higher"'
    index = build(Framework.parse(spec), Panel.of(["x", "y"], ["2023"], ["a"], [[[0.0]], [[1.0]]]))
    rows = np.array([[1.0], [0.4]])
    scores = Refit(index, 0, 0).scores(rows, lambda at: index.panel.with_value("x", "2023", "a", float(rows[at, 0])))
    assert scores[0].tolist() == [100.0, 100.0] and np.isnan(scores[1]).all()
