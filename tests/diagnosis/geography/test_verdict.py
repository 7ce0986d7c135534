"""The answer is never stronger than its numbers: supported only when every check holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tidu import app
from tidu.diagnosis.geography.gradient import Gradient, gradient
from tidu.diagnosis.geography.places import choices
from tidu.diagnosis.geography.verdict import SURE, Verdict, verdicts
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel


def shaped(rule: Any, units: int = 120, belts: bool = True) -> Gradient:
    """The test on a synthetic index: a figure by distance in thousand km and noise, on points without a pattern."""
    rng = np.random.default_rng(4)
    far = np.linspace(0, 1000, units)
    values = np.zeros((units, 1, 6))
    values[:, 0, 0] = rule(far / 1000, rng.normal(size=units))
    values[:, 0, 1] = values[:, 0, 0] + 0.01 * rng.normal(size=units)
    values[:, 0, 2], values[:, 0, 3], values[:, 0, 4] = far, rng.uniform(90, 120, units), rng.uniform(20, 40, units)
    values[:, 0, 5] = far < 150
    columns = ["a", "exports", "distance_to_coast_km", "lon", "lat", "coastal"]
    groups = {"region4": tuple("n" if d < 333 else "m" if d < 667 else "f" for d in far)} if belts else {}
    panel = Panel.of([f"u{k:03}" for k in range(units)], ["2023"], columns, values, groups=groups)
    text = '[index]\ncode="d"\n[indicator.a]\nbetter="higher"\n[indicator.exports]\nbetter="higher"'
    return gradient(build(Framework.parse(text), panel), permutations=199)


def held(one: Verdict) -> dict[str, bool | None]:
    return {check.code: check.holds for check in one.checks}


def test_a_real_decline_is_supported() -> None:
    one = verdicts(shaped(lambda far, noise: -far + 0.05 * noise))[0]
    assert one.answer == "supported" and len(one.checks) == 7 and all(held(one).values())


def test_a_rise_and_noise_are_not() -> None:
    assert verdicts(shaped(lambda far, noise: far + 0.05 * noise))[0].answer == "not"
    assert verdicts(shaped(lambda far, noise: noise))[0].answer == "not"


def test_a_step_is_not_a_slope() -> None:
    """One level on the first third, another beyond it: falling with distance, but neither inside nor beyond the belt."""
    one = verdicts(shaped(lambda far, noise: 1.0 * (far < 0.333) + 0.1 * noise))[0]
    found = held(one)
    assert one.answer == "partly" and found["slope"] is True
    assert found["first"] is False and found["beyond"] is False and found["belts"] is False


def test_what_was_not_tested_forbids_full_support() -> None:
    few = verdicts(shaped(lambda far, noise: -far, units=6))[0]
    assert few.answer == "untested" and few.checks[0].holds is None
    whole = shaped(lambda far, noise: -far + 0.05 * noise)
    assert whole.without is not None
    cut = replace(whole, without=replace(whole.without, slopes=()))
    one = verdicts(cut)[0]
    assert held(one)["without"] is None and one.answer == "partly"
    open_check = next(check for check in one.checks if check.code == "without")
    for lang in ("zh", "en"):
        assert open_check.name(lang) in open_check.text(lang) and open_check.name(lang) not in open_check.beside(lang) != ""
    assert all(check.beside("en") == check.text("en") for check in one.checks if check.holds is not None)


def test_a_node_that_is_itself_left_out_is_not_asked_without_itself() -> None:
    by_node = {one.node: held(one) for one in verdicts(shaped(lambda far, noise: -far + 0.05 * noise, belts=False))}
    assert "without" in by_node["a"] and "without" not in by_node["exports"] and "belts" not in by_node["d"]


def test_the_coast_is_one_however_far_its_units_lie() -> None:
    whole = shaped(lambda far, noise: -far + 0.05 * noise)
    turned = tuple(
        replace(row, group=row.other, other=row.group, difference=-row.difference, low=-row.high, high=-row.low)
        if row.by == "coastal"
        else row
        for row in whole.differences
    )
    assert held(verdicts(replace(whole, differences=turned))[0])["coast"] is True


@pytest.mark.parametrize("period", ["2021", "2022", "2023"])
def test_the_cities_are_partly_so_and_each_check_is_what_its_numbers_say(period: str) -> None:
    """On the shipped core the decline is a step from the East down to the rest, not a slope: so in every year."""
    found = gradient(app.make("city-ip-core"), period, permutations=999)
    one = verdicts(found)[0]
    assert one.answer == "partly" and held(one)["belts"] is False and held(one)["beyond"] is False
    for code, sample, group in (("slope", "all", ""), ("first", "inside", "东部"), ("beyond", "beyond", "")):
        row = found.slope(found.root, "distance", sample, group)
        assert row and held(one)[code] == (row.line.slope < 0 and row.line.p < SURE)
    mean = {row.group: row.mean for row in found.means if (row.node, row.by) == (found.root, "region4")}
    assert mean["东部"] > mean["中部"] > mean["西部"] and mean["东北"] < mean["中部"]


def test_sentences_have_both_languages_and_name_only_what_they_are_given() -> None:
    for one in verdicts(shaped(lambda far, noise: -far + 0.05 * noise)):
        for lang in ("zh", "en"):
            texts = [one.text(lang), *(check.text(lang) for check in one.checks), *(check.name(lang) for check in one.checks)]
            assert all(text and "{" not in text for text in texts)
    for kind in ("answer", "sample", "left_out"):
        for entry in choices()[kind].values():
            assert entry["zh"].strip() and entry["en"].strip()
