"""Synthetic records from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidu.faces import cli


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    told = capsys.readouterr()
    return int(caught.value.code or 0), told.out, told.err


def test_lists_are_written_and_the_next_step_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ("--rows", "40", "--first", "2020", "--last", "2021", "--province", "330000")
    code, out, err = call(capsys, "synth", str(tmp_path / "a"), *small, "--lang", "zh")
    assert (code, err) == (0, "") and "申请 40 件" in out and "没有任何真实记录" in out
    assert f"tidu read {tmp_path / 'a'}/export" in out
    code, out, _ = call(capsys, "synth", str(tmp_path / "b"), *small, "--as", "loads", "--lang", "en")
    assert code == 0 and "applications: 40, technology contracts: 2" in out and f"tidu link --store {tmp_path / 'b'}" in out
    code, out, _ = call(capsys, "synth", str(tmp_path / "c"), *small, "--json")
    told = json.loads(out)
    assert told["synthetic"] is True and told["applications"] == 40 and len(told["files"]) == 7


def test_what_cannot_be_made_is_said_with_the_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "synth", str(tmp_path / "a"), "--province", "浙江", "--lang", "zh")
    assert code != 0 and "没有代码为 浙江" in err and "330000" in err
