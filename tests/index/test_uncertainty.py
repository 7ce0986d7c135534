from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, TiduError, UsageError
from tidu.core.stats import rank_high
from tidu.index.bench import reweighted
from tidu.index.build import build
from tidu.index.factors import space
from tidu.index.framework import Framework
from tidu.index.uncertainty import Uncertainty, rank_quantiles, replay, uncertainty
from tidu.indicators.panel import Panel

TREE = """
[index]
code = "demo"
[normalise]
onto = [1, 100]
[pillar.p]
[pillar.q]
weight = 2
[pillar.r]
parent = "q"
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "lower"
weight = 3
[indicator.c]
parent = "r"
better = "higher"
[indicator.d]
parent = "r"
better = "higher"
[indicator.e]
parent = "q"
better = "higher"
"""
RNG = np.random.default_rng(4)
UNITS = [f"u{k}" for k in range(9)]
PANEL = Panel.of(UNITS, ["2021", "2022"], list("abcde"), RNG.lognormal(size=(9, 2, 5)))
HOLES = Panel.of(UNITS, PANEL.periods, PANEL.columns, np.where(RNG.random((9, 2, 5)) < 0.12, np.nan, PANEL.values))
WEIGHTS = "[uncertain.w]\naddress = 'pillar.*.weight'\nspread = 0.5\n[uncertain.v]\naddress = 'indicator.*.weight'\nspread = 1\n"
CHOICE = "[uncertain.t]\naddress = 'treat.method'\namong = ['none', 'signed_log']\n"
DROP = "[uncertain.x]\ndrop = 'indicator.*'\n"


def framework(more: str = "", *changes: str) -> Framework:
    return Framework.parse(TREE + more).put(*changes)


def by_build(found: Uncertainty, cube: np.ndarray | None = None) -> np.ndarray:
    """The scores at every point by a full build of its own, with the weights written into the file."""
    out = []
    for at, levels in enumerate(found.levels):
        variant = found.space.variant(levels.tolist())
        base = np.array([variant.nodes[code].weight for code in found.space.framework.nodes])
        row = found.space.weights(base, levels[None, :], None if cube is None else cube[at : at + 1])[0]
        given = dict(zip(found.space.framework.nodes, row.tolist(), strict=True))
        index = build(reweighted(variant, given), found.space.figures(levels.tolist()))
        out.append(index.scores[:, :, index.framework.node(found.node).place])
    return np.stack(out).transpose(2, 0, 1)


# --- the short ways give what a full build gives --------------------------------------------------------------------


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
@pytest.mark.parametrize("missing", ["require", "skip"])
def test_a_left_out_indicator_is_one_without_weight(mean: str, missing: str) -> None:
    index = framework(DROP, f"aggregate.missing={missing}", f"pillar.q.aggregate.method={mean}")
    found = uncertainty(index, HOLES)
    wanted = by_build(found)
    assert np.array_equal(np.isnan(found.scores), np.isnan(wanted))
    assert found.scores == pytest.approx(wanted, rel=1e-11, nan_ok=True)


def test_a_node_inside_the_tree_is_looked_at_by_itself() -> None:
    found = uncertainty(framework(CHOICE + DROP.replace("indicator.*", "indicator.e")), PANEL, node="q")
    assert found.node == "q"
    assert found.scores == pytest.approx(by_build(found), rel=1e-12)


def test_dropping_the_only_child_drops_its_parent() -> None:
    lone = "[pillar.s]\n[indicator.f]\nparent = 's'\nof = 'a'\nbetter = 'higher'\n"
    text = "[uncertain.x]\ndrop = 'indicator.f'\nkeep = false\n"
    found = uncertainty(Framework.parse(TREE + lone + text), PANEL)
    without = build(Framework.parse(TREE), PANEL)
    assert pytest.approx(without.scores[:, :, -1], rel=1e-12) == found.scores[:, 0].T
    other = uncertainty(Framework.parse(TREE + lone + text).put("index.aggregate.method=median"), PANEL)
    assert pytest.approx(build(framework("", "index.aggregate.method=median"), PANEL).scores[:, :, -1]) == other.scores[:, 0].T


@pytest.mark.parametrize("change", ["aggregate.method=arithmetic", "aggregate.method=median"])
def test_dropping_everything_is_refused(change: str) -> None:
    text = "[uncertain.x]\ndrop = 'pillar.p'\n[uncertain.y]\ndrop = 'pillar.q'\n"
    with pytest.raises(UsageError) as caught:
        uncertainty(framework(text, change), PANEL)
    assert caught.value.code == "factor_drops_all"


# --- zero under a geometric mean is told by the figures ------------------------------------------------------------------

ZERO = "[uncertain.n]\namong = [{ changes = ['normalise.onto=[1, 100]'] }, { changes = ['normalise.onto=[0, 100]'] }]\n"
MEAN = "[uncertain.m]\naddress = 'aggregate.method'\namong = ['arithmetic', 'geometric']\n"


def test_a_zero_is_refused_with_the_cell_and_the_alternatives() -> None:
    with pytest.raises(MethodError) as caught:
        uncertainty(framework(ZERO + MEAN), PANEL)
    assert caught.value.code == "aggregate_not_positive"
    assert caught.value.values["value"] == 0.0 and caught.value.values["unit"] in UNITS
    assert "m = geometric" in str(caught.value.address) and "onto=[0, 100]" in str(caught.value.address)


def test_a_z_score_that_stays_above_zero_may_stand_under_a_geometric_mean() -> None:
    text = (
        "[uncertain.n]\namong = [{ changes = ['normalise.method=z_score', 'normalise.mean=10', 'normalise.sd=2'] }]\nkeep = true\n"
    )
    found = uncertainty(framework(text + MEAN), PANEL)
    assert (found.draws, bool(np.isfinite(found.scores).all())) == (4, True)
    with pytest.raises(MethodError):
        uncertainty(framework(text.replace("=10", "=1") + MEAN), PANEL)


# --- the dry run ----------------------------------------------------------------------------------------------------------


def test_a_factor_that_changes_nothing_is_named_and_not_left_out() -> None:
    idle = "[uncertain.idle]\naddress = 'normalise.truncate'\namong = [false, true]\n"
    found = uncertainty(framework(CHOICE + idle), PANEL)
    assert found.idle == ("idle",)
    assert found.draws == 4
    works, nothing = found.effects
    assert works.works and works.score > 0 and works.rank >= 1 and works.tried == 2
    assert (nothing.works, nothing.score, nothing.rank) == (False, 0.0, 0)


# --- the result -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> Uncertainty:
    return uncertainty(framework(CHOICE + DROP + "[uncertain.w]\naddress = 'pillar.*.weight'\nspread = 0.3\ndraws = 7\n"), PANEL)


def test_a_finite_space_is_enumerated(found: Uncertainty) -> None:
    assert (found.exact, found.draws) == (True, 2 * 6 * 7)
    assert found.scores == pytest.approx(by_build(found), rel=1e-11)


def test_ranks_are_those_of_the_house(found: Uncertainty) -> None:
    for t in range(2):
        assert np.array_equal(found.ranks[t].T, rank_high(found.scores[t].T))
    assert np.array_equal(found.nominal_ranks, rank_high(found.nominal_scores))


def test_statistics_of_ranks_are_those_of_the_ranks(found: Uncertainty) -> None:
    for period, ranks in zip(found.periods, found.ranks, strict=True):
        assert found.mean_rank(period) == pytest.approx(ranks.mean(axis=0))
        for q in (0.0, 0.05, 0.31, 0.5, 0.95, 1.0):
            assert found.rank_quantile(q, period) == pytest.approx(np.quantile(ranks, q, axis=0))
        assert found.top(3, period) == pytest.approx((ranks <= 3).mean(axis=0))
        shares = found.acceptability(period)
        assert shares.sum(axis=1) == pytest.approx(np.ones(9))
        best, worst = found.interval(1.0, period)
        assert best.tolist() == ranks.min(axis=0).tolist() and worst.tolist() == ranks.max(axis=0).tolist()
    assert found.score_quantile([0.1, 0.5])[1] == pytest.approx(np.median(found.scores[1], axis=0))
    assert found.shift() == pytest.approx(np.abs(found.ranks - found.nominal_ranks.T[:, None, :]).mean(axis=2))


def test_a_wider_level_gives_a_wider_interval(found: Uncertainty) -> None:
    narrow, wide = found.interval(0.5), found.interval(0.9)
    assert (wide[0] <= narrow[0]).all() and (narrow[1] <= wide[1]).all()


def test_tie_groups_hold_every_unit_once_and_part_where_the_evidence_decides(found: Uncertainty) -> None:
    groups = found.tie_groups(level=0.9)
    assert sorted(unit for group in groups for unit in group) == sorted(UNITS)
    for one, two in pairwise(groups):
        assert found.above(one[0], two[0]) >= 0.9
    for group in groups:
        assert all(found.above(group[0], unit) < 0.9 for unit in group[1:])
    assert len(found.tie_groups(level=0.5000001)) >= len(groups)


def made_of(ranks: list[list[int]]) -> Uncertainty:
    """A result with given ranks, (draws, units)."""
    scores = -np.array(ranks, dtype=float)[None]
    units = tuple(UNITS[: scores.shape[2]])
    panel = Panel.of(units, ["2022"], ["a"], np.zeros((len(units), 1, 1)))
    index = Framework.parse(
        '[index]\ncode="d"\n[indicator.a]\nbetter="higher"\n[uncertain.x]\naddress="indicator.a.weight"\nspread=0.1'
    )
    levels = np.zeros((scores.shape[1], 1), dtype=np.int64)
    shown = np.ones(len(units), dtype=bool)
    return Uncertainty(space(index, panel), "d", units, ("2022",), shown, scores[0, :1].T, scores, levels, False)


def test_tie_groups_by_hand() -> None:
    ranks = [[1, 2, 3, 4]] * 6 + [[2, 1, 3, 4]] * 3 + [[1, 2, 4, 3]]
    made = made_of(ranks)
    assert made.tie_groups() == (("u0", "u1"), ("u2",), ("u3",))
    assert made.tie_groups(level=0.95) == (("u0", "u1"), ("u2", "u3"))
    assert made.above("u0", "u1") == pytest.approx(0.7)


def test_rows_say_it_all(found: Uncertainty) -> None:
    rows = found.rows("2021", level=0.8, top=2)
    assert [row["mean_rank"] for row in rows] == sorted(row["mean_rank"] for row in rows)
    assert len(rows) == 9
    row = rows[0]
    assert row["best"] <= row["median_rank"] <= row["worst"] and row["score_low"] <= row["score_median"] <= row["score_high"]
    assert row["group"] == 1 and 0 <= row["top_2"] <= 1 and row["rank"] == found.nominal_ranks[UNITS.index(row["unit"]), 0]


def test_units_that_are_not_shown_are_not_ranked() -> None:
    text = "[universe.few]\nmembers = ['u1', 'u4', 'u7']\n" + CHOICE
    made = uncertainty(framework(text, "units.show=few"), PANEL)
    assert (made.ranks[:, :, 1] > 0).all() and not made.ranks[:, :, 0].any()
    assert [row["unit"] for row in made.rows()] and {row["unit"] for row in made.rows()} == {"u1", "u4", "u7"}
    assert np.isnan(made.mean_rank()[0])
    assert sorted(unit for group in made.tie_groups() for unit in group) == ["u1", "u4", "u7"]


def test_units_that_are_not_scored_are_left_out_of_every_statistic() -> None:
    made = uncertainty(framework(CHOICE), HOLES)
    gone = np.isnan(made.nominal_scores[:, 1])
    assert gone.any() and not gone.all()
    assert np.array_equal(np.isnan(made.mean_rank()), gone)
    assert np.array_equal(np.isnan(made.score_quantile(0.5)), gone)
    assert len(made.rows()) == int((~gone).sum())


# --- drawn points -------------------------------------------------------------------------------------------------------------


def test_the_seed_decides_everything() -> None:
    index = framework(CHOICE + WEIGHTS + "[uncertain.e]\naddress = 'data.*.*.*'\nerror = 0.02\ndraws = 4\n")
    one, two = (uncertainty(index, PANEL, draws=64, seed=5) for _ in range(2))
    assert np.array_equal(one.scores, two.scores)
    assert not np.array_equal(one.scores, uncertainty(index, PANEL, draws=64, seed=6).scores)
    assert not one.exact and one.draws == 64


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(9)))
def test_the_order_of_units_changes_nothing(order: list[int]) -> None:
    index = framework(CHOICE + WEIGHTS + "[uncertain.e]\naddress = 'data.*.*.*'\nerror = 0.02\ndraws = 4\n")
    mixed = PANEL.select(units=[UNITS[k] for k in order])
    one, two = uncertainty(index, PANEL, draws=32, seed=5), uncertainty(index, mixed, draws=32, seed=5)
    assert two.scores == pytest.approx(one.scores[:, :, order], rel=1e-12)
    assert np.array_equal(two.ranks, one.ranks[:, :, order])


def test_drawn_points_come_near_to_all_of_them() -> None:
    index = framework(CHOICE + DROP + "[uncertain.w]\naddress = 'pillar.*.weight'\nspread = 0.3\ndraws = 7\n")
    whole = uncertainty(index, PANEL, seed=2)
    drawn = uncertainty(index, PANEL, exact=False, draws=4096, seed=2)
    assert (whole.exact, drawn.exact) == (True, False)
    assert drawn.acceptability() == pytest.approx(whole.acceptability(), abs=0.02)
    assert drawn.mean_rank() == pytest.approx(whole.mean_rank(), abs=0.03)


def test_missing_figures_drawn_one_at_a_time() -> None:
    index = framework("[uncertain.fill]\nimputation = true\ndraws = 6\n", "impute.method=median")
    made = uncertainty(index, HOLES)
    assert (made.draws, made.exact, made.effects[0].works) == (6, True, True)
    assert np.isfinite(made.scores).all()
    seen = ~np.isnan(HOLES.values).any(axis=2)
    assert made.scores.std(axis=1).T[~seen].min() > 0
    assert np.array_equal(made.scores, uncertainty(index, HOLES).scores)


def test_all_years_are_scored_together(found: Uncertainty) -> None:
    assert found.periods == ("2021", "2022")
    assert found.place() == 1 and found.place(2021) == 0
    with pytest.raises(UsageError) as caught:
        found.place(2032)
    assert caught.value.code == "unknown_period"


# --- how a run goes -----------------------------------------------------------------------------------------------------------


def test_progress_is_told_and_what_it_raises_ends_the_run() -> None:
    told: list[tuple[int, int]] = []
    uncertainty(framework(CHOICE + DROP), PANEL, progress=lambda done, count: told.append((done, count)))
    assert told[-1] == (12, 12) and [done for done, _ in told] == sorted(done for done, _ in told)

    def stop(done: int, _: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        uncertainty(framework(CHOICE + DROP), PANEL, progress=stop)


def test_a_space_that_cannot_be_enumerated_is_refused_when_that_is_asked_for() -> None:
    with pytest.raises(UsageError) as caught:
        uncertainty(framework(CHOICE + WEIGHTS), PANEL, exact=True)
    assert (caught.value.code, caught.value.values["names"]) == ("not_enumerable", "w, v")
    with pytest.raises(UsageError) as caught:
        uncertainty(framework(CHOICE + DROP), PANEL, exact=True, limit=11)
    assert caught.value.values["size"] == "12"
    assert not uncertainty(framework(CHOICE + DROP), PANEL, limit=11, draws=8).exact


def test_more_than_memory_holds_is_refused_before_it_is_made() -> None:
    with pytest.raises(UsageError) as caught:
        uncertainty(framework(WEIGHTS), PANEL, draws=2_000_000)
    assert caught.value.code == "uncertain_too_large"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[uncertain.x]\nkeep = true\namong = [{ changes = ['index.years=[2022]'] }]\n", "factor_periods"),
        ("[uncertain.x]\nkeep = true\namong = [{ changes = ['indicator.zz.better=higher'] }]\n", "factor_address"),
    ],
)
def test_alternatives_that_cannot_be_compared_are_refused(text: str, code: str) -> None:
    with pytest.raises(TiduError) as caught:
        uncertainty(framework(text), PANEL)
    assert caught.value.code == code


def test_an_indicator_is_no_node_to_look_at() -> None:
    with pytest.raises(UsageError) as caught:
        uncertainty(framework(CHOICE), PANEL, node="a")
    assert caught.value.code == "factor_leaf"


def test_points_that_are_given_are_replayed() -> None:
    index = framework(CHOICE + DROP + WEIGHTS)
    made = replay(index, PANEL, [{"t": 1, "x": 0}, {"t": 0, "x": 2}])
    assert made.levels.tolist() == [[1, 0], [0, 2]]
    assert made.scores == pytest.approx(by_build(made), rel=1e-12)
    for row, code in (({"t": 2, "x": 0}, "factor_level"), ({"t": 0, "w": 0}, "factor_continuous"), ({"s": 0}, "unknown_factor")):
        with pytest.raises(UsageError) as caught:
            replay(index, PANEL, [row])
        assert caught.value.code == code


# --- the shipped index ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Any:
    from tidu import app

    index = app.load("city-ip-core")
    return index, app.figures(index)


def test_the_shipped_space_of_choices_is_exact(shipped: Any) -> None:
    found = uncertainty(*shipped, names=["treatment", "normalisation", "aggregation", "bounds"])
    assert (found.exact, found.draws, found.periods) == (True, 36, ("2021", "2022", "2023"))
    best, worst = found.interval(1.0, 2023)
    beijing = found.units.index("110000")
    assert best[beijing] <= found.nominal_ranks[beijing, 2] <= worst[beijing]


def test_quantiles_of_few_points_and_many_units_are_those_of_the_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more units than points no table of all ranks is made; nothing that is read off may change."""
    found = uncertainty(framework(WEIGHTS, "aggregate.missing=require"), HOLES, draws=8, seed=2, exact=False)
    assert len(found.units) > found.draws
    wide = [*found.interval(0.9), found.mean_rank(), found.top(3), found.rank_quantile(0.5)]
    monkeypatch.setattr(Uncertainty, "_wide", property(lambda self: False))
    counted = [*found.interval(0.9), found.mean_rank(), found.top(3), found.rank_quantile(0.5)]
    for one, other in zip(wide, counted, strict=True):
        assert np.isnan(one).any() or np.isfinite(other).all()
        assert one == pytest.approx(other, nan_ok=True, abs=1e-12)
    drawn = np.array([[1, 2, 0], [2, 1, 0], [1, 0, 0], [3, 1, 0]], dtype=np.int32)
    assert rank_quantiles(drawn, 1.0)[:2].tolist() == [3.0, 2.0] and np.isnan(rank_quantiles(drawn, 0.5)[2])


@pytest.mark.parametrize("method", ["benefit_of_the_doubt", "arithmetic", "copeland"])
@pytest.mark.parametrize("weighting", ["given", "equal", "entropy"])
def test_what_is_left_out_is_left_out_of_every_join(method: str, weighting: str) -> None:
    text = "[index]\ncode='d'\n[normalise]\nonto=[1, 100]\n" + "".join(f"[indicator.{c}]\nbetter='higher'\n" for c in "abc")
    text += f"[aggregate]\nmethod='{method}'\n[weighting]\nmethod='{weighting}'\n"
    figures = Panel.of(list("uvwxyz"), ["2023"], list("abc"), np.random.default_rng(4).lognormal(size=(6, 1, 3)))
    made = uncertainty(Framework.parse(text + "[uncertain.out]\ndrop='indicator.*'\nkeep=false\n"), figures)
    for at, gone in enumerate("abc"):
        without = build(Framework.parse(text.replace(f"[indicator.{gone}]\nbetter='higher'\n", "")), figures)
        np.testing.assert_allclose(made.scores[0, at], without.scores[:, 0, -1], atol=1e-9)


def test_no_pair_of_a_tie_group_is_decided(found: Uncertainty) -> None:
    for group in found.tie_groups(level=0.9):
        for one in group:
            assert all(found.above(one, other) < 0.9 for other in group if other != one)


def test_tie_groups_are_numbered_by_the_best_rank_in_them() -> None:
    from tidu import app

    index = app.make("city-ip-core")
    rows = app.how_sure(index, 32)[0].found.rows()
    best: dict[int, int] = {}
    for row in rows:
        best[row["group"]] = min(best.get(row["group"], 999), row["rank"] or 999)
    assert sorted(best) == list(range(1, len(best) + 1))
    assert [best[group] for group in sorted(best)] == sorted(best.values())


def test_scores_of_some_periods_are_those_of_the_whole() -> None:
    """Kept alone, a period has the scores that it has among all (figures are synthetic)."""
    figures = np.random.default_rng(3).lognormal(size=(9, 3, 3))
    panel = Panel.of([f"u{at}" for at in range(9)], ["2021", "2022", "2023"], ["a", "b", "c"], figures)
    spec = '[index]\ncode = "d"\n[indicator.a]\nbetter="higher"\n[indicator.b]\nbetter="lower"\n[indicator.c]\nbetter="higher"\n'
    spec += '[uncertain.w]\naddress = "indicator.*.weight"\nspread = 0.25\n[uncertain.n]\naddress = "normalise.method"\n'
    framework = Framework.parse(spec + 'among = ["min_max", "z_score"]\n')
    whole = uncertainty(framework, panel, draws=64, exact=False)
    part = uncertainty(framework, panel, draws=64, exact=False, periods=["2022"])
    assert part.periods == ("2022",) and np.array_equal(part.scores[0], whole.scores[1])
    assert part.mean_rank().tolist() == whole.mean_rank("2022").tolist()
    with pytest.raises(UsageError) as error:
        uncertainty(framework, panel, draws=64, periods=["1999"])
    assert error.value.code == "unknown_period"
