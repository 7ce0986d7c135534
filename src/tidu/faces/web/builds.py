"""An index built anew on request: other weights, other methods, scenarios; bounded, so that nobody can keep the server busy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tidu.core.address import Change, quoted
from tidu.core.errors import UsageError, listing
from tidu.diagnosis.movement.what_if import Scenario, what_if
from tidu.faces.web import asked as shapes
from tidu.faces.web.api import number, ranks_shown
from tidu.faces.web.problems import PROBLEMS, Problem
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.publish.edition import Edition
from tidu.publish.pages.render import JSON

#: What may be changed: these tables of the file, and of a node or indicator its weight and its own steps.
STEPS = ("treat", "normalise", "weighting", "aggregate")
TABLES = (*STEPS, "pillar", "indicator")
#: Joins that take seconds to hours on many units.
SLOW = ("kemeny", *(f"benefit_of_the_doubt{kind}" for kind in ("", "_bounded", "_directional", "_robust")))
#: So many builds may wait for their turn; one is made at a time.
WAITING = 16


def allowed(framework: Framework, changes: Sequence[str], cells: bool = False) -> Framework:
    """The framework with the changes of a request put in; those of cells are only looked at.

    Raises ``change_not_served`` for any other part of an index file and for cells where only the file may change,
    ``method_not_served`` for a join that takes too long, ``bad_change``, ``bad_address``, ``no_match`` and the faults of a file.
    """
    spec = []
    for change in map(Change.parse, changes):
        parts = change.address.parts
        if change.address.root == "data" and cells:
            continue
        inside = parts[0] in STEPS or (parts[0] in TABLES and len(parts) >= 3 and parts[2] in ("weight", *STEPS))
        if change.address.root != "spec" or not inside:
            raise UsageError("change_not_served", address=str(change.address), known=listing(TABLES))
        spec.append(change)
    changed = framework.put(*spec) if spec else framework
    for node in changed.inner:
        choice = changed.choice("aggregate", node.code)
        if choice.method.name in SLOW and choice.signature != framework.choice("aggregate", node.code).signature:
            raise UsageError("method_not_served", address=choice.address, method=choice.method.name)
    return changed


class Turn:
    """One build at a time; whom too many wait before is told so."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._places = threading.Semaphore(waiting)
        self._turn = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A turn for the time of the block. Raises ``server_busy``."""
        if not self._places.acquire(blocking=False):
            raise UsageError("server_busy")
        try:
            with self._turn:
                yield
        finally:
            self._places.release()


def builds(edition: Edition) -> APIRouter:
    """The interface of an edition: what can be built anew."""
    busy = {"model": Problem, "description": "Too many builds are waiting; ask again."}
    routes = APIRouter(responses={**PROBLEMS, 503: busy})
    turn = Turn()

    async def answer(make: Callable[[], BaseModel]) -> Response:
        def made() -> str:
            with turn.taken():
                return make().model_dump_json()

        return Response(await run_in_threadpool(made), media_type=JSON)

    @routes.post("/build", response_model=shapes.Built)
    async def build_anew(asked: shapes.BuildAsked) -> Response:
        """The index built whole under other weights and methods; figures stay as they are."""
        return await answer(lambda: built(edition, asked))

    @routes.post("/what-if", response_model=shapes.WhatIf)
    async def scenarios(asked: shapes.WhatIfAsked) -> Response:
        """The edition beside itself under scenarios, and what the new fit turned round."""
        return await answer(lambda: compared(edition, asked))

    return routes


def built(edition: Edition, asked: shapes.BuildAsked) -> shapes.Built:
    """An edition's index built anew. Raises ``unknown_node``, ``unknown_period``, what :func:`allowed` and a build raise."""
    ranks_shown(edition)
    base, framework = edition.index, edition.index.framework
    named = [(framework.node(code), weight) for code, weight in asked.weights.items()]
    weights = [f"{'indicator' if node.leaf else 'pillar'}.{quoted(node.code)}.weight={weight!r}" for node, weight in named]
    changes = [*asked.changes, *weights]
    label = base.periods[base.period(asked.period)]
    index = build(allowed(framework, changes), base.panel)
    score, rank, was = index.score(None, label), index.rank(None, label), base.rank(None, label)
    shown = [unit for u, unit in enumerate(index.units) if index.shown[u]]
    rows = [shapes.BuiltRow(unit=unit, score=number(score[unit]), rank=rank[unit], was=was[unit]) for unit in shown]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0))
    return shapes.Built(index=edition.code, period=label, hash=edition.hash, changes=changes, rows=rows)


def compared(edition: Edition, asked: shapes.WhatIfAsked) -> shapes.WhatIf:
    """An edition's index beside itself under scenarios. Raises what :func:`allowed` and :func:`what_if` raise."""
    ranks_shown(edition)
    index = edition.index
    for one in asked.scenarios:
        allowed(index.framework, one.changes, cells=True)
    named = [Scenario(one.name, {}, tuple(one.changes)) for one in asked.scenarios]
    found = what_if(index.framework, index.panel, named, base=index, frozen=asked.frozen, period=asked.period)
    rows = []
    for row in found.rows():
        scores = {name: number(value) for name, value in row["scores"].items()}
        rows.append(shapes.WhatIfRow.model_validate({**row, "score": number(row["score"]), "scores": scores}))
    flips = [
        shapes.Flipped(scenario=outcome.scenario.name, kind=flip.kind, what=flip.what, period=flip.period)
        for outcome in found.outcomes
        for flip in outcome.flips
    ]
    return shapes.WhatIf(index=edition.code, period=found.period, hash=edition.hash, rows=rows, flips=flips)
