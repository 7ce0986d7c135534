from __future__ import annotations

import pytest

from tidu.core.errors import MethodError, SpecError, TiduError
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.policy import check, check_series
from tidu.indicators.panel import Panel

HEAD = "[index]\ncode='d'\n"
TWO = "[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='lower'\n"


def faults(text: str) -> list[tuple[str, str | None]]:
    with pytest.raises(TiduError) as caught:
        check(Framework.parse(HEAD + TWO + text))
    return [(error.code, error.address) for error in getattr(caught.value, "errors", [caught.value])]


@pytest.mark.parametrize("method", ["geometric", "harmonic"])
@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "normalise.onto"),
        ("[normalise]\nonto=[0, 100]\n", "normalise.onto"),
        ("[normalise]\nonto=[-1, 1]\n", "normalise.onto"),
        ("[normalise]\nmethod='z_score'\n", "normalise.method"),
        ("[normalise]\nmethod='borda'\n", "normalise.method"),
        ("[normalise]\nmethod='bands'\ncuts=[1, 2]\n", "normalise.method"),
        ("[normalise]\nmethod='rubric'\nscores=[[0, 0], [1, 100]]\n", "normalise.method"),
        ("[normalise]\nonto=[1, 100]\n[indicator.c]\nbetter='higher'\nnormalise={onto=[0, 1]}\n", "indicator.c.normalise.onto"),
    ],
)
def test_a_mean_that_needs_positive_values_is_refused_over_a_range_with_zero(method: str, text: str, address: str) -> None:
    assert ("needs_positive", address) in faults(f"[aggregate]\nmethod='{method}'\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        "[aggregate]\nmethod='geometric'\n[normalise]\nonto=[1, 100]\n",
        "[aggregate]\nmethod='geometric'\n[normalise]\nmethod='rank'\n",
        "[aggregate]\nmethod='geometric'\n[normalise]\nmethod='none'\n",
        "[aggregate]\nmethod='power_mean'\np=2\n",
        "[aggregate]\nmethod='geometric'\n[normalise]\nmethod='bands'\ncuts=[1]\nscores=[1, 2]\n",
        "",
    ],
)
def test_what_agrees_passes(text: str) -> None:
    assert check(Framework.parse(HEAD + TWO + text)) is None


def test_a_power_mean_of_negative_power_is_asked_like_a_geometric_one() -> None:
    assert ("needs_positive", "normalise.onto") in faults("[aggregate]\nmethod='power_mean'\np=-1\n")


def test_a_zero_that_only_the_figures_show_is_refused_too() -> None:
    framework = Framework.parse(HEAD + TWO + "[aggregate]\nmethod='geometric'\n[normalise]\nmethod='none'\n")
    panel = Panel.of(["x", "y"], ["2021"], ["a", "b"], [[[1, 1]], [[-2, 3]]])
    with pytest.raises(MethodError):
        build(framework, panel)


# --- series -------------------------------------------------------------------------------------------------------

BROKEN = HEAD + TWO + "[indicator.c]\nbetter='higher'\nyears=[2022]\n"


def test_pooled_bounds_over_a_broken_series_are_refused() -> None:
    with pytest.raises(SpecError) as caught:
        check_series(Framework.parse(BROKEN), ("2021", "2022"))
    assert (caught.value.code, caught.value.address) == ("broken_series", "index.broken_series")
    assert caught.value.values == {"codes": "c", "periods": "2021, 2022"}


@pytest.mark.parametrize(
    ("change", "periods"),
    [
        (None, ("2022",)),
        (None, ("2020", "2021")),  # neither year asks for it
        ("index.broken_series=true", ("2021", "2022")),
        ("normalise.over=year", ("2021", "2022")),
    ],
)
def test_a_series_may_break_where_it_does_no_harm_or_is_allowed(change: str | None, periods: tuple[str, ...]) -> None:
    framework = Framework.parse(BROKEN)
    assert check_series(framework.put(change) if change else framework, periods) is None


def test_a_build_says_so_before_it_computes() -> None:
    panel = Panel.of(["x", "y"], ["2021", "2022"], ["a", "b", "c"], [[[1, 2, 3], [4, 5, 6]], [[2, 1, 4], [9, 3, 1]]])
    with pytest.raises(SpecError) as caught:
        build(Framework.parse(BROKEN), panel)
    assert caught.value.code == "broken_series"
    index = build(Framework.parse(BROKEN).put("normalise.over=year"), panel)
    assert index.live[:, 2].tolist() == [False, True]
