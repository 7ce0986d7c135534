"""From the panel's columns to the indicators' raw figures: derived columns, fills on columns, ``of`` ÷ ``per`` × ``scale``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.errors import DataError, SpecError, TiduError, listing, nearest, raise_all
from tidu.core.stats import Array
from tidu.index.choice import Choice
from tidu.index.context import Context, earlier
from tidu.index.framework import Framework
from tidu.index.spec import FORMULAS, ColumnTable
from tidu.index.structure import is_derived
from tidu.indicators.panel import Panel

Grades = NDArray[np.int8]

#: Status letters from the soundest to the missing: a figure made of several carries the worst of theirs.
SEVERITY = "ABNPVUFEILMO"
_PLACE = np.zeros(128, dtype=np.int8)
for _at, _letter in enumerate(SEVERITY):
    _PLACE[ord(_letter)] = _at
MISSING = np.int8(SEVERITY.index("O"))
_ANY_MISSING = np.int8(SEVERITY.index("L"))  # L, M and O all say that there is no figure
IMPUTED = np.int8(SEVERITY.index("I"))


def grades(letters: NDArray[np.str_]) -> Grades:
    """Status letters as places in :data:`SEVERITY`, so that the worst of several is their maximum.

    >>> grades(np.array(["A", "E", "O"])).tolist()
    [0, 7, 11]
    """
    codes = np.ascontiguousarray(letters.astype("<U1")).view(np.uint32).reshape(letters.shape)
    return _PLACE[np.minimum(codes, 127)]


def letters(places: Grades) -> NDArray[np.str_]:
    """The status letters of places in :data:`SEVERITY`.

    >>> letters(np.array([0, 7], dtype=np.int8)).tolist()
    ['A', 'E']
    """
    return np.array(list(SEVERITY))[places]


def _missing(mark: Grades, hole: NDArray[np.bool_]) -> Grades:
    """The grades with every hole marked as missing, by the letter L or M where it stands there, else by O."""
    return np.where(hole & (mark < _ANY_MISSING), MISSING, mark)


@dataclass(frozen=True)
class Columns:
    """Columns by name, each (units, periods), with the grade of each cell and, where a column was filled, its filled cells."""

    values: Mapping[str, Array]
    grades: Mapping[str, Grades]
    filled: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class Raw:
    """The indicators' figures before any treatment: values and grades (units, periods, indicators), and the columns."""

    values: Array
    grades: Grades
    columns: Columns


def raw(framework: Framework, panel: Panel, context: Context, asked: NDArray[np.bool_] | None = None) -> Raw:
    """The figures of every indicator, from the panel's columns.

    ``asked`` (units, periods) says where a zero denominator is a fault; elsewhere the figure is missing. Raises
    ``no_such_column`` for every column that the file names and the data lack, ``zero_denominator`` with the cell.
    """
    _check_columns(framework, panel)
    table = _columns(framework, panel, context)
    values, marks = [], []
    for code in framework.leaves:
        item = framework.table.indicator[code]
        top, mark = table.values[item.of or code], table.grades[item.of or code]
        if item.per is not None:
            below = table.values[item.per]
            mark = np.maximum(mark, table.grades[item.per])
            if item.per_at_least is not None:
                below = np.where(below < item.per_at_least, np.nan, below)
            zero = below <= 0
            fault = zero if asked is None else zero & asked
            if fault.any():
                u, t = (int(part[0]) for part in np.nonzero(fault))
                raise DataError(
                    "zero_denominator",
                    address=f"data.{quoted(panel.units[u])}.{panel.periods[t]}.{quoted(item.per)}",
                    indicator=code,
                    name=panel.name(panel.units[u], "en"),
                    value=f"{below[u, t]:g}",
                )
            top = top / np.where(zero, np.nan, below)
        if item.scale != 1.0:
            with np.errstate(over="ignore"):
                top = top * item.scale
        if np.isinf(top).any():
            u, t = (int(part[0]) for part in np.nonzero(np.isinf(top)))
            address = f"data.{quoted(panel.units[u])}.{panel.periods[t]}.{quoted(item.of or code)}"
            raise DataError("figure_too_large", address=address, name=item.of or code, value="inf")
        hole = np.isnan(top)
        if hole.any():
            mark = _missing(mark, hole)
        values.append(top)
        marks.append(mark)
    return Raw(np.stack(values, axis=-1), np.stack(marks, axis=-1), table)


def _check_columns(framework: Framework, panel: Panel) -> None:
    faults: list[TiduError] = []
    have = set(panel.columns)
    for code, column in framework.table.column.items():
        if not is_derived(column) and code not in have:
            faults.append(_lacking(f"column.{quoted(code)}", code, have))
        elif is_derived(column) and code in panel.columns:
            faults.append(SpecError("column_taken", address=f"column.{quoted(code)}", name=code))
        for used in _used(column):
            if used not in have:
                kind = next(kind for kind in FORMULAS if getattr(column, kind) is not None)
                faults.append(_lacking(f"column.{quoted(code)}.{kind}", used, have))
        have.add(code)
    for code in framework.leaves:
        item = framework.table.indicator[code]
        for key, name in (("of", item.of or code), ("per", item.per)):
            if name is not None and name not in have:
                faults.append(_lacking(f"indicator.{quoted(code)}.{key}", name, have))
    for node in framework.inner:
        choice = framework.choice("weighting", node.code)
        target = _target(choice)
        if target is not None and target not in have:
            faults.append(_lacking(f"{choice.whence['target']}.target", target, have))
    raise_all(faults)


def _lacking(address: str, name: str, have: set[str]) -> SpecError:
    return SpecError(
        "no_such_column", address=address, name=name, known=listing(sorted(have), 40), did_you_mean=nearest(name, have)
    )


def _used(column: object) -> tuple[str, ...]:
    for kind in FORMULAS:
        found = getattr(column, kind)
        if found is not None:
            return (found,) if isinstance(found, str) else tuple(found)
    return ()


def _columns(framework: Framework, panel: Panel, context: Context) -> Columns:
    """Printed columns, filled where the file asks for it; then the derived ones, in the file's order."""
    marks: Grades | None = None if panel.status is None else grades(panel.status)
    values: dict[str, Array] = {}
    found: dict[str, Grades] = {}
    wanted = needed(framework)
    done: dict[str, NDArray[np.bool_]] = {}

    def enter(name: str, array: Array, mark: Grades) -> None:
        mark = _missing(mark, np.isnan(array))
        choice = framework.column_choice(name)
        if choice is not None and np.isnan(array).any():
            here = replace(context, codes=(name,), direction=np.ones(1))
            block = array[:, :, None]
            filled = choice.method.apply(block, choice.method.fit(block, choice.options, here), choice.options, here)[:, :, 0]
            new = np.isnan(array) & ~np.isnan(filled)
            if new.any():
                done[name] = new
            mark = np.where(new, IMPUTED, mark)
            array = filled
        values[name], found[name] = array, mark

    for k, name in enumerate(panel.columns):
        if name in wanted:
            mine = np.zeros(panel.values.shape[:2], dtype=np.int8) if marks is None else marks[:, :, k]
            enter(name, panel.values[:, :, k], mine)
    for code, item in framework.table.column.items():
        if not is_derived(item):
            continue
        made, mark = _derive(item, [values[name] for name in _used(item)], [found[name] for name in _used(item)], panel.periods)
        enter(code, made * item.scale if item.scale != 1.0 else made, mark)
    return Columns(values, found, done)


def _derive(item: ColumnTable, used: list[Array], parts: list[Grades], periods: tuple[str, ...]) -> tuple[Array, Grades]:
    """A derived column and its grades, from the columns it is made of."""
    mark: Grades = np.maximum.reduce(parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        if item.sum is not None:
            return np.sum(used, axis=0), mark
        if item.difference is not None:
            return used[0] - used[1], mark
        if item.ratio is not None:
            return np.where(used[1] != 0, used[0] / used[1], np.nan), mark
        if item.share is not None:
            return np.where(used[1] != 0, 100.0 * used[0] / used[1], np.nan), mark
        if item.growth is not None:
            before, there = earlier(periods, item.lag)
            start = np.where(there, used[0][:, before], np.nan)
            made = np.where(start > 0, 100.0 * (used[0] / start - 1.0), np.nan)
            return made, np.where(there, np.maximum(mark, mark[:, before]), mark)
    made, mark = used[0], parts[0]
    for other, grade in zip(used[1:], parts[1:], strict=True):
        mark = np.where(np.isnan(made), grade, mark)
        made = np.where(np.isnan(made), other, made)
    return made, mark


def needed(framework: Framework) -> set[str]:
    """The columns that an index uses and that must therefore be numbers, derived ones and what they are made of included."""
    names = {name for item in framework.table.column.values() for name in _used(item)}
    for code in framework.leaves:
        item = framework.table.indicator[code]
        names |= {item.of or code} | ({item.per} if item.per else set())
    return names | weighting_targets(framework)


def weighting_targets(framework: Framework) -> set[str]:
    """The columns that weights are regressed on, which are carried up the tree beside the scores."""
    return {found for node in framework.inner if (found := _target(framework.choice("weighting", node.code)))}


def _target(choice: Choice) -> str | None:
    """The column that a weighting names as its target, or nothing where ``target`` is no column's name."""
    kind, _ = choice.method.parameters.get("target", (None, None))
    return str(choice.options["target"]) if kind is str else None
