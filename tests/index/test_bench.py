from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import UsageError
from tidu.index import bench
from tidu.index.bench import Bench, reweighted
from tidu.index.build import build
from tidu.index.factors import space
from tidu.index.framework import Framework
from tidu.index.sensitivity import sensitivity
from tidu.index.uncertainty import Uncertainty, uncertainty, unit_points
from tidu.indicators.panel import Panel

TREE = """
[index]
code = "demo"
[normalise]
onto = [1, 100]
[pillar.p]
[pillar.q]
weight = 2
[pillar.r]
parent = "q"
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "lower"
weight = 3
[indicator.c]
parent = "r"
better = "higher"
[indicator.d]
parent = "r"
better = "higher"
[indicator.e]
parent = "q"
better = "higher"
"""
RNG = np.random.default_rng(4)
UNITS = [f"u{k}" for k in range(9)]
PANEL = Panel.of(UNITS, ["2021", "2022"], list("abcde"), RNG.lognormal(size=(9, 2, 5)))
HOLES = Panel.of(UNITS, PANEL.periods, PANEL.columns, np.where(RNG.random((9, 2, 5)) < 0.12, np.nan, PANEL.values))
WEIGHTS = "[uncertain.w]\naddress = 'pillar.*.weight'\nspread = 0.5\n[uncertain.v]\naddress = 'indicator.*.weight'\nspread = 1\n"
CHOICE = "[uncertain.t]\naddress = 'treat.method'\namong = ['none', 'signed_log']\n"


def framework(more: str = "", *changes: str) -> Framework:
    return Framework.parse(TREE + more).put(*changes)


def by_build(found: Uncertainty, cube: np.ndarray | None = None) -> np.ndarray:
    """The scores at every point by a full build of its own, with the weights written into the file."""
    out = []
    for at, levels in enumerate(found.levels):
        variant = found.space.variant(levels.tolist())
        base = np.array([variant.nodes[code].weight for code in found.space.framework.nodes])
        row = found.space.weights(base, levels[None, :], None if cube is None else cube[at : at + 1])[0]
        given = dict(zip(found.space.framework.nodes, row.tolist(), strict=True))
        index = build(reweighted(variant, given), found.space.figures(levels.tolist()))
        out.append(index.scores[:, :, index.framework.node(found.node).place])
    return np.stack(out).transpose(2, 0, 1)


@pytest.mark.parametrize("panel", [PANEL, HOLES], ids=["whole", "holes"])
@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("aggregate.method=geometric",),
        ("aggregate.missing=skip",),
        ("aggregate.missing=skip", "aggregate.coverage=0.6"),
        ("aggregate.missing=skip", "aggregate.method=geometric"),
        ("pillar.q.aggregate.method=geometric",),
        ("pillar.q.aggregate.method=geometric", "aggregate.missing=skip"),
        ("index.aggregate.method=geometric", "aggregate.missing=skip", "aggregate.coverage=0.5"),
        ("weighting.method=equal",),
        ("pillar.p.weighting.method=equal", "pillar.q.aggregate.method=geometric"),
        ("aggregate.method=median",),
        ("weighting.method=standard_deviation",),
        ("indicator.e.years=[2022]", "index.broken_series=true"),
    ],
    ids=" ".join,
)
def test_every_way_up_is_that_of_a_full_build(changes: tuple[str, ...], panel: Panel) -> None:
    index = framework(CHOICE + WEIGHTS, *changes)
    if "weighting.method=standard_deviation" in changes and panel is HOLES:
        index = index.put("impute.method=median")
    bench = Bench(space(index, panel, seed=3))
    cube = unit_points(bench.space.width, 24, seed=3)
    levels = bench.space.levels(cube)
    made = bench.scores(levels, cube)
    found = Uncertainty(bench.space, bench.node, bench.units, bench.periods, bench.shown, bench.nominal(), made, levels, False)
    wanted = by_build(found, cube)
    assert np.array_equal(np.isnan(made), np.isnan(wanted))
    assert made == pytest.approx(wanted, rel=1e-11, nan_ok=True)


def test_a_named_set_in_force_hides_the_weights_written_at_nodes() -> None:
    text = "[weight_set.s]\np = 1.0\nq = 5.0\n[index.weighting]\nset = 's'\n" + WEIGHTS
    bench = Bench(space(Framework.parse(TREE + text), PANEL))
    cube = unit_points(bench.space.width, 8, seed=0)
    levels = bench.space.levels(cube)
    made = bench.scores(levels, cube)
    found = Uncertainty(bench.space, "demo", bench.units, bench.periods, bench.shown, bench.nominal(), made, levels, False)
    assert made == pytest.approx(by_build(found, cube), rel=1e-12)


def test_points_that_share_their_figures_share_one_table() -> None:
    bench = Bench(space(framework(CHOICE + WEIGHTS), PANEL))
    cube = unit_points(bench.space.width, 16, seed=0)
    bench.scores(bench.space.levels(cube), cube)
    assert len(bench._tables) == 2


def test_other_weights_leave_the_framework_as_it_was() -> None:
    index = framework()
    assert reweighted(index, {"p": 7.0}).node("p").weight == 7.0
    assert index.node("p").weight == 1.0


def test_as_many_points_as_can_be_held_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    framework = Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "higher"\n')
    framework = Framework.of({**framework.spec, "uncertain": {"w": {"address": "indicator.*.weight", "spread": 0.25}}})
    panel = Panel.of(["x", "y", "z"], ["2022", "2023"], ["a", "b"], [[[1, 9], [2, 8]], [[2, 5], [3, 4]], [[9, 1], [7, 2]]])
    monkeypatch.setattr(bench, "CELLS", 6 * 100)  # 100 points of three units in two periods
    assert uncertainty(framework, panel).draws == 64
    with pytest.raises(UsageError) as caught:
        uncertainty(framework, panel, draws=128)
    assert caught.value.code == "uncertain_too_large"
    assert sensitivity(framework, panel).draws == 16  # four sets
