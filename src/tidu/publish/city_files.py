"""One unit's own file: scores, ranks with their ranges, and every figure with its status and source, year by year."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tidu.core.words import word
from tidu.diagnosis.explanation.figures import FigureLine, figures
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.tables import Rows
from tidu.publish.workbook import write_workbook

#: What is known of a rank beside it, in the order of a row.
_RANGE = ("best", "worst", "tie_group", "undecided", "top_ten")

#: How many letters of nested JSON stand on one line.
_SHORT = 240


def unit_rows(edition: Edition, unit: str) -> Rows:
    """One row a period and node, parents before children; an indicator's row carries its figure, status letter and source.

    ``of`` is how many units have a rank, ``share`` the node's weight in the whole, ``figure`` as it was given, ``used`` as
    it was scored after filling and treatment.
    """
    index, rows = edition.index, []
    framework, u = index.framework, index.units.index(unit)
    order = edition.index.framework.downwards()
    for t, period in enumerate(index.periods):
        given = {line.code: line for line in figures(index, unit, period)}
        weights = index.weights(period)
        standing = next((row for row in edition.ranking(period) if row["unit"] == unit), {})
        for code in order:
            node = framework.node(code)
            if not index.live[t, node.place]:
                continue
            row: dict[str, Any] = {"unit": unit, **{f"name_{lang}": edition.name(unit, lang) for lang in LANGUAGES}}
            row |= {"period": period, "code": code, **{f"label_{lang}": edition.label(code, lang) for lang in LANGUAGES}}
            row |= {"parent": node.parent or "", "level": node.depth, "share": plain(weights.get(code, float("nan")))}
            rank = index.ranks[u, t, node.place]
            shown = framework.table.index.display != "bands"
            row |= {"score": plain(index.scores[u, t, node.place]) if shown else None}
            row |= {"rank": int(rank) if shown and not np.isnan(rank) else None}
            row |= {"of": int(np.sum(~np.isnan(index.ranks[:, t, node.place])))}
            row |= {key: standing.get(key) if code == edition.code else None for key in _RANGE}
            rows.append({**row, **_figure(given.get(code))})
    return rows


def _figure(line: FigureLine | None) -> dict[str, Any]:
    if line is None:
        return dict.fromkeys(("figure", "used", "measured_in", "status", "source", "lineage"))
    lineage = "; ".join(f"{column}: {text}" for column, text in line.lineage.items() if text)
    made = {"figure": plain(line.value), "used": plain(line.used), "measured_in": line.unit}
    return {**made, "status": line.status, "source": line.source, "lineage": lineage or None}


def plain(value: float) -> float | None:
    """A figure with twelve significant digits, nothing when missing.

    >>> plain(0.1 + 0.2), plain(float("nan"))
    (0.3, None)
    """
    return None if np.isnan(value) else float(format(value, ".12g"))


def unit_record(edition: Edition, unit: str) -> dict[str, Any]:
    """The same as nested values: the edition, what each node is, then period → rank, range, scores and figures by node."""
    found: dict[str, Any] = {
        "index": edition.code,
        "title": {lang: edition.title(lang) for lang in LANGUAGES},
        "edition": edition.hash,
        "vintage": edition.sources["vintage"],
        "unit": unit,
        "name": {lang: edition.name(unit, lang) for lang in LANGUAGES},
        "nodes": {},
        "periods": {},
    }
    about = ("parent", "level", "measured_in", "source", "lineage")
    for row in unit_rows(edition, unit):
        here = found["periods"].setdefault(row["period"], {"nodes": {}, "figures": {}})
        if row["code"] == edition.code:
            here |= {key: row[key] for key in ("rank", "of", *_RANGE, "score")}
        label = {lang: row[f"label_{lang}"] for lang in LANGUAGES}
        known = {key: row[key] for key in about if row[key] not in (None, "")}
        found["nodes"].setdefault(row["code"], {"label": label, **known})
        here["nodes"][row["code"]] = {key: row[key] for key in ("share", "score", "rank", "of")}
        if row["status"] is not None:
            here["figures"][row["code"]] = {key: row[key] for key in ("figure", "used", "status")}
    return found


def json_text(values: Any) -> str:
    r"""Values as JSON text that a person can read, ended by one line end; what holds only plain values or is short is one line.

    >>> json_text({"a": "市", "b": [1, None]})
    '{"a": "市", "b": [1, null]}\n'
    """
    return _json(values, "") + "\n"


def _json(value: Any, margin: str) -> str:
    inner = list(value.values() if isinstance(value, Mapping) else value) if isinstance(value, Mapping | list | tuple) else []
    whole = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(whole) <= _SHORT or not any(isinstance(one, Mapping | list | tuple) for one in inner):
        return whole
    if isinstance(value, Mapping):
        lines = [f"{json.dumps(str(key), ensure_ascii=False)}: {_json(one, margin + ' ')}" for key, one in value.items()]
    else:
        lines = [_json(one, margin + " ") for one in value]
    first, last = "{}" if isinstance(value, Mapping) else "[]"
    return first + ",".join(f"\n{margin} {line}" for line in lines) + f"\n{margin}{last}"


def workbook_bytes(sheets: Mapping[str, Sequence[Mapping[str, Any]]], notes: Sequence[Sequence[str]] = ()) -> bytes:
    """The bytes of a workbook, one sheet a table, as :func:`tidu.publish.workbook.write_workbook` writes it."""
    with TemporaryDirectory() as folder:
        return write_workbook(Path(folder) / "made.xlsx", sheets, notes).read_bytes()


def unit_workbook(edition: Edition, unit: str) -> bytes:
    """The bytes of a unit's workbook: notes, scores and ranks of nodes, figures with status and source."""
    rows = unit_rows(edition, unit)
    drop = ("figure", "used", "measured_in", "status", "source", "lineage")
    nodes = [{key: value for key, value in row.items() if key not in drop} for row in rows]
    keys = ("unit", "name_zh", "name_en", "period", "code", "label_zh", "label_en", *drop)
    given = [{key: row[key] for key in keys} for row in rows if row["status"] is not None]
    return workbook_bytes({"scores 得分": nodes, "figures 数据": given}, notes(edition))


def notes(edition: Edition) -> list[tuple[str, str]]:
    """What stands first in every workbook of an edition: title, edition of the figures, hash, what letters mean, its nature."""
    rows = [("Tidu 梯度", ""), (edition.title("zh"), edition.title("en"))]
    rows += [("数据 figures", edition.sources["vintage"]), ("版本指纹 edition", edition.hash), ("tidu", edition.sources["tidu"])]
    return [*rows, (word("workbook_notes", "zh"), word("workbook_notes", "en"))]
