"""The tables of a release that its spec and figures make anew: what is written, and what a check writes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tidu.core.errors import ReplayError, TiduError
from tidu.diagnosis.explanation.contribution import score_parts
from tidu.index.intervals import Intervals
from tidu.index.result import Index
from tidu.publish.release import coin_pair
from tidu.publish.run_folder import build_from, input_texts, read_record, result_rows, told_intervals
from tidu.publish.tables import Rows, csv_text, number

#: Where the files that an index is built from stand in a release, by their names in a run folder.
INPUTS = {
    "index.toml": "config/index.toml",
    "data.csv": "data/data.csv",
    "frozen.toml": "config/frozen.toml",
    "frozen.csv": "data/frozen.csv",
}
#: What a rebuild must know besides: seed, points of the ranges, tolerance, versions.
RECORD = "config/run.json"
#: Headings of tables that may have no row.
_HEADS = {
    "results/changes.csv": ("unit", "name_zh", "period", "indicator", "step", "before", "after", "reason"),
    "results/contributions.csv": ("period", "unit", "code", "parent", "leaf", "part", "standard_error"),
    "data/sources.csv": ("source", "title"),
}


def texts(index: Index, sure: Intervals | None, seed: int = 0) -> dict[str, str]:
    """Address → text of every table that is made from the index alone, in the order of a release.

    ``data/`` has the indicators' figures and definitions, ``results/`` scores, ranks, ranges, contributions and the rest of
    a run folder's tables, ``coin/`` the COINr pair.
    """
    made: dict[str, Sequence[Mapping[str, Any]]] = {
        "data/indicators.csv": indicator_rows(index),
        "data/definitions.csv": definition_rows(index),
        "data/sources.csv": source_rows(index),
    }
    made |= {f"results/{name}": rows for name, rows in result_rows(index, sure).items()}
    if sure is not None:
        made["results/factors.csv"] = factor_rows(sure)
    made["results/contributions.csv"] = contribution_rows(index, seed)
    made |= {"coin/iMeta.csv": coin_pair.meta_rows(index), "coin/iData.csv": coin_pair.data_rows(index)}
    found = {address: csv_text(rows) or ",".join(_HEADS.get(address, ("note",))) + "\n" for address, rows in made.items()}
    if coin_pair.reproduces(index):
        found["coin/index.toml"] = coin_pair.pair_spec(index)
    return found


def inputs(index: Index) -> dict[str, str]:
    """Address → text of what the index is built from."""
    return {INPUTS[name]: text for name, text in input_texts(index).items()}


def rebuilt(folder: Path) -> dict[str, str]:
    """The tables of a release as :func:`texts` gives them, made anew from its spec, figures and record.

    Raises what :func:`built` raises.
    """
    return texts(*built(folder))


def built(folder: Path) -> tuple[Index, Intervals | None, int]:
    """The index of a release's spec and figures, how sure its ranks are, and the seed that its record names.

    Raises ``run_missing``, ``run_unreadable``, and whatever is wrong in the spec or the figures.
    """
    record = read_record(folder / RECORD)
    for address in (INPUTS["index.toml"], INPUTS["data.csv"]):
        if not (folder / address).is_file():
            raise ReplayError("run_missing", file=address, folder=folder.name)
    frozen = (folder / INPUTS["frozen.toml"], folder / INPUTS["frozen.csv"])
    seed = record.get("seed", 0)
    index = build_from(
        folder / INPUTS["index.toml"],
        folder / INPUTS["data.csv"],
        frozen if all(path.is_file() for path in frozen) else None,
        seed,
    )
    return index, told_intervals(index, record), seed


# --- rows ----------------------------------------------------------------------------------------------------------------


def indicator_rows(index: Index) -> Rows:
    """One row a unit, period and indicator: value, status letter, denominator and its value, whether filled, source.

    The value is divided and scaled, before treatment; one that was filled is the filled one. Where a denominator has no
    figure it is empty.
    """
    framework, status = index.framework, index.status
    sources = {row["title"]: row["source"] for row in source_rows(index)}
    values = np.where(np.isnan(index.raw), index.imputed, index.raw)
    below = {item.per: index.column(item.per) for item in framework.table.indicator.values() if item.per is not None}
    rows: Rows = []
    for t, period in enumerate(index.periods):
        for u, unit in enumerate(index.units):
            for k, code in enumerate(framework.leaves):
                if not index.live[t, k]:
                    continue
                item = framework.table.indicator[code]
                row: dict[str, Any] = {"unit": unit, "period": period, "indicator": code, "value": number(values[u, t, k])}
                row |= {"status": str(status[u, t, k]), "denominator": item.per or ""}
                row["denominator_value"] = "" if item.per is None else number(below[item.per][u, t])
                row |= {"imputed": int(status[u, t, k] == "I"), "source": sources.get(item.source or "", "")}
                rows.append(row)
    return rows


def definition_rows(index: Index) -> Rows:
    """One row an indicator: labels, parent, columns it is made of, scale, unit of measure, which way is better."""
    rows: Rows = []
    sources = {row["title"]: row["source"] for row in source_rows(index)}
    for code in index.framework.leaves:
        item = index.framework.table.indicator[code]
        row: dict[str, Any] = {"indicator": code, **{f"label_{lang}": index.framework.label(code, lang) for lang in ("zh", "en")}}
        row |= {"parent": index.framework.node(code).parent or "", "of": item.of or code, "per": item.per or ""}
        row |= {"scale": number(item.scale), "unit_of_measure": item.unit or "", "better": item.better}
        rows.append({**row, "lever": int(index.framework.permits[code].free), "source": sources.get(item.source or "", "")})
    return rows


def source_rows(index: Index) -> Rows:
    """One row a source that indicators name: its short name and its title."""
    items = index.framework.table.indicator.values()
    titles = dict.fromkeys(item.source for item in items if item.source)
    return [{"source": f"s{at}", "title": title} for at, title in enumerate(titles, start=1)]


def factor_rows(sure: Intervals) -> Rows:
    """One row a factor behind the ranges: what it is, whether it stands in because the file names none, points, level, seed."""
    told = sure.record()
    return [
        {
            "factor": one.name,
            "label_zh": one.label.get("zh", one.name),
            "label_en": one.label.get("en", one.name),
            "assumed": int(one.name in sure.assumed),
            "points": told["points"],
            "exact": int(told["exact"]),
            "level": number(told["level"]),
            "seed": told["seed"],
        }
        for one in sure.found.space.factors
    ]


def contribution_rows(index: Index, seed: int = 0) -> Rows:
    """One row a scored unit, period and node: its part of the unit's score against the zero of the scale.

    Indicators (``leaf`` 1) add up to the score less that zero; so do a node's children to the node. Units whose score
    cannot be taken apart have no row.
    """
    rows: Rows = []
    leaves = set(index.framework.leaves)
    for period in index.periods:
        for unit, rank in index.rank(None, period).items():
            if rank is None:
                continue
            try:
                found = score_parts(index, unit, period, seed=seed)
            except TiduError:
                continue
            for code, part in found.parts.items():
                row = {"period": period, "unit": unit, "code": code, "parent": index.framework.node(code).parent or ""}
                error = number(found.errors[code])
                rows.append({**row, "leaf": int(code in leaves), "part": number(part), "standard_error": error})
    return rows
