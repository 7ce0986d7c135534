"""The audit as a document: the sections in order, findings first, the same numbers in every form, nothing left to fill in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from tidu import app
from tidu.core.words import word
from tidu.diagnosis.audit.examination import Examination, examine
from tidu.diagnosis.audit.remarks import remarks
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel
from tidu.publish.documents.audit_report import blocks, number, record, write_audit
from tidu.publish.documents.page import Heading, Table

SECTIONS = (
    "summary",
    "coverage",
    "figures",
    "sizes",
    "correlations",
    "dimensions",
    "importance",
    "robustness",
    "imputation",
    "limits",
)


@pytest.fixture(scope="module")
def seen() -> Examination:
    return examine(app.make("city-ip-core"), 2023, seed=1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sections_stand_in_an_auditors_order(seen: Examination, lang: Literal["zh", "en"]) -> None:
    made = blocks(seen, lang)
    heads = [block.text for block in made if isinstance(block, Heading)]
    assert heads == [word(f"section_{key}", lang) for key in SECTIONS]
    findings = next(block for block in made if isinstance(block, Table))
    assert len(findings.rows) == len(remarks(seen)) and list(findings.kinds) == [item.severity for item in remarks(seen)]
    text = json.dumps([getattr(block, "rows", "") for block in made], ensure_ascii=False)
    assert "{" not in text and not re.search(r"\\b(nan|None)\\b", text)
    for block in made:
        if isinstance(block, Table):
            assert {len(row) for row in block.rows} <= {len(block.heads)}
            assert set(block.right) <= set(range(len(block.heads)))


def test_files_hold_the_same_findings_and_the_json_every_number(seen: Examination, tmp_path: Path) -> None:
    written = write_audit(seen, tmp_path)
    assert [path.name for path in written] == ["audit.zh.md", "audit.zh.html", "audit.en.md", "audit.en.html", "audit.json"]
    made = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert made == record(seen)
    assert made["counts"]["warning"] == sum(item["severity"] == "warning" for item in made["findings"])
    for key in ("coverage", "raw", "treated", "sizes", "links", "nodes", "importance", "removals", "switches", "refills", "limits"):
        assert made[key], key
    assert made["nodes"][0]["components"]["rotated"] and "alpha" in made["nodes"][0]["reliability"]
    for lang in ("zh", "en"):
        page, text = ((tmp_path / f"audit.{lang}.{kind}").read_text(encoding="utf-8") for kind in ("html", "md"))
        assert page.count("<figure>") == 3 and "<script" not in page
        assert not re.search(r"(?:src|href)=\"(?!#)(?!http://www.w3.org)", page)
        for item in remarks(seen):
            assert item.parts("zh" if lang == "zh" else "en")[2].replace("<", "&lt;") in text
    assert write_audit(seen, tmp_path / "one", ["md"]) == [tmp_path / "one" / f"audit.{lang}.md" for lang in ("zh", "en")]


def test_an_audit_that_could_not_judge_says_so() -> None:
    x = np.random.default_rng(2).normal(10.0, 1.0, (12, 2, 4))
    x[:, :, 3] = 5.0 + np.arange(2)  # no spread inside a year: the node q cannot be judged
    nodes = "[pillar.p]\n[pillar.q]\n"
    nodes += "".join(f'[indicator.{code}]\nbetter="higher"\nparent="{up}"\n' for code, up in zip("abce", "ppqq", strict=True))
    text = '[index]\ncode="d"\n[normalise]\nover="panel"\n' + nodes
    index = build(Framework.parse(text), Panel.of([f"u{k}" for k in range(12)], ["2022", "2023"], list("abce"), x))
    assert any(item.code == "not_judged" for item in remarks(examine(index, refill=False)))
    for period in (None, "*"):
        seen = examine(index, period, refill=False)
        for lang in ("zh", "en"):
            tables = [block for block in blocks(seen, "zh" if lang == "zh" else "en") if isinstance(block, Table)]
            assert tables and all(len(row) == len(table.heads) for table in tables for row in table.rows)
    assert number(None) == "—" and number(-1234.0) == "-1,234"
