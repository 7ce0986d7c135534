"""Who is who from the command line: two names compared, open pairs listed, decided in a sheet and held to."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tidu.faces import cli

HEAD = ["申请号", "公开（公告）号", "公开（公告）日", "标题", "专利类型", "申请人", "申请人地址", "申请日", "合享价值度", "IPC"]
#: Synthetic lines.
PLACE = "浙江省杭州市虚构路1号"
LINES = [
    [
        "CN202010000001.1",
        "CN111000001A",
        "2020.07.03",
        "一种装置",
        "发明申请",
        "杭州虚构科技有限公司",
        PLACE,
        "2020.01.05",
        "9",
        "A61N5/00",
    ],
    [
        "CN202010000003.0",
        "CN111000003A",
        "2020.07.03",
        "一种系统",
        "发明申请",
        "虚构科技有限公司",
        PLACE,
        "2020.01.07",
        "8",
        "G06F1/00",
    ],
]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    told = capsys.readouterr()
    return int(caught.value.code or 0), told.out, told.err


def test_two_names(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("杭州虚构科技有限公司", "虚构（杭州）科技股份有限公司")
    assert call(capsys, "parties", *names, "--lang", "zh")[1].startswith("同一法律主体（名称")
    told = json.loads(call(capsys, "parties", "虚构大学", "虚构大学附属医院", "--json")[1])
    assert (told["entity"], told["group"], told["method"]) == (False, True, "part")
    assert "Two legal entities" in call(capsys, "parties", "虚构大学", "虚构医院", "--lang", "en")[1]
    code, _, err = call(capsys, "parties", "虚构大学", "--lang", "en")
    assert code != 0 and "not 1" in err


def test_open_pairs_are_decided_in_a_sheet_and_held_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, store, sheet = tmp_path / "a.csv", tmp_path / "s", tmp_path / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *LINES])
    assert "no_store" in "".join(call(capsys, "parties", "--store", str(store), "--json")[1:])
    call(capsys, "read", str(path), "--store", str(store), "--lang", "en")
    en = call(capsys, "link", "--store", str(store), "--lang", "en")[1]
    assert "Pairs of names that stay open: 1" in en
    assert json.loads(call(capsys, "link", "--store", str(store), "--json")[1])["counts"]["entities"] == 2
    zh = call(capsys, "parties", "--store", str(store), "--out", str(sheet), "--lang", "zh")[1]
    assert "省略地名" in zh and "待判定 1 对" in zh and str(sheet.name) in zh.replace("\n", "")
    sheet.write_text(sheet.read_text(encoding="utf-8-sig").rstrip().removesuffix(",,") + "same,,\n", encoding="utf-8")
    taken = call(capsys, "parties", "--store", str(store), "--decide", str(sheet), "--who", "某人", "--lang", "en")[1]
    assert "Decisions taken in: 1" in taken and "No pair of names is open" in taken
    told = json.loads(call(capsys, "parties", "--store", str(store), "--json")[1])
    assert told["open"] == [] and told["decisions"][0]["who"] == "某人" and told["decisions"][0]["same"] is True
    assert json.loads(call(capsys, "link", "--store", str(store), "--json")[1])["counts"]["entities"] == 1
