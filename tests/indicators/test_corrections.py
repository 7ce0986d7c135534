from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tidu.core.errors import TiduError
from tidu.indicators.corrections import Correction, correct, corrections_of
from tidu.indicators.panel import Panel

NAN = np.nan
ENTRY: dict[str, Any] = {
    "column": "gdp", "city": 420100, "year": 2023, "action": "missing", "status": "O",
    "test": "inspection", "reason": "r", "reason_zh": "由", "evidence": "e", "printed": 30.0,
}  # fmt: skip


@pytest.fixture
def panel() -> Panel:
    return Panel.of(["420100", "510100"], ["2023"], ["gdp", "people"], [[[30.0, 7.0]], [[NAN, 5.0]]])


def change(**more: Any) -> Correction:
    [made] = corrections_of({"correction": [{**ENTRY, **more}]})
    return made


def code_of(call: Any) -> tuple[str, str | None]:
    with pytest.raises(TiduError) as caught:
        call()
    return caught.value.code, caught.value.address


def test_a_declared_entry() -> None:
    made = change()
    assert (made.city, made.year, made.reason) == ("420100", "2023", {"en": "r", "zh": "由"})


@pytest.mark.parametrize(
    ("more", "cells", "letters"),
    [
        ({}, [NAN, 7], ["O", "A"]),
        ({"action": "value", "status": "E", "value": 3.5}, [3.5, 7], ["E", "A"]),
        ({"action": "multiply", "status": "E", "factor": 0.1}, [3.0, 7], ["E", "A"]),
        ({"action": "swap", "status": "E", "with": "people"}, [7, 30], ["E", "E"]),
    ],
)
def test_each_action(panel: Panel, more: dict[str, Any], cells: list[float], letters: list[str]) -> None:
    done = correct(panel, [change(**more)])
    assert done.values[0, 0] == pytest.approx(cells, nan_ok=True)
    assert done.letters()[0, 0].tolist() == letters
    assert np.array_equal(done.values[1], panel.values[1], equal_nan=True)
    assert panel.values[0, 0].tolist() == [30, 7]


def test_a_blank_cell_may_be_given_a_value(panel: Panel) -> None:
    made = change(city="510100", action="value", status="E", value=0)
    made = Correction(**{**made.__dict__, "printed": None})
    done = correct(panel, [made])
    assert (done.values[1, 0, 0], done.letters()[1, 0, 0]) == (0.0, "E")


@pytest.mark.parametrize(
    "more",
    [{"printed": 31.0}, {"city": 510100}, {"column": "people"}],
)
def test_a_decision_on_a_figure_that_no_longer_stands_is_refused(panel: Panel, more: dict[str, Any]) -> None:
    made = change(**more)
    assert code_of(lambda: correct(panel, [made])) == ("correction_stale", f"data.{made.city}.2023.{made.column}")


@pytest.mark.parametrize("more", [{"city": 1}, {"year": 2020}, {"column": "area"}])
def test_a_cell_that_is_not_there_is_refused(panel: Panel, more: dict[str, Any]) -> None:
    assert code_of(lambda: correct(panel, [change(**more)]))[0] == "correction_cell"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"action": "value"}, "correction_key"),
        ({"action": "multiply"}, "correction_key"),
        ({"action": "swap"}, "correction_key"),
        ({"action": "guess"}, "correction_word"),
        ({"status": "Z"}, "correction_word"),
    ],
)
def test_entries_that_do_not_say_enough(more: dict[str, Any], code: str) -> None:
    found, address = code_of(lambda: change(**more))
    assert found == code
    assert str(address).startswith("correction[0]")


def test_a_key_that_is_left_out_is_named() -> None:
    entry = {key: value for key, value in ENTRY.items() if key != "evidence"}
    with pytest.raises(TiduError) as caught:
        corrections_of({"correction": [ENTRY, entry]})
    assert caught.value.address == "correction[1]"
    assert caught.value.values["keys"] == "evidence"


def test_no_corrections_is_no_change(panel: Panel) -> None:
    assert corrections_of({}) == []
    assert np.array_equal(correct(panel, []).values, panel.values, equal_nan=True)
