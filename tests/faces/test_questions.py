"""What assistants are answered: the library's own numbers, each rank with its range, other universes built once and kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import UsageError
from tidu.faces import questions
from tidu.faces.questions import KEPT, Asked

EDITION = app.edition("city-ip-core", draws=64)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 300), st.sampled_from(EDITION.index.periods))
def test_the_chances_of_being_among_the_first_add_up(top: int, period: str) -> None:
    rows = questions.places_of(EDITION, period, top).rows
    assert len(rows) == min(top, len(EDITION.ranking(period)))
    sure = EDITION.sure
    assert sure is not None
    whole = sum(row[f"top_{top}"] for row in sure.rows(period, top).values())
    told = [row.p_top for row in rows if row.p_top is not None]
    assert all(0 <= share <= 1 for share in told)
    assert sum(told) <= whole + 1e-9
    ranked = EDITION.index.scored(period)
    assert whole == pytest.approx(min(top, ranked), abs=0.5)  # ties and units that a point leaves out


def test_a_group_keeps_the_ranks_of_all_and_a_universe_ranks_anew() -> None:
    asked = Asked(EDITION)
    inside = questions.places_of(EDITION, None, 50, "浙江省")
    assert {row.unit[:2] for row in inside.rows} == {"33"} and inside.rows[0].rank == EDITION.index.rank()["330100"] == 6
    alone = questions.places_of(asked.on("浙江省"), None, 50, None, "浙江省")
    assert [row.rank for row in alone.rows] == list(range(1, 12)) and alone.ranked == 11
    assert alone.hash != inside.hash and alone.rows[0].unit == "330100"
    built = app.make("city-ip-core", universe="浙江省")
    assert alone.rows[0].score == pytest.approx(built.top(1)[0][2])


def test_other_universes_are_kept_up_to_a_number() -> None:
    asked = Asked(app.edition("city-ip-core", draws=0))
    first = asked.on("浙江省")
    assert asked.on("浙江省") is first and asked.on(None) is asked.edition and first.sure is None
    for name in ("江苏省", "广东省", "山东省", "四川省")[:KEPT]:
        asked.on(name)
    assert asked.on("浙江省") is not first
    with pytest.raises(UsageError):
        asked.on("nowhere")


@pytest.mark.parametrize(("text", "unit"), [("330800", "330800"), ("衢州", "330800"), (" QUZHOU ", "330800"), ("3308", "330800")])
def test_a_unit_is_found_by_code_or_name(text: str, unit: str) -> None:
    assert questions.one(EDITION, text) == unit


def test_nothing_is_found_by_nothing_and_several_are_not_guessed_from() -> None:
    assert questions.found(EDITION, "  ").rows == [] and len(questions.found(EDITION, "zhou").rows) == 20
    with pytest.raises(UsageError) as caught:
        questions.one(EDITION, "zhou")
    assert caught.value.code == "ambiguous_unit"


def test_an_indicator_has_its_printed_figure_and_where_it_was_printed() -> None:
    found = questions.measured(EDITION, "invention_share", "2023", 5, ["衢州"], "en")
    value = found.values[0]
    panel = EDITION.index.panel
    u, t = panel.units.index("330800"), panel.period("2023")
    part, whole = (panel.values[u, t, panel.position(name)] for name in ("inventions_granted", "patents_granted"))
    assert value.value == pytest.approx(100 * part / whole) and value.status == "A" and value.name_en == "Quzhou"
    assert found.formula == "Invention patents granted ÷ Patents granted, three types × 100" and found.unit == "%"
    assert any("China City Statistical Yearbook 2024" in text for text in found.columns[0].printed)
    cover = {row.period: row for row in found.coverage}["2023"]
    assert cover.given + sum(cover.other.values()) <= cover.units == 297
    best = questions.measured(EDITION, "invention_share", None, 3, [], "zh").values
    assert [row.rank for row in best] == [1, 2, 3] and best[0].value is not None


def test_facts_name_as_of_licence_citation_and_what_the_range_is() -> None:
    told = questions.facts(Asked(EDITION), "en")
    assert told.as_of == "China City Statistical Yearbook 2021–2024" and told.hash[:12] in told.citation
    assert told.licence and told.sources and told.release is None
    assert told.range is not None and told.range.points == 64 and told.range.level == 0.9 and "weights" in told.range.factors
    assert "key36" in told.universes and "浙江省" in told.groups["province_zh"] and "city-ip-full" in told.shipped
    assert questions.facts(Asked(app.edition("city-ip-core", draws=0)), "zh").range is None
