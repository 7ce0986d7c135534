"""The map in ARCHITECTURE.md is the tree, and every room has its test."""

from __future__ import annotations

import re
from pathlib import Path

import tidu

SRC = Path(tidu.__file__).parent
#: Rooms proved elsewhere: doors hold a docstring only, and data folders hold data.
WITHOUT_OWN_TEST = {"__init__.py"}


def rooms() -> set[str]:
    return {str(path.relative_to(SRC)) for path in SRC.rglob("*.py") if path.name != "__init__.py"}


def test_map_names_every_room_and_no_other(root: Path) -> None:
    text = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"```text\n(.*?)```", text, re.S)
    assert block, "ARCHITECTURE.md holds the map in a text block"
    above: list[str] = []
    named = set()
    for line in block.group(1).splitlines():
        entry = re.match(r"^((?:  )+)(\w+)(/|\.py)(?:\s|$)", line)
        if entry:
            above = above[: len(entry.group(1)) // 2 - 1]
            if entry.group(3) == "/":
                above.append(entry.group(2))
            else:
                named.add("/".join([*above, entry.group(2) + ".py"]))
    named.discard("__init__.py")
    assert named == rooms()


def test_every_room_has_a_test_file(root: Path) -> None:
    lacking = []
    for room in sorted(rooms()):
        path = Path(room)
        if path.name in WITHOUT_OWN_TEST:
            continue
        if not (root / "tests" / path.parent / f"test_{path.name}").exists():
            lacking.append(room)
    assert not lacking, f"no test file for {lacking}"


def test_every_test_file_has_a_room(root: Path) -> None:
    """A test of a room that is gone is gone too; house, parity, bad files and named extras stand by themselves."""
    extras = {
        "engine/test_engine.py",
        "index/test_anchor_defects.py",
        "faces/web/test_browser.py",
        "faces/web/test_bench_live.py",
        "faces/web/test_schema.py",
        "faces/web/test_side_by_side.py",
    }
    odd = []
    for path in (root / "tests").rglob("test_*.py"):
        inside = path.relative_to(root / "tests")
        if inside.parts[0] in ("house", "parity", "bad_files") or str(inside) in extras:
            continue
        if not (SRC / inside.parent / inside.name.removeprefix("test_")).exists():
            odd.append(str(inside))
    assert not odd
