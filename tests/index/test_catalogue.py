from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tidu.core.errors import UsageError
from tidu.index.catalogue import explain, meanings, method_rows
from tidu.index.choice import KEYS
from tidu.index.framework import Framework
from tidu.index.methods import REGISTRIES
from tidu.index.spec import (
    ColumnTable,
    IndexTable,
    IndicatorTable,
    PillarTable,
    ScreenTable,
    UncertainTable,
    UnitsTable,
    UniverseTable,
)
from tidu.index.whole_file import IndexFile

TABLES = {
    "file": IndexFile,
    "index": IndexTable,
    "units": UnitsTable,
    "universe": UniverseTable,
    "column": ColumnTable,
    "screen": ScreenTable,
    "pillar": PillarTable,
    "indicator": IndicatorTable,
    "uncertain": UncertainTable,
}
PARAMETERS = {step: {key for name in found for key in found[name].parameters} for step, found in REGISTRIES.items()}


def wanted() -> set[tuple[str, ...]]:
    """The path of every entry that the catalogue must have."""
    paths = {("methods", step, name) for step, found in REGISTRIES.items() for name in found}
    for table, model in TABLES.items():
        paths |= {("keys", table, field.alias or name) for name, field in model.model_fields.items()}
    for step, model in KEYS.items():
        paths |= {("keys", step, key) for key in ("method", *model.model_fields)}
    return paths | {("keys", "parameters", key) for keys in PARAMETERS.values() for key in keys}


def allowed() -> set[tuple[str, ...]]:
    """The wanted entries, and a step's own word for a parameter that means something else in another step."""
    return wanted() | {("keys", step, key) for step, keys in PARAMETERS.items() for key in keys}


def entries(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for key, value in table.items():
        if all(isinstance(item, dict) for item in value.values()):
            yield from entries(value, (*path, key))
        else:
            yield (*path, key), value


WRITTEN = dict(entries(meanings()))


def test_nothing_lacks_a_meaning() -> None:
    assert sorted(wanted() - set(WRITTEN)) == []


def test_no_meaning_is_of_something_that_is_gone() -> None:
    assert sorted(set(WRITTEN) - allowed()) == []


@pytest.mark.parametrize("path", sorted(WRITTEN), ids=".".join)
def test_a_meaning_is_a_sentence_in_both_languages(path: tuple[str, ...]) -> None:
    entry = WRITTEN[path]
    assert sorted(entry) == ["en", "zh"]
    assert entry["zh"].endswith("。") and any("\u4e00" <= letter <= "\u9fff" for letter in entry["zh"])
    assert entry["en"].endswith(".") and not any("\u4e00" <= letter <= "\u9fff" for letter in entry["en"])


def test_a_parameter_that_two_steps_read_differently_has_a_word_in_each() -> None:
    for key in ("by", "of", "target", "limit", "tolerance", "rounds", "m", "low", "high", "threshold", "on"):
        steps = [step for step, keys in PARAMETERS.items() if key in keys or key in KEYS[step].model_fields]
        assert len(steps) > 1
        assert len({meanings()["keys"][step][key]["en"] for step in steps}) == len(steps)


# --- tidu methods -----------------------------------------------------------------------------------------------------


def test_method_rows_lists_every_method_once() -> None:
    rows = method_rows()
    assert [(row["step"], row["method"]) for row in rows] == [(step, name) for step in REGISTRIES for name in REGISTRIES[step]]
    assert all(row["meaning"] and row["source"] for row in rows)


def test_method_rows_shows_keys_with_their_defaults() -> None:
    row = next(row for row in method_rows("treat") if row["method"] == "winsorise")
    assert row["keys"] == "at_most = 5, when = { skew = 2.0, kurtosis = 3.5 }"
    row = next(row for row in method_rows("normalise") if row["method"] == "goalposts")
    assert row["keys"] == "low, high, onto = [0.0, 100.0], truncate = true, log = false"


def test_method_rows_speaks_both_languages() -> None:
    assert {row["method"]: row["meaning"] for row in method_rows("weighting", "zh")}["entropy"].startswith("熵权法")
    assert {row["method"]: row["meaning"] for row in method_rows("weighting", "en")}["entropy"].startswith("Entropy")


def test_an_unknown_step_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError) as caught:
        method_rows("normalize")
    assert caught.value.code == "unknown_step"
    assert caught.value.did_you_mean == "normalise"
    assert "Did you mean `normalise`?" in caught.value.text("en")


# --- tidu explain-file ------------------------------------------------------------------------------------------------

FILE = """
[index]
code = "demo"
title = { zh = "示例", en = "Demo" }
[normalise]
onto = [0, 1]
[aggregate]
method = "arithmetic"
[pillar.output.normalise]
over = "year"
[pillar.output.treat]
method = "winsorise"
when = { skew = 1.0 }
[indicator.a]
parent = "output"
better = "higher"
[indicator.b]
better = "lower"
treat = { method = "log" }
"""


def whence(framework: Framework, node: str, step: str) -> dict[str, tuple[str, str]]:
    rows = explain(framework)["steps"]
    return {row["key"]: (row["value"], row["whence"]) for row in rows if (row["node"], row["step"]) == (node, step)}


def test_a_key_written_at_a_pillar_is_reported_there_for_its_indicators() -> None:
    framework = Framework.parse(FILE)
    found = whence(framework, "a", "normalise")
    assert found["over"] == ('"year"', "pillar.output.normalise")
    assert found["onto"] == ("[0.0, 1.0]", "normalise")
    assert found["method"] == ('"min_max"', "default")
    assert found["truncate"] == ("false", "default")
    assert whence(framework, "b", "normalise")["over"] == ('"panel"', "default")


def test_a_key_written_at_an_indicator_is_reported_there() -> None:
    framework = Framework.parse(FILE)
    assert whence(framework, "b", "treat")["method"] == ('"log"', "indicator.b.treat")


def test_each_key_of_a_step_is_told_once() -> None:
    rows = explain(Framework.parse(FILE))["steps"]
    assert [row["value"] for row in rows if (row["node"], row["key"]) == ("a", "when")] == ["{ skew = 1.0 }"]


def test_steps_between_nodes_are_told_of_inner_nodes_and_steps_on_figures_of_indicators() -> None:
    rows = explain(Framework.parse(FILE))["steps"]
    assert {row["node"] for row in rows if row["step"] == "aggregate"} == {"output", "demo"}
    assert {row["node"] for row in rows if row["step"] == "impute"} == {"a", "b"}


@pytest.mark.parametrize(("lang", "title", "over"), [("en", "Title.", "Whether bounds are"), ("zh", "标题。", "上下限逐年")])
def test_every_key_written_has_its_value_and_meaning(lang: str, title: str, over: str) -> None:
    keys = {row["key"]: row for row in explain(Framework.parse(FILE), lang)["keys"]}
    assert all(row["meaning"] for row in keys.values())
    assert keys["index.title"]["meaning"] == title
    assert keys["index.title"]["value"] == '{ zh = "示例", en = "Demo" }'
    assert keys["pillar.output.normalise.over"]["meaning"].startswith(over)


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-core-audited", "city-ip-full", "city-ip-eis", "city-ip-gii"])
def test_no_key_of_a_shipped_file_is_left_without_a_meaning(name: str) -> None:
    from tidu.app import load

    assert [row["key"] for row in explain(load(name))["keys"] if not row["meaning"]] == []
