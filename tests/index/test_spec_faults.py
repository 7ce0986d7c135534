from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from tidu.index.spec import IndicatorTable
from tidu.index.spec_faults import errors_of
from tidu.index.whole_file import IndexFile


def faults(**tables: object) -> list[tuple[str, str | None]]:
    spec = {"index": {"code": "d"}, "indicator": {"a": {"better": "higher"}}, **tables}
    with pytest.raises(ValidationError) as caught:
        IndexFile.model_validate_json(json.dumps(spec), strict=True)
    return [(error.code, error.address) for error in errors_of(caught.value, spec, IndexFile)]


@pytest.mark.parametrize("year", [21, "2021-Q5", "2021-13", "2021-1", True, 2021.5])
def test_other_periods_are_refused(year: object) -> None:
    assert faults(index={"code": "d", "years": [year]}) == [("bad_period", "index.years.0")]


@pytest.mark.parametrize(
    ("tables", "code", "address"),
    [
        ({"index": {}}, "missing_key", "index.code"),
        ({"index": {"code": "d", "schema": 2}}, "not_a_choice", "index.schema"),
        ({"index": {"code": "a b"}}, "bad_index_code", "index.code"),
        ({"index": {"code": "d", "display": "stars"}}, "not_a_choice", "index.display"),
        ({"column": {"c": {"growth": "a", "lag": 0}}}, "out_of_range", "column.c.lag"),
        ({"pillar": {"p": {"weight": -1}}}, "weight_negative", "pillar.p.weight"),
        ({"pillar": {"p.q": {"wight": 1}}}, "unknown_key", 'pillar."p.q".wight'),
        ({"universe": {"u": {}}}, "missing_key", "universe.u.members"),
        ({"weight_set": {"u": {"a": "heavy"}}}, "wants_number", "weight_set.u.a"),
    ],
)
def test_each_fault_has_its_address(tables: dict[str, object], code: str, address: str) -> None:
    assert (code, address) in faults(**tables)


def test_the_nearest_key_is_looked_for_in_the_table_where_the_fault_is() -> None:
    spec = {"index": {"code": "d"}, "indicator": {"a": {"better": "higher", "scal": 2}}}
    with pytest.raises(ValidationError) as caught:
        IndexFile.model_validate(spec)
    [error] = errors_of(caught.value, spec, IndexFile)
    assert error.did_you_mean == "scale"
    assert set(str(error.values["known"]).split(", ")) == {
        field.alias or name for name, field in IndicatorTable.model_fields.items()
    }
