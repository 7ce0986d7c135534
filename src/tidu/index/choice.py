"""The effective choice of a step: the method, its options and the step's own keys, each with where it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tidu.core.errors import SpecError, TiduError, listing, nearest, raise_all
from tidu.core.registry import Method
from tidu.index.methods import REGISTRIES
from tidu.index.spec_faults import errors_of, shown

DEFAULT_METHOD = {
    "impute": "none",
    "treat": "none",
    "normalise": "min_max",
    "weighting": "given",
    "aggregate": "arithmetic",
}


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ImputeKeys(_Keys):
    """Keys of the step itself: whether raw columns or finished indicators are filled."""

    on: Literal["column", "indicator"] = "indicator"


class TreatKeys(_Keys):
    """Keys of the step itself: the sample, the limits that must all be exceeded, and what to do when it did not help."""

    per: Literal["year", "panel"] = "year"
    when: dict[Literal["skew", "kurtosis"], float] | None = None
    otherwise: Any = None


class NormaliseKeys(_Keys):
    """Keys of the step itself: bounds of each year, or pooled over the panel."""

    over: Literal["year", "panel"] = "panel"


class AggregateKeys(_Keys):
    """Keys of the step itself: what a missing child does, and how many children must be there."""

    missing: Literal["require", "skip"] = "require"
    coverage: float = Field(default=0.0, ge=0, le=1)


class WeightingKeys(_Keys):
    """The weighting step has no keys beside its method's."""


KEYS: dict[str, type[_Keys]] = {
    "impute": ImputeKeys,
    "treat": TreatKeys,
    "normalise": NormaliseKeys,
    "weighting": WeightingKeys,
    "aggregate": AggregateKeys,
}


@dataclass(frozen=True, eq=False)
class Choice:
    """A step as it applies to one node or indicator.

    ``options`` are the method's parameters with defaults filled, ``keys`` the step's own keys, ``whence`` key →
    address where it was written (``default`` where nowhere), ``fallbacks`` the chain that ``otherwise`` names.
    """

    step: str
    method: Method
    options: Mapping[str, Any]
    keys: Mapping[str, Any]
    whence: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    fallbacks: tuple[Choice, ...] = ()

    @cached_property
    def signature(self) -> str:
        """A text that is equal for two choices that do the same."""
        return f"{self.method.name} {self.options!r} {self.keys!r}"


def choose(step: str, layers: Sequence[tuple[str, Mapping[str, Any]]]) -> Choice:
    """The choice that layered tables make, the last layer being the nearest.

    Raises :class:`~tidu.core.errors.SpecError` at the address of the layer where the faulty key was written.
    """
    merged: dict[str, Any] = {}
    whence: dict[str, str] = {}
    for address, table in layers:
        if "method" in table and table["method"] != merged.get("method", DEFAULT_METHOD[step]):
            merged, whence = {}, {}
        for key, value in table.items():
            merged[key] = value
            whence[key] = address
    last = layers[-1][0] if layers else step
    name = merged.pop("method", None) or DEFAULT_METHOD[step]
    at = whence.get("method", "default")
    try:
        method = REGISTRIES[step][name]
    except SpecError as error:
        error.address = f"{at}.method"
        raise
    step_keys = set(KEYS[step].model_fields)
    for alias in ("when",):  # a method may itself take what is else the step's key
        if alias in method.parameters:
            step_keys.discard(alias)
    own = {key: value for key, value in merged.items() if key in step_keys}
    options = {key: value for key, value in merged.items() if key not in step_keys}
    faults: list[TiduError] = []
    known = [*method.parameters, *sorted(step_keys), "method"]
    for key in [key for key in options if key not in method.parameters]:
        options.pop(key)
        faults.append(
            SpecError(
                "unknown_option",
                address=f"{whence[key]}.{key}",
                key=key,
                method=name,
                known=listing(known, 40) or "—",
                did_you_mean=nearest(key, known),
            )
        )
    checked = _validated(method.model, options, whence, at if at != "default" else last, faults)
    keys = _validated(KEYS[step], own, whence, at, faults)
    if step == "aggregate" and keys.get("coverage") and keys.get("missing") == "require":
        faults.append(SpecError("coverage_without_skip", address=f"{whence['coverage']}.coverage"))
    if not faults:
        faults.extend(_option_faults(checked, whence, at if at != "default" else last))
    raise_all(faults)
    fallbacks = tuple(_fallbacks(step, keys.get("otherwise"), whence.get("otherwise", last)))
    sources = {key: whence.get(key, "default") for key in ("method", *checked, *keys)}
    return Choice(step, method, checked, keys, sources, at if at != "default" else last, fallbacks)


def _validated(
    model: type[BaseModel], values: Mapping[str, Any], whence: Mapping[str, str], at: str, faults: list[TiduError]
) -> dict[str, Any]:
    try:
        made = model.model_validate_json(json.dumps(dict(values), default=str), strict=True)
    except ValidationError as failure:
        for error in errors_of(failure, values, model):
            head = (error.address or "").split(".")[0]
            error.address = f"{whence.get(head, at)}.{error.address}"
            if error.code == "missing_key":
                error = SpecError("missing_option", address=error.address, key=head, method=model.__name__.rpartition(".")[2])
            faults.append(error)
        return {}
    return {name: getattr(made, name) for name in model.model_fields}


def _fallbacks(step: str, otherwise: Any, address: str) -> list[Choice]:
    if otherwise is None:
        return []
    items = otherwise if isinstance(otherwise, list) else [otherwise]
    chain: list[Choice] = []
    for at, item in enumerate(items):
        table = {"method": item} if isinstance(item, str) else item
        where = f"{address}.otherwise" + (f"[{at}]" if isinstance(otherwise, list) else "")
        if not isinstance(table, Mapping) or "method" not in table:
            raise SpecError("wants_method", address=where, value=shown(item), step=step)
        try:
            chain.append(choose(step, [(where, dict(table))]))
        except SpecError as error:
            if isinstance(item, str) and error.address == f"{where}.method":
                error.address = where
            raise
    return chain


def _option_faults(options: Mapping[str, Any], whence: Mapping[str, str], at: str) -> Iterator[TiduError]:
    """What is wrong in a method's options whatever the figures: a scale, posts, shares, cuts or scores that do not fit."""

    def place(key: str) -> str:
        return f"{whence.get(key, at)}.{key}"

    onto, cuts, scores = (options.get(key) for key in ("onto", "cuts", "scores"))
    if isinstance(onto, tuple) and not onto[0] < onto[1]:
        yield SpecError("onto_order", address=place("onto"), low=f"{onto[0]:g}", high=f"{onto[1]:g}")
    low, high = options.get("low"), options.get("high")
    if low is not None and high is not None and not low < high:
        yield SpecError("goalposts_order" if onto else "percentile_order", address=place("low"), low=f"{low:g}", high=f"{high:g}")
    elif options.get("log") is True and low is not None and low <= 0:
        yield SpecError("log_needs_positive", address=place("low"), low=f"{low:g}")
    if isinstance(cuts, tuple):
        if not cuts or list(cuts) != sorted(set(cuts)):
            yield SpecError("cuts_order", address=place("cuts"), cuts=shown(cuts))
        if scores is not None and len(scores) != len(cuts) + 1:
            yield SpecError("scores_count", address=place("scores"), wanted=len(cuts) + 1, found=len(scores))
    elif scores is not None and not scores:
        yield SpecError("list_empty", address=place("scores"))
