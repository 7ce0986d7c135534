"""An index as rows of plain values, and rows as CSV files (UTF-8 with a byte-order mark, as desks open them)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np

from tidu.core.stats import mean_sd
from tidu.diagnosis.audit.denominators import size_links
from tidu.diagnosis.explanation.change import Change
from tidu.diagnosis.explanation.contribution import Contributions
from tidu.diagnosis.explanation.readings import readings
from tidu.index.intervals import Intervals
from tidu.index.result import STEP_TABLES, Index

Rows = list[dict[str, Any]]

#: How many places P(top …) is about; said only where more units are ranked.
TOP = 10


def number(value: float) -> str:
    """A figure with twelve significant digits, empty when missing.

    >>> number(0.1 + 0.2), number(float("nan")), number(3.0)
    ('0.3', '', '3')
    """
    return "" if np.isnan(value) else format(value, ".12g")


def ranking(index: Index, period: str | None = None, n: int | None = None, intervals: Intervals | None = None) -> Rows:
    """One row a shown unit, best first: rank (or class), code, names, score, and the score of each first-level node.

    With ``intervals`` the range of the rank, the tie group, against how many units its order is undecided, and P(top ten) follow
    it. Where the file names a ``reading``, the mean of those nodes and its rank follow the score. Units that are not scored come
    last, without a rank.
    """
    t = index.period(period)
    bands = index.bands(period) if index.framework.table.index.display == "bands" else None
    sure = None if intervals is None else intervals.rows(index.periods[t])
    few = sure is not None and len(sure) <= TOP
    read = index.framework.table.index.reading
    read = tuple(node for node in read if index.live[t, index.framework.node(node).place])
    means, places = readings(index, read, index.periods[t]) if read else (None, None)
    first = [node for node in index.framework.nodes.values() if node.depth == 1]
    first = [node for node in first if index.live[t, node.place]]
    root = index.framework.node(index.framework.code).place
    rows: Rows = []
    order = [u for u in range(len(index.units)) if index.shown[u]]
    order.sort(key=lambda u: (np.nan_to_num(index.ranks[u, t, root], nan=np.inf), u))
    for u in order[:n]:
        unit, rank = index.units[u], index.ranks[u, t, root]
        band = None if bands is None else bands[unit]
        row: dict[str, Any] = (
            {"band": None if band is None else int(band)} if bands is not None else {"rank": None if np.isnan(rank) else int(rank)}
        )
        row |= {"unit": unit, "name_zh": index.panel.name(unit, "zh"), "name_en": index.panel.name(unit, "en")}
        if bands is None:
            if sure is not None:
                row |= _range(sure.get(unit))
                if few:  # the first ten of ten say nothing
                    del row["top_ten"]
            row["score"] = _plain(index.scores[u, t, root])
            if means is not None and places is not None:
                row["reading"] = _plain(float(means[u]))
                row["reading_rank"] = None if np.isnan(places[u]) else int(places[u])
            row |= {node.code: _plain(index.scores[u, t, node.place]) for node in first}
        row["status"] = marks(index, u, t)
        rows.append(row)
    return rows


def _range(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """The range of a rank, its tie group and P(top ten), as the columns of a ranking; empty for a unit without a rank."""
    if row is None:
        return dict.fromkeys(("best", "worst", "tie_group", "undecided", "top_ten"))
    return {**_ends(row), "tie_group": row["group"], "undecided": row["undecided"], "top_ten": _plain(row["top_10"])}


def _ends(row: Mapping[str, Any]) -> dict[str, int]:
    """The ends of a range as whole ranks, outwards where a quantile lies between two.

    >>> _ends({"best": 121.15, "worst": 179.3})
    {'best': 121, 'worst': 180}
    """
    return {"best": floor(row["best"]), "worst": ceil(row["worst"])}


def outside(row: Mapping[str, Any]) -> bool:
    """Whether the rank of a row of a ranking lies outside its own range as that is printed, in whole ranks.

    >>> outside({"rank": 7, "best": 2.5, "worst": 6.2}), outside({"rank": 8, "best": 2.5, "worst": 6.2}), outside({"rank": 1})
    (False, True, False)
    """
    rank, best, worst = row.get("rank"), row.get("best"), row.get("worst")
    return rank is not None and best is not None and worst is not None and not floor(best) <= rank <= ceil(worst)


def interval_rows(index: Index, intervals: Intervals) -> Rows:
    """One row a ranked unit and period: rank, mean, median, range in whole ranks, P(top ten), tie group, score and its range."""
    rows: Rows = []
    for period in index.periods:
        for unit, row in sorted(intervals.rows(period).items(), key=lambda item: (item[1]["rank"] or 0, item[0])):
            names = {f"name_{lang}": index.panel.name(unit, lang) for lang in ("zh", "en")}
            numbers = {key: value for key, value in row.items() if key not in ("unit", "top_10", "group", "undecided")}
            made = {key: "" if value is None else number(float(value)) for key, value in (numbers | _ends(row)).items()}
            rows.append(
                {
                    "period": period,
                    "unit": unit,
                    **names,
                    **made,
                    "top_ten": number(row["top_10"]),
                    "tie_group": row["group"],
                    "undecided": row["undecided"],
                }
            )
    return rows


def marks(index: Index, u: int, t: int) -> str:
    """The letters of a unit's figures that are not normal, with how many of each: ``E1 I2``; empty when all are normal."""
    letters = index.status[u, t][index.live[t, : len(index.framework.leaves)]].tolist()
    return " ".join(f"{letter}{letters.count(letter)}" for letter in sorted(set(letters)) if letter != "A")


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(format(value, ".12g"))


def by_unit(index: Index, what: str) -> Rows:
    """A table of the index as one row a unit and period: ``scores``, ``ranks``, ``status`` or a step's name."""
    table = getattr(index, what)
    codes = index.nodes if what in ("scores", "ranks") else index.framework.leaves
    rows: Rows = []
    for t, period in enumerate(index.periods):
        for u, unit in enumerate(index.units):
            row: dict[str, Any] = {
                "unit": unit,
                "name_zh": index.panel.name(unit, "zh"),
                "name_en": index.panel.name(unit, "en"),
                "period": period,
            }
            cells = table[u, t].tolist()
            if what == "ranks":
                row |= {code: "" if np.isnan(cell) else str(int(cell)) for code, cell in zip(codes, cells, strict=True)}
            elif what == "status":
                row |= dict(zip(codes, cells, strict=True))
            else:
                row |= {code: number(cell) for code, cell in zip(codes, cells, strict=True)}
            rows.append(row)
    return rows


def weights(index: Index) -> Rows:
    """One row a node and period: parent, weight among its siblings, share in the root."""
    rows: Rows = []
    for period in index.periods:
        share = index.weights(period)
        own = {
            child: weight
            for join in index.joins
            if period in join.periods
            for child, weight in zip(join.children, join.weights.tolist(), strict=True)
        }
        for node in index.framework.nodes.values():
            if node.code in share:
                rows.append(
                    {
                        "period": period,
                        "code": node.code,
                        "label_zh": index.framework.label(node.code, "zh"),
                        "label_en": index.framework.label(node.code, "en"),
                        "parent": node.parent or "",
                        "weight": number(own.get(node.code, 1.0)),
                        "effective_weight": number(share[node.code]),
                    }
                )
    return rows


def changes(index: Index) -> Rows:
    """One row a cell that imputation or treatment changed, with its reason."""
    return [
        {
            "unit": cell.unit,
            "name_zh": index.panel.name(cell.unit, "zh"),
            "period": cell.period,
            "indicator": cell.indicator,
            "step": cell.step,
            "before": number(cell.before),
            "after": number(cell.after),
            "reason": cell.reason,
        }
        for cell in index.changes()
    ]


def denominators(index: Index) -> Rows:
    """One row an indicator and column of size: their correlation, whether it is divided by it, whether that is flagged."""
    rows = [
        {
            "indicator": link.indicator,
            "column": link.column,
            "divided": int(link.divided),
            "correlation": number(link.correlation),
            "flagged": int(link.flagged),
        }
        for link in size_links(index)
    ]
    return rows or [{"indicator": "", "note": "no indicator is divided by a column"}]


def contributions(index: Index, found: Contributions) -> Rows:
    """One row a node below the one that is split: its score, what it is set against, part, standard error, share of the total."""
    t, u = index.period(found.period), index.units.index(found.unit)
    places = [index.units.index(other) for other in found.others]
    rows: Rows = []
    for code, part in found.parts.items():
        node = index.framework.node(code)
        rows.append(
            {
                "code": code,
                "label_zh": index.framework.label(code, "zh"),
                "label_en": index.framework.label(code, "en"),
                "parent": node.parent or "",
                "score": _plain(index.scores[u, t, node.place]),
                "compared": _plain(float(mean_sd(index.scores[places, t, node.place])[0])) if places else None,
                "part": part,
                "standard_error": found.errors[code],
                "share": part / found.total if abs(found.total) > 1e-12 else None,
            }
        )
    return rows


def changed(found: Change) -> Rows:
    """One row a cause of a change of score: the unit, node and periods, the scores at both ends, the part."""
    ends = {"unit": found.unit, "node": found.node, "from": found.periods[0], "to": found.periods[1]}
    moved = {"before": number(found.before), "after": number(found.after)}
    return [{**ends, **moved, "cause": cause, "part": number(part)} for cause, part in found.parts.items()]


def screening(index: Index) -> Rows:
    """One row a unit and period: figures missing and zero, the share seen, whether it is scored."""
    found = index.screening
    return [
        {
            "unit": unit,
            "name_zh": index.panel.name(unit, "zh"),
            "period": period,
            "missing": int(found.missing[u, t]),
            "zero": int(found.zero[u, t]),
            "availability": number(float(found.availability[u, t])),
            "nonzero": number(float(found.nonzero[u, t])),
            "included": int(found.included[u, t]),
        }
        for t, period in enumerate(index.periods)
        for u, unit in enumerate(index.units)
    ]


def csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    r"""Rows as CSV text with one heading line; a text that a spreadsheet would run as a formula gets a leading apostrophe.

    >>> csv_text([{"a": 1, "b": "=cmd()"}])
    "a,b\n1,'=cmd()\n"
    """
    file = io.StringIO()
    if rows:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _safe(value) for key, value in row.items()} for row in rows)
    return file.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return "" if value is None else value


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The path written: rows as UTF-8 CSV with a byte-order mark and plain line ends, the same bytes for the same rows."""
    path.write_bytes(csv_text(rows).encode("utf-8-sig"))
    return path


def write_steps(index: Index, folder: Path) -> list[Path]:
    """The files written: one CSV a step, in the order of the steps, and the record of changed cells."""
    folder.mkdir(parents=True, exist_ok=True)
    named: Iterable[tuple[str, Rows]] = [
        *((f"{at}_{what}.csv", by_unit(index, what)) for at, what in enumerate(STEP_TABLES, start=1)),
        ("5_scores.csv", by_unit(index, "scores")),
        ("6_ranks.csv", by_unit(index, "ranks")),
        ("status.csv", by_unit(index, "status")),
        ("screening.csv", screening(index)),
        ("weights.csv", weights(index)),
        ("denominators.csv", denominators(index)),
        ("changes.csv", changes(index) or [{"unit": "", "note": "no cell was changed"}]),
    ]
    return [write_csv(folder / name, rows) for name, rows in named]
