from __future__ import annotations

from collections.abc import Sequence

from tidu.core.errors import Language
from tidu.diagnosis.geography.convergence import provinces
from tidu.diagnosis.geography.verdict import verdicts
from tidu.publish.documents.gradient_report import blocks, probability
from tidu.publish.documents.page import Block, Heading, Picture, Table, html
from tidu.publish.edition import Edition


def tables(made: Sequence[Block]) -> list[Table]:
    return [block for block in made if isinstance(block, Table)]


def test_the_checks_are_the_verdict_s(cities: Edition) -> None:
    found = cities.gradients["2023"]
    first = tables(blocks(found, (), "en"))[0]
    assert first.rows[-1][1:] == [f"{one.held}/{len(one.checks)}" for one in verdicts(found)]
    assert all(cell in ("✓", "✗", "—") for row in first.rows[:-1] for cell in row[1:])


def test_the_mean_of_a_belt_is_the_mean_of_its_units(cities: Edition) -> None:
    index, found = cities.index, cities.gradients["2023"]
    belts = dict(zip(index.units, found.places.groups["region4"], strict=True))
    scored = [score for unit, score in index.score(period=2023).items() if belts[unit] == "东部" and score == score]
    row = next(row for table in tables(blocks(found, (), "zh")) for row in table.rows if row[0] == "东部")
    assert row[1:3] == [str(len(scored)), f"{sum(scored) / len(scored):.2f}"]


def test_both_languages_have_the_same_blocks_and_every_row_its_cells(cities: Edition) -> None:
    both: tuple[Language, Language] = ("zh", "en")
    zh, en = (blocks(cities.gradients["2023"], provinces(), lang) for lang in both)
    assert [type(block) for block in zh] == [type(block) for block in en]
    assert sum(isinstance(block, Picture) for block in zh) == 4 and sum(isinstance(block, Heading) for block in zh) >= 6
    for table in (*tables(zh), *tables(en)):
        assert all(len(row) == len(table.heads) for row in table.rows)


def test_what_cannot_be_measured_is_left_out_and_said(coastal: Edition) -> None:
    made = blocks(coastal.gradients["2024"], (), "en")
    text = html("t", made, "en", "c")
    assert "Only one period, 2024" in text and "Fewer than two values of region4" in text and "Is the gap closing" not in text


def test_a_p_value_is_never_nought() -> None:
    assert probability(0.0) == "< 0.001" and probability(0.0301) == "0.030" and probability(1.0) == "1.000"
