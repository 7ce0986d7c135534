"""What the reports print: the order of the comparison and the coverage line."""

from __future__ import annotations

import pytest

from tidu import app
from tidu.diagnosis.published import Comparison, Overlap, Row
from tidu.faces import reports


def comparison() -> Comparison:
    row = Row("2022", "2021", "2021", "all", "北京", "110000", "创造潜力", 1, 5, 0.0)
    gone = Row("2022", "2021", "2020", "all", "北京", "110000", "overall", 1, None, None, "no_data_year")
    overlap = Overlap("2022", "2021", "2021", "all", 10, 9, ("330200",), ("320500",))
    return Comparison((row, gone), (overlap,), {"2021 all": {"320500": 9}}, {"province": 3})


@pytest.mark.parametrize(
    ("lang", "first", "then", "suzhou"),
    [("zh", "没有复现", "重合 9", "苏州"), ("en", "does not reproduce", "9 of the first 10", "Suzhou")],
)
def test_what_does_not_reproduce_is_said_first(
    capsys: pytest.CaptureFixture[str], lang: str, first: str, then: str, suzhou: str
) -> None:
    reports.print_comparison(comparison(), app.make("city-ip-core", years=[2023]), "zh" if lang == "zh" else "en")
    out = capsys.readouterr().out
    assert out.index(first) < out.index(then)
    assert suzhou in out and "+4" in out and "2020" in out


def test_coverage_prints_one_line_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    reports.print_coverage(app.make("city-ip-core"), "en")
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 4
    assert "297 listed" in lines[1]


def test_fewer_points_than_asked_for_are_told() -> None:
    index = app.make("city-ip-core")
    fewer, as_asked = (app.how_sure(index, draws)[0] for draws in (10, 16))
    assert fewer is not None and as_asked is not None
    assert "10 were asked for and 8 taken" in reports.range_note(fewer, "en") and "取 8 个" in reports.range_note(fewer, "zh")
    assert "asked" not in reports.range_note(as_asked, "en")
