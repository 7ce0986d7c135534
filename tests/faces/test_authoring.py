"""Commands on the index file itself: what they write builds, and what they list is all there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.faces.test_cli import as_json, call


def test_new_makes_two_files_that_build_and_overwrites_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for template in ("start", "cnipa-frame", "plan-targets"):
        folder = tmp_path / template
        spec, data, _ = as_json(capsys, "new", str(folder), "--units", "county", "--template", template)["written"]
        found = as_json(capsys, "build", spec, "--data", data)
        for rows in found["ranking"].values():
            assert all("synthetic" in row["name_en"] and "虚构" in row["name_zh"] for row in rows)
        code, _, err = call(capsys, "new", str(folder))
        assert code == 2 and "index.toml" in err


def test_methods_lists_every_method_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    from tidu.index.methods import REGISTRIES

    rows = as_json(capsys, "methods")
    assert {(row["step"], row["method"]) for row in rows} == {(step, name) for step in REGISTRIES for name in REGISTRIES[step]}
    assert all(row["source"] and row["meaning"] for row in rows)
    code, out, _ = call(capsys, "methods", "aggregate", "--lang", "zh")
    assert code == 0 and "kemeny" in out
    code, _, err = call(capsys, "methods", "agregate")
    assert code == 2 and "`aggregate`" in err


def test_explain_file_says_where_each_key_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "explain-file", "city-ip-core-audited")
    at_most = [row for row in found["steps"] if row["node"] == "exports" and row["key"] == "at_most"]
    assert at_most[0]["value"] == "5" and at_most[0]["whence"] == "treat"
    assert all(row["meaning"] for row in found["keys"])
    code, out, _ = call(capsys, "explain-file", "city-ip-core", "--lang", "zh")
    assert code == 0 and "normalise.over" in out


def test_schema_prints_and_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = call(capsys, "schema")
    assert code == 0 and json.loads(out)["title"] == "Tidu index file"
    assert as_json(capsys, "schema", "--out", str(tmp_path / "s.json"))["written"]
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == json.loads(out)


def test_import_coin_makes_files_that_build(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "meta.csv").write_text(
        "iCode,iName,Level,Direction,Weight,Parent,Type,Denominator\n"
        "a,A,1,1,1,I,Indicator,pop\nb,B,1,-1,2,I,Indicator,\nI,Index,2,1,1,,Aggregate,\npop,Pop,,,,,Denominator,\n",
        encoding="utf-8",
    )
    (tmp_path / "data.csv").write_text("uCode,uName,a,b,pop\nx,X,2,1,1\ny,Y,2,3,2\n", encoding="utf-8")
    out = tmp_path / "coin"
    spec, data = as_json(capsys, "import", "coin", str(tmp_path / "meta.csv"), str(tmp_path / "data.csv"), "--out", str(out))[
        "written"
    ]
    found = as_json(capsys, "build", spec, "--data", data)
    # x: a per head 2 against 1, b 1 against 3 (lower is better): best in both
    assert [row["score"] for row in next(iter(found["ranking"].values()))] == [100.0, 0.0]
