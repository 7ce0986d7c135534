from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu.core.errors import MethodError, SpecError
from tidu.index import mcda
from tidu.index.aggregate import AGGREGATIONS
from tidu.index.context import Context
from tidu.index.mcda import promethee_ii, vikor

NAMES = ("topsis", "vikor", "promethee_ii", "wroclaw")


def around(count: int, weights: np.ndarray | None = None) -> Context:
    return Context(
        codes=tuple(f"c{i}" for i in range(count)),
        given=np.full(count, 1 / count) if weights is None else weights,
        address="node.x",
    )


def run(
    name: str, x: np.ndarray, weights: np.ndarray | None = None, fit_on: np.ndarray | None = None, **options: object
) -> np.ndarray:
    method, context = AGGREGATIONS[name], around(x.shape[-1], weights)
    found: np.ndarray = method.apply(x, method.fit(x if fit_on is None else fit_on, options, context), options, context)
    return found


def read(path: Path) -> tuple[list[str], np.ndarray]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return rows[0][1:], np.array([[float(value) for value in row[1:]] for row in rows[1:]])


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    n, c = draw(st.integers(3, 12)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    x = rng.integers(0, 6, size=(n, c)) + (rng.random((n, c)) if draw(st.booleans()) else 0.0)
    x[0], x[1] = -1.0, 7.0
    weights = rng.random(c) + 0.05
    return np.asarray(x, dtype=float), weights / weights.sum()


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from(NAMES), st.integers(0, 999))
def test_bounds_order_and_missing(table: tuple[np.ndarray, np.ndarray], name: str, seed: int) -> None:
    x, weights = table
    rng = np.random.default_rng(seed)
    found = run(name, x[:, None], weights)[:, 0]
    assert found.argmin() == 0 and found[1] == pytest.approx(found.max())
    if name != "wroclaw":
        assert found.min() >= (-1 if name == "promethee_ii" else 0) - 1e-12 and found.max() <= 1 + 1e-12
    units, children = rng.permutation(x.shape[0]), rng.permutation(x.shape[1])
    turned = run(name, x[units][:, None, children], weights[children])[:, 0]
    assert turned == pytest.approx(found[units], abs=1e-9)
    holed = np.vstack([x, np.full((1, x.shape[1]), 99.0)])
    holed[-1, 0] = np.nan
    again = run(name, holed[:, None], weights)[:, 0]
    assert again[:-1] == pytest.approx(found, abs=1e-9) and np.isnan(again[-1])
    higher = x.copy()
    higher[2, seed % x.shape[1]] = 7.0
    fitted = run(name, higher[:, None], weights, fit_on=x[:, None])[:, 0]
    if name in ("topsis", "wroclaw"):
        assert fitted[2] >= found[2] - 1e-12
        assert np.delete(fitted, 2) == pytest.approx(np.delete(found, 2), abs=1e-12)
    else:
        assert fitted[2] >= found[2] - 1e-9


def test_topsis_by_hand() -> None:
    x = np.array([[[1.0, 8.0]], [[2.0, 4.0]], [[4.0, 1.0]]])
    weights = np.array([0.6, 0.4])
    v = weights * x[:, 0] / np.sqrt((x[:, 0] ** 2).sum(axis=0))
    above, below = (np.sqrt(((v - ideal) ** 2).sum(axis=1)) for ideal in (v.max(axis=0), v.min(axis=0)))
    assert run("topsis", x, weights)[:, 0] == pytest.approx(below / (above + below), rel=1e-12)
    assert run("topsis", np.ones((3, 1, 2))).tolist() == [[0.5]] * 3


def test_topsis_ideals_stay_in_another_year() -> None:
    x = np.array([[[1.0], [3.0]], [[2.0], [0.0]]])
    later = run("topsis", x, fit_on=x[:, :1], scaling="none")
    assert later[:, 0].tolist() == [0.0, 1.0]
    assert later[:, 1].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_vikor_by_hand() -> None:
    rng = np.random.default_rng(0)
    x, weights = rng.random((6, 3)), np.array([0.5, 0.3, 0.2])
    regret = weights * (x.max(axis=0) - x) / np.ptp(x, axis=0)
    s, r = regret.sum(axis=1), regret.max(axis=1)
    q = 0.3 * (s - s.min()) / np.ptp(s) + 0.7 * (r - r.min()) / np.ptp(r)
    assert run("vikor", x[:, None], weights, v=0.3)[:, 0] == pytest.approx(1 - q)
    assert vikor(np.ones((2, 1, 2)), np.ones(2), np.ones(2), context=around(2)).tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize("shape", ["usual", "linear", "gaussian"])
def test_promethee_by_hand(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    x, weights = rng.integers(0, 5, size=(7, 3)).astype(float), np.array([0.5, 0.3, 0.2])
    flow = np.zeros(7)
    for a in range(7):
        for b in range(7):
            for c in range(3):
                gap = x[a, c] - x[b, c]
                size = {"usual": 1.0, "linear": np.clip((abs(gap) - 0.5) / 2.0, 0, 1), "gaussian": 1 - np.exp(-(gap**2) / 12.5)}
                flow[a] += weights[c] * np.sign(gap) * size[shape] / 6
    options = {"indifference": {"c0": 0.5, "c1": 0.5, "c2": 0.5}, "threshold": 2.5}
    monkeypatch.setattr(mcda, "_BLOCK", 20)
    found = promethee_ii(x[:, None], context=around(3, weights), preference=shape, **options)  # type: ignore[arg-type]
    assert found[:, 0] == pytest.approx(flow)
    assert found.sum() == pytest.approx(0, abs=1e-12)


def test_promethee_faults() -> None:
    x = np.ones((3, 1, 2))
    for options, code in (
        ({"preference": "linear"}, "promethee_threshold"),
        ({"preference": "linear", "threshold": 1.0, "indifference": 2.0}, "promethee_threshold"),
        ({"preference": "gaussian", "threshold": 0.0}, "promethee_threshold"),
        ({"preference": "linear", "threshold": {"c9": 1.0}}, "promethee_child"),
    ):
        with pytest.raises(SpecError) as error:
            run("promethee_ii", x, **options)
        assert error.value.code == code
    assert run("promethee_ii", x[:1]).tolist() == [[0.0]]


def test_wroclaw_by_hand() -> None:
    x = np.random.default_rng(2).random((9, 3))
    for standardise in (True, False):
        z = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1) if standardise else x
        far = np.sqrt(((z - z.max(axis=0)) ** 2).sum(axis=1))
        expected = 1 - far / (far.mean() + 2 * far.std(ddof=1))
        assert run("wroclaw", x[:, None], standardise=standardise)[:, 0] == pytest.approx(expected)
    assert run("wroclaw", np.ones((4, 1, 2))).tolist() == [[1.0]] * 4
    with pytest.raises(MethodError) as error:
        run("wroclaw", np.ones((1, 1, 2)))
    assert error.value.code == "mcda_few_rows"


@pytest.mark.reference
def test_topsis_of_asem(reference: Path) -> None:
    asem = reference / "asem"
    _, pillars = read(asem / "inputs" / "asem_pillars_geometric.csv")
    _, expected = read(asem / "s15_topsis_pillars.csv")
    assert run("topsis", pillars[:, None], scaling="min_max") == pytest.approx(expected, rel=1e-11)
    codes, treated = read(asem / "s04_treated_default.csv")
    with (asem / "inputs" / "asem_imeta.csv").open(encoding="utf-8") as file:
        direction = {row["iCode"]: float(row["Direction"]) for row in csv.DictReader(file) if row["Type"] == "Indicator"}
    turned = treated * np.array([direction[code] for code in codes])
    _, expected = read(asem / "s15_topsis_indicators_vector.csv")
    assert run("topsis", turned[:, None]) == pytest.approx(expected, rel=1e-11)
