"""Exchange documents on small pieces made for the test (synthetic): forms by their mark, never by their place."""

from __future__ import annotations

from lxml import etree

from tidu.records.readers.exchange import application, biblio, identities, plain, priorities, symbol

DOCUMENT = b"""<x:exchange-document xmlns:x="http://www.epo.org/exchange" country="AT" doc-number="1" kind="U1"
 date-publ="20200102" family-id="7"><x:bibliographic-data>
<x:publication-reference data-format="docdb"><document-id lang="de"><country>AT</country><doc-number>1</doc-number><kind>U1</kind>
<date>20200102</date></document-id></x:publication-reference>
<classification-ipc><main-classification> 7A 61K   9/16   A</main-classification></classification-ipc>
<x:application-reference data-format="epodoc"><document-id><doc-number>AT20190001</doc-number></document-id>
</x:application-reference>
<x:application-reference data-format="docdb"><document-id><country>AT</country><doc-number>12019</doc-number><kind>U</kind>
<date>20190203</date></document-id></x:application-reference>
<x:invention-title lang="en">E</x:invention-title><x:invention-title lang="de">D</x:invention-title>
<x:dates-of-public-availability><x:not-printed-with-grant><document-id><date>20200103</date></document-id></x:not-printed-with-grant>
</x:dates-of-public-availability>
<x:references-cited><x:citation cited-phase="APP"><patcit dnum="X1"/></x:citation><x:citation><nplcit><text>Paper</text></nplcit>
<category>A</category></x:citation><x:citation/></x:references-cited>
</x:bibliographic-data></x:exchange-document>"""


def test_a_document_with_any_prefix() -> None:
    rows = biblio(plain(etree.fromstring(DOCUMENT)))
    (patent,) = rows["patent"]
    assert (patent["appno"], patent["kind"], patent["filing"], patent["title"]) == ("AT12019U", "utility_model", "2019-02-03", "D")
    assert (patent["granted"], patent["first_publication"], patent["family"]) == ("2020-01-03", "2020-01-02", "7")
    assert [one["symbol"] for one in rows["class"]] == ["A61K9/16"]
    assert [(one.get("cited"), one.get("literature"), one["category"]) for one in rows["citation"]] == [
        ("X1", None, "APP"),
        (None, "Paper", "A"),
    ]


def test_forms() -> None:
    reference = etree.fromstring(
        "<a><document-id document-id-type='epodoc'><doc-number>EP19950810560</doc-number></document-id></a>"
    )
    forms = identities([reference])
    assert application(forms) == ("EP95810560", None, None) and application({}) == (None, None, None)
    assert (
        application({"docdb": ("US", "2366704", "A", "2004-12-28"), "original": (None, "11/023,667", None, None)})[0]
        == "US11023667"
    )
    assert application({"docdb": ("US", "2366704", "A", "2004-12-28")})[0] == "US20040023667"
    (claim,) = priorities("x", [reference])
    assert (claim["authority"], claim["number"]) == ("EP", "19950810560")


def test_a_document_without_a_head_has_no_key() -> None:
    assert biblio(etree.fromstring("<exchange-document/>")) == {"patent": [{"appno": None}]}
    assert symbol("nothing") is None and symbol(None) is None
