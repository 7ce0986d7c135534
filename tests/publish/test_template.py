"""Templates: they build at once, every made-up row says so, every column is explained."""

from __future__ import annotations

from pathlib import Path

import pytest
import python_calamine as calamine

from tidu import app
from tidu.core.errors import UsageError
from tidu.publish.template import TEMPLATES, write_template


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_builds_and_says_that_its_rows_are_synthetic(tmp_path: Path, template: str) -> None:
    spec, data, schema = write_template(tmp_path, "county", template)
    assert "#:schema ./" + schema.name in spec.read_text(encoding="utf-8")
    index = app.make(spec, data)
    assert index.framework.table.units.kind == "county"
    assert index.scored() == 4
    for unit in index.units:
        assert "虚构" in index.panel.name(unit, "zh") and "synthetic" in index.panel.name(unit, "en")


def test_every_column_that_is_wanted_is_explained(tmp_path: Path) -> None:
    _, data, _ = write_template(tmp_path)
    book = calamine.CalamineWorkbook.from_path(str(data))
    guide = {row[0]: row[1:3] for row in book.get_sheet_by_name(book.sheet_names[0]).to_python()}
    heads = book.get_sheet_by_name("data").to_python()[0]
    for head in heads[4:]:
        assert all(guide[head]), head


def test_wrong_wishes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_template(tmp_path, template="strat")
    assert caught.value.did_you_mean == "start"
    with pytest.raises(UsageError) as caught:
        write_template(tmp_path, units='a"b')
    assert caught.value.code == "bad_unit_kind"
