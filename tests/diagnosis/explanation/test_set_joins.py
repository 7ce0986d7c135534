"""A unit's own score in joins by comparison: the same as joining the whole set anew, and refused where that is a search."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tidu.core.errors import MethodError
from tidu.diagnosis.explanation.set_joins import ADDITIVE, own_score
from tidu.index.context import Context
from tidu.index.framework import Framework

CODES = ("a", "b", "c", "e")
NONE = {"peers": np.zeros((0, 4))}
JOINS: dict[str, dict[str, Any]] = {
    "copeland": {},
    "borda": {},
    "topsis": {},
    "vikor": {},
    "promethee_ii": {"preference": "linear", "indifference": 1.0, "threshold": 9.0},
    "wroclaw": {},
    "benefit_of_the_doubt": {},
    "benefit_of_the_doubt_bounded": {"lower": 0.1, "upper": 0.6},
    "benefit_of_the_doubt_directional": {"undesirable": ["b"]},
    "benefit_of_the_doubt_robust": {"hull": "free", "m": 4},
}


def choice_of(method: str, **options: Any) -> Any:
    spec = {"index": {"code": "d"}, "aggregate": {"method": method, **options}}
    return Framework.of({**spec, "indicator": {code: {"better": "higher"} for code in CODES}}).choice("aggregate", "d")


def block() -> np.ndarray:
    x = np.random.default_rng(5).uniform(1, 100, (12, 4)).round()
    x[7, 2] = np.nan  # a unit that is no rival
    return x


@pytest.mark.parametrize("method", JOINS)
@pytest.mark.parametrize("frontier", ["period", "pooled"])
def test_it_is_the_score_when_the_whole_set_is_joined_anew(method: str, frontier: str) -> None:
    more = {"frontier": frontier} if method.startswith("benefit") else {}
    choice, x, weights = choice_of(method, **JOINS[method], **more), block(), np.array([0.4, 0.3, 0.2, 0.1])
    around = Context(units=tuple(map(str, range(12))), periods=("2023",), codes=CODES, given=weights)
    fitted = choice.method.fit(x[:, None], choice.options, around)
    found = own_score(choice, fitted, weights, CODES, "2023", x, 3)
    rows = np.concatenate([x[[3]], x[[0]], np.random.default_rng(1).uniform(0, 130, (9, 4)).round(), np.zeros((1, 4))])
    wanted = []
    for row in rows:
        anew = x.copy()
        anew[3] = row
        wanted.append(choice.method.apply(anew[:, None], fitted, choice.options, around)[3, 0])
    assert found(rows) == pytest.approx(wanted, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("method", sorted(ADDITIVE))
def test_children_add_up_once_the_others_are_given(method: str) -> None:
    choice, x = choice_of(method, **JOINS[method]), block()
    found = own_score(choice, {}, np.full(4, 0.25), CODES, "2023", x, 0)
    base = found(x[[1]])[0]
    alone = [found(np.where(np.arange(4) == child, x[0], x[1])[None])[0] - base for child in range(4)]
    assert sum(alone) == pytest.approx(found(x[[0]])[0] - base)


def test_a_row_beyond_all_others_is_on_the_frontier_whether_or_not_others_have_the_child() -> None:
    choice, x = choice_of("benefit_of_the_doubt"), block()
    assert own_score(choice, NONE, np.full(4, 0.25), CODES, "2023", x, 0)(np.full((1, 4), 500.0)).tolist() == [1.0]
    x[1:, 3] = 0.0
    rows = np.array([[1.0, 1.0, 1.0, 0.5], [1.0, 1.0, 1.0, 0.0]])
    found = own_score(choice, NONE, np.full(4, 0.25), CODES, "2023", x, 0)(rows)
    assert found[0] == pytest.approx(1.0) and found[1] < 0.1


@pytest.mark.parametrize(("method", "options"), [("kemeny", {}), ("benefit_of_the_doubt_robust", {"hull": "convex"})])
def test_joins_that_search_or_draw_for_every_set_are_refused(method: str, options: dict[str, Any]) -> None:
    with pytest.raises(MethodError) as caught:
        own_score(choice_of(method, **options), {}, np.full(4, 0.25), CODES, "2023", block(), 0)
    assert (caught.value.code, caught.value.values["method"]) == ("contribution_set", method)
