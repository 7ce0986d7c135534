"""The commands on what would move a score: what-if, moves, progress, in both languages, as JSON, as files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tidu.faces import cli

INDEX = """
[index]
code = "demo"
title = { zh = "示例", en = "Demo" }
[indicator.grants]
label = { zh = "授权量", en = "Grants" }
better = "higher"
lever = false
unit = "件"
[indicator.days]
label = { zh = "办理天数", en = "Days to register" }
better = "lower"
unit = "天"
[indicator.score]
label = { zh = "满意度", en = "Satisfaction" }
better = "higher"
normalise = { method = "percentile_rank" }
"""
ROWS = """unit,name_zh,name_en,year,grants,days,score
a,甲县（虚构）,A (synthetic),2023,10,30,60
b,乙县（虚构）,B (synthetic),2023,25,22,70
c,丙县（虚构）,C (synthetic),2023,31,25,65
d,丁县（虚构）,D (synthetic),2023,40,12,80
"""
PLAN = """
[index]
code = "plan"
[normalise]
method = "progress_against_time"
baseline = 10.0
target = 20.0
start = "2020"
end = "2025"
[indicator.works]
label = { zh = "运用", en = "Use" }
better = "higher"
unit = "亿元"
[indicator.grants]
label = { zh = "授权量", en = "Grants" }
better = "higher"
lever = false
[indicator.other]
label = { zh = "其他", en = "Other" }
better = "higher"
normalise = { method = "share_of_target", target = 5.0 }
"""
PLANNED = """unit,name_zh,name_en,year,works,grants,other
x,甲（虚构）,X (synthetic),2023,12,13,4
y,乙（虚构）,Y (synthetic),2023,19,30,6
"""


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def good(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, out, err = call(capsys, *arguments)
    assert code == 0, err
    return out


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(good(capsys, *arguments, "--json"))


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.fixture()
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A stranger's index and figures, in the folder that the program stands in."""
    monkeypatch.chdir(tmp_path)
    Path("index.toml").write_text(INDEX, encoding="utf-8")
    Path("data.csv").write_text(ROWS, encoding="utf-8")
    Path("plan.toml").write_text(PLAN, encoding="utf-8")
    Path("planned.csv").write_text(PLANNED, encoding="utf-8")
    return ["index.toml", "--data", "data.csv"]


# --- what-if ----------------------------------------------------------------------------------------------------------


def test_changes_given_are_one_scenario(mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "what-if", *mine, "--set", "data.b.2023.days=5", "--set", "data.b.2023.score=+20%")
    (scenario,) = found["scenarios"]
    assert scenario["changes"] == ["data.b.2023.days=5", "data.b.2023.score=+20%"]
    assert [(flip["kind"], flip["what"], flip["units"]) for flip in scenario["flips"]] == [("bound", "days", ["d", "b"])]
    b = next(row for row in found["units"] if row["unit"] == "b")
    assert (b["rank"], b["ranks"], b["shifts"]) == (2, {"set": 1}, {"set": 1})


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("改后位次", "↑1", "最小值由 12.00 (丁县（虚构）) 变为 5.00 (乙县（虚构）)", "重新拟合")),
        (
            "en",
            ("rank after", "↑1", "the smallest figure goes from 12.00 (D (synthetic)) to 5.00 (B (synthetic))", "fitted again"),
        ),
    ],
)
def test_what_is_printed_names_the_flips(
    lang: str, words: tuple[str, ...], mine: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = good(capsys, "what-if", *mine, "--set", "data.b.2023.days=5", "--set", "data.b.2023.score=+20%", "--lang", lang)
    assert all(word in out for word in words), out


def test_scenarios_are_kept_and_compared_and_written(mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    good(capsys, "what-if", *mine, "--set", "data.b.2023.score=95", "--save", "up")
    good(capsys, "what-if", *mine, "--set", "indicator.days.weight=3", "--save", "days", "--scenarios", "scenarios.toml")
    out = good(
        capsys,
        "what-if",
        *mine,
        "--scenario",
        "up",
        "--scenario",
        "days",
        "--scenarios",
        "scenarios.toml",
        "--out",
        "o",
        "--lang",
        "en",
    )
    assert "up: data.b.2023.score=95" in out and "days: indicator.days.weight=3" in out
    table = {row["unit"]: row for row in rows(Path("o/what-if.csv"))}
    assert {"up.rank", "days.rank", "up.shift"} <= set(table["b"])
    assert [row["rank"] for row in table.values()] == sorted(row["rank"] for row in table.values())
    assert not Path("o/flips.csv").exists()  # percentile ranks have no bound, weights given are no flip
    code, _, err = call(capsys, "what-if", *mine, "--set", "data.b.2023.score=1", "--save", "up", "--scenarios", "scenarios.toml")
    assert code == 2 and "scenario.up" in err


def test_one_unit_node_by_node_with_frozen_parameters(mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    change = ("--set", "data.b.2023.days=2", "--frozen")
    found = as_json(capsys, "what-if", *mine, *change, "--unit", "B (synthetic)")
    assert found["unit"] == "b"
    days = next(row for row in found["nodes"] if row["node"] == "days")
    assert days["scores"]["set"] > 100 and found["scenarios"][0]["flips"] == []
    out = good(capsys, "what-if", *mine, *change, "--unit", "b", "--lang", "zh")
    assert "参数冻结" in out and "办理天数" in out
    several = good(
        capsys, "what-if", "--scenario", "drop_output_efficiency", "--scenario", "registered_population", "--unit", "深圳"
    )
    assert "↓" in several


def test_the_shipped_switches_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("--scenario", "drop_output_efficiency", "--scenario", "registered_population")
    out = good(capsys, "what-if", *names, "--lang", "zh", "--top", "5")
    assert "去掉“产出效率”节点" in out and "单位退出排名：哈密" in out and "其他年份" in out
    found = as_json(capsys, "what-if", *names, "--top", "3", "--year", "2022")
    assert found["period"] == "2022" and len(found["units"]) == 3


def test_a_city_that_is_changed_is_shown_however_far_down(capsys: pytest.CaptureFixture[str]) -> None:
    out = good(capsys, "what-if", "--set", "data.泰州.2023.exports=+20%", "--top", "3", "--lang", "en")
    assert "Taizhou" in out and "no bound, treatment" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--set ADDRESS=VALUE"),
        (("--scenario", "upp"), "There is no scenario called upp"),
        (("--scenarios", "none.toml", "--scenario", "a"), "no file of scenarios"),
        (("--set", "aggregate.method=median", "--frozen"), "only figures can change"),
        (("--save", "a"), "no changes to keep"),
        (("--set", "data.b.2023.days=1", "--year", "1999"), "1999"),
        (("--set", "data.b.2023.days=1", "--unit", "q"), "no unit called q"),
    ],
)
def test_what_does_not_fit_is_refused(
    arguments: tuple[str, ...], words: str, mine: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = call(capsys, "what-if", *mine, *arguments, "--lang", "en")
    assert code == 2 and words in err


# --- moves ------------------------------------------------------------------------------------------------------------


def test_moves_are_told_with_what_passes_the_next(mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "moves", "c", *mine)
    assert (found["unit"], found["rank"], found["next"]) == ("c", 3, "b")
    table = {move["code"]: move for move in found["moves"]}
    assert table["days"]["slope"] == pytest.approx(-100 / 18 / 3) and table["grants"]["step_to_pass"] is None
    assert table["score"]["why"] == "rank_step" and table["score"]["jump"] == pytest.approx(5.0)
    step = table["days"]["step_to_pass"]
    after = as_json(capsys, "what-if", *mine, "--set", f"data.c.2023.days={25 + step - 0.01}")
    assert next(row for row in after["units"] if row["unit"] == "c")["ranks"]["set"] == 2


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("-1 天", "不作抓手（lever = false），不计得分", "前一名 乙县（虚构）", "按位次计", "不是目标")),
        (
            "en",
            (
                "-1 天",
                "No levers (lever = false), so no points are told",
                "next ahead is B (synthetic)",
                "ranks count",
                "neither targets nor advice",
            ),
        ),
    ],
)
def test_moves_as_printed(lang: str, words: tuple[str, ...], mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = good(capsys, "moves", "c", *mine, "--lang", lang, "--out", "o")
    assert all(word in out for word in words), out
    lines = [line for line in out.splitlines() if line.strip()]
    told = ("不是目标", "从不作为目标", "never a target")
    grants = [line for line in lines if ("授权量" in line or "Grants" in line) and not any(one in line for one in told)]
    assert len(grants) == 1 and not any(sign.isdigit() for sign in grants[0])  # what is no lever has no row and no price
    assert [row["code"] for row in rows(Path("o/moves.csv"))] == ["grants", "days", "score"]


def test_another_universe_has_another_rank(mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nanjing among all cities and among the 36 key ones, in moves and in what-if alike."""
    ranks = [as_json(capsys, "moves", "南京", *more)["rank"] for more in ((), ("--universe", "key36"))]
    assert ranks[1] < ranks[0] or ranks[0] <= 10
    found = as_json(capsys, "what-if", "--universe", "key36", "--set", "normalise.method=z_score", "--top", "0")
    assert len(found["units"]) <= 36


def test_nobody_ahead_and_a_node_by_itself(mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "nobody is ahead" in good(capsys, "moves", "d", *mine, "--lang", "en")
    out = good(capsys, "moves", "南京", "--node", "potential", "--lang", "zh", "--year", "2022")
    assert "创造潜力 2022" in out and "货物出口额" not in out
    code, _, err = call(capsys, "moves", "Nanjin")
    assert code == 2 and "`Nanjing`" in err


# --- progress ---------------------------------------------------------------------------------------------------------


def test_progress_as_values_and_as_a_file(mine: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert mine
    found = as_json(capsys, "progress", "plan.toml", "--data", "planned.csv", "--unit", "x", "--out", "o")
    works, grants = found
    assert (works["done"], works["gone"], works["state"], works["needed"]) == (0.2, 0.6, "behind", 4.0)
    assert (grants["code"], grants["lever"], grants["needed"]) == ("grants", False, None)
    assert [row["code"] for row in rows(Path("o/progress.csv"))] == ["works", "grants"]


@pytest.mark.parametrize(
    ("lang", "words", "advised"),
    [
        (
            "zh",
            ("落后", "按进度", "已达目标", "未按时序进度计分、未列出：其他", "不作建议"),
            "甲（虚构） · 运用：到 2025 年达到 20.00",
        ),
        (
            "en",
            ("behind", "on schedule", "reached", "not listed: Other", "nothing is advised"),
            "X (synthetic) · Use: to reach 20.00 by 2025",
        ),
    ],
)
def test_progress_as_printed_advises_on_levers_only(
    lang: str, words: tuple[str, ...], advised: str, mine: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert mine
    out = good(capsys, "progress", "plan.toml", "--data", "planned.csv", "--lang", lang)
    assert all(word in out for word in words), out
    assert advised in out
    sentences = [line for line in out.splitlines() if " · " in line]
    assert len(sentences) == 1  # Y is on schedule, and X's count is no lever though it is behind


def test_an_index_without_plan_targets_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "progress", "city-ip-core", "--lang", "en")
    assert code == 2 and "progress_against_time" in err
