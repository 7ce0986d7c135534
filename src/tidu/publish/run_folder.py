"""The folder of a run: results, the spec and the data they were made of, hashes, and the replay that checks them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from tidu.core.errors import ReplayError, TiduError
from tidu.index.build import build
from tidu.index.columns import needed
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel
from tidu.indicators.sheet import read_panel
from tidu.publish import tables
from tidu.publish.workbook import write_results

#: Two results agree when they differ by no more than this share of the larger one: linear algebra differs between machines.
TOLERANCE = 1e-9
_DATA, _SPEC, _RUN = "data.csv", "index.toml", "run.json"


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def spec_text(framework: Framework, panel: Panel) -> str:
    """The index file of a framework as TOML, ``extends`` resolved and the universes it uses written out."""
    spec: dict[str, Any] = json.loads(json.dumps(framework.spec))
    for key in ("fit_on", "show"):
        name = getattr(framework.table.units, key)
        if name != "all" and name not in spec.get("universe", {}):
            spec.setdefault("universe", {})[name] = {"members": list(panel.universe(name))}
    return tomli_w.dumps(spec)


def data_rows(framework: Framework, panel: Panel) -> list[dict[str, Any]]:
    """The cells of a panel that an index uses, one row a unit and period, with a status column beside each column."""
    used = [column for column in panel.columns if column in needed(framework)]
    letters = panel.letters()
    rows = []
    for u, unit in enumerate(panel.units):
        for t, period in enumerate(panel.periods):
            row: dict[str, Any] = {"unit": unit}
            row |= {f"name_{lang}": panel.name(unit, lang) for lang in ("zh", "en")}
            row["period"] = period
            row |= {key: texts[u] for key, texts in panel.groups.items()}
            for column in used:
                k = panel.position(column)
                value = float(panel.values[u, t, k])
                row[column] = "" if np.isnan(value) else repr(value)
                row[f"{column}.status"] = str(letters[u, t, k])
            rows.append(row)
    return rows


def write_run(index: Index, folder: Path, inputs: Mapping[str, str] | None = None, seed: int = 0) -> list[Path]:
    """The files written: scores, ranks, weights, coverage, screening, changes (CSV), one XLSX, the spec, the data, ``run.json``.

    ``inputs`` names the files the run was made from, with their SHA-256; ``run.json`` holds them, the hash of every
    file written, the versions at work and the seed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _SPEC).write_text(spec_text(index.framework, index.panel), encoding="utf-8")
    tables.write_csv(folder / _DATA, data_rows(index.framework, index.panel))
    written = [folder / _SPEC, folder / _DATA, *_results(index, folder), write_results(folder / "results.xlsx", index)]
    record = {
        "tidu": version("tidu"),
        "index": index.framework.code,
        "periods": list(index.periods),
        "seed": seed,
        "tolerance": TOLERANCE,
        "inputs": dict(inputs or {}),
        "files": {path.name: sha256(path) for path in written},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("numpy", "scipy")}},
    }
    (folder / _RUN).write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [*written, folder / _RUN]


def _results(index: Index, folder: Path) -> list[Path]:
    return [tables.write_csv(folder / name, rows) for name, rows in _result_rows(index).items()]


def _result_rows(index: Index) -> dict[str, Sequence[Mapping[str, Any]]]:
    return {
        "scores.csv": tables.by_unit(index, "scores"),
        "ranks.csv": tables.by_unit(index, "ranks"),
        "weights.csv": tables.weights(index),
        "coverage.csv": index.coverage(),
        "screening.csv": tables.screening(index),
        "changes.csv": tables.changes(index),
    }


@dataclass(frozen=True)
class Replay:
    """What a rerun met: ``bytes`` when every file is the same, ``tolerance`` when the numbers agree, and what was compared."""

    met: str
    files: tuple[str, ...]
    largest: float


def rerun(folder: Path) -> Replay:
    """The replay of a run folder: its data and spec are read again, built again and compared.

    Raises ``run_missing`` when a file is gone, ``run_changed`` naming the file whose hash no longer fits and the first
    cell that differs, ``run_differs`` when the rebuilt numbers leave the tolerance.
    """
    record = _record(folder)
    for name in record["files"]:
        if not (folder / name).exists():
            raise ReplayError("run_missing", file=name, folder=folder.name)
    index = build(_framework(folder), _panel(folder), seed=int(record.get("seed", 0)))
    largest, same = 0.0, True
    new = {name: tables.csv_text(rows).encode("utf-8-sig") for name, rows in _result_rows(index).items()}
    for name, content in new.items():
        old = (folder / name).read_bytes()
        if old != content:
            same = False
            largest = max(largest, _apart(name, old, content))
    for name, digest in record["files"].items():
        if sha256(folder / name) != digest:
            raise ReplayError("run_changed", file=name, wanted=digest[:12], found=sha256(folder / name)[:12])
    return Replay("bytes" if same else "tolerance", tuple(new), largest)


def _record(folder: Path) -> dict[str, Any]:
    path = folder / _RUN
    if not path.exists():
        raise ReplayError("run_missing", file=_RUN, folder=folder.name)
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        record["files"].items()
    except (ValueError, KeyError, AttributeError, TypeError):
        raise ReplayError("run_unreadable", file=_RUN) from None
    return record


def _framework(folder: Path) -> Framework:
    return Framework.load(folder / _SPEC)


def _panel(folder: Path) -> Panel:
    try:
        return read_panel(folder / _DATA, figures=needed(_framework(folder)))
    except TiduError as error:
        raise error.in_file(_DATA) from None


def _apart(name: str, old: bytes, new: bytes) -> float:
    """The largest relative difference of two CSV files; raises at the first cell that leaves the tolerance."""
    a, b = (list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) for content in (old, new))
    if len(a) != len(b) or (a and a[0] != b[0]):
        raise ReplayError("run_differs", file=name, row=1, stands=f"{len(a)} rows", rebuilt=f"{len(b)} rows")
    largest = 0.0
    for line, (first, second) in enumerate(zip(a, b, strict=True), start=1):
        for column, (x, y) in enumerate(zip(first, second, strict=True)):
            if x == y:
                continue
            try:
                left, right = float(x), float(y)
            except ValueError:
                raise ReplayError("run_differs", file=name, row=line, column=a[0][column], stands=x, rebuilt=y) from None
            apart = abs(left - right) / max(abs(left), abs(right))
            if apart > TOLERANCE:
                raise ReplayError("run_differs", file=name, row=line, column=a[0][column], stands=x, rebuilt=y)
            largest = max(largest, apart)
    return largest
