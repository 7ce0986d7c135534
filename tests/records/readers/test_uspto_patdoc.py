"""XML v2.x on small documents made for the test (synthetic)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.records.readers.uspto_patdoc import kind_of, patdoc

TEXT = """<PATDOC DTD="2.5"><SDOBI><B100><B110><DNUM><PDAT>{number}</PDAT></DNUM></B110><B130><PDAT>B2</PDAT></B130>
<B140><DATE><PDAT>20030107</PDAT></DATE></B140><B190><PDAT>US</PDAT></B190></B100>
<B200><B210><DNUM><PDAT>09000001</PDAT></DNUM></B210><B220><DATE><PDAT>20010102</PDAT></DATE></B220></B200>
<B500><B510><B511><PDAT>{ipc}</PDAT></B511></B510><B520><B521><PDAT>  2 16</PDAT></B521></B520>
<B540><STEXT><PDAT>Caf&eacute; </PDAT><HIL><SB><PDAT>2</PDAT></SB></HIL></STEXT></B540></B500>
<B600><B620><PARENT-US><CDOC><DOC><DNUM><PDAT>09000001</PDAT></DNUM></DOC></CDOC><PDOC><DOC><DNUM><PDAT>08/000001</PDAT></DNUM>
<DATE><PDAT>19980101</PDAT></DATE></DOC></PDOC></PARENT-US></B620>
<B650><DOC><DNUM><PDAT>2002/0000001</PDAT></DNUM><DATE><PDAT>20020103</PDAT></DATE><KIND><PDAT>A1</PDAT></KIND></DOC></B650>
<B680US><DOC><DNUM><PDAT>60/000001</PDAT></DNUM><DATE><PDAT>20000103</PDAT></DATE></DOC></B680US></B600>
<B700><B720><B721><PARTY-US><NAM><FNM><PDAT>Ann</PDAT></FNM><SNM><STEXT><PDAT>Ray</PDAT></STEXT></SNM></NAM>
<ADR><STR><PDAT>1 A St.</PDAT></STR><CITY><PDAT>Ames</PDAT></CITY><STATE><PDAT>IA</PDAT></STATE></ADR></PARTY-US></B721></B720>
<B730><B731><PARTY-US>
<NAM><ONM><STEXT><PDAT>State of Iowa</PDAT></STEXT></ONM></NAM></PARTY-US></B731><B732US><PDAT>06</PDAT></B732US></B730></B700>
</SDOBI></PATDOC>
"""


def test_a_grant(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        TEXT.format(number="06500001", ipc="G06F 1516") + "<PATDOC><CITED-BY-EXAMINER></PATDOC><PATDOC><x/></PATDOC>",
        encoding="utf-8",
    )
    one, broken, bare = patdoc(path)
    (patent,) = one.rows["patent"]
    assert (patent["appno"], patent["title"], patent["kind"]) == ("US09000001", "Caf\u00e9 2", "invention")
    assert (patent["earliest_priority"], patent["first_publication"], patent["granted"]) == (
        "1998-01-01",
        "2002-01-03",
        "2003-01-07",
    )
    assert [(row["number"], row["claimed"]) for row in one.rows["priority"]] == [
        ("60/000001", "2000-01-03"),
        ("08/000001", "1998-01-01"),
    ]
    assert [(row["role"], row["name"], row["country"], row["type"]) for row in one.rows["party"]] == [
        ("inventor", "Ray, Ann", "US", None),
        ("assignee", "State of Iowa", None, "government"),
    ]
    assert [(row["scheme"], row["symbol"]) for row in one.rows["class"]] == [("ipc", "G06F15/16"), ("uspc", "2/16")]
    assert broken.fault == "broken" and bare.rows == {"patent": [{"appno": None}]}


@pytest.mark.parametrize(
    ("number", "design", "kind"),
    [
        ("6500001", False, "invention"),
        ("RE38001", False, "invention"),
        ("RE38001", True, "design"),
        ("D450001", False, "design"),
        ("PP12345", False, "plant"),
        ("H2000", False, "statutory invention registration"),
        ("X1", False, None),
        (None, False, None),
    ],
)
def test_the_letters_of_a_number_tell_the_kind(number: str | None, design: bool, kind: str | None) -> None:
    assert kind_of(number, design) == kind


def test_of_sgml_the_title_page_is_read_and_a_broken_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.sgm"
    text = TEXT.format(number="06500001", ipc="G06F 1516")
    cited = "<B560><B561><PCIT><DOC><DNUM><PDAT>5000001</PDAT></DNUM></DOC></PCIT><CITED-BY-EXAMINER></B561></B560></B500>"
    sgml = text.replace("</B500>", cited).replace("</SDOBI>", "</SDOBI><SDODR><EMI FILE=x></SDODR>")
    path.write_text(sgml + sgml.replace("</B100>", "") + sgml.replace("</PATDOC>", "") + text, encoding="utf-8")
    one, broken, unclosed, other = patdoc(path)
    assert one.rows["citation"] == [
        {"appno": "US09000001", "seq": "1", "cited": "US5000001", "published": None, "category": "cited by examiner"}
    ]
    assert one.rows["patent"] == other.rows["patent"] and broken.fault == unclosed.fault == "broken"
