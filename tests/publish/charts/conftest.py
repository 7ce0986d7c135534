from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

Rows = list[dict[str, Any]]


def _data(part: Any) -> Iterator[Rows]:
    if isinstance(part, dict):
        if "values" in part and "data" not in part and isinstance(part["values"], list) and part["values"]:
            if isinstance(part["values"][0], dict):
                yield part["values"]
        else:
            for key, value in part.items():
                if key == "datasets":
                    yield from value.values()
                else:
                    yield from _data(value)
    elif isinstance(part, list):
        for item in part:
            yield from _data(item)


@pytest.fixture(scope="session")
def rows_with() -> Callable[..., Rows]:
    """A function: the rows of the first data of a chart that have all the named fields, or ``only`` these."""

    def found(chart: Any, *fields: str, only: bool = False) -> Rows:
        wanted = set(fields)
        return next(rows for rows in _data(chart.to_dict()) if (wanted == set(rows[0]) if only else wanted <= set(rows[0])))

    return found
