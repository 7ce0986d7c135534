"""What is known of a unit: worked out once, refusals kept beside it, figures told with the digits they need."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidu.diagnosis.movement.levers import ALIKE
from tidu.publish.edition import Edition
from tidu.publish.standing import amount, changed, plain_step, standing


def test_a_city_has_all_of_it(cities: Edition) -> None:
    found = standing(cities, "330800")
    assert found is standing(cities, "330800") and found.refused == {}
    assert len(found.profile.peers.units) == ALIKE and found.by_region == "region4" and "330100" in found.region
    assert found.target is not None and found.target.wanted_rank == found.target.before_rank - 5
    ranks = [cities.index.rank()[unit] or 0 for unit in found.region]
    assert ranks == sorted(ranks)


def test_the_change_adds_up_and_is_the_one_of_the_standing(cities: Edition) -> None:
    found = changed(cities, "110000")
    assert abs(sum(found.parts.values()) - (found.after - found.before)) < 1e-9
    assert standing(cities, "110000").change is found
    assert standing(cities, "110000").target is None and standing(cities, "110000").ahead is None


def test_what_cannot_be_had_is_named(stranger: Edition) -> None:
    found = standing(stranger, "x/1")
    assert found.refused["target"].code == "target_no_window"
    assert found.change is None and found.region == () and found.profile.peers.how == "universe"


@given(st.floats(1e-9, 1e3))
def test_a_step_is_worth_a_hundredth_of_a_point(slope: float) -> None:
    step = plain_step(slope)
    assert step * slope >= 0.01 or step == 10**9
    assert step == 1 or slope * step / 10 < 0.01


def test_figures_have_the_digits_they_need() -> None:
    assert [amount(x) for x in (0.0, 0.05, 7.0, 999.4, 1234567.0)] == ["0.00", "0.05", "7.00", "999.40", "1,234,567"]
