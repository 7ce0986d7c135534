"""The file that says what is measured: years, rules, measures with their parameters, denominators, tables of the user."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tidu.core.errors import DataError, UsageError, listing, nearest
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import CRITERIA, Clock, Counting, Measure, Rule
from tidu.indicators.measures.records import Supplied
from tidu.indicators.measures.supplied import read_supplied
from tidu.indicators.panel import Panel
from tidu.indicators.sheet import read_panel

Base = Literal["same", "previous"]


class _Shut(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Frame(_Shut):
    first: int = Field(ge=1900, le=2200)
    last: int = Field(ge=1900, le=2200)
    counting: Counting = "first_applicant"
    unit: Literal["application", "family"] = "application"
    vintage: Literal["fixed", "then"] = "fixed"
    units: Literal["seen", "gazetteer"] | list[str] = "seen"


class _Quotient(_Shut):
    of: str
    per: str | None = None
    base: Base = "same"
    scale: float = Field(1.0, gt=0)
    growth: Literal["previous"] | int | None = None


class _Asked(_Quotient):
    kind: str | None = None
    counting: Counting | None = None
    clock: Clock | None = None
    unit: Literal["application", "family"] | None = None
    vintage: Literal["fixed", "then"] | None = None
    internal: Literal["include", "exclude"] | None = None
    criteria: list[str] | None = Field(None, min_length=1)
    years_kept: int | None = Field(None, ge=0, le=50)
    age_from: Literal["filing", "grant"] | None = None
    threshold: float | None = Field(None, ge=0)
    symbols: Literal["main", "all"] | None = None
    field: str | None = None
    cohort: Literal["field", "section"] | None = None


class _Table(_Shut):
    file: str
    source: str = ""


class _File(_Shut):
    frame: _Frame
    measure: dict[str, _Asked] = {}
    figure: dict[str, _Quotient] = {}
    table: dict[str, _Table] = {}
    supplied: dict[str, _Table] = {}


@dataclass(frozen=True)
class Column:
    """A column that is asked for: a measure by a rule, or a figure of a table, over a denominator where there is one.

    Args:
        name: its name in the panel.
        rule: how it counts, and for which years.
        measure: what is measured; nothing for a figure.
        figure: the column of a table that is taken as it is.
        per: what it is divided by: a column of a table, or another measure of the file.
        base: whose year the denominator is of: the same, or the end of the year before, as official figures per resident have it.
        scale: the quotient is taken times this.
        growth: change over the year before, or over a named year: what it is now over what it was then, less one.
    """

    name: str
    rule: Rule
    measure: Measure | None = None
    figure: str | None = None
    per: str | None = None
    base: Base = "same"
    scale: float = 1.0
    growth: Literal["previous"] | int | None = None


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be measured: columns, tables of figures (column → panel), tables of the user, units, sources of the tables."""

    columns: tuple[Column, ...]
    figures: Mapping[str, Panel]
    supplied: Supplied
    units: Literal["seen", "gazetteer"] | tuple[str, ...] = "seen"
    sources: Mapping[str, str] | None = None

    def column(self, name: str) -> Column:
        """A column by name. Raises ``unasked_column``."""
        for one in self.columns:
            if one.name == name:
                return one
        known = [one.name for one in self.columns]
        raise UsageError("unasked_column", name=name, known=listing(sorted(known)), did_you_mean=nearest(name, known))


def read_order(path: Path) -> Order:
    """The order in a TOML file; tables are files beside it.

    Raises ``no_file``, ``bad_toml``, ``measure_file`` with the address and what does not fit, ``unknown_measure``,
    ``unknown_kind``, ``unknown_criterion``, ``rule_unheeded`` where a measure is given a rule that it does not heed,
    ``rule_missing`` where it is not given one that it cannot do without, ``table_missing`` where a table that it needs is not
    supplied, ``no_denominator`` where ``per`` or a figure names no column.
    """
    if not path.is_file():
        raise DataError("no_file", file=path.name, path=str(path))
    try:
        made = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError as error:
        raise DataError("measure_file", file=path.name, address="–", why="UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise DataError("bad_toml", file=path.name, line="", why=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        address = ".".join(str(part) for part in first["loc"])
        raise DataError("measure_file", file=path.name, address=address, why=str(first["msg"])) from None
    if made.frame.last < made.frame.first:
        raise DataError("measure_file", file=path.name, address="frame.last", why=f"{made.frame.last} < {made.frame.first}")
    if not made.measure and not made.figure:
        raise DataError("measure_file", file=path.name, address="measure", why="–")
    twice = sorted(set(made.measure) & set(made.figure))
    if twice:
        raise DataError("measure_file", file=path.name, address=f"figure.{twice[0]}", why=f"measure.{twice[0]}")
    tables = {name: read_panel(path.parent / one.file) for name, one in made.table.items()}
    figures = {column: panel for panel in tables.values() for column in panel.columns}
    supplied = {name: read_supplied(name, path.parent / one.file) for name, one in made.supplied.items()}
    columns = [_measured(name, asked, made, figures, path.name) for name, asked in made.measure.items()]
    for name, figure in made.figure.items():
        _known(figure.of, figures, f"figure.{name}.of", path.name)
        _divisor(f"figure.{name}.per", figure.per, name, made, figures, path.name)
        rule = Rule(made.frame.first, made.frame.last)
        columns.append(Column(name, rule, None, figure.of, figure.per, figure.base, figure.scale, figure.growth))
    units = made.frame.units if isinstance(made.frame.units, str) else tuple(made.frame.units)
    sources = {name: one.source for name, one in {**made.table, **made.supplied}.items()}
    return Order(tuple(columns), figures, supplied, units, sources)


def _measured(name: str, asked: _Asked, made: _File, figures: Mapping[str, Panel], file: str) -> Column:
    own, address = measure_of(asked.of), f"measure.{name}"
    given = {key for key in asked.model_fields_set if key in _PARAMETERS}
    unheeded = sorted(given - own.heeds)
    if unheeded:
        known = listing(sorted(own.heeds)) or "–"
        raise DataError("rule_unheeded", file=file, address=f"{address}.{unheeded[0]}", measure=own.code, known=known)
    for key in own.requires:
        if key not in given:
            raise DataError("rule_missing", file=file, address=f"{address}.{key}", measure=own.code)
    if asked.kind is not None and asked.kind not in own.kinds:
        near = nearest(asked.kind, own.kinds)
        raise DataError(
            "unknown_kind", file=file, address=f"{address}.kind", name=asked.kind, known=listing(own.kinds), did_you_mean=near
        )
    for one in asked.criteria or ():
        if one not in CRITERIA:
            near = nearest(one, CRITERIA)
            raise DataError("unknown_criterion", file=file, name=one, known=listing(CRITERIA), did_you_mean=near)
    needed = (*own.supplied, *(("fields",) if asked.cohort == "field" else ()))
    for table in needed:
        if table not in made.supplied:
            raise DataError("table_missing", file=file, address=address, measure=own.code, name=table)
    _divisor(f"{address}.per", asked.per, name, made, figures, file)
    frame = made.frame
    rule = Rule(frame.first, frame.last, frame.counting, own.clock, frame.unit, frame.vintage)
    chosen = {key: getattr(asked, key) for key in given if getattr(asked, key) is not None}
    if "criteria" in chosen:
        chosen["criteria"] = tuple(chosen["criteria"])
    return Column(name, replace(rule, **chosen), own, None, asked.per, asked.base, asked.scale, asked.growth)


_PARAMETERS = {one.name for one in fields(Rule)}


def _divisor(address: str, per: str | None, name: str, made: _File, figures: Mapping[str, Panel], file: str) -> None:
    """Whether what stands below is a column of a table, or a measure of the file that is no quotient itself."""
    if per is None:
        return
    other = made.measure.get(per)
    if other is None or per == name:
        _known(per, figures, address, file)
    elif other.per is not None or other.growth is not None:
        raise DataError("measure_file", file=file, address=address, why=f"measure.{per}: per, growth")


def _known(column: str, figures: Mapping[str, Panel], address: str, file: str) -> None:
    if column not in figures:
        near, known = nearest(column, figures), listing(sorted(figures)) or "–"
        raise DataError("no_denominator", file=file, address=address, name=column, known=known, did_you_mean=near)


TEMPLATE = """# What is measured: `tidu measure this-file.toml --store records --out panel.csv`
[frame]
first = 2019
last = 2023
counting = "first_applicant"   # or whole, fractional_applicant, fractional_inventor
unit = "application"           # or family
vintage = "fixed"              # cities of the fixed vintage, or of the year of filing: then
units = "seen"                 # cities that occur; or "gazetteer"; or a list of codes

[measure.inventions_filed]
of = "filings"                 # `tidu indicators` lists what can be measured
kind = "invention"

[measure.inventions_granted]
of = "grants"
kind = "invention"

[measure.inventions_in_force]
of = "in_force"
kind = "invention"

[measure.transfers_out]
of = "transfers_out"
internal = "exclude"           # moves inside a group do not count

[measure.grants_growth]
of = "grants"
growth = "previous"            # over the year before; or a year such as 2020

# Per 10,000 residents: a table with unit, period and the column that `per` names.
# [table.residents]
# file = "residents.csv"
# source = "yearbook, table …"
# [measure.inventions_in_force_per_10k]
# of = "in_force"
# kind = "invention"
# per = "residents"
# base = "previous"            # residents at the end of the year before; same: of the same year
# scale = 10000
#
# A table that only you have: `tidu indicators --table award --out award.csv` writes it empty.
# [supplied.award]
# file = "award.csv"
# [measure.high_value_inventions]
# of = "high_value_inventions"
"""


def write_template(path: Path) -> Path:
    """The file that an empty order was written to. Raises ``file_there`` where one stands."""
    if path.exists():
        raise UsageError("file_there", file=str(path))
    path.write_text(TEMPLATE, encoding="utf-8")
    return path
