"""The contract of the linked tables: names, keys and kinds; where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.core.errors import UsageError
from tidu.records.linked import ACCOUNT, FOLDER, LINKED, OPEN, folder_of
from tidu.records.schema import TABLES


def test_keys_are_columns_and_names_stand_once() -> None:
    for name, table in LINKED.items():
        assert name == table.name and set(table.key) <= set(table.names) and len(set(table.names)) == len(table.names)
        assert all(one.holds for one in table.columns)


def test_what_hangs_on_an_application_says_so() -> None:
    assert {name for name, table in LINKED.items() if table.names[0] == "appno"} == {
        "application", "party", "class", "citation", "event", "state", "owner",
    }  # fmt: skip
    assert set(LINKED) - {"application", "state", "owner"} <= set(TABLES)


def test_no_date_is_as_late_as_an_open_end() -> None:
    from datetime import date

    assert (date.max - date(1970, 1, 1)).days > OPEN > (date(4000, 1, 1) - date(1970, 1, 1)).days


def test_tables_that_were_moved_aside_are_put_back(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        folder_of(tmp_path)
    assert caught.value.code == "not_linked"
    before = tmp_path / (FOLDER + ".before")
    before.mkdir()
    (before / ACCOUNT).write_text('{"form": 1}', encoding="utf-8")
    assert folder_of(tmp_path) == tmp_path / FOLDER and not before.exists()
