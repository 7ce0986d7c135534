"""Whom synthetic applications cite: what is cited much is cited more, without remembering anything that was drawn before.

A cited application is looked for at a distance in time. From there the search goes with falling chances to the best known of the
ten, hundred, thousand … blocks of applications around it: the numbers of citations fall off by a power, as those of patents do.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from tidu.records.synth.draws import Drawn, day
from tidu.records.synth.nation import RESIDUES, Floats, Ints, Nation, told

#: The chance that a citation goes to the best known of ten blocks and not to the block itself, and so on upwards.
UPWARD = 0.45

#: So many publications outside the nation are cited.
OUTSIDE = 3_000_000


def citations(nation: Nation, made: Drawn, chunk: int) -> Drawn:
    """The citations of a chunk: ``citing``, a place in the chunk, and ``cited``, the number of an application.

    ``cited`` is below nought for a publication that the nation does not have. Each pair stands once, in the order of the two.
    """
    rng, share = nation.generator(2**32 + chunk), told()["share"]
    mean = np.where(np.isin(made["type"], (1, 8)), share["citations_invention"], 0.0)
    mean = np.where(made["type"] == 2, share["citations_model"], mean)
    citing = np.repeat(np.arange(len(mean)), rng.poisson(mean))
    size = len(citing)
    then = made["filing"][citing] - 400 - rng.gamma(1.6, 700, size).astype(np.int64)
    start = np.array([day(date(nation.first + at, 1, 1)) for at in range(nation.years + 1)])
    year = np.clip(np.searchsorted(start, then, side="right") - 1, 0, nation.years - 1)
    part = np.clip((then - start[year]) / (start[year + 1] - start[year]), 0, 1)
    found = nation.starts[year] + np.floor(part * (np.diff(nation.starts)[year] - 1)).astype(np.int64)
    block = _known(nation, found // RESIDUES, rng.random(size))
    field = np.where(rng.random(size) < share["same_field"], made["field"][citing], -1)
    other = rng.integers(0, RESIDUES, size)
    for one, places in enumerate(nation.places):
        at = np.flatnonzero(field == one)
        # in a block few of a field's applications are the ones that are cited
        other[at] = places[np.floor(len(places) * rng.random(len(at)) ** 3).astype(np.int64)]
    cited = np.minimum(block * RESIDUES + other, nation.rows - 1)
    wrong = (nation.type(cited) == 3) | (cited >= made["number"][citing])
    cited = np.where((then < start[0]) | wrong, -1 - rng.integers(0, OUTSIDE, size), cited)
    pairs = np.unique(np.stack([citing, cited], axis=1), axis=0)
    return {"citing": pairs[:, 0], "cited": pairs[:, 1]}


def _known(nation: Nation, block: Ints, chance: Floats) -> Ints:
    """The block that is cited: the one that was looked for, or the best known of those around it."""
    most = max(0, int(np.log10(max(nation.rows / RESIDUES / 10, 1))))
    level = np.minimum(np.floor(np.log(chance.clip(1e-12)) / np.log(UPWARD)), most).astype(np.int64)
    made: Ints = block // 10**level
    for step in range(most, 0, -1):
        below = level >= step
        # a digit of its own for every node, the same for all who come by
        mixed = (made * 2_654_435_761 + step * 40_503 + nation.seed * 97) & 0xFFFFFFFF
        made = np.where(below, made * 10 + (mixed >> 13) % 10, made)
    return made
