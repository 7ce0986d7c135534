"""Method, sources and audit of an index, as every report tells them."""

from __future__ import annotations

from tidu.publish.documents.about import audit, method, sources
from tidu.publish.documents.page import Table, Text
from tidu.publish.edition import Edition


def test_every_step_stands_with_its_method_and_meaning(cities: Edition) -> None:
    table = next(block for block in method(cities, "zh") if isinstance(block, Table))
    assert [row[1] for row in table.rows] == ["同线性插值", "不处理", "极差标准化", "给定权重", "加权算术平均"]
    assert all(row[3] for row in table.rows)
    texts = [block.text for block in method(cities, "en") if isinstance(block, Text)]
    assert any("of each period" in text for text in texts) and any("32 points" in text for text in texts)


def test_sources_count_the_cells_and_weights_add_up(cities: Edition) -> None:
    made = list(sources(cities, "en"))
    table = next(block for block in made if isinstance(block, Table))
    assert len(table.rows) == len(cities.index.framework.leaves)
    weights = cities.index.weights(cities.last)
    assert [row[2] for row in table.rows] == [f"{weights[code]:.1%}" for code in cities.index.framework.leaves]
    text = next(block.text for block in made if isinstance(block, Text))
    assert str(int(cities.index.shown.sum()) * len(table.rows)) in text


def test_assumed_factors_are_said_to_be_assumed(stranger: Edition) -> None:
    texts = [block.text for block in method(stranger, "en") if isinstance(block, Text)]
    assert any("were assumed" in text for text in texts)


def test_the_audit_counts_what_it_lists(cities: Edition) -> None:
    table = next(block for block in audit(cities, "zh") if isinstance(block, Table))
    assert table.rows and all(len(row) == 3 and all(row) for row in table.rows)
