"""Errors of cells as drawn: even, in their place, the same wherever a unit stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tidu.core.errors import SpecError
from tidu.index.cell_errors import CellErrors
from tidu.index.factor import Alternative, Factor
from tidu.index.factors import Space, space
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

FILE = """
[index]
code = "demo"
[indicator.a]
better = "higher"
[indicator.b]
better = "lower"
[indicator.c]
better = "higher"
"""
PANEL = Panel.of(list("vwxyz"), ["2022", "2023"], ["a", "b", "c"], np.random.default_rng(1).lognormal(size=(5, 2, 3)))


def made(text: str, panel: Panel = PANEL, **how: Any) -> Space:
    return space(Framework.parse(FILE + text), panel, **how)


def test_errors_of_cells_are_even_and_stay_where_they_belong() -> None:
    found = made("[uncertain.f]\naddress = 'data.*.2023.a'\nerror = 0.1\ndraws = 200\n")
    assert (found.size, found.factors[0].moves) == (200, "cells")
    apart = np.stack([found.figures([k]).values / PANEL.values - 1 for k in range(200)])
    assert np.abs(apart).max() <= 0.1
    assert not apart[:, :, 0].any() and not apart[:, :, :, 1:].any()
    assert apart[:, :, 1, 0].std() == pytest.approx(0.1 / np.sqrt(3), rel=0.05)
    again = made("[uncertain.f]\naddress = 'data.*.2023.a'\nerror = 0.1\ndraws = 200\n")
    assert np.array_equal(again.figures([7]).values, found.figures([7]).values)
    other = made("[uncertain.f]\naddress = 'data.*.2023.a'\nerror = 0.1\ndraws = 200\n", seed=1)
    assert not np.array_equal(other.figures([7]).values, found.figures([7]).values)


def test_errors_hang_on_the_unit_and_not_on_its_row() -> None:
    mixed = PANEL.select(units=["z", "v", "y", "x", "w"])
    text = "[uncertain.f]\naddress = 'data.*.*.*'\nerror = 0.1\n"
    one, two = made(text).figures([3]), made(text, mixed).figures([3])
    assert np.array_equal(one.select(units=mixed.units).values, two.values)


def test_standard_errors_are_taken_as_they_are() -> None:
    sized = replace(PANEL, standard_error=np.full(PANEL.values.shape, 0.25))
    found = made("[uncertain.f]\naddress = 'data.v.*.*'\nerror = 'standard'\ndraws = 300\n", sized)
    apart = np.stack([found.figures([k]).values - PANEL.values for k in range(300)])
    assert apart[:, 0].std() == pytest.approx(0.25, rel=0.1)
    assert not apart[:, 1:].any()


def test_an_absolute_error_is_in_the_unit_of_the_column() -> None:
    found = made("[uncertain.f]\naddress = 'data.*.*.a'\nerror = 5\nabsolute = true\ndraws = 40\n")
    apart = np.stack([found.figures([k]).values - PANEL.values for k in range(40)])
    assert 4.0 < np.abs(apart[..., 0]).max() <= 5.0  # whatever the size of the cell
    assert not apart[..., 1:].any()
    with pytest.raises(SpecError) as caught:
        made("[uncertain.f]\naddress = 'data.*.*.a'\nerror = 5\n")
    assert (caught.value.code, caught.value.address) == ("out_of_range", "uncertain.f.error")


def test_a_point_without_a_draw_leaves_the_figures_as_they_stand() -> None:
    cells = np.ones(PANEL.values.shape, dtype=bool)
    factor = Factor("f", "cells", "cells", {}, (Alternative({}), Alternative({}, draw=0)), cells=cells, error=0.1)
    errors = CellErrors(PANEL, (factor,), seed=0)
    assert errors.values([0]) is PANEL.values
    assert (errors.values([1]) != PANEL.values).all()
