"""Plan targets against time, by hand: rising and falling, before, on the way, reached, over; and what is no lever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import UsageError
from tidu.diagnosis.movement.progress import METHOD, STATES, Progress, progress, schedule, targets
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

NAN = np.nan
PERIODS = ("2020", "2022", "2023", "2025", "2026")
#: Figures of a rising indicator (6 → 12), a falling one (100 → 60) and a count that is no lever, in five years.
UP, DOWN, COUNT = [6.0, 9.0, 9.0, 12.0, 11.0], [100.0, 80.0, 90.0, 61.0, 60.0], [4.0, 4.0, 5.0, NAN, 6.0]


def plan(up: list[float] = UP, down: list[float] = DOWN, count: list[float] = COUNT) -> Index:
    text = """
    [index]
    code = "plan"
    [normalise]
    method = "progress_against_time"
    baseline = 6.0
    target = 12.0
    start = "2020"
    end = "2025"
    [indicator.up]
    better = "higher"
    unit = "件"
    [indicator.down]
    better = "lower"
    normalise = { baseline = 100.0, target = 60.0 }
    [indicator.count]
    better = "higher"
    lever = false
    normalise = { baseline = 4.0, target = 9.0 }
    [indicator.other]
    better = "higher"
    normalise = { method = "share_of_target", target = 10.0 }
    [aggregate]
    missing = "skip"
    """
    values = np.array([[up, down, count, [5.0] * 5], [[7.0] * 5, [90.0] * 5, [5.0] * 5, [4.0] * 5]]).transpose(0, 2, 1)
    return build(Framework.parse(text), Panel.of(["x", "y"], PERIODS, ["up", "down", "count", "other"], values))


def at(period: str, **figures: list[float]) -> dict[str, Progress]:
    return {item.code: item for item in progress(plan(**figures), "x", period)}


def test_on_the_way_by_hand() -> None:
    """2023: three of five years gone; 3 of 6 done, so behind: 3 more in two years, from 9 to 12 by √(12/9) − 1 a year."""
    found = at("2023")["up"]
    assert (found.done, found.gone, found.expected, found.state) == (0.5, 0.6, pytest.approx(9.6), "behind")
    assert (found.pace, found.needed) == (1.0, 1.5)
    assert found.needed_growth == pytest.approx((12 / 9) ** 0.5 - 1)
    assert found.at_this_pace == 11.0 and found.measure == "件"
    assert (found.baseline, found.target, found.start, found.end, found.actual, found.status) == (6, 12, "2020", "2025", 9, "A")


def test_a_falling_target_by_hand() -> None:
    """2022: two of five years gone; 20 of 40 done, so on schedule: 20 less in three years."""
    found = at("2022")["down"]
    assert (found.done, found.gone, found.expected, found.state) == (0.5, 0.4, 84.0, "on_schedule")
    assert (found.pace, found.needed) == (-10.0, pytest.approx(-20 / 3))
    assert found.needed_growth == pytest.approx((60 / 80) ** (1 / 3) - 1) and found.at_this_pace == 50.0
    later = at("2023")["down"]
    assert (later.state, later.needed) == ("behind", -15.0)


def test_before_the_time_runs_and_after_it() -> None:
    first, last, over = at("2020"), at("2025"), at("2026")
    assert (first["up"].state, first["up"].gone, first["up"].pace) == ("not_begun", 0.0, None)
    assert first["up"].needed == pytest.approx(1.2) and first["up"].at_this_pace is None
    assert (last["up"].state, last["up"].needed, last["up"].needed_growth) == ("reached", None, None)
    assert (last["down"].state, last["down"].gone, last["down"].needed) == ("missed", 1.0, None)
    assert (over["up"].state, over["up"].needed, over["up"].gone) == ("missed", None, 1.0)
    assert over["down"].state == "reached"  # late, but there
    assert over["down"].at_this_pace == 60.0


def test_reached_early_and_gone_the_wrong_way() -> None:
    early = at("2022", up=[6.0, 13.0, 9.0, 12.0, 11.0])["up"]
    assert (early.state, early.needed) == ("reached", None) and early.done > 1
    wrong = at("2022", up=[6.0, 4.0, 9.0, 12.0, 11.0])["up"]
    assert wrong.done < 0 and wrong.state == "behind" and wrong.pace == -1.0
    below = at("2022", up=[6.0, -1.0, 9.0, 12.0, 11.0])["up"]
    assert below.needed == pytest.approx(13 / 3) and below.needed_growth is None


def test_what_is_no_lever_is_shown_and_nothing_is_asked_of_it() -> None:
    found = at("2023")["count"]
    assert not found.lever and found.state == "behind" and found.done == pytest.approx(0.2)
    assert found.needed is None and found.needed_growth is None
    assert "count" not in at("2025")  # no figure, no row
    assert [item.unit for item in progress(plan(), period="2025")] == ["x", "x", "y", "y", "y"]


def test_the_score_of_the_index_is_done_by_gone() -> None:
    index = plan()
    for t, period in enumerate(PERIODS[1:], start=1):
        for code, item in at(period).items():
            k = index.framework.leaves.index(code)
            assert index.normalised[0, t, k] == pytest.approx(100 * item.done / item.gone)


def test_targets_scored_otherwise_are_not_listed() -> None:
    assert targets(plan()) == ("up", "down", "count")
    with pytest.raises(UsageError) as caught:
        progress(app.make("city-ip-core"))
    assert (caught.value.code, caught.value.values["method"]) == ("no_time_targets", METHOD)
    with pytest.raises(UsageError) as unknown:
        progress(plan(), "q")
    assert unknown.value.code == "unknown_unit"


def test_growth_from_next_to_nothing_is_not_given() -> None:
    for actual, now in ((1e-310, 2023.0), (1e-300, 2024.75)):
        found = schedule(actual, 0.0, 10.0, now, 2020, 2025)
        assert found.needed == pytest.approx(10 / (2025 - now)) and found.needed_growth is None


@given(
    baseline=st.floats(-100, 100),
    way=st.floats(0.5, 100),
    share=st.floats(-1, 2),
    now=st.floats(2021, 2024),
    falls=st.booleans(),
)
def test_at_the_needed_rate_the_target_is_met_at_the_end(
    baseline: float, way: float, share: float, now: float, falls: bool
) -> None:
    target = baseline - way if falls else baseline + way
    actual = baseline + share * (target - baseline)
    found = schedule(actual, baseline, target, now, 2020, 2025)
    assert found.state in STATES
    if found.needed is None:
        assert share >= 1 - 1e-9
        return
    assert actual + found.needed * (2025 - now) == pytest.approx(target, abs=1e-6)
    if found.needed_growth is not None:
        assert actual * (1 + found.needed_growth) ** (2025 - now) == pytest.approx(target, rel=1e-6)
    # On schedule is exactly: the pace so far is at least the pace that the plan asks for.
    assert found.pace is not None
    ahead = (found.pace - (target - baseline) / 5) * (-1 if falls else 1)
    if abs(ahead) > 1e-6:
        assert (found.state == "on_schedule") == (ahead > 0)
