"""Documents are found one by one, and nothing outside their elements is ever looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tidu.records.readers.xml import documents, parsed


def test_documents_one_after_the_other_each_with_its_declaration(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(
        b"<?xml version='1.0'?>\n<!DOCTYPE d [<!ENTITY a 'b'>]>\n<d n='1'><t>x</t></d>\n<?xml version='1.0'?>\n<d n='2'/>"
    )
    found = list(documents(path, ("d",)))
    assert [one.root.get("n") for one in found if one.root is not None] == ["1", "2"]
    assert [(one.byte, one.line) for one in found] == [
        (path.read_bytes().index(b"<d n='1'"), 3),
        (path.read_bytes().index(b"<d n='2'"), 5),
    ]


def test_names_of_letters_and_lacking_namespaces(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<e:d><e:t>caf&eacute; &amp; &nonsense;</e:t></e:d>")
    found = next(documents(path, ("e:d",), 'xmlns:e="urn:e"'))
    assert found.root is not None and "".join(found.root.itertext()) == "caf\u00e9 & ?"
    assert [one.fault for one in documents(path, ("e:d",))] == ["broken"]


def test_a_document_that_is_not_closed_does_not_hide_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<d><t>1</d><d><t>2</t></d><dd/><d>")
    assert [one.fault for one in documents(path, ("d",))] == ["broken", None, "broken"]
    path.write_bytes(b"<d><t>1<d n='2'><t>2</t></d><d n='3'/>")
    found = list(documents(path, ("d",)))
    assert [(one.byte, one.fault) for one in found] == [(0, "broken"), (7, None), (28, None)]
    empty = tmp_path / "b.xml"
    empty.write_bytes(b"")
    assert list(documents(empty, ("d",))) == []


def test_a_billion_laughs_and_outer_files_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    laughs = "".join(f"<!ENTITY l{at} '{f'&l{at - 1};' * 10 if at else 'ha'}'>" for at in range(10))
    path = tmp_path / "a.xml"
    path.write_text(f"<!DOCTYPE d [{laughs}<!ENTITY f SYSTEM '{secret.as_uri()}'>]><d>&l9;&f;</d>", encoding="utf-8")
    found = next(documents(path, ("d",)))
    assert found.root is not None and "".join(found.root.itertext()) == "??"
    with pytest.raises(etree.XMLSyntaxError):
        parsed(path.read_bytes())  # even where a whole file were parsed, it would be refused


@pytest.mark.parametrize("name", ["utf-8", "gb18030"])
def test_the_declared_encoding_is_used(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(f"<?xml version='1.0' encoding='{name}'?><d>发明</d>".encode(name))
    found = next(documents(path, ("d",)))
    assert found.root is not None and found.root.text == "发明"


def test_what_does_not_parse_is_mended_where_there_is_a_way(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<d><br></d><d><t></d>")
    found = list(documents(path, ("d",), mend=lambda text: text.replace(b"<br>", b"<br/>")))
    assert [one.fault for one in found] == [None, "broken"]
