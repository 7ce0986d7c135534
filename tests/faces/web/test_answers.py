"""The shapes of answers: described field by field, bounded where they are taken."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tidu.faces.web import answers


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
        answers.BuildAsked.model_validate(asked)


def test_nothing_asked_is_the_edition_as_it_is() -> None:
    asked = answers.BuildAsked()
    assert (asked.weights, asked.changes, asked.period) == ({}, [], None)


def test_every_answer_is_described() -> None:
    shapes = [shape for shape in vars(answers).values() if isinstance(shape, type) and shape.__module__ == answers.__name__]
    assert len(shapes) > 15 and all(shape.__doc__ for shape in shapes)
