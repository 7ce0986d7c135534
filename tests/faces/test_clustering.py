"""The command on clusters. The points are made up (synthetic)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidu.faces.cli import main
from tidu.indicators.clustering import read_clustering


def test_a_table_becomes_clusters_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points = tmp_path / "p.csv"
    points.write_text("lon,lat,city\n" + "116.4,39.9,110000\n" * 4 + "121.5,31.2,310000\n" * 3, encoding="utf-8")
    out = tmp_path / "c.json"
    with pytest.raises(SystemExit) as done:
        main(["clusters", str(points), "--radius", "5", "--least", "3", "--people", "inventors", "--out", str(out), "--lang", "zh"])
    assert done.value.code == 0
    told = capsys.readouterr().out
    assert "北京" in told and "上海" in told and "发明人" in told
    assert [one.points for one in read_clustering(out).clusters] == [4, 3] and read_clustering(out).source == "p.csv"
    with pytest.raises(SystemExit):
        main(["clusters", str(points), "--radius", "5", "--least", "4", "--people", "inventors", "--json"])
    assert len(json.loads(capsys.readouterr().out)["clusters"]) == 1


def test_whom_points_stand_for_must_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points = tmp_path / "p.csv"
    points.write_text("lon,lat\n1,2\n", encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(["clusters", str(points), "--radius", "5", "--least", "1", "--people", "applicant", "--lang", "en"])
    assert done.value.code == 2 and "`applicants`" in capsys.readouterr().err
