"""What each uncertain factor does by itself: the dry run that proves it is wired to something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tidu.core.errors import MethodError, TiduError
from tidu.core.stats import Array
from tidu.index.acceptability import Ranks, chunks, rank_rows
from tidu.index.bench import Bench
from tidu.index.factors import Levels, Space, space
from tidu.index.framework import Framework
from tidu.index.tree_draws import Mask
from tidu.indicators.panel import Panel


@dataclass(frozen=True)
class Effect:
    """What one factor does by itself: the largest change of a score and of a rank.

    ``beside`` says where the others stand: as in the ``file``; or, where an alternative cannot be had beside the file's own
    state, at their ``first`` alternatives (changes are then from the factor's own first). ``tried`` is how many of its
    states were looked at. A factor whose ``score`` is 0 changes nothing; it is infinite where units lose their score.
    ``overruled`` says that it changes nothing once the others stand anywhere: a later one puts its own in the same place.
    """

    factor: str
    kind: str
    alternatives: int
    tried: int
    score: float
    rank: int
    beside: str = "file"
    overruled: bool = False

    @property
    def works(self) -> bool:
        """Whether it changes any score, by itself and beside the others."""
        return self.score > 0 and not self.overruled


def dry_run(
    framework: Framework, panel: Panel, *, names: Sequence[str] | None = None, seed: int = 0, node: str | None = None
) -> tuple[Effect, ...]:
    """What each factor does by itself, in the file's order: the proof that it is wired to something.

    Every alternative of a discrete factor is tried, up to 256; a continuous factor is tried at 16 points. A change is
    counted from 1e-9 of the largest score on. Where an alternative cannot stand beside the file's own state (a geometric mean
    over figures that reach zero), the others are set to their first alternatives.

    >>> framework = Framework.parse('''
    ... [index]
    ... code = "demo"
    ... [indicator.a]
    ... better = "higher"
    ... [indicator.b]
    ... better = "lower"
    ... [uncertain.range]
    ... address = "normalise.onto"
    ... among = [{ changes = ["normalise.onto=[0, 100]"] }, { changes = ["normalise.onto=[0, 10]"] }]
    ... ''')
    >>> panel = Panel.of(["x", "y"], ["2023"], ["a", "b"], [[[1, 9]], [[2, 5]]])
    >>> [(effect.factor, effect.score, effect.rank) for effect in dry_run(framework, panel)]
    [('range', 90.0, 0)]
    """
    return effects(Bench(space(framework, panel, names, seed=seed), node=node))


def effects(bench: Bench) -> tuple[Effect, ...]:
    """As :func:`dry_run`, at a bench that is there already."""
    found = bench.space
    out, lost = [], set(overruled(bench))
    for at, factor in enumerate(found.factors):
        if factor.count:
            states = np.unique(np.linspace(0, factor.count - 1, min(256, factor.count)).round().astype(np.int64))
            cube = None
        else:
            states = np.full(16, -1, dtype=np.int64)
            cube = np.random.default_rng([found.seed, at]).random((16, factor.width))
        beside, base = "file", bench.nominal().T[:, None, :]
        try:
            alone = Space(found.framework, found.panel, (factor,), found.seed, found.copies)
            made = _beside(bench, alone).scores(states[:, None], cube)
        except MethodError:
            if len(found.factors) == 1:
                raise
            beside, made = "first", _among_firsts(bench, at, states, cube)
            base = made[:, :1]
        slack = 1e-9 * float(np.nanmax(np.abs(base), initial=0.0))
        moved = float(np.nanmax(np.abs(made - base), initial=0.0))
        gone = bool((np.isnan(made) != np.isnan(base)).any())
        before, after = ranked(base, bench.shown), ranked(made, bench.shown)
        both = (after > 0) & (before > 0)
        shift = int(np.max(np.where(both, np.abs(after - before), 0), initial=0))
        score = np.inf if gone else moved if moved > slack else 0.0
        out.append(Effect(factor.name, factor.kind, factor.count, len(states), score, shift, beside, factor.name in lost))
    return tuple(out)


#: At so many points of the space it is seen whether a factor changes anything beside the others.
BESIDE = 8


def overruled(bench: Bench) -> tuple[str, ...]:
    """The factors that change nothing wherever the others stand, though each is wired to something.

    Each factor is moved at :data:`BESIDE` random points of the space, all else held. Nothing is said where a point cannot be had.
    """
    found = bench.space
    if len(found.factors) < 2:
        return ()
    rng = np.random.default_rng([found.seed, len(found.factors)])
    cube = rng.random((BESIDE, found.width))
    moved = [cube]
    for span in found.spans:
        one = cube.copy()
        one[:, span] = (cube[:, span] + rng.uniform(0.25, 0.75, (BESIDE, span.stop - span.start))) % 1.0
        moved.append(one)
    levels = [found.levels(one) for one in moved]
    for at, factor in enumerate(found.factors):
        if factor.count > 1:  # the next alternative, so that it is another one for sure
            levels[at + 1][:, at] = (levels[0][:, at] + 1) % factor.count
    try:
        made = bench.scores(np.concatenate(levels), np.concatenate(moved)).reshape(len(bench.periods), len(moved), BESIDE, -1)
    except TiduError:
        return ()
    slack = 1e-9 * float(np.nanmax(np.abs(made), initial=0.0))
    same = [
        bool((np.isnan(made[:, at]) == np.isnan(made[:, 0])).all())
        and float(np.nanmax(np.abs(made[:, at] - made[:, 0]), initial=0.0)) <= slack
        for at in range(1, len(moved))
    ]
    return tuple(factor.name for factor, idle in zip(found.factors, same, strict=True) if idle)


def _among_firsts(bench: Bench, at: int, states: Levels, cube: Array | None) -> Array:
    """The scores at states of one factor, all others at their first alternatives, continuous ones in the middle."""
    found = bench.space
    levels = np.array([[0 if factor.count else -1 for factor in found.factors]]).repeat(len(states), axis=0)
    levels[:, at] = states
    whole = np.full((len(states), found.width), 0.5)
    if cube is not None:
        whole[:, found.spans[at]] = cube
    return bench.scores(levels, whole)


def _beside(bench: Bench, alone: Space) -> Bench:
    """A bench for other factors of the same index, with what is known already."""
    made = Bench.__new__(Bench)
    made.__dict__.update(bench.__dict__)
    made.space = alone
    made._upper = [at for at, factor in enumerate(alone.factors) if factor.moves != "weights"]
    return made


def ranked(scores: Array, shown: Mask) -> Ranks:
    """Ranks among the shown units, 0 where not ranked; ``scores`` is (periods, draws, units).

    >>> ranked(np.array([[[3.0, 1.0, 2.0]]]), np.array([True, False, True])).tolist()
    [[[1, 0, 2]]]
    """
    out = np.zeros(scores.shape, dtype=np.int32)
    among = np.flatnonzero(shown)
    for t in range(scores.shape[0]):
        for rows in chunks(scores.shape[1], scores.shape[2]):
            block = scores[t, rows]
            if among.size == scores.shape[2]:
                out[t, rows] = rank_rows(block)
            else:
                out[t, rows][:, among] = rank_rows(block[:, among])
    return out
