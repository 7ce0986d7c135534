"""The pictures of an audit: they draw, name what they show, and hold the audit's own numbers."""

from __future__ import annotations

import pytest

from tidu import app
from tidu.diagnosis.audit.coherence import correlations
from tidu.diagnosis.audit.examination import Examination, examine
from tidu.publish.charts import svg
from tidu.publish.documents.audit_charts import correlation_map, shifts, weight_beside_importance


@pytest.fixture(scope="module")
def seen() -> Examination:
    return examine(app.make("city-ip-core"), 2023, refill=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_holds_every_pair_once(seen: Examination, lang: str) -> None:
    made = correlation_map(seen, lang).to_dict()
    rows = next(iter(made["datasets"].values())) if "datasets" in made else made["layer"][0]["data"]["values"]
    assert len(rows) == 14 * 13 // 2
    r = correlations(seen.index, ["inventions_granted", "sci_expenditure"], period="2023")[0, 1]
    label = seen.index.framework.label
    names = {label("inventions_granted", lang), label("sci_expenditure", lang)}
    found = [
        row["r"] for row in rows if {row["row"], row["column"]} <= {name[:33] + "…" if len(name) > 34 else name for name in names}
    ]
    assert found == [pytest.approx(r, abs=5e-4)]
    drawn = svg(correlation_map(seen, lang))
    assert drawn.startswith("<svg") and "http://www.w3.org" in drawn and "<image" not in drawn


def test_weights_stand_beside_importance(seen: Examination) -> None:
    drawn = svg(weight_beside_importance(seen, "zh"))
    assert "名义权重" in drawn and "重要性" in drawn


def test_shifts_stand_in_order() -> None:
    made = shifts([("small", 1.0), ("large", 9.0), ("none", float("nan"))], "en").to_dict()
    assert made["encoding"]["y"]["sort"] == ["large", "small"]
    assert "mean rank shift" in svg(shifts([("a", 1.0)], "en"))
