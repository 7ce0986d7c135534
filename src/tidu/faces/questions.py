"""What an assistant may ask of an edition or a release: the makers of its answers, each rank with its range."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from tidu import app
from tidu.core.errors import Language as Tongue
from tidu.core.errors import TiduError, UsageError, listing, nearest
from tidu.faces.replies import (
    Column,
    Covered,
    Facts,
    Found,
    Measured,
    Placed,
    Places,
    Range,
    Standing,
    Value,
)
from tidu.faces.web import api
from tidu.index.intervals import Intervals
from tidu.publish.columns import column_label, column_unit, derivation, unit_said
from tidu.publish.edition import Edition
from tidu.publish.pages.data import citation
from tidu.publish.pages.indicator import columns_of, corrections, coverage, formula, printed
from tidu.publish.release.package import PACKAGE, licences_of, sources_of
from tidu.publish.release.sums import SUMS, sha256

#: How many editions on other universes are kept at once.
KEPT = 4


@dataclass(eq=False)
class Asked:
    """An edition that is asked: itself, on other universes, and the folder of its release where it was opened from one."""

    edition: Edition
    release: Path | None = None
    _others: OrderedDict[str, Edition] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def on(self, universe: str | None) -> Edition:
        """The edition with bounds fitted on a universe and its units ranked; the last few are kept. Raises ``unknown_universe``."""
        if universe is None:
            return self.edition
        with self._lock:
            if universe not in self._others:
                index = app.make(self.edition.index.framework, self.edition.index.panel, universe=universe)
                had = self.edition.sure
                sure = None if had is None else app.how_sure(index, had.asked, had.found.space.seed)[0]
                self._others[universe] = Edition(index, sure)
            self._others.move_to_end(universe)
            while len(self._others) > KEPT:
                self._others.popitem(last=False)
            return self._others[universe]


def facts(asked: Asked, lang: Tongue) -> Facts:
    """What the edition that is asked is; of a release its own licence, sources and hash."""
    edition, panel = asked.edition, asked.edition.index.panel
    told: dict[str, Any] = {"licenses": licences_of(edition, None), "sources": sources_of(edition)}
    if asked.release is not None and (asked.release / PACKAGE).is_file():
        told |= json.loads((asked.release / PACKAGE).read_text(encoding="utf-8"))
    titles = [str(item["title"]) for item in told.get("sources", [])]
    return Facts(
        **vars(api.about(edition)),
        as_of=edition.vintage(lang) or ", ".join(titles),
        sources=titles,
        licence=[str(item.get("title", item.get("name", ""))) for item in told.get("licenses", [])],
        citation=citation(edition, lang),
        range=None if edition.sure is None else _range(edition.sure, lang),
        universes=[*edition.index.framework.table.universe, *panel.universes],
        groups={name: sorted({text for text in texts if text}) for name, texts in panel.groups.items()},
        release=None if asked.release is None else sha256((asked.release / SUMS).read_bytes()),
        shipped=list(app.shipped_indices()),
    )


def _range(sure: Intervals, lang: Tongue) -> Range:
    told = sure.record()
    factors = [str(item[lang]) for item in sure.factors]
    return Range(level=sure.level, points=told["points"], exact=told["exact"], factors=factors, assumed=list(sure.assumed))


def found(edition: Edition, text: str) -> Found:
    """Units whose code or a name of which holds a text, those that begin with it first.

    >>> [row["unit"] for row in found(app.edition("city-ip-core", draws=0), "quzhou").rows]
    ['330800']
    """
    wanted = " ".join(text.lower().split())
    units = [unit for unit in edition.index.units if wanted in edition.find(unit)] if wanted else []
    units.sort(key=lambda unit: not any(word.startswith(wanted) for word in edition.find(unit).split()))
    return Found(
        rows=[{"unit": unit, "name_zh": edition.name(unit, "zh"), "name_en": edition.name(unit, "en")} for unit in units[:20]]
    )


def one(edition: Edition, text: str) -> str:
    """The unit that a text means: its code or exact name, else the only one that holds the text.

    Raises ``unknown_unit``, ``ambiguous_unit`` where several hold it.
    """
    try:
        return edition.index.panel.unit(text)
    except TiduError:
        rows = found(edition, text).rows
        if len(rows) > 1:
            units = listing([f"{row['unit']} ({row['name_zh']}, {row['name_en']})" for row in rows])
            raise UsageError("ambiguous_unit", name=text, units=units) from None
        if not rows:
            raise
        return rows[0]["unit"]


def places_of(edition: Edition, year: str | None, top: int, group: str | None = None, universe: str | None = None) -> Places:
    """The first ``top`` units of a period, of a region, belt or province where ``group`` names one; ranks are of all.

    Raises ``unknown_universe`` where no unit has that group, ``unknown_period``.
    """
    inside = None if group is None else set(edition.index.panel.universe(group))
    whole = api.ranking(edition, year)
    chances = _chances(edition, whole.period, top)
    rows = [row for row in whole.rows if inside is None or row.unit in inside][:top]
    return Places(
        **_of(edition, whole.period),
        universe=universe,
        group=group,
        top=top,
        ranked=sum(row.rank is not None for row in whole.rows),
        rows=[Placed(**vars(row), p_top=chances.get(row.unit)) for row in rows],
    )


def standing(edition: Edition, unit: str, year: str | None, top: int = 10, universe: str | None = None) -> Standing:
    """A unit's place in a period. Raises ``not_scored``, ``unknown_period``."""
    whole = api.ranking(edition, year)
    row = api.unit(edition, unit, year)
    own = _chances(edition, whole.period, top).get(row.unit)
    ranked = sum(item.rank is not None for item in whole.rows)
    return Standing(**vars(row), p_top=own, **_of(edition, whole.period), universe=universe, ranked=ranked)


def _chances(edition: Edition, period: str, top: int) -> dict[str, float]:
    """Unit → share of specifications that put it among the first ``top``; none without ranges."""
    if edition.sure is None:
        return {}
    return {unit: row[f"top_{top}"] for unit, row in edition.sure.rows(period, top).items()}


def _of(edition: Edition, period: str) -> dict[str, str]:
    return {"index": edition.code, "period": period, "hash": edition.hash}


def measured(edition: Edition, code: str, year: str | None, top: int, units: list[str], lang: Tongue) -> Measured:
    """An indicator with its figures of some units, or of the first ``top`` where none are named. Raises ``unknown_node``."""
    index, leaves = edition.index, edition.index.framework.leaves
    if code not in leaves:
        raise UsageError("unknown_node", name=code, known=listing(leaves), did_you_mean=nearest(code, leaves))
    t, k = index.period(year), index.framework.node(code).place
    node = next(row for row in api.indicators(edition).rows if row.code == code)
    item = index.framework.table.indicator[code]
    columns = columns_of(edition, code)
    order = [index.units.index(one(edition, text)) for text in units]
    if not order:
        ranks = index.ranks[:, t, k]
        order = sorted((u for u in range(len(index.units)) if index.shown[u] and ranks[u] == ranks[u]), key=lambda u: (ranks[u], u))
    values = [
        Value(
            unit=index.units[u],
            name_zh=edition.name(index.units[u], "zh"),
            name_en=edition.name(index.units[u], "en"),
            value=api.number(float(index.raw[u, t, k])),
            used=api.number(float(index.imputed[u, t, k])),
            status=str(index.status[u, t, k]),
            score=api.number(float(index.scores[u, t, k])) if edition.ranked else None,
            rank=int(index.ranks[u, t, k]) if edition.ranked and index.ranks[u, t, k] == index.ranks[u, t, k] else None,
        )
        for u in order[:top]
    ]
    own = vars(node) | {"unit": unit_said(node.unit or "", lang) or None, "source": index.framework.source(code, lang)}
    return Measured(
        **own,
        **_of(edition, index.periods[t]),
        formula=formula(edition, code, lang),
        note=(item.note.zh if lang == "zh" else item.note.en) or "",
        columns=[_column(edition, name, lang) for name in columns],
        coverage=[Covered.model_validate(row) for row in coverage(edition, code) if row["asked"]],
        corrected=len(corrections(edition, columns)),
        values=values,
    )


def _column(edition: Edition, name: str, lang: Tongue) -> Column:
    texts = [
        " ".join(str(place[key]) for key in ("year", "title", "table", "heading")).strip() for place in printed(edition, name, lang)
    ]
    said = {"label": column_label(edition, name, lang), "unit": column_unit(edition, name, lang)}
    return Column(code=name, **said, derivation=derivation(edition, name, lang), printed=texts)
