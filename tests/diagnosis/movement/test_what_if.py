"""What if: cells and keys changed, compared whole, kept in a file; no effective change is the base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.address import Change
from tidu.core.errors import Problems, SpecError, TiduError, UsageError
from tidu.diagnosis.movement.what_if import (
    Scenario,
    named,
    read_scenarios,
    save_scenario,
    scenarios_of,
    shipped_scenarios,
    what_if,
    with_cells,
)
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

FRAMEWORK = Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "higher"\n')
PANEL = Panel.of(
    ["x", "y", "z"],
    ["2022", "2023"],
    ["a", "b"],
    [[[1, 1], [1, 5]], [[2, 2], [2, 2]], [[5, 3], [5, 1]]],
    names={"y": {"zh": "乙", "en": "Why"}},
)


def one(*changes: str, name: str = "s") -> Scenario:
    return Scenario(name, {}, changes)


def test_scores_and_ranks_before_and_after_by_hand() -> None:
    """x has 0 and 100, y 25 and 25, z 100 and 0: with a of y at 5 it has 100 and 25."""
    found = what_if(FRAMEWORK.put("normalise.over=year"), PANEL, [one("data.乙.2023.a=5")])
    rows = {row["unit"]: row for row in found.rows()}
    assert found.period == "2023"
    assert [(row["score"], row["rank"]) for row in (rows["x"], rows["y"], rows["z"])] == [(50, 1), (25, 3), (50, 1)]
    assert rows["y"]["scores"] == {"s": 62.5} and rows["y"]["ranks"] == {"s": 1} and rows["y"]["shifts"] == {"s": 2}
    assert rows["x"]["shifts"] == {"s": -1}
    assert found.touched() == ("y",)
    nodes = {row["node"]: row for row in found.nodes("Why")}
    assert (nodes["a"]["score"], nodes["a"]["scores"]["s"], nodes["b"]["score"], nodes["b"]["scores"]["s"]) == (25, 100, 25, 25)
    assert nodes["d"]["rank"] == 3 and nodes["d"]["ranks"] == {"s": 1}


def test_several_are_compared_at_once_in_any_period() -> None:
    found = what_if(FRAMEWORK, PANEL, [one("indicator.b.weight=0", name="p"), one("data.*.2022.b=+1", name="q")], period=2022)
    assert found.period == "2022"
    for row in found.rows():
        assert set(row["ranks"]) == {"p", "q"}
    alone = build(FRAMEWORK.put("indicator.b.weight=0"), PANEL)
    assert {row["unit"]: row["scores"]["p"] for row in found.rows()} == alone.score(period="2022")
    assert found.touched() == ()  # a wildcard names nobody


def test_each_is_a_build_of_its_own_and_the_base_is_used_as_it_is(joined: Callable[..., Index]) -> None:
    index = joined("aggregate.method=geometric", 3, 2)
    changes = ("data.u4.2021.c=+20%", "pillar.q.weight=3")
    found = what_if(index.framework, index.panel, [one(*changes)], base=index)
    assert found.base is index
    panel = index.panel.with_value("u4", "2021", "c", float(index.panel.column("c")[4, 1] * 1.2))
    assert np.array_equal(found.outcomes[0].index.scores, build(index.framework.put(changes[1]), panel).scores)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_no_effective_change_is_the_base(seed: int, joined: Callable[..., Index]) -> None:
    rng = np.random.default_rng(seed)
    index = joined(("aggregate.method=arithmetic", "aggregate.method=copeland")[seed % 2], seed % 40, 2)
    unit, code = f"u{rng.integers(9)}", "abcef"[rng.integers(5)]
    nothing = (f"data.{unit}.2021.{code}=+0", "data.*.*.*=+0%", "indicator.*.weight=+0%", "normalise.onto=[1, 100]")
    for frozen in (False, True):
        found = what_if(index.framework, index.panel, [one(*(nothing[:2] if frozen else nothing))], base=index, frozen=frozen)
        assert np.array_equal(found.outcomes[0].index.scores, index.scores, equal_nan=True)
        assert found.outcomes[0].flips == ()
        assert all(row["shifts"] == {"s": 0} for row in found.rows())


def test_frozen_nobody_else_moves_and_nothing_flips(joined: Callable[..., Index]) -> None:
    index = joined("aggregate.method=arithmetic", 3)
    change = "data.u4.2020.c=99"
    cold, warm = (what_if(index.framework, index.panel, [one(change)], frozen=frozen) for frozen in (True, False))
    after = cold.outcomes[0].index.score()
    assert all(after[unit] == score for unit, score in index.score().items() if unit != "u4")
    assert after["u4"] > index.score()["u4"] and cold.outcomes[0].flips == ()
    assert [(flip.kind, flip.what, flip.side, flip.after) for flip in warm.outcomes[0].flips] == [("bound", "c", "high", 99.0)]
    with pytest.raises(UsageError) as caught:
        what_if(index.framework, index.panel, [one("pillar.p.weight=3")], frozen=True)
    assert (caught.value.code, caught.value.address) == ("frozen_takes_cells", "pillar.p.weight")


def test_what_cannot_be_tried_is_refused() -> None:
    for scenarios, code in (([], "no_scenario"), ([one("treat.method=none"), one("treat.method=none")], "scenario_twice")):
        with pytest.raises(UsageError) as caught:
            what_if(FRAMEWORK, PANEL, scenarios)
        assert caught.value.code == code
    both = [one("treat.method=none", name="right"), one("treat.method=nonne", name="wrong")]
    with pytest.raises(TiduError) as which:
        what_if(FRAMEWORK, PANEL, both)
    assert which.value.file == "scenario.wrong"
    with pytest.raises(TiduError) as alone:
        what_if(FRAMEWORK, PANEL, both[1:])
    assert alone.value.file is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("data.q.2023.a=1", "unknown_unit"),
        ("data.y.2029.a=1", "unknown_period"),
        ("data.y.2023.aa=1", "unknown_column"),
        ("data.q*.2023.a=1", "no_match"),
        ("data.y.2023.a=many", "cell_needs_number"),
        ("data.y.2023.a=inf", "cell_needs_number"),
        ("data.y.2023.a=true", "cell_needs_number"),
    ],
)
def test_a_cell_that_is_not_there_or_not_a_number(change: str, code: str) -> None:
    with pytest.raises(TiduError) as caught:
        with_cells(PANEL, [Change.parse(change)])
    assert (caught.value.code, caught.value.address) == (code, change.partition("=")[0])


def test_cells_are_put_in_turn_and_marked_and_what_is_missing_stays_missing() -> None:
    panel = PANEL.with_value("z", "2023", "a", np.nan, "O")
    made = with_cells(panel, [Change.parse("data.*.2023.a=+100%"), Change.parse("data.y.2023.a=+1")])
    assert np.array_equal(made.column("a")[:, 1], [2.0, 5.0, np.nan], equal_nan=True)
    assert made.letters()[:, 1, 0].tolist() == ["E", "E", "O"]
    assert np.array_equal(made.values[:, 0], panel.values[:, 0]) and panel.column("a")[1, 1] == 2.0
    assert with_cells(panel, []) is panel


def test_cells_are_put_as_the_front_door_puts_them() -> None:
    changes = ["data.南京.2023.exports=+20%", "data.3*.2022.gdp=+1", "data.110000.*.library_books=5000"]
    panel = with_cells(app.figures(app.load("city-ip-core")), [Change.parse(text) for text in changes])
    _, theirs = app.prepared("city-ip-core", changes=changes)
    assert np.array_equal(panel.values, theirs.values, equal_nan=True)
    assert np.array_equal(panel.letters(), theirs.letters())


# --- files ----------------------------------------------------------------------------------------------------------------

GOOD = '# mine\n[scenario.more]\nlabel = { zh = "更多", en = "More" }\nchanges = ["data.y.2023.a=+20%"]\n'


def test_a_file_of_scenarios_is_read_and_added_to(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(GOOD, encoding="utf-8")
    found = read_scenarios(path)
    assert found == {"more": Scenario("more", {"zh": "更多", "en": "More"}, ("data.y.2023.a=+20%",))}
    assert found["more"].title("en") == "More"
    new = Scenario("a.b", {"en": "B"}, ('treat.otherwise={ method = "log" }', 'data."St. Gallen".2023.a=1'), ("d",))
    assert save_scenario(path, new) == path
    assert path.read_text(encoding="utf-8").startswith(GOOD)
    assert read_scenarios(path) == found | {"a.b": new}
    assert read_scenarios(save_scenario(tmp_path / "new.toml", new)) == {"a.b": new}
    with pytest.raises(UsageError) as caught:
        save_scenario(path, new)
    assert (caught.value.code, caught.value.file) == ("scenario_twice", "s.toml")


@pytest.mark.parametrize(
    ("text", "code", "address"),
    [
        ("[scenario.a]\nlabel = {}\n", "missing_key", "scenario.a"),
        ("[scenario.a]\nchange = ['x=1']\nchanges = ['x=1']\n", "unknown_key", "scenario.a.change"),
        ("[scenarios.a]\nchanges = ['x=1']\n", "unknown_key", "scenarios"),
        ("[scenario.a]\nchanges = 'x=1'\n", "scenario_kind", "scenario.a.changes"),
        ("[scenario.a]\nchanges = []\n", "scenario_kind", "scenario.a.changes"),
        ("[scenario.a]\nchanges = ['x=1']\nlabel = 'A'\n", "scenario_kind", "scenario.a.label"),
        ("[scenario.a]\nchanges = ['x=1']\nindices = 'd'\n", "scenario_kind", "scenario.a.indices"),
        ("[scenario]\na = 1\n", "scenario_kind", "scenario.a"),
        ("scenario = 1\n", "scenario_kind", "scenario"),
        ("[scenario.a]\nchanges = ['x=1', 'treat.method']\n", "bad_change", "scenario.a.changes[1]"),
        ("[scenario.a]\nchanges = ['data.x=1']\n", "bad_data_address", "scenario.a.changes[0]"),
        ("[scenario.a\n", "bad_toml", None),
    ],
)
def test_a_fault_in_a_file_is_named_with_file_and_key(text: str, code: str, address: str | None, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError if code not in ("bad_change", "bad_data_address") else UsageError) as caught:
        read_scenarios(path)
    assert (caught.value.code, caught.value.address, caught.value.file) == (code, address, "s.toml")
    assert all("{" not in caught.value.text(lang).replace("{ zh", "") for lang in ("zh", "en"))


def test_faults_are_told_together_and_names_are_guessed(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        scenarios_of({"scenario": {"a": {"chagnes": []}}})
    assert [error.code for error in caught.value.errors] == ["unknown_key", "missing_key"]
    assert caught.value.errors[0].did_you_mean == "changes"
    with pytest.raises(UsageError) as unknown:
        named("mor", scenarios_of({"scenario": {"more": {"changes": ["x=1"]}}}))
    assert unknown.value.did_you_mean == "more"
    with pytest.raises(UsageError) as missing:
        read_scenarios(tmp_path / "none.toml")
    assert missing.value.code == "no_scenario_file"


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-full"])
def test_the_shipped_switches_change_the_index_for_the_whole_country(name: str) -> None:
    found = shipped_scenarios(name)
    assert all(set(scenario.label) == {"zh", "en"} for scenario in found.values())
    framework, panel = app.prepared(name)
    base = build(framework, panel)
    made = what_if(framework, panel, list(found.values()), base=base)
    assert all(sum(bool(row["shifts"][one]) for row in made.rows()) > 100 for one in found)
    dropped, registered = (outcome.index for outcome in made.outcomes)
    output = [base.score(node)["440300"] for node in ("output_scale", "output_quality", "output_structure")]
    assert dropped.score("output")["440300"] == pytest.approx(sum(output) / 3)  # the mean without efficiency
    k = base.framework.leaves.index("hei_students_per_10k")
    t = base.periods.index("2023")
    u = base.units.index("320100")
    assert base.raw[u, t, k] == pytest.approx(799410 / 955) and base.status[u, t, k] == "A"
    assert registered.raw[u, t, k] == pytest.approx(799410 / 739) and registered.status[u, t, k] == "I"  # printed for 2022 only
    assert shipped_scenarios("somebodys-own") == {}
