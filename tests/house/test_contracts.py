"""The shape of the house: who may import whom, which names are public, what a room may not do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tidu

SRC = Path(tidu.__file__).parent
ROOMS = sorted(path for path in SRC.rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_import_contracts_are_kept(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports())"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", ROOMS, ids=module_of)
def test_no_room_imports_from_the_front_door(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.module != "tidu" or module_of(path).startswith("tidu.faces"), (
                "only faces reach the app by `from tidu import app`"
            )
            if node.module == "tidu":
                assert [alias.name for alias in node.names] == ["app"]
        if isinstance(node, ast.Import):
            assert all(alias.name != "tidu" for alias in node.names)


@pytest.mark.parametrize("path", [path for path in ROOMS if "faces" not in path.parts], ids=module_of)
def test_only_faces_read_the_clock_or_draw_without_a_seed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            assert not re.search(
                r"\b(datetime\.now|date\.today|time\.time|datetime\.utcnow|np\.random\.(?!default_rng|Generator))", text
            ), text
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.random.default_rng":
            assert node.args or node.keywords, "a generator without a seed"
        if isinstance(node, ast.Import):
            assert all(alias.name != "random" for alias in node.names)


@pytest.mark.parametrize("path", ROOMS, ids=module_of)
def test_errors_are_our_own(path: Path) -> None:
    """A user gets an error of the drawn tree; a bare built-in may only be raised where it is caught at once."""
    text = path.read_text(encoding="utf-8")
    allowed = {"sheet.py": {"ValueError"}, "__init__.py": {"AttributeError"}}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Raise) and node.exc is not None:
            name = ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
            if name in (
                "ValueError",
                "RuntimeError",
                "Exception",
                "KeyError",
                "TypeError",
                "NotImplementedError",
                "AttributeError",
            ):
                assert name in allowed.get(path.name, set()), f"{path.name}: raise {name}"


def test_public_names_are_pinned() -> None:
    """Adding or removing a name here is a change of the public interface and belongs in the changelog."""
    assert tidu.__all__ == sorted(tidu.__all__)
    assert set(tidu.__all__) == set(tidu._HOMES)
    for name in tidu.__all__:
        assert getattr(tidu, name) is not None
    assert dir(tidu) == sorted(tidu.__all__)
    with pytest.raises(AttributeError):
        _ = tidu.nothing_of_the_kind


def test_importing_the_door_loads_nothing_heavy() -> None:
    code = "import sys, tidu; print([m for m in ('numpy', 'scipy', 'pydantic', 'typer', 'rich', 'duckdb') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_no_arrays() -> None:
    code = (
        "import sys\nfrom tidu.faces.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numpy', 'scipy', 'pydantic', 'duckdb') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_no_room_has_an_empty_name() -> None:
    banned = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
    for path in ROOMS:
        assert not banned & {part.removesuffix(".py") for part in path.relative_to(SRC).parts}
