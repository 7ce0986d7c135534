"""Profiles name canonical columns only, and tell files apart by their headings."""

from __future__ import annotations

import pytest

from tidu.core.errors import DataError
from tidu.records import profiles as room
from tidu.records.profiles import profile, profile_of, profiles
from tidu.records.schema import TABLES


@pytest.mark.parametrize("code", profiles())
def test_a_profile_is_whole(code: str) -> None:
    one = profile(code)
    assert set(one.title) == {"zh", "en"} and one.needs and one.groups
    heads = [name.split("|")[0] for name in one.needs] + [names[0] for group in one.groups for names in group.headings.values()]
    found = profile_of(heads)
    assert found is not None and found.code == code
    for group in one.groups:
        assert {*group.headings, *group.fixed} <= set(TABLES[group.table].names)


def test_a_column_that_the_model_lacks_is_told() -> None:
    with pytest.raises(DataError) as caught:
        room._profile("x", "[list]\ntitle = {zh='甲', en='a'}\nneeds = ['k']\n[patent]\nappnr = 'k'\n")
    assert (caught.value.code, caught.value.values["key"], caught.value.address) == (
        "profile_column",
        "appnr",
        "x.toml patent..appnr",
    )


def test_an_unknown_reader_is_told_with_the_nearest() -> None:
    with pytest.raises(DataError) as caught:
        profile("incopatt")
    assert caught.value.did_you_mean == "incopat"


def test_what_no_profile_knows() -> None:
    assert profile_of(["城市", "面积"]) is None and profile_of([]) is None
    assert profiles()["incopat"].fits(["申请号", "公开(公告)号"]) == 0
    assert profiles()["incopat"].fits(["申请号", "公开（公告）号", "合享价值度"]) >= 3
