from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tidu.index.build import build
from tidu.index.effects import dry_run
from tidu.index.framework import Framework
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
MEAN = "[uncertain.m]\naddress = 'aggregate.method'\namong = ['arithmetic', 'geometric']\n"


def framework(more: str = "", *changes: str) -> Framework:
    return Framework.parse(TREE + more).put(*changes)


def test_a_mean_that_cannot_stand_beside_the_file_is_tried_among_the_first_alternatives() -> None:
    text = "[uncertain.n]\namong = [{ changes = ['normalise.onto=[1, 100]'] }, { changes = ['normalise.onto=[2, 50]'] }]\n"
    found = dry_run(framework(text + MEAN, "normalise.onto=[0, 100]"), PANEL)
    assert [(effect.beside, effect.works) for effect in found] == [("file", True), ("first", True)]


def test_noise_on_weights_that_are_not_read_is_idle() -> None:
    (effect,) = dry_run(framework("[uncertain.w]\naddress = 'pillar.*.weight'\nspread = 0.5\n", "weighting.method=equal"), PANEL)
    assert not effect.works


def test_the_size_of_an_effect_by_hand() -> None:
    text = "[uncertain.x]\ndrop = 'pillar.p'\n"
    (effect,) = dry_run(framework(text), PANEL)
    whole, cut = build(framework(), PANEL), build(framework("", "pillar.p.weight=0"), PANEL)
    assert effect.score == pytest.approx(np.abs(whole.scores[:, :, -1] - cut.scores[:, :, -1]).max())
    assert effect.rank == np.abs(whole.ranks[:, :, -1] - cut.ranks[:, :, -1]).max()


@pytest.fixture(scope="module")
def shipped() -> Any:
    from tidu import app

    index = app.load("city-ip-core")
    return index, app.figures(index)


def test_every_shipped_factor_does_something(shipped: Any) -> None:
    names = ("treatment", "normalisation", "aggregation", "bounds", "weights", "mass", "left_out", "cells")
    found = dry_run(*shipped, seed=1)
    assert tuple(effect.factor for effect in found) == names
    assert all(effect.works and np.isfinite(effect.score) for effect in found)


def test_a_factor_that_a_later_one_overrules_is_told() -> None:
    from tidu.index.bench import Bench
    from tidu.index.effects import effects, overruled
    from tidu.index.factors import space

    text = """
[index]
code = "demo"
[indicator.a]
better = "higher"
[indicator.b]
better = "higher"
[weight_set.one]
a = 1
b = 2
[weight_set.two]
a = 2
b = 1
[uncertain.noise]
address = "indicator.*.weight"
spread = 0.5
[uncertain.sets]
sets = ["one", "two"]
"""
    panel = Panel.of(list("xyz"), ["2023"], ["a", "b"], [[[1, 9]], [[2, 5]], [[4, 1]]])
    alone = Bench(space(Framework.parse(text), panel))
    assert overruled(alone) == ("noise",)
    told = {effect.factor: (effect.score > 0, effect.overruled, effect.works) for effect in effects(alone)}
    assert told == {"noise": (True, True, False), "sets": (True, False, True)}
    kept = Framework.parse(text.replace('"two"]', '"two"]\nkeep = true'))  # where the file's own state is one, noise has its say
    assert overruled(Bench(space(kept, panel))) == ()
