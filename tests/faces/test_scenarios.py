"""What a comparison prints: amounts in as many digits as they need, flips as sentences in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.diagnosis.movement.flips import KINDS, Flip
from tidu.diagnosis.movement.what_if import Outcome, Scenario, WhatIf, what_if
from tidu.faces import scenarios as told
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

FRAMEWORK = Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"\nlabel = { zh = "甲", en = "A" }')
PANEL = Panel.of([f"u{k}" for k in range(12)], ["2022", "2023"], ["a"], np.arange(24.0).reshape(12, 2, 1))


@pytest.fixture(scope="module")
def found() -> WhatIf:
    return what_if(FRAMEWORK, PANEL, [Scenario("s", {"zh": "升", "en": "up"}, ("data.u0.2023.a=99",))])


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345.6, "+12,346"), (999.994, "+999.99"), (1.0, "+1.00"), (0.0, "+0.00"), (-0.01234, "-0.0123"), (-5000.0, "-5,000")],
)
def test_amounts(value: float, text: str) -> None:
    assert told.amount(value) == text


def one_of(kind: str) -> Flip:
    if kind == "bound":
        return Flip(kind, "a", "2023", "high", 5.0, 9.0, ("u1", ""))
    if kind == "treatment":
        return Flip(kind, "a", None, None, "none", "log")
    if kind.startswith("unit"):
        return Flip(kind, "u3", "2023")
    return Flip(kind, "a", "2023", None, 0.25, 0.5)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_flip_is_a_sentence(kind: str, lang: str, found: WhatIf, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(found.outcomes[0].scenario, found.outcomes[0].index, (one_of(kind),))
    told.print_flips(found, outcome, lang)
    out = capsys.readouterr().out.strip()
    assert ("u3" if kind.startswith("unit") else {"zh": "甲", "en": "A"}[lang]) in out
    assert "{" not in out and out.count("\n") == 0


def test_flips_beyond_the_limit_and_of_other_periods_are_counted(found: WhatIf, capsys: pytest.CaptureFixture[str]) -> None:
    here, away = (Flip("unit_left", "u3", period) for period in ("2023", "2022"))
    outcome = Outcome(found.outcomes[0].scenario, found.outcomes[0].index, (*[here] * 10, *[away] * 3))
    told.print_flips(found, outcome, "en")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9 and "2 more in this period, 3 in others" in lines[-1]


def test_who_rose_and_who_fell(found: WhatIf) -> None:
    said = told.shifted(found, found.outcomes[0], "en")
    assert said == "12 of 12 ranks move, 1.83 places on average; up: u0 ↑11; down: u11 ↓1, u10 ↓1, u9 ↓1"
    still = what_if(FRAMEWORK, PANEL, [Scenario("s", {}, ("data.u0.2023.a=+0",))])
    assert told.shifted(still, still.outcomes[0], "en") == "None of 12 ranks moves."


def test_rows_as_tables_and_as_plain_values(found: WhatIf) -> None:
    row = next(row for row in found.rows() if row["unit"] == "u0")
    assert told.flat(row, found) == {
        "unit": "u0",
        "name_zh": "u0",
        "name_en": "u0",
        "period": "2023",
        "score": row["score"],
        "rank": 12,
        "s.score": 100.0,
        "s.rank": 1,
        "s.shift": 11,
    }
    plain = told.compared(found, None, 2, None)
    assert [row["unit"] for row in plain["units"]] == ["u11", "u10", "u0"]  # the first two, and whose figure was changed
    assert told.flip_row("s", one_of("bound"))["units"] == "u1 "
