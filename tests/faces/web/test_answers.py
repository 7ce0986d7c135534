"""The shapes of answers: each says what it is."""

from __future__ import annotations

from tidu.faces.web import answers


def test_every_answer_is_described() -> None:
    shapes = [shape for shape in vars(answers).values() if isinstance(shape, type) and shape.__module__ == answers.__name__]
    assert len(shapes) > 15 and all(shape.__doc__ for shape in shapes)
