from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pytest
from pydantic import Field, ValidationError

from tidu.core.errors import SpecError
from tidu.core.registry import Fitted, Registry


def demo() -> Registry:
    steps = Registry("demo")

    def fit_centre(x: np.ndarray, *, over: Literal["year", "panel"] = "year", context: object = None) -> Fitted:
        return {"centre": x.mean() + (100 if over == "panel" else 0)}

    @steps.method("centre", source="by hand", fit=fit_centre, traits=("time",))
    def centre(x: np.ndarray, centre: float, *, scale: Annotated[float, Field(gt=0)] = 1.0, context: object = None) -> object:
        """The figures less their centre.

        More words.
        """
        return (x - centre) * scale if context is None else context

    @steps.method("target", source="by hand")
    def target(x: np.ndarray, *, aim: float) -> np.ndarray:
        """The figures over a target."""
        return x / aim

    return steps


def test_names_in_the_order_they_were_written() -> None:
    steps = demo()
    assert list(steps) == ["centre", "target"]
    assert "centre" in steps
    assert "centr" not in steps


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(SpecError) as caught:
        demo()["centr"]
    assert caught.value.code == "unknown_method"
    assert caught.value.did_you_mean == "centre"
    assert caught.value.values == {"step": "demo", "method": "centr", "known": "centre, target"}


def test_parameters_are_the_keyword_only_arguments_of_both_functions() -> None:
    assert set(demo()["centre"].parameters) == {"scale", "over"}
    assert demo()["centre"].parameters["scale"][1] == 1.0
    assert demo()["centre"].summary == "The figures less their centre."
    assert demo()["centre"].traits == {"time"}


def test_what_was_fitted_is_applied_to_other_figures() -> None:
    method = demo()["centre"]
    fitted = method.fit(np.array([1.0, 3.0]), {})
    assert fitted == {"centre": 2.0}
    assert method.apply(np.array([5.0]), fitted, {"scale": 2.0}).tolist() == [6.0]  # (5 − 2) × 2


def test_each_function_gets_only_the_options_it_takes() -> None:
    method = demo()["centre"]
    options = {"over": "panel", "scale": 3.0}
    fitted = method.fit(np.array([1.0]), options)
    assert fitted == {"centre": 101.0}
    assert method.apply(np.array([102.0]), fitted, options).tolist() == [3.0]


def test_context_is_handed_to_those_who_ask_and_is_no_key() -> None:
    method = demo()["centre"]
    assert method.apply(np.array([1.0]), {"centre": 0.0}, {}, "surroundings") == "surroundings"
    assert "context" not in method.parameters
    assert demo()["target"].apply(np.array([4.0]), {}, {"aim": 2.0}, "surroundings").tolist() == [2.0]


def test_a_method_without_a_fit_learns_nothing() -> None:
    assert demo()["target"].fit(np.array([1.0]), {"aim": 1.0}) == {}


def test_the_model_checks_keys_types_and_bounds() -> None:
    model = demo()["centre"].model
    assert model(over="panel").model_dump() == {"scale": 1.0, "over": "panel"}
    for wrong in ({"scale": 0}, {"over": "decade"}, {"colour": 1}):
        with pytest.raises(ValidationError):
            model(**wrong)
    with pytest.raises(ValidationError):
        demo()["target"].model()  # the aim has no default
