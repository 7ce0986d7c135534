"""Documents from the command line, on somebody's own figures."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from tidu.faces import cli

SPEC = '[index]\ncode = "demo"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "lower"\n'


@pytest.fixture
def demo(tmp_path: Path) -> list[str]:
    (tmp_path / "demo.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "demo.csv").write_text("unit,year,a,b\nx,2023,1,9\ny,2023,2,5\nz,2023,3,1\n", encoding="utf-8")
    return [str(tmp_path / "demo.toml"), "--data", str(tmp_path / "demo.csv"), "--out", str(tmp_path / "out")]


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(["publish", *words])
    return int(caught.value.code or 0)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["brief", "--city", "y"], ["brief-y.en.docx", "brief-y.en.pdf"]),
        (["brief", "--format", "docx"], ["brief.en.docx"]),
        (["report", "--format", "docx"], ["report.en.docx"]),
        (["report", "--city", "x", "--format", "pdf"], ["report-x.en.pdf"]),
        (["workbook"], ["workbook-2023.en.xlsx"]),
    ],
)
def test_files_are_written_and_named(
    demo: list[str], capsys: pytest.CaptureFixture[str], words: list[str], names: list[str]
) -> None:
    assert run(*words, *demo, "--lang", "en", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in told["written"]] == names
    assert all(Path(path).stat().st_size > 1000 for path in told["written"])
    if names[0].endswith("docx"):
        assert docx.Document(told["written"][0]).paragraphs


def test_where_a_file_went_is_said(demo: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("workbook", *demo, "--lang", "zh") == 0
    assert "workbook-2023.zh.xlsx" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "said"), [(["--format", "odt"], "odt"), (["--format", ","], ","), (["--city", "yy"], "yy")])
def test_a_wrong_word_is_refused(demo: list[str], capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert run("brief", *demo, "--lang", "en", *words) != 0
    assert said in capsys.readouterr().err
