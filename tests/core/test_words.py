"""Words in both languages."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tidu.core.words import both, percentile_text, share_text, word, words


def test_a_word_fills_its_places() -> None:
    assert word("files", "zh", count=3) == "3 个文件"
    assert both("score") == "得分 score"


def test_every_word_has_two_languages() -> None:
    assert all(set(entry) == {"zh", "en"} for entry in words().values())


@given(st.floats(0, 1))
@example(0.005)
@example(0.995)
def test_a_share_is_certain_only_where_it_is(share: float) -> None:
    assert (share_text(share) == "100%") == (share == 1)
    assert (share_text(share) == "0%") == (share == 0)
    assert (percentile_text(100 * share) in ("100", "0")) == (share in (0, 1) or 100 * share in (0.0, 100.0))
