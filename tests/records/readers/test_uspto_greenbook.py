"""Green Book text on small records made for the test (synthetic): line ends, headers, what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.records.readers.uspto_greenbook import greenbook, sections

RECORD = """PATN
WKU  D02425832
SRC  5
APN  1234567
APT  4
APD  19750102
TTL  Chair with a
      long title
ISD  19761130
NCL  1
INVT
NAM  Ray; Ann
CTY  Ames
STA  IA
PRIR
CNT  GB2
APD  19740102
APN  12/74
CLAS
OCL  D 6 65
ICL  D0601
LREP
FR2  Smith; John
ABST
PAL  WKU  000000000
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_record(end: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        ("HHHHHT        APS1   ISSUE - 761130\n" + RECORD + RECORD.replace("1234567", "7654321")).replace("\n", end).encode()
    )
    one, other = greenbook(path)
    (patent,) = one.rows["patent"]
    assert (patent["appno"], patent["kind"], patent["title"]) == ("US05123456", "design", "Chair with a long title")
    assert (patent["filing"], patent["earliest_priority"], patent["granted"]) == ("1975-01-02", "1974-01-02", "1976-11-30")
    assert one.rows["publication"][0]["number"] == "D242583" and one.rows["publication"][0]["kind"] is None
    assert [(row["scheme"], row["symbol"]) for row in one.rows["class"]] == [("locarno", "06-01"), ("uspc", "D6/65")]
    assert [(row["role"], row["name"], row.get("country")) for row in one.rows["party"]] == [
        ("inventor", "Ray, Ann", "US"),
        ("agent", "Smith, John", None),
    ]
    assert (one.line, other.line) == (2, 2 + RECORD.count("\n")) and path.read_bytes()[other.byte :].startswith(b"PATN")
    assert other.rows["patent"][0]["appno"] == "US05765432"


def test_what_is_not_there_stays_empty_and_nul_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"PATN\nTTL  x\n" + b"PATN\nWKU  0\0\n" + b"PATN\nTTL  caf\xe9\n" + b"PATN")
    bare, nul, latin, end = greenbook(path)
    assert bare.rows["patent"][0]["appno"] is None and bare.rows["publication"][0]["number"] is None
    assert nul.fault == "broken" and "\0" not in (nul.text or "")
    assert latin.rows["patent"][0]["title"] == "caf\u00e9" and end.fault is None
    (tmp_path / "b.txt").write_bytes(b"")
    assert list(greenbook(tmp_path / "b.txt")) == []


@given(st.text(max_size=300))
def test_any_text_is_parted_without_loss_of_a_tag(text: str) -> None:
    found = sections("PATN\n" + text)
    assert found[0][0] == "PATN" and all(len(tag) <= 4 for _, lines in found for tag, _ in lines)
