"""Small pictures as numbers: they stay in their frames, bars end where the score is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidu.diagnosis.explanation.contribution import gap_parts
from tidu.diagnosis.explanation.history import Year, years
from tidu.publish.edition import Edition
from tidu.publish.pages.drawings import LINE, RADAR, about_zero, folded, line, polygon, waterfall


def test_a_polygon_stays_in_its_frame(cities: Edition, stranger: Edition) -> None:
    found = polygon(cities, "330800", ["330100"], "zh")
    assert found is not None and len(found.rings) == 4 and set(found.lines) == {"unit", "peers", "frontier"}
    for corners in (*found.rings, *found.lines.values()):
        for corner in corners.split():
            x, y = map(float, corner.split(","))
            assert 0 <= x <= RADAR[0] and 0 <= y <= RADAR[1]
    assert polygon(stranger, "y", ["z"], "en") is None


def test_bars_of_a_gap_by_hand(stranger: Edition) -> None:
    bars = waterfall(stranger, gap_parts(stranger.index, "x/1", ["y", "z"]), 5)
    assert [(bar.name, bar.kind, bar.value) for bar in bars] == [
        ("baseline", "end", 68.75),
        ("a", "down", -31.25),
        ("b", "down", -37.5),
        ("score", "end", 0.0),
    ]
    assert [(bar.x, bar.width) for bar in bars] == [(0.0, 100.0), (54.55, 45.45), (0.0, 54.55), (0.0, 0.0)]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_bars_stay_in_the_row_and_meet_at_zero(values: list[float]) -> None:
    bars = about_zero([(str(k), value) for k, value in enumerate(values)])
    zero = {
        round(bar.x + (bar.width if bar.kind == "down" else 0.0), 1)
        for bar in bars
        if abs(bar.value) > 1e-2 * max(map(abs, values))
    }
    assert all(bar.x >= -1e-9 and bar.x + bar.width <= 100.5 for bar in bars)
    assert len(zero) <= 1 or max(zero) - min(zero) < 0.3


def test_the_best_rank_is_on_top_and_a_year_without_a_score_has_no_mark(cities: Edition) -> None:
    marks = line(years(cities.index, "330800"), "rank", {"2023": (60.0, 80.0)})
    assert [mark.said for mark in marks] == ["68", "63", "66"]
    assert marks[1].y < marks[2].y < marks[0].y
    assert marks[2].top is not None and marks[2].bottom is not None and marks[2].top <= marks[2].y <= marks[2].bottom
    assert all(0 <= mark.x <= LINE[0] and 0 <= mark.y <= LINE[1] for mark in marks)
    nan = float("nan")
    assert line((Year("2022", nan, None, None, None), Year("2023", 5.0, 1, None, None)), "score")[0].x == 214.0
    assert line((Year("2022", nan, None, None, None),), "rank") == []


def test_long_labels_are_folded() -> None:
    assert folded("one two three four five six", 8) == ("one two", "three", "four…")
    assert "".join(folded("中国城市知识产权", 4)) == "中国城市知识产权"


def test_labels_of_many_periods_do_not_run_together() -> None:
    many = [Year(str(2014 + k), float(k), 1, None, None) for k in range(10)]
    assert [mark.period for mark in line(many, "score") if mark.period] == ["2015", "2017", "2019", "2021", "2023"]
    assert [mark.said for mark in line(many[:6], "score")] == [f"{k}.0" for k in range(6)] and len(line(many, "score")) == 10
