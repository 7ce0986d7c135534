"""The synthetic nation: how many applications its cities file in which year, kind and field. Only the sizes of cities are real.

Applications are numbered from 0 in the order of filing. From its number alone follow an application's year, kind, printed number
and field, so that any of them can be named (as cited, as twin) without being remembered.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from tidu.core.errors import UsageError, listing, nearest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: The figures that the sizes of cities follow.
BASE = 2023
#: So many applications a nation may have, so many a year (numbers have seven digits a kind), and so long its years may reach.
MOST, MOST_A_YEAR, EARLIEST, LATEST = 100_000_000, 20_000_000, 2004, 2090
#: So many applications are drawn at a time.
CHUNK = 200_000
#: The type digits of twenty applications that follow one another: 8 inventions, 1 of them by PCT beside, 9 models, 2 designs.
TYPES: Ints = np.array([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 8, 2, 1, 2, 3, 3])
_EACH: Ints = np.array([np.sum(kind == TYPES) for kind in TYPES])
_RANK: Ints = np.array([np.sum(TYPES[:at] == kind) for at, kind in enumerate(TYPES)])
#: The fields of so many applications that follow one another are a fixed pattern.
RESIDUES = 97
_WEIGHTS: Ints = np.array([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])


@cache
def told() -> Mapping[str, Any]:
    """The words and shares of ``data/synth.toml``."""
    return tomllib.loads(resources.files("tidu.data").joinpath("synth.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class City:
    """A city by size and code, with its names and those of its province."""

    size: float
    code: str
    name: str
    short: str
    english: str
    province: str
    province_english: str


@cache
def cities() -> tuple[City, ...]:
    """The cities of which the shipped figures print the inventions granted in 2023, in the order of their codes.

    >>> [city.short for city in cities()][:2], len(cities())
    (['北京', '天津'], 295)
    """
    folder = resources.files("tidu.data").joinpath("china")
    with folder.joinpath("cities.csv").open(encoding="utf-8") as file:
        sizes = {row["adcode"]: row["inventions_granted"] for row in csv.DictReader(file) if row["year"] == str(BASE)}
    with folder.joinpath("gazetteer.csv").open(encoding="utf-8") as file:
        rows = sorted((row for row in csv.DictReader(file) if sizes.get(row["adcode"])), key=lambda row: row["adcode"])
    names = ("adcode", "name_zh", "name_short_zh", "name_en", "province_zh", "province_en")
    return tuple(City(float(sizes[row["adcode"]]), *(row[name] for name in names)) for row in rows)


@dataclass(frozen=True)
class Nation:
    """What is made: how many applications, from which seed, filed from one year to another, of a province where one is named.

    They are drawn ``chunk`` at a time; other chunks are other applications.

    Raises ``synth_rows`` where there are none or more than numbers can tell, ``synth_years``, ``synth_province``.
    """

    rows: int
    seed: int
    first: int
    last: int
    province: str | None = None
    chunk: int = CHUNK

    def __post_init__(self) -> None:
        if not EARLIEST <= self.first <= self.last <= LATEST:
            raise UsageError("synth_years", first=self.first, last=self.last, earliest=EARLIEST, latest=LATEST)
        if not 1 <= self.rows <= MOST or int(np.diff(self.starts).max()) > MOST_A_YEAR:
            raise UsageError("synth_rows", rows=self.rows, most=MOST, year=MOST_A_YEAR)
        known = sorted({f"{city.code[:2]}0000" for city in cities()})
        if self.province is not None and self.province not in known:
            near = nearest(self.province, known)
            raise UsageError("synth_province", name=self.province, known=listing(known, 40), did_you_mean=near)

    @property
    def years(self) -> int:
        """How many years of filing there are."""
        return self.last - self.first + 1

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.rows // self.chunk)

    @property
    def until(self) -> date:
        """The day up to which records tell what happened: 18 months after the last year, when all of it is published."""
        return date(self.last + 2, 6, 30)

    @cached_property
    def starts(self) -> Ints:
        """The number of the first application of each year, and of the year after the last."""
        grown = (1 + told()["share"]["growth"]) ** np.arange(self.years)
        made: Ints = np.concatenate([[0], np.rint(self.rows * np.cumsum(grown) / grown.sum())]).astype(np.int64)
        return made

    @cached_property
    def fields(self) -> Ints:
        """The field (its place in the data) of each residue of an application's number."""
        shares = np.cumsum([one["share"] for one in told()["field"]], dtype=np.float64)
        ends = (np.arange(RESIDUES) + 0.5) * shares[-1] / RESIDUES
        made: Ints = self.generator(-1).permutation(np.searchsorted(shares, ends)).astype(np.int64)
        return made

    @cached_property
    def places(self) -> tuple[Ints, ...]:
        """The residues of each field."""
        return tuple(np.flatnonzero(self.fields == one) for one in range(len(told()["field"])))

    @cached_property
    def own(self) -> NDArray[np.bool_]:
        """Which cities are those of the province; all of them where none is named."""
        return np.array([self.province is None or city.code[:2] == self.province[:2] for city in cities()])

    @cached_property
    def sizes(self) -> Floats:
        """The share of each city in the applications of the base year; of those outside the province too."""
        made: Floats = np.array([city.size for city in cities()])
        shares: Floats = made / made.sum()
        return shares

    @cached_property
    def chances(self) -> Floats:
        """Year × field × city: the cumulative chance that an application of a field in a year is of a city.

        Cities are specialised and grow at paces of their own; summed over the fields of a year their shares are their sizes.
        """
        rng, share = self.generator(-2), told()["share"]
        fields = np.bincount(self.fields, minlength=len(told()["field"])).astype(np.float64)
        taste = np.exp(share["specialised"] * rng.standard_normal((len(fields), len(self.own))))
        pace = np.exp(share["city_growth"] * rng.standard_normal(len(self.own)))
        made = np.empty((self.years, *taste.shape))
        for at in range(self.years):
            size = np.where(self.own, self.sizes * pace ** (self.first + at - BASE), 0)
            table = taste * size
            for _ in range(30):
                table *= (size / size.sum() * fields.sum() / table.sum(axis=0).clip(1e-300))[None, :]
                table *= (fields / table.sum(axis=1))[:, None]
            made[at] = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)
        return made

    @cached_property
    def firms(self) -> Ints:
        """How many bodies of each city file."""
        share = self.sizes / self.sizes[self.own].sum()
        made: Ints = np.clip(self.rows * share / told()["share"]["firms"], 4, 60_000).astype(np.int64)
        return made

    def generator(self, chunk: int) -> Generator:
        """The random numbers of a chunk of applications; negative for what holds for all."""
        key = np.array([self.seed % 2**64, chunk % 2**64], dtype=np.uint64)
        return Generator(Philox(key=key))

    def year(self, number: Ints) -> Ints:
        """The place of the year of filing among the years."""
        made: Ints = np.searchsorted(self.starts, number, side="right") - 1
        return made

    def type(self, number: Ints) -> Ints:
        """The type digit of applications: 1, 2, 3 or 8."""
        made: Ints = TYPES[(number - self.starts[self.year(number)]) % len(TYPES)]
        return made

    def digits(self, number: Ints) -> tuple[Ints, Ints]:
        """The printed numbers of applications: twelve digits as one number, and the check digit, 10 for X.

        >>> nation = Nation(100, 1, 2020, 2024)
        >>> [part.tolist() for part in nation.digits(np.array([0, 1]))]
        [[202010000001, 202020000001], [1, 7]]
        """
        year = self.year(number)
        place: Ints = number - self.starts[year]
        turn, slot = place // len(TYPES), place % len(TYPES)
        made: Ints = ((self.first + year) * 10 + TYPES[slot]) * 10_000_000 + turn * _EACH[slot] + _RANK[slot] + 1
        parts = made[:, None] // 10 ** np.arange(11, -1, -1) % 10
        check: Ints = parts @ _WEIGHTS % 11
        return made, check
