"""What is drawn of a chunk: the same for the same seed, and nothing that cannot be."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tidu.records.synth.draws import NEVER, Drawn, day, drawn
from tidu.records.synth.nation import Nation, told


def test_the_same_seed_draws_the_same_and_another_does_not(nation: Nation, facts: Drawn) -> None:
    again = drawn(Nation(4000, 7, 2015, 2022), 0)
    assert all((facts[name] == again[name]).all() for name in facts)
    other = drawn(Nation(4000, 8, 2015, 2022), 0)
    assert (facts["city"] != other["city"]).mean() > 0.5


def test_every_fact_is_a_whole_number_of_every_application(facts: Drawn) -> None:
    assert {(one.dtype.kind, len(one)) for one in facts.values()} == {("i", 4000)}


def test_days_follow_one_another(nation: Nation, facts: Drawn) -> None:
    until = day(nation.until)
    year = facts["filing"].astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    assert (year == facts["year"]).all()
    assert (facts["published"] > facts["filing"]).all() and (facts["published"] <= until).all()
    granted = facts["granted"] != NEVER
    assert (facts["granted"] >= facts["published"])[granted].all() and (facts["granted"] <= until).all()
    for name in ("ended", "transfer", "licence", "pledge", "open_licence"):
        told_ = facts[name] != NEVER
        assert told_.any() and (facts[name] > facts["granted"])[told_].all() and granted[told_].all(), name
        assert (facts[name] + 14 <= until).all(), name
    released = facts["released"] != NEVER
    assert released.any() and (facts["released"] > facts["pledge"])[released].all() and (facts["pledge"] > 0)[released].all()


def test_models_and_designs_are_published_by_their_grant(facts: Drawn) -> None:
    plain = np.isin(facts["type"], (2, 3))
    assert (facts["published"] == facts["granted"])[plain].all()


def test_nobody_deals_with_himself(facts: Drawn) -> None:
    for name in ("transfer", "licence"):
        at = facts[f"{name}_city"] >= 0
        assert at.sum() > 0
        assert ((facts[f"{name}_city"] != facts["city"]) | (facts[f"{name}_body"] != facts["body"]))[at].all()
    joint = facts["co_city"] >= 0
    assert ((facts["co_city"] != facts["city"]) | (facts["co_body"] != facts["body"]))[joint].all()


def test_twins_are_an_invention_and_the_model_behind_it(facts: Drawn) -> None:
    second = np.flatnonzero((facts["twin"] == 1) & (facts["type"] == 2))
    assert len(second) > 20
    for name in ("city", "body", "filing", "text", "person"):
        assert (facts[name][second] == facts[name][second - 1]).all()
    assert (facts["type"][second - 1] == 1).all()


def test_shares_are_those_of_the_data() -> None:
    made, share = drawn(Nation(200_000, 5, 2014, 2023), 0), told()["share"]
    assert np.mean(made["person"]) == pytest.approx(share["person"] * (1 - share["abroad"]), abs=0.004)
    assert np.mean(made["abroad"] >= 0) == pytest.approx(share["abroad"], abs=0.004)
    nation = Nation(200_000, 5, 2014, 2023)
    found = np.bincount(made["city"], minlength=len(nation.sizes)) / 200_000
    assert np.abs(found - nation.sizes).max() < 0.03
    assert np.corrcoef(found, nation.sizes)[0, 1] > 0.99


def test_a_province_has_nobody_from_abroad() -> None:
    made = drawn(Nation(2000, 5, 2014, 2023, "440000"), 0)
    assert (made["abroad"] == -1).all()


def test_chunks_are_drawn_by_themselves() -> None:
    nation = Nation(1000, 5, 2014, 2023, chunk=300)
    parts = [drawn(nation, at) for at in range(nation.chunks)]
    assert np.concatenate([part["number"] for part in parts]).tolist() == list(range(1000))
    assert (drawn(nation, 2)["city"] == parts[2]["city"]).all()
    assert (parts[0]["text"] != parts[1]["text"]).any()


def test_a_day_is_counted_from_1970() -> None:
    assert day(date(2000, 1, 1)) == 10957
