from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import SpecError, TiduError, UsageError
from tidu.index.framework import Framework, label
from tidu.index.index_file import merge

DEMO = """
[index]
code = "demo"
title = { zh = "示例", en = "Demo" }

[treat]
method = "winsorise"
at_most = 3

[aggregate]
missing = "skip"

[pillar.output]
weight = 2
label = { en = "Output" }
[pillar.quality]
parent = "output"
[pillar.flow]
normalise = { method = "z_score" }

[indicator.grants]
parent = "output"
better = "higher"
[indicator.share]
parent = "quality"
better = "higher"
weight = 3
[indicator.renewals]
parent = "quality"
better = "higher"
[indicator.days]
parent = "flow"
better = "lower"
treat = { method = "none" }
"""


LEAF = '[indicator.a]\nbetter = "higher"\n'
HEAD = '[index]\ncode = "d"\n'


@pytest.fixture(scope="module")
def demo() -> Framework:
    return Framework.parse(DEMO)


def codes(error: TiduError) -> list[str]:
    return [one.code for one in getattr(error, "errors", [error])]


def refused(text: str) -> TiduError:
    with pytest.raises(TiduError) as caught:
        Framework.parse(text)
    error: TiduError = caught.value
    return error


# --- the tree -----------------------------------------------------------------------------------------------------


def test_indicators_stand_first_then_nodes_from_the_deepest_up_and_the_root_last(demo: Framework) -> None:
    assert tuple(demo.nodes) == ("grants", "share", "renewals", "days", "quality", "output", "flow", "demo")
    assert [node.place for node in demo.nodes.values()] == list(range(8))
    assert demo.leaves == ("grants", "share", "renewals", "days")
    assert [node.code for node in demo.inner] == ["quality", "output", "flow", "demo"]


def test_parents_children_depths_and_weights(demo: Framework) -> None:
    assert demo.node("quality").parent == "output"
    assert demo.node("output").children == ("quality", "grants")
    assert demo.node("demo").children == ("output", "flow")
    assert {code: node.depth for code, node in demo.nodes.items()} == {
        "demo": 0, "output": 1, "flow": 1, "quality": 2, "grants": 2, "days": 2, "share": 3, "renewals": 3,
    }  # fmt: skip
    assert demo.node("share").weight == 3.0
    assert demo.node("demo").parent is None
    assert demo.node("share").leaf
    assert not demo.node("quality").leaf


def test_leaves_under_and_ancestors(demo: Framework) -> None:
    assert demo.leaves_under("output") == ("grants", "share", "renewals")
    assert demo.leaves_under("demo") == demo.leaves
    assert demo.leaves_under("days") == ("days",)
    assert demo.ancestors("share") == ("output", "quality")
    assert demo.ancestors("demo") == ()


def test_effective_weights_are_products_of_shares(demo: Framework) -> None:
    # demo: output 2, flow 1 → 2/3, 1/3; output: quality 1, grants 1 → 1/3 each; quality: share 3, renewals 1 → 1/4, 1/12.
    wanted = {
        "demo": 1,
        "output": 2 / 3,
        "flow": 1 / 3,
        "quality": 1 / 3,
        "grants": 1 / 3,
        "share": 1 / 4,
        "renewals": 1 / 12,
        "days": 1 / 3,
    }
    assert demo.effective_weights() == pytest.approx(wanted)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.001, 1000), min_size=4, max_size=4), st.floats(0.01, 100))
def test_effective_weights_of_the_leaves_sum_to_one_and_know_no_scale(weights: list[float], times: float) -> None:
    demo = Framework.parse(DEMO)
    names = ("output", "flow")
    leaves = ("share", "renewals")
    made = demo.put(
        *[f"pillar.{name}.weight={weight!r}" for name, weight in zip(names, weights[:2], strict=True)],
        *[f"indicator.{name}.weight={weight!r}" for name, weight in zip(leaves, weights[2:], strict=True)],
    )
    share = made.effective_weights()
    assert sum(share[leaf] for leaf in made.leaves) == pytest.approx(1.0)
    scaled = made.put(*[f"indicator.{name}.weight={weight * times!r}" for name, weight in zip(leaves, weights[2:], strict=True)])
    assert scaled.effective_weights() == pytest.approx(share)


def test_titles_and_labels_fall_back_to_the_other_language_and_the_code(demo: Framework) -> None:
    assert (demo.title("zh"), demo.title("en")) == ("示例", "Demo")
    assert (demo.label("output", "zh"), demo.label("output", "en")) == ("Output", "Output")
    assert demo.label("days") == "days"
    assert demo.put('index.title="Bare"').title("zh") == "Bare"
    assert label(demo.table.index.title) == {"zh": "示例", "en": "Demo"}


def test_an_unknown_node_is_refused_with_the_nearest(demo: Framework) -> None:
    with pytest.raises(UsageError) as caught:
        demo.node("qualty")
    assert (caught.value.code, caught.value.did_you_mean) == ("unknown_node", "quality")


def test_a_framework_says_its_size(demo: Framework) -> None:
    assert repr(demo) == "Framework demo: 4 indicators under 4 nodes, 3 levels"


# --- choices ------------------------------------------------------------------------------------------------------


def test_the_nearest_table_wins_and_another_method_drops_the_keys_of_the_first(demo: Framework) -> None:
    share, days = demo.choice("treat", "share"), demo.choice("treat", "days")
    assert (share.method.name, share.options["at_most"], share.whence["at_most"]) == ("winsorise", 3, "treat")
    assert (days.method.name, dict(days.options)) == ("none", {})
    assert days.whence["method"] == "indicator.days.treat"
    assert demo.choice("normalise", "days").method.name == "z_score"
    assert demo.choice("normalise", "days").address == "pillar.flow.normalise"
    assert demo.choice("normalise", "share").whence["method"] == "default"


def test_a_method_for_each_node() -> None:
    framework = Framework.parse(
        """
        [index]
        code = "d"
        aggregate = { method = "geometric" }
        [normalise]
        onto = [1, 100]
        [pillar.p]
        aggregate = { method = "harmonic" }
        [pillar.q]
        [indicator.a]
        parent = "p"
        better = "higher"
        [indicator.b]
        parent = "q"
        better = "higher"
        """
    )
    assert [framework.choice("aggregate", code).method.name for code in ("d", "p", "q")] == ["geometric", "harmonic", "arithmetic"]


def test_columns_are_filled_only_when_the_file_says_so() -> None:
    text = '[index]\ncode="d"\n[indicator.a]\nbetter="higher"\n'
    assert Framework.parse(text).column_choice("a") is None
    on_columns = Framework.parse(
        text + '[impute]\nmethod="mean"\non="column"\n[column.b]\nimpute={method="none"}\n[column.c]\nsum=["a","b"]\n'
    )
    assert on_columns.column_choice("a").method.name == "mean"  # type: ignore[union-attr]
    assert on_columns.column_choice("b").method.name == "none"  # type: ignore[union-attr]
    assert on_columns.column_choice("c") is None  # a derived column takes what its parts were filled with


# --- put ----------------------------------------------------------------------------------------------------------


def test_put_gives_a_copy_and_leaves_the_first_alone(demo: Framework) -> None:
    before = copy.deepcopy(demo.spec)
    made = demo.put("pillar.output.weight=5", "treat.at_most=4", "indicator.*.weight=+50%")
    assert demo.spec == before
    assert made.node("output").weight == 5
    assert made.choice("treat", "share").options["at_most"] == 4
    assert [made.node(leaf).weight for leaf in made.leaves] == [1.5, 4.5, 1.5, 1.5]


def test_put_of_another_method_forgets_the_keys_of_the_old_one(demo: Framework) -> None:
    made = demo.put("treat.method=log")
    assert made.spec["treat"] == {"method": "log"}
    assert demo.put("treat.method=winsorise").spec["treat"] == {"method": "winsorise", "at_most": 3}


def test_naming_the_default_method_forgets_nothing() -> None:
    text = HEAD + LEAF + "[normalise]\nonto = [1, 100]\n"
    assert Framework.parse(text).put("normalise.method=min_max").choice("normalise", "a").options["onto"] == (1, 100)
    assert merge({"normalise": {"onto": [1, 100]}}, {"normalise": {"method": "min_max"}}) == {
        "normalise": {"onto": [1, 100], "method": "min_max"}
    }
    assert merge({"normalise": {"onto": [1, 100]}}, {"normalise": {"method": "rank"}}) == {"normalise": {"method": "rank"}}


@pytest.mark.parametrize(
    "change",
    [
        "index.aggregate.method=median",
        "index.weighting.method=equal",
        "pillar.output.aggregate.method=median",
        "pillar.output.treat.method=none",
        "indicator.days.impute.method=mean",
        "screen.minimum=0.5",
        "units.show=all",
        "impute.method=mean",
    ],
)
def test_a_table_that_the_file_leaves_out_can_be_addressed(demo: Framework, change: str) -> None:
    made = demo.put(change)
    assert made.spec != demo.spec


def test_put_of_a_cell_is_not_for_the_framework(demo: Framework) -> None:
    with pytest.raises(UsageError) as caught:
        demo.put("data.a.2023.gdp=1")
    assert caught.value.code == "data_address_here"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("pillar.outptu.weight=1", "no_match"),
        ("treat.method=winsorize", "unknown_method"),
        ("treat.atmost=1", "unknown_option"),
        ("pillar.output.weight=-1", "weight_negative"),
        ("indicator.days.better=best", "bad_direction"),
        ("indicator.days.parent=flwo", "unknown_parent"),
        ("index.colour=1", "unknown_key"),
    ],
)
def test_what_put_makes_is_checked_again(demo: Framework, change: str, code: str) -> None:
    with pytest.raises(TiduError) as caught:
        demo.put(change)
    assert code in codes(caught.value)


# --- faults -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "address", "guess"),
    [
        (LEAF, "missing_table", "index", None),
        (HEAD, "no_indicators", "indicator", None),
        (HEAD + "[indicator]\n", "no_indicators", "indicator", None),
        (HEAD + "[indicator.a]\n", "missing_better", "indicator.a.better", None),
        (HEAD + "[indicator.a]\nbetter = 'highr'\n", "bad_direction", "indicator.a.better", "higher"),
        (HEAD + LEAF + "wieght = 2\n", "unknown_key", "indicator.a.wieght", "weight"),
        (HEAD + LEAF + "[treet]\n", "unknown_key", "treet", "treat"),
        (HEAD + LEAF + "parent = 'x'\n", "unknown_parent", "indicator.a.parent", None),
        (HEAD + LEAF + "[indicator.b]\nbetter='lower'\nparent='a'\n", "parent_is_indicator", "indicator.b.parent", None),
        (HEAD + LEAF + "[pillar.p]\n", "orphan", "pillar.p", None),
        (HEAD + LEAF + "[pillar.a]\n", "code_twice", "indicator.a", None),
        (HEAD + LEAF + "[pillar.d]\n", "code_of_root", "pillar.d", None),
        (HEAD + LEAF + "weight = 0\n", "weights_zero", "indicator.a.weight", None),
        (HEAD + LEAF + "weight = nan\n", "wants_finite", "indicator.a.weight", None),
        (HEAD + LEAF + "[weight_set.x]\nb = 1\n", "unknown_node", "weight_set.x.b", None),
        (HEAD + LEAF + "[weight_set.x]\na = -1\n", "weight_negative", "weight_set.x.a", None),
        (HEAD + LEAF + "[treat]\nmethod = 'winsorize'\n", "unknown_method", "treat.method", "winsorise"),
        (HEAD + LEAF + "[treat]\nmethod = 'winsorise'\natmost = 1\n", "unknown_option", "treat.atmost", "at_most"),
        (HEAD + LEAF + "[treat]\nmethod = 'winsorise'\nat_most = 0\n", "out_of_range", "treat.at_most", None),
        (HEAD + LEAF + "treat = { method = 'lg' }\n", "unknown_method", "indicator.a.treat.method", "log"),
        (HEAD + LEAF + "[column.c]\nsum = ['a']\nshare = ['a', 'b']\n", "column_kind", "column.c", None),
        (HEAD + LEAF + "[column.c]\nsum = ['c']\n", "column_cycle", "column.c.sum", None),
        (HEAD + LEAF + "[column.c]\nsum = ['e']\n[column.e]\nsum = ['a']\n", "column_order", "column.c.sum", None),
        (
            HEAD + LEAF + "[column.a]\nunit='km'\n[column.b]\nunit='m'\n[column.c]\nsum=['a','b']\n",
            "unit_mismatch", "column.c.sum", None,
        ),
        (HEAD + LEAF + "years = [202]\n", "bad_period", "indicator.a.years.0", None),
        (HEAD.replace('"d"', '"7up"') + LEAF, "bad_index_code", "index.code", None),
        (HEAD + LEAF + "[screen]\nminimum = 1.5\n", "out_of_range", "screen.minimum", None),
    ],
)  # fmt: skip
def test_a_fault_is_named_at_its_address(text: str, code: str, address: str, guess: str | None) -> None:
    error = refused(text)
    found = {(one.code, one.address): one.did_you_mean for one in getattr(error, "errors", [error])}
    assert (code, address) in found
    assert found[code, address] == guess


def test_a_circle_of_parents_is_refused() -> None:
    error = refused(HEAD + LEAF + "[pillar.p]\nparent='q'\n[pillar.q]\nparent='p'\n")
    assert set(codes(error)) == {"cycle"}


def test_all_faults_are_told_at_once() -> None:
    error = refused(HEAD + "titel = 1\n[indicator.a]\nbetter='up'\n[indicator.b]\nbetter='lower'\nwieght=1\n")
    assert sorted(codes(error)) == ["bad_direction", "unknown_key", "unknown_key"]


def test_what_is_no_toml_is_refused_with_the_file_named() -> None:
    with pytest.raises(SpecError) as caught:
        Framework.parse("[index\ncode=1", file="a.toml")
    assert (caught.value.code, caught.value.file) == ("bad_toml", "a.toml")


# --- files --------------------------------------------------------------------------------------------------------


def test_a_file_that_extends_another_is_the_merged_file(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(DEMO, encoding="utf-8")
    (tmp_path / "child.toml").write_text(
        'extends = "base.toml"\n[index]\ncode = "child"\n[treat]\nmethod = "log"\n[pillar.flow]\nweight = 4\n', encoding="utf-8"
    )
    made = Framework.load(tmp_path / "child.toml")
    written = DEMO.replace('code = "demo"', 'code = "child"').replace('method = "winsorise"\nat_most = 3', 'method = "log"')
    whole = Framework.parse(written.replace("[pillar.flow]", "[pillar.flow]\nweight = 4"))
    assert made.spec == whole.spec
    assert tuple(made.nodes) == tuple(whole.nodes)
    assert made.file == "child.toml"


def test_extends_goes_through_several_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(HEAD + LEAF, encoding="utf-8")
    (tmp_path / "b.toml").write_text('extends = "a.toml"\n[indicator.a]\nweight = 2\n', encoding="utf-8")
    (tmp_path / "c.toml").write_text('extends = "b.toml"\n[index]\ncode = "c"\n', encoding="utf-8")
    made = Framework.load(tmp_path / "c.toml")
    assert (made.code, made.node("a").weight) == ("c", 2.0)


def test_files_in_a_circle_missing_files_and_other_encodings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b.toml"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('extends = "a.toml"\n', encoding="utf-8")
    (tmp_path / "lost.toml").write_text('extends = "nowhere.toml"\n', encoding="utf-8")
    (tmp_path / "gb.toml").write_bytes('[index]\ntitle = "城市"'.encode("gb18030"))
    for name, code in (("a", "extends_cycle"), ("lost", "extends_missing"), ("gb", "not_utf8"), ("none", "no_file")):
        with pytest.raises(SpecError) as caught:
            Framework.load(tmp_path / f"{name}.toml")
        assert caught.value.code == code
    with pytest.raises(SpecError) as caught:
        Framework.load(tmp_path)
    assert caught.value.code == "is_folder"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + (HEAD + LEAF).encode())
    assert Framework.load(tmp_path / "bom.toml").code == "d"


def test_a_text_cannot_extend_a_file() -> None:
    assert refused('extends = "a.toml"\n' + HEAD + LEAF).code == "extends_needs_file"


NESTED = st.recursive(
    st.integers(0, 3),
    lambda inner: st.dictionaries(st.sampled_from(["treat", "x", "method", "at_most"]), inner, max_size=3),
    max_leaves=8,
)
TABLE = st.dictionaries(st.sampled_from(["treat", "x", "y"]), NESTED, max_size=3)


@settings(max_examples=80, deadline=None)
@given(TABLE, TABLE)
def test_merging_keeps_both_files_as_they_were_and_the_later_one_wins(base: dict, over: dict) -> None:
    first, second = copy.deepcopy(base), copy.deepcopy(over)
    made = merge(base, over)
    assert (base, over) == (first, second)
    assert merge(base, {}) == base
    assert merge({}, over) == over
    assert merge(made, over) == made
    for key, value in over.items():
        if not isinstance(value, dict):
            assert made[key] == value
