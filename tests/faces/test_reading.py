"""The commands that read an index: audit and profile, in both languages and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tidu.diagnosis.explanation import profile as reading
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


def test_the_audit_tells_faults_first_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "audit", "--year", "2023")["findings"]
    order = ["fault", "warning", "note"]
    assert [order.index(item["severity"]) for item in found] == sorted(order.index(item["severity"]) for item in found)
    assert all(item["text"]["zh"] and item["text"]["en"] and "{" not in item["text"]["en"] for item in found)
    code, out, _ = call(capsys, "audit", "--lang", "zh")
    assert code == 0 and "统计审计" in out and "警示" in out


def test_an_audit_names_what_is_the_same_everywhere_and_places_other_faults(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    spec, data = tmp_path / "d.toml", tmp_path / "d.csv"
    spec.write_text('[index]\ncode = "d"\n[indicator.a]\nbetter = "higher"\n[indicator.k]\nbetter = "higher"\n', encoding="utf-8")
    data.write_text("unit,a,k\nx,1,5\ny,2,5\nz,4,5\n", encoding="utf-8")
    found = as_json(capsys, "audit", str(spec), "--data", str(data))["findings"]
    assert [item["address"] for item in found if item["code"] == "constant"] == ["indicator.k"]
    data.write_text("unit,a\nx,1\ny,2\nz,4\n", encoding="utf-8")
    code, _, err = call(capsys, "audit", str(spec), "--data", str(data), "--lang", "en")
    assert code == 2 and "d.toml" in err and "indicator.k" in err


def test_a_thing_counted_twice_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """Inventions per resident and per GDP say the same (decision 0002): an auditor must say so of their two nodes."""
    found = [item for item in as_json(capsys, "audit")["findings"] if item["code"] == "redundant"]
    assert ("pillar.output_quality", "output_efficiency") in [(item["address"], item["numbers"]["other"]) for item in found]


def test_a_profile_adds_up_and_names_its_peers(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "profile", "苏州", "--year", "2023", "--near", "gdp", "--near", "gdp_per_capita", "--count", "5")
    assert found["unit"] == "320500" and len(found["peers"]) == 5
    root = found["nodes"][0]
    first = [node for node in found["nodes"] if node["depth"] == 1]
    assert sum(node["part"] for node in first) == pytest.approx(root["gap"], abs=1e-9)
    assert root["score"] - root["peers_mean"] == pytest.approx(root["gap"], abs=1e-9)
    for lang, words in (
        ("zh", ("同类单位", "强项", "弱项", "不作评比")),
        ("en", ("Peers", "Strengths", "Weaknesses", "not an award")),
    ):
        code, out, _ = call(capsys, "profile", "320500", "--group", "region4", "--lang", lang)
        assert code == 0
        assert all(word in out for word in words)


def test_peers_that_nobody_names_are_those_of_the_pages(capsys: pytest.CaptureFixture[str]) -> None:
    from tidu import app
    from tidu.publish.standing import standing

    found = as_json(capsys, "profile", "330800", "--draws", "0")
    assert found["peers"] == list(standing(app.edition("city-ip-core", draws=0), "330800").profile.peers.units)
    assert (len(found["peers"]), found["peers_how"], found["peers_by"]) == (
        10,
        "nearest",
        ["residents", "gdp", "budget_expenditure"],
    )
    assert found["imbalance"]["highest"] in ("output", "performance", "potential") and found["imbalance"]["of"] == 290
    assert [year["light"] is None for year in found["years"]] == [True, False, False]
    _, out, _ = call(capsys, "profile", "330800", "--draws", "0", "--lang", "zh")
    assert "规模最近" in out and "支柱不均衡度" in out


def test_an_unknown_city_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "profile", "Suzhuo")
    assert code == 2 and "`Suzhou`" in err


def test_an_audit_is_written_as_documents_and_only_those_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["unit,year,a,b,c"] + [f"u{k},2023,{k + 1},{(7 * k) % 11 + 1},{(5 * k) % 13 + k}" for k in range(12)]
    (tmp_path / "mine.csv").write_text("\n".join(rows), encoding="utf-8")
    text = '[index]\ncode = "mine"\n[pillar.p]\n[pillar.q]\n'
    text += "".join(
        f'[indicator.{code}]\nparent = "{up}"\nbetter = "higher"\n' for code, up in (("a", "p"), ("b", "p"), ("c", "q"))
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    own = (str(tmp_path / "mine.toml"), "--data", str(tmp_path / "mine.csv"), "--out", str(tmp_path / "out"))
    for lang, word in (("zh", "统计审计"), ("en", "Statistical audit")):
        code, out, err = call(capsys, "audit", *own, "--lang", lang, "--format", "html")
        assert code == 0, err
        assert word in out and "audit.zh.html" in out
        assert word in (tmp_path / "out" / f"audit.{lang}.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["audit.en.html", "audit.zh.html"]
    found = as_json(capsys, "audit", *own)
    assert found["counts"]["fault"] == sum(item["severity"] == "fault" for item in found["findings"])
    assert json.loads((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))["nodes"] == found["nodes"]


def test_a_profile_tells_figures_and_obstacles_and_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "profile", "泰州", "--figures", "--draws", "0", "--lang", "zh", "--out", str(tmp_path / "p"))
    assert code == 0, err
    assert "障碍度最大的指标" in out and "中国城市统计年鉴" in out and "[inventions_granted]" in out and "显著高于同类" in out
    names = ["figures.csv", "history.csv", "nodes.csv", "obstacles.csv", "peers.csv"]
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == names
    found = as_json(capsys, "profile", "泰州", "--draws", "0")["obstacles"]
    assert sum(found.values()) == pytest.approx(1.0) and list(found.values()) == sorted(found.values(), reverse=True)


def small(folder: Path, rows: list[str], indicators: str) -> list[str]:
    (folder / "s.csv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "s.toml").write_text('[index]\ncode = "s"\n' + indicators, encoding="utf-8")
    return [str(folder / "s.toml"), "--data", str(folder / "s.csv")]


def test_a_row_without_a_score_has_no_gap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    whole = reading.profile

    def holed(*given: Any, **named: Any) -> reading.Profile:
        found = whole(*given, **named)
        nan = float("nan")
        return replace(found, nodes=(*found.nodes[:-1], replace(found.nodes[-1], score=nan, gap=nan, part=nan)))

    monkeypatch.setattr(reading, "profile", holed)
    code, out, err = call(capsys, "profile", "泰州", "--draws", "0", "--lang", "en")
    assert code == 0 and "nan" not in out, out + err


def test_two_units_are_too_few_for_a_verdict_on_correlations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["unit,year,a,b", "u,2023,1,9", "v,2023,2,5", "w,2023,4,1"]
    mine = small(tmp_path, rows, '[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "higher"\n')
    found = {item["code"]: item for item in as_json(capsys, "audit", *mine)["findings"]}
    assert not {"redundant", "against_sibling", "against_parent", "alpha_negative", "several_components"} & set(found)
    assert "Fewer than 10 units" in found["too_few"]["text"]["en"]
    mine = small(tmp_path, rows[:3], '[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "higher"\n')
    found = {item["code"]: item for item in as_json(capsys, "audit", *mine)["findings"]}
    assert "units with complete scores" in found["not_judged"]["text"]["en"] and "coherence_few" not in str(
        found["not_judged"]["text"]
    )


def test_nobody_to_compare_with_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = small(tmp_path, ["unit,year,a", "u,2022,1", "u,2023,2", "v,2022,3", "v,2023,"], '[indicator.a]\nbetter = "higher"\n')
    code, _, err = call(capsys, "profile", "u", *mine, "--set", "normalise.over=panel", "--lang", "en")
    assert code == 2 and "Nobody but u has a score" in err, err
