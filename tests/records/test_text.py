"""Encodings are told, records begin where they do, headings meet whatever their brackets."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.core.errors import DataError
from tidu.records.text import encoding, folded, records


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_encoding_is_told(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("申请号,专利名称\n2015,一种装置㐀\n".encode(name))
    assert encoding(file) == name


def test_text_of_no_known_encoding_is_told_with_its_byte(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"abc\xff\xff\n")
    with pytest.raises(DataError) as caught:
        encoding(file)
    assert (caught.value.code, caught.value.address) == ("list_encoding", "byte 3")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=5), min_size=2, max_size=3
        ),
        min_size=2,
        max_size=8,
    )
)
def test_every_record_is_found_where_it_begins(end: str, rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("records") / "a.csv"
    texts = []
    for row in rows:
        out = io.StringIO()
        csv.writer(out, lineterminator=end).writerow(row)
        texts.append(out.getvalue().encode())
    file.write_bytes(b"".join(texts))
    found = records(file)
    assert found.start.tolist() == [sum(map(len, texts[:at])) for at in range(len(texts))]
    assert found.line.tolist() == list(range(1, len(texts) + 1)) and found.blank == 0


def test_blank_lines_and_lines_inside_quotes(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'h,k\n"a\n\nb",1\n\n  \n"x ""y""",2')
    found = records(file)
    assert (found.start.tolist(), found.line.tolist(), found.blank) == ([0, 4, 17], [1, 2, 7], 2)
    empty = tmp_path / "b.csv"
    empty.write_bytes(b"")
    assert len(records(empty)) == 0


def test_headings_meet() -> None:
    assert folded("［标］当前申请（专利权）人") == folded("[标]当前申请(专利权)人")
    assert folded("\ufeff 申 请 号") == "申请号" and folded("IPC分类号") != folded("IPC")
