"""The structure of an index file: codes, parents and derived columns that hang together, or what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tidu.core.address import quoted
from tidu.core.errors import SpecError, TiduError, listing, nearest
from tidu.index.spec import FORMULAS, ColumnTable, IndicatorTable, PillarTable
from tidu.index.spec_faults import shown
from tidu.index.whole_file import IndexFile

#: A node's code: letters of any script, digits, ``_``, ``.`` and ``-``.
_CODE = re.compile(r"^\w[\w.\-]*$")


def is_derived(column: ColumnTable) -> bool:
    """Whether a column is made of others; if not, its table only adds settings to a printed one."""
    return any(getattr(column, kind) is not None for kind in FORMULAS)


def faults(table: IndexFile) -> Iterator[TiduError]:
    """What is wrong with the tree, the derived columns and the lists of a file, before any step is looked at."""
    root, pillars, indicators = table.index.code, table.pillar, table.indicator
    for kind, codes in (("pillar", tuple(pillars)), ("indicator", tuple(indicators))):
        for code in codes:
            if not _CODE.match(code):
                yield SpecError("bad_code", address=f"{kind}.{quoted(code)}", value=shown(code))
            if code == root:
                yield SpecError("code_of_root", address=f"{kind}.{quoted(code)}", code_=code)
            if kind == "indicator" and code in pillars:
                yield SpecError("code_twice", address=f"indicator.{quoted(code)}", code_=code)
    tables: tuple[tuple[str, Mapping[str, PillarTable | IndicatorTable]], ...] = (
        ("pillar", pillars),
        ("indicator", indicators),
    )
    for kind, items in tables:
        for code, member in items.items():
            parent: str | None = member.parent
            if parent is None or parent == root:
                continue
            if parent in indicators and parent not in pillars:
                yield SpecError("parent_is_indicator", address=f"{kind}.{quoted(code)}.parent", name=parent)
            elif parent not in pillars:
                yield SpecError(
                    "unknown_parent",
                    address=f"{kind}.{quoted(code)}.parent",
                    name=parent,
                    known=listing([*pillars, root]),
                    did_you_mean=nearest(parent, pillars),
                )
    for code in pillars:
        chain, at = [code], pillars[code].parent
        while at in pillars and at not in chain:
            chain.append(at)
            at = pillars[at].parent
        if at in chain and at == code:
            yield SpecError("cycle", address=f"pillar.{quoted(code)}.parent", chain=" → ".join([*chain, code]))
    with_child = {item.parent for item in pillars.values()} | {item.parent for item in indicators.values()}
    for code in pillars:
        if code not in with_child:
            yield SpecError("orphan", address=f"pillar.{quoted(code)}", code_=code)
    for code, column in table.column.items():
        yield from _column_faults(code, column, table)
    for code, leaf in indicators.items():
        if leaf.scale == 0:
            yield SpecError("scale_zero", address=f"indicator.{quoted(code)}.scale")
        elif leaf.scale < 0:
            yield SpecError("scale_negative", address=f"indicator.{quoted(code)}.scale", value=f"{leaf.scale:g}")
    index = table.index
    for year in dict.fromkeys(index.years or ()):
        if (index.years or ()).count(year) > 1:
            yield SpecError("year_twice", address="index.years", value=year)
    if index.years == ():
        yield SpecError("list_empty", address="index.years")
    yield from _reading_faults(index.reading, table)
    if list(index.bands) != sorted(set(index.bands)) or not all(0 < share < 1 for share in index.bands):
        yield SpecError("band_shares", address="index.bands", value=shown(index.bands))
    for unit in table.screen.force_in:
        if unit in table.screen.force_out:
            yield SpecError("forced_twice", address="screen.force_out", unit=unit)


def _reading_faults(nodes: tuple[str, ...], table: IndexFile) -> Iterator[TiduError]:
    """What is wrong in ``index.reading``: nodes that are not there, twice, or inside each other."""
    parents: dict[str, str | None] = {code: item.parent for code, item in table.pillar.items()}
    parents |= {code: item.parent for code, item in table.indicator.items()}
    for at, name in enumerate(nodes):
        if name not in parents:
            known, guess = listing(parents), nearest(name, parents)
            yield SpecError("unknown_node", address=f"index.reading[{at}]", name=name, known=known, did_you_mean=guess)
            continue
        above: list[str] = []
        up = parents[name]
        while up is not None and up in parents and up not in above:
            above.append(up)
            up = parents[up]
        inside = [other for other in nodes if other in above]
        if inside or name in nodes[:at]:
            yield SpecError("nodes_overlap", address=f"index.reading[{at}]", name=name, other=listing(inside) or name)


def _column_faults(code: str, item: ColumnTable, table: IndexFile) -> Iterator[TiduError]:
    kinds = [kind for kind in FORMULAS if getattr(item, kind) is not None]
    if item.scale == 0:
        yield SpecError("scale_zero", address=f"column.{quoted(code)}.scale")
    if not kinds:
        return  # a printed column with settings of its own
    if len(kinds) > 1:
        yield SpecError("column_kind", address=f"column.{quoted(code)}", found=listing(kinds))
        return
    address = f"column.{quoted(code)}.{kinds[0]}"
    queue = _made_of(item)
    if not queue:
        yield SpecError("list_empty", address=address)
    chain = _circle(code, table)
    if chain:
        yield SpecError("column_cycle", address=address, code_=code, chain=" → ".join(chain))
        return
    order = list(table.column)
    for name in queue:
        if name in table.column and is_derived(table.column[name]) and order.index(name) > order.index(code):
            yield SpecError("column_order", address=address, name=name)
    if kinds[0] in ("sum", "difference", "coalesce"):
        units = {name: table.column[name].unit for name in queue if name in table.column and table.column[name].unit}
        if len(set(units.values())) > 1:
            yield SpecError("unit_mismatch", address=address, units=listing(f"{name} ({unit})" for name, unit in units.items()))


def _made_of(item: ColumnTable) -> list[str]:
    """The columns that a derived column names, none for a printed one."""
    for kind in FORMULAS:
        used = getattr(item, kind)
        if used is not None:
            return [used] if isinstance(used, str) else list(used)
    return []


def _circle(code: str, table: IndexFile) -> list[str]:
    """The way from a derived column back to itself, or nothing."""
    ways = [[code]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in _made_of(table.column[way[-1]]):
            if name == code:
                return [*way, code]
            if name in table.column and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
