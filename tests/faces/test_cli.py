"""The command line as a person meets it: every command, both languages, JSON, exit codes, guesses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import typer

from tidu.faces import cli

SPEC = """
[index]
code = "demo"
title = { zh = "示例（虚构）", en = "Demo (synthetic)" }
[units]
kind = "town"
[pillar.p]
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "lower"
"""
DATA = "unit,name_en,name_zh,year,a,b\nx,Xton,甲,2023,1,9\ny,Yton,乙,2023,2,5\nz,Zton,丙,2023,3,1\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "demo.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "demo.csv").write_text(DATA, encoding="utf-8")
    return str(tmp_path / "demo.toml"), str(tmp_path / "demo.csv")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = call(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_build_prints_a_table_in_both_languages(capsys: pytest.CaptureFixture[str], files: tuple[str, str]) -> None:
    code, out, _ = call(capsys, "build", files[0], "--data", files[1], "--lang", "en")
    assert code == 0
    assert "Demo (synthetic) 2023" in out and "Zton" in out and "100.00" in out
    code, out, _ = call(capsys, "build", files[0], "--data", files[1], "--lang", "zh")
    assert code == 0
    assert "示例（虚构） 2023" in out and "丙" in out and "位次" in out


def test_build_prints_the_range_beside_every_rank_or_why_there_is_none(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    code, out, _ = call(capsys, "build", files[0], "--data", files[1], "--lang", "en")
    assert code == 0 and "No specification range" in out and "uncertain.NAME" in out  # one indicator: nothing to vary
    spec = Path(files[0])
    two = spec.with_name("two.toml")
    two.write_text(spec.read_text(encoding="utf-8") + '[indicator.second]\nbetter = "lower"\nof = "a"\n', encoding="utf-8")
    code, out, _ = call(capsys, "build", str(two), "--data", files[1], "--lang", "en", "--draws", "32")
    assert code == 0 and "specification range" in out and "tie group" in out and "stand in" in out
    code, out, _ = call(capsys, "build", files[0], "--data", files[1], "--lang", "en", "--draws", "0")
    assert code == 0 and "specification range" not in out
    code, out, _ = call(capsys, "build", "city-ip-core", "--year", "2023", "--top", "2", "--draws", "16", "--lang", "zh")
    assert code == 0 and "知识产权读数" in out and "16 个 Sobol" in out
    found = as_json(capsys, "build", str(two), "--data", files[1], "--draws", "32")
    assert found["intervals"]["points"] == 32 and found["ranking"]["2023"][0]["best"] >= 1


def test_build_gives_json(capsys: pytest.CaptureFixture[str], files: tuple[str, str]) -> None:
    found = as_json(capsys, "build", files[0], "--data", files[1])
    assert [row["unit"] for row in found["ranking"]["2023"]] == ["z", "y", "x"]
    assert [row["score"] for row in found["ranking"]["2023"]] == [100.0, 50.0, 0.0]


def test_build_takes_changes_and_writes_steps_and_results(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], tmp_path: Path
) -> None:
    steps, out = tmp_path / "steps", tmp_path / "out"
    given = ("build", files[0], "--data", files[1], "--set", "indicator.b.weight=0", "--steps", str(steps), "--out", str(out))
    code, _, err = call(capsys, *given)
    assert code == 0, err
    names = sorted(path.name for path in steps.iterdir())
    assert names[:4] == ["1_raw.csv", "2_imputed.csv", "3_treated.csv", "4_normalised.csv"]
    rows = list(csv.DictReader(io.StringIO((steps / "weights.csv").read_text(encoding="utf-8-sig"))))
    assert {row["code"]: row["weight"] for row in rows}["b"] == "0"
    assert (out / "results.xlsx").exists()
    code, text, _ = call(capsys, "rerun", str(out))
    assert code == 0 and "same bytes" in text


def test_a_break_in_the_series_is_refused_then_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(SPEC + "years = [2023]\n", encoding="utf-8")
    rows = [line.replace(",2023,", ",2022,") for line in DATA.splitlines()[1:]]
    (tmp_path / "b.csv").write_text(DATA + "\n".join(rows) + "\n", encoding="utf-8")
    given = ("build", str(tmp_path / "b.toml"), "--data", str(tmp_path / "b.csv"), "--lang", "en")
    code, _, err = call(capsys, *given)
    assert code == 2 and "broken_series" in err
    code, out, _ = call(capsys, *given, "--broken-series")
    assert code == 0 and "Break: the indicators b" in out


def test_rerun_names_a_changed_cell_and_leaves_with_one(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    call(capsys, "build", files[0], "--data", files[1], "--out", str(out))
    scores = out / "scores.csv"
    scores.write_bytes(scores.read_bytes().replace(b",50\n", b",51\n").replace(b",50,", b",51,"))
    code, _, err = call(capsys, "rerun", str(out))
    assert code == 1
    assert "scores.csv" in err and "row 3" in err and "51" in err


def test_an_error_is_told_in_the_asked_language_and_leaves_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "build", "--set", "aggregate.method=geometrc", "--lang", "zh")
    assert (code, out) == (2, "")
    assert "`geometric`" in err and "改法" in err
    code, out, err = call(capsys, "build", "--set", "aggregate.method=geometrc", "--json", "--lang=en")
    assert code == 2
    assert json.loads(out)["error"]["code"] == "unknown_method"
    assert "Did you mean `geometric`?" in err


def test_a_misspelt_command_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "biuld")
    assert code == 2 and "build" in err


def test_coverage_lists_counts_and_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "coverage", "city-ip-full")
    assert found["coverage"][0]["listed"] == 297 and found["coverage"][0]["scored"] == 282
    labels = " ".join(row["label_zh"] for row in found["gaps"])
    assert "PCT" in labels and "高价值" in labels and "质押" in labels
    code, out, _ = call(capsys, "coverage", "--lang", "zh")
    assert code == 0 and "计分" in out


@pytest.mark.slow
def test_compare_and_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = as_json(capsys, "compare", "published", "--out", str(tmp_path))
    assert found["overlaps"] and (tmp_path / "comparison.csv").exists()
    code, out, _ = call(capsys, "compare", "--lang", "zh")
    assert code == 0 and out.index("没有复现") < out.index("前 10 名重合") and "苏州" in out
    code, _, err = call(capsys, "compare", "publised")
    assert code == 2 and "`published`" in err
    code, out, _ = call(capsys, "run", "--out", str(tmp_path / "out"), "--lang", "zh", "--top", "3", "--no-site")
    assert code == 0
    for text in ("2021", "2022", "2023", "方法区间", "审计口径", "36 个重点城市", "监测评价", "不含港澳台"):
        assert text in out
    assert "评比" not in out.replace("不作评比", "")
    code, out, _ = call(capsys, "rerun", str(tmp_path / "out" / "city-ip-full-audited-key36"))
    assert code == 0 and "same bytes" in out
    assert (tmp_path / "out" / "ranking.zh.svg").read_text(encoding="utf-8").startswith("<svg")


def test_every_command_has_json_and_a_language() -> None:
    command: Any = typer.main.get_command(cli.app)
    pairs = [(name, item) for name, item in command.commands.items() if not hasattr(item, "commands")]
    for group in (item for item in command.commands.values() if hasattr(item, "commands")):
        pairs += [(f"{group.name} {name}", item) for name, item in group.commands.items()]
    for name, item in pairs:
        options = {option for parameter in item.params for option in parameter.opts}
        assert {"--json", "--lang"} <= options or name in ("serve", "mcp"), name  # servers answer in JSON themselves
        assert item.help, name
