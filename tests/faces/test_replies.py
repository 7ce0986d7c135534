"""The shapes of replies: documented, and each rank that stands in one has room for its range."""

from __future__ import annotations

from pydantic import BaseModel

from tidu.faces import replies

SHAPES = [shape for shape in vars(replies).values() if isinstance(shape, type) and shape.__module__ == replies.__name__]


def test_every_shape_says_what_it_is() -> None:
    assert len(SHAPES) >= 9
    for shape in SHAPES:
        assert issubclass(shape, BaseModel) and (shape.__doc__ or "").strip().endswith(".")


def test_a_rank_in_the_whole_index_stands_with_its_range_and_tie_group() -> None:
    for shape in (replies.Placed, replies.Standing):
        assert {"rank", "best", "worst", "tie_group", "p_top"} <= set(shape.model_fields)


def test_what_tells_of_a_period_names_period_and_edition() -> None:
    for shape in (replies.Places, replies.Standing, replies.Measured):
        assert {"index", "period", "hash"} <= set(shape.model_fields), shape
