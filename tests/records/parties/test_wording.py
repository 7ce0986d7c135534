"""Names made ready: width, script, brackets, numerals, former names."""

from __future__ import annotations

import pytest

from tidu.records.parties.wording import data, figures, number, tidy, worded


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("虚构（杭州）科技有限公司", "虚构(杭州)科技有限公司"),
        ("虚构［杭州］ 科技　有限公司", "虚构(杭州)科技有限公司"),
        ("虛構電子股份有限公司", "虚构电子股份有限公司"),
        ("虚構電気株式会社", "虚构电气株式会社"),
        ("ＡＢＣ虚构科技有限公司", "ABC虚构科技有限公司"),
        ("申请人：虚构科技有限公司", "虚构科技有限公司"),
        ("虚构集团第七〇二研究所", "虚构集团第702研究所"),
        ("虚构省第一人民医院", "虚构省第1人民医院"),
        ("三一虚构有限公司", "三一虚构有限公司"),
    ],
)
def test_one_form(name: str, text: str) -> None:
    assert worded(name).text == text
    assert worded(text).text == text


@pytest.mark.parametrize(
    ("name", "former"),
    [
        ("虚构新科技有限公司（原名：虚构旧科技有限公司）", "虚构旧科技有限公司"),
        ("虚构新科技有限公司(曾用名虚构旧科技有限公司)", "虚构旧科技有限公司"),
        ("虚构新科技有限公司【原虚构（杭州）软件有限公司】", "虚构(杭州)软件有限公司"),
    ],
)
def test_the_name_that_it_once_bore(name: str, former: str) -> None:
    told = worded(name)
    assert (told.text, told.former) == ("虚构新科技有限公司", (former,))


@pytest.mark.parametrize(
    ("text", "value"), [("五十八", 58), ("七〇二", 702), ("十", 10), ("二十", 20), ("一百一十三", 113), ("05", 5)]
)
def test_numbers(text: str, value: int) -> None:
    assert number(text) == value


def test_ordinals_and_numbers_of_institutes_alone_become_figures() -> None:
    assert figures("第五十八研究所") == figures("五十八研究所") == "第58研究所"
    assert figures("一汽解放") == "一汽解放"


def test_latin_names() -> None:
    assert worded("Müller & Söhne G.m.b.H.").text == "MUELLER & SOEHNE GMBH"
    assert worded("ACME CO.,LTD. (formerly Acme Widgets Inc.)")[:2] == ("ACME CO LTD", ("ACME WIDGETS INC",))
    assert tidy("A.B.C. TOOLS, INC.") == "ABC TOOLS INC"


def test_no_character_is_read_as_one_that_is_read_as_another() -> None:
    told = data("wording")["characters"]
    assert len(told["written"]) == len(told["read"]) == len(set(told["written"]))
    assert not set(told["written"]) & set(told["read"])


def test_a_form_written_twice_is_read_once_and_a_journal_stays_one() -> None:
    assert worded("虚构大学学").text == "虚构大学"
    assert worded("虚构大学学报编辑部").text == "虚构大学学报编辑部"
    assert worded("中电科十三所").text == "中国电子科技集团公司第13研究所"
