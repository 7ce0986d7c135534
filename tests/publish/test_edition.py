"""What an edition says of itself: a hash that hangs on figures and file, units in order, plain addresses, search words."""

from __future__ import annotations

import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.publish.edition import Edition


def test_the_hash_hangs_on_the_figures_and_the_file(cities: Edition) -> None:
    again = app.edition("city-ip-core", draws=0)
    assert again.hash == cities.hash and len(cities.hash) == 64
    other = app.edition("city-ip-core", changes=["data.110000.2023.gdp=+1"], draws=0)
    weighed = app.edition("city-ip-core", changes=["pillar.output.weight=2"], draws=0)
    assert len({cities.hash, other.hash, weighed.hash}) == 3


def test_units_are_those_with_a_rank_best_first(cities: Edition) -> None:
    assert cities.units[0] == "110000" and len(cities.units) == cities.index.scored(2023)
    assert cities.audited is not None and cities.audited.framework.code == "city-ip-core-audited"


def test_a_unit_is_found_by_characters_pinyin_english_and_code(cities: Edition) -> None:
    words = cities.find("610100")
    assert all(part in words for part in ("610100", "西安", "西安市", "xian", "xa"))


def test_odd_codes_get_plain_addresses(stranger: Edition) -> None:
    assert stranger.slugs == {"x/1": "x~2F1", "y": "y", "z": "z"}
    assert stranger.unit_of("x~2F1") == "x/1"
    with pytest.raises(UsageError) as caught:
        stranger.unit_of("nobody")
    assert caught.value.code == "unknown_unit"
    assert stranger.places is None and stranger.audited is None


def test_figures_that_are_not_as_printed_are_counted(cities: Edition) -> None:
    assert cities.filled("110000") == 0 and cities.filled("440300") >= 0
    assert cities.sources["scored"]["2023"] == 290


def test_what_hangs_on_places_is_there_only_with_them(cities: Edition, coastal: Edition, stranger: Edition) -> None:
    assert cities.placed and cities.mapped and cities.shipped and list(cities.gradients) == list(cities.index.periods)
    assert coastal.mapped and not coastal.shipped and list(coastal.gradients) == ["2024"]
    assert not stranger.placed and not stranger.gradients and stranger.examined is not None
