from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from tidu.index.whole_file import IndexFile


def read(**tables: object) -> IndexFile:
    spec = {"index": {"code": "d"}, "indicator": {"a": {"better": "higher"}}, **tables}
    return IndexFile.model_validate_json(json.dumps(spec), strict=True)


def test_what_is_left_out_has_its_default() -> None:
    table = read()
    assert (table.index.schema_, table.index.years, table.index.display, table.index.bands) == (1, None, "ranks", (0.1, 0.3, 0.6))
    assert (table.units.fit_on, table.units.show) == ("all", "all")
    assert (table.screen.minimum, table.screen.same, table.screen.force_in) == (0.0, 1.0, ())
    assert table.treat.model_dump(exclude_unset=True) == {}
    a = table.indicator["a"]
    assert (a.weight, a.scale, a.lever, a.of, a.per, a.years) == (1.0, 1.0, None, None, None, None)


def test_a_bare_text_is_an_english_label() -> None:
    assert read(index={"code": "d", "title": "Demo"}).index.title.en == "Demo"
    assert read(index={"code": "d", "title": {"zh": "示例"}}).index.title.zh == "示例"


def test_a_source_is_a_text_or_one_a_language() -> None:
    both = {"zh": "年鉴", "en": "Yearbook"}
    table = read(index={"code": "d", "source": both}, indicator={"a": {"better": "higher", "source": "ledger"}})
    assert table.index.source == "年鉴" and table.index.source_.en == "Yearbook"
    assert table.indicator["a"].source == "ledger" and read().index.source is None


@pytest.mark.parametrize(("year", "read_as"), [(2021, "2021"), ("2021", "2021"), ("2021-Q3", "2021-Q3"), ("2021-11", "2021-11")])
def test_periods_are_iso_years_quarters_or_months(year: object, read_as: str) -> None:
    assert read(index={"code": "d", "years": [year]}).index.years == (read_as,)


def test_infinities_are_no_weights() -> None:
    spec = {"index": {"code": "d"}, "indicator": {"a": {"better": "higher", "weight": float("inf")}}}
    with pytest.raises(ValidationError):
        IndexFile.model_validate(spec)
