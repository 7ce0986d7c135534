"""The site as a folder: every address is there, links lead somewhere, nothing inline, the same bytes twice."""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import normpath

import pytest

from tidu.publish.edition import Edition
from tidu.publish.pages.addresses import addresses
from tidu.publish.site import write_site


@pytest.fixture(scope="module")
def folder(stranger: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    write_site(stranger, made)
    return made


def test_every_address_is_written(folder: Path, stranger: Edition) -> None:
    for address in addresses(stranger):
        assert (folder / address).is_file(), address
    assert (folder / "index.html").is_file()


def test_every_link_leads_to_a_file(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r'(?:href|src)="([^"#?]+)', text):
            assert not target.startswith(("http:", "https:", "//")), f"{path}: {target}"
            there = normpath((path.parent / target).as_posix())
            assert Path(there).is_file(), f"{path.relative_to(folder)}: {target}"


def test_nothing_is_inline(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), path
        if path != folder / "index.html":
            assert "Content-Security-Policy" in text


def test_two_folders_have_the_same_bytes(folder: Path, stranger: Edition, tmp_path: Path) -> None:
    write_site(stranger, tmp_path)
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert files and all((folder / name).read_bytes() == (tmp_path / name).read_bytes() for name in files)
