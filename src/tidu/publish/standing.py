"""What is known of a unit, worked out once for its pages and documents in every language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from tidu.core.errors import TiduError
from tidu.diagnosis.explanation.change import Change, Kept, change
from tidu.diagnosis.explanation.contribution import Contributions, score_parts
from tidu.diagnosis.explanation.history import Year, years
from tidu.diagnosis.explanation.peers import Peers
from tidu.diagnosis.explanation.profile import Profile, profile
from tidu.diagnosis.explanation.readings import Coordination, coordination
from tidu.diagnosis.movement.levers import alike
from tidu.diagnosis.movement.moves import Move, ahead, moves
from tidu.diagnosis.movement.target import Target, target
from tidu.index.result import Index
from tidu.publish.edition import Edition

#: How many ranks a target asks for.
UPWARDS = 5
#: The attributes by which units of the same region are found, after the index file's own belts.
REGIONS = ("region4", "region7", "province")

Found = TypeVar("Found")


@dataclass(frozen=True)
class Standing:
    """A unit in the last period: profile against peers of like size, parts of its score, its change, what would move it.

    ``region`` are the shown units of the same region, best first, itself among them; empty where the figures name no region.
    What could not be worked out is nothing, and ``refused`` says why: ``parts``, ``change``, ``moves``, ``target`` or
    ``coordination`` → the error. A unit that stands first has no target.
    """

    unit: str
    profile: Profile
    years: tuple[Year, ...]
    region: tuple[str, ...]
    by_region: str
    parts: Contributions | None
    change: Change | None
    ahead: str | None
    moves: tuple[Move, ...]
    target: Target | None
    coordination: Coordination | None
    refused: dict[str, TiduError]


_KEPT: WeakKeyDictionary[Edition, dict[str, Standing]] = WeakKeyDictionary()
_CHANGES: WeakKeyDictionary[Edition, tuple[dict[str, Change | TiduError], Kept]] = WeakKeyDictionary()
_LOCK = Lock()


def standing(edition: Edition, unit: str) -> Standing:
    """What is known of a unit in an edition's last period, kept once it is worked out. Raises ``unknown_unit``, ``not_scored``.

    >>> from tidu import app
    >>> found = standing(app.edition("city-ip-core", draws=0), "330800")
    >>> found.ahead in found.profile.peers.units or found.ahead != "", found.target.before_rank - found.target.wanted_rank
    (True, 5)
    """
    with _LOCK:
        kept = _KEPT.setdefault(edition, {})
    if unit not in kept:
        kept[unit] = _worked_out(edition, unit)
    return kept[unit]


def changed(edition: Edition, unit: str) -> Change:
    """Why a unit's score changed since the period before, kept once it is worked out.

    Raises ``no_earlier_period``, and what :func:`tidu.diagnosis.explanation.change.change` raises.

    >>> from tidu import app
    >>> found = changed(app.edition("city-ip-core", draws=0), "330800")
    >>> found.periods, round(sum(found.parts.values()) - found.total, 9)
    (('2022', '2023'), 0.0)
    """
    with _LOCK:
        kept, shared = _CHANGES.setdefault(edition, ({}, {}))
    if unit not in kept:
        try:
            kept[unit] = change(edition.index, edition.index, unit, kept=shared)
        except TiduError as error:
            kept[unit] = error
    found = kept[unit]
    if isinstance(found, TiduError):
        raise found
    return found


def _worked_out(edition: Edition, unit: str) -> Standing:
    index, refused = edition.index, dict[str, TiduError]()

    def unless(what: str, made: Callable[[], Found]) -> Found | None:
        try:
            return made()
        except TiduError as error:
            refused[what] = error
            return None

    found = profile(index, unit, against=_peers(edition, unit))
    rank = index.rank()[unit]
    aim = None if rank is None or rank == 1 else max(1, rank - UPWARDS)
    by_region, region = _region(edition, unit)
    return Standing(
        unit=unit,
        profile=found,
        years=years(index, unit),
        region=region,
        by_region=by_region,
        parts=unless("parts", lambda: score_parts(index, unit)),
        change=unless("change", lambda: changed(edition, unit)) if len(index.periods) > 1 else None,
        ahead=ahead(index, unit),
        moves=unless("moves", lambda: moves(index, unit)) or (),
        target=unless("target", lambda: target(index, unit, rank=aim)) if aim is not None else None,
        coordination=unless("coordination", lambda: coordination(index, unit)),
        refused=refused,
    )


def _peers(edition: Edition, unit: str) -> Peers:
    """The peers nearest in size; all units where nothing tells the size; the unit itself where there is no other."""
    try:
        return alike(edition.index, unit)
    except TiduError:
        return Peers("universe", ("all",), (unit,))


def region_attribute(index: Index) -> str:
    """The attribute whose values are the regions: the index file's belts, else the first of :data:`REGIONS` that there is."""
    return next((name for name in (index.framework.table.units.belt, *REGIONS) if name in index.panel.groups), "")


def _region(edition: Edition, unit: str) -> tuple[str, tuple[str, ...]]:
    """The attribute of the region and the shown units that share it with a unit, best first."""
    index = edition.index
    name = region_attribute(index)
    if not name:
        return "", ()
    texts = index.panel.groups[name]
    own = texts[index.units.index(unit)]
    column = index.ranks[:, -1, -1]
    inside = [u for u, text in enumerate(texts) if text == own and not np.isnan(column[u])]
    return (name, tuple(index.units[u] for u in sorted(inside, key=lambda u: float(column[u])))) if own else ("", ())


def plain_step(slope: float) -> int:
    """The power of ten of units of an indicator that is worth a hundredth of a point at least; one where one unit is, or none.

    >>> plain_step(0.5), plain_step(0.00002), plain_step(0.0)
    (1, 1000, 1)
    """
    size = 1
    while 0 < abs(slope) * size < 0.01 and size < 10**9:
        size *= 10
    return size


def amount(value: float, sign: str = "") -> str:
    """A figure with as many digits as it needs: whole from a thousand on, two decimals from one on, else three digits.

    >>> amount(12345.6), amount(-2.5), amount(0.01234, sign="+"), amount(float("nan"))
    ('12,346', '-2.50', '+0.0123', '—')
    """
    if value != value:
        return "—"
    size = abs(value)
    form = ",.0f" if size >= 1000 else ".2f" if size >= 1 or size == 0 else ".3g"
    return format(value, sign + form)


def measured(value: float, unit: str, sign: str = "") -> str:
    """A figure with its unit; in a unit that begins with a number, as English ones do, the figure is told as it is read aloud.

    >>> measured(1234.0, "万元"), measured(0.5, "%", "+"), measured(3.0, ""), measured(86540.0, "10 000 yuan", "+")
    ('1,234 万元', '+0.5%', '3.00', '+865.4 million yuan')
    >>> measured(24.7098, "100 million yuan"), measured(3.0, "10,000 persons")
    ('2.471 billion yuan', '30,000 persons')
    """
    tens = re.match(r"(\d[\d ,]*?)( million)? (?=[^\d ])(.+)", unit)
    if tens is not None:
        times = float(re.sub("[ ,]", "", tens[1])) * (1e6 if tens[2] else 1.0)
        return f"{_aloud(value * times, sign)} {tens[3]}"
    return amount(value, sign).replace("-", "−") + ("" if not unit else unit if unit == "%" else f" {unit}")


def _aloud(value: float, sign: str) -> str:
    """A large figure with four digits and the word for its thousands."""
    size = abs(value)
    for least, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= least:
            return f"{value / least:{sign}.4g} {name}".replace("-", "−")
    return amount(value, sign).replace("-", "−")
