from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import MethodError
from tidu.index.build import build
from tidu.index.context import Context
from tidu.index.framework import Framework
from tidu.index.steps import Sample, apply, fit_impute, fit_normalise, fit_treat, groups
from tidu.indicators.panel import Panel

NAN = np.nan
SKEWED = [1.0, 1, 2, 2, 3, 3, 2, 1, 2, 90]
PLAIN = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
UNITS = tuple(f"u{i}" for i in range(10))


def framework(text: str = "", *, codes: str = "ab") -> Framework:
    lines = [f"[indicator.{code}]\nbetter='higher'\n" for code in codes]
    return Framework.parse("[index]\ncode='d'\n" + "".join(lines) + text)


def around(made: Framework, periods: tuple[str, ...] = ("2021",)) -> Context:
    return Context(
        units=UNITS, periods=periods, codes=made.leaves, direction=np.ones(len(made.leaves)), groups={"r": ("e", "w") * 5}
    )


def everything(periods: int = 1) -> Sample:
    return Sample(np.arange(10), np.arange(periods))


def one_year(*columns: list[float]) -> np.ndarray:
    return np.array(columns).T[:, None, :]


# --- which indicators share a choice -------------------------------------------------------------------------------


def test_indicators_with_the_same_choice_are_worked_together() -> None:
    made = framework("[treat]\nmethod='winsorise'\n[indicator.c]\nbetter='lower'\ntreat={method='winsorise', at_most=2}\n")
    assert [(choice.options["at_most"], columns.tolist()) for choice, columns in groups(made, "treat")] == [(5, [0, 1]), (2, [2])]


def test_methods_that_look_at_the_pillar_are_kept_within_it() -> None:
    made = framework("[impute]\nmethod='row_mean'\n[pillar.p]\n[indicator.c]\nparent='p'\nbetter='lower'\n")
    assert [columns.tolist() for _, columns in groups(made, "impute")] == [[0, 1], [2]]


def test_another_chain_of_fallbacks_is_another_choice() -> None:
    made = framework(
        "[treat]\nmethod='winsorise'\notherwise='log'\n[indicator.c]\nbetter='lower'\ntreat={otherwise={method='log', shift=1}}\n"
    )
    assert [columns.tolist() for _, columns in groups(made, "treat")] == [[0, 1], [2]]


# --- imputation ---------------------------------------------------------------------------------------------------


def test_only_holes_are_filled_and_what_was_learnt_without_any_fills_others() -> None:
    made = framework("[impute]\nmethod='mean'\n")
    x = one_year([NAN, *PLAIN[1:]], PLAIN)
    fits = fit_impute(made, x, everything(), around(made))
    filled = apply(fits, x, around(made))
    assert filled[0, 0, 0] == pytest.approx(np.mean(PLAIN[1:]))
    assert np.array_equal(filled[1:], x[1:])
    whole = one_year(PLAIN, PLAIN)
    learnt = fit_impute(made, whole, everything(), around(made))
    assert np.array_equal(apply(learnt, whole, around(made)), whole)
    assert apply(learnt, x, around(made))[0, 0, 0] == pytest.approx(np.mean(PLAIN))  # frozen, for figures that have holes


def test_those_outside_the_sample_are_filled_with_what_the_sample_taught() -> None:
    made = framework("[impute]\nmethod='mean'\n", codes="a")
    x = one_year([1.0, 3.0, NAN, 100.0, NAN, 100, 100, 100, 100, 100])
    fits = fit_impute(made, x, Sample(np.arange(3), np.arange(1)), around(made))
    assert apply(fits, x, around(made))[[2, 4], 0, 0].tolist() == [2.0, 2.0]


# --- treatment ----------------------------------------------------------------------------------------------------


def test_only_columns_beyond_the_limits_are_treated() -> None:
    made = framework("[treat]\nmethod='winsorise'\n")
    x = one_year(SKEWED, PLAIN)
    [fit] = fit_treat(made, x, everything(), around(made))
    assert (fit.columns.tolist(), fit.period, fit.method.name) == ([0], "2021", "winsorise")
    done = apply([fit], x, around(made))
    assert done[9, 0, 0] == 3.0
    assert np.array_equal(done[:, :, 1], x[:, :, 1])


@pytest.mark.parametrize(("method", "value"), [("square_root", np.sqrt(90)), ("signed_log", np.log(91))])
def test_any_method_takes_the_limits(method: str, value: float) -> None:
    made = framework(f"[treat]\nmethod='{method}'\nwhen={{skew=2.0, kurtosis=3.5}}\n")
    x = one_year(SKEWED, PLAIN)
    done = apply(fit_treat(made, x, everything(), around(made)), x, around(made))
    assert done[9, 0, 0] == pytest.approx(value)
    assert np.array_equal(done[:, :, 1], x[:, :, 1])
    always = framework(f"[treat]\nmethod='{method}'\n")
    assert apply(fit_treat(always, x, everything(), around(always)), x, around(always))[9, 0, 1] != 10


def test_a_column_that_stays_beyond_the_limits_is_set_back_and_given_to_the_next() -> None:
    # Seven far values among forty alike: two steps are not enough, so the logarithm of the ORIGINAL figures is taken.
    hard = [1.0, 2.0] * 20 + [10.0**k for k in range(2, 9)]
    x = np.array(hard)[:, None, None]
    made = framework("[treat]\nmethod='winsorise'\nat_most=2\notherwise='log'\n", codes="a")
    context = Context(units=tuple(map(str, range(len(hard)))), periods=("2021",), codes=("a",), direction=np.ones(1))
    [fit] = fit_treat(made, x, Sample(np.arange(len(hard)), np.arange(1)), context)
    assert fit.method.name == "log"
    low, high = 1.0, 1e8
    assert apply([fit], x, context)[:, 0, 0] == pytest.approx(np.log(x[:, 0, 0] - low + 0.01 * (high - low)))


def test_the_last_of_the_chain_stands_whatever_it_did() -> None:
    hard = [1.0, 2.0] * 20 + [10.0**k for k in range(2, 9)]
    x = np.array(hard)[:, None, None]
    made = framework("[treat]\nmethod='winsorise'\nat_most=1\n", codes="a")
    context = Context(units=tuple(map(str, range(len(hard)))), periods=("2021",), codes=("a",), direction=np.ones(1))
    [fit] = fit_treat(made, x, Sample(np.arange(len(hard)), np.arange(1)), context)
    assert apply([fit], x, context).max() == 1e7


def test_year_by_year_or_over_the_panel() -> None:
    # In the first year the column is calm, in the second it has an outlier.
    x = np.stack([np.array(PLAIN), np.array(SKEWED)], axis=1)[:, :, None]
    years = ("2021", "2022")
    yearly = framework("[treat]\nmethod='winsorise'\nper='year'\n", codes="a")
    fits = fit_treat(yearly, x, everything(2), around(yearly, years))
    assert [fit.period for fit in fits] == ["2022"]
    assert apply(fits, x, around(yearly, years)).max(axis=0).ravel().tolist() == [10, 3]
    pooled = framework("[treat]\nmethod='winsorise'\nper='panel'\n", codes="a")
    fits = fit_treat(pooled, x, everything(2), around(pooled, years))
    assert [fit.period for fit in fits] == [None]
    assert apply(fits, x, around(pooled, years)).max(axis=0).ravel().tolist() == [10, 10]


# --- normalisation ------------------------------------------------------------------------------------------------


def test_bounds_of_each_year_or_of_all() -> None:
    x = np.stack([np.array(PLAIN), 10 * np.array(PLAIN)], axis=1)[:, :, None]
    years = ("2021", "2022")
    for over, labels, tops in (("year", ["2021", "2022"], [100, 100]), ("panel", [None], [100 * 9 / 99, 100])):
        made = framework(f"[normalise]\nover='{over}'\n", codes="a")
        fits = fit_normalise(made, x, everything(2), around(made, years))
        assert [fit.period for fit in fits] == labels
        assert apply(fits, x, around(made, years), empty=True).max(axis=0).ravel() == pytest.approx(tops)


def test_bounds_come_from_the_sample_only() -> None:
    made = framework(codes="a")
    x = one_year(PLAIN)
    fits = fit_normalise(made, x, Sample(np.arange(5), np.arange(1)), around(made))
    assert apply(fits, x, around(made), empty=True).ravel() == pytest.approx([25 * i for i in range(10)])


def test_a_year_without_a_fit_is_left_empty() -> None:
    made = framework("[normalise]\nover='year'\n", codes="a")
    x = np.stack([np.array(PLAIN), np.array(PLAIN)], axis=1)[:, :, None]
    context = around(made, ("2021", "2022"))
    done = apply(fit_normalise(made, x, Sample(np.arange(10), np.array([1])), context), x, context, empty=True)
    assert np.isnan(done[:, 0]).all()
    assert not np.isnan(done[:, 1]).any()


# --- frozen -------------------------------------------------------------------------------------------------------

WHOLE = """
[impute]
method = "group_mean"
by = "r"
[treat]
method = "winsorise"
otherwise = "log"
[normalise]
over = "year"
[weighting]
method = "standard_deviation"
[pillar.p]
[indicator.c]
parent = "p"
better = "lower"
[indicator.e]
parent = "p"
better = "higher"
"""


def panel(values: np.ndarray, codes: tuple[str, ...]) -> Panel:
    return Panel.of(UNITS, ("2021", "2022"), codes, values, groups={"r": ("e", "w") * 5})


@pytest.fixture(scope="module")
def figures() -> np.ndarray:
    x = np.random.default_rng(8).lognormal(1, 1, (10, 2, 4))
    x[4, 0, 1] = x[7, 1, 2] = x[0, 1, 0] = NAN
    return x


def test_frozen_parameters_on_the_same_figures_give_the_same_index(figures: np.ndarray) -> None:
    made = framework(WHOLE)
    first = build(made, panel(figures, made.leaves))
    again = build(made, panel(figures, made.leaves), frozen=first.frozen)
    for what in ("imputed", "treated", "normalised", "scores", "ranks"):
        assert np.array_equal(getattr(again, what), getattr(first, what), equal_nan=True), what


@pytest.mark.parametrize("some", [[0, 3, 4, 7], [7], [4, 2], list(range(9, -1, -1))])
def test_some_units_alone_score_as_they_do_among_all(figures: np.ndarray, some: list[int]) -> None:
    made = framework(WHOLE)
    whole = panel(figures, made.leaves)
    first = build(made, whole)
    alone = build(made, whole.select([UNITS[i] for i in some]), frozen=first.frozen)
    assert alone.scores == pytest.approx(first.scores[some], rel=1e-12)
    assert alone.weights() == first.weights()


def test_a_unit_with_a_figure_missing_is_scored_alone_as_among_all(figures: np.ndarray) -> None:
    made = framework(WHOLE.replace('"group_mean"\nby = "r"', '"none"') + "[aggregate]\nmissing='skip'\n")
    whole = panel(figures, made.leaves)
    first = build(made, whole)
    alone = build(made, whole.select(["u4"]), frozen=first.frozen)
    assert alone.scores == pytest.approx(first.scores[4:5], rel=1e-12, nan_ok=True)
    assert np.isnan(alone.scores[0, 0, 1])


def test_units_outside_those_that_set_the_bounds_can_be_scored_alone(figures: np.ndarray) -> None:
    made = framework(WHOLE.replace('"group_mean"\nby = "r"', '"mean"')).put("units.fit_on=e")
    whole = panel(figures, made.leaves)
    first = build(made, whole)
    alone = build(made, whole.select(["u1", "u3"]), frozen=first.frozen)
    assert alone.scores == pytest.approx(first.scores[[1, 3]], rel=1e-12)


def test_a_year_that_was_not_fitted_is_refused_when_bounds_are_yearly(figures: np.ndarray) -> None:
    made = framework("[normalise]\nover='year'\n").put("index.years=[2021]")
    whole = panel(np.abs(np.random.default_rng(1).normal(5, 1, (10, 2, 2))), made.leaves)
    first = build(made, whole)
    with pytest.raises(MethodError) as caught:
        build(made.put("index.years=[2022]"), whole, frozen=first.frozen)
    assert caught.value.code == "frozen_period"
    pooled = made.put("normalise.over=panel")
    other = build(pooled.put("index.years=[2022]"), whole, frozen=build(pooled, whole).frozen)
    low, high = whole.values[:, 0].min(axis=0), whole.values[:, 0].max(axis=0)
    assert other.normalised[:, 0] == pytest.approx(100 * (whole.values[:, 1] - low) / (high - low))
