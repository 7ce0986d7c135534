"""The command that plans: sentences in both languages, JSON, files, refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tidu.faces import cli

SPEC = """
[index]
code = "demo"
[normalise]
method = "z_score"
[indicator.patents]
better = "higher"
lever = false
[indicator.licences]
better = "higher"
[indicator.days]
better = "lower"
"""
SOLVER_SPEAKS = """
[index]
code="t"
[treat]
method="winsorise"
at_most=2
when={ skew = 1.0 }
otherwise={ method="log" }
[normalise]
method="min_max"
[indicator.a]
better="higher"
weight=1
[indicator.b]
better="higher"
weight=1
[indicator.c]
better="higher"
weight=2
"""
SOLVER_FIGURES = """\
unit,year,a,b,c
u0,2023,6.08,2.35,2.36
u1,2023,2.74,0.91,1.93
u2,2023,6.39,3.71,1.06
u3,2023,28.89,0.97,5.07
u4,2023,5.61,9.75,1.15
"""
ROWS = ["unit,year,patents,licences,days"] + [
    f"{unit},{year},{patents},{licences * (1.4 if year == 2023 else 1.0):.2f},{days * (0.8 if year == 2023 else 1.0):.2f}"
    for year in (2021, 2023)
    for unit, patents, licences, days in (("a", 5, 10, 90), ("b", 6, 12, 80), ("c", 7, 13, 75), ("d", 9, 16, 60))
]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


@pytest.fixture
def stranger(tmp_path: Path) -> list[str]:
    (tmp_path / "index.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text("\n".join(ROWS), encoding="utf-8")
    return [str(tmp_path / "index.toml"), "--data", str(tmp_path / "data.csv")]


def test_a_shipped_city_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    said = {
        "zh": ("可以达到第 60 名", "线性规划", "精确最优", "不作目标", "不作评比"),
        "en": ("can reach rank 60", "a linear program", "never a target"),
    }
    for lang, words in said.items():
        code, out, _ = call(capsys, "target", "泰州", "--rank", "60", "--draws", "0", "--lang", lang)
        assert code == 0 and all(word in out for word in words), out
        assert "{" not in out and "share_of" not in out


def test_what_cannot_be_reached_is_said_with_the_best_attainable(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "target", "泰州", "--rank", "5", "--draws", "0", "--lang", "en")
    assert code == 0 and "cannot reach rank 5 within these limits" in out and "Found as" not in out
    code, out, _ = call(capsys, "target", "泰州", "--rank", "90", "--draws", "0", "--lang", "zh")
    assert code == 0 and "已达到或好于第 90 名" in out and "限度" not in out


def test_a_stranger_s_table_with_rounds_files_and_what_is_held(
    capsys: pytest.CaptureFixture[str], stranger: list[str], tmp_path: Path
) -> None:
    out_folder = tmp_path / "out"
    code, out, err = call(
        capsys, "target", "b", *stranger, "--rank", "2", "--fix", "days", "--lang", "en", "--out", str(out_folder)
    )
    assert code == 0, err
    assert "Held (as asked): days." in out and "limits that rest on fewer than 10 changes: licences (3)" in out
    assert "Built again" in out and "Found as a linear program" in out and "must be marked" not in out
    assert sorted(path.name for path in out_folder.iterdir()) == ["held.csv", "moves.csv", "rounds.csv", "target.csv"]
    assert (out_folder / "moves.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("b,licences,")


def test_the_json_holds_what_the_sentence_says(capsys: pytest.CaptureFixture[str], stranger: list[str]) -> None:
    code, out, err = call(capsys, "target", "b", *stranger, "--score", "0.2", "--effort", "max", "--others", "trend", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["reachable"] and found["score"] >= 0.2 and found["held"] == {"patents": "no_lever"}
    assert {move["lever"] for move in found["moves"]} <= {"licences", "days"} and found["window"] == ["2021", "2023"]
    assert all(move["change"] == pytest.approx(move["end"] - move["start"]) for move in found["moves"])
    assert found["peers"] == ["a", "c", "d"]


def test_shares_of_specifications_are_called_what_they_are(capsys: pytest.CaptureFixture[str], stranger: list[str]) -> None:
    more = ["--set", "normalise.method=min_max"]
    with Path(stranger[0]).open("a", encoding="utf-8") as file:
        file.write('[uncertain.weights]\naddress = "indicator.*.weight"\nspread = 0.5\n')
    code, out, err = call(capsys, "target", "b", *stranger, *more, "--rank", "3", "--draws", "16", "--lang", "en")
    assert code == 0, err
    assert "at 16 points it has rank 3 or better" in out and "not a chance in the world" in out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "a rank or a score"),
        (["--rank", "9"], "not among the 4 units"),
        (["--rank", "1", "--years", "1"], "units moved in 1 year(s) before 2023 cannot be seen"),
        (["--rank", "1", "--fix", "licence"], "`licences`"),
        (["--rank", "1", "--set", "aggregate.method=copeland"], "compares all units"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_mend(
    capsys: pytest.CaptureFixture[str], stranger: list[str], wrong: list[str], said: str
) -> None:
    code, _, err = call(capsys, "target", "b", *stranger, *wrong, "--lang", "en")
    assert code == 2 and said in err, err


def test_limits_by_hand_make_one_year_enough(capsys: pytest.CaptureFixture[str], stranger: list[str]) -> None:
    """Licences 16.8 and days 64 now; with the limits 4 and 10 no change goes beyond, and what has no limit is held."""
    table = Path(stranger[2])
    table.write_text("\n".join(row for row in ROWS if ",2021," not in row), encoding="utf-8")
    code, _, err = call(capsys, "target", "b", *stranger, "--rank", "2", "--draws", "0", "--lang", "en")
    assert code == 2 and "--limit INDICATOR=AMOUNT" in err
    hand = ["--limit", "licences=4", "--limit", "days=10"]
    code, out, err = call(capsys, "target", "b", *stranger, "--rank", "2", *hand, "--draws", "0", "--json")
    found = json.loads(out)
    assert code == 0, err
    assert found["reachable"] and found["rank"] == 2
    for move in found["moves"]:
        assert abs(move["limit"] - move["start"]) == pytest.approx({"licences": 4.0, "days": 10.0}[move["lever"]])
    code, out, _ = call(capsys, "target", "b", *stranger, "--rank", "2", "--limit", "days=10", "--draws", "0", "--lang", "en")
    assert "Limits given by hand" in out and "(nobody's change is observed): licences" in out and "Limits: quantile" not in out
    for wrong in (["--limit", "days"], ["--limit", "days=-1"], ["--limit", "days=10", "--others", "trend"]):
        assert call(capsys, "target", "b", *stranger, "--rank", "2", *wrong)[0] == 2


def test_an_approximate_plan_says_so_in_its_headline_and_unmarked_counts_are_held(
    capsys: pytest.CaptureFixture[str], stranger: list[str]
) -> None:
    spec = Path(stranger[0])
    spec.write_text(spec.read_text(encoding="utf-8").replace("lever = false\n", ""), encoding="utf-8")
    more = ["--rank", "3", "--set", "aggregate.method=median", "--draws", "0"]
    for lang, words in (("en", ("not proven the least", "Held: patents.")), ("zh", ("未证明最优", "不动：patents。"))):
        code, out, err = call(capsys, "target", "a", *stranger, *more, "--lang", lang)
        assert code == 0, err
        assert all(word in out for word in words), out


def test_the_solver_says_nothing_in_front_of_json(tmp_path: Path) -> None:
    """Synthetic figures on which HiGHS prints a line of its own, whatever its options say."""
    spec = tmp_path / "d.toml"
    spec.write_text(SOLVER_SPEAKS, encoding="utf-8")
    data = tmp_path / "d.csv"
    data.write_text(SOLVER_FIGURES, encoding="utf-8")
    limits = [part for limit in ("a=8.451", "b=1.093", "c=1.342") for part in ("--limit", limit)]
    asked = [sys.executable, "-m", "tidu", "target", "u1", str(spec), "--data", str(data), "--rank", "3", *limits]
    done = subprocess.run([*asked, "--draws", "0", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["unit"] == "u1"
