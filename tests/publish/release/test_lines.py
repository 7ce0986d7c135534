"""Which row and column of a text no longer fits its hashes."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from tidu.publish.release.lines import hashes_text, line_hashes, odd, read_line_hashes
from tidu.publish.release.sums import sha256
from tidu.publish.tables import csv_text

CELL = st.text('abc,"\n é', max_size=4)


def text(table: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(table)
    return file.getvalue().encode("utf-8")


def told(files: dict[str, bytes]) -> dict[str, dict[str, list[str]]]:
    return read_line_hashes(hashes_text(files))


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=5), st.data())
def test_any_one_changed_cell_is_named_by_its_row_and_column(rows: list[list[str]], data: st.DataObject) -> None:
    r, c = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 2))
    other = data.draw(CELL.filter(lambda cell: cell != rows[r][c]))
    changed = [[other if (i, k) == (r, c) else cell for k, cell in enumerate(row)] for i, row in enumerate(rows)]
    found = odd("t.csv", text(changed), told({"t.csv": text(rows)})["t.csv"])
    assert found is not None and found.places == ((r + 1, c + 1),)
    same = odd("t.csv", text(rows), told({"t.csv": text(rows)})["t.csv"])
    assert same is not None and (same.rows, same.columns, same.places) == ((), (), ())


def test_a_line_more_or_less_is_told_by_its_row_only() -> None:
    hashes = told({"a.toml": b"x = 1\ny = 2\n"})["a.toml"]
    lost = odd("a.toml", b"y = 2\n", hashes)
    more = odd("a.toml", b"x = 1\ny = 2\n\n", hashes)
    assert lost is not None and (lost.rows, lost.places) == ((1,), ())
    assert more is not None and more.rows == (4,)


def test_a_file_without_hashes_or_without_text_says_nothing() -> None:
    hashes = told({"a.csv": b"x\n"})["a.csv"]
    assert odd("b.csv", b"x\n", {}) is None
    assert odd("a.csv", b"\xff\xfe", hashes) is None
    assert "a.png" not in told({"a.png": b"x\n"}) and read_line_hashes(b"\xff") == read_line_hashes(b"a,b\n1,2\n") == {}


def test_long_tables_stand_in_several_cells_and_come_back_in_order() -> None:
    table = text([["n"], *([str(at)] for at in range(2500))])
    rows = line_hashes({"t.csv": table})
    assert [(row["kind"], row["first"]) for row in rows] == [("row", 1), ("row", 1001), ("row", 2001), ("column", 1)]
    assert max(len(row["hashes"]) for row in rows) < 7000  # a reader of CSV takes no cell of more than 131,072 letters
    kept = read_line_hashes(csv_text(rows).encode("utf-8"))["t.csv"]
    assert len(kept["row"]) == 2501
    found = odd("t.csv", table.replace(b"\n1777\n", b"\n1778\n"), kept)
    assert found is not None and found.places == ((1779, 1),)


def test_a_file_named_whole_has_a_hash_of_all_its_bytes() -> None:
    found = {row["kind"]: row["hashes"] for row in line_hashes({"a.png": b"abc", "b.md": b"abc"}, {"a.png"})}
    assert found == {"file": sha256(b"abc")[:16], "row": "xj4b"}  # ba7816bf 8f…: 10111 01001 11100 00001
