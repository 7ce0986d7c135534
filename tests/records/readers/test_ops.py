"""OPS answers on small pieces made for the test (synthetic): events with and without a date, an owner, a family with its data."""

from __future__ import annotations

from pathlib import Path

from tidu.records.readers.ops import ops

FAMILY = """<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org"><ops:patent-family>
<ops:family-member family-id="9"><publication-reference><document-id document-id-type="docdb"><country>EP</country>
<doc-number>1</doc-number><kind>B1</kind><date>20200101</date></document-id></publication-reference>
<application-reference><document-id document-id-type="docdb"><country>EP</country><doc-number>18000001</doc-number><kind>A</kind>
<date>20180101</date></document-id></application-reference>{}
<ops:legal code="RAP2 " desc="TRANSFER  OF RIGHTS"><ops:L007EP desc="Gazette DATE">2021-02-03</ops:L007EP>
<ops:L500EP><ops:L509EP desc="OWNER">FIRM B</ops:L509EP>
<ops:L525EP desc="Effective DATE">20210101</ops:L525EP></ops:L500EP></ops:legal>
<ops:legal code="" desc=""><ops:L008EP>AK</ops:L008EP></ops:legal>
</ops:family-member></ops:patent-family></ops:world-patent-data>"""
INNER = """<exchange-document family-id="9"><bibliographic-data><application-reference><document-id document-id-type="docdb">
<country>EP</country><doc-number>18000001</doc-number><kind>A</kind></document-id></application-reference>
<invention-title>T</invention-title></bibliographic-data></exchange-document>"""


def test_events_of_a_member(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FAMILY.format(""), encoding="utf-8")
    (found,) = ops(path)
    transfer, other = found.rows["event"]
    assert transfer["appno"] == "EP18000001" and transfer["code"] == "RAP2" and transfer["taker"] == "FIRM B"
    assert (transfer["effective"], transfer["published"]) == ("2021-01-01", "2021-02-03")
    assert transfer["detail"] == "TRANSFER OF RIGHTS\nOWNER: FIRM B\nEffective DATE: 20210101"
    assert (other["code"], other["effective"], other["detail"]) == ("AK", None, None)
    assert found.rows["patent"][0]["family"] == "9" and found.rows["publication"][0]["kind"] == "B1"


def test_a_member_with_its_data_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FAMILY.format(INNER), encoding="utf-8")
    (found,) = ops(path)
    assert found.rows["patent"][0]["title"] == "T" and len(found.rows["event"]) == 2
