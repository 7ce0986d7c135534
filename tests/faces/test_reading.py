"""The commands that read an index: audit and profile, in both languages and as JSON."""

from __future__ import annotations

import json
from typing import Any

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


def test_the_audit_tells_faults_first_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "audit", "--year", "2023")
    order = ["fault", "warning", "note"]
    assert [order.index(item["severity"]) for item in found] == sorted(order.index(item["severity"]) for item in found)
    assert all(item["text"]["zh"] and item["text"]["en"] and "{" not in item["text"]["en"] for item in found)
    code, out, _ = call(capsys, "audit", "--lang", "zh")
    assert code == 0 and "统计审计" in out and "警示" in out


def test_a_thing_counted_twice_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """Inventions per resident and per GDP say the same (decision 0002): an auditor must say so of their two nodes."""
    found = [item for item in as_json(capsys, "audit") if item["code"] == "redundant"]
    assert ("pillar.output_quality", "output_efficiency") in [(item["address"], item["numbers"]["other"]) for item in found]


def test_a_profile_adds_up_and_names_its_peers(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "profile", "苏州", "--year", "2023", "--near", "gdp", "--near", "gdp_per_capita")
    assert found["unit"] == "320500" and len(found["peers"]) == 5
    root = found["nodes"][0]
    first = [node for node in found["nodes"] if node["depth"] == 1]
    assert sum(node["part"] for node in first) == pytest.approx(root["gap"], abs=1e-9)
    assert root["score"] - root["peers_mean"] == pytest.approx(root["gap"], abs=1e-9)
    for lang, words in (
        ("zh", ("同类单位", "强项", "弱项", "不作评比")),
        ("en", ("Peers", "Strengths", "Weaknesses", "not an award")),
    ):
        code, out, _ = call(capsys, "profile", "Suzhou", "--group", "region4", "--lang", lang)
        assert code == 0
        assert all(word in out for word in words)


def test_an_unknown_city_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "profile", "Suzhuo")
    assert code == 2 and "`Suzhou`" in err
