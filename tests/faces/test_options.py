"""The shared options."""

from __future__ import annotations

import pytest

from tidu.faces.options import Lang, default_lang


@pytest.mark.parametrize(("value", "lang"), [("zh_CN.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("C", "en"), ("", "en")])
def test_the_language_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch, value: str, lang: str) -> None:
    monkeypatch.setenv("LC_ALL", value)
    assert default_lang() == lang
    assert Lang(lang).value == lang
