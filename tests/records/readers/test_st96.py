"""ST.96 on small instances made for the test (synthetic): rights with their prefixes undeclared, addresses, an unknown office."""

from __future__ import annotations

from pathlib import Path

from tidu.records.load import read
from tidu.records.readers.st96 import patents, rights
from tidu.records.store import Store

DESIGN = """<dgn:Design><com:RegistrationOfficeCode>CN</com:RegistrationOfficeCode>
<com:RegistrationNumber>5</com:RegistrationNumber>
<com:RegistrationDate>2020-02-03</com:RegistrationDate><dgn:LocarnoClass>14-02</dgn:LocarnoClass>
<dgn:DesignTitle>Cup</dgn:DesignTitle>
<dgn:Applicant><com:Name><com:EntityName>Firm</com:EntityName></com:Name><com:CountryCode>CN</com:CountryCode>
</dgn:Applicant></dgn:Design>"""
INDICATION = """<gin:GeographicalIndication><com:RegistrationOfficeCode>FR</com:RegistrationOfficeCode>
<com:RegistrationNumber>7</com:RegistrationNumber><gin:GeographicalIndicationName>Tea</gin:GeographicalIndicationName>
<gin:GeographicalAreaName>Hills</gin:GeographicalAreaName></gin:GeographicalIndication>"""
MARK = """<tmk:Trademark><com:ApplicationNumber><com:ApplicationNumberText>9</com:ApplicationNumberText></com:ApplicationNumber>
<tmk:GoodsServicesClassification><tmk:ClassificationKindCode>Domestic</tmk:ClassificationKindCode><tmk:ClassNumber>021</tmk:ClassNumber>
</tmk:GoodsServicesClassification><tmk:GoodsServicesClassification><tmk:ClassNumber>009</tmk:ClassNumber></tmk:GoodsServicesClassification>
</tmk:Trademark>"""
PATENT = """<pat:PatentPublication><pat:BibliographicData><pat:ApplicationIdentification><com:IPOfficeCode>EP</com:IPOfficeCode>
<com:ApplicationNumber><com:ApplicationNumberText>18000001.2</com:ApplicationNumberText></com:ApplicationNumber>
</pat:ApplicationIdentification><pat:PartyBag><pat:AssigneeBag><pat:Assignee><com:Contact><com:Name><com:EntityName>F</com:EntityName>
</com:Name><com:PostalStructuredAddress><com:AddressLineText>Street 1</com:AddressLineText><com:CityName>Ulm</com:CityName>
<com:CountryCode>DE</com:CountryCode><com:PostalCode>89073</com:PostalCode></com:PostalStructuredAddress></com:Contact></pat:Assignee>
</pat:AssigneeBag></pat:PartyBag></pat:BibliographicData><pat:Claims><pat:Claim/><pat:Claim/></pat:Claims></pat:PatentPublication>"""


def test_rights_of_three_kinds(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(DESIGN + INDICATION + MARK, encoding="utf-8")
    design, indication, mark = (one.rows["right"][0] for one in rights(path))
    assert (design["kind"], design["number"], design["classes"], design["name"]) == ("design", "5", "14-02", "Cup")
    assert (design["owner"], design["place"], design["registered"]) == ("Firm", "CN", "2020-02-03")
    assert (indication["kind"], indication["number"], indication["name"], indication["place"]) == (
        "geographical_indication",
        "FR7",
        "Tea",
        "Hills",
    )
    assert (mark["kind"], mark["number"], mark["classes"]) == ("trade_mark", "9", "9")


def test_designs_are_recognised_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text('<a xmlns:dgn="http://www.wipo.int/standards/XMLSchema/ST96/Design">' + DESIGN + "</a>", encoding="utf-8")
    (account,) = read([path], Store(tmp_path / "store"))
    assert (account.kind, account.good, account.reasons) == ("wipo_st96_register", 1, {})


def test_a_patent_of_another_office(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(PATENT + "<pat:PatentPublication/>", encoding="utf-8")
    found, bare = patents(path)
    (patent,) = found.rows["patent"]
    assert (patent["appno"], patent["claims"], patent["granted"]) == ("EP18000001", "2", None)
    (party,) = found.rows["party"]
    assert (party["address"], party["country"], party["postcode"]) == ("Street 1, Ulm", "DE", "89073")
    assert bare.rows == {"patent": [{"appno": None}]}
