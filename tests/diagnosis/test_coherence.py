"""What an auditor asks: by hand, against plain formulas, and under permutation."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import MethodError, UsageError
from tidu.core.stats import rank_high
from tidu.diagnosis import coherence
from tidu.diagnosis.coherence import (
    LIMITS,
    Finding,
    audit,
    balance,
    correlation_ratio,
    correlations,
    cronbach,
    describe,
    importance,
    imputation_audit,
    indicator_statistics,
    links,
    p_value,
    principal_components,
    rank_reversal,
    reliability,
    removal_scores,
    remove_each,
    rows,
    sampling_adequacy,
    sentences,
    smooth,
    sphericity,
    without,
)
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

RNG = np.random.default_rng(11)
SPEC = """
[index]
code = "d"
title = { zh = "甲", en = "D" }
[pillar.p]
weight = 2
[pillar.q]
[pillar.s]
[indicator.a]
parent = "p"
better = "higher"
weight = 3
[indicator.b]
parent = "p"
better = "lower"
[indicator.c]
parent = "p"
better = "higher"
[indicator.e]
parent = "q"
better = "higher"
[indicator.f]
parent = "q"
better = "higher"
[indicator.g]
parent = "s"
better = "higher"
"""
CODES = ("a", "b", "c", "e", "f", "g")


def figures(units: int = 30, periods: int = 2, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(units, periods, 1))
    x = common * [1, -1, 1, 1, 0.2, 0.5] + rng.normal(size=(units, periods, 6))
    return np.asarray(x + 10)


def made(values: np.ndarray | None = None, changes: tuple[str, ...] = ()) -> Index:
    x = figures() if values is None else values
    panel = Panel.of(
        [f"u{k:02}" for k in range(x.shape[0])], [str(2020 + t) for t in range(x.shape[1])], CODES, x, groups={}, names={}
    )
    return build(Framework.parse(SPEC).put(*changes), panel)


@pytest.fixture(scope="module")
def index() -> Index:
    return made()


# --- on arrays ----------------------------------------------------------------------------------------------------


def test_statistics_by_hand() -> None:
    found = describe(np.array([[0.0, 5.0], [1.0, np.nan], [1.0, 5.0], [6.0, 5.0]]))
    assert found["mean"].tolist() == [2.0, 5.0]
    assert found["median"].tolist() == [1.0, 5.0]
    assert found["sd"][0] == pytest.approx(np.std([0, 1, 1, 6], ddof=1))
    assert (found["seen"].tolist(), found["nonzero"].tolist()) == ([4, 3], [3, 3])
    assert (found["unique"].tolist(), found["same"].tolist()) == ([3, 1], [2, 3])
    assert found["availability"].tolist() == [1.0, 0.75]
    assert np.isnan(found["skew"][1])


def test_a_column_without_figures_is_described_by_counts_only() -> None:
    found = describe(np.full((3, 1), np.nan))
    assert found["availability"][0] == found["unique"][0] == 0
    assert all(np.isnan(found[name][0]) for name in ("mean", "median", "low", "share_nonzero"))


def test_p_values_are_those_of_students_t() -> None:
    from scipy import stats

    x, y = RNG.normal(size=(2, 17))
    r, p = stats.pearsonr(x, y)
    assert p_value(np.array([r]), np.array([17]))[0] == pytest.approx(p, rel=1e-10)
    assert np.isnan(p_value(np.array([0.5]), np.array([2]))[0])


def test_kmo_of_an_identity_and_of_a_singular_matrix() -> None:
    assert np.isnan(sampling_adequacy(np.eye(3))[0])
    assert np.isnan(sampling_adequacy(np.ones((3, 3)))[0])
    r = np.array([[1, 0.5, 0.3], [0.5, 1, 0.2], [0.3, 0.2, 1]])
    inverse = np.linalg.inv(r)
    partial = [-inverse[i, j] / np.sqrt(inverse[i, i] * inverse[j, j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    plain = 0.25 + 0.09 + 0.04
    assert sampling_adequacy(r)[0] == pytest.approx(plain / (plain + np.sum(np.square(partial))))


def test_bartlett_by_hand_and_on_collinear_columns() -> None:
    from scipy import stats

    r = np.array([[1, 0.4], [0.4, 1]])
    chi2, free, p = sphericity(r, 25)
    assert chi2 == pytest.approx(-(24 - 9 / 6) * np.log(0.84))
    assert (free, p) == (1, pytest.approx(stats.chi2.sf(chi2, 1)))
    assert sphericity(np.ones((2, 2)), 25) == (np.inf, 1, 0.0)


def test_alpha_of_parallel_columns_is_one_and_of_opposed_ones_missing_or_negative() -> None:
    x = RNG.normal(size=(40, 1))
    assert cronbach(np.hstack([x, x, x])) == pytest.approx(1.0)
    assert np.isnan(cronbach(x))
    assert cronbach(np.hstack([x, -x + 0.1 * RNG.normal(size=(40, 1))])) < 0


def test_a_straight_line_is_smoothed_to_itself_and_a_curve_is_found() -> None:
    x = np.sort(RNG.uniform(-2, 2, 200))
    assert np.abs(smooth(x, 4 - 2 * x) - (4 - 2 * x)).max() < 1e-10
    y = x**2 + 0.1 * RNG.normal(size=200)
    assert correlation_ratio(x, y) > 0.97
    assert correlation_ratio(x, RNG.normal(size=200)) < 0.15


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 60))
def test_the_correlation_ratio_is_never_below_r2_nor_above_one(seed: int, n: int) -> None:
    x, e = np.random.default_rng(seed).normal(size=(2, n))
    y = x + e
    found = correlation_ratio(x, y)
    assert np.corrcoef(x, y)[0, 1] ** 2 - 1e-9 <= found <= 1.0
    assert correlation_ratio(3 * x - 7, 2 * y + 1) == pytest.approx(found, abs=1e-7)
    order = np.random.default_rng(seed).permutation(n)
    assert correlation_ratio(x[order], y[order]) == pytest.approx(found, abs=1e-9)


# --- around an index ----------------------------------------------------------------------------------------------


def test_rows_of_one_period_or_of_all(index: Index) -> None:
    assert rows(index, "2020").shape == (30, 10)
    assert rows(index, "*", "raw").shape == (60, 6)
    assert np.array_equal(rows(index), index.scores[:, 1])
    with pytest.raises(UsageError) as caught:
        rows(index, table="scroes")
    assert caught.value.code == "unknown_table"


def test_flags_follow_the_limits() -> None:
    x = figures(units=20, periods=1)
    x[:14, 0, 0] = 0.0  # mostly zero and few values
    x[:9, 0, 1] = np.nan
    x[0, 0, 2] = 1e4
    found = {item.code: item.flags for item in indicator_statistics(made(x, ("aggregate.missing=skip",)))}
    assert found["a"] == ("nonzero", "unique")
    assert found["b"][0] == "availability"
    assert found["c"] == ("outliers",)
    assert found["e"] == ()
    loose = indicator_statistics(made(x, ("aggregate.missing=skip",)), limits={**LIMITS, "availability": 0.5})
    assert "availability" not in loose[1].flags


def test_links_have_their_kinds_and_flags() -> None:
    x = figures(units=60, periods=1)
    x[:, 0, 4] = 20 - x[:, 0, 3] + 0.01 * RNG.normal(size=60)  # f against e
    x[:, 0, 2] = x[:, 0, 0] + 0.01 * RNG.normal(size=60)  # c is a again
    found = {(link.node, link.other): link for link in links(made(x))}
    assert found["a", "c"].flag == "redundant" and found["a", "c"].kind == "inside"
    assert found["e", "f"].flag == "redundant"  # |r| is what is looked at first
    assert found["a", "e"].kind == "across" and found["a", "e"].flag is None
    assert found["a", "p"].kind == "parent" and found["a", "d"].kind == "ancestor"
    assert found["p", "q"].kind == "inside"
    assert found["a", "p"].n == 60 and found["a", "p"].p < 1e-6


def test_correlations_of_chosen_nodes(index: Index) -> None:
    ours = correlations(index, ["a", "p"], ["d"], "*")
    for row, code in zip(ours, ("a", "p"), strict=True):
        x = rows(index, "*")
        k = index.framework.node(code).place
        assert row[0] == pytest.approx(np.corrcoef(x[:, k], x[:, -1])[0, 1])


def test_components_hang_together(index: Index) -> None:
    found = principal_components(index, "p", "*")
    assert found.children == ("a", "b", "c") and found.n == 60
    assert found.eigenvalues.sum() == pytest.approx(3.0)
    assert found.loadings @ found.loadings.T == pytest.approx(correlations(index, ("a", "b", "c"), None, "*"))
    assert np.all(np.sum(found.rotated**2, axis=1) <= 1 + 1e-9)
    assert 0.5 < found.kmo < 1 and found.bartlett[1] == 3
    two = principal_components(index, "p", "*", factors=2)
    assert np.sum(two.rotated**2, axis=1) == pytest.approx(np.sum(found.loadings[:, :2] ** 2, axis=1))


def test_a_node_with_one_child_and_too_few_rows_are_refused(index: Index) -> None:
    with pytest.raises(MethodError) as caught:
        principal_components(index, "s")
    assert (caught.value.code, caught.value.address) == ("coherence_few", "pillar.s")
    x = figures(units=4, periods=1)
    x[:2, 0, 0] = np.nan
    with pytest.raises(MethodError) as caught:
        reliability(made(x), "p")
    assert caught.value.values["what"] == "rows"
    with pytest.raises(UsageError):
        reliability(index, "zz")


def test_alpha_when_a_child_is_left_out(index: Index) -> None:
    found = reliability(index, "p", "*")
    x = rows(index, "*")[:, [0, 1, 2]]
    assert found.alpha == pytest.approx(cronbach(x))
    assert found.without["b"] == pytest.approx(cronbach(x[:, [0, 2]]))
    assert reliability(index, of="indicators").children == CODES


def test_weights_are_set_against_importance(index: Index) -> None:
    found = {(item.parent, item.node): item for item in importance(index, None, "*")}
    assert {key[1] for key in found if key[0] == "p"} == {"a", "b", "c"}
    assert found["p", "a"].weight == pytest.approx(0.6)
    for parent in ("d", "p", "q"):
        inside = [item for (name, _), item in found.items() if name == parent]
        assert sum(item.share_main for item in inside) == pytest.approx(1.0)
        assert sum(item.share_r2 for item in inside) == pytest.approx(1.0)
        assert all(item.main >= item.r2 - 1e-9 for item in inside)
    assert found["s", "g"].main == pytest.approx(1.0)  # an only child is its parent


def test_a_wide_child_rules_its_parent() -> None:
    x = figures(units=80, periods=1)
    changes = ("normalise.method=none", "indicator.b.better=higher", "indicator.a.weight=1")
    x[:, 0, 0] = 50 * RNG.normal(size=80)
    index = made(x, changes)
    found = {item.node: item for item in importance(index, "p")}
    assert found["a"].ratio > 1.5 and found["a"].main > 0.95
    even = balance(index, "p")
    assert even.widest == "a" and even.spread > 10


# --- taking away --------------------------------------------------------------------------------------------------


def test_algebra_is_the_rebuild(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = (*CODES, "p", "q", "s", "d")
    quick = removal_scores(index, nodes)
    monkeypatch.setattr(coherence, "_linear", lambda *_: False)
    assert quick == pytest.approx(removal_scores(index, nodes), nan_ok=True, abs=1e-9)
    assert np.isnan(quick[:, -1]).all()  # nothing is left without the root


def test_an_only_child_takes_its_parent_with_it(index: Index) -> None:
    both = removal_scores(index, ["g", "s"])
    assert both[:, 0] == pytest.approx(both[:, 1])


def test_rank_shifts_by_hand(index: Index) -> None:
    found = remove_each(index, ["a"])[0]
    after = build(without(index.framework, ["a"]) or index.framework, index.panel)
    shift = np.abs(rank_high(after.scores[:, 1, -1]) - index.ranks[:, 1, -1])
    assert found.mean_shift == pytest.approx(shift.mean())
    assert found.largest_shift == shift.max() and found.scored == 30
    assert shift[index.units.index(found.unit)] == shift.max()
    assert remove_each(index, ["d"])[0].scored == 0


def test_other_joins_and_holes_are_built_again() -> None:
    index = made(None, ("normalise.onto=[1, 100]", "aggregate.method=geometric"))
    after = build(without(index.framework, ["b"]) or index.framework, index.panel)
    assert removal_scores(index, ["b"])[:, 0] == pytest.approx(after.scores[:, 1, -1])
    x = figures()
    x[0, 1, 0] = np.nan
    index = made(x, ("aggregate.missing=skip",))
    after = build(without(index.framework, ["b"]) or index.framework, index.panel)
    assert removal_scores(index, ["b"])[:, 0] == pytest.approx(after.scores[:, 1, -1])


def test_sixty_indicators_are_left_out_in_a_moment() -> None:
    codes = [f"i{k:02}" for k in range(60)]
    spec = {
        "index": {"code": "d"},
        "pillar": {f"p{k}": {} for k in range(6)},
        "indicator": {code: {"better": "higher", "parent": f"p{k // 10}"} for k, code in enumerate(codes)},
    }
    panel = Panel.of([f"u{k}" for k in range(300)], ["2023"], codes, RNG.normal(size=(300, 1, 60)))
    index = build(Framework.of(spec), panel)
    remove_each(index)
    times = []
    for _ in range(5):
        start = time.process_time()
        remove_each(index)
        times.append(time.process_time() - start)
    assert min(times) < 0.02


def test_dropping_a_unit_that_sets_no_bound_reverses_nothing() -> None:
    x = figures(units=12, periods=1)
    x[0], x[1], x[2] = 0.0, 30.0, 10.0  # the ends belong to the first two, whatever the direction
    index = made(x)
    found = rank_reversal(index, ["u02"])
    assert (found.dropped, found.reversed, found.moved) == (("u02",), 0, {})
    assert found.pairs == 11 * 10 // 2


def test_dropping_the_worst_can_turn_others_round() -> None:
    spec = "[index]\ncode='d'\n[indicator.a]\nbetter='higher'\n[indicator.b]\nbetter='higher'\n"
    spec += "[universe.some]\nmembers=['x','y','z']\n[screen]\nforce_in=['z']\n"
    #              a: 0–10 with z, 8–10 without it; b: 0–10 always
    panel = Panel.of(["x", "y", "z", "v"], ["2023"], ["a", "b"], [[[8, 7]], [[10, 4]], [[0, 0]], [[9, 10]]])
    found = rank_reversal(build(Framework.parse(spec), panel))
    assert found.dropped == ("z",)
    assert (found.pairs, found.reversed) == (3, 1)
    assert found.moved == {"x": (2, 3), "y": (3, 2)}


# --- imputation ---------------------------------------------------------------------------------------------------


def test_known_cells_are_hidden_by_the_seed_and_filled_again() -> None:
    index = made(figures(units=40, periods=3))
    first, again = imputation_audit(index, seed=5), imputation_audit(index, seed=5)
    assert repr(first) == repr(again) != repr(imputation_audit(index, seed=6))
    table = {(item.method, item.indicator): item for item in first}
    assert {item.method for item in first} >= {"mean", "median", "regression", "nearest", "em", "linear_or_constant"}
    assert all(table["mean", code].hidden == 12 == table["mean", code].filled for code in CODES)
    assert 0.6 < np.mean([table["mean", code].relative for code in CODES]) < 1.4


def test_a_copy_of_a_sibling_is_filled_best_by_regression() -> None:
    x = figures(units=50, periods=1)
    x[:, 0, 2] = 2 * x[:, 0, 0] + 1
    table = {(item.method, item.indicator): item for item in imputation_audit(made(x), seed=1)}
    assert table["regression", "c"].relative < 0.2 < table["mean", "c"].relative


def test_a_method_that_refuses_is_told_with_its_code() -> None:
    found = imputation_audit(made(), {"group_mean": {"by": "region"}})
    assert {item.refused for item in found} == {"unknown_group"}
    assert all(item.filled == 0 and np.isnan(item.rmse) for item in found)


# --- the audit ----------------------------------------------------------------------------------------------------


def test_an_audit_finds_what_was_put_in() -> None:
    x = figures(units=60, periods=1)
    x[:, 0, 2] = x[:, 0, 0]  # redundant
    x[:, 0, 4] = 20 - x[:, 0, 3] + 0.3 * RNG.normal(size=60)  # opposed
    x[0, 0, 5] = 1e5  # outlier
    found = audit(made(x))
    codes = {(item.code, item.address) for item in found}
    assert ("redundant", "indicator.a") in codes
    assert ("alpha_negative", "pillar.q") in codes
    assert ("outliers", "indicator.g") in codes
    order = {"fault": 0, "warning": 1, "note": 2}
    assert [order[item.severity] for item in found] == sorted(order[item.severity] for item in found)
    assert found == audit(made(x))


def test_an_audit_of_all_periods_and_of_filled_figures() -> None:
    x = figures(units=40, periods=2)
    x[:, :, 2] = 2 * x[:, :, 0]
    x[3, 0, 2] = np.nan
    index = made(x, ("impute.method=mean",))
    found = {(item.code, item.address): item for item in audit(index, "*")}
    worse = found["fill_worse", "indicator.c"]
    assert worse.numbers["method"] == "mean" and worse.numbers["best"] in ("regression", "nearest", "em", "row_mean")
    assert "leans_on_one" not in {code for code, _ in found}
    assert "fill_worse" not in {item.code for item in audit(index, "*", refill=False)}


def test_limits_are_the_callers_and_checked(index: Index) -> None:
    strict = {item.code for item in audit(index, limits={"weak": 1.1, "shift": 0.0}, refill=False)}
    assert {"weak_in_parent", "leans_on_one"} <= strict
    with pytest.raises(UsageError) as caught:
        audit(index, limits={"weka": 1})
    assert (caught.value.code, caught.value.did_you_mean) == ("unknown_limit", "weak")


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-core-audited", "city-ip-full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_finding_on_the_shipped_indices_reads_well(name: str, lang: str) -> None:
    index = SHIPPED.setdefault(name, app.make(name))
    for item in audit(index, limits={"shift": 0.0, "weak": 0.9, "kmo": 0.99, "alpha": 0.99, "importance": 1.01, "spread": 1.01}):
        text = item.text("zh" if lang == "zh" else "en")
        assert "{" not in text and not re.search(r"\bnan\b", text)
        assert text.startswith(index.framework.label(item.address.partition(".")[2] or index.framework.code, lang))


SHIPPED: dict[str, Index] = {}


def test_findings_have_both_languages_and_are_used() -> None:
    source = Path(coherence.__file__).read_text(encoding="utf-8")
    for code, entry in sentences().items():
        assert set(entry) == {"what", "mend"}, code
        assert f'"{code}"' in source, f"{code} is never found"
        for part in ("what", "mend"):
            assert set(entry[part]) == {"zh", "en"} and all(text.strip() for text in entry[part].values()), code
            named = [set(re.findall(r"{(\w+)", entry[part][lang])) for lang in ("zh", "en")]
            assert named[0] == named[1], code
        assert re.search(r"[\u4e00-\u9fff]", entry["what"]["zh"]) and not re.search(r"[\u4e00-\u9fff]", entry["what"]["en"])
    used = set(re.findall(r'_finding\(\s*index, "(\w+)"', source))
    assert used == set(sentences())


def test_a_finding_without_names_says_its_address() -> None:
    one = Finding("zeros", "warning", "indicator.x", {"share": 60.0})
    assert one.text("en").startswith("indicator.x: 60% of the figures are zero.")
    assert one.text("zh").startswith("indicator.x：60% 的数据为零。")


# --- permutations -------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_units_and_indicators_changes_nothing(seed: int) -> None:
    x = figures(units=12, periods=1, seed=seed)
    rng = np.random.default_rng(seed)
    units, codes = rng.permutation(12), rng.permutation(6)
    first = made(x)
    spec = dict(Framework.parse(SPEC).spec)
    spec["indicator"] = {CODES[k]: spec["indicator"][CODES[k]] for k in codes}
    names = [f"u{k:02}" for k in units]
    second = build(Framework.of(spec), Panel.of(names, ["2020"], [CODES[k] for k in codes], x[units][:, :, codes]))
    for node in ("p", "q", "d"):
        assert reliability(first, node).alpha == pytest.approx(reliability(second, node).alpha, rel=1e-9)
        ours, theirs = principal_components(first, node), principal_components(second, node)
        assert ours.eigenvalues == pytest.approx(theirs.eigenvalues, abs=1e-9)
    ours = {(item.parent, item.node): item.main for item in importance(first)}
    assert ours == pytest.approx({(item.parent, item.node): item.main for item in importance(second)}, abs=1e-7)
    shifts = {item.node: item.mean_shift for item in remove_each(first)}
    assert shifts == pytest.approx({item.node: item.mean_shift for item in remove_each(second)})
