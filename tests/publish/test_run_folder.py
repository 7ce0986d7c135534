"""A run folder replays to the same bytes, and says which cell was changed when it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidu import app
from tidu.core.errors import ReplayError
from tidu.index.intervals import intervals
from tidu.publish.run_folder import rerun, sha256, write_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_run(app.make("city-ip-full-audited", universe="key36"), folder, {"x": "y"})
    return folder


def copy(run: Path, to: Path) -> Path:
    for path in run.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to


def test_replays_to_the_same_bytes_with_the_universe_written_out(run: Path) -> None:
    assert rerun(run).met == "bytes"
    assert "members" in (run / "index.toml").read_text(encoding="utf-8")


def test_two_runs_give_the_same_bytes(run: Path, tmp_path: Path) -> None:
    write_run(app.make("city-ip-full-audited", universe="key36"), tmp_path, {"x": "y"})
    assert {path.name: sha256(path) for path in run.iterdir()} == {path.name: sha256(path) for path in tmp_path.iterdir()}


def test_a_changed_cell_is_named(run: Path, tmp_path: Path) -> None:
    folder = copy(run, tmp_path)
    lines = (folder / "scores.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    cells = lines[4].split(",")
    cells[5] = "12.5"
    lines[4] = ",".join(cells)
    (folder / "scores.csv").write_bytes("".join(lines).encode("utf-8-sig"))
    with pytest.raises(ReplayError) as caught:
        rerun(folder)
    error = caught.value
    assert (error.code, error.file, error.row, error.column) == ("run_differs", "scores.csv", 5, "inventions_per_10k")


def test_changed_data_show_in_the_results(run: Path, tmp_path: Path) -> None:
    folder = copy(run, tmp_path)
    lines = (folder / "data.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    place = lines[0].split(",").index("gdp")
    at = next(k for k, line in enumerate(lines) if line.startswith("110000,") and line.split(",")[3] == "2023")
    cells = lines[at].split(",")
    cells[place] = repr(float(cells[place]) * 1.1)
    lines[at] = ",".join(cells)
    (folder / "data.csv").write_bytes("".join(lines).encode("utf-8-sig"))
    with pytest.raises(ReplayError):
        rerun(folder)


def test_numbers_within_the_tolerance_are_said_to_be_so(run: Path, tmp_path: Path) -> None:
    folder = copy(run, tmp_path)
    text = (folder / "scores.csv").read_text(encoding="utf-8-sig")
    lines = text.splitlines(keepends=True)
    cells = lines[1].split(",")
    cells[4] = repr(float(cells[4]) * (1 + 1e-11))
    lines[1] = ",".join(cells)
    (folder / "scores.csv").write_bytes("".join(lines).encode("utf-8-sig"))
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["files"]["scores.csv"] = sha256(folder / "scores.csv")
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    found = rerun(folder)
    assert found.met == "tolerance" and 0 < found.largest < 1e-9


def test_a_lost_file_is_named(run: Path, tmp_path: Path) -> None:
    folder = copy(run, tmp_path)
    (folder / "ranks.csv").unlink()
    with pytest.raises(ReplayError) as caught:
        rerun(folder)
    assert (caught.value.code, caught.value.file) == ("run_missing", "ranks.csv")


@pytest.mark.parametrize("years", [None, [2023]])
def test_the_ranges_are_replayed_with_the_rest(tmp_path: Path, years: list[int] | None) -> None:
    index = app.make("city-ip-core", years=years, universe="key36")  # a factor names a universe too
    write_run(index, tmp_path, sure=intervals(index, draws=32, seed=4))
    found = rerun(tmp_path)
    assert found.met == "bytes" and "intervals.csv" in found.files
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (record["intervals"]["points"], record["intervals"]["seed"]) == (32, 4)
    record["intervals"]["seed"] = 5
    (tmp_path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ReplayError) as caught:
        rerun(tmp_path)
    assert (caught.value.code, caught.value.file) == ("run_differs", "intervals.csv")


@pytest.mark.parametrize("told", [{"asked": "many", "level": 0.9, "seed": 0}, {"asked": 8, "level": 2.0, "seed": 0}, 7])
def test_a_record_of_ranges_that_cannot_be_read_is_told(run: Path, tmp_path: Path, told: object) -> None:
    folder = copy(run, tmp_path)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps({**record, "intervals": told}), encoding="utf-8")
    with pytest.raises(ReplayError) as caught:
        rerun(folder)
    assert caught.value.code == "run_unreadable" and str(caught.value.address).startswith("intervals")


def test_standard_errors_are_kept_and_their_ranges_replayed(tmp_path: Path) -> None:
    table = tmp_path / "towns.csv"
    rows = [f"t{k},{100 + 7 * k},{3 + k},{'' if k == 2 else 1.5},{(5 * k) % 7}" for k in range(8)]
    table.write_text("\n".join(["unit,patents_kept,deals,deals.se,days", *rows]), encoding="utf-8")
    spec = {
        "index": {"code": "d"},
        "indicator": {name: {"better": "higher"} for name in ("patents_kept", "deals", "days")},
        "uncertain": {"deals": {"address": "data.*.*.deals", "error": "standard", "draws": 20}},
    }
    index = app.make(spec, table)
    write_run(index, tmp_path / "run", {}, sure=intervals(index, draws=64))
    kept = (tmp_path / "run" / "data.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "deals.se" in kept[0].split(",") and "days.se" not in kept[0]
    assert rerun(tmp_path / "run").met == "bytes"
