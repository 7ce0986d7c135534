from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import DataError, UsageError
from tidu.indicators.panel import Panel

NAN = np.nan


@pytest.fixture
def panel() -> Panel:
    values = np.arange(12.0).reshape(2, 3, 2)
    values[0, 1, 1] = NAN
    return Panel.of(
        ["420100", "510100"],
        ["2021", "2022", "2023"],
        ["gdp", "people"],
        values,
        names={"420100": {"zh": "武汉", "en": "Wuhan"}},
        groups={"province": ("Hubei", "Sichuan"), "region": ("Central", "West")},
        universes={"both": ("510100", "420100"), "none": ()},
        count=np.ones((2, 3, 2), dtype=int),
        standard_error=np.zeros((2, 3, 2)),
    )


def test_shape_columns_and_letters(panel: Panel) -> None:
    assert panel.shape == (2, 3, 2)
    assert panel.column("gdp").tolist() == [[0, 2, 4], [6, 8, 10]]
    assert panel.letters()[0].tolist() == [["A", "A"], ["A", "O"], ["A", "A"]]


def test_figures_cannot_be_written_over(panel: Panel) -> None:
    with pytest.raises(ValueError, match="read-only"):
        panel.values[0, 0, 0] = 1.0


@pytest.mark.parametrize(
    ("units", "periods", "columns", "code"),
    [
        (["a", "a"], ["2021"], ["x"], "panel_twice"),
        (["a", "b"], ["2021"], ["x", "y"], "panel_shape"),
        (["a", "b"], ["21"], ["x"], "bad_period"),
        (["a", "b"], ["2021-Q5"], ["x"], "bad_period"),
        (["a", "b"], ["2021-13"], ["x"], "bad_period"),
    ],
)
def test_what_is_no_panel(units: list[str], periods: list[str], columns: list[str], code: str) -> None:
    with pytest.raises(DataError) as caught:
        Panel.of(units, periods, columns, [[[1.0]], [[2.0]]])
    assert caught.value.code == code


@pytest.mark.parametrize("period", ["2021", "2021-Q4", "2021-12", "0001"])
def test_periods_that_are_taken(period: str) -> None:
    assert Panel.of(["a"], [period], ["x"], [[[1.0]]]).periods == (period,)


def test_unknown_columns_units_and_periods_are_told_with_the_nearest(panel: Panel) -> None:
    for call, code, guess in (
        (lambda: panel.column("gpd"), "unknown_column", "gdp"),
        (lambda: panel.unit("Wuhn"), "unknown_unit", "Wuhan"),
        (lambda: panel.period("2020"), "unknown_period", None),
        (lambda: panel.universe("Hubie"), "unknown_universe", None),
        (lambda: panel.universe("bath"), "unknown_universe", "both"),
    ):
        with pytest.raises((DataError, UsageError)) as caught:
            call()
        assert caught.value.code == code
        if guess is not None:
            assert caught.value.did_you_mean == guess


def test_a_unit_is_found_by_code_and_by_name_in_either_language(panel: Panel) -> None:
    assert [panel.unit(text) for text in ("420100", "武汉", "Wuhan")] == ["420100"] * 3
    assert (panel.name("420100"), panel.name("420100", "en"), panel.name("510100")) == ("武汉", "Wuhan", "510100")


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("all", ("420100", "510100")),
        ("both", ("420100", "510100")),
        ("none", ()),
        ("province=Sichuan", ("510100",)),
        ("Sichuan", ("510100",)),
        ("West", ("510100",)),
        ("region=Central", ("420100",)),
    ],
)
def test_universes_in_the_panels_order(panel: Panel, name: str, units: tuple[str, ...]) -> None:
    assert panel.universe(name) == units


def test_a_value_of_another_attribute_is_no_universe_of_this_one(panel: Panel) -> None:
    with pytest.raises(UsageError):
        panel.universe("province=West")


def test_a_selection_cuts_every_layer_alike(panel: Panel) -> None:
    cut = panel.select(["510100"], ["2023", "2021"], ["people"])
    assert (cut.units, cut.periods, cut.columns) == (("510100",), ("2023", "2021"), ("people",))
    assert cut.values.tolist() == [[[11.0], [7.0]]]
    assert cut.groups == {"province": ("Sichuan",), "region": ("West",)}
    assert cut.count is not None and cut.count.shape == (1, 2, 1)
    assert cut.standard_error is not None and cut.standard_error.shape == (1, 2, 1)


@settings(max_examples=40, deadline=None)
@given(st.permutations(["u", "v", "w"]), st.permutations(["a", "b"]))
def test_selecting_back_gives_the_panel_again(units: list[str], columns: list[str]) -> None:
    first = Panel.of(["u", "v", "w"], ["2021"], ["a", "b"], np.arange(6.0).reshape(3, 1, 2), groups={"g": ("x", "y", "z")})
    back = first.select(units, None, columns).select(["u", "v", "w"], None, ["a", "b"])
    assert np.array_equal(back.values, first.values)
    assert back.groups == first.groups


def test_columns_are_added_or_put_in_the_place_of_others(panel: Panel) -> None:
    more = panel.with_columns({"share": np.full((2, 3), 0.5), "gdp": np.zeros((2, 3))})
    assert more.columns == ("people", "share", "gdp")
    assert more.column("gdp").sum() == 0
    assert panel.column("gdp").sum() == 30
    assert more.status is None
    lettered = panel.with_columns({"share": np.array([[1.0, NAN, 1.0]] * 2)}, {"share": np.array([["E", "O", "A"]] * 2)})
    assert lettered.letters()[0, :, 2].tolist() == ["E", "O", "A"]
    assert lettered.letters()[0, :, 1].tolist() == ["A", "O", "A"]


def test_one_cell_is_changed_in_a_copy(panel: Panel) -> None:
    made = panel.with_value("武汉", "2022", "people", 5.0, "E")
    assert (made.values[0, 1, 1], made.letters()[0, 1, 1]) == (5.0, "E")
    assert np.isnan(panel.values[0, 1, 1])
    assert np.sum(made.letters() != panel.letters()) == 1


def test_computed_figures_are_rounded_and_printed_ones_stand() -> None:
    printed = Panel.of(["a"], ["2021"], ["x"], [[[0.1 + 0.2]]])
    computed = Panel.of(["a"], ["2021"], ["x"], [[[0.1 + 0.2]]], rounded=True)
    assert printed.values.item() == 0.30000000000000004
    assert computed.values.item() == 0.3


def test_a_name_that_several_units_have_is_refused_with_their_codes() -> None:
    names = {"320500": {"zh": "苏州", "en": "Suzhou"}, "341300": {"zh": "宿州", "en": "Suzhou"}}
    panel = Panel.of(["320500", "341300"], ["2023"], ["a"], [[[1.0]], [[2.0]]], names=names)
    assert panel.unit("苏州") == "320500" and panel.unit("341300") == "341300"
    with pytest.raises(UsageError) as caught:
        panel.unit("Suzhou")
    assert caught.value.code == "ambiguous_unit" and "320500 苏州/Suzhou" in str(caught.value)


def test_namesakes_are_told_apart_by_province_or_by_code() -> None:
    from tidu.indicators.shipped import cities

    panel = cities()
    assert panel.name("320500", "en") == "Suzhou (Jiangsu)" and panel.unit("Suzhou (Anhui)") == "341300"
    for lang in ("zh", "en"):
        assert len({panel.name(unit, lang) for unit in panel.units}) == len(panel.units)
    names = {unit: {"en": "Springfield"} for unit in ("a", "b")}
    plain = Panel.of(["a", "b"], ["2023"], ["x"], [[[1.0]], [[2.0]]], names=names)
    assert [plain.name(unit, "en") for unit in plain.units] == ["Springfield (a)", "Springfield (b)"]


def test_a_unit_is_known_by_its_official_name_too() -> None:
    panel = Panel.of(
        ["330100", "220200"], ["2023"], ["a"], [[[1.0]], [[2.0]]], names={"330100": {"zh": "杭州"}, "220200": {"zh": "吉林市"}}
    )
    assert panel.unit("杭州市") == "330100" and panel.unit("吉林市") == "220200"
    with pytest.raises(UsageError):
        panel.unit("市")
