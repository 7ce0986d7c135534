"""Each unit's brief as PDF: two addresses a unit, made when asked for, and told to pages by a script."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tidu.publish.documents import pdf
from tidu.publish.edition import Edition
from tidu.publish.pages.briefs import PDF, able, brief_address, briefs, served
from tidu.publish.site import write_site


def test_every_unit_with_a_score_has_a_brief_in_each_language(cities: Edition) -> None:
    found = briefs(cities, ["zh", "en"])
    assert len(found) == 2 * len(cities.units) and brief_address(cities, cities.unscored[0], "zh") not in found
    assert len(briefs(cities, ["en"])) == len(cities.units)


def test_a_brief_has_two_pages_and_names_its_unit(cities: Edition, tmp_path: Path) -> None:
    made = briefs(cities, able())["city/330800.en.pdf"]()
    path = tmp_path / "a.pdf"
    path.write_bytes(made.body)
    said = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert made.kind == PDF and "Pages:           2\n" in said and "Quzhou" in told
    assert "million yuan" in told and "10 000 yuan" not in told


def test_a_machine_without_chinese_type_prints_english_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "families", lambda: frozenset({"DejaVu Sans"}))
    assert able() == ("en",)
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    assert able() == ()


def test_a_folder_with_briefs_says_so_to_its_pages(stranger: Edition, tmp_path: Path) -> None:
    write_site(stranger, tmp_path, only=lambda address: address.endswith((".pdf", "served.js")), with_briefs=True)
    assert sorted(path.name for path in (tmp_path / "city").iterdir())[:2] == ["x~2F1.en.pdf", "x~2F1.pdf"]
    assert (tmp_path / "static/served.js").read_bytes() == served(["zh", "en"]).body
    assert b"tiduServed" not in served(["zh", "en"]).body
