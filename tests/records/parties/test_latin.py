"""Latin names taken apart."""

from __future__ import annotations

import pytest

from tidu.records.parties.latin import full, parse


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fictitious Technologies Co., Ltd.", "FICTITIOUS TECH CO LTD"),
        ("Fiktive Werke GmbH & Co. KG", "FIKTIVE WERKE GMBH"),
        ("Müller Söhne AG", "MUELLER SOEHNE AKTIENGESELLSCHAFT"),
        ("The University of Fiction", "Univ. Fiction"),
        ("Fictitious Kabushiki Kaisha", "FICTITIOUS K.K."),
        ("Fictitious Electronics, Inc.", "Fictitious Electronic Incorporated"),
    ],
)
def test_one_name_in_two_spellings(one: str, other: str) -> None:
    assert parse(one).words == parse(other).words
    assert parse(one).noted == parse(other).noted == ()


def test_what_tells_bodies_apart_is_kept() -> None:
    assert parse("Fictitious (China) Co., Ltd.").noted == ("CHINA",)
    assert parse("Fictitious Group Co., Ltd.").group and not parse("Fictitious Co., Ltd.").group
    assert parse("Fictitious Electronics Inc.").words != parse("Fictitious Electric Inc.").words
    assert parse("Fictitious Inc.").formed and not parse("John Smith").formed
    assert parse("Co Fictitious").words[0] == "CO"


def test_words_in_full() -> None:
    assert [full(one) for one in ("UNIV", "INST", "SYS", "BLAU")] == ["UNIVERSITY", "INSTITUTE", "SYSTEM", "BLAU"]
