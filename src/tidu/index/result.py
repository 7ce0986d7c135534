"""The Index: scores and ranks at every node, with every table that led there and every cell that was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.errors import UsageError, listing
from tidu.core.stats import Array, rank_high
from tidu.index.columns import Grades, letters
from tidu.index.framework import Framework
from tidu.index.screen import Screening
from tidu.index.tree import Join, effective
from tidu.indicators.panel import Panel

#: The tables of indicators in the order of the steps.
STEP_TABLES = ("raw", "imputed", "treated", "normalised")


@dataclass(frozen=True)
class ChangedCell:
    """A figure that a step changed, and why; ``indicator`` is ``column.X`` where a printed column was filled."""

    unit: str
    period: str
    indicator: str
    step: str
    before: float
    after: float
    reason: str


@dataclass(frozen=True, eq=False, repr=False)
class Index:
    """A built index. Tables are (units, periods, indicators), ``scores`` and ``ranks`` (units, periods, nodes).

    Ranks are among the units of ``units.show``: 1 = best, ties get the minimum rank. ``frozen`` holds what was
    fitted, to score other figures with.
    """

    framework: Framework
    panel: Panel
    periods: tuple[str, ...]
    columns: Mapping[str, Array]
    filled: Mapping[str, NDArray[np.bool_]]
    raw: Array
    imputed: Array
    treated: Array
    normalised: Array
    scores: Array
    ranks: Array
    grades: Grades = field(repr=False)
    live: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    screening: Screening
    joins: tuple[Join, ...]
    frozen: Any

    @property
    def units(self) -> tuple[str, ...]:
        """The unit codes, in the data's order."""
        return self.panel.units

    @property
    def nodes(self) -> tuple[str, ...]:
        """The node codes in the order of the columns of ``scores``: indicators first, the root last."""
        return tuple(self.framework.nodes)

    @cached_property
    def status(self) -> NDArray[np.str_]:
        """The status letter of each indicator's figure: the worst of the cells it was made of."""
        return letters(self.grades)

    def period(self, period: str | int | None = None) -> int:
        """The place of a scored period; the last one when none is named. Raises ``unknown_period``."""
        if period is None:
            return len(self.periods) - 1
        if str(period) not in self.periods:
            raise UsageError("unknown_period", period=str(period), known=listing(self.periods))
        return self.periods.index(str(period))

    def score(self, node: str | None = None, period: str | int | None = None) -> dict[str, float]:
        """Unit → score of a node (the index itself when none is named) in a period (the last when none is named)."""
        place = self.framework.node(node or self.framework.code).place
        return dict(zip(self.units, self.scores[:, self.period(period), place].tolist(), strict=True))

    def rank(self, node: str | None = None, period: str | int | None = None) -> dict[str, int | None]:
        """Unit → rank of a node in a period; nothing where the unit is not scored or not shown."""
        place = self.framework.node(node or self.framework.code).place
        column = self.ranks[:, self.period(period), place].tolist()
        return {unit: None if np.isnan(rank) else int(rank) for unit, rank in zip(self.units, column, strict=True)}

    def top(self, n: int | None = 10, period: str | int | None = None, node: str | None = None) -> list[tuple[str, int, float]]:
        """The first ``n`` units of a node as (unit, rank, score), best first; all ranked units when ``n`` is ``None``."""
        score, rank = self.score(node, period), self.rank(node, period)
        found = [(unit, place, score[unit]) for unit, place in rank.items() if place is not None]
        found.sort(key=lambda row: row[1])  # units of one rank stay in the data's order
        if n is not None and n < 0:
            raise UsageError("count_negative", value=n)
        return found[:n]

    def scored(self, period: str | int | None = None, node: str | None = None) -> int:
        """How many shown units have a score of a node in a period."""
        return sum(rank is not None for rank in self.rank(node, period).values())

    def bands(self, period: str | int | None = None, node: str | None = None) -> dict[str, int | None]:
        """Unit → class 1, 2, 3 … by the shares in ``index.bands``, counted from the top, instead of ranks (分档)."""
        ranks = self.rank(node, period)
        count = sum(rank is not None for rank in ranks.values())
        cuts = self.framework.table.index.bands
        return {
            unit: None if rank is None else 1 + sum(rank > np.ceil(cut * count - 1e-9) for cut in cuts)
            for unit, rank in ranks.items()
        }

    def ranks_within(self, attribute: str, period: str | int | None = None, node: str | None = None) -> dict[str, int | None]:
        """Unit → rank among the units of the same group (a region, a province). Raises ``unknown_group``."""
        if attribute not in self.panel.groups:
            raise UsageError("unknown_group", address="", name=attribute, known=listing(self.panel.groups))
        place = self.framework.node(node or self.framework.code).place
        column = np.where(self.shown, self.scores[:, self.period(period), place], np.nan)
        members = np.array(self.panel.groups[attribute])
        ranks = np.full(column.shape, np.nan)
        for name in sorted(set(members.tolist())):
            inside = members == name
            ranks[inside] = rank_high(column[inside])
        return {unit: None if np.isnan(rank) else int(rank) for unit, rank in zip(self.units, ranks.tolist(), strict=True)}

    def weights(self, period: str | int | None = None) -> dict[str, float]:
        """Node → its share in the root in a period: the product of the weights on the way up."""
        return effective(self.framework, list(self.joins), self.periods[self.period(period)])

    def facts(self) -> dict[str, dict[str, object]]:
        """Node → what its weighting had to say (consistency ratio, whether a target was reached)."""
        return {join.node: dict(join.facts) for join in self.joins if join.facts}

    def column(self, name: str) -> Array:
        """A printed or derived column in the scored periods, (units, periods). Raises ``unknown_column``."""
        if name in self.columns:
            return self.columns[name]
        places = [self.panel.periods.index(period) for period in self.periods]
        found: Array = self.panel.column(name)[:, places]
        return found

    def unreached(self) -> dict[str, tuple[str, ...]]:
        """Node → the children that kept its weighting from its target; a weighting that has no target is not asked."""
        found: dict[str, tuple[str, ...]] = {}
        for node, facts in self.facts().items():
            if facts.get("reached") is False:
                blamed = facts.get("against") or facts.get("at_zero") or ()
                found[node] = tuple(map(str, blamed)) if isinstance(blamed, tuple | list) else ()
        return found

    def changes(self) -> list[ChangedCell]:
        """Every cell of a shown table that imputation or treatment changed, with the method as its reason."""
        return list(self._changes())

    def _changes(self) -> Iterator[ChangedCell]:
        leaves = self.framework.leaves
        for name, mask in self.filled.items():
            choice = self.framework.column_choice(name)
            method = "" if choice is None else choice.method.name
            for u, t in zip(*(part.tolist() for part in np.nonzero(mask)), strict=True):
                after = float(self.columns[name][u, t])
                yield ChangedCell(self.units[u], self.periods[t], f"column.{name}", "impute", np.nan, after, method)
        filled = np.isnan(self.raw) & ~np.isnan(self.imputed)
        for u, t, k in zip(*(part.tolist() for part in np.nonzero(filled)), strict=True):
            method = self.framework.choice("impute", leaves[k]).method.name
            yield ChangedCell(self.units[u], self.periods[t], leaves[k], "impute", np.nan, float(self.imputed[u, t, k]), method)
        moved = ~np.isnan(self.imputed) & (self.imputed != self.treated)
        reason = self._treatments()
        for u, t, k in zip(*(part.tolist() for part in np.nonzero(moved)), strict=True):
            before, after = float(self.imputed[u, t, k]), float(self.treated[u, t, k])
            name, clips = reason.get((k, self.periods[t])) or reason.get((k, None)) or ("treated", False)
            side = (" high" if after < before else " low") if clips else ""
            yield ChangedCell(self.units[u], self.periods[t], leaves[k], "treat", before, after, name + side)

    def _treatments(self) -> dict[tuple[int, str | None], tuple[str, bool]]:
        return {
            (int(k), fit.period): (fit.method.name, "clips" in fit.method.traits) for fit in self.frozen.treat for k in fit.columns
        }

    def treatment(self, period: str | int | None = None) -> dict[str, str]:
        """Indicator → the method that treated it in a period; ``none`` where it was left alone."""
        label = self.periods[self.period(period)]
        done = self._treatments()
        found = {}
        for k, code in enumerate(self.framework.leaves):
            name, _ = done.get((k, label)) or done.get((k, None)) or ("none", False)
            found[code] = name
        return found

    def unit_table(self, unit: str, period: str | int | None = None) -> list[dict[str, Any]]:
        """A unit's sheet: one row a node from the root down, with label, score, rank, raw figure and status."""
        code, t = self.panel.unit(unit), self.period(period)
        u = self.units.index(code)
        rows = []
        for node in sorted(self.framework.nodes.values(), key=lambda node: (node.depth, node.place)):
            score, rank = float(self.scores[u, t, node.place]), self.ranks[u, t, node.place]
            row: dict[str, Any] = {
                "code": node.code,
                "label_zh": self.framework.label(node.code, "zh"),
                "label_en": self.framework.label(node.code, "en"),
                "score": score,
                "rank": None if np.isnan(rank) else int(rank),
            }
            if node.leaf:
                row |= {"value": float(self.raw[u, t, node.place]), "status": str(self.status[u, t, node.place])}
            rows.append(row)
        return rows

    def strengths_and_weaknesses(
        self, unit: str, n: int = 5, period: str | int | None = None, table: str = "raw"
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The ``n`` indicators in which a unit ranks best and worst, on the direction-oriented figures.

        An indicator in which the unit shares the worst rank with others says nothing and is left out of both
        lists. Source: COINr get_str_weak.
        """
        if table not in STEP_TABLES:
            raise UsageError("unknown_table", name=table, known=listing(STEP_TABLES))
        code, t = self.panel.unit(unit), self.period(period)
        u = self.units.index(code)
        sign = np.array(
            [1.0 if self.framework.table.indicator[leaf].better == "higher" else -1.0 for leaf in self.framework.leaves]
        )
        figures = getattr(self, table)[:, t] * (1.0 if table == "normalised" else sign)
        ranks = rank_high(figures)
        rows: list[dict[str, Any]] = []
        for k, leaf in enumerate(self.framework.leaves):
            rank = ranks[u, k]
            if np.isnan(rank):
                continue
            worst = np.nanmax(ranks[:, k])
            if rank == worst and np.sum(ranks[:, k] == worst) > 1:
                continue
            labels = {f"label_{lang}": self.framework.label(leaf, lang) for lang in ("zh", "en")}
            rows.append({"code": leaf, **labels, "rank": int(rank), "value": float(getattr(self, table)[u, t, k])})
        best = sorted(rows, key=lambda row: row["rank"])[:n]
        worst_rows = sorted(rows, key=lambda row: -row["rank"])[:n]
        return best, worst_rows

    def coverage(self) -> list[dict[str, Any]]:
        """One row a period: units listed, seen at all, screened out, scored at each node of the first level and the root."""
        rows = []
        first = [node for node in self.framework.nodes.values() if node.depth == 1]
        for t, period in enumerate(self.periods):
            printed = ~np.isnan(self.raw[:, t]) & (self.status[:, t] != "I")
            seen = int(np.sum(printed.any(axis=1)))
            row: dict[str, Any] = {"period": period, "listed": len(self.units), "with_data": seen}
            row["screened_out"] = int(np.sum(~self.screening.included[:, t]))
            for node in first:
                row[node.code] = int(np.sum(~np.isnan(self.scores[:, t, node.place]))) if self.live[t, node.place] else None
            row["scored"] = int(np.sum(~np.isnan(self.scores[:, t, self.framework.node(self.framework.code).place])))
            row["indicators"] = int(self.live[t, : len(self.framework.leaves)].sum())
            row["filled_cells"] = int(
                np.sum(self.status[:, t][self.live[t, : len(self.framework.leaves)][None, :].repeat(len(self.units), 0)] == "I")
            )
            rows.append(row)
        return rows

    def frame(self, what: str = "scores", like: str | None = None) -> Any:
        """A table as columns ``unit``, ``period`` and one a code, in the kind of frame that came in (else plain lists).

        ``what`` is ``scores``, ``ranks``, ``raw``, ``imputed``, ``treated`` or ``normalised``; ``like`` names a
        frame library (``pandas``, ``polars``, ``pyarrow``) or ``dict``.
        """
        from tidu.indicators.frames import to_native

        if what not in ("scores", "ranks", *STEP_TABLES):
            raise UsageError("unknown_table", name=what, known=listing(("scores", "ranks", *STEP_TABLES)))
        table = getattr(self, what)
        codes = self.nodes if what in ("scores", "ranks") else self.framework.leaves
        return to_native(self.units, self.periods, codes, table, like or self.panel.kind)

    def __repr__(self) -> str:
        code = self.framework.code
        lines = [f"Index {code}: {len(self.units)} units, {', '.join(self.periods)}, {len(self.framework.leaves)} indicators"]
        for t, period in enumerate(self.periods):
            best = self.top(3, period)
            names = ", ".join(f"{rank} {self.panel.name(unit, 'en')} {score:.2f}" for unit, rank, score in best)
            lines.append(f"  {period}: {self.scored(period)} scored; {names}" if best else f"  {self.periods[t]}: none scored")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        first = [node for node in self.framework.nodes.values() if node.depth == 1 and not node.leaf]
        head = "".join(f"<th>{escape(self.framework.label(node.code, 'en'))}</th>" for node in first)
        rows = []
        for unit, rank, score in self.top(20):
            cells = "".join(f"<td>{self._cell(unit, node.code)}</td>" for node in first)
            rows.append(f"<tr><td>{rank}</td><td>{escape(self.panel.name(unit, 'en'))}</td><td>{score:.2f}</td>{cells}</tr>")
        title = escape(f"{self.framework.title('en')}, {self.periods[-1]}: {self.scored()} of {len(self.units)} units scored")
        body = "".join(rows)
        heads = f"<tr><th>rank</th><th>unit</th><th>score</th>{head}</tr>"
        return f"<table><caption>{title}</caption><thead>{heads}</thead><tbody>{body}</tbody></table>"

    def _cell(self, unit: str, node: str) -> str:
        value = self.scores[self.units.index(unit), -1, self.framework.node(node).place]
        return "" if np.isnan(value) else f"{value:.2f}"


def summary(index: Index) -> Mapping[str, object]:
    """What a run says of itself in one table of plain values: code, periods, counts, the first three of each period."""
    return {
        "code": index.framework.code,
        "periods": list(index.periods),
        "units": len(index.units),
        "indicators": len(index.framework.leaves),
        "first": {period: [unit for unit, _, _ in index.top(3, period)] for period in index.periods},
    }
