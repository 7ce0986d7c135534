from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

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
#: Methods whose result rises, or stays, when a figure becomes better, taken one unit at a time.
ORDERED = sorted(set(NORMALISATIONS) - {"rubric", "fixed_base", "growth", "distance_to_reference"})


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


FIGURES = st.lists(st.floats(1, 100).map(lambda value: round(value, 2)), min_size=3, max_size=15).map(lambda rows: column(*rows))


# --- properties ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("better", ["higher", "lower"])
@pytest.mark.parametrize("name", ORDERED)
@settings(max_examples=20, deadline=None)
@given(FIGURES)
def test_the_better_figure_never_scores_less(name: str, better: str, x: np.ndarray) -> None:
    assume(np.ptp(x) > 0.1)
    options = {"target": 0.5} if name in ("distance_to_target", "progress_against_time") and better == "lower" else {}
    found = scale(name, x, better, **options).ravel()
    order = np.argsort(x.ravel() if better == "higher" else -x.ravel(), kind="stable")
    assert not np.isnan(found).any()
    assert (np.diff(found[order]) >= -1e-9).all()


@pytest.mark.parametrize("name", ["min_max", "percentile_rank", "rank", "borda", "z_score", "distance_to_max"])
@settings(max_examples=20, deadline=None)
@given(FIGURES)
def test_turning_the_direction_is_the_same_as_turning_the_sign(name: str, x: np.ndarray) -> None:
    assume(np.ptp(x) > 0.1)
    assert scale(name, x, "lower") == pytest.approx(scale(name, -x, "higher"))


@settings(max_examples=40, deadline=None)
@given(FIGURES, st.floats(-5, 5), st.floats(1, 200))
def test_min_max_fills_its_range_and_no_more(x: np.ndarray, bottom: float, width: float) -> None:
    assume(np.ptp(x) > 0.1)
    found = scale("min_max", x, onto=(bottom, bottom + width))
    assert found.min() == pytest.approx(bottom)
    assert found.max() == pytest.approx(bottom + width)
    turned = scale("min_max", x, "lower", onto=(bottom, bottom + width))
    assert found + turned == pytest.approx(2 * bottom + width)  # what is best one way is worst the other


@settings(max_examples=40, deadline=None)
@given(
    FIGURES, st.floats(0.1, 1000), st.floats(-100, 100), st.sampled_from(["min_max", "z_score", "rank", "percentile_rank", "borda"])
)
def test_the_unit_of_measurement_does_not_matter(x: np.ndarray, times: float, plus: float, name: str) -> None:
    assume(np.diff(np.unique(x), prepend=0).min() > 1e-6 and np.ptp(x) > 0.1)
    assert scale(name, x * times + plus) == pytest.approx(scale(name, x), rel=1e-6, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(FIGURES, st.floats(-100, 100), st.floats(0.5, 50))
def test_z_scores_have_the_wanted_mean_and_deviation(x: np.ndarray, mean: float, sd: float) -> None:
    assume(np.ptp(x) > 0.1)
    found = scale("z_score", x, mean=mean, sd=sd)
    assert found.mean() == pytest.approx(mean, abs=1e-6)
    assert found.std(ddof=1) == pytest.approx(sd)


@pytest.mark.parametrize("name", sorted(set(NORMALISATIONS) - {"rubric"}))
def test_holes_stay_holes_and_do_not_touch_the_others(name: str) -> None:
    x = np.array([[[3.0], [6.0]], [[NAN], [NAN]], [[5.0], [4.0]], [[9.0], [8.0]]])
    found = scale(name, x)
    assert np.isnan(found[1]).all()
    if name != "distance_to_reference":
        kept = [0, 2, 3]
        assert found[kept] == pytest.approx(scale(name, x[kept]), nan_ok=True)


@pytest.mark.parametrize(
    "name", ["min_max", "z_score", "rank", "percentile_rank", "borda", "distance_to_max", "fraction_of_max", "above_below_mean"]
)
def test_parameters_learnt_once_give_the_same_score_to_a_unit_alone(name: str) -> None:
    x = column(3, 9, 1, 12, 5)
    assert scale(name, x[1:2], fit_on=x) == pytest.approx(scale(name, x)[1:2])


@pytest.mark.parametrize("name", ["min_max", "z_score", "distance_to_max"])
def test_a_column_that_does_not_vary_is_refused_by_name(name: str) -> None:
    with pytest.raises(MethodError) as caught:
        scale(name, np.array([[[1.0, 5.0]], [[2.0, 5.0]]]))
    assert caught.value.code == "constant_column"
    assert caught.value.address == "indicator.c1"


# --- by hand ------------------------------------------------------------------------------------------------------


def test_min_max_of_other_units_runs_on_unless_cut() -> None:
    assert scale("min_max", column(0, 4, 8), fit_on=column(2, 6)).ravel().tolist() == [-50, 50, 150]
    assert scale("min_max", column(0, 4, 8), fit_on=column(2, 6), truncate=True).ravel().tolist() == [0, 50, 100]


def test_z_score_by_sample_or_population() -> None:
    # 1, 2, 3: mean 2; sample sd 1, population sd √(2/3)
    assert scale("z_score", column(1, 2, 3)).ravel().tolist() == [-1, 0, 1]
    assert scale("z_score", column(1, 2, 3), deviation="population").ravel() == pytest.approx([-(1.5**0.5), 0, 1.5**0.5])


def test_ranks_percentiles_and_borda_points() -> None:
    x = column(5, 1, 5, 9)
    assert scale("rank", x).ravel().tolist() == [2, 1, 2, 4]
    assert scale("borda", x).ravel().tolist() == [1, 0, 1, 3]
    assert scale("percentile_rank", x).ravel() == pytest.approx([100 / 3, 0, 100 / 3, 100])
    assert scale("percentile_rank", x, "lower").ravel() == pytest.approx([100 / 3, 100, 100 / 3, 0])


def test_on_the_way_from_the_worst_to_the_target() -> None:
    # worst 2, target 6: 4 is half way; 10 is there, or twice the way when not capped
    assert scale("distance_to_target", column(2, 4, 10), target=6).ravel().tolist() == [0, 50, 100]
    assert scale("distance_to_target", column(2, 4, 10), target=6, capped=False).ravel().tolist() == [0, 50, 200]
    assert scale("distance_to_target", column(10, 6, 1), "lower", target=2).ravel().tolist() == [0, 50, 100]
    with pytest.raises(MethodError) as caught:
        scale("distance_to_target", column(2, 4), target=2)
    assert caught.value.code == "target_behind"


def test_distance_to_the_best() -> None:
    # 1 − (max − x)/(max − min)
    assert scale("distance_to_max", column(2, 3, 6)).ravel() == pytest.approx([0, 0.25, 1])


def test_distance_to_a_reference_unit_year_by_year() -> None:
    x = np.array([[[4.0], [8.0]], [[2.0], [2.0]], [[0.0], [6.0]]])  # u0 is the reference; the worst of all is 0
    assert scale("distance_to_reference", x)[:, :, 0].tolist() == [[100, 100], [50, 25], [0, 75]]
    assert scale("distance_to_reference", column(4, 8))[1].item() == pytest.approx(NAN, nan_ok=True)  # the reference is the worst
    assert scale("distance_to_reference", column(4, 2, 8), unit="u1").ravel() == pytest.approx([NAN] * 3, nan_ok=True)
    with pytest.raises(MethodError) as caught:
        scale("distance_to_reference", column(4, 2), unit="u9")
    assert caught.value.code == "reference_unit"


def test_share_of_the_best() -> None:
    assert scale("fraction_of_max", column(2, 4)).ravel().tolist() == [50, 100]
    assert scale("fraction_of_max", column(2, 4), "lower").ravel().tolist() == [100, 50]
    for figures, better in (((-1, 4), "higher"), ((0, 4), "lower"), ((0, 0), "higher")):
        with pytest.raises(MethodError) as caught:
            scale("fraction_of_max", column(*figures), better)
        assert caught.value.code == "fraction_needs_positive"
        assert caught.value.values["codes"] == "c0"


def test_above_around_and_below_the_mean() -> None:
    # mean 10, a fifth either way: below 8, above 12
    x = column(5, 8, 10, 12, 15)
    assert scale("above_below_mean", x).ravel().tolist() == [-1, 0, 0, 0, 1]
    assert scale("above_below_mean", x, "lower").ravel().tolist() == [1, 0, 0, 0, -1]
    with pytest.raises(MethodError) as caught:
        scale("above_below_mean", column(-1, 1))
    assert caught.value.code == "mean_needs_positive"


#: Handbook (OECD/JRC 2008), Table 15: mean years of schooling of 23 countries, rank, z-score, min–max.
SCHOOLING = {
    "Finland": (10.0, 15, 0.26, 0.59), "United States": (12.0, 23, 1.52, 1.0), "Sweden": (11.4, 19, 1.14, 0.88),
    "Japan": (9.5, 12, -0.06, 0.49), "Korea": (10.8, 17, 0.76, 0.76), "Netherlands": (9.4, 9, -0.12, 0.47),
    "United Kingdom": (9.4, 9, -0.12, 0.47), "Canada": (11.6, 20, 1.27, 0.92), "Australia": (10.9, 18, 0.83, 0.78),
    "Singapore": (7.1, 1, -1.58, 0.0), "Germany": (10.2, 16, 0.38, 0.63), "Norway": (11.9, 22, 1.46, 0.98),
    "Ireland": (9.4, 9, -0.12, 0.47), "Belgium": (9.3, 8, -0.19, 0.45), "New Zealand": (11.7, 21, 1.33, 0.94),
    "Austria": (8.4, 6, -0.76, 0.27), "France": (7.9, 5, -1.08, 0.16), "Israel": (9.6, 14, 0.0, 0.51),
    "Spain": (7.3, 4, -1.46, 0.04), "Italy": (7.2, 3, -1.52, 0.02), "Czech Republic": (9.5, 12, -0.06, 0.49),
    "Hungary": (9.1, 7, -0.31, 0.41), "Slovenia": (7.1, 1, -1.58, 0.0),
}  # fmt: skip


def test_the_handbooks_table_of_schooling() -> None:
    x = column(*(row[0] for row in SCHOOLING.values()))
    assert scale("rank", x).ravel().tolist() == [row[1] for row in SCHOOLING.values()]
    assert scale("z_score", x).ravel() == pytest.approx([row[2] for row in SCHOOLING.values()], abs=0.0051)
    assert scale("min_max", x, onto=(0, 1)).ravel() == pytest.approx([row[3] for row in SCHOOLING.values()], abs=0.0051)
