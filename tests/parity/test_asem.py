"""Every step of the chain against the ASEM example of COINr 1.1.14, and the methods that Compind and pymcdm give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tidu.core.stats import moments
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.index.treat import exceeds
from tidu.index.trend import percent_change
from tidu.indicators.panel import Panel

pytestmark = pytest.mark.reference

PILLARS = ("ConEcFin", "Instit", "P2P", "Physical", "Political", "Environ", "Social", "SusEcFin")
AGGREGATES = ("Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin", "Conn", "Sust", "Index")


@pytest.fixture(scope="module")
def index(framework: Framework, panel: Panel) -> Index:
    return build(framework, panel)


@pytest.fixture(scope="module")
def raw_index(raw_framework: Framework, panel: Panel) -> Index:
    return build(raw_framework, panel)


@pytest.fixture(scope="module")
def geometric(framework: Framework, panel: Panel) -> Index:
    return build(framework.put("normalise.onto=[1, 100]", "aggregate.method=geometric"), panel)


def indicators(index: Index, what: str) -> np.ndarray:
    table: np.ndarray = getattr(index, what)[:, 0]
    return table


# --- denominators, imputation, screening --------------------------------------------------------------------------


def test_denominated(index: Index, asem: Any, agree: Any) -> None:
    agree(indicators(index, "raw"), asem.table("s01_denominated", index.units, index.framework.leaves))


def test_imputed_by_group_mean(index: Index, asem: Any, agree: Any) -> None:
    agree(indicators(index, "imputed"), asem.table("s02_imputed_group_mean", index.units, index.framework.leaves))


def test_imputed_by_median(framework: Framework, panel: Panel, asem: Any, agree: Any) -> None:
    index = build(framework.put("impute.method=median"), panel)
    agree(indicators(index, "imputed"), asem.table("s02_imputed_median", index.units, index.framework.leaves))


def test_filled_cells_are_imputed_and_no_others(index: Index) -> None:
    filled = index.status[:, 0] == "I"
    assert np.array_equal(filled, np.isnan(indicators(index, "raw")))
    assert filled.sum() == sum(change.step == "impute" for change in index.changes())


def test_data_availability_of_the_raw_table(raw_index: Index, asem: Any) -> None:
    rows = {row["uCode"]: row for row in asem.rows("s03_data_availability_summary")}
    seen = raw_index.screening
    for at, unit in enumerate(raw_index.units):
        row = rows[unit]
        assert seen.missing[at, 0] == int(row["N_missing"])
        assert seen.zero[at, 0] == int(row["N_zero"])
        assert seen.missing[at, 0] + seen.zero[at, 0] == int(row["N_miss_or_zero"])
        assert seen.availability[at, 0] == pytest.approx(float(row["Dat_Avail"]), rel=1e-12)
        assert seen.nonzero[at, 0] == pytest.approx(float(row["Non_Zero"]), rel=1e-12)


def test_screening_at_nine_tenths(framework: Framework, panel: Panel, asem: Any) -> None:
    index = build(framework.put("screen.minimum=0.9"), panel)
    rows = {row["uCode"]: row for row in asem.rows("s03_screen_byna_090")}
    assert index.screening.included[:, 0].tolist() == [rows[unit]["Included"] == "TRUE" for unit in index.units]
    assert index.screening.missing[:, 0].tolist() == [int(rows[unit]["N_missing"]) for unit in index.units]
    assert index.screening.zero[:, 0].tolist() == [int(rows[unit]["N_zero"]) for unit in index.units]
    kept = [unit for unit in index.units if rows[unit]["Included"] == "TRUE"]
    assert 0 < len(kept) < len(index.units)
    assert [unit for unit, score in index.score().items() if not np.isnan(score)] == kept


# --- treatment ----------------------------------------------------------------------------------------------------


def test_treated_by_default(index: Index, asem: Any, agree: Any) -> None:
    agree(indicators(index, "treated"), asem.table("s04_treated_default", index.units, index.framework.leaves))


def test_quick_treatment_with_other_limits(framework: Framework, panel: Panel, asem: Any, agree: Any) -> None:
    index = build(framework.put("treat.at_most=3", "treat.when={ skew = 1.5, kurtosis = 3 }"), panel)
    agree(indicators(index, "treated"), asem.table("s04_qtreat_w3_s15_k3", index.units, index.framework.leaves))
    assert "log" in index.treatment().values()


def test_treatment_details(index: Index, asem: Any) -> None:
    rows = {row["iCode"]: row for row in asem.rows("s04_treated_default_details")}
    limits = {"skew": 2.0, "kurtosis": 3.5}
    imputed, treated = index.imputed, index.treated
    before, after = moments(imputed, (0, 1)), moments(treated, (0, 1))
    failed, still = exceeds(imputed, limits), exceeds(treated, limits)
    steps = dict.fromkeys(index.framework.leaves, 0)
    for change in index.changes():
        steps[change.indicator] += change.step == "treat"
    method = index.treatment()
    for k, code in enumerate(index.framework.leaves):
        row = rows[code]
        assert before[2][k] == pytest.approx(float(row["check_SkewKurt0.Skew"]), rel=1e-9)
        assert before[3][k] == pytest.approx(float(row["check_SkewKurt0.Kurt"]), rel=1e-9)
        assert failed[k] == (row["check_SkewKurt0.Pass"] == "FALSE")
        if not failed[k]:
            assert (method[code], steps[code]) == ("none", 0)
            continue
        assert after[2][k] == pytest.approx(float(row["check_SkewKurt1.Skew"]), rel=1e-9)
        assert after[3][k] == pytest.approx(float(row["check_SkewKurt1.Kurt"]), rel=1e-9)
        assert still[k] == (row["check_SkewKurt1.Pass"] == "FALSE")
        assert (method[code], steps[code]) == ("winsorise", int(row["winsorise.nwin"]))


def test_treated_points(index: Index, asem: Any) -> None:
    words = {"winsorise high": "winhi", "winsorise low": "winlo", "log": "log_CT"}
    ours = {(change.unit, change.indicator): words[change.reason] for change in index.changes() if change.step == "treat"}
    theirs = {
        (row["uCode"], code): row[code]
        for row in asem.rows("s04_treated_default_points")
        for code in index.framework.leaves
        if row[code]
    }
    assert ours == theirs
    assert len(theirs) == 35


# --- normalisation ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "file"),
    [
        ((), "s05_norm_minmax_0_100"),
        (("normalise.method=distance_to_max",), "s05_norm_dist2max"),
        (("normalise.method=rank",), "s05_norm_rank"),
        (("normalise.method=z_score",), "s05_norm_zscore_0_1"),
    ],
)
def test_normalised(framework: Framework, panel: Panel, asem: Any, agree: Any, changes: tuple[str, ...], file: str) -> None:
    index = build(framework.put(*changes), panel)
    agree(indicators(index, "normalised"), asem.table(file, index.units, index.framework.leaves))


# --- aggregation --------------------------------------------------------------------------------------------------


def test_aggregated_by_arithmetic_means(index: Index, asem: Any, agree: Any) -> None:
    agree(index.scores[:, 0], asem.table("s06_agg_arithmetic", index.units, index.nodes))


def test_aggregated_by_geometric_means(geometric: Index, asem: Any, agree: Any) -> None:
    agree(geometric.scores[:, 0], asem.table("s06_agg_geometric_1_100", geometric.units, geometric.nodes))


def test_aggregated_with_other_weights(framework: Framework, panel: Panel, asem: Any, agree: Any) -> None:
    changes = []
    for row in asem.rows("inputs/asem_alternative_weights"):
        if row["iCode"] != framework.code:
            kind = "indicator" if row["iCode"] in framework.leaves else "pillar"
            changes.append(f"{kind}.{row['iCode']}.weight={row['Weight']}")
    index = build(framework.put(*changes), panel)
    agree(index.scores[:, 0], asem.table("s06_agg_arithmetic_altweights", index.units, index.nodes))


def test_a_named_set_of_weights_is_the_same_as_writing_them(framework: Framework, panel: Panel, asem: Any, agree: Any) -> None:
    given = {row["iCode"]: float(row["Weight"]) for row in asem.rows("inputs/asem_alternative_weights")}
    given.pop(framework.code, None)
    spec = {**framework.spec, "weight_set": {"other": given}, "weighting": {"method": "given", "set": "other"}}
    index = build(Framework.of(spec), panel)
    agree(index.scores[:, 0], asem.table("s06_agg_arithmetic_altweights", index.units, index.nodes))


def test_missing_figures_skipped_on_the_way_up(framework: Framework, panel: Panel, asem: Any, agree: Any) -> None:
    index = build(framework.put("impute.method=none", "normalise.onto=[1, 100]", "aggregate.missing=skip"), panel)
    leaves = index.framework.leaves
    agree(indicators(index, "normalised"), asem.table("s06_nomiss_treat_norm_1_100", index.units, leaves))
    agree(index.scores[:, 0], asem.table("s06_agg_arithmetic_missing", index.units, index.nodes))


def test_effective_weights(framework: Framework, index: Index, asem: Any) -> None:
    wanted = {row["iCode"]: float(row["EffWeight"]) for row in asem.rows("s07_effective_weights")}
    assert framework.effective_weights() == pytest.approx(wanted, rel=1e-12)
    assert index.weights() == pytest.approx(wanted, rel=1e-12)


# --- results ------------------------------------------------------------------------------------------------------


def test_ranks_of_every_aggregate(index: Index, asem: Any) -> None:
    for row in asem.rows("s08_results_ranks"):
        assert {node: index.rank(node)[row["uCode"]] for node in AGGREGATES} == {node: int(row[node]) for node in AGGREGATES}


def test_full_scores_in_the_order_of_the_index(index: Index, asem: Any) -> None:
    rows = asem.rows("s08_results_full_scores")
    assert [row["uCode"] for row in rows] == [unit for unit, _, _ in index.top(None)]
    for row, (unit, rank, _) in zip(rows, index.top(None), strict=True):
        assert rank == int(row["Rank"])
        for node in index.nodes:  # the table is printed with 14 significant digits
            assert index.score(node)[unit] == pytest.approx(float(row[node]), rel=1e-9, abs=1e-9)


def test_ranks_under_arithmetic_and_geometric_means_compared(index: Index, geometric: Index, asem: Any) -> None:
    one, two = index.rank(), geometric.rank()
    for row in asem.rows("s08_compare_arith_geom"):
        unit = row["uCode"]
        assert (one[unit], two[unit]) == (int(row["coin.1"]), int(row["coin.2"]))
        assert one[unit] - two[unit] == int(row["Diff"])  # type: ignore[operator]


def test_strengths_and_weaknesses(raw_index: Index, asem: Any) -> None:
    # Equal ranks stand in the reference in the alphabet of their pillars, with us in the file's order: so what is
    # compared is which ranks there are, and for each indicator its rank and figure. The reference also leaves out an
    # indicator in which the unit is alone at the bottom (China's freedom of the press, 51st); with us it is a weakness.
    alone = {"CHN": {"FreePress"}}
    rows = asem.rows("s12_strengths_weaknesses_3")
    for unit in ("AUT", "CHN", "IND"):
        best, worst = raw_index.strengths_and_weaknesses(unit, 10)
        assert alone.get(unit, set()) <= {row["code"] for row in worst[:1]}
        worst = [row for row in worst if row["code"] not in alone.get(unit, set())]
        for kind, ours in (("strength", best), ("weakness", worst)):
            theirs = [row for row in rows if row["unit"] == unit and row["kind"] == kind]
            assert sorted(row["rank"] for row in ours[:5]) == [int(row["Rank"]) for row in theirs]
            found = {row["code"]: row for row in ours}
            for row in theirs:
                assert found[row["Code"]]["rank"] == int(row["Rank"])
                assert found[row["Code"]]["value"] == pytest.approx(float(row["Value"]), rel=1e-12)
                assert found[row["Code"]]["label_en"] == row["Name"]


def test_unit_summary(index: Index, asem: Any) -> None:
    table = {row["code"]: row for row in index.unit_table("AUS")}
    for row in asem.rows("s12_unit_summary_AUS"):
        ours = table[row["Code"]]
        assert (ours["label_en"], ours["rank"]) == (row["Name"], int(row["Rank"]))
        assert ours["score"] == pytest.approx(float(row["Score"]), rel=1e-9)


# --- several years ------------------------------------------------------------------------------------------------


def test_panel_screened_treated_by_year_and_pooled(raw_framework: Framework, years: Panel, asem: Any, agree: Any) -> None:
    index = build(raw_framework.put("screen.minimum=0.9", "treat.per=year", "normalise.over=panel"), years)
    leaves, nodes = index.framework.leaves, index.nodes
    agree(index.treated, asem.cube("s13_panel_treated", index.units, index.periods, leaves))
    agree(index.normalised, asem.cube("s13_panel_norm_global", index.units, index.periods, leaves))
    agree(index.scores, asem.cube("s13_panel_agg_global", index.units, index.periods, nodes))


def test_panel_imputed_with_the_latest_figure(asem: Any, agree: Any) -> None:
    rows = asem.rows("inputs/asem_panel_holes")
    codes = [code for code in rows[0] if code not in ("Time", "uCode")]
    units, periods = sorted({row["uCode"] for row in rows}), sorted({row["Time"] for row in rows})
    panel = Panel.of(units, periods, codes, asem.cube("inputs/asem_panel_holes", units, periods, codes))
    spec = {
        "index": {"code": "holes"},
        "impute": {"method": "carry_forward"},
        "aggregate": {"missing": "skip"},
        "indicator": {code: {"better": "higher"} for code in codes},
    }
    index = build(Framework.of(spec), panel)
    agree(index.imputed, asem.cube("s13_panel_imputed_latest", units, periods, codes))


def test_percent_change_per_year(raw_framework: Framework, years: Panel, asem: Any) -> None:
    index = build(raw_framework, years)
    times = np.array([float(period) for period in index.periods])
    for row in asem.rows("s13_trends_prc_change"):  # printed in the figures' own sense, not turned where lower is better
        series = index.raw[index.units.index(row["uCode"]), :, index.framework.node(row["iCode"]).place]
        wanted = float(row["prc_change"])
        assert percent_change(series, times) == pytest.approx(wanted, rel=1e-9)
        assert percent_change(series, times, -1.0) == pytest.approx(-wanted, rel=1e-9)


# --- methods on the eight pillars ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pillars(asem: Any) -> tuple[tuple[str, ...], np.ndarray]:
    units = tuple(row["uCode"] for row in asem.rows("inputs/asem_pillars_geometric"))
    return units, asem.table("inputs/asem_pillars_geometric", units, PILLARS)


@pytest.mark.parametrize(
    ("aggregate", "file", "column"),
    [
        ({"method": "benefit_of_the_doubt"}, "s14_bod_pillars", "score"),
        ({"method": "benefit_of_the_doubt_bounded", "on": "pie", "lower": 0.1}, "s14_bod_pie_low010_pillars", "score"),
        ({"method": "mpi"}, "s14_mpi_minus_pillars", "score"),
        ({"method": "topsis", "scaling": "min_max"}, "s15_topsis_pillars", "topsis_minmax"),
    ],
)
def test_methods_on_the_pillars(
    pillars: Any, flat: Any, asem: Any, agree: Any, aggregate: dict[str, object], file: str, column: str
) -> None:
    units, values = pillars
    index = build(*flat(units, PILLARS, values, aggregate=aggregate))
    agree(list(index.score().values()), asem.table(file, units, [column])[:, 0])


@pytest.mark.parametrize(
    ("weighting", "column"),
    [
        ({"method": "entropy"}, "entropy"),
        ({"method": "standard_deviation"}, "standard_deviation"),
        ({"method": "variance", "scale": "min_max"}, "variance"),
    ],
)
def test_objective_weights_of_the_pillars(pillars: Any, flat: Any, asem: Any, weighting: dict[str, str], column: str) -> None:
    units, values = pillars
    index = build(*flat(units, PILLARS, values, weighting=weighting))
    wanted = {row["pillar"]: float(row[column]) for row in asem.rows("s15_objective_weights_pillars")}
    ours = {code: weight for code, weight in index.weights().items() if code != "flat"}
    assert ours == pytest.approx(wanted, rel=1e-9)


def test_topsis_of_all_indicators_by_vector_length(index: Index, flat: Any, asem: Any, agree: Any) -> None:
    leaves = index.framework.leaves
    lower = [code for code in leaves if index.framework.table.indicator[code].better == "lower"]
    assert lower
    treated = asem.table("s04_treated_default", index.units, leaves)
    made = build(*flat(index.units, leaves, treated, lower, aggregate={"method": "topsis", "scaling": "vector"}))
    agree(list(made.score().values()), asem.table("s15_topsis_indicators_vector", index.units, ["topsis_vector"])[:, 0])
