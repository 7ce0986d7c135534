"""Words in both languages."""

from __future__ import annotations

from tidu.core.words import both, word, words


def test_a_word_fills_its_places() -> None:
    assert word("files", "zh", count=3) == "3 个文件"
    assert both("score") == "得分 score"


def test_every_word_has_two_languages() -> None:
    assert all(set(entry) == {"zh", "en"} for entry in words().values())
