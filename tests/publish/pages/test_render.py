"""The texts of the pages are there in both languages and all used; every template fills."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tidu
from tidu.publish.pages import render
from tidu.publish.pages.render import picture, script, text, texts

HERE = Path(tidu.__file__).parent / "publish"


def test_every_text_has_both_languages_and_the_same_places() -> None:
    for key, entry in texts().items():
        assert entry["zh"].strip() and entry["en"].strip(), key
        places = [set(re.findall(r"{(\w+)", entry[lang])) - {"city", "cities"} for lang in ("zh", "en")]
        assert places[0] == places[1], key


def test_texts_and_templates_name_each_other() -> None:
    templates = "\n".join(path.read_text(encoding="utf-8") for path in (HERE / "templates").glob("*.html"))
    rooms = "\n".join(path.read_text(encoding="utf-8") for path in (HERE / "pages").rglob("*.py"))
    asked = set(re.findall(r"\bt\('(\w+)'", templates)) | set(re.findall(r"(?<![.\w])text\(\s*\"(\w+)\"", rooms))
    begun = {key for key in asked if key.endswith("_")}  # t('cause_' ~ cause): the rest is a value
    assert all(any(key.startswith(start) for key in texts()) for start in begun)
    asked -= begun
    assert asked <= set(texts()), asked - set(texts())
    loose = {key for key in texts() if key not in asked and f"'{key}'" not in templates and f'"{key}"' not in rooms}
    assert not {key for key in loose if not re.search(rf"['\"]{key.rpartition('_')[0]}_['\"]", templates + rooms)}, loose


def test_numbers_and_pictures_as_they_stand_on_a_page() -> None:
    assert render.number(0.125, 1) == "0.1" and render.number(12) == "12"
    assert picture('<?xml version="1.0"?><svg style="a:b"><g style="c"/></svg>') == "<svg><g/></svg>"
    assert b"<\\/script>" in script({"a": "</script>"}).body
    assert text("of_units", "en", count=3) == "rank of 3"


def test_a_missing_figure_is_never_written_as_a_number() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        script({"a": float("nan")})
