"""The site from the command line: a folder on somebody's own figures, told in JSON too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidu.faces import cli

SPEC = '[index]\ncode = "demo"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "lower"\n'


def test_a_site_of_own_figures_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "demo.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "demo.csv").write_text("unit,year,a,b\nx,2023,1,9\ny,2023,2,5\nz,2023,3,1\n", encoding="utf-8")
    out = tmp_path / "site"
    with pytest.raises(SystemExit) as caught:
        cli.main(
            ["publish", "site", str(tmp_path / "demo.toml"), "--data", str(tmp_path / "demo.csv"), "--out", str(out), "--json"]
        )
    assert not caught.value.code
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == sum(path.is_file() for path in out.rglob("*"))
    assert (out / "zh" / "index.html").is_file() and (out / "en" / "city" / "x.html").is_file()


@pytest.mark.parametrize(("number", "code"), [("", "no_map_number"), ("GS-2000", "map_number")])
def test_boundaries_are_refused_without_a_number_that_looks_like_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, number: str, code: str
) -> None:
    out = tmp_path / "site"
    with pytest.raises(SystemExit) as caught:
        cli.main(["publish", "site", "--map-review-number", number, "--out", str(out), "--json"])
    told = capsys.readouterr()
    assert caught.value.code and code in told.out + told.err and not out.exists()
