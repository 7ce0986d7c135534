"""Registries of named methods: a bare function on arrays, its fit, its parameters, its source.

A method of a step is a pure function ``f(x, *fitted, *, parameters)``; what it learns from the data
(bounds, means, a shift) comes from its ``fit`` as a dictionary of arrays, so that the same numbers can be
applied to other units or years. Keyword-only arguments are the keys of the index file; ``context`` is not one of them.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tidu.core.errors import SpecError, listing, nearest

Fitted = dict[str, Any]
_RESERVED = frozenset({"context"})


@dataclass(frozen=True)
class Method:
    """A named method of a step, with the parameters that its two functions declare.

    >>> steps = Registry("demo")
    >>> @steps.method("shift", source="hand")
    ... def shift(x: float, *, by: float = 1.0) -> float:
    ...     "The value moved by a constant."
    ...     return x + by
    >>> steps["shift"].apply(1.0, {}, {"by": 2.0})
    3.0
    """

    step: str
    name: str
    function: Callable[..., Any]
    fitter: Callable[..., Fitted] | None = None
    source: str = ""
    traits: frozenset[str] = frozenset()

    @cached_property
    def _accepts(self) -> tuple[frozenset[str], frozenset[str]]:
        fit = frozenset(inspect.signature(self.fitter).parameters) if self.fitter else frozenset()
        return fit, frozenset(inspect.signature(self.function).parameters)

    @cached_property
    def parameters(self) -> dict[str, tuple[Any, Any]]:
        """Name → (annotated type, default) of every key the method takes; ``inspect.Parameter.empty`` = required."""
        found: dict[str, tuple[Any, Any]] = {}
        for function in (self.function, self.fitter):
            if function is None:
                continue
            hints = typing.get_type_hints(function, include_extras=True)
            for name, item in inspect.signature(function).parameters.items():
                if item.kind is inspect.Parameter.KEYWORD_ONLY and name not in _RESERVED:
                    found.setdefault(name, (hints.get(name, Any), item.default))
        return found

    @cached_property
    def model(self) -> Any:
        """A pydantic model of the parameters: it checks the index file and gives its JSON Schema."""
        from pydantic import ConfigDict, create_model

        fields: dict[str, Any] = {
            name: (kind, ... if default is inspect.Parameter.empty else default)
            for name, (kind, default) in self.parameters.items()
        }
        return create_model(
            f"{self.step}.{self.name}", __config__=ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False), **fields
        )

    @property
    def summary(self) -> str:
        """First line of the function's docstring: what comes back."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def fit(self, x: Any, options: Mapping[str, Any], context: Any = None) -> Fitted:
        """What the method learns from ``x``; empty where it learns nothing."""
        if self.fitter is None:
            return {}
        return self.fitter(x, **self._pick(self._accepts[0], options, context))

    def apply(self, x: Any, fitted: Fitted, options: Mapping[str, Any], context: Any = None) -> Any:
        """The method's result on ``x`` with what was fitted."""
        return self.function(x, **fitted, **self._pick(self._accepts[1], options, context))

    def _pick(self, accepts: frozenset[str], options: Mapping[str, Any], context: Any) -> dict[str, Any]:
        chosen = {key: value for key, value in options.items() if key in accepts}
        if "context" in accepts:
            chosen["context"] = context
        return chosen


@dataclass
class Registry:
    """The methods of one step, by name, in the order in which they were written."""

    step: str
    methods: dict[str, Method] = field(default_factory=dict)

    def method(
        self, name: str, *, source: str, fit: Callable[..., Fitted] | None = None, traits: tuple[str, ...] = ()
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A decorator that enters a bare function under a name, with its source and what fits it."""

        def enter(function: Callable[..., Any]) -> Callable[..., Any]:
            self.methods[name] = Method(self.step, name, function, fit, source, frozenset(traits))
            return function

        return enter

    def __getitem__(self, name: str) -> Method:
        try:
            return self.methods[name]
        except KeyError:
            raise SpecError(
                "unknown_method",
                step=self.step,
                method=name,
                known=listing(self.methods, 40),
                did_you_mean=nearest(name, self.methods),
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.methods)

    def __contains__(self, name: object) -> bool:
        return name in self.methods
