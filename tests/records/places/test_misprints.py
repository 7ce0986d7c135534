"""Names with one wrong character."""

from __future__ import annotations

import pytest

from tidu.records.places.lexicon import lexicon
from tidu.records.places.misprints import misprint


@pytest.mark.parametrize(
    ("text", "province", "unit"),
    [
        ("山东省淄傅市新村西路", "370000", "370300"),  # another character
        ("山东省青鸟市四流中路", "370000", None),  # 青岛 and 青州 are as near
        ("新疆乌鲁齐市南湖东路", "650000", "650100"),  # one missing
        ("辽宁省葫芦芦岛市龙港", "210000", "211400"),  # one too many
        ("河北省某某市", "130000", None),
        ("江苏省X州市", "320000", None),  # six cities are as near
        ("江苏省", "320000", None),
    ],
)
def test_one_character_is_mended_where_one_name_alone_is_near(text: str, province: str, unit: str | None) -> None:
    told = misprint(text, province, 2015, lexicon())
    assert (told.unit if told is not None else None) == unit
