"""The JSON Schema: shipped files fit it, faults do not, and the published copy is the one that the code makes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tidu import app
from tidu.index.schema import json_schema


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_every_shipped_file_and_template_fits(validator: Any) -> None:
    folder = app.indices_folder()
    paths = [path for path in [*folder.glob("*.toml"), *(folder.parent / "templates").glob("*.toml")] if path.stem != "variants"]
    assert len(paths) >= 9
    for path in paths:
        faults = [error.message for error in validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))]
        assert not faults, f"{path.name}: {faults}"


@pytest.mark.parametrize(
    "spec",
    [
        {"index": {"code": "a"}, "treat": {"method": "winsorize"}},
        {"index": {"code": "a"}, "treat": {"method": "log", "at_most": 5}},
        {"index": {"code": "a"}, "indicator": {"x": {"better": "up"}}},
        {"index": {"code": "a", "tittle": "x"}},
        {"index": {"code": "a"}, "normalise": {"method": "min_max", "over": "decade"}},
        {"index": {"code": "a"}, "pillar": {"p": {"aggregate": {"method": "kemeny", "p": 2}}}},
    ],
)
def test_a_fault_does_not_fit(validator: Any, spec: dict[str, Any]) -> None:
    assert list(validator.iter_errors(spec))


def test_the_published_copy_is_fresh(root: Path) -> None:
    published = json.loads((root / "docs" / "reference" / "index-file.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(json_schema())), "run: tidu schema --out docs/reference/index-file.schema.json"
    shipped = app.indices_folder().parent / "index-file.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == published, "copy it to src/tidu/data/"


def test_shipped_files_name_the_schema() -> None:
    folder = app.indices_folder()
    for path in folder.glob("city-*.toml"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert (path.parent / first.removeprefix("#:schema ")).resolve().is_file(), path.name
    for path in (folder.parent / "templates").glob("*.toml"):
        assert path.read_text(encoding="utf-8").startswith("#:schema ./index-file.schema.json\n")
