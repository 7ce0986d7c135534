"""Plain sheets are written in both languages, read back by their own profile, and their own rows are never kept."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

import pytest
from python_calamine import CalamineWorkbook

from tidu.core.errors import UsageError
from tidu.records.load import read
from tidu.records.profiles import profiles
from tidu.records.sources import recognised
from tidu.records.store import Store
from tidu.records.template import PREFIX, rows, templates, write


@pytest.mark.parametrize("name", templates())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_is_read_back_and_its_rows_are_refused_and_counted(name: str, lang: Literal["zh", "en"], tmp_path: Path) -> None:
    book, sheet = write(name, tmp_path / "a.xlsx", lang), write(name, tmp_path / "a.csv", lang)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == rows(name, lang)
    assert CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python() == rows(name, lang)
    assert recognised(book).code == recognised(sheet).code == PREFIX + name
    for account in read([book, sheet], Store(tmp_path / "s")):
        assert (account.read, account.refused, account.reasons) == (2, 2, {"template_row": 2})


@pytest.mark.parametrize("name", templates())
def test_every_column_has_two_headings_two_notes_and_an_example_that_is_right(name: str, tmp_path: Path) -> None:
    profile = profiles()[PREFIX + name]
    assert all(len(names) == 2 for group in profile.groups for names in group.headings.values()) and len(profile.example) == 2
    head, notes, example = rows(name)
    assert all(notes) and not {"", None} & set(head)
    out = tmp_path / "a.csv"
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, [*example[:-1], ""]])
    account = read([out], Store(tmp_path / "s"))[0]
    assert (account.read, account.good) == (1, 1)


def test_firms_and_agencies_are_kept_with_their_types(tmp_path: Path) -> None:
    import duckdb

    made = {"firms": ["合成甲公司", "", "330100", "专精特新", "2020.1.31"], "agencies": ["合成代理", "", "杭州市", "商标代理", ""]}
    store = Store(tmp_path / "s")
    for name, row in made.items():
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([*rows(name), [*row, ""]])
        account = read([path], store)[0]
        assert (account.read, account.good, account.refused) == (3, 1, 2)
    query = "select name, place, type, cast(since as varchar) from read_parquet"
    found = [duckdb.sql(f"{query}('{path}')").fetchall() for path in store.files("firm")]
    assert found == [[("合成甲公司", "330100", "specialised", "2020-01-31")], [("合成代理", "杭州市", "trade_mark_agency", None)]]


def test_an_unknown_template_and_suffix(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        rows("firm")
    assert (caught.value.code, caught.value.did_you_mean) == ("unknown_record_template", "firms")
    with pytest.raises(UsageError) as caught:
        write("firms", tmp_path / "a.doc")
    assert caught.value.code == "sheet_suffix"
