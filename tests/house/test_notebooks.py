"""The notebooks run from top to bottom in both languages; what they show is what the library says, and nothing is fetched."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tidu.core.errors import SpecError
from tidu.diagnosis.audit.remarks import audit
from tidu.index.build import build

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.py"))
#: The pictures that an analyst is promised.
CHARTS = {"ranks", "parts", "side_by_side", "gained", "slope", "dots", "over_the_years", "together", "shares"}


def run(name: str, **defined: Any) -> tuple[str, dict[str, Any]]:
    """The texts that a notebook shows, and what its cells define, with some names defined beforehand."""
    path = ROOT / "docs" / "notebooks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    outputs, defs = module.app.run(defs=defined)
    return "\n".join(str(getattr(one, "text", "")) for one in outputs), dict(defs)


@pytest.fixture(scope="module")
def read() -> tuple[str, dict[str, Any]]:
    return run("reading_an_index")


@pytest.fixture(scope="module")
def own() -> tuple[str, dict[str, Any]]:
    return run("auditing_your_own", lang=SimpleNamespace(value="en"))


def test_they_are_sound_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["auditing_your_own", "reading_an_index"]
    done = subprocess.run([sys.executable, "-m", "marimo", "check", *NOTEBOOKS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_chart_is_drawn_without_a_script(read: tuple[str, dict[str, Any]], own: tuple[str, dict[str, Any]]) -> None:
    seen = {name: value for _, defined in (read, own) for name, value in defined.items() if name in CHARTS}
    assert set(seen) == CHARTS
    for name, chart in seen.items():
        drawn = chart._repr_html_()
        assert drawn.startswith("<svg") and "<script" not in drawn, name
        assert chart._repr_mimebundle_() == {"text/html": drawn}, name


def test_what_is_shown_is_what_the_library_says(read: tuple[str, dict[str, Any]]) -> None:
    text, defined = read
    index, gap = defined["index"], defined["gap"]
    assert gap.total == pytest.approx(index.score()["330800"] - index.score()["330300"])
    assert sum(gap.indicators.values()) == pytest.approx(gap.total, abs=1e-9)
    again = index.framework.put("aggregate.method=geometric", "normalise.onto=[1, 100]")
    moved = build(again, index.panel).rank()["330800"]
    assert defined["moved"] == moved and f"<strong>{moved}</strong>" in text
    assert f"<strong>{gap.total:+.2f}</strong>" in text and "方法区间" in text and len(defined["ranking"]) == index.scored()


def test_the_synthetic_figures_say_that_they_are(own: tuple[str, dict[str, Any]]) -> None:
    text, defined = own
    assert "<strong>synthetic</strong>" in text and "synthetic" in defined["framework"].title("en")
    assert all("Made-up" in defined["panel"].name(unit, "en") for unit in defined["panel"].units)
    assert all(finding.text("en").split(". ")[0] in text for finding in defined["findings"][:1])
    assert [one.code for one in audit(defined["index"])] == [one.code for one in defined["findings"]]
    assert np.allclose(defined["found"].acceptability().sum(axis=1), 1.0)


def test_a_table_and_an_index_of_ones_own_take_their_place() -> None:
    rows = "\n".join(f"u{at},2024,{at},{(at * 7) % 12}" for at in range(12))
    table = f"unit,year,a,b\n{rows}\n".encode()
    upload = SimpleNamespace(value=["x.csv"], contents=lambda: table)
    written = SimpleNamespace(value='[index]\ncode = "mine"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "higher"\n')
    text, defined = run("auditing_your_own", lang=SimpleNamespace(value="zh"), upload=upload, written=written)
    assert defined["index"].units == tuple(f"u{at}" for at in range(12)) and defined["slope"] is None
    assert "distance_to_coast_km" in text


def test_an_index_that_does_not_fit_the_table_is_told() -> None:
    written = SimpleNamespace(value='[index]\ncode = "mine"\n[indicator.none]\nbetter = "higher"\n')
    with pytest.raises(SpecError, match="none"):
        run("auditing_your_own", lang=SimpleNamespace(value="zh"), upload=SimpleNamespace(value=[]), written=written)
