from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.address import Address, Change, literal, matches, put, quoted, value_at
from tidu.core.errors import UsageError

PART = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
WORD = st.from_regex(r"[a-z_][a-z0-9_\-]{0,8}", fullmatch=True)


@settings(max_examples=200, deadline=None)
@given(st.lists(PART, min_size=1, max_size=4))
def test_an_address_of_any_keys_is_read_back_as_it_was_written(parts: list[str]) -> None:
    address = Address("spec", tuple(parts))
    assert Address.parse(str(address)) == address


@settings(max_examples=100, deadline=None)
@given(st.tuples(PART, PART, PART))
def test_a_cell_is_read_back_as_it_was_written(parts: tuple[str, str, str]) -> None:
    address = Address("data", parts)
    assert Address.parse(str(address)) == address


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('ab."\\ *'), max_size=12))
def test_what_parses_is_a_fixed_point_and_what_does_not_is_a_usage_error(text: str) -> None:
    try:
        address = Address.parse(text)
    except UsageError as error:
        assert error.code in ("bad_address", "bad_data_address")
        assert error.values["text"] == text
    else:
        assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    ("text", "root", "parts"),
    [
        ("treat.method", "spec", ("treat", "method")),
        ("spec.treat.method", "spec", ("treat", "method")),
        ("spec", "spec", ("spec",)),
        ("data.110000.2023.gdp", "data", ("110000", "2023", "gdp")),
        ('data."St. Gallen".2023.gdp', "data", ("St. Gallen", "2023", "gdp")),
        ("data.武汉.2023-Q1.gdp", "data", ("武汉", "2023-Q1", "gdp")),
        ('indicator."a.b".weight', "spec", ("indicator", "a.b", "weight")),
        (r'a."say \"hi\" \\ there"', "spec", ("a", 'say "hi" \\ there')),
        (" a . b ", "spec", ("a", "b")),
    ],
)
def test_parts_of_an_address(text: str, root: str, parts: tuple[str, ...]) -> None:
    assert Address.parse(text) == Address(root, parts)


@pytest.mark.parametrize("text", ["", " ", ".", "a.", ".a", "a..b", 'a."b', 'a"b', '"a"b'])
def test_texts_that_are_no_address(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Address.parse(text)
    assert caught.value.code == "bad_address"


@pytest.mark.parametrize("text", ["data.110000", "data.110000.2023", "data.a.b.c.d"])
def test_a_cell_has_unit_period_and_column(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Address.parse(text)
    assert caught.value.code == "bad_data_address"


def test_wildcards_are_known() -> None:
    assert Address.parse("indicator.*.weight").wild
    assert Address.parse("indicator.inv*.weight").wild
    assert not Address.parse("indicator.a.weight").wild


@pytest.mark.parametrize(
    ("part", "text"), [("a", "a"), ("a b", '"a b"'), ("a.b", '"a.b"'), ('a"', r'"a\""'), ("", '""'), ("武汉", "武汉")]
)
def test_quoting(part: str, text: str) -> None:
    assert quoted(part) == text


# --- changes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("-3", -3),
        ("true", True),
        ("[1, 100]", [1, 100]),
        ("{ skew = 2.0 }", {"skew": 2.0}),
        ('"two words"', "two words"),
        ("geometric", "geometric"),
        ("+20%", "+20%"),
        ("-20%", "-20%"),
        ("+3", "+3"),
        ("+1e-2", "+1e-2"),
    ],
)
def test_literals(text: str, value: object) -> None:
    found = literal(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("old", "change", "new"),
    [
        (2.0, "+20%", 2.4),  # 2 × 1.2
        (2.0, "-20%", 1.6),  # 2 × 0.8
        (5, "+3", 8.0),
        (5, "+0.5", 5.5),
        (-4.0, "+50%", -6.0),  # a fifth more of the same sign: −4 × 1.5
        (0, "+20%", 0.0),
    ],
)
def test_relative_changes(old: float, change: str, new: float) -> None:
    assert Change.parse(f"a={change}").over(old) == pytest.approx(new)


@pytest.mark.parametrize("old", ["geometric", True, None, [1, 2]])
def test_a_relative_change_needs_a_number_to_stand_on(old: object) -> None:
    with pytest.raises(UsageError) as caught:
        Change.parse("treat.method=+20%").over(old)
    assert caught.value.code == "relative_without_number"
    assert caught.value.address == "treat.method"


@pytest.mark.parametrize("old", [1.0, "text", None])
def test_an_absolute_change_takes_no_notice_of_what_stands_there(old: object) -> None:
    assert Change.parse("a=0.5").over(old) == 0.5
    assert Change.parse("a=log").over(old) == "log"


@pytest.mark.parametrize("text", ["treat.method", "treat.method=", "treat.method= "])
def test_a_change_has_an_address_and_a_value(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Change.parse(text)
    assert caught.value.code == "bad_change"


def test_the_first_equals_sign_parts_address_and_value() -> None:
    assert Change.parse('a.b="x=y"') == Change(Address("spec", ("a", "b")), "x=y")


# --- putting ------------------------------------------------------------------------------------------------------

TREE = {
    "treat": {"method": "winsorise"},
    "pillar": {"output": {"weight": 1}, "flow": {"weight": 2}, "performance": {}},
    "indicator": {"a.b": {"weight": 3}},
}


def test_wildcards_name_each_match_in_the_order_of_the_tree() -> None:
    found = list(matches(TREE, Address.parse("pillar.*.weight")))
    assert found == [("pillar", "output", "weight"), ("pillar", "flow", "weight"), ("pillar", "performance", "weight")]
    assert list(matches(TREE, Address.parse("pillar.*o*.weig*"))) == [("pillar", "output", "weight"), ("pillar", "flow", "weight")]
    assert list(matches(TREE, Address.parse("pillar.x*.weight"))) == []


def test_put_changes_each_match_relative_to_itself() -> None:
    tree = {"pillar": {"output": {"weight": 1}, "flow": {"weight": 2}}}
    assert put(tree, Change.parse("pillar.*.weight=+50%")) == {"pillar": {"output": {"weight": 1.5}, "flow": {"weight": 3.0}}}


def test_put_enters_a_key_that_was_not_there() -> None:
    assert put(TREE, Change.parse("pillar.performance.weight=4"))["pillar"]["performance"] == {"weight": 4}
    assert put(TREE, Change.parse('indicator."a.b".weight=+1'))["indicator"]["a.b"]["weight"] == 4


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(["pillar.*.weight=7", "treat.method=log", "pillar.new=1", 'indicator."a.b".weight=+1']))
def test_put_never_changes_the_tree_it_was_given(text: str) -> None:
    before = copy.deepcopy(TREE)
    made = put(TREE, Change.parse(text))
    assert before == TREE
    assert made != TREE


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("pilar.output.weight=1", "pillar.output.weight"),
        ("pillar.outptu.weight=1", "pillar.output.weight"),
        ("nothing.like.it=1", None),
        ("pillar.zzz*.weight=1", None),
    ],
)
def test_an_address_that_names_nothing_is_refused_with_the_nearest(text: str, guess: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        put(TREE, Change.parse(text))
    assert caught.value.code == "no_match"
    assert caught.value.did_you_mean == guess


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(WORD, st.integers(), min_size=1, max_size=5), st.data())
def test_what_was_put_stands_there(tree: dict[str, int], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(tree)))
    made = put(tree, Change(Address("spec", (key,)), 99))
    assert value_at(made, (key,)) == 99
    assert {name: made[name] for name in tree if name != key} == {name: tree[name] for name in tree if name != key}


def test_value_at_a_path_that_leads_nowhere() -> None:
    assert value_at(TREE, ("pillar", "flow", "weight")) == 2
    assert value_at(TREE, ("pillar", "none", "weight")) is None
    assert value_at(TREE, ("treat", "method", "deeper")) is None
