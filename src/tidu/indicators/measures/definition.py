"""What a measure is: a function of linked records and a rule that gives contributions, with its texts and what it needs.

A contribution is a row (``unit``, ``period``, ``key``, ``share``): the city, the year, the row of the records that counts, and how
much of it counts, as whole parts of ``scale``. Where a measure is about a city's make-up, a column ``part`` says to which part of
it (a field, another city) the row belongs. Measures never give totals: one function sums them, and the same rows are traced.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tidu.core.stats import Array
    from tidu.indicators.measures.records import Records

#: Whole parts of one counted row; money is counted in fen.
ONE, FEN = 10**9, 100
#: The unit of contributions whose city could not be told, and of those from abroad.
UNRESOLVED, ABROAD = "unresolved", "abroad"

Counting = Literal["first_applicant", "whole", "fractional_applicant", "fractional_inventor"]
Clock = Literal["filing", "priority", "publication", "grant"]
#: What says until when the rows of a measure reach, and so which of its years are whole.
Dated = Literal["application", "state", "event", "contract", "right", "firm", "given"]
KINDS = ("invention", "utility_model", "design")
#: The criteria of a high-value invention: any of them suffices.
CRITERIA = ("emerging", "family_abroad", "maintained", "pledged", "award")


@dataclass(frozen=True)
class Rule:
    """The rule that a measure counts by; it is printed with every number.

    Args:
        first, last: years.
        counting: whole applications by their first applicant, whole ones in every city of an applicant, or shares by applicant or
            inventor.
        clock: the date that says the year of an application.
        unit: ``application``, or ``family``: of a simple family its first application alone.
        vintage: ``fixed`` cities or those of the filing year (``then``).
        kind: one kind of application or contract alone.
        internal: whether what moves inside a group counts.
        criteria: for high-value inventions, which criteria count; those that can be computed where none is named.
        years_kept, age_from: for how many years a right is kept, counted from filing or from grant.
        threshold: an amount of money in yuan that a contract reaches, or stays within.
        symbols: whether the field is that of the main symbol, or shares of all.
        field: one field alone.
        cohort: whom figures of quality are compared with: applications of the same year and field, or section of the IPC.
    """

    first: int
    last: int
    counting: Counting = "first_applicant"
    clock: Clock = "filing"
    unit: Literal["application", "family"] = "application"
    vintage: Literal["fixed", "then"] = "fixed"
    kind: str | None = None
    internal: Literal["include", "exclude"] = "include"
    criteria: tuple[str, ...] = ()
    years_kept: int = 10
    age_from: Literal["filing", "grant"] = "filing"
    threshold: float = 0.0
    symbols: Literal["main", "all"] = "main"
    field: str | None = None
    cohort: Literal["field", "section"] = "section"

    @property
    def years(self) -> range:
        """The years, first to last."""
        return range(self.first, self.last + 1)

    def told(self, names: frozenset[str]) -> dict[str, Any]:
        """The parameters that a measure heeds, for printing beside its numbers; ``all`` where one of several was not chosen."""
        found: dict[str, Any] = {}
        for name in ORDER:
            if name in names:
                value = getattr(self, name)
                found[name] = "all" if value is None else "+".join(value) if isinstance(value, tuple) else value
        return found


#: The parameters in the order in which they are printed.
ORDER = tuple(name for name in Rule.__dataclass_fields__ if name not in ("first", "last"))


@dataclass(frozen=True)
class Measure:
    """A measure: its code, what makes its contributions, what it needs, the rules it heeds.

    Args:
        code: its name in files.
        make: a function of records and a rule that gives contributions.
        needs: linked tables.
        heeds: parameters of the rule that change it.
        dated: what says until when its rows reach.
        scale: whole parts of one unit of it.
        clock: the date that says the year unless another is asked for.
        supplied: tables that the user must supply; ``may``: that he may supply.
        stock: whether it counts what there is on the last day of a year.
        over: the measure that it is divided by, with the same rule: it is a mean then.
        finish: what makes one number a city of a table of cities by parts, where there are parts.
        settle: what a rule becomes, given the records: which criteria can be computed.
        kinds: the kinds that it knows.
        window: years that must pass before a year of it is whole.
        mean: whether its contributions have a ``weight`` beside the share: the number is the sum of shares over that of weights.
        requires: parameters that have no sensible value of their own and must be given.
    """

    code: str
    make: Callable[[Records, Rule], Any]
    needs: tuple[str, ...]
    heeds: frozenset[str]
    dated: Dated
    scale: int = ONE
    clock: Clock = "filing"
    supplied: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    stock: bool = False
    over: str | None = None
    finish: Finish | None = None
    settle: Callable[[Records, Rule], Rule] | None = None
    kinds: tuple[str, ...] = KINDS
    window: int = 0
    mean: bool = False
    requires: tuple[str, ...] = ()

    def text(self, key: str, lang: str) -> str:
        """One of its texts in a language: ``label``, ``definition``, ``formula``, ``source``, ``traps``, ``unit``."""
        return str(texts()[self.code][key][lang])

    def told(self, rule: Rule) -> dict[str, Any]:
        """The parameters that its numbers stand by; the clock too where it is fixed."""
        shown = self.heeds | ({"clock"} if self.dated == "application" else set())
        return rule.told(frozenset(shown))


#: What makes one number a unit of a table of sums by unit and part; the names of the parts and the rule are given.
Finish = Callable[["Array", Sequence[str], Rule], "Array"]
#: Every measure that a room entered, by code.
ENTERED: dict[str, Measure] = {}
Make = Callable[["Records", Rule], Any]


def measure(
    code: str, *, needs: str, dated: Dated, heeds: str = "", supplied: str = "", may: str = "", **more: Any
) -> Callable[[Make], Make]:
    """A decorator that enters a function under a code; ``needs``, ``heeds``, ``supplied``, ``may`` are names parted by spaces."""

    def enter(function: Make) -> Make:
        more["supplied"], more["may"] = tuple(supplied.split()), tuple(may.split())
        ENTERED[code] = Measure(code, function, tuple(needs.split()), frozenset(heeds.split()), dated, **more)
        return function

    return enter


@cache
def texts() -> dict[str, Any]:
    """The texts of every measure, from ``data/indicators.toml``."""
    return tomllib.loads(resources.files("tidu.data").joinpath("indicators.toml").read_text(encoding="utf-8"))
