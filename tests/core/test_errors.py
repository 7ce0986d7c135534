from __future__ import annotations

import ast
import re
import string
from pathlib import Path

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
    messages,
    nearest,
    raise_all,
)

KINDS = {"SpecError", "DataError", "MethodError", "UsageError", "ReplayError"}


def raised(folder: Path) -> dict[str, set[str]]:
    """Code → the files that raise an error with it, read from the source."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.setdefault(first.value, set()).add(path.name)
    return found


def test_every_code_that_is_raised_has_a_message(root: Path) -> None:
    codes = raised(root / "src" / "tidu")
    assert len(codes) > 50
    assert {code: files for code, files in codes.items() if code not in messages()} == {}


def test_every_message_says_what_and_how_to_mend_in_both_languages() -> None:
    for code, entry in messages().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
        assert set(entry) == {"what", "mend"}, code
        for part in entry.values():
            assert set(part) == {"en", "zh"}, code
            assert all(text.strip() for text in part.values()), code
            assert re.search(r"[\u4e00-\u9fff]", part["zh"]), code


def test_both_languages_name_the_same_values() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, entry in messages().items():
        told = {lang: names(entry["what"][lang]) | names(entry["mend"][lang]) for lang in ("en", "zh")}
        assert told["en"] == told["zh"], code


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
