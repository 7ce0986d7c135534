from __future__ import annotations

import sys

import pytest

from tidu.core.errors import UsageError
from tidu.engine.choice import open_engine


def test_an_unknown_engine_is_told() -> None:
    with pytest.raises(UsageError) as error:
        open_engine("duck")
    assert error.value.code == "unknown_engine" and error.value.did_you_mean == "duckdb"


@pytest.mark.parametrize("name", ["polars", "spark"])
def test_an_engine_whose_library_lacks_names_the_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [one for one in sys.modules if one.startswith(f"tidu.engine.{name}")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, {"polars": "polars", "spark": "pyspark"}[name], None)
    for module in [one for one in sys.modules if one.startswith("pyspark.sql")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(UsageError) as error:
        open_engine(name)
    assert error.value.code == "engine_missing" and f"tidu[{name}]" in error.value.text("en")
