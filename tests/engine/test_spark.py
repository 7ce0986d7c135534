from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from tidu.core.errors import UsageError
from tidu.engine.choice import open_engine
from tidu.engine.spark import Spark


@pytest.mark.slow
def test_a_session_is_shared_and_stays() -> None:
    first = Spark(threads=2)
    first.close()
    second = Spark(threads=2)
    assert second.session is first.session and second.collect(second.small({"a": [1]}, {"a": "BIGINT"})) == {"a": [1]}


class Refusing:
    """A builder whose sessions never come about."""

    def __getattr__(self, name: str) -> object:
        return lambda *_: self

    def getOrCreate(self) -> object:
        raise RuntimeError("[JAVA_GATEWAY_EXITED] no Java\nmore")


def test_a_session_that_does_not_come_about_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SparkSession, "builder", Refusing())
    for address, where in ((None, "local"), ("sc://nowhere:1", "sc://nowhere:1")):
        with pytest.raises(UsageError) as error:
            open_engine("spark", address=address)
        assert error.value.code == "engine_unreachable" and error.value.values["where"] == where
        assert error.value.values["why"] == "[JAVA_GATEWAY_EXITED] no Java"


@pytest.mark.slow
def test_what_was_cached_is_let_go() -> None:
    spark = Spark(threads=1)
    kept = spark.materialise(spark.small({"a": [1]}, {"a": "BIGINT"}))
    assert spark.collect(kept) == {"a": [1]} and kept.to_native().is_cached
    spark.close()
    assert not kept.to_native().is_cached
