"""The documents say what the program does: links resolve, examples run and print what they show, nothing is left out."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

import tidu
from tidu.index.methods import REGISTRIES

ROOT = Path(__file__).resolve().parents[2]


def tool() -> ModuleType:
    """The writer of the generated parts, which is no module of the package."""
    spec = importlib.util.spec_from_file_location("write_reference", ROOT / "tools" / "write_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRITER = tool()
PAGES: list[Path] = WRITER.pages()
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
REFERENCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "reference").glob("*.md")))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands() -> dict[str, str]:
    """Command → its help, of all commands of the program."""
    parts = re.split(r"^## `tidu (.+)`$", WRITER._commands(), flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


HELP = commands()
#: Pages whose examples build the shipped index under all variants, or read and link thousands of records.
SLOW = ("docs/explanation/reading-a-rank.md", "docs/explanation/reconstruction.md", "docs/how-to/from-records-to-index.md")


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=pytest.mark.slow) if name(path) in SLOW else path for path in PAGES], ids=name
)
def test_generated_parts_and_examples_are_fresh(path: Path) -> None:
    assert WRITER.fresh(path) == path.read_text(encoding="utf-8"), "run: python tools/write_reference.py"


def test_the_schema_beside_the_reference_is_fresh() -> None:
    assert WRITER.SCHEMA.read_text(encoding="utf-8") == WRITER.schema_text(), "run: python tools/write_reference.py"


def links(path: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    yield from re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text))
    yield from re.findall(r'(?:src|href)="([^"]+)"', text)


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", [*PAGES, *DECISIONS], ids=name)
def test_every_link_inside_the_project_resolves(path: Path) -> None:
    for link in links(path):
        if re.match(r"\w+:", link):
            continue
        file, _, anchor = unquote(link).partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{link} leaves the project"
        if anchor:
            assert anchor in anchors(target), f"{link}: no such heading"


def named(path: Path) -> Iterator[str]:
    """Every `tidu …` that a page names in code, as it is written."""
    text = path.read_text(encoding="utf-8")
    fences = re.findall(r"^```(?!toml|csv|text|python)\w*[^\n]*\n(.*?)^```$", text, re.S | re.M)
    inline = re.findall(r"`(tidu [^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M))
    for block in (*fences, *inline):
        yield from re.findall(r"(?:^|\$ |bin/)(tidu [a-z][^\n|]*)", block, re.M)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_command_named_exists_with_its_options(path: Path) -> None:
    for text in named(path):
        words = text.split()[1:]
        command = next((" ".join(words[:size]) for size in (2, 1) if " ".join(words[:size]) in HELP), None)
        assert command is not None or words[0] == "import", f"`{text}`: there is no such command"
        for option in re.findall(r"(?<!\S)(--[a-z-]+)", text):
            assert command is not None and re.search(rf"{option}\b", HELP[command]), f"`{text}`: {command} takes no {option}"


def test_every_command_is_in_the_reference() -> None:
    assert [command for command in HELP if f"`tidu {command}`" not in REFERENCE] == []


def test_every_public_name_is_in_the_reference() -> None:
    assert [item for item in tidu.__all__ if not re.search(rf"`(tidu\.)?{item}\b", REFERENCE)] == []


def test_every_page_is_reached_from_the_front() -> None:
    reached, queue = set(), [ROOT / "README.md", ROOT / "docs" / "index.md"]
    while queue:
        page = queue.pop().resolve()
        if page in reached or not page.exists():
            continue
        reached.add(page)
        queue += [page.parent / link.partition("#")[0] for link in links(page) if link.partition("#")[0].endswith(".md")]
    assert [name(path) for path in (*PAGES, *DECISIONS) if path not in reached] == []


@pytest.mark.parametrize("file", ["README.md", "README.zh.md"])
def test_the_count_of_methods_on_the_front_page_is_right(file: str) -> None:
    count = sum(method != "none" for registry in REGISTRIES.values() for method in registry)
    said = re.search(r"more than (\d+) methods|(\d+) 多种方法", (ROOT / file).read_text(encoding="utf-8"))
    assert said and int(said.group(1) or said.group(2)) <= count < int(said.group(1) or said.group(2)) + 30


def test_the_citation_and_the_package_name_the_same_version_and_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {project['version']}\n" in citation
    assert f"\nlicense: {project['license']}\n" in citation
    assert f'- name: "{project["authors"][0]["name"]}"' in citation
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_synthetic_figures_are_said_to_be_so(path: Path) -> None:
    """A page with made-up figures says so, each time in its own rows."""
    for note, body in re.findall(r"^```csv ([^\n]*)\n(.*?)^```$", path.read_text(encoding="utf-8"), re.S | re.M):
        rows = body.strip().splitlines()[1:]
        assert all("synthetic" in row or "虚构" in row for row in rows), note


@pytest.mark.parametrize("path", [*PAGES, *DECISIONS], ids=name)
def test_no_page_holds_a_path_of_one_machine_or_the_address_of_a_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(home|work|tmp|root|Users)/|pypi\.org|files\.pythonhosted|registry\.npmjs", text)
