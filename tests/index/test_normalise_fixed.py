"""Scales that need no sample: posts, targets, bands, rubrics, base years, growth, progress."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tidu.core.errors import MethodError
from tidu.index.context import Context
from tidu.index.methods import REGISTRIES

NAN = np.nan
NORMALISATIONS = REGISTRIES["normalise"]
OPTIONS: dict[str, dict[str, Any]] = {
    "goalposts": {"low": 0.0, "high": 200.0},
    "distance_to_target": {"target": 150.0},
    "share_of_target": {"target": 50.0},
    "distance_to_reference": {"unit": "u0"},
    "bands": {"cuts": [20.0, 60.0]},
    "rubric": {"scores": [[0, 0], [0.5, 50], [1, 100]]},
    "fixed_base": {"base": "2020"},
    "progress_against_time": {"baseline": 10.0, "target": 80.0, "start": "2018", "end": "2025"},
}


def scale(name: str, natural: object, better: str = "higher", fit_on: object = None, **options: Any) -> np.ndarray:
    """Figures in their own unit, oriented as the driver does, put on the scale: (units, periods, columns)."""
    sign = 1.0 if better == "higher" else -1.0
    x, learn = (np.array(values, dtype=float) for values in (natural, natural if fit_on is None else fit_on))

    def around(block: np.ndarray) -> Context:
        return Context(
            units=tuple(f"u{i}" for i in range(block.shape[0])),
            periods=tuple(str(2020 + i) for i in range(block.shape[1])),
            codes=tuple(f"c{i}" for i in range(block.shape[2])),
            direction=np.full(block.shape[2], sign),
        )

    method = NORMALISATIONS[name]
    chosen = method.model(**{**OPTIONS.get(name, {}), **options})
    keys = {key: getattr(chosen, key) for key in type(chosen).model_fields}
    fitted = method.fit(learn * sign, keys, around(learn))
    found: np.ndarray = method.apply(x * sign, fitted, keys, around(x))
    return found


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float).reshape(-1, 1, 1)


def test_goalposts() -> None:
    # Life expectancy of Norway 2014: (81.6 − 20) / (85 − 20) = 0.9477
    assert scale("goalposts", column(81.6), low=20, high=85, onto=(0, 1)).item() == pytest.approx(61.6 / 65)
    assert scale("goalposts", column(10, 90), low=20, high=85).ravel().tolist() == [0, 100]
    assert scale("goalposts", column(7), low=0, high=10, truncate=False, onto=(0, 1)).item() == pytest.approx(0.7)
    assert scale("goalposts", column(12), "lower", low=0, high=10, truncate=False).item() == pytest.approx(-20)
    # Income: (ln 64992 − ln 100) / (ln 75000 − ln 100) = 0.978365
    assert scale("goalposts", column(64992), low=100, high=75000, log=True, onto=(0, 1)).item() == pytest.approx(0.978365, abs=5e-7)


@pytest.mark.parametrize(
    ("options", "figures", "code"),
    [
        ({"low": 5, "high": 5}, (1,), "goalposts_order"),
        ({"low": 0, "high": 5, "log": True}, (1,), "log_needs_positive"),
        ({"low": 1, "high": 5, "log": True}, (0,), "log_needs_positive"),
    ],
)
def test_goalposts_that_cannot_be(options: dict[str, Any], figures: tuple[float, ...], code: str) -> None:
    with pytest.raises(MethodError) as caught:
        scale("goalposts", column(*figures), **options)
    assert caught.value.code == code


def test_share_of_a_planned_target() -> None:
    assert scale("share_of_target", column(6, 15.3), target=12).ravel().tolist() == [50, 100]
    assert scale("share_of_target", column(6, 18), target=12, capped=False).ravel().tolist() == [50, 150]
    assert scale("share_of_target", column(24, 6), "lower", target=12).ravel().tolist() == [50, 100]


def test_bands_are_closed_below_and_the_better_end_is_high() -> None:
    x = column(1, 20, 59.9, 60, 99)
    assert scale("bands", x).ravel().tolist() == [0, 50, 50, 100, 100]
    assert scale("bands", x, "lower").ravel().tolist() == [100, 50, 50, 0, 0]
    assert scale("bands", x, scores=[10, 60, 90]).ravel().tolist() == [10, 60, 60, 90, 90]
    assert scale("bands", column(*range(11)), of="percentiles", cuts=[50]).ravel().tolist() == [0] * 5 + [100] * 6
    for options, code in (({"cuts": [5, 5]}, "cuts_order"), ({"cuts": []}, "cuts_order"), ({"scores": [1, 2]}, "scores_count")):
        with pytest.raises(MethodError) as caught:
            scale("bands", x, **options)
        assert caught.value.code == code


def test_a_rubric_takes_the_grades_it_lists_and_no_other() -> None:
    assert scale("rubric", column(0, 0.5, 1)).ravel().tolist() == [0, 50, 100]
    with pytest.raises(MethodError) as caught:
        scale("rubric", column(0, 0.7))
    assert (caught.value.code, caught.value.address) == ("not_a_grade", "data.u1.2020.c0")


def test_each_unit_against_its_own_base_year() -> None:
    x = np.array([[[2.0], [3.0]], [[4.0], [2.0]], [[0.0], [5.0]]])
    assert scale("fixed_base", x)[:, :, 0].ravel() == pytest.approx([100, 150, 100, 50, NAN, NAN], nan_ok=True)
    assert scale("fixed_base", x, "lower")[:2, :, 0].ravel() == pytest.approx([100, 200 / 3, 100, 200])
    with pytest.raises(MethodError) as caught:
        scale("fixed_base", x, base="1999")
    assert caught.value.code == "base_period"


def test_growth_is_positive_where_the_unit_became_better() -> None:
    x = np.array([[[2.0], [3.0], [1.5]], [[0.0], [3.0], [3.0]]])
    assert scale("growth", x)[:, :, 0].ravel() == pytest.approx([NAN, 50, -50, NAN, NAN, 0], nan_ok=True)
    assert scale("growth", x, "lower")[0, :, 0] == pytest.approx([NAN, -50, 50], nan_ok=True)
    assert scale("growth", x, lag=2)[0, :, 0] == pytest.approx([NAN, NAN, -25], nan_ok=True)


def test_progress_against_time_is_100_on_schedule_whichever_way_is_better() -> None:
    """Plan 2020–2025 from 6.3 to 12: by 2023, 60 % of the time has gone, so on schedule is 6.3 + 0.6 × 5.7 = 9.72."""
    plan = {"baseline": 6.3, "target": 12.0, "start": "2020", "end": "2025"}
    x = np.full((1, 4, 1), 9.72)
    found = scale("progress_against_time", x, **plan)[0, :, 0]
    assert np.isnan(found[0])  # the time has not begun to run in 2020
    assert found[3] == pytest.approx(100)
    assert found[1] == pytest.approx(300)  # the way of three years gone in one
    down = {"baseline": 20.0, "target": 10.0, "start": "2020", "end": "2025"}
    assert scale("progress_against_time", np.full((1, 4, 1), 14.0), "lower", **down)[0, 3, 0] == pytest.approx(100)
    assert scale("progress_against_time", x, **plan, capped=100.0)[0, 1, 0] == 100


def test_a_plan_that_asks_for_nothing_or_runs_backwards_is_refused() -> None:
    for options, code in (
        ({"baseline": 12.0, "target": 12.0, "start": "2020", "end": "2025"}, "target_is_base"),
        ({"baseline": 6.3, "target": 12.0, "start": "2025", "end": "2025"}, "plan_order"),
    ):
        with pytest.raises(MethodError) as caught:
            scale("progress_against_time", column(1, 2), **options)
        assert caught.value.code == code
