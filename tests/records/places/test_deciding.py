"""Towns, postcodes and numbers decide between cities."""

from __future__ import annotations

from tidu.records.places.deciding import _number, by_number, by_postcode, by_town, postcodes, townships
from tidu.records.places.divisions import divisions
from tidu.records.places.lexicon import lexicon


def test_a_town_decides_but_not_in_the_name_of_a_street() -> None:
    units = {"310000", "330900"}
    assert by_town("普陀区沈家门街道", ["普陀区"], units, 2016, lexicon()) == "330900"
    assert by_town("普陀区沈家门路8号", ["普陀区"], units, 2016, lexicon()) == ""
    assert by_town("普陀区长寿路8号", ["普陀区"], units, 2016, lexicon()) == ""  # a sub-district named for a road
    assert by_town("普陀区长寿路街道", ["普陀区"], units, 2016, lexicon()) == "310000"
    assert by_town("天府新区视高街道", ["天府新区"], {"510100", "511400"}, 2018, lexicon()) == "511400"


def test_no_town_stands_in_the_name_of_its_district_and_none_is_two_cities() -> None:
    for district, found in townships().items():
        towns = [town for _, own in found for town in own]
        assert len(towns) == len(set(towns)), district
        assert not any(town in district for town in towns), district


def test_a_postcode_decides_by_its_longest_beginning() -> None:
    units = {"320100", "320300", "350100", "410200"}
    assert by_postcode(["221005"], units, 2015, lexicon()) == "320300"
    assert by_postcode(["210008"], units, 2015, lexicon()) == "320100"
    assert by_postcode(["999999"], units, 2015, lexicon()) == ""
    assert by_postcode([], units, 2015, lexicon()) == ""


def test_postcodes_are_of_cities_and_of_six_figures() -> None:
    assert postcodes()["110000"] == "100000"
    assert postcodes()["440300"] == "518000"
    assert all(len(code) == 6 and code.isdigit() for code in postcodes().values())
    assert all(divisions().of_code(city, 2024) == city for city in postcodes())


def test_institutes_by_their_number() -> None:
    assert [_number(one) for one in ("五十四", "十四", "五十", "七二五", "七〇二", "38")] == [54, 14, 50, 725, 702, 38]
    assert by_number("中国船舶重工集团公司第七二五研究所", 2016, lexicon()) == "410300"
    assert by_number("中国电子科技集团公司第五十四研究所", 2016, lexicon()) == "130100"
    assert by_number("第五十四研究所", 2016, lexicon()) == ""
    assert by_number("中国电子科技集团公司第九百研究所", 2016, lexicon()) == ""
