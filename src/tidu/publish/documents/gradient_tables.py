"""The test of the gradient as rows: one table a kind, for the index as it stands and without what is coastal by nature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tidu.core.words import word
from tidu.diagnosis.geography.convergence import Convergence
from tidu.diagnosis.geography.gradient import READING, Gradient
from tidu.diagnosis.geography.mobility import Mobility
from tidu.diagnosis.geography.places import choices
from tidu.diagnosis.geography.slopes import Line
from tidu.diagnosis.geography.verdict import verdicts
from tidu.publish.tables import Rows, number, write_csv

#: The tables of one period, in the order in which they are read.
KINDS = ("verdict", "means", "differences", "slopes", "indicators", "likeness", "inequality", "density")


def label(found: Gradient, node: str, lang: str) -> str:
    """A node's label in a language; the reading's is a word of the house."""
    return word("reading", lang) if node == READING else found.index.framework.label(node, lang)


def gradient_tables(found: Gradient) -> dict[str, Rows]:
    """Kind → rows of one period. The column ``without`` names what was left out: nothing, or the indicators of the second round.

    >>> from tidu import app
    >>> from tidu.diagnosis.geography.gradient import gradient
    >>> tables = gradient_tables(gradient(app.make("city-ip-core"), 2023, permutations=9))
    >>> tuple(tables) == KINDS, sorted({row["without"] for row in tables["slopes"]})
    (True, ['', 'exports exports_per_gdp'])
    """
    tables: dict[str, Rows] = {kind: [] for kind in KINDS}
    tables["verdict"] = list(_verdict_rows(found))
    for one, gone in ((found, ""), (found.without, " ".join(found.removed))):
        if one is None:
            continue
        first = {"period": one.period, "without": gone}
        for kind, rows in (
            ("means", _means(one)),
            ("differences", _differences(one)),
            ("slopes", _slopes(one)),
            ("indicators", _indicators(one)),
            ("likeness", _likeness(one)),
            ("inequality", _inequality(one)),
            ("density", _density(one)),
        ):
            tables[kind] += [{**first, **row} for row in rows]
    return tables


def mobility_rows(found: Gradient) -> Rows:
    """One row a node, class of the neighbours and class at the start: how many moved to each class, shares, settled state."""
    rows: Rows = []
    for item in found.mobility:
        rows += list(_moves(found, item))
    return rows


def convergence_title(found: Sequence[Convergence], lang: str) -> str:
    """The heading of a table of convergence: whose figures the series are, the shipped provincial panel's or the index's own."""
    shipped = {item.code in choices()["series"] for item in found}
    panels = [word(key, lang) for key, here in (("panel_own", False), ("panel_provincial", True)) if here in shipped]
    return word("convergence_title", lang, panel=("；" if lang == "zh" else "; ").join(panels))


def convergence_rows(found: Sequence[Convergence]) -> Rows:
    """One row a series and year with σ; the series' β, its interval and half-life repeat in each row."""
    rows: Rows = []
    for item in found:
        labels = choices()["series"][item.code]["label"] if item.code in choices()["series"] else {"zh": "", "en": ""}
        for k, year in enumerate(item.years):
            rows.append(
                {
                    "series": item.code,
                    "label_zh": labels["zh"],
                    "label_en": labels["en"],
                    "year": year,
                    "units": len(item.units),
                    "left_out": " ".join(item.left_out),
                    "sd_of_logs": float(item.spread[k]),
                    "variation": float(item.variation[k]),
                    "sigma_trend": item.trend.slope,
                    "beta": item.growth.slope,
                    "beta_low": item.growth.low,
                    "beta_high": item.growth.high,
                    "r2": item.growth.r2,
                    "speed": item.speed,
                    "half_life": item.half_life,
                }
            )
    return rows


def write_gradients(folder: Path, found: Sequence[Gradient], series: Sequence[Convergence] = ()) -> list[Path]:
    """The files written: ``KIND-PERIOD.csv`` for each period and kind, ``mobility.csv``, ``convergence.csv``; none without rows."""
    folder.mkdir(parents=True, exist_ok=True)
    named: list[tuple[str, Rows]] = [
        (f"{kind}-{one.period}.csv", rows) for one in found for kind, rows in gradient_tables(one).items()
    ]
    named += [("mobility.csv", mobility_rows(found[-1])), ("convergence.csv", convergence_rows(series))]
    return [write_csv(folder / name, [_printed(row) for row in rows]) for name, rows in named if rows]


def _printed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its figures to twelve significant digits, missing ones empty."""
    return {key: number(value) if isinstance(value, float) else value for key, value in row.items()}


def _node(found: Gradient, node: str) -> dict[str, Any]:
    return {"node": node, "label_zh": label(found, node, "zh"), "label_en": label(found, node, "en")}


def _line(fit: Line) -> dict[str, Any]:
    return {"n": fit.n, "slope": fit.slope, "low": fit.low, "high": fit.high, "r2": fit.r2, "p": fit.p}


def _verdict_rows(found: Gradient) -> Iterator[dict[str, Any]]:
    for item in verdicts(found):
        texts = {"check": "", "holds": "", "text_zh": item.text("zh"), "text_en": item.text("en")}
        yield {"period": item.period, **_node(found, item.node), "answer": item.answer, **texts}
        for check in item.checks:
            holds = "" if check.holds is None else int(check.holds)
            texts = {"check": check.code, "holds": str(holds), "text_zh": check.text("zh"), "text_en": check.text("en")}
            yield {"period": item.period, **_node(found, item.node), "answer": "", **texts}


def _means(found: Gradient) -> Iterator[dict[str, Any]]:
    for row in found.means:
        group = {"by": row.by, "group": row.group, "n": row.n}
        spread = {"mean": row.mean, "low": row.low, "high": row.high, "sd": row.sd, "median": row.median}
        yield {**_node(found, row.node), **group, **spread}


def _differences(found: Gradient) -> Iterator[dict[str, Any]]:
    for row in found.differences:
        pair = {"by": row.by, "group": row.group, "other": row.other}
        yield {**_node(found, row.node), **pair, "difference": row.difference, "low": row.low, "high": row.high, "p": row.p}


def _slopes(found: Gradient) -> Iterator[dict[str, Any]]:
    for row in found.slopes:
        size = {"effective": row.effective, "p_effective": row.p_effective}
        yield {**_node(found, row.node), "on": row.on, "sample": row.sample, "group": row.group, **_line(row.line), **size}


def _indicators(found: Gradient) -> Iterator[dict[str, Any]]:
    for row in found.forces:
        part = {"r": row.r, "part": row.part, "share": row.share}
        yield {**_node(found, row.indicator), "sample": row.sample, "group": row.group, **_line(row.line), **part}


def _likeness(found: Gradient) -> Iterator[dict[str, Any]]:
    for row in found.likeness:
        one = row.moran
        rest = {"n": one.n, "moran": one.value, "expected": one.expected, "p": one.p, "p_upper": one.p_upper}
        yield {**_node(found, row.node), "weights": row.weights, **rest}


def _inequality(found: Gradient) -> Iterator[dict[str, Any]]:
    """A row a node, measure and part; a group's own measure has the group's name, a pair's Gini both names."""
    for row in found.inequality:
        node = _node(found, row.node)
        for measure, parts in (("theil_t", row.theil_t), ("theil_l", row.theil_l)):
            values: Mapping[str, float] = {"total": parts.total, "within": parts.within, "between": parts.between}
            yield from ({**node, "measure": measure, "part": part, "value": value} for part, value in values.items())
            yield from ({**node, "measure": measure, "part": f"in {name}", "value": value} for name, value in parts.groups.items())
        gini = row.gini
        values = {"total": gini.total, "within": gini.within, "between": gini.between, "transvariation": gini.transvariation}
        values |= {f"in {name}": value for name, value in gini.groups.items()}
        values |= {f"{one} and {two}": value for (one, two), value in gini.pairs.items()}
        yield from ({**node, "measure": "gini", "part": part, "value": value} for part, value in values.items())


def _density(found: Gradient) -> Iterator[dict[str, Any]]:
    for row in found.curves:
        for at, value in zip(row.grid.tolist(), row.values.tolist(), strict=True):
            one = {"group": row.group, "n": row.n, "bandwidth": row.width, "score": at, "density": value}
            yield {**_node(found, row.node), **one}


def _moves(found: Gradient, item: Mobility) -> Iterator[dict[str, Any]]:
    chi2, free, p = item.test or (None, None, None)
    for around, moves in [("all", item.whole), *((str(k + 1), one) for k, one in enumerate(item.by_neighbours))]:
        for start in range(moves.counts.shape[0]):
            row = {"periods": f"{item.periods[0]}–{item.periods[-1]}", **_node(found, item.node), "units": item.units}
            row |= {"neighbours": around, "start": start + 1}
            row |= {f"n_to_{end + 1}": int(count) for end, count in enumerate(moves.counts[start])}
            row |= {f"share_to_{end + 1}": float(share) for end, share in enumerate(moves.shares[start])}
            yield {**row, "settled": float(moves.ergodic[start]), "chi2": chi2, "free": free, "p": p}
