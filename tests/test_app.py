"""The joins: shipped indices, figures of any kind, changes at addresses, a COINr pair, the main job."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

import tidu
from tidu import app
from tidu.core.errors import UsageError
from tidu.index.framework import Framework
from tidu.index.result import Index

SPEC = {"index": {"code": "demo"}, "indicator": {"a": {"better": "higher"}, "b": {"better": "lower"}}}
TABLE = {"unit": ["x", "y", "z"], "period": ["2023"] * 3, "a": [1.0, 2.0, 3.0], "b": [9.0, 5.0, 1.0]}


def seen(index: Index) -> dict[str, float]:
    """The scores of the units that have one."""
    return {unit: score for unit, score in index.score().items() if score == score}


def test_every_shipped_index_builds_on_the_shipped_cities() -> None:
    for name in app.shipped_indices():
        index = app.make(name)
        for period in index.periods:
            assert index.scored(period) > 280, f"{name} {period}"


def test_the_first_three_of_the_core_are_those_of_the_yearbook_figures() -> None:
    """北京 深圳 上海 in 2021 and 2023, 北京 深圳 南京 in 2022, as the notes on the first computation say."""
    index = app.make("city-ip-core")
    first = {period: [index.panel.name(unit) for unit, _, _ in index.top(3, period)] for period in index.periods}
    assert first == {"2021": ["北京", "深圳", "上海"], "2022": ["北京", "深圳", "南京"], "2023": ["北京", "深圳", "上海"]}


def test_flow_is_scored_in_2023_only_and_never_by_a_proxy() -> None:
    assert "flow" not in app.load("city-ip-core").nodes
    full = app.load("city-ip-full")
    assert full.table.index.years == ("2023",)
    assert full.leaves_under("flow") == ("tech_contract_turnover", "tech_contract_per_gdp")


def test_counts_of_grants_are_never_levers() -> None:
    for name in app.shipped_indices():
        framework = app.load(name)
        for code in framework.leaves:
            if "invention" in code:
                assert not framework.table.indicator[code].lever


def test_a_frame_of_any_kind_gives_the_same_index_and_its_own_kind_back() -> None:
    plain = tidu.build(SPEC, TABLE)
    for frame, kind in ((pd.DataFrame(TABLE), pd.DataFrame), (pl.DataFrame(TABLE), pl.DataFrame)):
        index = tidu.build(SPEC, frame)
        assert index.score() == plain.score()
        assert isinstance(index.frame(), kind)
    assert isinstance(plain.frame(), dict)


def test_a_cell_is_changed_at_its_address_by_code_or_name() -> None:
    base = app.make("city-ip-core", years=[2023])
    by_code = app.make("city-ip-core", years=[2023], changes=["data.110000.2023.gdp=+20%"])
    by_name = app.make("city-ip-core", years=[2023], changes=["data.北京.2023.gdp=+20%"])
    assert seen(by_code) == seen(by_name) != seen(base)
    at = by_code.panel.units.index("110000"), by_code.panel.period("2023"), by_code.panel.position("gdp")
    assert by_code.panel.letters()[at] == "E"
    assert by_code.panel.values[at] == pytest.approx(1.2 * base.panel.values[at], rel=1e-12)


def test_a_wildcard_changes_each_match() -> None:
    index = app.make("city-ip-core", years=[2023], changes=["data.*.2023.gdp=+10%"])
    base = app.make("city-ip-core", years=[2023])
    k, t = base.panel.position("gdp"), base.panel.period("2023")
    assert index.panel.values[:, t, k] == pytest.approx(1.1 * base.panel.values[:, t, k], rel=1e-12, nan_ok=True)


def test_a_universe_sets_bounds_and_ranks_and_show_only_ranks() -> None:
    refitted = app.make("city-ip-core", years=[2023], universe="key36")
    filtered = app.make("city-ip-core", years=[2023], show="key36")
    everyone = app.make("city-ip-core", years=[2023])
    assert refitted.scored() == filtered.scored() == 35
    assert seen(filtered) == seen(everyone) != seen(refitted)


def test_an_index_of_other_units_needs_data() -> None:
    with pytest.raises(UsageError) as caught:
        app.make({**SPEC, "units": {"kind": "county"}})
    assert caught.value.code == "no_data"


def test_a_misspelt_index_is_guessed() -> None:
    with pytest.raises(UsageError) as caught:
        app.load("city-ip-cor")
    assert (caught.value.code, caught.value.did_you_mean) == ("no_index", "city-ip-core")


@pytest.mark.parametrize("name", ["衢州", "衢州市", "quzhou", "330800"])
def test_a_city_where_an_index_is_named_is_told_so(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        app.load(name)
    assert caught.value.code == "city_for_index" and f"--city {name}" in str(caught.value)


def test_frozen_parameters_score_another_year_on_the_old_scale() -> None:
    base = app.make("city-ip-core-audited", changes=["treat.per=panel", "index.years=[2021, 2022]"])
    later = app.make("city-ip-core-audited", years=[2023], changes=["treat.per=panel"], frozen=base.frozen)
    fresh = app.make("city-ip-core-audited", changes=["treat.per=panel", "index.years=[2023]"])
    assert later.scored() == fresh.scored()
    assert seen(later) != seen(fresh)


@pytest.mark.slow
def test_the_main_job_says_what_does_not_reproduce_and_names_suzhou() -> None:
    main = app.main_job()
    assert set(main.indices) == {(name, universe) for name in app.MAIN for universe in app.UNIVERSES}
    assert all(len(spread.variants) == 36 for spread in main.spreads.values())
    found = main.comparison
    suzhou = "320500"
    assert any(suzhou in ranks for ranks in found.never_published.values())
    potential = [row for row in found.rows if row.measure == "创造潜力" and row.ours is not None]
    assert potential and all(row.ours != row.published for row in potential)
    overlap = {(item.edition, item.data_year, item.universe): item.shared for item in found.overlaps}
    assert overlap["2022", "2021", "all"] >= 9
    assert all(row.share is None or 0 <= row.share <= 1 for row in found.rows)


def test_one_year_alone_is_scored_as_in_the_whole() -> None:
    """The audited form has bounds pooled over its years: asking for one of them must not move the scores."""
    whole = app.make("city-ip-core-audited")
    alone = app.make("city-ip-core-audited", years=2023)
    assert alone.periods == ("2023",)
    wanted = {unit: score for unit, score in whole.score(period="2023").items() if score == score}
    assert seen(alone) == pytest.approx(wanted, rel=1e-12)


def test_loading_leaves_a_framework_as_it_is() -> None:
    framework = Framework.of(SPEC)
    assert app.load(framework) is framework
