"""What the interface takes: bounded, described, and nothing asked is the edition as it is."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tidu.faces.web import asked as shapes


@pytest.mark.parametrize(
    "asked",
    [
        {"weights": {"output": -1}},
        {"weights": {"output": float("inf")}},
        {"changes": ["a=b"] * 201},
        {"changes": ["x" * 201]},
        {"period": "2" * 21},
        {"more": 1},
    ],
)
def test_a_request_is_bounded(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        shapes.BuildAsked.model_validate(asked)


def test_nothing_asked_is_the_edition_as_it_is() -> None:
    asked = shapes.BuildAsked()
    assert (asked.weights, asked.changes, asked.period) == ({}, [], None)


def test_scenarios_are_few_and_named() -> None:
    one = {"name": "a", "changes": ["pillar.output.weight=2"]}
    assert shapes.WhatIfAsked.model_validate({"scenarios": [one]}).frozen is False
    for wrong in ([], [one] * 6, [{**one, "changes": []}], [{**one, "name": ""}]):
        with pytest.raises(ValidationError):
            shapes.WhatIfAsked.model_validate({"scenarios": wrong})


def test_every_shape_is_described() -> None:
    found = [shape for shape in vars(shapes).values() if isinstance(shape, type) and shape.__module__ == shapes.__name__]
    assert len(found) == 8 and all(shape.__doc__ for shape in found)
