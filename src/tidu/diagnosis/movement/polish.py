"""On arrays: a plan sought where only trying tells whether it reaches; the cheapest that does, or the furthest that is found."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from tidu.core.stats import Array

#: Steps in which levers are moved up or down from a plan, and how often it is moved on.
STEPS, MOVES = (0.5, 0.25, 0.12, 0.06, 0.03, 0.015, 0.007, 0.003, 0.001), 16
#: Along a ray: evenly spaced plans, then halvings; how many plans are moved on from.
ALONG, HALVINGS, DEEP = 12, 8, 4
#: A plan is cheaper by so much at least.
LESS = 1e-6
Tried = tuple[NDArray[np.bool_], Array, Array]


class Trials:
    """Plans tried one after the other, at most so many; the cheapest that reaches and the furthest of all are kept.

    ``run`` takes plans (N, J), shares of each lever's limit, to whether each reaches, by how much its score is over what is
    asked, and how far it is from the goal, whole steps first (N, 2). ``cost`` is ``sum`` or ``max`` of the shares.
    """

    def __init__(self, run: Callable[[Array], Tried], cost: str, budget: int) -> None:
        self.run, self.kind, self.budget = run, cost, budget
        self.count = 0
        self.cheapest: Array | None = None
        self.furthest: Array | None = None
        self._far: tuple[float, ...] = ()

    def cost(self, plans: Array) -> Array:
        """What plans (N, J) ask for, (N,); of equal largest shares the smaller sum is less."""
        total = plans.sum(axis=-1)
        return np.asarray(total if self.kind == "sum" else plans.max(axis=-1) + 1e-6 * total)

    @property
    def left(self) -> int:
        """How many plans may still be tried."""
        return self.budget - self.count

    def __call__(self, plans: Array) -> tuple[NDArray[np.bool_], Array]:
        """Whether each of some plans (N, J) reaches, and its margin; what is past the budget is not tried and does not reach."""
        size = len(plans)
        reached, margin = np.zeros(size, dtype=bool), np.full(size, -np.inf)
        part = plans[: max(0, self.left)]
        if not len(part):
            return reached, margin
        self.count += len(part)
        met, over, far = self.run(part)
        reached[: len(part)], margin[: len(part)] = met, over
        if met.any():
            at = np.flatnonzero(met)
            best = part[at[np.argmin(self.cost(part[at]))]]
            if self.cheapest is None or self.cost(best) < self.cost(self.cheapest) - 1e-12:
                self.cheapest = best
        order = np.lexsort((self.cost(part), far[:, 1], far[:, 0]))
        key = tuple(far[order[0]].tolist())
        if self.furthest is None or key < self._far:
            self.furthest, self._far = part[order[0]], key
        return reached, margin

    def distance(self, plan: Array) -> tuple[float, ...]:
        """How far a plan (J,) is from the goal, as ``run`` says it; not counted."""
        return tuple(self.run(plan[None])[2][0].tolist())


def directions(count: int) -> Array:
    """Rays from nothing that are tried, (K, J), the largest share of each 1: single levers, all, pairs, and mixed ones for few.

    >>> directions(2).tolist()
    [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.5], [0.5, 1.0], [1.0, 0.25], [0.25, 1.0]]
    """
    rays = [*np.eye(count), np.ones(count)]
    for i, j in combinations(range(count), 2):
        for a, b in ((1.0, 1.0), (1.0, 0.5), (0.5, 1.0), (1.0, 0.25), (0.25, 1.0)) if count <= 6 else ((1.0, 1.0),):
            ray = np.zeros(count)
            ray[i], ray[j] = a, b
            rays.append(ray)
    if count in (3, 4):
        levels = (0.25, 0.5, 1.0) if count == 3 else (0.4, 1.0)
        rays += [np.array(ray) for ray in product(levels, repeat=count) if max(ray) == 1.0]
    return _each_once(np.array(rays))


def _each_once(plans: Array) -> Array:
    """Plans without those that stood before."""
    _, first = np.unique(plans.round(9), axis=0, return_index=True)
    return plans[np.sort(first)]


def reach(tried: Trials, starts: Array) -> bool:
    """Whether any plan was found that reaches: from ``starts`` (K, J), the corners, a grid for few levers, then step by step.

    >>> def run(plans):
    ...     gain = plans[:, 0] - 0.5 * plans[:, 1]
    ...     return gain >= 0.7, gain - 0.7, np.column_stack([np.zeros(len(plans)), 0.7 - gain])
    >>> reach(Trials(run, "sum", 500), np.ones((1, 2)))
    True
    """
    count = starts.shape[1]
    corners = (
        np.array(list(product((0.0, 1.0), repeat=count))) if count <= 7 else np.concatenate([np.eye(count), 1 - np.eye(count)])
    )
    levels = {1: 65, 2: 17, 3: 9}.get(count)
    grid = [np.array(list(product(np.linspace(0.0, 1.0, levels), repeat=count)))] if levels else []
    for plans in (starts, corners, *grid):
        if tried(plans[: max(1, tried.left // 2)])[0].any():
            return True
    for step in STEPS:
        while tried.left > 0 and tried.furthest is not None:
            before = tried.furthest
            sides = np.concatenate([before + step * np.eye(count), before - step * np.eye(count)])
            if tried(_each_once(np.clip(sides, 0.0, 1.0)))[0].any():
                return True
            if tried.furthest is before:
                break
    return tried.cheapest is not None


def least(tried: Trials, starts: Array) -> Array | None:
    """The cheapest plan found that reaches, or nothing: along rays, then moved down from the cheapest ones, lever against lever.

    No program proves it: it is the least of those tried. ``starts`` (K, J) are plans to begin with.

    >>> def run(plans):
    ...     gain = plans @ np.array([1.0, 3.0])
    ...     return gain >= 1.5, gain - 1.5, np.column_stack([np.zeros(len(plans)), 1.5 - gain])
    >>> least(Trials(run, "sum", 500), np.ones((1, 2))).round(4).tolist()
    [0.0, 0.5]
    """
    reached, _ = tried(starts)
    pool = [*starts[reached], *_along(tried, directions(starts.shape[1]))]
    if tried.cheapest is not None:
        pool.append(tried.cheapest)
    pool.sort(key=lambda plan: float(tried.cost(plan)))
    pool = list(_each_once(np.array(pool))) if pool else []
    for plan in sorted(pool, key=lambda plan: float(tried.cost(plan)))[:DEEP]:
        _down(tried, plan)
    if tried.cheapest is not None:
        _dropped(tried, tried.cheapest)
        _shrunk(tried)
    return tried.cheapest


def _along(tried: Trials, rays: Array) -> Array:
    """The first plan that reaches on each ray that has one, (K, J)."""
    rays = rays[: max(1, tried.left // (2 * (ALONG + HALVINGS)))]
    scale = np.arange(1, ALONG + 1) / ALONG
    plans = rays[:, None] * scale[None, :, None]
    there = tried(plans.reshape(-1, rays.shape[1]))[0].reshape(len(rays), ALONG)
    hit = there.any(axis=1)
    rays, first = rays[hit], there[hit].argmax(axis=1)
    far, near = scale[first], scale[first] - 1.0 / ALONG
    for _ in range(HALVINGS if len(rays) else 0):
        middle = (far + near) / 2
        done = tried(rays * middle[:, None])[0]
        far, near = np.where(done, middle, far), np.where(done, near, middle)
    return np.asarray(rays * far[:, None])


def _dropped(tried: Trials, plan: Array) -> Array:
    """A plan without the levers that it does not need."""
    while tried.left > 0:
        used = np.flatnonzero(plan > 0)
        if used.size < 2:
            break
        fewer = np.where(np.eye(plan.size, dtype=bool)[used], 0.0, plan)
        there = tried(fewer)[0]
        if not there.any():
            break
        plan = fewer[there][np.argmin(tried.cost(fewer[there]))]
    return plan


def _down(tried: Trials, plan: Array) -> Array:
    """A plan that reaches, moved on to cheaper ones as long as one is found."""
    count = plan.size
    for _ in range(MOVES):
        plan = _dropped(tried, plan)
        if tried.left <= 0:
            break
        sides = np.concatenate([plan[None], plan + 1e-4 * np.eye(count), plan - 1e-4 * np.eye(count)])
        _, margin = tried(np.clip(sides, 0.0, 1.0))
        base = margin[0]
        near, far = margin[1 : count + 1] - base, base - margin[count + 1 :]
        up, down = (np.where(np.isfinite(part), part, 0.0) / 1e-4 for part in (near, far))
        trial = [_traded(plan, up, down, max(0.0, float(base)), step) for step in STEPS]
        trial += _nearby(plan, up, tried.kind)
        plans = _each_once(np.array(trial))
        cost = tried.cost(plans)
        plans = plans[cost < tried.cost(plan) - LESS]
        if not len(plans):
            break
        there = tried(plans[np.argsort(tried.cost(plans), kind="stable")])[0]
        if not there.any():
            break
        plan = plans[np.argsort(tried.cost(plans), kind="stable")][there.argmax()]
    return plan


def _nearby(plan: Array, up: Array, kind: str) -> list[Array]:
    """Plans near a plan: one lever less, the largest shares less, or for few levers one less and another more."""
    one, used = np.eye(plan.size), np.flatnonzero(plan > 0).tolist()
    found = [plan - step * one[i] for step in STEPS for i in used]
    if kind == "max":
        top = float(plan.max())
        found += [np.where((up > 0) | (plan > 0), top * (1 - step), 0.0) for step in STEPS]
        found += [np.minimum(plan, top * (1 - step)) for step in STEPS]
    elif plan.size <= 4:
        pairs = [(i, j) for i in used for j in range(plan.size) if i != j]
        rates = [(step, rate) for step in STEPS[:7] for rate in (0.3, 0.6, 0.9)]
        found += [plan - step * one[i] + rate * step * one[j] for i, j in pairs for step, rate in rates]
    return [np.clip(near, 0.0, 1.0) for near in found]


def _traded(plan: Array, up: Array, down: Array, spare: float, step: float) -> Array:
    """A plan with levers of little gain taken back by up to ``step`` and levers of more gain put in their place.

    ``up`` and ``down`` are what the score gains or loses by a share more or less (J,), ``spare`` what may be lost.
    """
    made = plan.copy()
    for i in np.argsort(down, kind="stable").tolist():
        back = min(step, float(made[i])) if made[i] <= plan[i] else 0.0
        if back <= 0:
            continue
        if down[i] <= 0:
            made[i] -= back
            continue
        free = min(back, spare / float(down[i]))
        made[i] -= free
        spare -= free * float(down[i])
        back -= free
        for j in np.argsort(-up, kind="stable").tolist():
            if back <= 1e-12 or up[j] <= down[i] * (1 + 1e-9):
                break
            room = min(step, 1.0) - max(0.0, float(made[j] - plan[j]))
            more = min(back * float(down[i]) / float(up[j]), room, 1.0 - float(made[j])) if j != i and made[j] >= plan[j] else 0.0
            if more > 0:
                made[j] += more
                made[i] -= more * float(up[j]) / float(down[i])
                back -= more * float(up[j]) / float(down[i])
    return np.clip(made, 0.0, 1.0)


def _shrunk(tried: Trials) -> None:
    """The cheapest plan with each lever in turn halved down to what it takes."""
    for j in np.argsort(-(tried.cheapest if tried.cheapest is not None else np.zeros(0))).tolist():
        plan = tried.cheapest
        if plan is None or plan[j] <= 0:
            continue
        far, near = float(plan[j]), 0.0
        for _ in range(HALVINGS + 6):
            middle = (far + near) / 2
            other = plan.copy()
            other[j] = middle
            far, near = (middle, near) if tried(other[None])[0][0] else (far, middle)
