"""What if: named sets of changes put into an index file or its figures, built again, compared, and what flipped on the way.

A change of a figure may do more than move one score: built again it can set a bound, turn a treatment on or off, shift
weights that come from the data. Those are named as flips. With ``frozen`` nothing is fitted again and nothing can flip.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib import resources
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from tidu.core.address import Change, quoted
from tidu.core.errors import SpecError, TiduError, UsageError, listing, nearest, raise_all
from tidu.diagnosis.movement.flips import Flip, flips
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.index_file import parse
from tidu.index.result import Index
from tidu.indicators.panel import Panel

KEYS = ("label", "changes", "indices")


@dataclass(frozen=True)
class Scenario:
    """A named set of changes, ``ADDRESS=VALUE`` each; ``indices`` are the codes of the indices it is for, empty = any."""

    name: str
    label: Mapping[str, str]
    changes: tuple[str, ...]
    indices: tuple[str, ...] = ()

    def title(self, lang: str = "zh") -> str:
        """The label in a language, or the name.

        >>> Scenario("a", {"en": "Drop it"}, ()).title("en"), Scenario("a", {}, ()).title("en")
        ('Drop it', 'a')
        """
        return self.label.get(lang) or next(iter(self.label.values()), self.name)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a scenario makes: the index built under it, and what the new fit turned round."""

    scenario: Scenario
    index: Index
    flips: tuple[Flip, ...]


@dataclass(frozen=True, eq=False)
class WhatIf:
    """An index beside itself under one or more scenarios, in one period."""

    base: Index
    outcomes: tuple[Outcome, ...]
    period: str

    def rows(self, node: str | None = None) -> list[dict[str, Any]]:
        """One row a unit that is shown in any of them, in the order of the base: score and rank before and under each scenario.

        ``shifts`` are rank before − rank after: above zero the unit rises; nothing where it is not ranked in both.
        """
        base, t = self.base, self.period
        places = [(base.score(node, t), base.rank(node, t))]
        places += [(one.index.score(node, t), one.index.rank(node, t)) for one in self.outcomes]
        rows = []
        for unit in base.units:
            if all(rank[unit] is None for _, rank in places):
                continue
            score, rank = places[0][0][unit], places[0][1][unit]
            after = {one.scenario.name: found for one, found in zip(self.outcomes, places[1:], strict=True)}
            ranks = {name: found[unit] for name, (_, found) in after.items()}
            row: dict[str, Any] = {
                "unit": unit,
                "score": score,
                "rank": rank,
                "scores": {name: found[unit] for name, (found, _) in after.items()},
                "ranks": ranks,
                "shifts": {name: None if rank is None or now is None else rank - now for name, now in ranks.items()},
            }
            rows.append(row)
        return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))

    def nodes(self, unit: str) -> list[dict[str, Any]]:
        """One row a node of the base for one unit: score and rank before and under each scenario. Raises ``unknown_unit``."""
        code, t = self.base.panel.unit(unit), self.period
        rows = []
        for node in sorted(self.base.framework.nodes.values(), key=lambda node: (node.depth, node.place)):
            there = [one for one in self.outcomes if node.code in one.index.framework.nodes]
            rows.append(
                {
                    "node": node.code,
                    "depth": node.depth,
                    "score": self.base.score(node.code, t)[code],
                    "rank": self.base.rank(node.code, t)[code],
                    "scores": {one.scenario.name: one.index.score(node.code, t)[code] for one in there},
                    "ranks": {one.scenario.name: one.index.rank(node.code, t)[code] for one in there},
                }
            )
        return rows

    def touched(self) -> tuple[str, ...]:
        """The units whose own figures some scenario changes, each named by itself and not by a wildcard."""
        found: dict[str, None] = {}
        for one in self.outcomes:
            for text in one.scenario.changes:
                address = Change.parse(text).address
                if address.root == "data" and "*" not in address.parts[0]:
                    found[self.base.panel.unit(address.parts[0])] = None
        return tuple(found)


def what_if(
    framework: Framework,
    panel: Panel,
    scenarios: Sequence[Scenario],
    *,
    base: Index | None = None,
    frozen: bool = False,
    period: str | int | None = None,
    seed: int = 0,
) -> WhatIf:
    r"""The index of a framework and its figures, beside itself under each scenario, each built whole.

    Args:
        framework: the index file that the scenarios change.
        panel: its figures.
        scenarios: at least one, each with a name of its own.
        base: the index of both, when it is there already.
        frozen: score changed figures on the base's parameters; scenarios may then change figures only.
        period: the one that is compared; the last when left out.
        seed: for methods that draw.

    Raises ``no_scenario``, ``scenario_twice``, ``frozen_takes_cells``, and whatever a changed file or figure gives rise to.

    >>> framework = Framework.parse('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"')
    >>> panel = Panel.of(["x", "y", "z"], ["2023"], ["a"], [[[1]], [[2]], [[5]]])
    >>> found = what_if(framework, panel, [Scenario("more", {}, ("data.y.2023.a=9",))])
    >>> [(row["unit"], row["rank"], row["ranks"]["more"]) for row in found.rows()]
    [('z', 1, 2), ('y', 2, 1), ('x', 3, 3)]
    """
    if not scenarios:
        raise UsageError("no_scenario")
    for one in scenarios:
        if sum(one.name == other.name for other in scenarios) > 1:
            raise UsageError("scenario_twice", name=one.name)
    base = base or build(framework, panel, seed=seed)
    label = base.periods[base.period(period)]
    outcomes = []
    for one in scenarios:
        changes = [Change.parse(text) for text in one.changes]
        spec = [change for change in changes if change.address.root == "spec"]
        if frozen and spec:
            raise UsageError("frozen_takes_cells", address=str(spec[0].address))
        try:
            changed = framework.put(*spec) if spec else framework
            figures = with_cells(panel, [change for change in changes if change.address.root == "data"])
            index = build(changed, figures, frozen=base.frozen if frozen else None, seed=seed)
            index.period(label)
        except TiduError as error:
            raise error.in_file(f"scenario.{quoted(one.name)}") if len(scenarios) > 1 else error from None
        outcomes.append(Outcome(one, index, () if frozen else flips(base, index)))
    return WhatIf(base, tuple(outcomes), label)


def with_cells(panel: Panel, changes: Sequence[Change]) -> Panel:
    """The panel with values put at cells, marked E; a wildcard names every unit, period or column that it matches.

    A relative change leaves a missing cell missing. Raises ``no_match``, ``unknown_unit``, ``unknown_period``,
    ``unknown_column``, ``cell_needs_number``, each with the address.

    >>> panel = Panel.of(["x", "y"], ["2023"], ["a"], [[[1]], [[2]]])
    >>> with_cells(panel, [Change.parse("data.*.2023.a=+50%"), Change.parse("data.y.2023.a=+1")]).column("a").tolist()
    [[1.5], [4.0]]
    """
    if not changes:
        return panel
    values, letters = panel.values.copy(), panel.letters().copy()
    for change in changes:
        address = str(change.address)
        try:
            places = _places(panel, *change.address.parts)
        except TiduError as error:
            error.address = address
            raise
        if not all(places):
            raise UsageError("no_match", address=address, known=listing(panel.columns))
        for cell in np.array(np.meshgrid(*places, indexing="ij")).reshape(3, -1).T:
            at = tuple(cell.tolist())
            old = float(values[at])
            new = change.over(old)
            if np.isnan(old) and isinstance(new, float) and np.isnan(new):
                continue
            if isinstance(new, bool) or not isinstance(new, int | float) or not isfinite(new):
                raise UsageError("cell_needs_number", address=address, value=str(new))
            values[at], letters[at] = float(new), "E"
    values.setflags(write=False)
    return replace(panel, values=values, status=letters)


def _places(panel: Panel, unit: str, period: str, column: str) -> tuple[list[int], list[int], list[int]]:
    """The places that the three parts of a cell's address name, a wildcard each that it matches."""
    return (
        _like(panel.units, unit) if "*" in unit else [panel.units.index(panel.unit(unit))],
        _like(panel.periods, period) if "*" in period else [panel.period(period)],
        _like(panel.columns, column) if "*" in column else [panel.position(column)],
    )


def _like(names: Sequence[str], pattern: str) -> list[int]:
    return [at for at, name in enumerate(names) if fnmatchcase(name, pattern)]


# --- files of scenarios -------------------------------------------------------------------------------------------------


def scenarios_of(table: Mapping[str, Any]) -> dict[str, Scenario]:
    """Name → scenario, of a table ``[scenario.NAME]`` with ``label``, ``changes`` and, where it is for some indices, ``indices``.

    Raises all faults together: ``unknown_key``, ``missing_key``, ``scenario_kind``, ``bad_change``, ``bad_address``.

    >>> scenarios_of({"scenario": {"a": {"label": {"en": "A"}, "changes": ["treat.method=none"]}}})["a"].changes
    ('treat.method=none',)
    """
    faults: list[TiduError] = []
    for key in table:
        if key != "scenario":
            faults.append(SpecError("unknown_key", address=key, key=key, known="scenario", did_you_mean=nearest(key, ["scenario"])))
    named = table.get("scenario", {})
    if not isinstance(named, Mapping):
        raise SpecError("scenario_kind", address="scenario", wanted="[scenario.NAME]")
    found = {}
    for name, item in named.items():
        at = f"scenario.{quoted(name)}"
        mine = list(_faults(item, at))
        faults += mine
        if not mine:
            changes, indices = tuple(item["changes"]), tuple(item.get("indices", ()))
            found[name] = Scenario(name, dict(item.get("label", {})), changes, indices)
    raise_all(faults)
    return found


def _faults(item: Any, at: str) -> list[TiduError]:
    """What is wrong in one scenario's table."""
    if not isinstance(item, Mapping):
        return [SpecError("scenario_kind", address=at, wanted="[scenario.NAME]")]
    found: list[TiduError] = [
        SpecError("unknown_key", address=f"{at}.{key}", key=key, known=listing(KEYS), did_you_mean=nearest(key, KEYS))
        for key in item
        if key not in KEYS
    ]
    if "changes" not in item:
        found.append(SpecError("missing_key", address=at, key="changes", parent=at))
    words = item.get("label", {})
    if not isinstance(words, Mapping) or not all(isinstance(text, str) for text in words.values()):
        found.append(SpecError("scenario_kind", address=f"{at}.label", wanted='{ zh = "…", en = "…" }'))
    for key in ("changes", "indices"):
        texts = item.get(key, ["–"])
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            wanted = '["ADDRESS=VALUE", …]' if key == "changes" else '["CODE", …]'
            found.append(SpecError("scenario_kind", address=f"{at}.{key}", wanted=wanted))
        elif key == "changes" and "changes" in item:
            for place, text in enumerate(texts):
                try:
                    Change.parse(text)
                except TiduError as error:
                    error.address = f"{at}.changes[{place}]"
                    found.append(error)
    return found


def read_scenarios(path: str | Path) -> dict[str, Scenario]:
    """Name → scenario, of a file. Raises ``no_scenario_file``, ``bad_toml`` and the faults of :func:`scenarios_of`."""
    path = Path(path)
    if not path.is_file():
        raise UsageError("no_scenario_file", path=str(path))
    try:
        return scenarios_of(parse(path.read_text(encoding="utf-8-sig"), path.name))
    except TiduError as error:
        raise error.in_file(path.name) from None


def save_scenario(path: str | Path, scenario: Scenario) -> Path:
    """The file written: a scenario added at its end, what stands there left as it is. Raises ``scenario_twice``."""
    import tomli_w

    path = Path(path)
    before = ""
    if path.exists():
        if scenario.name in read_scenarios(path):
            raise UsageError("scenario_twice", file=path.name, address=f"scenario.{quoted(scenario.name)}", name=scenario.name)
        before = path.read_text(encoding="utf-8-sig").rstrip("\n") + "\n\n"
    item: dict[str, Any] = {"label": dict(scenario.label)} if scenario.label else {}
    item |= {"changes": list(scenario.changes)} | ({"indices": list(scenario.indices)} if scenario.indices else {})
    path.write_text(before + tomli_w.dumps({"scenario": {scenario.name: item}}), encoding="utf-8")
    return path


def shipped_scenarios(code: str) -> dict[str, Scenario]:
    """Name → scenario that ships for an index, by the index's code.

    >>> sorted(shipped_scenarios("city-ip-core"))
    ['drop_output_efficiency', 'registered_population']
    """
    text = resources.files("tidu.data").joinpath("scenarios.toml").read_text(encoding="utf-8")
    return {name: one for name, one in scenarios_of(tomllib.loads(text)).items() if code in one.indices}


def named(name: str, among: Mapping[str, Scenario]) -> Scenario:
    """The scenario of a name. Raises ``unknown_scenario`` with the nearest one."""
    if name not in among:
        raise UsageError("unknown_scenario", name=name, known=listing(among) or "–", did_you_mean=nearest(name, among))
    return among[name]
