"""DOCDB on small pieces made for the test (synthetic): an undeclared prefix, deletions, broken documents."""

from __future__ import annotations

from pathlib import Path

from tidu.records.load import read
from tidu.records.readers.docdb import docdb
from tidu.records.store import Store

BODY = (
    "<exch:bibliographic-data><exch:application-reference data-format='docdb'><document-id><country>DE</country>"
    "<doc-number>102019000001</doc-number><kind>A</kind><date>20190101</date></document-id></exch:application-reference>"
    "</exch:bibliographic-data>"
)
ONE = "<exch:exchange-document country='DE' doc-number='1' kind='A1' {}>{}</exch:exchange-document>"


def test_a_deleted_document_is_an_event_and_no_patent(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        ONE.format("status='D' date-of-last-exchange='20200102'", BODY)
        + ONE.format("status='D'", "")
        + ONE.format("status='A'", BODY),
        encoding="utf-8",
    )
    deleted, bare, kept = docdb(path)
    assert set(deleted.rows) == set(bare.rows) == {"event"} and kept.rows["patent"][0]["appno"] == "DE102019000001"
    (event,) = deleted.rows["event"]
    assert (event["appno"], event["code"], event["effective"], event["detail"]) == (
        "DE102019000001",
        "docdb_delete",
        "2020-01-02",
        "DE1A1",
    )
    assert bare.rows["event"][0]["appno"] == "PUBLICATION:DE1A1"


def test_hostile_files_are_put_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    bomb = "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>"
    path.write_text(bomb + ONE.format("", "&b;&c;<unclosed>") + "\n" + ONE.format("", BODY), encoding="utf-8")
    (account,) = read([path], Store(tmp_path / "store"))
    assert (account.kind, account.read, account.good, account.quarantined) == ("epo_docdb", 2, 1, 1) and account.balanced
    assert account.reasons["broken"] == 1
