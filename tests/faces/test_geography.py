"""The command on where units are, on the shipped index and on a stranger's table, in both languages and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidu.faces import cli

FILE = """
[index]
code = "c"
[units]
kind = "county"
[indicator.patents]
better = "higher"
[indicator.exports]
better = "higher"
"""


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(["gradient", "--permutations", "99", *arguments])
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def strangers(folder: Path, places: bool = True) -> tuple[str, str]:
    """A small index of counties and its table (synthetic)."""
    heads = ["unit", "year", "zone", "patents", "exports", *(["distance_to_coast_km", "lon", "lat", "coastal"] if places else [])]
    rows = [heads]
    for k in range(24):
        far = 10 + 40 * k
        where = [str(far), str(120 - far / 100), str(30 + k % 5), str(int(far < 100))] if places else []
        rows.append([f"c{k}", "2023", "near" if k < 12 else "far", str(2000 - far + 31 * (k % 4)), str(900 - far // 2), *where])
    (folder / "index.toml").write_text(FILE, encoding="utf-8")
    (folder / "data.csv").write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return str(folder / "index.toml"), str(folder / "data.csv")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["部分成立", "东部以外", "板块间", "莫兰指数", "四分位转移", "半衰期", "货物出口额", "与梯度相反", "✗"]),
        (
            "en",
            ["Partly", "beyond East", "between belts", "Moran's I", "quartiles", "half-life", "Exports of goods", "Against", "✗"],
        ),
    ],
)
def test_the_page_reads_in_both_languages(capsys: pytest.CaptureFixture[str], lang: str, words: list[str]) -> None:
    code, out, err = call(capsys, "--lang", lang, "--year", "2022")
    assert code == 0, err
    assert all(word in out for word in words) and "2022" in out and "nan" not in out


def test_the_json_holds_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "--json", "--seed", "3")
    assert code == 0, err
    found = json.loads(out)
    assert found["period"] == "2023" and found["seed"] == 3 and found["belts"] == ["东部", "东北", "中部", "西部"]
    root = [row for row in found["verdict"] if row["node"] == "city-ip-core"]
    assert root[0]["answer"] == "partly" and {row["check"] for row in root[1:]} >= {"slope", "belts", "without"}
    assert found["convergence"] and found["mobility"] and [item["code"] for item in found["left_out"]] == ["few_years"]


def test_all_years_are_written_whichever_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = call(capsys, "--year", "2021", "--out", str(tmp_path), "--lang", "en")
    assert code == 0 and "files: 26" in out
    assert sorted(path.name for path in tmp_path.glob("verdict-*.csv")) == [f"verdict-{year}.csv" for year in (2021, 2022, 2023)]


def test_a_strangers_table_with_its_own_places(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, data = strangers(tmp_path)
    code, out, err = call(capsys, file, "--data", data, "--belt", "zone", "--lang", "en")
    assert code == 0, err
    assert "Without exports" in out and "inside near" in out and "Only one period" in out and "provincial" not in out
    code, out, _ = call(capsys, file, "--data", data, "--without", "patents", "--lang", "zh")
    assert code == 0 and "剔除patents" in out and "不分板块" in out


def test_without_places_it_says_how_to_give_them(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file, data = strangers(tmp_path, places=False)
    code, _, err = call(capsys, file, "--data", data, "--lang", "en")
    assert code == 2 and "distance_to_coast_km" in err and "six-digit codes" in err
    code, _, err = call(capsys, file, "--data", data, "--lang", "zh")
    assert code == 2 and "地名表" in err


def test_a_misspelt_belt_and_node_are_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "`region4`" in call(capsys, "--belt", "regin4", "--lang", "en")[2]
    assert "`exports`" in call(capsys, "--without", "exprts", "--lang", "en")[2]
