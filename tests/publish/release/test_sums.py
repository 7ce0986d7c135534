"""Hashes of files, as sha256sum writes and reads them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tidu.publish.release.sums import inside, paths, read_sums, sha256, sums_text


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
