from __future__ import annotations

import numpy as np
import pytest

from tidu.diagnosis.published import ASSUMED_YEAR, MEASURES, Row, compare
from tidu.diagnosis.variants import Spread, Variant
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators import shipped
from tidu.indicators.panel import Panel

UNITS = ("110000", "310000", "420100", "440300", "510100")
FLAT = """
[index]
code = "core"
[normalise]
over = "year"
[pillar.output]
[indicator.a]
parent = "output"
better = "higher"
[indicator.b]
better = "higher"
"""
#            output          b
FIGURES = {
    "2022": ([5, 4, 3, 2, 1], [5, 4, 3, 2, 1]),
    "2023": ([5, 4, 2, 3, 1], [5, 4, 2, 3, 1]),
}


def panel() -> Panel:
    values = np.array([FIGURES[year] for year in ("2022", "2023")], dtype=float).transpose(2, 0, 1)
    return Panel.of(UNITS, ["2022", "2023"], ["a", "b"], values, universes={"some": UNITS[1:]})


def row(
    adcode: str, measure: str = "overall", rank: int = 1, edition: str = "2024", year: str = "2023", level: str = "city"
) -> dict[str, str]:
    told = {"edition": edition, "index_year": year, "level": level, "place_zh": "市"}
    return {**told, "adcode": adcode, "measure": measure, "rank": str(rank)}


@pytest.fixture(scope="module")
def core() -> Index:
    return build(Framework.parse(FLAT), panel())


@pytest.fixture(scope="module")
def full() -> Index:
    return build(
        Framework.parse(FLAT + "[pillar.flow]\n[indicator.c]\nparent='flow'\nof='a'\nbetter='lower'\n").put("index.code=full"),
        panel(),
    )


def found(rows: list[dict[str, str]], core: Index, full: Index | None = None, **more: Spread) -> list[Row]:
    return list(compare(rows, {"all": core}, {"all": full} if full else {}, **more).rows)


def test_a_rank_stands_beside_ours_at_the_stated_year_and_the_year_before(core: Index) -> None:
    made = found([row("420100", rank=2)], core)
    assert [(item.data_year, item.published, item.ours, item.difference, item.why) for item in made] == [
        ("2023", 2, 4, 2, ""),
        ("2022", 2, 3, 1, ""),
    ]


def test_an_edition_that_states_no_year_is_taken_for_the_year_before_it(core: Index) -> None:
    assert ASSUMED_YEAR["2025"] == "2024"
    made = found([row("110000", edition="2025", year="")], core)
    assert [(item.index_year, item.data_year, item.ours, item.why) for item in made] == [
        ("", "2024", None, "no_data_year"),
        ("", "2023", 1, ""),
    ]


@pytest.mark.parametrize(
    ("adcode", "measure", "ours", "why"),
    [
        ("110000", "产出水平", 1, ""),
        ("110000", "流动水平", None, "no_data_for_pillar"),
        ("110000", "some other measure", None, "no_node"),
        ("650100", "overall", None, "not_in_universe"),
    ],
)
def test_what_cannot_be_compared_says_why(core: Index, adcode: str, measure: str, ours: int | None, why: str) -> None:
    made = found([row(adcode, measure)], core)[0]
    assert (made.ours, made.why, made.difference) == (ours, why, None if ours is None else ours - 1)


def test_a_pillar_that_the_core_lacks_is_asked_of_the_full_index(core: Index, full: Index) -> None:
    made = found([row("510100", "流动水平")], core, full)
    assert [(item.data_year, item.ours) for item in made] == [("2023", 1), ("2022", 1)]


def test_ranks_are_among_the_universe(core: Index) -> None:
    made = compare([row("420100")], {"all": core, "some": core}, {}).rows
    assert {(item.universe, item.data_year): item.ours for item in made} == {
        ("all", "2023"): 4, ("some", "2023"): 3, ("all", "2022"): 3, ("some", "2022"): 2,
    }  # fmt: skip


def test_a_unit_that_is_not_scored_has_no_rank_of_ours() -> None:
    holed = panel().with_value("420100", "2023", "a", float("nan"), "O")
    made = found([row("420100")], build(Framework.parse(FLAT), holed))
    assert [(item.data_year, item.ours, item.why) for item in made] == [("2023", None, "not_scored"), ("2022", 3, "")]


def test_how_many_of_the_published_first_are_among_ours(core: Index) -> None:
    rows = [row("310000", rank=1), row("420100", rank=2), row("440300", "产出水平", 1)]
    made = compare(rows, {"all": core}, {})
    [now, before] = made.overlaps
    assert (now.data_year, now.n, now.shared) == ("2023", 2, 1)  # ours are 110000 and 310000
    assert (now.only_published, now.only_ours) == (("420100",), ("110000",))
    assert (before.data_year, before.shared) == ("2022", 1)


def test_an_edition_without_overall_ranks_has_no_overlap(core: Index) -> None:
    assert compare([row("110000", "产出水平")], {"all": core}, {}).overlaps == ()


def test_who_is_never_on_a_published_list_and_what_is_not_of_cities(core: Index) -> None:
    rows = [row("110000"), row("310000", rank=2), row("420000", level="province"), row("430000", level="province")]
    made = compare(rows, {"all": core}, {})
    assert made.never_published["2023 all"] == {"440300": 3, "420100": 4, "510100": 5}
    assert list(made.never_published["2023 all"]) == ["440300", "420100", "510100"]
    assert made.not_comparable == {"province": 2}


def test_the_share_of_variants_that_give_the_published_rank(core: Index, full: Index) -> None:
    place = UNITS.index("420100")
    scores = np.zeros((4, 5, 2, 2))
    scores[:] = np.array([5.0, 4, 3, 2, 1])[None, :, None, None]
    scores[0, place, 1, 1] = 9.0  # in one of four variants it is first in 2023
    spread = Spread(tuple(Variant({}, ()) for _ in range(4)), UNITS, ("2022", "2023"), ("output", "core"), scores)
    [now, before] = found([row("420100", rank=1)], core, core_spread=spread)
    assert (now.share, before.share) == (0.25, 0.0)
    [pillar, _] = found([row("420100", "产出水平", 3)], core, core_spread=spread)
    assert pillar.share == 1.0
    [flow, _] = found([row("510100", "流动水平")], core, full, core_spread=spread)
    assert flow.share is None  # no variants of the full index were given


def test_the_shipped_ranks_are_all_told_of_for_both_years(core: Index) -> None:
    published = shipped.table("published_ranks.csv")
    made = compare(published, {"all": core}, {})
    cities = [item for item in published if item["level"] == "city"]
    assert len(made.rows) == 2 * len(cities)
    assert sum(made.not_comparable.values()) + len(cities) == len(published)
    assert {item.why for item in made.rows} <= {
        "",
        "no_node",
        "no_data_for_pillar",
        "no_data_year",
        "not_in_universe",
        "not_scored",
    }
    assert {item["measure"] for item in cities} >= set(MEASURES)
