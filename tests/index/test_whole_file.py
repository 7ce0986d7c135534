from __future__ import annotations

import pytest
from pydantic import ValidationError

from tidu.index.spec import FileTables
from tidu.index.whole_file import IndexFile

SPEC = {"index": {"code": "d"}, "indicator": {"a": {"better": "higher"}}}


def test_a_factor_that_points_nowhere_fails_the_whole_file_but_not_its_tables() -> None:
    spec = {**SPEC, "uncertain": {"f": {"drop": "pillar.*"}}}
    assert FileTables.model_validate(spec).uncertain["f"].drop == "pillar.*"
    with pytest.raises(Exception, match="pillar") as caught:
        IndexFile.model_validate(spec)
    assert not isinstance(caught.value, ValidationError)


def test_the_whole_file_has_the_keys_of_its_tables() -> None:
    assert list(IndexFile.model_fields) == list(FileTables.model_fields)
    assert IndexFile.model_validate(SPEC).uncertain == {}
