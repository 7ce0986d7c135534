"""Tidu 梯度: the open system of a city's intellectual-property competitiveness.

>>> import tidu
>>> index = tidu.build("city-ip-core", years=[2023])
>>> [index.panel.name(unit, "en") for unit, rank, score in index.top(3)]
['Beijing', 'Shenzhen', 'Shanghai']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidu.app import load, published, shipped_indices
    from tidu.app import make as build
    from tidu.core.errors import DataError, MethodError, Problems, ReplayError, SpecError, TiduError, UsageError
    from tidu.index.build import Frozen
    from tidu.index.framework import Framework
    from tidu.index.result import Index
    from tidu.indicators.frames import panel_of
    from tidu.indicators.panel import Panel
    from tidu.indicators.sheet import read_panel
    from tidu.indicators.shipped import cities
    from tidu.publish.run_folder import rerun, write_run

#: Public name → module and name where it lives; loaded at first touch, so that `import tidu` costs nothing.
_HOMES = {
    "build": ("tidu.app", "make"),
    "load": ("tidu.app", "load"),
    "published": ("tidu.app", "published"),
    "shipped_indices": ("tidu.app", "shipped_indices"),
    "Framework": ("tidu.index.framework", "Framework"),
    "Index": ("tidu.index.result", "Index"),
    "Frozen": ("tidu.index.build", "Frozen"),
    "Panel": ("tidu.indicators.panel", "Panel"),
    "panel_of": ("tidu.indicators.frames", "panel_of"),
    "read_panel": ("tidu.indicators.sheet", "read_panel"),
    "cities": ("tidu.indicators.shipped", "cities"),
    "rerun": ("tidu.publish.run_folder", "rerun"),
    "write_run": ("tidu.publish.run_folder", "write_run"),
    "TiduError": ("tidu.core.errors", "TiduError"),
    "SpecError": ("tidu.core.errors", "SpecError"),
    "DataError": ("tidu.core.errors", "DataError"),
    "MethodError": ("tidu.core.errors", "MethodError"),
    "UsageError": ("tidu.core.errors", "UsageError"),
    "ReplayError": ("tidu.core.errors", "ReplayError"),
    "Problems": ("tidu.core.errors", "Problems"),
}

__all__ = [
    "DataError",
    "Framework",
    "Frozen",
    "Index",
    "MethodError",
    "Panel",
    "Problems",
    "ReplayError",
    "SpecError",
    "TiduError",
    "UsageError",
    "build",
    "cities",
    "load",
    "panel_of",
    "published",
    "read_panel",
    "rerun",
    "shipped_indices",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tidu' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
