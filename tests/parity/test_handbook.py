"""Small published tables, embedded as cited facts, recomputed through the engine without any file beside the tests.

TAI: OECD/European Union/EC-JRC (2008), Handbook on Constructing Composite Indicators, ISBN 978-92-64-04345-9, Tables 22,
23, 25, 35, 36, 37 and A.2 (telephones and electricity stand as base-10 logarithms); the posts are the smallest and largest
figures of the original 72 countries, from Saisana, Saltelli and Tarantola (2005), JRSS A 168(2), Table 1.
HDI: UNDP, Human Development Report 2015, Table 1 (data year 2014), the twelve first.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.kemeny import support_of
from tidu.index.outrank import condorcet_order, outranking
from tidu.index.result import Index
from tidu.indicators.panel import Panel

#: Indicator: smallest and largest figure of the 72 countries, weight from factor analysis (Table 22, two decimals).
POSTS = {
    "patents": (0.0, 994.0, 0.17),
    "royalties": (0.0, 272.6, 0.15),
    "internet": (0.0, 232.4, 0.11),
    "exports": (0.0, 80.8, 0.06),
    "telephones": (math.log10(1), math.log10(901), 0.08),
    "electricity": (math.log10(22), math.log10(6969), 0.13),
    "schooling": (0.8, 12.0, 0.13),
    "university": (0.1, 27.4, 0.17),
}

#: Country: the eight figures of Table A.2, then the ranks of Table 23 with equal and with factor-analysis weights.
COUNTRIES = {
    "Finland": ((187.0, 125.6, 200.2, 50.7, 3.08, 4.15, 10.0, 27.4), 1, 1),
    "United States": ((289.0, 130.0, 179.1, 66.2, 3.0, 4.07, 12.0, 13.9), 2, 2),
    "Sweden": ((271.0, 156.6, 125.8, 59.7, 3.1, 4.14, 11.4, 15.3), 3, 3),
    "Japan": ((994.0, 64.6, 49.0, 80.8, 3.0, 3.86, 9.5, 10.0), 4, 4),
    "Korea": ((779.0, 9.8, 4.8, 66.7, 2.97, 3.65, 10.8, 23.2), 5, 5),
    "Netherlands": ((189.0, 151.2, 136.0, 50.9, 3.02, 3.77, 9.4, 9.5), 6, 6),
    "United Kingdom": ((82.0, 134.0, 57.4, 61.9, 3.02, 3.73, 9.4, 14.9), 7, 8),
    "Canada": ((31.0, 38.6, 108.0, 48.7, 2.94, 4.18, 11.6, 14.2), 9, 10),
    "Australia": ((75.0, 18.2, 125.9, 16.2, 2.94, 3.94, 10.9, 25.3), 10, 7),
    "Singapore": ((8.0, 25.5, 72.3, 74.9, 2.95, 3.83, 7.1, 24.2), 8, 11),
    "Germany": ((235.0, 36.8, 41.2, 64.2, 2.94, 3.75, 10.2, 14.4), 11, 12),
    "Norway": ((103.0, 20.2, 193.6, 19.0, 3.12, 4.39, 11.9, 11.2), 12, 9),
    "Ireland": ((106.0, 110.3, 48.6, 53.6, 2.97, 3.68, 9.4, 12.3), 13, 14),
    "Belgium": ((72.0, 73.9, 58.9, 47.6, 2.91, 3.86, 9.3, 13.6), 14, 15),
    "New Zealand": ((103.0, 13.0, 146.7, 15.4, 2.86, 3.91, 11.7, 13.1), 15, 13),
    "Austria": ((165.0, 14.8, 84.2, 50.3, 2.99, 3.79, 8.4, 13.6), 16, 16),
    "France": ((205.0, 33.6, 36.4, 58.9, 2.97, 3.8, 7.9, 12.6), 17, 17),
    "Israel": ((74.0, 43.6, 43.2, 45.0, 2.96, 3.74, 9.6, 11.0), 18, 18),
    "Spain": ((42.0, 8.6, 21.0, 53.4, 2.86, 3.62, 7.3, 15.6), 19, 19),
    "Italy": ((13.0, 9.8, 30.4, 51.0, 3.0, 3.65, 7.2, 13.0), 20, 20),
    "Czech Republic": ((28.0, 4.2, 25.0, 51.7, 2.75, 3.68, 9.5, 8.2), 21, 21),
    "Hungary": ((26.0, 6.2, 21.6, 63.5, 2.73, 3.46, 9.1, 7.7), 22, 23),
    "Slovenia": ((105.0, 4.0, 20.3, 49.5, 2.84, 3.71, 7.1, 10.6), 23, 22),
}  # fmt: skip


def achievement(weights: dict[str, float] | None = None) -> Index:
    spec = {
        "index": {"code": "TAI"},
        "indicator": {
            code: {
                "better": "higher",
                "weight": 1.0 if weights is None else weights[code],
                "normalise": {"method": "goalposts", "low": low, "high": high, "onto": [0, 1]},
            }
            for code, (low, high, _) in POSTS.items()
        },
    }
    values = np.array([row[0] for row in COUNTRIES.values()])
    return build(Framework.of(spec), Panel.of(list(COUNTRIES), ["2001"], list(POSTS), values[:, None, :]))


def test_the_ranks_of_the_technology_achievement_index() -> None:
    assert achievement().rank() == {country: row[1] for country, row in COUNTRIES.items()}


def test_its_first_score_by_hand() -> None:
    # Finland: 187/994, 125.6/272.6, 200.2/232.4, 50.7/80.8, 3.08/log 901, (4.15 − log 22)/(log 6969 − log 22), 9.2/11.2, 27.3/27.3
    shares = [187 / 994, 125.6 / 272.6, 200.2 / 232.4, 50.7 / 80.8, 3.08 / math.log10(901)]
    shares += [(4.15 - math.log10(22)) / (math.log10(6969) - math.log10(22)), 9.2 / 11.2, 1.0]
    assert shares[4] > 1 and shares[5] > 1  # beyond the post, and cut off there
    assert achievement().score()["Finland"] == pytest.approx(sum(min(share, 1.0) for share in shares) / 8)


def test_its_ranks_with_weights_from_factor_analysis() -> None:
    # The weights are printed with two decimals: two neighbouring pairs change places, all others stand.
    ours = achievement({code: weight for code, (_, _, weight) in POSTS.items()}).rank()
    wanted = {country: row[2] for country, row in COUNTRIES.items()}
    for one, other in (("Singapore", "Canada"), ("Czech Republic", "Slovenia")):
        wanted[one], wanted[other] = wanted[other], wanted[one]
    assert ours == wanted


# --- rankings by pairs --------------------------------------------------------------------------------------------

FIVE = ("Finland", "United States", "Sweden", "Japan", "Korea")
#: Table 35: the two logarithms of the five countries with three decimals.
SHARPER = {"telephones": (3.08, 2.997, 3.096, 3.003, 2.972), "electricity": (4.15, 4.073, 4.145, 3.865, 3.653)}
#: Table 36.
PAIRS = [
    [0, 0.5, 0.375, 0.75, 0.625],
    [0.5, 0, 0.5, 0.625, 0.625],
    [0.625, 0.5, 0, 0.75, 0.625],
    [0.25, 0.375, 0.25, 0, 0.75],
    [0.375, 0.375, 0.375, 0.25, 0],
]
#: Table 37: the first three orders tie at the top.
SUPPORT = {(1, 2, 0, 3, 4): 6.375, (2, 0, 1, 3, 4): 6.375, (2, 1, 0, 3, 4): 6.375, (0, 1, 2, 3, 4): 6.125, (0, 2, 1, 3, 4): 6.125}


def five() -> np.ndarray:
    values = np.array([COUNTRIES[country][0] for country in FIVE])
    for code, column in SHARPER.items():
        values[:, list(POSTS).index(code)] = column
    return values


def flat(units: tuple[str, ...], values: np.ndarray, method: str) -> Index:
    codes = [f"i{k}" for k in range(values.shape[1])]
    spec = {
        "index": {"code": "flat"},
        "normalise": {"method": "none"},
        "aggregate": {"method": method},
        "indicator": {code: {"better": "higher"} for code in codes},
    }
    return build(Framework.of(spec), Panel.of(units, ["2001"], codes, values[:, None, :]))


def test_the_outranking_matrix_and_the_support_of_orders() -> None:
    matrix = outranking(five(), np.full(8, 1 / 8))
    assert matrix == pytest.approx(np.array(PAIRS), abs=1e-12)
    for order, support in SUPPORT.items():
        assert support_of(matrix, order) == pytest.approx(support)


def test_the_order_with_the_most_support() -> None:
    found = [FIVE.index(country) for country, _, _ in flat(FIVE, five(), "kemeny").top(None)]
    assert support_of(np.array(PAIRS), found) == pytest.approx(max(SUPPORT.values()))


def test_condorcets_order_is_not_bordas() -> None:
    # Table 25: 21 indicators put four countries in one of four orders.
    voices = [(3, "abcd"), (5, "acbd"), (7, "bdca"), (6, "cbda")]
    values = np.array([[4.0 - order.index(country) for country in "abcd"] for times, order in voices for _ in range(times)]).T
    matrix = outranking(values, np.ones(21))
    assert [[int(matrix["abcd".index(one), "abcd".index(other)]) for one, other in ("bd", "ba", "ca", "cb", "cd", "da")]] == [
        [21, 13, 13, 11, 14, 13]
    ]
    assert condorcet_order(matrix) == [2, 1, 3, 0]
    borda = flat(tuple("abcd"), values, "borda")
    assert {unit: points * 21 for unit, points in borda.score().items()} == pytest.approx({"a": 24, "b": 44, "c": 38, "d": 20})
    assert [unit for unit, _, _ in borda.top(None)] == list("bcad")
    assert [unit for unit, _, _ in flat(tuple("abcd"), values, "copeland").top(None)] == list("cbda")


# --- human development --------------------------------------------------------------------------------------------

#: Country: life expectancy, expected and mean years of schooling, national income a head; the HDI as printed.
HDI = {
    "Norway": ((81.6, 17.5, 12.6, 64992), 0.944),
    "Australia": ((82.4, 20.2, 13.0, 42261), 0.935),
    "Switzerland": ((83.0, 15.8, 12.8, 56431), 0.93),
    "Denmark": ((80.2, 18.7, 12.7, 44025), 0.923),
    "Netherlands": ((81.6, 17.9, 11.9, 45435), 0.922),
    "Germany": ((80.9, 16.5, 13.1, 43919), 0.916),
    "Ireland": ((80.9, 18.6, 12.2, 39568), 0.916),
    "United States": ((79.1, 16.5, 12.9, 52947), 0.915),
    "Canada": ((82.0, 15.9, 13.0, 42155), 0.913),
    "New Zealand": ((81.8, 19.2, 12.5, 32689), 0.913),
    "Singapore": ((83.0, 15.4, 10.6, 76628), 0.912),
    "Hong Kong, China (SAR)": ((84.0, 15.6, 11.2, 53959), 0.91),
}


def test_the_human_development_index() -> None:
    framework = Framework.parse("""
        [index]
        code = "HDI"
        aggregate = { method = "geometric" }
        [normalise]
        method = "goalposts"
        onto = [1e-9, 1]
        [pillar.education]
        [indicator.life]
        better = "higher"
        normalise = { low = 20, high = 85 }
        [indicator.expected]
        parent = "education"
        better = "higher"
        normalise = { low = 0, high = 18 }
        [indicator.mean]
        parent = "education"
        better = "higher"
        normalise = { low = 0, high = 15 }
        [indicator.income]
        better = "higher"
        normalise = { low = 100, high = 75000, log = true }
        """)
    values = np.array([row[0] for row in HDI.values()])
    index = build(framework, Panel.of(list(HDI), ["2014"], ["life", "expected", "mean", "income"], values[:, None, :]))
    assert index.score() == pytest.approx({country: row[1] for country, row in HDI.items()}, abs=0.001)
    # Norway: ∛(61.6/65 · (17.5/18 + 12.6/15)/2 · (ln 64992 − ln 100)/(ln 75000 − ln 100))
    norway = (61.6 / 65 * (17.5 / 18 + 12.6 / 15) / 2 * math.log(649.92) / math.log(750)) ** (1 / 3)
    assert index.score()["Norway"] == pytest.approx(norway)
    printed = [row[1] for row in HDI.values()]
    for country, rank in index.rank().items():  # equal at three decimals is a tie in print
        first = 1 + sum(score > HDI[country][1] for score in printed)
        assert first <= rank < first + printed.count(HDI[country][1])  # type: ignore[operator]
