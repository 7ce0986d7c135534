from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pytest

from tidu.core.errors import SpecError, TiduError
from tidu.diagnosis.variants import Spread, Variant, spread, variants_of
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

NAN = np.nan
AXES = {
    "always": ["normalise.onto=[1, 100]"],
    "axis": [
        {
            "name": "bounds",
            "choice": [
                {"label": {"en": "min–max"}, "changes": ["normalise.method=min_max"]},
                {"label": {"en": "percentile"}, "changes": ["normalise.method=percentile_rank", "normalise.onto=[1, 100]"]},
            ],
        },
        {
            "name": "mean",
            "choice": [
                {"label": {"en": "arithmetic"}, "changes": ["aggregate.method=arithmetic"]},
                {"label": {"en": "geometric"}, "changes": ["aggregate.method=geometric"]},
                {"label": {"en": "harmonic"}, "changes": ["aggregate.method=harmonic"]},
            ],
        },
    ],
}
FRAMEWORK = Framework.parse(
    "[index]\ncode='d'\n[pillar.p]\n[indicator.a]\nparent='p'\nbetter='higher'\n[indicator.b]\nparent='p'\nbetter='lower'\n[indicator.c]\nbetter='higher'\n"
)
PANEL = Panel.of(list("vwxyz"), ["2021", "2022"], ["a", "b", "c"], np.random.default_rng(7).lognormal(size=(5, 2, 3)))


def test_every_combination_once_the_last_axis_turning_fastest() -> None:
    found = variants_of(AXES)
    assert len(found) == 6
    assert [(variant.labels["bounds"]["en"], variant.labels["mean"]["en"]) for variant in found] == [
        ("min–max", "arithmetic"),
        ("min–max", "geometric"),
        ("min–max", "harmonic"),
        ("percentile", "arithmetic"),
        ("percentile", "geometric"),
        ("percentile", "harmonic"),
    ]
    assert found[1].changes == ("normalise.onto=[1, 100]", "normalise.method=min_max", "aggregate.method=geometric")
    assert len({variant.changes for variant in found}) == 6


def test_no_axis_is_one_variant() -> None:
    assert variants_of({}) == [Variant({}, ())]


@pytest.mark.parametrize(("axis", "key"), [({"choice": []}, "name"), ({"name": "a"}, "choice")])
def test_an_axis_without_a_name_or_a_choice_is_refused(axis: dict[str, object], key: str) -> None:
    with pytest.raises(SpecError) as caught:
        variants_of({"axis": [AXES["axis"][0], axis]})  # type: ignore[index]
    assert (caught.value.code, caught.value.address) == ("missing_key", f"axis[1].{key}")


@pytest.fixture(scope="module")
def found() -> Spread:
    return spread(FRAMEWORK, PANEL, variants_of(AXES), nodes=["p"])


def test_each_variant_is_a_build_of_its_own(found: Spread) -> None:
    assert found.scores.shape == (6, 5, 2, 2)
    assert found.nodes == ("p", "d")
    for at, variant in enumerate(found.variants):
        index = build(FRAMEWORK.put(*variant.changes), PANEL)
        for k, node in enumerate(found.nodes):
            assert found.scores[at, :, 1, k].tolist() == list(index.score(node, "2022").values())
            assert found.ranks("2022", PANEL.units, node)[at].tolist() == list(index.rank(node, "2022").values())


def test_a_variant_that_does_not_fit_is_not_left_out_silently() -> None:
    wrong = Variant({}, ("normalise.onto=[0, 100]", "aggregate.method=geometric"))
    with pytest.raises(TiduError):
        spread(FRAMEWORK, PANEL, [wrong])


def hand() -> Spread:
    #          u  v  w   in three variants
    scores = np.array([[3.0, 2.0, 1.0], [2.0, 3.0, 1.0], [3.0, 1.0, NAN]])
    return Spread(tuple(Variant({}, ()) for _ in range(3)), ("u", "v", "w"), ("2021",), ("d",), scores[:, :, None, None])


def test_ranks_and_their_range_by_hand() -> None:
    assert np.array_equal(hand().ranks("2021", ["u", "v", "w"]), [[1, 2, 3], [2, 1, 3], [1, 2, NAN]], equal_nan=True)
    assert hand().rank_range("2021", ["u", "v", "w"]) == {"u": (1, 2), "v": (1, 2), "w": None}
    assert hand().rank_range("2021", ["u", "w"]) == {"u": (1, 1), "w": None}  # among these two only


def test_the_share_of_variants_at_a_rank() -> None:
    among = ["u", "v", "w"]
    assert hand().share_at("2021", among, "u", 1) == pytest.approx(2 / 3)
    assert hand().share_at("2021", among, "u", 3) == 0.0
    assert hand().share_at("2021", among, "w", 3) == 1.0  # of the two in which it is scored
    assert sum(hand().share_at("2021", among, "v", rank) for rank in (1, 2, 3)) == pytest.approx(1.0)


def test_a_unit_that_is_never_scored_has_no_share() -> None:
    scores = np.array([[1.0, NAN]])
    made = Spread((Variant({}, ()),), ("u", "w"), ("2021",), ("d",), scores[:, :, None, None])
    assert np.isnan(made.share_at("2021", ["u", "w"], "w", 1))


def test_the_shipped_variants_are_all_combinations_of_their_axes() -> None:
    table = tomllib.loads(resources.files("tidu.data.indices").joinpath("variants.toml").read_text(encoding="utf-8"))
    made = variants_of(table)
    assert len(made) == int(np.prod([len(axis["choice"]) for axis in table["axis"]])) == 36
    with resources.as_file(resources.files("tidu.data.indices").joinpath("city-ip-core.toml")) as path:
        base = Framework.load(path)
    for variant in made:
        assert set(variant.labels) == {"treatment", "normalisation", "aggregation", "bounds"}
        assert all(set(label) == {"zh", "en"} for label in variant.labels.values())
        base.put(*variant.changes)
