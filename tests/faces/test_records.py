"""Records from the command line: read with an account in words, readers listed, sheets written, quarantine mended."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest

from tidu.faces import cli

HEAD = ["专利名称", "发明人", "申请人", "申请日", "公开日"]
#: Synthetic lines.
LINES = [["一种装置", "张三", "合成甲公司", "2020-01-05", ""], ["坏日期", "李四", "合成乙公司", "2020-02-30", ""]]


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    told = capsys.readouterr()
    return int(caught.value.code or 0), told.out, told.err


def listed(path: Path, rows: list[list[str]]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


def test_a_folder_with_a_zip_and_something_else_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    one = listed(folder / "a.csv", LINES)
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("x/c.csv", one.read_text(encoding="utf-8") + "另一种,王五,合成丙公司,2020-01-05,\n")
    (folder / "notes.txt").write_text("城市,面积\n", encoding="utf-8")
    arguments = ["read", str(folder), "--store", str(tmp_path / "s")]
    code, out, err = call(capsys, *arguments, "--json")
    found = json.loads(out)
    assert code == 0 and err == "" and found["unknown"] == ["notes.txt"]
    assert [(one["file"], one["read"], one["good"], one["quarantined"], one["repeats"]) for one in found["files"]] == [
        ("a.csv", 2, 1, 1, 0),
        ("b.zip/x/c.csv", 3, 1, 1, 1),
    ]
    told = call(capsys, *arguments, "--lang", "zh")[1]
    assert "合计" in told and "申请日不是日期" in told and "notes.txt" in told and "其中 2 个文件先前已读过" in told
    assert "tidu quarantine" in told
    english = call(capsys, *arguments, "--lang", "en")[1]
    assert "all files" in english and "The filing date is no date" in english and "error (put aside)" in english


def test_quarantine_goes_out_is_mended_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, out = tmp_path / "s", tmp_path / "q.csv"
    call(capsys, "read", str(listed(tmp_path / "in" / "a.csv", LINES)), "--store", str(store), "--lang", "en")
    code, told, _ = call(capsys, "quarantine", str(store), "--out", str(out), "--lang", "zh")
    assert code == 0 and f"已写出 1 条隔离记录：{out}" in told
    assert json.loads(call(capsys, "quarantine", str(store), "--out", str(out), "--json")[1]) == {
        "written": [{"file": str(out), "records": 1}]
    }
    out.write_text(out.read_text(encoding="utf-8-sig").replace("2020-02-30", "2020-02-29"), encoding="utf-8-sig")
    told = call(capsys, "read", str(out), "--store", str(store), "--lang", "en")[1]
    assert "Records that were quarantined before and are mended now: 1." in told
    code, _, err = call(capsys, "quarantine", str(store), "--out", str(out), "--lang", "zh")
    assert code != 0 and "没有待处理的隔离记录" in err


def test_the_readers_say_what_they_were_tried_on(capsys: pytest.CaptureFixture[str]) -> None:
    told = call(capsys, "read", "--kinds", "--lang", "en")[1]
    lines = {line.split()[0]: line for line in told.splitlines() if line.split()}
    assert "unproven on real files" in lines["incopat"] and "unproven" not in lines["cnipa_xml"]
    assert "own template" in lines["template_firms"]
    assert "未经真实文件验证" in call(capsys, "read", "--kinds", "--lang", "zh")[1]
    assert json.loads(call(capsys, "read", "--kinds", "--json")[1])["cn_list"]["proven"] is True


def test_a_template_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "t.xlsx"
    assert "已写出模板" in call(capsys, "read", "--template", "firms", "--out", str(out), "--lang", "zh")[1]
    assert json.loads(call(capsys, "read", "--template", "firms", "--out", str(out), "--json")[1]) == {"written": str(out)}
    told = json.loads(call(capsys, "read", str(out), "--store", str(tmp_path / "s"), "--json")[1])
    assert [(one["read"], one["refused"]) for one in told["files"]] == [(2, 2)]


def test_what_is_lacking_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    for arguments, said in (
        (["read"], "No file is named"),
        (["read", "--template", "firms"], "needs a file"),
        (["read", "--template", "firm", "--out", "x.csv"], "no template called firm"),
        (["read", str(tmp_path / "in"), "--store", str(tmp_path / "s")], "None of the files"),
        (["read", str(tmp_path / "none.csv")], "There is no file"),
        (["quarantine", str(tmp_path / "none"), "--out", "x.csv"], "no store of records"),
    ):
        code, out, err = call(capsys, *arguments, "--lang", "en")
        assert code != 0 and said in err and out == ""


def test_what_was_read_before_a_fault_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = listed(tmp_path / "in" / "a.csv", LINES), tmp_path / "b.csv"
    bad.write_text("城市,面积\n", encoding="utf-8")
    code, out, err = call(capsys, "read", str(good), str(bad), "--store", str(tmp_path / "s"), "--lang", "en")
    assert code != 0 and "a.csv" in out and "No reader knows this file" in err


def test_link_tells_what_it_found_and_what_it_did_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "s"
    call(capsys, "read", str(listed(tmp_path / "in" / "a.csv", LINES)), "--store", str(store), "--lang", "en")
    assert "not linked yet" in call(capsys, "link", "--store", str(store), "--check", "--lang", "en")[2]
    code, out, err = call(capsys, "link", "--store", str(store), "--json")
    told = json.loads(out)
    assert code == 0 and err == "" and not told["stale"] and told["vintage"] == 2024
    assert told["counts"]["applications"] == 1 and told["counts"]["cities"]["applicant"] == {"unresolved": 1}
    zh = call(capsys, "link", "--store", str(store), "--lang", "zh")[1]
    assert "其中：无申请号（临时主键）" in zh and "未解析" in zh and "连接表已写入" in zh
    en = call(capsys, "link", "--store", str(store), "--lang", "en")[1]
    assert "simple families" in en and "unresolved" in en and "linked.json" in en
    assert "as they are" in call(capsys, "link", "--store", str(store), "--check", "--lang", "en")[1]
    more = [["另一种", "王五", "合成丙公司", "2020-01-05", ""]]
    call(capsys, "read", str(listed(tmp_path / "in" / "b.csv", more)), "--store", str(store), "--lang", "en")
    assert "重新连接" in call(capsys, "link", "--store", str(store), "--check", "--lang", "zh")[1]
    assert (
        "no_store"
        in call(capsys, "link", "--store", str(tmp_path / "none"), "--json")[2]
        + call(capsys, "link", "--store", str(tmp_path / "none"), "--json")[1]
    )
