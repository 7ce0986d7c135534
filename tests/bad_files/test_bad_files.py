"""Every bad file of this folder is refused with the code, the place and the mend that stand beside it.

A kind is a bad file and ``KIND.expected.toml``. What the file is says how it is run:

- ``KIND.toml``: a bad index file, with ``_good.csv``;
- ``KIND.csv``, ``.tsv``, ``.xlsx``, ``.parquet``, ``.json``: bad data, with ``_good.toml``;
- ``KIND.coin/``: a COINr pair, iMeta.csv and iData.csv;
- ``KIND.run/spoil.toml``: what is done to the folder of a sound run before ``rerun``;
- ``KIND.corrections.toml``: corrections declared for ``_good.csv``;
- ``KIND.call.toml``: a call with the good files and bad arguments.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tidu import app
from tidu.core.errors import ReplayError, TiduError, UsageError
from tidu.indicators.corrections import correct, corrections_of
from tidu.indicators.sheet import read_panel
from tidu.publish.run_folder import rerun, write_run

HERE = Path(__file__).resolve().parent
GOOD_INDEX, GOOD_DATA = HERE / "_good.toml", HERE / "_good.csv"
ASIDE = {"__pycache__", "folder.csv", "make_binary.py", Path(__file__).name}
EXPECTED = ".expected.toml"


def kind_of(path: Path) -> str:
    """The name of a kind: the file's name up to its first dot."""
    return path.name.partition(".")[0]


FILES = {
    kind_of(path): path
    for path in sorted(HERE.iterdir())
    if path.name not in ASIDE and path.name[0] != "_" and EXPECTED not in path.name
}
KINDS = sorted(kind_of(path) for path in HERE.glob(f"*{EXPECTED}"))


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "good"
    write_run(app.make(GOOD_INDEX, GOOD_DATA), folder)
    return folder


def spoil(folder: Path, orders: dict[str, Any]) -> None:
    """Does to a run folder what a ``spoil.toml`` says."""
    for name in orders.get("delete", []):
        (folder / name).unlink()
    for order in orders.get("cell", []):
        path = folder / order["file"]
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        rows[order["row"] - 1][rows[0].index(order["column"])] = order["value"]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8-sig")
    for order in orders.get("text", []):
        path = folder / order["file"]
        content = bytes(order["bytes"]) if "bytes" in order else path.read_bytes()
        if "find" in order:
            assert order["find"].encode() in content, "nothing to spoil"
            content = content.replace(order["find"].encode(), order["put"].encode())
        content += order.get("append", "").encode("utf-8")
        if "last_lines_cut" in order:
            content = b"".join(content.splitlines(keepends=True)[: -order["last_lines_cut"]])
        path.write_bytes(content)
    for order in orders.get("record", []):
        path = folder / "run.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        if "name" in order:
            record[order["key"]][order["name"]] = order["value"]
        else:
            record[order["key"]] = order["value"]
        path.write_text(json.dumps(record), encoding="utf-8")


def attempt(path: Path, good: Path, scratch: Path) -> object:
    """What the package makes of a bad file; it should raise."""
    if path.suffix == ".coin":
        return app.from_coin(path / "iMeta.csv", path / "iData.csv")
    if path.suffix == ".run":
        folder = scratch / "run"
        shutil.copytree(good, folder)
        spoil(folder, toml(path / "spoil.toml"))
        return rerun(folder)
    if path.name.endswith(".corrections.toml"):
        return correct(read_panel(GOOD_DATA), corrections_of(toml(path)))
    if path.name.endswith(".call.toml"):
        call = toml(path)
        index = call.get("index", GOOD_INDEX.name)
        source = HERE / index if "." in index else index
        data = None if call.get("no_data") else HERE / call.get("data", GOOD_DATA.name)
        return app.make(source, data, years=call.get("years"), universe=call.get("universe"), changes=call.get("set", ()))
    if path.suffix == ".toml":
        return app.make(path, GOOD_DATA)
    return app.make(GOOD_INDEX, path)


def first(error: TiduError) -> TiduError:
    """The error, or the first of several."""
    return getattr(error, "errors", (error,))[0]


def test_the_good_files_are_good(good_run: Path) -> None:
    assert app.make(GOOD_INDEX, GOOD_DATA).top(1, "2023")[0][0] == "c05"
    assert rerun(good_run).met == "bytes"


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_is_refused_with_place_and_mend(kind: str, good_run: Path, tmp_path: Path) -> None:
    wanted = toml(HERE / f"{kind}{EXPECTED}")
    with pytest.raises(TiduError) as caught:
        attempt(FILES[kind], good_run, tmp_path)
    error = first(caught.value)
    assert error.code == wanted["code"]
    for key in ("file", "address", "row", "column", "did_you_mean"):
        assert getattr(error, key) == wanted.get(key), key
    placed = any(getattr(error, key) is not None for key in ("file", "address", "row"))
    assert placed or isinstance(error, UsageError), "it says nowhere"
    en, zh = caught.value.text("en"), caught.value.text("zh")
    assert wanted["mend"] in en.partition("Mend: ")[2]
    assert wanted["mend_zh"] in zh.partition("改法：")[2]
    for text in (en, zh):
        assert not re.search(r"(?<!\\d)\{\w*\}", text), "a value is not filled in"
        assert "None" not in text
    json.dumps(caught.value.record(), ensure_ascii=False)


def test_every_bad_file_has_an_expectation_and_there_are_many() -> None:
    assert sorted(FILES) == KINDS
    assert len(KINDS) >= 60


CLI = [
    ("better_up", "zh"),
    ("toml_key_twice", "en"),
    ("cycle_two", "zh"),
    ("geometric_over_zero", "en"),
    ("csv_text_in_number", "zh"),
    ("csv_row_twice", "en"),
    ("xlsx_error_in_number", "zh"),
    ("coin_wrong_direction", "zh"),
    ("run_cell_changed", "zh"),
]


@pytest.mark.parametrize(("kind", "lang"), CLI)
def test_the_command_line_tells_it_on_stderr(kind: str, lang: str, good_run: Path, tmp_path: Path) -> None:
    wanted, path = toml(HERE / f"{kind}{EXPECTED}"), FILES[kind]
    if path.suffix == ".coin":
        arguments = ["import", "coin", str(path / "iMeta.csv"), str(path / "iData.csv"), "--out", str(tmp_path / "out")]
    elif path.suffix == ".run":
        shutil.copytree(good_run, tmp_path / "run")
        spoil(tmp_path / "run", toml(path / "spoil.toml"))
        arguments = ["rerun", str(tmp_path / "run")]
    elif path.suffix == ".toml":
        arguments = ["build", str(path), "--data", str(GOOD_DATA)]
    else:
        arguments = ["build", str(GOOD_INDEX), "--data", str(path)]
    plain, as_json = (command([*arguments, "--lang", lang, *more]) for more in ([], ["--json"]))
    code = 1 if path.suffix == ".run" else 2
    assert (plain.returncode, as_json.returncode) == (code, code)
    assert plain.stdout == ""
    assert wanted["mend_zh" if lang == "zh" else "mend"] in plain.stderr
    assert "Traceback" not in plain.stderr + as_json.stderr
    told = json.loads(as_json.stdout)["error"]
    assert told["code"] == wanted["code"]
    assert list(tmp_path.glob("out*")) == []


def command(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, in a process of its own."""
    program = [sys.executable, "-c", "from tidu.faces.cli import main; main()", *arguments]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    arguments = ["build", str(GOOD_INDEX), "--data", str(GOOD_DATA), "--out", str(tmp_path / "taken"), "--lang", "zh"]
    done = command(arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "taken" in done.stderr and "请给出可写入的文件夹" in done.stderr


FRAMES: dict[str, tuple[dict[str, Any], str, int | None, str | None]] = {
    "no_unit": ({"period": [2023], "a": [1.0]}, "no_data_column", None, "unit"),
    "ragged": ({"unit": ["x", "y"], "period": [2023], "a": [1.0]}, "ragged_columns", None, None),
    "no_rows": ({"unit": [], "period": [], "a": []}, "only_headings", 1, None),
    "no_lists": ({"unit": "x", "period": 2023, "a": 1.0}, "not_a_frame", None, None),
    "text": ({"unit": ["x", "y"], "period": [2023, 2023], "a": [1.0, "１２"]}, "bad_number", 3, "a"),
    "all_text": ({"unit": ["x", "y"], "period": [2023, 2023], "a": ["much", "more"]}, "bad_number", 2, "a"),
    "infinite": ({"unit": ["x", "y"], "period": [2023, 2023], "a": [1.0, float("inf")]}, "bad_number", 3, "a"),
    "truth": ({"unit": ["x", "y"], "period": [2023, 2023], "a": [True, False]}, "bad_number", 2, "a"),
    "year": ({"unit": ["x", "y"], "period": [2023, 23], "a": [1.0, 2.0]}, "bad_period", 3, "period"),
    "twice": ({"unit": ["x", "x"], "period": [2023, 2023], "a": [1.0, 2.0]}, "row_twice", 3, None),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_bad_frame_is_refused_too(kind: str) -> None:
    frame, code, row, column = FRAMES[kind]
    with pytest.raises(TiduError) as caught:
        app.make({"index": {"code": "small"}, "units": {"kind": "x"}, "indicator": {"a": {"better": "higher"}}}, frame)
    error = first(caught.value)
    assert (error.code, error.row, error.column) == (code, row, column)
    assert not isinstance(error, ReplayError)


def changed(old: str, new: str) -> str:
    """The good table with one text put for another."""
    text = GOOD_DATA.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new)


#: What looks odd and is taken on purpose, as (data, changes): nothing is guessed and nothing lost.
TAKEN: dict[str, tuple[bytes, list[str]]] = {
    "byte_order_mark": (GOOD_DATA.read_text(encoding="utf-8").encode("utf-8-sig"), []),
    "gb18030": (GOOD_DATA.read_text(encoding="utf-8").encode("gb18030"), []),
    "windows_lines": (changed("\n", "\r\n").encode(), []),
    "blank_lines_and_trailing_commas": (changed("\n", ",,\n\n").encode(), []),
    "year_with_its_word": (changed(",2023,", ",2023年,").encode(), []),
    "year_of_full_width_digits": (changed(",2023,", ",２０２３,").encode(), []),
    "a_dash_for_a_gap": (changed("c05,戊县,Wu,2023,east,260", "c05,戊县,Wu,2023,east,—").encode(), []),
    "one_unit_over_years": ("\n".join(GOOD_DATA.read_text(encoding="utf-8").splitlines()[:3]).encode(), []),
    "two_units": ("\n".join(GOOD_DATA.read_text(encoding="utf-8").splitlines()[:5]).encode(), []),
    "weights_of_any_sum": (GOOD_DATA.read_bytes(), ["pillar.output.weight=60", "pillar.flow.weight=45"]),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_taken_on_purpose(kind: str, tmp_path: Path) -> None:
    content, changes = TAKEN[kind]
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    assert app.make(GOOD_INDEX, path, changes=changes).periods == ("2022", "2023")


def test_a_code_may_be_chinese(tmp_path: Path) -> None:
    text = GOOD_INDEX.read_text(encoding="utf-8").replace("[indicator.days]", '[indicator."授权周期"]\nof = "days"')
    path = tmp_path / "index.toml"
    path.write_text(text, encoding="utf-8-sig")
    index = app.make(path, GOOD_DATA, changes=["indicator.授权周期.weight=2"])
    assert index.framework.node("授权周期").weight == 2.0
