"""Parts of addresses: every code has its own, fit for a file's name anywhere."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tidu.publish.slugs import slugs


@given(st.lists(st.text(min_size=1, max_size=60), unique=True, max_size=12))
def test_every_code_has_its_own(codes: list[str]) -> None:
    found = slugs(code.encode("utf-8", "ignore").decode() or "x" for code in codes)
    assert len({part.lower() for part in found.values()}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9_~-]{1,120}", part) for part in found.values())


def test_what_stands_for_a_code_does_not_hang_on_its_place() -> None:
    codes = ["a/b", "u3", "城", "nul", "~", "a~2Fb"]
    found = slugs(codes)
    assert found == {code: slugs(reversed(codes))[code] for code in codes} and len(set(found.values())) == len(codes)
    assert found["u3"] == "u3" and found["城"] == "~E5~9F~8E" and found["nul"] == "~6Eul"
    assert len(slugs(["城" * 60])["城" * 60]) <= 110
