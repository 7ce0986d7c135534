"""The commands that explain a score: contribution and change, on the shipped index and on a stranger's table."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tidu.faces import cli


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = call(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.fixture
def stranger(tmp_path: Path) -> tuple[str, str]:
    """An index file and a synthetic table of another person: five units, two years, fourteen indicators under one node."""
    codes = [f"x{k}" for k in range(14)]
    lines = ["[index]", 'code = "mine"', "[aggregate]", 'method = "mean_min"', "alpha = 0.5", "[pillar.p]", "[pillar.q]"]
    for k, code in enumerate(codes):
        lines += [f"[indicator.{code}]", f'parent = "{"p" if k < 13 else "q"}"', 'better = "higher"']
    (tmp_path / "mine.toml").write_text("\n".join(lines), encoding="utf-8")
    x = np.random.default_rng(2).uniform(1, 9, (10, 14)).round(2)
    rows = [["unit", "year", *codes], *([f"u{k % 5}", 2022 + k // 5, *x[k].tolist()] for k in range(10))]
    with (tmp_path / "mine.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(tmp_path / "mine.toml"), str(tmp_path / "mine.csv")


@pytest.mark.parametrize(
    "more",
    [
        ("--against", "杭州"),
        ("--against", "杭州", "--against", "330200", "--year", "2021"),
        ("--group", "region4"),
        ("--near", "gdp", "--count", "3"),
        ("--against", "杭州", "--set", "aggregate.method=copeland"),
        ("--against", "杭州", "--set", "index.aggregate.method=borda"),
        ("--node", "output"),
        (),
    ],
)
def test_parts_and_the_place_add_up_to_the_gap(more: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "contribution", "苏州", *more)
    parents = {row["parent"] for row in found["parts"]}
    leaves = [row["part"] for row in found["parts"] if row["code"] not in parents]
    assert found["total"] == pytest.approx(found["score"] - found["baseline"], abs=1e-12)
    assert sum(leaves) + found["place"] == pytest.approx(found["total"], abs=1e-9)
    assert all(row["standard_error"] == 0 for row in found["parts"])


def test_a_strangers_table_is_split_with_standard_errors(
    stranger: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, data = stranger
    found = as_json(capsys, "contribution", "u1", file, "--data", data, "--against", "u2", "--seed", "3")
    assert max(row["standard_error"] for row in found["parts"]) > 0
    assert sum(row["part"] for row in found["parts"] if row["code"].startswith("x")) == pytest.approx(found["total"], abs=1e-9)
    folder = tmp_path / "out"
    for lang, words in (("zh", ("贡献", "标准误", "已写入")), ("en", ("part", "standard error", "antithetic", "u2"))):
        code, out, _ = call(
            capsys, "contribution", "u1", file, "--data", data, "--against", "u2", "--lang", lang, "--out", str(folder)
        )
        assert code == 0 and all(word in out for word in words if word != "已写入") and str(folder) in out
    with (folder / "contribution.csv").open(encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["code"] for row in rows][:2] == ["p", "q"] and float(rows[0]["part"]) == found["parts"][0]["part"]


def test_what_a_person_reads(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(
        capsys, "contribution", "320500", "--against", "Hangzhou", "--lang", "en", "--set", "aggregate.method=copeland"
    )
    assert code == 0 and "Place in the set" in out and "Hangzhou" in out and "standard error" not in out
    code, out, _ = call(capsys, "contribution", "苏州", "--lang", "zh")
    assert code == 0 and "零点得分 0.00" in out and "比较位置" not in out


def test_more_than_one_kind_of_others_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "contribution", "苏州", "--against", "杭州", "--group", "region4")
    assert code == 2 and "by a group" in err


def test_a_change_is_split_by_cause(stranger: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "change", "苏州", "--from", "2021", "--to", "2023")
    assert found["periods"] == ["2021", "2023"]
    assert sum(found["parts"].values()) == pytest.approx(found["after"] - found["before"], abs=1e-9)
    code, out, _ = call(capsys, "change", "320500", "--lang", "en", "--out", str(tmp_path / "moved"))
    assert code == 0 and "own figures" in out and "2022 → 2023" in out
    assert (tmp_path / "moved" / "change.csv").read_text(encoding="utf-8-sig").splitlines()[0].startswith("unit,node,from,to")
    code, out, _ = call(capsys, "change", "u1", stranger[0], "--data", stranger[1], "--lang", "zh", "--node", "p")
    assert code == 0 and "自身数据" in out
    code, _, err = call(capsys, "change", "u1", stranger[0], "--data", stranger[1], "--to", "2022", "--lang", "en")
    assert code == 2 and "There is no period before 2022" in err


def test_what_enters_between_the_years_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = '[index]\ncode = "d"\nbroken_series = true\n[indicator.a]\nbetter = "higher"\n'
    text += '[indicator.b]\nbetter = "higher"\nlabel = { zh = "乙", en = "B" }\nyears = [2023]\n'
    (tmp_path / "d.toml").write_text(text, encoding="utf-8")
    rows = "unit,year,a,b\nu,2022,1,\nv,2022,2,\nw,2022,4,\nu,2023,2,5\nv,2023,3,4\nw,2023,1,9\n"
    (tmp_path / "d.csv").write_text(rows, encoding="utf-8")
    code, out, err = call(capsys, "change", "u", str(tmp_path / "d.toml"), "--data", str(tmp_path / "d.csv"), "--lang", "en")
    assert code == 0, err
    assert "Entered: B" in out


def test_the_earlier_end_may_have_another_method(stranger: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """With one period at both ends all of the change is method."""
    file, data = stranger
    own = ("change", "u1", file, "--data", data, "--from", "2023", "--to", "2023")
    found = as_json(capsys, *own, "--before-set", "aggregate.method=arithmetic")
    assert found["parts"]["method"] == pytest.approx(found["total"]) and abs(found["total"]) > 0.01
    assert all(part == 0 for cause, part in found["parts"].items() if cause != "method")
    again = as_json(capsys, *own, "--before", file)
    assert again["total"] == 0
