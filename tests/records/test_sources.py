"""A file goes to the reader that its marks or headings ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.core.errors import DataError
from tidu.records.sources import recognised, sources


def test_every_source_is_named_in_both_languages() -> None:
    for code, source in sources().items():
        assert source.code == code and set(source.title) == {"zh", "en"} and isinstance(source.proven, bool)


def test_documents_are_told_by_their_marks_and_lists_by_their_headings(tmp_path: Path) -> None:
    xml, csv = tmp_path / "a.xml", tmp_path / "a.csv"
    xml.write_text("<?xml version='1.0'?><cn-patent-document/>", encoding="utf-8")
    csv.write_bytes("申请号,公开（公告）号,合享价值度\n".encode("gb18030"))
    assert recognised(xml).code == "cnipa_xml_2006" and recognised(csv).code == "incopat"
    assert recognised(csv, "cn_list").code == "cn_list"


def test_what_nobody_knows_is_told_with_its_headings(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("城市,面积\n杭州,1\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        recognised(file)
    assert (caught.value.code, caught.value.values["headings"]) == ("unknown_records", "城市, 面积")
    with pytest.raises(DataError) as caught:
        recognised(file, "inkopat")
    assert caught.value.did_you_mean == "incopat"
