"""A release is whole, the same on any day, and takes an earlier one away without touching other files."""

from __future__ import annotations

import datetime
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tidu.core.errors import UsageError
from tidu.publish.edition import Edition
from tidu.publish.release.bundle import raw_rows, write_release
from tidu.publish.release.check import verify
from tidu.publish.release.pack import member_files, packed
from tidu.publish.release.sums import paths, read_sums, sha256
from tidu.publish.site import write_site


def few(edition: Edition, folder: Path) -> list[Path]:
    return write_site(edition, folder, only=lambda address: address.endswith(("index.html", "scores.csv")))


def test_the_list_of_hashes_is_of_every_file(written: Path) -> None:
    told = read_sums((written / "SHA256SUMS").read_text(encoding="utf-8"))
    assert tuple(told.hashes) == paths(written) and not told.broken
    assert all(sha256((written / path).read_bytes()) == digest for path, digest in told.hashes.items())
    wanted = {"README.md", "config/index.toml", "data/raw-hashes.csv", "results/scores.csv", "coin/iMeta.csv", "env/sbom.cdx.json"}
    assert wanted | {"audit/audit.json", "datapackage.json", "ro-crate-metadata.json"} <= set(told.hashes)


def test_two_releases_on_two_days_are_the_same_bytes(
    make_small: Callable[[], Edition], written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Later:
            return cls(2031, 5, 17, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr(datetime, "datetime", Later)
    monkeypatch.setattr(time, "time", lambda: 1_936_753_445.0)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    raw = {"index.toml": b"x", "d.csv": b"a,b\n1,2\n"}
    write_release(make_small(), tmp_path / "r", raw=raw, documents=False)
    assert (tmp_path / "r" / "SHA256SUMS").read_bytes() == (written / "SHA256SUMS").read_bytes()


def test_the_site_goes_with_it_packed_and_a_stale_page_does_not(small: Edition, tmp_path: Path) -> None:
    pages = few(small, tmp_path / "site")
    (tmp_path / "site" / "stale.html").write_text("old", encoding="utf-8")
    write_release(small, tmp_path / "r", documents=False, site=lambda: packed(pages, tmp_path / "site"), day="2026-01-31")
    found = member_files((tmp_path / "r" / "site.zip").read_bytes())
    assert set(found) == {f"site.zip/{path.relative_to(tmp_path / 'site').as_posix()}" for path in pages}
    assert found["site.zip/data/scores.csv"] == (tmp_path / "site" / "data" / "scores.csv").read_bytes()
    assert not any(path.startswith("site/") for path in paths(tmp_path / "r"))


def test_an_earlier_release_is_taken_away_whole(small: Edition, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    write_release(small, folder, documents=False, site=lambda: packed(few(small, tmp_path / "s"), tmp_path / "s"))
    assert "site.zip" in paths(folder)
    write_release(small, folder, documents=False)
    assert "site.zip" not in paths(folder)
    assert set(read_sums((folder / "SHA256SUMS").read_text(encoding="utf-8")).hashes) == set(paths(folder))


def test_an_earlier_release_stays_where_the_new_one_cannot_be_made(release: Path, small: Edition) -> None:
    def fails() -> bytes:
        raise UsageError("sdmx_missing")

    (release / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        write_release(small, release, documents=False, site=fails)
    assert (caught.value.code, caught.value.file) == ("release_folder", "notes.txt")
    (release / "notes.txt").unlink()
    before = paths(release)
    with pytest.raises(UsageError):
        write_release(small, release, documents=False, site=fails)
    assert paths(release) == before and verify(release).sound


def test_a_release_bears_the_day_that_is_given_else_that_of_the_shipped_figures(
    small: Edition, cities: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def days(edition: Edition, name: str, day: str | None = None) -> tuple[str | None, str | None, bool]:
        folder = tmp_path / name
        write_release(edition, folder, documents=False, day=day)
        root = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"][1]
        created = json.loads((folder / "datapackage.json").read_text(encoding="utf-8")).get("created")
        said = (folder / "README.md").read_text(encoding="utf-8")
        return root.get("datePublished"), created, f"Dated {root.get('datePublished')}." in said

    assert small.day is None and days(small, "a") == (None, None, False)
    assert days(small, "b", "2026-01-31") == ("2026-01-31", "2026-01-31T00:00:00Z", True)
    assert cities.day == "2026-11-22"
    monkeypatch.setattr(Edition, "day", property(lambda edition: "2026-11-22"))
    assert days(small, "c") == ("2026-11-22", "2026-11-22T00:00:00Z", True)


def test_a_folder_with_other_files_is_refused_and_left_as_it_is(small: Edition, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        write_release(small, tmp_path, documents=False)
    assert (caught.value.code, caught.value.file) == ("release_folder", "thesis.txt")
    assert os.listdir(tmp_path) == ["thesis.txt"]  # noqa: PTH208


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "2026-1-1"])
def test_what_is_no_day_is_refused(small: Edition, tmp_path: Path, day: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_release(small, tmp_path / "r", day=day)
    assert caught.value.code == "release_day" and not (tmp_path / "r").exists()


def test_raw_files_are_counted(small: Edition, cities: Edition) -> None:
    raw = {"d.CSV": b"a\n1\n2\n", "corrections.toml": b"x"}
    assert [(row["file"], row["bytes"], row["rows"], row["in_release"]) for row in raw_rows(raw, cities)] == [
        ("d.CSV", 6, 2, 0),
        ("corrections.toml", 1, "", 1),
    ]
    assert raw_rows(raw, small)[1]["in_release"] == 0
