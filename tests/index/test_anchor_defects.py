"""Defects found in other tools when their results were recomputed; each test shows that the fault is not ours."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tidu.core.errors import MethodError, TiduError
from tidu.index.build import build
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.impute import IMPUTATIONS
from tidu.index.result import Index
from tidu.index.treat import TREATMENTS
from tidu.indicators.panel import Panel

NAN = np.nan


def flat(rows: object, text: str = "", better: str = "higher", units: str | None = None) -> Index:
    """A one-level index of the columns a, b, c … with nothing done to them but what the text says."""
    values = np.array(rows, dtype=float)
    codes = "abcdefgh"[: values.shape[1]]
    names = units or [f"u{i}" if len(values) > 8 else "stuvwxyz"[i] for i in range(len(values))]
    steps = "" if "[normalise]" in text else "[normalise]\nmethod='none'\n"
    spec = "[index]\ncode='top'\n" + steps + text + "".join(f"[indicator.{code}]\nbetter='{better}'\n" for code in codes)
    return build(Framework.parse(spec), Panel.of(list(names), ["2023"], list(codes), values[:, None, :]))


def test_the_logarithm_is_not_the_identity() -> None:
    """COINr log_GII returns its input unchanged."""
    x = np.array([0.0, 5.0, 10.0]).reshape(-1, 1, 1)
    for name in ("log", "log_scaled", "signed_log"):
        method = TREATMENTS[name]
        options = {"shift": None} if name == "log" else {}
        found = method.apply(x, method.fit(x, options, Context(codes=("a",))), options, Context(codes=("a",)))
        assert not np.allclose(found, x), name
        assert (np.diff(found.ravel()) > 0).all(), name
    wanted = [0.0, math.log(9 * 0.5 + 1), math.log(10)]
    index = flat([[0.0], [5.0], [10.0]], "[treat]\nmethod='log_scaled'\n")
    assert list(index.score().values()) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("mean", "wanted"),
    [
        ("method='arithmetic'", 5.0),
        ("method='geometric'", 4.0),
        ("method='harmonic'", 3.2),
        ("method='power_mean'\np=2", math.sqrt(34.0)),
        ("method='median'", 5.0),
    ],
)
def test_a_mean_passes_over_a_missing_child_whichever_mean_it_is(mean: str, wanted: float) -> None:
    """COINr a_genmean gives a missing parent as soon as one child is missing, unlike its other means."""
    # of 2 and 8: (2 + 8)/2, √16, 2/(1/2 + 1/8), √((4 + 64)/2)
    index = flat([[2.0, 8.0, NAN], [2.0, 8.0, 5.0]], f"[aggregate]\n{mean}\nmissing='skip'\n")
    assert index.score()["s"] == pytest.approx(wanted)


def test_one_outlier_on_an_otherwise_constant_column_is_no_crash() -> None:
    """COINr winsorise stops with an error of R when one outlier sits on an otherwise constant column."""
    rows = [[3.0, float(i)] for i in range(8)]
    rows[5][0] = 1000.0
    index = flat(rows, "[treat]\nmethod='winsorise'\n")
    assert index.treated[:, 0, 0].tolist() == [3.0] * 8
    assert [change.reason for change in index.changes()] == ["winsorise high"]


@pytest.mark.parametrize("treatment", ["none", "winsorise"])
def test_min_max_of_a_constant_is_an_error_that_names_the_indicator(treatment: str) -> None:
    """COINr's min-max of a constant column gives NaN without a word."""
    rows = [[3.0, float(i)] for i in range(8)]
    if treatment == "winsorise":
        rows[5][0] = 1000.0  # and the column is constant only after treatment
    with pytest.raises(MethodError) as caught:
        flat(rows, f"[treat]\nmethod='{treatment}'\n[normalise]\nmethod='min_max'\n")
    assert (caught.value.code, caught.value.address) == ("constant_column", "indicator.a")


@pytest.mark.parametrize("method", ["linear", "linear_or_constant", "constant", "carry_forward"])
def test_a_series_with_one_figure_is_no_crash(method: str) -> None:
    """COINr impute_panel, linear, stops on a series with one value."""
    x = np.array([[[NAN], [4.0], [NAN]], [[1.0], [NAN], [3.0]], [[NAN], [NAN], [NAN]]])
    found = IMPUTATIONS[method].apply(x, {}, {}, Context(periods=("2020", "2021", "2022")))
    assert found[0, 1, 0] == 4.0
    assert np.isnan(found[2]).all()


def test_figures_are_turned_before_they_are_scaled() -> None:
    """scikit-criteria before 0.5 normalised before it inverted the objectives."""
    # Cost 1, 2, 4 with lower better: −1, −2, −4 on 0–100 → 100, 66⅔, 0; scaled first and inverted then, the middle is not 66⅔.
    for method, wanted in (("min_max", [100, 200 / 3, 0]), ("percentile_rank", [100, 50, 0]), ("rank", [3, 2, 1])):
        index = flat([[1.0], [2.0], [4.0]], f"[normalise]\nmethod='{method}'\n", better="lower")
        assert list(index.score().values()) == pytest.approx(wanted), method
    ranged = flat([[1.0], [2.0], [4.0]], "[normalise]\nonto=[1, 100]\n", better="lower")
    assert min(ranged.score().values()) == pytest.approx(1.0)
    scores = flat([[1.0], [2.0], [4.0]], "[normalise]\nmethod='z_score'\n", better="lower").score()
    assert list(scores.values()) == sorted(scores.values(), reverse=True)


def test_copeland_is_a_method_like_any_other() -> None:
    """COINr a_copeland cannot be called through Aggregate: its argument is X and it is called with x."""
    index = flat([[3.0, 3.0], [2.0, 1.0], [1.0, 2.0]], "[aggregate]\nmethod='copeland'\n")
    assert index.rank() == {"s": 1, "t": 2, "u": 2}


def test_a_missing_comparison_is_credited_to_nobody_whatever_the_order_of_rows() -> None:
    """COINr outrankMatrix credits a missing comparison to the unit later in row order."""
    rows = [[3.0, NAN, 1.0], [2.0, 5.0, NAN], [1.0, 4.0, 2.0], [0.0, NAN, 3.0]]
    text = "[aggregate]\nmethod='copeland'\nmissing='skip'\n"
    forward, backward = flat(rows, text), flat(rows[::-1], text, units="vuts")
    assert forward.score() == pytest.approx(backward.score(), nan_ok=True)


def test_a_power_mean_is_the_power_mean() -> None:
    """Compind ci_generalized_mean returns 1 by default, and otherwise takes (mean)^1/p for mean/p."""
    for p, wanted in ((3.0, ((8 + 512) / 2) ** (1 / 3)), (-1.0, 3.2), (1.0, 5.0)):
        index = flat([[2.0, 8.0]], f"[aggregate]\nmethod='power_mean'\np={p}\n")
        assert index.score()["s"] == pytest.approx(wanted)


def test_the_sign_of_the_penalty_matters_and_nothing_is_rounded() -> None:
    """Compind ci_ampi overwrites its penalty sign: POS and NEG give the same, rounded to three decimals."""
    rows = [[1.0, 7.1], [4.2, 5.0], [8.0, 2.0]]
    minus, plus = (flat(rows, f"[aggregate]\nmethod='ampi'\npenalty='{sign}'\n").score()["t"] for sign in ("minus", "plus"))
    assert minus < plus
    assert minus != round(minus, 3)


def test_mean_min_standardises_each_column_with_its_own_figures() -> None:
    """Compind ci_mean_min standardises with recycled column statistics."""
    rows = np.array([[1.0, 100.0], [2.0, 300.0], [3.0, 200.0]])
    text = "[normalise]\nmethod='z_score'\n[aggregate]\nmethod='mean_min'\nalpha=0\nbeta=0\n"
    one, swapped = flat(rows, text).score(), flat(rows[:, ::-1], text).score()
    assert one == pytest.approx(swapped)
    assert one == pytest.approx({"s": -1.0, "t": 0.5, "u": 0.5})  # z: −1 0 1 and −1 1 0


def test_objective_weights_look_at_figures_that_are_already_turned() -> None:
    """pymcdm critic_weights ignores whether a criterion is a benefit or a cost."""
    rows = np.array([[1.0, 5.0, 2.0], [2.0, 3.0, 9.0], [4.0, 4.0, 1.0], [9.0, 1.0, 3.0]])
    text = "[normalise]\nonto=[0, 1]\n[weighting]\nmethod='critic'\n"
    benefit = flat(rows, text).weights()
    turned = build(
        Framework.parse(
            "[index]\ncode='top'\n"
            + text
            + "".join(f"[indicator.{c}]\nbetter='{b}'\n" for c, b in zip("abc", ("higher", "lower", "higher"), strict=True))
        ),
        Panel.of(list("stuv"), ["2023"], list("abc"), (rows * [1, -1, 1])[:, None, :]),
    ).weights()
    assert turned == pytest.approx(benefit)


def test_the_benefit_of_the_doubt_has_no_sum_of_weights() -> None:
    """indicators-merwan adds the constraint that the weights sum to one, and solves locally."""
    # Three units, each best in one thing or in none: s and t are on the frontier; u = (3, 3) against (6, 1) and (1, 6):
    # weights w on both: 7w ≤ 1, score 6/7. With weights that sum to one it would be something else.
    index = flat([[6.0, 1.0], [1.0, 6.0], [3.0, 3.0]], "[aggregate]\nmethod='benefit_of_the_doubt'\n")
    assert index.score() == pytest.approx({"s": 1.0, "t": 1.0, "u": 6 / 7})


def test_loadings_of_mixed_signs_never_become_negative_weights() -> None:
    """COINr lets negative loadings of the first component pass through as weights; its signs are arbitrary."""
    rng = np.random.default_rng(6)
    one = rng.normal(size=30)
    rows = np.stack([one, one + rng.normal(size=30) / 5, -one + rng.normal(size=30) / 5], axis=1)
    scaled = "[normalise]\nmethod='z_score'\n[weighting]\nmethod='pca'\n"
    assert min(flat(rows, scaled).weights().values()) >= 0
    with pytest.raises(TiduError) as caught:
        flat(rows, scaled + "form='loading'\n")
    assert caught.value.code == "pca_mixed_signs"
    assert min(flat(rows * [1, 1, -1], scaled + "form='loading'\n").weights().values()) >= 0


def test_a_zero_under_a_geometric_mean_is_refused_before_anything_runs() -> None:
    """COINr fails late, in the middle of a build, when a geometric mean meets the zeros of a 0-100 range."""
    with pytest.raises(TiduError) as caught:
        flat([[1.0], [2.0]], "[normalise]\nonto=[0, 100]\n[aggregate]\nmethod='geometric'\n")
    assert caught.value.code == "needs_positive"


def test_a_panel_normalised_over_all_years_can_be_built_again_and_scored_with_what_was_learnt() -> None:
    """COINr's globally normalised panels cannot be regenerated."""
    rng = np.random.default_rng(2)
    panel = Panel.of(list("stuv"), ["2021", "2022"], ["a", "b"], rng.lognormal(size=(4, 2, 2)))
    framework = Framework.parse(
        "[index]\ncode='top'\n[normalise]\nover='panel'\n[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='lower'\n"
    )
    first = build(framework, panel)
    assert np.array_equal(build(framework, panel).scores, first.scores)
    assert np.array_equal(build(framework, panel, frozen=first.frozen).scores, first.scores)
    assert first.normalised.min(axis=(0, 1)).tolist() == [0.0, 0.0]
    assert first.normalised.max(axis=(0, 1)) == pytest.approx([100.0, 100.0])
