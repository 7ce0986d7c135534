from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import (
    DataError,
    MethodError,
    Problems,
    ReplayError,
    SpecError,
    TiduError,
    UsageError,
    listing,
    nearest,
    raise_all,
)


def test_a_message_says_where_what_the_guess_and_the_mend() -> None:
    error = SpecError(
        "unknown_key", file="city.toml", address="index.tittle", key="tittle", known="title, code", did_you_mean="title"
    )
    assert str(error) == (
        "city.toml, index.tittle: There is no key called tittle. Did you mean `title`?\n  Mend: Use one of: title, code."
    )
    assert error.text("zh") == "city.toml, index.tittle：没有名为 tittle 的键。是否想写 `title`？\n  改法：可用的键：title, code。"


def test_rows_and_columns_are_told_in_both_languages() -> None:
    error = DataError("bad_number", file="a.csv", row=3, column="gdp", value="x")
    assert error.where("en") == "a.csv, row 3, column gdp"
    assert error.where("zh") == "a.csv, 第 3 行, “gdp”列"


def test_a_value_that_the_error_does_not_carry_leaves_its_place_visible() -> None:
    assert "{known}" in SpecError("unknown_key", key="x").text()


def test_a_code_without_a_message_is_still_told() -> None:
    assert SpecError("no_such_code_anywhere", address="a.b").text() == "a.b: no_such_code_anywhere"


def test_the_record_holds_plain_values_and_both_texts() -> None:
    error = DataError("bad_number", row=3, column="gdp", value="x", known=("a", "b"))
    record = error.record()
    assert record["code"] == "bad_number"
    assert (record["row"], record["column"]) == (3, "gdp")
    assert "file" not in record
    assert record["values"] == {"value": "x", "known": "('a', 'b')"}
    assert record["message"] == {"zh": error.text("zh"), "en": error.text("en")}


def test_a_file_is_named_once() -> None:
    assert SpecError("unknown_key").in_file("a.toml").file == "a.toml"
    assert SpecError("unknown_key", file="a.toml").in_file("b.toml").file == "a.toml"


@pytest.mark.parametrize("kind", [SpecError, DataError, MethodError, UsageError, ReplayError, Problems])
def test_all_are_of_one_tree(kind: type) -> None:
    assert issubclass(kind, TiduError)


def test_several_faults_are_told_together() -> None:
    one, two = SpecError("unknown_key", key="a", known="c"), SpecError("unknown_key", key="b", known="c", address="x")
    both = Problems([one, two])
    assert both.text() == f"{one.text()}\n{two.text()}"
    assert both.record() == {"code": "unknown_key", "errors": [one.record(), two.record()]}
    both.in_file("f.toml")
    assert (one.file, two.file, both.file) == ("f.toml", "f.toml", "f.toml")


def test_raise_all_raises_none_one_or_all() -> None:
    raise_all([])
    single = SpecError("unknown_key")
    with pytest.raises(SpecError) as caught:
        raise_all([single])
    assert caught.value is single
    with pytest.raises(Problems) as several:
        raise_all([single, DataError("bad_number")])
    assert [error.code for error in several.value.errors] == ["unknown_key", "bad_number"]


def test_the_nearest_name() -> None:
    assert nearest("geometrc", ["arithmetic", "geometric"]) == "geometric"
    assert nearest("xyz", ["arithmetic", "geometric"]) is None
    assert nearest("a", []) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=5)), st.integers(1, 5))
def test_a_listing_shows_some_and_counts_the_rest(names: list[str], limit: int) -> None:
    text = listing(names, limit)
    assert text.startswith(", ".join(names[:limit]))
    assert text.endswith(f" … (+{len(names) - limit})") == (len(names) > limit)
