"""Releases from the command line: written, checked, spoilt, rerun, told in both languages and in JSON."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tidu import app
from tidu.faces import cli, publishing
from tidu.publish.edition import Edition

SPEC = '[index]\ncode = "demo"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "lower"\n'


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    told = capsys.readouterr()
    return int(caught.value.code or 0), told.out, told.err


@pytest.fixture(scope="module")
def cities() -> Edition:
    return app.edition("city-ip-core", draws=0)


@pytest.fixture
def release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "demo.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "demo.csv").write_text("unit,year,a,b\nx,2023,1,9\ny,2023,2,5\nz,2023,3,1\n", encoding="utf-8")
    made = ["publish", "release", str(tmp_path / "demo.toml"), "--data", str(tmp_path / "demo.csv"), "--no-site", "--no-report"]
    code, out, _ = call(capsys, *made, "--out", str(tmp_path / "r"), "--lang", "en")
    assert code == 0 and "carries no date" in out and "names no licence" in out
    return tmp_path / "r"


def test_a_sound_release_is_told_in_both_languages_and_json(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = len((release / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    mark = json.loads((release / "config" / "run.json").read_text(encoding="utf-8"))["edition"]
    told = f"Sound: {files} files fit their hashes.\nEdition {mark[:12]} ({mark}).\n"
    assert call(capsys, "release", "verify", str(release), "--lang", "en") == (0, told, "")
    said = call(capsys, "release", "verify", str(release), "--lang", "zh")[1]
    assert said == f"核对无误：{files} 个文件与哈希一致。\n版本指纹 {mark[:12]}（{mark}）。\n"
    found = json.loads(call(capsys, "release", "verify", str(release), "--json")[1])
    assert found == {"sound": True, "files": files, "edition": mark, "faults": []}
    code, out, _ = call(capsys, "release", "rerun", str(release), "--lang", "en")
    assert code == 0 and out.startswith("Rerun agrees:") and out.endswith("the same bytes.\n")
    assert json.loads(call(capsys, "release", "rerun", str(release), "--json")[1])["met"] == "bytes"


def test_a_changed_cell_is_named_and_leaves_with_one(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = release / "results" / "scores.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace(",50,", ",51,", 1)
    path.write_text("".join(lines), encoding="utf-8")
    code, out, _ = call(capsys, "release", "verify", str(release), "--lang", "en")
    assert code == 1 and "results/scores.csv, row 3, column a: The cell holds 51, but the rebuilt value is 50." in out
    code, out, _ = call(capsys, "release", "verify", str(release), "--lang", "zh")
    assert code == 1 and "results/scores.csv, 第 3 行, “a”列：单元格为 51，重算结果为 50。" in out
    code, out, _ = call(capsys, "release", "verify", str(release), "--json")
    told = json.loads(out)
    assert code == 1 and not told["sound"] and told["faults"][0]["row"] == 3
    assert call(capsys, "release", "rerun", str(release))[0] == 1


def test_a_rerun_says_that_the_tolerance_was_met_and_not_the_bytes(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = release / "results" / "scores.csv"
    text = path.read_text(encoding="utf-8")
    assert ",50," in text
    path.write_text(text.replace(",50,", ",50.000000001,", 1), encoding="utf-8")  # a relative difference of 2e-11
    code, out, _ = call(capsys, "release", "rerun", str(release), "--lang", "en")
    assert code == 0 and "within the tolerance 1e-09 (largest relative difference 2e-11)" in out and "same bytes" not in out
    assert "在容差 1e-09 内（最大相对差 2e-11）" in call(capsys, "release", "rerun", str(release), "--lang", "zh")[1]
    told = json.loads(call(capsys, "release", "rerun", str(release), "--json")[1])
    assert told["met"] == "tolerance" and told["tolerance"] == 1e-9 and 0 < told["largest"] < 1e-10


def test_the_site_is_packed_and_a_changed_cell_in_it_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "demo.csv").write_text("unit,year,a,b\nx,2023,1,9\ny,2023,2,5\nz,2023,3,1\n", encoding="utf-8")
    folder = tmp_path / "r"
    made = ["publish", "release", str(tmp_path / "demo.toml"), "--data", str(tmp_path / "demo.csv"), "--no-report"]
    assert call(capsys, *made, "--out", str(folder), "--date", "2026-01-31")[0] == 0
    with zipfile.ZipFile(folder / "site.zip") as pack:
        inside = {name: pack.read(name) for name in pack.namelist()}
    assert {"index.html", "zh/index.html", *(f"city/y.{kind}" for kind in ("csv", "json", "xlsx", "svg", "png"))} <= set(inside)
    inside["city/y.csv"] = inside["city/y.csv"].replace(b",50.0,", b",51.0,", 1)
    with zipfile.ZipFile(folder / "site.zip", "w") as pack:
        for name, body in inside.items():
            pack.writestr(name, body)
    code, out, _ = call(capsys, "release", "verify", str(folder), "--lang", "en")
    assert (
        code == 1 and "site.zip/city/y.csv, row 2, column score: The cell was changed after the release; it now holds 51.0." in out
    )
    code, out, _ = call(capsys, "release", "verify", str(folder), "--lang", "zh")
    assert code == 1 and "site.zip/city/y.csv, 第 2 行, “score”列" in out


def test_the_shipped_index_bears_the_day_of_its_figures_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, cities: Edition
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert publishing.dating(cities, None, "en") == [
        "The release bears 2026-11-22, the day of the shipped figures; --date YYYY-MM-DD writes the day of publication."
    ]
    assert publishing.dating(cities, None, "zh")[0].startswith("发布包日期取内置数据的日期 2026-11-22")
    assert publishing.dating(cities, "2026-12-01", "en") == []
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769817600")
    assert publishing.dating(cities, None, "en") == []


def test_a_folder_that_holds_no_release_leaves_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "release", "verify", str(tmp_path), "--lang", "zh")
    assert code == 2 and "不是发布包" in err


def test_the_day_is_given_or_that_of_the_build(
    release: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def published(*more: str) -> str | None:
        made = ["publish", "release", str(tmp_path / "demo.toml"), "--data", str(tmp_path / "demo.csv"), "--no-site", "--no-report"]
        assert call(capsys, *made, "--out", str(release), "--json", *more)[0] == 0
        graph = json.loads((release / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
        day: str | None = graph[1].get("datePublished")
        return day

    assert published() is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769817600")  # 2026-01-31 00:00 UTC
    assert published() == "2026-01-31"
    assert published("--date", "2025-12-24") == "2025-12-24"
