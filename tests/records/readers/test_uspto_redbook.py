"""XML v4.x on small documents made for the test (synthetic): parents, prior publications, applicants before and after 2012."""

from __future__ import annotations

from pathlib import Path

from tidu.records.readers.uspto_redbook import redbook

GRANT = """<?xml version="1.0"?><!DOCTYPE us-patent-grant SYSTEM "x.dtd" [ ]>
<us-patent-grant><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>09000001</doc-number><kind>B2</kind><date>20150407</date></document-id></publication-reference>
<application-reference appl-type="{kind}"><document-id><country>US</country><doc-number>{number}</doc-number>
<date>20130301</date></document-id></application-reference>
{more}<invention-title>A <i>small</i> thing</invention-title>
<us-references-cited><us-citation><patcit><document-id><country>WO</country><doc-number>WO2009/1</doc-number></document-id></patcit></us-citation>
<us-citation><nplcit><othercit>Text<sup>1</sup></othercit></nplcit>
<category>cited by examiner</category></us-citation><us-citation/></us-references-cited>
</us-bibliographic-data-grant></us-patent-grant>
"""
RELATED = """<us-related-documents>
<continuation><relation><parent-doc><document-id><country>US</country><doc-number>12000001</doc-number><date>20100105</date></document-id></parent-doc>
<child-doc><document-id><country>US</country><doc-number>13999999</doc-number></document-id></child-doc></relation></continuation>
<a-371-of-international><relation><parent-doc><document-id><country>US</country><doc-number>PCT/US11/1</doc-number><date>20110101</date></document-id></parent-doc>
<child-doc><document-id><country>US</country><doc-number>13999999</doc-number></document-id></child-doc></relation></a-371-of-international>
<related-publication><document-id><country>US</country><doc-number>20140000001</doc-number><kind>A1</kind><date>20140102</date></document-id></related-publication>
</us-related-documents>"""


def written(path: Path, *texts: str) -> Path:
    path.write_text("".join(texts), encoding="utf-8")
    return path


def test_many_documents_stand_one_after_the_other(tmp_path: Path) -> None:
    texts = [GRANT.format(kind="utility", number=f"1300000{at}", more="") for at in range(3)]
    found = list(redbook(written(tmp_path / "a.xml", *texts, "<us-patent-grant><broken></us-patent-grant>")))
    assert [one.rows["patent"][0]["appno"] for one in found[:3]] == ["US13000000", "US13000001", "US13000002"]
    assert [one.fault for one in found] == [None, None, None, "broken"] and found[1].line == 12


def test_parents_are_claims_but_the_international_application_is_the_same_one(tmp_path: Path) -> None:
    text = GRANT.format(kind="utility", number="13999999", more=RELATED)
    (one,) = redbook(written(tmp_path / "a.xml", text))
    assert [row["number"] for row in one.rows["priority"]] == ["12000001"]
    (patent,) = one.rows["patent"]
    assert (patent["earliest_priority"], patent["first_publication"], patent["granted"]) == (
        "2010-01-05",
        "2014-01-02",
        "2015-04-07",
    )
    assert (patent["title"], patent["claims"], patent["route"]) == ("A small thing", None, "national")
    assert [(row["number"], row["kind"]) for row in one.rows["publication"]] == [("9000001", "B2"), ("20140000001", "A1")]
    assert [(row.get("cited"), row.get("literature"), row["seq"]) for row in one.rows["citation"]] == [
        ("WO20091", None, "1"),
        (None, "Text1", "2"),
    ]


def test_kinds_are_the_three_or_the_word_that_is_printed(tmp_path: Path) -> None:
    design = "<classification-locarno><edition>9</edition><main-classification>1402</main-classification></classification-locarno>"
    texts = [
        GRANT.format(kind=kind, number="29000001", more=more)
        for kind, more in (("utility", ""), ("design", design), ("reissue", design), ("reissue", ""), ("plant", ""), ("", ""))
    ]
    found = [one.rows["patent"][0]["kind"] for one in redbook(written(tmp_path / "a.xml", *texts))]
    assert found == ["invention", "design", "design", "invention", "plant", None]


def test_before_2012_the_inventor_is_the_applicant_and_afterwards_each_has_a_place(tmp_path: Path) -> None:
    person = (
        "<addressbook><last-name>Li</last-name><first-name>Wei</first-name>"
        "<address><city>Hefei</city><country>{land}</country></address></addressbook>"
    )
    before = (
        "<parties><applicants><applicant app-type='applicant-inventor'>"
        f"{person.format(land='CN')}</applicant></applicants></parties>"
        "<assignees><assignee><orgname>Anhui A Co.</orgname><role>03</role></assignee></assignees>"
    )
    after = (
        "<us-parties><us-applicants><us-applicant><addressbook><orgname>Anhui A Co.</orgname></addressbook>"
        "<residence><country>CN</country></residence></us-applicant></us-applicants>"
        f"<inventors><inventor>{person.format(land='unknown')}</inventor></inventors></us-parties>"
    )
    texts = [GRANT.format(kind="utility", number="13000001", more=more) for more in (before, after)]
    old, new = (
        [(row["role"], row["name"], row["country"]) for row in one.rows["party"]]
        for one in redbook(written(tmp_path / "a.xml", *texts))
    )
    assert old == [("applicant", "Li, Wei", "CN"), ("inventor", "Li, Wei", "CN"), ("assignee", "Anhui A Co.", None)]
    assert new == [("applicant", "Anhui A Co.", "CN"), ("inventor", "Li, Wei", None)]


def test_an_application_counts_the_claims_that_stand(tmp_path: Path) -> None:
    text = (
        "<us-patent-application><us-bibliographic-data-application><application-reference>"
        "<document-id><doc-number>13000001</doc-number>"
        "</document-id></application-reference></us-bibliographic-data-application><claims><claim>"
        "<claim-text><b>1</b>-<b>18</b>. (canceled)"
        "</claim-text></claim><claim><claim-text><b>19</b>. A thing.</claim-text></claim></claims></us-patent-application>"
        "<us-patent-application/>"
    )
    one, bare = redbook(written(tmp_path / "a.xml", text))
    assert (one.rows["patent"][0]["claims"], one.rows["patent"][0]["granted"]) == ("1", None)
    assert bare.rows == {"patent": [{"appno": None}]}
