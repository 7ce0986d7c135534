from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import SpecError, TiduError
from tidu.index.choice import DEFAULT_METHOD, KEYS, choose
from tidu.index.methods import REGISTRIES


def codes(error: TiduError) -> set[tuple[str, str | None]]:
    return {(one.code, one.address) for one in getattr(error, "errors", [error])}


@pytest.mark.parametrize("step", list(REGISTRIES))
def test_a_step_that_nobody_wrote_has_its_default(step: str) -> None:
    choice = choose(step, [(step, {})])
    assert choice.method.name == DEFAULT_METHOD[step]
    assert set(choice.keys) == set(KEYS[step].model_fields) - set(choice.method.parameters)
    assert set(choice.whence.values()) == {"default"}


def test_defaults_are_what_the_handbook_would_do_with_nothing_said() -> None:
    assert DEFAULT_METHOD == {
        "impute": "none", "treat": "none", "normalise": "min_max", "weighting": "given", "aggregate": "arithmetic",
    }  # fmt: skip
    assert choose("aggregate", []).keys["missing"] == "require"
    assert choose("normalise", []).keys["over"] == "panel"
    assert choose("treat", []).keys["per"] == "year"


def test_layers_are_laid_over_each_other_key_by_key() -> None:
    choice = choose(
        "treat",
        [
            ("treat", {"method": "winsorise", "at_most": 3, "per": "panel"}),
            ("pillar.p.treat", {"at_most": 4}),
            ("indicator.a.treat", {"per": "year"}),
        ],
    )
    assert (choice.options["at_most"], choice.keys["per"]) == (4, "year")
    assert choice.whence["at_most"] == "pillar.p.treat"
    assert choice.whence["per"] == "indicator.a.treat"
    assert choice.whence["method"] == "treat"
    assert choice.address == "treat"


def test_another_method_inherits_nothing_and_the_same_method_all() -> None:
    first = ("treat", {"method": "winsorise", "at_most": 3})
    other = choose("treat", [first, ("indicator.a.treat", {"method": "percentile_clip"})])
    same = choose("treat", [first, ("indicator.a.treat", {"method": "winsorise"})])
    assert "at_most" not in other.options
    assert other.options == {"low": 0.025, "high": 0.975}
    assert same.options["at_most"] == 3


def test_the_limits_of_winsorising_are_its_own_and_of_the_others_the_steps() -> None:
    winsorise = choose("treat", [("treat", {"method": "winsorise", "when": {"skew": 1.5}})])
    root = choose("treat", [("treat", {"method": "square_root", "when": {"skew": 1.5}})])
    assert winsorise.options["when"] == {"skew": 1.5}
    assert "when" not in winsorise.keys or winsorise.keys["when"] is None
    assert root.keys["when"] == {"skew": 1.5}
    assert "when" not in root.options


@pytest.mark.parametrize(
    ("otherwise", "names"),
    [("log", ["log"]), (["log", "box_cox"], ["log", "box_cox"]), ({"method": "log", "shift": 1}, ["log"])],
)
def test_what_follows_when_a_treatment_does_not_help(otherwise: object, names: list[str]) -> None:
    choice = choose("treat", [("treat", {"method": "winsorise", "otherwise": otherwise})])
    assert [item.method.name for item in choice.fallbacks] == names


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ({"method": "lgo"}, ("unknown_method", "t.method")),
        ({"method": "log", "shft": 1}, ("unknown_option", "t.shft")),
        ({"method": "winsorise", "at_most": 0}, ("out_of_range", "t.at_most")),
        ({"method": "winsorise", "per": "month"}, ("not_a_choice", "t.per")),
        ({"method": "winsorise", "otherwise": 3}, ("wants_method", "t.otherwise")),
        ({"method": "winsorise", "otherwise": ["lgo"]}, ("unknown_method", "t.otherwise[0]")),
        ({"method": "winsorise", "when": {"mean": 3}}, ("unknown_key", "t.when.mean")),
    ],
)
def test_faults_stand_at_the_table_where_they_were_written(table: dict[str, object], wanted: tuple[str, str]) -> None:
    with pytest.raises(TiduError) as caught:
        choose("treat", [("t", table)])
    assert wanted in codes(caught.value)


def test_a_key_that_is_lacking_is_named() -> None:
    with pytest.raises(SpecError) as caught:
        choose("normalise", [("normalise", {"method": "goalposts", "low": 0})])
    assert codes(caught.value) == {("missing_option", "normalise.high")}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.sampled_from(["year", "panel"]))
def test_choices_that_do_the_same_have_the_same_signature(at_most: int, per: str) -> None:
    one = choose("treat", [("treat", {"method": "winsorise", "at_most": at_most, "per": per})])
    other = choose("treat", [("treat", {"method": "winsorise", "per": per}), ("indicator.a.treat", {"at_most": at_most})])
    assert one.signature == other.signature
    more = choose("treat", [("treat", {"method": "winsorise", "at_most": at_most + 1, "per": per})])
    assert one.signature != more.signature
