"""From records to a panel and back to their rows by commands, on made-up records (synthetic)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.indicators.conftest import made_up, put
from tests.indicators.measures.conftest import HZ, LITTLE

from tidu.faces.cli import main
from tidu.records.linked import FOLDER

ORDER = '[frame]\nfirst = 2010\nlast = 2021\n[measure.filed]\nof = "filings"\n[measure.sold]\nof = "contract_value_sold"\n'


@pytest.fixture
def store(tmp_path: Path) -> Path:
    put(tmp_path / "records" / FOLDER, LITTLE)
    (tmp_path / "frame.toml").write_text(ORDER, encoding="utf-8")
    return tmp_path / "records"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(one) for one in arguments])
    return int(done.value.code or 0)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_panel_is_measured_with_its_account(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, frame = store.parent / "panel.csv", store.parent / "frame.toml"
    assert run("measure", frame, "--store", store, "--out", out, "--lang", "zh") == 0
    told = capsys.readouterr().out
    assert "城市未解析" in told and "为初步数" in told and "counting = first_applicant" in told and "panel.account.csv" in told
    one = next(row for row in read(out) if (row["unit"], row["period"]) == (HZ, "2020"))
    assert (one["name"], float(one["filed"]), one["filed.status"], float(one["sold"])) == ("杭州", 1.0, "P", 15.75)
    account = read(store.parent / "panel.account.csv")
    assert [row["column"] for row in account] == ["filed"] * 12 + ["sold"] * 12
    assert account[0] | {"total": "3.0", "unresolved": "1.0", "abroad": "1.0", "records_until": "2020-09-09"} == account[0]
    assert run("measure", frame, "--store", store, "--lang", "en", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["linked"] == {"loads": [], "vintage": 2024, "stale": False} and found["written"] is None
    assert found["accounts"][0]["unresolved"] == 0.25 and found["accounts"][0]["years"][0]["rows"] == 3


INDEX = """[index]
code = "own"
title = { zh = "虚构", en = "synthetic" }
[indicator.filed]
better = "higher"
[indicator.stock]
better = "higher"
"""


def test_records_that_came_since_they_were_linked_are_told(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (store / "manifest.json").write_text('{"form": 1, "loads": [{"load": "000001-abc"}]}', encoding="utf-8")
    assert run("measure", store.parent / "frame.toml", "--store", store, "--lang", "zh") == 0
    assert "请重新连接" in capsys.readouterr().out


def test_a_table_without_a_city_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "records" / FOLDER, {**LITTLE, "party": [row | {"city": None} for row in LITTLE["party"]], "contract": []})
    (tmp_path / "frame.toml").write_text(ORDER, encoding="utf-8")
    assert run("measure", tmp_path / "frame.toml", "--store", tmp_path / "records", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "No row has a city" in told and "no rows of contract" in told and "75.0%" in told


def test_measured_columns_build_an_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "records" / FOLDER, made_up(200))
    text = ORDER.replace("first = 2010\nlast = 2021", "first = 2014\nlast = 2018") + '[measure.stock]\nof = "in_force"\n'
    (tmp_path / "frame.toml").write_text(text, encoding="utf-8")
    (tmp_path / "index.toml").write_text(INDEX, encoding="utf-8")
    out = tmp_path / "panel.csv"
    assert run("measure", tmp_path / "frame.toml", "--store", tmp_path / "records", "--out", out) == 0
    capsys.readouterr()
    assert run("build", tmp_path / "index.toml", "--data", out, "--json") == 0
    assert "330100" in capsys.readouterr().out


def test_the_rows_of_a_number_are_listed(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame, out = store.parent / "frame.toml", store.parent / "rows.csv"
    assert run("trace", "杭州", 2020, "filed", "--frame", frame, "--store", store, "--lang", "en", "--out", out) == 0
    told = capsys.readouterr().out
    assert "李**" in told and "李四" not in told and "Rows: 1; sum: 1." in told
    assert [row["who"] for row in read(out)] == ["李**"]
    assert run("trace", "unresolved", 2010, "filed", "--frame", frame, "--store", store, "--json") == 0
    assert [row["key"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["4"]
    assert run("trace", HZ, 2020, "fileds", "--frame", frame, "--store", store) == 2
    assert "`filed`" in capsys.readouterr().err
    assert run("trace", "Nowhere", 2020, "filed", "--frame", frame, "--store", store) == 2
    assert "Nowhere" in capsys.readouterr().err


def test_fields_and_partner_cities_are_written_apart(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame, parts = store.parent / "frame.toml", store.parent / "parts.csv"
    frame.write_text('[frame]\nfirst = 2015\nlast = 2021\n[measure.sent]\nof = "transfers_to_cities"\n', encoding="utf-8")
    assert run("measure", frame, "--store", store, "--parts", parts, "--lang", "zh") == 0
    assert read(parts) == [{"column": "sent", "unit": HZ, "period": "2015", "part": "310000", "value": "1.0"}]
    assert "parts.csv" in capsys.readouterr().out


def test_measures_are_listed_with_what_they_need(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads((store / FOLDER / "linked.json").read_text(encoding="utf-8"))
    told["counts"]["contract"] = 0
    (store / FOLDER / "linked.json").write_text(json.dumps(told), encoding="utf-8")
    assert run("indicators", "--store", store, "--json") == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    status = {one["code"]: one["status"] for one in found}
    assert status["filings"] == "ready" and status["contracts_sold"] == "input_missing" == status["field_filings"]
    assert run("indicators", "--store", store, "--lang", "zh") == 0
    assert "缺少输入 (fields)" in capsys.readouterr().out
    assert run("indicators", "high_value_inventions", "--lang", "zh") == 0
    told = capsys.readouterr().out
    assert "高价值发明专利" in told and "可选的自备表: award, emerging" in told
    out = store.parent / "list.csv"
    assert run("indicators", "--out", out, "--lang", "en") == 0
    assert read(out)[0]["label"] == "Applications filed"


def test_a_table_to_be_supplied_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "award.csv"
    assert run("indicators", "--table", "award", "--out", out, "--lang", "zh") == 0
    assert "中国专利奖" in capsys.readouterr().out and read(out) == []
    assert run("indicators", "--table", "award", "--example", "--lang", "en") == 0
    assert "虚构 synthetic" in capsys.readouterr().out
    assert run("indicators", "--table", "award", "--json") == 0
    assert json.loads(capsys.readouterr().out)["csv"] == "appno,year\n"
    assert run("indicators", "--table", "awards") == 2


SOURCES = """order = ["yearbook", "own"]
tolerance = 0.01
[column]
granted = ["own", "yearbook"]
[source.yearbook]
file = "y.csv"
source = "虚构年鉴"
[source.own]
file = "o.csv"
source = "own records"
"""


def test_printings_are_reconciled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "y.csv").write_text("unit,period,filed,granted\n330100,2020,100,50\n", encoding="utf-8")
    (tmp_path / "o.csv").write_text("unit,period,filed,granted\n330100,2020,100.5,40\n", encoding="utf-8")
    (tmp_path / "s.toml").write_text(SOURCES, encoding="utf-8")
    out = tmp_path / "panel.csv"
    assert run("reconcile", tmp_path / "s.toml", "--out", out, "--lang", "zh") == 0
    told = capsys.readouterr().out
    assert "2 个数，其中 1 个各来源不一致" in told and "20.0%" in told and "granted: own > yearbook" in told
    assert [(row["filed"], row["granted"]) for row in read(out)] == [("100.0", "40.0")]
    assert [row["stands"] for row in read(tmp_path / "panel.sources.csv")] == ["yearbook", "own"]
    assert [row["apart"] for row in read(tmp_path / "panel.differences.csv")] == ["0.2"]
    assert run("reconcile", tmp_path / "s.toml", "--json") == 0
    assert json.loads(capsys.readouterr().out)["cells"] == 2


def test_a_template_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("measure", tmp_path / "f.toml", "--template", "--json") == 0
    assert json.loads(capsys.readouterr().out)["written"].endswith("f.toml")
