"""The waist of the house: one table of unit × period × column, small plain arrays, each cell with its status."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidu.core.address import quoted
from tidu.core.errors import DataError, UsageError, listing, nearest
from tidu.core.stats import Array, significant

PERIOD = re.compile(r"^[0-9]{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$")

#: What stands in a cell that has no figure, in small letters.
MISSING = frozenset({"", "na", "n/a", "-", "—", "–", "…", "..", "...", "缺", "暂缺"})
_NUMBER = re.compile(r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$")
_PARTED = re.compile(r"^[+-]?[0-9]{1,3}([, _'’][0-9]{3})+(\.[0-9]+)?$")

#: Headings under which a table may name its units and its periods, in lower case.
UNIT = ("unit", "code", "adcode", "ucode", "代码", "城市代码", "行政区划代码", "单位代码")
TIME = ("period", "year", "time", "年份", "时期", "年度")

#: SDMX observation-status letters that a cell may carry (code list CL_OBS_STATUS); ``data/words.toml`` says what each means.
STATUS = ("A", "B", "E", "F", "I", "L", "M", "N", "O", "P", "U", "V")


#: What sort of place a Chinese name may end with.
_SORT = re.compile("(?<=..)(市|地区|自治州|盟|县|区)$")
_LARGEST = 1e30  # the fourth power, which kurtosis takes, must stay a number


def number_of(cell: Any) -> float | None:
    """The number of a cell, NaN when it is empty, nothing when it is anything else.

    >>> number_of("12.5"), number_of(" - "), number_of("1,234"), number_of(True)
    (12.5, nan, None, None)
    """
    if cell is None:
        return np.nan
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float) or type(cell).__name__ == "Decimal":
        return None if np.isinf(float(cell)) else float(cell)
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if text.lower() in MISSING:
        return np.nan
    value = float(text) if _NUMBER.match(text) else np.inf
    return None if np.isinf(value) else value


def likely_number(cell: Any) -> str | None:
    """The number that a cell most likely means: full-width digits, parted thousands, a comma for the point; or nothing.

    >>> likely_number("１２"), likely_number("1,234.5"), likely_number("6,6"), likely_number("12%")
    ('12', '1234.5', '6.6', None)
    """
    text = unicodedata.normalize("NFKC", str(cell)).strip().replace("−", "-")
    if _PARTED.match(text):
        text = re.sub(r"[, _'’]", "", text)
    elif re.match(r"^[+-]?[0-9]+,[0-9]+$", text):
        text = text.replace(",", ".")
    return text if text != str(cell) and _NUMBER.match(text) else None


@dataclass(frozen=True, eq=False)
class Panel:
    """Figures of units at periods, with a status letter for each cell.

    Args:
        units: unit codes (an adcode, an ISO code), unique.
        periods: ISO years ``2023``, quarters ``2023-Q1`` or months ``2023-01``, ascending.
        columns: column codes, unique.
        values: float array (units, periods, columns); NaN = missing.
        status: one SDMX letter a cell, or ``None`` where all seen cells are normal.
        names: unit code → language → name.
        groups: attribute → one text a unit (a region, a province).
        universes: name → unit codes.
        kind: the frame library the figures came in, so that tables go back in it.
        vintage: what edition the figures are of; lineage: column → where its figures come from.

    >>> panel = Panel.of(["a", "b"], ["2023"], ["gdp"], [[[1.0]], [[2.0]]])
    >>> panel.column("gdp").tolist()
    [[1.0], [2.0]]
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    columns: tuple[str, ...]
    values: Array
    status: NDArray[np.str_] | None = None
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    universes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vintage: str | None = None
    lineage: Mapping[str, str] = field(default_factory=dict)
    count: NDArray[np.int64] | None = None
    open_count: NDArray[np.int64] | None = None
    standard_error: Array | None = None
    kind: str | None = None

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.periods), len(self.columns))
        if self.values.shape != shape:
            raise DataError("panel_shape", expected=str(shape), found=str(self.values.shape))
        for name, items in (("units", self.units), ("periods", self.periods), ("columns", self.columns)):
            seen: set[str] = set()
            twice = [item for item in items if item in seen or seen.add(item)]  # type: ignore[func-returns-value]
            if twice:
                raise DataError("panel_twice", axis=name, names=listing(twice))
        for period in self.periods:
            if not PERIOD.match(period):
                raise DataError("bad_period", period=period)

    @classmethod
    def of(
        cls,
        units: Sequence[str],
        periods: Sequence[str],
        columns: Sequence[str],
        values: object,
        *,
        rounded: bool = False,
        **layers: object,
    ) -> Panel:
        """A panel of anything that makes an array.

        Figures read from a file stand as printed. Those computed on an engine are ``rounded`` to 12 significant
        digits: sums taken in parallel differ in the last digits from run to run.
        """
        try:
            array = np.array(values, dtype=float)
        except (TypeError, ValueError):
            expected = str((len(units), len(periods), len(columns)))
            raise DataError("panel_shape", expected=expected, found="–") from None
        array = significant(array) if rounded else array
        large = np.abs(array) > _LARGEST
        if large.any():
            u, t, k = (int(part[0]) for part in np.nonzero(large))
            address = f"data.{quoted(str(units[u]))}.{periods[t]}.{quoted(str(columns[k]))}"
            raise DataError("figure_too_large", address=address, name=columns[k], value=f"{array[u, t, k]:g}")
        array.setflags(write=False)
        return cls(tuple(units), tuple(periods), tuple(columns), array, **layers)  # type: ignore[arg-type]

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many units, periods and columns."""
        return (len(self.units), len(self.periods), len(self.columns))

    def position(self, column: str) -> int:
        """The place of a column. Raises ``unknown_column`` with the nearest name."""
        try:
            return self.columns.index(column)
        except ValueError:
            raise DataError(
                "unknown_column", name=column, known=listing(self.columns), did_you_mean=nearest(column, self.columns)
            ) from None

    def column(self, column: str) -> Array:
        """One column as (units, periods)."""
        found: Array = self.values[:, :, self.position(column)]
        return found

    def letters(self) -> NDArray[np.str_]:
        """The status letters, (units, periods, columns); ``A`` where seen and ``O`` where missing by default."""
        if self.status is not None:
            return self.status
        return np.where(np.isnan(self.values), "O", "A")

    def name(self, unit: str, lang: str = "zh") -> str:
        """A unit's name in a language, or its code where it has none; namesakes are told apart by province, else by code.

        >>> figures = {"units": ["a", "b"], "periods": ["2023"], "columns": ["x"], "values": [[[1.0]], [[2.0]]]}
        >>> names = {"a": {"en": "Fuzhou"}, "b": {"en": "Fuzhou"}}
        >>> panel = Panel.of(**figures, names=names, groups={"province_en": ("Fujian", "Jiangxi")})
        >>> panel.name("b", "en")
        'Fuzhou (Jiangxi)'
        """
        if lang not in self._told_apart:
            own = {code: self._plain_name(code, lang) for code in self.units}
            seen = Counter(own.values())
            twice = {code: name for code, name in own.items() if seen[name] > 1}
            where = dict(zip(self.units, self.groups.get(f"province_{lang}", ("",) * len(self.units)), strict=True))
            alone = Counter((name, where[code]) for code, name in twice.items())
            form = "{}（{}）" if lang == "zh" else "{} ({})"
            self._told_apart[lang] = {
                code: form.format(name, where[code] if where[code] and alone[name, where[code]] == 1 else code)
                for code, name in twice.items()
            }
        return self._told_apart[lang].get(unit) or self._plain_name(unit, lang)

    def _plain_name(self, unit: str, lang: str) -> str:
        names = self.names.get(unit, {})
        return names.get(lang) or next(iter(names.values()), unit)

    @cached_property
    def _told_apart(self) -> dict[str, dict[str, str]]:
        """Language → unit → its name with what tells it from its namesakes; filled when a name is first asked for."""
        return {}

    def unit(self, text: str) -> str:
        """The code of a unit given by code or exact name; a Chinese one may end with what sort of place it is (杭州市).

        Raises ``unknown_unit`` with the nearest one, ``ambiguous_unit`` where several have that name.
        """
        if text in self.units:
            return text
        by_name: dict[str, list[str]] = {}
        for unit in self.units:
            for name in dict.fromkeys([*self.names.get(unit, {}).values(), self.name(unit, "zh"), self.name(unit, "en")]):
                by_name.setdefault(name, []).append(unit)
        found = by_name.get(text) or by_name.get(_SORT.sub("", text), [])
        if len(found) > 1:
            names = listing(f"{unit} {'/'.join(self.names[unit].values())}" for unit in found)
            raise UsageError("ambiguous_unit", name=text, units=names)
        if found:
            return found[0]
        raise UsageError("unknown_unit", name=text, did_you_mean=nearest(text, [*by_name, *self.units]))

    def period(self, text: str) -> int:
        """The place of a period. Raises ``unknown_period`` with those that there are."""
        if text in self.periods:
            return self.periods.index(text)
        raise UsageError("unknown_period", period=text, known=listing(self.periods))

    def universe(self, name: str) -> tuple[str, ...]:
        """The units of a universe, in the panel's order.

        ``all``; a named universe; ``attribute=value``; or a bare value of an attribute (a province, a region).
        Raises ``unknown_universe`` when the name is none of these.
        """
        if name == "all":
            return self.units
        if name in self.universes:
            inside = set(self.universes[name])
            return tuple(unit for unit in self.units if unit in inside)
        key, sign, value = name.partition("=")
        for attribute, texts in self.groups.items():
            if not sign or attribute == key:
                found = tuple(u for u, text in zip(self.units, texts, strict=True) if text == (value if sign else name))
                if found:
                    return found
        known = ["all", *self.universes, *self.groups]
        values = {text for texts in self.groups.values() for text in texts if text}
        guess = nearest(value if sign else name, [*known, *values])
        raise UsageError("unknown_universe", name=name, known=listing(known), did_you_mean=guess)

    def select(
        self, units: Sequence[str] | None = None, periods: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> Panel:
        """The panel of some units, periods and columns, all layers cut alike."""
        u = list(range(len(self.units))) if units is None else [self.units.index(unit) for unit in units]
        t = list(range(len(self.periods))) if periods is None else [self.period(period) for period in periods]
        k = list(range(len(self.columns))) if columns is None else [self.position(column) for column in columns]
        cut = np.ix_(u, t, k)
        return replace(
            self,
            units=tuple(self.units[i] for i in u),
            periods=tuple(self.periods[i] for i in t),
            columns=tuple(self.columns[i] for i in k),
            values=self.values[cut],
            status=None if self.status is None else self.status[cut],
            count=None if self.count is None else self.count[cut],
            open_count=None if self.open_count is None else self.open_count[cut],
            standard_error=None if self.standard_error is None else self.standard_error[cut],
            groups={key: tuple(texts[i] for i in u) for key, texts in self.groups.items()},
        )

    def with_columns(self, more: Mapping[str, Array], letters: Mapping[str, NDArray[np.str_]] | None = None) -> Panel:
        """The panel with columns of shape (units, periods) added or put in the place of those of the same name."""
        kept = [k for k, column in enumerate(self.columns) if column not in more]
        values = np.concatenate([self.values[:, :, kept], *(array[:, :, None] for array in more.values())], axis=2)
        status = None
        if self.status is not None or letters:
            mine = self.letters()[:, :, kept]
            theirs = [(letters or {}).get(key, np.where(np.isnan(array), "O", "A"))[:, :, None] for key, array in more.items()]
            status = np.concatenate([mine, *theirs], axis=2)
        columns = (*(self.columns[k] for k in kept), *more)
        return replace(self, columns=columns, values=values, status=status, count=None, open_count=None, standard_error=None)

    def with_value(self, unit: str, period: str, column: str, value: float, letter: str = "A") -> Panel:
        """A copy with one cell changed."""
        at = (self.units.index(self.unit(unit)), self.period(period), self.position(column))
        values, status = self.values.copy(), self.letters().copy()
        values[at], status[at] = value, letter
        return replace(self, values=values, status=status)
