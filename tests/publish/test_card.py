from __future__ import annotations

from xml.etree import ElementTree

from tidu import app
from tidu.publish.card import NODES, card, card_png
from tidu.publish.edition import Edition
from tidu.publish.pages.map import scores_of


def texts(svg: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_a_card_says_the_rank_its_range_and_both_names(cities: Edition) -> None:
    said = texts(card(cities, "330100"))
    row = next(row for row in cities.ranking() if row["unit"] == "330100")
    assert {"杭州", "Hangzhou", str(row["rank"])} <= set(said)
    assert any("方法区间" in text and "90%" in text for text in said)
    assert any("不作评比" in text for text in said)


def test_a_bar_is_the_share_of_units_that_a_node_stands_above(stranger: Edition) -> None:
    said = texts(card(stranger, "z"))  # the best of three in both indicators, by the figures themselves
    assert said.count("100") == 2 and "u2" not in said
    assert len(stranger.pillars) <= NODES and scores_of(stranger, "demo").max() == 100.0


def test_an_index_of_classes_shows_the_class_and_no_rank() -> None:
    found = Edition(app.make("city-ip-core", changes=["index.display=bands"]), None)
    said = texts(card(found, "110000"))
    assert "class 1" in said and not any("rank of" in text for text in said)


def test_the_picture_is_a_png_of_the_card_s_size(stranger: Edition) -> None:
    made = card_png(stranger, "y")
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(made[16:20], "big"), int.from_bytes(made[20:24], "big")) == (840, 440)
    assert made == card_png(stranger, "y")
