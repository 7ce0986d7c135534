"""The packed site is the same bytes on any day, and a spoilt one is read as far as it goes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tidu.publish.release.pack import member_files, packed


@pytest.fixture
def site(tmp_path: Path) -> list[Path]:
    """Three small files (synthetic) and one that is of no site."""
    (tmp_path / "city").mkdir()
    for name in ("index.html", "city/衢州.csv", "city/a.csv", "stale.html"):
        (tmp_path / name).write_text(name * 50, encoding="utf-8")
    return [tmp_path / name for name in ("index.html", "city/衢州.csv", "city/a.csv")]


def test_what_was_written_is_in_it_and_nothing_else(site: list[Path], tmp_path: Path) -> None:
    made = packed(site, tmp_path)
    found = member_files(made)
    assert list(found) == ["site.zip/city/a.csv", "site.zip/city/衢州.csv", "site.zip/index.html"]
    assert found["site.zip/city/衢州.csv"] == site[1].read_bytes()
    (tmp_path / "s.zip").write_bytes(made)
    with zipfile.ZipFile(tmp_path / "s.zip") as pack:
        assert pack.testzip() is None
        assert {entry.date_time for entry in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_neither_the_order_nor_the_age_of_files_is_in_the_bytes(site: list[Path], tmp_path: Path) -> None:
    import os

    made = packed(site, tmp_path)
    os.utime(site[0], (1_936_753_445, 1_936_753_445))
    assert packed(site[::-1], tmp_path) == made


def test_a_damaged_file_comes_empty_and_a_path_that_leads_out_spoils_all(site: list[Path], tmp_path: Path) -> None:
    made = bytearray(packed(site, tmp_path))
    made[made.index(b"index.html") + 12] ^= 0xFF  # inside the packed bytes of the last file
    found = member_files(bytes(made))
    assert found["site.zip/index.html"] == b"" and found["site.zip/city/a.csv"] == site[2].read_bytes()
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("../a", "x")
    assert member_files(path.read_bytes()) == {}
    assert member_files(bytes(made[:40])) == {}
