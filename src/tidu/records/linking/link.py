"""Linking: the loads of a store made into the linked tables, at one stroke, with an account of what was found and what was not."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidu.core.errors import UsageError
from tidu.records.linked import ACCOUNT, FOLDER, FORM, folder_of
from tidu.records.linking import applications, citations, events, families, keys, lookups, owners, parties, plain, registers, states
from tidu.records.linking import terms as term
from tidu.records.linking.lookups import Identify, Locate
from tidu.records.linking.workbench import Workbench
from tidu.records.store import Store


@dataclass(frozen=True)
class Linked:
    """Linked tables in their folder: which loads they were made of, by which vintage and methods, and the account of it.

    ``counts`` holds how many rows each table has and what was not found: see the how-to on linking records.
    """

    folder: Path
    loads: tuple[str, ...]
    vintage: int
    methods: dict[str, str]
    counts: dict[str, Any]

    def stale(self, store: Store) -> bool:
        """Whether the store holds other loads than those that these tables were made of."""
        return tuple(one["load"] for one in store.manifest()) != self.loads


def read_linked(store: Store) -> Linked:
    """The linked tables of a store as they stand.

    Raises ``not_linked`` where there are none, ``linked_form`` where a later version made them.
    """
    folder = folder_of(store.folder)
    told = json.loads((folder / ACCOUNT).read_text(encoding="utf-8"))
    return Linked(folder, tuple(told["loads"]), told["vintage"], told["methods"], told["counts"])


def link(
    store: Store,
    *,
    locate: Locate | None = None,
    identify: Identify | None = None,
    vintage: int = 2024,
    memory: str = "1GB",
    threads: int | None = None,
) -> Linked:
    """The linked tables of all loads of a store, written into its folder ``linked``; what stood there stays till they are whole.

    Args:
        store: the loads.
        locate: who says in which city a place is; :func:`tidu.records.linking.plain.locate` unless another is given.
        identify: who says which entity a name is of; :func:`tidu.records.linking.plain.identify` unless another is given.
        vintage: the year whose cities the fixed series is of.
        memory: the most that the engine takes before it spills.
        threads: how many; as many as there are processors unless told.

    Raises ``nothing_to_link`` where the store holds no load, ``store_busy``.
    """
    loads = [one["load"] for one in store.manifest()]
    if not loads:
        raise UsageError("nothing_to_link", folder=str(store.folder))
    place, name = locate or plain.locate, identify or plain.identify
    with store.working() as scratch:
        bench = Workbench(store, scratch, memory, threads)
        try:
            _tables(bench, place, name, vintage)
        finally:
            bench.close()
        told = {
            "form": FORM,
            "loads": loads,
            "vintage": vintage,
            "methods": {"locate": _called(place), "identify": _called(name)},
            "counts": bench.counts,
        }
        with (bench.made / ACCOUNT).open("w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        _swap(store.folder, bench.made)
    return read_linked(store)


def _called(function: object) -> str:
    return f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', type(function).__qualname__)}"


def _swap(store: Path, made: Path) -> None:
    """Puts finished tables in the place of those that stand there; between the two moves :func:`folder_of` finds the old ones."""
    target, before = store / FOLDER, store / (FOLDER + ".before")
    if before.exists():
        shutil.rmtree(before)
    if target.exists():
        target.rename(before)
    made.rename(target)
    shutil.rmtree(before, ignore_errors=True)


def _tables(bench: Workbench, locate: Locate, identify: Identify, vintage: int) -> None:
    for macro in lookups.MACROS:
        bench.engine.execute(macro)
    keys.fold(bench)
    events.mean(bench)
    applications.gather(bench)
    applications.classes(bench)
    citations.citations(bench)
    families.families(bench)
    parties.choose(bench)
    families.twins(bench)
    owners.sides(bench)
    asked = (parties, owners, registers)
    lookups.ask_places(bench, " union all ".join(one.PLACES for one in asked), locate, vintage)
    lookups.ask_names(bench, " union all ".join(one.NAMES for one in asked), identify)
    parties.parties(bench)
    term.place(bench)
    states.states(bench)
    owners.events(bench)
    owners.owners(bench)
    registers.registers(bench)
    bench.finish(
        "application",
        """select a.*, f.family, f.family_extended, f.family_offices, t.twin, e.day as ended_day from application_told a
        left join family f using (appno) left join twin t using (appno) left join ended e using (appno)""",
    )
