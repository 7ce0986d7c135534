"""Figures name their columns, sources and status."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tidu.diagnosis.explanation.figures import figures
from tidu.index.build import build
from tidu.index.result import Index


def test_figures_name_their_columns_sources_and_status(yearly: Callable[..., Index]) -> None:
    index = yearly()
    panel = index.panel.with_value("v", "2023", "women", 3.0, "E")
    found = {line.code: line for line in figures(build(index.framework, panel), "v")}
    assert found["a"].columns == ("mass", "men", "women")
    assert found["a"].lineage == {"mass": "table 1", "men": "table 2"}
    assert (found["a"].source, found["a"].unit, found["a"].status) == ("yearbook", "件", "E")
    assert found["c"].status == "A" and found["c"].columns == ("c",)
    values = panel.values[0, 2]
    assert found["a"].value == pytest.approx(values[0] / (values[1] + 3.0))


def test_a_filled_figure_is_shown_as_missing_and_used(yearly: Callable[..., Index]) -> None:
    index = yearly()
    panel = index.panel.with_value("v", "2023", "b", float("nan"), "O")
    index = build(index.framework.put("impute.method=mean"), panel)
    line = {line.code: line for line in figures(index, "v")}["b"]
    assert np.isnan(line.value) and not np.isnan(line.used) and line.status == "I"
