"""Keys: what sources number by themselves becomes the printed number, and deleted documents are left out."""

from __future__ import annotations

from tests.records.linking.conftest import Linking


def test_other_keys_are_folded_over_any_chain(linking: Linking) -> None:
    made = linking(
        (
            "patstat_publications",
            {
                "publication": [
                    {"appno": "PATSTAT:5", "authority": "US", "number": "8000001", "kind": "B2", "published": "2011-08-16"}
                ],
                "alias": [{"appno": "PATSTAT:5", "other": "PATSTAT-P:9"}],
            },
        ),
        (
            "patstat_applications",
            {
                "patent": [{"appno": "PATSTAT:5", "authority": "US", "kind": "invention", "filing": "2010-01-05"}],
                "alias": [{"appno": "PATSTAT:5", "other": "US13000001"}],
            },
        ),
        ("patstat_citations", {"citation": [{"appno": "PATSTAT-P:9", "seq": 1, "cited": "PATSTAT-P:9"}]}),
        ("patentsview_patents", {"patent": [{"appno": "PUBLICATION:US8000001", "authority": "US", "title": "Device"}]}),
        (
            "wipo_landscape",
            {
                "patent": [{"appno": "P:ab", "title": "Device", "provisional": True}],
                "publication": [{"appno": "P:ab", "authority": "US", "number": "8,000,001", "kind": "B2"}],
            },
        ),
    )
    found = made.dicts("application")
    assert set(found) == {"US13000001"} and not found["US13000001"]["provisional"]
    assert (found["US13000001"]["documents"], found["US13000001"]["title"]) == (3, "Device")
    assert made.rows("select appno, cited_appno from citation") == [("US13000001", "US13000001")]
    assert made.counts["keys_folded"] == 4


def test_a_document_that_docdb_deleted_is_left_out_till_it_comes_again(linking: Linking) -> None:
    def document(title: str) -> dict[str, list[dict[str, object]]]:
        return {
            "patent": [{"appno": "AP1", "authority": "AP", "title": title}],
            "publication": [{"appno": "AP1", "authority": "AP", "number": "1206", "kind": "A", "published": "2003-09-19"}],
            "party": [{"appno": "AP1", "role": "applicant", "seq": 1, "name": "Synthetic"}],
        }

    gone = {"event": [{"appno": "AP1", "code": "docdb_delete", "effective": "2004-01-01", "detail": "AP1206A"}]}
    made = linking(("epo_docdb", document("one")), ("epo_docdb", gone))
    assert made.dicts("application") == {} and made.dicts("party") == {} and made.counts["documents_deleted"] == 1
    again = linking(
        ("epo_docdb", document("one")), ("epo_docdb", gone), ("epo_docdb", document("two")), ("lens", document("three"))
    )
    assert again.dicts("application")["AP1"]["documents"] == 2
