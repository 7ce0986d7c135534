from __future__ import annotations

from pathlib import Path

import pytest

from tidu.core.errors import DataError, TiduError, UsageError
from tidu.indicators.measure_file import TEMPLATE, read_order, write_template

HEAD = "[frame]\nfirst = 2019\nlast = 2021\n"


def order(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "frame.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_template_is_an_order(tmp_path: Path) -> None:
    path = write_template(tmp_path / "f.toml")
    made = read_order(path)
    assert path.read_text(encoding="utf-8") == TEMPLATE and made.columns[0].name == "inventions_filed"
    with pytest.raises(UsageError) as error:
        write_template(path)
    assert error.value.code == "file_there"


def test_a_rule_of_a_measure_comes_before_that_of_the_file(tmp_path: Path) -> None:
    text = HEAD + 'counting = "whole"\n[measure.a]\nof = "filings"\n[measure.b]\nof = "grants"\ncounting = "first_applicant"\n'
    made = {one.name: one.rule for one in read_order(order(tmp_path, text)).columns}
    assert (made["a"].counting, made["a"].clock, made["b"].counting, made["b"].clock) == (
        "whole",
        "filing",
        "first_applicant",
        "grant",
    )
    assert (made["a"].first, made["a"].last) == (2019, 2021)


def test_denominators_and_supplied_tables_are_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("unit,period,residents\n330100,2018,100\n", encoding="utf-8")
    (tmp_path / "w.csv").write_text("appno,year\n2010,2020\n", encoding="utf-8")
    text = '[measure.a]\nof = "in_force"\nper = "residents"\nbase = "previous"\nscale = 1e4\n'
    text += '[table.t]\nfile = "r.csv"\nsource = "s"\n'
    made = read_order(order(tmp_path, HEAD + text + '[supplied.award]\nfile = "w.csv"\n'))
    assert made.columns[0].per == "residents" and made.figures["residents"].units == ("330100",)
    assert made.supplied["award"] == {"appno": ["2010"], "year": [2020]} and made.sources == {"t": "s", "award": ""}


@pytest.mark.parametrize(
    ("text", "code", "address"),
    [
        ("[frame]\nfirst = 2019\n", "measure_file", "frame.last"),
        (HEAD, "measure_file", "measure"),
        (HEAD + '[measure.a]\nof = "filings"\nkinds = "x"\n', "measure_file", "measure.a.kinds"),
        ('[frame]\nfirst = 2021\nlast = 2019\n[measure.a]\nof = "filings"\n', "measure_file", "frame.last"),
        (HEAD + '[measure.a]\nof = "nothing"\n', "unknown_measure", None),
        (HEAD + '[measure.a]\nof = "trade_marks"\nclock = "grant"\n', "rule_unheeded", "measure.a.clock"),
        (HEAD + '[measure.a]\nof = "filings"\nper = "people"\n', "no_denominator", "measure.a.per"),
        (HEAD + '[measure.a]\nof = "filings"\nper = "a"\n', "no_denominator", "measure.a.per"),
        (
            HEAD + '[measure.a]\nof = "filings"\nper = "b"\n[measure.b]\nof = "grants"\ngrowth = 2019\n',
            "measure_file",
            "measure.a.per",
        ),
        (HEAD + '[figure.a]\nof = "gdp"\n', "no_denominator", "figure.a.of"),
        (HEAD + '[measure.a]\nof = "filings"\n[figure.a]\nof = "gdp"\n', "measure_file", "figure.a"),
        (HEAD + '[measure.a]\nof = "filings"\nkind = "inventions"\n', "unknown_kind", "measure.a.kind"),
        (HEAD + '[measure.a]\nof = "contracts_sold"\nkind = "invention"\n', "unknown_kind", "measure.a.kind"),
        (HEAD + '[measure.a]\nof = "high_value_inventions"\ncriteria = ["awards"]\n', "unknown_criterion", None),
        (HEAD + '[measure.a]\nof = "inclusive_pledge_share"\n', "rule_missing", "measure.a.threshold"),
        (HEAD + '[measure.a]\nof = "field_complexity"\n', "table_missing", "measure.a"),
        (HEAD + '[measure.a]\nof = "quality_index_4"\ncohort = "field"\n', "table_missing", "measure.a"),
        (HEAD + '[measure.a]\nof = "filings"\n[supplied.awards]\nfile = "x.csv"\n', "unknown_supplied", None),
        (HEAD + "[measure.a\n", "bad_toml", None),
    ],
)
def test_what_does_not_fit_is_told_with_its_address(tmp_path: Path, text: str, code: str, address: str | None) -> None:
    with pytest.raises(TiduError) as error:
        read_order(order(tmp_path, text))
    assert (error.value.code, error.value.address) == (code, address) and error.value.text("zh") and error.value.text("en")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_order(tmp_path / "none.toml")
    assert error.value.code == "no_file"


def test_a_column_by_name(tmp_path: Path) -> None:
    made = read_order(order(tmp_path, HEAD + '[measure.filed]\nof = "filings"\n'))
    assert made.column("filed").measure is not None
    with pytest.raises(UsageError) as error:
        made.column("field")
    assert error.value.code == "unasked_column" and error.value.did_you_mean == "filed"


def test_a_measure_may_stand_over_another_and_a_figure_over_a_figure(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("unit,period,gdp,value\n330100,2019,100,5\n", encoding="utf-8")
    text = '[measure.a]\nof = "filings"\n[measure.b]\nof = "joint_filings"\nper = "a"\n'
    text += '[figure.share]\nof = "value"\nper = "gdp"\nscale = 100\n[table.t]\nfile = "g.csv"\n'
    made = read_order(order(tmp_path, HEAD + text))
    assert made.column("b").per == "a" and made.column("share").figure == "value" and made.column("share").scale == 100
