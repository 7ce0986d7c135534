"""All methods of all steps in one place: importing this module enters every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tidu.core.registry import Registry
from tidu.index import frontier, impute_model, mcda, normalise_fixed, outrank, weight_ahp, weight_balance, weight_data  # noqa: F401  (they enter their methods)
from tidu.index.aggregate import AGGREGATIONS
from tidu.index.impute import IMPUTATIONS
from tidu.index.normalise import NORMALISATIONS
from tidu.index.treat import TREATMENTS
from tidu.index.weight import WEIGHTINGS

#: Step → its registry, in the order of the craft.
REGISTRIES: Mapping[str, Registry] = MappingProxyType(
    {
        "impute": IMPUTATIONS,
        "treat": TREATMENTS,
        "normalise": NORMALISATIONS,
        "weighting": WEIGHTINGS,
        "aggregate": AGGREGATIONS,
    }
)
