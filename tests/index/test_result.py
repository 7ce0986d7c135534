from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import UsageError
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index, summary
from tidu.indicators.panel import Panel

NAN = np.nan
TEXT = """
[index]
code = "d"
title = { zh = "示例", en = "Demo" }
bands = [0.25, 0.5]
[impute]
method = "median"
[aggregate]
missing = "skip"
[treat]
method = "winsorise"
[normalise]
over = "year"
[pillar.p]
label = { zh = "支柱", en = "Pillar" }
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "lower"
label = { en = "Days <needed>" }
"""
UNITS = tuple("stuvwxyz")
A = [1.0, 1, 2, 2, 3, 3, NAN, 90]
B = [8.0, 7, 6, 5, 4, 3, 2, 2]


@pytest.fixture(scope="module")
def panel() -> Panel:
    values = np.array([[A, B], [B, A]]).transpose(2, 0, 1)  # units, years, columns
    letters = np.where(np.isnan(values), "O", "A")
    letters[0, 1, 0] = "E"
    return Panel.of(
        UNITS,
        ["2021", "2022"],
        ["a", "b"],
        values,
        status=letters,
        names={"z": {"zh": "丙", "en": "Zed"}, "s": {"en": "Ess <b>"}},
        groups={"r": tuple("eewweeww")},
    )


@pytest.fixture(scope="module")
def index(panel: Panel) -> Index:
    return build(Framework.parse(TEXT), panel)


def test_scores_and_ranks_by_node_and_year(index: Index) -> None:
    # 2021: a winsorised to 1 1 2 2 3 3 (2, filled) 3; b 8 … 2 turned. z: a 100, b 100.
    assert index.score(period=2021)["z"] == pytest.approx(100)
    assert index.score("a", "2021")["x"] == pytest.approx(100)
    assert index.score("b", "2021")["s"] == pytest.approx(0)
    assert index.rank("b", 2021) == {"s": 8, "t": 7, "u": 6, "v": 5, "w": 4, "x": 3, "y": 1, "z": 1}
    assert index.rank("a", 2021) == {"s": 7, "t": 7, "u": 4, "v": 4, "w": 1, "x": 1, "y": 4, "z": 1}
    assert index.score() == index.score("d", "2022")
    assert index.period() == 1


def test_years_and_nodes_that_are_not_there(index: Index) -> None:
    for call, code in (
        (lambda: index.score(period="2019"), "unknown_period"),
        (lambda: index.score("pp"), "unknown_node"),
        (lambda: index.ranks_within("region"), "unknown_group"),
        (lambda: index.frame("score"), "unknown_table"),
        (lambda: index.unit_table("Zedd"), "unknown_unit"),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.code == code


def test_the_first_come_with_rank_and_score(index: Index) -> None:
    first = index.top(3, 2021)
    assert [(unit, rank) for unit, rank, _ in first] == [("z", 1), ("x", 2), ("w", 3)]
    assert len(index.top(None, 2021)) == 8
    assert index.top(1, 2021, "b") == [("y", 1, 100.0)]


def test_classes_by_shares_from_the_top(index: Index) -> None:
    # Of eight the first quarter is two, the first half four.
    ranks, bands = index.rank(period=2021), index.bands(2021)
    assert {unit: 1 if rank <= 2 else 2 if rank <= 4 else 3 for unit, rank in ranks.items()} == bands  # type: ignore[operator]
    assert sorted(bands.values()) == [1, 1, 2, 2, 3, 3, 3, 3]


def test_ranks_within_a_group(index: Index) -> None:
    inside = index.ranks_within("r", 2021)
    order = [unit for unit, _, _ in index.top(None, 2021)]
    for group in ("e", "w"):
        members = [unit for unit in order if index.panel.groups["r"][UNITS.index(unit)] == group]
        assert [inside[unit] for unit in members] == [1, 2, 3, 4]


def test_the_status_letter_of_every_figure(index: Index) -> None:
    assert index.status[6, 0, 0] == "I"
    assert index.status[0, 1, 0] == "E"
    assert (index.status[:6, 0] == "A").all()


def test_every_changed_cell_is_named_with_its_reason(index: Index) -> None:
    changes = {(change.unit, change.period, change.indicator): change for change in index.changes()}
    assert set(changes) == {("y", "2021", "a"), ("y", "2022", "b"), ("z", "2021", "a"), ("z", "2022", "b")}
    filled, drawn = changes["y", "2021", "a"], changes["z", "2021", "a"]
    assert (filled.step, filled.reason, filled.after) == ("impute", "median", 2.0)
    assert np.isnan(filled.before)
    assert (drawn.step, drawn.reason, drawn.before, drawn.after) == ("treat", "winsorise high", 90.0, 3.0)
    assert index.treatment(2021) == {"a": "winsorise", "b": "none"}
    assert index.treatment(2022) == {"a": "none", "b": "winsorise"}


def test_the_sheet_of_a_unit_from_the_root_down(index: Index) -> None:
    rows = index.unit_table("Zed", 2021)
    assert [row["code"] for row in rows] == ["d", "p", "a", "b"]
    assert (rows[1]["label_zh"], rows[1]["label_en"]) == ("支柱", "Pillar")
    assert (rows[2]["value"], rows[2]["status"], rows[2]["rank"]) == (90.0, "A", 1)
    assert "value" not in rows[0]


def test_strengths_and_weaknesses_by_rank_on_the_raw_figures() -> None:
    codes = "abcde"
    text = "[index]\ncode='top'\n" + "".join(f"[indicator.{c}]\nbetter='{'lower' if c == 'b' else 'higher'}'\n" for c in codes)
    #         a  b  c  d  e      u0: a 1st, b 2nd, c shares the worst place, d worst alone, e 3rd
    rows = [[9.0, 2, 0, 1, 5], [5, 1, 7, 2, 6], [4, 9, 0, 3, 7], [3, 8, 5, 4, 1]]
    panel = Panel.of(["u0", "u1", "u2", "u3"], ["2021"], list(codes), np.array(rows)[:, None, :])
    index = build(Framework.parse(text), panel)
    best, worst = index.strengths_and_weaknesses("u0", 2)
    assert [(row["code"], row["rank"], row["value"]) for row in best] == [("a", 1, 9.0), ("b", 2, 2.0)]
    assert [(row["code"], row["rank"]) for row in worst] == [("d", 4), ("e", 3)]


def test_who_is_counted_in_each_year(index: Index) -> None:
    first, second = index.coverage()
    assert first == {
        "period": "2021",
        "listed": 8,
        "with_data": 8,
        "screened_out": 0,
        "p": 8,
        "scored": 8,
        "indicators": 2,
        "filled_cells": 1,
    }
    assert second["filled_cells"] == 1


def test_what_a_run_says_of_itself(index: Index) -> None:
    assert summary(index)["first"]["2021"] == ["z", "x", "w"]  # type: ignore[index]
    assert repr(index).splitlines()[0] == "Index d: 8 units, 2021, 2022, 2 indicators"
    assert "1 Zed 100.00" in repr(index)


def test_the_table_of_a_notebook_escapes_what_the_data_say(index: Index) -> None:
    html = index._repr_html_()
    assert "Ess &lt;b&gt;" in html
    assert "<b>" not in html
    assert "Pillar" in html


# --- tables in the caller's kind ----------------------------------------------------------------------------------


def test_a_table_as_plain_lists(index: Index) -> None:
    frame = index.frame()
    assert list(frame) == ["unit", "period", "a", "b", "p", "d"]
    assert frame["unit"][:4] == ["s", "s", "t", "t"]
    assert frame["period"][:4] == ["2021", "2022", "2021", "2022"]
    assert frame["d"][0] == index.score(period=2021)["s"]
    assert list(index.frame("raw")) == ["unit", "period", "a", "b"]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
@pytest.mark.parametrize("what", ["scores", "ranks", "raw", "imputed", "treated", "normalised"])
def test_a_table_in_the_kind_that_is_asked_for(index: Index, kind: str, what: str) -> None:
    import narwhals as nw

    frame = nw.from_native(index.frame(what, like=kind))
    plain = index.frame(what, like="dict")
    assert str(frame.implementation) == kind
    assert frame.columns == list(plain)
    for column in frame.columns[2:]:
        assert np.array(frame[column].to_list(), dtype=float) == pytest.approx(np.array(plain[column]), nan_ok=True)
