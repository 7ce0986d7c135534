"""Folders and ZIPs stand for their files; no name leads out, and no small file fills a disk."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tidu.core.errors import DataError, TiduError
from tidu.records import archives
from tidu.records.archives import files


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def found(paths: list[Path], folder: Path, without: Path | None = None) -> list[tuple[str, bytes, bool]]:
    folder.mkdir(exist_ok=True)
    return [(one.name, one.path.read_bytes(), one.named) for one in files(paths, folder, without)]


def test_files_folders_and_zips(tmp_path: Path) -> None:
    data = tmp_path / "in"
    (data / "b").mkdir(parents=True)
    (data / "a.csv").write_bytes(b"1")
    (data / "b" / "c.csv").write_bytes(b"2")
    (data / ".hidden").write_bytes(b"3")
    (data / "store").mkdir()
    (data / "store" / "x.parquet").write_bytes(b"4")
    inner = packed(tmp_path / "inner.zip", {"e.xml": b"5"}).read_bytes()
    packed(data / "d.zip", {"中/f.csv": b"6", "inner.zip": inner, "__MACOSX/._f": b"7", "g/": b""})
    work = tmp_path / "w"
    assert found([data, data / "a.csv"], work, data / "store") == [
        ("a.csv", b"1", False),
        ("b/c.csv", b"2", False),
        ("d.zip/中/f.csv", b"6", False),
        ("d.zip/inner.zip/e.xml", b"5", False),
        ("a.csv", b"1", True),
    ]
    assert list(work.iterdir()) == []


def test_names_of_gbk_are_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"xxxx.csv": b"1"})
    path.write_bytes(path.read_bytes().replace(b"xxxx", "专利".encode("gbk")))
    assert found([path], tmp_path / "w") == [("a.zip/专利.csv", b"1", False)]


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:\\out.csv"])
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        found([packed(tmp_path / "a.zip", {name: b"1"})], tmp_path / "w")
    assert caught.value.code == "archive_path"
    assert not (tmp_path / "out.csv").exists()


def test_a_bomb_is_put_out_before_it_fills_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FLOOR", 3_000_000)
    bomb = packed(tmp_path / "a.zip", {"a.csv": b"0" * 10_000_000})
    with pytest.raises(DataError) as caught:
        found([bomb], tmp_path / "w")
    assert caught.value.code == "archive_size"
    assert sum(path.stat().st_size for path in (tmp_path / "w").iterdir()) <= 4_000_000
    nested = packed(
        tmp_path / "b.zip", {f"{at}.zip": packed(tmp_path / "i.zip", {"a": b"0" * 1_000_000}).read_bytes() for at in range(9)}
    )
    with pytest.raises(DataError) as caught:
        found([nested], tmp_path / "w")
    assert caught.value.code == "archive_size"


def test_what_is_no_archive_or_lies_about_its_content_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "a.zip"
    bad.write_bytes(b"PK\x03\x04 nothing")
    broken = packed(tmp_path / "b.zip", {"a.csv": b"abc" * 500})
    data = bytearray(broken.read_bytes())
    data[45] ^= 0xFF
    broken.write_bytes(bytes(data))
    locked = packed(tmp_path / "c.zip", {"a.csv": b"abc"})
    raw = locked.read_bytes()
    at = raw.index(b"PK\x01\x02")
    locked.write_bytes(raw[:6] + b"\x01\x00" + raw[8 : at + 8] + b"\x01\x00" + raw[at + 10 :])
    for path in (bad, broken, locked):
        with pytest.raises(DataError) as caught:
            found([path], tmp_path / "w")
        assert caught.value.code == "archive_unreadable"
    with pytest.raises(TiduError) as lacking:
        found([tmp_path / "none"], tmp_path / "w")
    assert lacking.value.code == "no_file"
