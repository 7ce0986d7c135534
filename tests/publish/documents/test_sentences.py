"""The sentences of documents: both languages, the same places, each said somewhere; figures with units and signs."""

from __future__ import annotations

import re
from pathlib import Path

import tidu
from tidu.core.errors import UsageError
from tidu.publish.documents.sentences import first_line, kind, sentences
from tidu.publish.edition import Edition

SRC = Path(tidu.__file__).parent
#: Keys put together in code: a sheet, a step, a cause, a direction.
MADE = ("sheet_", "step_", "part_", "better_")


def test_every_sentence_has_both_languages_with_the_same_places() -> None:
    for key, entry in sentences().items():
        assert set(entry) == {"zh", "en"}, key
        assert all(text.strip() for text in entry.values()), key
        places = [set(re.findall(r"{(\w+)}", entry[lang])) - {"verb"} for lang in ("zh", "en")]
        assert places[0] == places[1], key


def test_every_sentence_is_said_and_none_is_lacking() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in [*(SRC / "publish").rglob("*.py"), *(SRC / "faces").rglob("*.py")]
    )
    for key in sentences():
        assert f'"{key}"' in text or f'"{key.removeprefix("col_")}"' in text or key.startswith(MADE), f"{key} is said nowhere"
    for key in re.findall(r'\bsaid\(\s*"(\w+)"', text):
        assert key in sentences(), f"{key} is no sentence"


def test_what_units_are_called_hangs_on_the_index(cities: Edition, stranger: Edition) -> None:
    assert (kind(cities, "zh"), kind(cities, "en"), kind(stranger, "en")) == ("个城市", "cities", "units")


def test_an_error_in_a_document_comes_without_its_mend() -> None:
    assert "\n" not in first_line(UsageError("brief_pages", value=3), "en")
