from __future__ import annotations

import pytest

from tidu.engine.spark import Spark


@pytest.mark.slow
def test_a_session_is_shared_and_stays() -> None:
    first = Spark(threads=2)
    first.close()
    second = Spark(threads=2)
    assert second.session is first.session and second.collect(second.small({"a": [1]}, {"a": "BIGINT"})) == {"a": [1]}
