from __future__ import annotations

from pathlib import Path

from tests.indicators.conftest import SUPPLIED

from tidu.engine.choice import open_engine
from tidu.indicators.measures.catalogue import measure_of
from tidu.indicators.measures.definition import Rule
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.sums import collected


def test_sums_are_those_of_the_rows_by_unit_year_and_part(nation: Path) -> None:
    records, rule = Records(open_engine(), nation, SUPPLIED), Rule(2012, 2021, counting="fractional_applicant", symbols="all")
    own = measure_of("specialised_fields")
    cells = records.engine.collect(own.make(records, rule))
    found = collected(records, own, rule)
    assert sum(found.share.values()) == sum(cells["share"]) and sum(found.rows.values()) == len(cells["share"])
    assert {key: sum(parts.values()) for key, parts in found.parts.items()} == found.share


def test_means_have_weights(nation: Path) -> None:
    records, rule = Records(open_engine(), nation, SUPPLIED), Rule(2012, 2021)
    cells = records.engine.collect(measure_of("mean_claims").make(records, rule))
    found = collected(records, measure_of("mean_claims"), rule)
    assert sum(found.weight.values()) == sum(cells["weight"]) and found.parts == {}
