"""An index as a COINr pair: iMeta (the tree), iData (the figures), and the index file that reads iData.

iData holds the indicators' figures as they enter treatment: divided, scaled, gaps filled, empty where a unit is screened
out. Weights in iMeta are those that came out, so weightings need no method. Treatment, normalisation and aggregation are no
part of a pair; the index file beside it states them. Source: COINr (W. Becker, JOSS 10.21105/joss.04567), tables of
``new_coin``.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any

import numpy as np
import tomli_w

from tidu.core.errors import TiduError
from tidu.index.build import build
from tidu.index.coin import panel_of
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import number_of
from tidu.publish.run_folder import TOLERANCE, spec_text
from tidu.publish.tables import Rows

#: Keys of an index file that a pair has already worked out.
_DONE = ("extends", "column", "impute", "screen", "weighting", "weight_set", "uncertain")
_DONE_INSIDE = ("of", "per", "per_at_least", "scale", "impute", "weighting")


def meta_rows(index: Index) -> Rows:
    """The rows of iMeta: indicators, then nodes from the deepest up, the root last, then attributes of units as groups."""
    framework, weight = index.framework, _weights(index)
    height: dict[str, int] = {}
    rows: Rows = []
    for node in framework.nodes.values():
        if not index.live[:, node.place].any():
            continue
        height[node.code] = 1 if node.leaf else 1 + max(height[child] for child in node.children if child in height)
        item = framework.table.indicator.get(node.code)
        row: dict[str, Any] = {"iCode": _code(index, node.code), "iName": framework.label(node.code, "en")}
        row |= {"iName_zh": framework.label(node.code, "zh"), "Level": height[node.code]}
        row |= {"Direction": -1 if item is not None and item.better == "lower" else 1, "Weight": repr(weight.get(node.code, 1.0))}
        row |= {"Parent": "" if node.parent is None else _code(index, node.parent)}
        row |= {"Type": "Indicator" if node.leaf else "Aggregate", "Unit": (item and item.unit) or ""}
        rows.append(row)
    empty = dict.fromkeys(("iName_zh", "Level", "Direction", "Weight", "Parent"), "")
    return rows + [{"iCode": key, "iName": key, **empty, "Type": "Group", "Unit": ""} for key in _groups(index)]


def data_rows(index: Index) -> Rows:
    """The rows of iData: one a unit and period, with the figures that enter treatment and the unit's groups."""
    leaves = [(k, code) for k, code in enumerate(index.framework.leaves) if index.live[:, k].any()]
    rows: Rows = []
    for u, unit in enumerate(index.units):
        for t, period in enumerate(index.periods):
            name = {"uCode": unit, "uName": index.panel.name(unit, "en"), "uName_zh": index.panel.name(unit, "zh")}
            figures = {code: _exact(float(index.imputed[u, t, k])) for k, code in leaves}
            groups = {key: index.panel.groups[key][u] for key in _groups(index)}
            rows.append({**name, "Time": period, **figures, **groups})
    return rows


def pair_spec(index: Index) -> str:
    """The index file that reads iData as its figures and gives the same scores where the pair can say what the index does."""
    spec = _spec(index)
    return f"# Reads iData.csv: tidu build index.toml --data iData.csv\n{tomli_w.dumps(spec)}"


def reproduces(index: Index) -> bool:
    """Whether the pair with its index file gives the index's scores, within the tolerance of a rerun.

    It does not where parameters were fitted on other figures, weights differ between periods, or a method needs more than
    the indicators' own figures.

    >>> from tidu.app import make
    >>> reproduces(make("city-ip-core"))
    True
    """
    texts = [{key: str(value) for key, value in row.items()} for row in data_rows(index)]
    meta = [{key: str(value) for key, value in row.items()} for row in meta_rows(index)]
    try:
        again = build(Framework.of(_spec(index)), panel_of(texts, meta))
    except TiduError:
        return False
    places = [again.units.index(unit) for unit in index.units]
    nodes = [code for code in index.nodes if code in again.nodes]
    mine = index.scores[:, :, [index.nodes.index(code) for code in nodes]]
    theirs = again.scores[places][:, :, [again.nodes.index(code) for code in nodes]]
    if mine.shape != theirs.shape or not np.array_equal(np.isnan(mine), np.isnan(theirs)):
        return False
    scale = np.nanmax(np.abs(mine), initial=1.0)
    return bool(np.nanmax(np.abs(mine - theirs), initial=0.0) <= TOLERANCE * scale)


def _spec(index: Index) -> dict[str, Any]:
    spec: dict[str, Any] = tomllib.loads(spec_text(index.framework, index.panel))
    weight = _weights(index)
    live = {code for code in index.nodes if index.live[:, index.framework.nodes[code].place].any()}
    made = {key: value for key, value in spec.items() if key not in _DONE}
    made["index"] = {key: value for key, value in made["index"].items() if key != "weighting"}
    for kind in ("pillar", "indicator"):
        made[kind] = {
            code: {key: value for key, value in item.items() if key not in _DONE_INSIDE} | {"weight": weight.get(code, 1.0)}
            for code, item in spec.get(kind, {}).items()
            if code in live
        }
    return {key: value for key, value in json.loads(json.dumps(made)).items() if value != {}}


def _weights(index: Index) -> dict[str, float]:
    """Node → its weight among its siblings in the last period that has it."""
    return {
        child: float(weight)
        for join in sorted(index.joins, key=lambda join: max(join.periods))
        for child, weight in zip(join.children, join.weights.tolist(), strict=True)
    }


def _code(index: Index, code: str) -> str:
    """A node's code; that of the root without hyphens and points, which R would read as minus and as a list."""
    return code.replace("-", "_").replace(".", "_") if code == index.framework.code else code


def _groups(index: Index) -> list[str]:
    """The attributes of units that are texts: one of numbers would be read as a figure."""
    taken = {"uCode", "uName", "uName_zh", "Time", *index.nodes, _code(index, index.framework.code)}
    groups = index.panel.groups
    return [key for key, texts in groups.items() if key not in taken and not all(number_of(text) is not None for text in texts)]


def _exact(value: float) -> str:
    return "" if np.isnan(value) else repr(value)
