"""What is drawn of a chunk of synthetic applications: numbers alone, one array a fact, from random numbers of the chunk's own."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from tidu.records.synth.nation import Floats, Ints, Nation, cities, told

#: The day number of no day.
NEVER = -1
_EPOCH = date(1970, 1, 1)

Drawn = dict[str, Ints]


def day(when: date) -> int:
    """The day number of a date.

    >>> day(date(1970, 1, 2))
    1
    """
    return (when - _EPOCH).days


def drawn(nation: Nation, chunk: int) -> Drawn:
    """The facts of a chunk's applications: whole numbers, one array a fact, all as long.

    ``city``, ``co_city``, ``to_city`` are places in :func:`~tidu.records.synth.nation.cities`, ``body`` and the like the number of
    a body in its city; days are day numbers, :data:`NEVER` where nothing happened; ``abroad`` is -1 for applicants at home.
    """
    rng, share = nation.generator(chunk), told()["share"]
    number = np.arange(chunk * nation.chunk, min((chunk + 1) * nation.chunk, nation.rows), dtype=np.int64)
    year, kind = nation.year(number), nation.type(number)
    digits, check = nation.digits(number)
    made: Drawn = {"number": number, "year": nation.first + year, "type": kind, "digits": digits, "control": check}
    made["field"] = nation.fields[number % len(nation.fields)]
    size = len(number)
    made["city"] = _cities(nation, year, made["field"], rng.random(size))
    made["body"] = _bodies(nation, made["city"], rng.random(size))
    made["person"] = np.where(rng.random(size) < share["person"], 1, 0)
    foreign = (rng.random(size) < share["abroad"]) & (nation.province is None)
    made["abroad"] = np.where(foreign, rng.integers(0, len(told()["abroad"]), size), -1)
    made["person"] *= made["abroad"] < 0
    _joint(nation, made, rng)
    made["inventors"] = 1 + rng.binomial(6, 0.25, size)
    made["claims"] = np.where(kind == 3, 1, 1 + rng.poisson(np.where(kind == 2, 7, 9), size))
    made["text"] = rng.integers(0, 2**31, size)
    made["dirt"], made["fault"] = rng.integers(0, 10_000, size), rng.integers(0, 10_000, size)
    made["vendor"] = (rng.random(size) < share["dirt"]["city_of_vendor"]).astype(np.int64)
    made["members"] = np.where(np.isin(kind, (1, 8)) & (rng.random(size) < share["family"]), rng.integers(1, 6, size), 0)
    first = np.array([day(date(nation.first + at, 1, 1)) for at in range(nation.years + 1)])
    count = np.diff(nation.starts)
    place = (number - nation.starts[year] + 3 * rng.random(size)) / (count[year] + 3)
    made["filing"] = first[year] + np.floor(place * (first[year + 1] - first[year])).astype(np.int64)
    _twins(made, rng.random(size) < share["twin"])
    _granted(nation, made, rng)
    _deals(nation, made, rng)
    return made


def _cities(nation: Nation, year: Ints, field: Ints, chance: Floats) -> Ints:
    """The city of each application by its year, its field and a chance."""
    made = np.zeros(len(year), dtype=np.int64)
    group = year * nation.chances.shape[1] + field
    order = np.argsort(group, kind="stable")
    ends = np.flatnonzero(np.diff(group[order], append=-1)) + 1
    for start, end in zip(np.concatenate([[0], ends[:-1]]), ends, strict=True):
        at = order[start:end]
        made[at] = np.searchsorted(nation.chances[year[at[0]], field[at[0]]], chance[at], side="right")
    last = np.flatnonzero(nation.own)[-1]
    bounded: Ints = np.minimum(made, last)
    return bounded


def _bodies(nation: Nation, city: Ints, chance: Floats) -> Ints:
    """A body of each city; few file much."""
    made: Ints = np.floor(nation.firms[city] * chance**2.2).astype(np.int64)
    return made


def _elsewhere(nation: Nation, chance: Floats) -> Ints:
    """A city of the whole nation by its size and a chance."""
    made: Ints = np.minimum(np.searchsorted(np.cumsum(nation.sizes), chance, side="right"), len(cities()) - 1)
    return made


def _joint(nation: Nation, made: Drawn, rng: np.random.Generator) -> None:
    share, size = told()["share"], len(made["number"])
    joint = (rng.random(size) < share["joint"]) & (made["person"] == 0) & (made["abroad"] < 0)
    away = rng.random(size) < share["joint_elsewhere"]
    city = np.where(away, _elsewhere(nation, rng.random(size)), made["city"])
    # a university files with firms more than a firm does
    body = np.where(rng.random(size) < 0.3, 1, _bodies(nation, city, rng.random(size)))
    joint &= (city != made["city"]) | (body != made["body"])
    made["co_city"], made["co_body"] = np.where(joint, city, -1), np.where(joint, body, -1)


def _twins(made: Drawn, chosen: NDArray[np.bool_]) -> None:
    """An invention and the utility model that follows it are one thing filed on one day by one applicant."""
    follows = np.zeros(len(chosen), dtype=bool)
    follows[1:] = chosen[:-1] & (made["type"][:-1] == 1) & (made["type"][1:] == 2) & (made["year"][:-1] == made["year"][1:])
    at = np.flatnonzero(follows)
    made["twin"] = np.where(follows, 1, 0)
    made["twin"][at - 1] = 1
    for name in ("city", "body", "person", "abroad", "co_city", "co_body", "filing", "text", "field", "inventors"):
        made[name][at] = made[name][at - 1]


def _granted(nation: Nation, made: Drawn, rng: np.random.Generator) -> None:
    """When an application is published, granted and given up, as far as the records reach."""
    share, until, size = told()["share"], day(nation.until), len(made["number"])
    invention = np.isin(made["type"], (1, 8))
    wait = np.where(invention, 420 + rng.gamma(4, 130, size), 120 + rng.gamma(2, 40, size)).astype(np.int64)
    # what is not examined is published with its grant; the one that is refused is never heard of
    chosen = ~invention | (rng.random(size) < share["invention_granted"])
    granted = np.where(chosen, made["filing"] + wait, NEVER)
    granted = np.where(~invention, np.minimum(granted, until), granted)
    open_day = made["filing"] + np.minimum(rng.integers(90, 545, size), np.where(chosen, wait, 10**6))
    made["granted"] = np.where(granted > until, NEVER, granted)
    made["published"] = np.where(invention, open_day, made["granted"])
    yearly = np.where(invention, share["invention_lapse"], share["model_lapse"])
    years = np.ceil(rng.exponential(1 / yearly, size)).clip(1, 30).astype(np.int64)
    ended = made["granted"] + years * 365 - 30
    made["ended"] = np.where((made["granted"] < 0) | (ended > until - 20) | (ended > made["filing"] + 9 * 365), NEVER, ended)


def _deals(nation: Nation, made: Drawn, rng: np.random.Generator) -> None:
    """Transfers, licences, pledges and open licences while a patent of a body at home is in force."""
    share, until, size = told()["share"], day(nation.until), len(made["number"])
    end = np.where(made["ended"] > 0, made["ended"], until)
    span = end - made["granted"] - 30
    able = (made["granted"] > 0) & (span > 60) & (made["abroad"] < 0)
    for name in ("transfer", "licence", "pledge", "open_licence"):
        when = made["granted"] + 15 + np.floor(rng.random(size) * np.minimum(span, 3000)).astype(np.int64)
        chosen = able & (rng.random(size) < share[name]) & ((made["person"] == 0) | (name != "pledge"))
        made[name] = np.where(chosen, when, NEVER)
        if name in ("transfer", "licence"):
            away = rng.random(size) < share["transfer_elsewhere"]
            city = np.where(away, _elsewhere(nation, rng.random(size)), made["city"])
            body = _bodies(nation, city, rng.random(size))
            chosen &= (city != made["city"]) | (body != made["body"])
            made[name] = np.where(chosen, made[name], NEVER)
            made[f"{name}_city"], made[f"{name}_body"] = np.where(chosen, city, -1), np.where(chosen, body, -1)
    # who has given a patent away pledges and licenses it no more
    for name in ("licence", "pledge", "open_licence"):
        made[name] = np.where(made["transfer"] > 0, NEVER, made[name])
    # one notice covers what a body pledges in one month
    made["pledge"] = np.where(made["pledge"] > 0, made["pledge"] // 30 * 30 + 7, NEVER)
    made["pledge"] = np.where((made["pledge"] > made["granted"]) & (made["pledge"] < end), made["pledge"], NEVER)
    held = made["pledge"] + 365 * rng.integers(1, 4, size)
    released = (made["pledge"] > 0) & (rng.random(size) < share["released"]) & (held < end - 20)
    made["released"] = np.where(released, held, NEVER)
