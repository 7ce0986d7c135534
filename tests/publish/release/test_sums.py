"""Hashes of files, and which row and column of a text no longer fits."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tidu.publish.release.sums import inside, line_hashes, odd, paths, read_sums, sha256, sums_text

CELL = st.text('abc,"\n é', max_size=4)


def told(files: dict[str, bytes]) -> list[dict[str, str]]:
    return [{key: str(value) for key, value in row.items()} for row in line_hashes(files)]


def test_the_hash_is_the_published_one_of_abc() -> None:
    """FIPS 180-2, appendix B.1."""
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_sha256sum_reads_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for name in ("b", "d/a x.csv"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    hashes = {name: sha256((tmp_path / name).read_bytes()) for name in paths(tmp_path)}
    (tmp_path / "SHA256SUMS").write_text(sums_text(hashes), encoding="utf-8")
    assert list(hashes) == ["b", "d/a x.csv"] == list(paths(tmp_path))
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout == "b: OK\nd/a x.csv: OK\n"
    assert read_sums(sums_text(hashes)).hashes == hashes


def test_lines_that_say_nothing_are_counted_as_broken() -> None:
    good = "0" * 64
    text = f"{good}  a\n{good} a\n{good}  a\nzz\n{good}  ../a\n{good}  /a\n{good}  b\n"
    found = read_sums(text)
    assert (dict(found.lines), found.broken) == ({"a": 1, "b": 7}, (2, 3, 4, 5, 6))


def test_a_path_that_leads_out_or_is_not_plain_is_not_inside() -> None:
    assert [inside(path) for path in ("a/../b", "./a", "a//b", "", "a\\b", "a/b.csv")] == [False, False, False, False, False, True]


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=5), st.data())
def test_any_one_changed_cell_is_named_by_its_row_and_column(rows: list[list[str]], data: st.DataObject) -> None:
    import csv
    import io

    def text(table: list[list[str]]) -> bytes:
        file = io.StringIO()
        csv.writer(file, lineterminator="\n").writerows(table)
        return file.getvalue().encode("utf-8")

    r, c = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 2))
    other = data.draw(CELL.filter(lambda cell: cell != rows[r][c]))
    changed = [[other if (i, k) == (r, c) else cell for k, cell in enumerate(row)] for i, row in enumerate(rows)]
    found = odd("t.csv", text(changed), told({"t.csv": text(rows)}))
    assert found is not None and found.places == ((r + 1, c + 1),)
    same = odd("t.csv", text(rows), told({"t.csv": text(rows)}))
    assert same is not None and (same.rows, same.columns, same.places) == ((), (), ())


def test_a_line_more_or_less_is_told_by_its_row_only() -> None:
    hashes = told({"a.toml": b"x = 1\ny = 2\n"})
    lost = odd("a.toml", b"y = 2\n", hashes)
    more = odd("a.toml", b"x = 1\ny = 2\n\n", hashes)
    assert lost is not None and (lost.rows, lost.places) == ((1,), ())
    assert more is not None and more.rows == (4,)


def test_a_file_without_hashes_or_without_text_says_nothing() -> None:
    assert odd("b.csv", b"x\n", told({"a.csv": b"x\n"})) is None
    assert odd("a.csv", b"\xff\xfe", told({"a.csv": b"x\n"})) is None
