from __future__ import annotations

from tidu.publish.edition import Edition
from tidu.publish.pages.data import data


def test_every_year_is_offered(cities: Edition) -> None:
    text = data(cities, "en", "en/data.html").body.decode()
    assert all(f"../data/ranking-{year}.csv" in text for year in cities.index.periods)
