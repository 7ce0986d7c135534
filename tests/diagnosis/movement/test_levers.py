"""What a unit could move: limits by hand, columns behind several indicators, what is held and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.diagnosis.explanation.peers import Peers
from tidu.diagnosis.movement.levers import Levers, comparable, levers, on_trend, with_cells
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

SPEC = """
[index]
code = "d"
[column.net]
difference = ["exports", "imports"]
[indicator.patents]
better = "higher"
lever = false
[indicator.licences]
better = "higher"
[indicator.licences_per_gdp]
of = "licences"
per = "gdp"
scale = 10
better = "higher"
[indicator.net]
better = "higher"
[indicator.days]
better = "lower"
"""
COLUMNS = ("patents", "licences", "gdp", "exports", "imports", "days")
UNITS = ("a", "b", "c", "d")
THEN = [[10, 10, 100, 50, 20, 90], [20, 20, 100, 60, 20, 80], [30, 20, 100, 70, 30, 100], [40, 40, 200, 90, 30, 60]]
NOW = [[15, 12, 100, 55, 20, 81], [25, 24, 100, 80, 20, 60], [33, 21, 100, 75, 20, 95], [44, 60, 200, 99, 50, 63]]


def made(spec: str = SPEC, now: Sequence[Sequence[float]] = NOW, periods: tuple[str, str] = ("2021", "2023")) -> Index:
    values = np.stack([np.array(THEN, dtype=float), np.array(now, dtype=float)], axis=1)
    return build(Framework.parse(spec), Panel.of(UNITS, periods, COLUMNS, values))


def of(found: Levers, column: str) -> tuple[float, dict[str, float]]:
    lever = next(lever for lever in found.levers if lever.column == column)
    return lever.limit, dict(lever.moves)


def test_limits_and_couplings_by_hand() -> None:
    """Of b, c and d (1.2, 1.05, 1.5) the median ratio of licences is 1.2: a may go from 12 to 14.4, and so per GDP.

    Net exports: 40 to 60, 40 to 55, 60 to 49, the median ratio 1.375. Days: 0.75, 0.95, 1.05, a fall of a twentieth.
    """
    found = levers(made(), "a", quantile=0.5)
    assert found.window == ("2021", "2023")
    assert {code: room.limit for code, room in found.rooms.items()} == pytest.approx(
        {"licences": 2.4, "licences_per_gdp": 0.24, "net": 0.375 * 35.0, "days": 0.05 * 81.0}
    )
    limit, moves = of(found, "licences")
    assert limit == pytest.approx(2.4) and moves == pytest.approx({"licences": 1.0, "licences_per_gdp": 0.1})
    limit, moves = of(found, "days")
    assert limit == pytest.approx(-4.05) and moves == pytest.approx({"days": 1.0})


def test_a_difference_has_two_levers_of_opposite_direction() -> None:
    found = levers(made(), "a", quantile=0.5)
    assert of(found, "exports")[0] == pytest.approx(13.125) and of(found, "imports")[0] == pytest.approx(-13.125)


def test_a_figure_does_not_fall_below_zero_where_it_is_not() -> None:
    now = [row.copy() for row in NOW]
    now[0][4] = 1.0
    assert of(levers(made(now=now), "a", quantile=0.5), "imports")[0] == pytest.approx(-1.0)


def test_lever_false_and_fixed_are_held_with_all_that_hangs_on_their_column() -> None:
    found = levers(made(), "a", fixed=["licences"])
    assert found.held["patents"] == "no_lever" and found.held["licences"] == "fixed"
    assert found.held["licences_per_gdp"] == "shared"
    assert {lever.column for lever in found.levers} == {"exports", "imports", "days"}


def test_a_denominator_is_no_lever() -> None:
    grown = [row.copy() for row in NOW]
    for at, row in enumerate(grown):
        row[2] = THEN[at][2] * 1.1
    found = levers(made(SPEC + '[indicator.gdp]\nbetter = "higher"\n', grown), "a")
    assert found.held["gdp"] == "shared" and "gdp" not in {lever.column for lever in found.levers}


def test_a_column_that_helps_one_and_hurts_another_is_held() -> None:
    found = levers(made(SPEC + '[indicator.delay]\nof = "licences"\nbetter = "lower"\n'), "d", quantile=0.99)
    assert found.held.get("delay") in ("no_room", "conflict")
    mixed = [row.copy() for row in NOW]
    mixed[1][1] = 15.0  # one fell, so that a fall has room too
    found = levers(made(SPEC + '[indicator.delay]\nof = "licences"\nbetter = "lower"\n', mixed), "d", quantile=0.99)
    assert found.held["delay"] == found.held["licences"] == "conflict"


def test_no_room_where_nobody_improved_and_no_history_where_nobody_was_seen() -> None:
    worse = [row.copy() for row in NOW]
    for row in worse:
        row[5] = 120.0 + row[0]
    assert levers(made(now=worse), "a").held["days"] == "no_room"
    index = made()
    values = index.panel.values.copy()
    values[1:, 0, COLUMNS.index("days")] = np.nan
    again = build(Framework.parse(SPEC), Panel.of(UNITS, ("2021", "2023"), COLUMNS, values))
    assert levers(again, "a").held["days"] == "no_history"


def test_filled_figures_are_no_observed_changes() -> None:
    """Unit d's start is filled from its end: its change of nothing must not count."""
    values = made().panel.values.copy()
    values[3, 0, COLUMNS.index("licences")] = np.nan
    spec = SPEC + '[impute]\non = "column"\nmethod = "constant"\n'
    index = build(Framework.parse(spec), Panel.of(UNITS, ("2021", "2023"), COLUMNS, values))
    room = levers(index, "a", quantile=0.5).rooms["licences"]
    assert room.seen == 2 and room.limit == pytest.approx(12 * 0.125)


def test_too_few_peers_give_way_to_all_shown_units() -> None:
    index = made()
    room = levers(index, "a", among=Peers("group", ("region",), ("b",))).rooms["days"]
    assert (room.seen, room.among) == (3, "all")


def test_comparable_units_are_nearest_in_what_levers_are_divided_by() -> None:
    index = made()
    assert comparable(index, "a").by == ("gdp",) and comparable(index, "a", count=2).units == ("b", "c")
    plain = build(Framework.parse('[index]\ncode="d"\n[indicator.days]\nbetter="lower"'), index.panel)
    assert comparable(plain, "a").how == "universe"


def test_residents_that_are_implied_by_gdp_per_head_hold_it() -> None:
    """In 2022 the shipped index divides by GDP ÷ GDP per head; in 2023 residents are printed and GDP per head is free."""
    index = app.make("city-ip-core")
    assert levers(index, "泰州", 2022).held["gdp_per_capita"] == "shared"
    assert "gdp_per_capita" in {lever.column for lever in levers(index, "泰州", 2023).levers}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"quantile": 1.0}, "target_quantile"),
        ({"years": 0}, "target_years"),
        ({"years": 1}, "target_no_window"),
        ({"fixed": ["licence"]}, "unknown_node"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        levers(made(), "a", **wrong)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_others_go_on_by_their_own_ratio_drawn_in_at_the_ends() -> None:
    index = made()
    moved = on_trend(index.panel, index.framework, "a", "2023", "2021", UNITS)
    assert np.array_equal(moved.values[0], index.panel.values[0])
    assert np.array_equal(moved.values[:, 0], index.panel.values[:, 0])
    assert moved.column("licences")[1, 1] == pytest.approx(24 * 1.2)  # a, b, c, d: 1.2, 1.2, 1.05, 1.5
    assert moved.column("licences")[3, 1] == pytest.approx(60 * (1.2 + 0.85 * 0.3))  # the 95th percentile of the four
    assert (moved.letters()[1:, 1] == "F").all() and (moved.letters()[0] == "A").all()


def test_cells_are_put_in_with_their_letter() -> None:
    panel = with_cells(made().panel, "b", "2023", {"days": 7.0})
    assert panel.column("days")[1].tolist() == [80.0, 7.0] and panel.letters()[1, 1, 5] == "E"
