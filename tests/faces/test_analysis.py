"""The commands on how sure a rank is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tidu.faces import cli

SPEC = """
[index]
code = "demo"
[units]
kind = "town"
[normalise]
onto = [1, 100]
[indicator.a]
better = "higher"
[indicator.b]
better = "higher"
[uncertain.mean]
address = "aggregate.method"
among = ["arithmetic", "geometric"]
[uncertain.weights]
address = "indicator.*.weight"
spread = 0.5
[uncertain.nothing]
address = "treat.method"
among = ["none"]
keep = true
"""
DATA = "unit,name_en,name_zh,a,b\nx,Xton,甲,1,9\ny,Yton,乙,5,5\nz,Zton,丙,9,2\nw,Wton,丁,0,1\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "demo.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "demo.csv").write_text(DATA, encoding="utf-8")
    return [str(tmp_path / "demo.toml"), "--data", str(tmp_path / "demo.csv")]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = call(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_every_row_has_its_range_and_idle_factors_are_named(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    found = as_json(capsys, "uncertainty", *files, "--draws", "64")
    rows = next(iter(found["units"].values()))
    assert {row["unit"] for row in rows} == set("xyzw")
    for row in rows:
        assert row["best"] <= row["median_rank"] <= row["worst"]
    last = next(row for row in rows if row["unit"] == "w")
    assert (last["best"], last["worst"]) == (4, 4)  # the lowest in both indicators is last whatever is chosen
    assert found["idle"] == ["nothing"] and not found["exact"]


def test_a_finite_space_is_exact_and_the_seed_fixes_the_rest(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    assert as_json(capsys, "uncertainty", *files, "--factor", "mean")["exact"]
    one, two = (as_json(capsys, "uncertainty", *files, "--draws", "32", "--seed", "5") for _ in range(2))
    assert one == two


def test_tables_in_both_languages_and_files(capsys: pytest.CaptureFixture[str], files: list[str], tmp_path: Path) -> None:
    code, out, _ = call(capsys, "uncertainty", *files, "--draws", "32", "--lang", "zh", "--out", str(tmp_path / "u"))
    assert code == 0 and "方法区间" in out and "并列组" in out and "未引起任何变化" in out
    assert [path.suffix for path in (tmp_path / "u").iterdir()] == [".csv"]
    code, out, _ = call(capsys, "uncertainty", *files, "--draws", "32", "--lang", "en")
    assert code == 0 and "specification range" in out and "no sampling error" in out


def test_sensitivity_gives_an_index_to_each_factor(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    found = as_json(capsys, "sensitivity", *files, "--draws", "64")
    rows = {row["factor"]: row for row in next(iter(found["factors"].values()))}
    assert set(rows) == {"mean", "weights", "nothing"}
    assert rows["nothing"]["total"] == pytest.approx(0, abs=1e-9)
    code, out, _ = call(capsys, "sensitivity", *files, "--draws", "64", "--lang", "zh")
    assert code == 0 and "一阶" in out


def test_an_unknown_factor_is_guessed(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    code, _, err = call(capsys, "uncertainty", *files, "--factor", "weight")
    assert code == 2 and "`weights`" in err


def test_sensitivity_of_one_unit_and_of_a_file_without_factors(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_text('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "lower"\n')
    (tmp_path / "d.csv").write_text("unit,period,a,b\nx,2023,1,9\ny,2023,2,5\nz,2023,5,6\n")
    given = [str(tmp_path / "d.toml"), "--data", str(tmp_path / "d.csv"), "--draws", "32"]
    made = as_json(capsys, "sensitivity", *given, "--unit", "y")
    assert made["assumed"] == ["indicator_weights", "left_out"]
    assert {"score_first", "score_total", "rank_first", "rank_total"} <= set(made["units"]["y"]["2023"][0])
    assert as_json(capsys, "uncertainty", *given)["assumed"] == made["assumed"]


def test_the_share_among_the_first_k_is_that_of_k(capsys: pytest.CaptureFixture[str], files: list[str]) -> None:
    rows = next(iter(as_json(capsys, "uncertainty", *files, "--draws", "64", "--first", "1")["units"].values()))
    assert sum(row["top_1"] for row in rows) == pytest.approx(1.0)
    assert "P(top 1)" in call(capsys, "uncertainty", *files, "--draws", "64", "--first", "1", "--lang", "en")[1]


def test_an_overruled_factor_is_named_and_pairs_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = SPEC[: SPEC.index("[uncertain.mean]")]
    text += "[uncertain.one]\naddress = 'treat.method'\namong = ['none', 'log']\n"
    text += "[uncertain.two]\naddress = 'treat.method'\namong = ['none', 'square_root']\n"
    text += "[uncertain.mean]\naddress = 'aggregate.method'\namong = ['arithmetic', 'geometric']\n"
    (tmp_path / "twice.toml").write_text(text, encoding="utf-8")
    (tmp_path / "demo.csv").write_text(DATA, encoding="utf-8")
    named = [str(tmp_path / "twice.toml"), "--data", str(tmp_path / "demo.csv")]
    found = as_json(capsys, "sensitivity", *named)
    assert found["idle"] == ["one"] and found["exact"] and found["points"] == 8
    pairs = next(iter(found["pairs"].values()))
    assert {frozenset((pair["factor"], pair["other"])) for pair in pairs} == {
        frozenset(pair) for pair in (("one", "two"), ("one", "mean"), ("two", "mean"))
    }
    first = {row["factor"]: row["first"] for row in next(iter(found["factors"].values()))}
    assert sum(first.values()) + sum(pair["second"] for pair in pairs) == pytest.approx(
        1.0, abs=1e-9
    )  # one does nothing: no triples
    assert "one" in call(capsys, "sensitivity", *named, "--lang", "en")[1].split("overrule")[1]


def test_ranks_under_all_weights(capsys: pytest.CaptureFixture[str], files: list[str], tmp_path: Path) -> None:
    found = as_json(capsys, "acceptability", *files, "--draws", "2000", "--out", str(tmp_path / "o"))
    assert sum(row["rank_1"] for row in found["units"]) == pytest.approx(1.0)
    assert (tmp_path / "o" / "acceptability.csv").read_text(encoding="utf-8-sig").startswith("unit,expected_rank,top_10,confidence")
    code, _, err = call(capsys, "acceptability", *files, "--set", "aggregate.method=median", "--lang", "en")
    assert code == 2 and "neither an arithmetic nor a geometric mean" in err
