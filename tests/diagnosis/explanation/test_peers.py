"""Peers are the nearest, a region or a universe; whom one cannot have is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu.core.errors import UsageError
from tidu.diagnosis.explanation.peers import nearest_rows, peers
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index


def test_nearest_rows_by_hand() -> None:
    x = np.array([[0, 0, 7], [10, 0, 7], [0, 2, 7], [np.nan, 0, 7], [1, 1, 7]], dtype=float)
    places, away = nearest_rows(x, 0, 10)
    sd = np.nanstd(x, axis=0, ddof=1)
    wanted = {1: 10 / sd[0], 2: 2 / sd[1], 4: np.hypot(1 / sd[0], 1 / sd[1])}
    assert set(places.tolist()) == set(wanted)
    assert away.tolist() == pytest.approx([wanted[at] for at in places.tolist()])
    assert np.all(np.diff(away) >= 0)


def test_peers_by_columns_group_and_universe(five: Index) -> None:
    assert peers(five, "v").units == ("w", "x", "y", "z")
    assert peers(five, "v", group="region").units == ("w", "x")
    assert peers(five, "v", universe="some").units == ("y",)
    assert peers(five, "v", universe="region=w").units == ("y", "z")
    near = peers(five, "v", by=["men", "c"], count=2)
    x = five.panel.values[:, 2][:, [1, 4]]
    z = x / x.std(axis=0, ddof=1)
    away = np.sqrt(((z - z[0]) ** 2).sum(axis=1))
    assert near.units == tuple(five.units[k] for k in np.argsort(away)[1:3])
    assert near.distances == pytest.approx(np.sort(away)[1:3])
    assert (near.how, near.by) == ("nearest", ("men", "c"))
    assert peers(five, "v", by=["heads"], logs=True, count=1).units[0] in five.units[1:]


def test_peers_that_cannot_be_had_are_told(five: Index, yearly: Callable[..., Index]) -> None:
    for how, code in (
        ({"by": ["men"], "group": "region"}, "one_kind_of_peers"),
        ({"by": ["mne"]}, "unknown_column"),
        ({"group": "regoin"}, "unknown_group"),
        ({"universe": "nowhere"}, "unknown_universe"),
    ):
        with pytest.raises(UsageError) as caught:
            peers(five, "v", **how)  # type: ignore[arg-type]
        assert caught.value.code == code
        assert "{" not in caught.value.text("zh") + caught.value.text("en")
    with pytest.raises(UsageError) as caught:
        peers(yearly(1, "units.show=some"), "y", group="region")  # the other one of its region is not shown
    assert caught.value.code == "no_peers"


def test_a_hole_in_the_own_figure_leaves_nobody_near(yearly: Callable[..., Index]) -> None:
    index = yearly()
    panel = index.panel.with_value("v", "2023", "men", float("nan"))
    spec = "[index]\ncode='d'\n[indicator.b]\nbetter='higher'\n"
    with pytest.raises(UsageError) as caught:
        peers(build(Framework.parse(spec), panel), "v", by=["men", "c"])
    assert (caught.value.code, caught.value.values["columns"]) == ("no_figure_for_peers", "men")


def test_the_same_region_of_a_shipped_city(cities: Index) -> None:
    attribute = next(iter(cities.panel.groups))
    group = peers(cities, "430100", group=attribute)
    inside = dict(zip(cities.units, cities.panel.groups[attribute], strict=True))
    assert {inside[unit] for unit in group.units} == {inside["430100"]}
