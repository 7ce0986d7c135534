"""ST.36 on a small document made for the test (synthetic): a grant with holders, citations, several priorities and languages."""

from __future__ import annotations

from pathlib import Path

from tidu.records.readers.st36 import st36

GRANT = """<ep-patent-document lang="de" country="EP" doc-number="1" kind="B1" date-publ="20200101"><SDOBI>
<B100><B110>1</B110><B130>B1</B130><B140><date>20200101</date></B140><B190>EP</B190></B100>
<B200><B210>18000001.2</B210><B220><date>20180101</date></B220></B200>
<B300><B310>7</B310><B320><date>20170101</date></B320><B330><ctry>DE</ctry></B330><B310>8</B310><B330><ctry>FR</ctry></B330></B300>
<B400><B430><date>20190101</date></B430><B450><date>20200101</date></B450></B400>
<B500><B510><B511> 7A 61K   9/16   A</B511></B510><B540><B541>en</B541><B542>E</B542><B541>de</B541><B542>D</B542></B540>
<B560><B561><text>EP-A- 0 123 456</text></B561><B562><text>Paper</text></B562></B560></B500>
<B700><B730><B731><snm>Holder</snm><adr><city>Ulm</city><ctry>DE</ctry></adr></B731></B730></B700>
<B800><B860><B861/></B860></B800></SDOBI>
<claims lang="en"><claim/></claims><claims lang="de"><claim/><claim/></claims></ep-patent-document>"""


def test_a_grant(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(GRANT + "<ep-patent-document/>", encoding="utf-8")
    found, bare = st36(path)
    (patent,) = found.rows["patent"]
    assert (patent["appno"], patent["route"], patent["title"], patent["claims"]) == ("EP18000001", "pct", "D", "2")
    assert (patent["first_publication"], patent["granted"], patent["earliest_priority"]) == (
        "2019-01-01",
        "2020-01-01",
        "2017-01-01",
    )
    assert [(one["number"], one["authority"], one["claimed"]) for one in found.rows["priority"]] == [
        ("7", "DE", "2017-01-01"),
        ("8", "FR", None),
    ]
    (holder,) = found.rows["party"]
    assert (holder["role"], holder["name"], holder["address"], holder["country"]) == ("assignee", "Holder", "Ulm", "DE")
    assert [one["symbol"] for one in found.rows["class"]] == ["A61K9/16"]
    assert [one.get("cited") or one.get("literature") for one in found.rows["citation"]] == ["EPA0123456", "Paper"]
    assert bare.rows == {"patent": [{"appno": None}]}
