"""The folder of a run: results, the spec and the data they were made of, hashes, and the replay that checks them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from tidu.core.errors import ReplayError, TiduError
from tidu.index.build import build
from tidu.index.columns import needed
from tidu.index.framework import Framework
from tidu.index.intervals import Intervals, intervals
from tidu.index.result import Index
from tidu.indicators.panel import Panel
from tidu.indicators.sheet import read_panel
from tidu.publish import tables
from tidu.publish.workbook import write_results

#: Two results agree when they differ by no more than this share of the larger one: linear algebra differs between machines.
TOLERANCE = 1e-9
_DATA, _SPEC, _RUN = "data.csv", "index.toml", "run.json"
_FROZEN_DATA, _FROZEN_SPEC = "frozen.csv", "frozen.toml"


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
    factors = json.dumps(spec.get("uncertain", {}), ensure_ascii=False)
    for name in panel.universes:
        if name in factors and name not in spec.get("universe", {}):
            spec.setdefault("universe", {})[name] = {"members": list(panel.universe(name))}
    return tomli_w.dumps(spec)


def data_rows(framework: Framework, panel: Panel) -> list[dict[str, Any]]:
    """The cells of a panel that an index uses, one row a unit and period, with status letters and standard errors beside."""
    used = [column for column in panel.columns if column in needed(framework)]
    letters, errors = panel.letters(), panel.standard_error
    doubtful = set() if errors is None else {column for column in used if not np.isnan(errors[:, :, panel.position(column)]).all()}
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
                if errors is not None and column in doubtful:
                    size = float(errors[u, t, k])
                    row[f"{column}.se"] = "" if np.isnan(size) else repr(size)
            rows.append(row)
    return rows


def input_texts(index: Index) -> dict[str, str]:
    """File name → text of what an index is built from: the spec and the data, and those of frozen parameters where they differ."""
    found = {_SPEC: spec_text(index.framework, index.panel)}
    found[_DATA] = tables.csv_text(data_rows(index.framework, index.panel))
    if index.frozen.framework is not index.framework:  # scored with another's parameters: that one is kept too
        found[_FROZEN_SPEC] = spec_text(index.frozen.framework, index.frozen.panel)
        found[_FROZEN_DATA] = tables.csv_text(data_rows(index.frozen.framework, index.frozen.panel))
    return found


def run_record(index: Index, inputs: Mapping[str, str] | None, seed: int, sure: Intervals | None) -> dict[str, Any]:
    """What a replay must know besides spec and data, and what a reader may ask: seed, points, tolerance, inputs, versions."""
    return {
        "tidu": version("tidu"),
        "index": index.framework.code,
        "periods": list(index.periods),
        "seed": seed,
        "tolerance": TOLERANCE,
        "weighting": index.facts(),
        "intervals": None if sure is None else sure.record(),
        "inputs": dict(inputs or {}),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("numpy", "scipy")}},
    }


def record_text(record: Mapping[str, Any]) -> str:
    """A record as JSON text."""
    return json.dumps(record, ensure_ascii=False, indent=2, default=_plain) + "\n"


def write_run(
    index: Index,
    folder: Path,
    inputs: Mapping[str, str] | None = None,
    seed: int = 0,
    sure: Intervals | None = None,
) -> list[Path]:
    """The files written: scores, ranks, weights, coverage, screening, changes (CSV), one XLSX, the spec, the data, ``run.json``.

    With ``sure`` the range and tie group of every rank are written too, and replayed with the rest.

    ``inputs`` names the files the run was made from, with their SHA-256; ``run.json`` holds them, the hash of every
    file written, the versions at work and the seed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in input_texts(index).items():
        (folder / name).write_bytes(text.encode("utf-8-sig" if name.endswith(".csv") else "utf-8"))
        written.append(folder / name)
    written += [*_results(index, folder, sure), write_results(folder / "results.xlsx", index)]
    record = run_record(index, inputs, seed, sure)
    last = record.pop("versions")
    record |= {"files": {path.name: sha256(path) for path in written}, "versions": last}
    (folder / _RUN).write_text(record_text(record), encoding="utf-8")
    return [*written, folder / _RUN]


def _plain(value: Any) -> Any:
    """What a weighting says of itself, as plain values."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _results(index: Index, folder: Path, sure: Intervals | None) -> list[Path]:
    return [tables.write_csv(folder / name, rows) for name, rows in result_rows(index, sure).items()]


def result_rows(index: Index, sure: Intervals | None) -> dict[str, Sequence[Mapping[str, Any]]]:
    """File name → rows of the results that a replay makes anew and compares."""
    return {
        **({} if sure is None else {"intervals.csv": tables.interval_rows(index, sure)}),
        "scores.csv": tables.by_unit(index, "scores"),
        "ranks.csv": tables.by_unit(index, "ranks"),
        "status.csv": tables.by_unit(index, "status"),
        "weights.csv": tables.weights(index),
        "coverage.csv": index.coverage(),
        "screening.csv": tables.screening(index),
        "changes.csv": tables.changes(index),
    }


def rebuild(folder: Path) -> Index:
    """The index of a run folder, built anew from its spec and its data. Raises ``run_missing`` when it is not one."""
    record = _record(folder)
    frozen = (folder / _FROZEN_SPEC, folder / _FROZEN_DATA) if _FROZEN_SPEC in record["files"] else None
    return build_from(folder / _SPEC, folder / _DATA, frozen, record.get("seed", 0))


def build_from(spec: Path, data: Path, frozen: tuple[Path, Path] | None = None, seed: int = 0) -> Index:
    """The index of a spec file and a data file, with the parameters of another such pair where one is given."""
    fitted = None if frozen is None else build(*_inputs(*frozen), seed=seed).frozen
    return build(*_inputs(spec, data), frozen=fitted, seed=seed)


@dataclass(frozen=True)
class Replay:
    """What a rerun met: ``bytes`` when every file is the same, ``tolerance`` when the numbers agree, and what was compared."""

    met: str
    files: tuple[str, ...]
    largest: float


def rerun(folder: Path) -> Replay:
    """The replay of a run folder: its data and spec are read again, built again and compared.

    Raises ``run_missing`` when a file is gone, ``run_path`` when the record names one outside the folder, ``run_changed``
    naming the file whose hash no longer fits, ``run_differs`` naming the first cell that leaves the tolerance.
    """
    record = _record(folder)
    _check_there(folder, dict.fromkeys([_SPEC, _DATA, *record["files"]]))
    _check_hashes(folder, {name: record["files"][name] for name in (_SPEC, _DATA) if name in record["files"]})
    index = rebuild(folder)
    made = result_rows(index, told_intervals(index, record))
    found = replayed(folder, {name: tables.csv_text(rows).encode("utf-8-sig") for name, rows in made.items()})
    _check_hashes(folder, record["files"])
    return found


def replayed(folder: Path, made: Mapping[str, bytes]) -> Replay:
    """What tables made anew met beside those of a folder. Raises ``run_missing``, ``run_differs`` with the first cell."""
    _check_there(folder, made)
    largest, same = 0.0, True
    for name, content in made.items():
        old = (folder / name).read_bytes()
        if old != content:
            same = False
            largest = max(largest, apart(name, old, content))
    return Replay("bytes" if same else "tolerance", tuple(made), largest)


def told_intervals(index: Index, record: Mapping[str, Any]) -> Intervals | None:
    """The ranges of a run's ranks, made anew with the points, level and seed of its record. Raises ``run_unreadable``."""
    told = record.get("intervals")
    if told is None:
        return None
    kinds = {"asked": int, "level": float, "seed": int}
    for key, kind in kinds.items():
        if not isinstance(told, dict) or isinstance(told.get(key), bool) or not isinstance(told.get(key), kind):
            raise ReplayError("run_unreadable", file=_RUN, address=f"intervals.{key}", why=key)
    if not (0 < told["level"] < 1 and told["asked"] >= 1 and told["seed"] >= 0):
        raise ReplayError("run_unreadable", file=_RUN, address="intervals", why="level, asked, seed")
    return intervals(index, draws=told["asked"], level=told["level"], seed=told["seed"])


def _check_there(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        if not (folder / name).is_file():
            raise ReplayError("run_missing", file=name, folder=folder.name)


def _check_hashes(folder: Path, files: Mapping[str, str]) -> None:
    for name, digest in files.items():
        if sha256(folder / name) != digest:
            raise ReplayError("run_changed", file=name, wanted=digest[:12], found=sha256(folder / name)[:12])


def read_record(path: Path) -> dict[str, Any]:
    """A record as it was written, its seed checked. Raises ``run_missing``, ``run_unreadable``."""
    if not path.is_file():
        raise ReplayError("run_missing", file=path.name, folder=path.parent.name)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as failure:
        row = getattr(failure, "lineno", None)
        raise ReplayError("run_unreadable", file=path.name, row=row, why=str(failure)) from None
    if not isinstance(record, dict):
        raise ReplayError("run_unreadable", file=path.name, why="{ }")
    seed = record.get("seed", 0)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ReplayError("run_unreadable", file=path.name, address="seed", why="seed")
    return dict(record)


def _record(folder: Path) -> dict[str, Any]:
    record = read_record(folder / _RUN)
    files = record.get("files")
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        raise ReplayError("run_unreadable", file=_RUN, address="files", why="files")
    for name in files:
        if name in ("", ".", "..") or "/" in name or "\\" in name or ":" in name:
            raise ReplayError("run_path", file=_RUN, address="files", name=name)
    return record


def _inputs(spec: Path, data: Path) -> tuple[Framework, Panel]:
    framework = Framework.load(spec)
    try:
        return framework, read_panel(data, figures=needed(framework))
    except TiduError as error:
        raise error.in_file(data.name) from None


def apart(name: str, old: bytes, new: bytes) -> float:
    """The largest relative difference of two CSV files; raises at the first cell that leaves the tolerance."""
    try:
        a, b = (list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) for content in (old, new))
    except (UnicodeDecodeError, csv.Error):
        found, wanted = (hashlib.sha256(content).hexdigest()[:12] for content in (old, new))
        raise ReplayError("run_changed", file=name, wanted=wanted, found=found) from None
    largest = 0.0
    for line, (first, second) in enumerate(zip_longest(a, b, fillvalue=()), start=1):
        for place, (x, y) in enumerate(zip_longest(first, second, fillvalue="")):
            if x != y:
                apart = distance(x, y)
                if not apart <= TOLERANCE:
                    heading = b[0][place] if place < len(b[0]) else str(place + 1)
                    raise ReplayError("run_differs", file=name, row=line, column=heading, stands=x or "–", rebuilt=y or "–")
                largest = max(largest, apart)
    return largest


def distance(x: str, y: str) -> float:
    """How far two numbers lie apart, as a share of the larger one; infinite where one is no finite number."""
    try:
        left, right = float(x), float(y)
    except ValueError:
        return math.inf
    if not (math.isfinite(left) and math.isfinite(right)):
        return math.inf
    return abs(left - right) / (max(abs(left), abs(right)) or 1.0)
