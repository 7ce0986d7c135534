"""Addresses in Latin script."""

from __future__ import annotations

import pytest

from tidu.records.places.latin import read
from tidu.records.places.lexicon import lexicon


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Yichun, Heilongjiang", "230700"),
        ("Yichun, Jiangxi", "360900"),
        ("Yichun", ""),
        ("No. 79 Yingze West Street, Taiyuan, Shanxi", "140100"),
        ("Yanta Road, Xian City, Shaanxi Province", "610100"),
        ("Beijing Road, Urumqi, Xinjiang", "650100"),
        ("Nanjing Road", ""),
        ("Kunshan, Jiangsu", "320500"),
        ("Haidian District, Beijing, People's Republic of China", "110000"),
        ("Longgang District, Shenzhen 518129, P.R. China", "440300"),
        ("Taipei City 114, Taiwan", "710000"),
        ("Kowloon, Hong Kong", "810000"),
        ("Jiangsu, China", ""),
        ("Taizhou, 225300, China", "321200"),
        ("Palo Alto, California", "US"),
        ("Cambridge, UK", "GB"),
        ("Grand Cayman, Cayman Islands", "KY"),
        ("", ""),
    ],
)
def test_places_streets_provinces_and_countries(text: str, told: str) -> None:
    codes = ("225300",) if "225300" in text else ()
    found = read(text, codes, 2015, lexicon())
    assert (found.unit or found.country) == told


def test_the_year_decides_the_unit() -> None:
    assert read("Chongqing, Sichuan", (), 1995, lexicon()).unit == "510200"
    assert read("Chongqing", (), 2015, lexicon()).unit == "500000"
