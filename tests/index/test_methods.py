from __future__ import annotations

import inspect

import pytest

from tidu.index.methods import REGISTRIES
from tidu.index.spec import STEPS

ALL = [(step, name) for step, registry in REGISTRIES.items() for name in registry]


def test_the_steps_stand_in_the_order_of_the_craft() -> None:
    assert tuple(REGISTRIES) == STEPS


@pytest.mark.parametrize(("step", "name"), ALL, ids=[f"{step}.{name}" for step, name in ALL])
def test_every_method_says_what_comes_back_gives_a_source_and_an_example(step: str, name: str) -> None:
    method = REGISTRIES[step][name]
    assert method.summary
    assert method.source.strip()
    assert ">>>" in (inspect.getdoc(method.function) or "")
    assert method.model.model_config["extra"] == "forbid"


@pytest.mark.parametrize(("step", "name"), ALL, ids=[f"{step}.{name}" for step, name in ALL])
def test_what_a_fit_gives_the_method_takes(step: str, name: str) -> None:
    method = REGISTRIES[step][name]
    takes = inspect.signature(method.function).parameters
    positional = [item for item in takes.values() if item.kind is not inspect.Parameter.KEYWORD_ONLY]
    fitted = [item for item in positional[1:] if item.default is inspect.Parameter.empty]
    assert bool(fitted) == (method.fitter is not None)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_left_undone_or_has_a_plain_form(step: str) -> None:
    plain = {"impute": "none", "treat": "none", "normalise": "none", "weighting": "equal", "aggregate": "arithmetic"}[step]
    assert not any(default is inspect.Parameter.empty for _, default in REGISTRIES[step][plain].parameters.values())
