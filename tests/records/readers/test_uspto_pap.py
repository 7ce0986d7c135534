"""Applications of 2001 to 2004 on a small document made for the test (synthetic)."""

from __future__ import annotations

from pathlib import Path

from tidu.records.readers.uspto_pap import applications

TEXT = """<patent-application-publication><subdoc-bibliographic-information>
<document-id><doc-number>20020000002</doc-number><kind-code>A1</kind-code><document-date>20020103</document-date></document-id>
<publication-filing-type>{filing}</publication-filing-type>
<domestic-filing-data><application-number><doc-number>09000002</doc-number></application-number><filing-date>20010501</filing-date></domestic-filing-data>
<technical-information><classification-ipc><classification-ipc-primary><ipc>C12N001/20</ipc></classification-ipc-primary></classification-ipc>
<classification-us><classification-us-primary><uspc><class>002</class><subclass>161500</subclass></uspc></classification-us-primary></classification-us>
<title-of-invention>Thing</title-of-invention></technical-information>
<continuity-data><a-371-of-international><parent-child><child><document-id><doc-number>09000002</doc-number></document-id></child>
<parent><document-id><doc-number>PCT/CN99/00001</doc-number><document-date>19991101</document-date></document-id></parent></parent-child></a-371-of-international>
<non-provisional-of-provisional><document-id><doc-number>60000009</doc-number></document-id></non-provisional-of-provisional>
<non-provisional-of-provisional><parent-child><child><document-id><doc-number>09000002</doc-number></document-id></child>
<parent><document-id><doc-number>60000001</doc-number><document-date>19981101</document-date></document-id></parent></parent-child></non-provisional-of-provisional></continuity-data>
<inventors><first-named-inventor><name><given-name>Wei</given-name><family-name>Li</family-name></name>
<residence><residence-non-us><city>Hefei</city><country-code>CN</country-code></residence-non-us></residence><authority-applicant>INV</authority-applicant></first-named-inventor>
<inventor><name><given-name>Ann</given-name><family-name>Ray</family-name></name></inventor></inventors>
<assignee><name><family-name>Ray</family-name><given-name>Ann</given-name></name><assignee-type>04</assignee-type></assignee>
</subdoc-bibliographic-information>
<subdoc-claims><claim><para>1. (cancelled)</para></claim><claim><para>2. A thing</para></claim></subdoc-claims>
</patent-application-publication>
"""


def test_an_application_from_the_international_phase(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        TEXT.format(filing="new") + "<patent-application-publication/>" + TEXT.format(filing="new-plant"), encoding="utf-8"
    )
    one, bare, plant = applications(path)
    (patent,) = one.rows["patent"]
    assert (patent["appno"], patent["route"], patent["kind"], patent["claims"]) == ("US09000002", "pct", "invention", "1")
    assert (patent["earliest_priority"], patent["first_publication"]) == ("1998-11-01", "2002-01-03")
    assert [row["number"] for row in one.rows["priority"]] == ["60000001"]
    assert [(row["role"], row["seq"], row["name"], row["country"], row.get("type")) for row in one.rows["party"]] == [
        ("inventor", "1", "Li, Wei", "CN", None),
        ("applicant", "1", "Li, Wei", "CN", None),
        ("inventor", "2", "Ray, Ann", None, None),
        ("assignee", "1", "Ray, Ann", None, "person"),
    ]
    assert [row["symbol"] for row in one.rows["class"]] == ["C12N1/20", "2/161.5"]
    assert bare.rows == {"patent": [{"appno": None}]} and plant.rows["patent"][0]["kind"] == "plant"
