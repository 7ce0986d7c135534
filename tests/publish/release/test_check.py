"""A check finds the one thing that was changed and names it; a rerun finds what hashes written anew would hide."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from shutil import copytree

import pytest

from tidu.core.errors import ReplayError
from tidu.publish.release.check import rerun_release, verify
from tidu.publish.release.pack import member_files
from tidu.publish.release.sums import paths, sha256, sums_text


def change(path: Path, row: int, column: str, to: str) -> str:
    """Puts a cell (row 1 = heading) and gives what stood there."""
    table = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    at = table[0].index(column)
    was, table[row - 1][at] = table[row - 1][at], to
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(table)
    path.write_text(file.getvalue(), encoding="utf-8")
    return was


def faults(folder: Path) -> list[tuple[str, str | None, int | None, str | None]]:
    return [(fault.code, fault.file, fault.row, fault.column) for fault in verify(folder).faults]


def seal(folder: Path) -> None:
    """The list of hashes written anew, as somebody would who wants to hide a change."""
    hashes = {path: sha256((folder / path).read_bytes()) for path in paths(folder)}
    (folder / "SHA256SUMS").write_text(sums_text(hashes), encoding="utf-8")


def test_a_release_is_sound_and_comes_out_the_same(written: Path) -> None:
    found = verify(written)
    assert found.sound and found.files == len(paths(written))
    again = rerun_release(written)
    assert again.met == "bytes" and {"results/scores.csv", "data/indicators.csv", "coin/iData.csv"} <= set(again.files)


@pytest.mark.parametrize(
    "file, row, column",
    [
        ("results/scores.csv", 4, "p"),
        ("results/ranks.csv", 2, "small.1"),
        ("results/intervals.csv", 3, "best"),
        ("results/contributions.csv", 9, "part"),
        ("data/indicators.csv", 7, "value"),
        ("coin/iData.csv", 5, "c"),
    ],
)
def test_a_changed_cell_of_a_result_is_named_with_both_values(release: Path, file: str, row: int, column: str) -> None:
    was = change(release / file, row, column, "77.5")
    assert faults(release) == [("run_differs", file, row, column)]
    fault = verify(release).faults[0]
    assert fault.values["stands"] == "77.5" and fault.values["rebuilt"] == was


@pytest.mark.parametrize("row, column", [(2, "a"), (7, "heads"), (4, "region"), (6, "b.status")])
def test_a_changed_cell_of_the_figures_is_named(release: Path, row: int, column: str) -> None:
    change(release / "data" / "data.csv", row, column, "3")
    assert faults(release) == [("release_cell", "data/data.csv", row, column)]
    assert verify(release).faults[0].values == {"stands": "3"}


def test_a_changed_line_of_the_index_file_is_named(release: Path) -> None:
    path = release / "config" / "index.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if line.startswith("weight = 3"))
    lines[at] = "weight = 4\n"
    path.write_text("".join(lines), encoding="utf-8")
    assert faults(release) == [("release_row", "config/index.toml", at + 1, None)]


def test_a_line_that_was_lost_is_named(release: Path) -> None:
    path = release / "results" / "scores.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:3] + lines[4:]), encoding="utf-8")
    assert faults(release) == [("release_row", "results/scores.csv", 4, None)]


def spoilt(content: bytes, row: int, at: int) -> tuple[bytes, str | None]:
    """A table with another letter at the end of one cell (row 1 = heading), and what its column is called."""
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    table[row - 1][at] += "7"
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(table)
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return mark + file.getvalue().encode("utf-8"), table[0][at]


def repacked(folder: Path, name: str, content: bytes) -> None:
    """The packed site with another content of one file."""
    found = member_files((folder / "site.zip").read_bytes()) | {name: content}
    with zipfile.ZipFile(folder / "site.zip", "w") as pack:
        for path, body in found.items():
            pack.writestr(path.removeprefix("site.zip/"), body)


def test_a_changed_cell_of_every_table_and_a_changed_line_of_every_text_is_named(full: Path, tmp_path: Path) -> None:
    assert verify(full).sound
    folder = tmp_path / "r"
    copytree(full, folder)
    plain = {path: (folder / path).read_bytes() for path in paths(folder)}
    packed = member_files(plain["site.zip"])
    seen = {"cell": 0, "line": 0}
    about = {"datapackage.json", "ro-crate-metadata.json"}
    for path, content in {**plain, **packed}.items():
        rows = len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) if path.endswith(".csv") else 0
        if rows:
            row = min(rows, 3)
            body, column = spoilt(content, row, -1)
            wanted = ("cell", row, column if row > 1 else None)
        elif path.endswith((".json", ".toml", ".md", ".txt")) and path not in about:
            lines = content.split(b"\n")
            row = 1 + max(at for at, line in enumerate(lines) if line.strip())
            body, wanted = b"\n".join([*lines[: row - 1], lines[row - 1] + b" ", *lines[row:]]), ("line", row, None)
        else:
            continue
        if path in packed:
            repacked(folder, path, body)
        else:
            (folder / path).write_bytes(body)
        (fault,) = verify(folder).faults
        assert (fault.file, fault.row) == (path, wanted[1])
        assert wanted[2] is None or fault.column == wanted[2], (path, fault.column)
        assert fault.code in {"cell": ("release_cell", "run_differs"), "line": ("release_row", "run_differs")}[wanted[0]]
        seen[wanted[0]] += 1
        repacked_or_plain = "site.zip" if path in packed else path
        (folder / repacked_or_plain).write_bytes(plain[repacked_or_plain])
    tables = [path for path in {**plain, **packed} if path.endswith(".csv")]
    assert seen["cell"] == len(tables) > 30 and seen["line"] > 15


def test_what_is_no_table_is_named_whole_with_the_command_that_makes_it(full: Path, tmp_path: Path) -> None:
    def told(name: str) -> tuple[str, str | None, object]:
        folder = tmp_path / name.replace("/", "-")
        copytree(full, folder)
        if name.startswith("site.zip/"):
            repacked(folder, name, b"\xff")
        else:
            (folder / name).write_bytes((folder / name).read_bytes() + b"\xff")
        (fault,) = verify(folder).faults
        return fault.code, fault.file, fault.values["command"]

    assert told("site.zip/en/index.html") == ("release_changed", "site.zip/en/index.html", "tidu publish site")
    assert told("site.zip/city/z.png") == ("release_changed", "site.zip/city/z.png", "tidu publish site")
    assert told("audit/audit.en.html") == ("release_changed", "audit/audit.en.html", "tidu audit --out")
    assert told("ro-crate-metadata.json")[2] == "tidu publish release"
    assert told("sdmx/structure.json")[2] == "tidu publish release --sdmx"


def test_files_of_the_packed_site_that_are_gone_or_too_many_and_a_pack_that_is_damaged(full: Path, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    copytree(full, folder)
    content = (folder / "site.zip").read_bytes()
    repacked(folder, "site.zip/more.csv", b"x")
    assert faults(folder) == [("release_extra", "site.zip/more.csv", None, None)]
    with zipfile.ZipFile(folder / "site.zip", "w") as pack:
        for path, body in list(member_files(content).items())[1:]:
            pack.writestr(path.removeprefix("site.zip/"), body)
    assert faults(folder) == [("release_missing", next(iter(member_files(content))), None, None)]
    (folder / "site.zip").write_bytes(content[:-30])
    assert faults(folder) == [("release_changed", "site.zip", None, None)]


def test_files_that_are_gone_and_files_that_are_too_many_are_named(release: Path) -> None:
    (release / "results" / "ranks.csv").unlink()
    (release / "notes.txt").write_text("x", encoding="utf-8")
    assert faults(release) == [("release_missing", "results/ranks.csv", None, None), ("release_extra", "notes.txt", None, None)]


def test_a_spoilt_list_of_hashes_is_told_apart_from_a_spoilt_file(release: Path) -> None:
    path = release / "SHA256SUMS"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(at for at, line in enumerate(lines) if line.endswith("results/scores.csv"))
    lines[at] = "0" * 64 + lines[at][64:]
    path.write_text("\n".join([*lines, "rubbish"]) + "\n", encoding="utf-8")
    assert faults(release) == [
        ("release_sums_line", "SHA256SUMS", len(lines) + 1, None),
        ("release_sums_wrong", "SHA256SUMS", at + 1, None),
    ]


def test_hashes_written_anew_are_found_by_the_package_and_the_rerun(release: Path) -> None:
    was = change(release / "results" / "scores.csv", 3, "q", "77.5")
    seal(release)
    assert faults(release) == [("release_package", "results/scores.csv", None, None)]
    with pytest.raises(ReplayError) as caught:
        rerun_release(release)
    error = caught.value
    assert (error.code, error.file, error.row, error.column) == ("run_differs", "results/scores.csv", 3, "q")
    assert error.values == {"stands": "77.5", "rebuilt": was}


def test_numbers_of_another_machine_are_within_the_tolerance(release: Path) -> None:
    path = release / "results" / "scores.csv"
    table = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    at = table[0].index("small.1")
    change(path, 3, "small.1", repr(float(table[2][at]) * (1 + 1e-11)))
    found = rerun_release(release)
    assert found.met == "tolerance" and 0 < found.largest < 1e-9


def test_a_rerun_refuses_figures_that_were_changed(release: Path) -> None:
    change(release / "data" / "data.csv", 2, "a", "3")
    with pytest.raises(ReplayError) as caught:
        rerun_release(release)
    assert (caught.value.code, caught.value.file) == ("run_changed", "data/data.csv")
    (release / "data" / "data.csv").unlink()
    with pytest.raises(ReplayError) as caught:
        rerun_release(release)
    assert (caught.value.code, caught.value.file) == ("run_missing", "data/data.csv")


@pytest.mark.parametrize("check", [verify, rerun_release])
def test_a_folder_without_a_release_is_told(tmp_path: Path, check: object) -> None:
    assert callable(check)
    with pytest.raises(ReplayError) as caught:
        check(tmp_path)
    assert caught.value.code == "release_none"


def test_a_package_that_cannot_be_read_is_no_reason_to_stop(release: Path) -> None:
    (release / "datapackage.json").write_text("[", encoding="utf-8")
    assert faults(release) == [("release_changed", "datapackage.json", None, None)]
