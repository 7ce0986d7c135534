"""What an auditor remarks on, and how the findings read."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tidu import app
from tidu.core.errors import UsageError
from tidu.diagnosis.audit.remarks import Finding, audit, sentences
from tidu.index.result import Index

RNG = np.random.default_rng(11)
SHIPPED: dict[str, Index] = {}


def test_an_audit_finds_what_was_put_in(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    x = figures(units=60, periods=1)
    x[:, 0, 2] = x[:, 0, 0]  # redundant
    x[:, 0, 4] = 20 - x[:, 0, 3] + 0.3 * RNG.normal(size=60)  # opposed
    x[0, 0, 5] = 1e5  # outlier
    found = audit(made(x))
    codes = {(item.code, item.address) for item in found}
    assert ("redundant", "indicator.a") in codes
    assert ("alpha_negative", "pillar.q") in codes
    assert ("outliers_untreated", "indicator.g") in codes
    treated = {(item.code, item.address) for item in audit(made(x, changes=("treat.method=log",)))}
    assert ("outliers", "indicator.g") in treated and ("outliers_untreated", "indicator.g") not in treated
    order = {"fault": 0, "warning": 1, "note": 2}
    assert [order[item.severity] for item in found] == sorted(order[item.severity] for item in found)
    assert found == audit(made(x))


def test_an_audit_of_all_periods_and_of_filled_figures(made: Callable[..., Index], figures: Callable[..., np.ndarray]) -> None:
    x = figures(units=40, periods=2)
    x[:, :, 2] = 2 * x[:, :, 0]
    x[3, 0, 2] = np.nan
    index = made(x, ("impute.method=mean",))
    found = {(item.code, item.address): item for item in audit(index, "*")}
    worse = found["fill_worse", "indicator.c"]
    assert worse.numbers["method"] == "mean" and worse.numbers["best"] in ("regression", "nearest", "em", "row_mean")
    assert "leans_on_one" not in {code for code, _ in found}
    assert "fill_worse" not in {item.code for item in audit(index, "*", refill=False)}


def test_limits_are_the_callers_and_checked(index: Index) -> None:
    strict = {item.code for item in audit(index, limits={"weak": 1.1, "shift": 0.0}, refill=False)}
    assert {"weak_in_parent", "leans_on_one"} <= strict
    with pytest.raises(UsageError) as caught:
        audit(index, limits={"weka": 1})
    assert (caught.value.code, caught.value.did_you_mean) == ("unknown_limit", "weak")


@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-core-audited", "city-ip-full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_finding_on_the_shipped_indices_reads_well(name: str, lang: str) -> None:
    index = SHIPPED.setdefault(name, app.make(name))
    for item in audit(index, limits={"shift": 0.0, "weak": 0.9, "kmo": 0.99, "alpha": 0.99, "importance": 1.01, "spread": 1.01}):
        text = item.text("zh" if lang == "zh" else "en")
        assert "{" not in text and not re.search(r"\bnan\b", text)
        assert text.startswith(index.framework.label(item.address.partition(".")[2] or index.framework.code, lang))


def test_findings_have_both_languages_and_are_used() -> None:
    source = Path(inspect.getfile(Finding)).read_text(encoding="utf-8")
    for code, entry in sentences().items():
        assert set(entry) == {"what", "mend"}, code
        assert f'"{code}"' in source, f"{code} is never found"
        for part in ("what", "mend"):
            assert set(entry[part]) == {"zh", "en"} and all(text.strip() for text in entry[part].values()), code
            named = [set(re.findall(r"{(\w+)", entry[part][lang])) for lang in ("zh", "en")]
            assert named[0] == named[1], code
        assert re.search(r"[\u4e00-\u9fff]", entry["what"]["zh"]) and not re.search(r"[\u4e00-\u9fff]", entry["what"]["en"])
    used = set(re.findall(r'_finding\(\s*(?:seen\.)?index, "(\w+)"', source))
    assert used == set(sentences())


def test_a_finding_without_names_says_its_address() -> None:
    one = Finding("zeros", "warning", "indicator.x", {"share": 60.0})
    assert one.text("en").startswith("indicator.x: 60% of the figures are zero.")
    assert one.text("zh").startswith("indicator.x：60% 的数据为零。")
