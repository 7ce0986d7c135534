"""CNIPA's two forms, on small documents made for the test (synthetic): references by their mark, fillers as nothing."""

from __future__ import annotations

from pathlib import Path

from tidu.records.readers.cnipa import day, new_documents, number, old_documents

NEW = """<business:PatentDocumentAndRelated xmlns:base="http://www.sipo.gov.cn/XMLSchema/base"
 xmlns:business="http://www.sipo.gov.cn/XMLSchema/business"><business:BibliographicData>
 <business:PublicationReference dataFormat="standard"><base:DocumentID><base:Kind>Z</base:Kind></base:DocumentID>
 </business:PublicationReference>
 <business:PublicationReference dataFormat="original"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>
  <base:DocNumber>211000001</base:DocNumber><base:Kind>U</base:Kind><base:Date>20200801</base:Date></base:DocumentID></business:PublicationReference>
 <business:ApplicationReference applType="20" dataFormat="standard"><base:DocumentID>
  <base:DocNumber>202020000000001</base:DocNumber></base:DocumentID></business:ApplicationReference>
 <business:ApplicationReference applType="20" dataFormat="original"><base:DocumentID><base:DocNumber>202020000001.5</base:DocNumber>
  <base:Date>20200105</base:Date></base:DocumentID></business:ApplicationReference>
 <business:Parties><business:ApplicantDetails><business:Applicant sequence="1" dataFormat="original"><base:AddressBook>
  <base:Name>甲公司</base:Name><base:Address><base:Street>0</base:Street><base:City>杭州市</base:City><base:Text>0</base:Text></base:Address>
  </base:AddressBook><business:OrganizationCode>0000000000</business:OrganizationCode></business:Applicant></business:ApplicantDetails></business:Parties>
</business:BibliographicData></business:PatentDocumentAndRelated>"""


def test_the_new_form(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(NEW, encoding="utf-8")
    (found,) = new_documents(path)
    (patent,) = found.rows["patent"]
    assert (patent["appno"], patent["kind"], patent["filing"], patent["granted"]) == (
        "202020000001.5",
        "utility_model",
        "2020-01-05",
        "2020-08-01",
    )
    assert patent["first_publication"] == "2020-08-01" and found.rows["publication"][0]["kind"] == "U"
    (party,) = found.rows["party"]
    assert (party["name"], party["printed_city"], party["address"], party["credit_code"]) == ("甲公司", "杭州市", None, None)


def test_a_document_without_its_head_has_no_key(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        "<cn-patent-document><other/></cn-patent-document><cn-patent-document><x></cn-patent-document>", encoding="utf-8"
    )
    bare, broken = old_documents(path)
    assert bare.rows == {"patent": [{"appno": None}]} and broken.fault == "broken"


def test_small_things() -> None:
    assert day("20200105") == "2020-01-05" and day("2020") == "2020" and day(None) is None
    assert number("nonsense") == ("nonsense", None, None) and number(None) == (None, None, None)
    assert number("102015000481495") == ("201510481495", "invention", "national")
