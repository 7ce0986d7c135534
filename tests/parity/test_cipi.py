"""The published tree of the 2013 China IP strength index for Sichuan: each node is the plain mean of its children."""

from __future__ import annotations

from typing import Any

import pytest

from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

pytestmark = pytest.mark.reference


def code(node: str) -> str:
    return f"n{node}"


def test_thirteen_nodes_are_the_plain_means_of_their_children(facts: Any) -> None:
    rows = facts.rows("cipi_2013_sichuan_tree")
    cut = {row["node"] for row in rows if "truncated" in row["note"]}
    rows = [row for row in rows if row["parent"] not in cut - {"0"}]  # a node with a cut list of children stands as printed
    inner = {row["parent"] for row in rows if row["parent"]}
    pillars, indicators, printed = {}, {}, {}
    for row in rows:
        if row["node"] == "0":
            continue
        item: dict[str, object] = {"label": {"zh": row["name_zh"], "en": row["name_en"]}}
        if row["parent"] != "0":
            item["parent"] = code(row["parent"])
        if row["node"] in inner:
            pillars[code(row["node"])] = item
        else:
            indicators[code(row["node"])] = {**item, "better": "higher"}
        printed[code(row["node"])] = float(row["index_value"])
    framework = Framework.of({"index": {"code": "n0"}, "normalise": {"method": "none"}, "pillar": pillars, "indicator": indicators})
    values = [[[printed[leaf] for leaf in framework.leaves]]]
    index = build(framework, Panel.of(["510000"], ["2013"], framework.leaves, values))
    complete = [node for node in framework.inner if node.code != "n0"]
    assert len(complete) == 13
    for node in complete:
        under = [printed[child] for child in node.children]
        assert round(sum(under) / len(under), 3) == printed[node.code]
        assert index.score(node.code)["510000"] == pytest.approx(printed[node.code], abs=0.001)
        if all(framework.node(child).leaf for child in node.children):
            assert index.score(node.code)["510000"] == pytest.approx(printed[node.code], abs=0.0005 + 1e-12)
