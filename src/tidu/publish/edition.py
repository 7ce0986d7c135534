"""An edition of an index: what every page, document and file of a release is made from, worked out once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np

from tidu.core.errors import DataError, TiduError, UsageError, nearest
from tidu.core.stats import Array
from tidu.diagnosis.audit.alternatives import Alternatives, alternatives
from tidu.diagnosis.audit.examination import Examination, examine
from tidu.diagnosis.explanation.history import Moved, moved
from tidu.diagnosis.geography.gradient import Gradient, gradient
from tidu.diagnosis.geography.places import Places, places
from tidu.index.all_weights import under_all_weights
from tidu.index.intervals import Intervals
from tidu.index.result import Index
from tidu.indicators import shipped
from tidu.indicators.clustering import Clustering
from tidu.publish.basemap import Basemap
from tidu.publish.finding import find_words
from tidu.publish.run_folder import data_rows, spec_text
from tidu.publish.slugs import slugs
from tidu.publish.tables import Rows, csv_text, ranking

#: The languages of every page, Chinese first.
LANGUAGES = ("zh", "en")
#: How many weights are drawn for :attr:`Edition.under_all_weights`.
WEIGHTINGS = 10_000


@dataclass(frozen=True, eq=False)
class Edition:
    """An index with how sure its ranks are, and, where there are such, its audited form and boundaries for its maps.

    ``hash`` names the edition: it hangs on the index file, the figures and the program's version, not on the day. One that is
    opened from a release is ``known_as`` the hash that the release names, as a release keeps the used figures only.
    """

    index: Index
    sure: Intervals | None
    audited: Index | None = None
    basemap: Basemap | None = None
    known_as: str | None = None
    clusters: Clustering | None = None

    @property
    def code(self) -> str:
        """The index's code."""
        return self.index.framework.code

    @property
    def last(self) -> str:
        """The last scored period, which pages show unless they say another."""
        return self.index.periods[-1]

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of the index file, the figures and the program's version, in hexadecimal."""
        if self.known_as is not None:
            return self.known_as
        rows = csv_text(data_rows(self.index.framework, self.index.panel))
        whole = "\n".join((version("tidu"), spec_text(self.index.framework, self.index.panel), rows))
        return hashlib.sha256(whole.encode("utf-8")).hexdigest()

    @property
    def day(self) -> str | None:
        """The day of the shipped figures, ``YYYY-MM-DD``, as their description says; of other figures none is known."""
        return str(shipped.package()["created"])[:10] if self.shipped else None

    @property
    def licences(self) -> list[dict[str, str]]:
        """The licences of the figures as a Data Package names them; of other figures than the shipped ones none is known."""
        return [dict(one) for one in shipped.package()["licenses"]] if self.shipped else []

    @property
    def mark(self) -> str:
        """The first 12 digits of :attr:`hash`, by which pages and documents name the edition."""
        return self.hash[:12]

    def vintage(self, lang: str) -> str:
        """Which edition of the figures it is made from, as the figures say; of the shipped ones in a language. Empty without."""
        return str(shipped.package()["vintage"]["zh" if lang == "zh" else "en"]) if self.shipped else self.index.panel.vintage or ""

    def title(self, lang: str) -> str:
        """What the index is called."""
        return self.index.framework.title("zh" if lang == "zh" else "en")

    def name(self, unit: str, lang: str) -> str:
        """What a unit is called."""
        return self.index.panel.name(unit, "zh" if lang == "zh" else "en")

    def label(self, node: str, lang: str) -> str:
        """What a node is called."""
        return self.index.framework.label(node, "zh" if lang == "zh" else "en")

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The shown units that are scored in the last period, best first."""
        return tuple(row["unit"] for row in self.ranking(self.last) if row.get("rank") is not None or row.get("band") is not None)

    @cached_property
    def unscored(self) -> tuple[str, ...]:
        """The shown units that have no score in the last period, in the order of the figures."""
        known = set(self.units)
        return tuple(
            unit for unit, shown in zip(self.index.units, self.index.shown.tolist(), strict=True) if shown and unit not in known
        )

    @cached_property
    def paged(self) -> frozenset[str]:
        """The units that have a page: all that are shown."""
        return frozenset((*self.units, *self.unscored))

    @cached_property
    def _rankings(self) -> dict[str, Rows]:
        return {period: ranking(self.index, period, None, self.sure) for period in self.index.periods}

    def ranking(self, period: str | None = None) -> Rows:
        """The rows of a period's ranking, as :func:`tidu.publish.tables.ranking` gives them."""
        return self._rankings[self.index.periods[self.index.period(period)]]

    def moved(self, period: str | None = None) -> Mapping[str, Moved]:
        """Unit → its ranks in a period and the one before, as :func:`tidu.diagnosis.explanation.history.moved` compares them.

        Empty in the first period and where ranks are not shown.
        """
        t = self.index.period(period)
        if t == 0 or not self.ranked:
            return {}
        if t not in self._moved:
            self._moved[t] = moved(self.index, self.index.periods[t - 1], self.index.periods[t])
        return self._moved[t]

    @cached_property
    def _moved(self) -> dict[int, Mapping[str, Moved]]:
        """Place of a period → ranks in it and before, filled when they are first asked for."""
        return {}

    @cached_property
    def pillars(self) -> tuple[str, ...]:
        """The first-level nodes, in the file's order."""
        return self.index.framework.node(self.code).children

    @cached_property
    def places(self) -> Places | None:
        """Where the units are; nothing where neither the figures nor the gazetteer say."""
        try:
            return places(self.index.panel)
        except DataError:
            return None

    @cached_property
    def shipped(self) -> bool:
        """Whether the figures are those that ship with the package."""
        return self.index.panel.vintage == shipped.cities().vintage and self.index.panel.units == shipped.cities().units

    @property
    def clustered(self) -> bool:
        """Whether there is a page on clusters: the edition has some, or is of the shipped figures and says what is published."""
        return self.shipped or self.clusters is not None

    @property
    def placed(self) -> bool:
        """Whether scores can be set against places: somebody knows where units are, and scores are shown at all."""
        return self.places is not None and self.index.framework.table.index.display != "bands"

    @property
    def mapped(self) -> bool:
        """Whether a map can be drawn: the edition is :attr:`placed` and units have longitude and latitude."""
        where = self.places
        return self.placed and where is not None and bool((~np.isnan(where.lon) & ~np.isnan(where.lat)).any())

    @cached_property
    def gradients(self) -> Mapping[str, Gradient]:
        """Period → the test of the coast-to-interior gradient; empty where the edition is not :attr:`placed`."""
        return {period: gradient(self.index, period) for period in self.index.periods} if self.placed else {}

    @property
    def ranked(self) -> bool:
        """Whether ranks are shown, and not classes only."""
        return self.index.framework.table.index.display != "bands"

    @cached_property
    def alternatives(self) -> Alternatives:
        """The last period under other treatments, normalisations and means."""
        return alternatives(self.index, self.last)

    @cached_property
    def under_all_weights(self) -> Array | None:
        """How often each unit takes each rank under weights of the first-level nodes drawn evenly from all, (units, ranks).

        Nothing where the root is no plain mean, has one child only, or where no two units have all its children (SMAA,
        :func:`tidu.index.all_weights.under_all_weights`, with :data:`WEIGHTINGS` drawn weights).
        """
        try:
            found = under_all_weights(self.index, period=self.last, draws=WEIGHTINGS)
        except TiduError:
            return None
        out = np.zeros((len(self.index.units), len(found.units)))
        out[[self.index.units.index(unit) for unit in found.units]] = found.acceptability
        return out

    @cached_property
    def examined(self) -> Examination | None:
        """What an auditor measures in the last period; nothing where it cannot be measured."""
        try:
            return examine(self.index)
        except TiduError:
            return None

    @cached_property
    def slugs(self) -> Mapping[str, str]:
        """Unit → its part of an address, as :func:`tidu.publish.slugs.slugs` gives it."""
        return slugs(self.index.units)

    def unit_of(self, slug: str) -> str:
        """The unit of an address part. Raises ``unknown_unit``."""
        for unit, own in self.slugs.items():
            if own == slug:
                return unit
        raise UsageError("unknown_unit", name=slug, did_you_mean=nearest(slug, self.slugs.values()))

    def find(self, unit: str) -> str:
        """What a reader may type to find a unit, as :func:`tidu.publish.finding.find_words` gives it."""
        if unit not in self._found:
            self._found[unit] = find_words(self.index.panel, unit)
        return self._found[unit]

    @cached_property
    def _found(self) -> dict[str, str]:
        """Unit → its words, filled when they are first asked for."""
        return {}

    @cached_property
    def sources(self) -> dict[str, Any]:
        """What the edition is made from: edition of the figures, periods, units, indicators, program."""
        index = self.index
        return {
            "vintage": index.panel.vintage or "",
            "periods": list(index.periods),
            "units": len(index.units),
            "scored": {period: index.scored(period) for period in index.periods},
            "indicators": len(index.framework.leaves),
            "tidu": version("tidu"),
            "hash": self.hash,
        }

    def filled(self, unit: str) -> int:
        """How many figures of a unit in the last period are not as printed."""
        u, t = self.index.units.index(unit), self.index.period(self.last)
        letters = self.index.status[u, t][self.index.live[t, : len(self.index.framework.leaves)]]
        return int(np.sum(letters != "A"))
