"""Every message, word and label is there in both languages, is used, and names only what it is given."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import tidu
from tidu.core.errors import SpecError, TiduError, messages
from tidu.core.words import words

SRC = Path(tidu.__file__).parent


def raised() -> dict[str, set[str]]:
    """Code → the named values with which it is raised, read from the source."""
    found: dict[str, set[str]] = {}
    for path in SRC.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and re.search(r"Error$", ast.unparse(node.func)) and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.setdefault(first.value, set()).update(item.arg for item in node.keywords if item.arg)
    return found


#: Codes passed on by a function of their own, with the values it gives them.
PASSED_ON = {
    path.stem: re.findall(r'"([a-z_]+)"', text)
    for path in SRC.rglob("*.py")
    if "_bad_cell(" in (text := path.read_text(encoding="utf-8"))
}


def test_every_code_that_is_raised_has_both_languages() -> None:
    for code in raised():
        entry = messages().get(code)
        assert entry is not None, f"no message for {code}"
        for part in ("what", "mend"):
            for lang in ("zh", "en"):
                assert entry[part][lang].strip(), f"{code}: {part} lacks {lang}"


def test_every_message_is_raised_somewhere() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SRC.rglob("*.py"))
    unused = [code for code in messages() if f'"{code}"' not in source]
    assert not unused


def test_a_message_names_only_values_that_the_error_carries() -> None:
    place = {"address", "file", "row", "column"}
    for code, values in raised().items():
        entry = messages()[code]
        for part in ("what", "mend"):
            for lang in ("zh", "en"):
                names = set(re.findall(r"{(\w+)}", entry[part][lang]))
                assert names <= values | place, f"{code} {part} {lang}: {names - values - place} is never given"


def test_both_languages_name_the_same_values() -> None:
    for code, entry in messages().items():
        for part in ("what", "mend"):
            sets = [set(re.findall(r"{(\w+)}", entry[part][lang])) for lang in ("zh", "en")]
            if code in ("status_against_value", "request_shape"):  # these name a value in each language
                continue
            assert sets[0] == sets[1], f"{code} {part}"


def test_words_have_both_languages_and_are_used() -> None:
    faces = "\n".join(
        path.read_text(encoding="utf-8")
        for part in ("faces", "publish", "records", "diagnosis")
        for path in (SRC / part).rglob("*.py")
    )
    for key, entry in words().items():
        assert entry["zh"].strip() and entry["en"].strip(), key
        used = (
            f'"{key}"' in faces
            or f"'{key}'" in faces
            or key.startswith(
                (
                    "cause_",
                    "flag_",
                    "kind_",
                    "limit_",
                    "step_",
                    "light_",
                    "universe_",
                    "rerun_",
                    "status_",
                    "caution_",
                    "severity_",
                    "severities_",
                    "records_",
                    "people_",
                    "parties_",
                    "measure_",
                    "trace_",
                    "reconcile_",
                )
            )
            or key in ("rank", "band", "score", "unit", "undated")
        )
        assert used, f"the word {key} is shown nowhere"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_message_says_where_what_and_the_mend(lang: str) -> None:
    error: TiduError = SpecError(
        "unknown_key", file="a.toml", address="index.tittle", key="tittle", known="title", did_you_mean="title"
    )
    text = error.text("zh" if lang == "zh" else "en")
    assert "a.toml" in text and "index.tittle" in text and "`title`" in text
    assert ("改法" if lang == "zh" else "Mend") in text
